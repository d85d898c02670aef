"""File systems that do the worst that POSIX allows: they forget what was not synced, or refuse a call."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pddtui.store.disk import Disk

__all__ = ["STATES", "ForgetfulDisk", "HastyDisk", "Leaving", "RefusingDisk", "State", "Wreck"]

State = Literal["nothing", "names", "bytes", "zeros", "half", "all"]
STATES: tuple[State, ...] = ("nothing", "names", "bytes", "zeros", "half", "all")
"""What survives a crash of that which was not synced: nothing; names without bytes; bytes without names;
names with zeros or with half of the bytes; all of it, as after SIGKILL."""

Leaving = Literal["temporary", "journal", "swap", "birth", "append", "truncation", "removal", "folder"]
"""A sync that a mutant leaves out: of the new data file, of the journal, of the folder after the swap,
of the folder when the journal is created; and of the folder with what a killed session left in it, before its journal
is written to, cut off or removed, or before the first lock is made in it."""

UNDONE: dict[Leaving, tuple[str, ...]] = {
    "append": ("write", ".journal"),
    "truncation": ("truncate", ".journal"),
    "removal": ("unlink", ".journal"),
    "folder": ("create", ".lock"),
}
"""The call before which a sync of the folder counts for nothing, in the mutant that leaves it out."""


class Inode:
    """The bytes of one file, whatever names it has."""

    def __init__(self) -> None:
        self.bytes = b""
        self.durable = b""


class Wreck(Struct, frozen=True, kw_only=True):
    """What a session that was killed leaves: the files as all see them, and as they would be without power."""

    names: dict[str, int | None]
    """The number of the file by its name from the root; None for a folder."""
    durable_names: dict[str, int | None]
    files: tuple[tuple[bytes, bytes], ...]
    """The bytes of each file, and those of them that are durable."""


class ForgetfulDisk(Disk):
    """Passes every call on and knows what would be left of it after a crash."""

    def __init__(self, root: Path, *, leave_out: Leaving | None = None) -> None:
        self.root = root
        self.after_call: Callable[[str], None] = lambda _: None
        self.calls = 0
        self._leave_out = leave_out
        self._names: dict[Path, Inode | None] = {}
        self._durable: dict[Path, Inode | None] = {}
        self._open: dict[int, tuple[Path, Inode | None]] = {}
        self._swapped = False
        self._before_sync: dict[Path, Inode | None] | None = None
        """The durable names before the folder was synced for the sake of names that others gave, as the last call."""
        self._gave_names = False

    def wreck(self) -> Wreck:
        """What would be left of a session that was killed now."""
        inodes: dict[Inode, int] = {}

        def numbered(names: dict[Path, Inode | None]) -> dict[str, int | None]:
            return {
                str(path.relative_to(self.root)): None if inode is None else inodes.setdefault(inode, len(inodes))
                for path, inode in names.items()
            }

        names, durable_names = numbered(self._names), numbered(self._durable)
        files = tuple((inode.bytes, inode.durable) for inode in inodes)
        return Wreck(names=names, durable_names=durable_names, files=files)

    @classmethod
    def after(cls, wreck: Wreck, root: Path, *, leave_out: Leaving | None = None) -> ForgetfulDisk:
        """The disk as the next session finds it under `root`, with all that the killed one had not made durable."""
        disk = cls(root, leave_out=leave_out)
        inodes = [Inode() for _ in wreck.files]
        for known, (live, durable) in zip(inodes, wreck.files, strict=True):
            known.bytes, known.durable = live, durable
        for names, found in ((disk._names, wreck.names), (disk._durable, wreck.durable_names)):
            names.update({root / name: None if place is None else inodes[place] for name, place in found.items()})
        written: dict[Inode, Path] = {}
        for path, inode in sorted(disk._names.items()):
            if inode is None:
                path.mkdir(exist_ok=True)
            elif inode in written:
                os.link(written[inode], path)
            else:
                path.write_bytes(inode.bytes)
                written[inode] = path
        return disk

    def _done(self, call: str, path: Path) -> None:
        self.calls += 1
        self._gave_names |= call in ("create", "replace", "link", "unlink", "make") and path.suffix != ".lock"
        if self._leave_out in UNDONE and (call, path.suffix) == UNDONE[self._leave_out]:
            self._durable = self._durable if self._before_sync is None else self._before_sync
        if call != "sync":
            self._before_sync = None
        self.after_call(f"{call} {path.name}")

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        if flags & os.O_DIRECTORY:
            self._open[fd] = (path, None)
        elif flags & (os.O_WRONLY | os.O_RDWR):
            new = path not in self._names
            inode = self._names.setdefault(path, Inode())
            self._open[fd] = (path, inode)
            if new:
                self._done("create", path)
        return fd

    def close(self, fd: int) -> None:
        self._open.pop(fd, None)
        super().close(fd)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        written = super().write(fd, chunk)
        path, inode = self._open[fd]
        assert inode is not None
        inode.bytes += bytes(chunk)[:written]
        self._done("write", path)
        return written

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        super().write_at(fd, chunk, offset)
        path, inode = self._open[fd]
        assert inode is not None
        assert offset == 0
        inode.bytes = chunk + inode.bytes[len(chunk) :]
        self._done("write", path)

    def truncate(self, fd: int, size: int) -> None:
        super().truncate(fd, size)
        path, inode = self._open[fd]
        assert inode is not None
        inode.bytes = inode.bytes[:size]
        self._done("truncate", path)

    def sync(self, fd: int) -> None:
        path, inode = self._open[fd]
        if inode is None:
            self._sync_names(path)
        elif not (
            (self._leave_out == "temporary" and path.suffix == ".tmp")
            or (self._leave_out == "journal" and path.suffix == ".journal")
        ):
            inode.durable = inode.bytes
        self._done("sync", path)

    def _sync_names(self, folder: Path) -> None:
        after_swap, self._swapped = self._swapped, False
        if not self._gave_names and self._before_sync is None:
            self._before_sync = self._durable.copy()
        self._gave_names = False
        if self._leave_out == ("swap" if after_swap else "birth"):
            return
        inside = {path for path in {**self._names, **self._durable} if path.parent == folder}
        for path in inside:
            if path in self._names:
                self._durable[path] = self._names[path]
            else:
                del self._durable[path]

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self._names[target] = self._names.pop(source)
        self._swapped = True
        self._done("replace", target)

    def link(self, source: Path, target: Path) -> None:
        super().link(source, target)
        self._names[target] = self._names[source]
        self._done("link", target)

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._names.pop(path, None)
        self._done("unlink", path)

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)
        self._names[path] = None
        self._done("make", path)

    def states(self) -> dict[str, dict[str, bytes]]:
        """The files after a crash now, by name from the root, for each way in which it can end.

        Beside those of `STATES`: of all names that were not synced, any one alone arrived, or did not.
        """
        found: dict[str, dict[str, bytes]] = {
            state: self._left(self._durable if state in ("nothing", "bytes") else self._names, state)
            for state in STATES
        }
        differing = [
            path
            for path in {**self._names, **self._durable}
            if self._names.get(path, path) != self._durable.get(path, path)
        ]
        for path in differing if len(differing) > 1 else ():
            found[f"only {path.name}"] = self._left(_moved(self._durable, self._names, path), "nothing")
            found[f"all but {path.name}"] = self._left(_moved(self._names, self._durable, path), "nothing")
        return found

    def _left(self, names: dict[Path, Inode | None], state: State) -> dict[str, bytes]:
        files = {}
        for path, inode in names.items():
            reachable = all(
                folder in names or folder in self.root.parents for folder in path.parents if folder != self.root
            )
            if inode is not None and reachable:
                files[str(path.relative_to(self.root))] = _left(inode, state)
        return files


def _moved(names: dict[Path, Inode | None], source: dict[Path, Inode | None], path: Path) -> dict[Path, Inode | None]:
    """These names, with that one as it is in the source."""
    others = {other: inode for other, inode in names.items() if other != path}
    return {**others, path: source[path]} if path in source else others


def _left(inode: Inode, state: State) -> bytes:
    new, old = inode.bytes, inode.durable
    if state in ("nothing", "names"):
        return old
    if state in ("bytes", "all"):
        return new
    added = new.removeprefix(old)
    kept = old if new.startswith(old) else b""
    return kept + (bytes(len(added)) if state == "zeros" else added[: len(added) // 2])


class HastyDisk(Disk):
    """Waits for no device: where nothing crashes, what is written is there."""

    def sync(self, fd: int) -> None:
        pass


class RefusingDisk(HastyDisk):
    """Refuses one call, the `turn`-th, with an error; a short write before it is refused too if wanted.

    Without `links` it is a file system that has no hard links, so that backups are copied.
    """

    def __init__(self, turn: int = 0, error: int = errno.ENOSPC, *, short: bool = False, links: bool = True) -> None:
        self.turn = turn
        self.error = error
        self.short = short
        self.calls: list[str] = []
        self._links = links
        self._kinds: dict[int, str] = {}

    def _ask(self, call: str, kind: str) -> bool:
        self.calls.append(f"{call} {kind}")
        if len(self.calls) != self.turn:
            return False
        if self.short and call == "write":
            return True
        raise OSError(self.error, os.strerror(self.error))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        kind = path.suffix or path.name
        self._ask("create" if flags & os.O_CREAT else "open", kind)
        fd = super().open(path, flags, mode)
        self._kinds[fd] = kind
        return fd

    def read(self, fd: int, size: int, offset: int) -> bytes:
        self._ask("read", self._kinds[fd])
        return super().read(fd, size, offset)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        if self._ask("write", self._kinds[fd]):
            self.short = False
            self.turn += 1
            return super().write(fd, bytes(chunk)[: max(1, len(chunk) // 2)])
        return super().write(fd, chunk)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        self._ask("write_at", self._kinds[fd])
        super().write_at(fd, chunk, offset)

    def sync(self, fd: int) -> None:
        self._ask("sync", self._kinds[fd])
        super().sync(fd)

    def truncate(self, fd: int, size: int) -> None:
        self._ask("truncate", self._kinds[fd])
        super().truncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        self._ask("replace", target.suffix)
        super().replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        if not self._links:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self._ask("link", target.suffix)
        super().link(source, target)

    def copy(self, source: Path, target: Path) -> None:
        self._ask("copy", target.suffix)
        super().copy(source, target)

    def unlink(self, path: Path) -> None:
        self._ask("unlink", path.suffix)
        super().unlink(path)

    def make_folder(self, path: Path) -> None:
        self._ask("make", path.suffix or path.name)
        super().make_folder(path)

    def set_mode(self, fd: int, mode: int) -> None:
        self._ask("mode", self._kinds[fd])
        super().set_mode(fd, mode)


def spill(folder: Path, files: dict[str, bytes]) -> Path:
    """Write the files into the folder, which takes the place of the disk after the crash."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def errors() -> Sequence[tuple[int, bool]]:
    """What a disk answers when it fails, and whether after a short write."""
    return (
        (errno.ENOSPC, False),
        (errno.ENOSPC, True),
        (errno.EIO, False),
        (errno.EROFS, False),
        (errno.EDQUOT, False),
    )
