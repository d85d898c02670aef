"""The documents of all tables as a session has last seen them, without keeping their text in memory.

A document is a place in a data file that is held open, or, when it came from the journal, its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pddtui.store.journal import NOTHING, Op
from pddtui.store.layout import Entry
from pddtui.store.mainfile import Pinned

__all__ = ["Shelf", "Slot", "text"]


class Place(NamedTuple):
    """A document inside a data file."""

    file: Pinned
    offset: int
    length: int


Slot = Place | bytes


def text(slot: Slot) -> bytes:
    """The document itself."""
    return slot.file.read(slot.offset, slot.length) if isinstance(slot, Place) else slot


class Shelf:
    """Documents by table and key, as JSON."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Slot]] = {}

    def lay(self, file: Pinned, entry: Entry) -> None:
        """The document is in this place of the file."""
        self._tables.setdefault(entry.table, {})[entry.key] = Place(file, entry.offset, entry.length)

    def apply(self, ops: Iterable[Op]) -> None:
        """The documents are these, or gone."""
        for table, key, raw in ops:
            self.put(table, key, None if raw == NOTHING else bytes(raw))

    def put(self, table: str, key: str, document: bytes | None) -> None:
        if document is not None:
            self._tables.setdefault(table, {})[key] = document
        else:
            self._tables.setdefault(table, {}).pop(key, None)

    def need(self, table: str) -> None:
        """The table exists, even without documents."""
        self._tables.setdefault(table, {})

    def names(self) -> list[str]:
        return list(self._tables)

    def keys(self, table: str) -> list[str]:
        return list(self._tables.get(table, ()))

    def has(self, table: str, key: str) -> bool:
        return key in self._tables.get(table, ())

    def count(self, table: str) -> int:
        return len(self._tables.get(table, ()))

    def get(self, table: str, key: str) -> bytes | None:
        """The document, or None."""
        slot = self.slot(table, key)
        return text(slot) if slot is not None else None

    def slot(self, table: str, key: str) -> Slot | None:
        """Where the document is, or None."""
        return self._tables.get(table, {}).get(key)

    def documents(self, table: str) -> Iterator[tuple[str, bytes]]:
        """Every key and document of the table, in stored order."""
        for key, slot in self._tables.get(table, {}).items():
            yield key, text(slot)

    def size(self) -> int:
        """Bytes of all documents together."""
        return sum(self._length(slot) for table in self._tables.values() for slot in table.values())

    def copy(self) -> Shelf:
        """Another shelf with the same documents."""
        other = Shelf()
        other._tables = {name: dict(table) for name, table in self._tables.items()}
        return other

    def differences(self, other: Shelf) -> Iterator[tuple[str, str]]:
        """Table and key of every document that is not the same on the other shelf."""
        for name in {**self._tables, **other._tables}:
            ours, theirs = self._tables.get(name, {}), other._tables.get(name, {})
            for key in {**ours, **theirs}:
                if self._length(ours.get(key)) != self._length(theirs.get(key)) or self.get(name, key) != other.get(
                    name, key
                ):
                    yield name, key

    @staticmethod
    def _length(slot: Slot | None) -> int:
        if slot is None:
            return -1
        return slot.length if isinstance(slot, Place) else len(slot)
