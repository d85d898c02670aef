"""The body of the case page: one section at a time, with the cursor of each kept, and what stands under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from pddtui.domain.deadlines import deadlines
from pddtui.message import Message, msg
from pddtui.services.explain import why_deadline, why_promise
from pddtui.ui.context import Context
from pddtui.ui.sections.changes import changes
from pddtui.ui.sections.clocks import clocks
from pddtui.ui.sections.entry import Entry, View, Why
from pddtui.ui.sections.evidence import evidence
from pddtui.ui.sections.facts import facts
from pddtui.ui.sections.promises import promises
from pddtui.ui.sections.rungs import rungs
from pddtui.ui.selection import Selection
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.lines import LineList, Row
from pddtui.ui.widgets.timeline import Timeline
from pddtui.ui.widgets.viewport import distinct

__all__ = ["SECTIONS", "CaseBody", "Section"]


class Section(Struct, frozen=True):
    """One part of the page."""

    id: str
    word: Message
    rows: Callable[[View], Iterator[Entry]] | None = None
    """None for the sections that have a widget of their own."""


SECTIONS: tuple[Section, ...] = (
    Section("facts", msg("Facts"), facts),
    Section("log", msg("Contact log")),
    Section("promises", msg("Promises"), promises),
    Section("evidence", msg("Evidence"), evidence),
    Section("clocks", msg("Deadlines"), clocks),
    Section("ladder", msg("Ladder"), rungs),
    Section("timeline", msg("Timeline")),
    Section("changes", msg("History"), changes),
)


class CaseBody(Vertical):
    """Give it a case with `show_case`; `open` goes to a section."""

    def __init__(self, context: Context, view: View) -> None:
        super().__init__()
        speech, rules = context.speech, context.casebook.rules
        self._view = view
        self._section = SECTIONS[0]
        self._entries: dict[str, Entry] = {}
        self._cursors: dict[str, str | None] = {}
        """Where the cursor was in the sections that share the list."""
        self._list = LineList(self._lines_of, id="section")
        self._log = ContactLog(speech, rules, newest_first=context.settings.log_newest_first, id="case-log")
        self._timeline = Timeline(speech, id="timeline")

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

    def open(self, index: int) -> None:
        """Go to a section and give it the keys."""
        self._section = SECTIONS[index]
        shown = self.shown
        for widget in (self._list, self._log, self._timeline):
            widget.display = widget is shown
        self._fill()
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
    def entry(self) -> Entry | None:
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
