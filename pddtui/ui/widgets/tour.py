"""The tour: eight short steps over the desk, each in a line above the state of the file. The desk goes on working.

It only points at things: no step does anything.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from textual.content import Content
from textual.widgets import Static

from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["TOUR_STEPS", "TourBar"]


class TourStep(Struct, frozen=True):
    """One thing to look at."""

    pane: Literal["cases", "log", "due"]
    """Where it is."""
    words: Message


TOUR_STEPS: tuple[TourStep, ...] = (
    TourStep("cases", msg("Your cases, the most urgent on top. ↑ and ↓ choose one, Enter opens all of it.")),
    TourStep("log", msg("What was said in the case: who, when, where, and under it what was promised by when.")),
    TourStep("due", msg("What to do next, in all cases, with its reason. w explains a date or a flag day by day.")),
    TourStep("log", msg("After a call or a chat: l opens a form, > one line, C a form that runs along with the call.")),
    TourStep("due", msg("Space settles what is under the cursor, b marks a broken promise, u takes anything back.")),
    TourStep("cases", msg("t writes a letter from the log, v adds evidence, E goes one rung up with what that needs.")),
    TourStep("cases", msg("/ narrows the cases down, F keeps a filter, : finds any command by a word for it.")),
    TourStep("cases", msg("? shows every key, H rights and channels. Esc ends the tour, q these sample cases.")),
)


class TourBar(Static):
    """Hidden until the tour begins."""

    def __init__(self, speech: Speech) -> None:
        super().__init__(id="tour")
        self._speech = speech
        self._at: int | None = None
        self.display = False

    @property
    def on(self) -> bool:
        """Whether the tour is on."""
        return self._at is not None

    def go(self, step: int) -> TourStep:
        """Go so many steps on, or begin; the last step stays the last."""
        self._at = 0 if self._at is None else min(max(self._at + step, 0), len(TOUR_STEPS) - 1)
        shown = TOUR_STEPS[self._at]
        self.display = True
        self.update(self._said(shown))
        return shown

    def end(self) -> None:
        self._at = None
        self.display = False

    def _said(self, step: TourStep) -> Content:
        place = f"{(self._at or 0) + 1}/{len(TOUR_STEPS)}  "
        return show.line((place, Tone.ACCENT), (self._speech.say(step.words), Tone.STRONG))
