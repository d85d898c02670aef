"""Personal data: what of a case is private, how a text is masked, and what must not be stored at all.

Values that the case itself holds go first, the longest first, be they hidden or public; then the rules in their
order, each on what the ones before have left. Offsets are those of the original text. Masking twice changes nothing
more, and the time grows with the length of the text alone, whatever is in it.

What the business behind the shop publishes about itself is not; of a sole trader the address is, and the name where
it is nothing but a person's.

A number is one of these by the word it stands with, in the forms in which people paste a text message: behind the
word, before it, in brackets, with blanks inside. A number that is too long or too short, or that a hotline, a date or
a sum is, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.fields import StoredField, fields_of, value_of
from pddtui.errors import Refused
from pddtui.message import Label, msg

__all__ = [
    "SECRETS",
    "Known",
    "Level",
    "Masked",
    "Masker",
    "Own",
    "Rule",
    "Span",
    "compact",
    "hide_secrets",
    "is_role",
    "private_values",
    "public_values",
    "refuse_secrets",
    "tells",
]

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
    said = (thing for contact in case.contacts for thing in (contact, *contact.amendments))
    for thing in (case, *case.filings, *said):
        for field in _private_fields(type(thing)):
            value = value_of(field, thing)
            if isinstance(value, str) and value and not (field.hidden == "name" and is_role(value)):
                yield field.hidden, value
    operator = case.operator
    if _is_company(case):
        return
    if operator.address:
        yield "address", operator.address
    if operator.name and _PERSON.fullmatch(operator.name):
        yield "name", operator.name


@cache
def _private_fields(kind: type[Struct]) -> tuple[StoredField, ...]:
    """Those that hold nothing but a private value."""
    return tuple(field for field in (fields_of(kind) or {}).values() if field.hidden not in ("words", "all"))


class Secret(Struct, frozen=True):
    """One kind of secret."""

    name: Label
    pattern: re.Pattern[str]


_SIGNS = r"[\s:：=~→>*#\"'“”‘’（(\[【「『《〈-]{0,6}"
_REMARK = r"(?:[（(\[【][^（(\[【）)\]】\n]{0,16}[）)\]】])?"
"""As in `验证码（5分钟内有效）：123456`."""
_IS = r"(?:是|为|即|就是|如下|设为|is|was)?"
_OPEN = r"(?<![\d.])(?<!号)(?<!号[:：是为 ])(?<!ticket )(?<!order )(?<!no\. )"
"""What stands before a number that no other word has claimed already."""
_CLOSED = r"(?!\d|[ -]?\d{3}|[-./:：]\d|\s?(?:[年月日号元块万余多人件个位天次分秒条折岁%％点]|小时))"
"""Not the beginning of a longer number, of a date or of a sum."""
_PUBLIC = r"(?!123(?:00|05|15|21|45|77|81)(?!\d)|100(?:00|10|86)(?!\d)|9[56]\d{3}(?!\d))"
_CLOSING = r"[\s\"'”’）)\]】」』》〉]{0,3}"
_FEW = r"[^\d\n，。；、,;收没不发]{0,10}?"
_NOT_THE_TOPIC = r"(?!\s*(?:问题|没|不|一直|收|发|的|problem|issue))"


def _secret(name: Label, *, chinese: str, english: str, digits: str) -> Secret:
    word = rf"(?:{chinese}|\b(?:{english})\b)"
    number = rf"{_PUBLIC}{digits}{_CLOSED}"
    behind = rf"{word}{_REMARK}{_SIGNS}{_IS}{_SIGNS}{number}"
    said = rf"(?:(?:是|为|即|就是|作为){_FEW}|[（(\[【][^\d\n）)\]】]{{0,6}}?)(?:{chinese})"
    told = rf"(?:is|was|as)\s(?:[a-z]+\s){{0,4}}?(?:{english})\b"
    before = rf"{_OPEN}{number}{_CLOSING}(?:{said}|{told}){_NOT_THE_TOPIC}"
    return Secret(name, re.compile(rf"(?i)(?:{behind}|{before})"))


_FOUR_TO_EIGHT = r"(?:\d{4,8}|\d\d(?: \d\d){2,3}|\d{2,4}[ -]\d{2,4}|(?:\d[ -]){3,7}\d)"
_FOUR_TO_SIX = r"(?:\d{4,6}|\d\d(?: \d\d){1,2}|\d{3}[ -]\d{3}|(?:\d[ -]){3,5}\d)"
_THREE_OR_FOUR = r"(?:\d{3,4}|(?:\d[ -]){2,3}\d)"

SECRETS: Mapping[str, Secret] = {
    "sms_code": _secret(
        Label(zh="短信验证码", en="a one-time password"),
        chinese="验证码|(?<!发票)校验码|动态(?:码|口令|密码)|短信(?:码|口令|密码)|手机码"
        "|一次性(?:密码|口令|代码|码)|随机(?:码|密码)|(?:登录|登陆|确认|授权)码",
        english=r"one[- ]time (?:password|passcode|code|pin)|otp(?: code)?|passcode"
        r"|(?:verification|confirmation|authentication|authori[sz]ation|login|sms|text) code"
        r"|(?:your|my|his|her|their) code|(?<![a-z] )code(?= (?:is|was))|(?<=the )code(?= (?:is|was))",
        digits=_FOUR_TO_EIGHT,
    ),
    "pay_secret": _secret(
        Label(zh="支付密码", en="a payment password"),
        chinese="(?:支付|付款|交易|取款|提现|银行卡)密码(?:[六6]位数?)?",
        english=r"payment (?:password|pin|code)|(?:bank |card |atm |my |your )pin(?: code| number)?|pin(?= (?:is|was))",
        digits=_FOUR_TO_SIX,
    ),
    "card_code": _secret(
        Label(zh="卡片安全码", en="a card security code"),
        chinese=r"(?<![a-z])(?:cvv2?|cvc2?)(?![a-z])|安全码|卡的?(?:背面|后面|背后)的?[最末后]{0,2}[三3四4]位(?:数字?|码)?",
        english=r"(?:card )?security code",
        digits=_THREE_OR_FOUR,
    ),
}
"""By the id that the handbook has for it."""


def refuse_secrets(text: str, field: str) -> str:
    """`text` itself, unless it holds a secret that nobody needs in a complaint: then `Refused`."""
    for secret in SECRETS.values():
        if secret.pattern.search(text):
            raise Refused(
                msg("This holds {what}, which is never stored: take it out and save again.", what=secret.name),
                field=field,
            )
    return text


def hide_secrets(text: str) -> str:
    """`text` with the digits of such secrets blotted out, for what is kept before anybody could refuse it."""
    for secret in SECRETS.values():
        text = secret.pattern.sub(lambda found: re.sub(r"\d", "•", found[0]), text)
    return text
