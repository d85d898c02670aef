"""Writing a new generation of the data file: everything a session has read, in one atomic replacement."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import datetime

import msgspec

from pddtui.store.disk import Disk
from pddtui.store.layout import CASES, SCHEMA, Entry, render
from pddtui.store.mainfile import replace, sweep
from pddtui.store.reading import Reading
from pddtui.store.shelf import Shelf

__all__ = ["due", "rewrite"]

SMALL = 8 << 20
"""Up to this size of the data file a fold is cheap enough to follow every save."""

SOON, IDLE, RETRY = 0.3, 5.0, 60.0
"""Seconds of quiet before a fold of a small and of a large file, and after a failed one."""

LONG_JOURNAL, MANY_SAVES = 1 << 20, 256
"""Bytes or saves at which a large file is folded without waiting for quiet."""


def due(reading: Reading, quiet: float, *, failed: bool) -> bool:
    """Whether to fold now: nobody saved for `quiet` seconds, and the last fold may have failed."""
    if not reading.pending:
        return False
    if failed:
        return quiet >= RETRY
    if reading.file is not None and reading.file.size <= SMALL:
        return quiet >= SOON
    return quiet >= IDLE or reading.seen >= LONG_JOURNAL or reading.saves >= MANY_SAVES


def rewrite(reading: Reading, shelf: Shelf, disk: Disk, now: datetime, size: int) -> None:
    """Write the shelf as the new data file, keep the old one as a backup, and drop the journal.

    Needs the exclusive lock. `size` is about how many bytes it will take.
    """
    exact = reading.saves > 0 and shelf is reading.shelf
    folded, check = (reading.seen, reading.check) if exact else (None, 0)
    mark = reading.mark.next(os.urandom(8).hex(), SCHEMA, folded=folded, check=check)
    meta = {**reading.meta, "1": {**_object(reading.meta.get("1")), **_object(msgspec.to_builtins(mark))}}
    shelf.need(CASES)
    entries: list[Entry] = []

    def pieces() -> Iterator[bytes]:
        for piece, entry in render(meta, ((name, shelf.documents(name)) for name in shelf.names())):
            if entry is not None:
                entries.append(entry)
            yield piece

    def before_swap() -> None:
        if reading.file is None:
            return
        if not reading.file.intact:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        if reading.damaged or reading.foreign:
            reading.backups.keep("journal", now, reading.journal.path)
        if reading.foreign:
            reading.backups.keep("pre-merge", now, reading.path)
        reading.backups.rotate(now)

    sweep(disk, reading.path)
    _make_room(reading, disk, size, now)
    file = replace(disk, reading.path, pieces(), before_swap)
    placed = Shelf()
    for name in shelf.names():
        placed.need(name)
    for entry in entries:
        placed.lay(file, entry)
    reading.journal.remove()
    reading.adopt(file, placed, meta)


def _make_room(reading: Reading, disk: Disk, size: int, now: datetime) -> None:
    """Give up the oldest backups, never the newest, where the disk has no room for one more data file."""
    for _, path in reading.backups.ordinary(now)[:-1]:
        if disk.space(reading.path.parent) >= size:
            return
        reading.backups.drop([path])


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
