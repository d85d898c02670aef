from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.workdays import (
    Day,
    PlainCalendar,
    TabledCalendar,
    add_working,
    count_working,
    next_working,
    weekday_or_weekend,
)

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
WEDNESDAY = date(2026, 11, 18)


class Closed(TabledCalendar):
    """Monday to Friday, but nobody works from 21 December to 10 January."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[date] = []

    def work_out(self, day: date) -> Day:
        self.asked.append(day)
        closed = (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 10)
        return Day(date=day, works=False) if closed else weekday_or_weekend(day)

    def known_until(self) -> date:
        return date.max


CLOSED = Closed()


def test_the_day_of_the_event_does_not_count() -> None:
    assert count_working(WEDNESDAY, WEDNESDAY, PlainCalendar()) == 0
    assert count_working(WEDNESDAY, WEDNESDAY + timedelta(days=1), PlainCalendar()) == 1
    assert add_working(WEDNESDAY, 0, PlainCalendar()) == WEDNESDAY
    assert add_working(WEDNESDAY, 1, PlainCalendar()) == WEDNESDAY + timedelta(days=1)


def test_a_weekend_does_not_count() -> None:
    assert add_working(WEDNESDAY, 3, PlainCalendar()) == date(2026, 11, 23)
    assert count_working(WEDNESDAY, date(2026, 11, 22), PlainCalendar()) == 2


def test_a_period_that_starts_on_a_day_off_starts_there() -> None:
    assert add_working(date(2026, 11, 22), 1, PlainCalendar()) == date(2026, 11, 23)


def test_nothing_has_passed_before_the_start() -> None:
    assert count_working(WEDNESDAY, WEDNESDAY - timedelta(days=9), PlainCalendar()) == 0


def test_counting_goes_over_years_and_long_closures() -> None:
    assert add_working(date(2026, 12, 18), 1, CLOSED) == date(2027, 1, 11)
    assert count_working(date(2026, 12, 18), date(2028, 1, 11), CLOSED) == 1 + count_working(
        date(2027, 1, 10), date(2027, 12, 31), CLOSED
    )


def test_a_day_that_works_is_its_own_next_working_day() -> None:
    assert next_working(WEDNESDAY, CLOSED) == WEDNESDAY
    assert next_working(date(2026, 12, 24), CLOSED) == date(2027, 1, 11)


def test_a_weekend_day_says_which_it_is() -> None:
    assert str(weekday_or_weekend(date(2026, 11, 21)).reason) == "Saturday"
    assert str(weekday_or_weekend(date(2026, 11, 22)).reason) == "Sunday"
    assert weekday_or_weekend(WEDNESDAY).reason is None


def test_a_day_of_a_year_is_worked_out_once() -> None:
    calendar = Closed()
    for _ in range(3):
        count_working(date(2026, 1, 1), date(2026, 12, 31), calendar)
    assert len(calendar.asked) == len(set(calendar.asked)) == 365


@given(DAYS, st.integers(0, 300))
def test_the_nth_working_day_works_and_is_the_first_with_that_count(start: date, n: int) -> None:
    end = add_working(start, n, CLOSED)
    assert count_working(start, end, CLOSED) == n
    if n:
        assert CLOSED.day(end).works
        assert count_working(start, end - timedelta(days=1), CLOSED) == n - 1


@given(DAYS, DAYS)
def test_the_count_is_that_of_the_days_one_by_one(start: date, end: date) -> None:
    days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
    assert count_working(start, end, CLOSED) == sum(CLOSED.day(day).works for day in days)
