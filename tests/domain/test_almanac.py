"""Days seen from other days. What pendulum says is what whole numbers say, for every day from 1990 to 2100."""

from __future__ import annotations

import subprocess
import sys
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain import duetime
from pddtui.domain.duetime import add, day_or_last, elapsed, end_of_day, monday_of, weeks_of_month
from pddtui.domain.workdays import PlainCalendar

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
days = st.dates(FIRST, LAST)

LEAP_DAYS = [date(1992, 2, 29), date(2000, 2, 29), date(2024, 2, 29), date(2096, 2, 29)]
TURNS = [date(2026, 12, 31), date(2027, 1, 1), date(2100, 2, 28), date(2100, 3, 1), date(2026, 1, 31)]


# By whole numbers, as they were written by hand.


def next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def weekday_in_week(weeks: int, weekday: int, today: date) -> date:
    return today + timedelta(days=7 * weeks + weekday - today.weekday())


def last_of(months: int, today: date) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, monthrange(today.year + years, month + 1)[1])


def end_of_quarter(quarters: int, today: date) -> date:
    return last_of(3 * quarters + (-today.month) % 3, today)


def end_of_year(years: int, today: date) -> date:
    return date(today.year + years, 12, 31)


def end_of_week(weeks: int, today: date) -> date:
    return weekday_in_week(weeks, 6, today)


SUMS: dict[str, tuple[Callable[[int, date], date], Callable[[int, date], date], Sequence[int]]] = {
    # what: (pendulum's, by hand, how many ahead)
    "next weekday": (duetime.next_weekday, next_weekday, range(7)),
    "end of week": (duetime.end_of_week, end_of_week, (-3, 0, 1, 2, 60)),
    "end of month": (duetime.end_of_month, last_of, (-13, 0, 1, 2, 3, 11, 12, 25)),
    "end of quarter": (duetime.end_of_quarter, end_of_quarter, (-5, 0, 1, 2, 9)),
    "end of year": (duetime.end_of_year, end_of_year, (-1, 0, 1, 10)),
}


@pytest.mark.parametrize("what", SUMS)
@given(today=days, index=st.integers(0, 7))
def test_pendulum_says_what_whole_numbers_say(what: str, today: date, index: int) -> None:
    ours, by_hand, aheads = SUMS[what]
    ahead = aheads[index % len(aheads)]
    found = ours(ahead, today)
    assert found == by_hand(ahead, today)
    assert type(found) is date


@pytest.mark.parametrize("today", LEAP_DAYS + TURNS, ids=str)
@pytest.mark.parametrize("what", SUMS)
def test_pendulum_says_it_of_leap_days_and_ends_of_years_too(what: str, today: date) -> None:
    ours, by_hand, aheads = SUMS[what]
    assert [ours(ahead, today) for ahead in aheads] == [by_hand(ahead, today) for ahead in aheads]


@pytest.mark.slow
@pytest.mark.parametrize("what", SUMS)
def test_pendulum_says_it_of_every_day(what: str) -> None:
    ours, by_hand, aheads = SUMS[what]
    for number in range(FIRST.toordinal(), LAST.toordinal() + 1):
        today = date.fromordinal(number)
        for ahead in aheads:
            assert ours(ahead, today) == by_hand(ahead, today), (ahead, today)


@pytest.mark.parametrize("what", SUMS)
def test_behind_the_last_year_there_is_both_refuse(what: str) -> None:
    ours, by_hand, _ = SUMS[what]
    # Near the end all of them are asked for more than there is, or for the last day itself.
    for ahead in (0, 1, 2, 6):
        today = date(MAXYEAR, 12, 31)
        answers = []
        for sum_of in (ours, by_hand):
            try:
                answers.append(str(sum_of(ahead, today)))
            except (OverflowError, ValueError):
                answers.append("refused")
        assert answers[0] == answers[1], ahead


@given(today=days, months=st.integers(-40, 40))
def test_a_month_later_is_that_of_pendulum(today: date, months: int) -> None:
    assert day_or_last(months, today.day, today) == pendulum.Date(today.year, today.month, today.day).add(months=months)


@given(today=days)
def test_the_monday_of_a_week_is_that_of_pendulum(today: date) -> None:
    assert monday_of(today) == pendulum.Date(today.year, today.month, today.day).start_of("week")


@given(today=days, weeks=st.integers(-5, 60), weekday=st.integers(0, 6))
def test_a_weekday_of_a_week_is_counted_from_its_monday(today: date, weeks: int, weekday: int) -> None:
    assert duetime.weekday_in_week(weeks, weekday, today) == weekday_in_week(weeks, weekday, today)


@given(today=days)
def test_the_weeks_of_a_month_hold_all_its_days_and_only_whole_weeks(today: date) -> None:
    weeks = weeks_of_month(today)
    assert {len(week) for week in weeks} == {7}
    assert [week[0].weekday() for week in weeks] == [0] * len(weeks)
    flat = [day for week in weeks for day in week]
    assert flat == [flat[0] + timedelta(days=n) for n in range(len(flat))]
    inside = [day for day in flat if (day.year, day.month) == (today.year, today.month)]
    assert len(inside) == monthrange(today.year, today.month)[1]
    assert len(flat) - len(inside) < 14
    assert {type(day) for day in flat} == {date}


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"])
@given(day=days)
def test_the_end_of_a_day_is_that_of_pendulum_in_every_zone(zone: str, day: date) -> None:
    theirs = pendulum.datetime(day.year, day.month, day.day, 12, tz=zone).end_of("day").replace(microsecond=0)
    ours = end_of_day(day, ZoneInfo(zone))
    assert ours.replace(tzinfo=None) == theirs.naive()
    assert ours.astimezone(UTC) == theirs.astimezone(UTC)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
@given(day=days, months=st.integers(0, 40))
def test_a_period_in_months_ends_where_pendulum_ends_it(zone: str, day: date, months: int) -> None:
    start = datetime(day.year, day.month, day.day, 15, 30, tzinfo=ZoneInfo(zone))
    due = add(start, months, "month", PlainCalendar())
    assert due.at == end_of_day(pendulum.Date(day.year, day.month, day.day).add(months=months), ZoneInfo(zone))
    assert elapsed(start, due.at, "month", PlainCalendar()) == months
    assert elapsed(start, due.at - timedelta(days=1), "month", PlainCalendar()) == max(0, months - 1)


@pytest.mark.parametrize("sum_of", ["day_or_last(3, 31, day)", "monday_of(day)", "weekday_in_week(1, 4, day)"])
def test_what_every_case_needs_loads_no_pendulum(sum_of: str) -> None:
    script = f"""
import sys
from datetime import date
from pddtui.domain.duetime import day_or_last, monday_of, weekday_in_week
day = date(2026, 11, 30)
{sum_of}
print("pendulum" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"False\n"
