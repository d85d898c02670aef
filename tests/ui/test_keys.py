"""Keys that a person wants instead: every id can have another, and no two that are there at one time the same."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from textual import events

from pddtui.domain.table import DEED_KEYS
from pddtui.errors import Refused
from pddtui.speech import Speech
from pddtui.ui import themes
from pddtui.ui.actions import ACTIONS, BY_ID, DEED_ACTIONS, TOGETHER, of_place
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import deed_keys, half_width, keymap, usable_keys
from tests.ui.cases import desk

IDS = [action.id for action in ACTIONS]


def test_the_keys_as_they_come_clash_nowhere() -> None:
    for places in TOGETHER:
        names = [name for action in of_place(*places) for name in action.keys.split(",")]
        assert (places, sorted(set(names))) == (places, sorted(names))


ONE_MEANING: dict[str, set[str]] = {
    "back to where one was": {
        "page.back", "page.close", "help.close", "form.back", "letter.back", "letter.close-plain", "question.safe",
        "sentence.close", "program.quit", "line.back", "view.clear", "paste.back",
    },
    "go on with what is here": {
        "page.close", "letter.close-plain", "sentence.copy", "form.next", "list.open", "month.open", "answer.give",
        "trouble.retry", "line.save",
    },
    "do it to what is under the cursor": {"due.settle", "handbook.tick", "choice.next", "answer.give"},
    "the keys, and away with them again": {"program.help", "help.close"},
    "the part with that number": {
        "view.cases", "view.log", "view.due", *(f"page.section-{number}" for number in range(1, 9)),
    },
    "the next part": {
        "page.next-section", "handbook.pane", "agenda.pane", "answer.next", "agenda.next-due", "line.form",
    },
    "the part before": {
        "page.previous-section", "handbook.pane", "agenda.pane", "answer.previous", "agenda.previous-due",
    },
    "to the right": {
        "page.next-section", "contents.unfold", "month.next-day", "choice.next", "answer.next", "timeline.next",
        "tour.next", "paste.mine",
    },
    "change": {"case.edit", "settings.change", "paste.change"},
    "to the left": {
        "page.previous-section", "contents.fold", "month.day-before", "choice.previous", "answer.previous",
        "timeline.before", "tour.back", "paste.theirs",
    },
    "evidence": {"case.evidence", "paste.keep"},
    "find": {"view.filter", "handbook.search"},
    "copy": {"program.copy", "page.copy", "handbook.copy", "sentence.copy"},
    "plain text, and back": {"program.plain", "letter.plain", "letter.close-plain"},
    "save": {"form.save", "letter.save", "paste.save"},
    "down": {"list.down", "reading.down", "month.next-week", "answer.next"},
    "up": {"list.up", "reading.up", "month.week-before", "answer.previous"},
    "further down": {"list.page-down", "list.half-down", "reading.page-down", "month.next-month"},
    "further up": {"list.page-up", "list.half-up", "reading.page-up", "month.month-before"},
    "to the beginning": {"list.first", "reading.first", "month.first", "choice.first"},
    "to the end": {"list.last", "reading.last", "month.last", "choice.last"},
}  # fmt: skip
"""What different actions of one key have in common. Every other key does one thing only, wherever it does anything."""


def test_a_key_means_one_thing_on_all_screens() -> None:
    doers: dict[str, set[str]] = {}
    for action in ACTIONS:
        for key in action.keys.split(","):
            doers.setdefault(key, set()).add(action.id)
    assert {
        key: sorted(ids)
        for key, ids in doers.items()
        if len(ids) > 1 and not any(ids <= meaning for meaning in ONE_MEANING.values())
    } == {}


def test_an_act_is_done_by_the_key_that_the_table_of_acts_says() -> None:
    bound = {deed: BY_ID[action].keys.split(",")[0] for deed, action in DEED_ACTIONS.items()}
    assert bound == {deed: key for deed, key in DEED_KEYS.items() if key is not None}
    assert all({"desk", "case"} <= set(BY_ID[action].places) for action in DEED_ACTIONS.values())


def test_a_list_of_acts_shows_the_key_that_a_person_wants() -> None:
    keys = deed_keys({"case.letter": "f9", "due.settle": "ctrl+k"}, Speech("en", ZoneInfo("Asia/Shanghai")))
    assert (keys["letter"], keys["settle"], keys["file"]) == ("F9", "Ctrl+K", "E")
    assert deed_keys({}, Speech("zh", ZoneInfo("Asia/Shanghai")))["settle"] == "␣"


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
        ("agenda.today", "]", "agenda.next-due"),
        ("agenda.today", "left", "month.day-before"),
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
