"""The journal beside the data file: one line for one save, checked and tied to one generation.

A line is `<crc32> {"base": token, "ops": [[table, key, document or null], …]}`. A record belongs to the data file whose
token it names; a checksum alone is not enough, because after a power cut the unsynced end of a file can hold whole
records of a journal that was deleted long ago.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from pddtui.durable import give_owner
from pddtui.store.disk import Disk

__all__ = ["NOTHING", "Journal", "Op", "Record", "Scan", "decode_line", "encode", "scan"]

Op = tuple[str, str, Raw]
"""Table, key, document as JSON; the document `null` removes."""

NOTHING = Raw(b"null")


class Record(Struct, frozen=True):
    """One save, of which all documents count or none."""

    base: str
    """The token of the data file on which this save was made."""
    ops: list[Op]
    counts: dict[str, int] = {}
    """The number of this save by the name of the machine that made it."""


class Scan(Struct, frozen=True, kw_only=True):
    """What a journal holds for the data file with a given token."""

    current: list[Record] = []
    """Saves to apply."""
    foreign_records: list[Record] = []
    """Saves at the head of the journal that were made on another generation of the data file."""
    damaged: int = 0
    """Unreadable lines that are followed by a save to apply, so they were once acknowledged."""
    gaps: int = 0
    """Unreadable lines that are followed by a stray."""
    end: int = 0
    """The offset after the last save to apply. What follows was never acknowledged."""


def encode(record: Record) -> bytes:
    """The line that is appended for one save."""
    body = msgspec.json.encode(record)
    return b"%08x %s\n" % (zlib.crc32(body), body)


def decode_line(line: bytes | memoryview) -> Record | None:
    """The save in a line, or None when the line is not whole."""
    body = line[9:]
    try:
        if int(bytes(line[:8]), 16) != zlib.crc32(body):
            return None
        return msgspec.json.decode(body, type=Record)
    except (ValueError, msgspec.DecodeError):
        return None


def scan(lines: bytes, start: int, token: str) -> Scan:
    """Sort the records in `lines`, which begin at offset `start` of the journal."""
    current: list[Record] = []
    foreign_records: list[Record] = []
    end, bad, damaged, gaps = start, 0, 0, 0
    at = 0
    while (newline := lines.find(b"\n", at)) >= 0:
        record = decode_line(memoryview(lines)[at:newline])
        at = newline + 1
        if record is None:
            bad += 1
        elif record.base == token:
            current.append(record)
            end = start + at
            damaged = bad
        elif not current:
            # Only at the head does a record of another generation show whose journal this is; after a save of
            # ours it is an old block of the disk that came back.
            foreign_records.append(record)
            gaps = bad
    return Scan(current=current, foreign_records=foreign_records, damaged=damaged, gaps=gaps, end=end)


class Journal:
    """The journal file of one data file. Appending needs the exclusive lock."""

    def __init__(self, path: Path, disk: Disk) -> None:
        """`path` is the data file."""
        self.path = path.with_name(f"{path.name}.journal")
        self._data_file = path
        self._disk = disk

    def stamp(self) -> tuple[int, int] | None:
        """Inode and size of the journal, or None when there is none."""
        found = self._disk.stat(self.path)
        return None if found is None else (found.st_ino, found.st_size)

    def read(self, start: int) -> bytes:
        """The bytes from `start` on; none when there is no journal."""
        try:
            fd = self._disk.open_own(self.path, os.O_RDONLY, self._data_file)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        try:
            return self._disk.read(fd, max(0, self._disk.fstat(fd).st_size - start), start)
        finally:
            self._disk.close_quietly(fd)

    def append(self, line: bytes, end: int, like: os.stat_result | None = None) -> None:
        """Put the line at offset `end`, durably, cutting off what a dead writer left after it.

        A new journal gets owner and mode of the data file, `like`. Raises `OSError` with the journal as it was before;
        once the line is durable nothing is raised any more.
        """
        new = self._disk.stat(self.path) is None
        created = os.O_CREAT | os.O_EXCL if new else 0
        fd = self._disk.open_own(self.path, os.O_RDWR | os.O_APPEND | created, self._data_file)
        try:
            if new:
                give_owner(self._disk, fd, like)
            if self._disk.fstat(fd).st_size != end:
                self._disk.truncate(fd, end)
            try:
                self._disk.write_all(fd, (line,))
                self._disk.sync(fd)
                if new:
                    self._disk.sync_folder(self.path.parent)
            except OSError:
                with contextlib.suppress(OSError):
                    self._disk.truncate(fd, end)
                raise
        finally:
            self._disk.close_quietly(fd)

    def remove(self) -> None:
        """Delete the journal, all of which is durable in the data file; empty it where it cannot be deleted.

        One that can be neither is read again later as saves that the data file holds already.
        """
        try:
            self._disk.unlink(self.path)
        except FileNotFoundError:
            return
        except OSError:
            with contextlib.suppress(OSError):
                self._empty()

    def _empty(self) -> None:
        fd = self._disk.open_own(self.path, os.O_RDWR, self._data_file)
        try:
            self._disk.truncate(fd, 0)
        finally:
            self._disk.close_quietly(fd)
