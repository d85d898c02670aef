"""Commands that look after the data file, and those that take back.

`doctor` changes nothing, `recover` repairs the file with consent; `undo` and `redo` take a change back or bring it
back, `reopen` takes an ending back, `trash` holds what was deleted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import agreed, aligned, command, flag, only_one, option, painted
from pddtui.domain.duetime import FixedClock
from pddtui.errors import Damaged, NotFound, Refused
from pddtui.message import Message, msg, plural
from pddtui.places import typed_path
from pddtui.services.casebook import ERASING
from pddtui.services.finding import find_case
from pddtui.services.words import action
from pddtui.settings import Settings

if TYPE_CHECKING:
    from pddtui.services.checkup import Checked
    from pddtui.store.doctor import Finding
    from pddtui.store.recover import Plan

__all__ = []


class _Report(Struct, kw_only=True):
    """All that `doctor` has to say, and the form of its JSON."""

    file: str
    ok: bool = True
    trouble: list[str] = []
    notes: list[str] = []
    facts: list[str] = []


@command("doctor", msg("Check the data file, journal, backups, histories, evidence, drafts, settings and calendar."))
@flag("--json", "as_json", words=msg("Print JSON, for scripts."))
@flag("--verify", words=msg("Also hold the seals against their signatures and against the cases."))
@option("--key", metavar="FILE", words=msg("The SSH key that made them; otherwise your usual ones."))
@click.pass_context
def doctor_command(ctx: click.Context, *, as_json: bool, verify: bool, key: str | None) -> int:
    session = open_session(ctx)
    if key is not None and not verify:
        raise Refused(msg("--key goes with --verify."), field="key")
    report = _examined(session, _keys(key) if verify else None)
    results = session.results
    if as_json:
        session.print_json(report)
    else:
        for line in report.facts:
            results.tell(f"  {line}")
        for line in report.notes:
            results.tell(painted(f"~ {line}", "amber"))
        for line in report.trouble:
            results.tell(painted(f"! {line}", "red"))
        session.tell(_verdict(len(report.trouble)))
    return 0 if report.ok else Damaged.exit_code


def _verdict(wrong: int) -> Message:
    if not wrong:
        return msg("All is well.")
    return plural("Found {n} problem; nothing was changed.", "Found {n} problems; nothing was changed.", wrong)


def _keys(named: str | None) -> tuple[Path, ...]:
    """The SSH keys that were named, or else the usual ones. Raises `Refused` for one that is not there."""
    from pddtui.services.sealing import usual_keys

    if named is None:
        return usual_keys(Path.home())
    key = typed_path(named)
    if not key.is_file():
        raise Refused(msg("There is no key {file}.", file=str(key)), field="key")
    return (key,)


def _examined(session: Session, keys: tuple[Path, ...] | None) -> _Report:
    from pddtui.services.checkup import check_calendar, check_cases, check_drafts, check_evidence, check_places
    from pddtui.services.drafts import Drafts
    from pddtui.store.doctor import examine

    wrong_settings = _read_settings(session)
    file = session.places.data_file
    found = examine(file, session.surroundings)
    begin = session.handbook.calendar.calendar.warn_from
    looks: tuple[Finding | Checked, ...] = (
        found,
        check_cases(found.cases, session.handbook),
        check_evidence(found.cases, session.places.evidence),
        check_places(session.places),
        check_drafts(Drafts(session.places.drafts).pending(), {case.id: case for case in found.cases}, file),
        check_calendar(session.calendar, session.now.date(), (begin.month, begin.day)),
    )
    if keys is not None:
        from pddtui.services.sealing import verified

        known = {case.id: case for case in found.cases}
        looks = (*looks, verified(session.places.seals, keys, known, found.erased))
    report = _Report(file=str(file))
    report.trouble = [session.say(said) for look in looks for said in look.trouble]
    report.notes = [session.say(said) for look in looks for said in look.notes]
    report.facts = [session.say(said) for look in looks for said in look.facts]
    report.trouble += [session.say(said) for said in session.handbook.faults()]
    if wrong_settings is not None:
        report.trouble.append(session.say(wrong_settings))
    elif session.wrong_wishes:
        report.trouble += [session.say(said) for said in session.wrong_wishes]
    elif not session.wrong_limits:
        report.facts.append(session.say(msg("The settings are in order.")))
    report.ok = not report.trouble
    return report


def _read_settings(session: Session) -> Message | None:
    """What is wrong with the settings, or None; the session then goes on with the defaults."""
    try:
        _ = session.settings
    except Refused as error:
        session.settings = Settings()
        return error.message
    return None


@command("seal", msg("Sign the state of every case with your SSH key, so that nobody can rewrite it unnoticed."))
@option("--key", metavar="FILE", words=msg("The SSH key; otherwise the first of your usual ones."))
@click.pass_context
def seal_command(ctx: click.Context, *, key: str | None) -> None:
    from pddtui.services.sealing import seal

    session = open_session(ctx)
    keys = _keys(key)
    if not keys:
        raise NotFound(
            msg("There is no SSH key in ~/.ssh: make one with `ssh-keygen -t ed25519`, or name one with --key.")
        )
    if isinstance(session.clock, FixedClock):
        raise Refused(msg("A seal is of now: leave out --as-of."))
    made = seal(session.store.cases().values(), session.places.seals, keys[0], session.now)
    session.tell(
        plural(
            "Sealed {n} case with {key}: {file}. Send a copy to somebody, and it also proves when.",
            "Sealed {n} cases with {key}: {file}. Send a copy to somebody, and it also proves when.",
            len(made.heads),
            key=str(keys[0]),
            file=str(made.file),
        )
    )


@command("recover", msg("Rebuild a damaged data file from what can still be read of it, its backups and its journal."))
@flag("--yes", words=msg("Go ahead without asking."))
@flag("--empty", words=msg("Start with an empty file if nothing can be recovered."))
@click.pass_context
def recover_command(ctx: click.Context, yes: bool, empty: bool) -> int:
    from pddtui.store.recover import plan, recover

    session = open_session(ctx)
    file = session.places.data_file
    planned = plan(file, session.surroundings)
    for sentence in planned.sentences:
        session.tell(sentence)
    if not planned.needed:
        return 0
    if not yes and not sys.stdin.isatty():
        raise Refused(msg("Nothing was changed. Add --yes to go ahead."))
    if not yes and not agreed(session, msg("Rebuild the data file from this?")):
        session.note(msg("Nothing was changed."))
        return Damaged.exit_code
    done = recover(file, session.surroundings, empty=empty)
    session.results.saved = True
    session.tell(_recovered(session, done))
    return 0


def _recovered(session: Session, done: Plan) -> Message:
    file, folder = str(session.places.data_file), str(session.places.backups)
    if not done.kept:
        return plural(
            "{file} is repaired and has {n} case.", "{file} is repaired and has {n} cases.", done.cases, file=file
        )
    return plural(
        "{file} is repaired and has {n} case; the old files are kept in {folder}.",
        "{file} is repaired and has {n} cases; the old files are kept in {folder}.",
        done.cases,
        file=file,
        folder=folder,
    )


@command("undo", msg("Undo the latest save of this machine, or one change by its id, whoever made it."))
@click.argument("change", required=False, metavar="[ID]")
@click.pass_context
def undo_command(ctx: click.Context, *, change: str | None) -> None:
    session = open_session(ctx)
    for each in session.casebook.undo(change):
        _say(session, msg("Undone: {what} in {ref}.", what=action(each.change), ref=each.case.ref))


@command("redo", msg("Redo the change that was undone last."))
@click.pass_context
def redo_command(ctx: click.Context) -> None:
    session = open_session(ctx)
    for each in session.casebook.redo():
        _say(session, msg("Redone: {what} in {ref}.", what=action(each.change), ref=each.case.ref))


def _say(session: Session, message: Message) -> None:
    session.tell(message)


@command("reopen", msg("Reopen a closed case and print its number."))
@click.argument("ref")
@click.pass_context
def reopen_command(ctx: click.Context, ref: str) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    session.results.name(session.casebook.reopen(case.id).ref)


@command("trash", msg("List the deleted cases, restore one, or erase them for good."))
@option("--restore", metavar="REF", words=msg("Restore this case."))
@flag("--empty", words=msg("Erase all deleted cases for good."))
@flag("--yes", words=msg("Do not ask before erasing."))
@click.pass_context
def trash_command(ctx: click.Context, restore: str | None, empty: bool, yes: bool) -> int:
    only_one(restore=restore is not None, empty=empty)
    session = open_session(ctx)
    cases = session.casebook.cases(trash=True)
    if restore is not None:
        case = session.casebook.restore(find_case(cases, restore).id)
        session.note(msg("{ref} is restored: {title}", ref=case.ref, title=case.title))
        return 0
    if not cases:
        session.note(msg("The trash is empty."))
        return 0
    for line in aligned(
        (case.ref, session.say(msg("deleted {at}", at=case.trashed_at or "")), session.say(case.title))
        for case in cases
    ):
        session.results.tell(line)
    return _erase(session, tuple(case.id for case in cases), yes=yes) if empty else 0


def _erase(session: Session, ids: tuple[str, ...], *, yes: bool) -> int:
    if not yes and not sys.stdin.isatty():
        raise Refused(msg("Nothing was erased. Add --yes to go ahead."))
    if not yes:
        session.note(ERASING)
    if not yes and not agreed(session, plural("Erase {n} case for good?", "Erase {n} cases for good?", len(ids))):
        session.note(msg("Nothing was erased."))
        return 0
    erased = session.casebook.empty_trash(ids)
    session.note(plural("{n} case was erased for good.", "{n} cases were erased for good.", len(erased)))
    return 0
