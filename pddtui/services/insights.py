"""What many cases say together: promises, silence, money, effort; as values, rows and lengths.

A pure computation over cases as seen at one moment; cases in the trash do not count. Where there is nothing to count
from, a median is None and a list is empty. A row has a name, a bar of pieces against the scale of its section, and
what the bar means in words, so that nothing is said by a length or a colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import OVERDUE, PROMISE_STATES, STATUSES, Case, Contact, Promise
from pddtui.domain.duetime import monday_of
from pddtui.domain.entries import SIDES, Side
from pddtui.domain.rules import Rules
from pddtui.domain.text import fold
from pddtui.domain.threads import Stretch, stretches
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Sum, Words, msg, plural

__all__ = [
    "BLOCKS",
    "PIECES",
    "InsightRow",
    "InsightSection",
    "Insights",
    "PieceKind",
    "Promises",
    "insights",
    "insights_rows",
    "lengths",
    "price_back",
    "sparkline",
    "telephones",
]


class Promises(Struct, frozen=True, kw_only=True):
    """What became of the promises of one kind of people."""

    of: str | None = None
    """A side, a role as it was said, or a channel id; None where it is unknown, and for all together."""
    kept: int = 0
    broken: int = 0
    overdue: int = 0
    """Past their date, and not settled yet."""
    running: int = 0
    """Open, their date not come or never named."""
    replaced: int = 0
    """A new date took their place."""
    waived: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.broken + self.overdue + self.running + self.replaced + self.waived


class Spread(Struct, frozen=True, kw_only=True):
    """How long something took, in calendar days to the tenth."""

    n: int
    median: float | None = None
    longest: float | None = None
    each: tuple[float, ...] = ()
    """Every length, in the order in which they began."""


class RungSilence(Struct, frozen=True, kw_only=True):
    """How long they were silent at one rung of the ladder."""

    rung: str
    silence: Spread
    """Every stretch in which it was their turn, answered or not; one that still lasts counts up to now."""
    answer: Spread
    """Only the stretches that ended with their answer."""


class SideSilence(Struct, frozen=True, kw_only=True):
    """How long one side owed me an answer, whatever else I did meanwhile."""

    side: Side
    silence: Spread
    """Every stretch, answered or not; one that still lasts counts up to now."""
    answer: Spread
    """Only the stretches that ended with its answer."""


class Money(Struct, frozen=True, kw_only=True):
    """Sums in one currency."""

    currency: str
    demanded: Decimal
    """In all cases that name a sum, or demand the price back."""
    still_open: Decimal
    """The part of it that is demanded in open cases."""
    recovered: Decimal


class Effort(Struct, frozen=True, kw_only=True):
    """What it cost me."""

    calls: int = 0
    """Contacts by telephone, and those whose length was noted; what was said and heard in one call is one."""
    timed: int = 0
    """How many of these have a length that was noted."""
    messages: int = 0
    """What I wrote otherwise."""
    minutes: int = 0
    """The noted lengths together."""


class OutcomeCount(Struct, frozen=True, kw_only=True):
    """How many cases ended in one way."""

    outcome: str | None
    """An outcome id of the handbook; None where none was noted."""
    cases: int


class Week(Struct, frozen=True, kw_only=True):
    """The contacts of one week."""

    monday: date
    mine: int
    theirs: int


class Insights(Struct, frozen=True, kw_only=True):
    """Everything that can be said of these cases. Lists have what matters most first."""

    cases: int
    open: int
    ended: int
    outcomes: tuple[OutcomeCount, ...]
    promises: Promises
    by_side: tuple[Promises, ...]
    by_role: tuple[Promises, ...]
    by_channel: tuple[Promises, ...]
    rungs: tuple[RungSilence, ...]
    """From the lowest rung up; only those at which somebody was waited for."""
    sides: tuple[SideSilence, ...]
    """Those who owed me an answer, whoever was silent the longest first."""
    resolution: Spread
    """From the beginning to the end of the cases that were resolved."""
    money: tuple[Money, ...]
    effort: Effort
    weeks: tuple[Week, ...]
    """The latest weeks, oldest first."""


WEEKS_SHOWN = 12
"""How many weeks of contacts are shown, this one included."""

_CENT = Decimal("0.01")

_DAY = timedelta(days=1)

_PAUSE = timedelta(minutes=10)
"""What was said in the same channel so soon after the words before it was said in the same call."""

_FEWEST = 3
"""From how many values on a median says anything; fewer are given themselves."""


def insights(
    cases: Iterable[Case], now: datetime, rules: Rules, phones: Collection[str] = (), price_back: Collection[str] = ()
) -> Insights:
    """The insights of `cases` at `now`.

    `phones` are the ids of the channels that are telephones, `price_back` those of the remedies that give back at
    least the price and so demand it where they name no sum.
    """
    seen = sorted((case for case in cases if case.trashed_at is None), key=lambda case: (case.opened_at, case.id))
    made = [promise for case in seen for promise in case.promises]
    ended = [case for case in seen if case.status != "open"]
    resolved = [case for case in ended if case.status == "resolved"]
    silent = [stretch for case in seen for stretch in stretches(case, now, rules)]
    outcomes = Counter(case.outcome.kind if case.outcome else None for case in ended)
    return Insights(
        cases=len(seen),
        open=len(seen) - len(ended),
        ended=len(ended),
        outcomes=tuple(OutcomeCount(outcome=kind, cases=n) for kind, n in outcomes.most_common()),
        promises=_tally(None, (promise for _, promise in made), now),
        by_side=_grouped(made, now, lambda contact: rules.side(contact.channel)),
        by_role=_grouped(made, now, lambda contact: contact.person.role),
        by_channel=_grouped(made, now, lambda contact: contact.channel),
        rungs=_rungs(silent, rules),
        sides=_sides(silent),
        resolution=_spread(case.closed_at - case.begun for case in resolved if case.closed_at is not None),
        money=_money(seen, price_back),
        effort=_effort(seen, phones),
        weeks=_weeks([contact for case in seen for contact in case.contacts], now),
    )


def _grouped(
    made: Sequence[tuple[Contact, Promise]], now: datetime, kind: Callable[[Contact], str | None]
) -> tuple[Promises, ...]:
    """By kind, those who broke and let pass the most first. Roles that differ in nothing one reads are one."""
    names: dict[str, str | None] = {}
    groups: dict[str, list[Promise]] = {}
    for contact, promise in made:
        name = kind(contact)
        key = fold(name or "").strip()
        names.setdefault(key, name)
        groups.setdefault(key, []).append(promise)
    tallies = [_tally(names[key], promises, now) for key, promises in groups.items()]
    return tuple(sorted(tallies, key=lambda it: (-(it.broken + it.overdue), -it.total, it.of is None, it.of or "")))


def _tally(of: str | None, promises: Iterable[Promise], now: datetime) -> Promises:
    ends = Counter(_end(promise, now) for promise in promises)
    return Promises(of=of, **ends)


def _end(promise: Promise, now: datetime) -> str:
    if promise.state != "open":
        return promise.state
    return "overdue" if promise.overdue(now) else "running"


def _rungs(found: Sequence[Stretch], rules: Rules) -> tuple[RungSilence, ...]:
    groups: dict[str, list[Stretch]] = {}
    for stretch in sorted(found, key=lambda stretch: stretch.start):
        if stretch.rung is not None:
            groups.setdefault(stretch.rung, []).append(stretch)
    levels = {rung.id: rung.level for rung in rules.ladder}
    return tuple(
        RungSilence(
            rung=rung,
            silence=_spread(stretch.at_rung for stretch in groups[rung]),
            answer=_spread(stretch.at_rung for stretch in groups[rung] if stretch.answered and stretch.cut is None),
        )
        for rung in sorted(groups, key=lambda rung: (levels.get(rung, len(levels)), rung))
    )


def _sides(found: Sequence[Stretch]) -> tuple[SideSilence, ...]:
    groups: dict[Side, list[Stretch]] = {}
    for stretch in sorted(found, key=lambda stretch: stretch.start):
        groups.setdefault(stretch.side, []).append(stretch)
    sides = (
        SideSilence(
            side=side,
            silence=_spread(stretch.length for stretch in theirs),
            answer=_spread(stretch.length for stretch in theirs if stretch.answered),
        )
        for side, theirs in groups.items()
    )
    return tuple(sorted(sides, key=lambda it: (-(it.silence.longest or 0), it.side)))


def _spread(lengths: Iterable[timedelta]) -> Spread:
    days = [max(0.0, length / _DAY) for length in lengths]
    if not days:
        return Spread(n=0)
    return Spread(
        n=len(days),
        median=round(median(days), 1),
        longest=round(max(days), 1),
        each=tuple(round(each, 1) for each in days),
    )


def _money(cases: Sequence[Case], price_back: Collection[str]) -> tuple[Money, ...]:
    sums: dict[str, list[Decimal]] = {}
    for case in cases:
        demanded = _demanded(case, price_back)
        recovered = (case.outcome.recovered if case.outcome else None) or Decimal(0)
        if demanded or recovered:
            so_far = sums.setdefault(case.order.currency, [Decimal(0), Decimal(0), Decimal(0)])
            for place, amount in enumerate((demanded, demanded if case.status == "open" else Decimal(0), recovered)):
                so_far[place] += amount
    return tuple(
        Money(
            currency=currency,
            demanded=demanded.quantize(_CENT),
            still_open=still_open.quantize(_CENT),
            recovered=recovered.quantize(_CENT),
        )
        for currency, (demanded, still_open, recovered) in sorted(sums.items(), key=lambda it: (-it[1][0], it[0]))
    )


def _demanded(case: Case, price_back: Collection[str]) -> Decimal:
    demand = case.demand
    if demand.amount is not None:
        return demand.amount
    return (case.order.amount if demand.remedy in price_back else None) or Decimal(0)


def _effort(cases: Sequence[Case], phones: Collection[str]) -> Effort:
    calls = timed = messages = minutes = 0
    for case in cases:
        last: dict[str | None, Contact] = {}
        known: dict[str | None, bool] = {}
        for contact in case.contacts:
            channel, noted = contact.channel, contact.minutes is not None
            minutes += contact.minutes or 0
            if noted or channel in phones:
                before = last.get(channel)
                if before is None or not _one_call(before, contact, timed=known[channel]):
                    calls += 1
                    known[channel] = False
                timed += noted and not known[channel]
                known[channel] |= noted
                last[channel] = contact
            elif contact.direction == "out":
                messages += 1
    return Effort(calls=calls, timed=timed, messages=messages, minutes=minutes)


def _one_call(before: Contact, contact: Contact, *, timed: bool) -> bool:
    """Whether they were one call. `timed`: its length is noted, so that another length is that of another call."""
    if before.at == contact.at:
        return True
    if "none" in (before.substance, contact.substance) or (timed and contact.minutes is not None):
        return False
    return contact.at - before.at <= max(_PAUSE, timedelta(minutes=before.minutes or 0))


def _weeks(contacts: Sequence[Contact], now: datetime) -> tuple[Week, ...]:
    this = _monday(now)
    spoken = Counter((_monday(contact.at.astimezone(now.tzinfo)), contact.direction) for contact in contacts)
    mondays = [this - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    return tuple(Week(monday=day, mine=spoken[day, "out"], theirs=spoken[day, "in"]) for day in mondays)


def _monday(at: datetime) -> date:
    return monday_of(at.date())


PieceKind = Literal["kept", "broken", "overdue", "running", "other", "plain", "quiet"]

PIECES: Mapping[PieceKind, Message] = {
    "kept": PROMISE_STATES["kept"].word,
    "broken": PROMISE_STATES["broken"].word,
    "overdue": OVERDUE.word,
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
"""What a piece is drawn with in a terminal, to be distinguished without colour too."""


class Piece(Struct, frozen=True):
    """A part of a bar."""

    n: float
    kind: PieceKind


class InsightRow(Struct, frozen=True, kw_only=True):
    """One thing that was counted."""

    label: Words
    """A plain text is a role as somebody said it."""
    said: Words
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


def price_back(book: Handbook) -> frozenset[str]:
    """The ids of the remedies that give back at least the price."""
    return frozenset(remedy.id for remedy in book.remedies if remedy.price_back)


def insights_rows(found: Insights, rules: Rules, book: Handbook) -> tuple[InsightSection, ...]:
    """The sections that have something to say, in reading order; none where there is no case."""
    sections = (
        InsightSection(id="cases", title=msg("Cases"), rows=tuple(_cases(found, book))),
        InsightSection(id="promises", title=msg("Promises"), rows=tuple(_all(found)), legend=True),
        InsightSection(id="by-side", title=msg("Promises by side"), rows=_by_side(found)),
        InsightSection(id="by-role", title=msg("Promises by role"), rows=_by_role(found)),
        InsightSection(id="by-channel", title=msg("Promises by channel"), rows=_by_channel(found, rules)),
        InsightSection(id="silence", title=msg("Days without an answer by side"), rows=tuple(_silences(found.sides))),
        InsightSection(id="answers", title=msg("Days to an answer by side"), rows=tuple(_answers(found.sides))),
        InsightSection(id="resolution", title=msg("Time to resolution"), rows=tuple(_resolution(found.resolution))),
        InsightSection(id="money", title=msg("Money"), rows=tuple(_money_rows(found))),
        InsightSection(id="effort", title=msg("What it cost me"), rows=tuple(_effort_rows(found))),
    )
    return tuple(section for section in sections if section.rows) if found.cases else ()


def _cases(found: Insights, book: Handbook) -> Iterator[InsightRow]:
    yield _counted(STATUSES["open"].word, found.open)
    for outcome in found.outcomes:
        known = book.outcomes.get(outcome.outcome)
        yield _counted(known.label if known else outcome.outcome or msg("ended"), outcome.cases)


def _counted(label: Words, n: int) -> InsightRow:
    return InsightRow(label=label, said=plural("{n} case", "{n} cases", n), pieces=(Piece(n, "plain"),))


def _all(found: Insights) -> Iterator[InsightRow]:
    if found.promises.total:
        yield _tallied(msg("all"), found.promises)


def _by_side(found: Insights) -> tuple[InsightRow, ...]:
    names: dict[str | None, Message] = dict(SIDES.items())
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
    said = tuple(msg("{n} {what}", n=n, what=PIECES[kind]) for n, kind in numbers if n)
    return InsightRow(
        label=name or msg("unknown"),
        said=msg("{numbers}", numbers=said),
        pieces=tuple(Piece(n, kind) for n, kind in numbers if n),
    )


def _silences(sides: Sequence[SideSilence]) -> Iterator[InsightRow]:
    for it in sides:
        yield InsightRow(label=SIDES[it.side], said=_lengths(it.silence), pieces=_bar(it.silence))


def _answers(sides: Sequence[SideSilence]) -> Iterator[InsightRow]:
    for it in sides:
        if not it.answer.n:
            yield InsightRow(label=SIDES[it.side], said=msg("never answered"))
        else:
            said = msg("{days}; {answered} of {n} answered", days=_lengths(it.answer), answered=it.answer.n,
                       n=it.silence.n)  # fmt: skip
            yield InsightRow(label=SIDES[it.side], said=said, pieces=_bar(it.answer))


def _lengths(spread: Spread, counted: Message | None = None) -> Message:
    """The median and the longest of so many, or the few values themselves."""
    if spread.n < _FEWEST:
        return msg("{numbers}", numbers=tuple(map(_n, spread.each)))
    counted = counted or plural("{n} stretch", "{n} stretches", spread.n)
    return msg("median {median}, longest {longest}, of {counted}", median=_n(spread.median), longest=_n(spread.longest),
               counted=counted)  # fmt: skip


def _bar(spread: Spread) -> tuple[Piece, ...]:
    """Up to the median, or the lesser of two values; and on to the longest."""
    longest = spread.longest or 0
    shown = (spread.median or 0) if spread.n >= _FEWEST else min(spread.each, default=0)
    return (Piece(shown, "plain"), *((Piece(longest - shown, "quiet"),) if longest > shown else ()))


def _resolution(spread: Spread) -> Iterator[InsightRow]:
    if spread.n:
        yield InsightRow(
            label=msg("days"), said=_lengths(spread, plural("{n} case", "{n} cases", spread.n)), pieces=_bar(spread)
        )
    if spread.n >= _FEWEST:
        yield InsightRow(label=msg("each case"), said=msg("in order of opening"), trend=spread.each)


def _money_rows(found: Insights) -> Iterator[InsightRow]:
    for money in found.money:
        several = len(found.money) > 1
        for label, amount in (
            (msg("demanded"), money.demanded),
            (msg("still open"), money.still_open),
            (msg("recovered"), money.recovered),
        ):
            yield InsightRow(
                label=msg("{what} ({currency})", what=label, currency=money.currency) if several else label,
                said=str(Sum(amount, money.currency)),
                pieces=(Piece(float(amount), "plain"),),
            )


def _effort_rows(found: Insights) -> Iterator[InsightRow]:
    effort = found.effort
    yield InsightRow(label=msg("calls"), said=_calls(effort))
    yield InsightRow(label=msg("messages"), said=str(effort.messages))
    for label, trend in (
        (msg("me, by week"), tuple(float(week.mine) for week in found.weeks)),
        (msg("them, by week"), tuple(float(week.theirs) for week in found.weeks)),
    ):
        said = msg("in {weeks} weeks: {n}", weeks=len(trend), n=int(sum(trend)))
        yield InsightRow(label=label, said=said, trend=trend)


def _calls(effort: Effort) -> Words:
    minutes, unknown = plural("{n} minute", "{n} minutes", effort.minutes), effort.calls - effort.timed
    if not effort.calls:
        return "0"
    if not effort.timed:
        return msg("{n}, length not recorded", n=effort.calls)
    if unknown:
        return msg("{n}, together {minutes} ({unknown} without a length)", n=effort.calls, minutes=minutes,
                   unknown=unknown)  # fmt: skip
    return msg("{n}, together {minutes}", n=effort.calls, minutes=minutes)


def _n(days: float | None) -> str:
    return f"{days or 0:g}"


def lengths(pieces: Sequence[float], full: float, cells: int) -> tuple[int, ...]:
    """How many of `cells` each piece takes, where `full` would take all; never more together, and each at least one."""
    if full <= 0 or cells <= 0:
        return (0,) * len(pieces)
    found: list[int] = []
    so_far, ends = 0.0, 0
    for piece in pieces:
        so_far += piece
        end = max(round(min(1.0, so_far / full) * cells), ends + (piece > 0))
        found.append(end - ends)
        ends = end
    for _ in range(ends - cells):  # one for each small piece that was made to be seen
        found[found.index(max(found))] -= 1
    return tuple(found)


_STEPS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], cells: int) -> str:
    """One column a value, the latest `cells` of them; nothing is a blank, the highest fills its cell."""
    shown = values[-cells:] if cells > 0 else ()
    top = max(shown, default=0)
    return "".join(_STEPS[min(7, int(value / top * 8))] if value > 0 else " " for value in shown)
