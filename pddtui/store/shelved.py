"""Cases as they lie in the data file: decoded when somebody asks for one, and then kept.

What every case must say at once, its id, number and revision, is read when the file is opened; that also shows
whether the document is JSON at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from pddtui.domain.case import Case
from pddtui.store.codec import Head
from pddtui.store.shelf import Slot, text

__all__ = ["Cases", "Decoder", "Shelved"]


class Decoder(Protocol):
    """Makes a case from its document, as much of it as `kind` takes. `Damaged` when it is none."""

    def __call__(self, key: str, raw: bytes, kind: type[Case]) -> Case: ...


class Shelved:
    """One case in the state in which it was stored."""

    __slots__ = ("_decode", "_key", "_state", "id", "ref", "revision")

    def __init__(self, head: Head, key: str, slot: Slot, decode: Decoder) -> None:
        self.id = head.id
        self.ref = head.ref
        self.revision = head.revision
        self._key = key
        self._state: Slot | Case = slot
        self._decode = decode

    @classmethod
    def of(cls, case: Case) -> Shelved:
        """A case that is not stored yet."""
        shelved = cls.__new__(cls)
        shelved.id, shelved.ref, shelved.revision = case.id, case.ref, case.revision
        shelved._state = case
        return shelved

    def whole(self) -> Case:
        """The case itself, always the same one. Two threads that ask at once may get two that are equal."""
        state = self._state
        if isinstance(state, Case):
            return state
        case = self._decode(self._key, text(state), Case)
        self._state = case
        return case

    def glance(self, kind: type[Case]) -> Case:
        """The case for a look: whole where it has been decoded, else as much of it as `kind` takes."""
        state = self._state
        return state if isinstance(state, Case) else self._decode(self._key, text(state), kind)


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
