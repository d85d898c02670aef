"""The flags of a case: each thing that is due or overdue, or is to be looked at, and what to do about it.

Nothing of theirs has a level while their time is running; it gets one the moment that time has run out, and keeps
it until something is done about it. My own time-outs count as much as theirs, and warn early. Every thread in which
somebody is to act has a flag that stands now or falls within three days, so that no open case falls silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.acts import Scene, Situation, Step, lead, steps, steps_in_turn
from pddtui.domain.case import TURNS, Case, Contact, Promise
from pddtui.domain.deadlines import Deadline
from pddtui.domain.duetime import span
from pddtui.domain.rules import LOOK_AGAIN, NEAR_DAYS, DeadlineRule
from pddtui.domain.silence import ESTIMATE_GRACE, Level, Silence
from pddtui.domain.subjects import (
    AwaitedSubject,
    ClashSubject,
    ClockSubject,
    ClosedSubject,
    MyTurnSubject,
    PlannedSubject,
    PromisedSubject,
    QuietSubject,
    UncountedSubject,
    UndatedSubject,
    UnverifiedSubject,
)
from pddtui.domain.table import Moment
from pddtui.domain.threads import Thread
from pddtui.domain.turn import awaits_me, done_for, overtaken
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, Words, msg

__all__ = ["FLAG_KINDS", "Flag", "FlagKind", "flags"]

FlagKind = Literal["follow_up", "promise", "turn", "quiet", "deadline", "my_deadline", "right", "verify", "look"]

FLAG_KINDS: Mapping[FlagKind, Message] = {
    "follow_up": msg("follow-up"),
    "promise": msg("promise"),
    "turn": TURNS["mine"],
    "quiet": msg("quiet"),
    "deadline": msg("their deadline"),
    "my_deadline": msg("my deadline"),
    "right": msg("right expires"),
    "verify": msg("verify"),
    "look": msg("look"),
}

IN_SIGHT = timedelta(days=NEAR_DAYS)
"""A right or limitation that ends later than this is not worth a line yet."""

LONG = timedelta(days=60)
"""A window at least this long warns 30 and 7 days before its end, a shorter one 3 days and one."""

VERIFY_AFTER = timedelta(days=7)
"""A resolved case asks after this time whether the money has really arrived."""

STANDS_IN = timedelta(days=14)
"""For at most so long a follow-up, or a clock of mine in the thread, stands in for the clock of my own turn."""


class FlagSubject(Protocol):
    """What a flag is about, in words."""

    @property
    def text(self) -> Words: ...

    @property
    def why(self) -> Message: ...

    def situation(self, scene: Scene, /) -> Situation:
        """What an act on it is about."""
        ...


class Flag(Struct, frozen=True, kw_only=True, gc=False):
    """One thing of one case that is due, or will be."""

    kind: FlagKind
    level: Level | None
    """None while it only lies ahead, and for what is only looked at."""
    thing: str
    """The id of the follow-up, promise, outcome or thread, or the key of the limit or deadline that raised it."""
    due: datetime
    overdue: bool
    estimated: bool = False
    subject: FlagSubject
    scene: Scene

    @property
    def text(self) -> Words:
        return self.subject.text

    @property
    def why(self) -> Message:
        return self.subject.why

    @property
    def situation(self) -> Situation:
        """What an act on it is about."""
        return self.subject.situation(self.scene)

    @property
    def thread(self) -> str | None:
        """The id of the thread that it belongs to, if it belongs to one."""
        thread = self.situation.thread
        return thread.id if thread is not None else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do about it, the leading act first."""
        return steps(self.scene, self.situation)

    @property
    def first_step(self) -> Step | None:
        """The leading act."""
        return next(steps_in_turn(self.scene, self.situation), None)

    @property
    def next_step(self) -> Message:
        """The leading act in words."""
        step = self.first_step
        return lead((step,) if step is not None else ())


_SOONEST = attrgetter("due", "kind")


