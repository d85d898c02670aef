"""Personal data: what in a case is private, and how a text is masked.

What the business behind the shop publishes about itself is public; the address of a sole trader is private, and so
is a business name that is only a person's. Masking a text twice changes nothing more, and takes time in proportion
to its length, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Literal, Protocol, get_args
from unicodedata import digit

from msgspec import Struct

from pddtui.domain.case import Amendment, Case, Complainant, Contact
from pddtui.domain.fields import MYSELF, StoredField, fields_of, value_of
from pddtui.domain.history import head_hashes
from pddtui.domain.names import beside_title, names_in_role, person_names

__all__ = [
    "LEVELS",
    "Finder",
    "FoundMatch",
    "HiddenPiece",
    "Known",
    "KnownValues",
    "MaskLevel",
    "Masked",
    "Masker",
    "Own",
    "Rule",
    "compact",
    "is_specific",
    "private_values",
    "public_values",
]

MaskLevel = Literal["none", "partial", "public"]
"""Nothing is hidden, enough is left to recognise one's own, or nothing is left."""

LEVELS: tuple[MaskLevel, ...] = get_args(MaskLevel)
"""All levels, the most readable one first."""


class Rule(Struct, frozen=True, kw_only=True):
    """One kind of personal data that is recognised by its form."""

    id: str
    name: str
    """What stands for it in brackets, in the language of the text."""
    pattern: str
    group: int = 0
    """The group of the match that is hidden; 0 for all of it."""
    digits: int = 0
    """So many digits, with no more than signs between them, has a text in which the rule finds anything."""
    near: frozenset[str] = frozenset()
    """Words in lower case of which such a text has one; none for a rule that is always tried."""
    sample: str | None = None
    """What is left of a partly hidden one, as in `138****8000`; None hides all of it at every level."""


class Known(Struct, frozen=True, kw_only=True):
    """A value that is private because the case says so: a name, an order number."""

    kind: str
    """The id of the rule it would fall under, or an id of its own."""
    name: str
    value: str
    sample: str | None = None
    called: bool = False
    """A surname, looked for only where somebody is called by it: with a title or a role beside it."""
    public: bool = False
    """It stays, even where a private value or a rule would take a part of it."""
    instead: str | None = None
    """What stands for it in a public text, without brackets; it is looked for in no other."""

    @property
    def hides(self) -> bool:
        """Whether it may be shown nowhere."""
        return not (self.public or self.called or self.instead is not None)


