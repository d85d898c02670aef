"""Lengths of time as people say them: 3个工作日内, 1-3天, 10多天, 半个月, +48h, within two weeks, 还剩1天23时.

Hours and countdowns run from the moment. Days, weeks and months are calendar days and end with their last
day: who says 两天 names a day, and the end of it never accuses anybody too early. A range means its later end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pddtui.domain import duetime
from pddtui.domain.clock import zone_of
from pddtui.domain.countdown import due_after, read_countdown
from pddtui.domain.days import NEXT_DAY
from pddtui.domain.duetime import Due
from pddtui.domain.fillers import RANGE
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.times import WrittenTime, read_time_behind
from pddtui.domain.workdays import Calendar, Unit
from pddtui.message import Message, msg

__all__ = ["IN_THE_PAST", "LATER_END", "Reading", "at_time", "read_period", "time_notes"]

Reading = Callable[[datetime, Calendar], Due]
"""What a phrase means, seen from a moment."""


class _Measure(NamedTuple):
    unit: Unit
    times: int = 1


_HOUR, _DAY, _WORKING_DAY = _Measure("hour"), _Measure("natural_day"), _Measure("working_day")
_WEEK, _FORTNIGHT = _Measure("natural_day", 7), _Measure("natural_day", 14)
_MONTH, _QUARTER, _YEAR = _Measure("month"), _Measure("month", 3), _Measure("year")

_MEASURES: Mapping[str, _Measure] = {
    **dict.fromkeys(("小时", "钟头", "h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("天", "自然日", "d", "day", "days", "calendar day", "calendar days"), _DAY),
    **dict.fromkeys(("natural day", "natural days"), _DAY),
    **dict.fromkeys(("工作日", "工作天", "wd", "bd", "working day", "working days"), _WORKING_DAY),
    **dict.fromkeys(("workday", "workdays", "work day", "work days", "business day", "business days"), _WORKING_DAY),
    **dict.fromkeys(("周", "星期", "礼拜", "w", "wk", "week", "weeks"), _WEEK),
    **dict.fromkeys(("fortnight", "fortnights"), _FORTNIGHT),
    **dict.fromkeys(("m", "mo", "month", "months"), _MONTH),
    **dict.fromkeys(("季度", "quarter", "quarters"), _QUARTER),
    **dict.fromkeys(("年", "y", "yr", "year", "years"), _YEAR),
}
_AFTER_COUNTER: Mapping[str, _Measure] = {**_MEASURES, "月": _MONTH, "钟": _HOUR}
"""月 is a length only behind 个 or 半: 3月 is March."""

_BEFORE_ITS_END = ("内", "以内", "之内", "后", "以后", "之后")
_AND_A_HALF = ("半", "and a half")
_COMING = ("next", "coming", "未来", "接下来", "接下来的", "今后", "往后")
_CALENDAR_YEARS = range(1900, 2200)
"""2026年 is a year and no length."""

_DAYS_OF_A_MONTH = 31
_DATES_FROM = 10
"""3-5日 without 内 are mostly three to five days, 25-27日 days of a month."""

_NEXT_WORKING_DAY = ("下个工作日", "下一个工作日", "下一工作日", "次个工作日", "next working day", "next business day")
_AGO = ("前", "以前", "之前", "ago")

IN_THE_PAST = msg("That lies in the past: say by when something is to come.")
LATER_END = msg("Of a range the later end is taken.")
_LENGTH_IN_DAYS = msg("日 is taken for so many days, not for a day of the month.")

_MOST = 20_000
"""More of any unit is a slip of the finger."""


class _Amount(NamedTuple):
    n: int
    half: bool = False
    """Half a unit comes on top."""
    low: int | None = None
    """The earlier end of a range, of which `n` is the later one."""


class _Period(Struct, frozen=True):
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
            raise PhraseError(msg("No promise runs that long: give a nearer date."), self.position)
        due = self._halved(start, calendar) if self.half else self._whole(self.n, start, calendar)
        due = replace(due, notes=(*due.notes, *self.notes))
        return due if self.time is None else at_time(due, self.time)

    def _whole(self, n: int, start: datetime, calendar: Calendar) -> Due:
        return duetime.add(start, n * self.measure.times, self.measure.unit, calendar)

    def _halved(self, start: datetime, calendar: Calendar) -> Due:
        """`n` and a half: of a day 12 hours, of a week 4 days, of a month 15 days, of a working day the whole."""
        match self.measure:
            case _Measure("hour"):
                return due_after(start, timedelta(hours=self.n, minutes=30), calendar)
            case _Measure("natural_day", 1):
                return due_after(start, timedelta(days=self.n, hours=12), calendar)
            case _Measure("natural_day", days):
                return duetime.add(start, self.n * days + (days + 1) // 2, "natural_day", calendar)
            case _Measure("working_day"):
                return duetime.add(start, self.n + 1, "working_day", calendar)
            case _Measure("year"):
                return duetime.add(start, 12 * self.n + 6, "month", calendar)
        last = self._whole(self.n, start, calendar).at.date()
        days = (last - start.date()).days + 15 * self.measure.times
        return duetime.add(start, days, "natural_day", calendar)


def at_time(due: Due, written: WrittenTime) -> Due:
    """The same day at that time."""
    time = written.on_clock(guess_afternoon=True)
    whole_day = time == duetime.END_OF_DAY
    at = datetime.combine(due.at.date(), time, zone_of(due.at))
    return replace(due, at=at, whole_day=whole_day, notes=(*due.notes, *time_notes(written)))


def time_notes(written: WrittenTime) -> tuple[Message, ...]:
    """What was assumed about a time of day."""
    if written.ranged:
        return (LATER_END, *time_notes(replace(written, ranged=False)))
    if written.half_unsaid:
        return (msg("{hour} o'clock without morning or afternoon is taken for the afternoon.", hour=written.hour),)
    if written.office_hours:
        return (msg("Office hours are taken to end at 18:00."),)
    return ()


def read_period(reader: Reader) -> Reading | None:
    """A period or a countdown, with what follows it (内, 后, a time of day)."""
    reader.spaces()
    start = reader.at
    if reader.skip(*_NEXT_WORKING_DAY):
        return _with_time(reader, _Period(start, 1, _WORKING_DAY))
    if reader.follows(*NEXT_DAY):
        return None
    reader.skip(*_COMING)
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
    if period is None or period.measure == _HOUR:
        return period
    return _with_time(reader, period)


def _period(reader: Reader, *, ranged: bool = False) -> _Period | None:
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
        measure = _DAY
    elif measure is None and reader.skip("时") and reader.follows(*_BEFORE_ITS_END):
        measure = _HOUR
    if measure is None or (measure == _YEAR and n in _CALENDAR_YEARS):
        return None
    half = half or reader.skip(*_AND_A_HALF)
    if more or reader.skip("多"):
        n, low = n + 1, n
    notes = (LATER_END,) if ranged or low is not None else ()
    if in_days and not reader.follows(*_BEFORE_ITS_END) and n <= _DAYS_OF_A_MONTH:
        notes = (*notes, _LENGTH_IN_DAYS)
    return _Period(position, n, measure, half=half, ago=reader.skip(*_AGO), notes=notes)


def _is_length_in_days(reader: Reader, n: int, low: int | None) -> bool:
    """Whether 日 is here and counts days: 三日内, 六十日, 三至五日."""
    if not reader.skip("日"):
        return False
    if reader.follows(*_BEFORE_ITS_END) or n > _DAYS_OF_A_MONTH:
        return True
    return low is not None and low < _DATES_FROM and not reader.follows(*_AGO)


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


def _with_time(reader: Reader, period: _Period) -> _Period:
    """`3天后下午3点`."""
    after = reader.at
    reader.skip(*_BEFORE_ITS_END, "from now", "later")
    time = read_time_behind(reader)
    if time is None:
        reader.at = after
        return period
    return replace(period, time=time)
