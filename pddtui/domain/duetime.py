"""Due times: spans of time, the days of the calendar that they lead to, and the sum that explains the result.

The day of the event is day 0; hours run from the moment and know no calendar; months end on the matching day, or
on the last one where it is missing; a period counted in days ends at the end of its last day (Civil Code, arts. 200
to 203). Weeks run from Monday to Sunday. The present comes from a `Clock` or as a moment, never from the machine.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from pddtui.domain.workdays import Calendar, Unit, add_working, count_working, next_working
from pddtui.errors import Refused
from pddtui.message import Hours, Message, msg, plural

if TYPE_CHECKING:
    from pendulum import Date

__all__ = [
    "DAYS_A_WEEK",
    "END_OF_DAY",
    "FRIDAY",
    "SUNDAY",
    "Clock",
    "Due",
    "FixedClock",
    "Roll",
    "Span",
    "add",
    "at_clock",
    "day_or_last",
    "days_ahead",
    "elapsed",
    "end_of_day",
    "end_of_month",
    "end_of_named_month",
    "end_of_quarter",
    "end_of_week",
    "end_of_year",
    "explain",
    "hours_later",
    "inverted",
    "lasted",
    "monday_of",
    "next_weekday",
    "period",
    "span",
    "weekday_in_week",
    "weeks_of_month",
    "zone_of",
]

FRIDAY, SUNDAY = 4, 6
DAYS_A_WEEK, MONTHS_A_QUARTER = 7, 3

END_OF_DAY = time(23, 59, 59)
"""The time of a due date that names none."""

_HOUR = timedelta(hours=1)

Roll = Literal["forward", "never"]
"""Where the last day is off, a date of theirs moves on to the next working day; mine never does."""

_LETTERS: dict[Unit, str] = {"hour": "h", "natural_day": "d", "working_day": "wd", "month": "m", "year": "y"}
_UNITS = {letters: unit for unit, letters in _LETTERS.items()}
_SPAN = re.compile(r"\s*(\d{1,4})\s*(wd|[hdmy])\s*", re.IGNORECASE)

_DAYS = {"hour": 1 / 24, "natural_day": 1.0, "month": 30.5, "year": 365.25}
_WORKING_DAYS_A_WEEK = 5


class Clock(Protocol):
    """Gives the present as an aware datetime in the zone of the user."""

    def now(self) -> datetime: ...


class FixedClock:
    """A clock that stands still until it is moved: for `--as-of`, the demo and the tests."""

    def __init__(self, at: datetime) -> None:
        zone_of(at)
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by


class Span(Struct, frozen=True):
    """A length of time in the unit in which it is counted."""

    n: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.n}{_LETTERS[self.unit]}"


class DayInCount(Struct, frozen=True, kw_only=True):
    """A day on the way from day 0 to the due date."""

    date: date

    counts: bool

    n: int | None = None
    """Its number in the period, if it counts."""

    reason: Message | None = None
    """Why it is off, why a weekend day counts, or that the due date has moved here."""


class Count(Struct, frozen=True, gc=False):
    """The period with which a due date was counted."""

    n: int
    unit: Unit
    roll: Roll
    calendar: Calendar


class Due(Struct, frozen=True, gc=False):
    """A moment by which something is due, with what it was counted from, so that it can show its sum."""

    at: datetime

    whole_day: bool
    """Due at any time of that day: `at` is its last second."""

    start: datetime

    estimated: bool = False
    """It leans on a year whose calendar is not published."""

    since: datetime | None = None
    """Where it is counted from another moment than `start`, as 11月25日起3天 is."""

    count: Count | None = None
    """None for a date that was named and not counted."""

    notes: tuple[Message, ...] = ()
    """How words that can be read in more than one way were read."""

    @property
    def counted_from(self) -> datetime:
        return self.since or self.start

    @property
    def steps(self) -> tuple[DayInCount, ...]:
        """The days after day 0, worked out at each call; none for hours and for a date that was named."""
        if self.count is None or self.count.unit == "hour":
            return ()
        return _steps(self.counted_from.date(), self.count, self.at.date())


def zone_of(moment: datetime) -> tzinfo:
    """The zone of an aware moment. A naive one is a mistake of the caller, hence `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment.isoformat()}")
    return moment.tzinfo


def end_of_day(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, END_OF_DAY, zone)


def at_clock(day: date, clock: time, zone: tzinfo) -> datetime:
    """The moment at which clocks in the zone show that; of two such moments the first.

    A time that is left out when clocks go forward is the one that they show in its place, as it will be read back.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def hours_later(start: datetime, hours: timedelta) -> datetime:
    """So much time after `start`, however clocks are changed in between."""
    return (start.astimezone(UTC) + hours).astimezone(zone_of(start))


def days_ahead(days: int, today: date) -> date:
    return today + timedelta(days=days)


def next_weekday(weekday: int, today: date) -> date:
    """The next such weekday, which may be `today`."""
    from pendulum import WeekDay

    return today if today.weekday() == weekday else _plain(_from(today).next(WeekDay(weekday)))


def monday_of(day: date) -> date:
    """The Monday of the week that `day` lies in."""
    return day - timedelta(days=day.weekday())


def weekday_in_week(weeks: int, weekday: int, today: date) -> date:
    return monday_of(today) + timedelta(weeks=weeks, days=weekday)


def day_or_last(months: int, day: int, today: date) -> date:
    """The day of that number in the month so many months ahead, or its last one.

    This and `monday_of` are plain sums: they are made for every deadline and contact of ten thousand cases.
    """
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def end_of_named_month(month: int, day: int, years_ahead: int | None, today: date) -> date:
    months = month - today.month
    if years_ahead is not None:
        months += 12 * years_ahead
    elif day_or_last(months, day, today) < today:
        months += 12
    return day_or_last(months, day, today)


def end_of_week(weeks: int, today: date) -> date:
    return _plain(_from(today).add(weeks=weeks).end_of("week"))


def end_of_month(months: int, today: date) -> date:
    return _plain(_from(today).add(months=months).end_of("month"))


def end_of_quarter(quarters: int, today: date) -> date:
    return _plain(_from(today).add(months=MONTHS_A_QUARTER * quarters).last_of("quarter"))


def end_of_year(years: int, today: date) -> date:
    return _plain(_from(today).add(years=years).end_of("year"))


def weeks_of_month(day: date) -> Sequence[Sequence[date]]:
    """Every week that has a day of the month of `day`, whole, from Monday to Sunday."""
    first, last = (_from(day).start_of("month").start_of("week"), _from(day).end_of("month").end_of("week"))
    mondays = range(first.toordinal(), last.toordinal() + 1, DAYS_A_WEEK)
    return [[date.fromordinal(monday + place) for place in range(DAYS_A_WEEK)] for monday in mondays]


def _from(day: date) -> Date:
    from pendulum import Date  # 50 ms, a third of what a command takes

    return Date(day.year, day.month, day.day)


def _plain(day: Date) -> date:
    """A plain date, without pendulum's own comparisons, words and formats."""
    return date(day.year, day.month, day.day)


def span(text: str) -> Span:
    """Read `24h`, `3wd`, `5d`, `2m`, `1y`. Raises `Refused` on anything else and on zero."""
    match = _SPAN.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise Refused(msg("“{text}” is not a length of time: write it like 24h, 5d or 3wd (working days).", text=text))
    return Span(int(match[1]), _UNITS[match[2].lower()])


def period(n: int, unit: Unit) -> Message:
    """`3 working days`."""
    match unit:
        case "hour":
            return plural("{n} hour", "{n} hours", n)
        case "natural_day":
            return plural("{n} day", "{n} days", n)
        case "working_day":
            return plural("{n} working day", "{n} working days", n)
        case "month":
            return plural("{n} month", "{n} months", n)
        case "year":
            return plural("{n} year", "{n} years", n)


def lasted(n: int, unit: Unit) -> Message:
    """How long something has lasted: many hours are days and hours."""
    match Hours(n).days if unit == "hour" else None:
        case (days, 0):
            return period(days, "natural_day")
        case (days, hours):
            return msg("{days} d {hours} h", days=days, hours=hours)
    return period(n, unit)


def inverted(amber: Span, red: Span) -> bool:
    """Whether `red` is over before `amber`, on whatever day of the week both begin."""
    if amber.unit == red.unit:
        return amber.n > red.n
    return _days(amber, at_most=False) > _days(red, at_most=True)


def _days(span: Span, *, at_most: bool) -> float:
    """About how many days the span takes; working days with the fewest or the most weekends between them."""
    if span.unit != "working_day":
        return span.n * _DAYS[span.unit]
    weekends = (span.n + (_WORKING_DAYS_A_WEEK - 1 if at_most else -1)) // _WORKING_DAYS_A_WEEK
    return span.n + 2.0 * weekends


def add(start: datetime, n: int, unit: Unit, calendar: Calendar, *, roll: Roll = "never") -> Due:
    """The end of `n` units from `start`, in the zone of `start`.

    Hours may be negative (a warning before the end). Refused: a negative number of days, months or
    years, and an end after the last year there is.
    """
    count, zone = Count(n, unit, roll, calendar), start.tzinfo or zone_of(start)
    if n < 0 and unit != "hour":
        raise Refused(msg("{n} is negative: a period needs a positive number.", n=n))
    # By place: there are several for every case.
    try:
        if unit == "hour":
            return Due(hours_later(start, timedelta(hours=n)), False, start, False, None, count)
        last, estimated = _rolled(start.date(), count)
        return Due(datetime.combine(last, END_OF_DAY, zone), True, start, estimated, None, count)
    except (OverflowError, ValueError) as error:
        raise Refused(msg("The date is too far away: enter a nearer one.")) from error


@lru_cache(maxsize=1 << 14)
def _rolled(start: date, count: Count) -> tuple[date, bool]:
    """The day on which the period ends, and whether that leans on a year that is not published.

    Kept, since what was said to thousands of cases was said on few days, and counted by few rules.
    """
    last = _last_day(start, count)
    if count.roll == "forward":
        last = next_working(last, count.calendar)
    asked_calendar = count.roll == "forward" or (count.unit == "working_day" and count.n > 0)
    return last, asked_calendar and count.calendar.day(last).estimated


def elapsed(start: datetime, now: datetime, unit: Unit, calendar: Calendar) -> int:
    """How many units of a period that began at `start` have been reached by `now`; 0 before the start.

    Hours count once they are full. Days, months and years are numbered by the day that `now` lies in: a period of
    `n` is used up once this exceeds `n`, as `add` ends at the end of its last day.
    """
    if unit == "hour":
        return max(0, (now - start) // _HOUR)
    first, today = start.date(), now.astimezone(zone_of(start)).date()
    if today <= first:
        return 0
    match unit:
        case "natural_day":
            return (today - first).days
        case "working_day":
            return count_working(first, today, calendar)
        case "month":
            return _months_between(first, today)
        case "year":
            return _months_between(first, today) // 12


def explain(due: Due) -> tuple[Message, ...]:
    """The sum in sentences: day 0, what is skipped and why, what counts against the week, the result."""
    return (*_sum(due), *due.notes, *_estimate(due), _result(due))


def _last_day(start: date, count: Count) -> date:
    n = count.n
    match count.unit:
        case "working_day":
            return add_working(start, n, count.calendar)
        case "natural_day":
            return start + timedelta(days=n)
        case "month":
            return day_or_last(n, start.day, start)
        case _:
            return day_or_last(12 * n, start.day, start)


def _months_between(first: date, today: date) -> int:
    months = 12 * (today.year - first.year) + today.month - first.month
    return months if today >= day_or_last(0, first.day, today) else months - 1


def _steps(start: date, count: Count, end: date) -> tuple[DayInCount, ...]:
    last = _last_day(start, count)
    steps: list[DayInCount] = []
    n = 0
    for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
        day = count.calendar.day(date.fromordinal(ordinal))
        if day.date > last:
            reason = msg("first working day after the end") if day.date == end else day.reason
            steps.append(DayInCount(date=day.date, counts=False, reason=reason))
        elif day.works or count.unit != "working_day":
            n += 1
            steps.append(DayInCount(date=day.date, counts=True, n=n, reason=day.reason))
        else:
            steps.append(DayInCount(date=day.date, counts=False, reason=day.reason))
    return tuple(steps)


def _sum(due: Due) -> tuple[Message, ...]:
    count = due.count
    if count is None:
        return (msg("The period starts on {start}.", start=due.counted_from),)
    length = period(count.n, count.unit)
    if count.unit == "hour":
        hours = plural(
            "{length} is counted from {start}, nights and days off included.",
            "{length} are counted from {start}, nights and days off included.",
            count.n,
            length=length,
            start=due.counted_from,
        )
        return (hours,)
    first = due.counted_from.date()
    day_0 = plural(
        "{day} is day 0; {length} is counted from the day after.",
        "{day} is day 0; {length} are counted from the day after.",
        count.n,
        day=first,
        length=length,
    )
    last = _last_day(first, count)
    counted = [step for step in due.steps if step.date <= last]
    days = _against_the_week(counted) if count.unit == "working_day" else ()
    return (day_0, *days, *_end(last, due, count))


def _against_the_week(steps: list[DayInCount]) -> tuple[Message, ...]:
    """What is skipped, run by run, and which weekend days count."""
    said: list[Message] = []
    run: list[DayInCount] = []
    for step in steps:
        if not step.counts:
            run.append(step)
            continue
        if run:
            said.append(_skipped(run))
            run = []
        if step.reason is not None:
            said.append(msg("{day} counts: {reason}.", day=step.date, reason=step.reason))
    return tuple(said)


def _skipped(run: list[DayInCount]) -> Message:
    reasons = tuple(step.reason for step in run if step.reason is not None)
    distinct = tuple(reason for i, reason in enumerate(reasons) if reason not in reasons[:i])
    if len(run) == 1:
        return msg("{day} does not count: {reason}.", day=run[0].date, reason=distinct)
    return msg("{day} to {last} do not count: {reason}.", day=run[0].date, last=run[-1].date, reason=distinct)


def _end(last: date, due: Due, count: Count) -> tuple[Message, ...]:
    day = count.calendar.day(last)
    if day.works or day.reason is None:
        return (msg("The last day is {day}.", day=last),)
    if count.roll == "never":
        return (
            msg(
                "The last day is {day} ({reason}); this deadline never moves to a later day.",
                day=last,
                reason=day.reason,
            ),
        )
    return (
        msg(
            "The last day, {day}, is a day off ({reason}), so the period ends on the next working day "
            "(Civil Code art. 203): {rolled}.",
            day=last,
            reason=day.reason,
            rolled=due.at.date(),
        ),
    )


def _estimate(due: Due) -> tuple[Message, ...]:
    if not due.estimated:
        return ()
    return (msg("The working days of {year} are not published yet, so this date is an estimate.", year=due.at.year),)


def _result(due: Due) -> Message:
    if due.whole_day:
        return msg("Due by the end of {day}.", day=due.at.date())
    return msg("Due at {moment}.", moment=due.at)
