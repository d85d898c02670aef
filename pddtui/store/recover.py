"""Recovering a sound data file from what can still be read of a damaged one, its backups and its journal.

One document a line makes every whole line readable, whatever happened to the others. `plan` writes nothing; `recover`
is for after the user has agreed to the plan, and keeps the damaged file with the backups before a new one takes its
place. What is left of a case in the file, in a backup, in the journal and on the own record is united; only of cases
without a history the copy that was saved most often is taken.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Change, Tree, broken_link, topological
from pddtui.durable import sweep
from pddtui.errors import Damaged
from pddtui.message import Message, msg, plural
from pddtui.store.backups import Backups
from pddtui.store.codec import Tombstone, any_case, document, head_of
from pddtui.store.disk import Disk, Surroundings, cannot_read, cannot_write, hold_open, replace
from pddtui.store.journal import NOTHING, Journal, Record, decode_line
from pddtui.store.layout import (
    CASES,
    META,
    SCHEMA,
    UNDECODABLE,
    FileMark,
    WrongShape,
    file_pieces,
    first_line,
    marked,
)
from pddtui.store.lock import FileLock
from pddtui.store.opening import Tables, parse_tables, recoded
from pddtui.store.own import OwnRecord, OwnSave
from pddtui.store.shelf import Shelf
from pddtui.store.tiny import TinyCaseStore
from pddtui.store.uniting import Uniter

__all__ = ["Plan", "newest_backup", "plan", "recover"]

SalvageSource = Literal["file", "backup", "journal", "own"]

UNREADABLE = "unreadable"
"""The table for documents of the table `cases` that are not cases, kept as they are."""

_HEADING = re.compile(rb'[,}\s]*"([^"\\]{1,100})":\{')
_DOCUMENT = re.compile(rb'\s*"([^"\\]{1,100})":(?=\{)')


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
    """Documents that are not cases; they are kept aside in the file."""
    journal_lost: int
    """Lines of the journal that cannot be read."""
    recoded: bool
    """Whether the file was saved in the encoding GB 18030, and is read as such."""
    kept: bool
    """Whether something is kept with the backups."""
    from_own: int = 0
    """Cases with changes that only this machine's own record has."""
    left_out: tuple[str, ...] = ()
    """The numbers of cases of which something was found that does not hold together, and was left out."""

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The plan in words, for the question and for the report."""
        if not self.needed:
            return (msg("The data file is intact: there is nothing to recover."),)
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
        if self.from_own:
            said.append(
                plural(
                    "{n} case has changes that are only on this machine's own record.",
                    "{n} cases have changes that are only on this machine's own record.",
                    self.from_own,
                )
            )
        if self.left_out:
            said.append(
                msg(
                    "Something found of {refs} does not hold together and is left out; the old files are kept.",
                    refs=self.left_out,
                )
            )
        if self.recoded:
            said.append(msg("The file was saved in another encoding (GB 18030) and will be converted back to UTF-8."))
        if self.lost:
            said.append(
                plural(
                    "{n} line of the file can no longer be read.",
                    "{n} lines of the file can no longer be read.",
                    self.lost,
                )
            )
        if self.journal_lost:
            said.append(
                plural(
                    "{n} line of the journal can no longer be read.",
                    "{n} lines of the journal can no longer be read.",
                    self.journal_lost,
                )
            )
        if self.unreadable:
            said.append(
                plural(
                    "{n} document is not a case and is kept separately in the file.",
                    "{n} documents are not cases and are kept separately in the file.",
                    self.unreadable,
                )
            )
        return tuple(said)


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


class SourceContent(Struct, frozen=True, kw_only=True):
    """What one source holds."""

    source: SalvageSource
    tables: Tables
    again: tuple[tuple[str, bytes], ...] = ()
    """Key and document of cases under a key that another has."""
    lost: int = 0
    """Lines that were documents and cannot be read."""


class Salvaged(Struct, frozen=True, kw_only=True):
    """The best of all sources."""

    tables: Tables
    cases: dict[str, SalvageSource]
    """The source from which each case was taken, by its id."""
    lost: int
    """Lines of the damaged file that cannot be read; a backup may still have held the case."""
    unreadable: int
    """Documents that are kept aside because they are not cases."""
    from_own: int = 0
    """Cases of which the own record had more than all else."""
    left_out: tuple[str, ...] = ()
    """The numbers of cases of which something did not hold together."""

    def count(self, source: SalvageSource) -> int:
        """How many cases were taken from that source."""
        return sum(1 for taken in self.cases.values() if taken == source)


class _Rest(Struct, frozen=True, kw_only=True):
    """What is left to recover from."""

    mark: FileMark
    """The newest mark there is."""
    salvaged: Salvaged
    counts: Mapping[str, int] = MappingProxyType({})
    """The saves of this machine that are all in it."""
    journal_lost: int
    recoded: bool
    kept: bool


def plan(path: Path, surroundings: Surroundings | None = None) -> Plan:
    """What `recover` would write, without writing it."""
    around = surroundings or Surroundings()
    path = around.disk.spelled(path)
    return _planned(_salvage(path, around)) if _needed(path, around) else _SOUND


def recover(path: Path, surroundings: Surroundings | None = None, *, empty: bool = False) -> Plan:
    """Write a sound data file from the best that is left, and return what went into it.

    `Damaged` when nothing is left, unless the user agreed to begin with an `empty` file.
    """
    around = surroundings or Surroundings()
    disk, path = around.disk, around.disk.spelled(path)
    if not _needed(path, around):
        return _SOUND
    try:
        disk.need_folder(path.parent)
    except OSError as error:
        raise cannot_write(error, path) from error
    lock = FileLock(path.with_name(f"{path.name}.lock"), disk, patience=around.patience, beside=path)
    with lock.exclusive(around.now(), kept=True):
        rest = _salvage(path, around)
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
                    "Nothing could be recovered from {path}: put a copy of your own there, or start with an "
                    "empty file: `pddtui recover --empty`.",
                    path=str(path),
                )
            )
        journal, backups = Journal(path, disk), Backups(path, disk)
        fresh = msgspec.to_builtins(mark.next(os.urandom(8).hex(), SCHEMA, counts=rest.counts))
        pieces = (
            piece
            for piece, _ in file_pieces(
                {"1": fresh}, ((name, table.items()) for name, table in salvaged.tables.items())
            )
        )
        try:
            sweep(path.parent, path.name, idle=0, files=disk)
            if disk.stat(path) is not None:
                backups.keep("corrupt", around.now(), path)
            if journal.stamp() is not None:
                backups.keep("journal", around.now(), journal.path)
            replace(disk, path, pieces, lambda: None)
        except OSError as error:
            raise cannot_write(error, path) from error
        journal.remove()
    lock.close()
    return _planned(rest)


def newest_backup(path: Path, surroundings: Surroundings | None = None) -> Path | None:
    """The newest former state of the data file that can be opened, or None."""
    around = surroundings or Surroundings()
    path = around.disk.spelled(path)
    return next((backup for backup in _newest_first(path, around.disk) if not _broken(backup, around)), None)


def _newest_first(path: Path, disk: Disk) -> list[Path]:
    """The backups by their generation, as the clock that dated them may have been wrong."""
    return sorted(Backups(path, disk).whole(), key=lambda backup: _generation(backup, disk), reverse=True)


def _generation(backup: Path, disk: Disk) -> int:
    try:
        file = hold_open(disk, backup)
        return 0 if file is None else marked(first_line(disk, file.fd)[0]).gen
    except (OSError, Damaged, WrongShape):
        return 0


def _broken(path: Path, around: Surroundings) -> bool:
    try:
        TinyCaseStore.open(path, surroundings=around).release()
    except Damaged:
        return True
    return False


def _needed(path: Path, around: Surroundings) -> bool:
    """Whether there is something to recover: the file does not open, or is gone and this machine saved something."""
    if around.disk.stat(path) is None and _own(path, around).last():
        return True
    return _broken(path, around)


def _own(path: Path, around: Surroundings) -> OwnRecord:
    return OwnRecord(around.own_records or path.with_name(f"{path.name}.no-record"), path, around.disk)


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
        from_own=salvaged.from_own,
        left_out=salvaged.left_out,
    )


def _salvage(path: Path, around: Surroundings) -> _Rest:
    """What is left in the file, the newest backup, the journal and the own record, united."""
    disk = around.disk
    sources: list[SourceContent] = []
    mark, recoded_file, there = FileMark(), False, disk.stat(path) is not None
    if there:
        text = _read(disk, path)
        sources.append(read_damaged(text))
        mark, recoded_file = _mark_of(text), recoded(text) is not None
    for backup in _newest_first(path, disk):
        try:
            text = disk.read_all(backup)
            sources.append(SourceContent(source="backup", tables=parse_tables(text)))
        except (WrongShape, OSError, Damaged):
            continue
        mark = max(mark, _mark_of(text), key=lambda mark: mark.gen)
        break
    journal = Journal(path, disk)
    *lines, _ = journal.read(0).split(b"\n")
    records = [record for line in lines if (record := decode_line(line)) is not None]
    # One source each, as two saves with one key may be of two cases; the newest first, for tables other than cases.
    sources += [_of_journal(record) for record in reversed(records)]
    own = _own(path, around)
    salvaged = _united(sources, own.saves())
    known = {} if salvaged.left_out or not own.last() else {own.machine(): own.last().get(own.machine(), 0)}
    return _Rest(
        mark=mark,
        salvaged=salvaged,
        counts={machine: number for machine, number in known.items() if number},
        journal_lost=len(lines) - len(records),
        recoded=recoded_file,
        kept=there or journal.stamp() is not None,
    )


def _read(disk: Disk, path: Path) -> bytes:
    try:
        return disk.read_all(path)
    except OSError as error:
        raise cannot_read(error, path) from error


def _mark_of(text: bytes) -> FileMark:
    """The mark in the first line, if that line is whole."""
    head = text.split(b"\n", 1)[0].rstrip(b",") + b"}"
    try:
        return marked(msgspec.json.decode(head, type=dict[str, dict[str, object]])[META])
    except (*UNDECODABLE, KeyError):
        return FileMark()


def read_damaged(text: bytes) -> SourceContent:
    """Every document in the remains of a data file, even of one that was saved in the encoding GB 18030."""
    try:
        return SourceContent(source="file", tables=parse_tables(recoded(text) or text))
    except WrongShape:
        return _by_line(_readable(text))


def _readable(text: bytes) -> bytes:
    """The text as UTF-8 if all of it can be read as GB 18030 and not as UTF-8, else as it is."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        with contextlib.suppress(UnicodeDecodeError):
            return text.decode("gb18030").encode("utf-8")
    return text


