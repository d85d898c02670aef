"""The course of a case as a drawing over days: what I did, what they did, their silences, promises and deadlines.

It is coordinates and finished texts. The marks differ by shape, so that it can be read without colour, and bear the
numbers of the tables, so that it can be read on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.deadlines import Deadline
from pddtui.domain.turn import waits
from pddtui.message import Message, Value, msg, plural
from pddtui.services.exchange.teller import ANSWERS

__all__ = ["Bar", "Chart", "Lane", "Mark", "chart", "letter"]

WIDTH = 720.0
"""Units of the drawing from the first to the last moment, without the names of the lanes."""
LANE = 26.0
_LEAST_SPAN = timedelta(days=3)
_LEAST_AHEAD = timedelta(days=5)
_MOST_AHEAD = timedelta(days=45)
_LABELS = 10
_MOST_LANES = 12
"""Promises and deadlines that are drawn; the tables hold all of them."""
_NEAR = 17.0
"""Marks closer than this are drawn one above the other, for their numbers need the room."""
_STEP = 23.0
"""How much higher a lifted mark is drawn."""
_LEVELS = 6

Shape = Literal["demand", "said", "filed", "answer", "holding", "none", "kept", "broken", "open", "over", "post"]


class Mark(Struct, frozen=True, kw_only=True):
    x: float
    shape: Shape
    title: str
    """What it is, for who points at it."""
    number: str = ""
    """Its number in the table."""
    lift: int = 0
    """How many marks it stands above."""

    @property
    def rise(self) -> float:
        return self.lift * _STEP


class Bar(Struct, frozen=True, kw_only=True):
    """A span of time."""

    x: float
    width: float
    kind: Literal["silence", "promise", "late", "clock"]
    label: str = ""


class Lane(Struct, frozen=True, kw_only=True):
    name: str
    y: float
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


class Chart(Struct, frozen=True, kw_only=True):
    width: float
    height: float
    now: float | None
    now_label: str
    ticks: tuple[tuple[float, str], ...]
    """Where, and which day."""
    lanes: tuple[Lane, ...]
    legend: tuple[tuple[Shape, str], ...]


_LEGEND: tuple[tuple[Shape, Message], ...] = (
    ("demand", msg("demand")),
    ("said", msg("said")),
    ("filed", msg("filed")),
    ("answer", msg("answer")),
    ("holding", ANSWERS["holding"]),
    ("none", ANSWERS["none"]),
    ("kept", msg("kept")),
    ("broken", msg("broken")),
    ("open", msg("open")),
    ("over", msg("overdue")),
    ("post", msg("deadline")),
)

Render = Callable[[Value], str]


def letter(place: int) -> str:
    """What stands for the filing in that place, from 0: A, B … Z, AA."""
    before, place = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + place)


def chart(case: Case, clocks: Sequence[Deadline], now: datetime, say: Render) -> Chart:
    """The drawing of `case` at `now`. `clocks` are numbered in the order in which they come."""
    return _Drawing(case, clocks, now, say).chart()


class _Drawing:
    def __init__(self, case: Case, clocks: Sequence[Deadline], now: datetime, say: Render) -> None:
        self._case, self._now, self._say = case, now, say
        self._first = case.begun
        ended = case.closed_at or now
        horizon = ended + max(_LEAST_AHEAD, min(_MOST_AHEAD, ended - self._first))
        self._numbers = {clock.key: str(number) for number, clock in enumerate(clocks, 1)}
        self._clocks = [it for it in clocks if it.start <= horizon and self._first <= it.due.at <= horizon]
        ends = [ended, self._first + _LEAST_SPAN, *(it.due.at for it in self._clocks)]
        ends += [promise.due for _, promise in case.promises if promise.due is not None and promise.due <= horizon]
        self._last = max(ends)

    def chart(self) -> Chart:
        lanes = [
            (self._say(msg("me")), (), tuple(_lifted(self._mine()))),
            (self._say(msg("them")), (), tuple(_lifted(self._theirs()))),
            (self._say(msg("unanswered")), tuple(self._silences()), ()),
        ]
        numbered = list(enumerate(self._case.promises, 1))
        lanes += [self._promise(number, *made) for number, made in numbered[-_MOST_LANES:]]
        posts = tuple(_lifted(self._posts()))
        if posts:
            lanes.append((self._say(msg("deadlines")), (), posts))
        drawn: list[Lane] = []
        y = 36.0
        for name, bars, marks in lanes:
            y += max((mark.lift for mark in marks), default=0) * _STEP
            drawn.append(Lane(name=name, y=y, bars=bars, marks=marks))
            y += LANE
        shapes = {mark.shape for lane in drawn for mark in lane.marks}
        return Chart(
            width=WIDTH,
            height=y,
            now=self._x(self._now) if self._now <= self._last else None,
            now_label=self._say(msg("now")),
            ticks=tuple(self._ticks()),
            lanes=tuple(drawn),
            legend=tuple((shape, self._say(word)) for shape, word in _LEGEND if shape in shapes),
        )

    def _x(self, at: datetime) -> float:
        share = (at - self._first) / (self._last - self._first)
        return round(max(0.0, min(1.0, share)) * WIDTH, 1)

    def _ticks(self) -> Iterator[tuple[float, str]]:
        zone = self._now.tzinfo
        day = self._first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(days=max(1, -(-(self._last - self._first).days // _LABELS)))
        while (day := day + step) <= self._last:
            yield self._x(day), f"{day:%m-%d}"

    def _mark(self, at: datetime, shape: Shape, text: Value, number: str = "") -> Mark:
        return Mark(x=self._x(at), shape=shape, title=self._say(msg("{at}: {text}", at=at, text=text)), number=number)

    def _mine(self) -> Iterator[Mark]:
        for number, contact in enumerate(self._case.contacts, 1):
            if contact.direction == "out":
                shape: Shape = "none" if contact.substance == "none" else "demand" if contact.demand else "said"
                yield self._mark(contact.at, shape, contact.summary, str(number))
        for place, filing in enumerate(self._case.filings):
            yield self._mark(filing.filed_at, "filed", msg("filed"), letter(place))

    def _theirs(self) -> Iterator[Mark]:
        for number, contact in enumerate(self._case.contacts, 1):
            if contact.direction == "in":
                yield self._mark(contact.at, contact.substance or "holding", contact.summary, str(number))

    def _silences(self) -> Iterator[Bar]:
        zone = self._now.tzinfo
        for wait in waits(self._case):
            end = wait.end or self._now
            days = max(0, (end.astimezone(zone).date() - wait.start.astimezone(zone).date()).days)
            x = self._x(wait.start)
            width = max(1.0, self._x(end) - x)
            label = self._say(plural("{n} day", "{n} days", days)) if width > 50 else str(days) if width > 18 else ""
            yield Bar(x=x, width=round(width, 1), kind="silence", label=label)

    def _promise(
        self, number: int, contact: Contact, promise: Promise
    ) -> tuple[str, tuple[Bar, ...], tuple[Mark, ...]]:
        name = self._say(msg("promise {n}", n=number))
        if promise.due is None:
            return name, (), (self._mark(contact.at, "said", promise.text),)
        start, due = self._x(contact.at), self._x(promise.due)
        overdue = promise.state == "open" and promise.due < self._now
        bars = [Bar(x=start, width=max(1.0, round(due - start, 1)), kind="promise")]
        if overdue:
            bars.append(Bar(x=due, width=max(0.0, round(self._x(self._now) - due, 1)), kind="late"))
        shape: Shape = "over" if overdue else "kept" if promise.state == "kept" else "open"
        if promise.state in ("broken", "replaced"):
            shape = "broken"
        return name, tuple(bars), (self._mark(promise.due, shape, promise.text),)

    def _posts(self) -> Iterator[Mark]:
        for clock in self._clocks:
            yield self._mark(clock.due.at, "post", clock.rule.label, self._numbers.get(clock.key, ""))


def _lifted(marks: Iterator[Mark]) -> Iterator[Mark]:
    """Marks that would cover each other, one above the other."""
    last = [-_NEAR] * _LEVELS
    for mark in sorted(marks, key=lambda mark: mark.x):
        free = (level for level, x in enumerate(last) if mark.x - x >= _NEAR)
        lift = next(free, last.index(min(last)))
        last[lift] = mark.x
        yield structs.replace(mark, lift=lift)
