"""No text of others acts: it is drawn as it reads, in every widget of ours, and typed into every field."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import Paste
from textual.widget import Widget
from textual.widgets import DataTable, Static

from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field, Suggest, Suggestion, TextBox
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row
from tests.ui.apps import Bench
from tests.ui.hostile import HOSTILE, offences


def in_everything(text: str) -> list[Widget]:
    table: DataTable[object] = DataTable()
    table.add_column(show.rich((text, Tone.STRONG)), width=20)
    table.add_row(show.rich(text, (text, Tone.RED)))
    return [
        Static(show.line("a ", (text, Tone.RED), show.plain(text))),
        Static(show.block(text, "\n", (text, Tone.QUIET))),
        Static(show.pad(text, 12), markup=False),
        table,
        LineList(lambda _key, width: show.wrap(show.block((text, Tone.AMBER), text), width), id="list"),
        LineList(lambda _key, _width: [], empty=show.plain(text)),
        Field(text, LineField(text, placeholder=text), hint=text, id="hint"),
        Field(text, TextBox(text, placeholder=text), id="wrong"),
        Field(text, TextBox(placeholder=text)),
        Field(text, Choice([ChoiceOption("a", text), ChoiceOption("b", text)], "a")),
        Field(text, Suggest(lambda _typed: [Suggestion("k", text, text)], text, placeholder=text), id="who"),
        FilterBar(placeholder=text),
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
async def test_a_hostile_text_is_nothing_but_text_in_every_widget(text: str) -> None:
    app = Bench(lambda: in_everything(text))
    async with app.run_test(size=(60, 90)) as pilot:
        app.query_one("#list", LineList).set_rows([Row("a"), Row(text or "b"), Row("H", heading=True)])
        app.query_one("#wrong", Field).error = text
        bar = app.query_one(FilterBar)
        bar.open(text)
        bar.found(text)
        await pilot.pause()
        assert offences(app) == []
        bar.wrong(text, len(text) // 2)
        await pilot.pause()
        who = app.query_one("#who", Field)
        who.focus()
        await pilot.press("x")
        app.post_message(Paste(text))
        await pilot.pause()
        assert app.query_one(Suggest).is_open
        assert offences(app) == []


@pytest.mark.parametrize(
    "content",
    [
        Content.from_markup("[@click=app.quit]x[/]"),
        Content.from_markup("[link='https://example.invalid']x[/]"),
        Content("\x1b[31m", strip_control_codes=False),
        Content("a\u202eb"),
    ],
)
async def test_the_walk_finds_what_came_past_the_door(content: Content) -> None:
    class Careless(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(content)

    app = Careless()
    async with app.run_test():
        assert offences(app)


async def test_what_looks_like_markup_is_read_as_it_was_written() -> None:
    app = Bench(lambda: [Static(show.line("[@click=app.quit]x[/]", ("[b]", Tone.RED)), id="it")])
    async with app.run_test():
        assert str(app.query_one("#it", Static).content) == "[@click=app.quit]x[/][b]"
