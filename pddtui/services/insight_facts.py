"""What can be said of many cases together, as values: counted promises, lengths of time, sums, effort."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

__all__ = ["Effort", "Insights", "Money", "OutcomeCount", "Promises", "RungSilence", "Spread", "Week"]


class Promises(Struct, frozen=True, kw_only=True):
    """What became of the promises of one kind of people."""

    of: str | None = None
    """A side, a role as it was said, or a channel id; None where it is unknown, and for all together."""
    kept: int = 0
    broken: int = 0
    overdue: int = 0
    """Past their date, and not settled yet."""
    running: int = 0
    """Open, their date not come or never named."""
    replaced: int = 0
    """A new date took their place."""
    waived: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.broken + self.overdue + self.running + self.replaced + self.waived


class Spread(Struct, frozen=True, kw_only=True):
    """How long something took, in calendar days to the tenth."""

    n: int
    median: float | None = None
    longest: float | None = None
    each: tuple[float, ...] = ()
    """Every length, in the order in which they began."""


class RungSilence(Struct, frozen=True, kw_only=True):
    """How long they were silent at one rung of the ladder."""

    rung: str
    silence: Spread
    """Every stretch in which it was their turn, answered or not, those that last counted up to now."""
    answer: Spread
    """Only the stretches that ended with their answer."""


class Money(Struct, frozen=True, kw_only=True):
    """Sums in one currency."""

    currency: str
    demanded: Decimal
    """In all cases that name a sum, or demand the price back."""
    still_open: Decimal
    """The part of it that is demanded in open cases."""
    recovered: Decimal


class Effort(Struct, frozen=True, kw_only=True):
    """What it cost me."""

    calls: int = 0
    """Contacts by telephone, and those whose length was noted; what was said and heard in one call is one."""
    messages: int = 0
    """What I wrote otherwise."""
    minutes: int = 0
    """The noted lengths together."""


class OutcomeCount(Struct, frozen=True, kw_only=True):
    """How many cases ended in one way."""

    outcome: str | None
    """An outcome id of the handbook; None where none was noted."""
    cases: int


class Week(Struct, frozen=True, kw_only=True):
    """The contacts of one week."""

    monday: date
    mine: int
    theirs: int


class Insights(Struct, frozen=True, kw_only=True):
    """Everything that can be said of these cases. Lists have what matters most first."""

    cases: int
    open: int
    ended: int
    outcomes: tuple[OutcomeCount, ...]
    promises: Promises
    by_side: tuple[Promises, ...]
    by_role: tuple[Promises, ...]
    by_channel: tuple[Promises, ...]
    rungs: tuple[RungSilence, ...]
    """From the lowest rung up; only those at which somebody was waited for."""
    resolution: Spread
    """From the beginning to the end of the cases that were resolved."""
    money: tuple[Money, ...]
    effort: Effort
    weeks: tuple[Week, ...]
    """The latest weeks, oldest first."""