def flags(scene: Scene, calendar: Calendar) -> tuple[Flag, ...]:
    """Every flag of the case, soonest first. A case in the trash has none."""
    case = scene.case
    if case.trashed_at is not None:
        return ()
    found = [*_verification(scene)] if case.status == "resolved" else []
    if case.follow_ups:
        found.extend(_follow_ups(scene))
    if case.clashes:
        found.extend(_clashes(scene))
    if case.active:
        said: list[str | None] = []
        if any(filing.aftersale_turn == "mine" or filing.state == "refused" for filing in case.filings):
            found.extend(request_flags(scene))
            said = [flag.thread for flag in found if flag.kind == "my_deadline"]
        for thread in scene.threads:
            if thread.promised:
                found.extend(_promises(scene, thread))
            if thread.turn == "mine" and thread.id not in said:
                found.extend(turn_flags(scene, thread, calendar))
        for silence in scene.silences:
            flag = quiet_flag(scene, silence) or look_flag(scene, silence)
            if flag is not None:
                found.append(flag)
        if scene.clocks:
            found.extend(clock_flags(scene, calendar))
    if len(found) > 1:
        found.sort(key=_SOONEST)
    return tuple(found)


def _follow_ups(scene: Scene) -> Iterator[Flag]:
    """The open follow-ups; in a case that has ended, only those planned after its end."""
    case, now = scene.case, scene.now
    for task in case.follow_ups:
        if task.state == "open" and (case.active or (case.closed_at is not None and task.created_at >= case.closed_at)):
            yield Flag(
                kind="follow_up",
                level=level_of(task.due, now, estimated=False),
                thing=task.id,
                due=task.due,
                overdue=now > task.due,
                estimated=task.estimated,
                subject=PlannedSubject(task),
                scene=scene,
            )


def _clashes(scene: Scene) -> Iterator[Flag]:
    """What is to be settled because machines changed it apart, by the end of the day of the later change."""
    for clash in scene.case.clashes:
        due = datetime.combine(clash.sides[-1].at.astimezone(scene.now.tzinfo), duetime.END_OF_DAY, scene.now.tzinfo)
        yield Flag(
            kind="follow_up",
            level=level_of(due, scene.now, estimated=False),
            thing=clash.id,
            due=due,
            overdue=scene.now > due,
            subject=ClashSubject(clash, due),
            scene=scene,
        )


def _promises(scene: Scene, thread: Thread) -> Iterator[Flag]:
    now = scene.now
    for contact in thread.promised:
        for promise in contact.promises:
            if promise.state != "open":
                continue
            if promise.due is None:
                flag = _undated(scene, thread, contact, promise)
                if flag is not None:
                    yield flag
                continue
            overdue = now > promise.due
            yield Flag(
                kind="promise",
                level=level_of(promise.due, now, estimated=promise.estimated) if overdue else None,
                thing=promise.id,
                due=promise.due,
                overdue=overdue,
                estimated=promise.estimated,
                subject=PromisedSubject(contact, promise, thread, promise.due),
                scene=scene,
            )


def _undated(scene: Scene, thread: Thread, contact: Contact, promise: Promise) -> Flag | None:
    """A promise without a date is asked about three days after it was given, and again three days after each asking."""
    side = scene.rules.side
    asked = max(
        (
            other.at
            for other in scene.case.contacts
            if other.direction == "out"
            and other.at > contact.at
            and (other.channel in (None, thread.through) or side(other.channel) == thread.side)
        ),
        default=contact.at,
    )
    due = asked + LOOK_AGAIN
    return Flag(
        kind="promise",
        level="amber" if scene.now > due else None,
        thing=promise.id,
        due=due,
        overdue=False,
        subject=UndatedSubject(contact, promise, thread),
        scene=scene,
    )


