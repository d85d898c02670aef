"""Chinese that is typed as it sounds: `tk` and `tuikuan` for 退款.

A word of Latin letters may stand for Han characters in two ways: each letter for one of them (`tk`), or syllable by
syllable (`tuikuan`, the last one perhaps unfinished: `tuik`). Every reading that a character has counts, so that 调 is
found as diao and as tiao. The readings are pypinyin's; tones are left out, and ü is typed as v.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice

from msgspec import Struct

__all__ = ["Pinyin", "Sounds", "fits", "pinyin", "sounds_of"]

_MOST_WAYS = 12
"""So many ways to cut one word into syllables are tried."""

_SURE = 4
"""So many letters for one character each are as good as two whole syllables: they hardly ever meet by chance."""


class Sounds(Struct, frozen=True):
    """What a typed word may sound like."""

    pattern: re.Pattern[str]
    """The Han characters that it may stand for."""
    spoken: bool
    """Whether it may be two whole syllables or more."""
    sure: bool
    """Whether it is long enough hardly to meet anything by chance in a text of some lines."""

    def within(self, text: str) -> bool:
        """Whether a part of `text` sounds like it."""
        return self.pattern.search(text) is not None


class Pinyin:
    """How each character can be read."""

    def __init__(self, readings: Mapping[str, tuple[str, ...]]) -> None:
        """`readings` are without tones, the usual one first."""
        self._readings = readings
        letters: dict[str, list[str]] = defaultdict(list)
        syllables: dict[str, list[str]] = defaultdict(list)
        for char, read in readings.items():
            for letter in {syllable[0] for syllable in read}:
                letters[letter].append(char)
            for syllable in read:
                syllables[syllable].append(char)
        self._letters = {letter: "".join(chars) for letter, chars in letters.items()}
        self._syllables = {syllable: "".join(chars) for syllable, chars in syllables.items()}
        self._longest = max(map(len, self._syllables), default=0)
        self._known = lru_cache(maxsize=256)(self._sounds)

    def typed(self, word: str) -> Sounds | None:
        """What a typed word may sound like; None for one letter, and for what is no pinyin."""
        return self._known(word) if _typable(word) else None

    def order(self, text: str) -> tuple[str, ...]:
        """By what a text is sorted as a Chinese dictionary does."""
        return tuple(self._readings.get(char, (char,))[0] for char in text)

    def _sounds(self, word: str) -> Sounds | None:
        ways = [*islice(self._cut(word), _MOST_WAYS)]
        spoken = any(len(way) > 1 for way in ways)
        each = all(letter in self._letters for letter in word)
        if each:
            ways.append([self._letters[letter] for letter in word])
        pattern = "|".join("".join(f"[{chars}]" for chars in way) for way in ways)
        return Sounds(re.compile(pattern), spoken, spoken or (each and len(word) >= _SURE)) if ways else None

    def _cut(self, word: str) -> Iterator[list[str]]:
        """Every way to cut the word into syllables, as the characters that are read so; the last may be unfinished."""
        for length in range(min(len(word), self._longest), 0, -1):
            begin, rest = word[:length], word[length:]
            if rest:
                for others in self._cut(rest) if begin in self._syllables else ():
                    yield [self._syllables[begin], *others]
            elif chars := "".join(read for syllable, read in self._syllables.items() if syllable.startswith(begin)):
                yield [chars]


def sounds_of(word: str) -> Sounds | None:
    """What a typed word may sound like, or None. The readings are loaded for the first word that may be pinyin."""
    return pinyin().typed(word) if _typable(word) else None


def _typable(word: str) -> bool:
    """Whether it may be pinyin, seen without the readings."""
    return len(word) > 1 and word.isascii() and word.isalpha()


def fits(word: str, text: str) -> bool:
    """Whether a short text, such as a name in a list, has the word or sounds like it; both folded."""
    if word in text:
        return True
    sounds = sounds_of(word) if not text.isascii() else None
    return sounds is not None and sounds.within(text)


@cache
def pinyin() -> Pinyin:
    """The readings of the 6,763 characters of GB 2312; it takes a tenth of a second, once."""
    without = "PYPINYIN_NO_PHRASES"
    before = os.environ.get(without)
    os.environ[without] = "1"  # its phrases take most of the time, and say nothing of a single character
    try:
        from pypinyin.constants import PINYIN_DICT
    finally:
        if before is None:
            del os.environ[without]
        else:
            os.environ[without] = before
    return Pinyin({char: tuple(dict.fromkeys(map(_plain, PINYIN_DICT[ord(char)].split(",")))) for char in _common()})


def _common() -> Iterator[str]:
    """The characters of GB 2312, by their places in its table."""
    for row in range(0xB0, 0xF8):
        yield from bytes(byte for place in range(0xA1, 0xFF) for byte in (row, place)).decode("gb2312", "ignore")


@cache
def _plain(syllable: str) -> str:
    """A syllable without its tone: `lǜ` is `lv`."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(char for char in letters if "a" <= char <= "z")
