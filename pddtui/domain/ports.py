"""What the use-cases need of a store: defined here, provided by `pddtui.store`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Save
from pddtui.message import Message

__all__ = ["CaseStore", "StrayCopy", "Transaction", "WritesBack"]


class StrayCopy(Struct, frozen=True, kw_only=True):
    """A copy of the data file beside it, with something that is not in it."""

    name: str
    path: str
    cases: int
    """How many cases would change."""
    contacts: int
    """How many contacts would come."""


class Transaction(Protocol):
    """Everything read and put between taking the lock and the one durable save."""

    def cases(self) -> Mapping[str, Case]:
        """Every case as it is now, by id, including those put in this transaction."""
        ...

    @property
    def save(self) -> Save:
        """Which save of which machine this will be; every change in it says so."""
        ...

    def erased(self) -> Mapping[str, str]:
        """The number of every case that was erased for good, by its id."""
        ...

    def get(self, case_id: str) -> Case | None:
        """The case as it is on disk now, or None."""
        ...

    def put(self, case: Case) -> None:
        """Save this case, new or changed, when the transaction ends well."""
        ...

    def erase(self, case_id: str) -> None:
        """Remove this case for good when the transaction ends well; its number is never given again."""
        ...

    def next_ref(self, year: int) -> str:
        """The next free number of that year, `PDD-2026-0042`; each call gives another."""
        ...


class CaseStore(Protocol):
    """A place that keeps cases and never loses an acknowledged one.

    Errors: `Damaged` on opening a file that is not ours; `Gone` when it was removed since; `Busy`, `Conflict` and
    `CannotWrite` on leaving a transaction, in which case nothing at all was saved and memory equals the disk.
    """

    def cases(self) -> Mapping[str, Case]:
        """Every case by id, including those in the trash, as last seen. Never changes in place."""
        ...

    def glances(self, *, words: bool = False) -> Iterator[Case]:
        """Every case as last seen, only to look at and never to save: as much of it as can be read at once.

        The history is left out, and what only the page of a contact shows: its id, who it was and when it
        was typed in. With `words` only the history is left out.
        """
        ...

    def refs(self) -> Mapping[str, str]:
        """The number of every case by its id, as last seen."""
        ...

    def erased(self) -> Mapping[str, str]:
        """The number of every case that was erased for good, by its id, as last seen."""
        ...

    def refresh(self) -> frozenset[str]:
        """Look for what other sessions saved; the ids of the cases that changed, new ones included."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Take the lock, catch up, and on a clean exit save everything that was put, or nothing."""
        ...

    @property
    def read_only(self) -> Message | None:
        """Why nothing can be saved here, or None when it can."""
        ...

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What the user should know of the file's state: a fold that failed, a damaged record kept."""
        ...

    def tidy(self) -> bool:
        """Do the deferred work that keeps the file current, if any is due; True if it did some."""
        ...

    def close(self) -> None:
        """Tidy up and let go of the file. Saves are already durable; nothing is deferred to this."""
        ...


@runtime_checkable
class WritesBack(Protocol):
    """A store of which the file may be removed while it is open, which is the error `Gone`."""

    def write_back(self) -> None:
        """Write everything as last seen into a new file where there is none any more; else only catch up."""
        ...
