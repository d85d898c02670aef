"""A screen that draws its first picture once, and of what changes later no more than has changed.

Textual paints a new screen when it is shown, again when its widgets have learned their sizes, and all of it whenever
the focus moves: over SSH that is most of what there is to wait for.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Self

from textual import events
from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

__all__ = ["Sparing"]


class Sparing(Screen[None]):
    """Its widgets cover it, and each of them draws itself; only then need the screen not be painted under them."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        self._opening: ExitStack | None = ExitStack()
        """Holds the pictures back until there is one to show; None after that."""
        super().__init__()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first time, do what Textual does without working out the styles again and without painting twice."""
        if self._opening is not None:
            event.prevent_default()
            self.stack_updates += 1
            self._opening.enter_context(self.app.batch_update())
            self.post_message(events.Resize(self.app.size, self.app.size))
            self.call_later(self._open)

    def _open(self) -> None:
        """Every widget has its place now, and none has been painted: the next picture is the first."""
        if self._opening is not None:
            opening, self._opening = self._opening, None
            opening.close()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self._opening is None:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if layout or recompose:
            return super().refresh(repaint=False, layout=layout, recompose=recompose)
        return self
