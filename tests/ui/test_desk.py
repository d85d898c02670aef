"""The desk as a person uses it: keys in, screen and store out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from msgspec import structs
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from pddtui.domain.case import Case
from pddtui.errors import Gone
from pddtui.message import msg
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.follow_up import FollowUpForm
from pddtui.ui.forms.promise import PromiseForm
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.help import HelpScreen
from pddtui.ui.screens.why import WhyScreen
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.pane import Pane
from tests.memory_store import MemoryStore
from tests.ui.cases import KETTLE, NUTS, SUITCASE, TRASHED, desk, no_cases
from tests.ui.hostile import HOSTILE, offences

PAGES = 6
"""How far the hostile texts are walked through in each pane."""

SIZES = {"wide": (120, 36), "medium": (80, 24), "narrow": (45, 30), "small": (40, 12)}


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("zh") as made:
        yield made


def app_of(context: Context) -> DeskApp:
    return DeskApp(context)


@asynccontextmanager
async def running(context: Context, size: str = "wide") -> AsyncIterator[tuple[DeskApp, Pilot[None]]]:
    app = app_of(context)
    async with app.run_test(size=SIZES[size]) as pilot:
        await pilot.pause()
        yield app, pilot


def listed(app: DeskApp, ref: str) -> Case:
    return app.context.casebook.find(ref)


async def choose(pilot: Pilot[None], ref: str) -> Case:
    """Put the cursor of the case list on that case."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    case = listed(app, ref)
    app.screen.query_one(CaseList).select(case.id)
    await pilot.pause()
    return case


async def type_sign(pilot: Pilot[None], sign: str) -> None:
    """Type one character as a terminal sends it; the pilot knows no names of full-width ones."""
    driver = pilot.app._driver
    assert driver is not None
    driver.send_message(events.Key(_character_to_key(sign), sign))
    await pilot.pause()


def drawn(app: DeskApp) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


async def test_the_most_urgent_case_comes_first_with_its_state_in_words(context: Context) -> None:
    async with running(context) as (app, _):
        first = app.screen.query_one(CaseList).cursor_key
        assert first is not None
        assert app.context.casebook.case(first).ref in (NUTS, SUITCASE)
        assert "逾期" in drawn(app)
        assert "无进展" in drawn(app)


@pytest.mark.parametrize(("size", "seen"), [("wide", 3), ("medium", 2), ("narrow", 1), ("small", 1)])
async def test_as_many_panes_are_shown_as_have_room(context: Context, size: str, seen: int) -> None:
    async with running(context, size) as (app, pilot):
        for key in "123":
            await pilot.press(key)
            await pilot.pause()
            shown = [pane for pane in ("cases", "log", "due") if app.screen.query_one(f"#{pane}").region.area > 0]
            assert len(shown) == seen
            assert {"1": "cases", "2": "log", "3": "due"}[key] in shown


@pytest.mark.parametrize("size", [(1, 1), (2, 40), (200, 1), (39, 11)])
async def test_no_size_of_a_terminal_ends_the_program(context: Context, size: tuple[int, int]) -> None:
    async with app_of(context).run_test(size=size) as pilot:
        await pilot.press("j", "2", "j", "3", "j", "1", "question_mark", "escape")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert isinstance(pilot.app.screen, DeskScreen)


async def test_the_log_follows_the_cursor(context: Context) -> None:
    async with running(context) as (app, pilot):
        for ref in (KETTLE, NUTS):
            case = await choose(pilot, ref)
            keys = {row.key for row in app.screen.query_one(ContactLog).rows if not row.heading}
            assert keys >= {contact.id for contact in case.contacts}


