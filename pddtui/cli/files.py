"""Commands that take cases of another file in, and that say how they must look."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from pddtui.cli.compose import compose
from pddtui.cli.grammar import command, flag
from pddtui.errors import BadInput
from pddtui.message import Message, msg, plural
from pddtui.services.exchange.taking import Arrival, take_in

__all__ = ["import_command", "schema_command"]

@command("import", msg("Take an export in, also one of another machine: all of it or nothing, and never twice."))
@click.argument("source", metavar="FILE")
@flag("--dry-run", words=msg("Only say what would happen."))
@click.pass_context
def import_command(ctx: click.Context, *, source: str, dry_run: bool) -> None:
    from pddtui.services.exchange.incoming import read_export

    session = compose(ctx)
    cases = read_export(_content(source), source)
    arrivals = take_in(session.store, cases, now=session.now, ids=session.ids, say=session.say, dry_run=dry_run)
    for arrival in arrivals:
        for message in _told(arrival):
            click.echo(session.say(message))
    click.echo(session.say(_summary(arrivals, dry_run=dry_run)))


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).expanduser().read_bytes()
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = error.strerror if isinstance(error, OSError) else None
        raise BadInput(
            msg("{file} cannot be read ({reason}); nothing was taken.", file=file, reason=reason or str(error))
        ) from error


def _told(arrival: Arrival) -> Iterator[Message]:
    if arrival.kind == "new" and arrival.was is not None:
        yield msg(
            "new: {ref} {title} (was {old} there; that number is taken here)",
            ref=arrival.ref,
            title=arrival.title,
            old=arrival.was,
        )
    elif arrival.kind == "new":
        yield msg("new: {ref} {title}", ref=arrival.ref, title=arrival.title)
    elif arrival.places:
        yield msg("changed: {ref} {title}: {places}", ref=arrival.ref, title=arrival.title, places=arrival.places)
    for clash in arrival.clashes:
        yield msg("in conflict: {ref} {title}. {clash}", ref=arrival.ref, title=arrival.title, clash=clash)


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
