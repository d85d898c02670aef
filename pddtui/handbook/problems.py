"""Kinds of problem, what can be demanded for them, and how a case can end."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pddtui.domain.case import Status
from pddtui.handbook.model import Entry, SpanText, Strict
from pddtui.message import Label

__all__ = ["Extra", "Outcome", "OutcomeFile", "Problem", "ProblemFile", "Remedy", "RemedyFile"]


class Problem(Entry, frozen=True, kw_only=True):
    """What went wrong, with everything that belongs to it by id."""

    definition: Label
    urgent: bool = False
    remedies: tuple[str, ...]
    """The usual ones first."""
    evidence: tuple[str, ...]
    """On top of the base set."""
    laws: tuple[str, ...]
    """Articles, or a law as a whole."""
    deadlines: tuple[str, ...]
    """Deadlines and platform clocks."""
    first: tuple[str, ...]
    """Playbooks to begin with."""
    caution: Label | None = None


class Remedy(Entry, frozen=True, kw_only=True):
    """Something that can be demanded."""

    aftersale_type: int | None = None
    """The type of after-sales request that asks for it."""
    as_of_right: Label | None = None
    """When it does not depend on the other side's consent."""
    basis: tuple[str, ...] = ()
    via: Literal["report"] | None = None
    """It comes of a report, not of a demand."""
    note: Label | None = None


class Extra(Entry, frozen=True, kw_only=True):
    """The arithmetic of a statutory extra on top of the refund; its id is the remedy's.

    The sum is a claim. Whoever shows it says so: it depends on fraud or an unsafe food being found.
    """

    price_times: int
    loss_times: int = 0
    least: Decimal
    """Yuan."""
    basis: tuple[str, ...]

    def of(self, price: Decimal, loss: Decimal = Decimal(0)) -> Decimal:
        """The extra in yuan for goods of that price, and for the loss they caused where that counts."""
        return max(self.price_times * price, self.loss_times * loss, self.least)


class Outcome(Entry, frozen=True, kw_only=True):
    """How a case ended."""

    status: Status
    """The status it leads to."""
    verify_after: SpanText | None = None
    """When to ask whether what was agreed has really arrived."""


class ProblemFile(Strict, frozen=True, kw_only=True):
    problems: tuple[Problem, ...]


class RemedyFile(Strict, frozen=True, kw_only=True):
    remedies: tuple[Remedy, ...]
    extras: tuple[Extra, ...]


class OutcomeFile(Strict, frozen=True, kw_only=True):
    outcomes: tuple[Outcome, ...]
