"""A store in which one may only look, as at another moment than now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from pddtui.domain.case import Case
from pddtui.domain.ports import CaseStore, Transaction
from pddtui.errors import Refused
from pddtui.message import Message

__all__ = ["LookingOnly"]


class LookingOnly:
    """A store in which nothing is saved, and the reason why."""

    def __init__(self, store: CaseStore, why: Message) -> None:
        self._store = store
        self._why = why

    def cases(self) -> Mapping[str, Case]:
        return self._store.cases()

    def glances(self, *, words: bool = False) -> Iterator[Case]:
        return self._store.glances(words=words)

    def refs(self) -> Mapping[str, str]:
        return self._store.refs()

    def refresh(self) -> frozenset[str]:
        return self._store.refresh()

    def transaction(self) -> AbstractContextManager[Transaction]:
        raise Refused(self.read_only)

    @property
    def read_only(self) -> Message:
        return self._why

    @property
    def warnings(self) -> tuple[Message, ...]:
        return self._store.warnings

    def tidy(self) -> bool:
        return False

    def close(self) -> None:
        self._store.close()
