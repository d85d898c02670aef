"""What was said, promised and left unsaid, and what proves it: the tables of a dossier that come from the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from pddtui.domain import duetime
from pddtui.domain.case import Case, Filing
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.task import Evidence
from pddtui.domain.turn import waits
from pddtui.message import Message, Value, msg, plural
from pddtui.services.evidence import Custody
from pddtui.services.exchange.paper import Row, Section, Table, Tone
from pddtui.services.exchange.teller import ANSWERS, Teller
from pddtui.services.words import PROMISES

__all__ = ["chronology", "exhibit_numbers", "exhibits", "promises", "silences"]

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
            columns=tuple(map(teller, (msg("No."), msg("When"), msg("Who"), msg("What was said")))),
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


def _overdue(promise: Promise, teller: Teller) -> bool:
    return promise.state == "open" and promise.due is not None and promise.due < teller.now


def _rank(promise: Promise, teller: Teller) -> int:
    if _overdue(promise, teller):
        return 1
    return {"broken": 0, "open": 2, "replaced": 3, "kept": 4, "waived": 5}[promise.state]


def _promise(number: int, contact: Contact, promise: Promise, teller: Teller) -> Row:
    overdue = _overdue(promise, teller)
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
            teller.stacked(promise.text, msg("in writing") if promise.written else msg("only oral")),
            teller.stacked(due, f"“{promise.due_phrase}”" if promise.due_phrase else None),
            teller.stacked(msg("overdue") if overdue else PROMISES[promise.state], late or promise.settled_at),
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
    for wait in waits(case):
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
