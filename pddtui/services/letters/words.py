"""How a letter writes dates, sums, units and states, and the sum that is demanded line by line.

A statutory extra is a claim: its line names the condition. A sum that a seller promised is called a promise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from pddtui.domain.case import Case, Person, Promise
from pddtui.domain.workdays import Unit
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import LetterPromise
from pddtui.message import Label, Language, Message, Value, msg
from pddtui.speech import Speech

__all__ = ["ClaimedSum", "LetterWords", "claim", "reckoning", "told_as", "unclosed", "unmarked"]

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
_STOPS = " 。．.；;，,、：:"
_MARKS = _STOPS + "！!？?…～~"


class LetterWords:
    """Words of one language. A moment is written in the zone it comes in."""

    def __init__(self, language: Language) -> None:
        self.chinese = language == "zh"
        self._language = language

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self._language, _NO_ZONE)

    def say(self, words: Label | Message) -> str:
        """Names of the handbook with the brackets of the language; a sentence of ours is filled with texts only."""
        if isinstance(words, Label):
            return _full_width(words.zh) if self.chinese else words.en
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

    def subject(self, title: str, problem: str | None) -> str:
        """The problem and the title of a case; the title alone where it says the problem already."""
        names = re.split("[/／(（]", problem.casefold()) if problem else []
        if problem is None or any(name.strip() in title.casefold() for name in names if name.strip()):
            return title
        return f"{problem}——{title}" if self.chinese else f"{problem} - {title}"

    def person(self, person: Person) -> str | None:
        """Role, name and staff number as far as they are known."""
        titled = person.titled
        role = person.role
        if titled and titled[0] == role and not self.chinese and role.isascii():
            bare = role.split()[0].lower() in _ARTICLES
            titled = titled if bare else (f"the {role}", *titled[1:])
        who = ("" if self.chinese else " ").join(titled)
        if person.staff_no and who:
            return self.say(msg("{person} (staff no. {staff_no})", person=who, staff_no=person.staff_no))
        if person.staff_no:
            return self.say(msg("agent no. {staff_no}", staff_no=person.staff_no))
        return who or None


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


def _full_width(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


class ClaimedSum(Struct, frozen=True):
    """The demand. The least that I would settle for is nobody's business and not in it."""

    remedy: str | None
    """Refund, exchange …"""
    total: str | None
    """What I claim in all."""
    sums: tuple[str, ...]
    """How the total comes about; empty where there is nothing to reckon."""


def claim(case: Case, handbook: Handbook, words: LetterWords) -> ClaimedSum:
    """The claim of a case. Its sums are set out where more than the price is asked for."""
    demand = case.demand
    remedy = handbook.remedies.get(demand.remedy)
    return ClaimedSum(
        remedy=words.say(remedy.label) if remedy is not None else None,
        total=words.money(demand.amount, case.order.currency) if demand.amount is not None else None,
        sums=tuple(_sums(case, handbook, words)),
    )


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
    yield msg("refund of the price paid: {paid}", paid=money(paid))
    total = paid
    extra = handbook.extras.get(remedy.id)
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
