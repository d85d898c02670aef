"""Weeks, months, quarters and years as they stand for their last day: 本周内, 月底, 11月底, 2026年底, end of month.

本 and "this" mean the running one, 下 and "next" the one after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from pddtui.domain.almanac import (
    day_or_last,
    end_of_month,
    end_of_named_month,
    end_of_quarter,
    end_of_week,
    end_of_year,
)
from pddtui.domain.dates import ENGLISH_MONTHS, FIRST_YEAR, MONTHS_A_YEAR, YEARS, no_such_day, read_year
from pddtui.domain.reader import PhraseError, Reader

__all__ = ["ENDS", "THIS_OR_NEXT", "DayFrom", "day_in_month", "read_stretch"]

THIS_OR_NEXT: Mapping[str, int] = {
    **dict.fromkeys(("本", "这", "这个", "当", "this"), 0),
    **dict.fromkeys(("下", "下个", "下一", "下一个", "next"), 1),
    **dict.fromkeys(("下下", "下下个"), 2),
}
_MONTHS = ("月", "月份", "month")
_QUARTERS = ("季度", "季", "quarter")
ENDS = ("底", "末", "内", "之内", "以内")
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


DayFrom = Callable[[date], date]
"""The day that is meant, seen from a given day."""


def read_stretch(reader: Reader) -> DayFrom | None:
    """The last day of what is named, or the day of a month that is named by where it lies (下个月5号)."""
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
    ahead = reader.word(THIS_OR_NEXT)
    if ahead is None or not reader.skip(*_MONTHS):
        return None
    reader.skip("的")
    third = reader.word(_THIRDS)
    if third is not None:
        return partial(day_or_last, ahead, third)
    position = reader.at
    day = reader.number()
    if day is None:
        reader.skip(*ENDS)
        return partial(end_of_month, ahead)
    reader.skip("号", "日")
    return partial(day_in_month, ahead, day, position)


def _named_month(reader: Reader) -> DayFrom | None:
    """`11月底`, `明年1月`, `2026年12月`, `end of December`, `Dec 2026`."""
    years_ahead = reader.word(YEARS)
    year = read_year(reader) if years_ahead is None else None
    month = reader.number()
    if month is None and year is None:
        reader.skip("end of")
        month = reader.word(ENGLISH_MONTHS)
        year = _year_behind(reader)
    elif not reader.skip("月份", "月"):
        return None
    if month is None or not 1 <= month <= MONTHS_A_YEAR:
        return None
    last = reader.word(_THIRDS) or 31
    reader.skip(*ENDS)
    if year is not None:
        return partial(_end_of_month_in, year, month, last)
    return partial(end_of_named_month, month, last, years_ahead)


def _year_behind(reader: Reader) -> int | None:
    after = reader.at
    reader.skip(",", "of")
    year = reader.number()
    if year is not None and year >= FIRST_YEAR:
        return year
    reader.at = after
    return None


def _end_of_month_in(year: int, month: int, last: int, today: date) -> date:
    return day_or_last(12 * (year - today.year) + month - today.month, last, today)


def _quarter(reader: Reader) -> DayFrom | None:
    reader.skip("end of")
    ahead = reader.word(THIS_OR_NEXT)
    if ahead is None or not reader.skip(*_QUARTERS):
        return None
    reader.skip(*ENDS)
    return partial(end_of_quarter, ahead)


def _year(reader: Reader) -> DayFrom | None:
    """`明年底`, `2026年底`, `end of 2026`."""
    end = reader.skip("end of")
    ahead = reader.word({**YEARS, "this year": 0, "next year": 1})
    if ahead is not None:
        reader.skip("年底", *ENDS)
        return partial(end_of_year, ahead)
    year = _year_behind(reader) if end else read_year(reader, short=False)
    if year is not None:
        reader.skip(*ENDS)
        return partial(_end_of_the_year, year)
    year = read_year(reader)
    return partial(_end_of_the_year, year) if year is not None and reader.skip(*ENDS) else None  # 26年 is a length


def _end_of_the_year(year: int, _: date) -> date:
    return date(year, 12, 31)


def day_in_month(months: int, day: int, position: int, today: date) -> date:
    """That day of the month so many months ahead. Refuses one that the month does not have."""
    last = end_of_month(months, today)
    if not 1 <= day <= last.day:
        raise PhraseError(no_such_day(last.year, last.month, day), position)
    return last.replace(day=day)
