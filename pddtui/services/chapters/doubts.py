"""The chapters of what is doubtful or open, of words and of masking, and of the sources of it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.handbook.book import Handbook
from pddtui.handbook.sources import Source
from pddtui.handbook.words import Term
from pddtui.message import Message, msg
from pddtui.services.chapters.links import said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["SEEN", "claim_pages", "mask_pages", "open_pages", "source_pages", "word_pages"]

SEEN: Mapping[str, Message] = {
    "full": msg("the text was read"),
    "excerpt": msg("only an excerpt was seen"),
    "cited": msg("another source names it; it was not opened"),
    "none": msg("nobody looked it up"),
}
"""How much of a source was really read."""

_REFUSALS: Mapping[str, Message] = {
    "drop": msg("It is taken out before anything is saved."),
    "warn": msg("The form warns; only a person can tell."),
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
        told = said(msg("What is known"), heard.fact)
        yield page_of("claims", heard, heard.id, told, detail=msg("often heard"))


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
        told = said(msg("Not stored"), _REFUSALS[refusal.action])
        yield page_of("masks", refusal, refusal.id, told, detail=msg("never stored"))
    for hidden in masks.also_hide:
        yield page_of("masks", hidden, hidden.id, iter(()), detail=msg("look for it yourself"))
    for kept in masks.keep:
        yield page_of("masks", kept, kept.id, said(msg("Note"), kept.note), detail=msg("stays"))
    for rule in masks.rules:
        yield page_of("masks", rule, rule.id, said(msg("Note"), rule.note), detail=msg("is hidden"))


def source_pages(book: Handbook) -> Iterator[Page]:
    for source in book.sources:
        yield page_of("sources", source, source.id, _source(source))


def _source(source: Source) -> Iterator[Fact]:
    yield from said(msg("Where"), *source.where)
    yield from said(msg("Seen"), SEEN[source.seen])
    yield from said(msg("Kind"), source.kind.replace("_", " "))
