"""The flags of a case: each thing that is due or wrong, with its reason and the next step.

Nothing is flagged while their time is running, everything is flagged the moment it has run out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime, ladder
from pddtui.domain.case import Case
from pddtui.domain.clock import zone_of
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.rules import Rules
from pddtui.domain.silence import ESTIMATE_GRACE, Level, Silence
from pddtui.domain.workdays import Calendar
from pddtui.message import Label, Message, Words, msg

__all__ = ["Flag", "FlagKind", "flags"]

FlagKind = Literal["follow_up", "promise", "quiet", "deadline", "my_deadline", "right", "verify"]

VERIFY_AFTER = timedelta(days=7)
"""A resolved case asks after this time whether the money has really arrived."""

EARLY = timedelta(days=3)
"""How long before its end a deadline of mine begins to warn."""

RIGHT_IN_SIGHT = timedelta(days=60)
"""A right that expires later than this is not worth a line yet."""


class Flag(Struct, frozen=True, kw_only=True):
    """One thing of one case that is due, or will be."""

    kind: FlagKind
    level: Level | None
    """None while it only lies ahead."""
    thing: str
    """Id of the follow-up, promise, outcome, or of the rule that raised it."""
    text: Words
    due: datetime
    overdue: bool
    estimated: bool = False
    next_step: Message
    why: Message


def flags(case: Case, silence: Silence, now: datetime, rules: Rules, calendar: Calendar) -> tuple[Flag, ...]:
    """Every flag of the case at `now`, soonest first. A case in the trash has none."""
    if case.trashed_at is not None:
        return ()
    found = [*_verification(case, now)]
    if case.active:
        found.extend(_follow_ups(case, now))
        found.extend(_promises(case, now))
        found.extend(_quiet(case, silence, rules))
        found.extend(_deadlines(case, now, rules, calendar))
    return tuple(sorted(found, key=lambda flag: (flag.due, flag.kind)))


def _follow_ups(case: Case, now: datetime) -> Iterator[Flag]:
    for task in case.follow_ups:
        if task.state == "open":
            yield Flag(
                kind="follow_up",
                level=_level(task.due, now, estimated=False),
                thing=task.id,
                text=task.text,
                due=task.due,
                overdue=now > task.due,
                estimated=task.estimated,
                next_step=msg("Do it and tick it off, or snooze it."),
                why=msg("You planned this for {due}.", due=task.due),
            )


def _promises(case: Case, now: datetime) -> Iterator[Flag]:
    for contact, promise in case.promises:
        if promise.state != "open" or promise.due is None:
            continue
        overdue = now > promise.due
        who = _who(contact)
        yield Flag(
            kind="promise",
            level=_level(promise.due, now, estimated=promise.estimated) if overdue else None,
            thing=promise.id,
            text=msg("{who}: {text}", who=who, text=promise.text) if who else promise.text,
            due=promise.due,
            overdue=overdue,
            estimated=promise.estimated,
            next_step=(
                msg("Settle it: kept, or broken and ask again.")
                if overdue
                else msg("Wait until {due}; their time is running.", due=promise.due)
            ),
            why=_why_promise(contact, promise),
        )


def _why_promise(contact: Contact, promise: Promise) -> Message:
    if promise.due_phrase:
        return msg(
            "Promised on {at} for “{phrase}”, that is {due}.",
            at=contact.at,
            phrase=promise.due_phrase,
            due=promise.due or contact.at,
        )
    return msg("Promised on {at} for {due}.", at=contact.at, due=promise.due or contact.at)


def _who(contact: Contact) -> str:
    person = contact.person
    return " ".join(part for part in (person.role, person.name, person.staff_no) if part)


def _quiet(case: Case, silence: Silence, rules: Rules) -> Iterator[Flag]:
    limit = silence.limit
    if silence.level is None or limit is None or silence.since is None or silence.amber_at is None:
        return
    reached = limit.red if silence.level == "red" else limit.amber
    yield Flag(
        kind="quiet",
        level=silence.level,
        thing=limit.id,
        text=msg("No answer since {since}", since=silence.since),
        due=silence.amber_at,
        overdue=True,
        estimated=silence.estimated,
        next_step=_against_silence(case, silence, rules),
        why=msg(
            "Silent for {elapsed} since {since}; the limit here is {limit}.",
            elapsed=duetime.period(silence.elapsed or 0, reached.unit),
            since=silence.since,
            limit=duetime.period(reached.n, reached.unit),
        ),
    )


def _against_silence(case: Case, silence: Silence, rules: Rules) -> Message:
    """Red and chased already: go up. Otherwise chase first, so that nobody can say they were not asked."""
    channel = rules.channels.get(silence.limit.channel if silence.limit else "") or rules.channels.get(
        silence.standing.channel or ""
    )
    where = channel.label if channel else Label(zh="对方", en="them")
    if silence.level == "red" and silence.chased:
        step = ladder.next_step(case, rules)
        if step is None:
            return msg("Chase {where}; there is no higher rung.", where=where)
        if step.missing:
            return msg(
                "Escalate to {rung}; still missing: {missing}.",
                rung=step.rung.label,
                missing=tuple(gate.needs for gate in step.missing),
            )
        return msg("Escalate to {rung}.", rung=step.rung.label)
    return msg("Chase {where} and ask for a date.", where=where)


def _deadlines(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Iterator[Flag]:
    for deadline in deadlines(case, now, rules, calendar):
        flag = _mine(deadline, now) if deadline.rule.mine else _theirs(deadline, now)
        if flag is not None:
            yield flag


def _theirs(deadline: Deadline, now: datetime) -> Flag | None:
    if deadline.ended_at is not None or deadline.rule.kind == "info":
        return None
    missed = deadline.state == "missed"
    return _clock_flag(
        deadline,
        "deadline",
        _level(deadline.due.at, now, estimated=deadline.due.estimated) if missed else None,
        msg("It was missed: say so in writing, and cite it higher up.")
        if missed
        else msg("Wait; this clock is running."),
    )


def _mine(deadline: Deadline, now: datetime) -> Flag | None:
    left = deadline.due.at - now
    expired = left < timedelta(0)
    right = deadline.rule.kind in ("right_window", "limitation")
    if deadline.state == "met" or deadline.rule.kind == "info" or (right and (expired or left > RIGHT_IN_SIGHT)):
        return None
    level: Level | None = "red" if left <= timedelta(days=1) else "amber" if left <= EARLY else None
    return _clock_flag(
        deadline, "right" if right else "my_deadline", level, msg("Act before {due}.", due=deadline.due.at)
    )


def _clock_flag(deadline: Deadline, kind: FlagKind, level: Level | None, next_step: Message) -> Flag:
    rule = deadline.rule
    return Flag(
        kind=kind,
        level=level,
        thing=rule.id,
        text=rule.label,
        due=deadline.due.at,
        overdue=deadline.state == "missed",
        estimated=deadline.due.estimated,
        next_step=next_step,
        why=msg(
            "{length} from {start}: {label}.",
            length=duetime.period(rule.span.n, rule.span.unit),
            start=deadline.start,
            label=rule.label,
        ),
    )


def _verification(case: Case, now: datetime) -> Iterator[Flag]:
    outcome = case.outcome
    if case.status != "resolved" or outcome is None or outcome.verified_at is not None or case.closed_at is None:
        return
    due = duetime.end_of_day(case.closed_at.date() + VERIFY_AFTER, zone_of(case.closed_at))
    yield Flag(
        kind="verify",
        level="amber" if now.date() >= due.date() else None,
        thing=outcome.id,
        text=msg("Has it really arrived?"),
        due=due,
        overdue=now > due,
        next_step=msg("Look at the account: tick it off if the money is there, reopen the case if not."),
        why=msg("Resolved on {at}; a promise to pay is not yet money.", at=case.closed_at),
    )


def _level(due: datetime, now: datetime, *, estimated: bool) -> Level | None:
    if now > due:
        return "amber" if estimated and now <= due + ESTIMATE_GRACE else "red"
    return "amber" if due.date() == now.date() else None
