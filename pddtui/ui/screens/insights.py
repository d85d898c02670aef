"""What all cases say together, drawn: promises, silence by side, time, money, effort.

It gives back the id of the case that was chosen in the palette, or None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from pddtui.services.insights import (
    BLOCKS,
    PIECES,
    InsightRow,
    InsightSection,
    PieceKind,
    insights,
    insights_rows,
    lengths,
    price_back,
    sparkline,
    telephones,
)
from pddtui.ui import show, themes
from pddtui.ui.actions import Place
from pddtui.ui.context import Context
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import ReadingPane

__all__ = ["InsightsScreen"]

_TONES: dict[PieceKind, Tone] = {
    "kept": Tone.GOOD,
    "broken": Tone.RED,
    "overdue": Tone.AMBER,
    "running": Tone.ACCENT,
    "other": Tone.QUIET,
    "plain": Tone.ACCENT,
    "quiet": Tone.QUIET,
}

_LABEL = 26
"""The most cells of a name beside its bar."""
_BARS = range(14, 49)
"""How many cells a bar beside its words has; with less room it goes under them."""
_COPIED = 80
"""Cells of a line that is copied."""


class InsightsScreen(PageScreen):
    """A text of bars, to be read and copied."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "insights"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._sections: Sequence[InsightSection] = ()
        self._pane: ReadingPane | None = None
        """None until there is something to read."""

    def compose(self) -> ComposeResult:
        yield Static(show.plain(self.context.speech("Insights"), Tone.STRONG), classes="page--title")
        yield Container(id="insights")
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._load()

    def show_again(self) -> None:
        self._load()

    def take_in(self, changed: frozenset[str]) -> None:  # noqa: ARG002 -- it counts all
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        """Look through all cases without holding up the screen."""
        casebook, book = self.context.casebook, self.context.handbook
        cases, now = casebook.cases(), casebook.now()
        phones, refunds = telephones(book), price_back(book)
        found = await self.context.clerk.do(lambda: insights(cases, now, casebook.rules, phones, refunds))
        self._sections = insights_rows(found, casebook.rules, book)
        if self._pane is None:
            self._pane = ReadingPane(self._look)
            await self.query_one("#insights").mount(self._pane)
        else:
            self._pane.renew()

    def _look(self, cells: int) -> list[Content]:
        if not self._sections:
            return [show.plain(self.context.speech("There are no cases yet."), Tone.QUIET)]
        lines: list[Content] = []
        for section in self._sections:
            lines += [Content(""), show.line((self.context.speech.say(section.title), Tone.STRONG))]
            lines += self._rows(section, cells)
            if section.legend:
                lines += show.wrap(self._legend(), cells)
        return lines[1:]

    def _rows(self, section: InsightSection, cells: int) -> Iterator[Content]:
        speech = self.context.speech
        rows = [(speech.render(row.label), speech.render(row.said), row) for row in section.rows]
        names = min(_LABEL, max(show.width(speech.render(row.label)) for each in self._sections for row in each.rows))
        room = cells - names - 4 - max(show.width(said) for _, said, _ in rows)
        for label, said, row in rows:
            if room in _BARS or room >= _BARS.stop:
                bar = show.one_row(_bar(row, section.full, min(room, _BARS[-1])), min(room, _BARS[-1]))
                yield show.line(show.pad(label, names), "  ", bar, "  ", (said, Tone.QUIET))
            else:
                yield from show.wrap(show.line(label, "  ", (said, Tone.QUIET)), cells)
                yield _bar(row, section.full, cells)

    def _legend(self) -> Content:
        speech = self.context.speech
        words = [(show.line((BLOCKS[kind], _TONES[kind]), f" {speech.say(word)}")) for kind, word in PIECES.items()]
        return show.join("  ", words)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n".join(line.plain.rstrip() for line in self._look(_COPIED)))


def _bar(row: InsightRow, full: float, cells: int) -> Content:
    if row.trend:
        return show.line((sparkline(row.trend, cells), Tone.ACCENT))
    taken = lengths([piece.n for piece in row.pieces], full, cells)
    return show.line(
        *((BLOCKS[piece.kind] * n, _TONES[piece.kind]) for piece, n in zip(row.pieces, taken, strict=True))
    )
