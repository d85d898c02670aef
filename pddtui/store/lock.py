"""One session at a time, and what the operating system says when it refuses, as something a person can act on.

A waiter queues in the kernel, so that greedy sessions cannot starve it, and still gives up in time,
so that a session stopped with Ctrl-Z cannot hold everybody for ever.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.errors import Busy, CannotWrite, Damaged, PddError
from pddtui.message import Message, msg
from pddtui.store.disk import Disk, dress
from pddtui.store.layout import UNDECODABLE

__all__ = ["FORBIDDEN", "FileLock", "cannot_read", "cannot_write", "why"]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What is answered where one may not write, until somebody changes that."""


def amount(size: int) -> str:
    """A number of bytes as people read it."""
    value = float(size)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def cannot_read(error: OSError, path: Path) -> PddError:
    """The file is there but cannot be read: forbidden, or the disk fails."""
    reason, where = error.strerror or type(error).__name__, _named(error, path)
    if error.errno in FORBIDDEN:
        return CannotWrite(msg("No permission to read {path}: ask its owner or choose --file.", path=where))
    return Damaged(msg("{path} cannot be read ({reason}): check the disk, then try again.", path=where, reason=reason))


def cannot_write(error: OSError, path: Path, *, free: int | None = None, needed: int | None = None) -> CannotWrite:
    """The error of the operating system as something a person can act on."""
    return CannotWrite(_reason(error, path, free, needed))


def why(error: OSError, path: Path) -> Message | str:
    """The error alone, without what became of a save."""
    if error.errno in FULL:
        return msg("the disk is full")
    if error.errno == errno.EROFS:
        return msg("the disk is read-only")
    if error.errno in FORBIDDEN:
        return msg("no permission to write {path}", path=_named(error, path))
    return error.strerror or type(error).__name__


def _named(error: OSError, path: Path) -> str:
    """The file that the system refused, unless it is one that nobody knows."""
    named = error.filename
    return str(path) if named is None or str(named).endswith(".tmp") else str(named)


def _reason(error: OSError, path: Path, free: int | None, needed: int | None) -> Message:
    where = _named(error, path)
    if error.errno in FULL and free is not None and needed is not None:
        return msg(
            "The disk is full: {free} free, {needed} needed for {path}. Nothing was saved; make room and save again.",
            free=amount(free),
            needed=amount(needed),
            path=where,
        )
    if error.errno in FULL:
        return msg("The disk is full: {path} was not saved; make room and save again.", path=where)
    if error.errno == errno.EROFS:
        return msg("The disk of {path} is read-only: nothing was saved; choose another place with --file.", path=where)
    if error.errno in FORBIDDEN:
        return msg("No permission to write {path}: nothing was saved; ask its owner or choose --file.", path=where)
    if error.errno == errno.EIO:
        return msg("The disk failed while saving {path}: check the disk, then start the program again.", path=where)
    reason = error.strerror or type(error).__name__
    return msg("{path} could not be written ({reason}): nothing was saved.", path=where, reason=reason)


WIDTH = 240
"""Bytes of the note in the lock file; constant, so that one write always covers the last one."""

CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class Holder(Struct, frozen=True, kw_only=True):
    """Who took the lock last, as written in the lock file."""

    pid: int
    host: str
    since: datetime
    kept: bool = False
    """A data file existed then. If it is gone now, it was lost, not never made."""


def _told(note: bytes) -> Holder | None:
    """What the lock file says; nothing when nobody has held it yet."""
    try:
        return msgspec.json.decode(note, type=Holder)
    except UNDECODABLE:
        return None


