"""What can still be read of a damaged data file, its backups and its journal, and the best of each case.

Pure: bytes in, documents out. The layout of one document per line makes every whole line readable,
whatever happened to the others.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct

from pddtui.store.codec import decode
from pddtui.store.foreign import Tables, parse, recoded
from pddtui.store.journal import NOTHING, Record
from pddtui.store.layout import CASES, META, UNDECODABLE, Shape

__all__ = ["UNREADABLE", "Found", "Salvaged", "merge", "of_journal", "read_damaged"]

Source = Literal["file", "backup", "journal"]

UNREADABLE = "unreadable"
"""Table for documents of the table `cases` that are no cases, kept as they are."""

_HEADING = re.compile(rb'[,}\s]*"([^"\\]{1,100})":\{')
_DOCUMENT = re.compile(rb'\s*"([^"\\]{1,100})":(?=\{)')


class Found(Struct, frozen=True, kw_only=True):
    """What one source holds."""

    source: Source
    tables: Tables
    lost: int = 0
    """Lines that were documents once and cannot be read."""


class Salvaged(Struct, frozen=True, kw_only=True):
    """The best of all sources."""

    tables: Tables
    cases: dict[str, Source]
    """Id of each case to the source it was taken from."""
    lost: int
    """Lines of the damaged file that cannot be read; a backup may still have held the case."""
    unreadable: int
    """Documents that are kept aside because they are no cases."""

    def count(self, source: Source) -> int:
        """How many cases come from that source."""
        return sum(1 for taken in self.cases.values() if taken == source)


def read_damaged(text: bytes) -> Found:
    """Every document in the remains of a data file, also of one that was saved in the encoding GB 18030."""
    try:
        return Found(source="file", tables=parse(recoded(text) or text))
    except Shape:
        return _by_line(_readable(text))


def _readable(text: bytes) -> bytes:
    """The text as UTF-8 if all of it can be read as GB 18030 and not as UTF-8, else as it is."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        with contextlib.suppress(UnicodeDecodeError):
            return text.decode("gb18030").encode("utf-8")
    return text


def _by_line(text: bytes) -> Found:
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
    return Found(source="file", tables=tables, lost=lost)


def _whole(body: bytes) -> bytes | None:
    """The document, also when what closes the file stands behind it on the same line."""
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


def of_journal(records: Iterable[Record]) -> Found:
    """The last document of each key in these saves."""
    tables: Tables = {}
    for record in records:
        for table, key, raw in record.ops:
            if raw != NOTHING:
                tables.setdefault(table, {})[key] = bytes(raw)
    return Found(source="journal", tables=tables)


class _Best(Struct, frozen=True):
    """The newest document of a case so far, and where it was stored."""

    revision: int
    key: str
    raw: bytes
    source: Source


def merge(sources: Iterable[Found]) -> Salvaged:
    """Of each case the highest revision; of everything else what the first source has."""
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
                value = decode(raw)
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
