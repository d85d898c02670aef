"""The list draws what is seen, moves by keys and mouse, and keeps the cursor on its record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region

from pddtui.ui.show import Tone, line, wrap
from pddtui.ui.widgets import lines as lines_module
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, Viewport

STYLES = Path(__file__).parents[2] / "styles"


def rows(*keys: str) -> list[Row]:
    """A key in capitals is a heading."""
    return [Row(key, heading=key.isupper()) for key in keys]


class ListApp(App[None]):
    CSS_PATH: ClassVar[list[str | PurePath]] = [STYLES / "base.tcss", STYLES / "widgets.tcss"]

    def __init__(self, given: Sequence[Row], words: dict[str, str] | None = None) -> None:
        super().__init__()
        self.given = given
        self.words = words or {}
        self.asked: list[str] = []
        self.seen: list[str | None] = []
        self.opened: list[str] = []

    def look(self, key: str, width: int) -> list[Content]:
        self.asked.append(key)
        return wrap(self.words.get(key, f"row {key}"), width)

    def compose(self) -> ComposeResult:
        yield LineList(self.look, empty=line("nothing here"), id="list")

    def on_mount(self) -> None:
        self.list.focus()
        self.list.set_rows(self.given)

    @property
    def list(self) -> LineList:
        return self.query_one("#list", LineList)

    @property
    def picture(self) -> list[str]:
        return [self.list.render_line(y).text.rstrip() for y in range(self.list.size.height)]

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.seen.append(message.key)

    def on_line_list_opened(self, message: LineList.Opened) -> None:
        self.opened.append(message.key)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key comes a second after the last: none is held."""
    ticks = iter(range(1, 100_000))
    monkeypatch.setattr(lines_module, "monotonic", lambda: float(next(ticks)))


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("down", "b"), ("j j", "c"), ("j k", "a"), ("up", "a"), ("G", "j"), ("end", "j"), ("G g", "a"),
        ("end home", "a"), ("pagedown", "e"), ("pagedown pageup", "a"), ("ctrl+d", "c"), ("ctrl+d ctrl+u", "a"),
        ("G down", "j"), ("G pagedown", "j"), ("pagedown pagedown pagedown", "j"),
    ],
)  # fmt: skip
async def test_each_key_moves_the_cursor(keys: str, at: str) -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.press(*keys.split())
        assert app.list.cursor_key == at
        assert any(shown == f"▌row {at}" or shown.startswith(f"▌row {at} ") for shown in app.picture)
        assert app.seen[-1] == at


async def test_headings_are_stepped_over_and_shown_with_their_first_row() -> None:
    app = ListApp(rows("A", "a", "b", "B", "c", "d", "e"))
    async with app.run_test(size=(20, 3)) as pilot:
        assert app.list.cursor_key == "a"
        await pilot.press("j", "j")
        assert app.list.cursor_key == "c"
        await pilot.press("k", "k")
        assert app.picture[0].startswith(" row A")


async def test_enter_and_double_click_open_and_a_click_selects() -> None:
    app = ListApp(rows("A", "a", "b", "c"))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("enter")
        await pilot.click("#list", offset=(3, 3))
        assert app.list.cursor_key == "c"
        await pilot.click("#list", offset=(3, 0))
        assert app.list.cursor_key == "c"
        await pilot.click("#list", offset=(3, 2), times=2)
        assert app.opened == ["a", "b"]


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 4)) as pilot:
        app.list.post_message(_wheel(app.list))
        await pilot.pause()
        assert app.picture[0].startswith(" row d")
        assert app.list.cursor_key == "a"
        await pilot.press("j")
        assert app.picture[0].startswith("▌row b")


def _wheel(widget: LineList) -> object:
    from textual.events import MouseScrollDown

    return MouseScrollDown(widget, 1, 1, 0, 1, 0, False, False, False)
