"""One session at a time, and what the operating system says when it refuses, as something a person can act on."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.durable import FORBIDDEN, FULL, Lock, is_unfinished, reason
from pddtui.errors import Busy, CannotWrite, Damaged, PddError
from pddtui.message import Message, msg
from pddtui.store.disk import Disk
from pddtui.store.layout import UNDECODABLE

__all__ = ["FileLock", "cannot_read", "cannot_write", "why"]


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
    where = _named(error, path)
    if error.errno in FORBIDDEN:
        return CannotWrite(msg("No permission to read {path}: ask its owner or choose --file.", path=where))
    return Damaged(
        msg("{path} cannot be read ({reason}): check the disk, then try again.", path=where, reason=reason(error))
    )


def cannot_write(error: OSError, path: Path, *, free: int | None = None, needed: int | None = None) -> CannotWrite:
    """The error of the operating system as something a person can act on."""
    return CannotWrite(_reason(error, path, free, needed))


def why(error: OSError, path: Path) -> Message | str:
    """The error alone, without what became of a save."""
    if error.errno in FORBIDDEN - {errno.EROFS}:
        return msg("no permission to write {path}", path=_named(error, path))
    return reason(error)


def _named(error: OSError, path: Path) -> str:
    """The file that the system refused, unless it is one that nobody knows."""
    named = error.filename
    return str(path) if named is None or is_unfinished(Path(str(named)).name) else str(named)


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
    return msg("{path} could not be written ({reason}): nothing was saved.", path=where, reason=reason(error))


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
        self._lock = Lock(path, patience=patience, beside=beside, files=disk)
        self._disk = disk
        self._patience = patience
        self._since = datetime.min.replace(tzinfo=UTC)

    @contextlib.contextmanager
    def exclusive(self, since: datetime, *, kept: bool) -> Iterator[None]:
        """Hold the lock for writing; the folder must exist."""
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
        """Hold the lock for reading. False when there is none to hold: nobody has ever written here, or nobody can."""
        try:
            held = self._lock.acquire(shared=True)
        except OSError as error:
            if error.errno not in CLOSED and error.errno != errno.ENOENT:
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
        """Write into the held lock who holds it, and that there is a data file, which is never taken back."""
        fd = self._lock.fd
        if fd is None:
            return
        # Only courtesy for the message of a waiter, so a full disk must not refuse a save here.
        with contextlib.suppress(OSError):
            before = _told(self._disk.read(fd, WIDTH, 0))
            kept = kept or (before is not None and before.kept)
            holder = Holder(pid=os.getpid(), host=os.uname().nodename, since=self._since, kept=kept)
            self._disk.write_at(fd, msgspec.json.encode(holder).ljust(WIDTH - 1) + b"\n", 0)

    def holder(self) -> Holder | None:
        """Who noted itself last, if anybody did."""
        try:
            return _told(self._disk.read_all(self.path))
        except (OSError, Damaged):
            return None

    def close(self) -> None:
        """Let go of the lock file."""
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
                "Another session (process {pid} on {host}) has held the data file since {since}: "
                "end it or let it go on, then try again.",
                pid=str(holder.pid),
                host=holder.host,
                since=holder.since,
            )
        )
