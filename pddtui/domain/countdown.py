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
_SECONDS = ("秒", "秒钟", "s", "sec", "secs", "second", "seconds")
_REMAINING = ("还剩", "剩余", "剩", "还有", "倒计时", "remaining", "left")

_LONGEST = timedelta(days=1000)
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60


class Countdown(Struct, frozen=True):
    position: int
    seconds: int

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        if self.seconds > _LONGEST.total_seconds():
            raise PhraseError(msg("No countdown runs that long: type it as it is shown."), self.position)
        return due_after(start, timedelta(seconds=self.seconds), calendar)


def read_countdown(reader: Reader) -> Countdown | None:
    """`1天23时59分`, `2h30m`, `30分钟`; a single day or hour only where a countdown was announced."""
    announced = reader.skip(*_REMAINING)
    reader.skip("+")
    reader.spaces()
    position = reader.at
    days = _part(reader, _DAYS)
    clock = _clock(reader) if announced or days is not None else None
    if clock is not None:
        return Countdown(position, clock + (days or 0) * _DAY)
    hours = _part(reader, _HOURS)
    minutes = _part(reader, _LONE_MINUTES if days is hours is None and not announced else _MINUTES)
    seconds = _part(reader, _SECONDS)
    parts = (days, hours, minutes, seconds)
    said = sum(part is not None for part in parts)
    if said == 0 or (said == 1 and minutes is None and not announced):
        return None
    total = sum((part or 0) * length for part, length in zip(parts, (_DAY, _HOUR, _MINUTE, 1), strict=True))
    return Countdown(position, total)


def _part(reader: Reader, names: tuple[str, ...]) -> int | None:
    start = reader.at
    n = reader.number()
    if n is not None and reader.skip(*names):
        return n
    reader.at = start
    return None


def _clock(reader: Reader) -> int | None:
    """`23:59:59` as a length, in seconds."""
    start = reader.at
    numbers = [reader.number()]
    while len(numbers) < 3 and reader.skip(":"):
        numbers.append(reader.number())
    match numbers:
        case [int(hours), int(minutes), int(seconds)]:
            return _HOUR * hours + _MINUTE * minutes + seconds
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
