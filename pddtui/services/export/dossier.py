"""The file of a case as the next instance asks for it: parties, demand, chronology, numbered exhibits and dates.

The least I would accept and what I mean to do next are never in it: it goes to those they are to be kept from. In
an export that is no dossier, `masked` leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pddtui.domain import duetime
from pddtui.domain.case import FILING_STATES, STATUSES, Case, Contact, Evidence, Filing, FilingState, Promise
from pddtui.domain.events import last_answer, state_heard
from pddtui.domain.mask import MaskLevel
from pddtui.message import Label, Message, Value, msg, plural
from pddtui.services.evidence import Custody
from pddtui.services.export.clocks import article_section, clock_section, listed_clocks
from pddtui.services.export.document import (
    DocumentWords,
    Dossier,
    DossierSection,
    DossierTable,
    Figure,
    Gauge,
    GaugeBar,
    Gauges,
    Papers,
    RowTone,
    TableRow,
    answer_word,
    chart,
    letter,
    with_laws_named,
)
from pddtui.services.facts import CaseFact, fact_for_an_office, facts
from pddtui.services.insights import PIECES, InsightRow, insights, insights_rows, price_back, telephones
from pddtui.services.letters.log import Spell, app_state, last_event, refused_words, spells
from pddtui.services.letters.spoken import channel_of, only_spoken, speaks_for
from pddtui.services.letters.words import LetterWords, claim

__all__ = ["HASH_OF_RECORD", "MASK_NOTES", "exhibit_numbers", "papers", "standing_words"]

HASH_OF_RECORD = msg("Hash of the record (SHA-256)")
"""What the hashes of the heads are called for a reader."""

_LATE = timedelta(days=1)
"""What was noted so much later than it happened is weaker, and says so."""


_CUSTODY: Mapping[Custody, Message] = {
    "missing": msg("The file is missing: this hash cannot be checked."),
    "changed": msg("The file was changed after it was added: this is no longer its hash."),
}

_HOW_COUNTED = msg(
    "Waiting ends only with an answer to the matter. A holding reply or another reminder does not end it. "
    "While goods are on their way back nobody owes an answer."
)

_BEGUN: Mapping[str, Message] = {
    "asked": msg("I asked"),
    "filed": msg("filed"),
    "answered": msg("they answered, more to come"),
    "agreed": msg("they agreed"),
    "accepted": msg("accepted"),
    "returned": msg("goods sent back"),
    "event": msg("they agreed"),
}

_LASTS: Mapping[str, Message] = {
    "answered": msg("nothing has followed so far"),
    "agreed": msg("not done so far"),
    "event": msg("not done so far"),
    "returned": msg("on their way"),
}
"""What there is to say of a wait that lasts, where it is not for an answer."""


def exhibit_numbers(case: Case) -> dict[str, int]:
    """The number of each piece of evidence, in the order they were added."""
    return {record.id: number for number, record in enumerate(case.evidence, 1)}


def contact_section(case: Case, words: DocumentWords) -> DossierSection:
    """Every contact, the oldest first."""
    numbers = exhibit_numbers(case)
    return DossierSection(
        id="chronology",
        title=words(msg("Chronology")),
        table=DossierTable(
            columns=tuple(map(words, (msg("No."), msg("When", context="column"), msg("Who"), msg("What was said")))),
            rows=tuple(
                _contact(number, contact, case, numbers, words) for number, contact in enumerate(case.contacts, 1)
            ),
        ),
    )


def _contact(number: int, contact: Contact, case: Case, numbers: dict[str, int], words: DocumentWords) -> TableRow:
    what: list[Value | None] = [contact.summary]
    if contact.substance is not None:
        what.append(msg("[{substance}]", substance=answer_word(contact.substance, contact.reply)))
    if contact.demand:
        what.append(msg("[my demand]"))
    what += [_promised(promise, words) for promise in contact.promises]
    shown = tuple(str(numbers[each]) for each in contact.evidence if each in numbers)
    if shown:
        what.append(msg("See exhibit {numbers}.", numbers=shown))
    if contact.recorded_at - contact.at > _LATE:
        what.append(msg("Recorded only on {at}.", at=contact.recorded_at))
    what += [msg("Before the correction of {at}: “{text}”", at=it.at, text=it.summary) for it in contact.amendments]
    tone: RowTone = "quiet" if contact.substance in ("holding", "none") else ""
    where = channel_of(contact, case)
    side = words.side(contact, speaks_for(contact, words.rules.side(where)))
    who = words.stacked(side, words.who(contact.person), words.channel(where))
    return TableRow(cells=(str(number), words(contact.at), who, words.stacked(*what)), tone=tone)


def _promised(promise: Promise, words: DocumentWords) -> Message:
    if promise.due is None:
        return msg("Promised: “{text}”, without a date", text=promise.text)
    due = words.date_of_due(promise.due, estimated=promise.estimated)
    return msg("Promised: “{text}”, by {due}", text=promise.text, due=due)


def promise_section(case: Case, words: DocumentWords) -> DossierSection:
    """Every promise: broken ones first, then overdue ones, then those that run, then the rest."""
    numbered = [(number, *made) for number, made in enumerate(case.promises, 1)]
    ranked = sorted(numbered, key=lambda it: (_rank(it[2], words), it[1].at))
    columns = (msg("No."), msg("Promised by"), msg("What was promised"), msg("Due date"), msg("Result"))
    return DossierSection(
        id="promises",
        title=words(msg("Promises")),
        table=DossierTable(
            columns=tuple(map(words, columns)),
            rows=tuple(_promise(number, contact, promise, case, words) for number, contact, promise in ranked),
        ),
    )


def _rank(promise: Promise, words: DocumentWords) -> int:
    if promise.overdue(words.now):
        return 1
    return {"broken": 0, "open": 2, "replaced": 3, "kept": 4, "waived": 5}[promise.state]


def _promise(number: int, contact: Contact, promise: Promise, case: Case, words: DocumentWords) -> TableRow:
    overdue = promise.overdue(words.now)
    tone: RowTone = "bad" if overdue or promise.state == "broken" else "good" if promise.state == "kept" else ""
    due = words.date_of_due(promise.due, estimated=promise.estimated) if promise.due is not None else msg("no date")
    channel = words.handbook.channels.get(channel_of(contact, case))
    form = promise.form if promise.written or only_spoken(promise, channel) else None
    late: Message | None = None
    if overdue and promise.due is not None:
        days = words.days(promise.due, words.now)
        late = plural("{n} day late", "{n} days late", days)
    return TableRow(
        cells=(
            str(number),
            words.stacked(words.who(contact.person) or msg("unnamed"), contact.at),
            words.stacked(promise.text, form),
            words.stacked(due, f"“{promise.due_phrase}”" if promise.due_phrase else None),
            words.stacked(promise.mark(words.now).word, late or promise.settled_at),
        ),
        tone=tone,
    )


def silence_section(case: Case, words: DocumentWords) -> DossierSection:
    """Addressee by addressee: when they were asked, what came of it and when, and what they promised and did not do."""
    found = spells(case, words.rules, words.now)
    columns = (
        *(msg("Who was to act"), msg("Since", context="column"), msg("What came of it")),
        *(msg("Days"), msg("Working days"), msg("I asked again"), msg("Promises not kept")),
    )
    return DossierSection(
        id="silences",
        title=words(msg("Time without an answer")),
        table=DossierTable(
            columns=tuple(map(words, columns)), rows=tuple(_spell(spell, case, words) for spell in found)
        ),
        note=words(_HOW_COUNTED) if found else "",
    )


def _spell(spell: Spell, case: Case, words: DocumentWords) -> TableRow:
    end = spell.end or words.now
    days, working = "–", "–"
    if spell.silent:
        days = str(words.days(spell.start, end))
        working = str(duetime.elapsed(spell.start, end, "working_day", words.calendar))
    unkept = msg("{n} of {all}", n=spell.unkept, all=spell.given) if spell.given else "–"
    return TableRow(
        cells=(
            _addressee(spell, case, words),
            words.stacked(_began(spell, words), spell.start),
            words.stacked(*_came_of(spell, case, words)),
            *(days, working, str(len(spell.asked)), words(unkept)),
        ),
        tone="bad" if spell.lasts and spell.silent else "",
    )


def _began(spell: Spell, words: DocumentWords) -> Message | Label:
    event = words.handbook.events.get(spell.cause) if spell.begun == "event" else None
    return event.label if event is not None else _BEGUN[spell.begun]


def _addressee(spell: Spell, case: Case, words: DocumentWords) -> str:
    """The side, and the filing with its number, or else the channel."""
    thread, filing = spell.thread, spell.thread.filing
    if filing is None:
        return words.stacked(words.addressee(thread.side), words.channel(thread.channel))
    number = letter(case.filings.index(filing)) if filing in case.filings else None
    return words.stacked(words.addressee(thread.side), words.joined(number, words.lodged(filing)), filing.reference)


def _came_of(spell: Spell, case: Case, words: DocumentWords) -> Iterator[Value]:
    """How the stretch ended, or that it lasts."""
    filing = spell.thread.filing
    if spell.accepted is not None:
        yield msg("accepted on {at}", at=spell.accepted)
    if spell.end is None:
        yield msg("no result so far") if spell.accepted else _LASTS.get(spell.begun, msg("no answer so far"))
        return
    match spell.ended:
        case "answer" if spell.answer is not None:
            yield msg(
                "{answer} on {at}",
                answer=answer_word(spell.answer.substance or "answer", spell.answer.reply),
                at=spell.end,
            )
        case "kept":
            yield msg("kept what they had promised on {at}", at=spell.end)
        case "app" if filing is not None and (shown := words.rules.aftersales.get(filing.aftersale_state or 0)):
            yield msg("the app showed on {at}: {state}", at=spell.end, state=shown.label)
        case "result" if filing is not None:
            yield msg("{state} on {at}", state=_state_of(filing, filing.state, words), at=spell.end)
        case "event" if (event := words.handbook.events.get(spell.event)) is not None:
            yield msg("{event} on {at}", event=event.label, at=spell.end)
        case "accepted" if spell.onward is not None:
            yield msg("no answer; taken up higher up on {at}", at=spell.end)
        case "closed":
            yield msg("no answer until the case was closed on {at}", at=spell.end)
        case _ if spell.onward is not None:
            number = letter(case.filings.index(spell.onward))
            yield msg("no answer; taken on as {number} on {at}", number=number, at=spell.end)
        case _:
            yield msg("no answer; taken on elsewhere on {at}", at=spell.end)


def exhibit_section(case: Case, words: DocumentWords) -> DossierSection:
    """The evidence, numbered as everywhere in the dossier."""
    return DossierSection(
        id="exhibits",
        title=words(msg("Exhibits")),
        table=DossierTable(
            columns=tuple(map(words, (msg("No."), msg("Exhibit"), msg("It proves"), msg("File or place")))),
            rows=tuple(_exhibit(number, record, words) for number, record in enumerate(case.evidence, 1)),
        ),
    )


def _exhibit(number: int, record: Evidence, words: DocumentWords) -> TableRow:
    kind = words.handbook.evidence_types.get(record.kind)
    size = plural("{n} byte", "{n} bytes", record.size) if record.size is not None else None
    taken = msg("taken {at}", at=record.taken_at) if record.taken_at is not None else None
    custody = words.custody(record)
    return TableRow(
        cells=(
            str(number),
            words.stacked(kind.in_letters if kind is not None else record.kind or msg("unnamed"), taken),
            words(record.proves),
            words.stacked(
                record.original_name,
                record.place,
                size,
                f"SHA-256 {record.sha256}" if record.sha256 else None,
                _CUSTODY.get(custody),
            ),
        ),
        tone="bad" if custody in _CUSTODY else "",
    )


def _record(case: Case, words: DocumentWords) -> DossierSection:
    """By what the record can be known again: the hash of its newest change, or of each where machines have not met."""
    hashes = words.stacked(*words.heads.get(case.id, ()))
    return DossierSection(
        id="record",
        title=words(msg("Record")),
        facts=((words(HASH_OF_RECORD), hashes),) if hashes else (),
        note=words(
            msg(
                "It covers every change of the record up to this page. Whoever has the page can tell later whether "
                "what was on record then is still there; that what was noted is true it does not show."
            )
        ),
    )


_OF_SEVERAL = frozenset({"cases", "by-role", "by-channel", "money"})
"""Sections that say nothing new about a single case."""

LONGEST_BAR = 100.0
"""How long the longest bar of a section is, and how high its highest column."""


def gauges(cases: Sequence[Case], words: DocumentWords) -> tuple[Gauges, ...]:
    """The sections that have something to say."""
    found = insights(cases, words.now, words.rules, telephones(words.handbook), price_back(words.handbook))
    return tuple(
        Gauges(
            title=words(section.title),
            rows=tuple(_gauge(row, section.full, words) for row in section.rows),
            legend=tuple((kind, words(word)) for kind, word in PIECES.items()) if section.legend else (),
        )
        for section in insights_rows(found, words.rules, words.handbook)
        if found.cases > 1 or section.id not in _OF_SEVERAL
    )


def _gauge(row: InsightRow, full: float, words: DocumentWords) -> Gauge:
    return Gauge(
        label=words(row.label),
        said=words(row.said),
        bars=tuple(_bars(row, full)),
        columns=tuple(_columns(row.trend)),
    )


def _bars(row: InsightRow, full: float) -> Iterator[GaugeBar]:
    x = 0.0
    for piece in row.pieces:
        width = round(LONGEST_BAR * piece.n / full, 2) if full else 0.0
        if width:
            yield GaugeBar(kind=piece.kind, x=round(x, 2), length=width)
        x += width


def _columns(trend: Sequence[float]) -> Iterator[GaugeBar]:
    top = max(trend, default=0)
    for number, value in enumerate(trend):
        if value:
            yield GaugeBar(
                kind="plain", x=round(number * LONGEST_BAR / len(trend), 2), length=round(LONGEST_BAR * value / top, 2)
            )


MASK_NOTES: dict[MaskLevel, Message] = {
    "none": msg("Nothing is masked."),
    "partial": msg("Personal data is partly masked."),
    "public": msg("Personal data is masked."),
}

_CLOSING = (
    msg("The day of an event is day 0. Working days follow the calendar of the State Council."),
    msg("Articles are summarised in the program's own words and may have changed; this is not legal advice."),
)

_TO_FILL_IN = "_" * 16


def papers(cases: Iterable[Case], words: DocumentWords, mask: MaskLevel) -> Papers:
    """The dossiers of `cases`, which are masked already, at that level."""
    cases = tuple(cases)
    found = tuple(dossier(case, words, mask) for case in cases)
    only = found[0] if len(found) == 1 else None
    return Papers(
        language=words.language,
        title=f"{only.ref} {only.title}" if only else words(plural("{n} case", "{n} cases", len(found))),
        prepared=words.joined(msg("As of {at}", at=words.now), MASK_NOTES[mask] if mask != "none" else None),
        contents=words(msg("Cases")),
        dossiers=found,
        numbers=words(msg("In numbers")),
        gauges=gauges(cases, words),
        closing=tuple(map(words, _CLOSING)),
    )


def dossier(case: Case, words: DocumentWords, mask: MaskLevel) -> Dossier:
    """The dossier of one case. Who complains is named where nothing is masked."""
    found = listed_clocks(case, words)
    known = [fact for fact in facts(case, words.handbook.name_of) if fact.printed]
    lines = [fact for fact in known if fact.kind != "text"]
    problem = words.handbook.problems.get(case.problem)
    matter = [fact_for_an_office(fact, case, problem) for fact in lines if fact.group == "matter"]
    parties = (*(_complainant(case, words) if mask == "none" else ()), *_facts(matter, words))
    sections = (
        DossierSection(id="parties", title=words(msg("Parties and order")), facts=parties),
        DossierSection(id="demand", title=words(msg("Demand")), facts=tuple(_demand(case, lines, words))),
        *(
            DossierSection(id=fact.id, title=words(fact.label), text=words(fact.value))
            for fact in known
            if fact.kind == "text"
        ),
        DossierSection(
            id="timeline",
            title=words(msg("Timeline")),
            chart=chart(case, found, words.now, words.rules, words) if case.contacts or case.filings else None,
        ),
        _filings(case, words),
        promise_section(case, words),
        contact_section(case, words),
        silence_section(case, words),
        clock_section(found, words),
        article_section(case, words),
        exhibit_section(case, words),
        _record(case, words),
    )
    return Dossier(
        ref=words(case.ref),
        title=words(case.title),
        standing=standing_words(case, words),
        figures=tuple(_figures(case, words)),
        sections=tuple(section for section in with_laws_named(sections, words) if not section.blank),
    )


def standing_words(case: Case, words: DocumentWords) -> str:
    """How it ended, or else that it has not, and what I lodged last.

    Whose turn it is, and what is overdue, are words of the program for me alone.
    """
    state = STATUSES[case.status].word if case.status != "open" else msg("not settled so far")
    last = max(case.filings, key=lambda filing: filing.filed_at, default=None)
    channel = words.handbook.channels.get(last.channel) if last is not None else None
    if last is None or channel is None:
        return words(state)
    return words.joined(state, msg("latest step: {did} on {at}", did=channel.filed, at=last.filed_at))


def _figures(case: Case, words: DocumentWords) -> Iterator[Figure]:
    """Days since it began, the days of all silences together, promises broken of those given, contacts."""
    end = case.closed_at or words.now
    silent = sum(words.days(start, until) for start, until in _waited(case, words))
    made = [promise for _, promise in case.promises]
    broken = sum(promise.state == "broken" for promise in made)
    overdue = sum(it.overdue(words.now) for it in made)
    days, contacts, unkept = words.days(case.begun, end), len(case.contacts), f"{broken + overdue}/{len(made)}"
    lasted = plural("{n} day since the dispute began", "{n} days since the dispute began", days)
    if case.closed_at is not None:
        lasted = plural("{n} day from beginning to end", "{n} days from beginning to end", days)
    waited = plural("{n} day of waiting for them in all", "{n} days of waiting for them in all", silent)
    yield Figure(str(days), words(msg("days since the dispute began")), words(lasted))
    yield Figure(str(silent), words(msg("days of waiting for them in all")), words(waited))
    if made:
        said = msg("{n} promises broken or overdue", n=unkept)
        yield Figure(unkept, words(msg("promises broken or overdue")), words(said))
    yield Figure(str(contacts), words(msg("contacts")), words(plural("{n} contact", "{n} contacts", contacts)))


def _waited(case: Case, words: DocumentWords) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which anybody owed an answer, none over another, so that no day is counted twice."""
    silent = [(one.start, one.end or words.now) for one in spells(case, words.rules, words.now) if one.silent]
    reached = case.begun
    for start, end in sorted(silent):
        if end > reached:
            yield max(start, reached), end
            reached = end


