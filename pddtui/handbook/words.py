"""The words of the field in both languages, claims about it that are wrong or doubtful, and what nobody knows yet."""

from __future__ import annotations

from pddtui.handbook.model import Entry, Strict
from pddtui.message import Label

__all__ = ["Claim", "ClaimFile", "Confusion", "Correction", "OpenQuestion", "Term", "WordFile"]


class Term(Entry, frozen=True, kw_only=True):
    """A word of the field."""


class Confusion(Entry, frozen=True, kw_only=True):
    """Words that are easily taken for each other."""

    meaning: Label


class WordFile(Strict, frozen=True, kw_only=True):
    terms: tuple[Term, ...]
    statuses: tuple[Term, ...]
    """How a case can look at a glance."""
    confusions: tuple[Confusion, ...]


class Claim(Entry, frozen=True, kw_only=True):
    """Something the guide this project started from says; its name is the claim."""

    problem: Label
    fact: Label | None = None
    treat: Label
    """What the program does about it."""


class Correction(Entry, frozen=True, kw_only=True):
    """Something often heard; its name is the claim."""

    fact: Label


class OpenQuestion(Entry, frozen=True, kw_only=True):
    """Something nobody has verified yet."""

    ask: Label
    """Whom to ask or where to look."""
    until: Label | None = None
    """What the program goes by until then."""


class ClaimFile(Strict, frozen=True, kw_only=True):
    seed_issues: tuple[Claim, ...]
    corrections: tuple[Correction, ...]
    open_questions: tuple[OpenQuestion, ...]
