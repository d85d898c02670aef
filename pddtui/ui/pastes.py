"""Cuts out what was pasted, so that nothing in it is taken for a key.

A terminal puts brackets around a paste. Textual's parser lets go of them at the first control sequence inside: what
stands behind it is typed, and on the desk each letter of it acts. Here a paste is whatever stands between the
brackets, to the letter; the fields make it inert.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.events import Paste

__all__ = ["Pastes"]


class Pastes:
    """Takes the input of a terminal in pieces, as it comes."""

    START: Final = "\x1b[200~"
    END: Final = "\x1b[201~"

    def __init__(self) -> None:
        self.inside = False
        """Whether the last piece ended within a paste. Keys handed over before may end in the half of a bracket."""
        self._before = ""
        """The end of what was handed over as keys, if a bracket may begin in it."""
        self._pasted = ""

    def cut(self, text: str) -> Iterator[str | Paste]:
        """Keys as text, and pastes, in the order in which they came."""
        while text:
            if self.inside:
                known = len(self._pasted)
                self._pasted += text
                end = self._pasted.find(self.END, max(0, known - len(self.END) + 1))
                if end < 0:
                    return
                text = self._pasted[end + len(self.END) :]
                pasted, self._pasted, self.inside = self._pasted[:end], "", False
                yield Paste(pasted)
                continue
            joined = self._before + text
            start = joined.find(self.START)
            self.inside = start >= 0
            keys = joined[len(self._before) : start] if self.inside else text
            text = joined[start + len(self.START) :] if self.inside else ""
            self._before = "" if self.inside else _half(joined, self.START)
            yield keys


def _half(text: str, bracket: str) -> str:
    """The longest end of `text` with which `bracket` begins."""
    return next((bracket[:n] for n in range(len(bracket) - 1, 0, -1) if text.endswith(bracket[:n])), "")
