"""Working days: which days they are, and sums over them.

A `Calendar` knows of every day whether it is a working day, why, and whether that is published or estimated.
Sums follow one rule: the day of the event is day 0 and does not count (Civil Code, art. 201). What is certain of a
year before its calendar is published are its statutory days and their make-up (rules on public holidays, in the
version in force since 2025: arts. 2 and 6); which weekends are worked in exchange is not.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import MAXYEAR, date, timedelta
from itertools import accumulate
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.message import Message, Words, msg

__all__ = [
    "FEASTS",
    "LUNAR_YEARS",
    "Calendar",
    "Day",
    "Feast",
    "PlainCalendar",
    "TabledCalendar",
    "Unit",
    "YearOverride",
    "add_working",
    "certain_days_off",
    "count_working",
    "day_off",
    "feast_days",
    "holiday_around",
    "next_working",
    "statutory_days",
    "weekday_or_weekend",
]

Unit = Literal["hour", "natural_day", "working_day", "month", "year"]
"""The unit of a period, spelled as the handbook spells it."""

SATURDAY = 5
FAR_AWAY = date.max

_SATURDAY_OFF = msg("Saturday")
_SUNDAY_OFF = msg("Sunday")

Feast = Literal["new_year", "spring", "qingming", "labour", "dragon_boat", "mid_autumn", "national"]
"""A feast with statutory days off."""

FEASTS: Mapping[Feast, Message] = {
    "new_year": msg("New Year's Day"),
    "spring": msg("Spring Festival"),
    "qingming": msg("Tomb-Sweeping Day"),
    "labour": msg("Labour Day"),
    "dragon_boat": msg("Dragon Boat Festival"),
    "mid_autumn": msg("Mid-Autumn Festival"),
    "national": msg("National Day"),
}

_LUNAR_FEASTS: Mapping[int, tuple[int, int, int, int]] = {
    2014: (131, 405, 602, 908),
    2015: (219, 405, 620, 927),
    2016: (208, 404, 609, 915),
    2017: (128, 404, 530, 1004),
    2018: (216, 405, 618, 924),
    2019: (205, 405, 607, 913),
    2020: (125, 404, 625, 1001),
    2021: (212, 404, 614, 921),
    2022: (201, 405, 603, 910),
    2023: (122, 405, 622, 929),
    2024: (210, 404, 610, 917),
    2025: (129, 404, 531, 1006),
    2026: (217, 405, 619, 925),
    2027: (206, 405, 609, 915),
    2028: (126, 404, 528, 1003),
    2029: (213, 404, 616, 922),
    2030: (203, 405, 605, 912),
    2031: (123, 405, 624, 1001),
    2032: (211, 404, 612, 919),
    2033: (131, 404, 601, 908),
    2034: (219, 405, 620, 927),
    2035: (208, 405, 610, 916),
    2036: (128, 404, 530, 1004),
    2037: (215, 404, 618, 924),
    2038: (204, 405, 607, 913),
    2039: (124, 405, 527, 1002),
    2040: (212, 404, 614, 920),
}
"""Spring Festival (1st of the first lunar month), Qingming, Dragon Boat and Mid-Autumn, each as month and day.

As three lunar calendars that are made independently of each other give them.
"""
LUNAR_YEARS = range(min(_LUNAR_FEASTS), max(_LUNAR_FEASTS) + 1)
"""The years whose feasts by the moon and the sun are known here."""

_THIRTEEN_DAYS_SINCE = 2025
"""Since then the eve of the Spring Festival and 2 May are statutory; from 2014 to 2024 there were eleven days."""


class Day(Struct, frozen=True, kw_only=True):
    """One day of a calendar."""

    date: date

    works: bool

    reason: Message | None = None
    """Why it is off, or for a weekend day that works, for which holiday it makes up."""

    estimated: bool = False
    """The calendar of its year is not published, so `works` is a guess."""


class YearOverride(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user knows about a year and the program does not: days off and make-up days.

    A day that is not named here keeps what is published for it, or Monday to Friday where nothing is.
    """

    off: frozenset[date] = frozenset()
    """Days off that would work otherwise."""

    work: frozenset[date] = frozenset()
    """Weekend days that are worked."""

    source: str = ""
    """Where this is published, for example the address of the State Council notice."""


class Calendar(Protocol):
    """Knows every day of every year: what is not published is estimated."""

    def day(self, day: date, /) -> Day: ...

    def worked(self, day: date, /) -> int:
        """How many days of the year work, from 1 January up to and including `day`."""
        ...

    def working_after(self, day: date, n: int, /) -> date:
        """The `n`-th working day after `day`, for `n` of at least 1.

        Raises `OverflowError` after the last year there is.
        """
        ...

    def known_until(self) -> date:
        """The last day for which nothing is estimated."""
        ...


class _Year(Struct, frozen=True):
    first: int
    """Ordinal of 1 January."""
    days: tuple[Day, ...]
    worked: tuple[int, ...]
    """How many days work up to each of them."""
    working: tuple[date, ...]
    """Those that work."""


class _Years(dict[int, _Year]):
    """The years by number, each worked out when it is first asked for."""

    def __init__(self, work_out: Callable[[date], Day]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, number: int) -> _Year:
        first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
        days = tuple(self._work_out(date.fromordinal(ordinal)) for ordinal in range(first, last + 1))
        worked = tuple(accumulate(int(day.works) for day in days))
        year = self[number] = _Year(first, days, worked, tuple(day.date for day in days if day.works))
        return year


