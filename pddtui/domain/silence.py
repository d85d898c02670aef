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
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["ESTIMATE_GRACE", "Level", "Silence", "measure", "read_quiet", "running_promise", "stage_of"]

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
    filing: str | None = None
    """The filing whose limit that is, where there is one."""
    amber_at: datetime | None = None
    """The last moment before amber; of a limit that reminds again, before the latest amber."""
    red_at: datetime | None = None
    estimated: bool = False
    """A threshold leans on a year whose calendar is not published."""
    counting_down: bool = False
    """The thresholds are those of a countdown that the app shows."""
    promise: tuple[Contact, Promise] | None = None
    """The running promise that silences the alarm."""
    level: Level | None = None
    chased: bool = False
    """Whether, while the alarm is on, I have asked again or they have let a promise pass: nobody need ask twice."""


def measure(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Silence:
    """The silence in `case` at `now`: elapsed, limit, level, and why there is no alarm if there is none.

    Of filings that run side by side the one counts whose alarm is the worst, or goes off first.
    """
    where = standing(case)
    if where.turn != "theirs" or where.since is None or case.trashed_at is not None:
        return Silence(standing=where)
    waiting = _Waiting(case, where, where.since, running_promise(case, now), now)
    found = [_of(waiting, filing, rules, calendar) for filing in _owing(case, rules)]
    if not found:
        return _of(waiting, None, rules, calendar)
    return found[0] if len(found) == 1 else min(found, key=_urgency)


class _Waiting(Struct, frozen=True):
    case: Case
    where: Standing
    since: datetime
    promise: tuple[Contact, Promise] | None
    now: datetime


def _of(waiting: _Waiting, filing: Filing | None, rules: Rules, calendar: Calendar) -> Silence:
    case, where, now, promise = waiting.case, waiting.where, waiting.now, waiting.promise
    channel, stage = (filing.channel, stage_of(filing)) if filing else (where.channel, None)
    limit = rules.quiet_limit(channel, stage)
    if limit is None:
        return Silence(standing=where, since=waiting.since)
    limit = _overridden(limit, case.quiet)
    start = _start(waiting.since, filing)
    amber, red = _thresholds(limit, start, filing, calendar)
    level: Level | None = None
    if promise is None and now > amber.at:
        level = "red" if now > red.at else "amber"
    if level == "red" and red.estimated and now <= red.at + ESTIMATE_GRACE:
        level = "amber"
    amber_at = amber.at
    if level == "amber" and limit.repeat is not None:
        amber_at = _last_reminder(limit, limit.repeat, start, now, calendar)
        if any(at > amber_at for at in where.attempts):
            level = None
    return Silence(
        standing=where,
        since=start,
        elapsed=duetime.elapsed(start, now, limit.amber.unit, calendar),
        unit=limit.amber.unit,
        limit=limit,
        filing=filing.id if filing else None,
        amber_at=amber_at,
        red_at=red.at,
        estimated=amber.estimated or red.estimated,
        counting_down=_counts_down(limit, filing),
        promise=promise,
        level=level,
        chased=level is not None and (any(at > amber.at for at in where.attempts) or _let_one_pass(case, start, now)),
    )


def _urgency(silence: Silence) -> tuple[int, float]:
    order: dict[Level | None, int] = {"red": 0, "amber": 1, None: 2}
    return order[silence.level], silence.amber_at.timestamp() if silence.amber_at else float("inf")


def running_promise(case: Case, now: datetime) -> tuple[Contact, Promise] | None:
    """The open promise that runs longest from now on, with the contact it was made in."""
    running = [
        (promise.due, contact, promise)
        for contact in case.contacts
        for promise in contact.promises
        if promise.state == "open" and promise.due is not None and promise.due >= now
    ]
    if not running:
        return None
    _, contact, promise = max(running, key=lambda entry: entry[0])
    return contact, promise


def stage_of(filing: Filing) -> Stage:
    """How far the filing has come, as the quiet limits know it."""
    return "accepted" if filing.state == "accepted" else "submitted"


def _owing(case: Case, rules: Rules) -> list[Filing]:
    """The filings they owe an answer to: those that run, unless one filed later stands on a higher rung."""
    if not case.filings:
        return []
    running = [filing for filing in case.filings if filing.running and not filing.awaits_me]
    if len(running) < 2:
        return running
    levels = {rung.id: rung.level for rung in rules.ladder}
    return [
        filing
        for filing in running
        if not any(
            other.filed_at > filing.filed_at and levels.get(other.rung, 0) > levels.get(filing.rung, 0)
            for other in running
        )
    ]


def _let_one_pass(case: Case, since: datetime, now: datetime) -> bool:
    """Whether they put me off with a promise and let it pass: asking once more would be the second time."""
    return any(
        contact.at >= since and (promise.state == "broken" or (promise.state == "open" and promise.due < now))
        for contact, promise in case.promises
        if promise.due is not None
    )


def _start(waiting_since: datetime, filing: Filing | None) -> datetime:
    """A new instance has its own clock: it cannot have been silent before it was asked or accepted."""
    if filing is None:
        return waiting_since
    accepted = filing.accepted_at if filing.state == "accepted" else None
    return max(waiting_since, filing.filed_at, accepted or filing.filed_at)


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


def _overridden(limit: QuietLimit, mine: Override | None) -> QuietLimit:
    if mine is None:
        return limit
    return QuietLimit(
        id=limit.id,
        channel=limit.channel,
        stage=limit.stage,
        amber=span(mine.amber),
        red=span(mine.red),
        repeat=limit.repeat,
        source="mine",
    )


def _counts_down(limit: QuietLimit, filing: Filing | None) -> bool:
    return limit.amber_before_countdown is not None and filing is not None and filing.countdown_until is not None


def _thresholds(
    limit: QuietLimit, start: datetime, filing: Filing | None, calendar: Calendar
) -> tuple[duetime.Due, duetime.Due]:
    if limit.amber_before_countdown is not None and filing is not None and filing.countdown_until is not None:
        end = filing.countdown_until
        early = duetime.add(end, -limit.amber_before_countdown.n, "hour", calendar)
        return early, duetime.add(end, 0, "hour", calendar)
    return _after(start, limit.amber, calendar), _after(start, limit.red, calendar)


def _last_reminder(limit: QuietLimit, every: Span, start: datetime, now: datetime, calendar: Calendar) -> datetime:
    """When it last went amber: at first, and again after each `every`."""
    reached = _after(start, limit.amber, calendar).at
    length = limit.amber.n
    while (later := duetime.add(start, length + every.n, limit.amber.unit, calendar).at) < now:
        reached, length = later, length + every.n
    return reached


def _after(start: datetime, length: Span, calendar: Calendar) -> duetime.Due:
    return duetime.add(start, length.n, length.unit, calendar)
