"""Uniting two data files that are only files: a merge of git, or the copy that a sync tool put beside the data file.

A data file in use has its lock and its journal beside it: it is saved as any session saves, so that an open window
sees what came. A file under a temporary name, as git hands it to a merge driver, gets nothing beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import structs

from pddtui.domain.case import Case
from pddtui.durable import Files, reason, unfinished
from pddtui.errors import BadInput, Damaged
from pddtui.message import msg
from pddtui.store.codec import Tombstone, any_case, document, head_of
from pddtui.store.disk import Surroundings, cannot_write
from pddtui.store.journal import NOTHING, decode_line
from pddtui.store.layout import APP, CASES, META, SCHEMA, UNDECODABLE, FileMark, WrongShape, file_pieces, marked
from pddtui.store.opening import parse_tables
from pddtui.store.own import joined
from pddtui.store.shelf import Shelf
from pddtui.store.storage import JournalStorage
from pddtui.store.tiny import TinyCaseStore, upgraded
from pddtui.store.uniting import Copy, Uniter

__all__ = [
    "cases_in",
    "copy_of_cases",
    "copy_of_text",
    "in_use",
    "merged_in",
    "read_copy",
    "unite_into",
    "united_cases",
]


def read_copy(path: Path, surroundings: Surroundings | None = None) -> Copy:
    """A data file as another machine left it, with the journal beside it; nothing is written and no lock is made.

    Raises `BadInput` where there is none, or one that cannot be read as ours.
    """
    around = surroundings or Surroundings()
    if path.suffix == ".journal":
        return _journal_alone(path, around)
    storage = _opened(path, around)
    reading = storage.reading
    copy = Copy(reading.shelf, reading.counts, tuple(reading.refused), reading.mark.token)
    storage.release()
    return copy


def _opened(path: Path, around: Surroundings) -> JournalStorage:
    """The documents of a file that must be there. To be let go of again."""
    around = structs.replace(around, own_records=None, trust_network=True)
    try:
        if not os.access(path, os.R_OK) and path.exists():
            raise PermissionError(13, os.strerror(13), str(path))
        path.stat()
        storage = JournalStorage(path, around, head_of)
    except (OSError, ValueError) as error:
        raise BadInput(msg("{file} cannot be read ({reason}).", file=str(path), reason=reason(error))) from error
    except Damaged as damaged:
        raise BadInput(msg("{file} is not a data file of pddtui, or it is damaged.", file=str(path))) from damaged
    if storage.reading.file is None:
        raise BadInput(msg("{file} is not a data file of pddtui, or it is damaged.", file=str(path)))
    if storage.reading.mark.schema > SCHEMA and storage.read_only is not None:
        said = storage.read_only
        storage.release()
        raise BadInput(said)
    return storage


def _journal_alone(path: Path, around: Surroundings) -> Copy:
    """The saves in a journal without its data file, whatever file they were made on."""
    try:
        lines = around.disk.read_all(path).split(b"\n")
    except (OSError, Damaged) as error:
        why = reason(error) if isinstance(error, OSError) else error.message
        raise BadInput(msg("{file} cannot be read ({reason}).", file=str(path), reason=why)) from error
    shelf = Shelf()
    records = [record for line in lines if (record := decode_line(line)) is not None]
    for number, record in enumerate(records):
        for n, (table, _, raw) in enumerate(record.ops):
            if table == CASES and raw != NOTHING:
                shelf.put(CASES, f"{number}.{n}", bytes(raw))
    if not records:
        raise BadInput(msg("{file} is not a data file of pddtui, or it is damaged.", file=str(path)))
    return _each_once(shelf)


def _each_once(shelf: Shelf) -> Copy:
    """The documents with all that is said of one case united."""
    whole = Shelf()
    uniter = Copy(shelf, {}).united_with(whole)
    whole.apply(uniter.ops())
    return Copy(whole, {})


def copy_of_text(text: bytes, name: str) -> Copy:
    """A data file that came without a place, such as from a pipe. Raises `BadInput` where it is none."""
    try:
        tables = parse_tables(text)
        mark = marked({key: msgspec.json.decode(raw) for key, raw in tables.pop(META, {}).items()})
    except (WrongShape, *UNDECODABLE):
        mark, tables = FileMark(), {}
    if mark.app != APP and CASES not in tables:
        raise BadInput(msg("{file} is not a data file of pddtui, or it is damaged.", file=name))
    shelf = Shelf()
    for key, raw in tables.get(CASES, {}).items():
        shelf.put(CASES, key, raw)
    return Copy(shelf, mark.counts)


def cases_in(copy: Copy) -> tuple[list[bytes], dict[str, str]]:
    """The documents of the cases in a copy, as this version writes them; the numbers of those erased there, by id.

    Raises `ValueError` or what `msgspec` raises where one is not a case.
    """
    documents: list[bytes] = []
    erased: dict[str, str] = {}
    for _, raw in copy.shelf.documents(CASES):
        value = any_case(raw)
        if isinstance(value, Case):
            documents.append(document(value, None))
        else:
            erased[value.id] = value.ref
    return documents, erased


def in_use(path: Path, surroundings: Surroundings | None = None) -> bool:
    """Whether somebody works on that file: a lock, a journal or backups stand beside it."""
    disk = (surroundings or Surroundings()).disk
    path = Path(os.path.realpath(path))
    beside = (path.with_name(f"{path.name}.{what}") for what in ("lock", "journal", "bak"))
    return any(disk.stat(place) is not None for place in beside)


def unite_into(path: Path, copy: Copy, surroundings: Surroundings | None = None) -> Uniter:
    """Unite the copy with a data file that somebody works on, in one save."""
    store = TinyCaseStore.open(path, surroundings=surroundings, depth="heads")
    try:
        return store.unite(copy)
    finally:
        store.close()


def merged_in(path: Path, copy: Copy, surroundings: Surroundings | None = None) -> Uniter:
    """Unite the copy with a data file that is only a file, and write it there, whole, with nothing beside it."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    storage = _opened(path, around)
    reading = storage.reading
    shelf = reading.shelf.copy()
    if reading.mark.schema < SCHEMA:
        for key, raw in reading.shelf.documents(CASES):
            shelf.put(CASES, key, upgraded(raw, reading.mark.schema))
    if reading.refused:  # written over, what does not hold would be gone
        storage.release()
        raise BadInput(
            msg("{file} holds something of {refs} that does not hold together: run `pddtui doctor` on it.",
                file=str(path), refs=tuple(sorted(set(reading.refused))))
        )  # fmt: skip
    uniter = copy.united_with(shelf)
    shelf.apply([*uniter.ops(), *copy.others(shelf)])
    shelf.need(CASES)
    counts = reading.counts if uniter.refused else joined(reading.counts, copy.counts)
    mark = reading.mark.next(os.urandom(8).hex(), SCHEMA, counts=counts)
    known = reading.meta.get("1")
    first = {**(known if isinstance(known, dict) else {}), **msgspec.to_builtins(mark)}
    pieces = file_pieces({**reading.meta, "1": first}, ((name, shelf.documents(name)) for name in shelf.names()))
    files = Files()
    try:
        with unfinished(path.parent, path.name, like=files.stat(path), files=files) as draft:
            files.write_all(draft.fd, (piece for piece, _ in pieces))
            draft.become(path)
    except OSError as error:
        raise cannot_write(error, path) from error
    finally:
        storage.release()
    return uniter


def copy_of_cases(cases: Iterable[Case], erased: Mapping[str, str] = MappingProxyType({})) -> Copy:
    """Cases that came in another form, as a copy, with the numbers of those that were erased, by id."""
    shelf = Shelf()
    shelf.need(CASES)
    gone = [Tombstone(id=case_id, ref=ref, revision=0) for case_id, ref in erased.items()]
    values: list[Case | Tombstone] = [*cases, *gone]
    for number, value in enumerate(values, 1):
        shelf.put(CASES, str(number), document(value, None))
    return Copy(shelf, {})


def united_cases(
    cases: Sequence[Case], erased: Mapping[str, str], copy: Copy
) -> tuple[Uniter, list[Case], dict[str, str]]:
    """The union of a copy with cases that are in no data file, all that it leads to, and all that is erased in it."""
    shelf = copy_of_cases(cases, erased).shelf
    uniter = copy.united_with(shelf)
    uniter.ops()
    here = {case.id: case for case in cases}
    changed = uniter.changed
    every = [changed.get(case_id, here.get(case_id)) for case_id in {**here, **changed}]
    gone = {each.id: each.ref for each in changed.values() if isinstance(each, Tombstone)}
    return uniter, [each for each in every if isinstance(each, Case)], {**erased, **gone}