async def test_space_asks_what_became_of_a_promise_and_u_takes_it_back(context: Context) -> None:
    async with running(context) as (app, pilot):
        (made,) = (await choose(pilot, NUTS)).promises
        await pilot.press("2")
        app.screen.query_one(ContactLog).select(made[1].id)
        await pilot.press("space", "space")
        await app.workers.wait_for_complete()
        assert [made.state for _, made in listed(app, NUTS).promises] == ["open"], "Space twice settles nothing"
        await pilot.press("space")
        await pilot.pause()
        assert made[1].text in drawn(app)
        await pilot.press("2")
        await app.workers.wait_for_complete()
        assert [made.state for _, made in listed(app, NUTS).promises] == ["kept"]
        await pilot.press("u")
        await app.workers.wait_for_complete()
        assert [made.state for _, made in listed(app, NUTS).promises] == ["open"]
        await pilot.press("U")
        await app.workers.wait_for_complete()
        assert [made.state for _, made in listed(app, NUTS).promises] == ["kept"]


@pytest.mark.parametrize(
    ("keys", "state"), [(("space", "k"), "kept"), (("space", "w"), "waived"), (("b", "y"), "broken")]
)
async def test_on_a_case_it_names_the_promise_and_asks_first(keys: tuple[str, str], state: str) -> None:
    with desk("en") as context:
        async with running(context) as (app, pilot):
            (made,) = (await choose(pilot, NUTS)).promises
            await pilot.press(keys[0])
            await pilot.pause()
            assert isinstance(app.screen, Confirm | Question)
            assert made[1].text in drawn(app)
            await pilot.press("escape")
            await app.workers.wait_for_complete()
            assert listed(app, NUTS).promises[0][1].state == "open"
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            assert listed(app, NUTS).promises[0][1].state == state


async def test_replaced_leads_to_the_form_with_the_new_date_to_be_typed(context: Context) -> None:
    async with running(context) as (app, pilot):
        await choose(pilot, NUTS)
        await pilot.press("space", "4")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, PromiseForm)
        assert (form.value("state"), form.field("due").display) == ("replaced", True)
        assert app.focused is form.field("due").entry
        await pilot.press(*"3d", "ctrl+s")
        await app.workers.wait_for_complete()
        assert [made.state for _, made in listed(app, NUTS).promises] == ["replaced", "open"]


@pytest.mark.parametrize(
    ("pane", "key", "said"),
    [("1", "s", "Only a follow-up can be put off"), ("2", "space", "nothing to settle"), ("2", "b", "no promise here")],
)
async def test_a_key_with_nothing_to_act_on_says_what_it_needs(pane: str, key: str, said: str) -> None:
    with desk("en") as context:
        async with running(context) as (app, pilot):
            await choose(pilot, SUITCASE)
            await pilot.press(pane, key)
            await pilot.pause()
            assert [said in note.message for note in app._notifications] == [True]


async def test_without_a_case_the_keys_of_a_case_say_so() -> None:
    with no_cases("en") as context:
        async with running(context) as (app, pilot):
            await pilot.press("l")
            await pilot.pause()
            assert ["press n to open one" in note.message for note in app._notifications] == [True]


@pytest.mark.parametrize(
    ("size", "keys", "told"),
    [
        ((120, 36), (), []),
        ((80, 24), (), ["1 Cases"]),
        ((80, 24), ("1",), ["2 Contact log"]),
        ((120, 36), ("z",), ["2 Contact log", "3 Due"]),
        ((45, 30), (), ["1 Cases", "2 Contact log"]),
        ((45, 30), ("1",), ["2 Contact log", "3 Due"]),
    ],
)
async def test_panes_that_are_out_of_sight_are_named_with_their_keys(
    size: tuple[int, int], keys: tuple[str, ...], told: list[str]
) -> None:
    with desk("en") as context:
        async with app_of(context).run_test(size=size) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            app = pilot.app
            assert isinstance(app, DeskApp)
            first = drawn(app).splitlines()[0]
            assert all(title in first for title in told)


async def test_the_cursor_goes_to_the_contact_that_was_just_logged(context: Context) -> None:
    async with running(context) as (app, pilot):
        await choose(pilot, NUTS)
        await pilot.press("2", "j", "l")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, ContactForm)
        form.field("said").value = "刚刚说的话"
        await pilot.press("ctrl+s")
        await app.workers.wait_for_complete()
        await pilot.pause()
        newest = max(listed(app, NUTS).contacts, key=lambda contact: contact.recorded_at)
        assert app.screen.query_one(ContactLog).cursor_key == newest.id


