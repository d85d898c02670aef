"""The chapters on what is at stake: problems, remedies, evidence, laws, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from pddtui.domain.case import STATUSES
from pddtui.handbook.book import Handbook
from pddtui.handbook.law import Article, Law
from pddtui.handbook.model import EvidenceType, Extra, OutcomeEntry, Problem, Remedy, Source, Term
from pddtui.message import Filled, Message, msg
from pddtui.services.chapters.page import (
    Fact,
    Page,
    article_facts,
    article_key,
    article_words,
    clock_facts,
    headed,
    length,
    linked,
    page_of,
    said,
)

__all__ = [
    "SEEN",
    "claim_pages",
    "evidence_pages",
    "law_pages",
    "mask_pages",
    "open_pages",
    "outcome_pages",
    "problem_pages",
    "remedy_pages",
    "right_pages",
    "source_pages",
    "word_pages",
]

_PRICES = (Decimal(50), Decimal(100), Decimal(500))
"""Yuan: examples below, near and above the floor of a statutory extra."""


def problem_pages(book: Handbook) -> Iterator[Page]:
    for problem in book.problems:
        detail = msg("urgent") if problem.urgent else ""
        page = page_of("problems", problem, problem.id, _problem(book, problem), detail=detail)
        yield replace(page, also=problem.also)


def _problem(book: Handbook, problem: Problem) -> Iterator[Fact]:
    if problem.urgent:
        yield from said(msg("Urgent"), msg("Health comes first: you may skip rungs."))
    yield from said(msg("What it is"), problem.definition)
    yield from said(msg("Caution"), problem.caution)
    yield from headed(msg("Start with"), linked(None, "playbooks", book.playbooks, problem.first))
    yield from headed(msg("What to demand"), linked(None, "remedies", book.remedies, problem.remedies))
    wanted = dict.fromkeys((*problem.evidence, *book.evidence_file.base_set))
    yield from headed(msg("Evidence"), linked(None, "evidence", book.evidence_types, wanted))
    yield from headed(msg("Deadlines"), clock_facts(book, problem.deadlines))
    yield from headed(msg("Law"), article_facts(book, problem.laws))


def remedy_pages(book: Handbook) -> Iterator[Page]:
    for remedy in book.remedies:
        yield page_of("remedies", remedy, remedy.id, _remedy(book, remedy))


def _remedy(book: Handbook, remedy: Remedy) -> Iterator[Fact]:
    yield from said(msg("As of right"), remedy.as_of_right)
    yield from said(msg("Note"), remedy.note)
    if remedy.via is not None:
        yield from said(msg("Note"), msg("This can follow from a report, not from a demand."))
    kind = book.aftersale_types.get(str(remedy.aftersale_type)) if remedy.aftersale_type is not None else None
    if kind is not None:
        yield from said(msg("In the app"), kind.label)
    extra = book.extras.get(remedy.id)
    if extra is not None:
        yield from headed(msg("Calculation"), _arithmetic(extra))
    yield from article_facts(book, remedy.basis)
    ids = [problem.id for problem in book.problems if remedy.id in problem.remedies]
    yield from headed(msg("Usual for"), linked(None, "problems", book.problems, ids))


def outcome_pages(book: Handbook) -> Iterator[Page]:
    """How a case can end, as `pddtui resolve` takes it."""
    for outcome in book.outcomes:
        yield page_of("outcomes", outcome, outcome.id, _outcome(outcome))


def _outcome(outcome: OutcomeEntry) -> Iterator[Fact]:
    yield from said(msg("Then the case is"), STATUSES[outcome.status].word)
    after = outcome.verify_after
    yield from said(msg("Check for arrival after"), length(after) if after is not None else None)


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
    yield from said(msg("Amount"), rule)
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
        msg("Caution"), msg("This is a claim, not a guarantee: fraud or unsafe food must be established first.")
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
        yield page_of("evidence", note, note.id, article_facts(book, note.basis), detail=msg("what the law says"))


def _evidence(book: Handbook, kind: EvidenceType) -> Iterator[Fact]:
    yield from said(msg("Must show"), kind.must_show)
    yield from said(msg("When"), kind.when)
    if kind.id in book.evidence_file.base_set:
        yield from said(msg("For"), msg("every case, whatever the problem"))
    ids = [problem.id for problem in book.problems if kind.id in problem.evidence]
    yield from linked(msg("For"), "problems", book.problems, ids)


def right_pages(book: Handbook) -> Iterator[Page]:
    """The nine rights, in the order of the law."""
    for article in book.rights:
        yield _article(book, article, "rights")
    for way in book.ladder_file.five_ways:
        yield page_of("rights", way, way.id, article_facts(book, way.basis), detail=msg("one of the five routes"))


def law_pages(book: Handbook) -> Iterator[Page]:
    """Each law with its articles behind it, then what changed and where internet courts are."""
    for law in book.laws:
        mine = [article for article in book.articles if article.law == law.id]
        facts = (*_law(book, law), *headed(msg("Articles"), _contents(mine)))
        yield page_of("laws", law, law.id, iter(facts), past=law.history_only)
        for article in mine:
            if article.right is None:
                yield _article(book, article, "laws", past=law.history_only)
    cites = {one.id: of.cite(one) for one in book.articles if (of := book.laws.get(one.law)) is not None}
    for excuse in book.law_file.rebuttals:
        answer = Filled(excuse.says, dict(cites))
        yield page_of("laws", excuse, excuse.id, said(msg("Answer", context="excuse"), answer), detail=msg("an excuse"))
    for change in book.law_file.changes:
        described = (*said(msg("Before"), change.old), *said(msg("Since then"), change.new))
        yield page_of("laws", change, change.id, iter(described), detail=msg("change of 2026-04-15"))
    courts = book.law_file.internet_courts
    yield Page(
        chapter="laws",
        id="internet_courts",
        title=msg("Internet courts"),
        facts=(
            *said(msg("There is one in"), *courts.cities),
            *said(msg("There is none in"), *courts.not_in),
            *said(msg("Note"), courts.rule),
        ),
        src=courts.src,
        conf=courts.conf,
        entry=courts,
    )


def _law(book: Handbook, law: Law) -> Iterator[Fact]:
    if law.history_only:
        yield from said(msg("Caution"), msg("No longer in force. Kept for old cases, never cited in a letter."))
    if not law.binding:
        yield from said(msg("Caution"), msg("A recommended standard, not binding."))
    yield from said(msg("Number"), law.number)
    yield from said(msg("Adopted"), _iso(law.amended))
    yield from said(msg("This version from"), _iso(law.text_from))
    if law.replaces is not None:
        yield from linked(msg("Replaces"), "laws", book.laws, (law.replaces,))
    for later in book.laws:
        if later.replaces == law.id:
            yield Fact(name=msg("Replaced by"), words=later.short, to=f"laws/{later.id}")
    yield from said(msg("Note"), law.note)


def _contents(mine: list[Article]) -> Iterator[Fact]:
    for article in mine:
        yield Fact(words=article_words(article), unsure=article.unsure, to=article_key(article))


def _article(book: Handbook, article: Article, chapter: str, *, past: bool = False) -> Page:
    law = book.laws.get(article.law)
    facts = (
        *said(msg("What it says"), article.gives),
        *said(msg("Except"), *article.exceptions),
        *said(msg("Grounds"), *article.grounds),
        *said(
            msg("Caution"),
            None if article.cite else msg("Not a basis for a consumer's claim: never cited in a letter."),
        ),
        *said(msg("Note"), article.note),
        *headed(msg("Used by"), _users(book, article.id)),
        *linked(msg("Law"), "laws", book.laws, (article.law,)),
    )
    page = page_of(chapter, article, article.id, iter(facts), past=past, detail=law.short if law else "")
    return replace(page, title=article_words(article))


def _users(book: Handbook, article: str) -> Iterator[Fact]:
    ids = [problem.id for problem in book.problems if article in problem.laws]
    yield from linked(msg("Problem"), "problems", book.problems, ids)
    reported = [problem.id for problem in book.problems if article in problem.report]
    yield from linked(msg("Report of"), "problems", book.problems, reported)
    demands = [remedy.id for remedy in book.remedies if article in remedy.basis]
    yield from linked(msg("Demand"), "remedies", book.remedies, demands)
    clocks = [clock.id for clock in book.deadlines if article in clock.basis]
    yield from linked(msg("Deadline"), "deadlines", book.deadlines, clocks)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


SEEN: Mapping[str, Message] = {
    "full": msg("the text was read"),
    "excerpt": msg("only an excerpt was seen"),
    "cited": msg("only mentioned in another source"),
    "none": msg("nobody looked it up"),
}
"""How much of a source was really read."""

_KINDS: Mapping[str, Message] = {
    "official": msg("official"),
    "official_form_copy": msg("official form copy"),
    "official_doc_copy": msg("official doc copy"),
    "law_mirror": msg("law mirror"),
    "law_firm": msg("law firm"),
    "translation": msg("translation"),
    "news": msg("news"),
    "local_government_and_qa": msg("local government and qa"),
    "third_party": msg("third party"),
    "third_party_guide": msg("third party guide"),
    "blog": msg("blog"),
    "issue": msg("issue", context="source"),
    "data": msg("data"),
    "own_measurement": msg("own measurement"),
    "memory": msg("memory"),
    "design": msg("design"),
}
"""What a source is; a file of somebody's own may have others."""

