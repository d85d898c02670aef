"""What one transaction reads and puts: the cases on disk with the changes of the transaction over them."""

from __future__ import annotations

from collections.abc import Mapping

from pddtui.domain.case import Case
from pddtui.errors import Conflict, NotFound
from pddtui.message import msg
from pddtui.store.catalogue import Catalogue, Value, number
from pddtui.store.codec import Tombstone
from pddtui.store.shelved import Cases, Shelved

__all__ = ["Box"]


class Box:
    """A `Transaction`. What was put is saved when the transaction ends well."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._put: dict[str, Value] = {}
        self._given: dict[int, int] = {}
        self._refs: dict[str, str] = {}

    def cases(self) -> Mapping[str, Case]:
        shelved = self._catalogue.live.copy()
        for identity, value in self._put.items():
            if isinstance(value, Case):
                shelved[identity] = Shelved.of(value)
            else:
                shelved.pop(identity, None)
        return Cases(shelved)

    def get(self, case_id: str) -> Case | None:
        value = self._put.get(case_id)
        if value is None:
            stored = self._catalogue.live.get(case_id)
            return stored.whole() if stored is not None else None
        return value if isinstance(value, Case) else None

    def put(self, case: Case) -> None:
        if type(case) is not Case:
            raise TypeError("a glance at a case is never saved: it does not hold all of it")
        known = self._put.get(case.id) or self._catalogue.live.get(case.id) or self._catalogue.erased.get(case.id)
        if known is not None and case.revision <= known.revision:
            raise Conflict(
                msg("Another session changed {ref} in the meantime: look at it again and repeat.", ref=known.ref)
            )
        owner = self._refs.get(case.ref) or self._catalogue.refs.get(case.ref, case.id)
        if owner != case.id:
            raise Conflict(msg("The number {ref} belongs to another case already.", ref=case.ref))
        self._put[case.id] = case
        self._refs[case.ref] = case.id
        if (given := number(case.ref)) is not None:
            self._given[given[0]] = max(given[1], self._given.get(given[0], 0))

    def erase(self, case_id: str) -> None:
        """Empty a case out of the trash for good. Only its number stays, so that it is not given again."""
        case = self.get(case_id)
        if case is None:
            raise NotFound(msg("There is no case {ref}.", ref=case_id))
        self._put[case_id] = Tombstone(id=case.id, ref=case.ref, revision=case.revision + 1)

    def next_ref(self, year: int) -> str:
        highest = max(self._catalogue.highest(year), self._given.get(year, 0))
        self._given[year] = highest + 1
        return f"PDD-{year}-{highest + 1:04d}"

    def changes(self) -> list[Value]:
        """Everything that was put, the last state of each."""
        return list(self._put.values())
