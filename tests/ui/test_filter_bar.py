"""The filter line tells the screen once per frame, says what is wrong and where, and gives the keys back."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Static

from pddtui.ui.widgets.filter_bar import FilterBar
from tests.ui.apps import Bench


def bench() -> Bench:
    return Bench(lambda: [FilterBar()], FilterBar.Changed, FilterBar.Left)


def told(app: Bench) -> list[str]:
    return [message.text for message in app.of(FilterBar.Changed)]


def left(app: Bench) -> list[str]:
    return [message.text for message in app.of(FilterBar.Left)]


async def test_it_is_hidden_until_it_is_opened() -> None:
    app = bench()
    async with app.run_test() as pilot:
        bar = app.query_one(FilterBar)
        before = bar.display
        bar.open()
        await pilot.pause()
        assert (before, bar.display) == (False, True)
        assert app.focused is bar.line


async def test_a_burst_is_told_once() -> None:
    app = bench()
    async with app.run_test(message_hook=app.hear) as pilot:
        app.query_one(FilterBar).open()
        await pilot.pause()
        for key in "refund":
            app.post_message(Key(key, key))
        await pilot.pause()
        await pilot.pause()
        assert told(app)[-1] == "refund"
        assert len(told(app)) < len("refund")


async def test_enter_and_down_leave_it_standing_with_its_last_text() -> None:
    for key in ("enter", "down"):
        app = bench()
        async with app.run_test(message_hook=app.hear) as pilot:
            bar = app.query_one(FilterBar)
            bar.open()
            await pilot.press("a", key)
            await pilot.pause()
            assert (told(app), left(app), bar.is_open) == (["a"], ["a"], True)


async def test_escape_clears_and_then_closes() -> None:
    app = bench()
    async with app.run_test(message_hook=app.hear) as pilot:
        bar = app.query_one(FilterBar)
        bar.open("is:quiet")
        await pilot.press("escape")
        await pilot.pause()
        assert (bar.text, bar.is_open, left(app)) == ("", True, [])
        await pilot.press("escape")
        await pilot.pause()
        assert (bar.is_open, left(app)) == (False, [""])


async def test_closing_takes_the_filter_away() -> None:
    app = bench()
    async with app.run_test(message_hook=app.hear) as pilot:
        bar = app.query_one(FilterBar)
        bar.open("abc")
        await pilot.pause()
        bar.close()
        await pilot.pause()
        assert (told(app), left(app), bar.text) == (["abc", ""], [""], "")


async def test_what_is_wrong_is_said_under_its_place_in_cells() -> None:
    app = bench()
    async with app.run_test() as pilot:
        bar = app.query_one(FilterBar)
        bar.open("商家 due:zz")
        trouble = bar.query_one(".filter-bar--trouble", Static)
        bar.wrong("no date [b]", 7)
        await pilot.pause()
        shown = [trouble.display]
        assert str(trouble.content) == "         ^ ✗ no date [b]"
        assert trouble.content_region.x == bar.line.content_region.x
        bar.found("3 / 12")
        await pilot.pause()
        assert [*shown, trouble.display] == [True, False]
        assert str(bar.query_one(".filter-bar--count", Static).content) == "3 / 12"
