"""Every key that works on the screen underneath, made from the bindings in force, so that it cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, TypeVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from pddtui.message import Message, msg
from pddtui.ui import show, themes
from pddtui.ui.actions import GROUPS, Group, Key, bindings
from pddtui.ui.bindings import InForce, in_force, key_name
from pddtui.ui.context import Context
from pddtui.ui.page_actions import CLOSE_HELP, known, shared
from pddtui.ui.show import Tone
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["HelpScreen"]

Result = TypeVar("Result")

KEYS, WORD = 18, 16
"""Cells of the columns for the keys and the word; what is narrower than `WIDE` puts the sentence under them."""
WIDE = 72

MOVES: dict[str, Message] = {
    "list.down": msg("One row down."),
    "list.up": msg("One row up."),
    "list.page-down": msg("A page down."),
    "list.page-up": msg("A page up."),
    "list.half-down": msg("Half a page down."),
    "list.half-up": msg("Half a page up."),
    "list.first": msg("To the first row."),
    "list.last": msg("To the last row."),
    "list.open": msg("Open the selected row."),
}
"""What the keys of a list do; they have no word in the last line."""


class _Help(Struct, frozen=True):
    """One command as help shows it."""

    keys: str
    word: str
    tip: str
    enabled: bool

    def has(self, text: str) -> bool:
        return text.casefold() in f"{self.keys} {self.word} {self.tip}".casefold()


class HelpScreen(Screen[None]):
    """Take it before it is pushed: it asks the given screen what can be done there now."""

    CSS_PATH = themes.REST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((CLOSE_HELP, *shared("view.filter")))]

    def __init__(self, context: Context, screen: Screen[Result]) -> None:
        super().__init__()
        self.context = context
        self._groups = dict(self._grouped([command for command in in_force(screen) if command.enabled]))
        self._shown: dict[str, str | _Help] = {}
        self._filter = FilterBar(placeholder=context.speech("part of a word or a key"))
        self._list = LineList(self._look, empty=show.plain(context.speech("No key fits."), Tone.QUIET), id="keys")

    def compose(self) -> ComposeResult:
        yield Static(show.line((self.context.speech("Keys that work here"), Tone.STRONG)), classes="page--title")
        yield self._filter
        yield self._list
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._fill("")
        self._list.focus()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_filter(self) -> None:
        self._filter.open()

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        self._fill(event.text)

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._list.focus()

    def _fill(self, text: str) -> None:
        pairs: list[tuple[str, str | _Help]] = []
        for title, helps in self._groups.items():
            members = [(each.word + each.keys, each) for each in helps if each.has(text)]
            pairs += [(title, title), *members] if members else []
        self._shown = distinct(pairs)
        self._list.set_rows([Row(key, stamp=each, heading=isinstance(each, str)) for key, each in self._shown.items()])

    def _grouped(self, commands: Sequence[InForce]) -> Iterator[tuple[str, list[_Help]]]:
        """The commands under the titles of their groups; those of a form stand together, moves in lists come last."""
        speech, table = self.context.speech, known()
        left = [command for command in commands if command.binding.id is not None]
        for group, title in GROUPS.items():
            members = [each for each in left if _group(each.id, table) == group]
            if members:
                yield speech.say(title), [self._help(each) for each in members]
        moves = [each for each in left if each.id in MOVES]
        others = [
            each for each in left if _group(each.id, table) is None and each.id not in MOVES and each.binding.tooltip
        ]
        if others:
            yield speech("In this form"), [self._help(each) for each in others]
        if moves:
            yield speech("In lists"), [self._help(each) for each in moves]

    def _help(self, command: InForce) -> _Help:
        speech, binding = self.context.speech, command.binding
        keys = "  ".join(key_name(key, speech) for key in command.keys)
        if command.id in MOVES:
            return _Help(keys, "", speech.say(MOVES[command.id]), command.enabled)
        return _Help(keys, speech.say(binding.description), speech.say(binding.tooltip), command.enabled)

    def _look(self, key: str, cells: int) -> Sequence[Content]:
        each = self._shown[key]
        if isinstance(each, str):
            return [show.plain(each)] if each == next(iter(self._groups)) else [Content(""), show.plain(each)]
        column = min(KEYS, cells // 3)
        keys = (show.pad(each.keys, column), Tone.ACCENT if each.enabled else Tone.QUIET)
        tone = Tone.PLAIN if each.enabled else Tone.QUIET
        if not each.word:
            return [show.line(keys, (each.tip, tone))]
        if cells < WIDE:
            under = show.wrap(show.plain(each.tip, Tone.QUIET), cells - column)
            return [show.line(keys, (each.word, tone)), *(show.line(" " * column, line) for line in under)]
        first, *rest = show.wrap(show.plain(each.tip, Tone.QUIET), cells - column - WORD)
        head = show.line(keys, (show.pad(each.word, WORD), tone), first)
        return [head, *(show.line(" " * (column + WORD), line) for line in rest)]


def _group(command_id: str, table: Mapping[str, Key]) -> Group | None:
    """Where a command stands; the numbered sections of a page are views."""
    if command_id.startswith("page.section-"):
        return "view"
    return table[command_id].group if command_id in table else None
