"""Short questions over a screen: one sentence and a few answers, the safe one under the cursor.

An answer is given with arrows and Enter, with its first letter, or with the mouse; Escape is the safe one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from pddtui.ui import show, themes
from pddtui.ui.bindings import bindings, half_width
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import ChoiceOption

__all__ = ["QUESTION_WIDTHS", "Answers", "Confirm", "Question"]

Answer = TypeVar("Answer")

QUESTION_WIDTHS = [(0, "-narrow"), (60, "-wide")]
"""From how many columns on a form or a question has which class."""


class Answers(Widget, can_focus=True):
    """The answers, one below the other."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("answers")

    class Given(Message):
        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, answers: Sequence[ChoiceOption], letters: Sequence[str], at: int) -> None:
        super().__init__()
        self._answers = answers
        self._letters = letters
        self._at = at
        self.styles.height = len(answers)

    def render(self) -> Content:
        rows = [
            show.line(
                ("▸ " if place == self._at else "  ", Tone.ACCENT),
                (letter, Tone.ACCENT),
                "  ",
                (answer.label, Tone.STRONG if place == self._at else Tone.PLAIN),
            )
            for place, (answer, letter) in enumerate(zip(self._answers, self._letters, strict=True))
        ]
        return Content("\n").join([show.one_row(row, self.size.width) for row in rows])

    def on_key(self, event: events.Key) -> None:
        letter = (half_width(event) or event).key
        if letter in self._letters:
            event.stop()
            self.post_message(self.Given(self._answers[self._letters.index(letter)].key))

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self._answers):
            self.post_message(self.Given(self._answers[event.y].key))

    def action_move(self, step: int) -> None:
        self._at = (self._at + step) % len(self._answers)
        self.refresh()

    def action_give(self) -> None:
        self.post_message(self.Given(self._answers[self._at].key))


class _Asking(ModalScreen[Answer]):
    """One sentence, what belongs to it, and the answers."""

    CSS_PATH = themes.OTHER_SHEETS
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = bindings("question")

    def __init__(self, question: str, answers: Sequence[ChoiceOption], letters: str, safe: str, detail: str) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._safe = safe
        at = next(place for place, answer in enumerate(answers) if answer.key == safe)
        self._answers = Answers(answers, letters, at)

    def meant(self, key: str) -> Answer:
        """What an answer gives back."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes="question--sheet"):
            yield Static(show.plain(self._question, Tone.STRONG), classes="question--words")
            if self._detail:
                yield Static(show.plain(self._detail), classes="question--detail")
            yield self._answers

    def on_mount(self) -> None:
        self._answers.focus()

    def on_answers_given(self, event: Answers.Given) -> None:
        event.stop()
        self.dismiss(self.meant(event.key))

    def action_safe(self) -> None:
        self.dismiss(self.meant(self._safe))


class Question(_Asking[str]):
    """Asks, and gives back the key of the answer."""

    def __init__(
        self, question: str, answers: Sequence[ChoiceOption], *, letters: str, safe: str, detail: str = ""
    ) -> None:
        """`letters` gives each answer its letter, in order; `safe` is the answer that changes nothing."""
        super().__init__(question, answers, letters, safe, detail)

    def meant(self, key: str) -> str:
        return key


class Confirm(_Asking[bool]):
    """Yes or no. The question names the record; no is under the cursor."""

    def __init__(self, question: str, *, yes: str, no: str, detail: str = "") -> None:
        super().__init__(question, (ChoiceOption("no", no), ChoiceOption("yes", yes)), "ny", "no", detail)

    def meant(self, key: str) -> bool:
        return key == "yes"
