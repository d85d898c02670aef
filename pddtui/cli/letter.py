"""The command that writes a letter about a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.mask import Level
from pddtui.errors import Refused
from pddtui.message import msg, plural

if TYPE_CHECKING:
    from pddtui.services.letters import Letter

__all__ = ["letter_command"]

_LEVELS: dict[str, Level] = {"none": "none", "partial": "partial", "public": "public"}


@command("letter", msg("Write a letter about a case, filled from its log; without a kind: which there are."))
@click.argument("ref")
@click.argument("kind", required=False)
@option("-o", "--output", metavar="FILE", words=msg("Into this file, all of it or nothing."))
@option("--mask", metavar="none|partial|public", words=msg("How much is masked; what its channel needs if left out."))
@flag("--force", words=msg("Write over a file that is there."))
@click.pass_context
def letter_command(
    ctx: click.Context, *, ref: str, kind: str | None, output: str | None, mask: str | None, force: bool
) -> None:
    from pddtui.services.exchange.files import write_file
    from pddtui.services.letters import Letters

    if mask is not None and mask not in _LEVELS:
        raise Refused(msg("{option} takes {known}, not “{value}”.", option="--mask", known=tuple(_LEVELS), value=mask))
    session = compose(ctx)
    case = session.casebook.find(ref)
    letters = Letters(session.casebook, session.handbook, session.places.config_folder / "letters")
    if kind is None:
        for each in letters.kinds_for(case):
            click.echo(f"{each.id:<22}{session.say(each.label)}")
        return
    letter = letters.write(case, letters.kind(kind), session.speech.language)
    if mask is not None:
        letter = letters.mask(case, letter, _LEVELS[mask])
    if output is None or output == "-":
        click.echo(letter.text, nl=False)
    else:
        path = Path(output).expanduser()
        question = session.say(msg("{file} is there already. Write over it?", file=str(path)))
        overwrite = force or (path.exists() and sys.stdin.isatty() and click.confirm(question, err=True))
        if letter.public and not _looked_through(session, letter):
            session.note(msg("Nothing was written."))
            return
        write_file(path, letter.text.encode(), overwrite=overwrite)
        if letter.public and session.store.read_only is None:
            session.casebook.note_milestone(case.id, "text_masked", session.now)
            session.note(msg("Noted in {ref}: the text for the public is masked.", ref=case.ref))
    if letter.masked.spans:
        session.note(
            plural(
                "{n} piece of personal data is masked; read it once more.",
                "{n} pieces of personal data are masked; read it once more.",
                len(letter.masked.spans),
            )
        )
    session.note(msg("Check every fact before you send it. This is no legal advice."))


def _looked_through(session: Session, letter: Letter) -> bool:
    """Whether the text may go before everybody, as the desk asks it. A script is not asked: it has to look itself."""
    if not sys.stdin.isatty():
        return True
    click.echo(letter.text, err=True)
    question = session.say(msg("Everybody will be able to read this. Is nothing private left in it?"))
    return click.confirm(question, err=True)
