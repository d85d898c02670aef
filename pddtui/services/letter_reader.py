"""Reads the facts of a letter from the log, the filings and the handbook, as they stand at the moment of writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.rules import Side
from pddtui.handbook.book import Handbook
from pddtui.handbook.laws import Article, Law
from pddtui.services.casebook import Casebook
from pddtui.services.exchange.spoken import exhibit_numbers
from pddtui.services.letter_claim import claim
from pddtui.services.letter_course import before, course, tried
from pddtui.services.letter_facts import Cited, Exhibit, Facts, Promised
from pddtui.services.letter_filings import Filings
from pddtui.services.letter_kinds import LetterKind
from pddtui.services.letter_law import articles_for
from pddtui.services.letter_silence import silences
from pddtui.services.letter_waits import Party
from pddtui.services.letter_words import LetterWords, unmarked

__all__ = ["facts"]


def facts(
    case: Case, kind: LetterKind, casebook: Casebook, handbook: Handbook, *, channel: str | None, words: LetterWords
) -> Facts:
    """The facts of `case` as they stand now, for a letter of that kind that goes to `channel`."""
    return _Reader(case, kind, casebook, handbook, channel=channel, words=words).read()


class _Reader:
    def __init__(
        self,
        case: Case,
        kind: LetterKind,
        casebook: Casebook,
        handbook: Handbook,
        *,
        channel: str | None,
        words: LetterWords,
    ) -> None:
        self._case = case
        self._kind = kind
        self._casebook = casebook
        self._handbook = handbook
        self._words = words
        self._now = casebook.now()
        self._recipient = Party(casebook.rules.side(channel) or "merchant", channel)

    def read(self) -> Facts:
        case, words, order, now = self._case, self._words, self._case.order, self._now
        rules, kind, side = self._casebook.rules, self._kind, self._recipient.side
        promises = tuple(self._promises())
        problem = self._handbook.problems.get(case.problem)
        problem_name = words.say(problem.label) if problem is not None else None
        asked = next((contact.at for contact in case.contacts if contact.demand), None)
        log = tuple(course(case, self._handbook, rules, words, now))
        filings = Filings(case, kind, self._recipient, rules, words=words, now=now)
        earlier = before(case, kind.about or (side,), rules, filings.until)
        silent = tuple(silences(case, kind, self._recipient, self._casebook, words))
        return Facts(
            today=words.day(now),
            answer_by=words.day(self._answer_by()),
            title=case.title,
            heading=unmarked(case.title),
            subject=words.subject(case.title, problem_name),
            merchant=case.merchant,
            operator=case.operator.name,
            address=case.operator.address,
            order=order.number,
            product=order.product,
            paid=words.money(order.amount, order.currency) if order.amount is not None else None,
            ordered=self._day(order.ordered_at),
            received=self._day(order.received_at),
            courier=order.courier,
            tracking=order.tracking,
            problem=problem_name,
            description=case.description,
            addressee=side,
            claim=claim(case, self._handbook, words),
            log=log,
            tried=tried(case, rules),
            asked=self._day(asked),
            promises=promises,
            oral=next((one for one in reversed(promises) if not one.written), None),
            broken=tuple(one for one in promises if one.broken),
            waiting=next((one for one in silent if one.who is None), silent[0] if silent else None),
            silences=silent,
            articles=tuple(self._articles(side)),
            evidence=tuple(self._evidence()),
            filings=filings.listed,
            here=filings.here,
            before=tuple(said for said, contact in zip(log, case.contacts, strict=True) if contact in earlier),
            pending=filings.pending,
        )

    def _answer_by(self) -> datetime:
        wished = self._case.demand.deadline
        if self._kind.id == "demand" and wished is not None and wished > self._now:
            return wished.astimezone(self._now.tzinfo)
        length = self._kind.answer_in
        return duetime.add(self._now, length.n, length.unit, self._casebook.calendar, roll="forward").at

    def _day(self, at: datetime | None) -> str | None:
        return self._words.day(at.astimezone(self._now.tzinfo)) if at is not None else None

    def _moment(self, at: datetime) -> str:
        return self._words.moment(at.astimezone(self._now.tzinfo))

    def _promises(self) -> Iterator[Promised]:
        for contact, promise in self._case.promises:
            lapsed = promise.state == "open" and promise.due is not None and promise.due < self._now
            yield Promised(
                text=unmarked(" ".join(promise.text.split())),
                at=self._moment(contact.at),
                who=self._words.person(contact.person),
                due=self._moment(promise.due) if promise.due is not None else None,
                written=promise.written,
                state=self._words.state(promise.state, promise.due, self._now),
                broken=lapsed or promise.state == "broken",
            )

    def _articles(self, side: Side) -> Iterator[Cited]:
        sides = self._kind.about or (side,)
        for article, law, condition in articles_for(
            self._case, self._kind.articles, sides, self._handbook, self._now.date()
        ):
            said = self._words.say(condition) if condition is not None else None
            yield Cited(self._cite(article, law), self._words.say(article.gives), said)

    def _cite(self, article: Article, law: Law) -> str:
        number = article.art if isinstance(article.art, str) else self._words.say(article.art)
        name = self._words.say(law.title or law.label)
        if not self._words.chinese:
            return f"{name}, art. {number}"
        head, _, remark = number.partition("（")
        return f"《{name.removeprefix('中华人民共和国')}》第{head}条" + (f"（{remark}" if remark else "")

    def _evidence(self) -> Iterator[Exhibit]:
        numbers = exhibit_numbers(self._case)
        for record in self._case.evidence:
            kind = self._handbook.evidence_types.get(record.kind)
            name = self._words.say(kind.label) if kind is not None else record.kind
            names = (kind.zh, kind.en) if kind is not None else ()
            told = record.proves if record.proves and record.proves not in names else record.original_name
            parts = [part for part in (name, told or (None if name else record.place)) if part]
            text = ("：" if self._words.chinese else ": ").join(parts) or self._words.unnamed
            yield Exhibit(numbers[record.id], unmarked(text))
