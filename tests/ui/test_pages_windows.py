"""The windows over the desk: help, palette, trash, trouble, why, and the line of keys under each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from pddtui.errors import Busy, CannotWrite, Damaged, PddError
from pddtui.message import msg
from pddtui.speech import Language, Speech
from pddtui.ui.actions import of_place
from pddtui.ui.bindings import key_name, keymap
from pddtui.ui.context import Context
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.screens.case import CasePage
from pddtui.ui.screens.help import HelpScreen
from pddtui.ui.screens.palette import cases, matching_commands
from pddtui.ui.screens.trash import TrashScreen
from pddtui.ui.screens.trouble import Rescue, TroubleScreen
from pddtui.ui.screens.why import WhyScreen
from pddtui.ui.widgets.key_line import Hint, KeyLine
from pddtui.ui.widgets.key_line import fitting_hints as hints_fitting
from pddtui.ui.widgets.lines import LineList
from tests.ui.cases import KETTLE, NUTS, SHANGHAI, TRASHED, case, desk, no_cases
from tests.ui.page_app import PageApp
from tests.ui.test_letter import until

USUAL, PHONE = (80, 24), (45, 30)


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def page(context: Context, ref: str = KETTLE) -> PageApp:
    return PageApp(CasePage(context, case(context, ref).id))


@pytest.mark.parametrize(
    ("key", "language", "name"),
    [
        ("question_mark", "en", "?"), ("slash", "en", "/"), ("colon", "zh", ":"), ("space", "en", "Space"),
        ("space", "zh", "空格"), ("enter", "zh", "回车"), ("ctrl+s", "en", "Ctrl+S"), ("shift+tab", "en", "Shift+Tab"),
        ("f1", "en", "F1"), ("E", "en", "E"), ("e", "en", "e"), ("pagedown", "en", "PgDn"), ("down", "en", "↓"),
        ("right_square_bracket", "en", "]"), ("plus", "en", "+"), ("+", "en", "+"), ("ctrl+pageup", "en", "Ctrl+PgUp"),
    ],
)  # fmt: skip
def test_a_key_has_the_name_that_people_read(key: str, language: Language, name: str) -> None:
    with no_cases(language) as context:
        assert key_name(key, context.speech) == name


async def test_help_shows_every_key_of_the_screen_underneath_in_its_group(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=(120, 90)) as pilot:
        await pilot.press("question_mark")
        text = "\n".join(app.picture)
        for key in app.page.active_bindings.values():
            if key.enabled and key.binding.id in {each.id for each in of_place("desk")}:
                assert key.binding.description in text
        assert text.index("Case") < text.index("Contact log") < text.index("Program") < text.index("Moving around")
        assert "]" in text
        assert "↓  j" in text


@pytest.mark.parametrize("closing", ["escape", "question_mark", "f1"])
async def test_help_closes_with_the_key_that_opened_it(context: Context, closing: str) -> None:
    app = page(context)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press(closing)
        assert app.screen is app.page


async def test_enter_in_help_does_what_the_key_does_or_says_why_not(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=(120, 90)) as pilot:
        await pilot.press("question_mark")
        app.screen.query_one("#keys", LineList).select("log.promise-broken")
        await pilot.press("enter")
        assert isinstance(app.screen, HelpScreen)
        assert "no promise here" in next(iter(app._notifications)).message
        app.screen.query_one("#keys", LineList).select("log.contact")
        await pilot.press("enter")
        await until(pilot, ContactForm)


async def test_help_and_key_line_show_a_key_as_it_is_now(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=(120, 90)) as pilot:
        app.set_keymap(keymap({"log.contact": "ctrl+l"}))
        app.page.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert app.reads("Ctrl+L Log")
        await pilot.press("question_mark")
        assert any(line.split()[:2] == ["Ctrl+L", "Log"] for line in app.picture)


async def test_help_can_be_searched_by_word_and_by_key(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("question_mark", "slash", *"trash")
        await pilot.pause()
        await pilot.pause()
        listed = app.screen.query_one("#keys", LineList).rows
        assert [row.heading for row in listed] == [True, False]
        assert app.reads("Delete")


class _Keyed(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "one", "First", id="t.one"),
        Binding("b", "two", "Second", id="t.two"),
        Binding("c", "three", "Third", id="t.three", show=False),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.speech_context = context
        self.allowed = True
        self.done: list[str] = []

    def compose(self) -> ComposeResult:
        yield KeyLine(self.speech_context)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return action != "two" or self.allowed

    def action_one(self) -> None:
        self.done.append("one")

    def action_two(self) -> None:
        self.done.append("two")


async def test_the_key_line_shows_what_can_be_done_now_and_a_click_does_it(context: Context) -> None:
    screen = _Keyed(context)
    app = PageApp(screen)
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        assert app.picture[0] == " a First  b Second"
        await pilot.click(KeyLine, offset=(3, 0))
        await pilot.click(KeyLine, offset=(11, 0))
        await pilot.click(KeyLine, offset=(30, 0))
        assert screen.done == ["one", "two"]
        screen.allowed = False
        screen.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert app.picture[0] == " a First"


def test_a_short_key_line_keeps_help_and_the_order(context: Context) -> None:
    hints = [
        Hint("x.long", "Ctrl+X", "something long"),
        Hint("log.contact", "l", "Log"),
        Hint("program.help", "?", "Help"),
    ]
    assert [hint.id for hint in hints_fitting(hints, 80)] == ["x.long", "log.contact", "program.help"]
    assert [hint.id for hint in hints_fitting(hints, 14)] == ["log.contact", "program.help"]
    assert [hint.id for hint in hints_fitting(hints, 8)] == ["program.help"]
    assert hints_fitting(hints, 0) == ()


async def test_the_palette_does_what_its_first_row_says(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("ctrl+p", *"next sec")
        assert app.reads("Next section")
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is app.page
        assert app.reads("3个工作日内给结论")


async def test_the_palette_changes_the_look_and_leaves_looks_out_until_asked(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.press("colon")
        assert not app.reads("Theme:")
        await pilot.press(*"theme nord", "enter")
        await pilot.pause()
        assert app.theme == "nord"


async def test_the_palette_goes_to_a_case_by_any_part_of_it(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("colon")
        await pilot.press(*"0002", "enter")
        await pilot.pause()
        assert isinstance(app.screen, CasePage)
        assert app.screen.case_id == case(context, NUTS).id


async def test_the_palette_does_not_offer_what_cannot_be_done(context: Context) -> None:
    app = page(context)
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.press("1", "colon")
        await pilot.pause()
        assert app.reads("Evidence")
        assert not app.reads("Snooze")


def test_cases_are_found_by_words_in_any_order_and_never_as_markup(context: Context) -> None:
    listed = list(cases(context, lambda _: None))
    assert [each.word for each in matching_commands("商家d 坚果", [], listed)] == ["整箱坚果少两袋"]
    assert matching_commands("坚果 不在", [], listed) == []
    assert matching_commands("", [], listed) == []
    assert all(TRASHED not in each.note for each in listed)


@pytest.mark.parametrize("key", ["enter", "r"])
async def test_the_trash_restores_the_selected_case_and_says_which(context: Context, key: str) -> None:
    app = PageApp(TrashScreen(context))
    gone = case(context, TRASHED)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.pause()
        assert app.reads("重复登记的坚果案")
        assert app.reads("deleted Fri 13 Nov 09:05")
        await pilot.press(key)
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.results == [gone.id]
    assert case(context, TRASHED).trashed_at is None


async def test_an_empty_trash_says_so_and_offers_nothing() -> None:
    with no_cases("en") as context:
        app = PageApp(TrashScreen(context))
        async with app.run_test(size=USUAL) as pilot:
            await pilot.pause()
            assert app.reads("The trash is empty.")
            assert not app.reads("Restore")
            await pilot.press("r", "enter", "escape")
        assert app.results == [None]


@pytest.mark.parametrize(("answer", "left"), [("escape", 1), ("n", 1), ("y", 0)])
async def test_the_trash_is_emptied_only_on_a_yes(context: Context, answer: str, left: int) -> None:
    app = PageApp(TrashScreen(context))
    async with app.run_test(size=USUAL) as pilot:
        await pilot.pause()
        await pilot.press("W")
        await pilot.pause()
        assert app.reads("Erase 1 case for good?")
        await pilot.press(answer)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.reads("The trash is empty.") is not bool(left)
    assert len(context.casebook.cases(trash=True)) == left


async def test_what_was_deleted_after_the_list_was_shown_is_not_erased_with_it(context: Context) -> None:
    app = PageApp(TrashScreen(context))
    async with app.run_test(size=USUAL) as pilot:
        await pilot.pause()
        context.casebook.trash(case(context, NUTS).id)
        context.casebook.restore(case(context, TRASHED).id)
        await pilot.press("W", "y")
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert case(context, NUTS).trashed_at is not None
    assert case(context, TRASHED).trashed_at is None


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Damaged(msg("This file is damaged.")), "pddtui recover"),
        (Busy(msg("Somebody holds the file.")), "Another window"),
        (CannotWrite(msg("The disk is full.")), "Free some space"),
    ],
)
@pytest.mark.parametrize(("key", "choice"), [("enter", "retry"), ("q", "quit")])
async def test_trouble_says_what_to_do_and_asks_what_next(error: PddError, told: str, key: str, choice: str) -> None:
    speech = Speech("en", SHANGHAI, year=2026)
    app = PageApp(TroubleScreen(speech, error, Path("/somewhere/cases.json")))
    async with app.run_test(size=PHONE) as pilot:
        await pilot.pause()
        assert app.reads(str(error)[:20])
        assert app.reads(told)
        assert app.reads("/somewhere/cases.json")
        await pilot.press(key)
    assert app.results == [choice]


@pytest.mark.parametrize(("answer", "results"), [("y", ["recover"]), ("n", []), ("escape", [])])
async def test_a_recovery_is_asked_for_with_its_counts(answer: str, results: list[str]) -> None:
    speech = Speech("en", SHANGHAI, year=2026)
    rescue = Rescue(plan=(msg("3 cases can be recovered."),))
    app = PageApp(TroubleScreen(speech, Damaged(msg("Torn.")), Path("/somewhere/cases.json"), rescue))
    async with app.run_test(size=PHONE) as pilot:
        await pilot.pause()
        assert app.reads("3 cases can be recovered.")
        assert not app.reads("Newest backup")
        await pilot.press("N", "B")
        await pilot.pause()
        assert app.reads("Rebuild the data file from this?")
        await pilot.press(answer)
        await app.workers.wait_for_complete()
    assert app.results == results


async def test_without_anything_to_recover_from_no_recovery_is_offered() -> None:
    speech = Speech("en", SHANGHAI, year=2026)
    rescue = Rescue(backup=Path("/somewhere/cases.json.bak/20261120T000000.json"))
    app = PageApp(TroubleScreen(speech, Damaged(msg("Torn.")), Path("/somewhere/cases.json"), rescue))
    async with app.run_test(size=USUAL) as pilot:
        await pilot.pause()
        assert not app.reads("Recover")
        assert app.reads("20261120T000000.json")
        await pilot.press("B", "N")
    assert app.results == ["backup"]


async def test_why_can_be_scrolled_to_its_end_and_copied(context: Context) -> None:
    lines = [msg("Sentence {n}.", n=number) for number in range(40)]
    app = PageApp(WhyScreen(context, "[b]title[/b]", lines))
    async with app.run_test(size=PHONE) as pilot:
        await pilot.pause()
        assert app.reads("[b]title[/b]")
        assert not app.reads("Sentence 39.")
        await pilot.press("G", "y")
        await pilot.pause()
        assert app.reads("Sentence 39.")
        await pilot.press("enter")
    assert app.copied == ["\n".join(["[b]title[/b]", *(f"Sentence {number}." for number in range(40))])]
    assert app.results == [None]
