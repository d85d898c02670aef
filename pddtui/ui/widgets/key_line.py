"""The last line of a screen: the keys that matter here and now, as many as fit.

One widget draws it. Textual's footer mounts a widget for each key, and all of them again whenever the focus moves;
this one compares what it would say and repaints only when that has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.actions import rank_of
from pddtui.ui.bindings import ActiveBinding, active_bindings, key_name, run_binding
from pddtui.ui.context import Context

__all__ = ["Hint", "KeyLine", "fitting_hints"]

GAP = 2
"""Cells between two hints."""


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

    def __init__(self, context: Context | Speech, *, rows: int = 1) -> None:
        """A screen that comes before there is a context gives the language alone.

        `rows` is how many lines it may take where the keys do not fit into one; its sheet must leave it the height.
        """
        super().__init__()
        self._rows = rows
        self._speech = context if isinstance(context, Speech) else context.speech
        self._commands: dict[str, ActiveBinding] = {}
        self._hints: tuple[Hint, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)
        self._look()

    def _bindings_updated(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self._look()

    def _look(self) -> None:
        commands = [each for each in active_bindings(self.screen) if each.binding.show and each.enabled]
        self._commands = {each.id: each for each in commands}
        hints = tuple(
            Hint(each.id, key_name(each.keys[0], self._speech), self._speech.say(each.binding.description))
            for each in commands
        )
        if hints != self._hints:
            self._hints = hints
            self.refresh(layout=self._rows > 1)

    @property
    def shown(self) -> tuple[Hint, ...]:
        """What there is room for."""
        return tuple(hint for row in self._broken(self.size.width) for hint in row)

    def _broken(self, cells: int) -> tuple[tuple[Hint, ...], ...]:
        return broken(self._hints, cells - 1, self._rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        return max(1, len(self._broken(width)))

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        segments = [Segment(" ", style)]
        rows = self._broken(self.size.width)
        if y < len(rows):
            accent = self.get_component_rich_style("key-line--key")
            for index, hint in enumerate(rows[y]):
                gap = " " * GAP if index else ""
                segments += [Segment(gap, style), Segment(hint.key, accent), Segment(f" {hint.word}", style)]
        return Strip(segments).adjust_cell_length(self.size.width, style)

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        start, rows = 1, self._broken(self.size.width)
        for hint in rows[event.y] if event.y < len(rows) else ():
            if start <= event.x < start + hint.cells:
                await run_binding(self.app, self._commands[hint.id])
                return
            start += hint.cells + GAP


def broken(hints: Sequence[Hint], cells: int, rows: int) -> tuple[tuple[Hint, ...], ...]:
    """The hints in at most that many lines; what does not fit into them all goes by its rank."""
    if rows == 1:
        return (fitting_hints(hints, cells),)
    kept = list(hints)
    while kept:
        lines = _filled(kept, cells)
        if len(lines) <= rows:
            return lines
        kept.remove(max(reversed(kept), key=lambda hint: rank_of(hint.id)))
    return ((),)


def _filled(hints: Sequence[Hint], cells: int) -> tuple[tuple[Hint, ...], ...]:
    lines: list[list[Hint]] = [[]]
    left = cells + GAP
    for hint in hints:
        if hint.cells + GAP > left and lines[-1]:
            lines.append([])
            left = cells + GAP
        lines[-1].append(hint)
        left -= hint.cells + GAP
    return tuple(tuple(line) for line in lines)


def fitting_hints(hints: Sequence[Hint], cells: int) -> tuple[Hint, ...]:
    """The hints that fit into one line, in their order; they take their place by their rank."""
    chosen: set[str] = set()
    left = cells + GAP
    for hint in sorted(hints, key=lambda hint: rank_of(hint.id)):
        if hint.cells + GAP <= left:
            chosen.add(hint.id)
            left -= hint.cells + GAP
    return tuple(hint for hint in hints if hint.id in chosen)