def _verification(scene: Scene) -> Iterator[Flag]:
    case, now = scene.case, scene.now
    outcome = case.outcome
    if case.status != "resolved" or outcome is None or outcome.verified_at is not None or case.closed_at is None:
        return
    due = duetime.end_of_day(case.closed_at.date() + VERIFY_AFTER, duetime.zone_of(case.closed_at))
    yield Flag(
        kind="verify",
        level="amber" if now.date() >= due.date() else None,
        thing=outcome.id,
        due=due,
        overdue=now > due,
        subject=UnverifiedSubject(case.closed_at),
        scene=scene,
    )


def turn_flags(scene: Scene, thread: Thread, calendar: Calendar) -> Iterator[Flag]:
    """The clock of my own turn in a thread, until what I have planned stands in for it.

    Before amber it falls within three days at the latest, so that I look at it; after red it stays.
    """
    case, now, rules = scene.case, scene.now, scene.rules
    amber, red = rules.my_spans if case.mine is None else (span(case.mine.amber), span(case.mine.red))
    amber_at = duetime.add(thread.since, amber.n, amber.unit, calendar).at
    level: Level | None = None
    stood_in = _stood_in(scene, thread)
    if stood_in is None and now > amber_at:
        red_at = duetime.add(thread.since, red.n, red.unit, calendar).at
        level = "red" if now > red_at else "amber"
        due = red_at if level == "red" else amber_at
    else:
        if stood_in is not None and now <= stood_in <= now + LOOK_AGAIN:
            return
        due = _looked(case, thread, thread.since, now) + LOOK_AGAIN
        if now <= amber_at < due:
            due = amber_at
    yield Flag(
        kind="turn",
        level=level,
        thing=thread.id,
        due=due,
        overdue=level == "red",
        subject=MyTurnSubject(thread, amber, red),
        scene=scene,
    )


def _looked(case: Case, thread: Thread, since: datetime, now: datetime) -> datetime:
    """When I looked last, at the latest now: what happened in the thread was seen."""
    last = max(since, thread.last_asked)
    if case.looked and (looked := case.looked.get(thread.id)) is not None:
        last = max(last, looked)
    return min(last, now)


def _stood_in(scene: Scene, thread: Thread) -> datetime | None:
    """Until when something that I have planned stands in for the clock of my turn; None where nothing does.

    Rights and limitations never do.
    """
    case, now = scene.case, scene.now
    ends = [min(task.due, task.created_at + STANDS_IN) for task in case.follow_ups if task.state == "open"]
    ends += [
        min(clock.due.at, max(clock.start, thread.since) + STANDS_IN)
        for clock in scene.clocks
        if clock.filing == thread.id and clock.rule.mine and clock.rule.kind == "platform" and clock.runs
    ]
    return max((end for end in ends if end >= now), default=None)


def quiet_flag(scene: Scene, silence: Silence) -> Flag | None:
    """The flag of an alarm that is on; None while it is off."""
    thread = silence.thread
    if silence.level is None or silence.limit is None or silence.amber_at is None or thread is None:
        return None
    reached = silence.red_at if silence.level == "red" and silence.red_at is not None else silence.amber_at
    return Flag(
        kind="quiet",
        level=silence.level,
        thing=silence.limit.id,
        due=_audible(thread, reached),
        overdue=True,
        estimated=silence.estimated,
        subject=QuietSubject(thread, silence),
        scene=scene,
    )


def look_flag(scene: Scene, silence: Silence) -> Flag | None:
    """The reminder to look how it stands while no alarm is on; none where a promise there falls due as soon."""
    thread, now = silence.thread, scene.now
    if thread is None or thread.resting:
        return None
    if silence.promise is not None:
        until = silence.promise[1].due
        if until is not None and until <= now + LOOK_AGAIN:
            return None
    due = _looked(scene.case, thread, silence.since or thread.since, now) + LOOK_AGAIN
    for change in (silence.rests_until, silence.amber_at if silence.promise is None else None):
        if change is not None and now <= change < due:
            due = change
    return Flag(
        kind="look",
        level=None,
        thing=thread.id,
        due=due,
        overdue=False,
        subject=AwaitedSubject(thread, silence),
        scene=scene,
    )