def _facts(pairs: Iterable[tuple[Message, Value | None]], words: DocumentWords) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if text := words(value):
            yield words(name), text


def _complainant(case: Case, words: DocumentWords) -> Iterator[tuple[str, str]]:
    """As the case or the settings have it, with lines to write on for the rest: an authority asks for all three."""
    who = words.handbook.own.writer(case.complainant)
    lines = (msg("Complainant"), who.name), (msg("Phone"), who.phone), (msg("Address"), who.address)
    return _facts(((name, value or _TO_FILL_IN) for name, value in lines), words)


def _demand(case: Case, lines: Iterable[CaseFact], words: DocumentWords) -> Iterator[tuple[str, str]]:
    """What is demanded and what came of it; under the sum how it comes about."""
    wanted = claim(case, words.handbook, LetterWords(words.language))
    asked, sums = wanted.asked, wanted.sums
    for fact in lines:
        if fact.group == "matter":
            continue
        text = words(fact.value)
        if fact.id == "demand_amount":
            text, sums = words.stacked(fact.value, *sums), ()
        elif fact.id == "remedy" and asked:
            text = asked[:1].upper() + asked[1:]
        yield words(fact.label), text
    if sums:
        yield words(msg("Amount demanded")), words.stacked(*sums)


def _filings(case: Case, words: DocumentWords) -> DossierSection:
    columns = (msg("No."), msg("Filed"), msg("What was lodged"), msg("Their number"), msg("State"))
    return DossierSection(
        id="filings",
        title=words(msg("Filings")),
        table=DossierTable(
            columns=tuple(map(words, columns)),
            rows=tuple(_filing(letter(place), filing, case, words) for place, filing in enumerate(case.filings)),
        ),
    )


