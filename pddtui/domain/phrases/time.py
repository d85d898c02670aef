"""Times of day as people write them, and the distance from UTC behind a time.

Reading takes what stands there; whether a clock shows such a time is checked when the time is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, time, timedelta, timezone, tzinfo
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pddtui.domain.duetime import END_OF_DAY
from pddtui.domain.phrases.reader import RANGE, PhraseError, Reader
from pddtui.message import msg

__all__ = ["PartOfDay", "WrittenOffset", "WrittenTime", "read_offset", "read_time", "read_time_behind"]

_OFFSET = re.compile(r" ?(?:z(?![a-z])|[+-][0-9]{2}(?::?[0-9]{2})?)")

PartOfDay = Literal["night", "am", "morning", "noon", "afternoon", "evening"]
"""A part of the day: it decides which half of the clock an hour means, and has an end of its own."""

_ENGLISH_PARTS: Mapping[str, PartOfDay] = {
    **dict.fromkeys(("am", "a.m."), "am"),
    **dict.fromkeys(("pm", "p.m.", "in the afternoon"), "afternoon"),
    **dict.fromkeys(("in the morning",), "morning"),
    **dict.fromkeys(("in the evening", "at night"), "evening"),
}
_PARTS: Mapping[str, PartOfDay] = {
    **_ENGLISH_PARTS,
    **dict.fromkeys(("凌晨",), "night"),
    **dict.fromkeys(("清晨", "清早", "早上", "早晨", "一早", "一大早", "上午", "早", "morning"), "morning"),
    **dict.fromkeys(("中午", "正午", "noon", "midday", "lunchtime", "lunch"), "noon"),
    **dict.fromkeys(("下午", "午后", "afternoon"), "afternoon"),
    **dict.fromkeys(("傍晚", "晚上", "晚间", "夜里", "晚", "evening", "night"), "evening"),
}
_ENDS: Mapping[PartOfDay, time] = {
    "night": time(6),
    "am": time(12),
    "morning": time(12),
    "noon": time(12),
    "afternoon": time(18),
    "evening": END_OF_DAY,
}

_HOURS: Mapping[PartOfDay, Mapping[int, int]] = {
    "night": {12: 0} | {hour: hour for hour in range(7)},
    "am": {12: 0} | {hour: hour for hour in range(1, 12)},
    "morning": {hour: hour for hour in range(4, 13)},
    "noon": {1: 13, 2: 14} | {hour: hour for hour in range(11, 15)},
    "afternoon": {hour: hour + 12 for hour in range(1, 12)} | {hour: hour for hour in range(12, 24)},
    "evening": {hour: hour + 12 for hour in range(5, 13)} | {hour: hour for hour in range(17, 25)},
}
"""What an hour of the clock face means in each part of the day."""

_CLOSING = time(18)
_NAMED: Mapping[str, time] = {
    **dict.fromkeys(
        (
            "下班",
            "下班时间",
            "close of business",
            "end of business",
            "end of work",
            "closing",
            "closing time",
            "cob",
            "close of play",
            "close",
            "end of the working day",
            "end of the business day",
            "关门",
            "打烊",
        ),
        _CLOSING,
    ),
    **dict.fromkeys(("午夜", "半夜", "midnight", "end of day", "end of the day", "eod"), END_OF_DAY),
}

_FRACTION = re.compile("[.][0-9]+")
_PAST_THE_HOUR: Mapping[str, int] = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}

_HOURS_A_DAY = 24

_UNLIKELY_BEFORE_NOON = range(1, 7)
"""`明天3点` is 15:00: nobody promises anything for three in the morning."""


class WrittenTime(Struct, frozen=True, kw_only=True):
    """A time of day as it was written."""

    position: int

    named: time | None = None
    """The time itself, where a name stands for it."""

    hour: int = 0
    minute: int = 0
    second: int = 0

    part: PartOfDay | None = None

    loose: bool = False
    """Whether it is an hour of the clock face (3点), and not 03:00."""

    ranged: bool = False
    """Whether it is the later end of two."""

    @property
    def half_unsaid(self) -> bool:
        """Whether `on_clock` may take it for the afternoon."""
        return self.loose and self.part is None and self.hour in _UNLIKELY_BEFORE_NOON

    @property
    def office_hours(self) -> bool:
        return self.named == _CLOSING and self.part is None

    @property
    def only_part(self) -> bool:
        """Whether it is a part of the day, longer than a moment, without an hour."""
        return self.named is not None and self.part not in (None, "noon")

    def on_clock(self, *, guess_afternoon: bool = False) -> time:
        """The time; 24:00 and 晚上12点 are the end of the day. Refuses what no clock shows."""
        if self.named is not None:
            return self.named
        part: PartOfDay | None = "afternoon" if guess_afternoon and self.half_unsaid else self.part
        hour = self.hour if part is None else _HOURS[part].get(self.hour, -1)
        if (hour, self.minute, self.second) == (24, 0, 0):
            return END_OF_DAY
        try:
            return time(hour, self.minute, self.second)
        except ValueError as error:
            raise PhraseError(msg("There is no such time of day: write it like 18:30."), self.position) from error


class WrittenOffset(Struct, frozen=True):
    """An offset as it was written."""

    position: int
    text: str

    def zone(self) -> tzinfo:
        """The zone at that distance from UTC. Refuses one that no place has."""
        digits = self.text.strip().replace(":", "")
        if digits == "z":
            return UTC
        length = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:] or 0))
        try:
            return timezone(-length if digits[0] == "-" else length)
        except ValueError as error:
            message = msg("There is no such UTC offset: write it like +08:00.")
            raise PhraseError(message, self.position) from error


def read_time(
    reader: Reader, part: PartOfDay | None = None, *, range_too: bool = False, bare: bool = False
) -> WrittenTime | None:
    """A time of day; `part` was read before it, as in 明晚8点.

    `range_too` also takes the later end of 9点-18点, 2-3pm; `bare` an hour without its unit, as in "Friday at 5".
    """
    reader.spaces()
    start = reader.at
    if range_too:
        found = _hours_of_one_unit(reader, part)
        if found is not None:
            return found
        reader.at = start
    first = _single(reader, part, bare=bare)
    if first is None or not range_too or first.named is not None:
        return first
    after = reader.at
    second = _single(reader, None) if reader.skip(*RANGE, "/") else None
    later = None if second is None else _later_end(first, second)
    if later is None:
        reader.at = after
    return later or first


def read_time_behind(reader: Reader, part: PartOfDay | None = None) -> WrittenTime | None:
    """The time behind a day: `, 5pm`, `的9点到12点`, `at 5`. Nothing is taken where there is none."""
    start = reader.at
    reader.skip("的", ",", "(")
    time = read_time(reader, part, range_too=True, bare=reader.skip("at", "by", "before", "around"))
    if time is None:
        reader.at = start
    return time


def read_offset(reader: Reader) -> WrittenOffset | None:
    position = reader.at
    text = reader.match(_OFFSET)
    return None if text is None else WrittenOffset(position, text)


def _hours_of_one_unit(reader: Reader, part: PartOfDay | None) -> WrittenTime | None:
    """`2-3点`, `9-11am`, `两三点`: two hours before one word."""
    part = part or reader.word(_PARTS)
    start = reader.at
    if reader.pair() is not None:
        reader.at -= 1  # the later one
    else:
        hour = reader.number()
        if hour is None or hour > _HOURS_A_DAY or not reader.skip(*RANGE):
            return None
    second = _hour(reader, start, part, bare=False)
    return None if second is None or second.named is not None else replace(second, ranged=True)


def _later_end(first: WrittenTime, second: WrittenTime) -> WrittenTime | None:
    """The second time if it is the later one; 下午 of the first counts for the second where that can be meant."""
    if second.part is None and first.part is not None and second.hour in _HOURS[first.part]:
        second = replace(second, part=first.part)
    try:
        ends = second.on_clock(guess_afternoon=True) > first.on_clock(guess_afternoon=True)
    except PhraseError:
        return None
    return replace(second, ranged=True) if ends else None


def _single(reader: Reader, part: PartOfDay | None, *, bare: bool = False) -> WrittenTime | None:
    reader.spaces()
    start = reader.at
    named = None if part else reader.word(_NAMED)
    if named is not None:
        return WrittenTime(position=start, named=named)
    part = part or reader.word(_PARTS)
    after_part = reader.at
    found = _hour(reader, start, part, bare=bare)
    if found is not None:
        return found
    reader.at = after_part
    return None if part is None else WrittenTime(position=start, named=_ENDS[part], part=part)


def _hour(reader: Reader, start: int, part: PartOfDay | None, *, bare: bool) -> WrittenTime | None:
    hour = reader.number()
    if hour is None:
        return None
    minute, second, loose = 0, 0, False
    if reader.skip(":"):
        digits = reader.number()
        if digits is None:
            return None
        minute = digits
        if reader.skip(":"):
            second = reader.number() or 0
            reader.match(_FRACTION)
    elif reader.skip("点", "点钟", "时", "o'clock"):
        loose = True
        minute = _past_the_hour(reader)
    elif not reader.follows(*_ENGLISH_PARTS):
        if not bare or hour > _HOURS_A_DAY:
            return None
        loose = True
    part = reader.word(_ENGLISH_PARTS) or part
    return WrittenTime(position=start, hour=hour, minute=minute, second=second, part=part, loose=loose)


def _past_the_hour(reader: Reader) -> int:
    named = reader.word(_PAST_THE_HOUR)
    if named is not None:
        return named
    minute = reader.number()
    reader.skip("分钟", "分")
    return minute or 0
