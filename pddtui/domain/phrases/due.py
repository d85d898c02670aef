"""By when? What an agent promises or I set myself, in Chinese or English, as a due date.

Hours and countdowns run from the moment, over nights and days off. Days, weeks and months are calendar days and end
with their last day, so that nobody is accused too early. A range means its later end, "before" includes the day it
names, and a date without its year is the next such date. Words that name no date raise `VaguePhrase`, anything else
that cannot be read `PhraseError`, both with the place where reading stopped; no text raises anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pddtui.domain.bounds import is_in_time
from pddtui.domain.duetime import END_OF_DAY, Due, days_ahead, end_of_day, zone_of
from pddtui.domain.phrases.day import DayFrom, NamedDay, later_end, read_date, read_day
from pddtui.domain.phrases.feast import NamedFeast, read_feast
from pddtui.domain.phrases.period import LATER_END, DueFrom, at_that_time, read_countdown, read_length, read_period
from pddtui.domain.phrases.reader import (
    AFTER_DATE,
    BEFORE_DATE,
    EARLIEST,
    EVENT,
    EVENT_BEHIND,
    EXAMPLES,
    LATEST,
    ONWARDS,
    RANGE,
    STARTING,
    PhraseError,
    Reader,
    VaguePhrase,
    from_when,
    not_before,
    unreadable,
)
from pddtui.domain.phrases.time import WrittenOffset, WrittenTime, read_offset, read_time, read_time_behind
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["VaguePhrase", "due_in_words", "parse_countdown", "parse_due"]

_COUNTED_FROM = ("后", "之后", "以后", "起", "算起", "起算", "开始", "开始算", "之日起", "日起")
_COUNTED_FROM_BEHIND = ("from", "after", "of", "following", "starting", "starting from")
_PAST_DAYS: Mapping[str, int] = {
    **dict.fromkeys(("昨天", "昨日", "昨晚", "yesterday"), -1),
    **dict.fromkeys(("前天", "前日", "the day before yesterday"), -2),
}
"""Days from which something may already be counted."""
_NEAREST = timedelta(days=180)
"""A date without its year from which something is counted is the one that is nearest."""

_MINUS = ("-", "负", "minus")
_FAR = 50


def parse_due(phrase: str, start: datetime, calendar: Calendar, *, from_event: bool = False) -> Due:
    """The moment that `phrase` means when it is said at `start`, in the zone of `start`.

    A period of hours runs from `start`; anything else is due at the end of its day unless it names a time. What it
    names must not lie before `start`, nor more than 50 years after it. `from_event`: `start` is when that happened
    which the phrase counts from (收到退货后3天); without it such a phrase is refused, as is one that names the
    earliest day (最快周五, 3天之后, "from Friday"). 3天后 is a length: on the third day.
    """
    reader = Reader(phrase)
    if reader.finished():
        raise PhraseError(msg("Enter a due date such as {examples}.", examples=EXAMPLES), 0)
    begin, rest, open_from = 0, None, None
    for _ in range(2):  # 最快周三，最晚周五: of two parts the second may be the latest day
        lead = _lead(reader)
        begin, rest = reader.at, None
        _refuse_negative(reader)
        for form in _FORMS:
            reader.at = begin
            reading = form(reader)
            if reading is None:
                continue
            earliest = _is_earliest(lead, reading, onwards=_read_behind(reader, reading))
            if reader.finished():
                if isinstance(reading, _SinceEvent) and not from_event:
                    raise from_when(reader, begin)
                if earliest or (isinstance(reading, _SinceEvent) and reading.length is None):
                    raise not_before(reader, begin)
                return _checked(reading, reader, begin, start, calendar)
            if earliest:
                open_from = begin if open_from is None else open_from
            if earliest or reader.follows(*LATEST):
                rest = max(rest or 0, reader.at)
        if rest is None:
            break
        reader.at = rest
    raise unreadable(reader, begin) if open_from is None else not_before(reader, open_from)


def _lead(reader: Reader) -> str:
    """Take what stands before a date; what it makes of it: the earliest, the beginning, or nothing."""
    lead = ""
    while True:
        reader.skip_all(BEFORE_DATE)
        if reader.skip(*EARLIEST):
            lead = "earliest" if not reader.text.endswith("after", 0, reader.at) else lead or "after"
        elif reader.skip(*STARTING):
            lead = lead or "starting"
        else:
            return lead


def _read_behind(reader: Reader, reading: DueFrom) -> bool:
    """Take what stands behind a date; whether it makes the date the earliest."""
    onwards = reader.skip(*ONWARDS) or (isinstance(reading, _NamedDue) and reader.skip("后"))
    while True:
        reader.skip_all(AFTER_DATE)
        if not reader.skip(*ONWARDS):
            return onwards
        onwards = True


def _is_earliest(lead: str, reading: DueFrom, *, onwards: bool) -> bool:
    if isinstance(reading, _FeastDay) and reading.feast.side == "after":
        return onwards or lead == "earliest" or not reading.feast.has_days_off
    if isinstance(reading, _FromDay | _SinceEvent):
        return onwards or lead == "earliest"
    if lead == "starting" and LATER_END in getattr(reading, "notes", ()):
        return onwards  # from Monday to Friday
    return onwards or lead != ""


def parse_countdown(shown: str, start: datetime, calendar: Calendar) -> Due:
    """The end of a countdown that the app shows at `start` (1天23时, 23:59:59), or its end as `parse_due` reads it."""
    reader = Reader(shown)
    countdown = read_countdown(reader, shown=True)
    if countdown is not None and reader.finished():
        return _checked(countdown, reader, 0, start, calendar)
    return parse_due(shown, start, calendar)


_UP_TO = ("内", "以内", "之内", "前", "以前", "之前", "之内的", "里")
"""Words behind a date that belong to it: until then at the latest."""

_LOOKED_BACK = timedelta(days=60)
"""In free words a date without its year that was so recently is the past one: what is told has mostly happened."""


def due_in_words(words: str, at: int, start: datetime, calendar: Calendar) -> tuple[Due | None, int] | None:
    """The date that stands at `at` in the middle of somebody's words, and the index behind it.

    No due where it is over by `start`; None where there is no date, and where it is the earliest day or counts from
    something that has no date. The longest reading is taken.
    """
    best: tuple[Due | None, int] | None = None
    for found in _dates_at(words, at):
        if best is not None and found.begin_of_rest <= best[1]:
            continue
        try:
            best = _checked(found.reading, found.reader, at, start, calendar), found.end
        except _OverAlready:
            best = None, found.end
        except Refused:
            continue
    return best


class _DateInWords(NamedTuple):
    """A date in the middle of somebody's words, whenever they were said."""

    reading: DueFrom
    reader: Reader
    begin_of_rest: int
    end: int


