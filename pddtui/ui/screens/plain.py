"""A text and nothing else on the screen, for where the clipboard does not reach: over SSH, in tmux, in a console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from pddtui.ui import show, themes
from pddtui.ui.actions import Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.texts import ReadingPane

__all__ = ["PlainScreen"]


class PlainScreen(ActionScreen[None]):
    """The text alone, without frame, keys or colour, to be marked with the mouse. Long lines are wrapped.

    The mouse is the terminal's meanwhile, so that it marks as it does in a shell.
    """

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "plain"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield ReadingPane(self._look)

    def on_screen_resume(self) -> None:
        self._leave_mouse(True)

    def on_screen_suspend(self) -> None:
        self._leave_mouse(False)

    def on_unmount(self) -> None:
        self._leave_mouse(False)

    def _leave_mouse(self, left: bool) -> None:
        if isinstance(self.app, SteadyApp):
            self.app.leave_mouse(left)

    def action_back(self) -> None:
        self.dismiss(None)

    def _look(self, cells: int) -> Sequence[Content]:
        return show.wrap(self._text.rstrip("\n"), cells)
