"""What the exported cases say together, as bars and columns on paper; the numbers stand beside them in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pddtui.domain.case import Case
from pddtui.services.exchange.paper import Bar, Gauge, Gauges
from pddtui.services.exchange.teller import Teller
from pddtui.services.insight_rows import PIECES, InsightRow, insights_rows, telephones
from pddtui.services.insights import insights

__all__ = ["FULL", "gauges"]

_OF_SEVERAL = frozenset({"cases", "by-role", "by-channel", "money"})
"""Sections that tell nothing new of a single case."""

FULL = 100.0
"""How long the longest bar of a section is, and how high its highest column."""


def gauges(cases: Sequence[Case], teller: Teller) -> tuple[Gauges, ...]:
    """The sections that have something to say."""
    found = insights(cases, teller.now, teller.rules, telephones(teller.handbook))
    return tuple(
        Gauges(
            title=teller(section.title),
            rows=tuple(_gauge(row, section.full, teller) for row in section.rows),
            legend=tuple((kind, teller(word)) for kind, word in PIECES.items()) if section.legend else (),
        )
        for section in insights_rows(found, teller.rules, teller.handbook)
        if found.cases > 1 or section.id not in _OF_SEVERAL
    )


def _gauge(row: InsightRow, full: float, teller: Teller) -> Gauge:
    return Gauge(
        label=teller(row.label),
        told=teller(row.told),
        bars=tuple(_bars(row, full)),
        columns=tuple(_columns(row.trend)),
    )


def _bars(row: InsightRow, full: float) -> Iterator[Bar]:
    x = 0.0
    for piece in row.pieces:
        width = round(FULL * piece.n / full, 2) if full else 0.0
        if width:
            yield Bar(kind=piece.kind, x=round(x, 2), length=width)
        x += width


def _columns(trend: Sequence[float]) -> Iterator[Bar]:
    top = max(trend, default=0)
    for number, value in enumerate(trend):
        if value:
            yield Bar(kind="plain", x=round(number * FULL / len(trend), 2), length=round(FULL * value / top, 2))