class Own(Struct, frozen=True, kw_only=True):
    """The person who complains, as the settings have it: no case says it."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    words: tuple[str, ...] = ()
    """Any other words of mine that no mask may let through."""
    people: Mapping[str, Complainant] = {}
    """For whom else I keep cases, by short names."""

    def values(self) -> Iterator[tuple[str, str]]:
        """Kind and value, as `private_values` gives those of a case."""
        for one in (self.writer(None), *self.people.values()):
            lines = (("name", one.name), ("phone", one.phone), ("address", one.address))
            yield from ((kind, value) for kind, value in lines if value)
        yield from (("hidden", word) for word in self.words)

    def writer(self, complainant: Complainant | None) -> Complainant:
        """Who signs the papers of a case with that complainant: they, or I."""
        return complainant or Complainant(name=self.name, phone=self.phone, address=self.address)

    def for_whom(self, typed: str, before: Complainant | None = None) -> Complainant | None:
        """Whom a name means that was typed: None for me, one of `people` by short or full name, or a name alone.

        `before` is who stood there: the same name typed again is the same person.
        """
        wanted = compact(typed).casefold()
        if wanted in ("", *MYSELF, compact(self.name or "").casefold()):
            return None
        known = [names for short, one in self.people.items() for names in ((short, one), (one.name or short, one))]
        if before is not None and before.name:
            known.append((before.name, before))
        return next((one for name, one in known if compact(name).casefold() == wanted), Complainant(name=typed))


class HiddenPiece(Struct, frozen=True, kw_only=True):
    """One hidden piece."""

    start: int
    end: int
    """Where it stood in the original, end exclusive."""
    rule: str
    original: str
    replacement: str


class Masked(Struct, frozen=True, kw_only=True):
    """A text, and what was hidden in it, in the order of the text."""

    text: str
    spans: tuple[HiddenPiece, ...] = ()


class _Found(Struct, frozen=True):
    start: int
    end: int
    rule: str
    name: str
    sample: str | None
    instead: str | None = None


_TAKEN = "，"
"""Stands for every character that is dealt with: no rule reads across it, as none reads across the bracket that will
replace it. The text itself has none, as full-width forms are read as ASCII."""

_ROUNDS = 4
"""A rule may be blocked by a neighbour that only a later rule takes, so all are tried again, but not for ever."""

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ONE_TO_ONE = _FULL_WIDTH | dict.fromkeys([0xA0, 0x3000, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ") | {0x2795: "+"}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_KEYCAP = "\u20e3"
_SPELLED = dict(zip("零〇○洞一幺壹二贰三叁四肆五伍六陆七柒拐八捌九玖勾", "0000111223344556677788999", strict=True))
"""Digits in Han, as they are said on the telephone."""
_ENCLOSED = "²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒🄀-🄊"
_ODD_DIGIT = rf"\d{_KEYCAP}|[{_ENCLOSED}{''.join(_SPELLED)}]"
_ODD_RUN = re.compile(
    rf"(?:{_ODD_DIGIT}|\d)"
    rf"(?:{_ODD_DIGIT}|\d|(?<=[{_ENCLOSED}{''.join(_SPELLED)}{_KEYCAP}])[ ._/、,·~-]{{1,2}}(?={_ODD_DIGIT})){{4,}}"
)
"""Signs stand only between odd digits: the number beside it is another one."""
_ODD_PLACE = re.compile(_ODD_DIGIT)
_LONG_GAP = re.compile(r"\s{5,}")
_GAP = "[ \\t\u3000\u00a0\\-\u2010-\u2015]"
_BETWEEN = re.compile(_GAP)

_STARRED = re.compile(r"(?<![0-9A-Za-z*])(?:[0-9A-Za-z-]{0,7}+\*{2,}+[0-9A-Za-z]{0,4}+)++(?![0-9A-Za-z*])")
"""What has been partly hidden before."""

_CREDIT_CODE = re.compile(r"(?i)(?:信用代码|注册号|税号|credit code)\s*[:为是]?\s*([0-9A-Z]{15,18})(?![0-9A-Z])")
"""The number of a business in the public register."""

_COUNTRY = re.compile(r"(?:\+|00)?86(?=1\d{10}$)")
_LATIN_WORD = 4
"""A Latin name of at least so many letters is also found inside a word."""

_SPOKEN = 7
"""So many digits in Han are a number by which somebody is reached."""
_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d)*")
_WHOLE_NUMBER = 10
_EXTENSION = 6
"""How many digits of an extension may follow a public number."""

_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
"""So many digits in the name of a shop are a telephone number, or another by which somebody is reached."""
_MOBILE = re.compile(r"1[3-9]\d{9}")

_COMPANY = ("公司", "合作社", "厂", "集团", "ltd", "inc", "llc", "gmbh")

_PERSON = re.compile("[\u4e00-\u9fff·]{2,4}(?<![店行部坊社铺馆吧屋心])")
"""A business named by nothing but its owner's name."""


class FoundMatch(Protocol):
    """One place where a pattern matches, as `re` tells of it."""

    def span(self, group: int, /) -> tuple[int, int]: ...
    def __getitem__(self, group: int, /) -> str: ...


class Finder(Protocol):
    """A pattern that is ready for use, of `re` or of another engine."""

    def finditer(self, text: str, /) -> Iterator[FoundMatch]: ...


class _Seeking:
    """A rule with what finds it, compiled when the first text may have it: most texts have few kinds."""

    def __init__(self, rule: Rule, made: Callable[[str], Finder]) -> None:
        self.rule, self._made = rule, made

    @cached_property
    def pattern(self) -> Finder:
        return self._made(self.rule.pattern)


