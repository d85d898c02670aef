"""A part of a screen under a title, and the tabs of its sections.

Where the terminal is too narrow for all parts, the title also names those that are out of sight, with their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["Pane", "TabBar"]


class Pane(Vertical):
    """A title line over its content. The number is the key that goes there."""

    def __init__(self, number: str, title: str, content: Iterable[Widget], *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._number = number
        self._title = title
        self._content = tuple(content)
        self._line = _Title(classes="pane--title")
        self._count = ""
        self._tone = Tone.QUIET
        self.name_it("")

    def compose(self) -> ComposeResult:
        yield self._line
        yield from self._content

    def on_descendant_focus(self) -> None:
        """Textual looks for `:focus-within` above the focus, not beside it, where the title is."""
        self._line.update_node_styles(animate=False)

    def on_descendant_blur(self) -> None:
        self._line.update_node_styles(animate=False)

    def name_it(self, detail: str, *, count: str = "", tone: Tone = Tone.QUIET) -> None:
        """Set what stands behind the title; where another pane names it, a count in its tone."""
        self._count, self._tone = count, tone
        title = show.line((f"{self._number} ", Tone.QUIET), (self._title, Tone.STRONG))
        self._line.say(title, show.line(title, (f"  {detail}" if detail else "", Tone.QUIET)))

    def point_to(self, others: Iterable[Pane]) -> None:
        """Name panes that are out of sight, at the right end of the title."""
        self._line.lead(show.join("  ", [other.short_title for other in others]))

    @property
    def short_title(self) -> Content:
        """The title as another pane shows it."""
        parts = [(f"{self._number} ", Tone.ACCENT), (self._title, Tone.QUIET)]
        return show.line(*parts, (f" {self._count}" if self._count else "", self._tone))


class _Title(Widget):
    """This pane on the left, the others on the right. What stands behind its own title gives way to them."""

    def __init__(self, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._title = self._said = self._others = Content("")

    def say(self, title: Content, said: Content) -> None:
        if said != self._said:
            self._title, self._said = title, said
            self.refresh()

    def lead(self, others: Content) -> None:
        if others != self._others:
            self._others = others
            self.refresh()

    def render(self) -> Content:
        room = self.size.width - show.width(self._others.plain) - 1
        if not self._others.plain or room < show.width(self._title.plain):
            return show.one_row(self._said, self.size.width)
        return show.line(show.one_row(self._said, room), " ", self._others)


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