def _filing(number: str, filing: Filing, case: Case, words: DocumentWords) -> TableRow:
    answer, state = last_answer(case, filing), state_heard(case, filing)
    at = filing.ended_at or filing.accepted_at
    return TableRow(
        cells=(
            number,
            words(filing.filed_at),
            words.lodged(filing),
            words(filing.reference),
            words.stacked(
                _state_of(filing, state, words),
                answer.at if answer is not None and state != filing.state else at,
                *_noted(filing, case, words),
            ),
        )
    )


def _state_of(filing: Filing, state: FilingState, words: DocumentWords) -> Message | Label:
    refused = refused_words(filing, words.rules, words.handbook.letter_file) if state == "refused" else None
    return refused or FILING_STATES[state].word


def _noted(filing: Filing, case: Case, words: DocumentWords) -> Iterator[Message]:
    """Why I went there, what the app showed of it, and what happened to the goods since."""
    if filing.reason:
        yield msg("because: {reason}", reason=filing.reason)
    shown, at = app_state(case, filing, words.rules), filing.aftersale_at
    if shown is not None and at is not None:
        yield msg("the app showed on {at}: {state}", at=at, state=shown.label)
    last = last_event(spells(case, words.rules, words.now), filing)
    if last is not None:
        event = words.handbook.events.get(last.cause)
        yield msg("{event} on {at}", event=event.label if event else _BEGUN["returned"], at=last.start)
