"""Saves in a journal that were made on another copy of the data file, compared with what is there case by case.

A sync tool or a restored backup puts another file in the place of the one that the journal belongs to. Keys and
numbers were then given away on either side, so only the id says which case is meant, and only what the case has not
gone through yet is taken.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct

from pddtui.store.catalogue import number
from pddtui.store.journal import NOTHING, Op, Record
from pddtui.store.layout import CASES, UNDECODABLE, Tree
from pddtui.store.shelf import Shelf

__all__ = ["Sieve", "Taken"]


class _Link(Struct):
    hash: str = ""


class _Head(Struct):
    """What of a document tells which case it is and how far it has come."""

    id: str | None = None
    ref: str = ""
    revision: int = 0
    history: list[_Link] = []
    erased: bool = False


class Taken(Struct, frozen=True):
    """What came of one save."""

    ops: list[Op]
    """What is to be applied."""
    differs: bool
    """Something of it is not in the file, whether it was taken or not."""


class Sieve:
    """Compares saves with the documents of a shelf. Apply what it gives before asking again."""

    def __init__(self, shelf: Shelf) -> None:
        self.renumbered: list[tuple[str, str]] = []
        """Number there and number here of each case that could not keep its own."""
        self._shelf = shelf
        self._keys: dict[str, str] | None = None
        self._refs: dict[str, str] = {}

    def sift(self, record: Record) -> Taken:
        """What of the save the file does not hold yet."""
        ops: list[Op] = []
        differs = False
        for op in record.ops:
            taken, different = self._case(op) if op[0] == CASES else self._other(op)
            differs |= different
            if taken is not None:
                ops.append(taken)
        return Taken(ops, differs)

    def _other(self, op: Op) -> tuple[Op | None, bool]:
        table, key, raw = op
        known = self._shelf.get(table, key)
        if known == (None if raw == NOTHING else bytes(raw)):
            return None, False
        newer = raw != NOTHING and (known is None or _revision(bytes(raw)) > _revision(known))
        return (op if newer else None), True

    def _case(self, op: Op) -> tuple[Op | None, bool]:
        _, key, raw = op
        if raw == NOTHING:
            return None, self._shelf.has(CASES, key)
        document = bytes(raw)
        theirs = _head(document)
        if theirs is None or theirs.id is None:
            return None, self._shelf.get(CASES, key) != document
        place = self._place(theirs.id, key)
        if place is None:
            return self._new(key, theirs.id, theirs.ref, document), True
        known = self._shelf.get(CASES, place) or b"{}"
        ours = _head(known) or _Head()
        if known == document or _held(theirs, ours):
            return None, False
        if theirs.revision <= ours.revision:
            return None, True
        return (CASES, place, Raw(_with_ref(document, ours.ref))), True

    def _place(self, identity: str, key: str) -> str | None:
        """The key under which the case is here: mostly the same, else it is looked for among all."""
        stored = self._shelf.get(CASES, key)
        if stored is not None and (head := _head(stored)) is not None and head.id == identity:
            return key
        return self._known().get(identity)

    def _known(self) -> dict[str, str]:
        if self._keys is None:
            self._keys = {}
            for key, document in self._shelf.documents(CASES):
                if (head := _head(document)) is not None and head.id is not None:
                    self._keys[head.id] = key
                    self._refs[head.ref] = head.id
        return self._keys

    def _new(self, key: str, identity: str, ref: str, document: bytes) -> Op:
        """The case under a key and a number that no other case has here."""
        known = self._known()
        if self._shelf.has(CASES, key) or key in known.values():
            taken = [*self._shelf.keys(CASES), *known.values()]
            key = str(1 + max((int(other) for other in taken if other.isdecimal()), default=0))
        if self._refs.get(ref, identity) != identity:
            free = self._free(ref)
            self.renumbered.append((ref, free))
            ref = free
        known[identity] = key
        self._refs[ref] = identity
        return (CASES, key, Raw(_with_ref(document, ref)))

    def _free(self, ref: str) -> str:
        given = number(ref)
        if given is None:
            return next(
                other for count in range(2, len(self._refs) + 3) if (other := f"{ref}-{count}") not in self._refs
            )
        used = [each[1] for taken in self._refs if (each := number(taken)) is not None and each[0] == given[0]]
        return f"PDD-{given[0]}-{max(used) + 1:04d}"


def _held(theirs: _Head, ours: _Head) -> bool:
    """Whether our case went through the state that theirs is in."""
    if not theirs.history or ours.erased:
        return theirs.revision < ours.revision
    return theirs.history[-1].hash in {link.hash for link in ours.history}


def _head(document: bytes) -> _Head | None:
    try:
        return msgspec.json.decode(document, type=_Head)
    except UNDECODABLE:
        return None


def _revision(document: bytes) -> int:
    head = _head(document)
    return 0 if head is None else head.revision


def _with_ref(document: bytes, ref: str) -> bytes:
    """The document with this number, and otherwise untouched."""
    head = _head(document)
    if head is None or head.ref == ref:
        return document
    return msgspec.json.encode({**msgspec.json.decode(document, type=Tree), "ref": ref})
