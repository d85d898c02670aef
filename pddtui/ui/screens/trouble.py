"""Shown instead of the desk when the file cannot be opened: what is wrong, what can be done, and two keys.

Nothing is changed from here: a damaged file is only repaired by `pddtui recover`, with consent.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from pddtui.errors import Busy, CannotWrite, Damaged, PddError
from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.keys import bindings
from pddtui.ui.page_keys import RETRY, shared
from pddtui.ui.show import Tone
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.reading import Reading

__all__ = ["Choice", "TroubleScreen", "advice"]

Choice = Literal["retry", "quit"]


def advice(error: PddError) -> Message:
    """What can be done about it, in one sentence."""
    match error:
        case Damaged():
            return msg(
                "Nothing was changed. Run “pddtui doctor” to see what is wrong and “pddtui recover” to repair it."
            )
        case Busy():
            return msg("Another window is saving or hangs. Close it or wait a moment, then try again.")
        case CannotWrite():
            return msg("Make room, or give yourself the right to write there, then try again.")
    return msg("Put it right, then try again.")


class TroubleScreen(Screen[Choice]):
    """Gives back what the person chose."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings((RETRY, *shared("program.quit")))]

    def __init__(self, speech: Speech, error: PddError, file: Path) -> None:
        super().__init__()
        self._speech = speech
        self._error = error
        self._file = file

    def compose(self) -> ComposeResult:
        title = self._speech("The cases cannot be shown")
        yield Static(show.line(("! ", Tone.RED), (title, Tone.STRONG)), classes="page--title")
        yield Reading(self._look)
        yield KeyLine(self._speech)

    def action_retry(self) -> None:
        self.dismiss("retry")

    def action_quit(self) -> None:
        self.dismiss("quit")

    def _look(self, cells: int) -> list[Content]:
        speech = self._speech
        return [
            *show.wrap(show.plain(speech.say(self._error.message)), cells),
            Content(""),
            *show.wrap(show.plain(speech.say(advice(self._error)), Tone.ACCENT), cells),
            Content(""),
            *show.wrap(show.plain(str(self._file), Tone.QUIET), cells),
        ]
