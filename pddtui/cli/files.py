"""Commands that take cases of another file in, and that say how they must look."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.case import Case
from pddtui.domain.text import one_line
from pddtui.errors import BadInput, Refused
from pddtui.message import Message, msg, plural
from pddtui.services.exchange.taking import Arrival, take_in

__all__ = ["import_command", "schema_command"]

_TABLES = frozenset({".csv", ".tsv"})


@command(
    "import",
    msg(
        "Take an export or a bundle in, also of another machine, or a CSV table of contacts: all of it or nothing, "
        "never twice."
    ),
)
@click.argument("source", metavar="FILE")
@option(
    "--case", "ref", metavar="REF", words=msg("The case that a CSV table belongs to; else one named like the file.")
)
@option("--map", "names", metavar="date=…,said=…", words=msg("What columns of a CSV table are called."))
@flag("--dry-run", words=msg("Only say what would happen."))
@click.pass_context
def import_command(ctx: click.Context, *, source: str, ref: str | None, names: str | None, dry_run: bool) -> None:
    from pddtui.services.exchange.incoming import read_export
    from pddtui.services.exchange.unpacking import is_bundle

    session = compose(ctx)
    if ref or names or Path(source).suffix.casefold() in _TABLES:
        _import_sheet(session, source, ref, _mapping(names or ""), dry_run=dry_run)
        return
    with _opened(source) as content:
        if is_bundle(content):
            _import_bundle(session, content, source, dry_run=dry_run)
        else:
            _import_cases(session, read_export(content.read(), source), dry_run=dry_run)


def _import_bundle(session: Session, content: BinaryIO, source: str, *, dry_run: bool) -> None:
    """The files of evidence first, so that no record is here without its file."""
    from pddtui.services.evidence import EvidenceFolder
    from pddtui.services.exchange.unpacking import opened_bundle

    folder = EvidenceFolder(session.places.evidence)
    with opened_bundle(content, source) as parcel:
        coming = parcel.coming(folder)
        files = plural("{n} file of evidence", "{n} files of evidence", len(coming))
        with parcel.delivered(() if dry_run else coming, folder):
            _import_cases(session, parcel.cases, dry_run=dry_run)
    if coming:
        told = msg("Would take: {counts}.", counts=files) if dry_run else msg("Taken: {counts}.", counts=files)
        click.echo(session.say(told))


def _import_cases(session: Session, cases: Sequence[Case], *, dry_run: bool) -> None:
    arrivals = take_in(
        session.store,
        cases,
        now=session.now,
        ids=session.ids,
        say=session.say,
        handbook=session.handbook,
        dry_run=dry_run,
    )
    for arrival in arrivals:
        for message in _told(arrival):
            click.echo(session.say(message))
    click.echo(session.say(_summary(arrivals, dry_run=dry_run)))


def _import_sheet(session: Session, source: str, ref: str | None, names: dict[str, str], *, dry_run: bool) -> None:
    from pddtui.services.exchange.sheet import read_sheet
    from pddtui.services.exchange.sheet_taking import take_sheet

    rows = read_sheet(_content(source), source, session.now, names)
    case = session.casebook.find(ref) if ref else None
    title = one_line(Path(source).stem)
    came = take_sheet(session.casebook, session.ids, rows, file=source, title=title, case=case, dry=dry_run)
    for contact in came.added:
        promises = tuple(promise.text for promise in contact.promises)
        click.echo(session.say(msg("new: {at} {said}", at=contact.at, said=contact.summary)))
        if promises:
            click.echo(session.say(msg("  promised: {promises}", promises=promises)))
        if contact.at > session.now:
            session.note(msg("{at} lies ahead: a contact is logged once it has happened.", at=contact.at))
    if not came.added:
        click.echo(session.say(msg("Nothing new: all of it is here already.")))
        return
    count = plural("{n} contact", "{n} contacts", len(came.added))
    where = msg("{ref} {title}", ref=came.ref or "+", title=came.title)
    told = msg("Would take: {count} into {where}.", count=count, where=where)
    click.echo(session.say(told if dry_run else msg("Taken: {count} into {where}.", count=count, where=where)))


def _mapping(text: str) -> dict[str, str]:
    from pddtui.services.exchange.sheet import COLUMNS

    names: dict[str, str] = {}
    for pair in filter(None, text.replace("，", ",").split(",")):
        column, _, name = pair.partition("=")
        if column.strip() not in COLUMNS or not name.strip():
            raise Refused(
                msg("--map takes {columns}, each with = and a name, not “{pair}”.", columns=tuple(COLUMNS), pair=pair)
            )
        names[column.strip()] = name.strip()
    return names


def _content(file: str) -> bytes:
    with _opened(file) as content:
        return content.read()


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input, to be read from any place in it."""
    try:
        if file == "-":
            content: BinaryIO = io.BytesIO(sys.stdin.buffer.read())
        else:
            content = Path(file).expanduser().open("rb")
            if not content.seekable():  # a pipe
                content = io.BytesIO(content.read())
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = error.strerror if isinstance(error, OSError) else None
        raise BadInput(
            msg("{file} cannot be read ({reason}); nothing was taken.", file=file, reason=reason or str(error))
        ) from error
    with content:
        yield content


def _told(arrival: Arrival) -> Iterator[Message]:
    if arrival.kind == "new" and arrival.was is not None:
        yield msg(
            "new: {ref} {title} (was {old} there, which it cannot be here)",
            ref=arrival.ref,
            title=arrival.title,
            old=arrival.was,
        )
    elif arrival.kind == "new":
        yield msg("new: {ref} {title}", ref=arrival.ref, title=arrival.title)
    elif arrival.places:
        yield msg("changed: {ref} {title}: {places}", ref=arrival.ref, title=arrival.title, places=arrival.places)
    for conflict in arrival.conflicts:
        yield msg("in conflict: {ref} {title}. {clash}", ref=arrival.ref, title=arrival.title, clash=conflict)


def _summary(arrivals: Sequence[Arrival], *, dry_run: bool) -> Message:
    new = sum(arrival.kind == "new" for arrival in arrivals)
    changed = sum(bool(arrival.places) for arrival in arrivals)
    clashes = sum(len(arrival.clashes) for arrival in arrivals)
    if not (new or changed or clashes):
        return msg("Nothing new: all of it is here already.")
    counts = (
        plural("{n} new case", "{n} new cases", new),
        plural("{n} changed", "{n} changed", changed),
        plural("{n} conflict", "{n} conflicts", clashes),
    )
    return msg("Would take: {counts}.", counts=counts) if dry_run else msg("Taken: {counts}.", counts=counts)


@command("schema", msg("Print the JSON Schema of the export."))
def schema_command() -> None:
    from pddtui.services.exchange.schema import schema

    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2).encode())
