"""The file of a case as the next instance asks for it: parties, demand, chronology, numbered exhibits and dates.

The least I would accept and what I mean to do next are never in it: it goes to those they are to be kept from. In
an export that is no dossier, `masked` leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pddtui.domain import duetime
from pddtui.domain.attention import attention
from pddtui.domain.case import FILING_STATES, TURNS, WRITTEN, Case, Contact, Evidence, Filing, Promise
from pddtui.domain.deadlines import DEADLINE_STATES, Deadline, DeadlineState, length_words
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import Level
from pddtui.domain.turn import waits
from pddtui.handbook.model import Article
from pddtui.message import Message, Value, msg, plural
from pddtui.services.evidence import Custody
from pddtui.services.export.document import (
    ANSWERS,
    UNSURE,
    Dossier,
    Gauge,
    GaugeBar,
    Gauges,
    Papers,
    Row,
    Section,
    Table,
    Teller,
    Tone,
    chart,
    letter,
)
from pddtui.services.facts import CaseFact, facts
from pddtui.services.insights import PIECES, InsightRow, insights, insights_rows, price_back, telephones
from pddtui.services.letters.words import LetterWords, claim

__all__ = ["MASKED", "exhibit_numbers", "papers", "standing"]

_LATE = timedelta(days=1)
"""What was noted so much later than it happened is weaker, and says so."""


_CUSTODY: Mapping[Custody, Message] = {
    "missing": msg("The file is missing: this hash cannot be checked."),
    "changed": msg("The file has been changed since it was added: this is not its hash any more."),
}

_HOW_COUNTED = msg("Waiting ends with an answer to the matter. Neither being put off nor asking again ends it.")


def exhibit_numbers(case: Case) -> dict[str, int]:
    """The number of each piece of evidence, in the order they were added."""
    return {record.id: number for number, record in enumerate(case.evidence, 1)}


def chronology(case: Case, teller: Teller) -> Section:
    """Every contact, the oldest first."""
    numbers = exhibit_numbers(case)
    return Section(
        id="chronology",
        title=teller(msg("Chronology")),
        table=Table(
            columns=tuple(map(teller, (msg("No."), msg("When", context="column"), msg("Who"), msg("What was said")))),
            rows=tuple(_contact(number, contact, numbers, teller) for number, contact in enumerate(case.contacts, 1)),
        ),
    )


def _contact(number: int, contact: Contact, numbers: dict[str, int], teller: Teller) -> Row:
    what: list[Value | None] = [contact.summary]
    if contact.substance is not None:
        what.append(msg("[{substance}]", substance=ANSWERS[contact.substance]))
    if contact.demand:
        what.append(msg("[my demand]"))
    what += [_promised(promise, teller) for promise in contact.promises]
    shown = tuple(str(numbers[each]) for each in contact.evidence if each in numbers)
    if shown:
        what.append(msg("See exhibit {numbers}.", numbers=shown))
    if contact.recorded_at - contact.at > _LATE:
        what.append(msg("Noted only on {at}.", at=contact.recorded_at))
    what += [msg("Before the correction of {at}: “{text}”", at=it.at, text=it.summary) for it in contact.amendments]
    tone: Tone = "quiet" if contact.substance in ("holding", "none") else ""
    who = teller.stacked(teller.side(contact), teller.who(contact.person), teller.channel(contact.channel))
    return Row(cells=(str(number), teller(contact.at), who, teller.stacked(*what)), tone=tone)


def _promised(promise: Promise, teller: Teller) -> Message:
    if promise.due is None:
        return msg("Promised: “{text}”, without a date", text=promise.text)
    due = teller.date_of_due(promise.due, estimated=promise.estimated)
    return msg("Promised: “{text}”, by {due}", text=promise.text, due=due)


def promises(case: Case, teller: Teller) -> Section:
    """Every promise: broken ones first, then overdue ones, then those that run, then the rest."""
    numbered = [(number, *made) for number, made in enumerate(case.promises, 1)]
    ranked = sorted(numbered, key=lambda it: (_rank(it[2], teller), it[1].at))
    columns = (msg("No."), msg("Promised by"), msg("What was promised"), msg("Due date"), msg("How it ended"))
    return Section(
        id="promises",
        title=teller(msg("Promises")),
        table=Table(
            columns=tuple(map(teller, columns)),
            rows=tuple(_promise(number, contact, promise, teller) for number, contact, promise in ranked),
        ),
    )


def _rank(promise: Promise, teller: Teller) -> int:
    if promise.overdue(teller.now):
        return 1
    return {"broken": 0, "open": 2, "replaced": 3, "kept": 4, "waived": 5}[promise.state]


def _promise(number: int, contact: Contact, promise: Promise, teller: Teller) -> Row:
    overdue = promise.overdue(teller.now)
    tone: Tone = "bad" if overdue or promise.state == "broken" else "good" if promise.state == "kept" else ""
    due = teller.date_of_due(promise.due, estimated=promise.estimated) if promise.due is not None else msg("no date")
    late: Message | None = None
    if overdue and promise.due is not None:
        days = teller.days(promise.due, teller.now)
        late = plural("{n} day late", "{n} days late", days)
    return Row(
        cells=(
            str(number),
            teller.stacked(teller.who(contact.person) or msg("unnamed"), contact.at),
            teller.stacked(promise.text, WRITTEN["received" if promise.written else "none"]),
            teller.stacked(due, f"“{promise.due_phrase}”" if promise.due_phrase else None),
            teller.stacked(promise.mark(teller.now).word, late or promise.settled_at),
        ),
        tone=tone,
    )


def silences(case: Case, teller: Teller) -> Section:
    """Every stretch in which I waited for them, in calendar and in working days."""
    rows = tuple(_silences(case, teller))
    columns = (
        *(msg("Who owed an answer"), msg("Waited from"), msg("Waited until")),
        *(msg("Calendar days"), msg("Working days"), msg("I asked again")),
    )
    return Section(
        id="silences",
        title=teller(msg("Time without an answer")),
        table=Table(columns=tuple(map(teller, columns)), rows=rows),
        note=teller(_HOW_COUNTED) if rows else "",
    )


def _silences(case: Case, teller: Teller) -> Iterator[Row]:
    for wait in waits(case, teller.rules):
        end = wait.end or teller.now
        again = sum(
            wait.start < contact.at < end and contact.direction == "out" and contact.substance != "none"
            for contact in case.contacts
        )
        working = duetime.elapsed(wait.start, end, "working_day", teller.calendar)
        until = teller(wait.end) if wait.end is not None else teller(msg("still waiting"))
        days = str(teller.days(wait.start, end))
        yield Row(
            cells=(_silent(case, wait.start, end, teller), teller(wait.start), until, days, str(working), str(again)),
            tone="bad" if wait.end is None else "",
        )


def _silent(case: Case, start: datetime, end: datetime, teller: Teller) -> str:
    """Whom I had asked when it began, and with whom I filed while it lasted."""
    filed = [filing for filing in case.filings if start <= filing.filed_at < end]
    asked = [contact.channel for contact in case.contacts if contact.at <= start and contact.channel]
    first = None if filed and filed[0].filed_at == start else teller.channel(asked[-1] if asked else None)
    names = [first or msg("unnamed")] if not filed or filed[0].filed_at > start else []
    return teller.stacked(*names, *(_instance(filing, teller, since=filing.filed_at > start) for filing in filed))


def _instance(filing: Filing, teller: Teller, *, since: bool) -> Message | str:
    name = teller.joined(teller.rung(filing.rung), teller.channel(filing.channel))
    return msg("from {at}: {name}", at=filing.filed_at, name=name) if since else name


def exhibits(case: Case, teller: Teller) -> Section:
    """The evidence, numbered as everywhere in the dossier."""
    return Section(
        id="exhibits",
        title=teller(msg("Exhibits")),
        table=Table(
            columns=tuple(map(teller, (msg("No."), msg("What"), msg("It proves"), msg("File or place")))),
            rows=tuple(_exhibit(number, record, teller) for number, record in enumerate(case.evidence, 1)),
        ),
    )


def _exhibit(number: int, record: Evidence, teller: Teller) -> Row:
    kind = teller.handbook.evidence_types.get(record.kind)
    size = plural("{n} byte", "{n} bytes", record.size) if record.size is not None else None
    taken = msg("taken {at}", at=record.taken_at) if record.taken_at is not None else None
    custody = teller.custody(record)
    return Row(
        cells=(
            str(number),
            teller.stacked(kind.label if kind is not None else record.kind or msg("unnamed"), taken),
            teller(record.proves),
            teller.stacked(
                record.original_name,
                record.place,
                size,
                f"SHA-256 {record.sha256}" if record.sha256 else None,
                _CUSTODY.get(custody),
            ),
        ),
        tone="bad" if custody in _CUSTODY else "",
    )


_ORDER: tuple[DeadlineState, ...] = ("missed", "late", "running", "extended", "paused", "met", "expired", "ended")


def counted(case: Case, teller: Teller) -> tuple[Deadline, ...]:
    """Every clock of the law, the platform and the schemes in the order of the table; those that they missed first."""
    found = (clock for clock in teller.clocks(case) if clock.rule.kind != "info")
    return tuple(sorted(found, key=lambda clock: (clock.rule.mine, _ORDER.index(clock.state), clock.due.at)))


def clocks(found: Sequence[Deadline], teller: Teller) -> Section:
    """The clocks of `counted`."""
    columns = (msg("No."), msg("Deadline"), msg("How long"), msg("Due date"), msg("State"))
    return Section(
        id="clocks",
        title=teller(msg("Deadlines")),
        table=Table(
            columns=tuple(map(teller, columns)),
            rows=tuple(_clock(number, clock, teller) for number, clock in enumerate(found, 1)),
        ),
    )


def _clock(number: int, clock: Deadline, teller: Teller) -> Row:
    tone: Tone = "bad" if clock.state in ("missed", "late") and not clock.rule.mine else ""
    unsure = None if clock.rule.sure else UNSURE
    basis: list[Value | None] = [
        _name(article, teller) for each in clock.rule.basis if (article := teller.handbook.articles.get(each))
    ]
    return Row(
        cells=(
            str(number),
            teller.stacked(clock.rule.label, msg("mine") if clock.rule.mine else msg("theirs"), unsure),
            teller.stacked(length_words(clock), *basis),
            teller.date_of_due(clock.due.at, estimated=clock.due.estimated),
            teller.stacked(DEADLINE_STATES[clock.state].word, clock.ended_at),
        ),
        tone=tone,
    )


def articles(case: Case, teller: Teller) -> Section:
    """What the handbook ties to the problem of the case, as far as it was in force when the case began."""
    return Section(
        id="articles",
        title=teller(msg("Articles that apply")),
        table=Table(
            columns=tuple(map(teller, (msg("Article"), msg("What it gives")))),
            rows=tuple(_article(article, teller) for article in _applying(case, teller)),
        ),
    )


def _applying(case: Case, teller: Teller) -> Iterator[Article]:
    book = teller.handbook
    problem, remedy = book.problems.get(case.problem), book.remedies.get(case.demand.remedy)
    ids = dict.fromkeys((*(problem.laws if problem else ()), *(remedy.basis if remedy else ())))
    begun = case.begun.astimezone(teller.zone).date()
    for each in ids:
        article = book.articles.get(each)
        law = book.laws.get(article.law) if article is not None else None
        if article is None or law is None or not article.cite or law.history_only:
            continue
        started, ended = article.valid_from or law.valid_from, article.valid_to or law.valid_to
        if (started is None or started <= begun) and (ended is None or begun <= ended):
            yield article


def _name(article: Article, teller: Teller) -> Message:
    law = teller.handbook.laws.get(article.law)
    return msg("{law} art. {art}", law=law.label if law is not None else article.law, art=article.art)


def _article(article: Article, teller: Teller) -> Row:
    unsure = UNSURE if article.conf == "low" else None
    cautions = [msg("Not if: {exception}", exception=exception) for exception in article.exceptions]
    return Row(cells=(teller.stacked(_name(article, teller), unsure), teller.stacked(article.gives, *cautions)))


_OF_SEVERAL = frozenset({"cases", "by-role", "by-channel", "money"})
"""Sections that say nothing new about a single case."""

FULL = 100.0
"""How long the longest bar of a section is, and how high its highest column."""


def gauges(cases: Sequence[Case], teller: Teller) -> tuple[Gauges, ...]:
    """The sections that have something to say."""
    found = insights(cases, teller.now, teller.rules, telephones(teller.handbook), price_back(teller.handbook))
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


def _bars(row: InsightRow, full: float) -> Iterator[GaugeBar]:
    x = 0.0
    for piece in row.pieces:
        width = round(FULL * piece.n / full, 2) if full else 0.0
        if width:
            yield GaugeBar(kind=piece.kind, x=round(x, 2), length=width)
        x += width


def _columns(trend: Sequence[float]) -> Iterator[GaugeBar]:
    top = max(trend, default=0)
    for number, value in enumerate(trend):
        if value:
            yield GaugeBar(kind="plain", x=round(number * FULL / len(trend), 2), length=round(FULL * value / top, 2))


MASKED: dict[Level, Message] = {
    "none": msg("Nothing is masked."),
    "partial": msg("Personal data is partly masked."),
    "public": msg("Personal data is masked."),
}

_TO_FILL_IN = "_" * 16


def papers(cases: Iterable[Case], teller: Teller, mask: Level) -> Papers:
    """The dossiers of `cases`, which are masked already, at that level."""
    cases = tuple(cases)
    found = tuple(dossier(case, teller, mask) for case in cases)
    only = found[0] if len(found) == 1 else None
    return Papers(
        language=teller.language,
        title=f"{only.ref} {only.title}" if only else teller(plural("{n} case", "{n} cases", len(found))),
        prepared=teller.joined(msg("As of {at}", at=teller.now), MASKED[mask]),
        contents=teller(msg("Cases")),
        dossiers=found,
        numbers=teller(msg("In numbers")),
        gauges=gauges(cases, teller),
        closing=(
            teller(msg("The day of an event is day 0. Working days follow the calendar of the State Council.")),
            teller(msg("Articles are told in the program's own words and may have changed; this is no legal advice.")),
        ),
    )


def dossier(case: Case, teller: Teller, mask: Level) -> Dossier:
    """The dossier of one case. Who complains is named where nothing is masked."""
    found = counted(case, teller)
    known = [fact for fact in facts(case, teller.handbook.name_of) if fact.printed]
    lines = [fact for fact in known if fact.kind != "text"]
    matter = [(fact.label, fact.value) for fact in lines if fact.group == "matter"]
    parties = (*(_complainant(teller) if mask == "none" else ()), *_facts(matter, teller))
    sections = (
        Section(id="parties", title=teller(msg("Parties and order")), facts=parties),
        Section(id="demand", title=teller(msg("Demand")), facts=tuple(_demand(case, lines, teller))),
        *(
            Section(id=fact.id, title=teller(fact.label), text=teller(fact.value))
            for fact in known
            if fact.kind == "text"
        ),
        Section(
            id="timeline",
            title=teller(msg("Timeline")),
            chart=chart(case, found, teller.now, teller.rules, teller) if case.contacts or case.filings else None,
        ),
        _filings(case, teller),
        promises(case, teller),
        chronology(case, teller),
        silences(case, teller),
        clocks(found, teller),
        articles(case, teller),
        exhibits(case, teller),
    )
    return Dossier(
        ref=teller(case.ref),
        title=teller(case.title),
        standing=standing(case, teller),
        figures=tuple(_figures(case, teller)),
        sections=tuple(section for section in sections if not section.blank),
    )


def standing(case: Case, teller: Teller) -> str:
    """How it ended, or else whose turn it is, and where it stands.

    The state of an open case is for me alone: it may be a follow-up of mine that is overdue.
    """
    entry = attention(case, teller.now, teller.rules, teller.calendar)
    rung = current_rung(case, teller.rules)
    words = entry.state.word if case.status != "open" else TURNS[entry.silence.standing.turn]
    return teller.joined(words, rung.label if rung is not None else None)


def _figures(case: Case, teller: Teller) -> Iterator[tuple[str, str]]:
    """Days since it began, days of silence, promises broken of those given, contacts."""
    end = case.closed_at or teller.now
    silent = sum(teller.days(wait.start, wait.end or teller.now) for wait in waits(case, teller.rules))
    made = [promise for _, promise in case.promises]
    broken = sum(promise.state == "broken" for promise in made)
    overdue = sum(it.overdue(teller.now) for it in made)
    yield str(teller.days(case.begun, end)), teller(msg("days since it began"))
    yield str(silent), teller(msg("days of waiting for them"))
    if made:
        yield f"{broken + overdue}/{len(made)}", teller(msg("promises broken or overdue"))
    yield str(len(case.contacts)), teller(msg("contacts"))


def _facts(pairs: Iterable[tuple[Message, Value | None]], teller: Teller) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if text := teller(value):
            yield teller(name), text


def _complainant(teller: Teller) -> Iterator[tuple[str, str]]:
    """As the settings have it, with lines to write on for the rest: an authority asks for all three."""
    own = teller.handbook.own
    lines = (msg("Complainant"), own.name), (msg("Phone"), own.phone), (msg("Address"), own.address)
    return _facts(((name, value or _TO_FILL_IN) for name, value in lines), teller)


def _demand(case: Case, lines: Iterable[CaseFact], teller: Teller) -> Iterator[tuple[str, str]]:
    """What is demanded and what came of it; under the sum how it comes about."""
    sums = claim(case, teller.handbook, LetterWords(teller.language)).sums
    for fact in lines:
        if fact.group == "matter":
            continue
        text = teller(fact.value)
        if fact.id == "demand_amount":
            text, sums = teller.stacked(fact.value, *sums), ()
        yield teller(fact.label), text
    if sums:
        yield teller(msg("Sum demanded")), teller.stacked(*sums)


def _filings(case: Case, teller: Teller) -> Section:
    columns = (msg("No."), msg("Filed"), msg("Rung and channel"), msg("Their number"), msg("State"))
    return Section(
        id="filings",
        title=teller(msg("Filings")),
        table=Table(
            columns=tuple(map(teller, columns)),
            rows=tuple(_filing(letter(place), filing, teller) for place, filing in enumerate(case.filings)),
        ),
    )


def _filing(number: str, filing: Filing, teller: Teller) -> Row:
    return Row(
        cells=(
            number,
            teller(filing.filed_at),
            teller.stacked(teller.rung(filing.rung), teller.channel(filing.channel)),
            teller(filing.reference),
            teller.stacked(FILING_STATES[filing.state].word, filing.ended_at or filing.accepted_at),
        )
    )
