"""Whether the cursor of a list is stepped or runs, and when that which follows it does so."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

__all__ = ["Pace"]

HELD = 0.06
"""Seconds: moves that follow each other faster come from a key that is held down."""
SURE = 3
"""So many moves in quick succession make a held key; two are a quick hand."""


class Pace:
    """Calls `lead` at once after a step, and once the cursor rests after a run."""

    def __init__(self, widget: Widget, lead: Callable[[], None]) -> None:
        self._widget = widget
        self._lead = lead
        self._moved_at = 0.0
        self._quick = 0
        """Moves in quick succession up to now."""
        self._late: Timer | None = None

    def step(self, now: float) -> bool:
        """Note a key of that moment; whether it came quickly after the last."""
        self._quick = self._quick + 1 if now - self._moved_at < HELD else 0
        self._moved_at = now
        return self._quick > 0

    def moved(self) -> None:
        """The cursor is on another row."""
        if self._late is not None:
            self._late.stop()
            self._late = None
        if self._quick >= SURE:
            self._late = self._widget.set_timer(HELD, self.rest)
        else:
            self._lead()

    def rest(self) -> None:
        """End a run now."""
        if self._late is not None:
            self._quick = 0
            self.moved()
