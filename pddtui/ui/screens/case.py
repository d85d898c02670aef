"""Everything about one case, in sections: facts, log, promises, evidence, clocks, ladder, timeline, history.

The page shows the case as the casebook has it; whoever learns that it has changed calls `refresh_case`. The
cursor stays on its record in every section, and the deeds are those of the desk.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from pddtui.domain.ladder import current_rung
from pddtui.errors import NotFound, PddError
from pddtui.ui import sheets, show
from pddtui.ui.context import Context
from pddtui.ui.deeds import Deeds
from pddtui.ui.keys import bindings
from pddtui.ui.page_keys import CASE_PAGE, section_key
from pddtui.ui.record_text import record_text
from pddtui.ui.screens.handbook import HandbookScreen
from pddtui.ui.screens.help import HelpScreen
from pddtui.ui.screens.palette import Palette
from pddtui.ui.screens.why import WhyScreen
from pddtui.ui.sections.body import SECTIONS, CaseBody
from pddtui.ui.sections.entry import View
from pddtui.ui.selection import possible
from pddtui.ui.show import Tone
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.tab_bar import TabBar
from pddtui.ui.words import TURNS, silence_words, state_mark

__all__ = ["CasePage"]

NUMBERS = tuple(section_key(number, section.word) for number, section in enumerate(SECTIONS, 1))


HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (18, "-high")]
"""In a low terminal the next step makes room for the rows."""


class CasePage(Screen[None]):
    """One case. Escape goes back to where the person came from."""

    CSS_PATH = sheets.REST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((*CASE_PAGE, *NUMBERS))]
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, context: Context, case_id: str) -> None:
        super().__init__()
        self.context = context
        self._deeds = Deeds(context, self)
        self._view = self._look_up(case_id)
        self._at = 0
        """Index of the open section."""
        self._head = Static(id="case-head")
        self._tabs = TabBar([context.speech.say(section.word) for section in SECTIONS])
        self._body = CaseBody(context, self._view)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._tabs
        yield self._body
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._body.show_case(self._view)
        self.action_section(0)

    def on_screen_resume(self) -> None:
        """Another window may have changed the case while a form or a question lay over this page."""
        if self.context.casebook.store.cases().get(self.case_id) is not self._view.case:
            self.refresh_case()

    def on_resize(self) -> None:
        self._show_head()

    @property
    def case_id(self) -> str:
        return self._view.case.id

    def refresh_case(self) -> None:
        """Show the case as it is now; the page of a case that is gone or in the trash closes."""
        try:
            self._view = self._look_up(self.case_id)
        except NotFound:
            self.dismiss(None)
            return
        if self._view.case.trashed_at is not None:
            self.dismiss(None)
            return
        self._show_head()
        self._body.show_case(self._view)
        self.refresh_bindings()

    def _look_up(self, case_id: str) -> View:
        casebook = self.context.casebook
        now = casebook.now()
        return View(context=self.context, attention=casebook.attention(casebook.case(case_id), now), now=now)

    def _show_head(self) -> None:
        entry, speech = self._view.attention, self.context.speech
        case, mark = entry.case, state_mark(entry)
        rung = current_rung(case, self.context.casebook.rules)
        room = max(1, self.size.width - 2 - show.width(case.ref) - 2)
        title = show.line((show.pad(case.title, room), Tone.STRONG), "  ", (case.ref, Tone.QUIET))
        standing = show.join(
            (" · ", Tone.FAINT),
            [
                (f"{mark.glyph} {speech.say(mark.word)}", mark.tone),
                silence_words(entry.silence, speech),
                speech.say(TURNS[entry.silence.standing.turn]),
                speech.say(rung.label) if rung is not None else "",
            ],
        )
        step = show.line((speech("Next") + "  ", Tone.QUIET), (speech.say(entry.next_step), Tone.ACCENT))
        self._head.update(Content("\n").join([title, standing, *show.wrap(step, self.size.width - 2)]))

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self.refresh_bindings()

    @on(LineList.Opened)
    def _opened(self) -> None:
        if self._body.why() is not None:
            self.action_why()

    @on(TabBar.Chosen)
    def _tab_chosen(self, event: TabBar.Chosen) -> None:
        self.action_section(event.index)

    def action_section(self, index: int) -> None:
        """Open a section and give it the keys."""
        self._at = index
        self._tabs.go(index)
        self._body.open(index)
        self.refresh_bindings()

    def action_turn(self, step: int) -> None:
        self.action_section((self._at + step) % len(SECTIONS))

    def action_back(self) -> None:
        self.dismiss(None)

    def action_quit(self) -> None:
        self.app.exit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "do" or possible(str(parameters[0]), self._body.selection())

    @work
    async def action_do(self, deed: str) -> None:
        """Do a deed on what is selected, and show what came of it."""
        speech, selection = self.context.speech, self._body.selection()
        if deed == "copy":
            entry = self._body.entry
            text = entry.text if entry is not None else ""
            self.app.copy_to_clipboard(text or record_text(selection, speech))
            self.notify(speech("Copied."), markup=False)
            return
        try:
            done = await self._deeds.do(deed, selection)
        except PddError as error:
            self.notify(speech.say(error.message), severity="error", markup=False)
            return
        if done is not None:
            self.refresh_case()
            self.notify(done.message, markup=False)

    def action_why(self) -> None:
        why = self._body.why()
        if why is None:
            self.notify(self.context.speech("Nothing was computed here."), markup=False)
            return
        self.app.push_screen(WhyScreen(self.context, self._view.case.title, why()))

    def action_handbook(self) -> None:
        self.app.push_screen(HandbookScreen(self.context, self.case_id), self._visited)

    def _visited(self, chosen: str | None) -> None:
        """Back from the handbook, where steps may have been ticked."""
        if chosen is not None and chosen != self.case_id:
            self._go_to(chosen)
        else:
            self.refresh_case()

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self.context, self))

    def action_command_palette(self) -> None:
        self.app.push_screen(Palette(self.context, self, self._go_to))

    def _go_to(self, case_id: str) -> None:
        self.app.switch_screen(CasePage(self.context, case_id))
