"""Time on a line of cells: which cell a moment falls into, and a line on which marks are put by their cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from rich.cells import split_graphemes
from textual.content import Content

from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["Canvas", "Scale"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Scale(Struct, frozen=True):
    """So many cells from `origin` on, each of them a `step` long."""

    origin: datetime
    step: timedelta
    cells: int
    """At least two."""

    @classmethod
    def between(cls, first: datetime, last: datetime, cells: int) -> Scale:
        """The finest scale of whole hours a cell on which both moments have one. It begins at the midnight before."""
        origin = first.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = -(-(last - origin) // ((cells - 1) * _HOUR))
        return cls(origin, max(1, hours) * _HOUR, cells)

    def cell(self, at: datetime) -> int:
        """The cell of a moment; those beyond an end fall on that end."""
        return min(self.cells - 1, max(0, int((at - self.origin) // self.step)))

    def ticks(self, room: int) -> Iterator[tuple[int, datetime]]:
        """Midnights at least `room` cells apart, each with its cell."""
        days = max(1, -(-room * self.step // _DAY))
        at = self.origin
        while (at - self.origin) // self.step < self.cells:
            yield self.cell(at), at
            at += days * _DAY


class Canvas:
    """One line of cells. What is put later covers what was there; a sign of two cells is never halved."""

    def __init__(self, cells: int) -> None:
        self._signs = [" "] * cells
        self._tones = [Tone.PLAIN] * cells

    def fill(self, start: int, end: int, sign: str, tone: Tone) -> None:
        """The sign from a cell up to and including another."""
        for cell in range(max(0, start), min(len(self._signs), end + 1)):
            self._set(cell, sign, tone)

    def put(self, cell: int, text: str, tone: Tone) -> bool:
        """The text from that cell on; nothing and False where it does not fit."""
        if cell < 0 or cell + show.width(text) > len(self._signs):
            return False
        flat = show.cut(text, len(self._signs))
        for start, end, size in split_graphemes(flat)[0]:
            if size:
                self._set(cell, flat[start:end], tone, size)
                cell += size
        return True

    def free(self, start: int, end: int) -> bool:
        """Whether these cells are there and empty."""
        return start >= 0 and end < len(self._signs) and all(sign == " " for sign in self._signs[start : end + 1])

    def content(self) -> Content:
        return show.line(*zip(self._signs, self._tones, strict=True))

    def _set(self, cell: int, sign: str, tone: Tone, size: int = 1) -> None:
        """The other half of a sign of two cells that is covered becomes empty."""
        if self._signs[cell] == "":
            self._signs[cell - 1] = " "
        if cell + size < len(self._signs) and self._signs[cell + size] == "":
            self._signs[cell + size] = " "
        self._signs[cell : cell + size] = [sign, *[""] * (size - 1)]
        self._tones[cell] = tone
