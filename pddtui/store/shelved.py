"""Cases as they lie in the data file: decoded when somebody asks for one, and then kept.

What every case must say at once, its id, number and revision, is read when the file is opened; that also shows
whether the document is JSON at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pddtui.domain.case import Case
from pddtui.store.codec import Head
from pddtui.store.shelf import Slot

__all__ = ["Cases", "Decoder", "Shelved"]


Decoder = Callable[[str, Slot, type[Case]], Case]
"""Makes a case of a key and where its document is, as much of it as the type takes. `Damaged` when it is none."""


class Shelved:
    """One case in the state in which it was stored."""

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
        """The case for a look: whole where it has been decoded, else as much of it as `kind` takes."""
        state, glance = self._state, self._glance
        if isinstance(state, Case):
            return state
        return glance if type(glance) is kind and glance is not None else self._decode(self._key, state, kind)


def _never(*_: object) -> Case:
    raise AssertionError("a case that is here already is not decoded")


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