_REFUSALS: Mapping[str, Message] = {
    "drop": msg("It is removed before anything is saved."),
    "warn": msg("The form warns; only a person can judge this."),
}


def claim_pages(book: Handbook) -> Iterator[Page]:
    """Claims of the guide this project began with, then others often heard."""
    for claim in book.claims.seed_issues:
        facts = (
            *said(msg("What is wrong"), claim.problem),
            *said(msg("What is known"), claim.fact),
            *said(msg("Here"), claim.treat),
        )
        yield page_of("claims", claim, claim.id, iter(facts))
    for heard in book.claims.corrections:
        described = said(msg("What is known"), heard.fact)
        yield page_of("claims", heard, heard.id, described, detail=msg("often said"))


def open_pages(book: Handbook) -> Iterator[Page]:
    for question in book.claims.open_questions:
        facts = (*said(msg("Ask"), question.ask), *said(msg("Until then"), question.until))
        yield page_of("open", question, question.id, iter(facts))


def word_pages(book: Handbook) -> Iterator[Page]:
    """The words of the field, and those easily taken for each other first."""
    for pair in book.glossary.confusions:
        yield page_of("words", pair, pair.id, said(msg("Difference"), pair.meaning), detail=msg("not the same"))
    for term in book.glossary.terms:
        yield page_of("words", term, term.id, _both(term))
    for status in book.glossary.statuses:
        yield page_of("words", status, f"status_{status.id}", _both(status), detail=msg("state of a case"))


