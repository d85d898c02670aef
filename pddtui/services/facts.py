"""The facts of a case, in one order and by one name, each with its value, for whatever shows them.

`show`, the case page, the head on the desk and the dossier put them into lines of their own; none knows a field by
itself. What is not known is no fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from pddtui.domain.case import Case, Complainant, Override
from pddtui.domain.duetime import period, span
from pddtui.domain.fields import CASE, ChoiceTable, FactGroup, Kind, StoredField, value_of
from pddtui.handbook.model import Problem
from pddtui.message import Label, Message, Sum, Value, msg

__all__ = ["CaseFact", "fact_for_an_office", "facts", "shown"]

NameOf = Callable[[ChoiceTable, str], Label | None]
"""What an entry of the handbook is called; None for one that only another machine's handbook has."""


class CaseFact(Struct, frozen=True, kw_only=True):
    """One thing that is known of a case."""

    id: str
    """The name of the field: `demand_amount`."""
    label: Message
    value: Value
    """In the words of the reader; a text is somebody's own and stays."""
    kind: Kind
    group: FactGroup
    printed: bool
    """It may stand in what goes to the other side."""


def facts(case: Case, name_of: NameOf) -> Iterator[CaseFact]:
    """Everything that is known of the case beside its title, in the order of its fields."""
    for field in CASE:
        if field.group is None or field.label is None:
            continue
        value = shown(field, value_of(field, case), case.order.currency, name_of)
        if field.place == "order.delivered_at" and value is not None and case.order.received_at is None:
            value = msg("{at}, not received by me", at=value)
        if value not in (None, "", ()):
            yield CaseFact(
                id=field.name,
                label=field.label,
                value=value,
                kind=field.kind,
                group=field.group,
                printed=field.printed,
            )


def fact_for_an_office(fact: CaseFact, case: Case, problem: Problem | None) -> tuple[Message, Value]:
    """A fact as one writes it to an office: the problem in a sentence's words, and no receipt of what never came."""
    if problem is None:
        return fact.label, fact.value
    if fact.id == "problem":
        return fact.label, problem.told(f"{case.title} {case.description or ''}")
    if problem.undelivered and fact.id == "received_at" and case.order.delivered_at is None:
        return msg("Carrier shows delivered"), msg("{at}, not received by me", at=fact.value)
    return fact.label, fact.value


def shown(field: StoredField, value: object, currency: str, name_of: NameOf) -> Value | None:
    """A value of the field as it is said to a person; None for nothing."""
    match value:
        case str():
            return _words(field, value, name_of)
        case bool():
            return msg("yes") if value else msg("no")
        case Decimal():
            return Sum(value, currency)
        case Complainant():
            return value.name
        case Override():
            return f"{value.amber} {value.red}"
        case tuple():
            return tuple(str(part) for part in value)
        case int() | datetime():
            return value
    return None


def _words(field: StoredField, value: str, name_of: NameOf) -> Value:
    if field.kind == "length":
        length = span(value)
        return period(length.n, length.unit)
    return (name_of(field.catalogue, value) if field.catalogue is not None else None) or value
