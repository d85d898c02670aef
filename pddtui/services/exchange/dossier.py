"""The file of a case as the next instance asks for it: parties, demand, chronology, numbered exhibits and dates.

The least I would accept and what I mean to do next are never in it: it goes to those they are to be kept from. Of an
export that is no dossier, `masked` keeps them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import Level
from pddtui.domain.turn import waits
from pddtui.message import Message, Value, msg, plural
from pddtui.services.exchange.chart import chart, letter
from pddtui.services.exchange.gauges import gauges
from pddtui.services.exchange.grounds import articles, clocks, counted
from pddtui.services.exchange.paper import Dossier, Papers, Row, Section, Table
from pddtui.services.exchange.spoken import chronology, exhibits, promises, silences
from pddtui.services.exchange.teller import Teller
from pddtui.services.letter_claim import claim
from pddtui.services.letter_words import LetterWords
from pddtui.services.words import STATES, TURNS, state

__all__ = ["MASKED", "dossier", "papers"]

MASKED: dict[Level, Message] = {
    "none": msg("Nothing is masked."),
    "partial": msg("Personal data is partly masked."),
    "public": msg("Personal data is masked."),
}

_TO_FILL_IN = "_" * 16

_FILINGS: dict[FilingState, Message] = {
    "open": msg("submitted"),
    "accepted": msg("accepted"),
    "answered": msg("answered"),
    "refused": msg("refused"),
    "ended": msg("ended"),
}


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
    parties = (*(_complainant(teller) if mask == "none" else ()), *_parties(case, teller))
    sections = (
        Section(id="parties", title=teller(msg("Parties and order")), facts=parties),
        Section(id="demand", title=teller(msg("Demand")), facts=tuple(_demand(case, teller))),
        Section(id="story", title=teller(msg("What happened")), text=teller(case.description)),
        Section(
            id="timeline",
            title=teller(msg("Timeline")),
            chart=chart(case, found, teller.now, teller) if case.contacts or case.filings else None,
        ),
        _filings(case, teller),
        promises(case, teller),
        chronology(case, teller),
        silences(case, teller),
        clocks(found, teller),
        articles(case, teller),
        exhibits(case, teller),
    )
    entry = attention(case, teller.now, teller.rules, teller.calendar)
    rung = current_rung(case, teller.rules)
    words = STATES[state(entry)] if case.status != "open" else TURNS[entry.silence.standing.turn]
    return Dossier(
        ref=teller(case.ref),
        title=teller(case.title),
        standing=teller.joined(words, rung.label if rung is not None else None),
        figures=tuple(_figures(case, teller)),
        sections=tuple(section for section in sections if not section.blank),
    )


def _figures(case: Case, teller: Teller) -> Iterator[tuple[str, str]]:
    """Days since it began, days of silence, promises broken of those given, contacts."""
    end = case.closed_at or teller.now
    silent = sum(teller.days(wait.start, wait.end or teller.now) for wait in waits(case))
    made = [promise for _, promise in case.promises]
    broken = sum(promise.state == "broken" for promise in made)
    overdue = sum(it.state == "open" and it.due is not None and it.due < teller.now for it in made)
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


def _parties(case: Case, teller: Teller) -> Iterator[tuple[str, str]]:
    order, problem = case.order, teller.handbook.problems.get(case.problem)
    return _facts(
        (
            (msg("Shop"), case.merchant),
            (msg("Operator"), teller.joined(case.operator.name, case.operator.address)),
            (msg("Order no."), order.number),
            (msg("Product"), order.product),
            (msg("Paid"), teller.money(order.amount, order.currency)),
            (msg("Ordered"), order.ordered_at),
            (msg("Received"), order.received_at),
            (msg("Courier"), teller.joined(order.courier, order.tracking)),
            (msg("Problem"), problem.label if problem is not None else case.problem),
            (msg("Case opened"), case.opened_at),
        ),
        teller,
    )


def _demand(case: Case, teller: Teller) -> Iterator[tuple[str, str]]:
    demand, outcome = case.demand, case.outcome
    remedy = teller.handbook.remedies.get(demand.remedy)
    ended = teller.handbook.outcomes.get(outcome.kind) if outcome is not None else None
    sums = claim(case, teller.handbook, LetterWords(teller.language)).sums
    return _facts(
        (
            (msg("Demanded"), remedy.label if remedy is not None else demand.remedy),
            (msg("Sum demanded"), teller.stacked(teller.money(demand.amount, case.order.currency), *sums)),
            (msg("By when"), demand.deadline),
            (msg("Ended"), case.closed_at),
            (msg("Outcome"), ended.label if ended is not None else None),
            (msg("Recovered"), teller.money(outcome.recovered, case.order.currency) if outcome is not None else None),
            (msg("Arrival confirmed"), outcome.verified_at if outcome is not None else None),
        ),
        teller,
    )


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
            teller.stacked(_FILINGS[filing.state], filing.ended_at or filing.accepted_at),
        )
    )