def _both(term: Term) -> Iterator[Fact]:
    yield Fact(name=msg("Chinese"), words=term.zh)
    yield Fact(name=msg("English"), words=term.en)


def mask_pages(book: Handbook) -> Iterator[Page]:
    masks = book.masks
    for level in masks.levels:
        yield page_of("masks", level, level.id, said(msg("Note"), level.note), detail=msg("level"))
    for refusal in masks.refuse:
        described = said(msg("Not stored"), _REFUSALS[refusal.action])
        yield page_of("masks", refusal, refusal.id, described, detail=msg("never stored"))
    for hidden in masks.also_hide:
        yield page_of("masks", hidden, hidden.id, iter(()), detail=msg("check for it yourself"))
    for kept in masks.keep:
        yield page_of("masks", kept, kept.id, said(msg("Note"), kept.note), detail=msg("stays"))
    for rule in masks.rules:
        yield page_of("masks", rule, rule.id, said(msg("Note"), rule.note), detail=msg("is hidden"))


def source_pages(book: Handbook) -> Iterator[Page]:
    for source in book.sources:
        yield page_of("sources", source, source.id, _source(source))


def _source(source: Source) -> Iterator[Fact]:
    yield from said(msg("Where"), *source.where, source.found)
    yield from said(msg("Seen"), SEEN[source.seen])
    yield from said(msg("Kind"), _KINDS.get(source.kind) or source.kind.replace("_", " "))
