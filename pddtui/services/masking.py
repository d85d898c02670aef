"""The masks of the handbook, ready for use in one language, for a text or for a whole case.

Every text is masked that `domain.fields` does not name as harmless, wherever it stands: a field that nobody thought of
is masked and not let out. Ids, times and sums stay. What is nobody's business goes at every level: the least I would
accept, what I mean to do, and the history, which holds what was hidden and whose chain proves nothing without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.case import Case, Evidence
from pddtui.domain.fields import Hidden, StoredField, fields_of
from pddtui.domain.mask import (
    FoundMatch,
    HiddenPiece,
    Known,
    KnownValues,
    Masked,
    Masker,
    MaskLevel,
    Rule,
    compact,
    is_specific,
    private_values,
    public_values,
)
from pddtui.domain.names import FORMS, person_names, surname_of
from pddtui.domain.secrets import SECRET_WORDS, SECRETS
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import HiddenKind, MaskFile, MaskRule, Refusal
from pddtui.message import Label, Message, msg, plural

__all__ = [
    "NAMES_NEED_WORDS",
    "Masking",
    "hidden_sentence",
    "hide_in",
    "level_for",
]

EXHIBIT = "exhibit"
"""The kind of a private value that is the name of a file."""
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{1,8}")

PATIENCE = 2.0
"""Seconds for a pattern of the user's own in one text; ours take thousandths."""

_SHORT_CODES = ("12300", "12321", "12377", "12381", "95152", "119", "120")
"""Public numbers that are no channels of a complaint."""


def level_for(channel: str | None, handbook: Handbook) -> MaskLevel:
    """What a text for that channel needs: everybody can read it, or somebody must know who I am."""
    found = handbook.channels.get(channel) if channel else None
    return "public" if found is not None and found.public else "none"


class BoundedPattern:
    """A pattern that the user wrote, given up after `PATIENCE` seconds: then nothing is masked and nothing goes out."""

    def __init__(self, pattern: str) -> None:
        import regex  # `re` cannot be told to stop

        self._told = pattern
        self._pattern = regex.compile(pattern)

    def finditer(self, text: str) -> Iterator[FoundMatch]:
        """Every match in it. Raises `Refused` where that takes too long."""
        try:
            yield from self._pattern.finditer(text, timeout=PATIENCE)
        except TimeoutError as error:
            raise Refused(
                msg(
                    "A pattern of yours in masks.yaml takes too long: correct it. Nothing was made. It is {pattern}",
                    pattern=self._told,
                )
            ) from error


