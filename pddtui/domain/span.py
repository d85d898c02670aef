"""A length of time: as the handbook and the settings write it (`48h`, `10d`, `3wd`, `2m`, `1y`), and in words."""

from __future__ import annotations

import re

from msgspec import Struct

from pddtui.domain.workdays import Unit
from pddtui.errors import Refused
from pddtui.message import Message, msg, plural

__all__ = ["Span", "inverted", "period", "span"]


class Span(Struct, frozen=True):
    """A length of time in the unit it is counted in."""

    n: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.n}{_LETTERS[self.unit]}"


_LETTERS: dict[Unit, str] = {"hour": "h", "natural_day": "d", "working_day": "wd", "month": "m", "year": "y"}
_UNITS = {letters: unit for unit, letters in _LETTERS.items()}
_SPAN = re.compile(r"\s*(\d{1,4})\s*(wd|[hdmy])\s*", re.IGNORECASE)


def span(text: str) -> Span:
    """Read `24h`, `3wd`, `5d`, `2m`, `1y`. Raises `Refused` on anything else and on zero."""
    match = _SPAN.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise Refused(msg("“{text}” is not a length of time; write 24h, 5d or 3wd (working days).", text=text))
    return Span(int(match[1]), _UNITS[match[2].lower()])


def period(n: int, unit: Unit) -> Message:
    """`3 working days`."""
    match unit:
        case "hour":
            return plural("{n} hour", "{n} hours", n)
        case "natural_day":
            return plural("{n} calendar day", "{n} calendar days", n)
        case "working_day":
            return plural("{n} working day", "{n} working days", n)
        case "month":
            return plural("{n} month", "{n} months", n)
        case "year":
            return plural("{n} year", "{n} years", n)


_DAYS = {"hour": 1 / 24, "natural_day": 1.0, "month": 30.5, "year": 365.25}
_WORKING_DAYS_A_WEEK = 5


def inverted(amber: Span, red: Span) -> bool:
    """Whether `red` is over before `amber`, on whatever day of the week both begin."""
    if amber.unit == red.unit:
        return amber.n > red.n
    return _days(amber, at_most=False) > _days(red, at_most=True)


def _days(span: Span, *, at_most: bool) -> float:
    """About how many days it takes; of working days with the fewest or the most weekends between them."""
    if span.unit != "working_day":
        return span.n * _DAYS[span.unit]
    weekends = (span.n + (_WORKING_DAYS_A_WEEK - 1 if at_most else -1)) // _WORKING_DAYS_A_WEEK
    return span.n + 2.0 * weekends
