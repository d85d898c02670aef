"""The lock of a data file: one session writes at a time, and whoever waits in vain learns who holds it."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.durable import FORBIDDEN, UNSUPPORTED, Lock
from pddtui.errors import Busy, Damaged
from pddtui.message import msg
from pddtui.store.disk import Disk, cannot_read, cannot_write
from pddtui.store.layout import UNDECODABLE

__all__ = ["FileLock"]

NOTE_BYTES = 240
"""Bytes of the note in the lock file; constant, so that each write covers the one before."""


UNHELD = FORBIDDEN | UNSUPPORTED | {errno.ENOENT, errno.ENOTDIR, errno.ENOLCK}
"""The errors of a lock file that is not there, is not ours to open, or is on a file system without locks: whoever only
reads can do without."""


class Holder(Struct, frozen=True, kw_only=True):
    """Who took the lock last, as it is noted in the lock file."""

    pid: int
    host: str
    since: datetime
    kept: bool = False
    """There was a data file then: if there is none now, it was lost."""


def _noted(note: bytes) -> Holder | None:
    """What the note in a lock file says; None when nobody has held it yet."""
    try:
        return msgspec.json.decode(note, type=Holder)
    except UNDECODABLE:
        return None


class FileLock:
    """The lock of one data file, for one session. Not for several threads at once."""

    def __init__(self, path: Path, disk: Disk, *, patience: float, beside: Path | None = None) -> None:
        self.path = path
        self._lock = Lock(path, patience=patience, beside=beside, files=disk)
        self._disk = disk
        self._patience = patience
        self._since = datetime.min.replace(tzinfo=UTC)

    @contextlib.contextmanager
    def exclusive(self, since: datetime, *, kept: bool) -> Iterator[None]:
        """Hold the lock for writing; the folder must exist. `kept`: there is a data file.

        Raises `Busy` when another session does not let go in time.
        """
        try:
            held = self._lock.acquire()
        except OSError as error:
            raise cannot_write(error, self.path) from error
        if not held:
            raise self._busy()
        try:
            self._since = since
            self.note(kept=kept)
            yield
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def shared(self) -> Iterator[bool]:
        """Hold the lock for reading. False when there is none to hold: nobody has written here yet, or nobody can."""
        try:
            held = self._lock.acquire(shared=True)
        except OSError as error:
            if error.errno not in UNHELD:
                raise cannot_read(error, self.path) from error
            yield False
            return
        if not held:
            raise self._busy()
        try:
            yield True
        finally:
            self._lock.release()

    def note(self, *, kept: bool) -> None:
        """Note in the held lock who holds it, and that there is a data file, which is never taken back."""
        fd = self._lock.fd
        if fd is None:
            return
        # Only courtesy for the message of a waiter, so a full disk must not refuse a save here.
        with contextlib.suppress(OSError):
            before = _noted(self._disk.read(fd, NOTE_BYTES, 0))
            kept = kept or (before is not None and before.kept)
            holder = Holder(pid=os.getpid(), host=os.uname().nodename, since=self._since, kept=kept)
            self._disk.write_at(fd, msgspec.json.encode(holder).ljust(NOTE_BYTES - 1) + b"\n", 0)

    def holder(self) -> Holder | None:
        """Who held the lock last, if anybody did."""
        try:
            return _noted(self._disk.read_all(self.path))
        except (OSError, Damaged):
            return None

    def close(self) -> None:
        self._lock.close()

    def _busy(self) -> Busy:
        seconds = int(self._patience)
        holder = self.holder()
        if holder is None:
            return Busy(
                msg("Another session held the data file for more than {seconds} s: try again.", seconds=seconds)
            )
        return Busy(
            msg(
                "Another session (process {pid} on {host}) has held the data file since {since}: end it or "
                "wait for it, then try again.",
                pid=str(holder.pid),
                host=holder.host,
                since=holder.since,
            )
        )
