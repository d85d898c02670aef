"""What a form gives back when it has saved something."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Saved"]


class Saved(Struct, frozen=True, kw_only=True):
    """The record that was saved, for the selection, and a sentence, for the toast."""

    case_id: str
    thing: str | None = None
    """The id of the contact, promise, follow-up, filing or evidence; None for the case itself."""
    message: str
    """In the language of the person."""
