"""Which articles a letter may name for a case, and with what reservation.

Only what is binding, in force and not merely remembered is cited, and only what binds one of the sides that the letter
is about: a courier is not told of the seller's duties. Where the law asks for a condition that nobody has found yet
(fraud, unsafe food, a platform that knew), the condition is written down with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from pddtui.domain.case import Case
from pddtui.domain.rules import Side
from pddtui.handbook.book import Handbook
from pddtui.handbook.laws import Article, Law
from pddtui.message import Label

__all__ = ["CONDITIONS", "articles_for"]

_ONE_OF_THESE = Label("仅在所列情形成立时适用", "only where what it names is so")

CONDITIONS: dict[str, Label] = {
    "crpl24": Label("如经核实商品不符合质量要求", "if the goods are found not to meet the quality required"),
    "crpl25": Label("如商品不属于法定例外情形且保持完好", "if the goods are no legal exception and are intact"),
    "crpl44": _ONE_OF_THESE,
    "ecl38": _ONE_OF_THESE,
    "ecl58": Label("在符合消费者权益保护法规定的条件时", "where the conditions of the consumer law are met"),
    "crpl49": Label("如确因商品造成人身损害", "if the goods are found to have caused the injury"),
    "crpl55": Label("如经认定构成欺诈", "if fraud is found"),
    "inf16": Label("如经认定属于所列情形", "if one of the listed acts is found"),
    "fsl131": _ONE_OF_THESE,
    "fsl148": Label("如经认定不符合食品安全标准", "if the food is found not to meet the safety standards"),
    "inf8": Label("如自提出要求之日起满十五日仍无正当理由不处理", "once fifteen days have passed without good reason"),
    "inf9": Label("如满十五日仍无正当理由不办理", "once fifteen days have passed without good reason"),
    "ecl55": Label("如经核实支付指令发生错误", "if an error in the payment order is found"),
    "pql41": Label("如经认定产品存在缺陷", "if the product is found to be defective"),
    "pql43": Label("如经认定产品存在缺陷", "if the product is found to be defective"),
    "price17": Label("如经核实存在该情形", "if this is found to be so"),
    "price19": Label("如经认定构成价格欺诈", "if price fraud is found"),
    "spc_online10": Label("如商家确有高于法定标准的承诺", "if the seller did promise more than the law gives"),
}
"""Article id to what must be so before it helps."""

_TRADERS: frozenset[Side] = frozenset({"merchant", "platform"})
_PLATFORM: frozenset[Side] = frozenset({"platform"})
_COURIER: frozenset[Side] = frozenset({"courier"})
_PAYMENT: frozenset[Side] = frozenset({"payment"})
_AUTHORITY: frozenset[Side] = frozenset({"authority"})
_SELLER: frozenset[Side] = frozenset({"merchant"})

_BINDS: dict[str, frozenset[Side]] = {
    "crpl14": _TRADERS | _COURIER | _PAYMENT,
    "crpl29": _TRADERS | _COURIER | _PAYMENT,
    "crpl37": frozenset({"association"}),
    "crpl44": _PLATFORM,
    "crpl46": _AUTHORITY,
    "impl44": _TRADERS,
    "impl46": _AUTHORITY,
    "ecl17": _TRADERS,
    "ecl27": _PLATFORM,
    "ecl31": _PLATFORM,
    "ecl38": _PLATFORM,
    "ecl39": _PLATFORM,
    "ecl52": _COURIER,
    "ecl53": _PAYMENT,
    "ecl55": _PAYMENT,
    "ecl58": _PLATFORM,
    "ecl59": _TRADERS,
    "ecl61": _PLATFORM,
    "ecl62": _TRADERS,
    "ecl63": _PLATFORM,
    "ecl83": _PLATFORM,
    "fsl131": _PLATFORM,
    "exp25": _COURIER,
    "exp27": _COURIER,
    "exp28": _COURIER,
    "postal65": _AUTHORITY,
    "rule121_10": _AUTHORITY,
    "rule121_16": _AUTHORITY,
    "rule121_23": _AUTHORITY,
}
"""Article id to the sides that have to keep it; every other article binds the seller."""


def articles_for(
    case: Case, own: tuple[str, ...], sides: Collection[Side], handbook: Handbook, day: date
) -> Iterator[tuple[Article, Law, Label | None]]:
    """Article, its law, and condition: those of problem and demand that bind one of `sides`, then the letter's own."""
    problem = handbook.problems.get(case.problem) if case.problem else None
    remedy = handbook.remedies.get(case.demand.remedy) if case.demand.remedy else None
    tied = (*(problem.laws if problem else ()), *(remedy.basis if remedy else ()))
    ids = dict.fromkeys([*(one for one in tied if not _BINDS.get(one, _SELLER).isdisjoint(sides)), *own])
    for article_id in ids:
        article = handbook.articles.get(article_id)
        law = handbook.laws.get(article.law) if article is not None else None
        if article is None or law is None or not law.binding or law.history_only or not law.valid_on(day):
            continue
        if article.cite and not article.unsure and article.valid_on(day):
            yield article, law, CONDITIONS.get(article_id)
