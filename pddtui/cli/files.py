"""Commands about files of cases: taking in what another machine or program wrote, and what such a file looks like."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec
from msgspec import Struct, structs

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import agreed, command, contact_line, flag, only_one, option
from pddtui.cli.streams import aside, opened_source, read_within
from pddtui.domain.case import Case, Contact, Direction
from pddtui.domain.text import one_line
from pddtui.errors import BadInput, Refused
from pddtui.message import Message, msg, plural
from pddtui.places import typed_path
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.import_.apply import Arrival, take_in

if TYPE_CHECKING:
    from pddtui.services.import_.read_csv import Sheet, SheetRow
    from pddtui.services.import_.table import Column, CsvTable
    from pddtui.services.import_.take_csv import SheetCase, SheetPlan

__all__ = []

_TABLES = frozenset({".csv", ".tsv"})
"""Suffixes of tables. Any other file is one when something is said of it that is only said of a table, or when it
begins as one."""
_TEXTS = frozenset({".txt", ".tab"})
"""Suffixes of files that are tables if they are anything."""


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
@flag("--in", "incoming", words=msg("Rows of a CSV table that do not say who spoke are theirs."))
@flag("--out", "outgoing", words=msg("Rows of a CSV table that do not say who spoke are mine."))
@flag("--yes", words=msg("Do not ask about dates that are far from everything else, nor before erasing."))
@flag("--dry-run", words=msg("Only show what would happen."))
@click.pass_context
def import_command(
    ctx: click.Context,
    *,
    source: str,
    ref: str | None,
    names: str | None,
    incoming: bool,
    outgoing: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    from pddtui.services.import_.read_bundle import is_bundle
    from pddtui.services.import_.read_json import as_utf8, erased_in, read_export
    from pddtui.services.import_.table import read_table

    side = only_one(**{"in": incoming, "out": outgoing})
    session = open_session(ctx)
    direction: Direction | None = "in" if incoming else "out" if outgoing else None
    wishes = _SheetWishes(ref=ref, names=_mapping(names or ""), direction=direction, yes=yes)
    told = bool(ref or names or side) or Path(source).suffix.casefold() in _TABLES
    with opened_source(source, _MOST_READ) as content:
        if not told and is_bundle(content):
            _import_bundle(session, content, source, dry_run=dry_run)
            return
        raw = read_within(content, _MOST_READ)
    told = told and raw.lstrip()[:1] != b"{"  # an export that was given another name
    table = read_table(raw, source, wishes.names) if told else _table(raw, source)
    if table is not None:
        _import_sheet(session, table, source, wishes, dry_run=dry_run)
        return
    text = as_utf8(raw)
    found = _data_file(text, source)
    documents, erased = (text, erased_in(text)) if found is None else found
    cases = read_export(documents, source)
    _doubt_erasing(session, erased, agreed_to=yes or dry_run)
    _import_cases(session, cases, erased, dry_run=dry_run)


def _doubt_erasing(session: Session, erased: Mapping[str, str], *, agreed_to: bool) -> None:
    """Ask a person at a terminal before cases go for good because a file says so: that may be why it was sent."""
    gone = tuple(ref for case_id, ref in session.store.refs().items() if case_id in erased)
    if not gone or agreed_to or not sys.stdin.isatty():
        return
    if not agreed(session, msg("This file says that {refs} was erased for good. Erase it here too?", refs=gone)):
        raise Refused(msg("Nothing was imported."))


def _table(content: bytes, source: str) -> CsvTable | None:
    """The table in a file of which nobody says what it is; None where it is none. A text is one, or nothing at all."""
    from pddtui.services.import_.table import read_table

    if content.lstrip()[:1] in (b"{", b"[", b""):
        return None
    try:
        return read_table(content, source, {})
    except BadInput:
        if source == "-" or Path(source).suffix.casefold() in _TEXTS:
            raise
        return None


_MOST_READ = 1 << 30
"""Bytes of a file that is imported. Ten thousand cases with their histories are a fifth of it."""
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
    from pddtui.services.import_.read_bundle import opened_bundle

    folder = EvidenceFolder(session.places.evidence)
    with opened_bundle(content, source) as parcel:
        coming = parcel.coming(folder)
        files = plural("{n} evidence file", "{n} evidence files", len(coming))
        absent = parcel.absent(folder)
        with parcel.delivered(() if dry_run else coming, folder):
            _import_cases(session, parcel.cases, dry_run=dry_run)
    if absent:
        session.note(
            plural(
                "{n} evidence file is not in the bundle: {names}.",
                "{n} evidence files are not in the bundle: {names}.",
                len(absent),
                names=tuple(record.original_name or record.file or "" for record in absent),
            )
        )
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


def _import_sheet(session: Session, table: CsvTable, source: str, wishes: _SheetWishes, *, dry_run: bool) -> None:
    from pddtui.services.import_.read_csv import read_sheet
    from pddtui.services.import_.take_csv import plan_sheet, take_sheet

    if source == "-" and not wishes.ref and not any("title" in record.cells for record in table.records):
        raise Refused(msg("Say with --case which case the table belongs to: it has no file name."), field="case")
    if table.unknown:
        session.note(msg("Columns that are not read: {columns}. Name one with --map.", columns=table.unknown))
    own = session.handbook.own
    me = [*(one.name for one in (own.writer(None), *own.people.values()) if one.name), *own.words]
    sheet = read_sheet(table, session.now, session.handbook.channels, me)
    for line in _unread(sheet):
        session.note(line)
    case = session.casebook.find(wishes.ref) if wishes.ref else None
    sheet = structs.replace(sheet, rows=tuple(_spoken(session, sheet, wishes.direction, dry_run=dry_run)))
    plan = plan_sheet(session.casebook, session.ids, sheet, title=one_line(Path(source).stem), case=case)
    _doubt_far(session, plan, agreed_to=wishes.yes, dry_run=dry_run)
    counts = tuple(_counts(plan))
    if counts:
        session.tell(msg("{file}: {counts}.", file=source, counts=counts))
    _tell_plan(session, plan if dry_run else take_sheet(session.casebook, session.ids, plan), dry_run=dry_run)


def _tell_plan(session: Session, plan: SheetPlan, *, dry_run: bool) -> None:
    """What of a table came in, or would."""
    silent = [row for row in plan.sheet.rows if not row.spoken]
    for each in plan.cases:
        for record in each.changed:
            session.note(msg("Line {line} differs from the contact that is here; correct it here.", line=record.line))
        for built in each.added:
            _tell_row(session, built.contact)
    for row in silent:
        session.tell(msg("to be asked: {at} ? {said}", at=row.new.at or "", said=row.new.said))
    if not plan.sheet.table.records:
        session.tell(msg("{file} has a heading and no rows.", file=plan.sheet.table.file))
    elif not plan.added and not silent and not any(each.changed for each in plan.cases):
        session.tell(msg("Nothing new: everything is already here."))
    for each in plan.cases:
        if each.added:
            session.tell(_taken(each, dry_run=dry_run))
        if each.case is not None and each.case.trashed_at is not None:
            session.tell(_trashed(each.case.ref, each.title))


class _SheetWishes(Struct, frozen=True, kw_only=True):
    """What is said of a table on the command line."""

    ref: str | None
    names: Mapping[Column, str]
    direction: Direction | None
    """Who spoke where the table does not say it."""
    yes: bool


def _unread(sheet: Sheet) -> Iterator[Message]:
    """Which cells have words that mean nothing, by column."""
    lines: dict[Column, list[int]] = {}
    for row in sheet.rows:
        for column in row.unread:
            lines.setdefault(column, []).append(row.record.line)
    for column, found in lines.items():
        yield plural(
            "Not understood and left out: the column “{column}” in line {lines}.",
            "Not understood and left out: the column “{column}” in lines {lines}.",
            len(found),
            column=sheet.table.headings[column],
            lines=_some(found),
        )


_MOST_LINES = 8
"""Numbers of lines that are named one by one."""


def _some(lines: Sequence[int]) -> tuple[str, ...]:
    more = ("…",) if len(lines) > _MOST_LINES else ()
    return (*map(str, lines[:_MOST_LINES]), *more)


_SPEAKERS: Mapping[str, Direction] = {"i": "in", "t": "in", "o": "out", "m": "out", "对": "in", "我": "out"}
"""What may be typed for who spoke: in, them; out, me."""


def _spoken(session: Session, sheet: Sheet, told: Direction | None, *, dry_run: bool) -> Iterator[SheetRow]:
    """The rows with who spoke: what the table does not say is told for all of them or asked, and never guessed."""
    silent = [row.record.line for row in sheet.rows if not row.spoken]
    if silent and told is None and not dry_run and not sys.stdin.isatty():
        raise BadInput(
            plural(
                "{file}, line {lines}: it does not say who spoke. Add a column “direction” with in or out, or --in if "
                "they did, or --out if you did. Nothing was imported.",
                "{file}, lines {lines}: they do not say who spoke. Add a column “direction” with in or out, or --in if "
                "they did, or --out if you did. Nothing was imported.",
                len(silent),
                file=sheet.table.file,
                lines=_some(silent),
            )
        )
    if silent and told is None and dry_run:
        session.note(
            plural(
                "Line {lines} does not say who spoke: you will be asked.",
                "Lines {lines} do not say who spoke: you will be asked.",
                len(silent),
                lines=_some(silent),
            )
        )
    for row in sheet.rows:
        if row.spoken or (told is None and dry_run):
            yield row
        else:
            yield row.said_by(told or _asked(session, row))


def _asked(session: Session, row: SheetRow) -> Direction:
    said = msg("Line {line}: {at} {said}", line=row.record.line, at=row.new.at or "", said=row.new.said)
    question = msg("Who spoke: (i) they, (o) I?")
    aside(f"{session.say(said)}\n{session.say(question)} ", nl=False)
    answer = one_line(sys.stdin.readline()).casefold()[:1]
    if answer not in _SPEAKERS:
        raise Refused(msg("Nothing was imported."))
    return _SPEAKERS[answer]


def _doubt_far(session: Session, plan: SheetPlan, *, agreed_to: bool, dry_run: bool) -> None:
    """Ask about dates that are far from everything else; without a person to ask the table is refused."""
    from pddtui.domain.phrases.moment import far_words

    for each in plan.cases:
        for built in each.far:
            if agreed_to:
                continue
            said = far_words(built.contact.at, each.case.ref if each.case is not None else each.title)
            if dry_run:
                session.note(said)
            elif not sys.stdin.isatty():
                problem = msg("{said} If it is, add --yes.", said=said)
                raise plan.sheet.table.wrong(built.row.record, "date", problem)
            elif not agreed(session, said):
                raise Refused(msg("Nothing was imported."))


def _counts(plan: SheetPlan) -> Iterator[Message]:
    """What the rows are, before anything of them is taken."""
    added, empty = plan.added, plan.sheet.empty
    kinds = Counter(contact.substance if contact.direction == "in" else "mine" for contact in added)
    known, changed = sum(each.known for each in plan.cases), sum(len(each.changed) for each in plan.cases)
    promises = sum(len(contact.promises) for contact in added)
    silent = sum(not row.spoken for row in plan.sheet.rows)
    if not (added or empty or changed or silent):
        return
    if kinds["answer"]:
        yield plural("{n} answer", "{n} answers", kinds["answer"])
    if kinds["holding"]:
        yield msg("{n} put off", n=kinds["holding"])
    if kinds["none"]:
        yield msg("{n} without an answer", n=kinds["none"])
    if kinds["mine"]:
        yield msg("{n} of mine", n=kinds["mine"])
    if promises:
        yield plural("{n} promise", "{n} promises", promises)
    if known:
        yield msg("{n} already here", n=known)
    if changed:
        yield msg("{n} changed there", n=changed)
    if silent:
        yield msg("{n} to be asked", n=silent)
    if empty:
        lines = _some([record.line for record in empty])
        yield plural(
            "{n} left out, without text (line {lines})", "{n} left out, without text (lines {lines})", len(empty),
            lines=lines,
        )  # fmt: skip


def _tell_row(session: Session, contact: Contact) -> None:
    session.tell(msg("new: {who}: {said}", who=contact_line(session, contact), said=contact.summary))
    promises = tuple(promise.text for promise in contact.promises)
    if promises:
        session.tell(msg("  promised: {promises}", promises=promises))
    if contact.at > session.now:
        session.note(msg("{at} is in the future: log a contact after it has happened.", at=contact.at))


def _trashed(ref: str, title: str) -> Message:
    return msg("in the trash: {ref} {title}; `pddtui trash --restore {ref}` brings it back", ref=ref, title=title)


def _taken(each: SheetCase, *, dry_run: bool) -> Message:
    count = plural("{n} contact", "{n} contacts", len(each.added))
    case = each.case
    where = msg("{ref} {title}", ref=case.ref if case is not None else "+", title=each.title)
    said = msg("Would import {count} into {where}.", count=count, where=where)
    return said if dry_run else msg("Imported {count} into {where}.", count=count, where=where)


def _mapping(text: str) -> dict[Column, str]:
    from pddtui.services.import_.table import MAPPED

    names: dict[Column, str] = {}
    for pair in filter(None, text.replace("，", ",").split(",")):
        column, _, name = pair.partition("=")
        known = next((each for each in MAPPED if each == column.strip()), None)
        if known is None or not name.strip():
            raise Refused(msg("--map takes {columns}, each as COLUMN=NAME, not “{pair}”.", columns=MAPPED, pair=pair))
        names[known] = name.strip()
    return names


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
    for replaced in arrival.replaced:
        yield msg("- {change}", change=replaced)
    if arrival.trashed:
        yield _trashed(arrival.ref, arrival.title)
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
