"""The disk as the store uses it: every call that touches a file, the data file on it, and what it says when it refuses.

The fault suite hands in a `Disk` that crashes after, or refuses, any one call. Nothing else in `pddtui.store` opens,
writes, renames or removes a file; how a file comes into being is `pddtui.durable`'s.
"""

from __future__ import annotations

import errno
import os
import stat
import time
import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from pddtui.durable import CHUNK, FORBIDDEN, NO_ROOM, UNSUPPORTED, Files, is_unfinished, reason, unfinished
from pddtui.errors import NO_FILE, NOT_OURS, CannotWrite, Damaged, PddError
from pddtui.message import Message, file_size, msg

__all__ = [
    "UNLINKABLE",
    "Disk",
    "HeldFile",
    "Stamp",
    "Surroundings",
    "cannot_read",
    "cannot_write",
    "hold_open",
    "replace",
    "stamp_of_file",
    "why",
]

WINDOW = 1 << 18
"""Bytes that are read at once: documents are mostly read in the order in which they are stored."""

UNLINKABLE = UNSUPPORTED | {errno.EACCES, errno.EMLINK, errno.EXDEV}
"""The errors of a file system without hard links, or of one that does not give this one."""

Stamp = tuple[int, int, int, int]
"""Device, inode, size and time of the last change: what distinguishes one data file from another."""


# These are the system calls themselves; pathlib would hide which ones are made.


class Disk(Files):
    """The system calls that the store makes. Files are created private to their owner."""

    def read(self, fd: int, size: int, offset: int) -> bytes:
        return os.pread(fd, size, offset)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        os.pwrite(fd, chunk, offset)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def writable(self, path: Path) -> bool:
        return os.access(path, os.W_OK)

    def space(self, folder: Path) -> int:
        """How many bytes an ordinary user can still write there."""
        room = os.statvfs(folder)
        return room.f_bavail * room.f_frsize

    # What follows is built from the calls above and adds none.

    def open_regular(self, path: Path) -> int:
        """An ordinary file, opened to be read. `Damaged` when something else has the name."""
        fd = self.open(path, os.O_RDONLY)
        kind = self.fstat(fd).st_mode
        if stat.S_ISREG(kind):
            return fd
        self.close(fd)
        if stat.S_ISDIR(kind):
            raise Damaged(msg("{path} is a folder: name the data file in it, for example with --file.", path=str(path)))
        raise Damaged(msg("{path} is not a regular file: choose another one with --file.", path=str(path)))

    def copy(self, source: Path, target: Path) -> None:
        """Make a second, durable file with the same content, owner and mode, whole or not at all."""
        fd = self.open_regular(source)
        try:
            size = self.fstat(fd).st_size
            with unfinished(target.parent, target.name, like=self.fstat(fd), files=self) as draft:
                self.write_all(draft.fd, (self.read(fd, CHUNK, offset) for offset in range(0, size, CHUNK)))
                draft.become(target)
        finally:
            self.close_quietly(fd)

    def read_all(self, path: Path) -> bytes:
        fd = self.open_regular(path)
        try:
            return self.read(fd, self.fstat(fd).st_size, 0)
        finally:
            self.close_quietly(fd)


class HeldFile:
    """A data file held open.

    Its inode number cannot be given to a successor while we hold it, so another inode under the name means another
    file, whatever the resolution of the clock. Documents are read from it when they are needed, so it is closed once
    nothing refers to it any more.
    """

    def __init__(self, disk: Disk, fd: int) -> None:
        self.fd = fd
        self._disk = disk
        self._window = (0, b"")
        self.stamp = stamp_of_file(disk.fstat(fd))
        self._close = weakref.finalize(self, disk.close_quietly, fd)

    @property
    def size(self) -> int:
        return self.stamp[2]

    @property
    def intact(self) -> bool:
        """Whether nobody has written into it since it was opened."""
        return stamp_of_file(self._disk.fstat(self.fd)) == self.stamp

    def read(self, offset: int, length: int) -> bytes:
        start, window = self._window
        if offset < start or offset + length > start + len(window):
            start, window = offset, self._disk.read(self.fd, max(length, WINDOW), offset)
            self._window = (start, window)
        return window[offset - start : offset - start + length]

    def read_all(self) -> bytes:
        return self._disk.read(self.fd, self.size, 0)


def _now() -> datetime:
    return datetime.now(UTC)


