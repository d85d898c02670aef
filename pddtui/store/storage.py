"""A TinyDB storage that never loses an acknowledged save.

A save is one line that is durable in the journal before it counts; the data file is only ever replaced as a whole, by
a *fold* of the journal into it. The lock spans everything from reading to saving, which TinyDB's own `read` and
`write` cannot; so its methods save through `JournalTable._update_table`, the hook that TinyDB documents ("Extend
TinyDB").
"""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Raw
from tinydb.storages import Storage
from tinydb.table import Table

from pddtui.domain.history import Save
from pddtui.durable import FORBIDDEN, LateFailure
from pddtui.errors import CannotWrite, PddError
from pddtui.message import Message, msg
from pddtui.store.codec import FirstLook, Tombstone
from pddtui.store.disk import Disk, Surroundings, cannot_read, cannot_write, why
from pddtui.store.folding import due, rewrite
from pddtui.store.journal import NOTHING, Op, Record, encode
from pddtui.store.layout import SCHEMA
from pddtui.store.lock import FileLock
from pddtui.store.opening import read_only
from pddtui.store.own import OwnNews, OwnRecord, OwnSave, OwnTail, descends, joined
from pddtui.store.reading import FoundNames, Reading
from pddtui.store.shelf import Shelf

__all__ = ["JournalStorage", "JournalTable", "network_kind"]

NETWORK = frozenset(
    ("9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs")
)

LINGER = 60.0
"""Seconds for which a notice is repeated after its matter was settled."""


