"""Every key of the screen underneath, made from the bindings in force, so that it cannot be out of date. Enter does it.

What cannot be done now is named with the reason, so that every name for the settings is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult, ReturnType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from pddtui.ui import show, themes
from pddtui.ui.actions import ACTION_GROUPS, BY_ID, Place
from pddtui.ui.bindings import ActionScreen, ActiveBinding, active_bindings, key_name, run_binding
from pddtui.ui.context import Context
from pddtui.ui.show import Tone
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["HelpScreen"]


KEYS, WORD = 18, 18
"""Cells of the columns for the keys and the word; what is narrower than `WIDE` puts the sentence under them."""
WIDE = 72


class _Help(Struct, frozen=True, kw_only=True):
    """One action as help shows it."""

    id: str
    keys: str
    word: str
    tip: str
    why_not: str
    """Why it cannot be done now; "" when it can."""

    def has(self, text: str) -> bool:
        return text.casefold() in f"{self.keys} {self.word} {self.tip} {self.id}".casefold()


class HelpScreen(ActionScreen[None]):
    """Take it before it is pushed: it asks the given screen what can be done there now."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "help"

    def __init__(self, context: Context, screen: Screen[ReturnType]) -> None:
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._commands = {each.id: each for each in active_bindings(screen) if each.id in BY_ID}
        self._groups = dict(self._grouped(screen))
        self._shown: dict[str, str | _Help] = {}
        self._filter = FilterBar(placeholder=context.speech("part of a word or a key"))
        self._list = LineList(self._look, empty=show.plain(context.speech("No key matches."), Tone.QUIET), id="keys")

    def compose(self) -> ComposeResult:
        title = (self.speech("Keys of this screen"), Tone.STRONG)
        about = (self.speech("each with its name for keys: in the settings"), Tone.QUIET)
        yield Static(show.line(title, "  ", about), classes="page--title")
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

    @on(LineList.Opened)
    def _opened(self, event: LineList.Opened) -> None:
        """Do on the screen below what the key would do, or say why that cannot be done."""
        event.stop()
        each = self._shown[event.key]
        if isinstance(each, str):
            return
        if each.why_not:
            self.decline(each.why_not)
            return
        self.dismiss(None)
        self.app.call_later(run_binding, self.app, self._commands[each.id])

    def _fill(self, text: str) -> None:
        pairs: list[tuple[str, str | _Help]] = []
        for title, helps in self._groups.items():
            members = [(each.id, each) for each in helps if each.has(text)]
            pairs += [(title, title), *members] if members else []
        self._shown = distinct(pairs)
        self._list.set_rows([Row(key, stamp=each, heading=isinstance(each, str)) for key, each in self._shown.items()])

    def _grouped(self, screen: Screen[ReturnType]) -> Iterator[tuple[str, list[_Help]]]:
        """The actions under the titles of their groups."""
        for group, title in ACTION_GROUPS.items():
            members = [self._help(each, screen) for each in self._commands.values() if BY_ID[each.id].group == group]
            if members:
                yield self.speech.say(title), members

    def _help(self, command: ActiveBinding, screen: Screen[ReturnType]) -> _Help:
        speech, action = self.speech, BY_ID[command.id]
        reason = screen.why_not(action) if isinstance(screen, ActionScreen) and not command.enabled else None
        return _Help(
            id=action.id,
            keys="  ".join(key_name(key, speech) for key in command.keys),
            word=speech.say(action.word),
            tip=speech.say(action.tip),
            why_not=speech.say(reason) if reason is not None else "",
        )

    def _look(self, key: str, cells: int) -> Sequence[Content]:
        each = self._shown[key]
        if isinstance(each, str):
            return [show.plain(each)] if each == next(iter(self._groups)) else [Content(""), show.plain(each)]
        column = min(KEYS, cells // 3)
        keys = (show.pad(each.keys, column), Tone.QUIET if each.why_not else Tone.ACCENT)
        word = (show.pad(each.word, WORD), Tone.QUIET if each.why_not else Tone.PLAIN)
        why_not = (f"✗ {each.why_not}" if each.why_not else "", Tone.AMBER)
        about = show.join("  ", [(each.tip, Tone.QUIET), why_not, (each.id, Tone.QUIET)])
        if cells < WIDE:
            under = show.wrap(about, cells - column)
            return [show.line(keys, word), *(show.line(" " * column, line) for line in under)]
        first, *rest = show.wrap(about, cells - column - WORD)
        return [show.line(keys, word, first), *(show.line(" " * (column + WORD), line) for line in rest)]