class Masking:
    """Masks texts in one language."""

    def __init__(self, handbook: Handbook, language: Literal["zh", "en"]) -> None:
        self._handbook, masks = handbook, handbook.masks
        self._read: tuple[Case | None, KnownValues] | None = None
        self._chinese = language == "zh"
        self._samples = {rule: sample for level in masks.levels for rule, sample in level.samples.items()}
        by_name = {rule.label: self._samples[rule.id] for rule in masks.rules if rule.id in self._samples}
        self._rules = {rule.id: self._rule(rule, by_name) for rule in masks.rules}
        self._rule_of: dict[str, Rule] = {kind: self._rules[rule.id] for rule in masks.rules for kind in rule.values}
        self._names = {each.id: self._say(each.label) for each in masks.without_rule}
        secrets = [
            Rule(
                id=each.id,
                name=self._say(each.label),
                pattern=pattern,
                near=frozenset() if each.pattern else SECRET_WORDS,
            )
            for each in masks.refuse
            if (pattern := _pattern(each)) is not None
        ]
        style = next((level.label_style for level in masks.levels if level.label_style), "〔{name}〕")
        numbers = [*_SHORT_CODES, *_public_numbers(handbook)]
        named = self._rule_of["name"]
        spoken = [Rule(id=named.id, name=named.name, pattern=form, group=1, near=near) for form, near in FORMS]
        self._style = style
        own = handbook.own_patterns
        self._masker = Masker(
            [*secrets, *self._rules.values(), *spoken],
            keep=numbers,
            style=style,
            made=lambda pattern: BoundedPattern(pattern) if pattern in own else re.compile(pattern),
        )
        self._own = [self._known(kind, value) for kind, value in handbook.own.values()]

    def mask(self, text: str, level: MaskLevel, case: Case | None = None, hide: Iterable[str] = ()) -> Masked:
        """`text` at that level, without the private values of `case` and of mine and without the words of `hide`."""
        words = tuple(hide)
        if level == "none" or not text:
            return self._masker.mask(text, level)
        if words:
            return self._masker.mask(text, level, KnownValues(self._sought(case, words)))
        if self._read is None or self._read[0] is not case:  # read once for the many texts of a case
            self._read = case, KnownValues(self._sought(case, ()))
        return self._masker.mask(text, level, self._read[1])

    def _sought(self, case: Case | None, hide: Iterable[str]) -> Iterator[Known]:
        """Mine, those that were asked for, and of the case all but what is public without them."""
        mine = [*self._own, *(self._known("hidden", word) for word in hide)]
        yield from mine
        asked = [compact(one.value) for one in mine if is_specific(one.value)]
        for one in self._values(case) if case is not None else ():
            if not (one.public and any(it in compact(one.value) for it in asked)):
                yield one

    def nameless(self, text: str, case: Case) -> str:
        """`text` without who I am, and without the numbers by which a seller or an office knows me; all else stays."""
        me = self._handbook.own.writer(case.complainant)
        values = {"name": me.name, "phone": me.phone, "address": me.address}
        values |= {"order": case.order.number, "waybill": case.order.tracking}
        known = [*self._own, *(self._known(kind, value) for kind, value in values.items() if value)]
        masker = Masker([self._rules["labelled_ticket"]], keep=[], style=self._style)
        return masker.mask(text, "public", KnownValues(known)).text

    def whole(self, text: str, level: MaskLevel, kind: str, case: Case) -> Masked:
        """A field that holds nothing but a value of that kind: nothing of it is left, however short it is.

        Partly masked as much of it is left as the level leaves of a longer text.
        """
        masked = self.mask(text, level, case)
        if level == "none" or not text or (level == "partial" and masked.spans):
            return masked
        label = self._masker.label(self._known(kind, text).name)
        if masked.text == label:
            return masked
        span = HiddenPiece(start=0, end=len(text), rule=kind, original=text, replacement=label)
        return Masked(text=label, spans=(span,))

    def _values(self, case: Case) -> list[Known]:
        """The private and the public values of the case, each once."""
        private = [self._known(kind, value) for kind, value in private_values(case)]
        public = [Known(kind="public", name="…", value=value, public=True) for value in public_values(case)]
        called = [
            Known(kind=one.kind, name=one.name, value=surname, called=True)
            for one in private
            if one.kind == self._rule_of["name"].id and (surname := surname_of(one.value)) is not None
        ]
        files = [
            Known(kind=EXHIBIT, name=self._names[EXHIBIT], value=record.original_name, instead=name)
            for record, name in self.exhibits(case)
            if record.original_name and record.original_name != name
        ]
        public += [Known(kind="public", name="…", value=name, public=True) for _, name in self.exhibits(case)]
        return list(dict.fromkeys((*private, *called, *public, *files)))

    def exhibits(self, case: Case) -> Iterator[tuple[Evidence, str]]:
        """Each piece of evidence, and what its file is called in public: `exhibit 7.jpg`, whatever it was called."""
        gap = "" if self._chinese else " "
        for number, record in enumerate(case.evidence, 1):
            suffixes = (Path(name).suffix for name in (record.original_name, record.file) if name)
            suffix = next((each for each in suffixes if _SUFFIX.fullmatch(each)), "")
            yield record, f"{self._names[EXHIBIT]}{gap}{number}{suffix}"

    def _rule(self, rule: MaskRule, by_name: dict[Label, str]) -> Rule:
        masks = self._handbook.masks
        return Rule(
            id=rule.id,
            name=self._say(rule.label),
            pattern=masks.whole(rule.pattern),
            group=rule.group,
            digits=rule.digits,
            near=masks.words(rule.near),
            sample=self._samples.get(rule.id) or by_name.get(rule.label),
        )

    def _known(self, kind: str, value: str) -> Known:
        rule = self._rule_of.get(kind)
        if rule is None:
            return Known(kind=kind, name=self._names[kind if kind in self._names else "hidden"], value=value)
        return Known(kind=rule.id, name=rule.name, value=value, sample=rule.sample)

    def _say(self, label: Label) -> str:
        return label.zh if self._chinese else label.en


def _pattern(refusal: Refusal) -> str | None:
    """The pattern of the handbook, else the one by which the program refuses to store it."""
    if refusal.pattern is not None or refusal.id not in SECRETS:
        return refusal.pattern
    return SECRETS[refusal.id].pattern


def _public_numbers(handbook: Handbook) -> Iterator[str]:
    for channel in handbook.channels:
        yield from (number.number for number in channel.numbers)
        if channel.phone is not None:
            yield channel.phone


_UNLISTED = StoredField(place="")
"""Whatever stands in no table is a text like any other."""


def hide_in(case: Case, level: MaskLevel, masking: Masking) -> tuple[Case, tuple[HiddenPiece, ...]]:
    """`case` at that level, itself when nothing is to be hidden, and every piece that is hidden in it."""
    if level == "none":
        return case, ()
    hiding = _Hiding(case, level, masking)
    return hiding.case(), tuple(hiding.spans)


NAMES_NEED_WORDS = msg("Names without a label are only found where the case knows them: name them with --hide.")
"""What has to be known of every mask on the command line."""


