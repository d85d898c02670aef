"""Everything about one case, in sections: facts, log, promises, evidence, clocks, ladder, timeline, history.

The page shows the case as the casebook has it; whoever learns that it has changed calls `refresh_case`. The
cursor stays on its record in every section, and the deeds are those of the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from pddtui.domain.case import TURNS, Case
from pddtui.domain.deadlines import deadlines
from pddtui.domain.ladder import current_rung
from pddtui.errors import NotFound, PddError
from pddtui.message import Message
from pddtui.services.explain import why_deadline, why_promise
from pddtui.ui import actions, show, themes
from pddtui.ui.actions import Action, Place
from pddtui.ui.context import Context
from pddtui.ui.screens.deeds import CaseActions
from pddtui.ui.screens.handbook import HandbookScreen
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.screens.why import WhyScreen
from pddtui.ui.sections.clocks import change_rows, clock_rows
from pddtui.ui.sections.entry import SectionRow, View, Why
from pddtui.ui.sections.evidence import evidence_rows
from pddtui.ui.sections.facts import fact_rows, rung_rows
from pddtui.ui.sections.promises import promise_rows
from pddtui.ui.selection import Selection, Spot, record_text, why_not
from pddtui.ui.show import Tone, mark_words, silence_words
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.pane import TabBar
from pddtui.ui.widgets.timeline import Timeline
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["PAGE_SECTIONS", "CasePage"]


class PageSection(Struct, frozen=True):
    """One part of the page."""

    id: str
    word: Message
    rows: Callable[[View], Iterator[SectionRow]] | None = None
    """None for the sections that have a widget of their own."""


_ROWS: dict[str, Callable[[View], Iterator[SectionRow]] | None] = {
    "facts": fact_rows,
    "log": None,
    "promises": promise_rows,
    "evidence": evidence_rows,
    "clocks": clock_rows,
    "ladder": rung_rows,
    "timeline": None,
    "changes": change_rows,
}

PAGE_SECTIONS: tuple[PageSection, ...] = tuple(
    PageSection(name, action.word, rows) for (name, rows), action in zip(_ROWS.items(), actions.SECTIONS, strict=True)
)


class CaseBody(Vertical):
    """Give it a case with `show_case`; `open` goes to a section."""

    def __init__(self, context: Context, view: View) -> None:
        super().__init__()
        speech, rules = context.speech, context.casebook.rules
        self._view = view
        self._section = PAGE_SECTIONS[0]
        self._entries: dict[str, SectionRow] = {}
        self._cursors: dict[str, str | None] = {}
        """Where the cursor was in the sections that share the list."""
        self._list = LineList(self._lines_of, id="section")
        self._log = ContactLog(speech, rules, newest_first=context.settings.log_newest_first, id="case-log")
        self._timeline = Timeline(speech, rules, id="timeline")

    def compose(self) -> ComposeResult:
        yield self._list
        yield self._log
        yield self._timeline

    def show_case(self, view: View) -> None:
        """Show the case in this state; every cursor stays on its record."""
        self._view = view
        casebook = view.context.casebook
        self._log.show_log(view.attention, view.now)
        found = deadlines(view.case, view.now, casebook.rules, casebook.calendar)
        self._timeline.show_case(view.attention, found, view.now)
        self._fill()

    def open(self, index: int, key: str | None = None) -> None:
        """Go to a section and give it the keys, the cursor on the row with that key or where it was."""
        self._section = PAGE_SECTIONS[index]
        if key is not None:
            self._cursors[self._section.id] = key
        shown = self.shown
        for widget in (self._list, self._log, self._timeline):
            widget.display = widget is shown
        self._fill()
        if key is not None:
            shown.select(key)
        shown.focus()

    @property
    def shown(self) -> LineList:
        """The list that has the section."""
        match self._section.id:
            case "log":
                return self._log
            case "timeline":
                return self._timeline
        return self._list

    @property
    def entry(self) -> SectionRow | None:
        """The row under the cursor, in the sections that are made of entries."""
        return self._entries.get(self._list.cursor_key or "") if self.shown is self._list else None

    def selection(self) -> Selection:
        """What the keys act on: the thing under the cursor, else the case alone."""
        case, key, entry = self._view.case, self.shown.cursor_key, self.entry
        if entry is not None and entry.selection is not None:
            return entry.selection
        if self.shown is self._log and (contact := self._log.contact(key)) is not None:
            return Selection(case=case, contact=contact, promise=self._log.promise(key))
        if self.shown is self._timeline and (made := self._timeline.promise(key)) is not None:
            return Selection(case=case, contact=made[0], promise=made[1])
        if self.shown is self._timeline and (said := self._timeline.contact) is not None:
            return Selection(case=case, contact=said)
        return Selection(case=case)

    def why(self) -> Why | None:
        """What explains the row under the cursor; None where nothing was computed."""
        if (entry := self.entry) is not None:
            return entry.why
        casebook, handbook = self._view.context.casebook, self._view.context.handbook
        on, key = self.selection(), self.shown.cursor_key
        contact, promise = on.contact, on.promise
        if contact is not None and promise is not None:
            return lambda: why_promise(casebook, contact, promise)
        deadline = self._timeline.clock(key) if self.shown is self._timeline else None
        return (lambda: why_deadline(deadline, handbook)) if deadline is not None else None

    def _fill(self) -> None:
        if self._section.rows is None:
            return
        self._entries = distinct((entry.key, entry) for entry in self._section.rows(self._view))
        rows = [Row(key, heading=entry.heading) for key, entry in self._entries.items()]
        self._list.set_rows(rows, cursor=self._cursors.get(self._section.id))

    def _lines_of(self, key: str, cells: int) -> list[Content]:
        entry = self._entries[key]
        lines = list(entry.look(cells))
        apart = entry.heading and key != next(iter(self._entries))
        return [Content(""), *lines] if apart else lines

    @on(LineList.Highlighted, "#section")
    def _highlighted(self, event: LineList.Highlighted) -> None:
        if self.shown is self._list:
            self._cursors[self._section.id] = event.key


PAGE_HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (18, "-high")]
"""In a low terminal the next step makes room for the rows."""


class CaseHead(Widget):
    """What stands over every section: title and number, how the case stands, and the one thing to do now."""

    def __init__(self, view: View) -> None:
        super().__init__(id="case-head")
        self._view = view

    def show_case(self, view: View) -> None:
        self._view = view
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n").join(self.lines(self.content_size.width))

    def lines(self, cells: int) -> list[Content]:
        """The title, the standing, then the step in as many lines as it takes."""
        view = self._view
        entry, speech, rules = view.attention, view.speech, view.context.casebook.rules
        case, mark, turn = entry.case, entry.state, TURNS[entry.turn]
        rung = current_rung(case, rules)
        room = max(1, cells - show.width(case.ref) - 2)
        title = show.line((show.pad(case.title, room), Tone.STRONG), "  ", (case.ref, Tone.QUIET))
        standing = show.join(
            (" · ", Tone.FAINT),
            [
                mark_words(mark, speech),
                silence_words(entry.silence, speech),
                speech.say(turn) if turn != mark.word else "",
                speech.say(rung.label) if rung is not None else "",
            ],
        )
        step = show.line((speech("Next") + "  ", Tone.QUIET), (speech.say(entry.next_step), Tone.ACCENT))
        return [title, standing, *show.wrap(step, cells)]


class CasePage(PageScreen):
    """One case. Escape goes back to where the person came from."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "case"
    VERTICAL_BREAKPOINTS = PAGE_HEIGHTS

    def __init__(self, context: Context, case_id: str, spot: Spot | None = None) -> None:
        """`spot` is where to begin; the facts, without one."""
        super().__init__(context)
        self._spot = spot or Spot("facts")
        self._case_actions = CaseActions(context, self)
        self._view = self._look_up(case_id)
        self._at = 0
        """Index of the open section."""
        self._head = CaseHead(self._view)
        self._tabs = TabBar([context.speech.say(section.word) for section in PAGE_SECTIONS])
        self._body = CaseBody(context, self._view)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._tabs
        yield self._body
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._body.show_case(self._view)
        sections = [section.id for section in PAGE_SECTIONS]
        self._go(sections.index(self._spot.section), self._spot.key)

    def on_screen_resume(self) -> None:
        """Another window may have changed the case while a form or a question lay over this page."""
        if self.context.casebook.store.cases().get(self.case_id) is not self._view.case:
            self.refresh_case()

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
        self._head.show_case(self._view)
        self._body.show_case(self._view)
        self.refresh_bindings()

    def show_again(self) -> None:
        self.refresh_case()

    def take_in(self, changed: frozenset[str]) -> None:
        if self.case_id in changed:
            self.refresh_case()

    def _look_up(self, case_id: str) -> View:
        casebook = self.context.casebook
        now = casebook.now()
        return View(context=self.context, attention=casebook.attention(casebook.case(case_id), now), now=now)

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
        self._go(index)

    def _go(self, index: int, key: str | None = None) -> None:
        self._at = index
        self._tabs.go(index)
        self._body.open(index, key)
        self.refresh_bindings()

    def action_turn(self, step: int) -> None:
        self.action_section((self._at + step) % len(PAGE_SECTIONS))

    def chosen_case(self) -> Case:
        return self._view.case

    def why_not(self, action: Action) -> Message | None:
        return why_not(action, self._body.selection())

    async def deed(self, action_id: str) -> None:
        speech, selection = self.context.speech, self._body.selection()
        if action_id == "program.copy":
            entry = self._body.entry
            text = entry.text if entry is not None else ""
            self.app.copy_to_clipboard(text or record_text(selection, speech))
            return
        try:
            done = await self._case_actions.do(action_id, selection)
        except PddError as error:
            self.decline(speech.say(error.message))
            return
        if done is not None:
            self.refresh_case()
            self.tell(done.message)

    def action_why(self) -> None:
        why = self._body.why()
        if why is None:
            self.decline(self.context.speech("Nothing on this line was calculated."))
            return
        self.app.push_screen(WhyScreen(self.context, self._view.case.title, why(), why))

    def action_handbook(self) -> None:
        self.app.push_screen(HandbookScreen(self.context, self.case_id), self._visited)

    def _visited(self, chosen: str | None) -> None:
        """Back from the handbook, where steps may have been ticked."""
        if chosen is not None and chosen != self.case_id:
            self.go_to(chosen)
        else:
            self.refresh_case()

    def go_to(self, case_id: str) -> None:
        self.app.switch_screen(CasePage(self.context, case_id))
