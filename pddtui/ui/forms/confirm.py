"""Short questions over a screen: one sentence and a few answers, the safe one under the cursor.

An answer is given with arrows and Enter, with its number, with the first letter of its word, or with the mouse;
Escape is the safe one.
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
from pddtui.ui.thrift import ShapedScreen
from pddtui.ui.widgets.fields import ChoiceOption

__all__ = ["QUESTION_WIDTHS", "Answers", "Confirm", "Question"]

Answer = TypeVar("Answer")

QUESTION_WIDTHS = [(0, "-narrow"), (60, "-wide")]
"""From how many columns on a form or a question has which class."""


NUMBERS = "123456789abcdefghijklmnopqrstuvw"
"""What stands before answers that are not told apart by their first letter; it limits how many there can be."""


class Answers(Widget, can_focus=True):
    """The answers, one below the other."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("answers")

    class Given(Message):
        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, answers: Sequence[ChoiceOption], at: int, letters: Sequence[str], signs: Sequence[str]) -> None:
        """`signs` stand before the answers; without them the first letters of the words do, else numbers.

        `letters` are taken for the answers in their order as well, though they are not shown.
        """
        super().__init__()
        self._answers = answers
        numbers = list(NUMBERS[: len(answers)])
        firsts = [answer.label[:1].lower() for answer in answers]
        lettered = len(set(firsts)) == len(firsts) and all(it.isascii() and it.isalpha() for it in firsts)
        self._signs = list(signs) or (firsts if lettered else numbers)
        keys = [answer.key for answer in answers]
        self._keys: dict[str, str] = {}
        for names in (letters, numbers, self._signs):  # what is shown goes before what is only taken
            self._keys.update(zip(names, keys, strict=False))
        self._at = at
        self.styles.height = len(answers)

    def render(self) -> Content:
        rows = [
            show.line(
                ("▸ " if place == self._at else "  ", Tone.ACCENT),
                (sign, Tone.ACCENT),
                "  ",
                (answer.label, Tone.STRONG if place == self._at else Tone.PLAIN),
            )
            for place, (answer, sign) in enumerate(zip(self._answers, self._signs, strict=True))
        ]
        return Content("\n").join([show.one_row(row, self.size.width) for row in rows])

    def on_key(self, event: events.Key) -> None:
        meant = self._keys.get((half_width(event) or event).key)
        if meant is not None:
            event.stop()
            self.post_message(self.Given(meant))

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self._answers):
            self.post_message(self.Given(self._answers[event.y].key))

    def action_move(self, step: int) -> None:
        self._at = (self._at + step) % len(self._answers)
        self.refresh()

    def action_give(self) -> None:
        self.post_message(self.Given(self._answers[self._at].key))


class _Asking(ModalScreen[Answer], ShapedScreen[Answer]):
    """One sentence, what belongs to it, and the answers."""

    CSS_PATH = themes.OTHER_SHEETS
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = bindings("question")

    def __init__(
        self, question: str, answers: Sequence[ChoiceOption], *, safe: str, detail: str, letters: str, signs: str
    ) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._safe = safe
        at = next(place for place, answer in enumerate(answers) if answer.key == safe)
        self._answers = Answers(answers, at, letters, signs)

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
        self,
        question: str,
        answers: Sequence[ChoiceOption],
        *,
        safe: str,
        detail: str = "",
        letters: str = "",
        signs: str = "",
    ) -> None:
        """`safe` is the answer that changes nothing; `letters` and `signs` are those of `Answers`."""
        super().__init__(question, answers, safe=safe, detail=detail, letters=letters, signs=signs)

    def meant(self, key: str) -> str:
        return key


class Confirm(_Asking[bool]):
    """Yes or no. The question names the record; no is under the cursor."""

    def __init__(self, question: str, *, yes: str, no: str, detail: str = "") -> None:
        super().__init__(
            question,
            (ChoiceOption("no", no), ChoiceOption("yes", yes)),
            safe="no",
            detail=detail,
            letters="ny",
            signs="",
        )

    def meant(self, key: str) -> bool:
        return key == "yes"
