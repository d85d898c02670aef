"""The command that unites two files: a merge driver of git, a hook of a sync tool.

`OURS` is read and written, `THEIRS` only read, and `BASE` not needed: a history says itself what both sides know. The
exit code is 0 where all is united, 1 where somebody has to settle something that was settled on either side before,
and 8 where a file or a case of it could not be taken. The result is a whole file in each case.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import command
from pddtui.domain.case import Case
from pddtui.durable import reason, replace_whole
from pddtui.errors import BadInput, CannotWrite, Damaged
from pddtui.message import Message, msg, plural
from pddtui.places import typed_path
from pddtui.services.clashes import clash_words

if TYPE_CHECKING:
    from pddtui.store.uniting import Copy, Met, Uniter

__all__ = []

_CONFLICT = 1
"""What git takes for a file that a person has to look at."""


class _Told(Struct):
    """The head of an export."""

    format: str = ""
    exported_at: str = ""


@command(
    "merge",
    msg(
        "Unite the data file (or export) THEIRS with OURS, and write the result to OURS: a merge driver for "
        "git (%O %A %B), a hook for a sync tool."
    ),
)
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.pass_context
def merge_command(ctx: click.Context, *, base: str, ours: str, theirs: str) -> int:  # noqa: ARG001 -- git gives it
    session = open_session(ctx)
    target, source = Path(os.path.realpath(typed_path(ours))), typed_path(theirs)
    wrong: list[Message] = []
    here = _export(target)
    copy = _copy(session, source, wrong)
    united = _into_file(session, target, copy) if here is None else _into_export(session, target, here, copy)
    return _told(session, united, wrong)


def _export(path: Path) -> bytes | None:
    """The content of an export; None where it is something else."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = reason(error)
        raise BadInput(msg("{file} cannot be read ({reason}).", file=str(path), reason=why)) from error
    return content if _head(content).format.startswith("pddtui.export") else None


def _head(content: bytes) -> _Told:
    from pddtui.services.import_.read_json import as_utf8

    try:
        return msgspec.json.decode(as_utf8(content), type=_Told)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _Told()


def _copy(session: Session, source: Path, wrong: list[Message]) -> Copy:
    from pddtui.services.import_.read_json import erased_in, read_export
    from pddtui.store.merging import copy_of_cases, read_copy

    content = _export(source)
    if content is None:
        return read_copy(source, session.surroundings)
    return copy_of_cases(read_export(content, str(source), wrong), erased_in(content))


def _into_file(session: Session, target: Path, copy: Copy) -> Uniter:
    from pddtui.store.merging import in_use, merged_in, unite_into

    if target != session.places.data_file and not in_use(target, session.surroundings):
        return merged_in(target, copy, session.surroundings)
    try:
        return unite_into(target, copy, session.surroundings)
    except Damaged as damaged:
        raise BadInput(damaged.message) from damaged


def _into_export(session: Session, target: Path, content: bytes, copy: Copy) -> Uniter:
    from pddtui.services.export.json import to_json
    from pddtui.services.import_.read_json import erased_in, read_export
    from pddtui.store.merging import united_cases

    uniter, cases, erased = united_cases(read_export(content, str(target)), erased_in(content), copy)
    at = session.now
    with suppress(msgspec.ValidationError):  # one that somebody made by hand may say no time
        at = msgspec.convert(_head(content).exported_at, type=type(at), strict=False)
    made = to_json(cases, session.rules, at, calendar=session.calendar, erased=erased)
    try:
        replace_whole(target, made)
    except OSError as error:
        why = reason(error)
        raise CannotWrite(msg("{file} cannot be written ({reason}).", file=str(target), reason=why)) from error
    return uniter


def _told(session: Session, united: Uniter, wrong: Sequence[Message]) -> int:
    """Say what came of it: what is to be settled and what was left out on stderr, the sum on stdout."""
    session.results.saved = bool(united.changed)
    met = united.met()
    for each in met:
        for line in _to_settle(session, each):
            session.note(line)
    for ref in dict.fromkeys(united.refused):
        session.note(msg("left out: {ref}. Its history does not hold together: somebody changed it.", ref=ref))
    for said in wrong:
        session.note(said)
    session.tell(_sum(united, sum(len(each.clashes) for each in met)))
    if united.refused or wrong:
        return BadInput.exit_code
    return _CONFLICT if met else 0


def _to_settle(session: Session, met: Met) -> Iterator[Message]:
    case = met.case
    ours = met.ours or msgspec.structs.replace(case, history=())
    for clash in met.clashes:
        said = clash_words(clash, case, ours, session.handbook)
        yield msg("in conflict: {ref} {title}. {clash}", ref=case.ref, title=case.title, clash=said)


def _sum(united: Uniter, clashes: int) -> Message:
    cases = [value for value in united.changed.values() if isinstance(value, Case)]
    erased = len(united.changed) - len(cases)
    if not united.changed:
        return msg("Nothing new: everything is already here.")
    counts = [plural("{n} case changed", "{n} cases changed", len(cases))]
    if united.contacts:
        counts.append(plural("{n} new contact", "{n} new contacts", united.contacts))
    if erased:
        counts.append(plural("{n} erased", "{n} erased", erased))
    if clashes:
        counts.append(plural("{n} conflict", "{n} conflicts", clashes))
    return msg("United: {counts}.", counts=tuple(counts))
