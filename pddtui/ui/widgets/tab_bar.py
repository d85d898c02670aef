"""The names of the sections of a page on one line, shortened as far as the line asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from pddtui.ui import show

__all__ = ["TabBar"]


class TabBar(Widget):
    """Numbered from 1; the number is the key that goes there."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-bar--active"}

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._active = 0

    def go(self, index: int) -> None:
        """Show that this one is open."""
        self._active = index
        self.refresh()

    def labels(self, cells: int) -> list[str]:
        """What is written for each: number and name, else the name, else the number and only the name that is open."""
        full = [f" {number} {name} " for number, name in enumerate(self._names, 1)]
        for labels in (full, [f" {name} " for name in self._names]):
            if sum(map(show.width, labels)) <= cells:
                return labels
        return [label if place == self._active else f" {place + 1} " for place, label in enumerate(full)]

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        segments: list[Segment] = []
        if y == 0:
            active = self.get_component_rich_style("tab-bar--active")
            for place, label in enumerate(self.labels(self.size.width)):
                if place == self._active:
                    segments.append(Segment(label, active))
                else:
                    segments.append(Segment(label, style))
        return Strip(segments).adjust_cell_length(self.size.width, style)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        start = 0
        for place, label in enumerate(self.labels(self.size.width)):
            end = start + show.width(label)
            if start <= event.x < end:
                self.post_message(self.Chosen(place))
                return
            start = end