class _Sought(Struct, frozen=True):
    """A value with what finds it."""

    known: Known
    pattern: re.Pattern[str]
    letters: frozenset[str]
    """Folded; a text without one of them does not have the value, which spares most of the looking."""

    @classmethod
    def of(cls, known: Known) -> _Sought:
        if known.called:
            return cls(known, re.compile(beside_title(known.value)), _letters(known.value))
        pattern = _loose(known.value)
        if known.instead is not None:  # the name of a file is not the end of another
            pattern = re.compile(rf"(?<![0-9A-Za-z]){pattern.pattern}(?![0-9A-Za-z])", pattern.flags)
        return cls(known, pattern, _letters(compact(known.value)))


class KnownValues:
    """Values to be looked for in many texts, compiled once: the longest first, be they private or public."""

    def __init__(self, known: Iterable[Known]) -> None:
        everything = tuple(known)
        usable = sorted(
            (one for one in everything if one.called or is_specific(one.value)),
            key=lambda one: (-len(compact(one.value)), one.public),
        )
        self.names = frozenset(one.name for one in everything)
        self._sought = tuple(map(_Sought.of, usable))

    def perhaps_in(self, text: str) -> list[_Sought]:
        """Those of which every letter is there."""
        there = _letters(text)
        return [one for one in self._sought if one.letters <= there]

    def shows_private(self, text: str) -> bool:
        """Whether a private value stands in it."""
        found = (one for one in self.perhaps_in(text) if one.known.hides)
        return any(one.pattern.search(text) for one in found)


def _letters(text: str) -> frozenset[str]:
    """The letters as a pattern that ignores case compares them, in a set."""
    return frozenset("i" if char in "ıİ" else char.casefold() for char in set(text))


NOTHING_KNOWN = KnownValues(())


