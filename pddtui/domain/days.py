"""Days that are named by where they lie from today: 明天, 周五, 下周三, 本周内, 月底, 下个月5号, end of month.

Weeks run from Monday to Sunday. A bare weekday or day of the month is the next one, today included
(周五 said on a Friday is that day); 本 and "this" stay in the running week or month; 下 and "next" are the
calendar week or month after it. A span (本周内, 11月底) means its last day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from pddtui.domain.almanac import FRIDAY, SUNDAY, days_ahead, end_of_month, next_weekday, weekday_in_week
from pddtui.domain.dates import ORDINALS, read_date
from pddtui.domain.fillers import RANGE
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.stretches import ENDS, THIS_OR_NEXT, DayFrom, day_in_month, read_stretch
from pddtui.domain.times import Part
from pddtui.message import msg

__all__ = ["DAYS_AHEAD", "DAYS_WITH_PART", "NEXT_DAY", "NamedDay", "later_end", "read_day"]

NEXT_DAY = ("第二天", "第2天")
"""The day after, not a length of two days."""

DAYS_AHEAD: Mapping[str, int] = {
    **dict.fromkeys(("今天", "今日", "当天", "当日", "本日", "today"), 0),
    **dict.fromkeys(("明天", "明日", "次日", "翌日", *NEXT_DAY, "tomorrow", "tmr", "tmrw"), 1),
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

_WEEKDAY_SIGNS: Mapping[str, int] = {sign: day for day, sign in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE_WEEKDAYS: Mapping[str, int] = {
    week + sign: day for week in ("周", "星期", "礼拜") for sign, day in _WEEKDAY_SIGNS.items()
}
_ENGLISH_WEEKDAYS: Mapping[str, int] = {
    name: day
    for day, full in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for name in (full, full[:3], f"{full[:3]}.")
} | {"tues": 1, "tues.": 1, "weds": 2, "thur": 3, "thur.": 3, "thurs": 3, "thurs.": 3}
_WEEKDAYS = {**_CHINESE_WEEKDAYS, **_ENGLISH_WEEKDAYS}
_WEEKDAY_IN_DIGITS = re.compile("(?:周|星期|礼拜)([1-7])(?![0-9:.点时个天日号月年周])")
_WEEKS = ("周", "星期", "礼拜", "week")

_ALWAYS_DATES = 10
"""3-5日 without a month are mostly three to five days; from the tenth on it is days of the month."""


class NamedDay(NamedTuple):
    """A day that was named."""

    seen_from: DayFrom
    part: Part | None = None
    """The part of it, where one word says both (明晚)."""
    ranged: bool = False
    """The later end of two."""


def read_day(reader: Reader) -> NamedDay | None:
    """A day; a weekday beside it, as the desk shows it (11-25 周三), must be the right one."""
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


def _weekday(reader: Reader) -> int | None:
    reader.spaces()
    digit = reader.match(_WEEKDAY_IN_DIGITS)
    return reader.word(_WEEKDAYS) if digit is None else int(digit[-1]) - 1


def _weekday_beside(reader: Reader) -> int | None:
    after = reader.at
    reader.skip("(", ",")
    weekday = _weekday(reader)
    if weekday is None:
        reader.at = after
    else:
        reader.skip(")")
    return weekday


def _written(reader: Reader) -> NamedDay | None:
    """A date, or a day of the month behind its weekday: `11-25`, `Wed 25 Nov`, `周三(25号)`."""
    start = reader.at
    before = _weekday(reader)
    reader.skip(",", "(", "the")
    written = read_date(reader)
    found = None if written is None else NamedDay(written.next_from, ranged=written.ranged)
    if before is None:
        return found
    found = found or _day_of_month(reader)
    if found is None:
        return None
    reader.skip(")")
    return found._replace(seen_from=partial(_on_that_weekday, found.seen_from, before, start))


def _ahead(reader: Reader) -> NamedDay | None:
    days = reader.word(DAYS_AHEAD)
    return None if days is None else NamedDay(partial(days_ahead, days))


def _week(reader: Reader) -> NamedDay | None:
    """`周五`, `下周三`, `本周内`, `Friday next week`."""
    end = reader.skip("end of")
    ahead = reader.word(THIS_OR_NEXT)
    weekday = None if end else _weekday(reader)
    if weekday is not None:
        ahead = _week_behind(reader) if ahead is None else ahead
        return NamedDay(partial(next_weekday, weekday) if ahead is None else partial(weekday_in_week, ahead, weekday))
    if reader.skip("周末", "weekend", "the weekend"):
        last = FRIDAY if reader.follows("前", "之前", "以前") else SUNDAY
        return NamedDay(partial(next_weekday, last) if ahead is None else partial(weekday_in_week, ahead, last))
    if ahead is None or not reader.skip(*_WEEKS):
        return None
    reader.skip(*ENDS, "的")
    weekday = _weekday(reader)
    return NamedDay(partial(weekday_in_week, ahead, SUNDAY if weekday is None else weekday))


def _week_behind(reader: Reader) -> int | None:
    after = reader.at
    reader.skip("of", ",")
    ahead = reader.word(THIS_OR_NEXT)
    if ahead is not None and reader.skip("week"):
        return ahead
    reader.at = after
    return None


def _stretch(reader: Reader) -> NamedDay | None:
    found = read_stretch(reader)
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
    elif day < _ALWAYS_DATES and reader.follows("日"):
        return None
    if not reader.skip("号", "日", *ORDINALS):
        return None
    if last is None or last >= day:
        return NamedDay(partial(_next_day_of_month, last or day, position), ranged=last is not None)
    first, second = (partial(_next_day_of_month, each, position) for each in (day, last))
    return NamedDay(partial(later_end, first, second), ranged=True)


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


def later_end(first: DayFrom, second: DayFrom, today: date) -> date:
    """The end of `12月25-27日` is seen from its beginning, that of `明天或后天` from today."""
    begin, end = first(today), second(today)
    return end if end >= begin else second(begin)


def _on_that_weekday(seen_from: DayFrom, weekday: int, position: int, today: date) -> date:
    day = seen_from(today)
    if day.weekday() != weekday:
        message = msg("{day} is another day of the week: which of the two is meant?", day=day)
        raise PhraseError(message, position)
    return day


def _next_day_of_month(day: int, position: int, today: date) -> date:
    """The next one, in a month that has it."""
    if not 1 <= day <= 31:
        raise PhraseError(msg("No month has a day {day}: give a date that exists.", day=day), position)
    months = (months for months in range(4) if end_of_month(months, today).day >= day)
    return next(found for found in (day_in_month(month, day, position, today) for month in months) if found >= today)
