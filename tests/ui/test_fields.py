"""What is typed arrives in its order and inert; errors and hints are words before they are colours."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from textual.app import App
from textual.events import Key, Paste
from textual.widget import Widget
from textual.widgets import Input, Static

from pddtui.message import Language
from pddtui.speech import Speech
from pddtui.ui.forms.hints import Pick, suggestions
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field, Suggest, Suggestion, TextBox
from tests.ui.apps import Bench
from tests.ui.cases import SHANGHAI, no_cases

PARTIES = (ChoiceOption("merchant", "商家"), ChoiceOption("platform", "平台"), ChoiceOption("courier", "Courier"))
NAMES = (Suggestion("p1", "王小明", "客服 · 0042"), Suggestion("p2", "王芳"), Suggestion("p3", "李娜"))


def names(typed: str) -> Sequence[Suggestion]:
    return [name for name in NAMES if typed in name.text]


def burst(app: App[None], *keys: str) -> None:
    """Keys as they come out of one read of the terminal: none waits for the last."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("entry", [LineField, TextBox])
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("b", "a", "backspace", "c"), "bc"),
        (("a", "b", "left", "c", "right", "d"), "acbd"),
        (("a", "b", "home", "c", "end", "d", "ctrl+u", "e"), "e"),
    ],
)
async def test_a_burst_of_keys_takes_effect_in_the_order_typed(
    entry: type[LineField | TextBox], keys: tuple[str, ...], text: str
) -> None:
    app = Bench(lambda: [entry(id="it")])
    async with app.run_test() as pilot:
        field = app.query_one("#it", entry)
        field.focus()
        await pilot.pause()
        burst(app, *keys)
        await pilot.pause()
        assert field.value == text


async def test_textual_still_has_the_fault_that_the_fields_cure() -> None:
    """textual#6605: when this fails, `take_in_order` can go."""
    app = Bench(lambda: [Input(id="it")])
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        await pilot.pause()
        burst(app, "b", "a", "backspace", "c")
        await pilot.pause()
        assert app.query_one(Input).value != "bc"


@pytest.mark.parametrize("entry", [LineField, TextBox])
async def test_what_is_typed_behind_a_tab_goes_to_the_next_field(entry: type[LineField | TextBox]) -> None:
    app = Bench(lambda: [entry(id="one"), entry(id="two")])
    async with app.run_test() as pilot:
        app.query_one("#one", entry).focus()
        await pilot.pause()
        burst(app, "a", "tab", "b", "backspace", "c", "shift+tab", "d")
        await pilot.pause()
        assert [app.query_one(name, entry).value for name in ("#one", "#two")] == ["ad", "c"]


async def test_what_is_typed_behind_tabs_passes_the_choices_by() -> None:
    choices = [
        Choice((ChoiceOption("a", "answer"), ChoiceOption("h", "holding")), "a", id=name) for name in ("one", "two")
    ]
    app = Bench(lambda: [LineField(id="first"), *choices, LineField(id="last")])
    async with app.run_test() as pilot:
        app.query_one("#first").focus()
        await pilot.pause()
        burst(app, "x", "tab", "tab", "tab", "h", "o", "2")
        await pilot.pause()
        assert [app.query_one(name, LineField).value for name in ("#first", "#last")] == ["x", "ho2"]
        assert [choice.value for choice in choices] == ["a", "a"]


@pytest.mark.parametrize(("entry", "kept"), [(LineField, "第一行 第二行[31m]0;x"), (TextBox, "第一行\n第二行[31m]0;x")])
async def test_a_paste_is_inert_and_whole(entry: type[LineField | TextBox], kept: str) -> None:
    app = Bench(lambda: [entry(id="it")])
    async with app.run_test() as pilot:
        field = app.query_one("#it", entry)
        field.focus()
        await pilot.pause()
        app.post_message(Paste("第一行\r\n第二行\x1b\x00[\u202e31m\x1b]0;x\x07"))
        await pilot.pause()
        assert field.value == kept


