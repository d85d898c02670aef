"""What fits into a data file, and what is likely in a case.

Whoever types, imports or examines asks here, so that what one takes the others take.

A bound is wide enough for any case that a person can have, and narrow enough that nothing the program does with a
value overflows: no sum of days, no sum of money, no number in JSON that another program reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = [
    "MOST_COUNT",
    "MOST_DIGITS",
    "MOST_MONEY",
    "MOST_TEXT",
    "YEARS",
    "Life",
    "is_amount",
    "is_count",
    "is_in_time",
    "life_of",
    "life_of_moments",
    "refuse_long",
]

YEARS = range(1900, 2200)
"""The years, of UTC, in which a moment can lie."""

_EDGES = (YEARS.start - 1, YEARS.start, YEARS.stop - 1, YEARS.stop)
"""Years of which the zone decides whether a moment fits. For all others the year says it, so that no sum overflows."""

MOST_DIGITS = 12
"""Digits of a sum before the point."""

MOST_MONEY = Decimal(10) ** MOST_DIGITS
"""Less than this, and not less than nothing."""

MOST_TEXT = 200_000
"""Characters of one text."""

MOST_COUNT = 2**53
"""The first whole number that not every reader of JSON tells from its neighbour."""


def is_in_time(at: datetime) -> bool:
    """Whether the moment fits, which is the same wherever it is looked at from."""
    return at.year in YEARS if at.year not in _EDGES or at.tzinfo is None else at.astimezone(UTC).year in YEARS


def is_amount(amount: Decimal) -> bool:
    """Whether it is a sum of money that fits, to however many places."""
    return amount.is_finite() and 0 <= amount < MOST_MONEY


def is_count(n: int) -> bool:
    return 0 <= n < MOST_COUNT


def refuse_long(text: str, field: str) -> str:
    """`text` itself. Raises `Refused` for one that is longer than any chat about a case."""
    if len(text) > MOST_TEXT:
        raise Refused(
            msg("This text has {n} characters and may have {most}: keep it as evidence instead.", n=len(text),
                most=MOST_TEXT),
            field=field,
        )  # fmt: skip
    return text


_APART = timedelta(days=366)
"""So far from anything else in a case a date is a slip more often than not: another year was typed, or day and month
were taken for each other."""


class Life(Struct, frozen=True):
    """From when to when something in a case is likely to have happened: what lies outside is asked about."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.begin <= at <= self.end


def life_of(case: Case, now: datetime) -> Life:
    """The life of a case that is here, with a year before it and a year to come."""
    order = case.order
    known = (case.opened_at, order.ordered_at, order.received_at, *(contact.at for contact in case.contacts))
    begin = min((at for at in known if at is not None and is_in_time(at)), default=now)
    return Life(begin - _APART, max(begin, now) + _APART)


def life_of_moments(moments: Sequence[datetime], now: datetime) -> Life:
    """The life of a case that is made of a table: three years around the moment that has as many before as after it.

    Today counts as one of them, so that of two the one that is nearer is believed.
    """
    middle = sorted((*moments, now))[(len(moments) + 1) // 2]
    return Life(middle - 3 * _APART, min(middle + 3 * _APART, max(middle, now) + _APART))
