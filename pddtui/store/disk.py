"""Every call by which the store touches the disk, gathered in one object.

The fault suite hands in a `Disk` that crashes after, or refuses, any one call. Nothing else in
`pddtui.store` opens, writes, renames or removes a file.
"""

# ruff: noqa: PTH102, PTH105, PTH108, PTH116, PTH208
# This module is the system calls; pathlib would hide which ones are made.

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from pddtui.errors import CannotWrite, Damaged, PddError
from pddtui.message import Message, msg

__all__ = ["Disk", "amount", "cannot_read", "cannot_write"]

CHUNK = 1 << 18
"""Bytes gathered before a write: large enough to be fast, small enough to let other threads in."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class Disk:
    """The system calls as the store uses them. Files are created private to their owner."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        return os.open(path, flags | os.O_CLOEXEC, mode)

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

    def read_all(self, path: Path) -> bytes:
        """The whole file."""
        fd = self.open(path, os.O_RDONLY)
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
    reason = error.strerror or type(error).__name__
    if error.errno in FORBIDDEN:
        return CannotWrite(msg("No permission to read {path}: ask its owner or choose --file.", path=str(path)))
    return Damaged(
        msg("{path} cannot be read ({reason}): check the disk, then try again.", path=str(path), reason=reason)
    )


def cannot_write(error: OSError, path: Path, *, free: int | None = None, needed: int | None = None) -> CannotWrite:
    """The error of the operating system as something a person can act on."""
    return CannotWrite(_reason(error, path, free, needed))


def _reason(error: OSError, path: Path, free: int | None, needed: int | None) -> Message:
    where = str(path)
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
