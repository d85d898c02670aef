"""The command that lets cases out of the file, in every form that somebody else can read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.mask import Level
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.exchange.files import writing
from pddtui.services.exchange.press import FORMATS, Press
from pddtui.speech import Speech

__all__ = ["export_command"]

_Word = TypeVar("_Word", bound=str)

_MASKS: tuple[Level, ...] = ("none", "partial", "public")


@command("export", msg("Write the cases, or those named, in some form: to standard output, or into a file."))
@click.argument("refs", nargs=-1, metavar="[REF]...")
@option("--format", "form", metavar="|".join(FORMATS), default="json", words=msg("In which form; JSON if left out."))
@option("-o", "--output", metavar="FILE", words=msg("Into this file, all of it or nothing."))
@option("--mask", metavar="|".join(_MASKS), default="none", words=msg("How much personal data is masked."))
@option(
    "--with-file",
    "ticked",
    metavar="ID",
    multiple=True,
    words=msg("Put this piece of evidence into a public ZIP file; a file cannot be masked."),
)
@flag("--force", words=msg("Write over a file that is there."))
@click.pass_context
def export_command(
    ctx: click.Context,
    *,
    refs: Sequence[str],
    form: str,
    output: str | None,
    mask: str,
    ticked: Sequence[str],
    force: bool,
) -> None:
    wanted_form, level = _one_of("--format", form, FORMATS), _one_of("--mask", mask, _MASKS)
    session = compose(ctx)
    session.depth = "heads" if refs else "cases"
    numbers = session.store.refs()
    wanted = {session.casebook.find(ref).id for ref in refs} if refs else numbers.keys()
    everything = session.store.cases()
    cases = [everything[case_id] for case_id in sorted(wanted, key=lambda case_id: numbers[case_id])]
    if wanted_form != "json" and not refs:  # JSON is a copy of the file, the others are for people
        cases = [case for case in cases if case.trashed_at is None]
    known = {record.id for case in cases for record in case.evidence}
    for each in ticked:
        if each not in known:
            raise NotFound(msg("There is no evidence {id} in these cases.", id=each))
    press = _press(session)
    if output is None or output == "-":
        if wanted_form == "zip" and sys.stdout.isatty():
            raise Refused(msg("A ZIP file is nothing for a terminal: name a file with -o."))
        notes = press.write(sys.stdout.buffer, cases, wanted_form, level, ticked=ticked)
        sys.stdout.buffer.flush()
    else:
        path = Path(output).expanduser()
        question = session.say(msg("{file} is there already. Write over it?", file=str(path)))
        overwrite = force or (path.exists() and sys.stdin.isatty() and click.confirm(question, err=True))
        with writing(path, overwrite=overwrite) as out:
            notes = press.write(out, cases, wanted_form, level, ticked=ticked)
    for note in notes:
        session.note(note)


def _press(session: Session) -> Press:
    speech = Speech(session.speech.language, session.settings.tz)
    folder = EvidenceFolder(session.places.evidence)
    return Press(session.casebook, session.handbook, folder, speech.render, speech.language)


def _one_of(name: str, given: str, known: tuple[_Word, ...]) -> _Word:
    for word in known:
        if word == given:
            return word
    raise Refused(msg("{option} takes {known}, not “{value}”.", option=name, known=known, value=given))
