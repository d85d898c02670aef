"""The last line of a screen: the keys that matter here and now, as many as fit.

One widget that draws one line. Textual's footer mounts a widget for each key and mounts all of them anew at
every move of the focus; this one compares what it would say and repaints only when that has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from rich.segment import Segment
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.in_force import InForce, in_force, run
from pddtui.ui.key_names import key_name

__all__ = ["Hint", "KeyLine", "fitting"]

GAP = 2
"""Cells between two hints."""

FIRST = ("program.help", "page.back", "page.close", "log.contact", "due.settle", "view.why", "case.new", "view.filter")
"""Binding ids that get their place before others when the line is short, the most important first."""


class Hint(Struct, frozen=True):
    """One key and its word."""

    id: str
    key: str
    word: str

    @property
    def cells(self) -> int:
        return show.width(self.key) + 1 + show.width(self.word)


class KeyLine(Widget):
    """Shows the bindings with `show=True` that can be used now; a click is the key."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key"}

    def __init__(self, context: Context | Speech) -> None:
        """A screen that is there before the program is, gives the language alone."""
        super().__init__()
        self._speech = context if isinstance(context, Speech) else context.speech
        self._commands: dict[str, InForce] = {}
        self._hints: tuple[Hint, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)
        self._look()

    def _bindings_updated(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self._look()

    def _look(self) -> None:
        commands = [each for each in in_force(self.screen) if each.binding.show and each.enabled]
        self._commands = {each.id: each for each in commands}
        hints = tuple(
            Hint(each.id, key_name(each.keys[0], self._speech), self._speech.say(each.binding.description))
            for each in commands
        )
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    @property
    def shown(self) -> tuple[Hint, ...]:
        """What there is room for."""
        return fitting(self._hints, self.size.width - 1)

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        segments = [Segment(" ", style)]
        if y == 0:
            accent = self.get_component_rich_style("key-line--key")
            for index, hint in enumerate(self.shown):
                gap = " " * GAP if index else ""
                segments += [Segment(gap, style), Segment(hint.key, accent), Segment(f" {hint.word}", style)]
        return Strip(segments).adjust_cell_length(self.size.width, style)

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        start = 1
        for hint in self.shown:
            if start <= event.x < start + hint.cells:
                await run(self.app, self._commands[hint.id])
                return
            start += hint.cells + GAP


def fitting(hints: Sequence[Hint], cells: int) -> tuple[Hint, ...]:
    """The hints that fit into one line, in their order; those of `FIRST` take their place before the others."""
    rank = {name: place for place, name in enumerate(FIRST)}
    chosen: set[str] = set()
    left = cells + GAP
    for hint in sorted(hints, key=lambda hint: rank.get(hint.id, len(FIRST))):
        if hint.cells + GAP <= left:
            chosen.add(hint.id)
            left -= hint.cells + GAP
    return tuple(hint for hint in hints if hint.id in chosen)
