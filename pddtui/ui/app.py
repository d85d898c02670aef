"""The application: it puts the parts on the terminal, and screens and deeds do the rest.

The sheets of the desk are read for the first picture, the others
behind it, or with the screen that is opened before.
"""

from __future__ import annotations

import gc

from textual import events
from textual.screen import Screen

from pddtui.ui import bindings, themes
from pddtui.ui.context import Context
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.terminal import SteadyApp

__all__ = ["DeskApp"]

LOAD_AFTER = 0.5
"""Seconds after the first picture until what it did not need is read."""


class DeskApp(SteadyApp[None]):
    """The desk in a terminal. Give it the context that the composition root has built, then `run` it."""

    ENABLE_COMMAND_PALETTE = False
    """Textual's own reads help texts as markup; ours is `pddtui.ui.screens.palette`."""

    def __init__(self, context: Context, ref: str | None = None) -> None:
        """`ref` opens with that case. Raises `NotFound` for it, and `Refused` for keys or a look that are not."""
        super().__init__(context.speech)
        self.context = context
        self._first = context.casebook.find(ref).id if ref is not None else None
        self.title = "pddtui"
        if context.settings.keys:
            self.set_keymap(bindings.keymap(context.settings.keys))
        themes.install(self)
        self.theme = themes.choose(context.settings.theme, self.available_themes)

    def get_default_screen(self) -> Screen[str | None]:
        for path in themes.FIRST_SHEETS:  # as CSS_PATH they would be parsed twice, because setting a theme parses again
            self.stylesheet.read(path)
        return DeskScreen(self.context, self._first)

    def on_ready(self) -> None:
        self.set_timer(LOAD_AFTER, self._read_the_rest)

    def _read_the_rest(self) -> None:
        if not gc.isenabled():
            gc.freeze()  # what is there by now stays, so there is no use in looking through it again and again
            gc.enable()
        for path in themes.OTHER_SHEETS:
            if not self.stylesheet.has_source(str(path)):
                self.stylesheet.read(path)
        self.stylesheet.parse()

    async def on_event(self, event: events.Event) -> None:
        """Take a full-width character for its ASCII twin, wherever no text is being typed."""
        if isinstance(event, events.Key) and not self._typing(event):
            event = bindings.half_width(event) or event
        await super().on_event(event)

    def _typing(self, event: events.Key) -> bool:
        return self.focused is not None and self.focused.check_consume_key(event.key, event.character)

    def on_unmount(self) -> None:
        self.context.clerk.close()
