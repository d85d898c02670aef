"""The ways from the desk to the other screens, and back to a case.

Each of them is imported when it is opened: together they cost more than the whole start.
"""

from __future__ import annotations

from pddtui.ui.context import Context
from pddtui.ui.terminal import Sparing

__all__ = ["Ways"]


class Ways(Sparing):
    """A screen from which the others are opened; they give back the case to show, or None."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    @property
    def at_case(self) -> str | None:
        """The id of the case that the cursor is on."""
        raise NotImplementedError

    def come_back(self, case_id: str | None) -> None:
        """Show that case; None is back from a page where none was chosen."""
        raise NotImplementedError

    def action_handbook(self) -> None:
        from pddtui.ui.screens.handbook import HandbookScreen

        self.app.push_screen(HandbookScreen(self.context, self.at_case), self.come_back)

    def action_insights(self) -> None:
        from pddtui.ui.screens.insights import InsightsScreen

        self.app.push_screen(InsightsScreen(self.context), self.come_back)

    def action_agenda(self) -> None:
        from pddtui.ui.screens.agenda import AgendaScreen

        self.app.push_screen(AgendaScreen(self.context), self.come_back)

    def action_show_trash(self) -> None:
        from pddtui.ui.screens.trash import TrashScreen

        self.app.push_screen(TrashScreen(self.context), self.come_back)

    def action_help(self) -> None:
        from pddtui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.context, self))

    def action_command_palette(self) -> None:
        from pddtui.ui.screens.palette import Palette

        self.app.push_screen(Palette(self.context, self, self.come_back))
