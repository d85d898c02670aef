"""Why a flag or a date: the sentences behind it, scrollable, and to be copied as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from pddtui.message import Words
from pddtui.ui import show, themes
from pddtui.ui.actions import Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.show import Tone
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import ReadingPane

__all__ = ["WhyScreen"]

DOUBT = "?"
"""What a sentence begins with that says how something is not sure."""


class WhyScreen(ModalScreen[None], ActionScreen[None]):
    """A window over the screen it explains."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "why"

    def __init__(
        self,
        context: Context,
        title: str,
        lines: Sequence[Words],
        again: Callable[[], Sequence[Words]] | None = None,
        *,
        head: str | None = None,
    ) -> None:
        """`again` says what there is to say at a later time; `head` stands before the title instead of “Why”."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._title = title
        self._head = f"{context.speech('Why')}  " if head is None else head
        self._again = again
        self._sentences = [context.speech.render(line) for line in lines]
        self._pane = ReadingPane(self._look)

    def compose(self) -> ComposeResult:
        with Vertical(id="why"):
            yield Static(show.line((self._head, Tone.ACCENT), (self._title, Tone.STRONG)),
                         classes="page--title")  # fmt: skip
            yield self._pane
            yield KeyLine(self.context)

    def clock_moved(self, now: datetime) -> None:  # noqa: ARG002 -- the sentences look at the clock
        self._say_again()

    def take_in(self, changed: frozenset[str]) -> None:  # noqa: ARG002 -- it may be this case or not
        self._say_again()

    def _say_again(self) -> None:
        """What is not flagged any more stays explained as it was."""
        lines = self._again() if self._again is not None else ()
        sentences = [self.speech.render(line) for line in lines]
        if sentences and sentences != self._sentences:
            self._sentences = sentences
            self._pane.renew()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n".join([self._title, *self._sentences]))

    def _look(self, cells: int) -> list[Content]:
        lines: list[Content] = []
        for number, sentence in enumerate(self._sentences):
            if not sentence:
                lines.append(show.plain(""))
                continue
            last = number == len(self._sentences) - 1
            tone = Tone.AMBER if sentence.startswith(DOUBT) else Tone.ACCENT if last and number else Tone.PLAIN
            first, *rest = show.wrap(show.plain(sentence, tone), cells - 2)
            lines.append(show.line(("· ", Tone.FAINT), first))
            lines += [show.line("  ", line) for line in rest]
        return lines