@pytest.mark.parametrize("entry", [LineField, TextBox])
async def test_the_clipboard_and_the_program_bring_nothing_live(entry: type[LineField | TextBox]) -> None:
    app = Bench(lambda: [entry("a\x1b[31mb", id="it")])
    async with app.run_test() as pilot:
        field = app.query_one("#it", entry)
        assert field.value == "ab"
        field.value = "x\x90y\ud800"
        assert field.value == "xy\ufffd"
        app.copy_to_clipboard("1\u202e2")
        field.focus()
        await pilot.press("end", "ctrl+v")
        assert field.value == "xy\ufffd12"


async def test_a_field_shows_its_hint_and_instead_of_it_what_is_wrong_until_it_is_changed() -> None:
    app = Bench(lambda: [Field("到期", LineField(), hint="3个工作日内 → 11-25", id="due")], Field.Changed)
    async with app.run_test(message_hook=app.hear) as pilot:
        field = app.query_one("#due", Field)
        note = field.query_one(".field--note", Static)
        assert str(note.content) == "3个工作日内 → 11-25"
        field.error = "没有这一天 [b]"
        await pilot.pause()
        assert str(note.content) == "✗ 没有这一天 [b]"
        assert field.has_class("-wrong")
        field.focus()
        await pilot.press("x")
        assert str(note.content) == "3个工作日内 → 11-25"
        assert app.of(Field.Changed)[-1].value == "x"
        field.hint = ""
        await pilot.pause()
        assert note.size.height == 1, "while something is typed nothing moves"
        app.set_focus(None)
        await pilot.pause()
        assert not note.display


async def test_an_error_survives_the_echo_of_what_was_typed_just_before_it() -> None:
    app = Bench(lambda: [Field("标题", LineField(), id="title")])
    async with app.run_test() as pilot:
        field = app.query_one("#title", Field)
        field.value = "typed"
        field.error = "refused"
        await pilot.pause()
        assert field.error == "refused"


