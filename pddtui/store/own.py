"""The own record: what this machine acknowledged, kept outside the folder in which the data file may be replicated.

A sync tool, a restored backup or a copy can put another file in the place of the data file. Then what was saved here is
still on this record, and is united with whatever is found. Each save is one line, durable before the journal is written
and so before the save is acknowledged; it holds changes, not cases, and of changes that others made those on which ours
were made. What is older than `OWN_DAYS` goes once the record is larger than `OWN_ROOM`.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Change, ancestry
from pddtui.durable import need_folder, replace_whole, write_whole
from pddtui.errors import Damaged
from pddtui.ownership import own_folder
from pddtui.store.codec import Tombstone
from pddtui.store.disk import Disk, Stamp, stamp_of_file

__all__ = ["Counts", "OwnNews", "OwnRecord", "OwnSave", "OwnTail", "descends", "joined", "news_of"]

Counts = dict[str, int]
"""How many saves of each machine a file holds, by the name of the machine."""

OWN_DAYS = 90
OWN_ROOM = 4 << 20
"""Bytes from which on the record is cut."""

_TAIL = 1 << 16
_NAME = 10
"""Characters of the name of a machine: 50 random bits."""


class OwnNews(Struct, frozen=True):
    """What one save did to one case."""

    id: str
    changes: tuple[Change, ...]


class OwnSave(Struct, frozen=True, kw_only=True):
    """One line of the record."""

    number: int
    """Which save of this machine it was; 0 where a new file was begun, before which nothing counts."""
    at: datetime
    counts: Counts
    """What the data file held after it."""
    cases: tuple[OwnNews, ...] = ()
    erased: tuple[Tombstone, ...] = ()
    since: int = 0
    """From which save on the record has all saves without a gap."""
    token: str = ""
    """The generation of the data file on which it was made."""


class OwnTail(Struct, frozen=True):
    """What the last line of the record says, without what it is about."""

    counts: Counts = {}
    number: int = 0
    since: int = 0
    token: str = ""


def descends(found: Mapping[str, int], known: Mapping[str, int]) -> bool:
    """Whether a file that holds `found` holds all that is `known`."""
    return all(found.get(machine, 0) >= number for machine, number in known.items())


def joined(one: Mapping[str, int], other: Mapping[str, int]) -> Counts:
    """What both hold together."""
    return {machine: max(one.get(machine, 0), other.get(machine, 0)) for machine in sorted({**one, **other})}


def news_of(case: Case, machine: str, number: int, since: int) -> tuple[Change, ...]:
    """What the record cannot have of a case in that save: all on which no earlier change of this machine was made."""
    history = case.history
    *_, before = history[:-1] or (None,)
    ours = before is not None and before.machine == machine and since <= before.save < number
    if ours and before is not None and history[-1].parents == (before.id,):
        return history[-1:]
    known, mask = ancestry(history), 0
    for n, change in enumerate(history):
        if change.machine == machine and since <= change.save < number:
            mask |= known[n] | 1 << n
    return tuple(change for n, change in enumerate(history) if not mask >> n & 1)


def _line(saved: OwnSave) -> bytes:
    body = msgspec.json.encode(saved)
    return b"%08x %s\n" % (zlib.crc32(body), body)


class OwnRecord:
    """The record for one data file. Writing needs the lock of that file."""

    def __init__(self, folder: Path, data_file: Path, disk: Disk) -> None:
        spelled = os.fsencode(data_file)
        name = f"{zlib.crc32(spelled):08x}{zlib.crc32(spelled[::-1]):08x}"
        self.path = folder / f"{name}.record"
        self._folder = folder
        self._data_file = data_file
        self._disk = disk
        self._seen: tuple[Stamp | None, OwnTail] = (None, OwnTail())
        """What the record said last, and by which its file was known then."""
        self._trimmed = 0
        """The bytes from which on it is looked at again whether some of it is old."""

    def machine(self) -> str:
        """The name of this machine for this data file: random, and another for a second file of the same machine.

        Where nothing can be kept it is made of what the system says of itself.
        """
        place = self._folder / "machine"
        with contextlib.suppress(OSError):
            if self._disk.stat(place) is None:
                need_folder(own_folder(self._folder))
                with contextlib.suppress(FileExistsError):
                    write_whole(place, os.urandom(16).hex().encode(), over=False)
        try:
            own_folder(self._folder)
            secret = self._disk.read_all(place)
        except (OSError, Damaged):
            secret = f"{os.uname().nodename} {os.getuid()} {self._folder}".encode()
        import hashlib  # only who saves needs a name

        told = hashlib.sha256(secret + b"\n" + os.fsencode(self._data_file)).digest()
        alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
        return "".join(alphabet[byte & 31] for byte in told[:_NAME])

    def last(self) -> Counts:
        """What the data file held after the last save on record."""
        return self.tail().counts

    def tail(self) -> OwnTail:
        """The last save on record; nothing where there is none."""
        stamp = self._stamp()
        if stamp is None or stamp != self._seen[0]:
            self._seen = (stamp, self._tail())
        return self._seen[1]

    def _tail(self) -> OwnTail:
        for line in reversed(self._lines(_TAIL)):
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                return msgspec.json.decode(line, type=OwnTail)
        return OwnTail()

    def _stamp(self) -> Stamp | None:
        try:
            found = self._disk.stat(self.path)
        except OSError:
            return None
        return None if found is None else stamp_of_file(found)

    def saves(self) -> list[OwnSave]:
        """Every save on record since the file was begun, oldest first; lines that cannot be read are left out."""
        found: list[OwnSave] = []
        for line in self._lines(None):
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, ValueError):
                saved = msgspec.json.decode(line, type=OwnSave)
                if not saved.number:
                    found.clear()
                found.append(saved)
        return found

    def append(self, *saves: OwnSave) -> int:
        """Put them on record, durably; returns how long the record was before. Raises `OSError` with it as it was."""
        line = b"".join(map(_line, saves))
        disk = self._disk
        own_folder(self._folder)
        new = disk.stat(self.path) is None
        if new:
            disk.need_folder(self._folder)
        fd = disk.open_own(self.path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if new else 0))
        try:
            if new:
                disk.allow(fd, 0o600)  # whatever the umask took away
            before = disk.fstat(fd).st_size
            torn = before > 0 and disk.read(fd, 1, before - 1) != b"\n"  # a writer died there
            try:
                disk.write_all(fd, (b"\n", line) if torn else (line,))
                disk.sync(fd)
                if new:
                    disk.sync_folder(self.path.parent)
            except OSError:
                with contextlib.suppress(OSError):
                    disk.truncate(fd, before)
                raise
        finally:
            disk.close(fd)
        last = saves[-1]
        self._seen = (self._stamp(), OwnTail(last.counts, last.number, last.since, last.token))
        return before

    def cut_back(self, length: int) -> None:
        """Take the last save off the record again, as it was not acknowledged."""
        self._seen = (None, OwnTail())
        with contextlib.suppress(OSError):
            fd = self._disk.open_own(self.path, os.O_RDWR)
            try:
                self._disk.truncate(fd, length)
            finally:
                self._disk.close(fd)

    def forget(self, case_ids: Iterable[str]) -> None:
        """Remove every word of these cases. Raises `OSError` where that cannot be."""
        gone, saves = set(case_ids), self.saves()
        told = {case_id.encode() for case_id in gone}
        if any(b'"changes"' in line and any(each in line for each in told) for line in self._lines(None)):
            self._rewrite(
                msgspec.structs.replace(each, cases=tuple(kept for kept in each.cases if kept.id not in gone))
                for each in saves
            )

    def trim(self, now: datetime) -> None:
        """Drop what is old, where the record is large and the data file holds it all."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            found = self._disk.stat(self.path)
            if found is None or found.st_size <= OWN_ROOM or found.st_size < self._trimmed:
                return
            since, saves = now - timedelta(days=OWN_DAYS), self.saves()
            kept = [each for n, each in enumerate(saves, 1) if each.at >= since or n == len(saves)]
            if len(kept) < len(saves):
                first = kept[0].number
                self._rewrite(msgspec.structs.replace(each, since=max(each.since, first)) for each in kept)
            # What is left is young: it is looked at again once it has grown by as much as it may have.
            self._trimmed = found.st_size + OWN_ROOM

    def _rewrite(self, saves: Iterable[OwnSave]) -> None:
        if self._disk.stat(self.path) is None:
            return
        lines = bytearray()
        for each in saves:
            lines += _line(each)
        own_folder(self._folder)
        replace_whole(self.path, bytes(lines))

    def _lines(self, most: int | None) -> list[bytes]:
        """The bodies of the whole lines in the last `most` bytes, or in all; none where there is no record."""
        try:
            own_folder(self._folder)
            fd = self._disk.open_regular(self.path)
        except (OSError, Damaged):  # nothing that stands there may keep the data file from opening
            return []
        try:
            size = self._disk.fstat(fd).st_size
            start = 0 if most is None or size <= most else size - most
            text = self._disk.read(fd, size - start, start)
        except OSError:
            return []
        finally:
            self._disk.close(fd)
        lines = text.split(b"\n")[int(start > 0) : -1]
        found = [line[9:] for line in lines if line[:8] == b"%08x" % zlib.crc32(line[9:])]
        return found if found or not start else self._lines(None)