async def test_a_new_case_can_have_begun_earlier(context: Context) -> None:
    async with running(context) as (app, pilot):
        await pilot.press("n")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, CaseForm)
        form.field("title").value = "早就坏了"
        form.field("opened_at").value = "2026-11-16"
        await pilot.press("ctrl+s")
        await app.workers.wait_for_complete()
        (case,) = [case for case in app.context.casebook.cases() if case.title == "早就坏了"]
        assert f"{case.opened_at:%Y-%m-%d}" == "2026-11-16"


async def test_e_changes_the_case_where_the_case_is_chosen(context: Context) -> None:
    async with running(context) as (app, pilot):
        await choose(pilot, NUTS)
        await pilot.press("e")
        await pilot.pause()
        assert isinstance(app.screen, CaseForm)


async def test_b_breaks_the_promise_under_the_cursor_of_the_log(context: Context) -> None:
    async with running(context) as (app, pilot):
        case = await choose(pilot, NUTS)
        (made,) = case.promises
        await pilot.press("2")
        app.screen.query_one(ContactLog).select(made[1].id)
        await pilot.press("b")
        await app.workers.wait_for_complete()
        assert listed(app, NUTS).promises[0][1].state == "broken"


async def test_bare_d_does_nothing_and_delete_asks_and_names_the_case(context: Context) -> None:
    async with running(context) as (app, pilot):
        case = await choose(pilot, NUTS)
        await pilot.press("d")
        assert isinstance(app.screen, DeskScreen)
        await pilot.press("D")
        await pilot.pause()
        assert isinstance(app.screen, Confirm)
        assert case.title in drawn(app)
        await pilot.press("escape")
        await pilot.pause()
        assert listed(app, NUTS).trashed_at is None
        await pilot.press("D")
        await pilot.pause()
        await pilot.press("y")
        await app.workers.wait_for_complete()
        assert listed(app, NUTS).trashed_at is not None


@pytest.mark.parametrize(
    ("key", "screen"),
    [("n", CaseForm), ("l", ContactForm), ("f", FollowUpForm), ("w", WhyScreen), ("question_mark", HelpScreen)],
)
async def test_a_key_opens_its_screen_and_escape_comes_back(context: Context, key: str, screen: type[object]) -> None:
    async with running(context) as (app, pilot):
        await choose(pilot, NUTS)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, screen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, DeskScreen)


@pytest.mark.parametrize(("typed", "screen"), [("ｎ", CaseForm), ("ｌ", ContactForm), ("？", HelpScreen)])
async def test_full_width_keys_act_as_their_twins(context: Context, typed: str, screen: type[object]) -> None:
    async with running(context) as (app, pilot):
        await choose(pilot, NUTS)
        await type_sign(pilot, typed)
        assert isinstance(app.screen, screen)


@pytest.mark.parametrize("typed", ["/", "／", "、"])
async def test_the_filter_narrows_while_typing_and_full_width_stays_text_in_it(context: Context, typed: str) -> None:
    async with running(context) as (app, pilot):
        await type_sign(pilot, typed)
        await pilot.press(*"坚果")
        await pilot.pause()
        await pilot.pause()
        assert [app.context.casebook.case(row.key).ref for row in app.screen.query_one(CaseList).rows] == [NUTS]
        await type_sign(pilot, "？")
        assert app.screen.query_one(Input).value == "坚果？"


async def test_a_bad_filter_is_said_and_escape_shows_all_again(context: Context) -> None:
    async with running(context) as (app, pilot):
        await pilot.press("slash", *"is:blue")
        await pilot.pause()
        await pilot.pause()
        assert "没有“is:blue”这个筛选" in drawn(app)
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen.query_one(CaseList).rows) == 3


async def test_what_another_window_saves_appears_and_the_cursor_stays(context: Context) -> None:
    async with running(context) as (app, pilot):
        case = await choose(pilot, SUITCASE)
        other = app.context.casebook.store.open_again()  # type: ignore[attr-defined]
        with other.transaction() as box:
            stored = box.get(case.id)
            box.put(structs.replace(stored, title="别处改了名", revision=stored.revision + 1))
        desk_screen = app.screen
        assert isinstance(desk_screen, DeskScreen)
        await desk_screen._watch.look()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "别处改了名" in drawn(app)
        assert app.screen.query_one(CaseList).cursor_key == case.id


