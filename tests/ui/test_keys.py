"""Keys that a person wants instead: every id can have another, and no two that are there at one time the same."""

from __future__ import annotations

import pytest
from msgspec import structs
from textual import events

from pddtui.errors import Refused
from pddtui.ui import themes
from pddtui.ui.actions import ACTIONS, TOGETHER, of_place
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import half_width, keymap, usable_keys
from tests.ui.cases import desk

IDS = [action.id for action in ACTIONS]


def test_the_keys_as_they_come_clash_nowhere() -> None:
    for places in TOGETHER:
        names = [name for action in of_place(*places) for name in action.keys.split(",")]
        assert (places, sorted(set(names))) == (places, sorted(names))


@pytest.mark.parametrize("key_id", IDS)
def test_every_id_can_have_another_key(key_id: str) -> None:
    assert keymap({key_id: "f9, f10"}) == {key_id: "f9,f10"}


@pytest.mark.parametrize(
    ("key_id", "key", "other"),
    [
        ("log.contact", "1", "view.cases"),
        ("log.contact", "4", "page.section-4"),
        ("log.contact", "j", "list.down"),
        ("log.contact", "?", "program.help"),
        ("handbook.search", "space", "handbook.tick"),
        ("agenda.today", "n", "agenda.next-due"),
        ("agenda.today", "h", "month.day-before"),
        ("form.promise", "ctrl+s", "form.save"),
        ("trash.restore", "escape", "page.back"),
        ("program.help", "escape", "view.clear"),
        ("list.down", "l", "log.contact"),
    ],
)
def test_a_clash_is_refused_with_both_names(key_id: str, key: str, other: str) -> None:
    with pytest.raises(Refused) as refused:
        keymap({key_id: key})
    assert key_id in str(refused.value)
    assert other in str(refused.value)


def test_the_same_key_on_two_screens_is_no_clash() -> None:
    assert keymap({"agenda.today": "b"}) == {"agenda.today": "b"}


def test_two_keys_can_be_exchanged() -> None:
    wishes = {"log.contact": "f", "due.follow-up": "l"}
    assert keymap(wishes) == wishes


@pytest.mark.parametrize("key", ["", " ", "x,,z"])
def test_a_wish_for_no_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="has no key"):
        keymap({"log.contact": key})


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(Refused, match=r"log\.contract"):
        keymap({"log.contract": "l"})


@pytest.mark.parametrize(
    ("wishes", "met", "refused"),
    [
        ({"log.contact": "4"}, {}, ["log.contact"]),
        ({"log.contact": "4", "due.follow-up": "f9"}, {"due.follow-up": "f9"}, ["log.contact"]),
        ({"log.contact": "f", "due.follow-up": "l"}, {"log.contact": "f", "due.follow-up": "l"}, []),
        ({"log.contact": "f9", "log.call": "f9"}, {"log.contact": "f9"}, ["log.call"]),
        ({"nothing": "x", "log.call": ""}, {}, ["nothing", "log.call"]),
        ({}, {}, []),
    ],
)
def test_what_cannot_be_met_of_the_wishes_is_named_and_the_rest_is(
    wishes: dict[str, str], met: dict[str, str], refused: list[str]
) -> None:
    usable, faults = usable_keys(wishes)
    assert usable == met
    assert [fault.field for fault in faults] == [f"keys.{name}" for name in refused]


async def test_the_desk_opens_with_a_clash_and_an_unknown_theme_and_says_so_once() -> None:
    with desk("en") as context:
        settings = structs.replace(context.settings, keys={"log.contact": "4", "view.agenda": "f9"}, theme="nrod")
        app = DeskApp(structs.replace(context, settings=settings))
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            said = [each.message for each in app._notifications]
            assert len(said) == 1
            assert all(word in said[0] for word in ("page.section-4", "nrod", "default"))
            assert app.theme == themes.DARK
            await pilot.press("f9")
            await pilot.pause()
            assert type(app.screen).__name__ == "AgendaScreen"


@pytest.mark.parametrize(
    ("character", "key"),
    [
        ("、", "slash"), ("／", "slash"), ("。", "full_stop"), ("：", "colon"), ("？", "question_mark"),
        ("【", "left_square_bracket"), ("】", "right_square_bracket"), ("［", "left_square_bracket"),
        ("\u3000", "space"), ("＿", "underscore"), ("ｎ", "n"), ("Ｅ", "E"), ("１", "1"),
    ],
)  # fmt: skip
def test_a_full_width_character_is_the_key_that_types_it(character: str, key: str) -> None:
    pressed = half_width(events.Key(character, character))
    assert pressed is not None
    assert pressed.key == key


@pytest.mark.parametrize("character", ["n", "案", "/", None])
def test_any_other_character_stands_for_itself(character: str | None) -> None:
    assert half_width(events.Key("x", character)) is None


async def test_the_case_page_opens_the_handbook_for_its_case_and_returns() -> None:
    visits = (("enter", "CasePage"), ("H", "HandbookScreen"), ("escape", "CasePage"))
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            for key, screen in visits:
                await pilot.press(key)
                await pilot.pause()
                assert type(app.screen).__name__ == screen
