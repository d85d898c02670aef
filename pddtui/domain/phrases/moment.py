"""When? A moment that somebody types on the command line or in a form: when it happened, or as of when.

It takes a full or short date with or without its time, 昨天20:00, now, -2h, 3天前, and refuses what it cannot read
exactly. A date without its year is the latest such date that is not more than 60 days ahead: what is logged has
mostly happened, and `--as-of 12-01` is typed in November.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from pddtui.domain.bounds import is_in_time
from pddtui.domain.duetime import at_clock, day_or_last, hours_later, zone_of
from pddtui.domain.phrases.day import DAYS_AHEAD, DAYS_WITH_PART, YEARS_BETWEEN_LEAP_DAYS, WrittenDate, read_date
from pddtui.domain.phrases.reader import AGO, PhraseError, Reader
from pddtui.domain.phrases.time import WrittenTime, read_offset, read_time
from pddtui.message import Message, msg

__all__ = ["DAYS_AGO", "DAYS_AND_PARTS", "as_given", "far_words", "parse_when"]

_NOW = ("now", "just now", "现在", "此刻", "刚才", "刚刚")
DAYS_AGO: Mapping[str, int] = {
    **dict.fromkeys(("今天", "今日", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("前天", "前日", "the day before yesterday"), -2),
    "大前天": -3,
}
"""Words for a day that is over, or is not yet."""
_DAYS: Mapping[str, int] = {**DAYS_AHEAD, **DAYS_AGO}
DAYS_AND_PARTS = {**DAYS_WITH_PART, "昨晚": (-1, DAYS_WITH_PART["今晚"][1]), "昨早": (-1, DAYS_WITH_PART["今早"][1])}

_LENGTHS: Mapping[str, timedelta] = {
    **dict.fromkeys(("分钟", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("小时", "个小时", "h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("天", "d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("周", "个星期", "星期", "w", "week", "weeks"), timedelta(weeks=1)),
}
_MONTHS: Mapping[str, int] = {
    **dict.fromkeys(("个月", "m", "month", "months"), 1),
    **dict.fromkeys(("年", "y", "year", "years"), 12),
}
_SIGNS: Mapping[str, int] = {"+": 1, "-": -1}

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=60)
_EXAMPLES = ("2026-11-22 20:00", "11-22", msg("yesterday 20:00"), "-2h", msg("now"))

_Reading = Callable[[datetime, time], datetime]


def as_given(at: datetime) -> datetime | date:
    """What `parse_when` read, to be said again: the day alone where it was given without a time."""
    return at.date() if at.time() == time.min else at


def far_words(at: datetime, ref: str | None) -> Message:
    """What is asked of a moment on which hardly anything of that case can have happened, or of a new one."""
    if ref is None:
        return msg("{at} is far away from today. Is the date right?", at=as_given(at))
    return msg("{at} is far away from everything else in {ref}. Is the date right?", at=as_given(at), ref=ref)


def parse_when(text: str, now: datetime, *, default: time = time.min) -> datetime:
    """The moment `text` means at `now`, in the zone of `now`; a day without a time is taken at `default`.

    Raises `PhraseError` for what is not a moment, for a day or a time that does not exist, and for an empty text.
    """
    reader = Reader(text)
    if reader.finished():
        raise PhraseError(msg("Enter a time such as {examples}.", examples=_EXAMPLES), 0)
    for form in (_now, _distance, _date_and_time, _day_and_time):
        reader.at = 0
        reading = form(reader)
        if reading is None or not reader.finished():
            continue
        with suppress(OverflowError, ValueError):
            moment = reading(now, default)
            if is_in_time(moment):
                return moment
        raise PhraseError(msg("The date is too far away: enter a nearer one."), 0)
    raise PhraseError(
        msg(
            "“{rest}” (character {column}) is not clear: enter a time such as {examples}.",
            rest=reader.quote(reader.furthest) or reader.quote(),
            column=reader.furthest + 1,
            examples=_EXAMPLES,
        ),
        reader.furthest,
    )


def _now(reader: Reader) -> _Reading | None:
    return (lambda now, _: now) if reader.skip(*_NOW) else None


def _distance(reader: Reader) -> _Reading | None:
    """`-2h`, `+7d`, `3天前`, `2 hours ago`: by the clock for hours, the same time of day for days and more."""
    sign = reader.word(_SIGNS)
    n = reader.number()
    if n is None:
        return None
    length, months = reader.word(_LENGTHS), reader.word(_MONTHS)
    if (length is None) == (months is None) or (sign is not None) == reader.skip(*AGO):
        return None
    n *= -1 if sign is None else sign

    def moment(now: datetime, _: time) -> datetime:
        if months is not None:
            return at_clock(day_or_last(months * n, now.day, now.date()), now.time(), zone_of(now))
        if length is None or length < _DAY:
            return hours_later(now, n * (length or timedelta()))
        return at_clock((now + n * length).date(), now.time(), zone_of(now))

    return moment


def _date_and_time(reader: Reader) -> _Reading | None:
    written = read_date(reader)
    if written is None or written.ranged:
        return None
    reader.skip("t", ",")
    clock = read_time(reader)
    offset = read_offset(reader) if clock is not None else None

    def moment(now: datetime, default: time) -> datetime:
        zone = zone_of(now) if offset is None else offset.zone()
        return at_clock(_day(written, now.date()), _time(clock, default), zone).astimezone(zone_of(now))

    return moment


def _day_and_time(reader: Reader) -> _Reading | None:
    """`昨天20:00`, `今天`, and a time alone, which is today's."""
    both = reader.word(DAYS_AND_PARTS)
    days, part = both if both is not None else (reader.word(_DAYS), None)
    reader.skip("的", ",", "at")
    clock = read_time(reader, part)
    if days is None and clock is None:
        return None

    def moment(now: datetime, default: time) -> datetime:
        return at_clock(now.date() + timedelta(days=days or 0), _time(clock, default), zone_of(now))

    return moment


def _day(written: WrittenDate, today: date) -> date:
    year = written.year_from(today)
    if year is not None:
        return written.on(year)
    for year in range(today.year + 1, today.year - YEARS_BETWEEN_LEAP_DAYS - 1, -1):
        if written.exists_in(year) and written.on(year) <= today + _AHEAD:
            return written.on(year)
    return written.on(today.year)


def _time(written: WrittenTime | None, default: time) -> time:
    if written is None:
        return default
    if written.only_part:
        raise PhraseError(msg("Add the time of day, such as 20:00."), written.position)
    return written.on_clock()
