"""The case: one dispute about one order, with everything that was said, filed and is due."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from pddtui.domain.contact import Contact, Promise, Turn
from pddtui.domain.history import Change
from pddtui.domain.task import Evidence, FollowUp

__all__ = ["Case", "Demand", "Filing", "FilingState", "Operator", "Order", "Outcome", "Override", "Status"]

Status = Literal["open", "resolved", "closed", "withdrawn", "abandoned"]

FilingState = Literal["open", "accepted", "answered", "refused", "ended"]
"""`open` is submitted and undecided, `accepted` being worked on; the others no longer run."""


class Order(Struct, frozen=True, kw_only=True):
    """The order the dispute is about."""

    number: str | None = None
    product: str | None = None
    amount: Decimal | None = None
    """What was paid, in `currency`, to the cent."""
    currency: str = "CNY"
    ordered_at: datetime | None = None
    received_at: datetime | None = None
    courier: str | None = None
    tracking: str | None = None


class Demand(Struct, frozen=True, kw_only=True):
    """What I want: an act, a sum and a date, not punishment."""

    remedy: str | None = None
    """A remedy id of the handbook."""
    amount: Decimal | None = None
    deadline: datetime | None = None
    bottom_line: str | None = None
    """The least I would accept."""


class Operator(Struct, frozen=True, kw_only=True):
    """The business behind the shop, from the licence page; 12315 and a court ask for it."""

    name: str | None = None
    address: str | None = None


class Filing(Struct, frozen=True, kw_only=True):
    """The case as lodged at one rung through one channel."""

    id: str
    rung: str
    channel: str
    reference: str | None = None
    """Their number for it: after-sales number, ticket number, complaint number."""
    state: FilingState = "open"
    filed_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    passed_gates: tuple[str, ...] = ()
    """Ids of the gates that were not met and knowingly passed when it was filed."""
    countdown_until: datetime | None = None
    """The end of the countdown the app showed, typed in by me. Whose it is, `awaits_me` says."""
    aftersale_state: int | None = None
    """The platform's code for the state of an in-app request, as the app showed it."""
    aftersale_turn: Turn | None = None
    """Whose turn that state makes it, as the handbook had it when it was noted."""
    aftersale_at: datetime | None = None
    """When the app first showed it."""

    @property
    def running(self) -> bool:
        """Whether somebody at that rung still has to do something."""
        return self.state in ("open", "accepted")

    @property
    def awaits_me(self) -> bool:
        """Whether I must act there or it is closed against me: by the state the app shows, or after a refusal in it."""
        if self.running:
            return self.aftersale_turn == "mine"
        return self.state == "refused" and self.channel == "app_aftersale" and self.aftersale_state is None


class Override(Struct, frozen=True, kw_only=True):
    """My own silence limit for this case, in spans such as `24h`, `3wd`, `5d`."""

    amber: str
    red: str


class Outcome(Struct, frozen=True, kw_only=True):
    """How the case ended. "Resolved" is only true once the money has really arrived."""

    id: str
    """Identifies this ending, so that its verification can be settled."""
    kind: str
    """An outcome id of the handbook."""
    recovered: Decimal | None = None
    note: str | None = None
    verified_at: datetime | None = None
    """When I confirmed that what was agreed had really arrived."""


class Case(Struct, frozen=True, kw_only=True):
    """One dispute about one order. Moves return new ones; nothing changes in place."""

    id: str
    ref: str
    """The number people use: `PDD-2026-0042`. Never reused within a file."""
    title: str
    problem: str | None = None
    """A problem id of the handbook."""
    description: str | None = None
    merchant: str | None = None
    """The shop's name as the order page shows it."""
    operator: Operator = Operator()
    order: Order = Order()
    demand: Demand = Demand()
    status: Status = "open"
    opened_at: datetime
    recorded_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    tags: tuple[str, ...] = ()
    filings: tuple[Filing, ...] = ()
    """In the order they were filed."""
    contacts: tuple[Contact, ...] = ()
    """By the time they happened."""
    follow_ups: tuple[FollowUp, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    milestones: dict[str, datetime] = {}
    """Event id of the handbook to when it happened; they start the clocks."""
    steps: dict[str, datetime] = {}
    """Playbook steps ticked off, `playbook.step` to when."""
    quiet: Override | None = None
    trashed_at: datetime | None = None
    history: tuple[Change, ...] = ()
    """Every change ever made, oldest first; chained by hash."""
    revision: int = 0
    """How many times the case was saved. A save names the revision it builds on."""

    @property
    def active(self) -> bool:
        """Whether the case still wants attention."""
        return self.status == "open" and self.trashed_at is None

    @property
    def begun(self) -> datetime:
        """When it began: a case may be opened long after the first contact that is noted in it."""
        return min([self.opened_at, *(one.at for one in self.contacts), *(one.filed_at for one in self.filings)])

    @property
    def promises(self) -> tuple[tuple[Contact, Promise], ...]:
        """Every promise with the contact it was made in, by the time it was made."""
        return tuple((contact, promise) for contact in self.contacts for promise in contact.promises)
