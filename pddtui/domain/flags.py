"""The flags of a case: each thing that is due or overdue, with its reason and the next step.

Nothing of theirs has a level while their time is running; it gets one the moment that time has run out, and keeps
it until something is done about it. My own time-outs count as much as theirs, and warn early. The words are made
when they are read: thousands of cases are flagged for every ten that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.domain import duetime, ladder
from pddtui.domain.case import Case, Contact, FollowUp, Promise
from pddtui.domain.deadlines import NEAR_DAYS, Deadline, length_words, limitation_near
from pddtui.domain.rules import Aftersale, DeadlineRule, Rules
from pddtui.domain.silence import ESTIMATE_GRACE, Level, Silence
from pddtui.domain.turn import awaits_me, done_for, overtaken
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, Words, msg

__all__ = ["FLAG_KINDS", "Flag", "FlagKind", "flags"]

FlagKind = Literal["follow_up", "promise", "quiet", "deadline", "my_deadline", "right", "verify"]

FLAG_KINDS: Mapping[FlagKind, Message] = {
    "follow_up": msg("follow-up"),
    "promise": msg("promise"),
    "quiet": msg("quiet"),
    "deadline": msg("their deadline"),
    "my_deadline": msg("my deadline"),
    "right": msg("right expires"),
    "verify": msg("verify"),
}

IN_SIGHT = timedelta(days=NEAR_DAYS)
"""A right or limitation that ends later than this is not worth a line yet."""

LONG = timedelta(days=60)
"""A window at least this long warns 30 and 7 days before its end, a shorter one 3 days and one."""

VERIFY_AFTER = timedelta(days=7)
"""A resolved case asks after this time whether the money has really arrived."""


class FlagSubject(Protocol):
    """What a flag is about, in words."""

    @property
    def text(self) -> Words: ...

    @property
    def next_step(self) -> Message: ...

    @property
    def why(self) -> Message: ...


class Flag(Struct, frozen=True, kw_only=True):
    """One thing of one case that is due, or will be."""

    kind: FlagKind
    level: Level | None
    """None while it only lies ahead."""
    thing: str
    """The id of the follow-up, promise or outcome, or the key of the limit or deadline that raised it."""
    due: datetime
    overdue: bool
    estimated: bool = False
    subject: FlagSubject

    @property
    def text(self) -> Words:
        return self.subject.text

    @property
    def next_step(self) -> Message:
        return self.subject.next_step

    @property
    def why(self) -> Message:
        return self.subject.why


def flags(
    case: Case, silence: Silence, clocks: tuple[Deadline, ...], now: datetime, *, rules: Rules, calendar: Calendar
) -> tuple[Flag, ...]:
    """Every flag of the case at `now`, soonest first; `clocks` are those near `now`. A case in the trash has none."""
    if case.trashed_at is not None:
        return ()
    found = [*_verification(case, now)] if case.status == "resolved" else []
    if case.follow_ups:
        found.extend(_follow_ups(case, now))
    if case.active:
        found.extend(_promises(case, now))
        quiet = quiet_flag(case, silence, rules, limitation_near=limitation_near(clocks, now))
        if quiet is not None:
            found.append(quiet)
        if clocks:
            found.extend(clock_flags(case, clocks, silence, now, rules=rules, calendar=calendar))
        if case.filings:
            found.extend(request_flags(case, clocks, now, rules))
    found.sort(key=lambda flag: (flag.due, flag.kind))
    return tuple(found)


def _follow_ups(case: Case, now: datetime) -> Iterator[Flag]:
    """The open follow-ups; in a case that has ended, only those planned after its end."""
    for task in case.follow_ups:
        if task.state == "open" and (case.active or (case.closed_at is not None and task.created_at >= case.closed_at)):
            yield Flag(
                kind="follow_up",
                level=level_of(task.due, now, estimated=False),
                thing=task.id,
                due=task.due,
                overdue=now > task.due,
                estimated=task.estimated,
                subject=_Planned(task),
            )


def _promises(case: Case, now: datetime) -> Iterator[Flag]:
    for contact in case.contacts:
        for promise in contact.promises:
            if promise.state != "open" or promise.due is None:
                continue
            overdue = now > promise.due
            yield Flag(
                kind="promise",
                level=level_of(promise.due, now, estimated=promise.estimated) if overdue else None,
                thing=promise.id,
                due=promise.due,
                overdue=overdue,
                estimated=promise.estimated,
                subject=_Promised(contact, promise, promise.due, overdue),
            )


def _verification(case: Case, now: datetime) -> Iterator[Flag]:
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
        subject=_Unverified(case.closed_at),
    )


def quiet_flag(case: Case, silence: Silence, rules: Rules, *, limitation_near: bool) -> Flag | None:
    """The flag of an alarm that is on; None while it is off."""
    if silence.level is None or silence.limit is None or silence.since is None or silence.amber_at is None:
        return None
    reached = silence.red_at if silence.level == "red" and silence.red_at is not None else silence.amber_at
    return Flag(
        kind="quiet",
        level=silence.level,
        thing=silence.limit.id,
        due=_audible(case, reached),
        overdue=True,
        estimated=silence.estimated,
        subject=_Quiet(case, silence, rules, limitation_near),
    )


def _audible(case: Case, reached: datetime) -> datetime:
    """When an alarm that goes off at `reached` is heard: not before the promises that ran then have run out."""
    spans = ((made.at, min(it.due, it.settled_at or it.due)) for made, it in case.promises if it.due is not None)
    for start, end in sorted(spans):
        if start <= reached < end:
            reached = end
    return reached


def clock_flags(
    case: Case, clocks: tuple[Deadline, ...], silence: Silence, now: datetime, *, rules: Rules, calendar: Calendar
) -> Iterator[Flag]:
    """The flags of the clocks of an open case.

    Mine warns early, and a right of mine is listed while it can be used. One that they have missed stays flagged
    until I say or lodge something, or they answer or promise; from then on it is a fact to cite. It is amber, not
    red, where somebody higher up has the matter already, who is measured by their own silence.
    """
    for deadline in clocks:
        if deadline.rule.mine:
            flag = _right(deadline, now, calendar) if deadline.rule.right else _mine(case, deadline, now, calendar)
        else:
            flag = _theirs(case, deadline, silence, now, rules)
        if flag is not None:
            yield flag


def _theirs(case: Case, deadline: Deadline, silence: Silence, now: datetime, rules: Rules) -> Flag | None:
    if deadline.runs:
        return _flag(deadline, "deadline", None)
    if deadline.state != "missed" or silence.promise is not None or _said_by_alarm(deadline, silence):
        return None
    if dealt_with(case, deadline.due.at):
        return None
    level = level_of(deadline.due.at, now, estimated=deadline.due.estimated)
    mild = not deadline.rule.sure or silence.doubtful or _moved_up(case, deadline, rules)
    return _flag(deadline, "deadline", "amber" if mild else level)


def _said_by_alarm(deadline: Deadline, silence: Silence) -> bool:
    """Whether the alarm of the same filing says it already: a usual time of the platform that passed adds nothing."""
    return deadline.rule.kind == "platform" and silence.level is not None and deadline.filing == silence.filing


def _moved_up(case: Case, deadline: Deadline, rules: Rules) -> bool:
    """Whether a filing runs above the one whose clock it is, or above the last rung that deals with that side."""
    own = next((filing.rung for filing in case.filings if filing.id == deadline.filing), None)
    base = rules.levels.get(own, 0) if own is not None else rules.highest.get(deadline.rule.who, 0)
    return any(filing.running and rules.levels.get(filing.rung, 0) > base for filing in case.filings)


def _mine(case: Case, deadline: Deadline, now: datetime, calendar: Calendar) -> Flag | None:
    if deadline.runs:
        return _flag(deadline, "my_deadline", _warning(deadline, now, calendar))
    if deadline.state != "missed" or dealt_with(case, deadline.due.at):
        return None
    return _flag(deadline, "my_deadline", "red")


def _right(deadline: Deadline, now: datetime, calendar: Calendar) -> Flag | None:
    if not deadline.runs:
        return None
    level = _warning(deadline, now, calendar)
    if level is None and deadline.due.at - now > IN_SIGHT:
        return None
    return _flag(deadline, "right", level)


def _warning(deadline: Deadline, now: datetime, calendar: Calendar) -> Level | None:
    left = deadline.due.at - now
    days = (30, 7) if deadline.due.at - deadline.start >= LONG else (3, 1)
    early, late = (timedelta(days=n) for n in days)
    if left <= late:
        return "red"
    after = deadline.rule.warn_after
    if after is None:
        return "amber" if left <= early else None
    return "amber" if now > duetime.add(deadline.start, after.n, after.unit, calendar).at else None


def _flag(deadline: Deadline, kind: FlagKind, level: Level | None) -> Flag:
    return Flag(
        kind=kind,
        level=level,
        thing=deadline.key,
        due=deadline.due.at,
        overdue=deadline.state == "missed",
        estimated=deadline.due.estimated,
        subject=_Clock(deadline),
    )


def request_flags(case: Case, clocks: tuple[Deadline, ...], now: datetime, rules: Rules) -> Iterator[Flag]:
    """The flags of in-app requests that wait for me or were closed against me.

    One that was closed against me is due on the day I see it and overdue from then on, until I say or lodge something.
    """
    if not case.filings:
        return
    if rules.my_countdown is not None:
        yield from _waiting(case, clocks, rules, rules.my_countdown)
    yield from _closed(case, now, rules)


def _waiting(case: Case, clocks: tuple[Deadline, ...], rules: Rules, rule: DeadlineRule) -> Iterator[Flag]:
    """Requests that wait for me without a countdown typed in; `rule` is that of my countdowns."""
    waiting = [
        filing
        for filing in case.filings
        if awaits_me(filing, rules)
        and filing.countdown_until is None
        and done_for(case, filing, rules) is None
        and not overtaken(case, filing, rules)
    ]
    if not waiting or any(clock.rule.mine and clock.rule.kind == "platform" and clock.runs for clock in clocks):
        return
    for filing in waiting:
        since = filing.aftersale_at or filing.ended_at or filing.filed_at
        if not dealt_with(case, since):
            yield Flag(
                kind="my_deadline",
                level="amber",
                thing=f"{rule.id}@{filing.id}",
                due=duetime.end_of_day(since.date(), duetime.zone_of(since)),
                overdue=False,
                subject=_Uncounted(rule, since),
            )


def _closed(case: Case, now: datetime, rules: Rules) -> Iterator[Flag]:
    for filing in case.filings:
        if filing.state != "refused" or filing.aftersale_state is None or filing.aftersale_at is None:
            continue
        shown = rules.aftersales.get(filing.aftersale_state)
        if shown is None or dealt_with(case, filing.aftersale_at) or overtaken(case, filing, rules):
            continue
        due = duetime.end_of_day(filing.aftersale_at.date(), duetime.zone_of(filing.aftersale_at))
        yield Flag(
            kind="my_deadline",
            level=level_of(due, now, estimated=False),
            thing=f"aftersale_{shown.code}@{filing.id}",
            due=due,
            overdue=now > due,
            subject=_Closed(shown, filing.aftersale_at),
        )


def level_of(due: datetime, now: datetime, *, estimated: bool) -> Level | None:
    """Amber on its day and red once it has passed, for an estimate only after `ESTIMATE_GRACE`."""
    if now > due:
        return "amber" if estimated and now <= due + ESTIMATE_GRACE else "red"
    return "amber" if due.date() == now.date() else None


def dealt_with(case: Case, since: datetime) -> bool:
    """Whether I said or lodged something after that moment, or they answered."""
    if any(filing.filed_at > since for filing in case.filings):
        return True
    for contact in reversed(case.contacts):
        if contact.at <= since:
            return False
        if contact.substance == "answer" or (contact.direction == "out" and contact.substance is None):
            return True
    return False


class _Planned(Struct, frozen=True):
    task: FollowUp

    @property
    def text(self) -> Words:
        return self.task.text

    @property
    def next_step(self) -> Message:
        return msg("Do it and mark it done, or snooze it.")

    @property
    def why(self) -> Message:
        return msg("You planned this for {due}.", due=self.task.due)


class _Promised(Struct, frozen=True):
    contact: Contact
    promise: Promise
    due: datetime
    overdue: bool

    @property
    def text(self) -> Words:
        who = self.contact.person.called
        return msg("{who}: {text}", who=who, text=self.promise.text) if who else self.promise.text

    @property
    def next_step(self) -> Message:
        if self.overdue:
            return msg("Settle it: kept, or broken and then ask again.")
        return msg("Wait until {due}; their time is running.", due=self.due)

    @property
    def why(self) -> Message:
        phrase = self.promise.due_phrase
        if phrase:
            return msg(
                "Promised on {at} for “{phrase}”, which is {due}.", at=self.contact.at, phrase=phrase, due=self.due
            )
        return msg("Promised on {at} for {due}.", at=self.contact.at, due=self.due)


class _Unverified(Struct, frozen=True):
    resolved_at: datetime

    @property
    def text(self) -> Words:
        return msg("Has the money really arrived?")

    @property
    def next_step(self) -> Message:
        return msg("Check your account: mark this done if the money has arrived, reopen the case if not.")

    @property
    def why(self) -> Message:
        return msg("Resolved on {at}; a promise to pay is not money yet.", at=self.resolved_at)


class _Quiet(Struct, frozen=True):
    case: Case
    silence: Silence
    rules: Rules
    limitation_near: bool

    @property
    def text(self) -> Message:
        return msg("silent since {since}", since=(self.silence.since or self.case.opened_at).date())

    @property
    def next_step(self) -> Message:
        """Go up once it is red and they were chased; else chase first, so that nobody can say they were not asked.

        A shortcut that skips rungs does not wait for that.
        """
        silence = self.silence
        skip = ladder.straight(self.case, self.rules)
        if skip is not None:
            return ladder.step_words(skip)
        channel = self.rules.channels.get(silence.limit.channel if silence.limit else "") or self.rules.channels.get(
            silence.standing.channel or ""
        )
        where = channel.label if channel else msg("them")
        if silence.exhausted:
            step = ladder.next_step(self.case, self.rules, limitation_near=self.limitation_near)
            if step is None:
                return msg("Chase {where}; there is no higher rung.", where=where)
            up = ladder.step_words(step)
            return msg("The countdown in the app has ended. {step}", step=up) if silence.counting_down else up
        if silence.counting_down:
            return msg("Check the app: the countdown is about to end.")
        return msg("Chase {where} and ask for a date.", where=where)

    @property
    def why(self) -> Message:
        silence = self.silence
        since = silence.since or self.case.opened_at
        if silence.counting_down and silence.red_at is not None:
            return msg("Asked on {since}; the countdown in the app ends at {end}.", since=since, end=silence.red_at)
        reached = silence.reached
        if reached is None:
            return self.text
        elapsed = duetime.period(silence.elapsed or 0, reached.unit)
        if silence.clock is not None and silence.level == "red":
            return msg(
                "Silent for {elapsed} since {since}; “{label}” ended on {end}.",
                elapsed=elapsed,
                since=since,
                label=silence.clock.rule.label,
                end=silence.clock.due.at.date(),
            )
        return msg(
            "Silent for {elapsed} since {since}; the limit here is {limit}.",
            elapsed=elapsed,
            since=since,
            limit=duetime.period(reached.n, reached.unit),
        )


class _Clock(Struct, frozen=True):
    deadline: Deadline

    @property
    def text(self) -> Words:
        rule = self.deadline.rule
        return rule.label if rule.sure else msg("{label} (?)", label=rule.label)

    @property
    def next_step(self) -> Message:
        deadline, rule = self.deadline, self.deadline.rule
        if deadline.state == "missed":
            if rule.mine:
                return msg(
                    "The time has passed: check in the app whether the request was closed against you, and "
                    "record its state."
                )
            if rule.kind == "presumption":
                return msg(
                    "They can now be held to be stalling deliberately: point this out in writing, and report it."
                )
            if rule.span is None:
                return msg("The countdown has ended: check the result in the app.")
            return msg("They missed it: point this out in writing, and cite it when you escalate.")
        if rule.mine:
            return msg("Act before {due}.", due=deadline.due.at)
        return (
            msg("The deadline is paused; nothing to do for now.")
            if deadline.state == "paused"
            else msg("The deadline is still running; wait.")
        )

    @property
    def why(self) -> Message:
        return msg("{label}: {length}.", label=self.deadline.rule.label, length=length_words(self.deadline))


class _Uncounted(Struct, frozen=True):
    rule: DeadlineRule
    since: datetime

    @property
    def text(self) -> Words:
        return self.rule.label

    @property
    def next_step(self) -> Message:
        return msg("Enter the countdown the app shows, then answer there or ask the platform to step in.")

    @property
    def why(self) -> Message:
        return msg(
            "The app has been waiting for you since {since}. A request that you do not answer in time is "
            "closed against you.",
            since=self.since,
        )


class _Closed(Struct, frozen=True):
    shown: Aftersale
    since: datetime

    @property
    def text(self) -> Words:
        return msg("closed against me: {state}", state=self.shown.label)

    @property
    def next_step(self) -> Message:
        if self.shown.hint is None:
            return msg("The request was closed against you: file it again, or escalate.")
        return msg("The request was closed against you: {hint}.", hint=self.shown.hint)

    @property
    def why(self) -> Message:
        return msg(
            "On {since} the app showed “{state}”. Nothing more will happen there unless you act.",
            since=self.since,
            state=self.shown.label,
        )
