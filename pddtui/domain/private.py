"""What of a case is private: the names, numbers and addresses that a text for strangers must not hold.

What the business behind the shop publishes about itself is not; of a sole trader the address is, and the name where
it is nothing but a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pddtui.domain.case import Case

__all__ = ["private_values"]

_GENERIC = ("客服", "商家", "系统", "平台", "店铺", "卖家", "快递", "自动回复", "机器人", "service", "robot")
"""A name with one of these is a role somebody typed into the wrong field."""

_COMPANY = ("公司", "合作社", "厂", "集团", "ltd", "inc", "llc", "gmbh")


_PERSON = re.compile("[\u4e00-\u9fff·]{2,4}(?<![店行部坊社铺馆吧屋心])")
"""A business that bears nothing but its owner's name."""


def private_values(case: Case) -> Iterator[tuple[str, str]]:
    """Kind and value, each once: `name`, `staff_no`, `order`, `waybill`, `reference`, `address`."""
    yield from dict.fromkeys(_values(case))


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
            if person.name and not any(word in person.name.casefold() for word in _GENERIC):
                yield "name", person.name
            if person.staff_no:
                yield "staff_no", person.staff_no
    operator = case.operator
    if any(word in (operator.name or "").casefold() for word in _COMPANY):
        return
    if operator.address:
        yield "address", operator.address
    if operator.name and _PERSON.fullmatch(operator.name):
        yield "name", operator.name
