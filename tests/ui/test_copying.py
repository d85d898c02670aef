"""What is copied goes to the terminal, and no more is said than that; the text itself is a key away everywhere."""

from __future__ import annotations

import pytest
from msgspec import structs

from pddtui.ui.app import MOST_COPIED, DeskApp
from pddtui.ui.screens.plain import PlainScreen
from tests import catalogue
from tests.ui.cases import desk

WHERE = {
    "desk": ("y",),
    "log": ("2", "y"),
    "case": ("enter", "y"),
    "handbook": ("H", "down", "enter", "y"),
    "insights": ("I", "y"),
    "why": ("w", "y"),
    "letter": ("t", "ctrl+y"),
}


def said(app: DeskApp) -> list[str]:
    return [note.message for note in app._notifications]


@pytest.mark.parametrize("keys", WHERE.values(), ids=WHERE)
async def test_what_is_copied_can_be_seen_and_nothing_else_with_it(keys: tuple[str, ...]) -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 60)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            assert app.clipboard
            assert said(app) == ["Sent to the terminal. If it does not paste, Ctrl+T shows it to be selected."]
            app.clear_notifications()
            before = app.screen
            await pilot.press("ctrl+t")
            await pilot.pause()
            assert isinstance(app.screen, PlainScreen)
            shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
            wrapped = "".join("".join(shown).split())
            assert "".join(app.clipboard.split()).startswith(wrapped[:2000])
            assert wrapped
            await pilot.press("escape")
            await pilot.pause()
            assert app.screen is before


async def test_without_anything_copied_the_key_says_so() -> None:
    with desk("zh") as context:
        app = DeskApp(context)
        async with app.run_test() as pilot:
            await pilot.press("ctrl+t")
            assert said(app) == ["还没有复制过内容：请先按 y。"]


async def test_a_text_that_many_terminals_drop_is_said_to_be_one_and_the_key_is_the_persons_own() -> None:
    with desk("en") as context:
        keys = {"program.plain": "f9"}
        app = DeskApp(structs.replace(context, settings=structs.replace(context.settings, keys=keys)))
        async with app.run_test() as pilot:
            app.copy_to_clipboard("款" * (MOST_COPIED // 3 + 1))
            await pilot.pause()
            assert said(app) == ["Sent to the terminal. Many drop a text as long as this: F9 shows it to be selected."]


def test_nowhere_is_anything_said_to_be_copied() -> None:
    found = [en for (en, _), zh in catalogue.translations(catalogue.read(catalogue.PO)).items() if "已复制" in zh]
    assert found == []


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("rm -rf x\n", "rm -rf x"),
        ("one\r\ntwo\r\n\n", "one\ntwo"),
        ("a\x1b[201~\x9b31mb\u202ec\x7f", "abc"),
        ("  退款 \n", "  退款"),
    ],
)
async def test_what_is_pasted_elsewhere_acts_on_nothing_there(text: str, copied: str) -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test() as pilot:
            app.copy_to_clipboard(text)
            await pilot.pause()
            assert app.clipboard == copied