def _audible(thread: Thread, reached: datetime) -> datetime:
    """When an alarm that goes off at `reached` is heard: not before the promises that ran then have run out."""
    spans = (
        (made.at, min(it.due, it.settled_at or it.due))
        for made in thread.promised
        for it in made.promises
        if it.due is not None
    )
    for start, end in sorted(spans):
        if start <= reached < end:
            reached = end
    return reached


def clock_flags(scene: Scene, calendar: Calendar) -> Iterator[Flag]:
    """The flags of the clocks of an open case.

    Mine warns early, and a right of mine is listed while it can be used. One that they have missed stays flagged
    until I say or lodge something, or they answer or promise; from then on it is a fact to cite. It is amber, not
    red, where somebody higher up has the matter already, who is measured by their own silence.
    """
    for deadline in scene.clocks:
        if deadline.rule.mine:
            flag = _right(scene, deadline, calendar) if deadline.rule.right else _mine(scene, deadline, calendar)
        else:
            flag = _theirs(scene, deadline)
        if flag is not None:
            yield flag


def _theirs(scene: Scene, deadline: Deadline) -> Flag | None:
    if deadline.runs:
        return _flag(scene, deadline, "deadline", level=None, moment="duty_runs")
    if deadline.state != "missed":
        return None
    thread = scene.whose(deadline)
    silence = scene.silence_in(thread) if thread is not None else None
    if silence is not None and (silence.promise is not None or _said_by_alarm(deadline, silence)):
        return None
    if dealt_with(scene, deadline.due.at, deadline.rule.who):
        return None
    level = level_of(deadline.due.at, scene.now, estimated=deadline.due.estimated)
    doubtful = silence is not None and silence.doubtful
    mild = not deadline.rule.sure or doubtful or _moved_up(scene, deadline)
    return _flag(scene, deadline, "deadline", level="amber" if mild else level, moment="duty_missed")


def _said_by_alarm(deadline: Deadline, silence: Silence) -> bool:
    """Whether the alarm of the same filing says it already: a usual time of the platform that passed adds nothing."""
    return deadline.rule.kind == "platform" and silence.level is not None


def _moved_up(scene: Scene, deadline: Deadline) -> bool:
    """Whether a filing runs above the one whose clock it is, or above the last rung that deals with that side."""
    case, rules = scene.case, scene.rules
    own = next((filing.rung for filing in case.filings if filing.id == deadline.filing), None)
    base = rules.levels.get(own, 0) if own is not None else rules.highest.get(deadline.rule.who, 0)
    return any(filing.running and rules.levels.get(filing.rung, 0) > base for filing in case.filings)


def _mine(scene: Scene, deadline: Deadline, calendar: Calendar) -> Flag | None:
    if deadline.runs:
        level = _warning(deadline, scene.now, calendar)
        return _flag(scene, deadline, "my_deadline", level=level, moment="my_clock_runs")
    if deadline.state != "missed" or dealt_with(scene, deadline.due.at):
        return None
    return _flag(scene, deadline, "my_deadline", level="red", moment="my_clock_missed")


def _right(scene: Scene, deadline: Deadline, calendar: Calendar) -> Flag | None:
    if not deadline.runs:
        return None
    level = _warning(deadline, scene.now, calendar)
    if level is None and deadline.due.at - scene.now > IN_SIGHT:
        return None
    return _flag(scene, deadline, "right", level=level, moment="limitation" if deadline.rule.limits else "right_runs")


