"""What I have to do and what I have to show: follow-ups and evidence records."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

__all__ = ["Evidence", "FollowUp", "FollowUpState"]

FollowUpState = Literal["open", "done", "waived"]


class FollowUp(Struct, frozen=True, kw_only=True):
    """Something I have to do, by when."""

    id: str
    text: str
    due: datetime
    due_phrase: str | None = None
    estimated: bool = False
    state: FollowUpState = "open"
    settled_at: datetime | None = None
    created_at: datetime
    snoozed: int = 0
    """How many times it was put off; a number that grows is a decision being avoided."""


class Evidence(Struct, frozen=True, kw_only=True):
    """A file (copied and hashed) or the place where the original is."""

    id: str
    kind: str | None = None
    """An evidence type id of the handbook."""
    proves: str | None = None
    """One line on what it proves."""
    place: str | None = None
    """Where the original is, in words: "in the app's chat"."""
    file: str | None = None
    """Name of the copy beside the data file, which is its content hash."""
    original_name: str | None = None
    sha256: str | None = None
    size: int | None = None
    """Bytes of the file."""
    media_type: str | None = None
    taken_at: datetime | None = None
    vanishes_at: datetime | None = None
    """When the original will no longer be there, as far as known."""
    added_at: datetime
