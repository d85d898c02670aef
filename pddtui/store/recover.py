"""Recovering a sound data file from what can still be read of a damaged one, its backups and its journal.

One document a line makes every whole line readable, whatever happened to the others. `plan` writes nothing; `recover`
is for after the user has agreed to the plan, and keeps the damaged file with the backups before a new one takes its
place.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from pddtui.durable import sweep
from pddtui.errors import Damaged
from pddtui.message import Message, msg, plural
from pddtui.store.backups import Backups
from pddtui.store.codec import decode_case
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
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Plan", "newest_backup", "plan", "recover"]

SalvageSource = Literal["file", "backup", "journal"]

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

    def count(self, source: SalvageSource) -> int:
        """How many cases were taken from that source."""
        return sum(1 for taken in self.cases.values() if taken == source)


class _Rest(Struct, frozen=True, kw_only=True):
    """What is left to recover from."""

    mark: FileMark
    """The newest mark there is."""
    salvaged: Salvaged
    journal_lost: int
    recoded: bool
    kept: bool


class _Best(Struct, frozen=True):
    """The newest document of a case so far, and where it was stored."""

    revision: int
    key: str
    raw: bytes
    source: SalvageSource


def plan(path: Path, surroundings: Surroundings | None = None) -> Plan:
    """What `recover` would write, without writing it."""
    around = surroundings or Surroundings()
    path = around.disk.spelled(path)
    return _planned(_salvage(path, around.disk)) if _broken(path, around) else _SOUND


def recover(path: Path, surroundings: Surroundings | None = None, *, empty: bool = False) -> Plan:
    """Write a sound data file from the best that is left, and return what went into it.

    `Damaged` when nothing is left, unless the user agreed to begin with an `empty` file.
    """
    around = surroundings or Surroundings()
    disk, path = around.disk, around.disk.spelled(path)
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
                    "Nothing could be recovered from {path}: put a copy of your own there, or start with an "
                    "empty file: `pddtui recover --empty`.",
                    path=str(path),
                )
            )
        journal, backups = Journal(path, disk), Backups(path, disk)
        fresh = msgspec.to_builtins(mark.next(os.urandom(8).hex(), SCHEMA, counts={}))
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


def _salvage(path: Path, disk: Disk) -> _Rest:
    """The best of the file, the newest backup and the journal."""
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
    sources += [of_journal((record,)) for record in reversed(records)]
    return _Rest(
        mark=mark,
        salvaged=best_of_sources(sources),
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
    lost = 0
    for line in text.split(b"\n"):
        document, heading = _DOCUMENT.match(line), _HEADING.fullmatch(line)
        if heading is not None:
            table = tables.setdefault(heading[1].decode("utf-8", "replace"), {})
        elif document is not None and table is not None:
            body = line[document.end() :].rstrip().rstrip(b",")
            whole = _whole(body)
            if whole is None:
                lost += 1
            else:
                table[document[1].decode("utf-8", "replace")] = whole
        elif len(line) > 20 and table is not None:
            lost += 1
    tables.pop(META, None)
    return SourceContent(source="file", tables=tables, lost=lost)


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


def of_journal(records: Iterable[Record]) -> SourceContent:
    """The last document of each key in these saves."""
    tables: Tables = {}
    for record in records:
        for table, key, raw in record.ops:
            if raw != NOTHING:
                tables.setdefault(table, {})[key] = bytes(raw)
    return SourceContent(source="journal", tables=tables)


def best_of_sources(sources: Iterable[SourceContent]) -> Salvaged:
    """The highest revision of each case, and of everything else what the first source has."""
    best: dict[str, _Best] = {}
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
        for key, raw in found.tables.get(CASES, {}).items():
            try:
                value = decode_case(raw)
            except (msgspec.DecodeError, ValueError):
                aside += [raw] if _is_object(raw) else []
                lost += not _is_object(raw)
                continue
            known = best.get(value.id)
            if known is None or known.revision < value.revision:
                place = key if known is None else known.key
                best[value.id] = _Best(value.revision, place, raw, found.source)
    _store(best.values(), tables[CASES])
    kept = dict.fromkeys([*tables.pop(UNREADABLE, {}).values(), *aside])
    if kept:
        tables[UNREADABLE] = {str(number): raw for number, raw in enumerate(kept, 1)}
    taken = {identity: item.source for identity, item in best.items()}
    return Salvaged(tables=tables, cases=taken, lost=lost, unreadable=len(aside))


def _store(documents: Iterable[_Best], table: dict[str, bytes]) -> None:
    """Put each document under its key, or under a new one where two sources used it for different cases."""
    homeless: list[bytes] = []
    for item in documents:
        if item.key.isdecimal() and item.key not in table:
            table[item.key] = item.raw
        else:
            homeless.append(item.raw)
    free = 1 + max(map(int, table), default=0)
    table.update({str(number): raw for number, raw in enumerate(homeless, free)})
