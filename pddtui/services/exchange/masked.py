"""A case with its texts masked, for everything that is made of it afterwards.

Ids, times and sums stay. What is nobody's business goes at every level: the least I would accept, what I mean to do,
and the history, which holds what was hidden and whose chain proves nothing without it.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct, structs

from pddtui.domain.case import Case, Filing, Order
from pddtui.domain.contact import Person
from pddtui.domain.mask import Level, Span
from pddtui.domain.private import is_role
from pddtui.services.masking import Masking

__all__ = ["hidden", "masked"]

_V = TypeVar("_V")

_TEXTS = frozenset(
    {
        *("title", "description", "merchant", "name", "address", "number", "product", "courier", "tracking"),
        *("reference", "note", "summary", "role", "staff_no", "text", "due_phrase", "proves", "place"),
        *("original_name", "tags"),
    }
)
"""Fields that hold what somebody wrote; every other text is an id or one of a few words."""


_WHOLE: dict[type[Struct], dict[str, str]] = {
    Person: {"name": "name", "staff_no": "staff_no"},
    Order: {"number": "order", "tracking": "waybill"},
    Filing: {"reference": "reference"},
}
"""Fields that are nothing but a private value, and its kind."""


def masked(case: Case, level: Level, masking: Masking) -> Case:
    """`case` at that level; itself when nothing is to be hidden."""
    if level == "none":
        return case
    return _Hiding(case, level, masking).case()


def hidden(case: Case, level: Level, masking: Masking) -> tuple[Span, ...]:
    """Every piece that `masked` hides."""
    hiding = _Hiding(case, level, masking)
    hiding.case()
    return tuple(hiding.spans)


class _Hiding:
    def __init__(self, case: Case, level: Level, masking: Masking) -> None:
        self._case, self._level, self._masking = case, level, masking
        self.spans: list[Span] = []

    def case(self) -> Case:
        case = self._case
        demand = structs.replace(case.demand, bottom_line=None)
        return self._walk(structs.replace(case, demand=demand, follow_ups=(), steps={}, history=()), "", None)

    def _walk(self, value: _V, field: str, kind: str | None) -> _V:
        made: object = value
        match value:
            case str() if field in _TEXTS:
                made = self._hide(value, kind)
            case tuple():
                made = tuple(self._walk(item, field, kind) for item in value)
            case Struct():
                kinds = _WHOLE.get(type(value), {})
                made = structs.replace(
                    value,
                    **{
                        name: self._walk(getattr(value, name), name, kinds.get(name))
                        for name in value.__struct_fields__
                    },
                )
        if not isinstance(made, type(value)):
            raise TypeError(f"{type(made)} took the place of {type(value)}")
        return made

    def _hide(self, text: str, kind: str | None) -> str:
        if kind is None or (kind == "name" and is_role(text)):
            result = self._masking.mask(text, self._level, self._case)
        else:
            result = self._masking.whole(text, self._level, kind, self._case)
        self.spans += result.spans
        return result.text
