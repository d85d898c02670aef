"""The three panes of the desk and what is chosen in them: cases, contact log under its facts, due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Container

from pddtui.domain.agenda import Due
from pddtui.domain.attention import Attention
from pddtui.ui.context import Context
from pddtui.ui.selection import Selection, of_due, of_flags
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.facts import Facts
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.pane import Pane

__all__ = ["DeskPanes", "PaneName"]

PaneName = Literal["cases", "log", "due"]


class DeskPanes(Container):
    """Which of them are seen depends on the width of the screen; the style sheet decides."""

    def __init__(self, context: Context) -> None:
        super().__init__(id="panes")
        speech, rules = context.speech, context.casebook.rules
        self.cases = CaseList(speech, rules, id="cases-list")
        self.due = DueList(speech, id="due-list")
        self.filter = FilterBar(placeholder=speech("words, turn:theirs, is:quiet, is:overdue …"))
        self._facts = Facts(speech, rules, id="facts")
        self._log = ContactLog(speech, rules, newest_first=context.settings.log_newest_first, id="log-list")
        self._panes: dict[PaneName, tuple[Pane, LineList]] = {
            "cases": (Pane("1", speech("Cases"), (self.filter, self.cases), id="cases"), self.cases),
            "log": (Pane("2", speech("Contact log"), (self._facts, self._log), id="log"), self._log),
            "due": (Pane("3", speech("Due"), (self.due,), id="due"), self.due),
        }

    def compose(self) -> ComposeResult:
        for pane, _ in self._panes.values():
            yield pane

    @property
    def at(self) -> PaneName:
        """The pane that has the keys."""
        return next((name for name, (pane, _) in self._panes.items() if pane.has_focus_within), "cases")

    def go(self, name: PaneName) -> None:
        """Give the keys to a pane; in a narrow terminal it is also the one that is seen."""
        for other in self._panes:
            self.screen.set_class(other == name, f"-at-{other}")
        if name != "cases":
            self.screen.set_class(name == "due", "-beside-due")
        self._panes[name][1].focus()

    def show_cases(self, entries: Sequence[Attention], cursor: str | None) -> None:
        """List these cases, the cursor on one of them or where it was."""
        self.cases.show_cases(entries, filtered=bool(self.filter.text), cursor=cursor)
        self._panes["cases"][0].name_it(str(len(entries)))

    def show_due(self, lines: Sequence[Due], now: datetime) -> None:
        """List what is due."""
        self.due.show_due(lines, now)
        self._panes["due"][0].name_it(str(len(lines)) if lines else "")

    def show_case(self, entry: Attention | None, now: datetime) -> None:
        """Show facts and log of one case, or of none."""
        self._facts.show_case(entry)
        self._log.show_log(entry, now)
        self._panes["log"][0].name_it(entry.case.ref if entry is not None else "")

    def selection(self, entry: Attention | None) -> Selection | None:
        """What a key acts on, with `entry` as the case that is shown."""
        at = self.at
        if at == "due" and (line := self.due.due(self.due.cursor_key)) is not None:
            return of_due(line)
        if entry is None:
            return None
        key = self._log.cursor_key
        if at == "log" and (contact := self._log.contact(key)) is not None:
            return Selection(case=entry.case, contact=contact, promise=self._log.promise(key))
        return of_flags(entry.case, entry.flags)
