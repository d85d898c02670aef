"""The brief: all that one needs in view before a call or chat, on one page over the screen it was opened from."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from pddtui.domain.threads import Thread
from pddtui.errors import NotFound
from pddtui.services.brief import Addressee, BriefRow, addressee_through, addressees, brief
from pddtui.ui import show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.show import Tone
from pddtui.ui.widgets.brief import brief_lines, brief_text
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import ReadingPane

__all__ = ["BriefScreen"]

BRIEF_WIDTHS = [(0, "-narrow"), (60, "-wide")]
BRIEF_HEIGHTS = [(0, "-low"), (30, "-high")]


class BriefScreen(ModalScreen[str | None], ActionScreen[str | None]):
    """Gives back the channel through which a call begins now; None where none does."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "brief"
    HORIZONTAL_BREAKPOINTS = BRIEF_WIDTHS
    VERTICAL_BREAKPOINTS = BRIEF_HEIGHTS

    def __init__(
        self, context: Context, case_id: str, *, first: Thread | None = None, channel: str | None = None
    ) -> None:
        """It begins with the addressee of `first`; with `channel`, during a call, it is about that one alone."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._case_id = case_id
        self._first = first
        self._during = channel
        self._at = 0
        self._look_up()
        self._title = Static(classes="page--title")
        self._pane = ReadingPane(self._look)

    def _look_up(self) -> None:
        casebook = self.context.casebook
        self._entry = casebook.attention(casebook.case(self._case_id), casebook.now())
        if self._during is not None:
            self._to: tuple[Addressee, ...] = (addressee_through(self._entry, self._during),)
        else:
            self._to = addressees(self._entry, self._first)
        self._at = min(self._at, len(self._to) - 1)
        self._rows: tuple[BriefRow, ...] = brief(self._entry, self._to[self._at], self.context.handbook)

    def compose(self) -> ComposeResult:
        with Vertical(id="brief"):
            yield self._title
            yield self._pane
            yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._say()

    def met(self, need: Need) -> bool:
        """Whether there are several to speak with."""
        return need is not Need.ADDRESSEE or len(self._to) > 1

    def clock_moved(self, now: datetime) -> None:  # noqa: ARG002 -- the case looks at the clock
        self._again()

    def take_in(self, changed: frozenset[str]) -> None:
        if self._case_id in changed:
            self._again()

    def _again(self) -> None:
        before = self._rows
        try:
            self._look_up()
        except NotFound:
            self.dismiss(None)
            return
        if self._rows != before:
            self._say()

    def _say(self) -> None:
        speech, case = self.speech, self._entry.case
        count = f"{self._at + 1}/{len(self._to)}  " if len(self._to) > 1 else ""
        self._title.update(
            show.line(
                (speech("Brief") + "  ", Tone.ACCENT),
                (count, Tone.QUIET),
                (case.ref + "  ", Tone.QUIET),
                (case.title, Tone.STRONG),
            )
        )
        self._pane.renew()
        self.refresh_bindings()

    def _look(self, cells: int) -> list[Content]:
        return [line for lines in brief_lines(self._rows, cells, self.speech) for line in lines]

    def action_other(self) -> None:
        self._at = (self._at + 1) % len(self._to)
        self._look_up()
        self._say()
        self._pane.action_to(0)

    def action_copy(self) -> None:
        case = self._entry.case
        self.app.copy_to_clipboard(brief_text(f"{case.ref}  {case.title}", self._rows, self.speech))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """During a call no other one begins."""
        return False if action == "do" and self._during is not None else super().check_action(action, parameters)

    def action_do(self, action_id: str) -> None:  # noqa: ARG002 -- there is one deed here: to call
        self.dismiss(self._to[self._at].channel or "")

    def action_back(self) -> None:
        self.dismiss(None)