@lru_cache(maxsize=2048)
def _dates_at(words: str, at: int) -> tuple[_DateInWords, ...]:
    """Each reading of the date there that names the latest day: those who put people off use few sentences."""
    found: list[_DateInWords] = []
    for form in _FORMS:
        reader = Reader(words, _LOOKED_BACK)
        reader.at = at
        reading = form(reader)
        if reading is None or isinstance(reading, _SinceEvent):
            continue
        begin_of_rest = reader.at
        reader.skip(*_UP_TO)
        end = len(words[: reader.at].rstrip())
        if not _is_earliest("", reading, onwards=_read_behind(reader, reading)):
            found.append(_DateInWords(reading, reader, begin_of_rest, end))
    return tuple(found)


class _OverAlready(PhraseError):
    """A date that can be read and lies in the past."""


def _checked(reading: DueFrom, reader: Reader, begin: int, start: datetime, calendar: Calendar) -> Due:
    try:
        due = reading(start, calendar)
    except PhraseError:
        raise
    except Refused as refused:
        raise PhraseError(refused.message, begin) from refused
    except (OverflowError, ValueError) as error:
        raise PhraseError(msg("The date is too far away: enter a nearer one."), begin) from error
    if due.at < start:
        raise _OverAlready(
            msg("“{phrase}” was already over on {start}: enter a later date.", phrase=reader.quote(), start=start),
            begin,
        )
    if due.at.year - start.year > _FAR:
        raise PhraseError(
            msg("“{phrase}” is more than {years} years away: enter a nearer date.", phrase=reader.quote(), years=_FAR),
            begin,
        )
    if not is_in_time(due.at):
        raise PhraseError(msg("The date is too far away: enter a nearer one."), begin)
    return due


def _on_day(reader: Reader) -> DueFrom | None:
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
    return _NamedDue(day.seen_from, time, offset, (LATER_END,) if day.ranged else ())


def _later_day(reader: Reader) -> NamedDay | None:
    """The second of `周三到周五`, `Thursday/Friday`."""
    after, furthest = reader.at, reader.furthest
    slash = reader.skip("/")
    later = read_day(reader) if slash or reader.skip(*RANGE) else None
    if later is None:
        reader.at = after
        reader.furthest = furthest if slash else reader.furthest  # nothing behind 06 of 05/06/2026 was read
    return later


class _NamedDue(Struct, frozen=True):
    """A day, or where `day` is None a time of day alone: the next one, today or tomorrow."""

    day: DayFrom | None
    time: WrittenTime | None
    offset: WrittenOffset | None = None
    notes: tuple[Message, ...] = ()

    def __call__(self, start: datetime, calendar: Calendar) -> Due:  # noqa: ARG002 (it needs no calendar)
        zone = zone_of(start)
        day = start.date() if self.day is None else self.day(start.date())
        at = end_of_day(day, zone if self.offset is None else self.offset.zone())
        due = Due(at=at, whole_day=True, start=start, notes=self.notes)
        if self.time is not None:
            due = at_that_time(due, self.time)
        if self.offset is not None:
            there = due.at.astimezone(zone)
            due = replace(due, at=there, whole_day=there.time() == END_OF_DAY)
        if self.day is None and due.at < start:
            due = replace(due, at=due.at + timedelta(days=1))
        return due


