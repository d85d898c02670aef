"""The working days of China against the published calendars, and honesty where none is published."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.duetime import Due, Roll, add, elapsed, explain
from pddtui.domain.phrases.due import parse_due
from pddtui.domain.workdays import (
    FEASTS,
    LUNAR_YEARS,
    Calendar,
    Day,
    PlainCalendar,
    TabledCalendar,
    Unit,
    YearOverride,
    add_working,
    certain_days_off,
    statutory_days,
    weekday_or_weekend,
)
from pddtui.errors import BadInput
from pddtui.handbook.book import Handbook
from pddtui.message import Label
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.checkup import check_calendar
from pddtui.speech import LANGUAGES, Speech

SHANGHAI = ZoneInfo("Asia/Shanghai")
IN_2027 = {
    (1, 1): Label("元旦", "New Year's Day"),
    **dict.fromkeys([(2, 5), (2, 6), (2, 7), (2, 8)], Label("春节", "Spring Festival")),
    (4, 5): Label("清明节", "Tomb-Sweeping Day"),
    **dict.fromkeys([(5, 1), (5, 2)], Label("劳动节", "Labour Day")),
    (6, 9): Label("端午节", "Dragon Boat Festival"),
    (9, 15): Label("中秋节", "Mid-Autumn Festival"),
    **dict.fromkeys([(10, 1), (10, 2), (10, 3)], Label("国庆节", "National Day")),
}
CHINA = ChinaCalendar(statutory={date(2027, month, day): feast for (month, day), feast in IN_2027.items()})
UNITS: dict[str, Unit] = {"wd": "working_day", "d": "natural_day"}

MAKE_UP_DAYS = [
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
]


def due(start: str, n: int, unit: str, roll: Roll = "never") -> Due:
    return add(datetime.fromisoformat(start).replace(hour=9, tzinfo=SHANGHAI), n, UNITS[unit], CHINA, roll=roll)


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        ("2025-01-24", 7, "wd", "2025-02-10"),  # make-up Sunday 01-26 and Saturday 02-08
        ("2025-04-25", 7, "wd", "2025-05-08"),  # make-up Sunday 04-27
        ("2025-09-26", 7, "wd", "2025-10-13"),  # make-up 09-28 and 10-11
        ("2026-02-12", 7, "wd", "2026-02-28"),  # due on a make-up Saturday
        ("2026-04-29", 7, "wd", "2026-05-12"),
        ("2026-09-18", 7, "wd", "2026-09-29"),  # make-up Sunday 09-20, holiday 09-25
        ("2026-09-28", 7, "wd", "2026-10-13"),  # make-up Saturday 10-10
        ("2026-11-20", 7, "wd", "2026-12-01"),
        ("2026-11-22", 7, "wd", "2026-12-01"),  # from a Sunday
        ("2026-11-23", 7, "wd", "2026-12-02"),
        ("2026-11-22", 60, "d", "2027-01-21"),
        ("2026-12-02", 60, "d", "2027-01-31"),
        # the sample cases
        ("2026-11-20", 3, "wd", "2026-11-25"),
        ("2026-11-13", 5, "wd", "2026-11-20"),
        ("2026-11-10", 7, "wd", "2026-11-19"),
        ("2026-11-18", 7, "wd", "2026-11-27"),
        ("2026-11-18", 15, "wd", "2026-12-09"),
        ("2026-10-28", 10, "wd", "2026-11-11"),
    ],
)
def test_a_period_ends_where_the_calendar_says(start: str, n: int, unit: str, end: str) -> None:
    found = due(start, n, unit)
    assert found.at.isoformat() == f"{end}T23:59:59+08:00"
    assert not found.estimated


@pytest.mark.parametrize(("start", "n", "end"), [("2026-12-24", 7, "2027-01-05"), ("2026-12-15", 15, "2027-01-06")])
def test_a_sum_that_needs_an_unpublished_year_is_estimated(start: str, n: int, end: str) -> None:
    found = due(start, n, "wd")
    assert found.at.date().isoformat() == end
    assert found.estimated
    assert "The working days of 2027 are not published yet, so this date is an estimate." in map(str, explain(found))


def test_a_sum_that_ends_in_the_published_year_is_exact() -> None:
    found = due("2026-12-24", 5, "wd")
    assert found.at.date() == date(2026, 12, 31)
    assert not found.estimated


def test_a_roll_into_an_unpublished_year_is_estimated_and_mine_never_rolls() -> None:
    theirs, mine = due("2026-12-02", 60, "d", "forward"), due("2026-12-02", 60, "d", "never")
    assert theirs.at.date() == date(2027, 2, 1)
    assert theirs.estimated
    assert mine.at.date() == date(2027, 1, 31)
    assert not mine.estimated


def test_a_roll_ends_on_a_make_up_day() -> None:
    # Friday 25 September 2026 is off, and so is the weekend; Saturday 10 October is worked.
    assert due("2026-09-24", 1, "d", "forward").at.date() == date(2026, 9, 28)
    assert due("2026-10-03", 7, "d", "forward").at.date() == date(2026, 10, 10)
    assert due("2026-02-13", 2, "d", "forward").at.date() == date(2026, 2, 24)


@pytest.mark.parametrize("day", MAKE_UP_DAYS)
def test_a_make_up_weekend_day_works_and_names_its_holiday(day: str) -> None:
    found = CHINA.day(date.fromisoformat(day))
    assert found.works
    assert found.date.weekday() >= 5
    assert str(found.reason).startswith("make-up day for ")


def test_there_are_no_other_make_up_days_and_248_working_days_a_year() -> None:
    days = [CHINA.day(date(2025, 1, 1) + timedelta(days=i)) for i in range(730)]
    assert [str(day.date) for day in days if day.works and day.date.weekday() >= 5] == MAKE_UP_DAYS
    assert CHINA.worked(date(2025, 12, 31)) == CHINA.worked(date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        ("2026-01-01", Label("元旦", "New Year's Day")),
        ("2026-02-17", Label("春节", "Spring Festival")),
        ("2026-04-05", Label("清明节", "Tomb-Sweeping Day")),
        ("2026-05-01", Label("劳动节", "Labour Day")),
        ("2026-06-19", Label("端午节", "Dragon Boat Festival")),
        ("2026-09-25", Label("中秋节", "Mid-Autumn Festival")),
        ("2026-10-01", Label("国庆节", "National Day")),
        ("2027-01-01", Label("元旦", "New Year's Day")),
        ("2027-02-05", Label("春节", "Spring Festival")),
        ("2027-10-03", Label("国庆节", "National Day")),
    ],
)
def test_a_holiday_has_its_name_in_both_languages(day: str, holiday: Label) -> None:
    found = CHINA.day(date.fromisoformat(day))
    assert not found.works
    assert found.estimated == (found.date.year == 2027)
    assert found.reason is not None
    said = [Speech(language, SHANGHAI).render(found.reason.values["holiday"]) for language in LANGUAGES]
    assert said == [holiday.zh, holiday.en]


@pytest.mark.parametrize("year", [1, 1999, 2003, 2027, 2028, 9999])
def test_a_year_nobody_has_published_is_estimated_and_never_raises(year: int) -> None:
    days = [CHINA.day(date(year, month, 15)) for month in range(1, 13)]
    assert all(day.estimated for day in days)
    assert CHINA.worked(date(year, 12, 31)) > 240


@pytest.mark.parametrize("year", range(2004, 2027))
def test_a_published_year_is_not_estimated(year: int) -> None:
    assert not any(CHINA.day(date(year, month, 1)).estimated for month in range(1, 13))


def test_the_calendar_says_how_far_it_knows() -> None:
    assert CHINA.known_until() == date(2026, 12, 31)
    known = {year: YearOverride(off=frozenset({date(year, 1, 1)})) for year in (2027, 2028, 2030)}
    assert ChinaCalendar(known).known_until() == date(2028, 12, 31)


def test_a_year_the_user_has_entered_is_exact() -> None:
    off = frozenset({date(2027, 1, 1), date(2027, 1, 4)})
    calendar = ChinaCalendar({2027: YearOverride(off=off, work=frozenset({date(2027, 1, 9)}))})
    found = add(datetime(2026, 12, 31, 9, tzinfo=SHANGHAI), 5, "working_day", calendar)
    assert found.at.date() == date(2027, 1, 9)
    assert not found.estimated


def test_the_user_wins_over_what_is_published_and_only_for_the_days_named() -> None:
    calendar = ChinaCalendar(
        {2026: YearOverride(off=frozenset({date(2026, 11, 23)}), work=frozenset({date(2026, 11, 28)}))}
    )
    assert not calendar.day(date(2026, 11, 23)).works
    assert calendar.day(date(2026, 11, 28)).works
    assert str(calendar.day(date(2026, 11, 23)).reason) == "day off in your own calendar"
    assert calendar.day(date(2026, 10, 10)).works
    assert not calendar.day(date(2026, 10, 1)).works


def test_an_override_with_a_day_of_another_year_is_refused() -> None:
    with pytest.raises(BadInput, match="2027 lists 2028-01-01"):
        ChinaCalendar({2027: YearOverride(off=frozenset({date(2028, 1, 1)}))})


def test_a_day_both_off_and_worked_is_refused() -> None:
    both = frozenset({date(2027, 1, 2)})
    with pytest.raises(BadInput, match="both as a day off and as a working day"):
        ChinaCalendar({2027: YearOverride(off=both, work=both)})


def test_the_spring_festival_is_explained_as_one_run_and_the_make_up_days_by_name() -> None:
    found = parse_due("7个工作日", datetime(2026, 2, 12, 9, tzinfo=SHANGHAI), CHINA)
    said = [str(message) for message in explain(found)]
    assert said[0] == "2026-02-12 is day 0; 7 working days are counted from the day after."
    assert said[1] == "2026-02-14 counts: make-up day for Spring Festival."
    assert said[2].startswith("2026-02-15 to 2026-02-23 do not count: ")
    assert said[3:] == [
        "2026-02-28 counts: make-up day for Spring Festival.",
        "The last day is 2026-02-28.",
        "Due by the end of 2026-02-28.",
    ]
    assert [step.date.day for step in found.steps if step.counts] == [13, 14, 24, 25, 26, 27, 28]


def test_silence_over_the_spring_festival_grows_only_on_working_days() -> None:
    start = datetime(2026, 2, 13, 12, 0, tzinfo=SHANGHAI)
    passed = [elapsed(start, start + timedelta(days=i), "working_day", CHINA) for i in (0, 1, 2, 10, 11, 15)]
    assert passed == [0, 1, 1, 1, 2, 6]


class Unpublished(TabledCalendar):
    """What would have been counted before the calendars of any year were published."""

    def __init__(self, *, made_up: bool) -> None:
        super().__init__()
        self._off: dict[date, object] = {}
        for year in LUNAR_YEARS:
            days = [(day, FEASTS[feast]) for day, feast in statutory_days(year)]
            self._off |= certain_days_off(days) if made_up else dict(days)

    def work_out(self, day: date) -> Day:
        return Day(date=day, works=False) if day in self._off else weekday_or_weekend(day)

    def known_until(self) -> date:
        return date.min


def test_an_estimate_with_make_up_is_nearest_to_what_was_published_later() -> None:
    """By how many days the sums of a few to twenty working days, from every day of 2014 to 2026, miss in all."""
    first, last = date(2014, 1, 1).toordinal(), date(2026, 11, 15).toordinal()
    sums = [(date.fromordinal(day), n) for day in range(first, last + 1) for n in (1, 3, 5, 7, 10, 15, 20)]

    def missed(calendar: Calendar) -> int:
        return sum(abs((add_working(day, n, calendar) - add_working(day, n, CHINA)).days) for day, n in sums)

    week = missed(PlainCalendar())
    statutory = missed(Unpublished(made_up=False))
    made_up = missed(Unpublished(made_up=True))
    assert (week, statutory, made_up) == (25651, 12164, 6409)


@pytest.mark.parametrize("year", range(2014, 2027))
def test_every_statutory_day_was_off_when_its_year_was_published(year: int) -> None:
    days = statutory_days(year)
    assert len(days) == (13 if year >= 2025 else 11)
    assert [day for day, _ in days if CHINA.day(day).works] == []
    assert {str(CHINA.day(day).reason) for day, _ in days} <= {f"{name}, day off" for name in FEASTS.values()}


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_rules_in_force_leave_as_many_working_days_as_were_published(year: int) -> None:
    assert Unpublished(made_up=True).worked(date(year, 12, 31)) == CHINA.worked(date(year, 12, 31)) == 248


def test_a_statutory_day_at_a_weekend_is_made_up_on_the_next_free_working_days() -> None:
    days = [CHINA.day(date(2027, 1, 1) + timedelta(days=n)) for n in range(365)]
    made_up = {f"{day.date:%m-%d}": str(day.reason) for day in days if "in lieu" in str(day.reason)}
    assert list(made_up) == ["02-09", "02-10", "05-03", "05-04", "10-04", "10-05"]
    assert all(day.estimated for day in days)
    assert CHINA.worked(date(2027, 12, 31)) == 248
    speech = Speech("zh", SHANGHAI)
    assert speech.render(CHINA.day(date(2027, 2, 9)).reason or "") == "春节补假"


def test_the_handbook_and_the_rules_know_the_same_statutory_days() -> None:
    for year in Handbook().calendar.years:
        assert [(day.day, day.en.partition(" (")[0]) for day in year.statutory] == [
            (day, str(FEASTS[feast])) for day, feast in statutory_days(year.year)
        ]


def test_two_feasts_on_one_day_are_both_days_off() -> None:
    # 1 October 2020 was both: eight days off in a row, as if the feasts had come one after the other.
    found = certain_days_off([(day, FEASTS[feast]) for day, feast in statutory_days(2020) if day.month == 10])
    assert [day.day for day in found if day.weekday() < 5] == [1, 2, 5, 6]


def test_a_year_of_which_the_moon_is_not_known_counts_monday_to_friday() -> None:
    assert range(2014, 2041) == LUNAR_YEARS
    assert statutory_days(2041) == statutory_days(2013) == ()
    assert ChinaCalendar().day(date(2040, 5, 1)).works is False
    assert ChinaCalendar().day(date(2041, 5, 1)).works is True


def test_doctor_names_what_brings_a_newer_calendar_from_the_day_on_which_one_may_be_out() -> None:
    before, after = (check_calendar(CHINA, date(2026, 11, day), (11, 15)) for day in (14, 15))
    assert [str(fact) for fact in before.facts] == ["Working days are published until the end of 2026."]
    assert before.notes == ()
    (note,) = map(str, after.notes)
    assert "from 2026-11-15 on" in note
    assert "“pip install --upgrade chinesecalendar” (installed by uv: “uv tool upgrade pddtui”)" in note
    assert "http" not in note


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_every_published_day_is_as_the_package_says(day: date) -> None:
    import chinese_calendar

    assert CHINA.day(day).works is chinese_calendar.is_workday(day)


def test_the_tables_are_read_only_when_a_day_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chinese_calendar", None)
    calendar = ChinaCalendar()
    with pytest.raises(ImportError):
        calendar.day(date(2026, 1, 1))
