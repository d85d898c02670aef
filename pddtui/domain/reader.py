"""A cursor over what somebody typed: takes words and numbers off its front and remembers how far it came.

Forms are tried one after the other; when none reads everything, `furthest` is where the best of them
stopped, and `PhraseError` points there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from pddtui.domain.numerals import either_of_two, normalise, whole_number
from pddtui.domain.text import one_line
from pddtui.errors import Refused
from pddtui.message import Message

__all__ = ["PhraseError", "Reader", "longest_word"]

T = TypeVar("T")

_LONGEST_QUOTE = 24


class PhraseError(Refused):
    """A date, time or period that cannot be read, or that does not exist."""

    def __init__(self, message: Message, position: int) -> None:
        super().__init__(message, position=position)


class Reader:
    """Reads a phrase from left to right. `at` may be set back to try another form."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        self.text = normalise(phrase)
        self.at = 0
        self.furthest = 0

    def word(self, table: Mapping[str, T]) -> T | None:
        """Take the longest word of `table` that stands here, and give its value (never None)."""
        self.spaces()
        word = longest_word(self.text, self.at, table)
        if word is None:
            return None
        self._take(self.at + len(word))
        return table[word]

    def skip(self, *words: str) -> bool:
        """Take one of `words`, the longest that stands here."""
        return self.word(dict.fromkeys(words, True)) is not None

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """Take what `pattern` finds here."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self._take(found.end())
        return found[0]

    def follows(self, *words: str) -> bool:
        """Whether one of `words` stands here; nothing is taken."""
        at = self.at
        while self.text[at : at + 1] == " ":
            at += 1
        return longest_word(self.text, at, words) is not None

    def number(self) -> int | None:
        self.spaces()
        return self._found(whole_number(self.text, self.at))

    def pair(self) -> int | None:
        """The larger one of two Chinese digits that say "two or three"."""
        self.spaces()
        return self._found(either_of_two(self.text, self.at))

    def spaces(self) -> None:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def finished(self) -> bool:
        return not self.text[self.at :].strip()

    def quote(self, start: int = 0) -> str:
        """What was typed from `start`, fit to stand in a sentence."""
        rest = one_line(self.phrase[start:])
        return rest if len(rest) <= _LONGEST_QUOTE else rest[:_LONGEST_QUOTE] + "…"

    def _found(self, found: tuple[int, int] | None) -> int | None:
        if found is None:
            return None
        number, end = found
        self._take(end)
        return number

    def _take(self, end: int) -> None:
        self.at = end
        self.furthest = max(self.furthest, end)


def longest_word(text: str, at: int, words: Collection[str]) -> str | None:
    """The longest of `words` at `at`; one that ends in a Latin letter must not go on with another."""
    found = [word for word in words if text.startswith(word, at) and not _goes_on(word, text[at + len(word) :][:1])]
    return max(found, key=len, default=None)


def _goes_on(word: str, after: str) -> bool:
    return _latin(word[-1:]) and _latin(after)


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
