"""What is typed faster than a window opens goes into the window, and never to the desk behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from textual import events
from textual.pilot import Pilot

from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.forms.capture import CaptureLine
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.palette import Palette
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.filter_bar import FilterBar
from tests.ui.cases import SUITCASE, case, desk

NAMED = {"\t": "tab", ">": "greater_than_sign", "/": "slash", ":": "colon", ";": "semicolon", " ": "space"}


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


async def at_once(app: DeskApp, pilot: Pilot[None], text: str, seen: Callable[[], bool]) -> None:
    """Have all of it arrive in one read, and wait for what it leads to."""
    await pilot.pause()
    app.screen.query_one(CaseList).select(case(app.context, SUITCASE).id)
    for char in text:
        app.post_message(events.Key(NAMED.get(char, char), char))
    for _ in range(1000):
        if seen():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(app.screen, app.screen.focused)


def line(app: DeskApp) -> str:
    """What stands in the line, once it is there."""
    there = isinstance(app.screen, CaptureLine) and app.screen.query(LineField)
    return there.first().value if there else ""


async def test_a_line_takes_all_that_came_with_its_key(context: Context) -> None:
    app = DeskApp(context)
    before = case(context, SUITCASE)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_once(app, pilot, ">Li: refund by Friday; DuU", lambda: line(app) == "Li: refund by Friday; DuU")
        assert case(context, SUITCASE) is before
        await pilot.press("enter")
        await pilot.pause()
        assert case(context, SUITCASE).contacts[-1].person.name == "Li"


async def test_a_form_takes_it_field_by_field(context: Context) -> None:
    app = DeskApp(context)

    def typed() -> bool:
        form = app.screen
        there = isinstance(form, ContactForm) and bool(form.query("#said"))
        return there and isinstance(form, ContactForm) and form.value("said") == "nothing new"

    async with app.run_test(size=(120, 36)) as pilot:
        await at_once(app, pilot, "lLi\tnothing new", typed)
        assert isinstance(app.screen, ContactForm)
        assert app.screen.value("name") == "Li"


async def test_filter_and_palette_take_it(context: Context) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_once(app, pilot, "/nut", lambda: app.screen.query_one(FilterBar).text == "nut")
        await pilot.press("escape", "escape")
        await at_once(
            app,
            pilot,
            ":insights",
            lambda: (
                isinstance(app.screen, Palette) and [it.value for it in app.screen.query(LineField)] == ["insights"]
            ),
        )


async def test_a_question_is_not_answered_before_it_is_seen(context: Context) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_once(app, pilot, "Dyy", lambda: isinstance(app.screen, Confirm))
        await pilot.pause(0.05)
        assert isinstance(app.screen, Confirm)
        assert case(context, SUITCASE).trashed_at is None
        await pilot.press("y")
        await pilot.pause()
        assert case(context, SUITCASE).trashed_at is not None


async def test_deeds_that_open_nothing_are_done_one_after_the_other(context: Context) -> None:
    """Undo and redo, as often as they were pressed."""
    app = DeskApp(context)
    context.casebook.tag(case(context, SUITCASE).id, ["one"])
    context.casebook.tag(case(context, SUITCASE).id, ["two"])
    async with app.run_test(size=(120, 36)) as pilot:
        await at_once(app, pilot, "uuU", lambda: case(context, SUITCASE).tags == ("one",))
        assert isinstance(app.screen, DeskScreen)
