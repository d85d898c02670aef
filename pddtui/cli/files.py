"""Commands that take files in: the export of another machine, a table of contacts, evidence."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import click
import msgspec
from msgspec import Struct

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import command, flag, option, when
from pddtui.cli.streams import aside
from pddtui.domain.case import Case
from pddtui.domain.text import one_line
from pddtui.durable import reason
from pddtui.errors import BadInput, NotFound, Refused
from pddtui.message import Message, msg, plural
from pddtui.places import typed_path
from pddtui.services.evidence import EvidenceFolder, Kept, Progress, keep_file, opened
from pddtui.services.finding import find_tail
from pddtui.services.import_.apply import Arrival, take_in
from pddtui.services.inputs import NewEvidence

__all__ = []

_TABLES = frozenset({".csv", ".tsv"})


@command(
    "import",
    msg(
        "Import an export, a bundle or a data file (also from another machine) or a CSV table of contacts: "
        "all of it or nothing, and never twice."
    ),
)
@click.argument("source", metavar="FILE")
@option(
    "--case",
    "ref",
    metavar="REF",
    words=msg("The case that a CSV table belongs to (default: a case named like the file)."),
)
@option("--map", "names", metavar="date=…,said=…", words=msg("The names of the columns in the CSV table."))
@flag("--dry-run", words=msg("Only show what would happen."))
@click.pass_context
def import_command(ctx: click.Context, *, source: str, ref: str | None, names: str | None, dry_run: bool) -> None:
    from pddtui.services.import_.read_bundle import is_bundle
    from pddtui.services.import_.read_json import as_utf8, erased_in, read_export

    session = open_session(ctx)
    if ref or names or Path(source).suffix.casefold() in _TABLES:
        _import_sheet(session, source, ref, _mapping(names or ""), dry_run=dry_run)
        return
    with _opened(source) as content:
        if is_bundle(content):
            _import_bundle(session, content, source, dry_run=dry_run)
        else:
            text = as_utf8(content.read())
            found = _data_file(text, source)
            cases, erased = (text, erased_in(text)) if found is None else found
            _import_cases(session, read_export(cases, source), erased, dry_run=dry_run)


_MARK = 1 << 10
"""Bytes at the beginning of a data file in which its mark stands."""


class _Head(Struct):
    format: object = None


def _data_file(text: bytes, source: str) -> tuple[bytes, dict[str, str]] | None:
    """The cases in a data file and in the journal beside it, and those erased there; None for anything else."""
    with suppress(msgspec.MsgspecError, UnicodeError, RecursionError):
        if msgspec.json.decode(text, type=_Head).format is not None:
            return None
    from pddtui.services.import_.read_json import as_export
    from pddtui.store.merging import cases_in, copy_of_text, read_copy

    path = typed_path(source)
    try:
        copy = read_copy(path) if source != "-" and path.is_file() else copy_of_text(text, source)
        documents, erased = cases_in(copy)
    except (BadInput, msgspec.MsgspecError, ValueError) as error:
        if b'"_meta"' not in text[:_MARK]:
            return None
        if isinstance(error, BadInput):
            raise
        raise BadInput(msg("{file} is not a data file of pddtui, or it is damaged.", file=source)) from error
    return as_export(documents), erased


def _import_bundle(session: Session, content: BinaryIO, source: str, *, dry_run: bool) -> None:
    """The files of evidence first, so that no record is here without its file."""
    from pddtui.services.evidence import EvidenceFolder
    from pddtui.services.import_.read_bundle import opened_bundle

    folder = EvidenceFolder(session.places.evidence)
    with opened_bundle(content, source) as parcel:
        coming = parcel.coming(folder)
        files = plural("{n} evidence file", "{n} evidence files", len(coming))
        with parcel.delivered(() if dry_run else coming, folder):
            _import_cases(session, parcel.cases, dry_run=dry_run)
    if coming:
        said = msg("Would import: {counts}.", counts=files) if dry_run else msg("Imported: {counts}.", counts=files)
        session.tell(said)


def _import_cases(
    session: Session, cases: Sequence[Case], erased: Mapping[str, str] = MappingProxyType({}), *, dry_run: bool
) -> None:
    arrivals = take_in(
        session.store,
        cases,
        erased,
        handbook=session.handbook,
        dry_run=dry_run,
    )
    for arrival in arrivals:
        for message in _arrival_lines(arrival):
            session.tell(message)
    session.tell(_summary(arrivals, dry_run=dry_run))


def _import_sheet(session: Session, source: str, ref: str | None, names: dict[str, str], *, dry_run: bool) -> None:
    from pddtui.services.import_.read_csv import read_sheet, take_sheet

    rows = read_sheet(_content(source), source, session.now, names)
    case = session.casebook.find(ref) if ref else None
    title = one_line(Path(source).stem)
    came = take_sheet(session.casebook, session.ids, rows, file=source, title=title, case=case, dry=dry_run)
    for contact in came.added:
        promises = tuple(promise.text for promise in contact.promises)
        session.tell(msg("new: {at} {said}", at=contact.at, said=contact.summary))
        if promises:
            session.tell(msg("  promised: {promises}", promises=promises))
        if contact.at > session.now:
            session.note(msg("{at} is in the future: log a contact after it has happened.", at=contact.at))
    if not came.added:
        session.tell(msg("Nothing new: everything is already here."))
        return
    count = plural("{n} contact", "{n} contacts", len(came.added))
    where = msg("{ref} {title}", ref=came.ref or "+", title=came.title)
    said = msg("Would import {count} into {where}.", count=count, where=where)
    session.tell(said if dry_run else msg("Imported {count} into {where}.", count=count, where=where))


def _mapping(text: str) -> dict[str, str]:
    from pddtui.services.import_.read_csv import COLUMNS

    names: dict[str, str] = {}
    for pair in filter(None, text.replace("，", ",").split(",")):
        column, _, name = pair.partition("=")
        if column.strip() not in COLUMNS or not name.strip():
            raise Refused(
                msg("--map takes {columns}, each as COLUMN=NAME, not “{pair}”.", columns=tuple(COLUMNS), pair=pair)
            )
        names[column.strip()] = name.strip()
    return names


def _content(file: str) -> bytes:
    with _opened(file) as content:
        return content.read()


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`, seekable."""
    try:
        if file == "-":
            content: BinaryIO = io.BytesIO(sys.stdin.buffer.read())
        else:
            content = typed_path(file).open("rb")
            if not content.seekable():  # a pipe
                content = io.BytesIO(content.read())
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        why = reason(error)
        raise BadInput(msg("{file} cannot be read ({reason}); nothing was imported.", file=file, reason=why)) from error
    with content:
        yield content


