"""The facts of an order in the text of an order or logistics page, by the labels that the handbook knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from msgspec import Struct

from pddtui.domain.phrases.shown import read_shown
from pddtui.domain.text import bare_number, fold, halfwidth
from pddtui.handbook.pasted import OrderLabelField, PasteFile

__all__ = ["OrderPage", "PageReading", "read_page"]


class OrderPage(Struct, frozen=True, kw_only=True):
    """What a page says of an order."""

    number: str | None = None
    product: str | None = None
    merchant: str | None = None
    amount: Decimal | None = None
    """What was paid, in yuan."""
    ordered_at: datetime | None = None
    courier: str | None = None
    tracking: str | None = None

    def facts(self) -> Iterator[tuple[str, str | Decimal | datetime]]:
        """Name and value of everything that it says, in the order of the fields of a case."""
        for name in self.__struct_fields__:
            value: str | Decimal | datetime | None = getattr(self, name)
            if value is not None:
                yield name, value


class PageReading(Struct, frozen=True, kw_only=True):
    """A page, and the lines of it that say something else."""

    page: OrderPage
    unread: tuple[str, ...]
    known: int = 0
    """How many of its lines have a label that order pages have."""

    @property
    def is_order(self) -> bool:
        """Whether the text is such a page, and not a message that names an order."""
        facts = [name for name, _ in self.page.facts()]
        named = "number" in facts or "tracking" in facts
        if not facts or not (named or len(facts) > 2):
            return False
        return len(facts) + self.known > 1 or not self.unread


_COPY = re.compile(
    r"(?:\s|(?<=[^\s]))(?:点击)?复制(?:链接|单号)?\s*$|\s+copy\s*$|\s*[>›〉]\s*$|\s+(?:进店|联系商家|关注)\s*$",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"(?:[¥￥$]|rmb|cny)?\s*(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)\s*(?:元|圆|$|[（( ,，;；])",
    re.IGNORECASE,
)
_WAYBILL = re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]{0,4}\d{9,22}[A-Z]{0,2})(?![0-9A-Za-z])")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,3}\d[\dA-Za-z*-]{5,38}")
_VALUE_AT_ONCE = re.compile(r"[\s¥￥]|[A-Z]{0,4}\d")


def read_page(lines: Sequence[str], rules: PasteFile, seen_at: datetime, *, only_number: bool = False) -> PageReading:
    """What the lines say of an order. With `only_number` they are words of somebody that may name one."""
    labels = _Labels(rules)
    if only_number:
        return PageReading(page=OrderPage(number=labels.number_in(lines)), unread=())
    collected = _Collected(labels, frozenset(map(fold, rules.furniture)))
    for line in lines:
        collected.take(line.strip())
    return collected.reading(seen_at)


class _Collected:
    """What was read of a page so far."""

    def __init__(self, labels: _Labels, furniture: frozenset[str]) -> None:
        self._labels = labels
        self._furniture = furniture
        self._found: dict[OrderLabelField, tuple[int, str]] = {}
        """Each fact with how sure its label is, the less the surer."""
        self._waiting: tuple[OrderLabelField, int] | None = None
        self._unread: list[str] = []
        self._known = 0

    def take(self, line: str) -> None:
        """Read one more line."""
        if not line or (self._waiting is not None and fold(line) in self._furniture):
            return
        pairs = list(self._labels.pairs(line))
        waiting, self._waiting = self._waiting, None
        if pairs:
            for label in pairs:
                self._take_pair(label)
        elif waiting is not None:
            self._put(*waiting, line)
        else:
            self._take_words(line)

    def _take_pair(self, label: _Labelled) -> None:
        self._known += label.field in ("other", "shown")
        if label.field == "shown":
            self._unread.append(label.whole)
        elif label.value:
            self._put(label.field, label.rank, label.value)
        else:
            self._waiting = label.field, label.rank

    def _take_words(self, line: str) -> None:
        """A line without a label: a carrier beside its number, or over it, or something else."""
        before = self._unread[-1] if self._unread else ""
        over = before if self._labels.courier(before) == before and _WAYBILL.match(halfwidth(line)) else ""
        carrier = self._labels.parcel(f"{over} {line}".strip())
        if carrier is None:
            self._unread.append(line)
            return
        if over:
            self._unread.pop()
        for name, value in zip(_PARCEL, carrier, strict=True):
            self._found.setdefault(name, (0, value))

    def _put(self, name: OrderLabelField, rank: int, value: str) -> None:
        """Keep it, unless a surer label said it, or the same label said something else."""
        known = self._found.get(name)
        if known is None or rank < known[0]:
            self._found[name] = rank, value
        elif known[0] == rank and known[1] != value and name != "other":
            self._unread.append(value)

    def reading(self, seen_at: datetime) -> PageReading:
        """All of it."""
        values = {name: value for name, (_, value) in self._found.items()}
        carrier = next((line for line in self._unread if self._labels.courier(line) == line), None)
        if carrier is not None and "tracking" in values and "courier" not in values:
            values["courier"] = carrier
            self._unread.remove(carrier)
        page = _page(values, self._labels, seen_at)
        said = dict(page.facts())
        unclear = [value for name, value in values.items() if name != "other" and name not in said]
        return PageReading(page=page, unread=(*self._unread, *unclear), known=self._known)


_PARCEL: tuple[OrderLabelField, OrderLabelField] = ("courier", "tracking")


class _Labelled(NamedTuple):
    """A label with what stands behind it."""

    field: OrderLabelField
    rank: int
    value: str
    """Nothing where it stands elsewhere."""
    whole: str
    """Both, as they stand in the line."""


class _Labels:
    def __init__(self, rules: PasteFile) -> None:
        self._ranks = {fold(word): rank for words in rules.labels.values() for rank, word in enumerate(words)}
        self._fields = {fold(word): field for field, words in rules.labels.items() for word in words}
        words = "|".join(re.escape(word) for word in sorted(self._fields, key=len, reverse=True))
        self._first = re.compile(rf"(?:{words})(?![A-Za-z])")
        self._inside = re.compile(rf"(?<![^\s,，;；|｜])({words})\s{{0,3}}[:：]")
        self._couriers = sorted(map(fold, rules.couriers), key=len, reverse=True)
        self._names = {fold(word): word for word in rules.couriers}
        numbers = "|".join(re.escape(word) for word, name in self._fields.items() if name == "number")
        self._named = re.compile(
            rf"(?:{numbers}|订单(?=\s?\d{{6}}-\d{{15}}(?!\d)))(?:\s{{0,3}}[:：]\s{{0,3}}|[是为]\s{{0,3}}|\s{{1,3}}|(?=\d))(?P<number>[0-9A-Za-z*-]{{8,40}})"
        )

    def number_in(self, lines: Sequence[str]) -> str | None:
        for line in lines:
            found = self._named.search(fold(line)) if len(line) < 20_000 else None
            if found is not None and any(char.isdigit() for char in found["number"]):
                return bare_number(found["number"])
        return None

    def pairs(self, line: str) -> Iterator[_Labelled]:
        """Each label of the line with its value."""
        plain = fold(line)
        starts: list[tuple[int, int, str]] = []
        first = self._first.match(plain)
        if first is not None:
            behind = plain[first.end() :]
            colon = re.match(r"\s{0,3}[:：]\s{0,3}", behind)
            field = self._fields[first[0]]
            if colon is not None:
                starts.append((0, first.end() + colon.end(), first[0]))
            elif (
                not behind
                or (_VALUE_AT_ONCE.match(line[first.end() :]) and field != "other")
                or (field == "other" and behind[:1].isspace())
            ):
                starts.append((0, first.end(), first[0]))
        if not starts:
            return
        for found in self._inside.finditer(plain):
            if found.start() >= starts[-1][1]:
                starts.append((found.start(), found.end(), found[1]))
        ends = [start for start, _, _ in starts[1:]] + [len(line)]
        for (start, begin, word), end in zip(starts, ends, strict=True):
            value = line[begin:end].strip(" ,，;；|｜")
            yield _Labelled(self._fields[word], self._ranks[word], value, line[start:end].strip(" ,，;；|｜"))

    def parcel(self, text: str) -> tuple[str, str] | None:
        """Courier and number, where the text is hardly more than these."""
        carrier = self.courier(text)
        number = _WAYBILL.search(halfwidth(text))
        if (
            carrier is None
            or number is None
            or number.start() > len(carrier) + 12
            or not fold(text).startswith(fold(carrier))
        ):
            return None
        return carrier, number[0]

    def courier(self, text: str) -> str | None:
        """The first courier that is named in it."""
        plain = fold(text)
        return next((self._names[word] for word in self._couriers if word in plain), None)


def _page(found: dict[OrderLabelField, str], labels: _Labels, seen_at: datetime) -> OrderPage:
    value = {name: _COPY.sub("", text).strip() for name, text in found.items()}
    courier, tracking = value.get("courier"), value.get("tracking")
    if courier and (number := _WAYBILL.search(halfwidth(courier))) is not None:
        tracking = tracking or number[0]
        courier = courier[: number.start()].strip(" :：(（") or None
    if tracking:
        courier = courier or labels.courier(tracking)
        number = _WAYBILL.search(halfwidth(tracking))
        tracking = number[0] if number is not None else bare_number(tracking)
    order = value.get("number")
    if order:
        read = _NUMBER.search(halfwidth(order))
        order = bare_number(read[0]) if read is not None else None
    moment = value.get("ordered_at")
    return OrderPage(
        number=order or None,
        product=value.get("product") or None,
        merchant=value.get("merchant") or None,
        amount=_sum(value.get("amount", "")),
        ordered_at=(read_shown(moment, seen_at) or read_shown(moment, seen_at, timed=False)) if moment else None,
        courier=courier or None,
        tracking=tracking or None,
    )


def _sum(text: str) -> Decimal | None:
    found = _SUM.search(halfwidth(text))
    if found is None:
        return None
    try:
        return Decimal(found[1].replace(",", ""))
    except InvalidOperation:
        return None
