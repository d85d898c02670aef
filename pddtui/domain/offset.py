"""The distance from UTC behind a time, as machines write it: +08:00, -0500, Z."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

from msgspec import Struct

from pddtui.domain.reader import PhraseError, Reader
from pddtui.message import msg

__all__ = ["WrittenOffset", "read_offset"]

_OFFSET = re.compile(r" ?(?:z(?![a-z])|[+-][0-9]{2}(?::?[0-9]{2})?)")


class WrittenOffset(Struct, frozen=True):
    """An offset as it was written."""

    position: int
    text: str

    def zone(self) -> tzinfo:
        """Refuses a distance that no place has."""
        digits = self.text.strip().replace(":", "")
        if digits == "z":
            return UTC
        length = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:] or 0))
        try:
            return timezone(-length if digits[0] == "-" else length)
        except ValueError as error:
            message = msg("No place has that distance from UTC: write it like +08:00.")
            raise PhraseError(message, self.position) from error


def read_offset(reader: Reader) -> WrittenOffset | None:
    position = reader.at
    text = reader.match(_OFFSET)
    return None if text is None else WrittenOffset(position, text)
