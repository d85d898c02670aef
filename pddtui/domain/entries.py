"""What entries of the handbook have in common: an id, a name in both languages, where it is from and how sure it is.

They stand below the rules that are made of them and the handbook that reads them from `data/*.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from pddtui.message import Label, Message, msg

__all__ = [
    "SIDES",
    "Bilingual",
    "Confidence",
    "Entry",
    "Named",
    "Side",
    "Stage",
    "Strict",
    "WordedEntry",
    "checked_words",
]

Side = Literal["merchant", "platform", "courier", "authority", "association", "court", "payment", "public", "police"]
"""Who stands behind a channel."""

SIDES: Mapping[Side, Message] = {
    "merchant": msg("merchant"),
    "platform": msg("platform"),
    "courier": msg("courier"),
    "authority": msg("authority"),
    "association": msg("association"),
    "court": msg("court or arbitrator"),
    "payment": msg("payment provider"),
    "public": msg("public"),
    "police": msg("police"),
}
"""What each side is called, as a name in a table. A letter, which may be in the other language, words them itself."""

Stage = Literal["submitted", "accepted", "returning", "owed"]
"""How far a filing has come, or else that goods are on their way back or money is owed; each may have another limit."""

Confidence = Literal["high", "mid", "low"]
"""`high`: the official text was read, or we measured it. `mid`: an official form, or several sources
that agree. `low`: one page of a third party, contradictory, or from memory; shown with a "?"."""


_Text = Annotated[str, Meta(min_length=1)]


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value in which an unknown field is refused."""


class Bilingual(Strict, frozen=True, kw_only=True):
    """Words in both languages."""

    zh: str
    en: str

    @property
    def label(self) -> Label:
        """The words as what can be shown."""
        return Label(self.zh, self.en)


class Named(Bilingual, frozen=True, kw_only=True):
    """Something with a name in both languages and its provenance."""

    zh: _Text
    en: _Text
    former: tuple[str, ...] = ()
    """Names that it had before, in either language: whoever typed one finds it still."""
    src: tuple[str, ...] = ()
    """Ids of `data/sources.yaml`; among them `memory` (nobody looked it up) and `design` (our choice)."""
    conf: Confidence = "mid"
    """How sure the entry is; `mid` where it does not say, so that nobody calls it verified."""
    valid_from: date | None = None
    """The first day on which it applied, where known."""
    valid_to: date | None = None
    """The last day on which it applied; None while it still does."""

    @property
    def unsure(self) -> bool:
        """Whether it must be shown with a question mark."""
        return self.conf == "low"

    def valid_on(self, day: date) -> bool:
        """Whether it applied on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Entry(Named, frozen=True, kw_only=True):
    """A line of a table, known by its id. Ids are stable: cases and other tables keep them."""

    id: _Text

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return self.id


def checked_words(zh: str, en: str) -> None:
    """Raises `ValueError` for words that cannot stand inside a sentence: a list of names, a stop, one language only."""
    if bool(zh) != bool(en):
        raise ValueError("the words of a letter are needed in both languages")
    if "/" in zh or zh.endswith(("。", "；")) or en.endswith((".", ";")):
        raise ValueError("this is no part of a sentence: it has a stroke in it, or a stop at its end")
    if "(" in zh or ")" in zh:
        raise ValueError("Chinese text needs full-width brackets")


class WordedEntry(Entry, frozen=True, kw_only=True):
    """An entry whose name is made for a list, and that has other words for a letter."""

    letter_zh: str = ""
    letter_en: str = ""
    """Its words inside a sentence; where there are none its name has to do."""

    def __post_init__(self) -> None:
        checked_words(self.letter_zh, self.letter_en)

    @property
    def in_letters(self) -> Label:
        """Its words inside a sentence."""
        return Label(self.letter_zh or self.zh, self.letter_en or self.en)
