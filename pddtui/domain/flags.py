"""The flags of a case: each thing that is due or wrong.

Nothing is flagged while their time is running, everything is flagged the moment it has run out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.clock import zone_of
from pddtui.domain.clock_flags import clock_flags
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.deadlines import Deadline, limitation_near
from pddtui.domain.flag import Flag, FlagKind, level_of
from pddtui.domain.quiet_flag import quiet_flag
from pddtui.domain.request_flags import request_flags
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Silence
from pddtui.domain.task import FollowUp
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, Words, msg

__all__ = ["Flag", "FlagKind", "flags"]

VERIFY_AFTER = timedelta(days=7)
"""A resolved case asks after this time whether the money has really arrived."""


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
    """Those of a case that has ended only where they were planned after its end."""
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
    due = duetime.end_of_day(case.closed_at.date() + VERIFY_AFTER, zone_of(case.closed_at))
    yield Flag(
        kind="verify",
        level="amber" if now.date() >= due.date() else None,
        thing=outcome.id,
        due=due,
        overdue=now > due,
        subject=_Unverified(case.closed_at),
    )


class _Planned(Struct, frozen=True):
    task: FollowUp

    @property
    def text(self) -> Words:
        return self.task.text

    @property
    def next_step(self) -> Message:
        return msg("Do it and tick it off, or snooze it.")

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
        who = _who(self.contact)
        return msg("{who}: {text}", who=who, text=self.promise.text) if who else self.promise.text

    @property
    def next_step(self) -> Message:
        if self.overdue:
            return msg("Settle it: kept, or broken and ask again.")
        return msg("Wait until {due}; their time is running.", due=self.due)

    @property
    def why(self) -> Message:
        phrase = self.promise.due_phrase
        if phrase:
            return msg(
                "Promised on {at} for “{phrase}”, that is {due}.", at=self.contact.at, phrase=phrase, due=self.due
            )
        return msg("Promised on {at} for {due}.", at=self.contact.at, due=self.due)


class _Unverified(Struct, frozen=True):
    resolved_at: datetime

    @property
    def text(self) -> Words:
        return msg("Has it really arrived?")

    @property
    def next_step(self) -> Message:
        return msg("Look at the account: tick it off if the money is there, reopen the case if not.")

    @property
    def why(self) -> Message:
        return msg("Resolved on {at}; a promise to pay is not yet money.", at=self.resolved_at)


def _who(contact: Contact) -> str:
    person = contact.person
    return " ".join(part for part in (person.role, person.name, person.staff_no) if part)
