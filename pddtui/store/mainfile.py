"""The data file itself: opened and kept open, replaced only as a whole, never written in place."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path

from pddtui.store.disk import Disk, dress

__all__ = ["LateFailure", "Pinned", "open_pinned", "replace", "stamp", "sweep"]

WINDOW = 1 << 18
"""Bytes read ahead: documents are mostly read in the order in which they are stored."""

Stamp = tuple[int, int, int, int]


class LateFailure(Exception):
    """The data file was replaced, but it is not known whether that is durable."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


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
    found = disk.stat(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(3).hex()}.tmp")
    fd = disk.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        dress(disk, fd, found)
        disk.write_all(fd, pieces)
        disk.sync(fd)
        before_swap()
        disk.replace(temporary, path)
    except BaseException:
        disk.close(fd)
        with contextlib.suppress(OSError):
            disk.unlink(temporary)
        raise
    pinned = Pinned(disk, fd)
    try:
        disk.sync_folder(path.parent)
    except OSError as error:
        raise LateFailure(error) from error
    return pinned


def sweep(disk: Disk, path: Path) -> None:
    """Remove the temporary files of writers that were killed. Needs the exclusive lock."""
    for name in disk.names(path.parent):
        if name.startswith(f"{path.name}.") and name.endswith(".tmp"):
            with contextlib.suppress(OSError):
                disk.unlink(path.parent / name)
