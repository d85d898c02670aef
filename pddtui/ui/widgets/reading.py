"""A text to be read: lines for the width at hand, scrolled by the keys of a list, without a cursor."""

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
        Binding("j", "scroll_down", "Down", show=False, id="reading.down"),
        Binding("k", "scroll_up", "Up", show=False, id="reading.up"),
        Binding("g", "scroll_home", "First", show=False, id="reading.first"),
        Binding("G", "scroll_end", "Last", show=False, id="reading.last"),
        Binding("ctrl+d,space", "page_down", "Page down", show=False, id="reading.page-down"),
        Binding("ctrl+u,b", "page_up", "Page up", show=False, id="reading.page-up"),
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

    def on_resize(self) -> None:
        cells = self.scrollable_content_region.width
        if cells != self._drawn_for and cells > 0:
            self._drawn_for = cells
            self._text.update(Content("\n").join(self._look(cells)))
