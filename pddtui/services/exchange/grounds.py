"""What a demand rests on: the clocks that ran or run in the case, and the articles that apply to its problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pddtui.domain.case import Case
from pddtui.domain.deadline_words import length_words
from pddtui.domain.deadlines import Deadline, DeadlineState
from pddtui.handbook.laws import Article
from pddtui.message import Message, Value, msg
from pddtui.services.exchange.paper import Row, Section, Table, Tone
from pddtui.services.exchange.teller import UNSURE, Teller

__all__ = ["articles", "clocks", "counted"]

_STATES: dict[DeadlineState, Message] = {
    "missed": msg("missed"),
    "late": msg("late"),
    "running": msg("running"),
    "paused": msg("paused"),
    "extended": msg("prolonged"),
    "met": msg("met"),
    "expired": msg("expired"),
    "ended": msg("ended"),
}
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
            teller.stacked(_STATES[clock.state], clock.ended_at),
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