async def test_the_due_list_leads_to_its_case(context: Context) -> None:
    async with running(context) as (app, pilot):
        await pilot.press("3", "G")
        await pilot.pause()
        due = app.screen.query_one(DueList)
        await pilot.press("k")
        item = due.act(due.cursor_key)
        assert item is not None
        assert app.screen.query_one(CaseList).cursor_key == item.case.id


async def test_a_deleted_case_can_be_taken_back_from_the_trash(context: Context) -> None:
    async with running(context) as (app, pilot):
        await pilot.press("T")
        await pilot.pause()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        assert listed(app, TRASHED).trashed_at is None


async def test_an_empty_file_says_how_to_begin() -> None:
    with no_cases("en") as context:
        async with running(context) as (app, pilot):
            assert "opens your first case" in drawn(app)
            await pilot.press("space", "b", "l", "e", "w", "y", "E", "s", "j", "enter")
            await pilot.pause()
            assert isinstance(app.screen, DeskScreen)


@pytest.mark.parametrize("size", list(SIZES))
async def test_nothing_that_was_typed_can_act_on_the_terminal_or_be_clicked(context: Context, size: str) -> None:
    store = context.casebook.store
    with store.transaction() as box:
        for number, words in enumerate(HOSTILE):
            (model, *_) = box.cases().values()
            contacts = tuple(
                structs.replace(contact, id=f"{number}-{contact.id}", summary=words) for contact in model.contacts
            )
            hostile = structs.replace(
                model, id=f"X{number}", ref=f"PDD-2026-9{number:03d}", title=words, merchant=words, contacts=contacts
            )
            box.put(hostile)
    async with running(context, size) as (app, pilot):
        for key in ("1", "2", "3"):
            await pilot.press(key)
            for _ in range(PAGES):
                await pilot.press("pagedown")
                assert offences(app) == []


async def test_the_desk_around_a_question_fits_into_a_window_that_was_made_narrow() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 30)) as pilot:
            await pilot.press("D")
            await pilot.pause()
            under = app.screen_stack[0]
            await pilot.resize_terminal(45, 24)
            await pilot.pause()
            assert under is not app.screen
            assert [pane.display and pane.region.width for pane in under.query(Pane)] == [45, False, False]


async def test_a_file_that_is_gone_is_written_back_when_the_person_agrees_and_the_save_goes_through(
    context: Context,
) -> None:
    async with running(context) as (app, pilot):
        store, front = context.casebook.store, app.screen
        assert isinstance(store, MemoryStore)
        assert isinstance(front, DeskScreen)

        async def shows(kind: type[object]) -> None:
            while not isinstance(app.screen, kind):
                await pilot.pause()

        store._read_only = msg("closed for now")
        await front._watch.look()
        assert "closed for now" in drawn(app)
        store._read_only = None
        await front._watch.look()
        assert "closed for now" not in drawn(app)

        case = await choose(pilot, NUTS)
        store.gone = Gone(msg("The file is gone."))
        look = front.run_worker(front._watch.look())
        await shows(Confirm)
        assert "The file is gone." in drawn(app)
        await pilot.press("enter")  # the answer that changes nothing
        await look.wait()
        await front._watch.look()
        assert not isinstance(app.screen, Confirm), "it is asked once"

        await pilot.press("l")
        await shows(ContactForm)
        form = app.screen
        assert isinstance(form, ContactForm)
        form.field("said").value = "刚刚说的话"
        for answer, kind in (("enter", ContactForm), ("2", DeskScreen)):
            await pilot.press("ctrl+s")
            await shows(Confirm)
            await pilot.press(answer)
            await shows(kind)
            assert (form.is_running, form.is_running and form.value("said")) in ((True, "刚刚说的话"), (False, False))
        await app.workers.wait_for_complete()
        assert [contact.summary for contact in store.cases()[case.id].contacts][-1] == "刚刚说的话"
