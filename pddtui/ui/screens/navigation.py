"""What every screen that is not a window or a form has: the help, the palette, and the way back and out.

Help and palette are imported when they are opened: the first picture of the desk need not wait for them.
"""

from __future__ import annotations

from datetime import datetime

from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.widgets.lines import LineList

__all__ = ["PageScreen"]


class PageScreen(ActionScreen[str | None]):
    """Gives back the id of a case that is to be shown, or None."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._day = context.casebook.now().date()
        """The day on which it was shown last."""

    def action_do(self, action_id: str) -> None:
        """Do a deed, and show what came of it."""
        self.begun += 1
        self.doing += 1
        self.run_worker(self._in_turn(action_id))

    async def _in_turn(self, action_id: str) -> None:
        try:
            await self.deed(action_id)
        finally:
            self.doing -= 1

    async def deed(self, action_id: str) -> None:
        """Do it to what is selected, and show what came of it."""
        raise NotImplementedError(action_id)

    def go_to(self, case_id: str) -> None:
        """Show a case that was chosen in the palette."""
        self.dismiss(case_id)

    def clock_moved(self, now: datetime) -> None:
        if now.date() != self._day:
            self._day = now.date()
            for rows in self.query(LineList):
                rows.renew()  # at New Year every date is said in another way
            self.show_again()

    def show_again(self) -> None:
        """Show everything as it is now."""

    def action_back(self) -> None:
        self.dismiss(None)

    def action_quit(self) -> None:
        self.app.exit()

    def action_help(self) -> None:
        from pddtui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.context, self))

    def action_settings(self) -> None:
        from pddtui.ui.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen(self.context))

    def settings_changed(self) -> None:
        """Other settings are in force now: show what depends on them."""

    def action_command_palette(self) -> None:
        from pddtui.ui.screens.palette import Palette

        self.app.push_screen(Palette(self.context, self, self.go_to))
