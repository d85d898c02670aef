"""TinyDB's tables on our storage.

One lock from the first look to the durable save, fresh copies for whoever asks, no query cache, and
ids that no other session can have given away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

from msgspec import Raw
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from pddtui.store.draft import Draft
from pddtui.store.storage import JournalStorage

__all__ = ["CaseDatabase", "JournalTable"]


class JournalTable(Table):
    """A table of a `JournalStorage`."""

    default_query_cache_capacity = 0

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        if not isinstance(storage, JournalStorage) or cache_size:
            raise TypeError("a JournalTable needs a JournalStorage and keeps no query cache")
        self._journal = storage
        super().__init__(storage, name, cache_size=0, persist_empty=persist_empty)

    def insert(self, document: Mapping[str, Any]) -> int:
        with self._journal.transaction():
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        with self._journal.transaction():
            numbered: list[Mapping[str, Any]] = []
            following = self.next_id()
            for document in documents:
                if not isinstance(document, Mapping):
                    raise ValueError("Document is not a Mapping")  # noqa: TRY004 -- TinyDB's own contract
                if isinstance(document, Document):
                    numbered.append(document)
                    following = max(following, document.doc_id + 1)
                else:
                    numbered.append(Document(document, following))
                    following += 1
            return super().insert_multiple(numbered)

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        with self._journal.transaction():
            return super().update(fields, cond, doc_ids)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        with self._journal.transaction():
            return super().upsert(document, cond)

    def put(self, documents: Mapping[str, bytes]) -> None:
        """Save these documents, JSON by key, whole and in one durable step."""
        with self._journal.transaction():
            self._journal.commit([(self.name, key, Raw(raw)) for key, raw in documents.items()])

    def next_id(self) -> int:
        """One more than the highest id in use."""
        return 1 + max((int(key) for key in self._journal.reading.shelf.keys(self.name)), default=0)

    def _get_next_id(self) -> int:
        """Never an id remembered from before: another session may have given it away."""
        return self.next_id()

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        storage = self._journal
        with storage.transaction():
            draft = Draft(storage.reading.shelf, self.name)
            updater(draft)  # type: ignore[arg-type]  # a mapping that copies; TinyDB says dict, uses only its methods
            storage.commit(draft.ops())
        self.clear_cache()


class CaseDatabase(TinyDB):
    """TinyDB on a `JournalStorage`."""

    table_class = JournalTable
