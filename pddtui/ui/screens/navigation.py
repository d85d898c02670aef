"""What every screen that is not a window or a form has: the help, the palette, and the way back and out.

Help and palette are imported when they are opened: the first picture of the desk need not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from textual import work

from pddtui.domain.case import Case
from pddtui.message import Words
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.lines import LineList

__all__ = ["DEMO", "TOUR", "PageScreen"]

DEMO: Final = "demo"
TOUR: Final = "tour"
"""What the desk gives back when it is left for the sample cases, or for a walk through them."""


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

    def action_settings(self, at: str | None = None) -> None:
        """Open the settings, at one of them if its id is given."""
        from pddtui.ui.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen(self.context, at))

    def settings_changed(self) -> None:
        """Other settings are in force now: show what depends on them."""

    # What the palette offers and no key does.

    def chosen_case(self) -> Case | None:
        """The case that is shown or under the cursor."""
        return None

    @work
    async def action_export_as(self, chosen: str) -> None:
        """Open the export with a format chosen, or with private data masked."""
        from pddtui.services.export.export import FORMATS, Format
        from pddtui.ui.screens.export import ExportScreen

        form: Format = next((form for form in FORMATS if form == chosen), "html")
        masked = ExportScreen(self.context, self.chosen_case(), form=form, mask="none" if form == chosen else "public")
        saved = await self.app.push_screen_wait(masked)
        if saved is not None:
            self.tell(saved.message)

    @work
    async def action_drafts(self) -> None:
        from pddtui.ui.screens.whereabouts import draft_lines

        await self._say_where(self.speech("Drafts"), draft_lines)

    @work
    async def action_backups(self) -> None:
        from pddtui.ui.screens.whereabouts import backup_lines

        await self._say_where(self.speech("Backups"), backup_lines)

    async def _say_where(self, title: str, lines: Callable[[Context], Sequence[Words]]) -> None:
        from pddtui.ui.screens.why import WhyScreen

        found = await self.context.clerk.do(lambda: lines(self.context))
        self.app.push_screen(WhyScreen(self.context, title, found, head=""))

    def action_demo(self) -> None:
        """Leave for the sample cases, and come back when that desk is left."""
        self._leave_for(DEMO)

    def action_begin_tour(self) -> None:
        """Leave for a walk through the sample cases, and come back when that desk is left."""
        self._leave_for(TOUR)

    def _leave_for(self, where: str) -> None:
        if self.context.samples:
            self.decline(self.speech("These are the sample cases: press q to leave them."))
        elif isinstance(self.app, SteadyApp):
            self.app.leave_for(where)

    def action_command_palette(self) -> None:
        from pddtui.ui.screens.palette import Palette

        self.app.push_screen(Palette(self.context, self, self.go_to))
