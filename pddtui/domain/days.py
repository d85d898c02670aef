"""Days that are named by where they lie from today: 明天, 周五, 下周三, 本周内, 月底, 下个月5号, end of month.

Weeks run from Monday to Sunday. A bare weekday or day of the month is the next one, today included
(周五 said on a Friday is that day); 本 and "this" stay in the running week or month; 下 and "next" are the
calendar week or month after it. A span (本周内, 11月底) means its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from pddtui.domain.almanac import (
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
from pddtui.domain.dates import ENGLISH_MONTHS, ORDINALS, YEARS, WrittenDate, read_date
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.times import Part
from pddtui.message import msg

__all__ = ["DAYS_AHEAD", "DAYS_WITH_PART", "DayFrom", "read_day", "read_day_and_part"]

DayFrom = Callable[[date], date]
"""The day that is meant, seen from a given day."""

DAYS_AHEAD: Mapping[str, int] = {
    **dict.fromkeys(("今天", "今日", "当天", "当日", "本日", "today"), 0),
    **dict.fromkeys(("明天", "明日", "次日", "第二天", "翌日", "tomorrow", "tmr", "tmrw"), 1),
    **dict.fromkeys(("后天", "后日", "the day after tomorrow", "day after tomorrow"), 2),
    "大后天": 3,
}
DAYS_WITH_PART: Mapping[str, tuple[int, Part]] = {
    **dict.fromkeys(("今早", "this morning"), (0, "morning")),
    **dict.fromkeys(("this afternoon",), (0, "afternoon")),
    **dict.fromkeys(("今晚", "当晚", "tonight", "this evening"), (0, "evening")),
    **dict.fromkeys(("明早", "明晨"), (1, "morning")),
    "明晚": (1, "evening"),
    "后晚": (2, "evening"),
}

_THIS_OR_NEXT: Mapping[str, int] = {
    **dict.fromkeys(("本", "这", "这个", "当", "this"), 0),
    **dict.fromkeys(("下", "下个", "下一", "下一个", "next"), 1),
    **dict.fromkeys(("下下", "下下个"), 2),
}
_WEEKDAY_SIGNS: Mapping[str, int] = {sign: day for day, sign in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE_WEEKDAYS: Mapping[str, int] = {
    week + sign: day for week in ("周", "星期", "礼拜") for sign, day in _WEEKDAY_SIGNS.items()
}
_ENGLISH_WEEKDAYS: Mapping[str, int] = {
    name: day
    for day, full in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for name in (full, full[:3])
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAYS = {**_CHINESE_WEEKDAYS, **_ENGLISH_WEEKDAYS}

_WEEKS = ("周", "星期", "礼拜", "week")
_MONTHS = ("月", "月份", "month")
_QUARTERS = ("季度", "季", "quarter")
_ENDS = ("底", "末", "内", "之内", "以内")
_THIRDS: Mapping[str, int] = {"上旬": 10, "中旬": 20, "下旬": 31}

_BARE_ENDS: Mapping[str, str] = {
    **dict.fromkeys(("周内", "eow", "end of week", "end of the week"), "week"),
    **dict.fromkeys(("月底", "月末", "月内", "eom", "end of month", "end of the month"), "month"),
    **dict.fromkeys(("季末", "季度末", "季度内", "end of quarter", "end of the quarter", "eoq"), "quarter"),
    **dict.fromkeys(("年底", "年末", "年内", "eoy", "end of year", "end of the year"), "year"),
}
_ENDS_OF: Mapping[str, Callable[[int, date], date]] = {
    "week": end_of_week,
    "month": end_of_month,
    "quarter": end_of_quarter,
    "year": end_of_year,
}


def read_day_and_part(reader: Reader) -> tuple[DayFrom, Part | None] | None:
    """A day, and the part of it where one word says both (明晚)."""
    reader.spaces()
    start = reader.at
    both = reader.word(DAYS_WITH_PART)
    if both is not None:
        return partial(days_ahead, both[0]), both[1]
    day = read_day(reader)
    if day is None:
        reader.at = start
        return None
    return day, None


def read_day(reader: Reader) -> DayFrom | None:
    reader.spaces()
    start = reader.at
    for form in (_written, _ahead, _bare_end, _week, _month, _named_month, _day_of_month, _quarter, _year):
        found = form(reader)
        if found is not None:
            return found
        reader.at = start
    return None


def _written(reader: Reader) -> DayFrom | None:
    """A date; a weekday beside it, as the desk shows it (11-25 周三), must be the right one."""
    before = reader.word(_WEEKDAYS)
    reader.skip(",")
    written = read_date(reader)
    if written is None:
        return None
    reader.skip("(")
    weekday = reader.word(_WEEKDAYS) if before is None else before
    reader.skip(")")
    return written.next_from if weekday is None else partial(_on_that_weekday, written, weekday)


def _ahead(reader: Reader) -> DayFrom | None:
    days = reader.word(DAYS_AHEAD)
    return None if days is None else partial(days_ahead, days)


def _bare_end(reader: Reader) -> DayFrom | None:
    third = reader.word(_THIRDS)
    if third is not None:
        return partial(day_or_last, 0, third)
    span = reader.word(_BARE_ENDS)
    return None if span is None else partial(_ENDS_OF[span], 0)


def _week(reader: Reader) -> DayFrom | None:
    end = reader.skip("end of")
    ahead = reader.word(_THIS_OR_NEXT)
    weekday = None if end else reader.word(_WEEKDAYS)
    if weekday is not None:
        return partial(next_weekday, weekday) if ahead is None else partial(weekday_in_week, ahead, weekday)
    if reader.skip("周末", "weekend", "the weekend"):
        last = FRIDAY if reader.follows("前", "之前", "以前") else SUNDAY
        return partial(next_weekday, last) if ahead is None else partial(weekday_in_week, ahead, last)
    if ahead is None or not reader.skip(*_WEEKS):
        return None
    reader.skip(*_ENDS)
    weekday = reader.word(_ENGLISH_WEEKDAYS)
    return partial(weekday_in_week, ahead, SUNDAY if weekday is None else weekday)


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


def _named_month(reader: Reader) -> DayFrom | None:
    """`11月底`, `明年1月`, `end of December`."""
    years_ahead = reader.word(YEARS)
    if reader.skip("end of"):
        month = reader.word(ENGLISH_MONTHS)
    else:
        month = reader.number()
        if not reader.skip("月份", "月"):
            return None
    if month is None or not 1 <= month <= 12:
        return None
    last = reader.word(_THIRDS) or 31
    reader.skip(*_ENDS)
    return partial(end_of_named_month, month, last, years_ahead)


def _day_of_month(reader: Reader) -> DayFrom | None:
    reader.skip("the")
    position = reader.at
    day = reader.number()
    if day is None or not reader.skip("号", "日", *ORDINALS):
        return None
    return partial(_next_day_of_month, day, position)


def _quarter(reader: Reader) -> DayFrom | None:
    reader.skip("end of")
    ahead = reader.word(_THIS_OR_NEXT)
    if ahead is None or not reader.skip(*_QUARTERS):
        return None
    reader.skip(*_ENDS)
    return partial(end_of_quarter, ahead)


def _year(reader: Reader) -> DayFrom | None:
    reader.skip("end of")
    ahead = reader.word({**YEARS, "this year": 0, "next year": 1})
    if ahead is None:
        return None
    reader.skip("年底", *_ENDS)
    return partial(end_of_year, ahead)


def _on_that_weekday(written: WrittenDate, weekday: int, today: date) -> date:
    day = written.next_from(today)
    if day.weekday() != weekday:
        message = msg("{day} is another day of the week: which of the two is meant?", day=day)
        raise PhraseError(message, written.position)
    return day


def _day_in_month(months: int, day: int, position: int, today: date) -> date:
    last = end_of_month(months, today)
    if not 1 <= day <= last.day:
        raise PhraseError(
            msg("{year}-{month} has no day {day}: give a date that exists.", year=last.year, month=last.month, day=day),
            position,
        )
    return last.replace(day=day)


def _next_day_of_month(day: int, position: int, today: date) -> date:
    """The next one, in a month that has it."""
    if not 1 <= day <= 31:
        raise PhraseError(msg("No month has a day {day}: give a date that exists.", day=day), position)
    months = (months for months in range(4) if end_of_month(months, today).day >= day)
    return next(found for found in (_day_in_month(month, day, position, today) for month in months) if found >= today)
