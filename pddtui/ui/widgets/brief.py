"""A brief as lines of any width, and the card of it that stands beside a form."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from pddtui.services.brief import BriefRow
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["CallCard", "brief_lines", "brief_text"]

_ROOM = 20
"""Cells beside the labels from which on these have a column of their own."""


def _words(row: BriefRow, speech: Speech) -> list[str]:
    return [speech.render(said) for said in row.said]


def brief_lines(rows: Sequence[BriefRow], cells: int, speech: Speech) -> list[list[Content]]:
    """The lines of each row, wrapped and never cut; of several things to one label each begins with a dot."""
    column = max((show.width(speech.say(row.label)) for row in rows), default=0) + 2
    return [_lines(row, cells, column if cells - column >= _ROOM else 0, speech) for row in rows]


def _lines(row: BriefRow, cells: int, column: int, speech: Speech) -> list[Content]:
    label, tone = speech.say(row.label), show.tone(row.tone)
    lines: list[Content] = [] if column else [show.line((label, Tone.QUIET))]
    margin = column or 2
    for place, words in enumerate(_words(row, speech)):
        dot = "· " if len(row.said) > 1 else ""
        head = show.pad(label if column and not place else "", margin)
        first, *rest = show.wrap(show.plain(words, tone), cells - margin - len(dot))
        lines.append(show.line((head, Tone.QUIET), (dot, Tone.FAINT), first))
        lines += [show.line(" " * (margin + len(dot)), line) for line in rest]
    return lines


def brief_text(title: str, rows: Sequence[BriefRow], speech: Speech) -> str:
    """The brief as plain text, a line each."""
    lines = [title]
    for row in rows:
        lines += [speech("{name}: {words}", name=row.label, words=words) for words in _words(row, speech)]
    return "\n".join(lines)


class CallCard(Widget):
    """The part of a brief that is needed while one speaks. Rows that do not fit are left out as a whole."""

    def __init__(self, speech: Speech, more: str) -> None:
        """`more` says which key shows all of it."""
        super().__init__(classes="call-card")
        self._speech = speech
        self._more = more
        self._rows: tuple[BriefRow, ...] = ()

    def show_rows(self, rows: Sequence[BriefRow]) -> None:
        shown = tuple(sorted((row for row in rows if row.card), key=lambda row: row.way))
        if shown != self._rows:
            self._rows = shown
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        return len(self._lines(width, container.height))

    def render(self) -> Content:
        return Content("\n").join(self._lines(max(1, self.content_size.width), self.content_size.height))

    def _lines(self, cells: int, height: int) -> list[Content]:
        said = [show.line((self._speech("Call card"), Tone.STRONG), ("  " + self._more, Tone.QUIET)), show.plain("")]
        for lines in brief_lines(self._rows, cells, self._speech):
            if len(said) + len(lines) <= height:
                said += lines
        return said
