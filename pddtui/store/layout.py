"""The layout of the data file.

It is plain TinyDB JSON with the mark of its generation in the first line and one document on each of the others, so
that it can be read in slices, searched, compared and salvaged.

    {"_meta":{"1":{"app":"pddtui","schema":2,…}},
    "cases":{
    "1":{…},
    "2":{…}
    }}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct

from pddtui.domain.history import Tree
from pddtui.durable import CHUNK
from pddtui.store.disk import Disk

__all__ = [
    "APP",
    "CASES",
    "META",
    "SCHEMA",
    "UNDECODABLE",
    "UNKNOWN",
    "DocumentPlace",
    "FileMark",
    "WrongShape",
    "file_pieces",
    "marked",
    "outline",
]

APP = "pddtui"
META = "_meta"
CASES = "cases"
SCHEMA = 2
"""The version of the documents that this program writes."""

UNKNOWN = 1 << 30
"""The schema of a file whose mark cannot be understood; newer than any."""

MOST_ANCESTORS = 24
"""How many ancestors a file names, so that a journal of one of them is recognised as folded."""

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises where bytes are not JSON, not UTF-8, or nested deeper than anything of ours."""

_HEADING = re.compile(rb'"([^"\\]+)":\{\Z')
_DOCUMENT = re.compile(rb'"([^"\\]+)":(?=\{)')


Documents = Iterable[tuple[str, bytes]]
"""Keys and documents of one table, as JSON."""


class FileMark(Struct, frozen=True, kw_only=True):
    """The first line of the file, which describes this generation of it."""

    app: str = ""
    schema: int = 0
    """0 for a file without a mark, as stock TinyDB writes it."""
    gen: int = 0
    token: str = ""
    """The random name of this generation; a journal names the one to which it belongs."""
    past: tuple[str, ...] = ()
    """The tokens of earlier generations, the last one first."""
    folded: int | None = None
    """The length of the journal of `past[0]`, where this file holds exactly all of it."""
    check: int = 0
    """CRC-32 of that journal, as a copy of the file elsewhere may have folded another one of the same length."""
    counts: dict[str, int] = {}
    """How many saves of each machine it holds, by the name of the machine."""

    def grew_from(self, token: str) -> bool:
        """Whether it is that generation of the file, or one that came of it; False also where that is too long ago."""
        return token in (self.token, *self.past)

    def next(
        self, token: str, schema: int, *, counts: Mapping[str, int], folded: int | None = None, check: int = 0
    ) -> FileMark:
        """The mark of the generation after this one, which holds these saves."""
        past = (self.token, *self.past)[:MOST_ANCESTORS] if self.token else self.past
        return FileMark(
            app=APP,
            schema=schema,
            gen=self.gen + 1,
            token=token,
            past=past,
            folded=folded,
            check=check,
            counts=dict(sorted(counts.items())),
        )


class DocumentPlace(NamedTuple):
    """Where a document stands in the file."""

    table: str
    key: str
    offset: int
    length: int


class WrongShape(ValueError):
    """The bytes do not have the shape that was asked for."""


def marked(meta: Tree) -> FileMark:
    """The mark in the `_meta` table, or that of schema 0 when there is none.

    Of one that cannot be understood only the program and the schema are given, since there is a mark all the same.
    """
    found = meta.get("1", {})
    if isinstance(found, dict) and "schema" not in found and found.get("app") != APP:
        return FileMark()
    try:
        mark = msgspec.convert(found, type=FileMark)
        if isinstance(found, dict) and "schema" in found and mark.schema >= 0:
            return mark
    except msgspec.ValidationError:
        pass
    return FileMark(app=APP, schema=_newer_schema(found))


def _newer_schema(found: object) -> int:
    """The schema in a mark that is not as ours, if a newer schema explains it."""
    given = found.get("schema") if isinstance(found, dict) else None
    try:
        schema = msgspec.convert(given, type=int, strict=False)
    except msgspec.ValidationError:
        return UNKNOWN
    return schema if schema > SCHEMA else UNKNOWN


