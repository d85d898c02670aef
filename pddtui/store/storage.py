"""A TinyDB storage that never loses an acknowledged save.

A save is one line that is durable in the journal before it counts; the data file is only ever
replaced as a whole, by a *fold* of the journal into it. The lock spans everything from reading to
saving, which TinyDB's own `read` and `write` cannot: see `JournalTable`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

from pddtui.errors import Busy, CannotWrite
from pddtui.message import Message, msg
from pddtui.store.access import find_closed
from pddtui.store.codec import Look
from pddtui.store.draft import replacement
from pddtui.store.fold import due, rewrite
from pddtui.store.journal import Op, Record, encode
from pddtui.store.layout import SCHEMA
from pddtui.store.lock import FileLock
from pddtui.store.mainfile import LateFailure
from pddtui.store.mounts import network_kind
from pddtui.store.notices import Notices
from pddtui.store.opening import read_only
from pddtui.store.reading import Reading
from pddtui.store.reasons import FORBIDDEN, cannot_read, cannot_write, why
from pddtui.store.shelf import Shelf
from pddtui.store.surroundings import Surroundings

__all__ = ["JournalStorage"]


class JournalStorage(Storage):
    """The tables of one data file, for one session; threads take turns."""

    def __init__(self, path: Path, surroundings: Surroundings | None = None, look: Look | None = None) -> None:
        self.surroundings = surroundings or Surroundings()
        self.disk = self.surroundings.disk
        self.path = Path(os.path.realpath(path))
        lock, patience = self.path.with_name(f"{self.path.name}.lock"), self.surroundings.patience
        self.lock = FileLock(lock, self.disk, patience=patience, beside=self.path)
        self.reading = Reading(self.path, self.disk, self.lock, look)
        self.fold_failure: Message | None = None
        self._turn = threading.RLock()
        self._depth = 0
        self._failed: CannotWrite | None = None
        self._quiet_since = self.surroundings.tick()
        self._network = None if self.surroundings.trust_network else network_kind(self.path, self.surroundings.mounts)
        self._closed = self._find_closed()
        self._notices = Notices(self.surroundings.tick)
        self.refresh()

    @property
    def read_only(self) -> Message | None:
        """Why nothing can be saved, or None."""
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
            if self._depth or not self.reading.stale():
                return
            with self.lock.shared() as locked:
                before = self.reading.saves
                self._catch_up(locked=locked)
                if self.reading.saves != before:
                    self._quiet_since = self.surroundings.tick()

    def _catch_up(self, *, locked: bool) -> None:
        try:
            self.reading.catch_up()
            while not locked and self.reading.stale():
                # Without a lock a fold may fall between reading the data file and its journal.
                self.reading.catch_up()
        except OSError as error:
            raise cannot_read(error, self.path) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock, with everything read that others saved. May be entered again inside."""
        with self._turn:
            if self._depth:
                yield
                return
            self._must_be_writable()
            with self._explained():
                self.disk.need_folder(self.path.parent)
            kept = self.reading.file is not None
            with self.lock.exclusive(self.surroundings.now(), kept=kept):
                self._catch_up(locked=True)
                self._must_be_writable()
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    def commit(self, ops: list[Op]) -> None:
        """Make the changes durable, all or none; on an error nothing changed, in memory neither. In a transaction."""
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
                self.reading.journal.append(line, self.reading.seen, self.disk.stat(self.path))
            except OSError as error:
                if error.errno == errno.EIO:
                    # After a failed sync the page cache no longer says what is on the disk.
                    self._failed = cannot_write(error, self.path)
                raise
        self.reading.append(record, line)

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
        """Fold; a failure is told and tried again later, because the saves themselves are durable."""
        try:
            folded = self.fold()
        except (CannotWrite, Busy) as error:
            self.fold_failure = msg(
                "Your saves are safe in the journal, but the data file could not be brought up to date: {reason}",
                reason=why(cause, self.path) if isinstance(cause := error.__cause__, OSError) else error.message,
            )
            self._quiet_since = self.surroundings.tick()
            return False
        self.fold_failure = None
        return folded

    def fold(self) -> bool:
        """Bring the data file up to date and remove the journal; False when there is none."""
        with self.transaction():
            if self.reading.journal.stamp() is None:
                return False
            if self._must_rewrite() or self.reading.saves:
                self._rewrite(self.reading.shelf)
            else:
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
        size, new, told = shelf.size(), self.reading.file is None, self.reading.warnings
        with self._explained(size):
            rewrite(self.reading, shelf, self.disk, self.surroundings.now(), size)
        self._notices.settled(told)
        if new:
            # Whoever finds no file from now on knows that there was one.
            self.lock.note(kept=True)

    @contextlib.contextmanager
    def _explained(self, needed: int | None = None) -> Iterator[None]:
        """Turn what the operating system says into what a person can do. `needed` is about how many bytes to write."""
        try:
            yield
        except LateFailure as failure:
            self._failed = cannot_write(failure.error, self.path)
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

    # What TinyDB asks of a storage.

    def read(self) -> dict[str, dict[str, Any]]:
        """Every table, freshly decoded: what is changed in it changes nothing here."""
        self.refresh()
        shelf = self.reading.shelf
        decode = msgspec.json.decode
        return {name: {key: decode(raw) for key, raw in shelf.documents(name)} for name in shelf.names()}

    def write(self, data: Mapping[str, Mapping[str, object]]) -> None:
        """Make the tables be exactly these. Only TinyDB's `drop_table` and `drop_tables` come here."""
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
