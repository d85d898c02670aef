"""Looking at a data file that may be damaged, and writing a sound one from what is left of it.

`examine` and `plan` write nothing. `recover` is for after the user agreed to the plan: it keeps the
damaged file with the backups before a new one takes its place.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.errors import Damaged
from pddtui.message import Message, msg, plural
from pddtui.store.backups import Backups
from pddtui.store.disk import Disk
from pddtui.store.foreign import parse, recoded
from pddtui.store.journal import Journal, decode
from pddtui.store.layout import META, SCHEMA, UNDECODABLE, Mark, Shape, marked, render
from pddtui.store.lock import FileLock
from pddtui.store.mainfile import LateFailure, replace, sweep
from pddtui.store.plan import Plan
from pddtui.store.reasons import cannot_read, cannot_write
from pddtui.store.salvage import Found, Salvaged, merge, of_journal, read_damaged
from pddtui.store.soundness import broken_histories, counted, doubles
from pddtui.store.surroundings import Surroundings
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Finding", "Plan", "examine", "newest_backup", "plan", "recover"]


class Finding(Struct, frozen=True, kw_only=True):
    """What `doctor` says of the data file."""

    trouble: tuple[Message, ...]
    """What is damaged, the worst first; nothing when all is whole."""
    notes: tuple[Message, ...] = ()
    """What one should know: the file is read-only here, somebody died in the middle of a fold."""
    facts: tuple[Message, ...]
    """What is there."""
    cases: tuple[Case, ...] = ()
    """Every case that could be read, those in the trash too."""


def examine(path: Path, surroundings: Surroundings | None = None) -> Finding:
    """The state of the data file and of what stands beside it, as it would be opened now. Nothing is changed."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    backups = Backups(path, around.disk)
    facts = [
        plural("{n} backup in {folder}.", "{n} backups in {folder}.", len(backups.whole()), folder=str(backups.folder))
    ]
    try:
        store = TinyCaseStore.open(path, surroundings=around)
    except Damaged as error:
        return Finding(trouble=(error.message,), facts=tuple(facts))
    reading, cases = store.storage.reading, tuple(store.cases().values())
    facts = [
        plural("{n} case in {path}.", "{n} cases in {path}.", len(cases), path=str(path)),
        plural("{n} save waits in the journal.", "{n} saves wait in the journal.", reading.saves),
        *facts,
    ]
    trouble = [*store.warnings, *doubles(reading.shelf), *broken_histories(cases)]
    notes = [*([] if store.read_only is None else [store.read_only]), *counted(cases)]
    if reading.settled:
        notes.append(
            plural(
                "A journal with {n} save is left beside the data file, which holds it already: "
                "the next command clears it away.",
                "A journal with {n} saves is left beside the data file, which holds them already: "
                "the next command clears it away.",
                reading.settled,
            )
        )
    torn = [name for name in around.disk.names(path.parent) if name.startswith(path.name) and name.endswith(".tmp")]
    if torn:
        notes.append(
            msg("{names} was left by a session that died; the next save sweeps it away.", names=tuple(sorted(torn)))
        )
    store.release()
    return Finding(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts), cases=cases)


def plan(path: Path, surroundings: Surroundings | None = None) -> Plan:
    """What `recover` would write, without writing it."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    return _planned(_salvage(path, around.disk)) if _broken(path, around) else _SOUND


def newest_backup(path: Path, surroundings: Surroundings | None = None) -> Path | None:
    """The newest former state of the data file that can be opened, or None."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    whole = Backups(path, around.disk).whole()
    return next((backup for backup in whole if not _broken(backup, around)), None)


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
    for backup in Backups(path, disk).whole():
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
