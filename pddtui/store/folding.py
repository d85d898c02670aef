"""The fold: when the journal is due to go into the data file, and how the new file is written.

The old file is linked into the backups before the new one takes its name; somebody else's writing into it stops that.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from pddtui.durable import sweep
from pddtui.store.disk import Disk, Surroundings, replace
from pddtui.store.layout import CASES, SCHEMA, DocumentPlace, file_pieces
from pddtui.store.own import joined
from pddtui.store.reading import Reading
from pddtui.store.shelf import Shelf

__all__ = ["RETRY_AFTER", "due", "rewrite"]

SMALL = 8 << 20
"""Bytes of a data file up to which a fold is cheap enough to follow every save."""

FOLD_AFTER, FOLD_LARGE_AFTER, RETRY_AFTER = 0.3, 5.0, 60.0
"""Seconds of quiet before a fold of a small and of a large file, and after a failed one."""

LONG_JOURNAL, MANY_SAVES = 1 << 20, 256
"""Bytes or saves at which a large file is folded without waiting for quiet."""


MOST_UNIONS = 10
"""How many former files are kept that were united with something: with a sync tool it can be dozens a day."""


def due(reading: Reading, quiet: float, *, failed: bool) -> bool:
    """Whether to fold now, when nobody has saved for `quiet` seconds; `failed`: the last fold did."""
    if not reading.pending and not reading.unwritten:
        return False
    if failed:
        return quiet >= RETRY_AFTER
    if reading.file is not None and reading.file.size <= SMALL:
        return quiet >= FOLD_AFTER
    return quiet >= FOLD_LARGE_AFTER or reading.seen >= LONG_JOURNAL or reading.saves >= MANY_SAVES


def rewrite(reading: Reading, shelf: Shelf, around: Surroundings, counts: Mapping[str, int]) -> None:
    """Write the shelf as the new data file, keep the old one as a backup, and drop the journal.

    Needs the exclusive lock. `counts` is the save that it makes durable, if it is one.
    """
    disk, now, size = around.disk, around.now(), shelf.size()
    exact = reading.saves > 0 and shelf is reading.shelf and not reading.unwritten
    folded, check = (reading.seen, reading.check) if exact else (None, 0)
    mark = reading.mark.next(
        os.urandom(8).hex(), SCHEMA, counts=joined(reading.counts, counts), folded=folded, check=check
    )
    meta = {**reading.meta, "1": {**_object(reading.meta.get("1")), **_object(msgspec.to_builtins(mark))}}
    shelf.need(CASES)
    entries: list[DocumentPlace] = []

    def pieces() -> Iterator[bytes]:
        for piece, entry in file_pieces(meta, ((name, shelf.documents(name)) for name in shelf.names())):
            if entry is not None:
                entries.append(entry)
            yield piece

    def before_swap() -> None:
        if reading.file is None:
            return
        if not reading.file.intact:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        if (reading.damaged or reading.foreign) and reading.journal.stamp() is not None:
            reading.backups.keep("journal", now, reading.journal.path)
        if reading.gone:
            return
        if reading.unwritten:
            reading.backups.keep("pre-merge", now, reading.path)
            reading.backups.limit("pre-merge", MOST_UNIONS)
        reading.backups.rotate(now)

    sweep(reading.path.parent, reading.path.name, idle=0, files=disk)
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
    """Drop the oldest backups, never the newest, where the disk has no room for one more data file."""
    for _, path in reading.backups.ordinary(now)[:-1]:
        try:
            if disk.space(reading.path.parent) >= size:
                return
        except OSError:  # a file system that does not tell
            return
        reading.backups.drop([path])


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