def _warning(deadline: Deadline, now: datetime, calendar: Calendar) -> Level | None:
    left = deadline.due.at - now
    days = (30, 7) if deadline.due.at - deadline.start >= LONG else (3, 1)
    if deadline.rule.limits:
        left, days = timedelta(days=deadline.days_left(now)), (NEAR_DAYS, 30)
    early, late = (timedelta(days=n) for n in days)
    if left <= late:
        return "red"
    after = deadline.rule.warn_after
    if after is None:
        return "amber" if left <= early else None
    return "amber" if now > duetime.add(deadline.start, after.n, after.unit, calendar).at else None


def _flag(scene: Scene, deadline: Deadline, kind: FlagKind, *, level: Level | None, moment: Moment) -> Flag:
    return Flag(
        kind=kind,
        level=level,
        thing=deadline.key,
        due=deadline.due.at,
        overdue=deadline.state == "missed",
        estimated=deadline.due.estimated,
        subject=ClockSubject(deadline, moment),
        scene=scene,
    )


def request_flags(scene: Scene) -> Iterator[Flag]:
    """The flags of in-app requests that wait for me or were closed against me.

    One that was closed against me is due on the day I see it and overdue from then on, until I say or lodge something.
    """
    if scene.rules.my_countdown is not None:
        yield from _waiting(scene, scene.rules.my_countdown)
    yield from _closed(scene)


def _waiting(scene: Scene, rule: DeadlineRule) -> Iterator[Flag]:
    """Requests that wait for me without a countdown typed in; `rule` is that of my countdowns."""
    case, rules = scene.case, scene.rules
    waiting = [
        filing
        for filing in case.filings
        if awaits_me(filing, rules)
        and filing.countdown_until is None
        and done_for(case, filing, rules) is None
        and not overtaken(case, filing, rules)
    ]
    if not waiting or any(clock.rule.mine and clock.rule.kind == "platform" and clock.runs for clock in scene.clocks):
        return
    for filing in waiting:
        since = filing.aftersale_at or filing.ended_at or filing.filed_at
        thread = scene.thread(filing.id)
        if not dealt_with(scene, since) and (thread is None or thread.turn == "mine"):
            yield Flag(
                kind="my_deadline",
                level="amber",
                thing=f"{rule.id}@{filing.id}",
                due=duetime.end_of_day(since.date(), duetime.zone_of(since)),
                overdue=False,
                subject=UncountedSubject(rule, filing, since),
                scene=scene,
            )


def _closed(scene: Scene) -> Iterator[Flag]:
    for filing in scene.case.filings:
        if filing.state != "refused" or filing.aftersale_state is None or filing.aftersale_at is None:
            continue
        shown = scene.rules.aftersales.get(filing.aftersale_state)
        if shown is None or dealt_with(scene, filing.aftersale_at) or overtaken(scene.case, filing, scene.rules):
            continue
        due = duetime.end_of_day(filing.aftersale_at.date(), duetime.zone_of(filing.aftersale_at))
        yield Flag(
            kind="my_deadline",
            level=level_of(due, scene.now, estimated=False),
            thing=f"aftersale_{shown.code}@{filing.id}",
            due=due,
            overdue=scene.now > due,
            subject=ClosedSubject(shown, filing, filing.aftersale_at),
            scene=scene,
        )


def level_of(due: datetime, now: datetime, *, estimated: bool) -> Level | None:
    """Amber on its day and red once it has passed, for an estimate only after `ESTIMATE_GRACE`."""
    if now > due:
        return "amber" if estimated and now <= due + ESTIMATE_GRACE else "red"
    return "amber" if due.date() == now.date() else None


def dealt_with(scene: Scene, since: datetime, who: str | None = None) -> bool:
    """Whether I said or lodged something after that moment, or they answered: `who`, where it is somebody's."""
    case, side = scene.case, scene.rules.side
    if any(filing.filed_at > since for filing in case.filings):
        return True
    for contact in reversed(case.contacts):
        if contact.at <= since:
            return False
        if contact.direction == "out":
            if contact.substance is None:
                return True
        elif contact.substance == "answer" and (who is None or side(contact.channel) in (who, None)):
            return True
    return False
