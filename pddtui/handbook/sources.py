"""Where the facts of the handbook were found, and how much of each source was really read."""

from __future__ import annotations

from typing import Literal

from pddtui.handbook.model import Entry, Strict

__all__ = ["Source", "SourceFile"]


class Source(Entry, frozen=True, kw_only=True):
    """One law text, page, form or test. `memory` and `design` stand for there being none."""

    where: tuple[str, ...] = ()
    """Addresses, or words where there is none."""
    seen: Literal["full", "excerpt", "cited", "none"]
    """`full`: the text was read; `excerpt`: a part was visible; `cited`: another source names it."""
    kind: str
    """`law_mirror`, `official`, `news`, `blog`, `own_measurement` …"""


class SourceFile(Strict, frozen=True, kw_only=True):
    sources: tuple[Source, ...]
