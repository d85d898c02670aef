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
        self._last: dict[int, int] | None = None
        """Year to the highest number given in it, from when somebody first asks for one."""

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
        """The highest number ever given in that year; what comes after it is free."""
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
        """The case whose document had this key; only asked when somebody removed one by hand."""
        return next((identity for identity, known in self.keys.items() if known == key), None)
