"""What a letter may say of a case, as words of the letter's language.

A template gets these values and nothing else. What is not known is None, so that a template says nothing of it;
what the person must fill in by hand, because it is never stored, is not among them.
"""

from __future__ import annotations

from msgspec import Struct

from pddtui.domain.contact import Substance
from pddtui.domain.rules import Side
from pddtui.services.letter_claim import Claim

__all__ = ["Cited", "Exhibit", "Facts", "Lodged", "Promised", "Said", "Waiting"]


class Said(Struct, frozen=True, kw_only=True):
    """One contact."""

    at: str
    mine: bool
    who: str | None
    """Whom I spoke to, or who answered."""
    party: str | None
    """The side they belong to, `the shop`; None where it is not noted."""
    channel: str | None
    phone: bool
    """It was a call."""
    substance: Substance | None
    """Of what they said: an answer, a holding reply, or none; `none` also of what I said to nobody."""
    letter: str | None
    """Which letter I sent, where the contact is one; its text is not told again."""
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

    who: str | None
    """Who is silent; None for the one who gets the letter."""
    since: str
    channel: str | None
    """Where I spoke first; None where it was not noted."""
    length: str
    attempts: int
    """How often I have asked again since."""


class Cited(Struct, frozen=True):
    """An article that applies, or applies under a condition."""

    cite: str
    gives: str
    condition: str | None


class Exhibit(Struct, frozen=True):
    """A piece of evidence under the number that it has everywhere."""

    number: int
    text: str


class Lodged(Struct, frozen=True):
    """A filing at one rung."""

    at: str
    rung: str
    channel: str
    reference: str | None
    state: str | None
    """What they made of it so far; None where that is not told by it."""


class Facts(Struct, frozen=True, kw_only=True):
    """The whole of it."""

    today: str
    answer_by: str
    title: str
    heading: str
    """The title without a closing mark, to stand before a colon."""
    subject: str
    """The problem and the title; the title alone where it names the problem."""
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
    tried: tuple[Side, ...]
    """The sides that the matter was taken up with."""
    asked: str | None
    """When the demand was first stated."""
    promises: tuple[Promised, ...]
    oral: Promised | None
    """The latest promise that is not in writing."""
    broken: tuple[Promised, ...]
    waiting: Waiting | None
    """The silence that counts most here: the recipient's, else the first of them."""
    silences: tuple[Waiting, ...]
    """Those of the sides that the letter is about."""
    articles: tuple[Cited, ...]
    evidence: tuple[Exhibit, ...]
    filings: tuple[Lodged, ...]
    """Those that the letter lists; not those at its own recipient, nor what came after them."""
    here: Lodged | None
    """The latest filing at its recipient."""
    before: tuple[Said, ...]
    """What was said to the side that the letter is about before it went to its recipient, and is no filing."""
    pending: tuple[Lodged, ...]
    """What another instance has, or had, of the same dispute."""
