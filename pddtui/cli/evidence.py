"""The command that takes files, or the place where something is, as evidence of a case."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import when
from pddtui.cli.grammar import command, option
from pddtui.domain.case import Case
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.services.copying import Progress, opened
from pddtui.services.entries import NewEvidence
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.keeping import Kept, keep_file
from pddtui.services.lookup import find_tail

__all__ = ["evidence_command"]

_LARGE = 8 << 20
"""Bytes of a file whose progress is worth a line."""


@command(
    "evidence",
    msg("Keep copies of files with a case, or note where something is, and print the ids; or take one out."),
)
@click.argument("ref")
@click.argument("files", nargs=-1, metavar="FILE...")
@option("--kind", metavar="ID", words=msg("What kind of evidence; `pddtui handbook evidence` lists them."))
@option("--proves", metavar="TEXT", words=msg("What it proves, in one line."))
@option("--place", metavar="TEXT", words=msg("Where the original is, for example in the chat of the app."))
@option("--at", metavar="WHEN", words=msg("When it was taken; of a file, when it was last written to."))
@option("--gone-by", metavar="WHEN", words=msg("When the original will be gone: 3 days, 11-30."))
@option("--contact", metavar="ID", words=msg("The contact that it shows; `pddtui show REF --json` has the ids."))
@option("--remove", metavar="ID", words=msg("Take this piece out of the case; its file stays in the evidence folder."))
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
    session = compose(ctx)
    if remove is not None:
        if files or any((kind, proves, place, at, gone_by, contact)):
            raise Refused(msg("--remove stands alone: it takes a piece out and notes nothing."), field="remove")
        _take_out(session, session.casebook.find(ref), remove)
        return
    if not files and place is None:
        raise Refused(msg("Name a file, or say with --place where the original is."), field="file")
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
        click.echo(record.id)
        return
    folder = EvidenceFolder(session.places.evidence)
    sources = [Path(file).expanduser() for file in files]
    for source in sources:  # all of them before the first is copied: a slip in a name keeps nothing
        with opened(source):
            pass
    for source in sources:
        tell = _progress(session, source)
        kept = keep_file(
            session.casebook, folder, case.id, source, new, ids=session.ids, contact_id=shows, progress=tell
        )
        _tell(session, source, kept)
        click.echo(kept.record.id)


def _contact(case: Case, wanted: str) -> str:
    """The id of the contact of the case with that id, or its unique last letters."""
    found = find_tail((contact.id for contact in case.contacts), wanted)
    if found is None:
        raise NotFound(msg("There is no contact {id} in {ref}.", id=wanted, ref=case.ref))
    return found


def _take_out(session: Session, case: Case, wanted: str) -> None:
    found = find_tail((record.id for record in case.evidence), wanted)
    if found is None:
        raise NotFound(msg("There is no evidence {id} in {ref}.", id=wanted, ref=case.ref))
    session.casebook.remove_evidence(case.id, found)
    session.note(msg("It is no longer evidence of {ref}; `pddtui undo` takes it back.", ref=case.ref))


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
