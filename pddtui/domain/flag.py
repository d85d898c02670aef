"""A flag: one thing of one case that is due or wrong, with its reason and the next step.

The words are made when somebody reads them: thousands of cases are flagged for every ten that are shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.silence import ESTIMATE_GRACE, Level
from pddtui.message import Message, Words

__all__ = ["Flag", "FlagKind", "Subject", "dealt_with", "level_of"]

FlagKind = Literal["follow_up", "promise", "quiet", "deadline", "my_deadline", "right", "verify"]


class Subject(Protocol):
    """What a flag is about, and how that is said."""

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
    """Id of the follow-up, promise or outcome, or the key of the limit or deadline that raised it."""
    due: datetime
    overdue: bool
    estimated: bool = False
    subject: Subject

    @property
    def text(self) -> Words:
        return self.subject.text

    @property
    def next_step(self) -> Message:
        return self.subject.next_step

    @property
    def why(self) -> Message:
        return self.subject.why


def level_of(due: datetime, now: datetime, *, estimated: bool) -> Level | None:
    """Amber on its day, red once it has passed; three days later where the date is an estimate."""
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
