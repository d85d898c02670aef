"""The command palette: every key that works here and now, every look, every case; type part of it, Enter does it.

Texts are literal and are matched by all words of the query, in any order. The palette is our own: Textual's reads
help texts as markup, tries every way a query fits into a title, and says what it says in English only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import App, ComposeResult, ReturnType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from pddtui.domain.text import fold
from pddtui.services.pinyin import fits
from pddtui.ui import show, themes
from pddtui.ui.actions import BY_ID, Place
from pddtui.ui.bindings import ActionScreen, active_bindings, key_name, run_binding
from pddtui.ui.context import Context
from pddtui.ui.show import Tone
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["Palette", "cases", "matching_commands"]


MOST_CASES = 20
"""So many cases are offered at once; one more word finds the others."""

_LOOKS = "looks"

_MOVES = {"down": 1, "up": -1}
_PAGES = {"pagedown": 1, "pageup": -1}


class PaletteCommand(Struct, frozen=True):
    """Something the palette can do."""

    key: str
    """Identifies it among the others."""
    word: str
    note: str
    """A sentence about it."""
    keys: str
    """The key that does the same."""
    run: Callable[[], Awaitable[None] | None]

    def fit(self, words: list[str]) -> int | None:
        """How well all the words fit, 0 best; None if one of them is missing."""
        name, text = fold(self.word), fold(f"{self.word} {self.note} {self.keys}")
        if not all(fits(word, text) for word in words):
            return None
        if words and name.startswith(words[0]):
            return 0
        return 1 if all(fits(word, name) for word in words) else 2


def commands(context: Context, screen: Screen[ReturnType]) -> Iterator[PaletteCommand]:
    """What can be done on the screen now, in the order of its keys, then the looks to choose from."""
    speech, app = context.speech, screen.app
    for command in active_bindings(screen):
        action = BY_ID.get(command.id)
        if action is not None and action.group != "move" and command.enabled and command.id != "program.palette":
            names = "  ".join(key_name(name, speech) for name in command.keys[:2])
            yield PaletteCommand(
                command.id, speech.say(action.word), speech.say(action.tip), names, partial(run_binding, app, command)
            )
    for theme in ("auto", *app.available_themes):
        note = speech("Screen colours, kept in the settings.")
        yield PaletteCommand(
            f"{_LOOKS}:{theme}", speech("Theme: {name}", name=theme), note, "", partial(_wear, app, theme)
        )


def cases(context: Context, open_case: Callable[[str], None]) -> Iterator[PaletteCommand]:
    """Every case that is not in the trash, newest first, to be opened with `open_case`."""
    for case in reversed(context.casebook.cases()):
        note = "  ".join(part for part in (case.ref, case.merchant, case.order.number) if part)
        yield PaletteCommand(f"case:{case.id}", case.title, note, "", partial(open_case, case.id))


def matching_commands(text: str, offered: list[PaletteCommand], listed: list[PaletteCommand]) -> list[PaletteCommand]:
    """The commands for what was typed, the best first, then at most `MOST_CASES` of the cases.

    Without a query there are the commands alone, and the looks stay out of the way.
    """
    words = fold(text).split()
    if not words:
        return [command for command in offered if not command.key.startswith(_LOOKS)]
    return [*_best(words, offered), *_best(words, listed)[:MOST_CASES]]


def _best(words: list[str], offered: list[PaletteCommand]) -> list[PaletteCommand]:
    ranked = [(rank, command) for command in offered if (rank := command.fit(words)) is not None]
    return [command for _, command in sorted(ranked, key=lambda pair: pair[0])]


async def _wear(app: App[ReturnType], theme: str) -> None:
    if isinstance(app, SteadyApp):
        await app.keep_theme(theme)
    else:
        app.theme = theme


class Palette(ModalScreen[None], ActionScreen[None]):
    """A window over the screen whose commands it offers."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "palette"

    def __init__(self, context: Context, screen: Screen[ReturnType], open_case: Callable[[str], None]) -> None:
        """`open_case` goes to the case with that id."""
        super().__init__()
        self._commands = list(commands(context, screen))
        self._cases = list(cases(context, open_case))
        self.context = context
        self._found: dict[str, PaletteCommand] = {}
        self._line = LineField(placeholder=context.speech("a command, or part of a case"))
        self._line.before_key = self._before_key
        nothing = show.plain(context.speech("Nothing matches."), Tone.QUIET)
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
        self._found = distinct(
            (command.key, command) for command in matching_commands(text, self._commands, self._cases)
        )
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
