"""The command that takes files, or the place where something is, as evidence of a case."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import when
from pddtui.cli.grammar import command, option
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.copying import Progress
from pddtui.services.entries import NewEvidence
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.keeping import Kept, keep_file

__all__ = ["evidence_command"]

_LARGE = 8 << 20
"""Bytes of a file whose progress is worth a line."""


@command("evidence", msg("Keep copies of files with a case, or note where something is, and print the ids."))
@click.argument("ref")
@click.argument("files", nargs=-1, metavar="FILE...")
@option("--kind", metavar="ID", words=msg("What kind of evidence; `pddtui handbook evidence` lists them."))
@option("--proves", metavar="TEXT", words=msg("What it proves, in one line."))
@option("--place", metavar="TEXT", words=msg("Where the original is, for example in the chat of the app."))
@option("--at", metavar="WHEN", words=msg("When it was taken; of a file, when it was last written to."))
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
) -> None:
    session = compose(ctx)
    if not files and place is None:
        raise Refused(msg("Name a file, or say with --place where the original is."), field="file")
    case = session.casebook.find(ref)
    new = NewEvidence(
        kind=session.handbook.evidence_types.find(kind, field="kind").key if kind is not None else None,
        proves=proves,
        place=place,
        taken_at=when(session, at),
    )
    if not files:
        record = new.build(session.ids.new(session.now), session.now)
        session.casebook.add_evidence(case.id, record)
        click.echo(record.id)
        return
    folder = EvidenceFolder(session.places.evidence)
    for file in files:
        source = Path(file).expanduser()
        kept = keep_file(
            session.casebook, folder, case.id, source, new, ids=session.ids, progress=_progress(session, source)
        )
        _tell(session, source, kept)
        click.echo(kept.record.id)


def _tell(session: Session, source: Path, kept: Kept) -> None:
    if kept.already:
        session.note(msg("{file} is in {ref} already; nothing was added.", file=source.name, ref=kept.case.ref))
    elif kept.also_in:
        session.note(msg("{file} is evidence in {refs} too; it is kept once.", file=source.name, refs=kept.also_in))


def _progress(session: Session, source: Path) -> Progress | None:
    """A line that counts up, on a terminal, for a file that takes a while."""
    if not sys.stderr.isatty():
        return None
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(1, total)
        if total >= _LARGE and percent != shown:
            shown = percent
            line = session.say(msg("{file}: {percent} %", file=source.name, percent=percent))
            click.echo(f"\r{line}", nl=done >= total, err=True)

    return tell
