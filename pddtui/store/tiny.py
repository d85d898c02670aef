"""The case store: cases as values on one side, a TinyDB file that loses nothing on the other.

`cases()` hands out a snapshot that never changes, without lock or parsing, so that the user interface may call it at
any time; everything else may wait for the disk and belongs in a worker thread. A file of an older schema is brought up
to this one by the first save.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from pddtui.domain.case import Case
from pddtui.domain.history import Save, Tree
from pddtui.errors import Conflict, Damaged, NotFound, PddError
from pddtui.message import Message, msg
from pddtui.ownership import exposed_folders
from pddtui.store.codec import DEPTHS, Depth, Head, Outline, Spoken, Tombstone, any_case, head_of, tombstone
from pddtui.store.codec import document as document_of
from pddtui.store.disk import Surroundings, cannot_read
from pddtui.store.layout import CASES, SCHEMA
from pddtui.store.opening import FilesBeside, loosened, refusal, sniff
from pddtui.store.own import OwnNews, news_of
from pddtui.store.shelf import Cases, Catalogue, Decoder, Shelved, Slot, StoredCase, number, text
from pddtui.store.storage import JournalStorage, JournalTable

if TYPE_CHECKING:
    from pddtui.store.uniting import Copy, Uniter

__all__ = ["STEPS", "TinyCaseStore"]


def count_revisions(document: Tree) -> Tree:
    """0 to 1: a file without a mark, as stock TinyDB writes it, need not count saves or record changes."""
    return {"revision": 0, "history": [], **document}


def graph_of_chain(document: Tree) -> Tree:
    """1 to 2: each change names those it was made on, where before a history was a chain of hashes."""
    case = any_case(msgspec.json.encode(document))
    if not isinstance(case, Case):
        return document
    bare = msgspec.json.encode({**document, "history": []})
    return msgspec.json.decode(document_of(case, bare), type=Tree)


STEPS: tuple[Callable[[Tree], Tree], ...] = (count_revisions, graph_of_chain)
"""`STEPS[n]` leads from schema n to n + 1: a pure function, applied to each document."""


def upgraded(raw: bytes, schema: int) -> bytes:
    """A document of that schema as one of `SCHEMA`."""
    document = msgspec.json.decode(raw, type=Tree)
    for step in STEPS[schema:SCHEMA]:
        document = step(document)
    return msgspec.json.encode(document)


class Box:
    """A `Transaction`: what is put into it is saved when it ends well."""

    def __init__(self, catalogue: Catalogue, save: Callable[[], Save]) -> None:
        self._catalogue = catalogue
        self._save = save
        self._put: dict[str, StoredCase] = {}
        self._given: dict[int, int] = {}

    def cases(self) -> Mapping[str, Case]:
        shelved = self._catalogue.live.copy()
        for identity, value in self._put.items():
            if isinstance(value, Case):
                shelved[identity] = Shelved.of(value)
            else:
                shelved.pop(identity, None)
        return Cases(shelved)

    @property
    def save(self) -> Save:
        return self._save()

    def erased(self) -> Mapping[str, str]:
        return {identity: stone.ref for identity, stone in self._catalogue.erased.items()}

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
            raise Conflict(msg("Another session changed {ref} in the meantime: check it and try again.", ref=known.ref))
        self._put[case.id] = case
        if (given := number(case.ref)) is not None:
            self._given[given[0]] = max(given[1], self._given.get(given[0], 0))

    def erase(self, case_id: str) -> None:
        """Remove a case for good. Only its number stays, so that it is not given again."""
        case = self.get(case_id)
        if case is None:
            raise NotFound(msg("There is no case {ref}.", ref=case_id))
        self._put[case_id] = Tombstone(id=case.id, ref=case.ref, revision=case.revision + 1)

    def next_ref(self, year: int) -> str:
        highest = max(self._catalogue.highest(year), self._given.get(year, 0))
        self._given[year] = highest + 1
        return f"PDD-{year}-{highest + 1:04d}"

    def changes(self) -> list[StoredCase]:
        """The last state of everything that was put. `Conflict` where a number would belong to two cases.

        Only the end counts: in one transaction a case may give up its number to another one.
        """
        owners: dict[str, str] = {}
        for value in self._put.values():
            owner = owners.setdefault(value.ref, self._owner(value.ref) or value.id)
            if owner != value.id:
                raise Conflict(msg("The number {ref} already belongs to another case.", ref=value.ref))
        return list(self._put.values())

    def _owner(self, ref: str) -> str | None:
        """The case that has that number, if it was not put."""
        found = self._catalogue.refs.get(ref)
        if found is None or found in self._put:
            return None
        known = self._catalogue.live.get(found) or self._catalogue.erased.get(found)
        return found if known is not None and known.ref == ref else None


class TinyCaseStore:
    """A `CaseStore` on one data file."""

    def __init__(self, storage: JournalStorage, depth: Depth = "cases") -> None:
        self.storage = storage
        self.saves = 0
        """How often this session saved something."""
        self._table = JournalTable(storage, CASES)
        self._turn = threading.RLock()
        self._catalogue = Catalogue()
        self._unreported: set[str] = set()
        folders = (storage.path.parent, *storage.surroundings.folders)
        self._exposed = exposed_folders(folders, storage.disk.stat)
        """Folders in which somebody else may write, as they were when the file was opened."""
        self._absorb()
        if depth == "cases":
            for shelved in self._catalogue.live.values():
                shelved.whole()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        write_through: bool = False,
        trust_network: bool = False,
        surroundings: Surroundings | None = None,
        depth: Depth = "cases",
    ) -> TinyCaseStore:
        """The store in that file, which need not exist yet. `Damaged` when it is not ours or not whole.

        `depth` is how much the caller will ask for; more is decoded once it does. Up to that depth a document that is
        not a case is `Damaged` here, and one that is not JSON always is.
        """
        around = surroundings or Surroundings(write_through=write_through, trust_network=trust_network)
        look = msgspec.json.Decoder(DEPTHS[depth]).decode
        return cls(JournalStorage(path, around, look), depth)

    @property
    def path(self) -> Path:
        """The data file, with symbolic links followed."""
        return self.storage.path

    @property
    def read_only(self) -> Message | None:
        return self.storage.read_only

    @property
    def warnings(self) -> tuple[Message, ...]:
        return (*self._exposed, *self.storage.warnings)

    def cases(self) -> Mapping[str, Case]:
        return self._catalogue.snapshot()

    def glances(self, *, words: bool = False) -> Iterator[Case]:
        kind = Spoken if words else Outline
        return (shelved.glance(kind) for shelved in self._catalogue.snapshot().shelved.values())

    def refs(self) -> Mapping[str, str]:
        return {identity: shelved.ref for identity, shelved in self._catalogue.snapshot().shelved.items()}

    def erased(self) -> Mapping[str, str]:
        with self._turn:
            return {identity: stone.ref for identity, stone in self._catalogue.erased.items()}

    def refresh(self) -> frozenset[str]:
        with self._turn:
            self.storage.refresh()
            changed = self._unreported | self._absorb()
            self._unreported.clear()
            return frozenset(changed)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Box]:
        with self._turn, self.storage.transaction():
            self._migrate()
            self._unreported |= self._absorb()
            if self._catalogue.erased:
                self.storage.forget_erased_elsewhere(self._catalogue.erased)
            box = Box(self._catalogue, lambda: self.storage.save)
            yield box
            self._save(box.changes())

    def write_back(self) -> None:
        with self._turn:
            self.storage.write_back()
            self._unreported |= self._absorb()

    def tidy(self) -> bool:
        with self._turn:
            return self.storage.tidy()

    def close(self) -> None:
        with self._turn:
            self.storage.close()

    def release(self) -> None:
        """Let go of the file without folding, for a reader that must change nothing."""
        with self._turn:
            self.storage.release()

    def unite(self, copy: Copy) -> Uniter:
        """Unite another copy of the data file with this one, in one save, and say what came of it."""
        with self._turn, self.storage.transaction():
            self._migrate()
            self._unreported |= self._absorb()
            with self._legible():
                uniter = copy.united_with(self.storage.reading.shelf)
                ops = [*uniter.ops(), *copy.others(self.storage.reading.shelf)]
            news, erased = self._for_own_record(uniter.changed.values())
            self.storage.commit(ops, news, erased, {} if uniter.refused else copy.counts)
            self._unreported |= self._absorb()
            if erased:
                self.storage.forget(self._catalogue.erased)
            return uniter

    def _save(self, changes: Iterable[StoredCase]) -> None:
        shelf = self.storage.reading.shelf
        following = self._catalogue.next_key
        documents: dict[str, bytes] = {}
        values = list(changes)
        with self._legible():
            for value in values:
                key = self._catalogue.keys.get(value.id)
                if key is None:
                    key, following = str(following), following + 1
                documents[key] = document_of(value, shelf.get(CASES, key))
        if documents:
            news, erased = self._for_own_record(values)
            self._table.put(documents, news, erased)
            self.saves += 1
            with contextlib.suppress(PddError):  # it is durable; what cannot be taken in now is at the next look
                self._absorb(documents)
                if erased:
                    self.storage.forget(value.id for value in erased)

    def _for_own_record(self, values: Iterable[StoredCase]) -> tuple[list[OwnNews], list[Tombstone]]:
        """What of this save the own record keeps, and what was erased by it."""
        save, since = self.storage.save, self.storage.on_own_record_since
        news, erased = list[OwnNews](), list[Tombstone]()
        for value in values:
            if isinstance(value, Case):
                news.append(OwnNews(value.id, news_of(value, save.machine, save.number, since)))
            else:
                erased.append(value)
        return news, erased

    @contextlib.contextmanager
    def _legible(self) -> Iterator[None]:
        """Turn a failure to read a document into an error of ours; what was read before still holds."""
        try:
            yield
        except OSError as error:
            raise cannot_read(error, self.path) from error

    def _absorb(self, saved: Mapping[str, bytes] = MappingProxyType({})) -> set[str]:
        """Take in the documents that changed since the last time, and no others; the ids of their cases.

        What was `saved` just now is not read from the disk again: whatever happens there, the save is durable.
        """
        reading = self.storage.reading
        keys = [key for table, key in reading.changed if table == CASES]
        concerned: set[str] = set()
        if keys:
            # Shorter numbers are smaller: cases are listed in the order in which they were opened.
            keys.sort(key=lambda key: (len(key), key))
            decode = partial(self._decoded, reading.mark.schema)
            if reading.mark.schema < SCHEMA:
                reading.looks.clear()
            with self._legible():
                slots = [(key, saved.get(key) or reading.shelf.slot(CASES, key)) for key in keys]
                found = [(key, self._shelved(key, slot, decode)) for key, slot in slots]
            concerned = self._catalogue.take(found)
            reading.looks.clear()
        reading.changed.clear()
        return concerned

    def _shelved(self, key: str, slot: Slot | None, decode: Decoder) -> Shelved | Tombstone | None:
        if slot is None:
            return None
        look = self.storage.reading.looks.get(key)
        try:
            int(key)
            if isinstance(look, Case):
                return Shelved(look, key, slot, decode)
            head = look if isinstance(look, Head) else head_of(text(slot))
            return Shelved(head, key, slot, decode) if head.erased is not True else tombstone(text(slot))
        except (msgspec.DecodeError, ValueError) as error:
            raw = text(slot)
            other = loosened(raw)
            if other is not None and other != raw and not isinstance(error, msgspec.ValidationError):
                self.storage.reading.shelf.put(CASES, key, other)
                return self._shelved(key, other, decode)
            raise Damaged(self.read_only or self._wrong(key, error)) from error

    def _decoded(self, schema: int, key: str, slot: Slot, kind: type[Case]) -> Case:
        with self._legible():
            raw = text(slot)
        try:
            whole = schema >= SCHEMA or (schema and kind is not Case)  # the history is all that is new
            return msgspec.json.decode(raw if whole else upgraded(raw, schema), type=kind)
        except (msgspec.DecodeError, ValueError) as error:
            raise Damaged(self.read_only or self._wrong(key, error)) from error

    def _wrong(self, key: str, error: Exception) -> Message:
        """What to say of a document that is not a case."""
        file, path = self.storage.reading.file, str(self.path)
        if (
            file is not None
            and sniff(file.read_all()) == "recoded"
            and (said := refusal("recoded", FilesBeside(), path))
        ):
            return said
        place = [key, *re.findall("`([^`]*)`", str(error))]
        if isinstance(error, msgspec.ValidationError) or not isinstance(error, msgspec.DecodeError | UnicodeError):
            return msg(
                "Document {key} of {path} is not a case (see {place}). Nothing was changed; run `pddtui recover`.",
                key=key,
                path=path,
                place=place[-1],
            )
        return msg(
            "Document {key} of {path} can no longer be read. Nothing was changed; run `pddtui recover`.",
            key=key,
            path=path,
        )

    def _migrate(self) -> None:
        """Bring a file of an older schema up to this one, all documents at once, after a backup."""
        reading = self.storage.reading
        schema = reading.mark.schema
        if reading.file is None or schema >= SCHEMA:
            return
        shelf = reading.shelf.copy()
        for key, raw in reading.shelf.documents(CASES):
            shelf.put(CASES, key, upgraded(raw, schema))
        self.storage.migrate(f"pre-v{SCHEMA}", shelf)
