"""The capture line, and how few keys it takes to record a contact with a promise: in the line, the form, a call."""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs
from textual.events import Paste

from pddtui.domain.case import Contact, Person
from pddtui.domain.duetime import FixedClock
from pddtui.services.drafts import Drafts
from pddtui.settings import Settings
from pddtui.ui.context import Context
from pddtui.ui.forms.capture import CaptureLine, Meaning
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.screens.desk import DeskScreen
from tests.ui.cases import KETTLE, NOW, SHOP, case, desk, no_cases
from tests.ui.paper import Desk, on_paper

DEAREST = 700
KEYS = {" ": "space", "：": "：", "；": "；"}


def line_of(running: Desk) -> CaptureLine:
    line = running.app.screen
    assert isinstance(line, CaptureLine), type(line)
    return line


def understood(running: Desk) -> str:
    meaning = line_of(running).query_one(Meaning)
    return "\n".join(str(content) for content in meaning._said)


async def write(running: Desk, words: str) -> None:
    running.app.post_message(Paste(words))
    await running.settle()


def newest(context: Context, ref: str) -> Contact:
    return max(case(context, ref).contacts, key=lambda contact: contact.recorded_at)


def test_a_contact_with_a_promise_is_recorded_with_two_keys_and_undone_with_one() -> None:
    async def run(running: Desk) -> None:
        on = line_ref(running)
        before = case(context, on)
        await running.press("＞")
        await write(running, "李 主管 8842: 三个工作日内退款; by Wed")
        assert "李 · 主管 · staff no. 8842" in understood(running)
        assert "promise by Wed 25 Nov" in understood(running)
        await running.press("enter")
        assert isinstance(running.app.screen, DeskScreen)
        contact = newest(context, on)
        assert contact.person == Person(name="李", role="主管", staff_no="8842")
        assert (contact.direction, contact.summary, contact.at) == ("in", "三个工作日内退款", NOW)
        (promise,) = contact.promises
        assert (promise.text, promise.due_phrase, f"{promise.due:%m-%d}") == ("三个工作日内退款", "by Wed", "11-25")
        await running.press("u")
        assert case(context, on).contacts == before.contacts

    with desk("en") as context:
        on_paper(context, run)


def line_ref(running: Desk) -> str:
    selection = running.app.screen._selection()  # type: ignore[attr-defined]
    ref: str = selection.case.ref
    return ref


def test_a_line_that_cannot_be_saved_stays_and_the_form_takes_it_up() -> None:
    async def run(running: Desk) -> None:
        on = line_ref(running)
        contacts = len(case(context, on).contacts)
        await running.press("greater_than_sign")
        await write(running, "王 8: 退款; by someday")
        await running.press("enter")
        sentence = understood(running)
        assert sentence.startswith("✗ Understood: 王 · staff no. 8, 退款. Not understood: “by someday”")
        assert line_of(running)._line.value == "王 8: 退款; by someday"
        await running.press("tab")
        form = running.app.screen
        assert isinstance(form, ContactForm)
        values = [form.value(name) for name in ("name", "role", "staff_no", "said", "promise", "due")]
        assert values == ["王", "", "8", "退款", "退款", "by someday"]
        assert not form.dirty
        form.field("due").value = "Friday"
        await running.settle()
        await running.press("ctrl+s")
        assert isinstance(running.app.screen, DeskScreen)
        assert len(case(context, on).contacts) == contacts + 1
        assert f"{newest(context, on).promises[0].due:%m-%d}" == "11-27"
        assert Drafts(context.places.drafts).pending() == []

    with desk("en") as context:
        on_paper(context, run)


def test_a_line_that_is_left_stands_there_again_with_its_moment_and_all_lines_of_a_paste() -> None:
    async def run(running: Desk) -> None:
        on = line_ref(running)
        clock = context.casebook.clock
        assert isinstance(clock, FixedClock)
        await running.press("greater_than_sign", "escape")
        assert Drafts(context.places.drafts).pending() == []
        await running.press("greater_than_sign")
        await write(running, "客服：第一行\n第二行\r\n第三行")
        assert line_of(running)._line.value == "客服：第一行⏎第二行⏎第三行"
        await running.press("escape")
        assert isinstance(running.app.screen, DeskScreen)
        assert len(Drafts(context.places.drafts).pending()) == 1
        clock.advance(timedelta(hours=2))
        await running.press("greater_than_sign")
        assert line_of(running)._line.value == "客服：第一行⏎第二行⏎第三行"
        assert "Sun 22 Nov 12:00" in understood(running)
        await running.press("enter")
        contact = newest(context, on)
        assert (contact.summary, contact.at) == ("第一行\n第二行\n第三行", NOW)
        assert Drafts(context.places.drafts).pending() == []

    with desk("en") as context:
        on_paper(context, run)