def _by_line(text: bytes) -> SourceContent:
    tables: Tables = {}
    table: dict[str, bytes] | None = None
    again: list[tuple[str, bytes]] = []
    lost = 0
    for line in text.split(b"\n"):
        found, heading = _DOCUMENT.match(line), _HEADING.fullmatch(line)
        if heading is not None:
            table = tables.setdefault(heading[1].decode("utf-8", "replace"), {})
        elif found is not None and table is not None:
            body = line[found.end() :].rstrip().rstrip(b",")
            whole, key = _whole(body), found[1].decode("utf-8", "replace")
            if whole is None:
                lost += 1
            elif key in table and table is tables.get(CASES):
                again.append((key, whole))
            else:
                table[key] = whole
        elif len(line) > 20 and table is not None:
            lost += 1
    tables.pop(META, None)
    return SourceContent(source="file", tables=tables, again=tuple(again), lost=lost)


def _whole(body: bytes) -> bytes | None:
    """The document, even when what closes the file follows it on the same line."""
    for end in (len(body), len(body) - 1, len(body) - 2):
        if _is_object(body[:end]):
            return body[:end]
    return None


def _is_object(raw: bytes) -> bool:
    try:
        msgspec.json.decode(raw, type=dict[str, object])
    except UNDECODABLE:
        return False
    return True