def _arrival_lines(arrival: Arrival) -> Iterator[Message]:
    if arrival.kind == "erased":
        yield msg("left out: {ref} {title} was erased here for good", ref=arrival.ref, title=arrival.title)
    elif arrival.kind == "gone":
        yield msg("erased: {ref} {title} was erased there for good", ref=arrival.ref, title=arrival.title)
    elif arrival.kind == "new" and arrival.was is not None:
        yield msg(
            "new: {ref} {title} ({old} in the other file; that number is in use here)",
            ref=arrival.ref,
            title=arrival.title,
            old=arrival.was,
        )
    elif arrival.kind == "new":
        yield msg("new: {ref} {title}", ref=arrival.ref, title=arrival.title)
    elif arrival.was is not None:
        yield msg(
            "new number: {ref} {title} (it was {old}, which an older case from the other file has)",
            ref=arrival.ref,
            title=arrival.title,
            old=arrival.was,
        )
    elif arrival.places:
        yield msg("changed: {ref} {title}: {places}", ref=arrival.ref, title=arrival.title, places=arrival.places)
    for conflict in arrival.conflicts:
        yield msg("in conflict: {ref} {title}. {clash}", ref=arrival.ref, title=arrival.title, clash=conflict)
    for wrong in arrival.out_of_order:
        yield msg("out of order: {ref} {title}. {wrong}", ref=arrival.ref, title=arrival.title, wrong=wrong)


def _summary(arrivals: Sequence[Arrival], *, dry_run: bool) -> Message:
    new = sum(arrival.kind == "new" for arrival in arrivals)
    changed = sum(bool(arrival.places) for arrival in arrivals)
    clashes = sum(len(arrival.conflicts) for arrival in arrivals)
    gone = sum(arrival.kind == "gone" for arrival in arrivals)
    if not (new or changed or clashes or gone):
        return msg("Nothing new: everything is already here.")
    counts = (
        plural("{n} new case", "{n} new cases", new),
        plural("{n} changed", "{n} changed", changed),
        plural("{n} conflict", "{n} conflicts", clashes),
        *((plural("{n} erased", "{n} erased", gone),) if gone else ()),
    )
    return msg("Would import: {counts}.", counts=counts) if dry_run else msg("Imported: {counts}.", counts=counts)


