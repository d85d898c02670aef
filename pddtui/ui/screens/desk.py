"""The desk: the cases, the contact log of the chosen one under its facts, and what is due in all.

At 100 columns and more all three stand side by side, from 60 on two, below that one at a time; the
same keys go everywhere. The desk reads from the board and writes through the deeds; what another
window saves appears within a second, and the cursor stays on its record.

The screens behind it are imported when they are opened: together they cost more than the whole start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from pddtui.errors import PddError, Refused
from pddtui.services.board import Board
from pddtui.ui.context import Context
from pddtui.ui.desk_keys import ANYWHERE, DESK
from pddtui.ui.keys import bindings
from pddtui.ui.loading import load_rest, offer_drafts
from pddtui.ui.selection import Selection, all_possible, possible, why
from pddtui.ui.show import Tone
from pddtui.ui.sparing import Sparing
from pddtui.ui.watch import LOOK_EVERY, Watch, pass_on
from pddtui.ui.widgets.desk_panes import DeskPanes, PaneName
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.status_line import StatusLine

__all__ = ["DeskScreen"]

WIDTHS: list[tuple[int, str]] = [(0, "-narrow"), (60, "-medium"), (100, "-wide")]


class DeskScreen(Sparing):
    """The start, and where everything returns to."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DESK), *bindings(ANYWHERE)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    AUTO_FOCUS = "#cases-list"

    def __init__(self, context: Context, ref: str | None = None) -> None:
        super().__init__()
        self.context = context
        self._first = ref
        self._board = Board(context.casebook)
        self._chosen: str | None = None
        """Id of the case whose log is shown."""
        self._possible = all_possible(None)
        self._panes = DeskPanes(context)
        self._status = StatusLine(context.speech, context.places.data_file.name, id="status")
        self._watch = Watch(context, self._take_in, self._status.tell)
        self._panes.cases.follow = self._show_highlighted

    def compose(self) -> ComposeResult:
        self.add_class("-at-cases", [name for least, name in WIDTHS if self.app.size.width >= least][-1])
        yield self._panes
        yield self._status
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        rest = self._board.begin(self._first)
        self._show_board(cursor=self._first)
        self.run_worker(load_rest(self._board, self.context.clerk, rest, self._show_board))
        self.action_pane("cases")
        self._watch.tell_state()
        self.run_worker(offer_drafts(self, self.context))
        self.set_interval(LOOK_EVERY, lambda: self.run_worker(self._watch.look()))
        if self._first is not None:
            self._open_page(self._first)

    # What is shown

    def _show_board(self, cursor: str | None = None, *, filtering: bool = False) -> None:
        """Show all anew, or only the list where nothing else can have changed."""
        context, filter_bar = self.context, self._panes.filter
        now = context.casebook.now()
        try:
            entries = self._board.rows(filter_bar.text)
        except Refused as error:
            filter_bar.wrong(context.speech.say(error.message), error.position)
            return
        if filter_bar.text:
            filter_bar.found(context.speech("{n} found", n=len(entries)))
        self._panes.show_cases(entries, cursor)
        if not filtering:
            self._panes.show_due(self._board.agenda(), now)
            self._status.count(self._board.count("red"), self._board.count("amber"), now)
        chosen = cursor or self._panes.cases.cursor_key or self._chosen
        if not filtering or chosen != self._chosen:
            self._show_case(chosen)

    def _show_case(self, case_id: str | None) -> None:
        entry = self._board.get(case_id) if case_id is not None else None
        self._chosen = entry.case.id if entry is not None else None
        self._panes.show_case(entry, self.context.casebook.now())
        self._look_at_keys()

    def _look_at_keys(self) -> None:
        """Have the key line say what can be done now, where that is something else: it takes as long as a picture."""
        before, self._possible = self._possible, all_possible(self._selection())
        if before != self._possible:
            self.refresh_bindings()

    def _take_in(self, changed: frozenset[str]) -> None:
        if changed:
            self._board.update(changed)
            self._status.tell(self.context.speech("another window saved a change"), Tone.ACCENT)
        if changed | self._board.tick():
            self._show_board()
        self._status.tell_time(self.context.casebook.now())
        if changed and self.app.screen is not self:
            pass_on(changed, self.app.screen)

    # What is chosen

    def _selection(self) -> Selection | None:
        self._panes.cases.rest()
        return self._panes.selection(self._board.get(self._chosen) if self._chosen is not None else None)

    def _show_highlighted(self, case_id: str | None) -> None:
        if case_id != self._chosen:
            self._show_case(case_id)

    @on(LineList.Highlighted, "#due-list")
    def _due_highlighted(self, event: LineList.Highlighted) -> None:
        line = self._panes.due.due(event.key)
        if line is not None and self._panes.at == "due":
            self._choose(line.case.id)

    def _choose(self, case_id: str) -> None:
        self._panes.cases.select(case_id)
        self._show_case(case_id)

    @on(LineList.Highlighted, "#log-list")
    def _contact_highlighted(self) -> None:
        self._look_at_keys()

    @on(LineList.Opened)
    def _open_case(self) -> None:
        on = self._selection()
        if on is not None:
            self._open_page(on.case.id, lambda _: self._reload(on.case.id))

    def _open_page(self, case_id: str, closed: Callable[[None], None] | None = None) -> None:
        from pddtui.ui.screens.case import CasePage

        self.app.push_screen(CasePage(self.context, case_id), closed)

    def _go_to(self, case_id: str | None) -> None:
        """Show that case; None is back from a page where none was chosen."""
        if case_id is not None:
            self._panes.filter.close()
        self._reload(case_id or self._chosen)

    def _reload(self, case_id: str | None) -> None:
        if case_id is not None:
            self._board.update([case_id])
        self._show_board(cursor=case_id)

    # Keys

    def action_pane(self, name: PaneName) -> None:
        self._panes.go(name)
        line = self._panes.due.due(self._panes.due.cursor_key) if name == "due" else None
        if line is not None:
            self._choose(line.case.id)

    def action_filter(self) -> None:
        self.action_pane("cases")
        self._panes.filter.open()

    @on(FilterBar.Changed)
    def _filter_changed(self) -> None:
        self._show_board(filtering=True)

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._panes.cases.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "do":
            return possible(str(parameters[0]), self._selection())
        return True

    @work
    async def action_do(self, deed: str) -> None:
        """Do a deed on what is selected, and show what came of it."""
        from pddtui.ui.deeds import Deeds

        speech = self.context.speech
        selection = self._selection()
        try:
            done = await Deeds(self.context, self).do(deed, selection)
        except PddError as error:
            self.notify(speech.say(error.message), severity="error", markup=False)
            return
        if done is not None:
            self._board.update([case_id for case_id in (done.case_id, selection and selection.case.id) if case_id])
            self._status.tell(speech("saved"), Tone.GOOD)
            self._show_board(cursor=done.case_id)
            self.notify(done.message, markup=False)

    def action_why(self) -> None:
        selection = self._selection()
        lines = why(selection, self.context) if selection is not None else ()
        if selection is None or not lines:
            self.notify(self.context.speech("Nothing is flagged here."), markup=False)
            return
        from pddtui.ui.screens.why import WhyScreen

        self.app.push_screen(WhyScreen(self.context, selection.case.title, lines))

    def action_handbook(self) -> None:
        from pddtui.ui.screens.handbook import HandbookScreen

        self.app.push_screen(HandbookScreen(self.context, self._panes.cases.cursor_key or self._chosen), self._go_to)

    def action_insights(self) -> None:
        from pddtui.ui.screens.insights import InsightsScreen

        self.app.push_screen(InsightsScreen(self.context), self._go_to)

    def action_agenda(self) -> None:
        from pddtui.ui.screens.agenda import AgendaScreen

        self.app.push_screen(AgendaScreen(self.context), self._go_to)

    def action_show_trash(self) -> None:
        from pddtui.ui.screens.trash import TrashScreen

        self.app.push_screen(TrashScreen(self.context), self._go_to)

    def action_help(self) -> None:
        from pddtui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.context, self))

    def action_command_palette(self) -> None:
        from pddtui.ui.screens.palette import Palette

        self.app.push_screen(Palette(self.context, self, self._go_to))

    def action_quit(self) -> None:
        self.app.exit()
