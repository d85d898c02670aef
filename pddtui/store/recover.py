"""Writing a sound data file from what is left of a damaged one.

`plan` writes nothing. `recover` is for after the user agreed to the plan: it keeps the
damaged file with the backups before a new one takes its place.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.errors import Damaged
from pddtui.message import msg
from pddtui.store.backups import Backups
from pddtui.store.disk import Disk
from pddtui.store.foreign import parse, recoded
from pddtui.store.journal import Journal, decode
from pddtui.store.layout import META, SCHEMA, UNDECODABLE, Mark, Shape, first_line, marked, render
from pddtui.store.lock import FileLock
from pddtui.store.mainfile import LateFailure, open_pinned, replace, sweep
from pddtui.store.plan import Plan
from pddtui.store.reasons import cannot_read, cannot_write
from pddtui.store.salvage import Found, Salvaged, merge, of_journal, read_damaged
from pddtui.store.surroundings import Surroundings
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Plan", "newest_backup", "plan", "recover"]


def plan(path: Path, surroundings: Surroundings | None = None) -> Plan:
    """What `recover` would write, without writing it."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    return _planned(_salvage(path, around.disk)) if _broken(path, around) else _SOUND


def newest_backup(path: Path, surroundings: Surroundings | None = None) -> Path | None:
    """The newest former state of the data file that can be opened, or None."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    return next((backup for backup in _newest_first(path, around.disk) if not _broken(backup, around)), None)


def _newest_first(path: Path, disk: Disk) -> list[Path]:
    """The backups by their generation: the clock that dated them may have been wrong."""
    return sorted(Backups(path, disk).whole(), key=lambda backup: _generation(backup, disk), reverse=True)


def _generation(backup: Path, disk: Disk) -> int:
    try:
        file = open_pinned(disk, backup)
        return 0 if file is None else marked(first_line(disk, file.fd)[0]).gen
    except (OSError, Damaged, Shape):
        return 0


def recover(path: Path, surroundings: Surroundings | None = None, *, empty: bool = False) -> Plan:
    """Write a sound data file from the best that is left, and say what went into it.

    `Damaged` when there is nothing left, unless the user agreed to begin with an `empty` file.
    """
    around = surroundings or Surroundings()
    disk, path = around.disk, Path(os.path.realpath(path))
    if not _broken(path, around):
        return _SOUND
    lock = FileLock(path.with_name(f"{path.name}.lock"), disk, patience=around.patience, beside=path)
    with lock.exclusive(around.now(), kept=True):
        rest = _salvage(path, disk)
        mark, salvaged = rest.mark, rest.salvaged
        if mark.schema > SCHEMA:
            raise Damaged(
                msg(
                    "{path} was written by a newer pddtui and is damaged: recover it with that version.", path=str(path)
                )
            )
        if not salvaged.cases and not empty:
            raise Damaged(
                msg(
                    "Nothing of {path} could be recovered: put a copy of your own there, "
                    "or begin with an empty file by `pddtui recover --empty`.",
                    path=str(path),
                )
            )
        journal, backups = Journal(path.with_name(f"{path.name}.journal"), disk), Backups(path, disk)
        fresh = msgspec.to_builtins(mark.next(secrets.token_hex(8), SCHEMA))
        pieces = (
            piece
            for piece, _ in render({"1": fresh}, ((name, table.items()) for name, table in salvaged.tables.items()))
        )
        try:
            sweep(disk, path)
            if disk.stat(path) is not None:
                backups.keep("corrupt", around.now(), path)
            if journal.stamp() is not None:
                backups.keep("journal", around.now(), journal.path)
            replace(disk, path, pieces, lambda: None)
        except OSError as error:
            raise cannot_write(error, path) from error
        except LateFailure as failure:
            raise cannot_write(failure.error, path) from failure
        journal.remove()
    lock.close()
    return _planned(rest)


class _Rest(Struct, frozen=True, kw_only=True):
    """What is left to recover from."""

    mark: Mark
    """The newest there is."""
    salvaged: Salvaged
    journal_lost: int
    recoded: bool
    kept: bool


_SOUND = Plan(
    needed=False,
    cases=0,
    from_file=0,
    from_backup=0,
    from_journal=0,
    lost=0,
    unreadable=0,
    journal_lost=0,
    recoded=False,
    kept=False,
)


def _planned(rest: _Rest) -> Plan:
    salvaged = rest.salvaged
    return Plan(
        needed=True,
        cases=len(salvaged.cases),
        from_file=salvaged.count("file"),
        from_backup=salvaged.count("backup"),
        from_journal=salvaged.count("journal"),
        lost=salvaged.lost,
        unreadable=salvaged.unreadable,
        journal_lost=rest.journal_lost,
        recoded=rest.recoded,
        kept=rest.kept,
    )


def _broken(path: Path, around: Surroundings) -> bool:
    try:
        TinyCaseStore.open(path, surroundings=around).release()
    except Damaged:
        return True
    return False


def _salvage(path: Path, disk: Disk) -> _Rest:
    """The best of file, newest backup and journal."""
    sources: list[Found] = []
    mark, recoded_file, there = Mark(), False, disk.stat(path) is not None
    if there:
        text = _read(disk, path)
        sources.append(read_damaged(text))
        mark, recoded_file = _mark_of(text), recoded(text) is not None
    for backup in _newest_first(path, disk):
        try:
            text = disk.read_all(backup)
            sources.append(Found(source="backup", tables=parse(text)))
        except (Shape, OSError, Damaged):
            continue
        mark = max(mark, _mark_of(text), key=lambda mark: mark.gen)
        break
    journal = Journal(path.with_name(f"{path.name}.journal"), disk)
    *lines, _ = journal.read(0).split(b"\n")
    records = [record for line in lines if (record := decode(line)) is not None]
    # Each for itself: two saves with one key may be of two cases. The last one first, as the newest of a table.
    sources += [of_journal((record,)) for record in reversed(records)]
    return _Rest(
        mark=mark,
        salvaged=merge(sources),
        journal_lost=len(lines) - len(records),
        recoded=recoded_file,
        kept=there or journal.stamp() is not None,
    )


def _read(disk: Disk, path: Path) -> bytes:
    try:
        return disk.read_all(path)
    except OSError as error:
        raise cannot_read(error, path) from error


def _mark_of(text: bytes) -> Mark:
    """The mark in the first line, if that line is whole."""
    head = text.split(b"\n", 1)[0].rstrip(b",") + b"}"
    try:
        return marked(msgspec.json.decode(head, type=dict[str, dict[str, object]])[META])
    except (*UNDECODABLE, KeyError):
        return Mark()