@command("schema", msg("Print the JSON Schema of the export."))
def schema_command() -> None:
    from pddtui.services.export.json import schema

    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2).encode())


_LARGE = 8 << 20
"""Bytes of a file whose progress is worth a line."""


@command(
    "evidence",
    msg(
        "Keep copies of files as evidence of a case, or note where the original is, and print the "
        "ids; or remove a piece."
    ),
)
@click.argument("ref")
@click.argument("files", nargs=-1, metavar="FILE...")
@option("--kind", metavar="ID", words=msg("The kind of evidence; `pddtui handbook evidence` lists them."))
@option("--proves", metavar="TEXT", words=msg("What it proves, in one line."))
@option("--place", metavar="TEXT", words=msg("Where the original is, for example in the app's chat."))
@option("--at", metavar="WHEN", words=msg("When it was taken (default for a file: when it was last modified)."))
@option("--gone-by", metavar="WHEN", words=msg("When the original will disappear: 3 days, 11-30."))
@option("--contact", metavar="ID", words=msg("The contact it shows; `pddtui show REF --json` lists the ids."))
@option("--remove", metavar="ID", words=msg("Remove this piece from the case; its file stays in the evidence folder."))
@click.pass_context
def evidence_command(
    ctx: click.Context,
    *,
    ref: str,
    files: Sequence[str],
    kind: str | None,
    proves: str | None,
    place: str | None,
    at: str | None,
    gone_by: str | None,
    contact: str | None,
    remove: str | None,
) -> None:
    session = open_session(ctx)
    if remove is not None:
        if files or any((kind, proves, place, at, gone_by, contact)):
            raise Refused(msg("Use --remove alone: it removes one piece and records nothing else."), field="remove")
        _take_out(session, session.casebook.find(ref), remove)
        return
    if not files and place is None:
        raise Refused(msg("Name a file, or give the place of the original with --place."), field="file")
    case = session.casebook.find(ref)
    new = NewEvidence(
        kind=session.handbook.evidence_types.find(kind, field="kind").key if kind is not None else None,
        proves=proves,
        place=place,
        taken_at=when(session, at),
        vanishes_at=session.casebook.due(gone_by).at if gone_by is not None else None,
    )
    shows = _contact(case, contact) if contact is not None else None
    if not files:
        record = new.build(session.ids.new(session.now), session.now)
        session.casebook.add_evidence(case.id, record, shows)
        session.results.name(record.id)
        return
    folder = EvidenceFolder(session.places.evidence)
    sources = [typed_path(file) for file in files]
    for source in sources:  # all before the first is copied, so that a slip in a name keeps nothing
        with opened(source):
            pass
    for source in sources:
        progress = _progress(session, source)
        kept = keep_file(
            session.casebook, folder, case.id, source, new, ids=session.ids, contact_id=shows, progress=progress
        )
        _note_kept(session, source, kept)
        session.results.name(kept.record.id)


def _contact(case: Case, wanted: str) -> str:
    """The id of the contact of the case with that id, or its unique last letters."""
    found = find_tail((contact.id for contact in case.contacts), wanted)
    if found is None:
        raise NotFound(msg("{ref} has no contact {id}.", id=wanted, ref=case.ref))
    return found


def _take_out(session: Session, case: Case, wanted: str) -> None:
    found = find_tail((record.id for record in case.evidence), wanted)
    if found is None:
        raise NotFound(msg("{ref} has no evidence {id}.", id=wanted, ref=case.ref))
    session.casebook.remove_evidence(case.id, found)
    session.note(msg("It is no longer evidence of {ref}; `pddtui undo` reverts this.", ref=case.ref))


def _note_kept(session: Session, source: Path, kept: Kept) -> None:
    if kept.already:
        session.note(msg("{ref} already has {file}; nothing was added.", file=source.name, ref=kept.case.ref))
    elif kept.also_in:
        session.note(msg("{file} is also evidence of {refs}; one copy is kept.", file=source.name, refs=kept.also_in))


def _progress(session: Session, source: Path) -> Progress | None:
    """Shows a line that counts up, for a large file on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        return None
    shown = -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(1, total)
        if total >= _LARGE and percent != shown:
            shown = percent
            line = session.say(msg("{file}: {percent} %", file=source.name, percent=percent))
            aside(f"\r{line}", nl=done >= total)

    return show
