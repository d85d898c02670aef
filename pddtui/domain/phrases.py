"""By when? What an agent promises or I set myself, in Chinese or English, as a due date.

`parse_due` reads every form of `periods`, `days` and `times`, with the small words that people put around
them. Words that name no date raise `VaguePhrase`, anything else that it cannot read `PhraseError`, both with
the place where reading stopped; no text raises anything else.

"Before" and 前 include the day they name. A date without its year is the next such date. What is named must
not lie before the start, and not more than 50 years after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from msgspec.structs import replace

from pddtui.domain.clock import zone_of
from pddtui.domain.days import DayFrom, read_day_and_part
from pddtui.domain.duetime import Due, end_of_day
from pddtui.domain.fillers import AFTER_DATE, BEFORE_DATE, RANGE, VAGUE
from pddtui.domain.numerals import normalise
from pddtui.domain.periods import LATER_END, Reading, at_time, read_period
from pddtui.domain.reader import PhraseError, Reader
from pddtui.domain.times import WrittenTime, read_time
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["PhraseError", "VaguePhrase", "parse_due"]

_MINUS = ("-", "负", "minus")
_EXAMPLES = ("3个工作日内", "tomorrow 18:00", "11-25", "+48h")
_FAR = 50


class VaguePhrase(PhraseError):
    """Words like 尽快 or "soon": they name no date."""


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
    time = read_time(reader)
    if time is not None:
        reader.skip(",", "on")
    else:
        reader.at = start
    found = read_day_and_part(reader)
    if found is None:
        return None
    day, part = found
    ranged = reader.at
    later = read_day_and_part(reader) if reader.skip(*RANGE) else None
    if later is None:
        reader.at = ranged
    else:
        day, part = partial(_later_end, day, later[0]), later[1]
    if time is None:
        after = reader.at
        reader.skip("的", ",", "at", "by", "before", "t")
        time = read_time(reader, part)
        if time is None:
            reader.at = after
    return _named(day, time, () if later is None else (LATER_END,))


def _later_end(first: DayFrom, second: DayFrom, today: date) -> date:
    """The end of `12月25-27日` is seen from its beginning, that of `明天或后天` from today."""
    begin, end = first(today), second(today)
    return end if end >= begin else second(begin)


def _named(day: DayFrom, time: WrittenTime | None, notes: tuple[Message, ...]) -> Reading:
    def reading(start: datetime, calendar: Calendar) -> Due:  # noqa: ARG001 (a named day needs no calendar)
        at = end_of_day(day(start.date()), zone_of(start))
        due = Due(at=at, whole_day=True, start=start, notes=notes)
        return due if time is None else at_time(due, time)

    return reading


def _at_time(reader: Reader) -> Reading | None:
    """A time of day alone: the next one, today or tomorrow."""
    time = read_time(reader)
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
    if not digits and any(word in text for word in VAGUE):
        return VaguePhrase(
            msg("“{phrase}” names no date: ask by which day, and note that.", phrase=reader.quote()), begin
        )
    reader.at = begin
    reader.skip("+", "第")
    number = reader.number()
    reader.skip("个")
    position = max(reader.furthest, reader.at)
    if number is not None and position == reader.at:
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
