"""Nothing but a text on the whole screen: to be read, or marked with the mouse where no clipboard is reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen

from pddtui.ui import sheets, show
from pddtui.ui.keys import bindings
from pddtui.ui.letter_keys import CLOSE_PLAIN
from pddtui.ui.widgets.reading import Reading

__all__ = ["PlainScreen"]


class PlainScreen(Screen[None]):
    """No frame, no keys, no colour: a line on the screen is a line of the text, or the next part of a long one."""

    CSS_PATH = sheets.REST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((CLOSE_PLAIN,))]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Reading(self._look)

    def action_back(self) -> None:
        self.dismiss(None)

    def _look(self, cells: int) -> Sequence[Content]:
        return show.wrap(self._text.rstrip("\n"), cells)
