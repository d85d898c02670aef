"""Working days: which days they are, and sums over them.

A `Calendar` knows of every day whether it is a working day, why, and whether that is published or estimated.
Sums follow one rule: the day of the event is day 0 and does not count (Civil Code, art. 201).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from datetime import MAXYEAR, date, timedelta
from itertools import accumulate
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.message import Message, msg

__all__ = [
    "Calendar",
    "Day",
    "PlainCalendar",
    "TabledCalendar",
    "Unit",
    "YearOverride",
    "add_working",
    "count_working",
    "next_working",
    "weekday_or_weekend",
]

Unit = Literal["hour", "natural_day", "working_day", "month", "year"]
"""The unit of a period, spelled as the handbook spells it."""

SATURDAY = 5
FAR_AWAY = date.max

_SATURDAY_OFF = msg("Saturday")
_SUNDAY_OFF = msg("Sunday")


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


class TabledCalendar(ABC):
    """A calendar that works out a year once and then answers from the table.

    A subclass works out single days. Thousands of silences are measured in one pass, so counting must not walk
    over the days.
    """

    def __init__(self) -> None:
        self._years: dict[int, _Year] = {}

    @abstractmethod
    def work_out(self, day: date) -> Day:
        """What `day` is. Asked once for each day of a year."""

    def day(self, day: date, /) -> Day:
        year = self._year(day.year)
        return year.days[day.toordinal() - year.first]

    def worked(self, day: date, /) -> int:
        year = self._year(day.year)
        return year.worked[day.toordinal() - year.first]

    def working_after(self, day: date, n: int, /) -> date:
        year = self._year(day.year)
        wanted = year.worked[day.toordinal() - year.first] + n
        number = day.year
        while wanted > year.worked[-1]:
            wanted -= year.worked[-1]
            number += 1
            if number > MAXYEAR:
                raise OverflowError("no working day behind the last year there is")
            year = self._year(number)
        return date.fromordinal(year.first + bisect_left(year.worked, wanted))

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
            days = tuple(self.work_out(date.fromordinal(ordinal)) for ordinal in range(first, last + 1))
            year = _Year(first, days, tuple(accumulate(int(day.works) for day in days)))
            self._years[number] = year
        return year


class PlainCalendar(TabledCalendar):
    """Monday to Friday, no holidays, nothing estimated."""

    def work_out(self, day: date) -> Day:
        return weekday_or_weekend(day)

    def known_until(self) -> date:
        return FAR_AWAY


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
