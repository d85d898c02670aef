"""How a letter writes dates, sums, units and states, and the sum that is demanded line by line.

A statutory extra is a claim: its line names the condition. A sum that a seller promised is called a promise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from pddtui.domain.case import Case, Person, Promise
from pddtui.domain.entries import Side
from pddtui.domain.text import fold, wide_brackets
from pddtui.domain.workdays import Unit
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import LetterPromise, Problem, Remedy, has_words
from pddtui.message import Label, Language, Message, Value, msg
from pddtui.speech import Speech

__all__ = [
    "LETTER_MARK",
    "ClaimedSum",
    "LetterWords",
    "claim",
    "own_words",
    "reckoning",
    "told_as",
    "unclosed",
    "unmarked",
]

LETTER_MARK = re.compile(r"【(?:文书|函件)：(?P<zh>[^】\n]+)】|\[Letter: (?P<en>[^\]\n]+)\]")
"""The mark of a letter in the log as it has ever been written: what is there stays, so both must be read for ever."""

_UNITS: dict[Unit, tuple[str, str, str]] = {
    "hour": ("小时", "hour", "hours"),
    "natural_day": ("天", "day", "days"),
    "working_day": ("个工作日", "working day", "working days"),
    "month": ("个月", "month", "months"),
    "year": ("年", "year", "years"),
}

_ARTICLES = ("the", "a", "an", "my", "our", "their")
_NO_ZONE = ZoneInfo("UTC")
"""A moment is written in the zone it comes in, so that of the speech does not matter."""

_WHOLE_DAYS = (time(23, 59, 59), time())
"""How a day without a time is stored: where something is due on it, and where something happened."""
_NUMBERED = re.compile(r"[(（]?(?:工号|编号|staff no\.?|no\.)?[:： ]*[)）]?$", re.IGNORECASE)
"""What is left of a number in a name, once it is said apart."""
_HAN = re.compile("[\u4e00-\u9fff]")
_STOPS = " 。．.；;，,、：:"
_MARKS = _STOPS + "！!？?…～~"


class LetterWords:
    """Words of one language. A moment is written in the zone it comes in.

    `roles` have the usual roles in both languages, so that one noted in the other is said in this one.
    """

    def __init__(self, language: Language, roles: Iterable[Label] = ()) -> None:
        self.chinese = language == "zh"
        self._language = language
        self._roles = tuple(roles)

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self._language, _NO_ZONE)

    def say(self, words: Label | Message) -> str:
        """Names of the handbook with the brackets of the language; a sentence of ours is filled with texts only."""
        if isinstance(words, Label):
            return wide_brackets(words.zh) if self.chinese else words.en
        return self._speech.say(words)

    def day(self, at: datetime) -> str:
        return self._speech.formal_day(at)

    def moment(self, at: datetime) -> str:
        """Day and time of day; the day alone where no time is known."""
        if at.time() in _WHOLE_DAYS:
            return self.day(at)
        return f"{self.day(at)}{' ' if self.chinese else ', '}{at:%H:%M}"

    def money(self, amount: Decimal, currency: str = "CNY") -> str:
        if currency != "CNY":
            return f"{currency} {amount:.2f}"
        return f"{amount:.2f}元" if self.chinese else f"CNY {amount:.2f}"

    def length(self, n: int, unit: Unit) -> str:
        chinese, one, many = _UNITS[unit]
        return f"{n}{chinese}" if self.chinese else f"{n} {one if n == 1 else many}"

    def happened(self, event: Label | None, at: datetime) -> str:
        """What happened to a request last; that goods went back, where it has no name."""
        if event is None:
            return self.say(msg("goods sent back on {at}", at=self.day(at)))
        return self.say(msg("{event} on {at}", event=self.say(event), at=self.day(at)))

    def shown(self, state: Label, at: datetime) -> str:
        """What the app showed of a request."""
        return self.say(msg("the app showed on {at}: {state}", at=self.day(at), state=self.say(state)))

    @property
    def unnamed(self) -> str:
        """What stands for a thing of which nothing is known."""
        return self.say(msg("not described"))

    def subject(self, case: Case, problem: Problem | None) -> str:
        """The problem and the title of the case; the title alone where it says the problem already."""
        title = case.title
        if problem is None:
            return title
        words = self.say(problem.told(f"{title} {case.description or ''}"))
        names = [name.strip() for name in re.split("[/／(（]", self.say(problem.label))]
        said = (*names, words, self.say(problem.in_letters))
        ours = self.chinese == bool(_HAN.search(title))  # a title in the other language says nothing to the reader
        if (ours and has_words(problem.titled, title)) or any(fold(name) in fold(title) for name in said if name):
            return title
        return f"{words}——{title}" if self.chinese else f"{words} – {title}"

    def person(self, person: Person) -> str | None:
        """Role, name and staff number as far as they are known, none of them said twice."""
        titled = self._in_our_words(person).titled
        role = titled[0] if titled else ""
        if role and role != person.name and not self.chinese and role.isascii():
            bare = role.split()[0].lower() in _ARTICLES
            titled = titled if bare else (f"the {role}", *titled[1:])
        who = _joined(titled) if self.chinese else " ".join(titled)
        number = person.staff_no
        if number and who:
            if number in who:
                who = _NUMBERED.sub("", who.replace(number, "")).strip() or who
            return self.say(msg("{person} (staff no. {staff_no})", person=who, staff_no=number))
        if number:
            return self.say(msg("agent no. {staff_no}", staff_no=number))
        return who or None

    @property
    def around_number(self) -> tuple[str, str]:
        """What stands between a person and the staff number, and what behind it."""
        framed = self.say(msg("{person} (staff no. {staff_no})", person="\0", staff_no="\1"))
        before, _, after = framed.removeprefix("\0").partition("\1")
        return before, after

    @property
    def hidden_name(self) -> str:
        """What stands for a name with a staff number that nobody may read."""
        return self.say(msg("(name and staff number hidden)"))

    @property
    def hidden_number(self) -> str:
        """What stands for a staff number that nobody may read."""
        return self.say(msg("(staff number hidden)"))

    def agent_of(self, party: str, who: str) -> str:
        """`客服小六` as the agent of that side in a Chinese sentence; any other name stands as it is."""
        return f"{party}{who}" if self.chinese and who.startswith("客服") else who

    def staff_number(self, number: str) -> str:
        """A staff number among other things that are known of somebody."""
        return self.say(msg("staff no. {number}", context="letter", number=number))

    def _in_our_words(self, person: Person) -> Person:
        """The person with a usual role in this language, and without it in the name."""
        role = (person.role or "").casefold()
        label = next((each for each in self._roles if role in (each.zh, each.en)), None)
        if label is None:
            return person
        said = label.zh if self.chinese else label.en
        if said.casefold() == role:
            return person
        name = (person.name or "").removeprefix(person.role or "").strip()
        return structs.replace(person, role=said, name=name or None)


def _joined(words: Sequence[str]) -> str:
    """The words side by side: with a space, but not between Chinese ones."""
    text = ""
    for word in words:
        text += f" {word}" if text and (text[-1].isascii() or word[:1].isascii()) else word
    return text


def own_words(case: Case) -> str:
    """What the person says of the matter: title, description and what they told the others, letters left out."""
    mine = (it.summary for it in case.contacts if it.direction == "out" and not LETTER_MARK.match(it.summary))
    return "\n".join((case.title, case.description or "", *mine))


def told_as(promise: Promise, now: datetime) -> LetterPromise:
    """What became of it, as one tells it to those who gave it."""
    if promise.state == "open" and promise.due is None:
        return "undated"
    return "lapsed" if promise.overdue(now) else promise.state


def unclosed(text: str) -> str:
    """The text without the full stop or comma at its end; a question or an exclamation keeps its mark."""
    return text.rstrip(_STOPS) or text


def unmarked(text: str) -> str:
    """The text without any closing mark, to be gone on with or put into quotation marks."""
    return text.rstrip(_MARKS) or text


class ClaimedSum(Struct, frozen=True):
    """The demand. The least that I would settle for is nobody's business and not in it."""

    remedy: str | None
    """Refund, exchange …, as a list calls it."""
    total: str | None
    """What I claim in all."""
    sums: tuple[str, ...]
    """How the total comes about; empty where there is nothing to reckon."""
    asked: str | None = None
    """What they are asked to do, with its sums: `refund part of the price, CNY 15.00`."""
    of: str | None = None
    """Who is asked, where that is not whoever the letter complains of."""
    suggested: bool = False
    """Whether it can only be suggested, because a report may lead to it and a demand cannot."""


