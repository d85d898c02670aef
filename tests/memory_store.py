"""A `CaseStore` that keeps cases in memory, with everything a transaction promises and nothing of a file.

`open_again` is another session on the same cases. `trouble` is raised at the next save, as a full disk would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from pddtui.domain.case import Case
from pddtui.domain.history import Save
from pddtui.errors import CannotWrite, Conflict, Gone, PddError
from pddtui.message import Message, msg

__all__ = ["MemoryStore"]


class _Box:
    """One transaction: what is put is seen by it at once, and by others when it ends well."""

    def __init__(self, saved: Mapping[str, Case], gone: Mapping[str, str], save: Save) -> None:
        self.saved = saved
        self._gone = gone
        self._save = save
        self.new: dict[str, Case] = {}
        self.removed: set[str] = set()
        self._given: dict[int, int] = {}

    @property
    def save(self) -> Save:
        return self._save

    def erased(self) -> Mapping[str, str]:
        return self._gone

    def cases(self) -> Mapping[str, Case]:
        cases = {**self.saved, **self.new}
        return {case_id: case for case_id, case in cases.items() if case_id not in self.removed}

    def get(self, case_id: str) -> Case | None:
        return self.cases().get(case_id)

    def put(self, case: Case) -> None:
        self.new[case.id] = case

    def erase(self, case_id: str) -> None:
        self.removed.add(case_id)

    def check_numbers(self) -> None:
        """Refuse a number that two cases would have."""
        given = set(self._gone.values())
        for case in self.cases().values():
            if case.ref in given:
                raise Conflict(msg("The number {ref} already belongs to another case.", ref=case.ref))
            given.add(case.ref)

    def next_ref(self, year: int) -> str:
        start = f"PDD-{year}-"
        refs = [*self._gone.values(), *(case.ref for case in self.cases().values())]
        used = [int(ref.removeprefix(start)) for ref in refs if ref.startswith(start)]
        number = max([0, self._given.get(year, 0), *used]) + 1
        self._given[year] = number
        return f"{start}{number:04d}"


class MemoryStore:
    """Cases as they would be after a durable save."""

    def __init__(self, cases: Iterable[Case] = (), *, read_only: Message | None = None, machine: str = "here") -> None:
        self._machine = machine
        self._gone: dict[str, str] = {}
        self._saves = [0]
        self._disk: dict[str, Case] = {case.id: case for case in cases}
        self._seen = dict(self._disk)
        self._read_only = read_only
        self.trouble: PddError | None = None
        self.gone: Gone | None = None
        """Raised by every look and save until everything is written back, as where the file was removed."""
        self.closed = False

    def open_again(self) -> MemoryStore:
        """A second session on the same cases."""
        other = MemoryStore()
        other._disk = self._disk
        other._seen = dict(self._disk)
        other._gone, other._saves, other._machine = self._gone, self._saves, self._machine
        return other

    def cases(self) -> Mapping[str, Case]:
        return self._seen

    def glances(self, *, words: bool = False) -> Iterator[Case]:  # noqa: ARG002, whole cases do
        return iter(self._seen.values())

    def refs(self) -> Mapping[str, str]:
        return {case_id: case.ref for case_id, case in self._seen.items()}

    def erased(self) -> Mapping[str, str]:
        return self._gone

    def refresh(self) -> frozenset[str]:
        if self.gone is not None:
            raise self.gone
        changed = frozenset(key for key, case in self._disk.items() if self._seen.get(key) != case)
        gone = self._seen.keys() - self._disk.keys()
        self._seen = dict(self._disk)
        return changed | gone

    @contextmanager
    def transaction(self) -> Iterator[_Box]:
        if self._read_only is not None:
            raise CannotWrite(self._read_only)
        self.refresh()
        box = _Box(self._seen, self._gone, Save(self._machine, self._saves[0] + 1))
        yield box
        box.check_numbers()
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self._disk.update(box.new)
        self._saves[0] += bool(box.new or box.removed)
        for case_id in box.removed:
            self._gone[case_id] = self._disk.pop(case_id).ref
        self.refresh()

    @property
    def read_only(self) -> Message | None:
        return self._read_only

    @property
    def warnings(self) -> tuple[Message, ...]:
        return ()

    def write_back(self) -> None:
        self.gone = None

    def tidy(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
