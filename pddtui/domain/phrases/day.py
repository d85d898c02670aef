"""Days as people write them: 11月25日, 5 Dec, 明天, 下周三, 月底, end of month.

Weeks run from Monday to Sunday. A bare weekday or day of the month is the next one, today included (周五 on a Friday
is that day); 本 and "this" stay in the current week or month, 下 and "next" mean the one after it. A range
(Nov 25-27) means its later end, a stretch (本周内, 11月底) its last day. Whether a day exists is checked when it is
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from pddtui.domain.duetime import (
    FRIDAY,
    SUNDAY,
    day_or_last,
    days_ahead,
    end_of_month,
    end_of_named_month,
    end_of_quarter,
    end_of_week,
    end_of_year,
    next_weekday,
    weekday_in_week,
)
from pddtui.domain.phrases.reader import DATES_FROM, NEXT_DAY, RANGE, PhraseError, Reader
from pddtui.domain.phrases.time import PartOfDay
from pddtui.message import MONTHS, Message, msg

__all__ = [
    "DAYS_AHEAD",
    "DAYS_WITH_PART",
    "YEARS_BETWEEN_LEAP_DAYS",
    "DayFrom",
    "NamedDay",
    "WrittenDate",
    "later_end",
    "read_date",
    "read_day",
]

_YEARS: Mapping[str, int] = {"今年": 0, "本年": 0, "明年": 1, "后年": 2}
_YEARS_IN_ENGLISH_TOO: Mapping[str, int] = {**_YEARS, "this year": 0, "next year": 1}

_MONTH_NAMES = tuple(month.template.casefold() for month in MONTHS)
_ENGLISH_MONTHS: Mapping[str, int] = {
    name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3], f"{full[:3]}.")
} | {"sept": 9, "sept.": 9}

_ORDINALS = ("st", "nd", "rd", "th")
_FIRST_YEAR = 1000
_SHORT_YEARS, _THIS_CENTURY = range(10, 100), 2000
_MONTHS_A_YEAR = 12
_EIGHT_DIGITS = re.compile("20[0-9]{6}(?![0-9])")
_SEPARATORS = ("-", "/", ".")
_DAYS = ("日", "号")
_HOURS = (":", "点", "时", "am", "pm", "a.m.", "p.m.")
_GOES_ON = (*_DAYS, *_HOURS, "月", *_ENGLISH_MONTHS, "-", "/")
"""What follows the number behind a range where it is not simply the later day."""

YEARS_BETWEEN_LEAP_DAYS = 8
"""At the most: 1896 to 1904."""

_THIS_OR_NEXT: Mapping[str, int] = {
    **dict.fromkeys(("本", "这", "这个", "当", "this"), 0),
    **dict.fromkeys(("下", "下个", "下一", "下一个", "next"), 1),
    **dict.fromkeys(("下下", "下下个"), 2),
}
_WEEKS = ("周", "星期", "礼拜", "week")
_MONTHS = ("月", "月份", "month")
_QUARTERS = ("季度", "季", "quarter")
_ENDS = ("底", "末", "内", "之内", "以内")
_THIRDS: Mapping[str, int] = {"上旬": 10, "中旬": 20, "下旬": 31}

_BARE_ENDS: Mapping[str, str] = {
    **dict.fromkeys(("周内", "eow", "end of week", "end of the week"), "week"),
    **dict.fromkeys(
        ("月底", "月末", "月内", "eom", "month end", "month-end", "end of month", "end of the month"), "month"
    ),
    **dict.fromkeys(("季末", "季度末", "季度内", "end of quarter", "end of the quarter", "eoq"), "quarter"),
    **dict.fromkeys(("年底", "年末", "年内", "eoy", "year end", "year-end", "end of year", "end of the year"), "year"),
}
_ENDS_OF: Mapping[str, Callable[[int, date], date]] = {
    "week": end_of_week,
    "month": end_of_month,
    "quarter": end_of_quarter,
    "year": end_of_year,
}

DAYS_AHEAD: Mapping[str, int] = {
    **dict.fromkeys(("今天", "今日", "今儿", "今儿个", "当天", "当日", "本日", "today"), 0),
    **dict.fromkeys(
        (
            "明天",
            "明日",
            "明儿",
            "明儿个",
            "次日",
            "翌日",
            "隔天",
            "隔日",
            "第二日",
            *NEXT_DAY,
            "tomorrow",
            "tmr",
            "tmrw",
        ),
        1,
    ),
    **dict.fromkeys(("后天", "后日", "后儿", "the day after tomorrow", "day after tomorrow"), 2),
    "大后天": 3,
}
DAYS_WITH_PART: Mapping[str, tuple[int, PartOfDay]] = {
    **dict.fromkeys(("今早", "this morning"), (0, "morning")),
    **dict.fromkeys(("this afternoon",), (0, "afternoon")),
    **dict.fromkeys(("今晚", "当晚", "tonight", "this evening"), (0, "evening")),
    **dict.fromkeys(("明早", "明晨"), (1, "morning")),
    "明晚": (1, "evening"),
    "后晚": (2, "evening"),
}

_LATER_OF_TWO: Mapping[str, int] = {
    **dict.fromkeys(("明后天", "明后日", "明后两天", "明后两日", "明天后天", "明、后天", "明后", "明或后天"), 2),
    **dict.fromkeys(("今明两天", "今明两日", "今明天", "今明", "今天明天"), 1),
    **dict.fromkeys(("tomorrow or the day after", "tomorrow or day after", "tomorrow or the next day"), 2),
    **dict.fromkeys(("后天大后天",), 3),
}
"""Two days in one word."""

_WEEKDAY_CHARS: Mapping[str, int] = {char: day for day, char in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE_WEEKDAYS: Mapping[str, int] = {
    week + char: day for week in ("周", "星期", "礼拜") for char, day in _WEEKDAY_CHARS.items()
}
_ENGLISH_WEEKDAYS: Mapping[str, int] = {
    name: day
    for day, full in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for name in (full, full[:3], f"{full[:3]}.")
} | {"tues": 1, "tues.": 1, "weds": 2, "thur": 3, "thur.": 3, "thurs": 3, "thurs.": 3}
_WEEKDAYS = {**_CHINESE_WEEKDAYS, **_ENGLISH_WEEKDAYS}
_WEEKDAY_IN_DIGITS = re.compile("(?:周|星期|礼拜)([1-7])(?![0-9:.点时个天日号月年周])")

DayFrom = Callable[[date], date]
"""Gives the day that is meant, seen from a given day."""


class NamedDay(NamedTuple):
    """A day as it was named."""

    seen_from: DayFrom
    part: PartOfDay | None = None
    """The part of the day, where one word names both (明晚)."""
    ranged: bool = False
    """Whether it is the later end of two."""


class WrittenDate(Struct, frozen=True, kw_only=True):
    """The parts of a date as they were written."""

    position: int

    year: int | None = None

    years_ahead: int | None = None
    """0 for 今年, 1 for 明年."""

    month: int
    day: int

    ranged: bool = False
    """Whether it is the later one of two days."""

    def year_from(self, today: date) -> int | None:
        """The year that was written, or None."""
        return self.year if self.years_ahead is None else today.year + self.years_ahead

    def next_from(self, today: date, looks_back: timedelta = timedelta()) -> date:
        """The day in the year that was written, else the next such day, today and what is looked back at included."""
        year = self.year_from(today)
        if year is not None:
            return self.on(year)
        first = today - looks_back
        for year in range(first.year, first.year + YEARS_BETWEEN_LEAP_DAYS + 1):
            if self.exists_in(year) and self.on(year) >= first:
                return self.on(year)
        return self.on(today.year)

    def exists_in(self, year: int) -> bool:
        try:
            date(year, self.month, self.day)
        except ValueError:
            return False
        return True

    def on(self, year: int) -> date:
        """The day in that year. Refuses one that does not exist."""
        if self.exists_in(year):
            return date(year, self.month, self.day)
        raise PhraseError(_no_such_day(year, self.month, self.day), self.position)


def read_day(reader: Reader) -> NamedDay | None:
    """A day; a weekday beside it, as the desk shows one (11-25 周三), must be the right one."""
    reader.spaces()
    start = reader.at
    both = reader.word(DAYS_WITH_PART)
    if both is not None:
        return NamedDay(partial(days_ahead, both[0]), both[1])
    for form in (_written, _ahead, _week, _stretch, _day_of_month, _end_of):
        found = form(reader)
        if found is not None:
            weekday = _weekday_beside(reader)
            if weekday is None:
                return found
            return found._replace(seen_from=partial(_on_that_weekday, found.seen_from, weekday, start))
        reader.at = start
    return None


def read_date(reader: Reader) -> WrittenDate | None:
    """A day with its month, with or without its year."""
    reader.spaces()
    start = reader.at
    for form in (_compact_date, _chinese_date, _numeric_date, _english_date):
        found = form(reader, start)
        if found is not None:
            return found
        reader.at = start
    return None


def later_end(first: DayFrom, second: DayFrom, today: date) -> date:
    """The later end of a range: that of `12月25-27日` is seen from its beginning, that of `明天或后天` from today."""
    begin, end = first(today), second(today)
    return end if end >= begin else second(begin)


def _written(reader: Reader) -> NamedDay | None:
    """A date, or a day of the month behind its weekday: `11-25`, `Wed 25 Nov`, `周三(25号)`."""
    start = reader.at
    before = read_weekday(reader)
    reader.skip(",", "(", "the")
    written = read_date(reader)
    found = None
    if written is not None:
        found = NamedDay(partial(written.next_from, looks_back=reader.looks_back), ranged=written.ranged)
    if before is None:
        return found
    found = found or _day_of_month(reader)
    if found is None:
        return None
    reader.skip(")")
    return found._replace(seen_from=partial(_on_that_weekday, found.seen_from, before, start))


def _ahead(reader: Reader) -> NamedDay | None:
    later = reader.word(_LATER_OF_TWO)
    if later is not None:
        return NamedDay(partial(days_ahead, later), ranged=True)
    days = reader.word(DAYS_AHEAD)
    return None if days is None else NamedDay(partial(days_ahead, days))


def _week(reader: Reader) -> NamedDay | None:
    """`周五`, `下周三`, `本周内`, `Friday next week`."""
    end = reader.skip("end of")
    ahead = reader.word(_THIS_OR_NEXT)
    weekday = None if end else read_weekday(reader)
    if weekday is not None:
        ahead = _week_behind(reader) if ahead is None else ahead
        return NamedDay(partial(next_weekday, weekday) if ahead is None else partial(weekday_in_week, ahead, weekday))
    if reader.skip("周末", "weekend", "the weekend"):
        last = FRIDAY if reader.follows("前", "之前", "以前") else SUNDAY
        return NamedDay(partial(next_weekday, last) if ahead is None else partial(weekday_in_week, ahead, last))
    if ahead is None or not reader.skip(*_WEEKS):
        return None
    reader.skip(*_ENDS, "的")
    weekday = read_weekday(reader)
    return NamedDay(partial(weekday_in_week, ahead, SUNDAY if weekday is None else weekday))


def _week_behind(reader: Reader) -> int | None:
    after = reader.at
    reader.skip("of", ",")
    ahead = reader.word(_THIS_OR_NEXT)
    if ahead is not None and reader.skip("week"):
        return ahead
    reader.at = after
    return None


def _stretch(reader: Reader) -> NamedDay | None:
    found = _read_stretch(reader)
    return None if found is None else NamedDay(found)


def _day_of_month(reader: Reader) -> NamedDay | None:
    """`25号`, `the 25th`, `25-27日`."""
    reader.skip("the")
    position = reader.at
    day = reader.number()
    if day is None:
        return None
    after = reader.at
    last = reader.number() if reader.skip(*RANGE) else None
    if last is None:
        reader.at = after
    elif day < DATES_FROM and reader.follows("日"):
        return None
    if not reader.skip("号", "日", *_ORDINALS):
        return None
    if last is None or last >= day:
        return NamedDay(partial(_next_day_of_month, last or day, position), ranged=last is not None)
    first, second = (partial(_next_day_of_month, each, position) for each in (day, last))
    return NamedDay(partial(later_end, first, second), ranged=True)


def _next_day_of_month(day: int, position: int, today: date) -> date:
    """The next day of that number, in a month that has it."""
    if not 1 <= day <= 31:
        raise PhraseError(msg("No month has a day {day}: enter a date that exists.", day=day), position)
    months = (months for months in range(4) if end_of_month(months, today).day >= day)
    return next(found for found in (_day_in_month(month, day, position, today) for month in months) if found >= today)


def _end_of(reader: Reader) -> NamedDay | None:
    """`end of Friday`, which is Friday."""
    if not reader.skip("end of"):
        return None
    start = reader.at
    for form in (_written, _ahead, _week, _day_of_month):
        found = form(reader)
        if found is not None:
            return found
        reader.at = start
    return None


def read_weekday(reader: Reader) -> int | None:
    reader.spaces()
    digit = reader.match(_WEEKDAY_IN_DIGITS)
    return reader.word(_WEEKDAYS) if digit is None else int(digit[-1]) - 1


def _weekday_beside(reader: Reader) -> int | None:
    after = reader.at
    reader.skip("(", ",")
    weekday = read_weekday(reader)
    if weekday is None:
        reader.at = after
    else:
        reader.skip(")")
    return weekday


def _on_that_weekday(seen_from: DayFrom, weekday: int, position: int, today: date) -> date:
    day = seen_from(today)
    if day.weekday() != weekday:
        message = msg("{day} does not fall on that weekday: correct one of the two.", day=day)
        raise PhraseError(message, position)
    return day


def _compact_date(reader: Reader, start: int) -> WrittenDate | None:
    """`20261201`."""
    digits = reader.match(_EIGHT_DIGITS)
    if digits is None:
        return None
    reader.skip(*_DAYS)
    return WrittenDate(position=start, year=int(digits[:4]), month=int(digits[4:6]), day=int(digits[6:]))


def _chinese_date(reader: Reader, start: int) -> WrittenDate | None:
    years_ahead = reader.word(_YEARS)
    year = _read_year(reader) if years_ahead is None else None
    month = reader.number()
    if month is None or not reader.skip("月"):
        return None
    day = reader.number()
    if day is None:
        return None
    reader.skip(*_DAYS)
    last = _later_day(reader, day)
    return WrittenDate(
        position=start, year=year, years_ahead=years_ahead, month=month, day=last or day, ranged=last is not None
    )


def _numeric_date(reader: Reader, start: int) -> WrittenDate | None:
    first = reader.number()
    separator = next((char for char in _SEPARATORS if reader.skip(char)), None)
    if first is None or separator is None:
        return None
    second = reader.number()
    if second is None:
        return None
    if first >= _FIRST_YEAR:
        third = reader.number() if reader.skip(separator) else None
        return None if third is None else WrittenDate(position=start, year=first, month=second, day=third)
    after = reader.at
    if separator == "." and reader.skip("."):  # with points and the year last, the day always comes first
        year = reader.number()
        if year is not None and year >= _FIRST_YEAR:
            return WrittenDate(position=start, year=year, month=second, day=first)
        reader.at = after
    if separator != "-" and first <= _MONTHS_A_YEAR:
        reader.skip(*_DAYS)  # 11/30日
    if reader.follows(*_DAYS, *_HOURS, *_ENGLISH_MONTHS):
        return None  # 25-27日, 9-11am, 25-27 Nov
    last = _later_day(reader, second) if separator != "-" else None
    return WrittenDate(position=start, month=first, day=last or second, ranged=last is not None)


def _english_date(reader: Reader, start: int) -> WrittenDate | None:
    month = reader.word(_ENGLISH_MONTHS)
    day = reader.number()
    if day is None or day >= _FIRST_YEAR:
        return None
    reader.skip(*_ORDINALS)
    if month is None:
        last = _later_day(reader, day, before_month=True)
        reader.skip("of")
        month = reader.word(_ENGLISH_MONTHS)
    else:
        last = _later_day(reader, day)
    if month is None:
        return None
    before_year = reader.at
    reader.skip(",")
    year = reader.number()
    if year is None or year < _FIRST_YEAR:
        year = None
        reader.at = before_year
    return WrittenDate(position=start, year=year, month=month, day=last or day, ranged=last is not None)


def _later_day(reader: Reader, day: int, *, before_month: bool = False) -> int | None:
    """The 27 of `11月25-27日`, `Nov 25-27`; None where another kind of end follows, or none.

    `before_month`: the month comes after it (`25-27 Nov`), so whatever follows is left to the caller.
    """
    after = reader.at
    last = reader.number() if reader.skip(*RANGE) else None
    if last is not None and last >= day and (before_month or reader.skip(*_DAYS) or not reader.follows(*_GOES_ON)):
        reader.skip(*_ORDINALS)
        return last
    reader.at = after
    return None


def _read_year(reader: Reader, *, short: bool = True) -> int | None:
    """`2026年`, and if `short` also `26年`, which is a year only where a date follows: alone it is a length."""
    start = reader.at
    year = reader.number()
    if year is not None and reader.skip("年"):
        if year >= _FIRST_YEAR:
            return year
        if short and year in _SHORT_YEARS:
            return _THIS_CENTURY + year
    reader.at = start
    return None


def _no_such_day(year: int, month: int, day: int) -> Message:
    if not 1 <= month <= _MONTHS_A_YEAR:
        return msg("There is no month {month}: enter a date that exists.", month=month)
    return msg(
        "There is no {day} {month} {year}: enter a date that exists.", day=day, month=MONTHS[month - 1], year=str(year)
    )


def _read_stretch(reader: Reader) -> DayFrom | None:
    """The last day of a week, month, quarter or year, or a day of a month that is named relatively (下个月5号)."""
    start = reader.at
    for form in (_bare_end, _month, _named_month, _quarter, _year):
        found = form(reader)
        if found is not None:
            return found
        reader.at = start
    return None


def _bare_end(reader: Reader) -> DayFrom | None:
    third = reader.word(_THIRDS)
    if third is not None:
        return partial(day_or_last, 0, third)
    span = reader.word(_BARE_ENDS)
    return None if span is None else partial(_ENDS_OF[span], 0)


def _month(reader: Reader) -> DayFrom | None:
    reader.skip("end of")
    ahead = reader.word(_THIS_OR_NEXT)
    if ahead is None or not reader.skip(*_MONTHS):
        return None
    reader.skip("的")
    third = reader.word(_THIRDS)
    if third is not None:
        return partial(day_or_last, ahead, third)
    position = reader.at
    day = reader.number()
    if day is None:
        reader.skip(*_ENDS)
        return partial(end_of_month, ahead)
    reader.skip("号", "日")
    return partial(_day_in_month, ahead, day, position)


def _day_in_month(months: int, day: int, position: int, today: date) -> date:
    """The day of the month so many months ahead. Refuses one that the month does not have."""
    last = end_of_month(months, today)
    if not 1 <= day <= last.day:
        raise PhraseError(_no_such_day(last.year, last.month, day), position)
    return last.replace(day=day)


def _named_month(reader: Reader) -> DayFrom | None:
    """`11月底`, `明年1月`, `2026年12月`, `end of December`, `Dec 2026`."""
    years_ahead = reader.word(_YEARS)
    year = _read_year(reader) if years_ahead is None else None
    month = reader.number()
    if month is None and year is None:
        reader.skip("end of")
        month = reader.word(_ENGLISH_MONTHS)
        year = _year_behind(reader)
    elif not reader.skip("月份", "月"):
        return None
    if month is None or not 1 <= month <= _MONTHS_A_YEAR:
        return None
    last = reader.word(_THIRDS) or 31
    reader.skip(*_ENDS)
    if year is not None:
        return partial(_end_of_month_in, year, month, last)
    if years_ahead is None:
        return lambda today: end_of_named_month(month, last, None, today - reader.looks_back)
    return partial(end_of_named_month, month, last, years_ahead)


def _year_behind(reader: Reader) -> int | None:
    after = reader.at
    reader.skip(",", "of")
    year = reader.number()
    if year is not None and year >= _FIRST_YEAR:
        return year
    reader.at = after
    return None


def _end_of_month_in(year: int, month: int, last: int, today: date) -> date:
    return day_or_last(12 * (year - today.year) + month - today.month, last, today)


def _quarter(reader: Reader) -> DayFrom | None:
    reader.skip("end of")
    ahead = reader.word(_THIS_OR_NEXT)
    if ahead is None or not reader.skip(*_QUARTERS):
        return None
    reader.skip(*_ENDS)
    return partial(end_of_quarter, ahead)


def _year(reader: Reader) -> DayFrom | None:
    """`明年底`, `2026年底`, `end of 2026`."""
    end = reader.skip("end of")
    ahead = reader.word(_YEARS_IN_ENGLISH_TOO)
    if ahead is not None:
        reader.skip("年底", *_ENDS)
        return partial(end_of_year, ahead)
    year = _year_behind(reader) if end else _read_year(reader, short=False)
    if year is not None:
        reader.skip(*_ENDS)
        return partial(_end_of_the_year, year)
    year = _read_year(reader)
    return partial(_end_of_the_year, year) if year is not None and reader.skip(*_ENDS) else None  # 26年 is a length


def _end_of_the_year(year: int, _: date) -> date:
    return date(year, 12, 31)
