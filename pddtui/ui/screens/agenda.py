"""The agenda: a month with its working days, days off and make-up days, and what is due on the day under the cursor.

From 100 columns on the list stands beside the month, below that under it. It gives back the id of the case that
was chosen, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from pddtui.domain.attention import AgendaLine
from pddtui.domain.silence import Level
from pddtui.domain.workdays import Day
from pddtui.errors import PddError
from pddtui.message import MONTHS, Message, msg
from pddtui.ui import show, themes
from pddtui.ui.actions import Place
from pddtui.ui.bindings import deed_keys
from pddtui.ui.context import Context
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.month import DayLoad, MonthGrid, holiday
from pddtui.ui.widgets.pane import Pane

__all__ = ["AgendaScreen"]


class AgendaScreen(PageScreen):
    """What is due in all cases, day by day."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "agenda"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        speech, casebook = context.speech, context.casebook
        self._today = casebook.now().date()
        self._due: Mapping[date, Sequence[AgendaLine]] = {}
        self._month = MonthGrid(speech, casebook.calendar, self._today, id="month-grid")
        self._list = DueList(speech, deed_keys(context.settings.keys, speech), id="day-list")
        self._left = Pane("1", speech("Agenda"), (self._month,), id="month")
        self._right = Pane("2", speech("Day"), (self._list,), id="day")

    def compose(self) -> ComposeResult:
        with Container(id="agenda"):
            yield self._left
            yield self._right
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._list.set_empty(show.plain(self.context.speech("Nothing is due on this day."), Tone.QUIET))
        self._show_day()
        self._month.focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        """Gather what is due; over many cases that takes a moment, and the month is shown without it."""
        try:
            lines = await self.context.clerk.do(self.context.casebook.agenda)
        except PddError as error:
            self.decline(self.context.speech.say(error.message))
            return
        zone = self.context.speech.zone
        days: dict[date, list[AgendaLine]] = {}
        for line in lines:
            days.setdefault(line.flag.due.astimezone(zone).date(), []).append(line)
        self._due = days
        self._month.load({day: _load_of(found) for day, found in self._due.items()})
        self._show_day()

    def show_again(self) -> None:
        self._today = self.context.casebook.now().date()
        self._month.turn_to(self._today)
        self._show_day()
        self._load()

    def take_in(self, changed: frozenset[str]) -> None:  # noqa: ARG002 -- it shows all
        self._load()

    @on(MonthGrid.Moved)
    def _show_day(self) -> None:
        speech, day = self.context.speech, self._month.day
        known = self.context.casebook.calendar.day(day)
        due = self._due.get(day, ())
        self._left.name_it(speech.say(self._month_words(known)))
        words = [speech.day(day), speech("due: {n}", n=len(due)) if due else "", speech.say(_what(known, self._today))]
        self._right.name_it(" · ".join(part for part in words if part))
        self._list.show_day(due, self.context.casebook.now())
        self.refresh_bindings()

    def _month_words(self, day: Day) -> Message:
        month, year = MONTHS[day.date.month - 1], day.date.year
        if day.estimated:
            return msg("{month} {year} ~ estimated, calendar not published", month=month, year=str(year))
        return msg("{month} {year}", month=month, year=str(year))

    @on(MonthGrid.Opened)
    def _to_list(self) -> None:
        if self._list.cursor_key is not None:
            self._list.focus()
        else:
            self.decline(self.speech("Nothing is due on this day."))

    @on(LineList.Opened)
    def _open(self, event: LineList.Opened) -> None:
        item = self._list.act(event.key)
        if item is not None:
            self.dismiss(item.case.id)

    def action_today(self) -> None:
        self._month.go_to(self._today)

    def action_due(self, step: int) -> None:
        """To the nearest day after or before this one on which something is due."""
        here = self._month.day
        beyond = [day for day in self._due if (day > here if step > 0 else day < here)]
        if beyond:
            self._month.go_to(min(beyond) if step > 0 else max(beyond))
        else:
            self.decline(self.context.speech("Nothing more is due in that direction."))

    def action_other_pane(self) -> None:
        if self._list.has_focus:
            self._month.focus()
        else:
            self._to_list()

    def action_back(self) -> None:
        if self._list.has_focus:
            self._month.focus()
        else:
            self.dismiss(None)


def _load_of(lines: Sequence[AgendaLine]) -> DayLoad:
    levels = {line.flag.level for line in lines}
    worst: Level | None = "red" if "red" in levels else "amber" if "amber" in levels else None
    return DayLoad(len(lines), worst)


def _what(day: Day, today: date) -> Message:
    """Working day, day off or make-up day with its feast, and whether it is today or an estimate."""
    kind = day.reason or msg("working day")
    if not day.works and not holiday(day):
        kind = msg("weekend")
    if day.estimated:
        kind = msg("{kind}, estimated", kind=kind)
    return msg("today, {kind}", kind=kind) if day.date == today else kind
