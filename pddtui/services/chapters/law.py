"""The chapters of rights and laws: what each article gives, from when to when, and what is out of force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from pddtui.handbook.book import Handbook
from pddtui.handbook.laws import Article, Law
from pddtui.message import Label, msg
from pddtui.services.chapters.links import article_key, article_label, articles, headed, law_label, linked, said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["law_pages", "right_pages"]

_COURTS = Label("互联网法院", "Internet courts")


def right_pages(book: Handbook) -> Iterator[Page]:
    """The nine rights, in the order of the law."""
    for article in book.rights:
        yield _article(book, article, "rights")
    for way in book.ladder_file.five_ways:
        yield page_of("rights", way, way.id, articles(book, way.basis), detail=msg("one of the five ways"))


def law_pages(book: Handbook) -> Iterator[Page]:
    """Each law with its articles behind it, then what changed and where internet courts are."""
    for law in book.laws:
        mine = [article for article in book.articles if article.law == law.id]
        facts = (*_law(book, law), *headed(msg("Articles"), _contents(mine)))
        yield page_of("laws", law, law.id, iter(facts), past=law.history_only)
        for article in mine:
            if article.right is None:
                yield _article(book, article, "laws", past=law.history_only)
    for change in book.law_file.changes:
        told = (*said(msg("Before"), change.old), *said(msg("Since then"), change.new))
        yield page_of("laws", change, change.id, iter(told), detail=msg("change of 2026-04-15"))
    courts = book.law_file.internet_courts
    yield Page(
        chapter="laws",
        id="internet_courts",
        title=_COURTS,
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
        yield from said(msg("Beware"), msg("Out of force. Kept for old cases, never cited in a letter."))
    if not law.binding:
        yield from said(msg("Beware"), msg("A recommended standard, not binding."))
    yield from said(msg("Number"), law.number)
    yield from said(msg("Adopted"), _iso(law.amended))
    yield from said(msg("This text from"), _iso(law.text_from))
    if law.replaces is not None:
        yield from linked(msg("Replaces"), "laws", book.laws, (law.replaces,))
    for later in book.laws:
        if later.replaces == law.id:
            yield Fact(name=msg("Replaced by"), words=law_label(later), to=f"laws/{later.id}")
    yield from said(msg("Note"), law.note)


def _contents(mine: list[Article]) -> Iterator[Fact]:
    for article in mine:
        yield Fact(words=article_label(article), unsure=article.unsure, to=article_key(article))


def _article(book: Handbook, article: Article, chapter: str, *, past: bool = False) -> Page:
    law = book.laws.get(article.law)
    facts = (
        *said(msg("Gives"), article.gives),
        *said(msg("Except"), *article.exceptions),
        *said(msg("Grounds"), *article.grounds),
        *said(msg("Beware"), None if article.cite else msg("No basis of a consumer's claim: never in a letter.")),
        *said(msg("Note"), article.note),
        *headed(msg("Used by"), _users(book, article.id)),
        *linked(msg("Law"), "laws", book.laws, (article.law,)),
    )
    page = page_of(chapter, article, article.id, iter(facts), past=past, detail=law_label(law) if law else "")
    return replace(page, title=article_label(article))


def _users(book: Handbook, article: str) -> Iterator[Fact]:
    ids = [problem.id for problem in book.problems if article in problem.laws]
    yield from linked(msg("Problem"), "problems", book.problems, ids)
    demands = [remedy.id for remedy in book.remedies if article in remedy.basis]
    yield from linked(msg("Demand"), "remedies", book.remedies, demands)
    clocks = [clock.id for clock in book.deadlines if article in clock.basis]
    yield from linked(msg("Deadline"), "deadlines", book.deadlines, clocks)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
