"""Every call by which the store touches the disk, gathered in one object, and the data file on it.

The fault suite hands in a `Disk` that crashes after, or refuses, any one call. Nothing else in
`pddtui.store` opens, writes, renames or removes a file.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from pddtui.errors import Damaged
from pddtui.message import msg

__all__ = ["Disk", "LateFailure", "Pinned", "Surroundings", "dress", "open_pinned", "replace", "stamp", "sweep"]

# ruff: noqa: PTH102, PTH105, PTH108, PTH116, PTH208
# This module is the system calls; pathlib would hide which ones are made.


CHUNK = 1 << 18
"""Bytes gathered before a write: large enough to be fast, small enough to let other threads in."""


class Disk:
    """The system calls as the store uses them. Files are created private to their owner."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        # A pipe under the name of a file must not hold anybody up.
        return os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, mode)

    def close(self, fd: int) -> None:
        os.close(fd)

    def read(self, fd: int, size: int, offset: int) -> bytes:
        return os.pread(fd, size, offset)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        return os.write(fd, chunk)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        os.pwrite(fd, chunk, offset)

    def sync(self, fd: int) -> None:
        """Return once the device has it. macOS answers a plain fsync from the drive's own cache."""
        full = getattr(fcntl, "F_FULLFSYNC", None)
        if isinstance(full, int):
            fcntl.fcntl(fd, full)
        else:
            os.fsync(fd)

    def set_mode(self, fd: int, mode: int) -> None:
        """Give the file exactly this mode, whatever the umask."""
        os.fchmod(fd, mode)

    def set_owner(self, fd: int, owner: int, group: int) -> None:
        """Give the file to them; -1 leaves one of them as it is."""
        os.fchown(fd, owner, group)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        os.link(source, target)

    def copy(self, source: Path, target: Path) -> None:
        """Make a second, durable file with the same content."""
        import shutil  # 2 ms that only a file system without hard links costs

        shutil.copy2(source, target)
        fd = self.open(target, os.O_RDONLY)
        try:
            self.sync(fd)
        finally:
            self.close(fd)

    def unlink(self, path: Path) -> None:
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        os.mkdir(path, 0o700)

    def names(self, folder: Path) -> list[str]:
        """What is in the folder, sorted; nothing when there is no such folder."""
        try:
            return sorted(os.listdir(folder))
        except FileNotFoundError:
            return []

    def stat(self, path: Path) -> os.stat_result | None:
        try:
            return os.stat(path)
        except FileNotFoundError:
            return None

    def fstat(self, fd: int) -> os.stat_result:
        return os.fstat(fd)

    def writable(self, path: Path) -> bool:
        return os.access(path, os.W_OK)

    def space(self, folder: Path) -> int:
        """Bytes that an ordinary user can still write there."""
        room = os.statvfs(folder)
        return room.f_bavail * room.f_frsize

    # What follows is built from the calls above and adds none.

    def write_all(self, fd: int, pieces: Iterable[bytes]) -> None:
        """Write every piece; a short write is followed by the rest, as on a disk that fills up."""
        pending = bytearray()
        for piece in pieces:
            pending += piece
            if len(pending) >= CHUNK:
                self._flush(fd, bytes(pending))
                pending.clear()
        if pending:
            self._flush(fd, bytes(pending))

    def _flush(self, fd: int, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            view = view[self.write(fd, view) :]

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

    def sync_folder(self, folder: Path) -> None:
        """Make the names in the folder durable: a synced file under an unsynced name can vanish."""
        fd = self.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.sync(fd)
        finally:
            self.close(fd)

    def need_folder(self, folder: Path) -> None:
        """Create the folder and its parents where missing, each durably."""
        missing = [path for path in (folder, *folder.parents) if self.stat(path) is None]
        for path in reversed(missing):
            self.make_folder(path)
            self.sync_folder(path.parent)


def dress(disk: Disk, fd: int, like: os.stat_result | None) -> None:
    """Give a new file owner, group and mode of the data file, as far as we may; strangers get nothing."""
    mode = 0o600 if like is None else stat.S_IMODE(like.st_mode) & 0o770
    if like is not None:
        mine = disk.fstat(fd)
        if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
            mode = _given(disk, fd, like, mode)
    disk.set_mode(fd, mode)


def _given(disk: Disk, fd: int, like: os.stat_result, mode: int) -> int:
    """The mode after the file was given away: where the group cannot be kept, another group gets nothing."""
    for owner in (like.st_uid, -1):
        with contextlib.suppress(OSError):
            disk.set_owner(fd, owner, like.st_gid)
            return mode
    return mode & 0o700


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
