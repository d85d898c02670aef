"""A TinyDB storage that never loses an acknowledged save.

A save is one line that is durable in the journal before it counts; the data file is only ever replaced as a whole, by
a *fold* of the journal into it. The lock spans everything from reading to saving, which TinyDB's own `read` and
`write` cannot; so its methods save through `JournalTable._update_table`, the hook that TinyDB documents ("Extend
TinyDB").
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw
from tinydb.storages import Storage
from tinydb.table import Table

from pddtui.durable import FORBIDDEN, LateFailure, sweep
from pddtui.errors import CannotWrite, PddError
from pddtui.message import Message, msg
from pddtui.store.codec import FirstLook
from pddtui.store.disk import Disk, Surroundings, cannot_read, cannot_write, replace, why
from pddtui.store.journal import NOTHING, Op, Record, encode
from pddtui.store.layout import CASES, SCHEMA, DocumentPlace, file_pieces
from pddtui.store.lock import FileLock
from pddtui.store.opening import read_only
from pddtui.store.reading import FoundNames, Reading
from pddtui.store.shelf import Shelf

__all__ = ["JournalStorage", "JournalTable", "network_kind"]

NETWORK = frozenset(
    ("9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs")
)

LINGER = 60.0
"""Seconds for which a notice is repeated after its matter was settled."""

SMALL = 8 << 20
"""Bytes of a data file up to which a fold is cheap enough to follow every save."""

FOLD_AFTER, FOLD_LARGE_AFTER, RETRY_AFTER = 0.3, 5.0, 60.0
"""Seconds of quiet before a fold of a small and of a large file, and after a failed one."""

LONG_JOURNAL, MANY_SAVES = 1 << 20, 256
"""Bytes or saves at which a large file is folded without waiting for quiet."""


class JournalStorage(Storage):
    """The tables of one data file, for one session; threads take turns."""

    def __init__(self, path: Path, surroundings: Surroundings | None = None, look: FirstLook | None = None) -> None:
        self.surroundings = surroundings or Surroundings()
        self.disk = self.surroundings.disk
        self.path = self.disk.spelled(path)
        lock, patience = self.path.with_name(f"{self.path.name}.lock"), self.surroundings.patience
        self.lock = FileLock(lock, self.disk, patience=patience, beside=self.path)
        self.reading = Reading(self.path, self.disk, self.lock, look)
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
        return said if self.fold_failure is None else (*said, self.fold_failure)

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
                self._depth += 1
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

    def commit(self, ops: list[Op]) -> None:
        """Make the changes durable, all or none; on an error nothing changed, not even in memory. In a transaction."""
        if not ops:
            return
        if self._must_rewrite():
            shelf = self.reading.shelf.copy()
            shelf.apply(ops)
            self._rewrite(shelf)
            self.reading.changed.update((table, key) for table, key, _ in ops)
        else:
            self._append(Record(self.reading.mark.token, ops))
        self._quiet_since = self.surroundings.tick()
        if self.surroundings.write_through:
            self._try_fold()

    def _must_rewrite(self) -> bool:
        reading = self.reading
        return not reading.mark.token or reading.mark.schema != SCHEMA or reading.damaged > 0 or reading.foreign > 0

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
                if self.reading.journal.stamp() is None:
                    return False
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

    def _rewrite(self, shelf: Shelf) -> None:
        size, new, said = shelf.size(), self.reading.file is None, self.reading.warnings
        with self._explained(size):
            rewrite(self.reading, shelf, self.disk, self.surroundings.now(), size)
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
            if self.reading.pending and self.read_only is None and self._failed is None:
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

    def put(self, documents: Mapping[str, bytes]) -> None:
        """Save these documents, JSON by key, whole and in one durable step."""

        def updater(table: TableDraft) -> None:
            for key, document in documents.items():
                table[key] = Raw(document)

        self._update_table(updater)

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


def due(reading: Reading, quiet: float, *, failed: bool) -> bool:
    """Whether to fold now, when nobody has saved for `quiet` seconds; `failed`: the last fold did."""
    if not reading.pending:
        return False
    if failed:
        return quiet >= RETRY_AFTER
    if reading.file is not None and reading.file.size <= SMALL:
        return quiet >= FOLD_AFTER
    return quiet >= FOLD_LARGE_AFTER or reading.seen >= LONG_JOURNAL or reading.saves >= MANY_SAVES


def rewrite(reading: Reading, shelf: Shelf, disk: Disk, now: datetime, size: int) -> None:
    """Write the shelf as the new data file, keep the old one as a backup, and drop the journal.

    Needs the exclusive lock. `size` is about how many bytes the file will take.
    """
    exact = reading.saves > 0 and shelf is reading.shelf
    folded, check = (reading.seen, reading.check) if exact else (None, 0)
    mark = reading.mark.next(os.urandom(8).hex(), SCHEMA, folded=folded, check=check)
    meta = {**reading.meta, "1": {**_object(reading.meta.get("1")), **_object(msgspec.to_builtins(mark))}}
    shelf.need(CASES)
    entries: list[DocumentPlace] = []

    def pieces() -> Iterator[bytes]:
        for piece, entry in file_pieces(meta, ((name, shelf.documents(name)) for name in shelf.names())):
            if entry is not None:
                entries.append(entry)
            yield piece

    def before_swap() -> None:
        if reading.file is None:
            return
        if not reading.file.intact:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        if reading.damaged or reading.foreign:
            reading.backups.keep("journal", now, reading.journal.path)
        if reading.gone:
            return
        if reading.foreign:
            reading.backups.keep("pre-merge", now, reading.path)
        reading.backups.rotate(now)

    sweep(reading.path.parent, reading.path.name, idle=0, files=disk)
    _make_room(reading, disk, size, now)
    file = replace(disk, reading.path, pieces(), before_swap)
    placed = Shelf()
    for name in shelf.names():
        placed.need(name)
    for entry in entries:
        placed.lay(file, entry)
    reading.journal.remove()
    reading.adopt(file, placed, meta)


def _make_room(reading: Reading, disk: Disk, size: int, now: datetime) -> None:
    """Drop the oldest backups, never the newest, where the disk has no room for one more data file."""
    for _, path in reading.backups.ordinary(now)[:-1]:
        try:
            if disk.space(reading.path.parent) >= size:
                return
        except OSError:  # a file system that does not tell
            return
        reading.backups.drop([path])


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


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
