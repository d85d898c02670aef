"""One-time passwords in pasted text: blotted out wherever they stand, also where a code stands below its word.

Nobody needs them in a complaint, so that nothing shows or stores them; see `pddtui.domain.secrets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pddtui.domain.secrets import SECRET_WORDS, hide_secrets

__all__ = ["Blots", "blots_in"]

_BLOT = "•"
_FEWEST = 4
"""Digits of a code; fewer stand everywhere."""
_DIGITS = re.compile(r"\d(?:[ -]?\d)*")


class Blots:
    """The codes of one paste."""

    def __init__(self, codes: Iterable[str]) -> None:
        kept = sorted({code for code in codes if len(re.sub(r"\D", "", code)) >= _FEWEST}, key=len, reverse=True)
        words = "|".join(map(re.escape, kept))
        self._codes = re.compile(rf"(?<!\d)(?:{words})(?!\d)") if words else None

    def out_of(self, text: str) -> str:
        """The text without these codes, and without any other that stands beside its word."""
        if self._codes is not None:
            text = self._codes.sub(_blotted, text)
        return hide_secrets(text) if _may_hold_one(text) else text


def blots_in(texts: Sequence[str]) -> Blots:
    """The codes in texts that follow each other: in each, and in one whose word stands at the end of the one before."""
    beside = (code for text in _beside(texts) for code in _codes_in(text))
    return Blots((*beside, *_answers(texts)))


def _beside(texts: Sequence[str]) -> Iterator[str]:
    before = ""
    for text in texts:
        if before:
            yield f"{before}\n{text}"
        elif _may_hold_one(text):
            yield text
        before = text if _may_hold_one(text) else ""


_ONLY_A_CODE = re.compile(r"\D{0,6}(\d{4,8}|\d{3}[ -]\d{3})\D{0,6}")
_ASKED_FOR = re.compile(
    r"(?:验证|驗證|校验|校驗|动态|動態|短信|登录|确认)[码碼]|(?:收到的?|短信里?的?)[^，。\n]{0,6}\d?位?数字|口令"
    r"|(?:verification|security|login|sms) code|passcode|one[- ]time",
    re.IGNORECASE,
)


def _answers(texts: Sequence[str]) -> Iterator[str]:
    """Numbers that are all of a message, right behind one that speaks of a code."""
    for before, text in pairwise(texts):
        found = _ONLY_A_CODE.fullmatch(text.strip()) if _ASKED_FOR.search(before) else None
        if found is not None:
            yield found[1]


def _codes_in(text: str) -> Iterator[str]:
    hidden = hide_secrets(text)
    if hidden == text:
        return
    for found in _DIGITS.finditer(text):
        if any(hidden[at] == _BLOT != text[at] for at in range(*found.span())):
            yield found[0]


_WORD = re.compile("|".join(map(re.escape, sorted(SECRET_WORDS))), re.IGNORECASE)


def _may_hold_one(text: str) -> bool:
    return _WORD.search(text) is not None


def _blotted(found: re.Match[str]) -> str:
    return re.sub(r"\d", _BLOT, found[0])