class JournalStorage(Storage):
    """The tables of one data file, for one session; threads take turns."""

    def __init__(self, path: Path, surroundings: Surroundings | None = None, look: FirstLook | None = None) -> None:
        self.surroundings = surroundings or Surroundings()
        self.disk = self.surroundings.disk
        self.path = self.disk.spelled(path)
        lock, patience = self.path.with_name(f"{self.path.name}.lock"), self.surroundings.patience
        self.lock = FileLock(lock, self.disk, patience=patience, beside=self.path)
        folder = self.surroundings.own_records
        self.own = OwnRecord(folder, self.path, self.disk) if folder is not None else None
        self.reading = Reading(self.path, self.disk, self.lock, look, self.own)
        self._machine = ""
        self._number = 0
        self._known = OwnTail()
        """What the own record said when the transaction began."""
        self._wrote = False
        self._own_failure: Message | None = None
        self.fold_failure: Message | None = None
        self._turn = threading.RLock()
        self._depth = 0
        self._failed: CannotWrite | None = None
        self._quiet_since = self.surroundings.tick()
        self._settled: FoundNames = (None, None)
        """Whose names are durable, as this session made them so."""
        self._network = None if self.surroundings.trust_network else network_kind(self.path, self.surroundings.mounts)
        self._closed = self._find_closed()
        self._notices = Notices(self.surroundings.tick)
        self.refresh()

    @property
    def read_only(self) -> Message | None:
        """Why nothing can be saved, or None when it can."""
        schema = self.reading.mark.schema
        return read_only(str(self.path), schema=schema, closed=self._closed, network=self._network)

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What the user should know of the state of the files."""
        said = self._notices.with_recent(self.reading.warnings)
        return (*said, *(each for each in (self.fold_failure, self._own_failure) if each is not None))

    @property
    def save(self) -> Save:
        """The save that the transaction in hand will be. In a transaction."""
        if not self._machine:
            self._machine = self.own.machine() if self.own is not None else "-"
        if not self._number:
            self._number = 1 + max(counts.get(self._machine, 0) for counts in (self.reading.counts, self._known.counts))
        return Save(self._machine, self._number)

    @property
    def on_own_record_since(self) -> int:
        """From which save on the own record has all, up to the one before the transaction in hand. In a transaction."""
        known, number = self._known, self.save.number
        return known.since if known.since and known.number == number - 1 else number

    def refresh(self) -> None:
        """Read what other sessions saved."""
        with self._turn:
            if self._depth:
                return
            self._look_again()
            with self._readable():
                if not self.reading.stale():
                    return
            with self.lock.shared() as locked:
                before = self.reading.saves
                self._catch_up(locked=locked)
                if self.reading.saves != before:
                    self._quiet_since = self.surroundings.tick()

    def _look_again(self) -> None:
        """See whether the file can be written again, where it could not."""
        if self._closed is not None:
            self._closed = self._find_closed()
        if self._network is not None:
            self._network = network_kind(self.path, self.surroundings.mounts)

    def _catch_up(self, *, locked: bool) -> None:
        with self._readable():
            self.reading.catch_up()
            while not locked and self.reading.stale():
                # Without a lock a fold may fall between reading the data file and its journal.
                self.reading.catch_up()

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn a failure to look at the files into an error that a person can act on."""
        try:
            yield
        except OSError as error:
            raise cannot_read(error, self.path) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock, with everything read that others saved. It may be entered again inside."""
        with self._turn:
            if self._depth:
                yield
                return
            self._look_again()
            self._must_be_writable()
            with self._readable():
                self.reading.must_not_be_gone()
            with self._explained():
                self._need_folder()
            kept = self.reading.file is not None
            with self.lock.exclusive(self.surroundings.now(), kept=kept):
                self._catch_up(locked=True)
                self._must_be_writable()
                self._known = self.own.tail() if self.own is not None else OwnTail()
                with self._readable():
                    self.reading.recall(self._known.counts)
                self._depth += 1
                self._number = 0
                try:
                    yield
                finally:
                    self._depth -= 1

    def _need_folder(self) -> None:
        """Have a folder that lasts: before the first lock in it, nobody has vouched for its name."""
        self.disk.need_folder(self.path.parent)
        if self.disk.stat(self.lock.path) is None:
            self.disk.settle_folder(self.path.parent)

    def _settle(self) -> None:
        """Make durable the names that were found, once for each finding, before anything rests on them.

        Whoever gave them may have been killed before it could: the file that has its name now, and so all that the
        journal held, would be gone after a power cut.
        """
        if self.reading.names != self._settled:
            self.disk.sync_folder(self.path.parent)
            self._settled = self.reading.names

    def write_back(self) -> None:
        """Write everything that this session knows into a new data file, where the one it had open is gone."""
        with self._turn:
            self._look_again()
            self._must_be_writable()
            with self._explained():
                self._need_folder()
            with self.lock.exclusive(self.surroundings.now(), kept=True):
                with self._readable():
                    if not self.reading.gone:
                        self.reading.catch_up()
                        return
                    self.reading.finish_journal()
                self._rewrite(self.reading.shelf)
            self._quiet_since = self.surroundings.tick()

    def commit(
        self,
        ops: list[Op],
        cases: Sequence[OwnNews] = (),
        erased: Sequence[Tombstone] = (),
        known: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Make the changes durable, all or none; on an error nothing changed, not even in memory. In a transaction.

        `cases` and `erased` are what the own record keeps of it; `known` are the saves of other machines that are all
        in it.
        """
        if not ops:
            return
        save = self.save
        # While something of ours could not be united, the file does not claim to hold our saves, so that it is tried
        # again.
        counts = joined(known, {} if self.reading.refused else {save.machine: save.number})
        with self._on_own_record(save, counts, cases, erased):
            if self._must_rewrite():
                shelf = self.reading.shelf.copy()
                shelf.apply(ops)
                self._rewrite(shelf, counts)
                self.reading.changed.update((table, key) for table, key, _ in ops)
            else:
                self._append(Record(self.reading.mark.token, ops, counts))
        self._number = 0
        self._wrote = True
        self._quiet_since = self.surroundings.tick()
        if self.surroundings.write_through:
            self._try_fold()

    @contextlib.contextmanager
    def _on_own_record(
        self, save: Save, counts: Mapping[str, int], cases: Sequence[OwnNews], erased: Sequence[Tombstone]
    ) -> Iterator[None]:
        """Have the save on the own record before it is durable elsewhere; off again if that fails.

        Where it cannot be kept there the save goes on, and the user is told.
        """
        if self.own is None:
            yield
            return
        now, counts = self.surroundings.now(), joined(joined(self.reading.counts, counts), {save.machine: save.number})
        before: int | None = None
        try:
            begun = (OwnSave(number=0, at=now, counts={}),) if self.reading.file is None else ()
            saved = OwnSave(
                number=save.number,
                at=now,
                counts=counts,
                cases=tuple(cases),
                erased=tuple(erased),
                since=self.on_own_record_since,
                token=self.reading.mark.token,
            )
            before = self.own.append(*begun, saved)
            self._own_failure = None
        except OSError as error:
            self._own_failure = msg(
                "This save is not on this machine's own record ({reason}): if another program replaces the data file, "
                "it may be lost.",
                reason=why(error, self.own.path),
            )
        try:
            yield
        except BaseException:
            if before is not None:
                self.own.cut_back(before)
            raise

    def _must_rewrite(self) -> bool:
        reading = self.reading
        return not reading.mark.token or reading.mark.schema != SCHEMA or reading.damaged > 0 or reading.unwritten

    def _append(self, record: Record) -> None:
        line = encode(record)
        with self._explained(len(line)):
            try:
                self._settle()
                self.reading.journal.append(line, self.reading.seen, self.disk.stat(self.path))
            except OSError as error:
                if error.errno == errno.EIO:
                    # After a failed sync the page cache no longer shows what is on the disk.
                    self._failed = cannot_write(error, self.path)
                raise
        self.reading.append(record, line)
        self._settled = self.reading.names

    def tidy(self) -> bool:
        """Fold when it is due; True when a fold was made."""
        with self._turn:
            if not self.due() or self.read_only is not None:
                return False
            return self._try_fold()

    def due(self) -> bool:
        """Whether a fold is due."""
        quiet = self.surroundings.tick() - self._quiet_since
        return due(self.reading, quiet, failed=self.fold_failure is not None)

    def _try_fold(self) -> bool:
        """Fold; a failure becomes a warning and is tried again later, because the saves themselves are durable."""
        try:
            folded = self.fold()
        except PddError as error:
            cause = error.__cause__
            reason: Message | str = error.message
            if isinstance(cause, OSError) and not isinstance(cause, LateFailure):
                reason = why(cause, self.path)
            self.fold_failure = msg(
                "Your saves are safe in the journal, but the data file could not be brought up to date: {reason}",
                reason=reason,
            )
            self._quiet_since = self.surroundings.tick()
            return False
        self.fold_failure = None
        return folded

    def fold(self) -> bool:
        """Bring the data file up to date and remove the journal; False when there is none."""
        with self.transaction():
            with self._readable():
                if self.reading.journal.stamp() is None and not self.reading.unwritten:
                    return False
            if self.own is not None:
                self.own.trim(self.surroundings.now())
            if self._must_rewrite() or self.reading.saves:
                self._rewrite(self.reading.shelf)
            else:
                with self._explained():
                    self._settle()
                    self.reading.journal.remove()
            return True

    def migrate(self, kind: str, shelf: Shelf) -> None:
        """Replace every document at once, after a backup of the given kind. In a transaction."""
        with self._explained():
            self.reading.backups.keep(kind, self.surroundings.now(), self.path)
        changed = set(self.reading.shelf.differences(shelf))
        self._rewrite(shelf)
        self.reading.changed |= changed

    def forget(self, case_ids: Iterable[str]) -> None:
        """Remove every word of erased cases from the journal and from the own record. In a transaction."""
        self._forget_here(case_ids)
        self._try_fold()

    def forget_erased_elsewhere(self, case_ids: Iterable[str]) -> None:
        """Remove from the own record what another machine erased, where the file holds saves of others that are new."""
        if self.own is not None and not descends(self._known.counts, self.reading.counts):
            self._forget_here(case_ids)

    def _forget_here(self, case_ids: Iterable[str]) -> None:
        if self.own is None:
            return
        try:
            self.own.forget(case_ids)
        except OSError as error:
            self._own_failure = msg(
                "The words of an erased case are still on this machine's own record {path} ({reason}).",
                path=str(self.own.path),
                reason=why(error, self.own.path),
            )

    def _rewrite(self, shelf: Shelf, counts: Mapping[str, int] = MappingProxyType({})) -> None:
        size, new, said = shelf.size(), self.reading.file is None, self.reading.warnings
        with self._explained(size):
            rewrite(self.reading, shelf, self.surroundings, counts)
        self._settled = self.reading.names
        self._notices.settled(said)
        if new:
            # Whoever finds no file from now on learns that there was one.
            self.lock.note(kept=True)

    @contextlib.contextmanager
    def _explained(self, needed: int | None = None) -> Iterator[None]:
        """Turn an error of the system into one that a person can act on. `needed` is about how many bytes to write."""
        try:
            yield
        except LateFailure as failure:
            self._failed = cannot_write(failure, self.path)
            raise self._failed from failure
        except OSError as error:
            if error.errno in FORBIDDEN:
                self._closed = self._find_closed()
            with contextlib.suppress(OSError):
                raise cannot_write(error, self.path, free=self.disk.space(self.path.parent), needed=needed) from error
            raise cannot_write(error, self.path) from error

    def _must_be_writable(self) -> None:
        if self._failed is not None:
            raise CannotWrite(self._failed.message)
        if self.read_only is not None:
            raise CannotWrite(self.read_only)

    def _find_closed(self) -> str | None:
        return find_closed(self.disk, self.path, (self.reading.journal.path, self.lock.path))

    def read(self) -> dict[str, dict[str, Any]]:
        """Every table, freshly decoded, so that changes to it change nothing here."""
        self.refresh()
        shelf = self.reading.shelf
        decode = msgspec.json.decode
        return {name: {key: decode(raw) for key, raw in shelf.documents(name)} for name in shelf.names()}

    def write(self, data: Mapping[str, Mapping[str, object]]) -> None:
        """Save exactly these tables. Only TinyDB's `drop_table` and `drop_tables` call this."""
        with self.transaction():
            self.commit(replacement(self.reading.shelf, data))

    def close(self) -> None:
        """Fold what is left and let go of the files."""
        with self._turn:
            mine = self._wrote or not self.reading.unwritten  # what was only read decides nothing
            if self.reading.pending and mine and self.read_only is None and self._failed is None:
                self._try_fold()
            self.release()

    def release(self) -> None:
        """Let go of the files as they are, for a reader that must change nothing."""
        self.lock.close()
        self.reading = Reading(self.path, self.disk, self.lock)


