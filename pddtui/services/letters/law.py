"""Which articles a letter cites, what it says to an excuse, and what the seller promised beyond the law.

Only what is binding, in force and not merely remembered is cited, and only what binds one of the sides that the letter
is about. A report cites what forbids and punishes, and never what a claim rests on; every other letter the reverse.
Where an article has parts for different situations, the letter gets the part that fits the case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.entries import Side
from pddtui.domain.text import fold
from pddtui.handbook.book import Handbook
from pddtui.handbook.law import Article, Circumstance, Law
from pddtui.handbook.model import LetterKind, has_words
from pddtui.services.letters.words import LetterWords, own_words, unmarked

__all__ = ["Cited", "Pledge", "articles_for", "cited", "is_for", "owing", "pledge", "rebuttals"]

_PAGE = "goods_page"
"""The kind of evidence that shows what a goods page says."""


class Cited(Struct, frozen=True):
    """An article that applies, or applies under a condition, or because of a fact that the log shows."""

    cite: str
    gives: str
    condition: str | None


class Pledge(Struct, frozen=True):
    """What the seller promised beyond the law."""

    text: str | None
    """In its own words; None where they are not noted."""
    exhibit: int | None
    """The number of the exhibit that shows it."""
    cite: str | None
    """The article by which such a promise binds."""


def owing(case: Case, handbook: Handbook) -> tuple[Side, ...]:
    """Who owes what is demanded: the seller, where neither demand nor problem says otherwise."""
    problem, remedy = handbook.problems.get(case.problem), handbook.remedies.get(case.demand.remedy)
    return (remedy.owed_by if remedy is not None else ()) or (problem.owed_by if problem else ()) or ("merchant",)


def _promised_more(case: Case, handbook: Handbook) -> bool:
    """Whether the seller promised more than the law gives, as the case has it or as its demand rests on."""
    remedy = handbook.remedies.get(case.demand.remedy)
    return bool(case.order.page_promise) or (remedy is not None and remedy.promised)


def _circumstances(case: Case, handbook: Handbook) -> frozenset[Circumstance]:
    found: set[Circumstance] = set()
    if _promised_more(case, handbook):
        found.add("promised")
    problem = handbook.problems.get(case.problem)
    if (problem is not None and "platform" in problem.owed_by) or not (case.operator.name and case.operator.address):
        found.add("seller_unknown")
    return frozenset(found)


def _tied(case: Case, kind: LetterKind, handbook: Handbook) -> Iterator[str]:
    """The ids that problem, demand and promise lead to; those of a promise, which gives more, come first."""
    problem, remedy = handbook.problems.get(case.problem), handbook.remedies.get(case.demand.remedy)
    if kind.reports:
        for one in problem.reported(own_words(case)) if problem is not None else ():
            yield from _told_parts(one, case, handbook) or (one,)
        return
    if _promised_more(case, handbook):
        for each in handbook.remedies:
            if each.promised:
                yield from each.basis
    yield from problem.laws if problem is not None else ()
    yield from remedy.basis if remedy is not None else ()


def _told_parts(article_id: str, case: Case, handbook: Handbook) -> tuple[str, ...]:
    """The parts of that article that the person tells of, where it has entries for its parts."""
    parts = [article for article in handbook.articles if article.stands_for == article_id]
    told = own_words(case) if parts else ""
    return tuple(part.id for part in parts if has_words(part.said, told))


def is_for(article: Article, case: Case, handbook: Handbook) -> bool:
    """Whether the article, or the part of it, is for a case like this one."""
    if article.problems and case.problem not in article.problems:
        return False
    if article.said and article.stands_for is None and not has_words(article.said, own_words(case)):
        return False
    return _circumstances(case, handbook).issuperset(article.given)


def articles_for(
    case: Case, kind: LetterKind, sides: Collection[Side], handbook: Handbook, day: date
) -> Iterator[tuple[Article, Law]]:
    """Article and its law: those of promise, problem and demand that bind one of `sides`, then the letter's own."""
    named = ((one, handbook.articles.get(one)) for one in _tied(case, kind, handbook))
    bound = (one for one, article in named if article is not None and not set(article.binds).isdisjoint(sides))
    for article_id in dict.fromkeys([*bound, *kind.articles]):
        article = handbook.articles.get(article_id)
        law = handbook.laws.get(article.law) if article is not None else None
        if article is None or law is None or not law.binding or law.history_only or not law.valid_on(day):
            continue
        if not is_for(article, case, handbook) or (article.report and not kind.reports):
            continue
        if article.cite and not article.unsure and article.valid_on(day):
            yield article, law


def cited(
    case: Case,
    kind: LetterKind,
    sides: Collection[Side],
    handbook: Handbook,
    *,
    today: datetime,
    passed: Mapping[str, datetime],
    words: LetterWords,
) -> Iterator[Cited]:
    """The same in words. `passed` are the clocks that ran out without a result, with the moments they began."""
    for article, law in articles_for(case, kind, sides, handbook, today.date()):
        since = passed.get(article.clock) if article.clock is not None else None
        condition = words.say(article.only_if) if article.only_if is not None else None
        if since is not None and article.fact is not None:
            day = words.day(since.astimezone(today.tzinfo))
            condition = words.say(article.fact).replace("{since}", day)
        yield Cited(words.say(law.cite(article)), words.say(article.gives), condition)


def _cite(article_id: str, handbook: Handbook, words: LetterWords) -> str | None:
    article = handbook.articles.get(article_id)
    law = handbook.laws.get(article.law) if article is not None else None
    return words.say(law.cite(article)) if article is not None and law is not None else None


def rebuttals(case: Case, sides: Collection[Side], handbook: Handbook, words: LetterWords) -> Iterator[str]:
    """What is to be said to the excuses that they gave, and to those that are always given for such a problem.

    Only in a letter about one of the sides that decide on the refusal: nobody else can do anything with it.
    """
    refused = fold(" ".join(it.summary for it in case.contacts if it.direction == "in"))
    for each in handbook.law_file.rebuttals:
        if set(each.about).isdisjoint(sides):
            continue
        heard = case.problem in each.problems and any(fold(word) in refused for word in each.heard)
        if not heard and case.problem not in each.always_for:
            continue
        said = words.say(each.says)
        for article in handbook.articles:
            said = said.replace(f"{{{article.id}}}", _cite(article.id, handbook, words) or article.id)
        yield said


def pledge(case: Case, handbook: Handbook, words: LetterWords, exhibits: dict[str, int]) -> Pledge | None:
    """What the seller promised beyond the law, where the case says that it did."""
    if not _promised_more(case, handbook):
        return None
    promised = case.order.page_promise
    shown = next((exhibits[it.id] for it in case.evidence if it.kind == _PAGE), None)
    basis = next((one for each in handbook.remedies if each.promised for one in each.basis), None)
    cite = _cite(basis, handbook, words) if basis is not None else None
    return Pledge(unmarked(promised) if promised else None, shown, cite)
