"""What every entry of the handbook has: an id, a name in both languages, where it comes from, how sure it is.

Each table has its own module beside this one. A file of `data/` is decoded into one frozen value
whose fields are its tables, so a key that nobody reads is an error and not a typo that stays.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from pddtui.message import Label

__all__ = ["Confidence", "Entry", "Named", "SpanText", "Strict"]

Confidence = Literal["high", "mid", "low"]
"""`high`: the official text was read, or we measured it. `mid`: an official form, or several sources
that agree. `low`: one page of a third party, contradictory, or from memory; shown with a "?"."""

SpanText = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(h|d|wd|m|y)$")]
"""A length of time as `pddtui.domain.rules.span` reads it: `48h`, `7d`, `3wd`, `6m`, `2y`."""

_Text = Annotated[str, Meta(min_length=1)]


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value in which an unknown field is refused."""


class Named(Strict, frozen=True, kw_only=True):
    """Something with a name in both languages and its provenance."""

    zh: _Text
    en: _Text
    src: tuple[str, ...] = ()
    """Ids of `data/sources.yaml`; among them `memory` (nobody looked it up) and `design` (our choice)."""
    conf: Confidence = "mid"
    """An entry that does not say how sure it is counts as `mid`: nobody may call it verified."""
    valid_from: date | None = None
    """First day on which it applied, where that is known."""
    valid_to: date | None = None
    """Last day on which it applied; None while it still does."""

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.zh, self.en)

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
