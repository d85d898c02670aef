"""The handbook as the rules of a case see it: limits, rungs, channels, clocks, conflicts and shortcuts.

A pure conversion that reads seven files, so whoever needs no rules does not pay for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pddtui.domain import rules as domain
from pddtui.domain.rules import Rules, span
from pddtui.domain.workdays import YearOverride
from pddtui.handbook.book import Handbook
from pddtui.handbook.clockrules import aftersales, clocks, countdown
from pddtui.handbook.condensed import Condensed
from pddtui.handbook.ladder import QuietLimit

__all__ = ["Limits", "condense", "rulebook"]

Limits = Mapping[str, tuple[str, str]]
"""The user's own amber and red spans, by channel id or by the id of one limit."""


def rulebook(book: Handbook, limits: Limits | None = None) -> Rules:
    """The rules of the handbook, with the user's own limits of silence where there are any."""
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
        quiet=tuple(_quiet(limit, limits or {}) for limit in book.quiet),
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
            domain.Shortcut(when=shortcut.id, to=shortcut.to, label=shortcut.label, waives=shortcut.waives)
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
        source="mine" if mine else ", ".join(limit.src),
    )
