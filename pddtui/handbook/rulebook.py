"""The handbook as the rules of a case see it: limits, rungs, channels, clocks, conflicts and shortcuts.

A pure conversion that reads six files, so whoever needs no rules does not pay for it. The platform's own
clocks are rules like those of the law, only that nobody has read them anywhere: they are never sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain import rules as domain
from pddtui.domain.rules import DeadlineRule, Rules, span
from pddtui.handbook.aftersales import PlatformClock
from pddtui.handbook.book import Handbook
from pddtui.handbook.deadlines import Deadline
from pddtui.handbook.ladder import QuietLimit

__all__ = ["Limits", "rulebook"]

Limits = Mapping[str, tuple[str, str]]
"""The user's own amber and red spans, by channel id or by the id of one limit."""

_UNSPECIFIC = frozenset({"received", "demand_made", "harm_known", "ordered", "group_formed"})
"""Events of nearly every case: a clock that they start counts only for the problems that list it."""


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
        deadlines=tuple(_clocks(book)),
        clashes=tuple(
            domain.ClashRule(a=conflict.a, b=conflict.b, label=conflict.label, sure=not conflict.unsure)
            for conflict in book.ladder_file.conflicts
            if conflict.clash
        ),
        shortcuts=tuple(
            domain.Shortcut(when=shortcut.id, to=shortcut.to, label=shortcut.label)
            for shortcut in book.ladder_file.shortcuts
        ),
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
        source="mine" if mine else ", ".join(limit.src),
    )


def _clocks(book: Handbook) -> Iterator[DeadlineRule]:
    """Every clock whose length is known; the others are typed in."""
    listed: dict[str, tuple[str, ...]] = {}
    for problem in book.problems:
        for clock in problem.deadlines:
            listed[clock] = (*listed.get(clock, ()), problem.id)
    for deadline in book.deadlines:
        if deadline.span is not None:
            yield _clock(deadline, deadline.span, _problems(deadline, listed))
    for own in book.platform_clocks:
        if own.span is not None:
            yield DeadlineRule(
                id=own.id,
                label=own.label,
                span=span(own.span),
                event=own.event,
                who=own.who,
                rolls=False,
                kind="platform",
                valid_from=own.valid_from,
                valid_to=own.valid_to,
                sure=not own.unsure,
                met_by=own.met_by,
                problems=_problems(own, listed),
            )


def _clock(deadline: Deadline, length: str, problems: tuple[str, ...]) -> DeadlineRule:
    return DeadlineRule(
        id=deadline.id,
        label=deadline.label,
        span=span(length),
        event=deadline.event,
        who=deadline.who,
        rolls=deadline.roll == "forward",
        kind=deadline.kind,
        channels=deadline.channels,
        basis=deadline.basis,
        valid_from=deadline.valid_from,
        valid_to=deadline.valid_to,
        sure=not deadline.unsure,
        met_by=deadline.met_by,
        restart_on=deadline.restart_on,
        extend=span(deadline.extend) if deadline.extend else None,
        problems=problems,
    )


def _problems(clock: Deadline | PlatformClock, listed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the clock says itself, else who lists it if its event says nothing about the kind of problem."""
    if clock.problems or clock.event not in _UNSPECIFIC:
        return clock.problems
    return listed.get(clock.id, ())