async def test_enter_submits_a_line_and_is_a_newline_in_a_text() -> None:
    app = Bench(lambda: [Field("a", LineField(), id="line"), Field("b", TextBox(), id="text")], Field.Submitted)
    async with app.run_test(message_hook=app.hear) as pilot:
        app.query_one("#line", Field).focus()
        await pilot.press("enter", "tab", "a", "enter", "b")
        assert [message.field.id for message in app.of(Field.Submitted)] == ["line"]
        assert app.query_one("#text", Field).value == "a\nb"


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("right", "merchant"), ("left", "courier"), ("right right", "platform"), ("right left", "courier"),
        ("end", "courier"), ("end home", "merchant"), ("c", "courier"), ("2", "platform"), ("z", ""), ("9", ""),
        ("end space", "merchant"), ("平", "platform"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", [60, 12])
async def test_a_choice_is_made_with_arrows_letters_and_digits(keys: str, value: str, width: int) -> None:
    app = Bench(lambda: [Choice(PARTIES, id="party")], Choice.Changed)
    async with app.run_test(size=(width, 5), message_hook=app.hear) as pilot:
        choice = app.query_one(Choice)
        choice.focus()
        await pilot.press(*keys.split())
        assert choice.value == value
        assert [message.value for message in app.of(Choice.Changed)][-1:] == ([value] if value else [])


async def test_a_choice_shows_all_or_where_it_stands_and_takes_clicks() -> None:
    app = Bench(lambda: [Choice(PARTIES, "platform", id="party")])
    async with app.run_test(size=(60, 5)) as pilot:
        choice = app.query_one(Choice)
        assert str(choice.render()) == "○ 商家  ● 平台  ○ Courier"
        await pilot.click(choice, offset=(2, 0))
        assert choice.value == "merchant"
        await pilot.click(choice, offset=(20, 0))
        assert choice.value == "courier"
        await pilot.resize_terminal(16, 5)
        assert str(choice.render()) == "◂ Couri… ▸ 3/3"
        await pilot.click(choice, offset=(2, 0))
        assert choice.value == "merchant"
        choice.set_options(PARTIES[1:])
        assert choice.value == ""


def suggest() -> list[Widget]:
    return [Suggest(names, id="who"), LineField(id="next")]


async def test_a_suggestion_is_taken_with_down_and_enter_or_tab() -> None:
    for accept in ("enter", "tab"):
        app = Bench(suggest, Suggest.Chosen)
        async with app.run_test(message_hook=app.hear) as pilot:
            who = app.query_one(Suggest)
            who.focus()
            await pilot.press("王", "down", "down", accept)
            assert (who.value, who.is_open) == ("王芳", False)
            assert [message.key for message in app.of(Suggest.Chosen)] == ["p2"]
            assert app.focused is who.line


async def test_what_was_typed_is_kept_when_nothing_was_chosen() -> None:
    app = Bench(suggest, Suggest.Chosen, Input.Submitted)
    async with app.run_test(message_hook=app.hear) as pilot:
        who = app.query_one(Suggest)
        who.focus()
        await pilot.press("王", "down", "up", "tab")
        assert (who.value, who.is_open) == ("王", False)
        assert app.focused is app.query_one("#next")
        assert not app.of(Suggest.Chosen)


async def test_escape_closes_only_the_suggestions() -> None:
    app = Bench(suggest)
    async with app.run_test() as pilot:
        who = app.query_one(Suggest)
        who.focus()
        await pilot.press("王")
        assert who.is_open
        assert [row.key for row in who.list.rows] == ["", "p1", "p2"]
        await pilot.press("escape")
        assert (who.value, who.is_open, app.focused) == ("王", False, who.line)


async def test_suggestions_come_late_in_the_right_order_and_never_for_an_older_text() -> None:
    gates = {"王": asyncio.Event(), "王小": asyncio.Event()}

    async def later(typed: str) -> Sequence[Suggestion]:
        await gates[typed].wait()
        return names(typed)

    app = Bench(lambda: [Suggest(later, id="who")])
    async with app.run_test() as pilot:
        who = app.query_one(Suggest)
        who.focus()
        await pilot.press("王", "小")
        gates["王"].set()
        await pilot.pause()
        assert not who.is_open
        gates["王小"].set()
        await pilot.pause()
        assert [row.key for row in who.list.rows] == ["", "p1"]


async def test_a_click_takes_a_suggestion() -> None:
    app = Bench(suggest, Suggest.Chosen)
    async with app.run_test(message_hook=app.hear) as pilot:
        who = app.query_one(Suggest)
        who.focus()
        await pilot.press("王")
        await pilot.click(who.list, offset=(3, 1))
        assert [message.key for message in app.of(Suggest.Chosen)] == ["p1"]
        assert app.focused is who.line


async def test_setting_the_value_and_leaving_open_no_suggestions() -> None:
    app = Bench(suggest)
    async with app.run_test() as pilot:
        who = app.query_one(Suggest)
        who.focus()
        who.value = "王"
        await pilot.pause()
        states = [who.is_open]
        await pilot.press("小")
        states.append(who.is_open)
        app.query_one("#next").focus()
        await pilot.pause()
        assert [*states, who.is_open] == [False, True, False]


async def test_down_typed_right_behind_a_backspace_keeps_the_list_that_it_opened() -> None:
    """The news of what the backspace did arrives after the list is open."""
    for value, keys, offered in (("王", ("backspace", "down"), ""), ("王芳", ("backspace", "down"), "王")):
        app = Bench(lambda: [Pick(NAMES)])
        async with app.run_test() as pilot:
            who = app.query_one(Pick)
            who.focus()
            who.value = value
            who.line.cursor_position = len(value)
            await pilot.pause()
            burst(app, *keys)
            await pilot.pause()
            assert (who.value, who.is_open, len(who.list.rows)) == (offered, True, 1 + len(NAMES))
            burst(app, "down", "enter")
            await pilot.pause()
            assert who.value == NAMES[0].text


@pytest.mark.parametrize(("language", "shown"), [("zh", ("运输破损", "")), ("en", ("damaged in transit", "运输破损"))])
def test_a_chinese_list_has_no_english_gloss_and_is_found_by_it_all_the_same(
    language: Language, shown: tuple[str, str]
) -> None:
    with no_cases(language) as context:
        offers = suggestions(Speech(language, SHANGHAI, year=2026), context.handbook.problems)
    found = next(offer for offer in offers if offer.key == "damaged")
    assert (found.text, found.note) == shown
    for typed in ("破损", "damaged in", "ysps"):
        assert found in Pick(offers)._matching(typed)
