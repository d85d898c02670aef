"""A case as a document: headings, facts and tables of finished texts in one language, for any form of paper.

Whoever prints it adds no words of its own and reads nothing into the texts: they are data, also where they look like
markup.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pddtui.services.exchange.chart import Chart

__all__ = ["Bar", "Dossier", "Gauge", "Gauges", "Papers", "Row", "Section", "Table", "Tone"]

Tone = Literal["", "bad", "good", "quiet"]
"""What a row is. The words always say the same."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of a table."""

    cells: tuple[str, ...]
    """One text for each column; it may have several lines."""
    tone: Tone = ""


class Table(Struct, frozen=True, kw_only=True):
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Section(Struct, frozen=True, kw_only=True):
    """A part of a dossier. Only what it has is printed."""

    id: str
    """Stable, for the look: `promises`."""
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    """Names and what they are."""
    text: str = ""
    table: Table | None = None
    chart: Chart | None = None
    note: str = ""
    """In small letters under it."""

    @property
    def blank(self) -> bool:
        return not (self.facts or self.text or self.chart or (self.table and self.table.rows))


class Dossier(Struct, frozen=True, kw_only=True):
    """One case."""

    ref: str
    title: str
    standing: str
    """How the matter stands, in one sentence."""
    figures: tuple[tuple[str, str], ...]
    """The few numbers that tell most: a number and what it counts."""
    sections: tuple[Section, ...]


class Bar(Struct, frozen=True, kw_only=True):
    """A length drawn from `x` on, or a column that stands there; both out of a hundred."""

    kind: str
    """Stable, for the look: `broken`."""
    x: float
    length: float


class Gauge(Struct, frozen=True, kw_only=True):
    """One thing that was counted: its name, the numbers in words, and what is drawn of them."""

    label: str
    told: str
    bars: tuple[Bar, ...] = ()
    """One behind the other."""
    columns: tuple[Bar, ...] = ()
    """One a week, or one a case."""


class Gauges(Struct, frozen=True, kw_only=True):
    """Things whose bars can be compared."""

    title: str
    rows: tuple[Gauge, ...]
    legend: tuple[tuple[str, str], ...] = ()
    """Kinds of bars and what they are."""


class Papers(Struct, frozen=True, kw_only=True):
    """What is printed together."""

    language: Literal["zh", "en"]
    title: str
    prepared: str
    """When, and how much is hidden."""
    contents: str
    """The heading of the list of cases, when there are several."""
    dossiers: tuple[Dossier, ...]
    numbers: str
    """The heading of what the cases say together."""
    gauges: tuple[Gauges, ...]
    closing: tuple[str, ...]
    """What the reader should know of how it was made."""
