"""The codec of a case: between the value and the document that is stored for it.

The document is the JSON of the case; what a newer version, another program or a person added to it survives every
save. For a look, less than the whole case is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct, field

from pddtui.domain.case import Amendment, Case, Contact, Person
from pddtui.domain.history import UNRECORDED, Change, Tree
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = [
    "DEPTHS",
    "Depth",
    "FirstLook",
    "Head",
    "Outline",
    "Spoken",
    "Tombstone",
    "any_case",
    "decode_case",
    "document",
    "head_of",
    "tombstone",
]


class Tombstone(Struct, frozen=True, kw_only=True):
    """What is left of a case that was erased on purpose: its number, so that it is never given again."""

    id: str
    ref: str
    revision: int
    erased: bool = True


class Head(Struct):
    """What must be known of every document before the case in it is asked for."""

    id: str
    ref: str
    revision: int = 0
    erased: object = False


class Spoken(Case, frozen=True, kw_only=True):
    """A case whose history stays unread, as it is looked for under a name that nothing has. Never to be saved."""

    history: tuple[Change, ...] = field(default=(), name="history, unread")


class _Moment(Contact, frozen=True, kw_only=True):
    """As much of a contact as shows whose turn it is and what is due; the rest stays unread in the same way."""

    id: str = field(default="", name="id, unread")
    recorded_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), name="recorded_at, unread")
    person: Person = field(default=Person(), name="person, unread")
    summary: str = field(default="", name="summary, unread")
    evidence: tuple[str, ...] = field(default=(), name="evidence, unread")
    amendments: tuple[Amendment, ...] = field(default=(), name="amendments, unread")


class Outline(Case, frozen=True, kw_only=True):
    """A case without the words of its log and without its history. Never to be saved."""

    history: tuple[Change, ...] = field(default=(), name="history, unread")
    contacts: tuple[_Moment, ...] = ()


FirstLook = Callable[[memoryview], object]
"""Makes something of a case while the file is read for the first time; a `ValueError` leaves it for later."""

Depth = Literal["heads", "outlines", "spoken", "cases"]
"""How much of each case is decoded while the data file is read for the first time."""

DEPTHS: dict[Depth, type[Head | Case]] = {"heads": Head, "outlines": Outline, "spoken": Spoken, "cases": Case}

head_of = msgspec.json.Decoder(Head).decode
"""Gives the head of a stored document. Raises `msgspec.DecodeError` where it has none."""

tombstone = msgspec.json.Decoder(Tombstone).decode


def decode_case(raw: bytes) -> Case | Tombstone:
    """The case in a stored document. Raises `msgspec.DecodeError` where it is not one."""
    if b'"erased":true' in raw and head_of(raw).erased is True:
        return tombstone(raw)
    return msgspec.json.decode(raw, type=Case)


def any_case(raw: bytes) -> Case | Tombstone:
    """The case in a document of any version. Raises `msgspec.DecodeError` or `ValueError` where it is not one."""
    if b'"previous"' not in raw:
        return decode_case(raw)
    found = msgspec.json.decode(raw, type=_Chained)
    case = msgspec.json.decode(raw, type=Case)
    if any(each.previous is not None for each in found.history):
        from pddtui.domain.chain import from_chain, links_of  # only a file of the first version has one

        return from_chain(case, links_of(raw))
    return case


class _Entry(Struct):
    previous: str | None = None


class _Chained(Struct):
    history: list[_Entry] = []


def document(value: Case | Tombstone, stored: bytes | None) -> bytes:
    """The document to store for the case in place of the one `stored` before.

    `Refused` when a text holds a lone surrogate, which no file can hold.
    """
    try:
        new = msgspec.json.encode(value)
    except UnicodeEncodeError as error:
        raise Refused(msg("The text contains half a character, left by a broken paste: type it again.")) from error
    if stored is None or isinstance(value, Tombstone) or msgspec.json.encode(decode_case(stored)) == stored:
        return new
    old = msgspec.json.decode(stored, type=Tree)
    return msgspec.json.encode(_kept(old, value, msgspec.json.decode(new, type=Tree)))


def _kept(old: Mapping[str, object], value: Struct, tree: Tree) -> Tree:
    """The tree of a value, with every key of the old document that its type does not know."""
    for name in value.__struct_fields__:
        if name in UNRECORDED:  # a history has nothing that is not ours, and one of version 1 is another
            continue
        tree[name] = _inside(old.get(name), getattr(value, name), tree[name])
    return {**tree, **{key: item for key, item in old.items() if key not in tree}}


def _inside(old: object, value: object, tree: object) -> object:
    if isinstance(value, Struct) and isinstance(old, dict) and isinstance(tree, dict):
        return _kept(old, value, tree)
    if isinstance(value, tuple) and isinstance(old, list) and isinstance(tree, list):
        return _matched(old, value, tree)
    return tree


def _matched(olds: Sequence[object], values: Sequence[object], trees: Sequence[object]) -> list[object]:
    """The trees of a list, each with the keys of the old thing of the same id, wherever that stood."""
    known = {str(old["id"]): old for old in olds if isinstance(old, dict) and "id" in old}
    if not known:
        return list(trees)
    return [
        _inside(known.get(str(tree.get("id"))), value, tree) if isinstance(tree, dict) else tree
        for value, tree in zip(values, trees, strict=True)
    ]
