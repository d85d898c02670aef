"""How often the desk is painted: everything once, and after that what has changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.screen import Screen

from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.facts import FactLines
from tests.ui.cases import desk


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every picture that was shown; a `LayoutUpdate` is one of the whole screen."""
    shown: list[object] = []
    display = App._display

    def noted(app: App[None], screen: Screen[None], picture: object) -> None:
        if picture is not None and not app._batch_count:
            shown.append(picture)
        display(app, screen, picture)  # type: ignore[arg-type]

    monkeypatch.setattr(App, "_display", noted)
    return shown


async def test_the_first_picture_is_painted_once_and_is_whole(context: Context, pictures: list[object]) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert sum(isinstance(picture, LayoutUpdate) for picture in pictures) == 1
        drawn = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert all(word in drawn for word in ("Cases", "Contact log", "Due", "cases.json", "0001", "I demand"))


async def test_no_move_of_the_focus_paints_the_whole_screen(context: Context, pictures: list[object]) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        pictures.clear()
        await pilot.press("2", "3", "1", "slash", "escape")
        await pilot.pause()
        assert not any(isinstance(picture, LayoutUpdate) for picture in pictures)


async def test_one_step_of_the_cursor_is_one_picture_with_the_facts(context: Context, pictures: list[object]) -> None:
    """Another one follows only where the facts are of another height, so that the log moves."""
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        cases, facts = app.screen.query_one(CaseList), app.screen.query_one(FactLines)
        cases.action_move(1)
        await pilot.pause()
        pictures.clear()
        height = facts.size.height
        cases.action_move(1)
        case = context.casebook.case(cases.cursor_key or "")
        assert (case.merchant or "-") in facts.render().plain
        await pilot.pause()
        assert len(pictures) == 1 + (facts.size.height != height)
