"""The ten anonymous cases of the demo, written as if today were the base date.

They are reference data in two languages, not cases: the demo picks a language, moves every date by the same number
of days and builds real cases from them with the ordinary moves.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from pddtui.domain.case import Direction, FilingState, Status, Substance, Turn, Written
from pddtui.domain.entries import Strict
from pddtui.handbook.model import SpanText
from pddtui.message import Label

__all__ = [
    "SampleCase",
    "SampleContact",
    "SampleDeadline",
    "SampleDemand",
    "SampleEvidence",
    "SampleFile",
    "SampleFiling",
    "SampleFollowUp",
    "SampleOrder",
    "SampleOutcome",
    "SamplePerson",
    "SamplePromise",
]


class SampleOrder(Strict, frozen=True, kw_only=True):
    number: str
    """Masked, like everything private here."""
    product: Label
    amount: Decimal
    """Yuan."""
    ordered_at: datetime
    received_at: datetime | None = None
    delivered_at: datetime | None = None


class SampleDemand(Strict, frozen=True, kw_only=True):
    remedy: str
    also: tuple[str, ...] = ()
    """Other remedies that are demanded besides."""
    amount: Decimal
    """Yuan."""
    bottom_line: Label | None = None
    note: Label | None = None
    """How the sum comes about where it is more than the price; it is worded as a claim."""


class SampleFiling(Strict, frozen=True, kw_only=True):
    rung: str
    channel: str
    at: datetime
    reference: str | None = None
    state: FilingState = "open"
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    countdown_until: datetime | None = None


class SamplePerson(Strict, frozen=True, kw_only=True):
    role: Label
    name: str | None = None
    staff_no: str | None = None


class SamplePromise(Strict, frozen=True, kw_only=True):
    text: Label
    phrase: Label
    """The words from which the date was read."""
    span: SpanText | None = None
    """The length, where the phrase names one: `due` is then counted again from the moved contact."""
    due: datetime
    written: bool
    result: Literal["open", "kept", "broken"]
    """What became of it by the base date."""
    settled_at: datetime | None = None
    """When that was entered; None where it is still open in the file, and overdue once it is past due."""


class SampleContact(Strict, frozen=True, kw_only=True):
    at: datetime
    channel: str
    direction: Direction
    person: SamplePerson | None = None
    said: Label
    demand: bool = False
    substance: Substance | None = None
    """For what they said; None for what I said."""
    turn: Turn | None = None
    """Whose turn it was, where the substance alone would say otherwise."""
    written: Written = "none"
    promise: SamplePromise | None = None


class SampleFollowUp(Strict, frozen=True, kw_only=True):
    text: Label
    due: datetime


class SampleEvidence(Strict, frozen=True, kw_only=True):
    have: tuple[str, ...]
    missing: tuple[str, ...]
    """What is still missing, besides what the checklist of the problem finds."""


class SampleDeadline(Strict, frozen=True, kw_only=True):
    """A clock that the rules must find in the case, for the tests."""

    rule: str
    start: datetime | None = msgspec.field(name="from", default=None)
    due: datetime
    """Before rolling."""
    rolled_due: datetime | None = None
    """After rolling, where that makes a difference."""
    state: Literal["running", "met", "missed"]
    met_on: date | None = None


class SampleOutcome(Strict, frozen=True, kw_only=True):
    kind: str
    recovered: Decimal
    at: datetime
    verified_at: datetime | None = None


class SampleCase(Strict, frozen=True, kw_only=True):
    id: str
    title: Label
    problem: str
    merchant: Label
    merchant_known: bool = True
    """False where the shop is gone and nobody knows who ran it."""
    order: SampleOrder
    demand: SampleDemand
    urgent: bool = False
    status: Status
    standing: str
    """The state on the base date: an id of the statuses in the glossary."""
    rung: str
    """The rung that the case has reached."""
    aftersale_state: int | None = None
    """The code of the state of the request in the app."""
    outcome: SampleOutcome | None = None
    milestones: dict[str, datetime]
    """When each event happened, by its id; noon where the hour is not known."""
    filings: tuple[SampleFiling, ...]
    contacts: tuple[SampleContact, ...]
    follow_ups: tuple[SampleFollowUp, ...] = ()
    evidence: SampleEvidence
    deadlines: tuple[SampleDeadline, ...]

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return self.id

    @property
    def label(self) -> Label:
        """The title of the case."""
        return self.title


class SampleFile(Strict, frozen=True, kw_only=True):
    base_date: date
    from_the_start: tuple[str, ...]
    """Kinds of evidence that the goods and the order give, before anybody was spoken to."""
    place: Label
    """Where all of it is kept."""
    cases: tuple[SampleCase, ...]