class _FeastDay(Struct, frozen=True):
    feast: NamedFeast
    time: WrittenTime | None

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        day = self.feast.seen_from(start.date(), calendar)
        estimated = self.feast.estimated(day, calendar)
        at = end_of_day(day, zone_of(start))
        due = Due(at=at, whole_day=True, estimated=estimated, start=start, notes=self.feast.notes())
        return due if self.time is None else at_that_time(due, self.time)


class _FeastEnd(Struct, frozen=True):
    """The end of a holiday, from which what comes after it is counted."""

    feast: NamedFeast

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        day = self.feast.last_day_off(start.date(), calendar)
        estimated = calendar.day(day).estimated
        return Due(at=end_of_day(day, zone_of(start)), whole_day=True, estimated=estimated, start=start)


class _FromDay(Struct, frozen=True):
    """A length that is counted from a day that is named; hours from its end, unless a time is named too."""

    day: DueFrom
    length: DueFrom

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        since = self.day(start, calendar)
        due = self.length(since.at, calendar)
        return replace(
            due,
            whole_day=due.at.time() == END_OF_DAY,
            estimated=due.estimated or since.estimated,
            start=start,
            since=since.at,
            notes=(*since.notes, *due.notes),
        )


class _SinceEvent(Struct, frozen=True):
    """A length from something that has no date, or only that it comes after it."""

    length: DueFrom | None

    def __call__(self, start: datetime, calendar: Calendar) -> Due:
        if self.length is None:
            raise ValueError("nothing is counted")
        return self.length(start, calendar)


def _on_feast(reader: Reader) -> DueFrom | None:
    """`元旦前`, `除夕中午12点前`, `after the National Day holiday`."""
    feast = read_feast(reader)
    return None if feast is None else _FeastDay(feast, read_time_behind(reader))


def _from_a_day(reader: Reader) -> DueFrom | None:
    """`11月25日起3个工作日内`, `国庆后第一个工作日`, `3 days from Friday`."""
    begin = reader.at
    day = _day_counted_from(reader)
    if day is not None:
        event = reader.match(EVENT)
        counted = event is not None or reader.skip(*_COUNTED_FROM)
        after_feast = isinstance(day, _FeastEnd) and day.feast.side == "after"
        if counted or after_feast:
            reader.skip_all(("的", ",", "内", "within", *_COUNTED_FROM))
            length = read_length(reader)
            if length is not None:
                return _FromDay(day, length)
    reader.at = begin
    length = read_length(reader)
    if length is None or not reader.skip(*_COUNTED_FROM_BEHIND):
        return None
    day = _day_counted_from(reader)
    return None if day is None else _FromDay(day, length)


def _day_counted_from(reader: Reader) -> DueFrom | None:
    reader.spaces()
    start = reader.at
    feast = read_feast(reader)
    if feast is not None:
        return _FeastEnd(feast)
    reader.at = start
    past = reader.word(_PAST_DAYS)
    if past is not None:
        return _NamedDue(partial(days_ahead, past), read_time_behind(reader))
    written = read_date(reader)
    if written is not None:
        return _NamedDue(lambda today: written.next_from(today - _NEAREST), read_time_behind(reader))
    reader.at = start
    day = read_day(reader)
    return None if day is None else _NamedDue(day.seen_from, read_time_behind(reader, day.part))


def _since_event(reader: Reader) -> DueFrom | None:
    """`收到退货后3个工作日`, `within 3 days of receipt`, `after approval`."""
    begin = reader.at
    event = EVENT.search(reader.text)
    if event is None:
        event = EVENT_BEHIND.search(reader.text)
        length = read_length(reader) if event is not None else None
        if event is None:
            return None
        reader.spaces()
        if length is not None and reader.at == event.start():
            reader.at = event.end()
            return _SinceEvent(length)
    reader.at = event.end()
    reader.skip_all((*BEFORE_DATE, "的", "内", ","))
    after = reader.at
    length = read_length(reader)
    if length is None:
        reader.at = after
    reader.at = max(reader.at, begin)
    return _SinceEvent(length)


def _at_time(reader: Reader) -> DueFrom | None:
    """A time of day alone: the next one, today or tomorrow."""
    time = read_time(reader, range_too=True)
    return None if time is None else _NamedDue(None, time)


_FORMS: tuple[Callable[[Reader], DueFrom | None], ...] = (
    read_period,
    _on_day,
    _at_time,
    _on_feast,
    _from_a_day,
    _since_event,
)


def _refuse_negative(reader: Reader) -> None:
    begin = reader.at
    if reader.skip(*_MINUS) and reader.number() is not None:
        raise PhraseError(msg("A period needs a positive number: +3d, not -3d."), begin)
    reader.at = begin
