"""Lengths to the minute, as the app counts them down: 1天23时, 23:59:59, 还剩2小时30分, 30分钟.

They run from the moment, over nights and days off.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.clock import zone_of
from pddtui.domain.duetime import Due
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.workdays import Calendar
from pddtui.message import msg

__all__ = ["Countdown", "due_after", "read_countdown"]

_DAYS = ("天", "d", "day", "days")
_HOURS = ("小时", "时", "钟头", "个小时", "h", "hr", "hrs", "hour", "hours")
_LONE_MINUTES = ("分钟", "min", "mins", "minute", "minutes")
_MINUTES = (*_LONE_MINUTES, "分", "m")
_QUARTERS = ("刻钟", "quarter of an hour", "quarters of an hour")
_SECONDS = ("秒", "秒钟", "s", "sec", "secs", "second", "seconds")
_REMAINING = ("还剩", "剩余", "剩", "还有", "倒计时", "remaining", "left")

_LONGEST = timedelta(days=1000)
_BETWEEN = ("零", "又", "and", ",")
_DAY, _HOUR, _QUARTER, _MINUTE = 86_400, 3600, 900, 60


class Countdown(Struct, frozen=True):
    position: int
    parts: tuple[tuple[int, int], ...]
    """How many of what, in seconds, the longest first."""

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        seconds = sum(n * length for n, length in self.parts)
        if seconds > _LONGEST.total_seconds():
            raise PhraseError(msg("No countdown runs that long: type it as it is shown."), self.position)
        for (n, length), (_, above) in zip(self.parts[1:], self.parts, strict=False):
            if n * length >= above:
                message = msg(
                    "No clock counts like that: 24 hours are a day, 60 minutes an hour. Type it as it is shown."
                )
                raise PhraseError(message, self.position)
        if seconds == 0:
            raise PhraseError(msg("Nothing is left of that: say by when, or leave it out."), self.position)
        return due_after(start, timedelta(seconds=seconds), calendar)


def read_countdown(reader: Reader, *, shown: bool = False) -> Countdown | None:
    """`1天23时59分`, `2h30m`, `30分钟`; a single day or hour only where a countdown was announced.

    With `shown` it is what the app shows, so that 23:59:59 is a length and no time of day.
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


def due_after(start: datetime, length: timedelta, calendar: Calendar) -> Due:
    """So long after `start`, to the second."""
    hours, rest = divmod(length, timedelta(hours=1))
    if not rest:
        return duetime.add(start, hours, "hour", calendar)
    at = (start.astimezone(UTC) + length).astimezone(zone_of(start))
    return Due(at=at, whole_day=False, start=start)
