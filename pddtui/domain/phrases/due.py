"""By when? What an agent promises or I set myself, in Chinese or English, as a due date.

Hours and countdowns run from the moment, over nights and days off. Days, weeks and months are calendar days and end
with their last day, so that nobody is accused too early. A range means its later end, "before" includes the day it
names, and a date without its year is the next such date. Words that name no date raise `VaguePhrase`, anything else
that cannot be read `PhraseError`, both with the place where reading stopped; no text raises anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pddtui.domain import duetime
from pddtui.domain.duetime import END_OF_DAY, Due, end_of_day, zone_of
from pddtui.domain.phrases.day import DATES_FROM, NEXT_DAY, DayFrom, NamedDay, later_end, read_day
from pddtui.domain.phrases.numbers import TOO_MANY, normalise
from pddtui.domain.phrases.reader import (
    AFTER_DATE,
    AGO,
    BEFORE_DATE,
    PAST_WORDS,
    RANGE,
    VAGUE,
    VAGUE_TIMES,
    PhraseError,
    Reader,
)
from pddtui.domain.phrases.time import WrittenOffset, WrittenTime, read_offset, read_time, read_time_behind
from pddtui.domain.workdays import Calendar, Unit
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["VaguePhrase", "parse_countdown", "parse_due"]

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
    **dict.fromkeys(("工作日", "工作天", "wd", "bd", "working day", "working days"), _WORKING_DAY),
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
_CALENDAR_YEARS = range(1900, 2200)
"""2026年 is a year and not a length."""

_DAYS_OF_A_MONTH = 31

_NEXT_WORKING_DAY = ("下个工作日", "下一个工作日", "下一工作日", "次个工作日", "next working day", "next business day")

_IN_THE_PAST = msg("This is in the past: enter a date in the future.")
_LATER_END = msg("The later end of the range is used.")
_LENGTH_IN_DAYS = msg("日 is read as a number of days, not as a day of the month.")

_MOST = 20_000
"""More of any unit is a slip of the finger."""

_MINUS = ("-", "负", "minus")
_EXAMPLES = ("3个工作日内", "tomorrow 18:00", "11-25", "+48h")
_FAR = 50

_Reading = Callable[[datetime, Calendar], Due]
"""Gives what a phrase means, seen from a moment."""


class VaguePhrase(PhraseError):
    """A phrase that names no date, like 尽快 or "soon"."""


class _Amount(NamedTuple):
    n: int
    half: bool = False
    """Whether half a unit is added."""
    low: int | None = None
    """The earlier end of a range whose later end is `n`."""


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
            raise PhraseError(_IN_THE_PAST, self.position)
        if self.n > _MOST:
            raise PhraseError(msg("A promise cannot be that far away: enter a nearer date."), self.position)
        due = self._halved(start, calendar) if self.half else self._whole(self.n, start, calendar)
        due = replace(due, notes=(*due.notes, *self.notes))
        return due if self.time is None else _at_that_time(due, self.time)

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


class _Countdown(Struct, frozen=True):
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


def parse_due(phrase: str, start: datetime, calendar: Calendar) -> Due:
    """The moment that `phrase` means when it is said at `start`, in the zone of `start`.

    A period of hours runs from `start`; anything else is due at the end of its day unless it names a time. What it
    names must not lie before `start`, nor more than 50 years after it.
    """
    reader = Reader(phrase)
    if reader.finished():
        raise PhraseError(msg("Enter a due date such as {examples}.", examples=_EXAMPLES), 0)
    _skip_all(reader, BEFORE_DATE)
    begin = reader.at
    _refuse_negative(reader)
    for form in _FORMS:
        reader.at = begin
        reading = form(reader)
        if reading is None:
            continue
        _skip_all(reader, AFTER_DATE)
        if reader.finished():
            return _checked(reading, reader, begin, start, calendar)
    raise _unreadable(reader, begin)


def parse_countdown(shown: str, start: datetime, calendar: Calendar) -> Due:
    """The end of a countdown that the app shows at `start` (1天23时, 23:59:59), or its end as `parse_due` reads it."""
    reader = Reader(shown)
    countdown = _read_countdown(reader, shown=True)
    if countdown is not None and reader.finished():
        return _checked(countdown, reader, 0, start, calendar)
    return parse_due(shown, start, calendar)


def _checked(reading: _Reading, reader: Reader, begin: int, start: datetime, calendar: Calendar) -> Due:
    try:
        due = reading(start, calendar)
    except PhraseError:
        raise
    except Refused as refused:
        raise PhraseError(refused.message, begin) from refused
    except (OverflowError, ValueError) as error:
        raise PhraseError(msg("The date is too far away: enter a nearer one."), begin) from error
    if due.at < start:
        raise PhraseError(
            msg("“{phrase}” was already over on {start}: enter a later date.", phrase=reader.quote(), start=start),
            begin,
        )
    if due.at.year - start.year > _FAR:
        raise PhraseError(
            msg("“{phrase}” is more than {years} years away: enter a nearer date.", phrase=reader.quote(), years=_FAR),
            begin,
        )
    return due


def _read_period(reader: Reader) -> _Reading | None:
    """A period or a countdown, with what follows it (内, 后, a time of day)."""
    reader.spaces()
    start = reader.at
    if reader.skip(*_NEXT_WORKING_DAY):
        return _with_time(reader, _Period(start, 1, _WORKING_DAY))
    if reader.follows(*NEXT_DAY):
        return None
    reader.skip(*_COMING)
    counting = reader.at
    countdown = _read_countdown(reader)
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
        measure = _IN_DAYS
    elif measure is None and reader.skip("时") and reader.follows(*_BEFORE_ITS_END):
        measure = _IN_HOURS
    if measure is None or (measure == _YEAR and n in _CALENDAR_YEARS):
        return None
    half = half or reader.skip(*_AND_A_HALF)
    if more or reader.skip("多"):
        n, low = n + 1, n
    notes = (_LATER_END,) if ranged or low is not None else ()
    if in_days and not reader.follows(*_BEFORE_ITS_END) and n <= _DAYS_OF_A_MONTH:
        notes = (*notes, _LENGTH_IN_DAYS)
    return _Period(position, n, measure, half=half, ago=reader.skip(*AGO), notes=notes)


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


def _with_time(reader: Reader, period: _Period) -> _Period:
    """`3天后下午3点`."""
    after = reader.at
    reader.skip(*_BEFORE_ITS_END, "from now", "later")
    time = read_time_behind(reader)
    if time is None:
        reader.at = after
        return period
    return replace(period, time=time)


def _read_countdown(reader: Reader, *, shown: bool = False) -> _Countdown | None:
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
        return _Countdown(position, clock if days is None else ((days, _DAY), *clock))
    hours = _part(reader, _HOURS)
    quarters = _part(reader, _QUARTERS if days is hours is None else (*_QUARTERS, "刻"))
    minutes = _part(reader, _LONE_MINUTES if days is hours is None and not announced else _MINUTES)
    seconds = _part(reader, _SECONDS)
    numbers = ((days, _DAY), (hours, _HOUR), (quarters, _QUARTER), (minutes, _MINUTE), (seconds, 1))
    parts = tuple((n, length) for n, length in numbers if n is not None)
    if not parts or (len(parts) == 1 and minutes is quarters is None and not announced):
        return None
    return _Countdown(position, parts)


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


def _on_day(reader: Reader) -> _Reading | None:
    """`明天下午3点`, `by Friday`, `3pm tomorrow`."""
    start = reader.at
    time = read_time(reader, range_too=True)
    if time is not None:
        reader.skip(",", "on", "of")
    else:
        reader.at = start
    day = read_day(reader)
    if day is None:
        return None
    later = _later_day(reader)
    if later is not None:
        day = NamedDay(partial(later_end, day.seen_from, later.seen_from), later.part, ranged=True)
    offset = None
    if time is None:
        machine = reader.skip("t")
        time = read_time(reader) if machine else read_time_behind(reader, day.part)
        offset = read_offset(reader) if time is not None and time.named is None and not time.ranged else None
    return _named(day.seen_from, time, offset, (_LATER_END,) if day.ranged else ())


def _later_day(reader: Reader) -> NamedDay | None:
    """The second of `周三到周五`, `Thursday/Friday`."""
    after, furthest = reader.at, reader.furthest
    slash = reader.skip("/")
    later = read_day(reader) if slash or reader.skip(*RANGE) else None
    if later is None:
        reader.at = after
        reader.furthest = furthest if slash else reader.furthest  # nothing behind 06 of 05/06/2026 was read
    return later


def _named(
    day: DayFrom, time: WrittenTime | None, offset: WrittenOffset | None, notes: tuple[Message, ...]
) -> _Reading:
    def reading(start: datetime, calendar: Calendar) -> Due:  # noqa: ARG001 (a named day needs no calendar)
        zone = zone_of(start)
        at = end_of_day(day(start.date()), zone if offset is None else offset.zone())
        due = Due(at=at, whole_day=True, start=start, notes=notes)
        if time is not None:
            due = _at_that_time(due, time)
        if offset is not None:
            there = due.at.astimezone(zone)
            due = replace(due, at=there, whole_day=there.time() == END_OF_DAY)
        return due

    return reading


def _at_time(reader: Reader) -> _Reading | None:
    """A time of day alone: the next one, today or tomorrow."""
    time = read_time(reader, range_too=True)
    if time is None:
        return None

    def reading(start: datetime, calendar: Calendar) -> Due:  # noqa: ARG001 (a time needs no calendar)
        today = Due(at=end_of_day(start.date(), zone_of(start)), whole_day=True, start=start)
        due = _at_that_time(today, time)
        return due if due.at >= start else replace(due, at=due.at + timedelta(days=1))

    return reading


def _at_that_time(due: Due, written: WrittenTime) -> Due:
    """The same day at that time."""
    time = written.on_clock(guess_afternoon=True)
    whole_day = time == duetime.END_OF_DAY
    at = datetime.combine(due.at.date(), time, zone_of(due.at))
    return replace(due, at=at, whole_day=whole_day, notes=(*due.notes, *_time_notes(written)))


def _time_notes(written: WrittenTime) -> tuple[Message, ...]:
    """What was assumed about a time of day, in words."""
    if written.ranged:
        return (_LATER_END, *_time_notes(replace(written, ranged=False)))
    if written.half_unsaid:
        return (msg("{hour} o'clock without morning or afternoon is read as the afternoon.", hour=written.hour),)
    if written.office_hours:
        return (msg("Office hours are assumed to end at 18:00."),)
    return ()


_FORMS: tuple[Callable[[Reader], _Reading | None], ...] = (_read_period, _on_day, _at_time)


def _skip_all(reader: Reader, words: tuple[str, ...]) -> None:
    while reader.skip(*words):
        pass


def _refuse_negative(reader: Reader) -> None:
    begin = reader.at
    if reader.skip(*_MINUS) and reader.number() is not None:
        raise PhraseError(msg("A period needs a positive number: +3d, not -3d."), begin)
    reader.at = begin


def _unreadable(reader: Reader, begin: int) -> PhraseError:
    text = normalise(reader.phrase)
    digits = any(char.isdigit() for char in text)
    reader.at = begin
    if reader.follows(*PAST_WORDS):
        return PhraseError(_IN_THE_PAST, begin)
    if any(word in text for word in (VAGUE_TIMES if digits else (*VAGUE_TIMES, *VAGUE))):
        return VaguePhrase(msg("“{phrase}” gives no date: ask for one, and enter that.", phrase=reader.quote()), begin)
    reader.skip("+", "第")
    number = reader.number()
    reader.skip("个")
    position = max(reader.furthest, reader.at)
    if number is not None and number < TOO_MANY and position == reader.at:
        if reader.finished():
            message = msg("Add a unit to {n}: {n}h, {n}d or {n}wd (hours, days, working days).", n=number)
        else:
            message = msg(
                "“{unit}” is not a unit: use hours, days, working days, weeks, months or years.",
                unit=reader.quote(position),
            )
        return PhraseError(message, position)
    if position >= len(reader.text):
        return PhraseError(
            msg(
                "“{phrase}” is not a date or period: enter one such as {examples}.",
                phrase=reader.quote(),
                examples=_EXAMPLES,
            ),
            position,
        )
    return PhraseError(
        msg(
            "“{rest}” (character {column}) is not clear: enter it like {examples}.",
            rest=reader.quote(position),
            column=position + 1,
            examples=_EXAMPLES,
        ),
        position,
    )
