"""What a data file holds twice: the two sides between git's conflict markers, and documents under one key.

git writes both sides into the file where it cannot merge them, line by line. Every line is a document, so that each
side can be read as long as all its lines are whole; where one is not, or an end is missing, the file is damaged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct

from pddtui.domain.history import Tree
from pddtui.store.layout import CASES, META, UNDECODABLE, WrongShape, marked
from pddtui.store.opening import parse_tables
from pddtui.store.shelf import Shelf

__all__ = ["Spare", "sides_of"]

_MARKER = re.compile(rb"(?P<run><{7,}|\|{7,}|={7,}|>{7,})(?: .*)?")
_HEADING = re.compile(rb'"([^"\\]{1,100})":\{')
_DOCUMENT = re.compile(rb'"([^"\\]{1,100})":(?=\{)')

_Side = Literal["both", "ours", "base", "theirs"]
_NEXT: Mapping[bytes, tuple[_Side, tuple[_Side, ...]]] = MappingProxyType({
    b"<": ("ours", ("both",)),
    b"|": ("base", ("ours",)),
    b"=": ("theirs", ("ours", "base")),
    b">": ("both", ("theirs",)),
})  # fmt: skip
"""What follows a marker, and what may stand before it."""


class Spare(Struct, frozen=True):
    """What stands in the file beside the documents of the shelf."""

    documents: tuple[bytes, ...] = ()
    """Documents of the table of cases, to be united with it."""
    counts: Mapping[str, int] = MappingProxyType({})
    """How many saves of each machine are in them."""
    sides: bool = False
    """Whether the file has conflict markers."""


def sides_of(text: bytes) -> tuple[Tree, Shelf, Spare] | None:
    """Our side of a file with conflict markers, mark and documents, and beside it theirs.

    None where there are none, or where a line between them or around them is not whole.
    """
    if b"<<<<<<<" not in text or b">>>>>>>" not in text:
        return None
    lines = _told_apart(text)
    if lines is None:
        return None
    found = [_documents(side) for side in lines]
    ours, theirs = (each or _whole_file(side) for each, side in zip(found, lines, strict=True))
    if ours is None or theirs is None:
        return None
    shelf, spare = Shelf(), list[bytes]()
    shelf.need(CASES)
    for n, (_, documents) in enumerate((ours, theirs)):
        for table, key, document in documents:
            if not shelf.has(table, key) and not (n and table == CASES):
                shelf.put(table, key, document)
            elif table == CASES and shelf.get(table, key) != document:
                spare.append(document)
    return ours[0], shelf, Spare(tuple(spare), marked(theirs[0]).counts, sides=True)


_Found = tuple[Tree, list[tuple[str, str, bytes]]]
"""The table of the mark; table, key and document of all the others, as often as they are there."""


def _told_apart(text: bytes) -> tuple[list[bytes], list[bytes]] | None:
    """The lines of both sides; None where the markers do not follow each other."""
    ours, theirs = list[bytes](), list[bytes]()
    side: _Side = "both"
    length = 0
    for line in text.replace(b"\r\n", b"\n").split(b"\n"):
        marker = _MARKER.fullmatch(line)
        run = marker["run"] if marker is not None else b""
        if marker is not None and (side == "both" or len(run) == length):  # markers in the base are longer
            following, before = _NEXT[run[:1]]
            if side not in before:
                return None
            side, length = following, len(run)
        elif side == "both":
            ours.append(line)
            theirs.append(line)
        elif side != "base":
            (ours if side == "ours" else theirs).append(line)
    return (ours, theirs) if side == "both" else None


def _documents(lines: list[bytes]) -> _Found | None:
    """What one side holds, line by line; where git joined the lines, commas may be missing or too many."""
    first, *rest = [line.strip() for line in lines if line.strip()] or [b""]
    meta = _object(first.removesuffix(b",") + b"}").get(META)
    if not isinstance(meta, dict):
        return None
    found: list[tuple[str, str, bytes]] = []
    table: str | None = None
    closed = False
    for line in rest:
        heading, document = _HEADING.fullmatch(line), _DOCUMENT.match(line)
        if closed:
            return None
        if table is None and heading is not None:
            table = heading[1].decode("utf-8", "replace")
        elif table is not None and line in (b"},", b"}}"):
            table, closed = None, line == b"}}"
        elif table is not None and document is not None:
            raw = line[document.end() :].removesuffix(b",")
            if not _object(raw):
                return None
            found.append((table, document[1].decode("utf-8", "replace"), raw))
        else:
            return None
    return (meta, found) if closed else None


def _whole_file(lines: list[bytes]) -> _Found | None:
    """One side that is a whole file by itself, laid out in another way."""
    try:
        tables = parse_tables(b"\n".join(lines))
        meta: Tree = {key: msgspec.json.decode(raw) for key, raw in tables.pop(META, {}).items()}
    except (WrongShape, *UNDECODABLE):
        return None
    return meta, [(name, key, raw) for name, table in tables.items() for key, raw in table.items()]


def _object(raw: bytes) -> Tree:
    """The object in the text; nothing in it where it is none."""
    try:
        return msgspec.json.decode(raw, type=Tree)
    except UNDECODABLE:
        return {}
