"""Hiding personal data in a text before it leaves the case, with every hidden piece told for a diff.

Values that the case itself holds go first, the longest first, be they hidden or public; then the rules in their
order, each on what the ones before have left. Offsets are those of the original text. Masking twice changes nothing
more, and the time grows with the length of the text alone, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

__all__ = ["Known", "Level", "Masked", "Masker", "Rule", "Span", "compact", "tells"]

Level = Literal["none", "partial", "public"]
"""Nothing hidden, enough left to recognise one's own, or nothing left."""


class Rule(Struct, frozen=True, kw_only=True):
    """One kind of personal data that can be told by its form."""

    id: str
    name: str
    """What stands for it in the brackets, in the language of the text."""
    pattern: str
    group: int = 0
    """The group of the match that is hidden; 0 for all of it."""
    sample: str | None = None
    """What a partly hidden one looks like, `138****8000`; None hides it whole at every level."""


class Known(Struct, frozen=True, kw_only=True):
    """A value that is private because the case says so: a name, an order number."""

    kind: str
    """The id of the rule it would fall under, or an id of its own."""
    name: str
    value: str
    sample: str | None = None
    public: bool = False
    """It stays, whatever private value or rule would take a part of it."""


class Span(Struct, frozen=True, kw_only=True):
    """One hidden piece."""

    start: int
    end: int
    """Where it stood in the original, end exclusive."""
    rule: str
    original: str
    replacement: str


class Masked(Struct, frozen=True, kw_only=True):
    """A text with what was hidden in it, in the order in which it stands there."""

    text: str
    spans: tuple[Span, ...] = ()


class _Found(Struct, frozen=True):
    start: int
    end: int
    rule: str
    name: str
    sample: str | None


_TAKEN = "，"
"""Stands for every sign that is dealt with: no rule reads across it, as none reads across the bracket that replaces it.
The text itself has none left, as full-width forms are read as ASCII."""

_ROUNDS = 4
"""A rule may be held up by a neighbour that only a later rule takes; so they are all asked again, but not for ever."""

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LONG_GAP = re.compile(r"\s{5,}")
_GAP = "[ \\t\u3000\u00a0\\-\u2010-\u2015]"
_BETWEEN = re.compile(_GAP)

_STARRED = re.compile(r"(?<![0-9A-Za-z*])(?:[0-9A-Za-z-]{0,7}+\*{2,}+[0-9A-Za-z]{0,4}+)++(?![0-9A-Za-z*])")
"""What has been partly hidden before."""

_CREDIT_CODE = re.compile(r"(?i)(?:信用代码|注册号|税号|credit code)\s*[:为是]?\s*([0-9A-Z]{15,18})(?![0-9A-Z])")
"""Number of a business in the public register."""

_COUNTRY = re.compile(r"(?:\+|00)?86(?=1\d{10}$)")
_LATIN_WORD = 4
"""Letters from which on a Latin name is also found inside a word."""
_WHOLE_NUMBER = 10
_EXTENSION = 6
"""Digits that may follow a public number behind 转."""


