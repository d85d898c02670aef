"""The first picture of every screen is whole, in whatever order Textual starts its widgets."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from pddtui.ui.actions import Place
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.screens.desk import DeskScreen
from tests.ui.cases import NUTS, desk
from tests.ui.test_actions import WITH_A_CASE, Make, settled
from tests.ui.test_desk import SIZES


@pytest.mark.parametrize("size", SIZES)
async def test_a_case_that_is_named_at_the_start_has_its_head(size: str) -> None:
    with desk("en") as context:
        app = DeskApp(context, NUTS)
        async with app.run_test(size=SIZES[size]) as pilot:
            await settled(context, pilot)
            top = "\n".join(strip.text for strip in app.screen._compositor.render_strips()[:3])
            assert "overdue · 239/48 hours" in top


class _OpensAtOnce(DeskScreen):
    PLACE: ClassVar[Place] = "desk"
    page: Screen[object]
    make: Make

    def on_mount(self) -> None:
        super().on_mount()
        page = self.make(self.context)
        assert isinstance(page, Screen)
        self.page = page
        self.app.push_screen(page)


class _App(DeskApp):
    make: Make

    def get_default_screen(self) -> Screen[str | None]:
        super().get_default_screen()
        screen = _OpensAtOnce(self.context)
        screen.make = self.make
        return screen


@pytest.mark.parametrize("name", WITH_A_CASE)
async def test_whatever_is_opened_at_the_start_has_the_size_of_what_is_in_it(name: str) -> None:
    """Measured once more, with nothing remembered, all stay where they are."""
    with desk("en") as context:
        app = _App(context)
        app.make = WITH_A_CASE[name]
        async with app.run_test(size=SIZES["narrow"]) as pilot:
            await settled(context, pilot)
            page = app.screen
            before = {widget: widget.region for widget in page.query("*")}
            for widget in (page, *before):
                widget._layout_updates += 1
                widget.clear_cached_dimensions()
                widget._clear_arrangement_cache()
            page._refresh_layout(app.size)
            assert [widget for widget, region in before.items() if widget.region != region] == []


class _OneText(ActionScreen[None]):
    PLACE: ClassVar[Place] = "plain"

    def compose(self) -> ComposeResult:
        yield Static("one line")


async def test_a_text_that_changes_while_its_last_change_is_under_way_gets_its_room() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        await app.push_screen(_OneText())
        text = app.screen.query_one(Static)
        text.refresh(layout=True)
        app.screen._refresh_layout()
        text.update("two\nlines")
        await pilot.pause()
        assert text.size.height == 2
