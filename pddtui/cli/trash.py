"""The deleted cases: listed, taken back one by one, or erased for good, on purpose and with consent."""

from __future__ import annotations

import sys

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import agreed, only_one
from pddtui.cli.grammar import command, flag, option
from pddtui.cli.table import aligned
from pddtui.domain.case import Case
from pddtui.errors import Refused
from pddtui.message import msg, plural
from pddtui.services.lookup import find_case

__all__ = ["trash_command"]


@command("trash", msg("List the deleted cases, take one back, or erase them for good."))
@option("--restore", metavar="REF", words=msg("Take this case back."))
@flag("--empty", words=msg("Erase all deleted cases for good."))
@flag("--yes", words=msg("Do not ask before erasing."))
@click.pass_context
def trash_command(ctx: click.Context, restore: str | None, empty: bool, yes: bool) -> int:
    only_one(restore=restore is not None, empty=empty)
    session = compose(ctx)
    cases = session.casebook.cases(trash=True)
    if restore is not None:
        case = session.casebook.restore(find_case(cases, restore).id)
        session.note(msg("{ref} is back: {title}", ref=case.ref, title=case.title))
        return 0
    if not cases:
        session.note(msg("The trash is empty."))
        return 0
    for line in aligned(_row(session, case) for case in cases):
        click.echo(line)
    return _erase(session, cases, yes=yes) if empty else 0


def _row(session: Session, case: Case) -> tuple[str, ...]:
    gone = msg("deleted {at}", at=case.trashed_at) if case.trashed_at is not None else ""
    return case.ref, session.say(gone), session.say(case.title)


def _erase(session: Session, cases: tuple[Case, ...], *, yes: bool) -> int:
    if not yes and not sys.stdin.isatty():
        raise Refused(msg("Nothing was erased: say --yes if this is what you want."))
    question = plural(
        "Erase this {n} case for good? Backups keep it for some weeks.",
        "Erase these {n} cases for good? Backups keep them for some weeks.",
        len(cases),
    )
    if not yes and not agreed(session, question):
        session.note(msg("Nothing was erased."))
        return 0
    erased = session.casebook.empty_trash(case.id for case in cases)
    session.note(plural("{n} case was erased for good.", "{n} cases were erased for good.", len(erased)))
    return 0
