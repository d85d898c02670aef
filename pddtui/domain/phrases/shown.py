"""When was it? The time that a chat, a notice or a page shows beside what was said, which is always over.

Full dates (2026-11-03 10:21:05, 2026/11/03 9:05 AM), short ones (11月12日 上午10:21), and those that are told from the
day on which they were seen: 昨天 15:20, 星期三 10:00, Yesterday 15:20, or a time alone.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import structs

from pddtui.domain.bounds import is_in_time
from pddtui.domain.duetime import at_clock, zone_of
from pddtui.domain.phrases.day import YEARS_BETWEEN_LEAP_DAYS, WrittenDate, read_date, read_weekday
from pddtui.domain.phrases.moment import DAYS_AGO, DAYS_AND_PARTS
from pddtui.domain.phrases.reader import PhraseError, Reader
from pddtui.domain.phrases.time import WrittenTime, read_time
from pddtui.domain.text import halfwidth

__all__ = ["CLOCK_SHOWN", "DAY_SHOWN", "HAS_CLOCK", "LONGEST_SHOWN", "months_first", "read_shown", "read_shown_day"]

LONGEST_SHOWN = 40
"""Characters that such a time has at most; what is longer is none."""

_WEEKDAY = (
    "(?:星期|周|礼拜)[一二三四五六日天]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\b"
)
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.?"
DAY_SHOWN = (
    rf"(?:(?:(?:{_WEEKDAY})[,，]?\s)?"
    r"(?:(?<![\d./-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2}(?:\d{2})?"
    r"|(?:\d{4}年 ?)?\d{1,2}月\d{1,2}[日号]"
    rf"|\d{{1,2}}[-/]\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}(?=\s)|\d{{8}})"
    rf"|{_MONTH} \d{{1,2}}(?:, ?\d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?)(?:[\s,，]{{0,3}}[(（]?(?:{_WEEKDAY})[)）]?)?"
    rf"|(?:{_WEEKDAY})|大?前天|昨[天日晚早]|今[天日晚早]|yesterday|today)"
)
"""A pattern for what may be such a day: `read_shown` says whether it is one. It holds no group, and has bounds."""
CLOCK_SHOWN = (
    r"(?:(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里)\s?)?\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d{1,6})?)?"
    r"(?:\s?[AaPp]\.?[Mm]\.?(?![A-Za-z]))?(?![:：]?\d)"
)
"""The same for a time of day."""

_FULL = re.compile(
    r"(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})日?(?:[ T,]{1,3}|(?<=日))(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?"
    r"(?: ?([AaPp])\.?[Mm]\.?)?"
)
"""Nearly every line of a chat that was copied: read without the grammar of phrases, which takes ten times as long."""

HAS_CLOCK = re.compile(r"\d[:：]\d\d")
"""Few texts have one; no other can tell of a time."""
_DAY = timedelta(days=1)
_NOON = 12
"""上午12:05 is shown five minutes after midnight, and 晚上12:05 at the end of its day; 上午1:05 in the small hours."""


_YEAR_LAST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})(?![/\d])")
_MONTHS = 12
_HALF = re.compile(r"[AaPp]\.?[Mm]")


def months_first(text: str) -> bool | None:
    """Whether dates of the text that end in their year have the month first; None where none of them shows it."""
    for first, second, _ in _YEAR_LAST.findall(text[:20_000]):
        if int(first) > _MONTHS >= int(second):
            return False
        if int(second) > _MONTHS >= int(first):
            return True
    return None


def _year_first(text: str, month_first: bool | None) -> str:
    """The text with such a date in the order of all others; where nothing shows it, AM and PM have the month first."""
    found = _YEAR_LAST.match(text)
    if found is not None:
        first, second = int(found[1]), int(found[2])
        if month_first is None:
            month_first = second > _MONTHS or (first <= _MONTHS and _HALF.search(text) is not None)
        month, day = (first, second) if month_first else (second, first)
        year = found[3] if len(found[3]) > 2 else f"20{found[3]}"
        return f"{year}-{month}-{day}{text[found.end() :]}"
    found = _DAY_FIRST.match(text)
    if found is not None and int(found[1]) > _MONTHS >= int(found[2]):
        return f"{found[2]}/{found[1]}{text[found.end() :]}"
    return text


def read_shown(text: str, seen_at: datetime, *, timed: bool = True, month_first: bool | None = None) -> datetime | None:
    """The moment that is shown, in the zone of `seen_at`; None for what is no such time.

    A date without its year is the latest that is not after the day on which it was seen; a weekday is one of the
    seven days before it, as a chat calls today 今天 or names no day. Unless `timed`, a day alone is taken at its start.
    """
    plain = halfwidth(text).replace("\xa0", " ").strip()
    if not plain or len(plain) > LONGEST_SHOWN:
        return None
    if plain[0].isdecimal():
        plain = _year_first(plain, month_first)
    try:
        found = _full(plain, seen_at) or _phrase(plain, seen_at, timed=timed)
    except (PhraseError, ValueError, OverflowError):
        return None
    return found if found is not None and is_in_time(found) else None


def read_shown_day(text: str, seen_at: datetime, *, month_first: bool | None = None) -> date | None:
    """The day that a line names; None where it names none, or also a time."""
    if HAS_CLOCK.search(text):
        return None
    found = read_shown(text, seen_at, timed=False, month_first=month_first)
    return found.date() if found is not None else None


def _full(text: str, seen_at: datetime) -> datetime | None:
    found = _FULL.fullmatch(text)
    if found is None:
        return None
    year, _, month, _, day, hour, minute, second, half = found.groups()
    on_clock = int(hour)
    if half is not None:
        if not 1 <= on_clock <= 12:
            return None
        on_clock = on_clock % 12 + (12 if half in "Pp" else 0)
    on_day = date(int(year), int(month), int(day))
    return at_clock(on_day, time(on_clock, int(minute), int(second or 0)), zone_of(seen_at))


def _phrase(text: str, seen_at: datetime, *, timed: bool) -> datetime | None:
    if timed and not HAS_CLOCK.search(text):
        return None
    reader = Reader(text)
    both = reader.word(DAYS_AND_PARTS)
    if both is not None and both[0] > 0:
        return None
    day = _day(reader, seen_at.date()) if both is None else seen_at.date() + timedelta(days=both[0])
    reader.skip(",", "t", "at", "的")
    clock = read_time(reader, both[1] if both is not None else None)
    if not reader.finished() or _unclear(clock) or (clock is None if timed else day is None):
        return None
    on_day = day or seen_at.date()
    if clock is not None and clock.part == "morning":
        if clock.hour > _NOON:
            return None
        clock = structs.replace(clock, hour=clock.hour % _NOON, part=None)
    elif clock is not None and clock.part == "evening" and clock.hour == _NOON:
        on_day += _DAY
        clock = structs.replace(clock, hour=0, part=None)
    on_clock = clock.on_clock() if clock is not None else time.min
    found = at_clock(on_day, on_clock, zone_of(seen_at))
    while day is None and found > seen_at:  # nobody has seen what is still to come
        on_day -= _DAY
        found = at_clock(on_day, on_clock, zone_of(seen_at))
    return found


def _unclear(clock: WrittenTime | None) -> bool:
    return clock is not None and (clock.ranged or clock.loose or clock.named is not None)


def _day(reader: Reader, seen_on: date) -> date | None:
    days = reader.word(DAYS_AGO)
    if days is not None:
        return seen_on + timedelta(days=days)
    start = reader.at
    before = read_weekday(reader)
    reader.skip(",")
    written = read_date(reader)
    if written is None and before is not None:
        return seen_on - timedelta(days=(seen_on.weekday() - before - 1) % 7 + 1)
    if written is None or written.ranged:
        reader.at = start
        return None
    reader.skip("(", ",")
    if read_weekday(reader) is not None:
        reader.skip(")")
    return _latest(written, seen_on)


def _latest(written: WrittenDate, seen_on: date) -> date:
    year = written.year_from(seen_on)
    if year is not None:
        return written.on(year)
    for year in range(seen_on.year, seen_on.year - YEARS_BETWEEN_LEAP_DAYS - 1, -1):
        if written.exists_in(year) and written.on(year) <= seen_on:
            return written.on(year)
    return written.on(seen_on.year)
