"""A part of the desk under a title that says what it is, how much is in it, and whether it has the keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

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
        self._line = Static(classes="pane--title")

    def compose(self) -> ComposeResult:
        yield self._line
        yield from self._content

    def on_mount(self) -> None:
        self.name_it("")

    def on_descendant_focus(self) -> None:
        """Textual looks for `:focus-within` above the focus, not beside it, where the title is."""
        self._line.update_node_styles(animate=False)

    def on_descendant_blur(self) -> None:
        self._line.update_node_styles(animate=False)

    def name_it(self, detail: str) -> None:
        """Set what stands behind the title: a count, the name of what is shown."""
        self._line.update(
            show.line(
                (f"{self._number} ", Tone.QUIET),
                (self._title, Tone.STRONG),
                (f"  {detail}" if detail else "", Tone.QUIET),
            ),
            layout=False,
        )
