"""Keys that a person wants instead: every id can have another, and no two of one screen the same."""

from __future__ import annotations

import pytest
from msgspec import structs

from pddtui.errors import Refused
from pddtui.ui.actions import keymap
from pddtui.ui.app import SCREENS, DeskApp
from pddtui.ui.page_actions import known
from tests.ui.cases import desk

IDS = sorted({key.id for screen in SCREENS for key in screen})


def test_the_keys_as_they_come_clash_on_no_screen() -> None:
    for screen in SCREENS:
        names = [name for key in screen for name in key.keys.split(",")]
        assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("key_id", IDS)
def test_every_id_can_have_another_key(key_id: str) -> None:
    assert keymap({key_id: "f9, f10"}, SCREENS) == {key_id: "f9,f10"}


def test_every_key_of_the_help_has_a_setting() -> None:
    shown_elsewhere = {key_id for key_id in known() if key_id.startswith("export.")}
    assert known().keys() - shown_elsewhere <= set(IDS)


@pytest.mark.parametrize(
    ("key_id", "key", "other"),
    [
        ("log.contact", "1", "view.cases"),
        ("log.contact", "4", "page.section-4"),
        ("handbook.search", "space", "handbook.tick"),
        ("agenda.today", "n", "agenda.next-due"),
        ("form.promise", "ctrl+s", "form.save"),
        ("trash.restore", "escape", "page.back"),
        ("program.help", "escape", "page.back"),
    ],
)
def test_a_clash_on_one_screen_is_refused_with_both_names(key_id: str, key: str, other: str) -> None:
    with pytest.raises(Refused) as refused:
        keymap({key_id: key}, SCREENS)
    assert key_id in str(refused.value)
    assert other in str(refused.value)


def test_the_same_key_on_two_screens_is_no_clash() -> None:
    assert keymap({"agenda.today": "l"}, SCREENS) == {"agenda.today": "l"}


def test_two_keys_can_be_exchanged() -> None:
    wishes = {"log.contact": "f", "due.follow-up": "l"}
    assert keymap(wishes, SCREENS) == wishes


@pytest.mark.parametrize("key", ["", " ", "x,,z"])
def test_a_wish_for_no_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="names no key"):
        keymap({"log.contact": key}, SCREENS)


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(Refused, match=r"log\.contract"):
        keymap({"log.contract": "l"}, SCREENS)


def test_the_desk_does_not_open_with_a_clash_on_the_case_page() -> None:
    with desk("en") as context:
        settings = structs.replace(context.settings, keys={"log.contact": "4"})
        with pytest.raises(Refused, match=r"page\.section-4"):
            DeskApp(structs.replace(context, settings=settings))


async def test_the_case_page_opens_the_handbook_for_its_case_and_returns() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            names = []
            for key in ("enter", "H", "escape"):
                await pilot.press(key)
                await pilot.pause()
                names.append(type(app.screen).__name__)
    assert names == ["CasePage", "HandbookScreen", "CasePage"]
