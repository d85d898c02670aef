"""Looking at a data file that may be damaged, and writing a sound one from what is left of it.

`examine` and `plan` write nothing. `recover` is for after the user agreed to the plan: it keeps the
damaged file with the backups before a new one takes its place.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import broken_link
from pddtui.errors import Damaged
from pddtui.message import Message, msg, plural
from pddtui.store.backups import Backups
from pddtui.store.disk import Disk, cannot_write
from pddtui.store.foreign import parse
from pddtui.store.journal import Journal, Record, decode
from pddtui.store.layout import META, SCHEMA, Mark, Shape, marked, render
from pddtui.store.lock import FileLock
from pddtui.store.mainfile import LateFailure, replace, sweep
from pddtui.store.salvage import Found, Salvaged, merge, of_journal, read_damaged
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


class Plan(Struct, frozen=True, kw_only=True):
    """What `recover` would write."""

    needed: bool
    """False when the file opens as it is."""
    cases: int
    from_file: int
    from_backup: int
    from_journal: int
    lost: int
    """Lines of the damaged file that cannot be read."""
    unreadable: int
    """Documents that are no cases; they are kept aside in the file."""

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The plan in words, for the question and for the report."""
        if not self.needed:
            return (msg("The data file is sound: there is nothing to recover."),)
        said = [
            plural(
                "{n} case can be recovered: {file} from the file, {backup} from a backup, {journal} from the journal.",
                "{n} cases can be recovered: {file} from the file, {backup} from a backup, {journal} from the journal.",
                self.cases,
                file=self.from_file,
                backup=self.from_backup,
                journal=self.from_journal,
            )
        ]
        if self.lost:
            said.append(
                plural(
                    "{n} line of the file cannot be read any more.",
                    "{n} lines of the file cannot be read any more.",
                    self.lost,
                )
            )
        if self.unreadable:
            said.append(
                plural(
                    "{n} document is not a case and is kept aside in the file.",
                    "{n} documents are not cases and are kept aside in the file.",
                    self.unreadable,
                )
            )
        return tuple(said)


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
    trouble = [*store.warnings, *_broken_chains(cases)]
    notes = [] if store.read_only is None else [store.read_only]
    torn = [name for name in around.disk.names(path.parent) if name.startswith(path.name) and name.endswith(".tmp")]
    if torn:
        notes.append(
            msg("{names} was left by a session that died; the next save sweeps it away.", names=tuple(sorted(torn)))
        )
    store.release()
    return Finding(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts), cases=cases)


def _broken_chains(cases: Iterable[Case]) -> Iterator[Message]:
    for case in cases:
        entry = broken_link(case.history)
        if entry is not None:
            change = case.history[entry]
            yield msg(
                "The history of {ref} was altered outside pddtui: entry {entry} ({action}, {at}) breaks the chain. "
                "Compare it with a backup or an export.",
                ref=case.ref,
                entry=entry + 1,
                action=change.action,
                at=change.at,
            )


def plan(path: Path, surroundings: Surroundings | None = None) -> Plan:
    """What `recover` would write, without writing it."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    needed = _broken(path, around)
    return _planned(_salvage(path, around.disk)[1], needed=needed)


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
        return _planned(_salvage(path, disk)[1], needed=False)
    lock = FileLock(path.with_name(f"{path.name}.lock"), disk, patience=around.patience)
    with lock.exclusive(around.now(), kept=True):
        mark, salvaged = _salvage(path, disk)
        if mark.schema > SCHEMA:
            raise Damaged(
                msg(
                    "{path} was written by a newer pddtui and is damaged: recover it with that version.", path=str(path)
                )
            )
        if not salvaged.cases and not empty:
            raise Damaged(msg("Nothing of {path} could be recovered: put a backup of your own there.", path=str(path)))
        journal, backups = Journal(path.with_name(f"{path.name}.journal"), disk), Backups(path, disk)
        fresh = msgspec.to_builtins(mark.next(secrets.token_hex(8), None, SCHEMA))
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
    return _planned(salvaged, needed=True)


def _planned(salvaged: Salvaged, *, needed: bool) -> Plan:
    return Plan(
        needed=needed,
        cases=len(salvaged.cases),
        from_file=salvaged.count("file"),
        from_backup=salvaged.count("backup"),
        from_journal=salvaged.count("journal"),
        lost=salvaged.lost,
        unreadable=salvaged.unreadable,
    )


def _broken(path: Path, around: Surroundings) -> bool:
    try:
        TinyCaseStore.open(path, surroundings=around).release()
    except Damaged:
        return True
    return False


def _salvage(path: Path, disk: Disk) -> tuple[Mark, Salvaged]:
    """The mark of the newest generation there is, and the best of file, newest backup and journal."""
    sources: list[Found] = []
    mark = Mark()
    if disk.stat(path) is not None:
        text = disk.read_all(path)
        sources.append(read_damaged(text))
        mark = _mark_of(text)
    for backup in Backups(path, disk).whole():
        try:
            text = disk.read_all(backup)
            sources.append(Found(source="backup", tables=parse(text)))
        except Shape:
            continue
        mark = max(mark, _mark_of(text), key=lambda mark: mark.gen)
        break
    lines = Journal(path.with_name(f"{path.name}.journal"), disk).read(0).split(b"\n")
    records: list[Record] = [record for line in lines if (record := decode(line)) is not None]
    sources.append(of_journal(records))
    return mark, merge(sources)


def _mark_of(text: bytes) -> Mark:
    """The mark in the first line, if that line is whole."""
    head = text.split(b"\n", 1)[0].rstrip(b",") + b"}"
    try:
        return marked(msgspec.json.decode(head, type=dict[str, dict[str, object]])[META])
    except (msgspec.DecodeError, KeyError):
        return Mark()
