"""How a letter writes dates, sums, units and states, and the sum that is demanded line by line.

A statutory extra is a claim: its line names the condition. A sum that a seller promised is called a promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case, Person, Promise, PromiseState
from pddtui.domain.workdays import Unit
from pddtui.handbook.book import Handbook
from pddtui.message import Label

__all__ = ["PROMISES", "Claim", "LetterWords", "claim", "unclosed", "unmarked"]

_UNITS: dict[Unit, tuple[str, str, str]] = {
    "hour": ("小时", "hour", "hours"),
    "natural_day": ("天", "calendar day", "calendar days"),
    "working_day": ("个工作日", "working day", "working days"),
    "month": ("个月", "month", "months"),
    "year": ("年", "year", "years"),
}

PROMISES: dict[PromiseState, Label] = {
    "open": Label("尚未到期", "still running"),
    "kept": Label("已兑现", "kept"),
    "broken": Label("未兑现", "not kept"),
    "replaced": Label("已改期", "replaced by a later promise"),
    "waived": Label("我方不再主张", "no longer claimed"),
}
"""`pddtui.domain.case.PROMISE_STATES` as one writes it to the other side."""

_LAPSED = Label("到期未兑现", "passed without being kept")
_UNDATED = Label("未约定期限，尚未兑现", "no date was given, not kept so far")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ARTICLES = ("the", "a", "an", "my", "our", "their")
_END_OF_DAY = time(23, 59, 59)
_STOPS = " 。．.；;，,、：:"
_MARKS = _STOPS + "！!？?…～~"


class LetterWords:
    """Words of one language. A moment is written in the zone it comes in."""

    def __init__(self, language: Literal["zh", "en"]) -> None:
        self.chinese = language == "zh"

    def say(self, label: Label) -> str:
        return _full_width(label.zh) if self.chinese else label.en

    def day(self, at: datetime) -> str:
        if self.chinese:
            return f"{at.year}年{at.month}月{at.day}日"
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"

    def moment(self, at: datetime) -> str:
        """Day and time of day; the day alone for what is due at any time of it."""
        if at.time() == _END_OF_DAY:
            return self.day(at)
        return f"{self.day(at)}{' ' if self.chinese else ', '}{at:%H:%M}"

    def money(self, amount: Decimal, currency: str = "CNY") -> str:
        if currency != "CNY":
            return f"{currency} {amount:.2f}"
        return f"{amount:.2f}元" if self.chinese else f"CNY {amount:.2f}"

    def length(self, n: int, unit: Unit) -> str:
        chinese, one, many = _UNITS[unit]
        return f"{n}{chinese}" if self.chinese else f"{n} {one if n == 1 else many}"

    def state(self, promise: Promise, now: datetime) -> str:
        """What became of it, as one writes it to those who gave it."""
        if promise.state == "open" and promise.due is None:
            return self.say(_UNDATED)
        return self.say(_LAPSED if promise.overdue(now) else PROMISES[promise.state])

    @property
    def unnamed(self) -> str:
        """What stands for a thing of which nothing is known."""
        return "未写明" if self.chinese else "not described"

    def subject(self, title: str, problem: str | None) -> str:
        """The problem and the title of a case; the title alone where it says the problem already."""
        names = re.split("[/／(（]", problem.casefold()) if problem else []
        if problem is None or any(name.strip() in title.casefold() for name in names if name.strip()):
            return title
        return f"{problem}——{title}" if self.chinese else f"{problem} - {title}"

    def person(self, person: Person) -> str | None:
        """Role, name and staff number as far as they are known."""
        role = person.role
        if not self.chinese and role and role.isascii() and role.split()[0].lower() not in _ARTICLES:
            role = f"the {role}"
        who = ("" if self.chinese else " ").join(filter(None, (role, person.name)))
        if person.staff_no and self.chinese:
            return f"{who}（工号{person.staff_no}）" if who else f"工号{person.staff_no}的客服"
        if person.staff_no:
            return f"{who} (staff no. {person.staff_no})" if who else f"agent no. {person.staff_no}"
        return who or None


def unclosed(text: str) -> str:
    """The text without the full stop or comma at its end; a question or an exclamation keeps its mark."""
    return text.rstrip(_STOPS) or text


def unmarked(text: str) -> str:
    """The text without any closing mark, to be gone on with or put into quotation marks."""
    return text.rstrip(_MARKS) or text


def _full_width(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


class Claim(Struct, frozen=True):
    """The demand. The least that I would settle for is nobody's business and not in it."""

    remedy: str | None
    """Refund, exchange …"""
    total: str | None
    """What I claim in all."""
    sums: tuple[str, ...]
    """How the total comes about; empty where there is nothing to reckon."""


_REFUND = Label("退还已付货款：{paid}", "refund of the price paid: {paid}")
_EXTRA = {
    "punitive3": Label(
        "如经认定构成欺诈，增加赔偿：{paid}×3＝{product}{floor}",
        "if fraud is found, on top of it: {paid} x 3 = {product}{floor}",
    ),
    "food10x": Label(
        "如经认定不符合食品安全标准，增加赔偿：{paid}×10＝{product}{floor}",
        "if the food is found unsafe, on top of it: {paid} x 10 = {product}{floor}",
    ),
}
_FLOOR = Label("，不足{least}，按{least}计算", ", less than {least}, so {least}")
_TOTAL = Label("合计：{total}", "in all: {total}")
_PROMISED = Label(
    "商家承诺的赔付（属商家承诺，非法定标准）：{rest}",
    "compensation the seller promised (a promise, not a legal amount): {rest}",
)
_REST = Label("其余主张：{rest}", "further claim: {rest}")
_REFUNDING = ("refund_only", "return_refund", "promised_comp", "punitive3", "food10x", "platform_first_pay")


def claim(case: Case, handbook: Handbook, words: LetterWords) -> Claim:
    """The claim of a case. Its sums are set out where more than the price is asked for."""
    demand = case.demand
    remedy = handbook.remedies.get(demand.remedy)
    return Claim(
        remedy=words.say(remedy.label) if remedy is not None else None,
        total=words.money(demand.amount, case.order.currency) if demand.amount is not None else None,
        sums=tuple(_sums(case, handbook, words)),
    )


def _sums(case: Case, handbook: Handbook, words: LetterWords) -> Iterator[str]:
    paid, wanted, remedy = case.order.amount, case.demand.amount, case.demand.remedy
    if paid is None or remedy not in _REFUNDING or (wanted is not None and wanted <= paid):
        return

    def money(amount: Decimal) -> str:
        return words.money(amount, case.order.currency)

    yield words.say(_REFUND).format(paid=money(paid))
    total = paid
    extra = handbook.extras.get(remedy)
    if extra is not None and remedy in _EXTRA:
        product = extra.price_times * paid
        raised = product < extra.least
        floor = words.say(_FLOOR).format(least=money(extra.least)) if raised else ""
        yield words.say(_EXTRA[remedy]).format(paid=money(paid), product=money(product), floor=floor)
        total += extra.of(paid)
    if wanted is not None and wanted > total:
        promised = remedy == "promised_comp"
        yield words.say(_PROMISED if promised else _REST).format(rest=money(wanted - total))
        total = wanted
    if total > paid:
        yield words.say(_TOTAL).format(total=money(total))