class JournalTable(Table):
    """A table of a `JournalStorage`.

    TinyDB's `update` and `upsert` merge and can remove no key, and each is a save of its own: several whole documents
    in one durable step are `put`.
    """

    default_query_cache_capacity = 0

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        if not isinstance(storage, JournalStorage) or cache_size:
            raise TypeError("a JournalTable needs a JournalStorage and keeps no query cache")
        self._journal = storage
        super().__init__(storage, name, cache_size=0, persist_empty=persist_empty)

    def put(
        self, documents: Mapping[str, bytes], cases: Sequence[OwnNews] = (), erased: Sequence[Tombstone] = ()
    ) -> None:
        """Save these documents, JSON by key, whole and in one durable step, with what the own record keeps of it."""
        with self._journal.transaction():
            self._journal.commit([(self.name, key, Raw(raw)) for key, raw in documents.items()], cases, erased)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        """Let `updater` change a draft of the table: TinyDB wants a dict and uses only the methods of a mapping."""
        storage = self._journal
        with storage.transaction():
            draft = TableDraft(storage.reading.shelf, self.name)
            # Another session may have used the id that TinyDB remembers.
            self._next_id = None
            try:
                updater(draft)
                storage.commit(draft.ops())
            finally:
                self._next_id = None


class TableDraft(MutableMapping[int | str, Any]):
    """A table for TinyDB's updaters to change: documents are copied when they are touched.

    Its keys are numbers, as TinyDB gives them, for keys that are stored as text. A document may be set as a value or
    as its JSON.
    """

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf = shelf
        self._name = name
        self._touched: dict[str, Any] = {}

    def __getitem__(self, key: int | str) -> Any:
        name = str(key)
        if name not in self._touched:
            raw = self._shelf.get(self._name, name)
            if raw is None:
                raise KeyError(key)
            self._touched[name] = msgspec.json.decode(raw)
        if self._touched[name] is None:
            raise KeyError(key)
        return self._touched[name]

    def __contains__(self, key: object) -> bool:
        name = str(key)
        if name in self._touched:
            return self._touched[name] is not None
        return self._shelf.has(self._name, name)

    def __setitem__(self, key: int | str, document: Any) -> None:
        self._touched[str(key)] = document

    def __delitem__(self, key: int | str) -> None:
        if key not in self:
            raise KeyError(key)
        self._touched[str(key)] = None

    def __iter__(self) -> Iterator[int]:
        added = [key for key in self._touched if not self._shelf.has(self._name, key)]
        return (int(key) for key in [*self._shelf.keys(self._name), *added] if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def ops(self) -> list[Op]:
        """What to save: whatever was set as JSON, and of the rest only documents that really differ."""
        found: list[Op] = []
        for key, document in self._touched.items():
            if isinstance(document, Raw):
                found.append((self._name, key, document))
                continue
            before = self._shelf.get(self._name, key)
            if document is None and before is not None:
                found.append((self._name, key, NOTHING))
            elif document is not None and (before is None or msgspec.json.decode(before) != document):
                found.append((self._name, key, Raw(msgspec.json.encode(document))))
        return found


class Notices:
    """What was the matter with the journal, repeated for a while. `tick` gives seconds that never jump."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._said: tuple[Message, ...] = ()
        self._until = 0.0

    def settled(self, said: tuple[Message, ...]) -> None:
        """Take note of what was the matter up to now."""
        if said:
            self._said, self._until = said, self._tick() + LINGER

    def with_recent(self, said: tuple[Message, ...]) -> tuple[Message, ...]:
        """What is the matter now, or else what was a moment ago."""
        return said if said or self._tick() >= self._until else self._said


def replacement(shelf: Shelf, tables: Mapping[str, Mapping[str, object]]) -> list[Op]:
    """What to save so that the tables are exactly these."""
    found: list[Op] = []
    for name in shelf.names():
        wanted = tables.get(name, {})
        found += [(name, key, NOTHING) for key in shelf.keys(name) if key not in wanted]
    for name, table in tables.items():
        for key, document in table.items():
            raw = msgspec.json.encode(document)
            if raw != shelf.get(name, key):
                found.append((name, key, Raw(raw)))
    return found


def find_closed(disk: Disk, path: Path, beside: Iterable[Path]) -> str | None:
    """The first of the data file, its folder and the files beside it that cannot be written; None when all can."""
    try:
        nearest = next(place for place in path.parents if disk.stat(place) is not None)
        if not disk.writable(nearest):
            return str(path)
        return next((str(part) for part in (path, *beside) if disk.stat(part) and not disk.writable(part)), None)
    except OSError:  # not even looking is allowed
        return str(path)


def network_kind(path: Path, mounts: str) -> str | None:
    """The kind of network file system that holds the path, as `mounts` (a mountinfo file) names it."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        point = Path(_unescaped(fields[4])) if len(fields) > 4 else None
        if point is not None and path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest[0]
    return kind if kind in NETWORK or kind.startswith(("nfs", "smb")) else None


def _unescaped(text: str) -> str:
    """The kernel writes space, tab, newline and backslash as octal."""
    for code in ("040", "011", "012", "134"):
        text = text.replace(f"\\{code}", chr(int(code, 8)))
    return text
