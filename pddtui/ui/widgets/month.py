"""A month as a grid of days: which work, which are off and why, what is due on them, and the day under the cursor.

Weeks begin on Monday. A day off of a feast bears 休, a make-up day 班, both in words where there is room; the
number of things due stands beside a mark of their level. A day whose calendar is not published bears `~`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as Notice
from textual.widget import Widget

from pddtui.domain.duetime import DAYS_A_WEEK, day_or_last, end_of_month, weeks_of_month
from pddtui.domain.silence import Level
from pddtui.domain.workdays import Calendar, Day, weekday_or_weekend
from pddtui.message import msg
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.bindings import bindings
from pddtui.ui.show import TextPart, Tone

__all__ = ["DayLoad", "MonthGrid", "holiday", "make_up"]

HEAD = 1
"""Lines with the names of the weekdays."""
ROOMY = 9
"""Cells of a day from which marks are words."""
LINES = 4
"""The most lines a day takes."""
HIGH = 20
"""Lines of a screen from which a day takes two where the month does not fill it."""

_FIRST, _LAST = date(2004, 1, 1), date(2099, 12, 31)
"""From the first year whose calendar was published as far as anybody plans."""

_NAMES = (
    msg("Mon", context="month"),
    msg("Tue", context="month"),
    msg("Wed", context="month"),
    msg("Thu", context="month"),
    msg("Fri", context="month"),
    msg("Sat", context="month"),
    msg("Sun", context="month"),
)
"""Over the columns of a month Chinese needs but one character."""
_TONES: Mapping[Level | None, Tone] = {"red": Tone.RED, "amber": Tone.AMBER, None: Tone.ACCENT}
_GLYPHS: Mapping[Level | None, str] = {"red": "!", "amber": "!", None: "·"}


@dataclass(frozen=True)
class DayLoad:
    """How much is due on a day, and the worst level of it."""

    count: int
    level: Level | None


def holiday(day: Day) -> bool:
    """Whether it is off for another reason than that it is a Saturday or Sunday."""
    return not day.works and day.reason != weekday_or_weekend(day.date).reason


def make_up(day: Day) -> bool:
    """Whether it is worked although it is a Saturday or Sunday."""
    return day.works and not weekday_or_weekend(day.date).works


class MonthGrid(Widget, can_focus=True):
    """Shows the month of its day. The screen says with `load` what is due."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("month")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"month--cursor", "month--today", "month--off"}

    class Moved(Notice):
        """The cursor is on another day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    class Opened(Notice):
        """Enter or a double click on a day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, speech: Speech, calendar: Calendar, today: date, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._speech = speech
        self._calendar = calendar
        self._today = today
        self._day = today
        self._weeks = weeks_of_month(today)
        self._due: Mapping[date, DayLoad] = {}

    @property
    def day(self) -> date:
        """The day under the cursor."""
        return self._day

    def load(self, due: Mapping[date, DayLoad]) -> None:
        """Show how much is due on each day."""
        self._due = due
        self.refresh()

    def turn_to(self, today: date) -> None:
        """It is that day now; a cursor that was on today goes along."""
        before, self._today = self._today, today
        self.refresh()
        if self._day == before:
            self.go_to(today)

    def go_to(self, day: date) -> None:
        """Put the cursor on a day of any month."""
        before, self._day = self._day, min(max(day, _FIRST), _LAST)
        turned = (before.year, before.month) != (self._day.year, self._day.month)
        if turned:
            self._weeks = weeks_of_month(self._day)
        self.refresh(layout=turned)
        if self._day != before:
            self.post_message(self.Moved(self._day))

    def action_move(self, days: int) -> None:
        self.go_to(self._day + timedelta(days=days))

    def action_turn(self, months: int) -> None:
        self.go_to(day_or_last(months, self._day.day, self._day))

    def action_edge(self, last: int) -> None:
        self.go_to(end_of_month(0, self._day) if last else self._day.replace(day=1))

    def action_open(self) -> None:
        self.post_message(self.Opened(self._day))

    def on_click(self, event: events.Click) -> None:
        week, place = (event.y - HEAD) // self._lines, event.x // self._cells
        if 0 <= week < len(self._weeks) and place < DAYS_A_WEEK:
            self.go_to(self._weeks[week][place])
            if event.chain == 2:
                self.action_open()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """With `height: auto`, two lines a day, one where the screen is low."""
        return HEAD + len(self._weeks) * (2 if self.screen.size.height >= HIGH else 1)

    def render(self) -> Content:
        names = [show.pad(self._speech.say(name), self._cells) for name in _NAMES]
        lines = [show.line(*((name, Tone.QUIET) for name in names))]
        for week in self._weeks:
            days = [self._cell(day) for day in week]
            lines += [Content("").join([day[number] for day in days]) for number in range(self._lines)]
        return Content("\n").join(lines)

    @property
    def _cells(self) -> int:
        return max(4, self.size.width // DAYS_A_WEEK)

    @property
    def _lines(self) -> int:
        return max(1, min(LINES, (self.size.height - HEAD) // len(self._weeks)))

    def _cell(self, day: date) -> list[Content]:
        inside = day.month == self._day.month
        lines = [*self._day_lines(self._calendar.day(day), self._due.get(day))] if inside else []
        lines += [Content("")] * (self._lines - len(lines))
        return [self._styled(show.one_row(line, self._cells), day) for line in lines[: self._lines]]

    def _day_lines(self, day: Day, load: DayLoad | None) -> Iterator[Content]:
        mark = self._mark(day)
        due: TextPart = ""
        if load is not None:
            count = self._speech("{n} due", n=load.count) if self._cells >= ROOMY else str(load.count)
            due = (f"{_GLYPHS[load.level]}{count}", _TONES[load.level])
        head: list[TextPart] = [(f"{day.date.day:>2}", Tone.STRONG if day.works else Tone.QUIET)]
        if self._lines == 1 and load is not None:
            head.append(due)
        elif mark:
            head.append((f" {mark}" if self._cells >= ROOMY else mark, Tone.QUIET))
        if day.estimated and self._cells >= ROOMY:
            head.append(("~", Tone.QUIET))
        yield show.line(*head)
        yield show.line(" ", due)
        if day.reason is not None and (holiday(day) or make_up(day)):
            yield show.line(" ", (self._speech.render(day.reason.values.get("holiday", day.reason)), Tone.QUIET))

    def _mark(self, day: Day) -> str:
        speech = self._speech
        roomy = self._cells >= ROOMY
        if holiday(day):
            return speech("off") if roomy else speech("H")
        if make_up(day):
            return speech("work") if roomy else speech("W")
        return ""

    def _styled(self, line: Content, day: date) -> Content:
        """The day under the cursor and today, without the last cell, which keeps the days apart."""
        name = "cursor" if day == self._day else "today" if day == self._today else ""
        if not name:
            return line
        return line.stylize_before(self.get_visual_style(f"month--{name}"), 0, len(line.plain) - 1)
