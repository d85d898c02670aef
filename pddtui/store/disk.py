"""Every call by which the store touches the disk, gathered in one object, and the data file on it.

The fault suite hands in a `Disk` that crashes after, or refuses, any one call. Nothing else in
`pddtui.store` opens, writes, renames or removes a file. How a file comes into being is `pddtui.durable`'s;
here is what only a data file and its journal need beside that.
"""

from __future__ import annotations

import os
import stat
import time
import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from pddtui.durable import Files, unfinished
from pddtui.errors import Damaged
from pddtui.message import msg

__all__ = ["Disk", "Pinned", "Surroundings", "open_pinned", "replace", "stamp"]

# This module is the system calls; pathlib would hide which ones are made.


class Disk(Files):
    """The system calls as the store uses them. Files are created private to their owner."""

    def read(self, fd: int, size: int, offset: int) -> bytes:
        return os.pread(fd, size, offset)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        os.pwrite(fd, chunk, offset)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def copy(self, source: Path, target: Path) -> None:
        """Make a second, durable file with the same content."""
        import shutil  # 2 ms that only a file system without hard links costs

        shutil.copy2(source, target)
        fd = self.open(target, os.O_RDONLY)
        try:
            self.sync(fd)
        finally:
            self.close(fd)

    def writable(self, path: Path) -> bool:
        return os.access(path, os.W_OK)

    def space(self, folder: Path) -> int:
        """Bytes that an ordinary user can still write there."""
        room = os.statvfs(folder)
        return room.f_bavail * room.f_frsize

    # What follows is built from the calls above and adds none.

    def open_regular(self, path: Path) -> int:
        """An ordinary file, to be read. `Damaged` when something else has the name."""
        fd = self.open(path, os.O_RDONLY)
        kind = self.fstat(fd).st_mode
        if stat.S_ISREG(kind):
            return fd
        self.close(fd)
        if stat.S_ISDIR(kind):
            raise Damaged(msg("{path} is a folder: name the data file in it, for example with --file.", path=str(path)))
        raise Damaged(msg("{path} is no ordinary file: choose another one with --file.", path=str(path)))

    def read_all(self, path: Path) -> bytes:
        """The whole file."""
        fd = self.open_regular(path)
        try:
            return self.read(fd, self.fstat(fd).st_size, 0)
        finally:
            self.close(fd)


WINDOW = 1 << 18
"""Bytes read ahead: documents are mostly read in the order in which they are stored."""

Stamp = tuple[int, int, int, int]


class Pinned:
    """A data file held open.

    Its inode number cannot be given to a successor while we hold it, so a different inode under the
    name means a different file, whatever the clock's resolution. It is
    closed when nothing refers to it any more: documents are read from it when they are needed.
    """

    def __init__(self, disk: Disk, fd: int) -> None:
        self.fd = fd
        self._disk = disk
        self._window = (0, b"")
        self.stamp = stamp(disk.fstat(fd))
        self._close = weakref.finalize(self, disk.close, fd)

    @property
    def size(self) -> int:
        return self.stamp[2]

    @property
    def intact(self) -> bool:
        """Whether nobody wrote into it since it was opened."""
        return stamp(self._disk.fstat(self.fd)) == self.stamp

    def read(self, offset: int, length: int) -> bytes:
        """Some bytes of the file."""
        start, window = self._window
        if offset < start or offset + length > start + len(window):
            start, window = offset, self._disk.read(self.fd, max(length, WINDOW), offset)
            self._window = (start, window)
        return window[offset - start : offset - start + length]

    def read_all(self) -> bytes:
        return self._disk.read(self.fd, self.size, 0)


def stamp(found: os.stat_result) -> Stamp:
    """What tells one data file from another."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def open_pinned(disk: Disk, path: Path) -> Pinned | None:
    """The data file, or None when there is none. `Damaged` when something that is no file has its name."""
    try:
        return Pinned(disk, disk.open_regular(path))
    except FileNotFoundError:
        return None


def replace(disk: Disk, path: Path, pieces: Iterable[bytes], before_swap: Callable[[], None]) -> Pinned:
    """Write the pieces to a temporary file, make it durable, and give it the name of the data file.

    `before_swap` is the last chance to link the old file elsewhere. OSError before the swap leaves
    everything as it was; `LateFailure` after it means that the new file stands but may not be durable.
    """
    with unfinished(path.parent, path.name, like=disk.stat(path), files=disk) as draft:
        disk.write_all(draft.fd, pieces)
        draft.become(path, before_swap=before_swap)
        pinned = Pinned(disk, draft.fd)
        draft.keep_open()
        return pinned


def _now() -> datetime:
    return datetime.now(UTC)


class Surroundings(Struct, frozen=True, kw_only=True):
    """The disk, the clocks and the user's choices a store works with."""

    disk: Disk = Disk()
    now: Callable[[], datetime] = _now
    """Wall clock, aware; it dates backups and the note in the lock file."""
    tick: Callable[[], float] = time.monotonic
    """Seconds that never jump; they decide when a fold is due."""
    patience: float = 5.0
    """Seconds to wait for another session's lock."""
    write_through: bool = False
    """Bring the data file itself up to date before a save is acknowledged."""
    trust_network: bool = False
    """The user says that no other machine opens this file, so a network file system may be written."""
    mounts: str = "/proc/self/mountinfo"
    """Where the kernel lists what is mounted."""