class Masker:
    """Hides personal data by rules. Build it once; it may mask any number of texts."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        keep: Iterable[str] = (),
        style: str = "〔{name}〕",
        made: Callable[[str], Finder] = re.compile,
    ) -> None:
        """`keep` are public numbers; `style` is what stands for a value of which nothing is left.

        `made` makes something of a pattern that finds it.
        """
        self._rules = tuple(_Seeking(rule, made) for rule in rules)
        public = [_digits(number) for number in keep]
        self._keep = frozenset([*public, *(f"86{number.removeprefix('0')}" for number in public)])
        self._style = style
        self._labels = frozenset(style.format(name=rule.name) for rule in rules)

    def mask(self, text: str, level: MaskLevel, known: KnownValues = NOTHING_KNOWN) -> Masked:
        """`text` at that level; at `none` it is returned as it is.

        Values of the case go first; then the rules in their order, each on what the ones before have left. Offsets are
        those of the original text.
        """
        if level == "none" or not text:
            return Masked(text=text)
        chars, places = _plain(text)
        found = sorted(self._find(chars, known, level), key=lambda one: one.start)
        pieces: list[str] = []
        spans: list[HiddenPiece] = []
        done = 0
        for one in found:
            start, end = places[one.start], places[one.end - 1] + 1
            while text[end : end + 1] in ("\ufe0f", _KEYCAP):  # the rest of a digit on a key
                end += 1
            replacement = self._replacement(chars[one.start : one.end], one, level, known)
            pieces += (text[done:start], replacement)
            spans.append(
                HiddenPiece(start=start, end=end, rule=one.rule, original=text[start:end], replacement=replacement)
            )
            done = end
        return Masked(text="".join([*pieces, text[done:]]), spans=tuple(spans))

    def label(self, name: str) -> str:
        """What stands for a value of that name of which nothing is left."""
        return self._style.format(name=name)

    def _find(self, chars: str, known: KnownValues, level: MaskLevel) -> Iterator[_Found]:
        chars = self._without_labels(chars, known)
        for sought in known.perhaps_in(chars):
            one = sought.known
            if one.instead is not None and level != "public":
                continue
            spans = [match.span(match.lastindex or 0) for match in sought.pattern.finditer(chars)]
            chars = _take(chars, spans)
            if not one.public:
                yield from (_Found(start, end, one.kind, one.name, one.sample, one.instead) for start, end in spans)
        chars = _take(chars, [match.span() for match in _STARRED.finditer(chars)])
        chars = _take(chars, [match.span(1) for match in _CREDIT_CODE.finditer(chars)])
        for _ in range(_ROUNDS):
            before, folded, longest = chars, chars.lower(), _longest_number(chars)
            for seeking in self._rules:
                rule = seeking.rule
                if rule.digits > longest or not _has_one(folded, rule.near):  # the most of them, in most texts
                    continue
                spans = [
                    match.span(rule.group)
                    for match in seeking.pattern.finditer(chars)
                    if match[rule.group] and not self._kept(match[rule.group])
                ]
                chars = _take(chars, spans)
                yield from (_Found(start, end, rule.id, rule.name, rule.sample) for start, end in spans)
            if chars == before:
                return

    def _without_labels(self, chars: str, known: KnownValues) -> str:
        labels = self._labels | {self._style.format(name=name) for name in known.names} | {self._style.format(name="…")}
        there = [label for label in labels if label in chars]
        if not there:
            return chars
        either = re.compile("|".join(re.escape(label) for label in sorted(there, key=len, reverse=True)))
        return _take(chars, [match.span() for match in either.finditer(chars)])

    def _kept(self, matched: str) -> bool:
        digits = _digits(matched)
        if digits in self._keep:
            return not any(char.isalpha() for char in matched)
        return any(
            len(number) >= _WHOLE_NUMBER and digits.startswith(number) and len(digits) - len(number) <= _EXTENSION
            for number in self._keep
        )

    def _replacement(self, value: str, found: _Found, level: MaskLevel, known: KnownValues) -> str:
        """The label, or as much as the level leaves; something else where that would show a private value again."""
        wishes = [self._style.format(name=found.name)]
        if level == "partial" and found.sample is not None:
            wishes.insert(0, _shaped(value, found.sample))
        if found.instead is not None:
            wishes.insert(0, found.instead)
        harmless = (wish for wish in wishes if not known.shows_private(wish))
        return next(harmless, self._style.format(name="…"))


def private_values(case: Case) -> Iterator[tuple[str, str]]:
    """Kind and value, each once: `name`, `staff_no`, `order`, `waybill`, `reference`, `address`."""
    yield from dict.fromkeys(_values(case))


def public_values(case: Case) -> Iterator[str]:
    """What a text keeps though a private value, or what looks like one, may be part of it.

    These are the names of the shop and of its company, and the hashes of the record, which prove nothing when a digit
    of them is hidden. A telephone number in a name is no part of it. The name of a shop is not public where a person
    of the case has the same name.
    """
    yield from head_hashes(case.history)
    private = {compact(value) for _, value in private_values(case)}
    names = (case.merchant, case.operator.name if _is_company(case) else None)
    for name in names:
        if name and compact(name) not in private:
            yield from filter(None, map(str.strip, _LONG_NUMBER.split(name)))


def compact(value: str) -> str:
    """A value without the gaps that may stand between its characters."""
    return _BETWEEN.sub("", _INVISIBLE.sub("", value.translate(_FULL_WIDTH))).strip()


def is_specific(value: str) -> bool:
    """Whether the value is long enough to be looked for: two characters, or four where all are digits."""
    chars = compact(value)
    return len(chars) >= (4 if chars.isdigit() else 2) and any(char.isalnum() for char in chars)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as the rules read it, and where each of its characters stands in the original.

    Full-width forms become ASCII one to one, other blanks a blank, and the digits of a number in Han, in circles or on
    keys those of ASCII; invisible characters and most of a very long gap are left out.
    """
    chars = _OTHER_DIGIT.sub(lambda found: str(digit(found[0])), text.translate(_ONE_TO_ONE))
    left_out = {place for match in _LONG_GAP.finditer(text) for place in _surplus(match)}
    left_out.update(match.start() for match in _INVISIBLE.finditer(text))
    chars, places = _without(chars, list(range(len(text))), left_out)
    keys: set[int] = set()

    def written(run: re.Match[str]) -> str:
        digits = _digits_of(run[0])
        if digits is not None:
            keys.update(run.start() + place for place, char in enumerate(run[0]) if char == _KEYCAP)
        return digits or run[0]

    return _without(_ODD_RUN.sub(written, chars), places, keys)


