"""The cases of a data file by id, with the numbers that are taken, kept current document by document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pddtui.domain.case import Case
from pddtui.store.codec import Tombstone
from pddtui.store.shelved import Cases, Shelved

__all__ = ["Catalogue", "Value", "number"]

Value = Case | Tombstone

_REF = re.compile(r"PDD-(\d{4})-(\d+)")


def number(ref: str) -> tuple[int, int] | None:
    """Year and running number of a ref such as `PDD-2026-0042`."""
    found = _REF.fullmatch(ref)
    return None if found is None else (int(found[1]), int(found[2]))


class Catalogue:
    """What the documents of the table `cases` say, as last seen."""

    def __init__(self) -> None:
        self.live: dict[str, Shelved] = {}
        """Cases by id; only for whoever holds the store's turn."""
        self._version = 0
        self._published: tuple[int, Cases] = (0, Cases({}))
        self.next_key = 1
        """One more than the highest key of a document."""
        self.erased: dict[str, Tombstone] = {}
        self.keys: dict[str, str] = {}
        """Id of the case to key of its document."""
        self.refs: dict[str, str] = {}
        """Every number ever given, to the id of its case."""
        self.last: dict[int, int] = {}
        """Year to the highest number given in it."""

    def snapshot(self) -> Cases:
        """Cases by id as last seen, in a mapping that never changes; from any thread, at any time.

        It is copied when it is asked for, not on every save. While `take` is at work the version is
        odd, and what was published before still holds.
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
        """Key and value of each document that changed, None for one that is gone; the ids concerned."""
        cases = self.live
        self._version += 1
        concerned: set[str] = set()
        for key, value in found:
            identity = value.id if value is not None else self._identity(key)
            if identity is None:
                continue
            concerned.add(identity)
            self.erased.pop(identity, None)
            if not isinstance(value, Shelved):
                cases.pop(identity, None)
            if value is None:
                del self.keys[identity]
                continue
            self.keys[identity] = key
            self.next_key = max(self.next_key, int(key) + 1)
            self.refs[value.ref] = identity
            self.count(value.ref)
            if isinstance(value, Shelved):
                cases[identity] = value
            else:
                self.erased[identity] = value
        self._version += 1
        return concerned

    def count(self, ref: str) -> None:
        """Never give this number again."""
        if (given := number(ref)) is not None:
            self.last[given[0]] = max(given[1], self.last.get(given[0], 0))

    def _identity(self, key: str) -> str | None:
        """The case whose document had this key; only asked when somebody removed one by hand."""
        return next((identity for identity, known in self.keys.items() if known == key), None)
