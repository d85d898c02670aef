"""The silence of the other side: how long it has lasted, and the limits at which it goes amber and then red.

It runs only while it is their turn, and a promise that is still running silences the alarm. It is never red while
a clock runs that binds them, which may roll on from a day off, stand still or be prolonged; only a limit that I
have set myself waits for no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Contact, Filing, Override, Promise
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.duetime import Due, Span, span
from pddtui.domain.rules import MINE, QuietLimit, Rules, Stage
from pddtui.domain.turn import Standing, awaits_me, done_for, standing_of
from pddtui.domain.workdays import Calendar, Unit
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["ESTIMATE_GRACE", "URGENCY", "Level", "Silence", "measure", "read_quiet", "stage_of"]

Level = Literal["amber", "red"]

URGENCY: Mapping[Level | None, int] = {"red": 0, "amber": 1, None: 2}
"""The place of each level where the worst comes first."""

ESTIMATE_GRACE = timedelta(days=3)
"""How long after an estimated date nothing turns red: the estimate may come out too early."""

_AGAIN = timedelta(hours=1)
"""What I say sooner than this after my demand belongs to it."""

_COUNTED: frozenset[Unit] = frozenset({"hour", "natural_day", "working_day"})
"""Units in which a silence is shown; months are too coarse for it."""


class Thresholds(Struct, frozen=True):
    """The last moments before amber and before red."""

    amber: Due
    red: Due
    clock: Deadline | None = None
    """The clock that ends later than the limit and puts red off until then."""


class Silence(Struct, frozen=True, kw_only=True):
    """The silence of the other side in one case at one moment."""

    standing: Standing
    since: datetime | None = None
    """When the silence began; None while it is not their turn."""
    elapsed: int | None = None
    """How many whole units of `reached` have passed since then; None while it is not their turn."""
    reached: Span | None = None
    """The limit it is measured against: that of red once it is red, else that of amber."""
    limit: QuietLimit | None = None
    filing: str | None = None
    """The filing whose limit that is, where there is one."""
    amber_at: datetime | None = None
    """The last moment before amber; where a limit reminds again, before the latest amber."""
    red_at: datetime | None = None
    clock: Deadline | None = None
    """The clock that binds them and puts red off until its end, where that is later than the limit."""
    estimated: bool = False
    """A threshold leans on a year whose calendar is not published."""
    counting_down: bool = False
    """The thresholds are those of a countdown that the app shows."""
    promise: tuple[Contact, Promise] | None = None
    """The running promise that silences the alarm."""
    doubtful: bool = False
    """A promise passed so recently, by an estimate, that it may still be running: nothing of theirs is red yet."""
    level: Level | None = None
    chased: bool = False
    """While the alarm is on, I have asked again or they have let a promise pass: nobody need ask twice."""

    @property
    def unit(self) -> Unit | None:
        """The unit of `elapsed`; None while it is not their turn."""
        return self.reached.unit if self.reached is not None else None

    @property
    def exhausted(self) -> bool:
        """Whether there is no point in asking here again, so that the next step leads up."""
        return self.level == "red" and (self.chased or self.counting_down)

    @property
    def asked_again(self) -> int:
        """How often I have asked again since it began."""
        since = self.since
        return sum(at > since + _AGAIN for at in self.standing.attempts) if since is not None else 0


def read_quiet(text: str | None) -> Override | None:
    """My own limits as they are typed, amber and then red: `24h 3wd`. Refuses anything else at the field `quiet`."""
    if text is None or not text.strip():
        return None
    limits = text.replace("/", " ").split()
    if len(limits) != 2:
        raise Refused(msg("Enter two lengths of time, for amber and for red: 24h 3wd."), field="quiet")
    try:
        amber, red = (str(span(limit)) for limit in limits)
    except Refused as error:
        raise Refused(error.message, field="quiet") from error
    return Override(amber=amber, red=red)


def measure(
    case: Case, now: datetime, rules: Rules, calendar: Calendar, clocks: tuple[Deadline, ...] | None = None
) -> Silence:
    """The silence in `case` at `now`: elapsed, limit, level, and why there is no alarm if there is none.

    Where filings run side by side, the one counts whose alarm is the worst or goes off first. `clocks` are the
    deadlines near `now` in the order in which they end, if the caller has counted them already.
    """
    where = standing_of(case, rules)
    if where.turn != "theirs" or where.since is None or case.trashed_at is not None:
        return Silence(standing=where)
    if clocks is None:
        clocks = deadlines(case, now, rules, calendar, near=True)
    promise, doubtful = _promised(case, now)
    waiting = _Waiting(case, where, where.since, promise, doubtful and promise is None, clocks, now)
    found = [_of(waiting, filing, rules, calendar) for filing in _owing(case, rules)]
    if not found:
        return _of(waiting, None, rules, calendar)
    return found[0] if len(found) == 1 else min(found, key=_urgency)


class _Waiting(Struct, frozen=True):
    case: Case
    where: Standing
    since: datetime
    promise: tuple[Contact, Promise] | None
    doubtful: bool
    clocks: tuple[Deadline, ...]
    now: datetime


def _of(waiting: _Waiting, filing: Filing | None, rules: Rules, calendar: Calendar) -> Silence:
    case, where, now = waiting.case, waiting.where, waiting.now
    channel, stage = (filing.channel, stage_of(filing)) if filing else (where.channel, None)
    limit = rules.quiet_limit(channel, stage)
    if limit is None:
        return Silence(standing=where, since=waiting.since)
    limit = overridden(limit, case.quiet)
    start = _start(waiting.since, filing)
    clock = binding(waiting.clocks, filing, rules.side(channel), start) if waiting.clocks else None
    countdown = theirs_counted(limit, filing, rules)
    ends = thresholds(limit, start, countdown, clock, calendar)
    amber, red, clock = ends.amber, ends.red, ends.clock
    level: Level | None = None
    if waiting.promise is None and now > amber.at:
        level = "red" if now > red.at and not _too_early(red, now) and not waiting.doubtful else "amber"
    amber_at = amber.at
    if level == "amber" and limit.repeat is not None:
        amber_at = last_reminder(limit, limit.repeat, start, now, calendar)
        if any(at > amber_at for at in where.attempts):
            level = None
    reached = _reached(limit, clock) if level == "red" else limit.amber
    return Silence(
        standing=where,
        since=start,
        elapsed=duetime.elapsed(start, now, reached.unit, calendar),
        reached=reached,
        limit=limit,
        filing=filing.id if filing else None,
        amber_at=amber_at,
        red_at=red.at,
        clock=clock,
        estimated=amber.estimated or red.estimated or waiting.doubtful,
        counting_down=countdown is not None,
        promise=waiting.promise,
        doubtful=waiting.doubtful,
        level=level,
        chased=level is not None and (any(at > amber.at for at in where.attempts) or _let_one_pass(case, start, now)),
    )


def _promised(case: Case, now: datetime) -> tuple[tuple[Contact, Promise] | None, bool]:
    """The open promise that runs longest from now on, with its contact; and whether one may have passed or not."""
    longest: datetime | None = None
    found: tuple[Contact, Promise] | None = None
    doubtful = False
    for contact in case.contacts:
        for promise in contact.promises:
            due = promise.due
            if promise.state != "open" or due is None:
                continue
            if due < now:
                doubtful = doubtful or _may_run(promise, due, now)
            elif longest is None or due > longest:
                longest, found = due, (contact, promise)
    return found, doubtful


def _may_run(promise: Promise, due: datetime, now: datetime) -> bool:
    return promise.estimated and now <= due + ESTIMATE_GRACE


def _owing(case: Case, rules: Rules) -> list[Filing]:
    """The filings they owe an answer to: those that run, unless one filed later stands on a higher rung."""
    if not case.filings:
        return []
    running = [
        filing
        for filing in case.filings
        if filing.running and (not awaits_me(filing, rules) or done_for(case, filing, rules) is not None)
    ]
    if len(running) < 2:
        return running
    levels = rules.levels
    return [
        filing
        for filing in running
        if not any(
            other.filed_at > filing.filed_at and levels.get(other.rung, 0) > levels.get(filing.rung, 0)
            for other in running
        )
    ]


def _start(waiting_since: datetime, filing: Filing | None) -> datetime:
    """When the silence of whoever has the filing began: not before they were asked or accepted it."""
    if filing is None:
        return waiting_since
    accepted = filing.accepted_at if filing.state == "accepted" else None
    return max(waiting_since, filing.filed_at, accepted or filing.filed_at)


def stage_of(filing: Filing) -> Stage:
    """How far the filing has come, as the quiet limits know it."""
    return "accepted" if filing.state == "accepted" else "submitted"


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


def theirs_counted(limit: QuietLimit, filing: Filing | None, rules: Rules) -> datetime | None:
    """Until when the app counts down for them; a countdown of mine is none, even once I have acted."""
    if limit.amber_before_countdown is None or filing is None or awaits_me(filing, rules):
        return None
    return filing.countdown_until


def binding(clocks: tuple[Deadline, ...], filing: Filing | None, side: str | None, start: datetime) -> Deadline | None:
    """The clock that ends last among those that bind the side that has been silent since `start`.

    These are the filing's own, a duty of that side to the case, and a usual time of the platform that began with
    the silence (they agreed to pay). `clocks` are in the order in which they end. One that has been missed
    counts too, for red stays where it was.
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
    limit: QuietLimit, start: datetime, countdown: datetime | None, clock: Deadline | None, calendar: Calendar
) -> Thresholds:
    """When a silence that began at `start` goes amber and red.

    `countdown` is the end of theirs in the app, and `clock` the one that binds them, where there is one.
    """
    if countdown is not None and limit.amber_before_countdown is not None:
        early = duetime.add(countdown, -limit.amber_before_countdown.n, "hour", calendar)
        return Thresholds(early, duetime.add(countdown, 0, "hour", calendar))
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


def _after(start: datetime, length: Span, calendar: Calendar) -> Due:
    return duetime.add(start, length.n, length.unit, calendar)


def _too_early(end: Due, now: datetime) -> bool:
    return end.estimated and now <= end.at + ESTIMATE_GRACE


def _reached(limit: QuietLimit, clock: Deadline | None) -> Span:
    """The red limit, or the length of the clock that red has waited for."""
    length = clock.rule.span if clock is not None else None
    return length if length is not None and length.unit in _COUNTED else limit.red


def _let_one_pass(case: Case, since: datetime, now: datetime) -> bool:
    """Whether they put me off with a promise and let it pass, so that asking once more would be the second time."""
    return any(
        contact.at >= since
        and (
            promise.state == "broken"
            or (promise.state == "open" and promise.due < now and not _may_run(promise, promise.due, now))
        )
        for contact, promise in case.promises
        if promise.due is not None
    )


def _urgency(silence: Silence) -> tuple[int, float]:
    return URGENCY[silence.level], silence.amber_at.timestamp() if silence.amber_at else float("inf")
