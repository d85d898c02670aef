"""A program of one screen, run before the desk while the file cannot be opened."""

from __future__ import annotations

from textual import events
from textual.app import App

from pddtui.settings import Settings
from pddtui.ui import keys, sheets, terminal, themes
from pddtui.ui.screens.trouble import Choice, TroubleScreen

__all__ = ["TroubleApp"]


class TroubleApp(App[Choice]):
    """Run it; it returns what the person chose, or None when the line was lost."""

    CSS_PATH = sheets.FIRST
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, screen: TroubleScreen, settings: Settings) -> None:
        super().__init__(driver_class=terminal.driver_class())
        self._trouble = screen
        self.title = "pddtui"
        themes.install(self)
        self.theme = themes.choose(settings.theme, self.available_themes)

    def on_mount(self) -> None:
        self.push_screen(self._trouble, self.exit)

    async def on_event(self, event: events.Event) -> None:
        """There is nothing to type here: a full-width character is its ASCII twin."""
        if isinstance(event, events.Key):
            event = keys.half_width(event) or event
        await super().on_event(event)
