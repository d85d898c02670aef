"""The command that keeps evidence: copies of files, or where an original is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import command, happened, option
from pddtui.cli.streams import aside
from pddtui.domain.case import Case
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.places import typed_path
from pddtui.services.evidence import EvidenceFolder, Kept, Progress, keep_file, opened
from pddtui.services.finding import find_tail
from pddtui.services.inputs import NewEvidence

__all__ = []

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
        taken_at=happened(session, at, case),
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
    elif kept.record.size == 0:
        session.note(msg("{file} is empty: it proves nothing.", file=source.name))
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
