"""The shelf: the documents of all tables as a session last saw them, and the cases decoded from them on demand.

A document is a place in a data file that is held open, or its bytes where it came from the journal. Only the id, the
number and the revision of a case are read at once; that also shows whether its document is JSON at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pddtui.domain.case import Case
from pddtui.store.codec import Head, Tombstone
from pddtui.store.disk import HeldFile
from pddtui.store.journal import NOTHING, Op
from pddtui.store.layout import DocumentPlace

__all__ = ["Cases", "Catalogue", "Decoder", "Shelf", "Shelved", "Slot", "StoredCase", "number", "text"]


class PlaceInFile(NamedTuple):
    """A document inside a data file."""

    file: HeldFile
    offset: int
    length: int


Slot = PlaceInFile | bytes

Decoder = Callable[[str, Slot, type[Case]], Case]
"""Makes a case of a key and its document, as much of it as the type takes. `Damaged` when it is not a case."""

StoredCase = Case | Tombstone

_REF = re.compile(r"PDD-(\d{4})-(\d+)")


class Shelf:
    """Documents by table and key, as JSON."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Slot]] = {}

    def lay(self, file: HeldFile, entry: DocumentPlace) -> None:
        """Put the document at its place in the file."""
        self._tables.setdefault(entry.table, {})[entry.key] = PlaceInFile(file, entry.offset, entry.length)

    def apply(self, ops: Iterable[Op]) -> None:
        """Put these documents, or take away what is gone."""
        for table, key, raw in ops:
            self.put(table, key, None if raw == NOTHING else bytes(raw))

    def put(self, table: str, key: str, document: bytes | None) -> None:
        if document is not None:
            self._tables.setdefault(table, {})[key] = document
        else:
            self._tables.setdefault(table, {}).pop(key, None)

    def need(self, table: str) -> None:
        """Make sure that there is such a table, if only an empty one."""
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
        return slot.length if isinstance(slot, PlaceInFile) else len(slot)


class Shelved:
    """One case as it was stored, decoded when it is asked for."""

    __slots__ = ("_decode", "_glance", "_key", "_state", "id", "ref", "revision")

    def __init__(self, head: Head | Case, key: str, slot: Slot, decode: Decoder) -> None:
        self.id = head.id
        self.ref = head.ref
        self.revision = head.revision
        self._key = key
        self._decode = decode
        self._state: Slot | Case = slot
        self._glance: Case | None = None
        if type(head) is Case:
            self._state = head
        elif isinstance(head, Case):
            self._glance = head

    @classmethod
    def of(cls, case: Case) -> Shelved:
        """A case that is not stored yet."""
        return cls(case, "", b"", _never)

    def whole(self) -> Case:
        """The case itself, always the same one. Two threads that ask at once may get two that are equal."""
        state = self._state
        if isinstance(state, Case):
            return state
        case = self._decode(self._key, state, Case)
        self._state = case
        self._glance = None
        return case

    def glance(self, kind: type[Case]) -> Case:
        """The case for a look: the whole one where that has been decoded, else as much of it as `kind` takes."""
        state, glance = self._state, self._glance
        if isinstance(state, Case):
            return state
        return glance if type(glance) is kind and glance is not None else self._decode(self._key, state, kind)


class Cases(Mapping[str, Case]):
    """Cases by id, in the order in which they were opened; the mapping never changes."""

    def __init__(self, shelved: Mapping[str, Shelved]) -> None:
        self.shelved = shelved

    def __getitem__(self, case_id: str) -> Case:
        return self.shelved[case_id].whole()

    def __iter__(self) -> Iterator[str]:
        return iter(self.shelved)

    def __len__(self) -> int:
        return len(self.shelved)

    def __contains__(self, case_id: object) -> bool:
        return case_id in self.shelved


class Catalogue:
    """The cases of the shelf by id, and the keys and numbers they have, as last seen."""

    def __init__(self) -> None:
        self.live: dict[str, Shelved] = {}
        """Cases by id; only for the thread that has the store's turn."""
        self._version = 0
        self._published: tuple[int, Cases] = (0, Cases({}))
        self.next_key = 1
        """One more than the highest key of a document."""
        self.erased: dict[str, Tombstone] = {}
        self.keys: dict[str, str] = {}
        """The key of the document of each case, by its id."""
        self.refs: dict[str, str] = {}
        """The id of the case by every number ever given."""
        self._last: dict[int, int] | None = None
        """The highest number given in each year; None until one is first asked for."""

    def snapshot(self) -> Cases:
        """Cases by id as last seen, in a mapping that never changes; from any thread, at any time.

        It is copied when it is asked for, not on every save. While `take` is at work the version is odd, and what was
        published before still holds.
        """
        version = self._version
        published, snapshot = self._published
        if version == published or version % 2:
            return snapshot
        copied = self.live.copy()
        if self._version != version:
            return snapshot
        self._published = (version, Cases(copied))
        return self._published[1]

    def take(self, found: Iterable[tuple[str, Shelved | Tombstone | None]]) -> set[str]:
        """Take in the key and value of each document that changed, None for one that is gone; the ids concerned."""
        cases, keys, refs, following = self.live, self.keys, self.refs, self.next_key
        self._version += 1
        concerned: set[str] = set()
        for key, value in found:
            identity = value.id if value is not None else self._identity(key)
            if identity is None:
                continue
            concerned.add(identity)
            if identity in self.erased:
                del self.erased[identity]
            if value is None:
                cases.pop(identity, None)
                del keys[identity]
                continue
            keys[identity] = key
            following = max(following, int(key) + 1)
            refs[value.ref] = identity
            if self._last is not None:
                self._count(value.ref, self._last)
            if isinstance(value, Shelved):
                cases[identity] = value
            else:
                cases.pop(identity, None)
                self.erased[identity] = value
        self.next_key = following
        self._version += 1
        return concerned

    def highest(self, year: int) -> int:
        """The highest number ever given in that year; the next one is free."""
        if self._last is None:
            self._last = {}
            for ref in self.refs:
                self._count(ref, self._last)
        return self._last.get(year, 0)

    @staticmethod
    def _count(ref: str, last: dict[int, int]) -> None:
        if (given := number(ref)) is not None:
            last[given[0]] = max(given[1], last.get(given[0], 0))

    def _identity(self, key: str) -> str | None:
        """The case whose document had this key; only needed when somebody removed one by hand."""
        return next((identity for identity, known in self.keys.items() if known == key), None)


def number(ref: str) -> tuple[int, int] | None:
    """The year and the running number of a ref such as `PDD-2026-0042`."""
    found = _REF.fullmatch(ref)
    return None if found is None else (int(found[1]), int(found[2]))


def text(slot: Slot) -> bytes:
    """The document itself."""
    return slot.file.read(slot.offset, slot.length) if isinstance(slot, PlaceInFile) else slot


def _never(*_: object) -> Case:
    raise AssertionError("a case that is here already is not decoded")
