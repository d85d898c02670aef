"""Ids that are stable for ever and sort by the time they were made (the ULID layout)."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Protocol

__all__ = ["IdSource", "UlidSource"]


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class IdSource(Protocol):
    """Makes ids that never repeat."""

    def new(self, at: datetime) -> str:
        """A new id; later ones sort after earlier ones."""
        ...


class UlidSource:
    """48 bits of milliseconds and 80 random bits, in 26 characters of Crockford's base 32.

    Within one millisecond the random part counts up, so ids of one process never run backwards.
    """

    def __init__(self) -> None:
        self._last = 0

    def new(self, at: datetime) -> str:
        """A new id for a thing made at `at`."""
        fresh = (int(at.timestamp() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
        if fresh >> 80 <= self._last >> 80:
            fresh = self._last + 1
        self._last = fresh
        return "".join(_ALPHABET[fresh >> shift & 31] for shift in range(125, -1, -5))
