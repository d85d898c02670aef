"""Everything that a key does: written once, whole, in both languages, and never the end of the program."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from textual import actions as textual_actions
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widget import Widget

from pddtui.errors import Busy
from pddtui.message import msg
from pddtui.ui.actions import ACTION_GROUPS, ACTIONS, BY_ID, TOGETHER, Action, Need, Place, of_place
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.brief import BriefScreen
from pddtui.ui.forms.capture import CaptureLine
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Answers, Confirm
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.form import FormScreen
from pddtui.ui.forms.promise import CallConfirmation
from pddtui.ui.screens.agenda import AgendaScreen
from pddtui.ui.screens.case import CasePage
from pddtui.ui.screens.deeds import CaseActions
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.handbook import HandbookScreen
from pddtui.ui.screens.help import HelpScreen
from pddtui.ui.screens.insights import InsightsScreen
from pddtui.ui.screens.letter import LetterScreen
from pddtui.ui.screens.palette import Palette
from pddtui.ui.screens.paste import PasteScreen
from pddtui.ui.screens.plain import PlainScreen
from pddtui.ui.screens.settings import SettingsScreen
from pddtui.ui.screens.trash import TrashScreen
from pddtui.ui.screens.trouble import TroubleScreen
from pddtui.ui.screens.why import WhyScreen
from pddtui.ui.widgets.book import Contents
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, TextBox
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.month import MonthGrid
from pddtui.ui.widgets.texts import ReadingPane
from pddtui.ui.widgets.timeline import Timeline
from tests import catalogue
from tests.ui.cases import NUTS, case, desk, no_cases

HOMES: dict[Place, type[DOMNode]] = {
    "desk": DeskScreen,
    "case": CasePage,
    "agenda": AgendaScreen,
    "handbook": HandbookScreen,
    "insights": InsightsScreen,
    "why": WhyScreen,
    "help": HelpScreen,
    "palette": Palette,
    "trash": TrashScreen,
    "trouble": TroubleScreen,
    "settings": SettingsScreen,
    "form": FormScreen,
    "contact": ContactForm,
    "line": CaptureLine,
    "letter": LetterScreen,
    "paste": PasteScreen,
    "plain": PlainScreen,
    "question": Confirm,
    "sentence": CallConfirmation,
    "list": LineList,
    "contents": Contents,
    "reading": ReadingPane,
    "month": MonthGrid,
    "timeline": Timeline,
    "choice": Choice,
    "text": TextBox,
    "brief": BriefScreen,
    "answers": Answers,
}
"""Who has the actions of each place."""

by_id = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)


def test_no_two_actions_have_one_id() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_every_place_is_somebody_and_known_to_the_check_of_keys() -> None:
    places = {place for kind in get_args(Place) for place in get_args(kind)}
    assert HOMES.keys() == places
    assert {place for together in TOGETHER for place in together} == places


def test_every_deed_is_done_and_nothing_else() -> None:
    with no_cases() as context:
        assert CaseActions(context, DeskScreen(context)).ids == {action.id for action in ACTIONS if not action.runs}


@pytest.fixture(scope="module")
def chinese() -> frozenset[catalogue.Template]:
    return frozenset(template for template, _ in catalogue.translations(catalogue.read(catalogue.PO)))


@by_id
def test_an_action_is_whole(action: Action, chinese: frozenset[catalogue.Template]) -> None:
    assert action.places, "it is nowhere"
    assert action.group in ACTION_GROUPS
    assert all(action.keys.split(","))
    assert {action.word.template, action.tip.template} <= chinese
    assert action.tip.template.endswith((".", "…")), "a tip is a sentence"


@by_id
def test_an_action_can_be_run_where_it_is_bound(action: Action) -> None:
    who, name, parameters = textual_actions.parse(action.calls)
    for place in action.places:
        home = HOMES[place]
        called = {each.action for _, each in home._merged_bindings or () if each.id == action.id}
        assert called == {action.calls}, f"{home.__name__} does not bind it"
        method = getattr(DeskApp if who == "app" else home, f"action_{name}", None)
        assert method is not None, f"{home.__name__} has no action_{name}"
        inspect.signature(method).bind(None, *parameters)


@by_id
def test_an_action_that_needs_something_is_asked_for_on_a_screen(action: Action) -> None:
    if action.needs is not None:
        assert all(issubclass(HOMES[place], ActionScreen) for place in action.places)


def test_every_need_is_needed_by_an_action() -> None:
    assert {action.needs for action in ACTIONS} == {None, *Need}


# Every key of every screen, pressed for real: with nothing there, and with cases.

Make = Callable[[Context], Widget]

SCREENS: dict[str, Make] = {
    "desk": DeskScreen,
    "agenda": AgendaScreen,
    "handbook": HandbookScreen,
    "insights": InsightsScreen,
    "trash": TrashScreen,
    "help": lambda context: HelpScreen(context, TrashScreen(context)),
    "trouble": lambda context: TroubleScreen(context.speech, Busy(msg("Somebody holds the file.")), Path("/x.json")),
    "why": lambda context: WhyScreen(context, "title", [msg("Sentence {n}.", n=1)]),
    "plain": lambda _: PlainScreen("Good day"),
    "new case": lambda context: CaseForm(context, None),
}
"""Those that can be opened without a case."""

WITH_A_CASE: dict[str, Make] = {
    **SCREENS,
    "case": lambda context: CasePage(context, case(context, NUTS).id),
    "handbook of a case": lambda context: HandbookScreen(context, case(context, NUTS).id),
    "contact": lambda context: ContactForm(context, case(context, NUTS)),
    "call": lambda context: ContactForm(context, case(context, NUTS), call=True),
    "brief": lambda context: BriefScreen(context, case(context, NUTS).id),
    "line": lambda context: CaptureLine(context, case(context, NUTS)),
    "letter": lambda context: LetterScreen(context, case(context, NUTS)),
    "paste": lambda context: PasteScreen(context, case(context, NUTS)),
    "pasted": lambda context: PasteScreen(context, case(context, NUTS), CHAT),
}

CHAT = "Ming 2026-11-03 10:21:05\nplease refund\n\nshop agent Li 2026-11-03 10:25:00\nno refund\n"

_LEAVE = {"back", "quit", "retry"}
"""What leaves the screen. Ctrl+Z, too, is another key while a line is typed: it takes back what was."""
_OF_A_TEXT = {"left", "right"}
"""What moves in a text that is being typed; letters go into it."""
_THERE_ALREADY = {"view.cases", "agenda.today", "page.section-1"}
"""What goes where the person is when the screen is opened."""


def _places(screen: Widget) -> tuple[Place, ...]:
    bases = [base for base in type(screen).__mro__ if issubclass(base, ActionScreen)]
    return tuple(base.PLACE for base in bases if "PLACE" in vars(base))


def _noticed(app: DeskApp) -> tuple[object, ...]:
    """All that a person could notice."""
    lines = tuple(strip.text for strip in app.screen._compositor.render_strips())
    return app.screen, app.focused, len(app._notifications), app.clipboard, lines


async def _press_all(context: Context, make: Make) -> list[str]:
    """Press the key of every action that does not leave the screen; the ids of those to which nothing answered."""
    silent: list[str] = []
    app = DeskApp(context)
    async with app.run_test(size=(100, 30)) as pilot:
        page = await opened(app, pilot, make)
        for action in of_place(*_places(page)):
            if action.runs in _LEAVE or (
                action.id == "program.suspend" and isinstance(app.focused, LineField | TextBox)
            ):
                continue
            if isinstance(app.focused, TextBox) and (len(action.keys) == 1 or action.keys in _OF_A_TEXT):
                continue
            focused, before, why_not = app.focused, _noticed(app), page.why_not(action)
            await pilot.press(action.keys.split(",")[0])
            await settled(context, pilot)
            if why_not is not None:
                said = [note.message for note in app._notifications]
                assert context.speech.say(why_not) in said, f"{action.id} does not say why it does nothing"
            elif _noticed(app) == before and action.id not in _THERE_ALREADY:
                silent.append(action.id)
            app._notifications.clear()
            while app.screen is not page and page in app.screen_stack:
                app.screen.dismiss(None)
                await settled(context, pilot)
            if page in app.screen_stack:
                page.set_focus(focused)
            else:
                page = await opened(app, pilot, make)
        assert app.is_running
    return silent


async def opened(app: DeskApp, pilot: Pilot[None], make: Make) -> ActionScreen[None]:
    page = make(app.context)
    assert isinstance(page, ActionScreen)
    await app.push_screen(page)
    await settled(app.context, pilot)
    return page


async def settled(context: Context, pilot: Pilot[None]) -> None:
    """Until the clerk has done what was asked of it, and the screen has shown it."""
    for _ in range(3):
        await pilot.pause()
        await context.clerk.do(lambda: None)
    await pilot.pause()


@pytest.mark.parametrize("name", SCREENS)
async def test_no_key_ends_an_empty_program_and_each_says_why_it_does_nothing(name: str) -> None:
    with no_cases("en") as context:
        assert await _press_all(context, SCREENS[name]) == []


@pytest.mark.parametrize("name", WITH_A_CASE)
async def test_no_key_ends_a_program_with_cases(name: str) -> None:
    with desk("en") as context:
        assert await _press_all(context, WITH_A_CASE[name]) == []


async def test_help_names_every_action_of_its_screen_for_the_settings_also_what_cannot_be_done() -> None:
    with no_cases("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 150)) as pilot:
            await pilot.pause()
            await pilot.press("question_mark")
            await pilot.pause()
            picture = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    assert [action.id for action in of_place("desk", "list") if f" {action.id}" not in picture] == []
    assert "There is no case here" in picture