class TabledCalendar(ABC):
    """A calendar that works out a year once and then answers from the table.

    A subclass works out single days. Thousands of silences are measured in one pass, so counting must not walk
    over the days.
    """

    def __init__(self) -> None:
        self._years = _Years(self.work_out)

    @abstractmethod
    def work_out(self, day: date) -> Day:
        """What `day` is. Asked once for each day of a year."""

    def day(self, day: date, /) -> Day:
        year = self._years[day.year]
        return year.days[day.toordinal() - year.first]

    def worked(self, day: date, /) -> int:
        year = self._years[day.year]
        return year.worked[day.toordinal() - year.first]

    def working_after(self, day: date, n: int, /) -> date:
        year = self._years[day.year]
        wanted = year.worked[day.toordinal() - year.first] + n
        number = day.year
        while wanted > len(year.working):
            wanted -= len(year.working)
            number += 1
            if number > MAXYEAR:
                raise OverflowError("no working day behind the last year there is")
            year = self._years[number]
        return year.working[wanted - 1]


class PlainCalendar(TabledCalendar):
    """Monday to Friday, no holidays, nothing estimated."""

    def work_out(self, day: date) -> Day:
        return weekday_or_weekend(day)

    def known_until(self) -> date:
        return FAR_AWAY


def feast_days(feast: Feast, year: int) -> tuple[date, ...]:
    """The statutory days of a feast in that year; none where the moon decides and the year is not in `LUNAR_YEARS`."""
    thirteen = year >= _THIRTEEN_DAYS_SINCE
    match feast:
        case "new_year":
            return (date(year, 1, 1),)
        case "labour":
            return (date(year, 5, 1), date(year, 5, 2)) if thirteen else (date(year, 5, 1),)
        case "national":
            return (date(year, 10, 1), date(year, 10, 2), date(year, 10, 3))
    if year not in _LUNAR_FEASTS:
        return ()
    first, qingming, dragon_boat, mid_autumn = (date(year, *divmod(day, 100)) for day in _LUNAR_FEASTS[year])
    match feast:
        case "spring":
            return tuple(first + timedelta(days=n) for n in range(-1 if thirteen else 0, 3))
        case "qingming":
            return (qingming,)
        case "dragon_boat":
            return (dragon_boat,)
        case "mid_autumn":
            return (mid_autumn,)


def statutory_days(year: int) -> tuple[tuple[date, Feast], ...]:
    """Every statutory day of a year in `LUNAR_YEARS` with its feast, in order; nothing for other years."""
    if year not in LUNAR_YEARS:
        return ()
    return tuple(sorted((day, feast) for feast in FEASTS for day in feast_days(feast, year)))


def certain_days_off(statutory: Iterable[tuple[date, Words]]) -> Mapping[date, Message]:
    """The statutory days and their make-up, each with its reason.

    A statutory day that falls on a Saturday or Sunday is made up on a working day (art. 6). It is taken to be the
    first that is free behind it, and the same for a day on which two feasts fall, as in 2020.
    """
    days = sorted(statutory, key=lambda each: each[0])
    off: dict[date, Message] = {}
    lost: list[tuple[date, Words]] = []
    for day, feast in days:
        if day in off or day.weekday() >= SATURDAY:
            lost.append((day, feast))
        off.setdefault(day, day_off(feast))
    for day, feast in lost:
        free = next(later for n in range(1, 366) if _is_free(later := day + timedelta(days=n), off))
        off[free] = msg("{holiday}, day off in lieu of a weekend day", holiday=feast)
    return off


def _is_free(day: date, off: Mapping[date, Message]) -> bool:
    return day.weekday() < SATURDAY and day not in off


def day_off(holiday: Words) -> Message:
    return msg("{holiday}, day off", holiday=holiday)


def holiday_around(days: tuple[date, ...], calendar: Calendar) -> tuple[date, date]:
    """The first and the last day off of the holiday that consists of `days` and of what is off beside them."""
    first, last = days[0], days[-1]
    while not calendar.day(first - timedelta(days=1)).works:
        first -= timedelta(days=1)
    while not calendar.day(last + timedelta(days=1)).works:
        last += timedelta(days=1)
    return first, last


def weekday_or_weekend(day: date, *, estimated: bool = False) -> Day:
    """What `day` is when only the week counts."""
    weekday = day.weekday()
    if weekday < SATURDAY:
        return Day(date=day, works=True, estimated=estimated)
    reason = _SATURDAY_OFF if weekday == SATURDAY else _SUNDAY_OFF
    return Day(date=day, works=False, reason=reason, estimated=estimated)


def count_working(start: date, end: date, calendar: Calendar) -> int:
    """The working days after `start` up to and including `end`; 0 when `end` is not after `start`."""
    if end <= start:
        return 0
    if start.year == end.year:
        return calendar.worked(end) - calendar.worked(start)
    whole_years = sum(calendar.worked(date(year, 12, 31)) for year in range(start.year, end.year))
    return whole_years + calendar.worked(end) - calendar.worked(start)


def add_working(start: date, n: int, calendar: Calendar) -> date:
    """The `n`-th working day after `start`; `start` itself for 0.

    Raises `OverflowError` after the last year there is.
    """
    return calendar.working_after(start, n) if n > 0 else start


def next_working(day: date, calendar: Calendar) -> date:
    """`day` if it works, else the first one after it that does."""
    while not calendar.day(day).works:
        day += timedelta(days=1)
    return day
