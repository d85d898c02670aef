"""A case with its texts masked, for everything that is made of it afterwards.

Ids, times and sums stay. What is nobody's business goes at every level: the least I would accept, what I mean to do,
and the history, which holds what was hidden and whose chain proves nothing without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, structs

from pddtui.domain.case import Case
from pddtui.domain.mask import Level, Span
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


def masked(case: Case, level: Level, masking: Masking) -> Case:
    """`case` at that level; itself when nothing is to be hidden."""
    if level == "none":
        return case
    return _walk(_for_others(case), "", lambda text: masking.mask(text, level, case).text)


def hidden(case: Case, level: Level, masking: Masking) -> tuple[Span, ...]:
    """Every piece that `masked` hides."""
    found: list[Span] = []

    def note(text: str) -> str:
        result = masking.mask(text, level, case)
        found.extend(result.spans)
        return result.text

    _walk(_for_others(case), "", note)
    return tuple(found)


def _for_others(case: Case) -> Case:
    demand = structs.replace(case.demand, bottom_line=None)
    return structs.replace(case, demand=demand, follow_ups=(), steps={}, history=())


def _walk(value: _V, field: str, hide: Callable[[str], str]) -> _V:
    made: object = value
    match value:
        case str() if field in _TEXTS:
            made = hide(value)
        case tuple():
            made = tuple(_walk(item, field, hide) for item in value)
        case Struct():
            made = structs.replace(
                value, **{name: _walk(getattr(value, name), name, hide) for name in value.__struct_fields__}
            )
    if not isinstance(made, type(value)):
        raise TypeError(f"{type(made)} took the place of {type(value)}")
    return made
