"""The limits of a silence: when it is amber, when it is red, and my own limits in place of the handbook's.

A limit that mirrors a duty ends with the clock of that duty, which rolls on from a day off, stands still for an
appraisal, is prolonged, or is an estimate: nobody is pressed in red while their time is running. A limit that I
have set myself is mine to choose and waits for no clock.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Filing, Override
from pddtui.domain.deadlines import Deadline
from pddtui.domain.rules import MINE, QuietLimit, Span, span
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["Thresholds", "binding", "counts_down", "last_reminder", "overridden", "read_quiet", "thresholds"]


class Thresholds(Struct, frozen=True):
    """The last moments before amber and before red."""

    amber: duetime.Due
    red: duetime.Due
    clock: Deadline | None = None
    """The clock that ends later than the limit and puts red off until then."""


def read_quiet(text: str | None) -> Override | None:
    """My own limits as they are typed, amber and red: `24h 3wd`. Refuses anything else at the field `quiet`."""
    if text is None or not text.strip():
        return None
    limits = text.replace("/", " ").split()
    if len(limits) != 2:
        raise Refused(msg("Write two lengths of time, for amber and for red: 24h 3wd."), field="quiet")
    try:
        amber, red = (str(span(limit)) for limit in limits)
    except Refused as error:
        raise Refused(error.message, field="quiet") from error
    return Override(amber=amber, red=red)


def overridden(limit: QuietLimit, mine: Override | None) -> QuietLimit:
    """The limit of a case: my own where I have set one."""
    if mine is None:
        return limit
    return QuietLimit(
        id=limit.id,
        channel=limit.channel,
        stage=limit.stage,
        amber=span(mine.amber),
        red=span(mine.red),
        repeat=limit.repeat,
        source=MINE,
    )


def counts_down(limit: QuietLimit, filing: Filing | None) -> bool:
    """Whether the app counts down for them. A countdown of mine says nothing of them, not even once I have acted."""
    if limit.amber_before_countdown is None or filing is None or filing.awaits_me:
        return False
    return filing.countdown_until is not None


def binding(clocks: tuple[Deadline, ...], filing: Filing | None, side: str | None, start: datetime) -> Deadline | None:
    """The clock that ends last of those that bind whoever is silent since `start`.

    These are the filing's own, a duty of that side to the case, and a usual time of the platform that began with
    the silence (they agreed to pay). `clocks` are in the order in which they end. One that has been missed is
    among them, for red stays where it was.
    """
    for clock in reversed(clocks):
        if clock.rule.mine or clock.rule.span is None or not (clock.runs or clock.state == "missed"):
            continue
        if clock.filing is not None:
            binds = filing is not None and clock.filing == filing.id
        elif clock.rule.kind == "duty":
            binds = clock.rule.who == side
        else:
            binds = clock.rule.kind == "platform" and clock.start == start
        if binds:
            return clock
    return None


def thresholds(
    limit: QuietLimit, start: datetime, filing: Filing | None, clock: Deadline | None, calendar: Calendar
) -> Thresholds:
    """When a silence that began at `start` goes amber and red; `clock` is the one that binds them, if one does."""
    if counts_down(limit, filing) and filing is not None and limit.amber_before_countdown is not None:
        end = filing.countdown_until or start
        early = duetime.add(end, -limit.amber_before_countdown.n, "hour", calendar)
        return Thresholds(early, duetime.add(end, 0, "hour", calendar))
    amber, red = _after(start, limit.amber, calendar), _after(start, limit.red, calendar)
    if clock is None or limit.source == MINE or clock.due.at <= red.at:
        return Thresholds(amber, red)
    return Thresholds(amber, clock.due, clock)


def last_reminder(limit: QuietLimit, every: Span, start: datetime, now: datetime, calendar: Calendar) -> datetime:
    """When it last went amber: at first, and again after each `every`."""
    reached = _after(start, limit.amber, calendar).at
    length = limit.amber.n
    while (later := duetime.add(start, length + every.n, limit.amber.unit, calendar).at) < now:
        reached, length = later, length + every.n
    return reached


def _after(start: datetime, length: Span, calendar: Calendar) -> duetime.Due:
    return duetime.add(start, length.n, length.unit, calendar)