class Surroundings(Struct, frozen=True, kw_only=True):
    """The disk, the clocks and the user's choices with which a store works."""

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
    """The user says that no other machine opens this file, so that it may be written on a network file system."""
    own_records: Path | None = None
    """The folder for the own record of each data file, outside of what is replicated; None for none."""
    folders: tuple[Path, ...] = ()
    """Where the program keeps things beside the data file, in which nobody else may write."""
    mounts: str = "/proc/self/mountinfo"
    """Where the kernel lists what is mounted."""


def hold_open(disk: Disk, path: Path) -> HeldFile | None:
    """The data file, or None when there is none. `Damaged` when something that is not a file has its name."""
    try:
        return HeldFile(disk, disk.open_regular(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def replace(disk: Disk, path: Path, pieces: Iterable[bytes], before_swap: Callable[[], None]) -> HeldFile:
    """Write the pieces to a temporary file, make it durable, and give it the name of the data file.

    `before_swap` is the last chance to link the old file elsewhere. `OSError` before the swap leaves everything as it
    was; `LateFailure` after it means that the new file stands but may not be durable.
    """
    with unfinished(path.parent, path.name, like=disk.stat(path), files=disk) as draft:
        disk.write_all(draft.fd, pieces)
        pinned: list[HeldFile] = []

        def pin() -> None:
            # Once the file has its name nothing may fail any more.
            pinned.append(HeldFile(disk, draft.fd))
            draft.keep_open()
            before_swap()

        draft.become(path, before_swap=pin)
        return pinned[0]


def stamp_of_file(found: os.stat_result) -> Stamp:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def cannot_read(error: OSError, path: Path) -> PddError:
    """The error for a file that is there but cannot be read: it is forbidden, or the disk fails."""
    where = _named(error, path)
    if error.errno in FORBIDDEN:
        return CannotWrite(
            msg("No permission to read {path}: ask its owner, or choose another file with --file.", path=where)
        )
    if error.errno in (errno.ELOOP, NO_FILE, NOT_OURS):
        return Damaged(
            msg("{path} is {reason}, which pddtui did not put there: remove it, then try again.", path=where,
                reason=reason(error))
        )  # fmt: skip
    return Damaged(
        msg("{path} cannot be read ({reason}): check the disk, then try again.", path=where, reason=reason(error))
    )


def cannot_write(error: OSError, path: Path, *, free: int | None = None, needed: int | None = None) -> CannotWrite:
    """The error for a refused save, as something that a person can act on; `free` and `needed` are bytes."""
    return CannotWrite(_reason(error, path, free, needed))


def why(error: OSError, path: Path) -> Message | str:
    """The reason alone, without what became of a save."""
    if error.errno in FORBIDDEN - {errno.EROFS}:
        return msg("no permission to write {path}", path=_named(error, path))
    return reason(error)


def _reason(error: OSError, path: Path, free: int | None, needed: int | None) -> Message:
    where = _named(error, path)
    if error.errno == errno.EDQUOT:
        return msg(
            "Your quota is used up and {path} was not saved: remove some files of yours and save again.", path=where
        )
    if error.errno == errno.EFBIG:
        return msg(
            "{path} was not saved, as it would be larger than any file may be here: raise the limit (ulimit -f), or "
            "choose another place with --file.",
            path=where,
        )
    if error.errno in NO_ROOM and free is not None and needed is not None:
        return msg(
            "The disk is full: {path} needs {needed}, {free} is free. Nothing was saved; free some space "
            "and save again.",
            free=file_size(free),
            needed=file_size(needed),
            path=where,
        )
    if error.errno in NO_ROOM:
        return msg("The disk is full and {path} was not saved: free some space and save again.", path=where)
    if error.errno == errno.EROFS:
        return msg(
            "The disk of {path} is read-only and nothing was saved: choose another place with --file.", path=where
        )
    if error.errno in FORBIDDEN:
        return msg(
            "No permission to write {path}, so nothing was saved: ask its owner, or choose another file with --file.",
            path=where,
        )
    if error.errno == errno.EIO:
        return msg("The disk failed while saving {path}: check the disk, then start the program again.", path=where)
    return msg("{path} could not be written ({reason}), so nothing was saved.", path=where, reason=reason(error))


def _named(error: OSError, path: Path) -> str:
    """The file that the system refused, unless its name means nothing to the user."""
    named = error.filename
    return str(path) if named is None or is_unfinished(Path(str(named)).name) else str(named)
