"""What is due in all cases, in sections, each line with its case and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from textual.content import Content

from pddtui.domain.agenda import Due, Section, section
from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.lines import LineList, Row
from pddtui.ui.words import KINDS, due_day, level_mark

__all__ = ["DueList"]

SECTIONS: dict[Section, Message] = {
    "overdue": msg("Overdue"),
    "today": msg("Today"),
    "week": msg("Within a week"),
    "later": msg("Later"),
}


class DueList(LineList):
    """Two lines a thing. Keys are those of `Due.key`."""

    def __init__(self, speech: Speech, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, empty=show.plain(speech("Nothing is due."), Tone.QUIET))
        self._speech = speech
        self._lines_due: dict[str, Due] = {}

    def show_due(self, lines: Sequence[Due], now: datetime) -> None:
        """Show these, soonest first, in their sections."""
        self._lines_due = {line.key: line for line in lines}
        rows: list[Row] = []
        for name, members in groupby(lines, key=lambda line: section(line.flag, now)):
            rows.append(Row(f"section:{name}", heading=True))
            rows.extend(Row(line.key, stamp=line) for line in members)
        self.set_rows(rows)

    def due(self, key: str | None) -> Due | None:
        """The thing on the row with that key."""
        return self._lines_due.get(key or "")

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        kind, _, name = key.partition(":")
        if kind == "section":
            return [show.plain(self._speech.say(SECTIONS[name]))] if name in SECTIONS else []
        line, speech = self._lines_due[key], self._speech
        flag = line.flag
        glyph, tone = level_mark(flag.level, overdue=flag.overdue)
        day = due_day(flag.due, speech, estimated=flag.estimated)
        when = f"{day} {speech.clock(flag.due)}" if flag.kind != "quiet" and not _whole(flag.due, speech) else day
        head = show.line(
            (f"{glyph} ", tone),
            (when, tone or Tone.STRONG),
            "  ",
            (speech.say(KINDS[flag.kind]), tone or Tone.QUIET),
            "  ",
            speech.render(flag.text),
        )
        name = show.cut(f"{line.case.ref.rpartition('-')[2]} {line.case.title}", max(12, cells * 2 // 5))
        tail = show.line(
            "  ",
            (name, Tone.QUIET),
            ("  → ", Tone.QUIET),
            (speech.say(flag.next_step), Tone.ACCENT if flag.level is not None else Tone.QUIET),
        )
        return head, tail


def _whole(due: datetime, speech: Speech) -> bool:
    return speech.clock(due) == "23:59"
