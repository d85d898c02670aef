from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain import duetime
from pddtui.domain.duetime import END_OF_DAY, Roll, add, elapsed, end_of_day, explain
from pddtui.domain.workdays import PlainCalendar, Unit
from pddtui.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
PLAIN = PlainCalendar()
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001


def last_day(start: str, n: int, unit: Unit, roll: Roll = "never") -> str:
    at = datetime.fromisoformat(start).replace(hour=10, tzinfo=SHANGHAI)
    return add(at, n, unit, PLAIN, roll=roll).at.date().isoformat()


@pytest.mark.parametrize("unit", ["natural_day", "working_day", "month", "year"])
def test_a_period_of_days_ends_at_the_end_of_its_last_day(unit: Unit) -> None:
    due = add(WEDNESDAY, 1, unit, PLAIN)
    assert due.whole_day
    assert due.at.time() == END_OF_DAY
    assert due.at.tzinfo is SHANGHAI


def test_hours_run_from_the_moment_over_nights_and_weekends() -> None:
    due = add(WEDNESDAY, 96, "hour", PLAIN, roll="forward")
    assert due.at == WEDNESDAY + timedelta(days=4)
    assert due.at.date() == date(2026, 11, 22)
    assert not due.whole_day


def test_hours_are_real_hours_when_the_clocks_change() -> None:
    start = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert add(start, 24, "hour", PLAIN).at.isoformat() == "2026-10-25T11:00:00+01:00"


def test_a_warning_may_lie_hours_before() -> None:
    assert add(WEDNESDAY, -12, "hour", PLAIN).at == WEDNESDAY - timedelta(hours=12)


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        ("2026-11-12", 7, "natural_day", "2026-11-19"),
        ("2026-11-22", 60, "natural_day", "2027-01-21"),
        ("2026-11-30", 1, "month", "2026-12-30"),
        ("2026-08-31", 1, "month", "2026-09-30"),
        ("2027-01-31", 1, "month", "2027-02-28"),
        ("2028-01-31", 1, "month", "2028-02-29"),
        ("2026-12-31", 2, "month", "2027-02-28"),
        ("2026-11-15", 14, "month", "2028-01-15"),
        ("2028-02-29", 1, "year", "2029-02-28"),
        ("2028-02-29", 4, "year", "2032-02-29"),
        ("2026-11-18", 3, "year", "2029-11-18"),
    ],
)
def test_months_end_on_the_matching_day_or_the_last(start: str, n: int, unit: Unit, end: str) -> None:
    assert last_day(start, n, unit) == end


@pytest.mark.parametrize("unit", ["natural_day", "month"])
def test_theirs_rolls_to_the_first_working_day_and_mine_never(unit: Unit) -> None:
    start = {"natural_day": "2026-11-20", "month": "2026-10-21"}[unit]
    assert last_day(start, 1, unit, "never") == "2026-11-21"
    assert last_day(start, 1, unit, "forward") == "2026-11-23"


def test_a_last_day_that_works_does_not_roll() -> None:
    assert last_day("2026-11-18", 2, "natural_day", "forward") == "2026-11-20"
    assert last_day("2026-11-18", 3, "working_day", "forward") == "2026-11-23"


@pytest.mark.parametrize("unit", ["natural_day", "working_day", "month", "year"])
def test_a_negative_count_is_refused(unit: Unit) -> None:
    with pytest.raises(Refused, match="positive number"):
        add(WEDNESDAY, -1, unit, PLAIN)


@pytest.mark.parametrize(
    ("n", "unit"),
    [(10**9, "hour"), (10**30, "hour"), (10**9, "natural_day"), (10**6, "month"), (8000, "year"), (10**30, "year")],
)
def test_an_end_behind_the_last_year_is_refused(n: int, unit: Unit) -> None:
    with pytest.raises(Refused, match="too far away"):
        add(WEDNESDAY, n, unit, PLAIN)


@pytest.mark.parametrize(
    ("now", "unit", "n"),
    [
        ("2026-11-18 10:00", "hour", 0),
        ("2026-11-19 09:59", "hour", 23),
        ("2026-11-19 10:00", "hour", 24),
        ("2026-11-18 23:00", "natural_day", 0),
        ("2026-11-19 00:00", "natural_day", 1),
        ("2026-11-22 12:00", "natural_day", 4),
        ("2026-11-22 12:00", "working_day", 2),
        ("2026-11-23 00:00", "working_day", 3),
        ("2026-12-17 12:00", "month", 0),
        ("2026-12-18 00:00", "month", 1),
        ("2027-11-17 23:59", "year", 0),
        ("2027-11-18 00:00", "year", 1),
        ("2026-11-17 12:00", "hour", 0),
        ("2026-11-17 12:00", "working_day", 0),
    ],
)
def test_elapsed_is_the_number_of_the_day_that_now_lies_in(now: str, unit: Unit, n: int) -> None:
    assert elapsed(WEDNESDAY, datetime.fromisoformat(now).replace(tzinfo=SHANGHAI), unit, PLAIN) == n


