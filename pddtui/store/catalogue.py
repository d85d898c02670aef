"""The cases of a data file by id, with the numbers that are taken, kept current document by document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pddtui.domain.case import Case
from pddtui.store.codec import Tombstone

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
        self.cases: Mapping[str, Case] = MappingProxyType({})
        """By id. A new mapping takes its place when something changes."""
        self.erased: dict[str, Tombstone] = {}
        self.keys: dict[str, str] = {}
        """Id of the case to key of its document."""
        self.refs: dict[str, str] = {}
        """Every number ever given, to the id of its case."""
        self.last: dict[int, int] = {}
        """Year to the highest number given in it."""

    def take(self, found: Iterable[tuple[str, Value | None]]) -> set[str]:
        """Key and value of each document that changed, None for one that is gone; the ids concerned."""
        cases = dict(self.cases)
        concerned: set[str] = set()
        for key, value in found:
            identity = value.id if value is not None else self._identity(key)
            if identity is None:
                continue
            concerned.add(identity)
            cases.pop(identity, None)
            self.erased.pop(identity, None)
            if value is None:
                del self.keys[identity]
                continue
            self.keys[identity] = key
            self.refs[value.ref] = identity
            self.count(value.ref)
            if isinstance(value, Case):
                cases[identity] = value
            else:
                self.erased[identity] = value
        self.cases = MappingProxyType(cases)
        return concerned

    def count(self, ref: str) -> None:
        """Never give this number again."""
        if (given := number(ref)) is not None:
            self.last[given[0]] = max(given[1], self.last.get(given[0], 0))

    def _identity(self, key: str) -> str | None:
        """The case whose document had this key; only asked when somebody removed one by hand."""
        return next((identity for identity, known in self.keys.items() if known == key), None)
