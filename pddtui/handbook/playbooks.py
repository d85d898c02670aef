"""Routes step by step, and what a good note of a contact holds."""

from __future__ import annotations

from typing import Literal

from pddtui.handbook.model import Entry, Named, Strict
from pddtui.message import Label

__all__ = ["NoteField", "NoteRule", "Playbook", "PlaybookFile", "Step"]

Record = Literal[
    "contact",
    "demand",
    "promise",
    "evidence",
    "remedy",
    "reference",
    "deadline",
    "escalation",
    "follow_up",
    "redaction",
    "note",
]


class Step(Strict, frozen=True, kw_only=True):
    """One thing to do."""

    id: str
    """Unique within its playbook; a tick is kept as `playbook.step`."""
    zh: str
    en: str
    rec: Record | None = None
    """What to record when it is ticked."""
    clock: str | None = None
    """The deadline or platform clock it starts."""
    next: str | None = None
    """The playbook to go on with."""
    basis: tuple[str, ...] = ()
    """Article ids."""

    @property
    def label(self) -> Label:
        """The step in words."""
        return Label(self.zh, self.en)


class Playbook(Entry, frozen=True, kw_only=True):
    """How to use one channel, in order."""

    channel: str
    steps: tuple[Step, ...]


class NoteField(Entry, frozen=True, kw_only=True):
    """One thing to write down of every contact."""


class NoteRule(Named, frozen=True, kw_only=True):
    """When to write it down, and what is never left out."""


class PlaybookFile(Strict, frozen=True, kw_only=True):
    playbooks: tuple[Playbook, ...]
    note_fields: tuple[NoteField, ...]
    note_rule: NoteRule
