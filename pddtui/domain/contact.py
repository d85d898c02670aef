"""One contact: a call, chat, message or visit, who it was with and what was promised in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

__all__ = ["Amendment", "Contact", "Direction", "Person", "Promise", "PromiseState", "Substance", "Turn", "Written"]

Direction = Literal["in", "out"]
"""`in` is what they said to me, `out` what I said to them."""

Substance = Literal["answer", "holding", "none"]
"""Of an incoming contact: it settles something, it puts me off, or nobody really answered."""

Turn = Literal["mine", "theirs", "nobody"]
"""Who has to act next; `nobody` once the case is closed."""

PromiseState = Literal["open", "kept", "broken", "replaced", "waived"]

Written = Literal["none", "asked", "received"]
"""Whether what was said also exists in writing: no, I asked for it, I have it."""


class Person(Struct, frozen=True, kw_only=True):
    """Whom I spoke to. All three may be unknown: a hotline agent often gives only a number."""

    name: str | None = None
    role: str | None = None
    staff_no: str | None = None

    @property
    def known(self) -> bool:
        """Whether anything at all identifies the person."""
        return any((self.name, self.role, self.staff_no))


class Promise(Struct, frozen=True, kw_only=True):
    """What a named person said would be done, and by when, as spoken."""

    id: str
    text: str
    due: datetime | None = None
    """When it is due; 23:59:59 where no time of day was named. None when no date could be had."""
    due_phrase: str | None = None
    """The words the date was read from, kept because the date is only our reading of them."""
    estimated: bool = False
    """The due date leans on a year whose working-day calendar is not published."""
    state: PromiseState = "open"
    settled_at: datetime | None = None
    written: bool = False
    """False means only oral: weak evidence, shown as such."""
    replaced_by: str | None = None
    """The id of the promise that took this one's place, when `state` is replaced."""


class Amendment(Struct, frozen=True, kw_only=True):
    """What a contact said before it was corrected, kept readable for ever."""

    at: datetime
    summary: str
    person: Person
    happened_at: datetime
    """The time the contact claimed to have happened before this correction."""


class Contact(Struct, frozen=True, kw_only=True):
    """One entry of the contact log."""

    id: str
    at: datetime
    """When it happened."""
    recorded_at: datetime
    """When it was typed in. Both are kept: an entry made days later is weaker evidence."""
    channel: str | None = None
    """A channel id of the handbook."""
    direction: Direction
    substance: Substance | None = None
    """None for what I said myself, unless nobody picked up (`none`)."""
    person: Person = Person()
    summary: str
    demand: bool = False
    """I stated or repeated what I want."""
    written: Written = "none"
    promises: tuple[Promise, ...] = ()
    evidence: tuple[str, ...] = ()
    """Ids of evidence records of the case."""
    filing: str | None = None
    """The filing this contact belongs to, if it belongs to one."""
    turn: Turn | None = None
    """My overruling of whose turn it is after this contact."""
    minutes: int | None = None
    """How long the call or chat took."""
    amendments: tuple[Amendment, ...] = ()
    """Earlier wordings, oldest first."""
