"""What is due in all cases, in sections, each line with its case and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from pddtui.domain.attention import AGENDA_SECTIONS, AgendaLine, AgendaSection, by_section
from pddtui.domain.flags import FLAG_KINDS
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone, due_day, level_mark
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["DueList"]


class DueList(LineList):
    """Two lines a thing, under the headings of their sections. Keys are those of `AgendaLine.key`."""

    def __init__(self, speech: Speech, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, empty=show.plain(speech("Nothing is due."), Tone.QUIET))
        self._speech = speech
        self._shown: dict[str, AgendaLine | AgendaSection] = {}

    def show_due(self, lines: Sequence[AgendaLine], now: datetime) -> None:
        """Show these, each section in the order given."""
        pairs: list[tuple[str, AgendaLine | AgendaSection]] = []
        for name, members in by_section(lines, now).items():
            pairs.append((f"section:{name}", name))
            pairs.extend((line.key, line) for line in members)
        self._shown = distinct(pairs)
        self.set_rows([Row(key, stamp=each, heading=isinstance(each, str)) for key, each in self._shown.items()])

    def due(self, key: str | None) -> AgendaLine | None:
        """The thing on the row with that key."""
        line = self._shown.get(key or "")
        return line if isinstance(line, AgendaLine) else None

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        line, speech = self._shown[key], self._speech
        if not isinstance(line, AgendaLine):
            return [show.plain(speech.say(AGENDA_SECTIONS[line]))]
        flag = line.flag
        glyph, tone = level_mark(flag.level, overdue=flag.overdue)
        day = due_day(flag.due, speech, estimated=flag.estimated)
        whole = flag.kind in ("quiet", "look", "turn") or speech.clock(flag.due) == "23:59"
        when = day if whole else f"{day} {speech.clock(flag.due)}"
        head = show.line(
            (f"{glyph} ", tone),
            (when, tone or Tone.STRONG),
            "  ",
            (speech.say(FLAG_KINDS[flag.kind]), tone or Tone.QUIET),
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