def claim(case: Case, handbook: Handbook, words: LetterWords, *, addressee: Side = "authority") -> ClaimedSum:
    """The claim of a case, in a letter to that side. Its sums are set out where more than the price is asked for."""
    demand = case.demand
    remedy = handbook.remedies.get(demand.remedy)
    total = words.money(demand.amount, case.order.currency) if demand.amount is not None else None
    if remedy is None:
        return ClaimedSum(remedy=None, total=total, sums=())
    debtor: Side = remedy.owed_by[0] if remedy.owed_by else "merchant"
    named = words.say(handbook.letter_file.sides[debtor])
    them = words.say(msg("you", context="letter")) if debtor == addressee else named
    return ClaimedSum(
        remedy=words.say(remedy.label),
        total=total,
        sums=tuple(_sums(case, handbook, words)),
        asked=_asked(case, remedy, handbook, words, them),
        of=named if remedy.owed_by and debtor != addressee else None,
        suggested=remedy.via is not None,
    )


def _asked(case: Case, remedy: Remedy, handbook: Handbook, words: LetterWords, them: str) -> str:
    """What they are asked to do. A sum beyond the price stands there only where it is known."""
    paid, wanted, problem = case.order.amount, case.demand.amount, handbook.problems.get(case.problem)
    beyond, more = _beyond(case, remedy, handbook)
    article = next((one for each in remedy.basis if (one := handbook.articles.get(each))), None)
    law = handbook.laws.get(article.law) if article is not None else None

    def money(amount: Decimal | None) -> str | None:
        return words.money(amount, case.order.currency) if amount is not None else None

    known = (paid or 0) + beyond + (more or 0) if beyond is not None else None
    came = case.order.received_at is not None
    gone = any(event.sent_back for name in case.milestones if (event := handbook.events.get(name)) is not None)
    sent = gone or (problem is not None and problem.goods_back)
    goods = msg("never received") if problem is not None and problem.undelivered else msg("without a return")
    values = {
        "sum": money(wanted if wanted is not None else paid if remedy.price_back else None),
        "paid": money(paid if beyond is not None else None),
        "extra": money(beyond if beyond is not None else None if remedy.price_back else wanted),
        "more": money(more),
        "total": money(known if known is not None else wanted if remedy.price_back else None),
        "law": words.say(law.cite(article)) if article is not None and law is not None else None,
        "they": them if problem is None or not problem.own_freight else None,
        "back": "" if sent else None,
        "not_back": None if sent else "",
        "goods": words.say(goods) if problem is not None and not sent and (problem.undelivered or came) else None,
    }
    return remedy.asked(values, words.say(remedy.in_letters))