def first_line(disk: Disk, fd: int) -> tuple[Tree, int]:
    """The `_meta` table and the offset of the second line. `WrongShape` when the file does not begin with one."""
    head = disk.read(fd, CHUNK, 0)
    end = head.find(b"\n")
    if end < 0 or not head.startswith(b'{"_meta":') or head[end - 1 : end] != b",":
        raise WrongShape("the first line is not the mark")
    try:
        meta = msgspec.json.decode(head[len(b'{"_meta":') : end - 1], type=Tree)
    except UNDECODABLE as error:
        raise WrongShape(str(error)) from error
    return meta, end + 1


def outline(disk: Disk, fd: int, size: int) -> tuple[Tree, Iterator[tuple[DocumentPlace, memoryview]]]:
    """The `_meta` table and where each document is, with its text. `WrongShape` when it is not our layout.

    The file is read in slices, so the text of a document holds only until the next one is asked for.
    """
    meta, offset = first_line(disk, fd)
    return meta, _entries(disk, fd, offset, size)


def _entries(disk: Disk, fd: int, offset: int, size: int) -> Iterator[tuple[DocumentPlace, memoryview]]:
    table: str | None = None
    closed = False
    for start, lines, at, last in _slices(disk, fd, offset, size):
        view, begin = memoryview(lines), at
        while begin < last:
            end = lines.index(b"\n", begin)
            if closed:
                raise WrongShape("something follows the end")
            if table is None:
                heading = _HEADING.match(lines, begin, end)
                if heading is None:
                    raise WrongShape("a table was expected")
                table = _name(heading[1])
            elif lines[begin : min(begin + 3, end)] in (b"},", b"}}"):
                table, closed = None, lines.startswith(b"}}", begin)
            else:
                document = _DOCUMENT.match(lines, begin, end)
                if document is None or not lines.endswith((b"}", b"},"), begin, end):
                    raise WrongShape("a document was expected")
                first, stop = document.end(), end - lines.endswith(b",", begin, end)
                yield DocumentPlace(table, _name(document[1]), start + first, stop - first), view[first:stop]
            begin = end + 1
    if not closed:
        raise WrongShape("the end is missing")


def _name(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise WrongShape("a name is not UTF-8") from error


def _slices(disk: Disk, fd: int, offset: int, size: int) -> Iterator[tuple[int, bytes, int, int]]:
    """Bytes of the file from `offset` on, with their own offset and where the whole lines in them begin and end.

    A last line without its end is a `WrongShape`. Only a line that two slices share is copied.
    """
    rest = b""
    while offset < size:
        chunk = disk.read(fd, CHUNK, offset)
        if not chunk:
            raise WrongShape("the file is shorter than it said")
        first = chunk.find(b"\n") + 1 if rest else 0
        last = chunk.rfind(b"\n") + 1
        if rest and first:
            line = rest + chunk[:first]
            yield offset - len(rest), line, 0, len(line)
            rest = b""
        if last > first:
            yield offset, chunk, first, last
        rest += chunk[last:]
        offset += len(chunk)
    if rest:
        raise WrongShape("the last line has no end")


def file_pieces(meta: Tree, tables: Iterable[tuple[str, Documents]]) -> Iterator[tuple[bytes, DocumentPlace | None]]:
    """The pieces of a data file in order; with one that ends with a document, where that will be."""
    opening = b'{"_meta":' + msgspec.json.encode(meta) + b",\n"
    offset = 0
    for name, documents in tables:
        lead = opening + msgspec.json.encode(name) + b":{\n"
        opening = lead + b"},\n"
        for key, document in documents:
            lead += msgspec.json.encode(key) + b":"
            yield lead + document, DocumentPlace(name, key, offset + len(lead), len(document))
            offset += len(lead) + len(document)
            lead, opening = b",\n", b"\n},\n"
    yield opening[:-2] + b"}\n", None
