"""The handbook as the rules of a case see it: limits, rungs, channels, clocks, conflicts and shortcuts.

A pure conversion that reads seven files, so whoever needs no rules does not pay for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain import rules as domain
from pddtui.domain.rules import Rules, span
from pddtui.domain.span import inverted
from pddtui.domain.workdays import YearOverride
from pddtui.handbook.book import Handbook
from pddtui.handbook.clockrules import aftersales, clocks, countdown
from pddtui.handbook.condensed import Condensed
from pddtui.handbook.files import LATE_AMBER
from pddtui.handbook.ladder import QuietLimit
from pddtui.message import Message, msg

__all__ = ["Limits", "condense", "rulebook", "wrong_limits"]

Limits = Mapping[str, tuple[str, str]]
"""The user's own amber and red spans, by channel id or by the id of one limit."""

_ANY = "any"
"""A limit for whatever channel has none of its own."""


def rulebook(book: Handbook, limits: Limits | None = None) -> Rules:
    """The rules of the handbook, with the user's own limits of silence where there are any and they can be meant."""
    wrong = dict(wrong_limits(book, limits or {}))
    limits = {name: pair for name, pair in (limits or {}).items() if name not in wrong}
    return Rules(
        channels={
            channel.id: domain.Channel(id=channel.id, label=channel.label, side=channel.side, public=channel.public)
            for channel in book.channels
        },
        ladder=tuple(
            domain.Rung(
                id=rung.id,
                level=rung.level,
                label=rung.label,
                channels=rung.channels,
                gates=rung.gates,
                move_on_when=rung.move_on_when,
            )
            for rung in sorted(book.ladder, key=lambda rung: rung.level)
        ),
        quiet=(*(_quiet(limit, limits) for limit in book.quiet), *_further(book, limits)),
        deadlines=tuple(clocks(book)),
        countdown=countdown(book, mine=False),
        my_countdown=countdown(book, mine=True),
        aftersales=aftersales(book),
        problems={problem.id: problem.label for problem in book.problems},
        remedies={remedy.id: remedy.label for remedy in book.remedies},
        clashes=tuple(
            domain.ClashRule(a=conflict.a, b=conflict.b, label=conflict.label, sure=not conflict.unsure)
            for conflict in book.ladder_file.conflicts
            if conflict.clash
        ),
        shortcuts=tuple(
            domain.Shortcut(
                when=shortcut.id,
                to=shortcut.to,
                through=shortcut.through,
                at_once=shortcut.at_once,
                label=shortcut.label,
                waives=shortcut.waives,
            )
            for shortcut in book.ladder_file.shortcuts
        ),
    )


def condense(book: Handbook, limits: Limits | None = None) -> Condensed:
    """The rules, and the years of which the handbook knows more than the published calendar."""
    years = book.calendar.years
    return Condensed(
        rules=rulebook(book, limits),
        years={
            year.year: YearOverride(off=frozenset(year.days_off), work=frozenset(year.make_up))
            for year in years
            if year.published
        },
        feasts={feast.day: feast.label for year in years for feast in year.statutory},
    )


def wrong_limits(book: Handbook, limits: Limits) -> Iterator[tuple[str, Message]]:
    """Those of the user's limits that cannot be meant, each with what is wrong with it; the handbook's own stand."""
    for name, (amber, red) in limits.items():
        if name not in book.quiet and name not in book.channels and name != _ANY:
            yield name, msg("there is no {noun} “{value}”", noun=msg("channel"), value=name)
        elif inverted(span(amber), span(red)):
            yield name, LATE_AMBER


def _further(book: Handbook, limits: Limits) -> Iterator[domain.QuietLimit]:
    """The user's limits of channels for which the handbook has none."""
    known = {name for limit in book.quiet for name in (limit.id, limit.channel)}
    for name, (amber, red) in limits.items():
        if name not in known:
            yield domain.QuietLimit(id=name, channel=name, amber=span(amber), red=span(red), source="mine")


def _quiet(limit: QuietLimit, limits: Limits) -> domain.QuietLimit:
    mine = limits.get(limit.id) or limits.get(limit.channel)
    amber, red = mine or (limit.amber, limit.red)
    early = limit.amber_before_countdown
    return domain.QuietLimit(
        id=limit.id,
        channel=limit.channel,
        stage=limit.stage,
        amber=span(amber),
        red=span(red),
        amber_before_countdown=span(early) if early else None,
        repeat=span(limit.repeat) if limit.repeat else None,
        source=domain.MINE if mine else ", ".join(limit.src),
    )
