"""A case as a document in one language: headings, facts, tables and drawings, written as Markdown or HTML.

`Papers` holds finished texts, which are data even where they look like markup: printing adds no words and escapes
every one. The marks of a drawing differ by shape and bear the numbers of the tables, so that it can be read without
colour and on paper. The page forbids itself to load or run anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from msgspec import Struct, structs

from pddtui import assets
from pddtui.domain.case import (
    OVERDUE,
    PROMISE_STATES,
    REPLIES,
    SUBSTANCES,
    Case,
    Contact,
    Evidence,
    Filing,
    Person,
    Promise,
    Reply,
    Substance,
)
from pddtui.domain.citation import named_once
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.entries import SIDES, Side
from pddtui.domain.rules import Rules
from pddtui.domain.text import clean
from pddtui.domain.threads import threads_of
from pddtui.domain.workdays import Calendar
from pddtui.handbook.book import Handbook
from pddtui.message import Label, Language, Message, Render, Value, msg, plural
from pddtui.services.evidence import Custody
from pddtui.services.letters.words import LetterWords
from pddtui.services.templates import fill_template

__all__ = [
    "ANSWERS",
    "UNSURE",
    "DocumentWords",
    "Dossier",
    "DossierSection",
    "DossierTable",
    "Gauge",
    "GaugeBar",
    "Gauges",
    "Papers",
    "RowTone",
    "TableRow",
    "answer_word",
    "chart",
    "escaped",
    "letter",
    "to_html",
    "to_markdown",
]

ANSWERS: Mapping[Substance, Message] = {
    **{substance: mark.word for substance, mark in SUBSTANCES.items()},
    "holding": msg("no answer to the matter"),
}
"""What an answer was, as one says it to an authority: a holding reply without the reproach."""


def answer_word(substance: Substance, reply: Reply | None) -> Message:
    """What an answer was, in one word."""
    return REPLIES[reply].word if reply is not None and reply != "other" else ANSWERS[substance]


UNSURE = msg("source to be verified")
"""Stands at a rule or an article that rests on a weak source."""


_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:个工作日|个月|小时|年|天))|(?<=[起算]) (?=\d)")


class DocumentWords(Struct, frozen=True, kw_only=True):
    """Everything that a document is made with, beside the case."""

    say: Render
    language: Language
    handbook: Handbook
    rules: Rules
    calendar: Calendar
    now: datetime
    custody: Callable[[Evidence], Custody]
    """Whether the copy of a piece of evidence is still there, as it was."""
    heads: Mapping[str, tuple[str, ...]] = {}
    """The hashes of the heads of each history by the id of the case, since a masked case has none."""

    @property
    def zone(self) -> tzinfo | None:
        return self.now.tzinfo

    def __call__(self, value: Value | None) -> str:
        """The value, made inert; nothing for None. Names of the handbook get the brackets of a printed text."""
        if isinstance(value, Label):
            return clean(LetterWords(self.language).say(value))
        return "" if value is None else clean(self.say(value))

    def joined(self, *values: Value | None) -> str:
        """Those that say something, side by side."""
        return " · ".join(text for value in values if (text := self(value)))

    def stacked(self, *values: Value | None) -> str:
        """Those that say something, one below the other."""
        return "\n".join(text for value in values if (text := self(value)))

    def who(self, person: Person) -> str:
        return self.joined(*person.parts)

    def side(self, contact: Contact, side: Side | None) -> str:
        """Who spoke to whom, of which side they are as far as it is known."""
        if side is None:
            return self(msg("me → them")) if contact.direction == "out" else self(msg("them → me"))
        them = self.addressee(side)
        return self(msg("me → {side}", side=them) if contact.direction == "out" else msg("{side} → me", side=them))

    def addressee(self, side: Side) -> Label | Message:
        """What a side is called, as papers name it."""
        return self.handbook.letter_file.sides.get(side, SIDES[side])

    def channel(self, channel_id: str | None) -> Label | str | None:
        """Where something was said, as in a sentence."""
        found = self.handbook.channels.get(channel_id) if channel_id else None
        return found.in_letters if found is not None else channel_id

    def lodged(self, filing: Filing) -> str:
        """What I did there, as in a sentence; below it the rung, where the channel serves a lower one too."""
        channel, rung = self.handbook.channels.get(filing.channel), self.rules.rung(filing.rung)
        if channel is None:
            return self(rung.label) if rung is not None else self.joined(filing.rung, filing.channel)
        lowest = next((it for it in self.rules.ladder if filing.channel in it.channels), rung)
        did = self(channel.filed)
        return self.stacked(f"{did[:1].upper()}{did[1:]}", rung.label if rung is not None and rung != lowest else None)

    def period(self, value: Value) -> str:
        """A length of time as a Chinese paper prints it: without a blank before its unit."""
        return _BEFORE_UNIT.sub("", self(value))

    def date_of_due(self, due: datetime, *, estimated: bool) -> str:
        return self(msg("{due} (estimated)", due=due) if estimated else due)

    def days(self, start: datetime, end: datetime) -> int:
        """Whole days between the two dates."""
        return _days(start, end, self.zone)

    def clocks(self, case: Case) -> tuple[Deadline, ...]:
        return deadlines(case, self.now, self.rules, self.calendar)


def _days(start: datetime, end: datetime, zone: tzinfo | None) -> int:
    return max(0, (end.astimezone(zone).date() - start.astimezone(zone).date()).days)


CHART_WIDTH = 720.0
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

MarkShape = Literal["demand", "said", "filed", "answer", "holding", "none", "kept", "broken", "open", "over", "post"]


class ChartMark(Struct, frozen=True, kw_only=True):
    x: float
    shape: MarkShape
    title: str
    """What it is, for who points at it."""
    number: str = ""
    """Its number in the table."""
    lift: int = 0
    """How many marks it stands above."""

    @property
    def rise(self) -> float:
        return self.lift * _STEP


class ChartBar(Struct, frozen=True, kw_only=True):
    """A span of time."""

    x: float
    width: float
    kind: Literal["silence", "promise", "late", "clock"]
    label: str = ""


class Lane(Struct, frozen=True, kw_only=True):
    name: str
    y: float
    bars: tuple[ChartBar, ...] = ()
    marks: tuple[ChartMark, ...] = ()


class Chart(Struct, frozen=True, kw_only=True):
    width: float
    height: float
    now: float | None
    now_label: str
    ticks: tuple[tuple[float, str], ...]
    """Where, and which day."""
    lanes: tuple[Lane, ...]
    legend: tuple[tuple[MarkShape, str], ...]


_LEGEND: tuple[tuple[MarkShape, Message], ...] = (
    ("demand", msg("demand")),
    ("said", msg("said")),
    ("filed", msg("filed")),
    ("answer", ANSWERS["answer"]),
    ("holding", ANSWERS["holding"]),
    ("none", ANSWERS["none"]),
    ("kept", PROMISE_STATES["kept"].word),
    ("broken", PROMISE_STATES["broken"].word),
    ("open", PROMISE_STATES["open"].word),
    ("over", OVERDUE.word),
    ("post", msg("deadline")),
)


def letter(place: int) -> str:
    """What stands for the filing in that place, from 0: A, B … Z, AA."""
    before, place = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + place)


def chart(case: Case, clocks: Sequence[Deadline], now: datetime, rules: Rules, say: Render) -> Chart:
    """The drawing of `case` at `now`. `clocks` are numbered in the order in which they come."""
    return _Drawing(case, clocks, now, rules, say).chart()


class _Drawing:
    def __init__(self, case: Case, clocks: Sequence[Deadline], now: datetime, rules: Rules, say: Render) -> None:
        self._case, self._now, self._rules, self._say = case, now, rules, say
        self._first = case.begun
        ended = case.closed_at or now
        horizon = ended + max(_LEAST_AHEAD, min(_MOST_AHEAD, ended - self._first))
        self._numbers = {clock.key: str(number) for number, clock in enumerate(clocks, 1)}
        self._clocks = [it for it in clocks if it.start <= horizon and self._first <= it.due.at <= horizon]
        ends = [ended, self._first + _LEAST_SPAN, *(it.due.at for it in self._clocks)]
        ends += [promise.due for _, promise in case.promises if promise.due is not None and promise.due <= horizon]
        self._last = max(ends)

    def chart(self) -> Chart:
        lanes: list[tuple[str, tuple[ChartBar, ...], tuple[ChartMark, ...]]] = [
            (self._say(msg("me")), (), tuple(_lifted(self._mine()))),
            (self._say(msg("them")), (), tuple(_lifted(self._theirs()))),
            *((self._say(msg("unanswered: {side}", side=SIDES[side])), bars, ()) for side, bars in self._silences()),
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
            width=CHART_WIDTH,
            height=y,
            now=self._x(self._now) if self._now <= self._last else None,
            now_label=self._say(msg("now")),
            ticks=tuple(self._ticks()),
            lanes=tuple(drawn),
            legend=tuple((shape, self._say(word)) for shape, word in _LEGEND if shape in shapes),
        )

    def _x(self, at: datetime) -> float:
        share = (at - self._first) / (self._last - self._first)
        return round(max(0.0, min(1.0, share)) * CHART_WIDTH, 1)

    def _ticks(self) -> Iterator[tuple[float, str]]:
        zone = self._now.tzinfo
        day = self._first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(days=max(1, -(-(self._last - self._first).days // _LABELS)))
        while (day := day + step) <= self._last:
            yield self._x(day), f"{day:%m-%d}"

    def _mark(self, at: datetime, shape: MarkShape, text: Value, number: str = "") -> ChartMark:
        return ChartMark(
            x=self._x(at), shape=shape, title=self._say(msg("{at}: {text}", at=at, text=text)), number=number
        )

    def _mine(self) -> Iterator[ChartMark]:
        for number, contact in enumerate(self._case.contacts, 1):
            if contact.direction == "out":
                shape: MarkShape = "none" if contact.substance == "none" else "demand" if contact.demand else "said"
                yield self._mark(contact.at, shape, contact.summary, str(number))
        for place, filing in enumerate(self._case.filings):
            yield self._mark(filing.filed_at, "filed", msg("filed"), letter(place))

    def _theirs(self) -> Iterator[ChartMark]:
        for number, contact in enumerate(self._case.contacts, 1):
            if contact.direction == "in":
                yield self._mark(contact.at, contact.substance or "holding", contact.summary, str(number))

    def _silences(self) -> Iterator[tuple[Side, tuple[ChartBar, ...]]]:
        """Who was to answer, and when; side by side."""
        found: dict[Side, list[ChartBar]] = {}
        for thread in threads_of(self._case, self._rules):
            for wait in thread.waits:
                if wait.silent:
                    found.setdefault(thread.side, []).append(self._silence(wait.start, wait.end or self._now))
        for side, bars in found.items():
            yield side, tuple(bars)

    def _silence(self, start: datetime, end: datetime) -> ChartBar:
        days = _days(start, end, self._now.tzinfo)
        x = self._x(start)
        width = max(1.0, self._x(end) - x)
        label = self._say(plural("{n} day", "{n} days", days)) if width > 50 else str(days) if width > 18 else ""
        return ChartBar(x=x, width=round(width, 1), kind="silence", label=label)

    def _promise(
        self, number: int, contact: Contact, promise: Promise
    ) -> tuple[str, tuple[ChartBar, ...], tuple[ChartMark, ...]]:
        name = self._say(msg("promise {n}", n=number))
        if promise.due is None:
            return name, (), (self._mark(contact.at, "said", promise.text),)
        start, due = self._x(contact.at), self._x(promise.due)
        overdue = promise.overdue(self._now)
        bars = [ChartBar(x=start, width=max(1.0, round(due - start, 1)), kind="promise")]
        if overdue:
            bars.append(ChartBar(x=due, width=max(0.0, round(self._x(self._now) - due, 1)), kind="late"))
        shape: MarkShape = "over" if overdue else "kept" if promise.state == "kept" else "open"
        if promise.state in ("broken", "replaced"):
            shape = "broken"
        return name, tuple(bars), (self._mark(promise.due, shape, promise.text),)

    def _posts(self) -> Iterator[ChartMark]:
        for clock in self._clocks:
            yield self._mark(clock.due.at, "post", clock.rule.label, self._numbers.get(clock.key, ""))


def _lifted(marks: Iterator[ChartMark]) -> Iterator[ChartMark]:
    """Marks that would cover each other, one above the other."""
    last = [-_NEAR] * _LEVELS
    for mark in sorted(marks, key=lambda mark: mark.x):
        free = (level for level, x in enumerate(last) if mark.x - x >= _NEAR)
        lift = next(free, last.index(min(last)))
        last[lift] = mark.x
        yield structs.replace(mark, lift=lift)


RowTone = Literal["", "bad", "good", "quiet"]
"""How a row looks. Its words always say the same."""


class TableRow(Struct, frozen=True, kw_only=True):
    """One line of a table."""

    cells: tuple[str, ...]
    """One text for each column; it may have several lines."""
    tone: RowTone = ""


class DossierTable(Struct, frozen=True, kw_only=True):
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


class DossierSection(Struct, frozen=True, kw_only=True):
    """A part of a dossier. Only what it has is printed."""

    id: str
    """Stable, for the look: `promises`."""
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    """Names and what they are."""
    text: str = ""
    table: DossierTable | None = None
    chart: Chart | None = None
    note: str = ""
    """In small letters under it."""

    @property
    def blank(self) -> bool:
        return not (self.facts or self.text or self.chart or (self.table and self.table.rows))


_BETWEEN = "\n\0\n"
"""Between two cells; no text that was made inert has it."""


_CITING = frozenset({"demand", "clocks", "articles"})
"""The parts in which the program cites. What somebody said stands elsewhere, and stays as it was said."""


def with_laws_named(sections: Sequence[DossierSection], words: DocumentWords) -> Iterator[DossierSection]:
    """The sections with the full name of a law where it first comes up as one reads, in facts and in tables."""
    citing = [it for it in sections if it.id in _CITING]
    texts = [text for it in citing for text in (*(value for _, value in it.facts), *_cells(it))]
    laws = (law.named for law in words.handbook.laws)
    named = iter(named_once(_BETWEEN.join(texts), laws, chinese=words.language == "zh").split(_BETWEEN))
    for section in sections:
        if section.id not in _CITING:
            yield section
            continue
        facts = tuple((name, next(named)) for name, _ in section.facts)
        table = section.table
        if table is not None:
            rows = (structs.replace(row, cells=tuple(next(named) for _ in row.cells)) for row in table.rows)
            table = structs.replace(table, rows=tuple(rows))
        yield structs.replace(section, facts=facts, table=table)


def _cells(section: DossierSection) -> Iterator[str]:
    for row in section.table.rows if section.table is not None else ():
        yield from row.cells


class Figure(Struct, frozen=True):
    """One number that tells much."""

    number: str
    what: str
    """What it counts, to stand under it."""
    said: str
    """Both in a few words."""


class Dossier(Struct, frozen=True, kw_only=True):
    """One case."""

    ref: str
    title: str
    standing: str
    """How the matter stands, in one sentence."""
    figures: tuple[Figure, ...]
    """The few numbers that tell most."""
    sections: tuple[DossierSection, ...]


class GaugeBar(Struct, frozen=True, kw_only=True):
    """A length drawn from `x` on, or a column that stands there; both out of a hundred."""

    kind: str
    """Stable, for the look: `broken`."""
    x: float
    length: float


class Gauge(Struct, frozen=True, kw_only=True):
    """One thing that was counted: its name, the numbers in words, and what is drawn of them."""

    label: str
    said: str
    bars: tuple[GaugeBar, ...] = ()
    """One behind the other."""
    columns: tuple[GaugeBar, ...] = ()
    """One a week, or one a case."""


class Gauges(Struct, frozen=True, kw_only=True):
    """Things whose bars can be compared."""

    title: str
    rows: tuple[Gauge, ...]
    legend: tuple[tuple[str, str], ...] = ()
    """Kinds of bars and what they are."""


class Papers(Struct, frozen=True, kw_only=True):
    """What is printed together."""

    language: Language
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


_SIGNS = re.compile(
    r"[\\`*_\[\]<>|#&~@$]|(?<=:)//|(?<=\bwww)\."
    r"|(?<=\w)\.(?=(?:com|cn|net|org|top|vip|xyz|shop|cc|me|io|link|club|site|online|app|info|ink|store|fun|live)\b)",
    re.IGNORECASE,
)
"""What means something in Markdown, or makes a link of an address, be it without `https`."""
_LIST = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))", re.MULTILINE)


def to_markdown(papers: Papers) -> bytes:
    """The document, as UTF-8."""
    return ("\n".join(_document(papers)).rstrip("\n") + "\n").encode("utf-8", "replace")


def escaped(text: str) -> str:
    """The text as it will be read. An address does not become a link."""
    text = _SIGNS.sub(lambda found: "".join(f"\\{char}" for char in found[0]), text)
    return _LIST.sub(lambda it: f"{it[1]}\\{it[2]}" if it[2] else f"{it[1]}{it[3]}\\{it[4]}", text)


def _document(papers: Papers) -> Iterator[str]:
    several = len(papers.dossiers) != 1
    if several:
        yield f"# {escaped(papers.title)}\n"
    for dossier in papers.dossiers:
        yield from _dossier(dossier)
    if papers.gauges:
        yield f"{'#' if several else '##'} {escaped(papers.numbers)}\n"
    for section in papers.gauges:
        yield f"**{escaped(section.title)}**\n"
        yield "\n".join(f"- {_cell(row.label)}: {_cell(row.said)}" for row in section.rows) + "\n"
    yield "---\n"
    yield escaped(papers.prepared) + "\n"
    for sentence in papers.closing:
        yield escaped(sentence) + "\n"


def _dossier(dossier: Dossier) -> Iterator[str]:
    yield f"# {escaped(dossier.ref)} {_cell(dossier.title)}\n"
    yield f"{_cell(dossier.standing)}\n"
    yield " · ".join(_figure(figure) for figure in dossier.figures) + "\n"
    for section in dossier.sections:
        if section.chart is None:
            yield from _section(section)


def _figure(figure: Figure) -> str:
    number = escaped(figure.number)
    return escaped(figure.said).replace(number, f"**{number}**", 1)


def _section(section: DossierSection) -> Iterator[str]:
    yield f"## {escaped(section.title)}\n"
    if section.facts:
        yield "\n".join(f"- **{escaped(name)}** {_cell(value)}" for name, value in section.facts) + "\n"
    if section.text:
        yield "  \n".join(escaped(line.strip()) for line in section.text.splitlines()) + "\n"
    if section.table is not None:
        yield "\n".join(_table(section.table)) + "\n"
    if section.note:
        yield escaped(section.note) + "\n"


def _table(table: DossierTable) -> Iterator[str]:
    yield _row(map(_cell, table.columns))
    yield _row("---" for _ in table.columns)
    for row in table.rows:
        yield _row(map(_cell, row.cells))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return "<br>".join(escaped(line) for line in text.splitlines())


def to_html(papers: Papers) -> bytes:
    """The page, as UTF-8."""
    page = fill_template([assets.path("data/export")], "papers.html.j2", {"papers": papers}, html=True)
    return page.encode("utf-8", "replace")
