"""A table as TinyDB's updaters want to change it, without handing out what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import msgspec
from msgspec import Raw

from pddtui.store.journal import NOTHING, Op
from pddtui.store.shelf import Shelf

__all__ = ["Draft", "replacement"]


class Draft(MutableMapping[int, Any]):
    """A table as TinyDB's updaters want to change it: documents are copied when they are touched."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf = shelf
        self._name = name
        self._touched: dict[int, Any] = {}

    def __getitem__(self, key: int) -> Any:
        if key not in self._touched:
            raw = self._shelf.get(self._name, str(key))
            if raw is None:
                raise KeyError(key)
            self._touched[key] = msgspec.json.decode(raw)
        if self._touched[key] is None:
            raise KeyError(key)
        return self._touched[key]

    def __contains__(self, key: object) -> bool:
        if key in self._touched:
            return self._touched[key] is not None
        return self._shelf.has(self._name, str(key))

    def __setitem__(self, key: int, document: Any) -> None:
        self._touched[key] = document

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self._touched[key] = None

    def __iter__(self) -> Iterator[int]:
        stored = [int(key) for key in self._shelf.keys(self._name)]
        added = [key for key in self._touched if not self._shelf.has(self._name, str(key))]
        return (key for key in [*stored, *added] if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def ops(self) -> list[Op]:
        """What to save: only documents that are really different."""
        found: list[Op] = []
        for key, document in self._touched.items():
            before = self._shelf.get(self._name, str(key))
            if document is None and before is not None:
                found.append((self._name, str(key), NOTHING))
            elif document is not None and (before is None or msgspec.json.decode(before) != document):
                found.append((self._name, str(key), Raw(msgspec.json.encode(document))))
        return found


def replacement(shelf: Shelf, tables: Mapping[str, Mapping[str, object]]) -> list[Op]:
    """What to save so that the tables are exactly these."""
    found: list[Op] = []
    for name in shelf.names():
        wanted = tables.get(name, {})
        found += [(name, key, NOTHING) for key in shelf.keys(name) if key not in wanted]
    for name, table in tables.items():
        for key, document in table.items():
            raw = msgspec.json.encode(document)
            if raw != shelf.get(name, key):
                found.append((name, key, Raw(raw)))
    return found
