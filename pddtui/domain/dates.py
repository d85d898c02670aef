"""Days with their month as people write them: 2026-11-25, 11/25, 11月25日, 明年1月5日, 5 Dec, 30.11.2026.

A range of days in one month (Nov 25-27) means its later end. Reading only says what stands there; whether that day
exists is said when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from pddtui.domain.fillers import RANGE
from pddtui.domain.reader import PhraseError, Reader
from pddtui.message import Label, Message, msg

__all__ = [
    "ENGLISH_MONTHS",
    "FIRST_YEAR",
    "MONTHS_A_YEAR",
    "ORDINALS",
    "YEARS",
    "WrittenDate",
    "later_day",
    "no_such_day",
    "read_date",
    "read_year",
]

YEARS: Mapping[str, int] = {"今年": 0, "本年": 0, "明年": 1, "后年": 2}

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
ENGLISH_MONTHS: Mapping[str, int] = {
    name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3], f"{full[:3]}.")
} | {"sept": 9, "sept.": 9}

ORDINALS = ("st", "nd", "rd", "th")
FIRST_YEAR = 1000
_SHORT_YEARS, _THIS_CENTURY = range(10, 100), 2000
MONTHS_A_YEAR = 12
_SEPARATORS = ("-", "/", ".")
_DAYS = ("日", "号")
_HOURS = (":", "点", "时", "am", "pm", "a.m.", "p.m.")
_GOES_ON = (*_DAYS, *_HOURS, "月", *ENGLISH_MONTHS, "-", "/")
"""What a number behind a range has after it when it is not simply the later day."""
_YEARS_BETWEEN_LEAP_DAYS = 8


class WrittenDate(Struct, frozen=True, kw_only=True):
    """The parts of a date that were written."""

    position: int

    year: int | None = None

    years_ahead: int | None = None
    """0 for 今年, 1 for 明年."""

    month: int
    day: int

    ranged: bool = False
    """The later one of two days."""

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
        raise PhraseError(no_such_day(year, self.month, self.day), self.position)


def no_such_day(year: int, month: int, day: int) -> Message:
    """That a date does not exist."""
    if not 1 <= month <= MONTHS_A_YEAR:
        return msg("There is no month {month}: give a date that exists.", month=month)
    name = Label(str(month), _MONTH_NAMES[month - 1].capitalize())
    return msg("There is no {day} {month} {year}: give a date that exists.", day=day, month=name, year=str(year))


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


def read_year(reader: Reader, *, short: bool = True) -> int | None:
    """`2026年`, and if `short` `26年`, of which what follows must make a date: alone it is a length."""
    start = reader.at
    year = reader.number()
    if year is not None and reader.skip("年"):
        if year >= FIRST_YEAR:
            return year
        if short and year in _SHORT_YEARS:
            return _THIS_CENTURY + year
    reader.at = start
    return None


def _chinese_date(reader: Reader, start: int) -> WrittenDate | None:
    years_ahead = reader.word(YEARS)
    year = read_year(reader) if years_ahead is None else None
    month = reader.number()
    if month is None or not reader.skip("月"):
        return None
    day = reader.number()
    if day is None:
        return None
    reader.skip(*_DAYS)
    last = later_day(reader, day)
    return WrittenDate(
        position=start, year=year, years_ahead=years_ahead, month=month, day=last or day, ranged=last is not None
    )


def later_day(reader: Reader, day: int) -> int | None:
    """The 27 of `11月25-27日`, `25-27 Nov`; None where another kind of end follows, or none."""
    after = reader.at
    last = reader.number() if reader.skip(*RANGE) else None
    if last is not None and last >= day and (reader.skip(*_DAYS) or not reader.follows(*_GOES_ON)):
        reader.skip(*ORDINALS)
        return last
    reader.at = after
    return None


def _numeric_date(reader: Reader, start: int) -> WrittenDate | None:
    first = reader.number()
    separator = next((sign for sign in _SEPARATORS if reader.skip(sign)), None)
    if first is None or separator is None:
        return None
    second = reader.number()
    if second is None:
        return None
    if first >= FIRST_YEAR:
        third = reader.number() if reader.skip(separator) else None
        return None if third is None else WrittenDate(position=start, year=first, month=second, day=third)
    after = reader.at
    if separator == "." and reader.skip("."):  # with points and the year last, the day always comes first
        year = reader.number()
        if year is not None and year >= FIRST_YEAR:
            return WrittenDate(position=start, year=year, month=second, day=first)
        reader.at = after
    if reader.follows(*_DAYS, *_HOURS, *ENGLISH_MONTHS):
        return None  # 25-27日, 9-11am, 25-27 Nov
    last = later_day(reader, second) if separator != "-" else None
    return WrittenDate(position=start, month=first, day=last or second, ranged=last is not None)


def _english_date(reader: Reader, start: int) -> WrittenDate | None:
    month = reader.word(ENGLISH_MONTHS)
    day = reader.number()
    if day is None or day >= FIRST_YEAR:
        return None
    reader.skip(*ORDINALS)
    if month is None:
        last = _day_before_month(reader, day)
        reader.skip("of")
        month = reader.word(ENGLISH_MONTHS)
    else:
        last = later_day(reader, day)
    if month is None:
        return None
    before_year = reader.at
    reader.skip(",")
    year = reader.number()
    if year is None or year < FIRST_YEAR:
        year = None
        reader.at = before_year
    return WrittenDate(position=start, year=year, month=month, day=last or day, ranged=last is not None)


def _day_before_month(reader: Reader, day: int) -> int | None:
    """The 27 of `25-27 Nov`."""
    after = reader.at
    last = reader.number() if reader.skip(*RANGE) else None
    if last is not None and last >= day:
        reader.skip(*ORDINALS)
        return last
    reader.at = after
    return None