def _beyond(case: Case, remedy: Remedy, handbook: Handbook) -> tuple[Decimal | None, Decimal | None]:
    """What is demanded beyond the price by that remedy, and what beyond that; None where nothing is, or who knows."""
    paid, wanted, extra = case.order.amount, case.demand.amount, handbook.extras.get(remedy.id)
    if paid is None or (wanted is not None and wanted <= paid):
        return None, None
    most = extra.of(paid) if extra is not None else None
    if wanted is None or most is None:
        return most if wanted is None else wanted - paid, None
    return min(most, wanted - paid), wanted - paid - most if wanted - paid > most else None


def _sums(case: Case, handbook: Handbook, words: LetterWords) -> Iterator[str]:
    currency = case.order.currency
    return map(words.say, reckoning(case, handbook, lambda amount: words.money(amount, currency)))


def reckoning(case: Case, handbook: Handbook, money: Callable[[Decimal], Value]) -> Iterator[Message]:
    """How the sum of a claim comes about, line by line; nothing where no more than the price is asked for."""
    paid, wanted, remedy = case.order.amount, case.demand.amount, handbook.remedies.get(case.demand.remedy)
    if paid is None or remedy is None or not (remedy.price_back or remedy.refund_first):
        return
    if wanted is not None and wanted <= paid:
        return
    extra = handbook.extras.get(remedy.id)
    if extra is not None and wanted is not None and wanted < paid + extra.of(paid):
        return  # less is demanded than the law gives: the sum is a wish and no sum of anything
    yield msg("refund of the price paid: {paid}", paid=money(paid))
    total = paid
    if extra is not None and extra.only_if is not None:
        product = extra.price_times * paid
        sums = msg(
            "{condition}, on top of it: {paid} x {times} = {product}",
            condition=extra.only_if,
            paid=money(paid),
            times=extra.price_times,
            product=money(product),
        )
        if product < extra.least:
            sums = msg("{sums}, less than {least}, so {least}", sums=sums, least=money(extra.least))
        yield sums
        total += extra.of(paid)
    if wanted is not None and wanted > total:
        rest = money(wanted - total)
        if remedy.promised:
            yield msg("compensation the seller promised (a promise, not a legal amount): {rest}", rest=rest)
        else:
            yield msg("further claim: {rest}", rest=rest)
        total = wanted
    if total > paid:
        yield msg("in all: {total}", total=money(total))
