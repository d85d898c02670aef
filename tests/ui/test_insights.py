"""Insights as a person reads them: bars and numbers at every size, copied as text, and back to a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import ClassVar

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Person
from pddtui.ui.context import Context
from pddtui.ui.screens.insights import InsightsScreen
from pddtui.ui.widgets.texts import ReadingPane
from tests.ui.cases import KETTLE, case, desk, no_cases
from tests.ui.hostile import HOSTILE, offences
from tests.ui.page_app import STYLES, PageApp

SIZES = {"wide": (120, 36), "medium": (80, 24), "narrow": (45, 30), "small": (40, 12), "nothing": (1, 1)}


class InsightsApp(PageApp):
    CSS_PATH: ClassVar[list[str | PurePath]] = [*PageApp.CSS_PATH, STYLES / "insights.tcss"]


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as made:
        yield made


async def drawn(context: Context, size: str = "wide", *keys: str) -> InsightsApp:
    app = InsightsApp(InsightsScreen(context))
    async with app.run_test(size=SIZES[size]) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        if size != "nothing":
            assert app.page.query_one(ReadingPane).max_scroll_x == 0
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        app.copied.append("\n".join(app.picture))
        assert offences(app) == []
    return app


async def test_promises_stand_as_bars_beside_their_numbers(context: Context) -> None:
    app = await drawn(context)
    (line,) = [line for line in app.copied[-1].splitlines() if line.strip().startswith("all")]
    assert {"▓", "▒", "░"} <= set(line)
    assert "1 broken, 1 overdue, 1 still running" in line


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_is_wider_than_the_screen_and_nothing_acts(context: Context, size: str) -> None:
    def hostile(before: Case) -> Case:
        person = Person(role=HOSTILE[0])
        contacts = tuple(structs.replace(contact, person=person) for contact in before.contacts)
        return structs.replace(before, contacts=contacts)

    context.casebook.apply(case(context, KETTLE).id, "edit", hostile)
    await drawn(context, size)


async def test_it_is_copied_as_text(context: Context) -> None:
    app = await drawn(context, "narrow", "y")
    assert "Promises by side" in app.copied[0]
    assert "█" in app.copied[0]


async def test_escape_leaves_without_a_case(context: Context) -> None:
    app = await drawn(context, "wide", "escape")
    assert app.results == [None]


async def test_before_the_first_case_it_says_so() -> None:
    with no_cases("en") as empty:
        app = await drawn(empty)
    assert "There are no cases yet." in app.copied[-1]


async def test_it_speaks_chinese() -> None:
    with desk("zh") as context:
        app = await drawn(context)
    assert "承诺（按各方）" in app.copied[-1]
