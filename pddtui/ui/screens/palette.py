"""The command palette: type part of a command or of a case, Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from pddtui.ui import sheets, show
from pddtui.ui.commands import Command, cases, commands, fitting
from pddtui.ui.context import Context
from pddtui.ui.keys import bindings
from pddtui.ui.page_keys import BACK
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.lines import LineList, Row
from pddtui.ui.widgets.viewport import distinct

__all__ = ["Palette"]

Result = TypeVar("Result")

_MOVES = {"down": 1, "up": -1}
_PAGES = {"pagedown": 1, "pageup": -1}


class Palette(ModalScreen[None]):
    """A window over the screen whose commands it offers."""

    CSS_PATH = sheets.REST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((BACK,))]

    def __init__(self, context: Context, screen: Screen[Result], open_case: Callable[[str], None]) -> None:
        """`open_case` goes to the case with that id."""
        super().__init__()
        self._commands = list(commands(context, screen))
        self._cases = list(cases(context, open_case))
        self.context = context
        self._found: dict[str, Command] = {}
        self._line = LineField(placeholder=context.speech("a command, or part of a case"))
        self._line.before_key = self._before_key
        nothing = show.plain(context.speech("Nothing fits."), Tone.QUIET)
        self._list = LineList(self._look, empty=nothing, open_on_click=True, id="found")
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._line
            yield self._list

    def on_mount(self) -> None:
        self._line.focus()
        self._fill("")

    def action_back(self) -> None:
        self.dismiss(None)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.action_open()

    @on(LineList.Opened)
    def _chosen(self, event: LineList.Opened) -> None:
        event.stop()
        command = self._found[event.key]
        self.dismiss(None)
        self.app.call_later(command.run)

    def _fill(self, text: str) -> None:
        self._found = distinct((command.key, command) for command in fitting(text, self._commands, self._cases))
        rows = [Row(key, stamp=command) for key, command in self._found.items()]
        self._list.set_rows(rows, cursor=rows[0].key if rows else None)

    def _before_key(self, key: str) -> bool:
        if key in _MOVES:
            self._list.action_move(_MOVES[key])
        elif key in _PAGES:
            self._list.action_page(_PAGES[key])
        else:
            return False
        return True

    def _look(self, key: str, cells: int) -> Sequence[Content]:
        command = self._found[key]
        room = max(1, cells - show.width(command.keys) - 1)
        head = show.one_row(show.line((command.word, Tone.STRONG)), room)
        return show.line(head, " ", (command.keys, Tone.ACCENT)), show.line((command.note, Tone.QUIET))
