"""The agenda as a person uses it: keys in; the month, the day and the chosen case out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import PurePath
from typing import ClassVar

import pytest
from msgspec import structs
from textual.pilot import Pilot

from pddtui.domain.case import Case
from pddtui.domain.workdays import PlainCalendar
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.ui.context import Context
from pddtui.ui.screens.agenda import AgendaScreen
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.month import MonthGrid, holiday, make_up
from tests.ui.cases import KETTLE, NUTS, case, desk
from tests.ui.hostile import HOSTILE, offences
from tests.ui.page_app import STYLES, PageApp

SIZES = {"wide": (120, 36), "medium": (80, 24), "narrow": (45, 30), "small": (40, 12), "nothing": (1, 1)}


class MonthApp(PageApp):
    CSS_PATH: ClassVar[list[str | PurePath]] = [*PageApp.CSS_PATH, STYLES / "agenda.tcss"]


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as made:
        yield made


@asynccontextmanager
async def looking(context: Context, *keys: str, size: str = "wide") -> AsyncIterator[tuple[MonthApp, Pilot[None]]]:
    app = MonthApp(AgendaScreen(context))
    async with app.run_test(size=SIZES[size]) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await press(pilot, *keys)
        yield app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def day(app: MonthApp) -> date:
    return app.page.query_one(MonthGrid).day


def line_of(app: MonthApp, number: int) -> str:
    """The line of the month in which that day stands, of the wide screen."""
    return next(line for line in app.picture if f" {number:>2}" in line[:70])


async def test_it_begins_today_with_what_is_due_today(context: Context) -> None:
    async with looking(context) as (app, _):
        assert day(app) == date(2026, 11, 22)
        assert app.reads("November 2026")
        assert app.reads("Sun 22 Nov · due: 1 · today, weekend")
        assert app.reads("整箱坚果少两袋"[:5])


async def test_weeks_begin_on_monday(context: Context) -> None:
    async with looking(context) as (app, _):
        heads = next(line for line in app.picture if "Mon" in line)
        days = next(line for line in app.picture if "16" in line and "17" in line)
        for name, number in (("Mon", "16"), ("Tue", "17"), ("Sun", "22")):
            assert heads.index(name) == days.index(number)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("left",), date(2026, 11, 21)),
        (("left", "left"), date(2026, 11, 20)),
        (("right",), date(2026, 11, 23)),
        (("k",), date(2026, 11, 15)),
        (("down", "j"), date(2026, 12, 6)),
        (("pageup",), date(2026, 10, 22)),
        (("pagedown", "pagedown"), date(2027, 1, 22)),
        (("g",), date(2026, 11, 1)),
        (("G",), date(2026, 11, 30)),
        (("G", "right", "G", "pagedown", "pagedown"), date(2027, 2, 28)),
        (("pagedown", "0"), date(2026, 11, 22)),
        (("right_square_bracket",), date(2026, 11, 23)),
        (("left_square_bracket",), date(2026, 11, 21)),
        (("left_square_bracket", "left_square_bracket"), date(2026, 11, 20)),
    ],
)
async def test_keys_go_by_day_week_month_and_to_what_is_due(
    context: Context, keys: tuple[str, ...], wanted: date
) -> None:
    async with looking(context, *keys) as (app, _):
        assert day(app) == wanted


async def test_the_calendar_has_ends_that_no_key_leaves(context: Context) -> None:
    async with looking(context) as (app, pilot):
        grid = app.page.query_one(MonthGrid)
        grid.go_to(date.max)
        await press(pilot, "pagedown", "j", "right")
        assert day(app) == date(2099, 12, 31)
        grid.go_to(date.min)
        await press(pilot, "pageup", "k", "left")
        assert day(app) == date(2004, 1, 1)


async def test_a_day_off_names_its_feast_and_a_make_up_day_says_that_it_is_worked(context: Context) -> None:
    async with looking(context, "pageup", "g") as (app, pilot):
        assert app.reads("October 2026")
        assert "1 off" in line_of(app, 1)
        assert "10 work" in line_of(app, 10)
        assert app.reads("National")
        assert app.reads("Thu 1 Oct · National Day, day off")
        await press(pilot, "j", "right", "right")
        assert app.reads("Sat 10 Oct · make-up day for National Day")


async def test_in_chinese_the_marks_are_the_usual_ones() -> None:
    with desk("zh") as context:
        async with looking(context, "pageup", size="narrow") as (app, _):
            assert app.page.query_one(MonthGrid).render().plain.count("休") in (0, 7)


async def test_a_year_without_a_calendar_is_marked_as_estimated(context: Context) -> None:
    async with looking(context, "pagedown", "pagedown") as (app, _):
        assert app.reads("January 2027 ~ estimated")
        assert app.reads("22~")
        assert app.reads("working day, estimated")


async def test_a_day_bears_how_much_is_due_at_its_worst_level(context: Context) -> None:
    async with looking(context) as (app, _):
        marks = [line for line in app.picture if "!1 due" in line]
        assert marks
        assert app.reads("·2 due")


async def test_enter_goes_to_the_list_and_from_there_to_the_case(context: Context) -> None:
    async with looking(context, "enter") as (app, pilot):
        assert app.page.query_one(DueList).has_focus
        await press(pilot, "escape")
        assert app.page.query_one(MonthGrid).has_focus
        await press(pilot, "enter", "enter")
        assert app.results == [case(context, NUTS).id]


async def test_enter_on_a_day_without_anything_stays(context: Context) -> None:
    async with looking(context, "g", "enter") as (app, _):
        assert app.page.query_one(MonthGrid).has_focus
        assert app.reads("Nothing is due on this day.")


async def test_escape_leaves_without_a_case(context: Context) -> None:
    async with looking(context, "escape") as (app, _):
        assert app.results == [None]


async def test_a_click_chooses_a_day(context: Context) -> None:
    async with looking(context) as (app, pilot):
        grid = app.page.query_one(MonthGrid)
        await pilot.click(grid, offset=(2, 1 + 4))
        assert day(app) == date(2026, 11, 2)


async def test_a_click_beside_the_days_does_nothing(context: Context) -> None:
    async with looking(context) as (app, pilot):
        grid = app.page.query_one(MonthGrid)
        await pilot.click(grid, offset=(2, grid.size.height - 1))
        await pilot.click(grid, offset=(2, 0))
        assert day(app) == date(2026, 11, 22)


async def test_from_100_columns_the_list_stands_beside_the_month_else_under_it(context: Context) -> None:
    async with looking(context, size="wide") as (app, _):
        assert app.page.query_one(DueList).region.x > app.page.query_one(MonthGrid).region.right - 1
    async with looking(context, size="narrow") as (app, _):
        assert app.page.query_one(DueList).region.y >= app.page.query_one(MonthGrid).region.bottom


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_month_is_seen_at_every_size_and_nothing_acts(context: Context, size: str) -> None:
    def hostile(before: Case) -> Case:
        return structs.replace(before, title=HOSTILE[0], follow_ups=_worded(before, HOSTILE[3]))

    context.casebook.apply(case(context, KETTLE).id, "edit", hostile)
    async with looking(context, *["right_square_bracket"] * 3, size=size) as (app, _):
        assert offences(app) == []
        if size != "nothing":
            assert all(app.reads(str(number)) for number in range(1, 31))


def _worded(before: Case, text: str) -> tuple[object, ...]:
    return tuple(structs.replace(task, text=text) for task in before.follow_ups)


def test_a_weekend_is_no_holiday_unless_a_feast_falls_on_it() -> None:
    china = ChinaCalendar()
    assert holiday(china.day(date(2026, 10, 3)))
    assert holiday(china.day(date(2026, 10, 1)))
    assert not holiday(china.day(date(2026, 11, 22)))
    assert not holiday(PlainCalendar().day(date(2026, 10, 3)))
    assert make_up(china.day(date(2026, 10, 10)))
    assert not make_up(china.day(date(2026, 10, 12)))
