"""Reads the facts of a letter from the log, the filings and the handbook, as they stand at the moment of writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.silence import measure
from pddtui.handbook.book import Handbook
from pddtui.handbook.laws import Article
from pddtui.message import Label
from pddtui.services.casebook import Casebook
from pddtui.services.letter_claim import claim
from pddtui.services.letter_facts import Cited, Facts, Lodged, Promised, Said, Waiting
from pddtui.services.letter_kinds import LetterKind
from pddtui.services.letter_law import articles_for
from pddtui.services.letter_words import LetterWords

__all__ = ["facts"]

_INSTANCES = ("authority", "association", "court")
"""Who decides. That one of them has not answered yet is no fact of the dispute."""


def facts(case: Case, kind: LetterKind, casebook: Casebook, handbook: Handbook, words: LetterWords) -> Facts:
    """The facts of `case` as they stand now, for a letter of that kind."""
    return _Reader(case, kind, casebook, handbook, words).read()


class _Reader:
    def __init__(
        self, case: Case, kind: LetterKind, casebook: Casebook, handbook: Handbook, words: LetterWords
    ) -> None:
        self._case = case
        self._kind = kind
        self._casebook = casebook
        self._handbook = handbook
        self._words = words
        self._now = casebook.now()
        self._silence = measure(case, self._now, casebook.rules, casebook.calendar)

    def read(self) -> Facts:
        case, words, order = self._case, self._words, self._case.order
        promises = tuple(self._promises())
        side = self._casebook.rules.side(self._kind.channel or self._silent_channel()) or "merchant"
        problem = self._handbook.problems.get(case.problem)
        asked = next((contact.at for contact in case.contacts if contact.demand), None)
        return Facts(
            today=words.day(self._now),
            answer_by=words.day(self._answer_by()),
            title=case.title,
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
            problem=words.say(problem.label) if problem is not None else None,
            description=case.description,
            addressee=side,
            claim=claim(case, self._handbook, words),
            log=tuple(self._log()),
            asked=self._day(asked),
            promises=promises,
            oral=next((one for one in reversed(promises) if not one.written), None),
            broken=tuple(one for one in promises if one.broken),
            waiting=self._waiting(),
            articles=tuple(self._articles(side)),
            evidence=tuple(self._evidence()),
            filings=tuple(self._filings()),
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

    def _channel(self, channel: str | None) -> str | None:
        known = self._casebook.rules.channels.get(channel or "")
        return self._words.say(known.label) if known is not None else channel

    def _log(self) -> Iterator[Said]:
        for contact in self._case.contacts:
            yield Said(
                at=self._moment(contact.at),
                mine=contact.direction == "out",
                who=self._words.person(contact.person),
                channel=self._channel(contact.channel),
                text=" ".join(contact.summary.split()).rstrip("。."),
            )

    def _promises(self) -> Iterator[Promised]:
        for contact, promise in self._case.promises:
            lapsed = promise.state == "open" and promise.due is not None and promise.due < self._now
            yield Promised(
                text=promise.text.rstrip("。."),
                at=self._moment(contact.at),
                who=self._words.person(contact.person),
                due=self._moment(promise.due) if promise.due is not None else None,
                written=promise.written,
                state=self._words.state(promise.state, promise.due, self._now),
                broken=lapsed or promise.state == "broken",
            )

    def _waiting(self) -> Waiting | None:
        silence = self._silence
        if silence.since is None or silence.unit is None or not silence.elapsed:
            return None
        theirs = self._casebook.rules.side(self._silent_channel())
        if self._kind.channel is not None and theirs in _INSTANCES:
            return None
        length = self._words.length(silence.elapsed, silence.unit)
        return Waiting(self._moment(silence.since), self._channel(self._silent_channel()), length, silence.asked_again)

    def _silent_channel(self) -> str | None:
        """Where an answer is owed; where we spoke last if none is."""
        filing = next((one for one in self._case.filings if one.id == self._silence.filing), None)
        spoken = (contact.channel for contact in reversed(self._case.contacts) if contact.channel)
        return filing.channel if filing is not None else self._silence.standing.channel or next(spoken, None)

    def _articles(self, side: str) -> Iterator[Cited]:
        found = articles_for(self._case, self._kind.articles, side, self._handbook, self._now.date())
        for article, law, condition in found:
            said = self._words.say(condition) if condition is not None else None
            yield Cited(self._cite(article, law), self._words.say(article.gives), said)

    def _cite(self, article: Article, law: Label) -> str:
        number = article.art if isinstance(article.art, str) else self._words.say(article.art)
        if not self._words.chinese:
            return f"{law.en}, art. {number}"
        head, _, remark = number.partition("（")
        return f"《{law.zh.removeprefix('中华人民共和国')}》第{head}条" + (f"（{remark}" if remark else "")

    def _evidence(self) -> Iterator[str]:
        for record in self._case.evidence:
            kind = self._handbook.evidence_types.get(record.kind)
            name = self._words.say(kind.label) if kind is not None else None
            names = (kind.zh, kind.en) if kind is not None else ()
            told = record.proves if record.proves and record.proves not in names else record.original_name
            parts = [part for part in (name, told) if part]
            if parts:
                yield ("：" if self._words.chinese else ": ").join(parts)

    def _filings(self) -> Iterator[Lodged]:
        for filing in self._case.filings:
            rung = self._casebook.rules.rung(filing.rung)
            name = self._words.say(rung.label) if rung is not None else filing.rung
            channel = self._channel(filing.channel) or filing.channel
            yield Lodged(self._moment(filing.filed_at), name, channel, filing.reference)
