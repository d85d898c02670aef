"""What is demanded, with the sum worked out in lines that anybody can check.

A statutory extra is a claim: its line names the condition. A sum that a seller promised is called a promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.handbook.book import Handbook
from pddtui.message import Label
from pddtui.services.letter_words import LetterWords

__all__ = ["Claim", "claim"]


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
    """The claim of a case. Its sums are told where more than the price is asked for."""
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
