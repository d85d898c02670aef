"""The silence in a thread: how long it has lasted, and the limits at which it goes amber and then red.

It runs only while it is their turn, and a promise that is still running there silences the alarm. It is never red while
a clock runs that binds them, which may roll on from a day off, stand still or be prolonged; only a limit that I
have set myself waits for no clock. What I did about an alarm is not asked for again at once: after a chase amber is
silent until red, or until it reminds again, and after a step of mine red rests for as long as amber takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Contact, Filing, Override, Promise
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.duetime import Due, Span, span
from pddtui.domain.rules import MINE, QuietLimit, Rules
from pddtui.domain.threads import Thread, threads_of
from pddtui.domain.turn import awaits_me
from pddtui.domain.workdays import Calendar, Unit
from pddtui.errors import Refused
from pddtui.message import Hours, msg

__all__ = [
    "ESTIMATE_GRACE",
    "URGENCY",
    "Level",
    "Silence",
    "measure",
    "read_quiet",
    "silences",
    "worst",
]

Level = Literal["amber", "red"]

URGENCY: Mapping[Level | None, int] = {"red": 0, "amber": 1, None: 2}
"""The place of each level where the worst comes first."""

ESTIMATE_GRACE = timedelta(days=3)
"""How long after an estimated date nothing turns red: the estimate may come out too early."""

_AGAIN = timedelta(hours=1)
"""What I say sooner than this after my demand belongs to it."""

_COUNTED: frozenset[Unit] = frozenset({"hour", "natural_day", "working_day"})
"""Units in which a silence is shown; months are too coarse for it."""


class Thresholds(Struct, frozen=True, gc=False):
    """The last moments before amber and before red."""

    amber: Due
    red: Due
    clock: Deadline | None = None
    """The clock that ends later than the limit and puts red off until then."""


class Silence(Struct, frozen=True, gc=False):
    """The silence in one thread at one moment; without a thread, that nobody owes an answer."""

    thread: Thread | None = None
    since: datetime | None = None
    """When the silence began; None while nobody owes an answer."""
    elapsed: int | None = None
    """How many whole units of `reached` have passed since then."""
    reached: Span | None = None
    """The limit it is measured against: that of red once it is red, else that of amber."""
    limit: QuietLimit | None = None
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
    rests_until: datetime | None = None
    """Until when the alarm is silent because of what I did about it."""

    @property
    def unit(self) -> Unit | None:
        """The unit of `elapsed`."""
        return self.reached.unit if self.reached is not None else None

    @property
    def gone(self) -> Hours | int:
        """`elapsed` as it stands before the limit in the same unit."""
        return Hours(self.elapsed or 0) if self.unit == "hour" else self.elapsed or 0

    @property
    def filing(self) -> Filing | None:
        """The filing that they are silent on, where there is one."""
        return self.thread.filing if self.thread is not None else None

    @property
    def asked_again(self) -> int:
        """How often I have asked again since it began."""
        since, thread = self.since, self.thread
        return sum(at > since + _AGAIN for at in thread.asked) if since is not None and thread is not None else 0


def read_quiet(text: str | None, field: str = "quiet") -> Override | None:
    """My own limits as they are typed, amber and then red: `24h 3wd`. Refuses anything else at the field."""
    if text is None or not text.strip():
        return None
    limits = text.replace("/", " ").split()
    if len(limits) != 2:
        raise Refused(msg("Enter two lengths of time, for amber and for red: 24h 3wd."), field=field)
    try:
        amber, red = (str(span(limit)) for limit in limits)
    except Refused as error:
        raise Refused(error.message, field=field) from error
    return Override(amber=amber, red=red)


def measure(
    case: Case, now: datetime, rules: Rules, calendar: Calendar, clocks: tuple[Deadline, ...] | None = None
) -> Silence:
    """The silence that counts in `case` at `now`, of all threads in which they owe an answer; see `worst`.

    `clocks` are the deadlines near `now`, if the caller has counted them already.
    """
    return worst(silences(case, threads_of(case, rules), now, rules=rules, calendar=calendar, clocks=clocks))


def worst(found: Sequence[Silence]) -> Silence:
    """The one whose alarm is the worst or goes off first, before all that rest; an empty one where there is none."""
    if len(found) < 2:
        return found[0] if found else Silence()
    return min(found, key=_urgency)


def silences(
    case: Case,
    threads: Sequence[Thread],
    now: datetime,
    *,
    rules: Rules,
    calendar: Calendar,
    clocks: tuple[Deadline, ...] | None = None,
    resting: bool = False,
) -> tuple[Silence, ...]:
    """The silence of each thread in which they are to act, in the order of the threads.

    With `resting` also of those that rest: they have no level, for somebody higher up is to act and is measured.
    """
    owing = [thread for thread in threads if thread.turn == "theirs" and (resting or not thread.resting)]
    if not owing or case.trashed_at is not None:
        return ()
    if clocks is None:
        clocks = deadlines(case, now, rules, calendar, near=True)
    return tuple([_of(case, thread, clocks, now, rules=rules, calendar=calendar) for thread in owing])


def _of(
    case: Case, thread: Thread, clocks: tuple[Deadline, ...], now: datetime, *, rules: Rules, calendar: Calendar
) -> Silence:
    filing = thread.filing
    limit = rules.quiet_limit(thread.through, thread.stage)
    if limit is None:
        return Silence(thread=thread, since=thread.since)
    limit = overridden(limit, case.quiet)
    start = _start(thread)
    clock = binding(clocks, filing, thread.side, start) if clocks else None
    countdown = theirs_counted(limit, filing, rules)
    ends = thresholds(limit, start, countdown, clock, calendar)
    amber, red, clock = ends.amber, ends.red, ends.clock
    promise, doubtful = _promised(thread, now)
    doubtful = doubtful and promise is None
    level: Level | None = None
    if promise is None and not thread.resting and now > amber.at:
        level = "red" if now > red.at and not _too_early(red, now) and not doubtful else "amber"
    amber_at, rests = amber.at, None
    if level is not None and thread.asked and countdown is None:
        last = thread.asked[-1]
        if level == "amber":
            if limit.repeat is not None:
                amber_at = last_reminder(limit, limit.repeat, start, now, calendar)
            if last > amber_at:
                rests = red.at
                if limit.repeat is not None:
                    rests = min(rests, _after(amber_at, limit.repeat, calendar).at)
        elif last > red.at:
            rests = _after(last, limit.repeat or limit.amber, calendar).at
            if rests < now:
                rests = None
    elif level == "amber" and limit.repeat is not None:
        amber_at = last_reminder(limit, limit.repeat, start, now, calendar)
    if rests is not None:
        level = None
    reached = _reached(limit, clock) if level == "red" else limit.amber
    # By place, as a thread is: there is one for almost every case.
    return Silence(
        thread,
        start,
        duetime.elapsed(start, now, reached.unit, calendar),
        reached,
        limit,
        amber_at,
        red.at,
        clock,
        amber.estimated or red.estimated or doubtful,
        countdown is not None,
        promise,
        doubtful,
        level,
        rests,
    )


def _promised(thread: Thread, now: datetime) -> tuple[tuple[Contact, Promise] | None, bool]:
    """The open promise that runs longest from now on, with its contact; and whether one may have passed or not."""
    longest: datetime | None = None
    found: tuple[Contact, Promise] | None = None
    doubtful = False
    for contact in thread.promised:
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


def _start(thread: Thread) -> datetime:
    """When the silence of whoever has the filing began: not before they were asked or accepted it."""
    filing = thread.filing
    if filing is None:
        return thread.since
    accepted = filing.accepted_at if filing.state == "accepted" else None
    return max(thread.since, filing.filed_at, accepted or filing.filed_at)


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


def _urgency(silence: Silence) -> tuple[int, float]:
    return URGENCY[silence.level], silence.amber_at.timestamp() if silence.amber_at else float("inf")
