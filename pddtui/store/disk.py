"""Every call by which the store touches the disk, gathered in one object.

The fault suite hands in a `Disk` that crashes after, or refuses, any one call. Nothing else in
`pddtui.store` opens, writes, renames or removes a file.
"""

# ruff: noqa: PTH102, PTH105, PTH108, PTH116, PTH208
# This module is the system calls; pathlib would hide which ones are made.

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pddtui.errors import Damaged
from pddtui.message import msg

__all__ = ["Disk", "dress"]

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
