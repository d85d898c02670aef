"""Numbers and sums of money as people type them: full-width digits, Chinese numerals, English words, ¥1,299, 49块5.

`normalise` makes variants of one character the same without moving any: index `i` of the result is index `i` of what
was typed, so that an error can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pddtui.domain.bounds import MOST_DIGITS
from pddtui.domain.text import halfwidth
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["TOO_MANY", "chinese_number", "either_of_two", "normalise", "read_sum", "whole_number"]

TOO_MANY = 1_000_000
"""Stands for any number of more than six digits: no period and no year has so many."""

_DIGITS: Mapping[str, int] = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_RUN = re.compile("[零一二三四五六七八九两俩十百千廿卅]+")
_ASCII_RUN = re.compile("[0-9]+")

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS_NAMES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_ONES: Mapping[str, int] = {word: value for value, word in enumerate(_ONES)} | {
    "a couple of": 2,
    "couple of": 2,
    "a": 1,
    "an": 1,
}
_ENGLISH_TENS: Mapping[str, int] = {word: 10 * value for value, word in enumerate(_TENS_NAMES, 2)}
_ENGLISH = re.compile(
    rf"(?:(?P<tens>{'|'.join(_ENGLISH_TENS)})(?:[- ](?P<ones>one|two|three|four|five|six|seven|eight|nine))?"
    rf"|(?P<word>{'|'.join(sorted(_ENGLISH_ONES, key=len, reverse=True))}))(?![a-z])"
)

_SAME = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "個週後點號內時兩間禮過鐘將會給復覆處決賬帳貨盡馬約預計遲節開這當應訊從"
    "仨壹贰叁肆伍陆柒捌玖拾"
    "〇○–—―−〜～至\t\n\r\u00a0",
    "abcdefghijklmnopqrstuvwxyz个周后点号内时两间礼过钟将会给复复处决账账货尽马约预计迟节开这当应讯从"
    "三一二三四五六七八九十零零----~~到    ",
)

_SUM = re.compile(
    rf"(?:¥|rmb|cny|人民币)?\s*(?P<whole>\d{{1,{MOST_DIGITS}}}|\d{{1,3}}(?:,\d{{3}}){{1,{MOST_DIGITS // 3 - 1}}})"
    r"(?:\.(?P<cents>\d{1,2}))?\s*(?:元|块|圆|rmb|cny|yuan|人民币)?(?:(?<=[元块圆])(?P<dimes>\d)(?:角|毛)?)?",
    re.IGNORECASE,
)


def normalise(text: str) -> str:
    """Half-width, lower case, simplified, one kind of dash; the same length as `text`."""
    return halfwidth(text).translate(_SAME)


def whole_number(text: str, at: int) -> tuple[int, int] | None:
    """The number that begins at `at` of a normalised text, and the index behind it."""
    if match := _ASCII_RUN.match(text, at):
        digits = match[0].lstrip("0") or "0"
        return (int(digits) if len(digits) < len(str(TOO_MANY)) else TOO_MANY), match.end()
    if match := _RUN.match(text, at):
        number = chinese_number(match[0])
        return None if number is None else (number, match.end())
    if match := _ENGLISH.match(text, at):
        if match["tens"]:
            return _ENGLISH_TENS[match["tens"]] + _ENGLISH_ONES[match["ones"] or "zero"], match.end()
        return _ENGLISH_ONES[match["word"]], match.end()
    return None


def chinese_number(run: str) -> int | None:
    """`三十五`, `廿五`, `一百零五`, `二零二六`; None for what is not a number, as `五三`."""
    run = run.replace("廿", "二十").replace("卅", "三十")
    if not any(char in _TENS for char in run):
        return _plain_digits(run)
    total = 0
    digit: int | None = None
    unit = 10_000
    for char in run:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif _TENS[char] >= unit:
            return None
        else:
            unit = _TENS[char]
            total += unit * (1 if digit is None else digit)
            digit = None
    if digit and unit > 10 and run[-2] != "零":
        digit *= unit // 10  # 一百二 is 120
    return total + (digit or 0)


def either_of_two(text: str, at: int) -> tuple[int, int] | None:
    """The larger one of `两三` (天), `三五` (个工作日), `三两`, and the index behind it."""
    pair = text[at : at + 2]
    if len(pair) == 2 and all(char in _DIGITS for char in pair):
        first, second = _DIGITS[pair[0]], _DIGITS[pair[1]]
        if 0 not in (first, second) and (abs(first - second) == 1 or (first, second) == (3, 5)):
            return max(first, second), at + 2
    return None


def read_sum(typed: str, field: str | None = None) -> Decimal | None:
    """The sum in yuan to the cent; None where nothing is typed.

    Raises `Refused` at `field` for anything that is not a sum, and for a sum in another currency.
    """
    text = halfwidth(typed).strip()
    if not text:
        return None
    found = _SUM.fullmatch(text)
    if found is None or (found["cents"] and found["dimes"]):
        raise Refused(
            msg("“{typed}” is not an amount in yuan: write it like {example}.", typed=typed, example="89.00"),
            field=field,
        )
    cents = found["cents"] or found["dimes"] or ""
    return Decimal(f"{found['whole'].replace(',', '')}.{cents:0<2}")


def _plain_digits(run: str) -> int | None:
    """One digit, or the four of a year."""
    if len(run) not in (1, 4):
        return None
    return int("".join(str(_DIGITS[char]) for char in run))