def _without(chars: str, places: list[int], left_out: set[int]) -> tuple[str, list[int]]:
    if not left_out:
        return chars, places
    kept = [place for place in range(len(chars)) if place not in left_out]
    return "".join(chars[place] for place in kept), [places[place] for place in kept]


def _digits_of(run: str) -> str | None:
    """The run with its odd digits as ASCII; None where they are marks before numbers, or a few words.

    A list numbers its numbers with a circle each, and a number of few digits in Han is said in any sentence.
    """
    odd, digits = len(_ODD_PLACE.findall(run)), sum(char.isdigit() or char in _SPELLED for char in run)
    if 3 * odd < digits or (digits < _SPOKEN and any(char in _SPELLED for char in run)):
        return None
    return "".join(_SPELLED.get(char) or (str(digit(char)) if char.isdigit() else char) for char in run)


def _surplus(gap: re.Match[str]) -> range | set[int]:
    broken = gap[0].find("\n")
    if broken < 0:
        return range(gap.start() + 4, gap.end())
    return set(range(gap.start(), gap.end())) - {gap.start() + broken}


def _longest_number(chars: str) -> int:
    """How many digits the longest has, whatever signs stand in it; 0 without a digit."""
    return max((sum(map(str.isdigit, found[0])) for found in _NUMBER.finditer(chars)), default=0)


def _has_one(text: str, words: frozenset[str]) -> bool:
    return not words or any(word in text for word in words)


def _take(chars: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (chars[done:start], _TAKEN * (end - start))
        done = end
    return "".join([*pieces, chars[done:]]) if spans else chars


def _loose(value: str) -> re.Pattern[str]:
    """The value however it is spaced; a short Latin word only where no other letters stand beside it."""
    chars = compact(value)
    pattern = f"{_GAP}*+".join(re.escape(char) for char in chars)
    if chars.isascii() and chars.isalpha() and len(chars) < _LATIN_WORD:
        pattern = f"(?<![a-z]){pattern}(?![a-z])"
    return re.compile(pattern, re.IGNORECASE)


def _shaped(value: str, sample: str) -> str:
    """As much of the value as the sample leaves, as in `138****8000`."""
    first, last = sample.find("*"), sample.rfind("*")
    whole = value if "-" in sample else _COUNTRY.sub("", compact(value))
    behind = len(sample) - last - 1
    if len(whole) < first + behind + 2:
        return "*" * 4
    return whole[:first] + sample[first : last + 1] + whole[len(whole) - behind :]


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())


def _is_company(case: Case) -> bool:
    return any(word in (case.operator.name or "").casefold() for word in _COMPANY)


def _values(case: Case) -> Iterator[tuple[str, str]]:
    said = (thing for contact in case.contacts for thing in (contact, *contact.amendments))
    for thing in (case, *case.filings, *said):
        for field in _private_fields(type(thing)):
            value = value_of(field, thing)
            if isinstance(value, str) and value:
                yield from ((field.hidden, each) for each in _meant(field, value))
        if isinstance(thing, Contact | Amendment):
            yield from (("name", name) for name in names_in_role(thing.person.role or ""))
    for number in _LONG_NUMBER.findall(case.merchant or ""):
        yield ("phone" if _MOBILE.fullmatch(compact(number)) else "hidden"), number
    operator = case.operator
    if _is_company(case):
        return
    if operator.address:
        yield "address", operator.address
    if operator.name and _PERSON.fullmatch(operator.name):
        yield "name", operator.name


def _meant(field: StoredField, value: str) -> tuple[str, ...]:
    """What is private of it: of a name only what is one, as a role may stand there."""
    return person_names(value) if field.hidden == "name" else (value,)


@cache
def _private_fields(kind: type[Struct]) -> tuple[StoredField, ...]:
    """Those that hold nothing but a private value."""
    return tuple(field for field in (fields_of(kind) or {}).values() if field.hidden not in ("words", "all"))