def hidden_sentence(pieces: Iterable[HiddenPiece], masks: MaskFile) -> Message:
    """What was hidden, counted by kind, as in `Hidden: 3 phone numbers, 2 names`."""
    kinds: dict[str, HiddenKind] = {"reference": "reference", EXHIBIT: "exhibit"}
    kinds.update((rule.id, rule.counted) for rule in masks.rules)
    kinds.update((refusal.id, "code") for refusal in masks.refuse)
    found = Counter(kinds.get(piece.rule, "other") for piece in pieces)
    if not found:
        return msg("Nothing is hidden.")
    return msg("Hidden: {what}.", what=tuple(_COUNTED[kind](n) for kind, n in found.most_common()))


_COUNTED: Mapping[HiddenKind, Callable[[int], Message]] = {
    "phone": lambda n: plural("{n} phone number", "{n} phone numbers", n),
    "name": lambda n: plural("{n} name", "{n} names", n),
    "address": lambda n: plural("{n} address", "{n} addresses", n),
    "id": lambda n: plural("{n} ID card number", "{n} ID card numbers", n),
    "document": lambda n: plural("{n} document number", "{n} document numbers", n),
    "order": lambda n: plural("{n} order number", "{n} order numbers", n),
    "payment": lambda n: plural("{n} payment number", "{n} payment numbers", n),
    "waybill": lambda n: plural("{n} tracking number", "{n} tracking numbers", n),
    "card": lambda n: plural("{n} bank account", "{n} bank accounts", n),
    "email": lambda n: plural("{n} e-mail address", "{n} e-mail addresses", n),
    "account": lambda n: plural("{n} account", "{n} accounts", n),
    "code": lambda n: plural("{n} code", "{n} codes", n),
    "staff": lambda n: plural("{n} staff number", "{n} staff numbers", n),
    "ticket": lambda n: plural("{n} ticket number", "{n} ticket numbers", n),
    "birth": lambda n: plural("{n} date of birth", "{n} dates of birth", n),
    "position": lambda n: plural("{n} position", "{n} positions", n),
    "plate": lambda n: plural("{n} number plate", "{n} number plates", n),
    "reference": lambda n: plural("{n} reference number", "{n} reference numbers", n),
    "exhibit": lambda n: plural("{n} file name", "{n} file names", n),
    "other": lambda n: plural("{n} other piece", "{n} other pieces", n),
}


class _Hiding:
    def __init__(self, case: Case, level: MaskLevel, masking: Masking) -> None:
        self._case, self._level, self._masking = case, level, masking
        self.spans: list[HiddenPiece] = []
        named = masking.exhibits(case) if level == "public" else ()
        self._files = {record.id: name for record, name in named if record.original_name}

    def case(self) -> Case:
        made = self._thing(self._case, {}, "")
        if not isinstance(made, Case):
            raise TypeError(f"{type(made)} took the place of a case")
        return made

    def _thing(self, thing: Struct, around: Mapping[str, StoredField], place: str) -> Struct:
        """A thing that has a table of its own, or the part of one that stands at `place` of the table `around`."""
        own = fields_of(type(thing))
        fields, before = (around, f"{place}.") if own is None else (own, "")
        made: dict[str, object] = {}
        for name in thing.__struct_fields__:
            inner = f"{before}{name}"
            field = fields.get(inner, _UNLISTED)
            value: object = getattr(thing, name)
            made[name] = _nothing(value) if field.hidden == "all" else self._value(value, field, fields, inner)
        if isinstance(thing, Evidence) and thing.id in self._files:
            made["original_name"] = self._file(thing.original_name or "", self._files[thing.id])
        return structs.replace(thing, **made)

    def _file(self, original: str, shown: str) -> str:
        if original != shown:
            end = len(original)
            self.spans.append(HiddenPiece(start=0, end=end, rule=EXHIBIT, original=original, replacement=shown))
        return shown

    def _value(self, value: object, field: StoredField, fields: Mapping[str, StoredField], place: str) -> object:
        match value:
            case str():
                return value if field.harmless else self._hide(value, field.hidden)
            case Struct():
                return self._thing(value, fields, place)
            case tuple() | list():
                return type(value)(self._value(item, field, fields, place) for item in value)
            case dict():
                keys = {key: key if field.kind == "things" else self._value(key, field, fields, place) for key in value}
                return {keys[key]: self._value(item, field, fields, place) for key, item in value.items()}
            case None | bool() | int() | Decimal() | date():
                return value
        raise TypeError(f"nobody knows how to mask {type(value)}, which stands at {place}")

    def _hide(self, text: str, hidden: Hidden) -> str:
        if hidden == "words" or (hidden == "name" and person_names(text) != (text,)):
            result = self._masking.mask(text, self._level, self._case)
        else:
            result = self._masking.whole(text, self._level, hidden, self._case)
        self.spans += result.spans
        return result.text


def _nothing(value: object) -> object:
    """What stands for a value of that shape where nothing may be shown."""
    match value:
        case tuple():
            return ()
        case dict():
            return {}
    return None
