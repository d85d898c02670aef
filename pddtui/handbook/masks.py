"""Personal data that must not leave a case unseen, and data that must not even enter it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from pddtui.handbook.model import Entry, Strict
from pddtui.message import Label

__all__ = ["AlsoHide", "Keep", "MaskFile", "MaskLevel", "MaskRule", "Refusal"]


def _compiles(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a pattern: {error}") from error


class MaskLevel(Entry, frozen=True, kw_only=True):
    """How much is hidden, and for whom."""

    use: tuple[str, ...] = ()
    samples: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Rule id to what is left of a match, for a level that leaves something."""
    label_style: str | None = None
    """What stands for a match that is hidden whole; `{name}` is the rule's name."""
    note: Label | None = None


class MaskRule(Entry, frozen=True, kw_only=True):
    """One kind of personal data. Rules apply in the order of the file; a taken span is not reused."""

    group: Annotated[int, Meta(ge=0)]
    """The group of the match that is hidden; 0 for all of it."""
    pattern: str
    note: Label | None = None

    def __post_init__(self) -> None:
        _compiles(self.pattern)


class Keep(Entry, frozen=True, kw_only=True):
    """What looks private and is not."""

    note: Label | None = None


class Refusal(Entry, frozen=True, kw_only=True):
    """What is not stored at all."""

    pattern: str | None = None
    """None where only a person can tell."""
    action: Literal["drop", "warn"]

    def __post_init__(self) -> None:
        if self.pattern is not None:
            _compiles(self.pattern)


class AlsoHide(Entry, frozen=True, kw_only=True):
    """What no rule can find and the person must look for before going public."""


class MaskFile(Strict, frozen=True, kw_only=True):
    levels: tuple[MaskLevel, ...]
    rules: tuple[MaskRule, ...]
    keep: tuple[Keep, ...]
    refuse: tuple[Refusal, ...]
    also_hide: tuple[AlsoHide, ...]
