"""Reading a data file that another program wrote.

It takes any layout of TinyDB's JSON, a byte order mark, and the values that only Python's own `json`
writes. Slower than `layout.outline`, and only used where that one does not apply.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Mapping

import msgspec
from msgspec import Raw

from pddtui.store.layout import Shape

__all__ = ["Tables", "inert", "loosened", "parse", "recoded"]

Tables = dict[str, dict[str, bytes]]
"""Table, key, document as JSON."""


def parse(text: bytes) -> Tables:
    """The tables in the text of a TinyDB file. `Shape` when it is not one."""
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Shape(str(error)) from error
    try:
        tables = msgspec.json.decode(text, type=dict[str, dict[str, Raw]])
    except msgspec.DecodeError:
        return _parse_loosely(text)
    return _checked({name: {key: bytes(raw) for key, raw in table.items()} for name, table in tables.items()})


def _parse_loosely(text: bytes) -> Tables:
    try:
        tables: object = inert(json.loads(text.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise Shape(str(error)) from error
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise Shape("the tables are missing")
    encode = msgspec.json.encode
    return _checked({name: {key: encode(item) for key, item in table.items()} for name, table in tables.items()})


def recoded(text: bytes) -> bytes | None:
    """The text as UTF-8 if it is a TinyDB file that was saved in the encoding GB 18030, else None."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        try:
            turned = text.decode("gb18030").encode("utf-8")
            parse(turned)
        except (UnicodeDecodeError, Shape):
            return None
        return turned
    return None


def loosened(document: bytes) -> bytes | None:
    """The document without what only Python's own `json` writes, or None when it is no JSON for that either."""
    try:
        return msgspec.json.encode(inert(json.loads(document)))
    except (ValueError, RecursionError):
        return None


def _checked(tables: Tables) -> Tables:
    if not all(document.lstrip().startswith(b"{") for table in tables.values() for document in table.values()):
        raise Shape("a document is not an object")
    return tables


def inert(value: object) -> object:
    """The value without what JSON cannot say: lone surrogates become U+FFFD, NaN and infinity null."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(inert(str(key))): inert(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [inert(item) for item in value]
    return value
