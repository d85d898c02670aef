"""Days named by feasts, as people write them: 元旦前, 国庆后, 节后, 除夕, 正月初八, 双十二, before Spring Festival.

A feast alone is its day, "before" it ends with the day before its first statutory day, and 节前 with the last day
before the whole holiday. "After" it is the first working day behind the holiday. Without a year it is the one that
runs or comes next. Feasts by the moon are known for `LUNAR_YEARS` and refused for other years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain.phrases.reader import PhraseError, Reader
from pddtui.domain.workdays import FEASTS, LUNAR_YEARS, Calendar, Feast, feast_days, holiday_around
from pddtui.message import Message, msg

__all__ = ["NamedFeast", "read_feast"]

_HOLIDAYS: Mapping[str, Feast] = {
    **dict.fromkeys(("元旦", "元旦节", "new year's day", "new years day"), "new_year"),
    **dict.fromkeys(("春节", "过年", "新春", "大年", "农历新年", "农历年"), "spring"),
    **dict.fromkeys(("spring festival", "chinese new year", "lunar new year", "cny"), "spring"),
    **dict.fromkeys(("清明", "清明节", "qingming", "qingming festival"), "qingming"),
    **dict.fromkeys(("tomb-sweeping day", "tomb sweeping day", "tomb-sweeping", "tomb sweeping"), "qingming"),
    **dict.fromkeys(("五一", "五一节", "51节", "五一劳动节", "劳动节"), "labour"),
    **dict.fromkeys(("labour day", "labor day", "may day"), "labour"),
    **dict.fromkeys(("端午", "端午节", "dragon boat", "dragon boat festival"), "dragon_boat"),
    **dict.fromkeys(("中秋", "中秋节", "mid-autumn", "mid-autumn festival", "mid autumn"), "mid_autumn"),
    **dict.fromkeys(("mid autumn festival", "mid-autumn day"), "mid_autumn"),
    **dict.fromkeys(("国庆", "国庆节", "十一国庆", "national day", "golden week"), "national"),
}
_ONLY_BESIDE: Mapping[str, Feast] = {"年": "spring", "十一": "national"}
"""A feast only where it is said to be before or after it: 年前, 十一后."""

_ANY_HOLIDAY = (
    *("节", "节日", "假期", "假日", "节假日", "长假", "小长假", "放假", "收假", "黄金周"),
    *("holiday", "holidays", "public holiday", "public holidays"),
)

_FIXED: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("双十一", "双11", "双 11", "double eleven", "double 11", "singles' day", "singles day"), (11, 11)),
    **dict.fromkeys(("双十二", "双12", "双 12", "double twelve", "double 12"), (12, 12)),
    **dict.fromkeys(("618", "六一八"), (6, 18)),
    **dict.fromkeys(("圣诞", "圣诞节", "christmas", "christmas day", "xmas"), (12, 25)),
    **dict.fromkeys(("平安夜", "christmas eve"), (12, 24)),
    **dict.fromkeys(("跨年", "跨年夜", "new year's eve", "new years eve"), (12, 31)),
    **dict.fromkeys(("三八节", "妇女节"), (3, 8)),
    **dict.fromkeys(("六一", "儿童节", "六一儿童节"), (6, 1)),
}
_FROM_NEW_YEAR: Mapping[str, int] = {
    **dict.fromkeys(("除夕", "除夕夜", "大年三十", "年三十", "大年夜", "大年30", "年夜"), -1),
    **dict.fromkeys(("chinese new year's eve", "lunar new year's eve", "spring festival eve"), -1),
    **dict.fromkeys(("元宵", "元宵节", "正月十五", "正月15", "lantern festival"), 14),
}
"""Days from the first day of the lunar year."""
_FIRST_MONTH = ("正月初", "大年初", "年初", "春节初", "新年初", "农历初", "农历正月初")
_DAYS_CALLED_FIRST = range(1, 11)
"""初一 to 初十."""

_YEARS: Mapping[str, int] = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "this year's": 0, "next year's": 1}
_YEAR = re.compile("(20[0-9]{2}|[2-9][0-9])年(?=[^前后内底末])")

_THIS_CENTURY = 2000

_WHOLE = ("假期", "长假", "小长假", "放假", "假", "黄金周", "节假期", "大促", "活动", "holiday", "holidays", "break")
_BEFORE = ("前", "以前", "之前", "前夕", "到来前", "到来之前", "来临前", "前一天", "前一日", "的前一天")
_LAST_WORKING_DAY = tuple(
    f"{before}{of}{day}"
    for before in ("前", "之前")
    for of in ("", "的")
    for day in ("最后一个工作日", "最后1个工作日", "最后一天上班", "一个工作日", "最后一个上班日")
)
_AFTER = ("后", "过后", "完", "完后", "结束后", "回来", "回来后")
_DURING = ("期间", "内", "里", "之内", "中", "时")
_AROUND = ("前后",)
_LED_BY = re.compile(r"(before|after|by the end of|during)(?: the| our| your)? *$")
_LONGEST_LEAD = 24

FeastSide = Literal["before", "last working day", "during", "after"]
"""Which side of a feast is meant: it ends with the day before it, on the last working day before it, and so on."""


class NamedFeast(Struct, frozen=True, kw_only=True):
    """A feast, any holiday, or a day with a name, and the side of it that is meant."""

    position: int
    holiday: Feast | None = None
    fixed: tuple[int, int] | None = None
    """Month and day of one that has no days off."""
    from_new_year: int | None = None
    """Days from the first day of the lunar year."""
    year: int | None = None
    years_ahead: int | None = None
    side: FeastSide | None = None
    whole: bool = False
    """Whether the holiday with all its days off is meant: 国庆假期, 节前."""

    @property
    def has_days_off(self) -> bool:
        return self.fixed is None and self.from_new_year is None

    def seen_from(self, today: date, calendar: Calendar) -> date:
        """The day that is meant."""
        match self.side:
            case "before":
                return self._choose(today, lambda days: self._first(days, calendar) - timedelta(days=1))
            case "last working day":
                return self._choose(today, lambda days: _working_before(days[0], calendar))
            case "after":
                return self.last_day_off(today, calendar) + timedelta(days=1)
            case "during":
                return self.last_day_off(today, calendar)
        return self._choose(today, lambda days: days[1] if self.holiday == "spring" and len(days) > 3 else days[0])

    def estimated(self, day: date, calendar: Calendar) -> bool:
        """Whether `day`, which is the one that is meant, leans on a calendar that is not published."""
        leans = self.side is not None and (self.side != "before" or self.whole) and self.has_days_off
        return leans and calendar.day(day).estimated

    def last_day_off(self, today: date, calendar: Calendar) -> date:
        """The last day of the holiday, or the day itself where it has none off: what is "after" counts from it."""
        if not self.has_days_off:
            return self._choose(today, lambda days: days[-1])
        return self._choose(today, lambda days: holiday_around(days, calendar)[1])

    def notes(self) -> tuple[Message, ...]:
        """How it was read, where that can be meant in more than one way."""
        if self.side == "after":
            return (msg("“After the holiday” is read as the first working day after it."),)
        if self.side == "before":
            return (msg("“Before” a feast or holiday ends with the day before it."),)
        return ()

    def _first(self, days: tuple[date, ...], calendar: Calendar) -> date:
        return holiday_around(days, calendar)[0] if self.whole else days[0]

    def _choose(self, today: date, sought: Callable[[tuple[date, ...]], date]) -> date:
        """The sought day of the year that was named, else the next one, today included."""
        year = self.year if self.years_ahead is None else today.year + self.years_ahead
        if year is not None:
            return min(sought(days) for days in self._in(year))
        for number in (today.year, today.year + 1, today.year + 2):
            found = [day for days in self._in(number) if (day := sought(days)) >= today]
            if found:
                return min(found)
        raise self._unknown()

    def _in(self, year: int) -> Iterator[tuple[date, ...]]:
        """The days of it in that year; of any holiday, those of each. Refuses a year whose moon is not known."""
        if self.fixed is not None:
            yield (date(year, *self.fixed),)
            return
        if self.from_new_year is not None:
            days = feast_days("spring", year)
            if not days:
                raise self._unknown()
            yield (days[-1] + timedelta(days=self.from_new_year - 2),)  # the last statutory day is the third
            return
        for feast in FEASTS if self.holiday is None else (self.holiday,):
            days = feast_days(feast, year)
            if not days:
                raise self._unknown()
            yield days

    def _unknown(self) -> PhraseError:
        message = msg(
            "The days of this feast are only known for {first} to {last}: enter the date itself.",
            first=str(LUNAR_YEARS[0]),
            last=str(LUNAR_YEARS[-1]),
        )
        return PhraseError(message, self.position)


def read_feast(reader: Reader) -> NamedFeast | None:
    """A day that is named by a feast; None where there is none, or where "around it" is all that is said."""
    reader.spaces()
    position = reader.at
    led = _LED_BY.search(reader.text[max(0, position - _LONGEST_LEAD) : position])
    over = reader.skip("完", "完了", "了")  # 过完年: the first word of it may stand before any date
    reader.skip("the")
    years_ahead = reader.word(_YEARS)
    written = None if years_ahead is not None else reader.match(_YEAR)
    year = int(written.removesuffix("年")) if written else None
    year = year + _THIS_CENTURY if year is not None and year < _THIS_CENTURY else year
    reader.skip("的")
    fixed = reader.word(_FIXED)
    from_new_year = _from_new_year(reader) if fixed is None else None
    named = fixed is not None or from_new_year is not None
    holiday = None if named else reader.word(_HOLIDAYS) or _only_beside(reader, over=over)
    any_holiday = not named and holiday is None and reader.skip(*_ANY_HOLIDAY)
    if not named and holiday is None and not any_holiday:
        return None
    reader.skip("的", "节")
    reader.skip("当天", "当日", "那天")
    whole = reader.skip(*_WHOLE) or any_holiday
    if reader.follows(*_AROUND):
        return None
    side = _side(reader, led[1] if led else None)
    side = "after" if over else side
    if side is None and any_holiday and not reader.follows("之后", "以后"):
        return None
    return NamedFeast(
        position=position,
        holiday=holiday,
        fixed=fixed,
        from_new_year=from_new_year,
        year=year,
        years_ahead=years_ahead,
        side=side,
        whole=whole,
    )


def _from_new_year(reader: Reader) -> int | None:
    days = reader.word(_FROM_NEW_YEAR)
    if days is not None:
        return days
    start = reader.at
    if reader.skip(*_FIRST_MONTH):
        day = reader.number()
        if day is not None and day in _DAYS_CALLED_FIRST:
            return day - 1
    reader.at = start
    return None


def _only_beside(reader: Reader, *, over: bool) -> Feast | None:
    start = reader.at
    feast = reader.word(_ONLY_BESIDE)
    if feast is not None and (over or reader.follows(*_BEFORE, *_AFTER, *_WHOLE, "期间", "之后", "以后")):
        return feast
    reader.at = start
    return None


def _side(reader: Reader, led: str | None) -> FeastSide | None:
    if reader.skip(*_LAST_WORKING_DAY):
        return "last working day"
    if reader.skip(*_BEFORE) or led == "before":
        return "before"
    if led == "after":
        return "after"
    if reader.skip(*_DURING) or led in ("during", "by the end of"):
        return "during"
    return "after" if reader.skip(*_AFTER) else None


def _working_before(day: date, calendar: Calendar) -> date:
    day -= timedelta(days=1)
    while not calendar.day(day).works:
        day -= timedelta(days=1)
    return day