def test_elapsed_looks_at_the_day_where_the_clock_was_started() -> None:
    evening = datetime(2026, 11, 18, 22, 0, tzinfo=timezone(timedelta(hours=8)))
    assert elapsed(evening, datetime(2026, 11, 18, 15, 59, tzinfo=UTC), "natural_day", PLAIN) == 0
    assert elapsed(evening, datetime(2026, 11, 18, 16, 0, tzinfo=UTC), "natural_day", PLAIN) == 1


@given(STARTS, st.integers(1, 40), st.sampled_from(["hour", "natural_day", "working_day", "month", "year"]))
def test_a_period_is_used_up_exactly_after_its_end(start: datetime, n: int, unit: Unit) -> None:
    due = add(start.replace(microsecond=0), n, unit, PLAIN)
    one_more = timedelta(hours=1) if unit == "hour" else timedelta(seconds=1)
    assert elapsed(due.start, due.at, unit, PLAIN) == n
    assert elapsed(due.start, due.at - timedelta(seconds=1), unit, PLAIN) <= n
    if unit in ("hour", "natural_day"):
        assert elapsed(due.start, due.at + one_more, unit, PLAIN) == n + 1


@given(
    STARTS,
    st.integers(0, 60),
    st.sampled_from(["natural_day", "working_day", "month"]),
    st.sampled_from(["forward", "never"]),
)
def test_the_steps_are_every_day_after_day_0_and_number_those_that_count(
    start: datetime, n: int, unit: Unit, roll: Roll
) -> None:
    due = add(start, n, unit, PLAIN, roll=roll)
    steps = due.steps
    assert [step.date for step in steps] == [
        start.date() + timedelta(days=i) for i in range(1, (due.at.date() - start.date()).days + 1)
    ]
    numbers = [step.n for step in steps if step.counts]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(step.reason is not None and step.n is None for step in steps if not step.counts)
    if unit != "month":
        assert len(numbers) == n


def sentences(due: duetime.Due) -> list[str]:
    return [str(message) for message in explain(due)]


def test_a_sum_names_day_0_the_skipped_days_and_the_result() -> None:
    said = sentences(add(WEDNESDAY, 3, "working_day", PLAIN))
    assert said[0] == "2026-11-18 is day 0; 3 working days are counted from the day after."
    assert said[1] == "2026-11-21 to 2026-11-22 do not count: Saturday, Sunday."
    assert said[2:] == ["The last day is 2026-11-23.", "Due by the end of 2026-11-23."]


def test_a_sum_says_why_the_end_moves_or_does_not() -> None:
    theirs = sentences(add(WEDNESDAY, 3, "natural_day", PLAIN, roll="forward"))
    assert theirs[1] == (
        "The last day, 2026-11-21, is a day off (Saturday), so the period ends on the next working day"
        " (Civil Code art. 203): 2026-11-23."
    )
    mine = sentences(add(WEDNESDAY, 3, "natural_day", PLAIN))
    assert mine[1] == "The last day is 2026-11-21 (Saturday); this deadline never moves to a later day."


def test_the_steps_of_a_date_that_moved_show_how() -> None:
    steps = add(WEDNESDAY, 3, "natural_day", PLAIN, roll="forward").steps
    assert [(step.date.day, step.counts, step.n, str(step.reason)) for step in steps] == [
        (19, True, 1, "None"),
        (20, True, 2, "None"),
        (21, True, 3, "Saturday"),
        (22, False, None, "Sunday"),
        (23, False, None, "first working day after the end"),
    ]


def test_hours_explain_that_they_never_stop() -> None:
    due = add(WEDNESDAY, 48, "hour", PLAIN)
    assert due.steps == ()
    assert sentences(due)[0].startswith("48 hours are counted from")


def test_the_end_of_a_day_is_its_last_second() -> None:
    assert end_of_day(date(2026, 11, 18), SHANGHAI).isoformat() == "2026-11-18T23:59:59+08:00"


@pytest.mark.parametrize(
    ("n", "unit", "words"),
    [
        (1, "working_day", "1 working day is counted from the day after."),
        (2, "working_day", "2 working days are counted from the day after."),
        (1, "hour", "1 hour is counted from"),
    ],
)
def test_one_of_a_unit_is_said_in_the_singular(n: int, unit: Unit, words: str) -> None:
    assert words in sentences(add(WEDNESDAY, n, unit, PLAIN))[0]