class Masker:
    """Rules, and what is never hidden. Build it once; it may mask any number of texts."""

    def __init__(self, rules: Sequence[Rule], *, keep: Iterable[str] = (), style: str = "〔{name}〕") -> None:
        """`keep` are public numbers; `style` is what stands for a value hidden whole."""
        self._rules = tuple((rule, re.compile(rule.pattern)) for rule in rules)
        self._keep = frozenset(_digits(number) for number in keep)
        self._style = style
        self._labels = frozenset(style.format(name=rule.name) for rule in rules)

    def mask(self, text: str, level: Level, known: Sequence[Known] = ()) -> Masked:
        """`text` at that level. At `none` it comes back as it is."""
        if level == "none" or not text:
            return Masked(text=text)
        usable = sorted(
            (one for one in known if tells(one.value)), key=lambda one: (-len(compact(one.value)), one.public)
        )
        private = [_loose(one.value) for one in usable if not one.public]
        signs, places = _plain(text)
        found = sorted(self._find(signs, usable), key=lambda one: one.start)
        pieces: list[str] = []
        spans: list[Span] = []
        done = 0
        for one in found:
            start, end = places[one.start], places[one.end - 1] + 1
            replacement = self._replacement(signs[one.start : one.end], one, level, private)
            pieces += (text[done:start], replacement)
            spans.append(Span(start=start, end=end, rule=one.rule, original=text[start:end], replacement=replacement))
            done = end
        return Masked(text="".join([*pieces, text[done:]]), spans=tuple(spans))

    def label(self, name: str) -> str:
        """What stands for a value of that name that is hidden whole."""
        return self._style.format(name=name)

    def _find(self, signs: str, known: Sequence[Known]) -> Iterator[_Found]:
        signs = self._without_labels(signs, known)
        for one in known:
            spans = [match.span() for match in _loose(one.value).finditer(signs)]
            signs = _take(signs, spans)
            if not one.public:
                yield from (_Found(start, end, one.kind, one.name, one.sample) for start, end in spans)
        signs = _take(signs, [match.span() for match in _STARRED.finditer(signs)])
        signs = _take(signs, [match.span(1) for match in _CREDIT_CODE.finditer(signs)])
        for _ in range(_ROUNDS):
            before = signs
            for rule, pattern in self._rules:
                spans = [
                    match.span(rule.group)
                    for match in pattern.finditer(signs)
                    if match[rule.group] and not self._kept(match[rule.group])
                ]
                signs = _take(signs, spans)
                yield from (_Found(start, end, rule.id, rule.name, rule.sample) for start, end in spans)
            if signs == before:
                return

    def _without_labels(self, signs: str, known: Sequence[Known]) -> str:
        labels = self._labels | {self._style.format(name=one.name) for one in known} | {self._style.format(name="…")}
        either = re.compile("|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True)))
        return _take(signs, [match.span() for match in either.finditer(signs)])

    def _kept(self, matched: str) -> bool:
        digits = _digits(matched)
        if digits in self._keep:
            return not any(sign.isalpha() for sign in matched)
        return any(
            len(number) >= _WHOLE_NUMBER and digits.startswith(number) and len(digits) - len(number) <= _EXTENSION
            for number in self._keep
        )

    def _replacement(self, value: str, found: _Found, level: Level, private: Sequence[re.Pattern[str]]) -> str:
        """The label, or as much as the level leaves; something else where that would say a private value again."""
        wishes = [self._style.format(name=found.name)]
        if level == "partial" and found.sample is not None:
            wishes.insert(0, _shaped(value, found.sample))
        harmless = (wish for wish in wishes if not any(pattern.search(wish) for pattern in private))
        return next(harmless, self._style.format(name="…"))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as the rules read it, and where each of its signs stands in the original.

    Full-width forms become ASCII one to one; invisible signs and the rest of a very long gap are left out.
    """
    gaps = {place for match in _LONG_GAP.finditer(text) for place in _surplus(match)}
    hidden = {match.start() for match in _INVISIBLE.finditer(text)}
    places = [place for place in range(len(text)) if place not in gaps and place not in hidden]
    signs = text.translate(_FULL_WIDTH)
    return (signs if len(places) == len(text) else "".join(signs[place] for place in places)), places


def _surplus(gap: re.Match[str]) -> range | set[int]:
    broken = gap[0].find("\n")
    if broken < 0:
        return range(gap.start() + 4, gap.end())
    return set(range(gap.start(), gap.end())) - {gap.start() + broken}


def _take(signs: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (signs[done:start], _TAKEN * (end - start))
        done = end
    return "".join([*pieces, signs[done:]]) if spans else signs


def compact(value: str) -> str:
    """A value without what may stand between its signs."""
    return _BETWEEN.sub("", _INVISIBLE.sub("", value.translate(_FULL_WIDTH))).strip()


def tells(value: str) -> bool:
    """Whether the value is enough to be looked for: two signs, or four where all are digits."""
    signs = compact(value)
    return len(signs) >= (4 if signs.isdigit() else 2) and any(sign.isalnum() for sign in signs)


def _loose(value: str) -> re.Pattern[str]:
    """The value however it is spaced; a short Latin word only where no other letters stand beside it."""
    signs = compact(value)
    pattern = f"{_GAP}*+".join(re.escape(sign) for sign in signs)
    if signs.isascii() and signs.isalpha() and len(signs) < _LATIN_WORD:
        pattern = f"(?<![a-z]){pattern}(?![a-z])"
    return re.compile(pattern, re.IGNORECASE)


def _shaped(value: str, sample: str) -> str:
    """As much of the value as the sample leaves, `138****8000`."""
    first, last = sample.find("*"), sample.rfind("*")
    whole = value if "-" in sample else _COUNTRY.sub("", compact(value))
    behind = len(sample) - last - 1
    if len(whole) < first + behind + 2:
        return "*" * 4
    return whole[:first] + sample[first : last + 1] + whole[len(whole) - behind :]


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())
