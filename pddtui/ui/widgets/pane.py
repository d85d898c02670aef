"""A part of the desk under a title that says what it is, how much is in it, and whether it has the keys.

Where the terminal is too narrow for all parts, the title also names those that are out of sight, with their keys.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["Pane"]


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
        """Set what stands behind the title; where another pane tells it, that is a count and how urgent it is."""
        self._count, self._tone = count, tone
        parts = [(f"{self._number} ", Tone.QUIET), (self._title, Tone.STRONG)]
        self._line.say(show.line(*parts, (f"  {detail}" if detail else "", Tone.QUIET)))

    def point_to(self, others: Iterable[Pane]) -> None:
        """Name panes that are out of sight, at the right end of the title."""
        self._line.lead(show.join("  ", [other.told for other in others]))

    @property
    def told(self) -> Content:
        """The title as another pane tells it."""
        parts = [(f"{self._number} ", Tone.ACCENT), (self._title, Tone.QUIET)]
        return show.line(*parts, (f" {self._count}" if self._count else "", self._tone))


class _Title(Widget):
    """Left what this pane is, right where the others are; what is left keeps its room first."""

    def __init__(self, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._said = self._others = Content("")

    def say(self, said: Content) -> None:
        if said != self._said:
            self._said = said
            self.refresh()

    def lead(self, others: Content) -> None:
        if others != self._others:
            self._others = others
            self.refresh()

    def render(self) -> Content:
        room = self.size.width - show.width(self._others.plain) - 1
        if not self._others.plain or room < show.width(self._said.plain):
            return show.one_row(self._said, self.size.width)
        return show.line(show.one_row(self._said, room), " ", self._others)
