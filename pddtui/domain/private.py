"""What of a case and of the person behind it is private: the names, numbers and addresses for no stranger's eyes.

What the business behind the shop publishes about itself is not; of a sole trader the address is, and the name where
it is nothing but a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.mask import compact

__all__ = ["Own", "is_role", "private_values", "public_values"]

_GENERIC = ("客服", "商家", "系统", "平台", "店铺", "卖家", "快递", "自动回复", "机器人", "service", "robot")
"""A name with one of these is a role somebody typed into the wrong field."""

_COMPANY = ("公司", "合作社", "厂", "集团", "ltd", "inc", "llc", "gmbh")


_PERSON = re.compile("[\u4e00-\u9fff·]{2,4}(?<![店行部坊社铺馆吧屋心])")
"""A business that bears nothing but its owner's name."""


class Own(Struct, frozen=True, kw_only=True):
    """Who complains, as the settings have it: no case says it."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    words: tuple[str, ...] = ()
    """Whatever else of mine no mask may let through."""

    def values(self) -> Iterator[tuple[str, str]]:
        """Kind and value, as of a case."""
        mine = (("name", self.name), ("phone", self.phone), ("address", self.address))
        yield from ((kind, value) for kind, value in mine if value)
        yield from (("hidden", word) for word in self.words)


def private_values(case: Case) -> Iterator[tuple[str, str]]:
    """Kind and value, each once: `name`, `staff_no`, `order`, `waybill`, `reference`, `address`."""
    yield from dict.fromkeys(_values(case))


def public_values(case: Case) -> Iterator[str]:
    """What a text keeps though a private value may be part of it: the names of the shop and of its company.

    A shop that is called as a person of the case is no public name.
    """
    private = {compact(value) for _, value in private_values(case)}
    names = (case.merchant, case.operator.name if _is_company(case) else None)
    yield from (name for name in names if name and compact(name) not in private)


def is_role(name: str) -> bool:
    """Whether it names no person."""
    return any(word in name.casefold() for word in _GENERIC)


def _is_company(case: Case) -> bool:
    return any(word in (case.operator.name or "").casefold() for word in _COMPANY)


def _values(case: Case) -> Iterator[tuple[str, str]]:
    if case.order.number:
        yield "order", case.order.number
    if case.order.tracking:
        yield "waybill", case.order.tracking
    for filing in case.filings:
        if filing.reference:
            yield "reference", filing.reference
    for contact in case.contacts:
        for person in (contact.person, *(amendment.person for amendment in contact.amendments)):
            if person.name and not is_role(person.name):
                yield "name", person.name
            if person.staff_no:
                yield "staff_no", person.staff_no
    operator = case.operator
    if _is_company(case):
        return
    if operator.address:
        yield "address", operator.address
    if operator.name and _PERSON.fullmatch(operator.name):
        yield "name", operator.name
