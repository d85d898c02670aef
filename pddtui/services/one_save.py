"""Many moves in one save: a store whose transactions are all part of the one that somebody else holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pddtui.domain.case import Case
from pddtui.domain.ports import Transaction
from pddtui.message import Message

__all__ = ["OneSave"]


class OneSave:
    """A `CaseStore` within `box`. What is put here is saved when that transaction ends well."""

    def __init__(self, box: Transaction) -> None:
        self._box = box

    def cases(self) -> Mapping[str, Case]:
        return self._box.cases()

    def glances(self, *, words: bool = False) -> Iterator[Case]:  # noqa: ARG002, a whole case is a glance too
        return iter(self._box.cases().values())

    def refs(self) -> Mapping[str, str]:
        return {case_id: case.ref for case_id, case in self._box.cases().items()}

    def refresh(self) -> frozenset[str]:
        return frozenset()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        yield self._box

    @property
    def read_only(self) -> Message | None:
        return None

    @property
    def warnings(self) -> tuple[Message, ...]:
        return ()

    def tidy(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing: the transaction is somebody else's."""
