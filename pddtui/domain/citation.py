"""How an article of a law is cited, in both languages: the only place that words a citation.

Chinese papers say 《消费者权益保护法》第五十五条第一款, English ones "Article 55, paragraph 1, of the Consumer Rights
Protection Law". A paper gives a law its full name where it first comes up, and the short one after that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from pddtui.domain.text import wide_brackets
from pddtui.message import Label

__all__ = ["LawName", "article_number", "citation", "in_chinese", "named_once"]

_DIGITS: Final = "零一二三四五六七八九"
_UNITS: Final = ("", "十", "百", "千")
_ART: Final = re.compile(r"(?P<first>[1-9]\d{0,3})(?:-(?P<last>[1-9]\d{0,3}))?(?P<bis>(?:bis[1-9]\d?)?)")
_STATE: Final = "中华人民共和国"
_SPOKEN: Final = {"zh": r"“[^”\n]*”", "en": r"\"[^\"\n]*\"|“[^”\n]*”"}
"""What stands in quotation marks is somebody's own words and is never touched."""


def in_chinese(number: int) -> str:
    """`155` as 一百五十五, for whole numbers from 1 to 9999."""
    digits = [int(digit) for digit in str(number)]
    said = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit:
            said += _DIGITS[digit] + _UNITS[place]
        elif said and not said.endswith(_DIGITS[0]):
            said += _DIGITS[0]
    said = said.rstrip(_DIGITS[0])
    return said.removeprefix("一") if said.startswith("一十") else said


def article_number(art: str | Label, paragraphs: tuple[int, ...] = (), items: tuple[int, ...] = ()) -> Label:
    """第五十五条第一款第二项 and "Article 55, paragraph 1, item 2".

    `art` is `55`, `200-203` for several or `120bis1` for 第一百二十条之一; what is no number stands as it is.
    """
    found = _ART.fullmatch(art) if isinstance(art, str) else None
    if found is None:
        return art if isinstance(art, Label) else Label(art, art)
    first, last, bis = int(found["first"]), found["last"], found["bis"].removeprefix("bis")
    if last is not None:
        return Label(f"第{in_chinese(first)}条至第{in_chinese(int(last))}条", f"Articles {first} to {last}")
    number = Label(f"第{in_chinese(first)}条", f"Article {first}")
    if bis:
        number = Label(f"{number.zh}之{in_chinese(int(bis))}", f"{number.en}-{bis}")
    chinese = number.zh + _parts(paragraphs, "款") + _parts(items, "项")
    return Label(chinese, ", ".join([number.en, *_named(paragraphs, "paragraph"), *_named(items, "item")]))


def _parts(numbers: tuple[int, ...], unit: str) -> str:
    return "、".join(f"第{in_chinese(number)}{unit}" for number in numbers)


def _named(numbers: tuple[int, ...], name: str) -> list[str]:
    if not numbers:
        return []
    *front, last = (str(number) for number in numbers)
    return [f"{name}s {', '.join(front)} and {last}" if front else f"{name} {last}"]


class LawName(Struct, frozen=True):
    """What a law is called: where it first comes up, and after that."""

    full: Label
    short: Label

    @classmethod
    def of(cls, name: Label, title: Label | None = None) -> LawName:
        """Of the name that a law has in the handbook, and of its official title where the name is a shorter one."""
        bare = Label(wide_brackets(name.zh.removeprefix(_STATE)), name.en)
        if title is not None:
            return cls(Label(wide_brackets(title.zh), title.en), bare)
        return cls(Label(wide_brackets(name.zh), _of_the_state(name)), bare)


def _of_the_state(name: Label) -> str:
    return f"{name.en} of the People's Republic of China" if name.zh.startswith(_STATE) else name.en


def _book(name: str) -> str:
    """The name in the marks of a title; a title inside it gets the single ones."""
    return f"《{name.replace('《', '〈').replace('》', '〉')}》"


def citation(law: LawName, number: Label, text: Label | None = None) -> Label:
    """How that article is cited by the short name of its law.

    `text` is the wording whose numbers these are, where there are several.
    """
    chinese = f"{_book(law.short.zh)}{f'（{text.zh}）' if text is not None else ''}{number.zh}"
    comma = "," if "," in number.en else ""
    english = f"{number.en}{comma} of the {law.short.en}{f' ({text.en})' if text is not None else ''}"
    return Label(chinese, english)


def named_once(paper: str, laws: Iterable[LawName], *, chinese: bool) -> str:
    """The paper with the full name of each law where it first comes up and the short one after that.

    A short name that is no part of the full one is introduced with it, where the paper goes on to use it.
    """
    wanted = {name.short: name for name in laws}
    names: dict[str, tuple[str, str, str]] = {}
    for name in wanted.values():
        full, short = (_book(name.full.zh), _book(name.short.zh)) if chinese else (name.full.en, name.short.en)
        names[short] = names[full] = (short, full, "" if name.short.zh in name.full.zh else short)
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(f"({_SPOKEN['zh' if chinese else 'en']})|({'|'.join(map(re.escape, longest))})")
    uses: dict[str, int] = {}
    for found in pattern.finditer(paper):
        if found[2]:
            short = names[found[2]][0]
            uses[short] = uses.get(short, 0) + 1
    seen: set[str] = set()

    def named(found: re.Match[str]) -> str:
        if not found[2]:
            return found[0]
        short, full, introduced = names[found[2]]
        if short in seen:
            return short
        seen.add(short)
        if not introduced or uses[short] == 1:
            return full
        return f"{full}（以下简称{introduced}）" if chinese else f'{full} ("{introduced}")'

    return pattern.sub(named, paper)
