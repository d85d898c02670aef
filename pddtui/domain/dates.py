"""Days with their month as people write them: 2026-11-25, 11/25, 11月25日, 明年1月5日, 5 Dec.

Reading only says what stands there; whether that day exists is said when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from pddtui.domain.reader import PhraseError, Reader
from pddtui.message import msg

__all__ = ["ENGLISH_MONTHS", "ORDINALS", "YEARS", "WrittenDate", "read_date"]

YEARS: Mapping[str, int] = {"今年": 0, "本年": 0, "明年": 1, "后年": 2}

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
ENGLISH_MONTHS: Mapping[str, int] = {
    name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3], f"{full[:3]}.")
} | {"sept": 9, "sept.": 9}

ORDINALS = ("st", "nd", "rd", "th")
_FIRST_YEAR = 1000
_SEPARATORS = ("-", "/", ".")
_YEARS_BETWEEN_LEAP_DAYS = 8


class WrittenDate(Struct, frozen=True, kw_only=True):
    """The parts of a date that were written."""

    position: int

    year: int | None = None

    years_ahead: int | None = None
    """0 for 今年, 1 for 明年."""

    month: int
    day: int

    def year_from(self, today: date) -> int | None:
        """The year that was said, or None."""
        return self.year if self.years_ahead is None else today.year + self.years_ahead

    def next_from(self, today: date) -> date:
        """That day of the year that was said, else the next such day, today included."""
        year = self.year_from(today)
        if year is not None:
            return self.on(year)
        for year in range(today.year, today.year + _YEARS_BETWEEN_LEAP_DAYS + 1):
            if self.exists_in(year) and self.on(year) >= today:
                return self.on(year)
        return self.on(today.year)

    def exists_in(self, year: int) -> bool:
        try:
            date(year, self.month, self.day)
        except ValueError:
            return False
        return True

    def on(self, year: int) -> date:
        """Refuses a day that does not exist."""
        if self.exists_in(year):
            return date(year, self.month, self.day)
        message = msg(
            "{year} has no day {month}-{day}: give a date that exists.", year=year, month=self.month, day=self.day
        )
        raise PhraseError(message, self.position)


def read_date(reader: Reader) -> WrittenDate | None:
    """A day with its month, with or without its year."""
    reader.spaces()
    start = reader.at
    for form in (_chinese_date, _numeric_date, _english_date):
        found = form(reader, start)
        if found is not None:
            return found
        reader.at = start
    return None


def _chinese_date(reader: Reader, start: int) -> WrittenDate | None:
    years_ahead = reader.word(YEARS)
    year: int | None = None
    month = reader.number()
    if years_ahead is None and month is not None and month >= _FIRST_YEAR and reader.skip("年"):
        year, month = month, reader.number()
    if month is None or not reader.skip("月"):
        return None
    day = reader.number()
    if day is None:
        return None
    reader.skip("日", "号")
    return WrittenDate(position=start, year=year, years_ahead=years_ahead, month=month, day=day)


def _numeric_date(reader: Reader, start: int) -> WrittenDate | None:
    first = reader.number()
    separator = next((sign for sign in _SEPARATORS if reader.skip(sign)), None)
    if first is None or separator is None:
        return None
    second = reader.number()
    if second is None:
        return None
    if first < _FIRST_YEAR:
        return WrittenDate(position=start, month=first, day=second)
    third = reader.number() if reader.skip(separator) else None
    return None if third is None else WrittenDate(position=start, year=first, month=second, day=third)


def _english_date(reader: Reader, start: int) -> WrittenDate | None:
    month = reader.word(ENGLISH_MONTHS)
    day = reader.number()
    reader.skip(*ORDINALS)
    if month is None:
        reader.skip("of")
        month = reader.word(ENGLISH_MONTHS)
    if month is None or day is None:
        return None
    before_year = reader.at
    reader.skip(",")
    year = reader.number()
    if year is None or year < _FIRST_YEAR:
        year = None
        reader.at = before_year
    return WrittenDate(position=start, year=year, month=month, day=day)
