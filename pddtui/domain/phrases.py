"""By when? What an agent promises or I set myself, in Chinese or English, as a due date.

`parse_due` reads every form of `periods`, `days` and `times`, with the small words that people put around
them. Words that name no date raise `VaguePhrase`, anything else that it cannot read `PhraseError`, both with
the place where reading stopped; no text raises anything else.

"Before" and 前 include the day they name. A date without its year is the next such date. What is named must
not lie before the start, and not more than 50 years after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from pddtui.domain.clock import zone_of
from pddtui.domain.countdown import read_countdown
from pddtui.domain.days import NamedDay, later_end, read_day
from pddtui.domain.duetime import END_OF_DAY, Due, end_of_day
from pddtui.domain.fillers import AFTER_DATE, BEFORE_DATE, PAST, RANGE, VAGUE, VAGUE_TIMES
from pddtui.domain.numerals import TOO_MANY, normalise
from pddtui.domain.offset import WrittenOffset, read_offset
from pddtui.domain.periods import IN_THE_PAST, LATER_END, Reading, at_time, read_period
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.stretches import DayFrom
from pddtui.domain.times import WrittenTime, read_time, read_time_behind
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["PhraseError", "VaguePhrase", "parse_countdown", "parse_due"]

_MINUS = ("-", "负", "minus")
_EXAMPLES = ("3个工作日内", "tomorrow 18:00", "11-25", "+48h")
_FAR = 50


class VaguePhrase(PhraseError):
    """Words like 尽快 or "soon": they name no date."""


def parse_countdown(shown: str, start: datetime, calendar: Calendar) -> Due:
    """When a countdown ends that the app shows at `start`: 1天23时, 23:59:59; or its end as `parse_due` reads it."""
    reader = Reader(shown)
    countdown = read_countdown(reader, shown=True)
    if countdown is not None and reader.finished():
        return _checked(countdown, reader, 0, start, calendar)
    return parse_due(shown, start, calendar)


def parse_due(phrase: str, start: datetime, calendar: Calendar) -> Due:
    """The moment that `phrase` means when it is said at `start`, in the zone of `start`.

    A period of hours runs from `start`; all else is due at the end of its day unless a time is said.
    """
    reader = Reader(phrase)
    if reader.finished():
        raise PhraseError(msg("Say by when, like {examples}.", examples=_EXAMPLES), 0)
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


def _checked(reading: Reading, reader: Reader, begin: int, start: datetime, calendar: Calendar) -> Due:
    try:
        due = reading(start, calendar)
    except PhraseError:
        raise
    except Refused as refused:
        raise PhraseError(refused.message, begin) from refused
    except (OverflowError, ValueError) as error:
        raise PhraseError(msg("That date is too far away for any calendar."), begin) from error
    if due.at < start:
        raise PhraseError(
            msg("“{phrase}” was over at {start}: give a later date.", phrase=reader.quote(), start=start), begin
        )
    if due.at.year - start.year > _FAR:
        raise PhraseError(
            msg("“{phrase}” is more than {years} years away: give a nearer date.", phrase=reader.quote(), years=_FAR),
            begin,
        )
    return due


def _on_day(reader: Reader) -> Reading | None:
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
    return _named(day.seen_from, time, offset, (LATER_END,) if day.ranged else ())


def _later_day(reader: Reader) -> NamedDay | None:
    """The second of `周三到周五`, `Thursday/Friday`."""
    after, furthest = reader.at, reader.furthest
    slash = reader.skip("/")
    later = read_day(reader) if slash or reader.skip(*RANGE) else None
    if later is None:
        reader.at = after
        reader.furthest = furthest if slash else reader.furthest  # of 05/06/2026 nothing behind 06 was read
    return later


def _named(day: DayFrom, time: WrittenTime | None, offset: WrittenOffset | None, notes: tuple[Message, ...]) -> Reading:
    def reading(start: datetime, calendar: Calendar) -> Due:  # noqa: ARG001 (a named day needs no calendar)
        zone = zone_of(start)
        at = end_of_day(day(start.date()), zone if offset is None else offset.zone())
        due = Due(at=at, whole_day=True, start=start, notes=notes)
        if time is not None:
            due = at_time(due, time)
        if offset is not None:
            there = due.at.astimezone(zone)
            due = replace(due, at=there, whole_day=there.time() == END_OF_DAY)
        return due

    return reading


def _at_time(reader: Reader) -> Reading | None:
    """A time of day alone: the next one, today or tomorrow."""
    time = read_time(reader, range_too=True)
    if time is None:
        return None

    def reading(start: datetime, calendar: Calendar) -> Due:  # noqa: ARG001 (a time needs no calendar)
        today = Due(at=end_of_day(start.date(), zone_of(start)), whole_day=True, start=start)
        due = at_time(today, time)
        return due if due.at >= start else replace(due, at=due.at + timedelta(days=1))

    return reading


_FORMS: tuple[Callable[[Reader], Reading | None], ...] = (read_period, _on_day, _at_time)


def _skip_all(reader: Reader, words: tuple[str, ...]) -> None:
    while reader.skip(*words):
        pass


def _refuse_negative(reader: Reader) -> None:
    begin = reader.at
    if reader.skip(*_MINUS) and reader.number() is not None:
        raise PhraseError(msg("A period has a positive number: +3d, not -3d."), begin)
    reader.at = begin


def _unreadable(reader: Reader, begin: int) -> PhraseError:
    text = normalise(reader.phrase)
    digits = any(sign.isdigit() for sign in text)
    reader.at = begin
    if reader.follows(*PAST):
        return PhraseError(IN_THE_PAST, begin)
    if any(word in text for word in (VAGUE_TIMES if digits else (*VAGUE_TIMES, *VAGUE))):
        return VaguePhrase(
            msg("“{phrase}” names no date: ask by which day, and note that.", phrase=reader.quote()), begin
        )
    reader.skip("+", "第")
    number = reader.number()
    reader.skip("个")
    position = max(reader.furthest, reader.at)
    if number is not None and number < TOO_MANY and position == reader.at:
        if reader.finished():
            message = msg("{n} of what? Add the unit: {n}h, {n}d or {n}wd (working days).", n=number)
        else:
            message = msg(
                "“{unit}” is no unit: use hours, days, working days, weeks, months or years.",
                unit=reader.quote(position),
            )
        return PhraseError(message, position)
    if position >= len(reader.text):
        return PhraseError(
            msg(
                "“{phrase}” is no date or period: write it like {examples}.", phrase=reader.quote(), examples=_EXAMPLES
            ),
            position,
        )
    return PhraseError(
        msg(
            "Cannot read “{rest}” (character {column}): write it like {examples}.",
            rest=reader.quote(position),
            column=position + 1,
            examples=_EXAMPLES,
        ),
        position,
    )