class FileLock:
    """The lock of one data file, for one session. Not for several threads at once."""

    def __init__(self, path: Path, disk: Disk, *, patience: float, beside: Path | None = None) -> None:
        self.path = path
        self._beside = beside
        self._disk = disk
        self._patience = patience
        self._fd: int | None = None
        self._since = datetime.min.replace(tzinfo=UTC)

    @contextlib.contextmanager
    def exclusive(self, since: datetime, *, kept: bool) -> Iterator[None]:
        """Hold the lock for writing; the folder must exist."""
        try:
            self._acquire(fcntl.LOCK_EX, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise cannot_write(error, self.path) from error
        try:
            self._since = since
            self.note(kept=kept)
            yield
        finally:
            self._release()

    @contextlib.contextmanager
    def shared(self) -> Iterator[bool]:
        """Hold the lock for reading. False when there is none to hold: nobody has ever written here, or nobody can."""
        try:
            self._acquire(fcntl.LOCK_SH, os.O_RDONLY)
        except OSError as error:
            if error.errno not in CLOSED and error.errno != errno.ENOENT:
                raise cannot_read(error, self.path) from error
            yield False
            return
        try:
            yield True
        finally:
            self._release()

    def note(self, *, kept: bool) -> None:
        """Write into the held lock who holds it, and that there is a data file, which is never taken back."""
        if self._fd is None:
            return
        # Only courtesy for the message of a waiter, so a full disk must not refuse a save here.
        with contextlib.suppress(OSError):
            before = _told(self._disk.read(self._fd, WIDTH, 0))
            kept = kept or (before is not None and before.kept)
            holder = Holder(pid=os.getpid(), host=os.uname().nodename, since=self._since, kept=kept)
            self._disk.write_at(self._fd, msgspec.json.encode(holder).ljust(WIDTH - 1) + b"\n", 0)

    def holder(self) -> Holder | None:
        """Who noted itself last, if anybody did."""
        try:
            return _told(self._disk.read_all(self.path))
        except (OSError, Damaged):
            return None

    def close(self) -> None:
        """Let go of the lock file."""
        if self._fd is not None:
            self._disk.close(self._fd)
            self._fd = None

    def _acquire(self, kind: int, flags: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            if self._fd is None or not self._fits(self._fd, flags):
                self.close()
                self._fd = self._disk.open(self.path, flags)
                if flags & os.O_CREAT and not self._disk.fstat(self._fd).st_size:
                    self._dress(self._fd)
            try:
                fcntl.flock(self._fd, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                self._queue(kind, flags, deadline)
            if self._current(self._fd):
                return
            self.close()

    def _dress(self, fd: int) -> None:
        """Whoever may write the data file may lock it, whoever made the lock."""
        with contextlib.suppress(OSError):
            dress(self._disk, fd, None if self._beside is None else self._disk.stat(self._beside))

    def _fits(self, fd: int, flags: int) -> bool:
        """Whether the open descriptor can also note the holder, where that is wanted."""
        return not flags & os.O_RDWR or fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR

    def _current(self, fd: int) -> bool:
        """Whether the locked file is still the one of that name; somebody may have deleted it."""
        named, held = self._disk.stat(self.path), self._disk.fstat(fd)
        return named is not None and (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)

    def _queue(self, kind: int, flags: int, deadline: float) -> None:
        """Wait in the kernel's queue on a second descriptor, in a thread, which can be abandoned."""
        fd = self._disk.open(self.path, flags)
        queue = _Queue(fd, kind, self._disk)
        if not queue.wait(max(0.0, deadline - time.monotonic())):
            raise self._busy()
        self.close()
        self._fd = fd

    def _busy(self) -> Busy:
        seconds = int(self._patience)
        holder = self.holder()
        if holder is None:
            return Busy(
                msg("Another session held the data file for more than {seconds} s: try again.", seconds=seconds)
            )
        return Busy(
            msg(
                "Another session (process {pid} on {host}) has held the data file since {since}: "
                "end it or let it go on, then try again.",
                pid=str(holder.pid),
                host=holder.host,
                since=holder.since,
            )
        )

    def _release(self) -> None:
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)


class _Queue:
    """One blocking wait for the lock that gives the descriptor up if it comes too late."""

    def __init__(self, fd: int, kind: int, disk: Disk) -> None:
        self._fd = fd
        self._kind = kind
        self._disk = disk
        self._guard = threading.Lock()
        self._got = threading.Event()
        self._abandoned = False
        threading.Thread(target=self._block, name="lock-queue", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        if self._got.wait(seconds):
            return True
        with self._guard:
            self._abandoned = not self._got.is_set()
        return not self._abandoned

    def _block(self) -> None:
        fcntl.flock(self._fd, self._kind)
        with self._guard:
            if self._abandoned:
                self._disk.close(self._fd)
            else:
                self._got.set()