async def choose(running: Desk, ref: str) -> None:
    screen = running.app.screen
    assert isinstance(screen, DeskScreen)
    screen._choose(case(screen.context, ref).id)
    await running.settle()


def test_a_known_name_completes_itself_and_the_setting_gives_its_key_to_the_line() -> None:
    async def run(running: Desk) -> None:
        await choose(running, KETTLE)
        await running.press("l")
        await write(running, "小")
        await running.press("right")
        assert line_of(running)._line.value == "小A："
        await write(running, "已登记")
        assert "小A · 店铺客服" in understood(running)
        await running.press("enter")
        assert newest(context, KETTLE).person == Person(name="小A", role="店铺客服")

    with desk("en") as plain:
        context = structs.replace(plain, settings=Settings(log_with="line"))
        on_paper(context, run)


def test_without_a_case_the_key_says_so_and_the_form_keeps_a_line_that_it_leaves() -> None:
    async def nothing(running: Desk) -> None:
        await running.press("greater_than_sign")
        assert [note.message for note in running.app._notifications] == ["There is no case here: press n to open one."]

    with no_cases("en") as context:
        on_paper(context, nothing)

    async def run(running: Desk) -> None:
        await running.press("greater_than_sign")
        await write(running, "李：不退")
        await running.press("tab", "escape")
        assert line_of(running)._line.value == "李：不退"

    with desk("en") as context:
        on_paper(context, run)


async def recorded(running: Desk, *steps: str) -> int:
    """Do the steps, in which `=` begins words, and give the number of keys pressed."""
    keys = 0
    for step in steps:
        if step.startswith("="):
            await write(running, step[1:])
        else:
            keys += 1
            await running.press(step)
    return keys


MEASURES: dict[str, tuple[int, tuple[str, ...]]] = {
    "line": (2, ("greater_than_sign", "=小A: 已登记; promise: 退 10 元; by Wed", "enter")),
    "form": (5, ("l", "=小", "tab", "=已登记", "tab", "=退 10 元", "tab", "=by Wed", "ctrl+s")),
    "form, somebody new": (5, ("l", "=李 主管 8842", "tab", "=已登记", "tab", "=退 10 元", "tab", "=by Wed", "ctrl+s")),
    "form, a promise in the words": (3, ("l", "=小A", "tab", "=周三前退 10 元", "ctrl+s")),
    "call": (6, ("C", "=小", "tab", "tab", "=已登记", "tab", "=退 10 元", "tab", "=by Wed", "ctrl+s")),
}
"""So many control keys at most record a contact with a promise: all but the characters of the words."""


def test_a_contact_with_a_promise_takes_few_keys() -> None:
    took: dict[str, int] = {}

    async def run(running: Desk) -> None:
        for name, (_, steps) in MEASURES.items():
            await choose(running, KETTLE)
            before = len(case(context, KETTLE).contacts)
            took[name] = await recorded(running, *steps)
            while len(running.app.screen_stack) > 1:  # the sentence to confirm a call
                await running.press("escape")
            assert len(case(context, KETTLE).contacts) == before + 1, name
            contact = newest(context, KETTLE)
            person = Person(name="李", role="主管", staff_no="8842") if "new" in name else SHOP
            assert contact.person == person, name
            assert [f"{promise.due:%m-%d}" for promise in contact.promises] == ["11-25"], name
            context.casebook.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]

    with desk("en") as context:
        on_paper(context, run)
    assert {name: keys for name, keys in took.items() if keys > MEASURES[name][0]} == {}
    assert set(took) == set(MEASURES)


def test_the_line_costs_little_stays_in_its_place_and_sends_nothing_at_rest() -> None:
    """In Chinese, where a letter takes three bytes."""
    costs: list[int] = []
    rest: list[str] = []

    async def run(running: Desk) -> None:
        await running.press("greater_than_sign")
        places = set()
        for letter in "李 8：三天内退款；最晚周三 x":
            costs.append(await running.press(KEYS.get(letter, letter)))
            places.add(line_of(running).query_one(Meaning).region)
        assert len(places) == 1
        before = len(running.paper.sent)
        await running.look()
        rest.append(running.paper.sent[before:])

    with desk("zh") as context:
        on_paper(context, run)
    assert max(costs) <= DEAREST
    assert set(rest) == {""}
