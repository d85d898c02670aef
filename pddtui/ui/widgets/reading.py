"""A text to be read: lines for the width at hand, scrolled by the keys of a list, without a cursor.

It jumps: an animated scroll over a slow line arrives long after the key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

__all__ = ["Reading"]


class Reading(VerticalScroll, can_focus=True):
    """Asks for its lines again whenever its width changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "by_lines(1)", "Down", show=False, id="reading.down"),
        Binding("up,k", "by_lines(-1)", "Up", show=False, id="reading.up"),
        Binding("pagedown,ctrl+d,space", "by_pages(1)", "Page down", show=False, id="reading.page-down"),
        Binding("pageup,ctrl+u,b", "by_pages(-1)", "Page up", show=False, id="reading.page-up"),
        Binding("home,g", "to(0)", "First", show=False, id="reading.first"),
        Binding("end,G", "to(1)", "Last", show=False, id="reading.last"),
    ]

    def __init__(self, look: Callable[[int], Sequence[Content]]) -> None:
        super().__init__()
        self._look = look
        self._text = Static()
        self._drawn_for = -1

    def compose(self) -> ComposeResult:
        yield self._text

    def on_mount(self) -> None:
        self.focus()

    def action_by_lines(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False)

    def action_by_pages(self, pages: int) -> None:
        self.scroll_relative(y=pages * max(1, self.scrollable_content_region.height - 1), animate=False)

    def action_to(self, end: int) -> None:
        """The beginning for 0, the end for 1."""
        self.scroll_to(y=end * self.max_scroll_y, animate=False)

    def on_resize(self) -> None:
        cells = self.scrollable_content_region.width
        if cells != self._drawn_for and cells > 0:
            self._drawn_for = cells
            self._text.update(Content("\n").join(self._look(cells)))
