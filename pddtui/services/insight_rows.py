"""Insights in words and lengths, for whoever draws them: a terminal, the desk, a page of HTML.

A row has a name, a bar of pieces against the scale of its section, and what the bar means in words, so that
nothing is said by a length or a colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from pddtui.domain.rules import Rules, Side
from pddtui.handbook.book import Handbook
from pddtui.message import Label, Message, Words, msg, plural
from pddtui.services.insight_facts import Insights, Promises, RungSilence, Spread

__all__ = [
    "BLOCKS",
    "PIECES",
    "SIDE_NAMES",
    "InsightRow",
    "InsightSection",
    "Piece",
    "PieceKind",
    "insights_rows",
    "telephones",
]

PieceKind = Literal["kept", "broken", "overdue", "running", "other", "plain", "quiet"]

PIECES: Mapping[PieceKind, Message] = {
    "kept": msg("kept"),
    "broken": msg("broken"),
    "overdue": msg("overdue"),
    "running": msg("still running"),
    "other": msg("replaced or waived"),
}
"""What the pieces of a bar of promises are, for a legend."""

BLOCKS: Mapping[PieceKind, str] = {
    "kept": "█",
    "plain": "█",
    "broken": "▓",
    "overdue": "▒",
    "running": "░",
    "other": "·",
    "quiet": "░",
}
"""What a piece is drawn with in a terminal, told apart without colour too."""

SIDE_NAMES: Mapping[Side, Label] = {
    "merchant": Label("商家", "shop"),
    "platform": Label("平台", "platform"),
    "courier": Label("快递", "courier"),
    "authority": Label("行政机关", "authority"),
    "association": Label("消费者组织", "association"),
    "court": Label("法院仲裁", "court"),
    "payment": Label("支付机构", "payment provider"),
    "public": Label("公众", "public"),
    "police": Label("公安", "police"),
}


class Piece(Struct, frozen=True):
    """A part of a bar."""

    n: float
    kind: PieceKind


class InsightRow(Struct, frozen=True, kw_only=True):
    """One thing that was counted."""

    label: Words
    """A plain text is a role as somebody said it."""
    told: Words
    """The numbers in words."""
    pieces: tuple[Piece, ...] = ()
    """The bar; empty where there is nothing to compare."""
    trend: tuple[float, ...] = ()
    """For a sparkline instead of a bar, oldest first."""


class InsightSection(Struct, frozen=True, kw_only=True):
    """Rows whose bars can be compared."""

    id: str
    """Stable, for the look: `by-side`."""
    title: Message
    rows: tuple[InsightRow, ...]
    legend: bool = False
    """Whether the pieces need the words of `PIECES`."""

    @property
    def full(self) -> float:
        """What the longest bar stands for."""
        return max((sum(piece.n for piece in row.pieces) for row in self.rows), default=0)


def telephones(book: Handbook) -> frozenset[str]:
    """The ids of the channels over which one calls."""
    return frozenset(channel.id for channel in book.channels if channel.kind == "phone")


def insights_rows(found: Insights, rules: Rules, book: Handbook) -> tuple[InsightSection, ...]:
    """The sections that have something to say, in reading order; none where there is no case."""
    sections = (
        InsightSection(id="cases", title=msg("Cases"), rows=tuple(_cases(found, book))),
        InsightSection(id="promises", title=msg("Promises"), rows=tuple(_all(found)), legend=True),
        InsightSection(id="by-side", title=msg("Promises by side"), rows=_by_side(found)),
        InsightSection(id="by-role", title=msg("Promises by role"), rows=_by_role(found)),
        InsightSection(id="by-channel", title=msg("Promises by channel"), rows=_by_channel(found, rules)),
        InsightSection(
            id="silence", title=msg("Median silence by rung, in days"), rows=tuple(_silences(found.rungs, rules))
        ),
        InsightSection(
            id="answers", title=msg("Median time to an answer by rung, in days"), rows=tuple(_answers(found, rules))
        ),
        InsightSection(id="resolution", title=msg("Time to resolution"), rows=tuple(_resolution(found.resolution))),
        InsightSection(id="money", title=msg("Money"), rows=tuple(_money(found))),
        InsightSection(id="effort", title=msg("What it cost me"), rows=tuple(_effort(found))),
    )
    return tuple(section for section in sections if section.rows) if found.cases else ()


def _cases(found: Insights, book: Handbook) -> Iterator[InsightRow]:
    yield _counted(msg("open"), found.open)
    for outcome in found.outcomes:
        known = book.outcomes.get(outcome.outcome)
        yield _counted(known.label if known else outcome.outcome or msg("ended"), outcome.cases)


def _counted(label: Words, n: int) -> InsightRow:
    return InsightRow(label=label, told=plural("{n} case", "{n} cases", n), pieces=(Piece(n, "plain"),))


def _all(found: Insights) -> Iterator[InsightRow]:
    if found.promises.total:
        yield _tallied(msg("all"), found.promises)


def _by_side(found: Insights) -> tuple[InsightRow, ...]:
    names: dict[str | None, Label] = dict(SIDE_NAMES.items())
    return tuple(_tallied(names.get(tally.of), tally) for tally in found.by_side)


def _by_role(found: Insights) -> tuple[InsightRow, ...]:
    return tuple(_tallied(tally.of, tally) for tally in found.by_role)


def _by_channel(found: Insights, rules: Rules) -> tuple[InsightRow, ...]:
    names = {channel.id: channel.label for channel in rules.channels.values()}
    return tuple(_tallied(names.get(tally.of or "") or tally.of, tally) for tally in found.by_channel)


def _tallied(name: Words | None, tally: Promises) -> InsightRow:
    other = tally.replaced + tally.waived
    numbers: tuple[tuple[int, PieceKind], ...] = (
        (tally.kept, "kept"),
        (tally.broken, "broken"),
        (tally.overdue, "overdue"),
        (tally.running, "running"),
        (other, "other"),
    )
    told = tuple(msg("{n} {what}", n=n, what=PIECES[kind]) for n, kind in numbers if n)
    return InsightRow(
        label=name or msg("unknown"),
        told=msg("{numbers}", numbers=told),
        pieces=tuple(Piece(n, kind) for n, kind in numbers if n),
    )


def _silences(rungs: Sequence[RungSilence], rules: Rules) -> Iterator[InsightRow]:
    for rung in rungs:
        silence = rung.silence
        told = msg("{median}, longest {longest}, n={n}", median=_n(silence.median), longest=_n(silence.longest),
                   n=silence.n)  # fmt: skip
        yield InsightRow(label=_rung(rung.rung, rules), told=told, pieces=(Piece(silence.median or 0, "plain"),))


def _answers(found: Insights, rules: Rules) -> Iterator[InsightRow]:
    for rung in found.rungs:
        label, answer = _rung(rung.rung, rules), rung.answer
        if answer.median is None:
            yield InsightRow(label=label, told=msg("never answered"))
        else:
            told = msg("{median}, {answered} of {n} answered", median=_n(answer.median), answered=answer.n,
                       n=rung.silence.n)  # fmt: skip
            yield InsightRow(label=label, told=told, pieces=(Piece(answer.median, "plain"),))


def _rung(rung_id: str, rules: Rules) -> Words:
    rung = rules.rung(rung_id)
    return rung.label if rung is not None else rung_id


def _resolution(spread: Spread) -> Iterator[InsightRow]:
    if spread.median is not None:
        yield InsightRow(
            label=msg("median"),
            told=msg("{median} days, longest {longest}, n={n}", median=_n(spread.median), longest=_n(spread.longest),
                     n=spread.n),
            pieces=(Piece(spread.median, "plain"), Piece((spread.longest or 0) - spread.median, "quiet")),
        )  # fmt: skip
        if spread.n > 1:
            yield InsightRow(label=msg("each case"), told=msg("in the order of opening"), trend=spread.each)


def _money(found: Insights) -> Iterator[InsightRow]:
    for money in found.money:
        several = len(found.money) > 1
        for label, amount in (
            (msg("demanded"), money.demanded),
            (msg("of it still open"), money.still_open),
            (msg("recovered"), money.recovered),
        ):
            yield InsightRow(
                label=msg("{what} ({currency})", what=label, currency=money.currency) if several else label,
                told=_sum(amount, money.currency),
                pieces=(Piece(float(amount), "plain"),),
            )


def _sum(amount: Decimal, currency: str) -> str:
    return f"¥{amount:,.2f}" if currency == "CNY" else f"{currency} {amount:,.2f}"


def _effort(found: Insights) -> Iterator[InsightRow]:
    effort = found.effort
    minutes = plural("{n} minute", "{n} minutes", effort.minutes)
    yield InsightRow(label=msg("calls"), told=msg("{n}, together {minutes}", n=effort.calls, minutes=minutes))
    yield InsightRow(label=msg("messages"), told=str(effort.messages))
    for label, trend in (
        (msg("me, by week"), tuple(float(week.mine) for week in found.weeks)),
        (msg("they, by week"), tuple(float(week.theirs) for week in found.weeks)),
    ):
        told = msg("in {weeks} weeks: {n}", weeks=len(trend), n=int(sum(trend)))
        yield InsightRow(label=label, told=told, trend=trend)


def _n(days: float | None) -> str:
    return f"{days or 0:g}"
