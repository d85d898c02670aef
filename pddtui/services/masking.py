"""The masks of the handbook, ready for use in one language, for a text or for a whole case.

Ids, times and sums stay. What is nobody's business goes at every level: the least I would accept, what I mean to do,
and the history, which holds what was hidden and whose chain proves nothing without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

from msgspec import Struct, structs

from pddtui.domain.case import Case, Filing, Order, Person
from pddtui.domain.mask import (
    SECRETS,
    Known,
    Level,
    Masked,
    Masker,
    Rule,
    Span,
    compact,
    is_role,
    private_values,
    public_values,
    tells,
)
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import MaskRule, Refusal
from pddtui.message import Label

__all__ = ["Masking", "hidden", "level_for", "masked"]

_RULE_OF = {
    "order": "pdd_order",
    "waybill": "waybill",
    "name": "labelled_name",
    "staff_no": "staff_no",
    "phone": "mobile",
    "address": "addr",
}
"""The rule that a private value would fall under."""

_NAMES = {
    "reference": Label("编号", "reference number"),
    "hidden": Label("已隐去", "hidden"),
}
"""Private values that no rule knows."""

_SHORT_CODES = ("12300", "12321", "12377", "12381", "95152", "119", "120")
"""Public numbers that are no channels of a complaint."""


def level_for(channel: str | None, handbook: Handbook) -> Level:
    """What a text for that channel needs: everybody can read it, or somebody must know who I am."""
    found = handbook.channels.get(channel) if channel else None
    return "public" if found is not None and found.public else "none"


class Masking:
    """Masks texts in one language."""

    def __init__(self, handbook: Handbook, language: Literal["zh", "en"]) -> None:
        masks = handbook.masks
        self._read: tuple[Case, list[Known]] | None = None
        self._chinese = language == "zh"
        self._samples = {rule: sample for level in masks.levels for rule, sample in level.samples.items()}
        by_name = {rule.label: self._samples[rule.id] for rule in masks.rules if rule.id in self._samples}
        self._rules = {rule.id: self._rule(rule, by_name) for rule in masks.rules}
        secrets = [
            Rule(id=refusal.id, name=self._say(refusal.label), pattern=pattern)
            for refusal in masks.refuse
            if (pattern := _pattern(refusal)) is not None
        ]
        style = next((level.label_style for level in masks.levels if level.label_style), "〔{name}〕")
        numbers = [*_SHORT_CODES, *_public_numbers(handbook)]
        self._masker = Masker([*secrets, *self._rules.values()], keep=numbers, style=style)
        self._own = [self._known(kind, value) for kind, value in handbook.own.values()]

    def mask(self, text: str, level: Level, case: Case | None = None, hide: Iterable[str] = ()) -> Masked:
        """`text` at that level, without the private values of `case` and of mine and without the words of `hide`."""
        known = [*self._own, *(self._known("hidden", word) for word in hide)]
        asked = [compact(one.value) for one in known if tells(one.value)]
        if case is not None:
            values = self._values(case)
            known += (one for one in values if not (one.public and any(it in compact(one.value) for it in asked)))
        return self._masker.mask(text, level, known)

    def whole(self, text: str, level: Level, kind: str, case: Case) -> Masked:
        """A field that holds nothing but a value of that kind: nothing of it is left, however short it is.

        Partly masked as much of it is left as the level leaves of a longer text.
        """
        masked = self.mask(text, level, case)
        if level == "none" or not text or (level == "partial" and masked.spans):
            return masked
        label = self._masker.label(self._known(kind, text).name)
        if masked.text == label:
            return masked
        span = Span(start=0, end=len(text), rule=kind, original=text, replacement=label)
        return Masked(text=label, spans=(span,))

    def _values(self, case: Case) -> list[Known]:
        """What of the case is private and what is public, read once for its many texts."""
        if self._read is None or self._read[0] is not case:
            private = [self._known(kind, value) for kind, value in private_values(case)]
            public = [Known(kind="public", name="…", value=value, public=True) for value in public_values(case)]
            self._read = case, [*private, *public]
        return self._read[1]

    def _rule(self, rule: MaskRule, by_name: dict[Label, str]) -> Rule:
        return Rule(
            id=rule.id,
            name=self._say(rule.label),
            pattern=rule.pattern,
            group=rule.group,
            sample=self._samples.get(rule.id) or by_name.get(rule.label),
        )

    def _known(self, kind: str, value: str) -> Known:
        rule = self._rules.get(_RULE_OF.get(kind, ""))
        if rule is None:
            return Known(kind=kind, name=self._say(_NAMES[kind if kind in _NAMES else "hidden"]), value=value)
        return Known(kind=rule.id, name=rule.name, value=value, sample=rule.sample)

    def _say(self, label: Label) -> str:
        return label.zh if self._chinese else label.en


def _pattern(refusal: Refusal) -> str | None:
    """The pattern of the handbook, else the one by which the program refuses to store it."""
    if refusal.pattern is not None or refusal.id not in SECRETS:
        return refusal.pattern
    return SECRETS[refusal.id].pattern.pattern


def _public_numbers(handbook: Handbook) -> Iterator[str]:
    for channel in handbook.channels:
        yield from (number.number for number in channel.numbers)
        if channel.phone is not None:
            yield channel.phone


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
