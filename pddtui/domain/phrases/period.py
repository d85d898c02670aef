"""Lengths of time as people write them: 3个工作日, 两三天, a fortnight, T+3, 1天23时, with a time on the last day.

Hours and countdowns run from the moment, over nights and days off. Days, weeks and months are calendar days and end
with their last day. A range means its later end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pddtui.domain import duetime
from pddtui.domain.bounds import YEARS
from pddtui.domain.duetime import Due, at_clock, zone_of
from pddtui.domain.phrases.reader import AGO, DATES_FROM, IN_THE_PAST, NEXT_DAY, RANGE, PhraseError, Reader
from pddtui.domain.phrases.time import WrittenTime, read_time_behind
from pddtui.domain.workdays import Calendar, Unit
from pddtui.message import Message, msg

__all__ = [
    "LATER_END",
    "Countdown",
    "DueFrom",
    "Period",
    "at_that_time",
    "read_countdown",
    "read_length",
    "read_period",
]

_DAYS = ("天", "d", "day", "days")
_HOURS = ("小时", "时", "钟头", "个小时", "h", "hr", "hrs", "hour", "hours")
_LONE_MINUTES = ("分钟", "min", "mins", "minute", "minutes")
_MINUTES = (*_LONE_MINUTES, "分", "m")
_QUARTERS = ("刻钟", "quarter of an hour", "quarters of an hour")
_SECONDS = ("秒", "秒钟", "s", "sec", "secs", "second", "seconds")
_REMAINING = ("还剩", "剩余", "剩", "还有", "倒计时", "remaining", "left")
_BETWEEN = ("零", "又", "and", ",")

_LONGEST = timedelta(days=1000)
_DAY, _HOUR, _QUARTER, _MINUTE = 86_400, 3600, 900, 60


class _Measure(NamedTuple):
    unit: Unit
    times: int = 1


_IN_HOURS, _IN_DAYS, _WORKING_DAY = _Measure("hour"), _Measure("natural_day"), _Measure("working_day")
_WEEK, _FORTNIGHT = _Measure("natural_day", 7), _Measure("natural_day", 14)
_MONTH, _IN_QUARTERS, _YEAR = _Measure("month"), _Measure("month", 3), _Measure("year")

_MEASURES: Mapping[str, _Measure] = {
    **dict.fromkeys(("小时", "钟头", "h", "hr", "hrs", "hour", "hours"), _IN_HOURS),
    **dict.fromkeys(("天", "自然日", "d", "day", "days", "calendar day", "calendar days"), _IN_DAYS),
    **dict.fromkeys(("natural day", "natural days"), _IN_DAYS),
    **dict.fromkeys(
        ("工作日", "工作天", "工做日", "工作曰", "上班日", "营业日", "wd", "bd", "working day", "working days"),
        _WORKING_DAY,
    ),
    **dict.fromkeys(("workday", "workdays", "work day", "work days", "business day", "business days"), _WORKING_DAY),
    **dict.fromkeys(("周", "星期", "礼拜", "w", "wk", "week", "weeks"), _WEEK),
    **dict.fromkeys(("fortnight", "fortnights"), _FORTNIGHT),
    **dict.fromkeys(("m", "mo", "month", "months"), _MONTH),
    **dict.fromkeys(("季度", "quarter", "quarters"), _IN_QUARTERS),
    **dict.fromkeys(("年", "y", "yr", "year", "years"), _YEAR),
}
_AFTER_COUNTER: Mapping[str, _Measure] = {**_MEASURES, "月": _MONTH, "钟": _IN_HOURS}
"""月 is a length only behind 个 or 半: 3月 is March."""

_BEFORE_ITS_END = ("内", "以内", "之内", "后", "以后", "之后")
_AND_A_HALF = ("半", "and a half")
_COMING = ("next", "coming", "未来", "接下来", "接下来的", "今后", "往后")

_DAYS_OF_A_MONTH = 31

_NEXT_WORKING_DAY = (
    *("下个工作日", "下一个工作日", "下一工作日", "次个工作日", "次工作日", "次一工作日", "次一个工作日", "翌工作日"),
    *("下个上班日", "下一个上班日", "next working day", "next business day", "following working day", "next workday"),
    *("following business day", "the following working day", "the next working day", "the next business day"),
)
_FIRST_WORKING_DAY = (
    *(
        "上班第一天",
        "上班的第一天",
        "第一天上班",
        "第一天",
        "第1天",
        "首日",
        "首个工作日",
        "首个上班日",
        "第一个上班日",
    ),
    *("上班首日", "开工第一天", "开工首日", "复工首日", "复工第一天", "上班后第一天", "正式上班第一天", "上班", "开工"),
    *("first working day", "the first working day", "first business day", "the first business day", "first day back"),
    *("first day", "the first day"),
)
"""Behind a holiday: the first working day is also its first day."""

_SETTLEMENT = re.compile("[td] ?[+] ?(?=[0-9一二两三四五六七八九十])")
"""T+3 is counted in working days, D+3 in calendar days."""

LATER_END = msg("The later end of the range is used.")
_LENGTH_IN_DAYS = msg("日 is read as a number of days, not as a day of the month.")

_MOST = 20_000
"""More of any unit is a slip of the finger."""

DueFrom = Callable[[datetime, Calendar], Due]
"""Gives what a phrase means, seen from a moment."""


class _Amount(NamedTuple):
    n: int
    half: bool = False
    """Whether half a unit is added."""
    low: int | None = None
    """The earlier end of a range whose later end is `n`."""


class Period(Struct, frozen=True):
    position: int
    n: int
    measure: _Measure
    half: bool = False
    ago: bool = False
    time: WrittenTime | None = None
    notes: tuple[Message, ...] = ()

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        if self.ago:
            raise PhraseError(IN_THE_PAST, self.position)
        if self.n > _MOST:
            raise PhraseError(msg("A promise cannot be that far away: enter a nearer date."), self.position)
        due = self._halved(start, calendar) if self.half else self._whole(self.n, start, calendar)
        due = replace(due, notes=(*due.notes, *self.notes))
        return due if self.time is None else at_that_time(due, self.time)

    def _whole(self, n: int, start: datetime, calendar: Calendar) -> Due:
        return duetime.add(start, n * self.measure.times, self.measure.unit, calendar)

    def _halved(self, start: datetime, calendar: Calendar) -> Due:
        """`n` and a half: a half is 12 hours of a day, 4 days of a week, 15 days of a month, all of a working day."""
        match self.measure:
            case _Measure("hour"):
                return _due_after(start, timedelta(hours=self.n, minutes=30), calendar)
            case _Measure("natural_day", 1):
                return _due_after(start, timedelta(days=self.n, hours=12), calendar)
            case _Measure("natural_day", days):
                return duetime.add(start, self.n * days + (days + 1) // 2, "natural_day", calendar)
            case _Measure("working_day"):
                return duetime.add(start, self.n + 1, "working_day", calendar)
            case _Measure("year"):
                return duetime.add(start, 12 * self.n + 6, "month", calendar)
        last = self._whole(self.n, start, calendar).at.date()
        days = (last - start.date()).days + 15 * self.measure.times
        return duetime.add(start, days, "natural_day", calendar)


class Countdown(Struct, frozen=True):
    position: int
    parts: tuple[tuple[int, int], ...]
    """How many of which length in seconds, the longest first."""

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        seconds = sum(n * length for n, length in self.parts)
        if seconds > _LONGEST.total_seconds():
            raise PhraseError(msg("A countdown cannot be that long: enter it as the app shows it."), self.position)
        for (n, length), (_, above) in zip(self.parts[1:], self.parts, strict=False):
            if n * length >= above:
                message = msg(
                    "This is not a valid countdown: a day has 24 hours and an hour 60 minutes. Enter it as the "
                    "app shows it."
                )
                raise PhraseError(message, self.position)
        if seconds == 0:
            raise PhraseError(
                msg("The countdown has run out: enter the time that is left, or leave the field empty."), self.position
            )
        return _due_after(start, timedelta(seconds=seconds), calendar)


def read_period(reader: Reader) -> DueFrom | None:
    """A period or a countdown, with what follows it (内, 后, a time of day)."""
    reader.spaces()
    start = reader.at
    if reader.skip(*_NEXT_WORKING_DAY):
        return _with_time(reader, Period(start, 1, _WORKING_DAY))
    settled = _settlement(reader)
    if settled is not None:
        return _with_time(reader, settled)
    if reader.follows(*NEXT_DAY):
        return None
    reader.skip(*_COMING)
    if reader.skip("这"):
        return _these_days(reader)
    counting = reader.at
    countdown = read_countdown(reader)
    if countdown is not None:
        return countdown
    reader.at = counting
    reader.skip("第", "+")
    period = _period(reader)
    later = period
    while later is not None:
        period, after = later, reader.at
        later = _period(reader, ranged=True) if reader.skip(*RANGE) else None
        if later is None:
            reader.at = after
    if period is None or period.measure == _IN_HOURS:
        return period
    return _with_time(reader, period)


def _these_days(reader: Reader) -> DueFrom | None:
    """`这两天内`; 这两天 alone is some time around now."""
    period = _period(reader)
    return period if reader.follows(*_BEFORE_ITS_END) else None


def _settlement(reader: Reader) -> Period | None:
    """`T+3`, `T+1到T+3`, `D+3`."""
    position = reader.at
    mark = reader.match(_SETTLEMENT)
    n = None if mark is None else reader.number()
    if n is None:
        reader.at = position
        return None
    measure = _WORKING_DAY if mark is not None and mark[0] == "t" else _IN_DAYS
    notes: tuple[Message, ...] = ()
    after = reader.at
    while reader.skip(*RANGE):
        reader.spaces()
        reader.match(_SETTLEMENT)
        later = reader.number()
        if later is None:
            break
        n, notes, after = max(n, later), (LATER_END,), reader.at
    reader.at = after
    reader.skip("个")
    reader.skip("工作日", "工作天", "天", "日", "working days", "business days")
    return Period(position, n, measure, notes=notes)


def _period(reader: Reader, *, ranged: bool = False) -> Period | None:
    position = reader.at
    amount = _amount(reader)
    if amount is not None and reader.skip(*RANGE):
        second = _amount(reader)
        amount = None if second is None else max(amount, second)._replace(low=min(amount.n, second.n))
    if amount is None:
        return None
    n, half, low = amount
    counted = reader.skip("个")
    more = counted and reader.skip("多")
    if counted and reader.skip("半"):
        half = True
    measure = reader.word(_AFTER_COUNTER if counted or half else _MEASURES)
    in_days = measure is None and _is_length_in_days(reader, n, low)
    if in_days:
        measure = _IN_DAYS
    elif measure is None and reader.skip("时") and reader.follows(*_BEFORE_ITS_END):
        measure = _IN_HOURS
    if measure is None or (measure == _YEAR and n in YEARS):  # 2026年 is a year and not a length
        return None
    half = half or reader.skip(*_AND_A_HALF)
    if n == 1 and reader.skip("or two"):  # a day or two
        n, low = 2, 1
    if more or reader.skip("多"):
        n, low = n + 1, n
    notes = (LATER_END,) if ranged or low is not None else ()
    if in_days and not reader.follows(*_BEFORE_ITS_END) and n <= _DAYS_OF_A_MONTH:
        notes = (*notes, _LENGTH_IN_DAYS)
    return Period(position, n, measure, half=half, ago=reader.skip(*AGO), notes=notes)


def _is_length_in_days(reader: Reader, n: int, low: int | None) -> bool:
    """Whether 日 stands here and counts days: 三日内, 六十日, 三至五日."""
    if not reader.skip("日"):
        return False
    if reader.follows(*_BEFORE_ITS_END) or n > _DAYS_OF_A_MONTH:
        return True
    return low is not None and low < DATES_FROM and not reader.follows(*AGO)


def _amount(reader: Reader) -> _Amount | None:
    """`3`, `两三`, `10多`, `1.5`, `两个半`, `two and a half`, `半`."""
    if reader.skip("半", "half"):
        reader.skip("a", "an", "of a", "of an")
        return _Amount(0, half=True)
    larger = reader.pair()
    if larger is not None:
        return _Amount(larger, low=larger - 1)
    n = reader.number()
    if n is None:
        return None
    if reader.skip("多"):
        return _Amount(n + _odd(n), low=n)
    return _Amount(n, half=reader.skip(".5", "and a half"))


def _odd(n: int) -> int:
    """How much 多 adds at most: 10多 is less than 20, 150多 less than 160, 300多 less than 400."""
    step = 1
    while n and n % (10 * step) == 0:
        step *= 10
    return max(step - 1, 1)


def _with_time(reader: Reader, period: Period) -> Period:
    """`3天后下午3点`."""
    after = reader.at
    reader.skip(*_BEFORE_ITS_END, "from now", "later")
    time = read_time_behind(reader)
    if time is None:
        reader.at = after
        return period
    return replace(period, time=time)


def read_countdown(reader: Reader, *, shown: bool = False) -> Countdown | None:
    """`1天23时59分`, `2h30m`, `30分钟`; a single day or hour only where a countdown was announced.

    `shown`: it is what the app shows, so that 23:59:59 is a length and not a time of day.
    """
    announced = reader.skip(*_REMAINING) or shown
    reader.skip("+")
    reader.spaces()
    position = reader.at
    days = _part(reader, _DAYS)
    clock = _clock(reader) if announced or days is not None else None
    if clock is not None:
        return Countdown(position, clock if days is None else ((days, _DAY), *clock))
    hours = _part(reader, _HOURS)
    quarters = _part(reader, _QUARTERS if days is hours is None else (*_QUARTERS, "刻"))
    minutes = _part(reader, _LONE_MINUTES if days is hours is None and not announced else _MINUTES)
    seconds = _part(reader, _SECONDS)
    numbers = ((days, _DAY), (hours, _HOUR), (quarters, _QUARTER), (minutes, _MINUTE), (seconds, 1))
    parts = tuple((n, length) for n, length in numbers if n is not None)
    if not parts or (len(parts) == 1 and minutes is quarters is None and not announced):
        return None
    return Countdown(position, parts)


def _part(reader: Reader, names: tuple[str, ...]) -> int | None:
    start = reader.at
    for joined in (False, True):
        if joined and not reader.skip(*_BETWEEN):
            break
        n = reader.number()
        if n is not None and reader.skip(*names):
            return n
        reader.at = start
    return None


def _clock(reader: Reader) -> tuple[tuple[int, int], ...] | None:
    """`23:59:59` as a length."""
    start = reader.at
    numbers = [reader.number()]
    while len(numbers) < 3 and reader.skip(":"):
        numbers.append(reader.number())
    match numbers:
        case [int(hours), int(minutes), int(seconds)]:
            return (hours, _HOUR), (minutes, _MINUTE), (seconds, 1)
        case _:
            reader.at = start
            return None


def _due_after(start: datetime, length: timedelta, calendar: Calendar) -> Due:
    """The moment that long after `start`, to the second."""
    hours, rest = divmod(length, timedelta(hours=1))
    if not rest:
        return duetime.add(start, hours, "hour", calendar)
    at = (start.astimezone(UTC) + length).astimezone(zone_of(start))
    return Due(at=at, whole_day=False, start=start)


def read_length(reader: Reader) -> DueFrom | None:
    reader.spaces()
    start = reader.at
    if reader.skip(*_FIRST_WORKING_DAY):
        return _with_time(reader, Period(start, 1, _WORKING_DAY))
    return read_period(reader)


def at_that_time(due: Due, written: WrittenTime) -> Due:
    """The same day at that time."""
    time = written.on_clock(guess_afternoon=True)
    whole_day = time == duetime.END_OF_DAY
    at = at_clock(due.at.date(), time, zone_of(due.at))
    return replace(due, at=at, whole_day=whole_day, notes=(*due.notes, *_time_notes(written)))


def _time_notes(written: WrittenTime) -> tuple[Message, ...]:
    """What was assumed about a time of day, in words."""
    if written.ranged:
        return (LATER_END, *_time_notes(replace(written, ranged=False)))
    if written.half_unsaid:
        return (msg("{hour} o'clock without morning or afternoon is read as the afternoon.", hour=written.hour),)
    if written.office_hours:
        return (msg("Office hours are assumed to end at 18:00."),)
    return ()
