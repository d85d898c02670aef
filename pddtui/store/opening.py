"""Opening what is found at the place of the data file: ours, damaged, empty, or somebody else's.

Pure: bytes and circumstances come in; tables, or the sentence with which to refuse, come out. Nothing starts empty by
accident, and nothing damaged is written over.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Raw, Struct

from pddtui.message import Message, msg, plural
from pddtui.store.layout import SCHEMA, UNDECODABLE, UNKNOWN, WrongShape

__all__ = [
    "FileState",
    "FilesBeside",
    "Tables",
    "inert",
    "journal_warnings",
    "loosened",
    "mending_warnings",
    "parse_tables",
    "read_only",
    "recoded",
    "refusal",
    "refused_warnings",
    "sniff",
    "union_warnings",
]

FileState = Literal["ours", "missing", "empty", "recoded", "damaged", "foreign"]
"""`recoded` is ours in another encoding, `damaged` was ours once, `foreign` never was."""

SNIFFED = (b'"_meta"', b'"cases"', b'"revision"')
"""What every data file of ours has, at its head or in each of its documents."""

Tables = dict[str, dict[str, bytes]]
"""Table, key, document as JSON."""


class FilesBeside(Struct, frozen=True, kw_only=True):
    """What shows that there was a data file: the things beside it."""

    journal: bool = False
    backups: int = 0
    kept: bool = False
    """The last session that held the lock noted that it had a data file."""

    @property
    def anything(self) -> bool:
        return self.journal or self.backups > 0 or self.kept


def refusal(state: FileState, beside: FilesBeside, path: str) -> Message | None:
    """Why the data file must not be opened, or None when it may."""
    if state == "ours" or (state == "missing" and not beside.anything):
        return None
    if state == "missing":
        return msg(
            "The data file {path} is missing, but the files beside it are still there: put it back, or "
            "run `pddtui recover`.",
            path=path,
        )
    if state == "empty" and not (beside.journal or beside.backups):
        return msg(
            "The data file {path} is empty and has no backup: put the right file there, or start again "
            "with `pddtui recover --empty`.",
            path=path,
        )
    if state == "empty":
        return msg("The data file {path} is empty: run `pddtui recover` to get its cases back.", path=path)
    if state == "recoded":
        return msg(
            "The data file {path} was saved in another encoding (GB 18030) by another program. Nothing "
            "was changed; run `pddtui recover` to convert it back to UTF-8.",
            path=path,
        )
    if state == "damaged" or beside.anything:
        return msg("The data file {path} is damaged. Nothing was changed; run `pddtui recover`.", path=path)
    return msg("{path} is not a data file of pddtui: choose another one with --file.", path=path)


def read_only(path: str, *, schema: int, closed: str | None, network: str | None = None) -> Message | None:
    """Why the data file may only be read, or None. `closed` is a file that a save needs and that cannot be written."""
    if schema == UNKNOWN:
        return msg(
            "The mark in the first line of {path} is unknown, perhaps from a newer pddtui. The file is "
            "read-only here: update pddtui, or restore a backup.",
            path=path,
        )
    if schema > SCHEMA:
        return msg(
            "{path} was written by a newer pddtui (schema {schema}, this one knows {known}) and is "
            "read-only here: update pddtui.",
            path=path,
            schema=schema,
            known=SCHEMA,
        )
    if closed == path:
        return msg("You have no permission to write {path}: it is opened read-only.", path=path)
    if closed is not None:
        return msg(
            "You have no permission to write {closed}, which saving needs: {path} is opened read-only.",
            closed=closed,
            path=path,
        )
    if network is not None:
        return msg(
            "{path} is on a network file system ({kind}), where locks may not work: it is opened "
            "read-only. Set `trust_network` if no other machine uses it.",
            path=path,
            kind=network,
        )
    return None


def journal_warnings(*, damaged: int, foreign: int, renumbered: Sequence[tuple[str, str]]) -> tuple[Message, ...]:
    """What the user should know of the journal."""
    said: list[Message] = []
    if damaged:
        said.append(
            plural(
                "{n} save in the journal can no longer be read: a copy of the journal is kept with the backups.",
                "{n} saves in the journal can no longer be read: a copy of the journal is kept with the backups.",
                damaged,
            )
        )
    said += [
        msg(
            "{ref} from another copy of the data file is now {new}, because this file has a different {ref}.",
            ref=ref,
            new=new,
        )
        for ref, new in renumbered
    ]
    if foreign:
        said.append(
            plural(
                "The journal contains {n} save made on another copy of the data file: newer changes were "
                "merged, and copies of the journal and of the file are kept with the backups.",
                "The journal contains {n} saves made on another copy of the data file: newer changes were "
                "merged, and copies of the journal and of the file are kept with the backups.",
                foreign,
            )
        )
    return tuple(said)


def mending_warnings(doubled: Collection[str], *, sides: bool, lost: str | None) -> tuple[Message, ...]:
    """What the user should know where the file itself held something twice; `lost` is one that is not there."""
    said: list[Message] = []
    if lost is not None:
        said.append(
            msg(
                "There is no data file {path}, although this machine saved cases there: `pddtui recover` gets them "
                "back; the next save begins a new file.",
                path=lost,
            )
        )
    if sides:
        said.append(
            msg(
                "The data file has git's conflict markers: both sides were united, and the next save writes the result."
            )
        )
    if doubled:
        said.append(
            msg(
                "{refs} stood in the data file twice: both were united, and the next save writes one.",
                refs=tuple(sorted(doubled)),
            )
        )
    return tuple(said)


def union_warnings(returned: Collection[str], contacts: int, erased: Collection[str]) -> tuple[Message, ...]:
    """What the user should know where the file was not the one that was last here."""
    said: list[Message] = []
    if returned:
        refs: tuple[str | Message, ...] = tuple(sorted(returned))
        if contacts:
            refs = (*refs, plural("{n} contact", "{n} contacts", contacts))
        said.append(
            msg(
                "The data file is not the one last saved here. What it lacks was united with it ({what}); the next "
                "save writes it all.",
                what=refs,
            )
        )
    if erased:
        said.append(
            msg(
                "{refs} was erased for good on another machine, with what was written in it here.",
                refs=tuple(sorted(erased)),
            )
        )
    return tuple(said)


def refused_warnings(refused: Sequence[str]) -> tuple[Message, ...]:
    """What the user should know of changes that could not be united."""
    if not refused:
        return ()
    return (
        msg(
            "Changes of {refs} do not hold together and were left out: put back a copy or an export that has all of "
            "them, or import it.",
            refs=tuple(sorted(set(refused))),
        ),
    )


def parse_tables(text: bytes) -> Tables:
    """The tables in the text of a TinyDB file. `WrongShape` when it is not one.

    It takes any layout, a byte order mark, and the values that only Python's own `json` writes; slower than
    `layout.outline`, and only for files to which that does not apply.
    """
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongShape(str(error)) from error
    try:
        tables = msgspec.json.decode(text, type=dict[str, dict[str, Raw]])
    except UNDECODABLE:
        return _parse_loosely(text)
    return _checked({name: {key: bytes(raw) for key, raw in table.items()} for name, table in tables.items()})


def _parse_loosely(text: bytes) -> Tables:
    try:
        tables: object = inert(json.loads(text.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise WrongShape(str(error)) from error
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise WrongShape("the tables are missing")
    encode = msgspec.json.encode
    return _checked({name: {key: encode(item) for key, item in table.items()} for name, table in tables.items()})


def _checked(tables: Tables) -> Tables:
    if not all(document.lstrip().startswith(b"{") for table in tables.values() for document in table.values()):
        raise WrongShape("a document is not an object")
    return tables


def sniff(text: bytes) -> FileState:
    """The state of a data file whose text `parse_tables` does not take."""
    if not text.strip(b"\0 \t\r\n"):
        return "damaged" if text.strip() else "empty"
    if text.strip() == b"null":
        return "empty"
    if recoded(text) is not None:
        return "recoded"
    if _is_json(text):
        return "foreign"
    return "damaged" if any(trace in text for trace in SNIFFED) else "foreign"


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except UNDECODABLE:
        return False
    return True


def recoded(text: bytes) -> bytes | None:
    """The text in UTF-8 if it is a TinyDB file that was saved in the encoding GB 18030, else None."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        try:
            turned = text.decode("gb18030").encode("utf-8")
            parse_tables(turned)
        except (UnicodeDecodeError, WrongShape):
            return None
        return turned
    return None


def loosened(document: bytes) -> bytes | None:
    """The document without what only Python's own `json` writes, or None when even that cannot read it."""
    try:
        return msgspec.json.encode(inert(json.loads(document)))
    except (ValueError, RecursionError):
        return None


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
