"""The clocks that run or ran in a case and the articles that apply to it, as tables of a dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pddtui.domain.case import Case
from pddtui.domain.deadlines import DEADLINE_STATES, Deadline, DeadlineState, length_words
from pddtui.handbook.law import Article
from pddtui.message import Label, msg
from pddtui.services.export.document import UNSURE, DocumentWords, DossierSection, DossierTable, RowTone, TableRow
from pddtui.services.letters.law import is_for

__all__ = ["article_section", "clock_section", "listed_clocks"]

_ORDER: tuple[DeadlineState, ...] = ("missed", "late", "running", "extended", "paused", "met", "expired", "ended")


def listed_clocks(case: Case, words: DocumentWords) -> tuple[Deadline, ...]:
    """Every clock of the law, the platform and the schemes in the order of the table; those that they missed first."""
    found = (clock for clock in words.clocks(case) if clock.rule.kind != "info")
    return tuple(sorted(found, key=lambda clock: (clock.rule.mine, _ORDER.index(clock.state), clock.due.at)))


def clock_section(found: Sequence[Deadline], words: DocumentWords) -> DossierSection:
    """The clocks of `listed_clocks`."""
    columns = (msg("No."), msg("Deadline"), msg("Period and basis"), msg("Due date"), msg("State"))
    return DossierSection(
        id="clocks",
        title=words(msg("Deadlines")),
        table=DossierTable(
            columns=tuple(map(words, columns)),
            rows=tuple(_clock(number, clock, words) for number, clock in enumerate(found, 1)),
        ),
    )


def _clock(number: int, clock: Deadline, words: DocumentWords) -> TableRow:
    tone: RowTone = "bad" if clock.state in ("missed", "late") and not clock.rule.mine else ""
    unsure = None if clock.rule.sure else UNSURE
    length = words.period(length_words(clock))
    basis = (_name(it, words) for each in clock.rule.basis if (it := words.handbook.articles.get(each)))
    return TableRow(
        cells=(
            str(number),
            words.stacked(clock.rule.label, msg("mine") if clock.rule.mine else msg("theirs"), unsure),
            words.stacked(length, *(it for it in basis if words(it) not in length)),
            words.date_of_due(clock.due.at, estimated=clock.due.estimated),
            words.stacked(DEADLINE_STATES[clock.state].word, clock.ended_at),
        ),
        tone=tone,
    )


def article_section(case: Case, words: DocumentWords) -> DossierSection:
    """What the handbook ties to the problem of the case, as far as it was in force when the case began."""
    return DossierSection(
        id="articles",
        title=words(msg("Articles that apply")),
        table=DossierTable(
            columns=tuple(map(words, (msg("Article"), msg("What it says")))),
            rows=tuple(_article(article, words) for article in _applying(case, words)),
        ),
    )


def _applying(case: Case, words: DocumentWords) -> Iterator[Article]:
    book = words.handbook
    problem, remedy = book.problems.get(case.problem), book.remedies.get(case.demand.remedy)
    ids = dict.fromkeys((*(problem.laws if problem else ()), *(remedy.basis if remedy else ())))
    begun = case.begun.astimezone(words.zone).date()
    for each in ids:
        article = book.articles.get(each)
        law = book.laws.get(article.law) if article is not None else None
        if article is None or law is None or not article.cite or law.history_only or not is_for(article, case, book):
            continue
        started, ended = article.valid_from or law.valid_from, article.valid_to or law.valid_to
        if (started is None or started <= begun) and (ended is None or begun <= ended):
            yield article


def _name(article: Article, words: DocumentWords) -> Label:
    law = words.handbook.laws.get(article.law)
    return law.cite(article) if law is not None else article.number


def _article(article: Article, words: DocumentWords) -> TableRow:
    unsure = UNSURE if article.conf == "low" else None
    cautions = [msg("Not if: {exception}", exception=exception) for exception in article.exceptions]
    return TableRow(cells=(words.stacked(_name(article, words), unsure), words.stacked(article.gives, *cautions)))
