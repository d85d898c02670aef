"""How long they have been silent, measured on the clock that binds them.

The clock runs only while it is their turn. A promise that is still running silences the alarm,
because one does not nag while their time runs. Two thresholds: amber, then red.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Filing, Override
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.rules import QuietLimit, Rules, Span, Stage, span
from pddtui.domain.turn import Standing, standing
from pddtui.domain.workdays import Calendar, Unit

__all__ = ["ESTIMATE_GRACE", "Level", "Silence", "measure", "running_promise", "stage_of"]

Level = Literal["amber", "red"]

ESTIMATE_GRACE = timedelta(days=3)
"""How long after an estimated date nothing turns red: the estimate may come out too early."""


class Silence(Struct, frozen=True, kw_only=True):
    """The silence of the other side in one case at one moment."""

    standing: Standing
    since: datetime | None = None
    """When the silence began that the limit is held against; None while it is not their turn."""
    elapsed: int | None = None
    """Whole units since then; None when it is not their turn."""
    unit: Unit | None = None
    limit: QuietLimit | None = None
    amber_at: datetime | None = None
    """The last moment before amber."""
    red_at: datetime | None = None
    estimated: bool = False
    """A threshold leans on a year whose calendar is not published."""
    promise: tuple[Contact, Promise] | None = None
    """The running promise that silences the alarm."""
    level: Level | None = None
    chased: bool = False
    """Whether I have asked again since it went amber."""


def measure(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Silence:
    """The silence in `case` at `now`: elapsed, limit, level, and why there is no alarm if there is none."""
    where = standing(case)
    if where.turn != "theirs" or where.since is None or case.trashed_at is not None:
        return Silence(standing=where)
    filing = _asked(case)
    channel, stage = (filing.channel, stage_of(filing)) if filing else (where.channel, None)
    limit = rules.quiet_limit(channel, stage)
    if limit is None:
        return Silence(standing=where, since=where.since)
    limit = _overridden(limit, case.quiet)
    start = _start(where.since, filing)
    amber, red = _thresholds(limit, start, filing, calendar)
    promise = running_promise(case, now)
    level: Level | None = None
    if promise is None and now > amber.at:
        level = "red" if now > red.at else "amber"
    if level == "red" and red.estimated and now <= red.at + ESTIMATE_GRACE:
        level = "amber"
    return Silence(
        standing=where,
        since=start,
        elapsed=duetime.elapsed(start, now, limit.amber.unit, calendar),
        unit=limit.amber.unit,
        limit=limit,
        amber_at=amber.at,
        red_at=red.at,
        estimated=amber.estimated or red.estimated,
        promise=promise,
        level=level,
        chased=any(at > amber.at for at in where.attempts),
    )


def running_promise(case: Case, now: datetime) -> tuple[Contact, Promise] | None:
    """The open promise that runs longest from now on, with the contact it was made in."""
    running = [
        (promise.due, contact, promise)
        for contact, promise in case.promises
        if promise.state == "open" and promise.due is not None and promise.due >= now
    ]
    if not running:
        return None
    _, contact, promise = max(running, key=lambda entry: entry[0])
    return contact, promise


def stage_of(filing: Filing) -> Stage:
    """How far the filing has come, as the quiet limits know it."""
    return "accepted" if filing.state == "accepted" else "submitted"


def _asked(case: Case) -> Filing | None:
    """The filing they owe an answer to: the newest one still running, where there is one."""
    running = [filing for filing in case.filings if filing.running]
    return max(running, key=lambda filing: filing.filed_at, default=None)


def _start(waiting_since: datetime, filing: Filing | None) -> datetime:
    """A new instance has its own clock: it cannot have been silent before it was asked or accepted."""
    if filing is None:
        return waiting_since
    accepted = filing.accepted_at if filing.state == "accepted" else None
    return max(waiting_since, filing.filed_at, accepted or filing.filed_at)


def _overridden(limit: QuietLimit, mine: Override | None) -> QuietLimit:
    if mine is None:
        return limit
    return QuietLimit(
        id=limit.id,
        channel=limit.channel,
        stage=limit.stage,
        amber=span(mine.amber),
        red=span(mine.red),
        source="mine",
    )


def _thresholds(
    limit: QuietLimit, start: datetime, filing: Filing | None, calendar: Calendar
) -> tuple[duetime.Due, duetime.Due]:
    if limit.amber_before_countdown is not None and filing is not None and filing.countdown_until is not None:
        end = filing.countdown_until
        early = duetime.add(end, -limit.amber_before_countdown.n, "hour", calendar)
        return early, duetime.add(end, 0, "hour", calendar)
    return _after(start, limit.amber, calendar), _after(start, limit.red, calendar)


def _after(start: datetime, length: Span, calendar: Calendar) -> duetime.Due:
    return duetime.add(start, length.n, length.unit, calendar)
