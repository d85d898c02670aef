"""One row of a section of the case page: what it looks like, what the keys act on, and what explains it.

The looks that several sections share are here, so that names, values and notes stand in the same columns
everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from pddtui.domain.attention import Attention
from pddtui.domain.case import Case
from pddtui.message import Words
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.selection import Selection
from pddtui.ui.show import TextPart, Tone

__all__ = ["NARROW", "SectionRow", "View", "Why", "dated", "empty", "heading", "lines", "named_value"]

NAME_CELLS = 17
"""Cells of the column with names; half of the width where that is less."""

STATE_CELLS, DUE_CELLS = 10, 16
"""Cells of the columns with a state and with a date."""

NARROW = 60
"""With fewer cells a row says one thing a line."""

Why = Callable[[], Sequence[Words]]
"""Works out why a row says what it says, when somebody asks."""


class View(Struct, frozen=True, kw_only=True):
    """What a section is made from."""

    context: Context
    attention: Attention
    now: datetime

    @property
    def case(self) -> Case:
        return self.attention.case

    @property
    def speech(self) -> Speech:
        return self.context.speech


class SectionRow(Struct, frozen=True, kw_only=True):
    """A row."""

    key: str
    """Stable and unique in its section."""
    look: Callable[[int], Sequence[Content]]
    """Its lines for so many cells."""
    heading: bool = False
    selection: Selection | None = None
    """The thing the keys act on, where the row stands for one."""
    why: Why | None = None
    text: str = ""
    """What is copied, where that is not the text of the thing."""


def heading(key: str, *parts: TextPart) -> SectionRow:
    """The title of a group of rows."""
    content = show.line(*parts)
    return SectionRow(key=f"heading:{key}", look=lambda _: [content], heading=True)


def empty(key: str, sentence: str) -> SectionRow:
    """A sentence where there is nothing to list, with what to do about it."""
    return SectionRow(key=f"empty:{key}", look=lambda cells: show.wrap(show.plain(sentence, Tone.QUIET), cells))


def named_value(key: str, name: str, value: str, tone: Tone = Tone.PLAIN) -> SectionRow:
    """A name and its value side by side, each wrapped under itself."""

    def look(cells: int) -> Sequence[Content]:
        return show.beside(show.plain(name, Tone.QUIET), show.plain(value, tone), cells, min(NAME_CELLS, cells // 2))

    return SectionRow(key=key, look=look, text=value)


def dated(state: Content, due: Content, what: Content, *below: Content | str) -> Callable[[int], Sequence[Content]]:
    """A state, a date and what it is about side by side; in a narrow terminal what it is about stands under them."""

    def look(cells: int) -> Sequence[Content]:
        if cells < NARROW:
            return lines(show.line(state, "  ", due), what, *below)(cells)
        head = show.line(show.one_row(state, STATE_CELLS), "  ", show.one_row(due, DUE_CELLS), "  ", what)
        return lines(head, *below)(cells)

    return look


def lines(head: Content, *below: Content | str, indent: int = 2) -> Callable[[int], Sequence[Content]]:
    """A head, wrapped with what follows indented under it, and the rest wrapped in the same column."""

    def look(cells: int) -> Iterator[Content]:
        first, *rest = show.wrap(head, cells)
        yield first
        room = max(2, cells - indent)
        margin = " " * indent
        for line in rest:
            yield show.line(margin, line)
        for part in below:
            for line in show.wrap(part if isinstance(part, Content) else show.plain(part, Tone.QUIET), room):
                yield show.line(margin, line)

    return lambda cells: tuple(look(cells))
