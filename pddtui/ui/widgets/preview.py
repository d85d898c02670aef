"""A text to look through before it goes out: as long as it likes, scrolled by arrows when it has the focus."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pddtui.ui import show

__all__ = ["Preview"]


class Preview(VerticalScroll, can_focus=True):
    """Shows one text after the other, each from its beginning."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(id=id)
        self.text = Static()

    def compose(self) -> ComposeResult:
        yield self.text

    def show(self, *lines: Content) -> None:
        self.text.update(show.block(*(part for line in lines for part in (line, "\n"))))
        self.scroll_home(animate=False)