def _of_journal(record: Record) -> SourceContent:
    """The documents of one save."""
    tables: Tables = {}
    for table, key, raw in record.ops:
        if raw != NOTHING:
            tables.setdefault(table, {})[key] = bytes(raw)
    return SourceContent(source="journal", tables=tables)


class _Union:
    """The cases of several sources, as they are united one after the other."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.left_out: dict[str, bytes] = {}
        """A document that does not hold together for each number of which one was found."""
        self.from_own: set[str] = set()
        """The cases that the own record had more of."""
        self._first: dict[str, tuple[str, bytes, SalvageSource]] = {}
        self._others: list[tuple[SalvageSource, bytes, Case | Tombstone]] = []
        self._revisions: dict[str, int] = {}

    def take(self, source: SalvageSource, key: str, raw: bytes) -> bool:
        """Take note of a document; False where it is no case."""
        try:
            value = any_case(raw)
        except (*UNDECODABLE, ValueError):
            return False
        known = self._first.get(value.id)
        if known is not None and known[1] == raw:
            return True
        if isinstance(value, Case) and broken_link(topological(value.history)) is not None:
            self.left_out[value.ref] = raw
        elif known is None:
            self._put(value, key, raw, source)
        elif isinstance(value, Case) and not value.history:
            if value.revision > self._revisions[value.id]:
                self._put(value, known[0], raw, source)
        else:
            self._others.append((source, raw, value))
        return True

    def _put(self, value: Case | Tombstone, key: str, raw: bytes, source: SalvageSource) -> None:
        if b'"previous"' in raw:  # perhaps a history of version 1
            bare = {**msgspec.json.decode(raw, type=Tree), "history": []}
            raw = document(value, msgspec.json.encode(bare))
        self._first[value.id] = (key, raw, source)
        self._revisions[value.id] = value.revision

    def unite(self, saves: Iterable[OwnSave]) -> dict[str, SalvageSource]:
        """Put everything on the shelf; from where the last of each case came, by its id."""
        self._lay()
        taken = {case_id: source for case_id, (_, _, source) in self._first.items()}
        uniter = Uniter(self.shelf)
        for source, raw, value in self._others:
            before, refused = uniter.changed.get(value.id), len(uniter.refused)
            uniter.unite(value)
            if len(uniter.refused) > refused:
                self.left_out.setdefault(value.ref, raw)
            elif uniter.changed.get(value.id) is not before:
                taken[value.id] = source
        refs = uniter.refused[:]
        changes: dict[str, list[Change]] = {}
        for saved in saves:
            for kept in saved.cases:
                changes.setdefault(kept.id, []).extend(kept.changes)
            for erased in saved.erased:
                taken.setdefault(erased.id, "own")
                uniter.unite(erased)
        for case_id, made in changes.items():
            before = uniter.changed.get(case_id)
            uniter.add(case_id, made)
            if uniter.changed.get(case_id) is not before:
                taken.setdefault(case_id, "own")
                self.from_own.add(case_id)
        for ref in uniter.refused[len(refs) :]:
            self.left_out.setdefault(ref, b"")
        self.shelf.apply(uniter.ops())
        return taken

    def sound(self, ref: str) -> bool:
        """Whether there is a case of that number on the shelf."""
        return any(head_of(raw).ref == ref for _, raw in self.shelf.documents(CASES))

    def _lay(self) -> None:
        """Put each first document under its key, or under a new one where two sources used it for different cases."""
        self.shelf.need(CASES)
        homeless: list[bytes] = []
        for key, raw, _ in self._first.values():
            if key.isdecimal() and not self.shelf.has(CASES, key):
                self.shelf.put(CASES, key, raw)
            else:
                homeless.append(raw)
        free = 1 + max(map(int, self.shelf.keys(CASES)), default=0)
        for number, raw in enumerate(homeless, free):
            self.shelf.put(CASES, str(number), raw)


def _united(sources: Iterable[SourceContent], saves: Iterable[OwnSave]) -> Salvaged:
    """The union of what the sources have of each case, and of everything else what the first source has."""
    union = _Union()
    aside: list[bytes] = []
    tables: Tables = {CASES: {}}
    lost = 0
    for found in sources:
        lost += found.lost
        for name, table in found.tables.items():
            if name not in (META, CASES):
                whole = {key: raw for key, raw in table.items() if _is_object(raw)}
                lost += len(table) - len(whole)
                tables[name] = {**whole, **tables.get(name, {})}
        for key, raw in (*found.tables.get(CASES, {}).items(), *found.again):
            if not union.take(found.source, key, raw):
                aside += [raw] if _is_object(raw) else []
                lost += not _is_object(raw)
    taken = union.unite(saves)
    tables[CASES] = dict(union.shelf.documents(CASES))
    unreadable = len(aside)
    aside += [raw for ref, raw in union.left_out.items() if raw and not union.sound(ref)]
    kept = dict.fromkeys([*tables.pop(UNREADABLE, {}).values(), *aside])
    if kept:
        tables[UNREADABLE] = {str(number): raw for number, raw in enumerate(kept, 1)}
    return Salvaged(
        tables=tables,
        cases=taken,
        lost=lost,
        unreadable=unreadable,
        from_own=len(union.from_own),
        left_out=tuple(sorted(union.left_out)),
    )
