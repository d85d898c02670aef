"""What a letter may say of a case, as words of the letter's language.

A template gets these values and nothing else. What is not known is None, so that a template says nothing of it;
what the person must fill in by hand, because it is never stored, is not among them.
"""

from __future__ import annotations

from msgspec import Struct

from pddtui.domain.rules import Side
from pddtui.services.letter_claim import Claim

__all__ = ["Cited", "Facts", "Lodged", "Promised", "Said", "Waiting"]


class Said(Struct, frozen=True):
    """One contact."""

    at: str
    mine: bool
    who: str | None
    """Whom I spoke to, or who answered."""
    channel: str | None
    text: str


class Promised(Struct, frozen=True):
    """One promise and how it ended."""

    text: str
    at: str
    who: str | None
    due: str | None
    written: bool
    state: str
    broken: bool


class Waiting(Struct, frozen=True):
    """A silence that still lasts."""

    since: str
    channel: str | None
    length: str
    attempts: int
    """How often I have asked again since."""


class Cited(Struct, frozen=True):
    """An article that applies, or applies under a condition."""

    cite: str
    gives: str
    condition: str | None


class Lodged(Struct, frozen=True):
    """A filing at one rung."""

    at: str
    rung: str
    channel: str
    reference: str | None


class Facts(Struct, frozen=True, kw_only=True):
    """The whole of it."""

    today: str
    answer_by: str
    title: str
    merchant: str | None
    operator: str | None
    address: str | None
    order: str | None
    product: str | None
    paid: str | None
    ordered: str | None
    received: str | None
    courier: str | None
    tracking: str | None
    problem: str | None
    description: str | None
    addressee: Side
    claim: Claim
    log: tuple[Said, ...]
    """Oldest first."""
    asked: str | None
    """When the demand was first stated."""
    promises: tuple[Promised, ...]
    oral: Promised | None
    """The latest promise that is not in writing."""
    broken: tuple[Promised, ...]
    waiting: Waiting | None
    articles: tuple[Cited, ...]
    evidence: tuple[str, ...]
    filings: tuple[Lodged, ...]
