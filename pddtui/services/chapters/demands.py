"""The chapters of problems, remedies, outcomes and evidence: what went wrong, what to ask for, what proves it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pddtui.handbook.book import Handbook
from pddtui.handbook.evidence import EvidenceType
from pddtui.handbook.problems import Extra, Outcome, Problem, Remedy
from pddtui.message import msg
from pddtui.services.chapters.links import articles, clocks, headed, length, linked, said
from pddtui.services.page import Fact, Page, page_of
from pddtui.services.words import STATES

__all__ = ["evidence_pages", "outcome_pages", "problem_pages", "remedy_pages"]

_PRICES = (Decimal(50), Decimal(100), Decimal(500))
"""Yuan: examples below, near and above the floor of a statutory extra."""


def problem_pages(book: Handbook) -> Iterator[Page]:
    for problem in book.problems:
        detail = msg("urgent") if problem.urgent else ""
        yield page_of("problems", problem, problem.id, _problem(book, problem), detail=detail)


def _problem(book: Handbook, problem: Problem) -> Iterator[Fact]:
    if problem.urgent:
        yield from said(msg("Urgent"), msg("Health comes first: rungs may be skipped."))
    yield from said(msg("What it is"), problem.definition)
    yield from said(msg("Beware"), problem.caution)
    yield from headed(msg("Begin with"), linked(None, "playbooks", book.playbooks, problem.first))
    yield from headed(msg("What to demand"), linked(None, "remedies", book.remedies, problem.remedies))
    wanted = dict.fromkeys((*problem.evidence, *book.evidence_file.base_set))
    yield from headed(msg("Evidence"), linked(None, "evidence", book.evidence_types, wanted))
    yield from headed(msg("Deadlines"), clocks(book, problem.deadlines))
    yield from headed(msg("Law"), articles(book, problem.laws))


def remedy_pages(book: Handbook) -> Iterator[Page]:
    for remedy in book.remedies:
        yield page_of("remedies", remedy, remedy.id, _remedy(book, remedy))


def _remedy(book: Handbook, remedy: Remedy) -> Iterator[Fact]:
    yield from said(msg("As of right"), remedy.as_of_right)
    yield from said(msg("Note"), remedy.note)
    if remedy.via is not None:
        yield from said(msg("Note"), msg("Comes of a report, not of a demand."))
    kind = book.aftersale_types.get(str(remedy.aftersale_type)) if remedy.aftersale_type is not None else None
    if kind is not None:
        yield from said(msg("In the app"), kind.label)
    extra = book.extras.get(remedy.id)
    if extra is not None:
        yield from headed(msg("Arithmetic"), _arithmetic(extra))
    yield from articles(book, remedy.basis)
    ids = [problem.id for problem in book.problems if remedy.id in problem.remedies]
    yield from headed(msg("Usual for"), linked(None, "problems", book.problems, ids))


def outcome_pages(book: Handbook) -> Iterator[Page]:
    """How a case can end, as `pddtui resolve` takes it."""
    for outcome in book.outcomes:
        yield page_of("outcomes", outcome, outcome.id, _outcome(outcome))


def _outcome(outcome: Outcome) -> Iterator[Fact]:
    yield from said(msg("The case is then"), STATES[outcome.status])
    after = outcome.verify_after
    yield from said(msg("Asks whether it has arrived after"), length(after) if after is not None else None)


def _arithmetic(extra: Extra) -> Iterator[Fact]:
    price, loss, least = extra.price_times, extra.loss_times, f"¥{extra.least}"
    if loss:
        rule = msg(
            "Extra on top of the refund: {price} × the price or {loss} × the loss, the larger; at least {least}.",
            price=price,
            loss=loss,
            least=least,
        )
    else:
        rule = msg("Extra on top of the refund: {price} × the price; at least {least}.", price=price, least=least)
    yield from said(msg("Sum"), rule)
    for example in _PRICES:
        yield from said(
            msg("Example"),
            msg(
                "price ¥{price}: extra ¥{extra}, in all ¥{total}",
                price=example,
                extra=extra.of(example),
                total=example + extra.of(example),
            ),
        )
    yield from said(
        msg("Beware"), msg("This is a claim and no promise: fraud, or an unsafe food, must be found first.")
    )


def evidence_pages(book: Handbook) -> Iterator[Page]:
    """Kinds of evidence, then how to keep it and what the law says of it."""
    base = book.evidence_file.base_set
    for kind in book.evidence_types:
        detail = msg("for every case") if kind.id in base else ""
        yield page_of("evidence", kind, kind.id, _evidence(book, kind), detail=detail)
    for rule in book.evidence_file.quality_rules:
        yield page_of("evidence", rule, rule.id, iter(()), detail=msg("how to keep it"))
    for note in book.evidence_file.legal_notes:
        yield page_of("evidence", note, note.id, articles(book, note.basis), detail=msg("what the law says"))


def _evidence(book: Handbook, kind: EvidenceType) -> Iterator[Fact]:
    yield from said(msg("Must show"), kind.must_show)
    yield from said(msg("When"), kind.when)
    if kind.id in book.evidence_file.base_set:
        yield from said(msg("For"), msg("every case, whatever the problem"))
    ids = [problem.id for problem in book.problems if kind.id in problem.evidence]
    yield from linked(msg("For"), "problems", book.problems, ids)
