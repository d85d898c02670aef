"""Kinds of evidence: what each must show, which every case needs, and how to keep it so that it counts."""

from __future__ import annotations

from pddtui.handbook.model import Entry, Strict
from pddtui.message import Label

__all__ = ["EvidenceFile", "EvidenceType", "LegalNote", "QualityRule"]


class EvidenceType(Entry, frozen=True, kw_only=True):
    """A kind of evidence."""

    must_show: Label
    when: Label | None = None
    """By when to secure it, where waiting loses it."""


class QualityRule(Entry, frozen=True, kw_only=True):
    """How to keep evidence."""


class LegalNote(Entry, frozen=True, kw_only=True):
    """What the law says of such evidence."""

    basis: tuple[str, ...] = ()


class EvidenceFile(Strict, frozen=True, kw_only=True):
    evidence_types: tuple[EvidenceType, ...]
    base_set: tuple[str, ...]
    """Evidence type ids that every case starts with, whatever the problem."""
    quality_rules: tuple[QualityRule, ...]
    legal_notes: tuple[LegalNote, ...]
