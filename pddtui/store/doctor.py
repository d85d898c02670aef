"""The doctor: what opening a data file would find, and what is wrong in the cases of one that opens."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.fields import fields_along
from pddtui.domain.history import Change, Patch, broken_link, missing, topological
from pddtui.domain.union import altered
from pddtui.durable import leftovers
from pddtui.errors import Damaged
from pddtui.message import Message, Words, file_size, msg, pasted, plural
from pddtui.ownership import exposed_folders
from pddtui.store.backups import Backups
from pddtui.store.codec import head_of
from pddtui.store.copies import strays
from pddtui.store.disk import Disk, Surroundings
from pddtui.store.layout import CASES, UNDECODABLE, WrongShape, outline
from pddtui.store.shelf import Shelf
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Finding", "examine"]


class Finding(Struct, frozen=True, kw_only=True):
    """What `doctor` says of the data file."""

    trouble: tuple[Message, ...]
    """What is damaged, the worst first; empty when all is whole."""
    notes: tuple[Message, ...] = ()
    """What one should know: that the file is read-only here, that a session died in the middle of a fold."""
    facts: tuple[Message, ...]
    """What is there."""
    cases: tuple[Case, ...] = ()
    """Every case that could be read, including those in the trash."""
    erased: frozenset[str] = frozenset()
    """The ids of those that were erased for good."""


def examine(path: Path, surroundings: Surroundings | None = None) -> Finding:
    """The state of the data file and of the files beside it, as it would be opened now. Nothing is changed."""
    around = surroundings or Surroundings()
    path = around.disk.spelled(path)
    backups = Backups(path, around.disk)
    facts = [_backups(backups)]
    try:
        store = TinyCaseStore.open(path, surroundings=around)
    except Damaged as error:
        exposed = exposed_folders((path.parent, *around.folders), around.disk.stat)
        return Finding(trouble=(error.message, *exposed), facts=tuple(facts))
    reading, cases = store.storage.reading, tuple(store.cases().values())
    facts = [
        plural(
            "{n} case in {path} ({size}).",
            "{n} cases in {path} ({size}).",
            len(cases),
            path=str(path),
            size=file_size(_size(store, path)),
        ),
        plural("{n} save is still only in the journal.", "{n} saves are still only in the journal.", reading.saves),
        *facts,
        *machine_facts(store),
    ]
    united = reading.united
    said = [each for each in store.warnings if each not in united]
    erased = frozenset(store.erased())
    broken = {case.id: wrong for case in cases if (wrong := broken_history(case)) is not None}
    lost = lost_since(backups, around.disk, store.cases(), erased | broken.keys())
    off = off_own_record(store, broken.keys())
    trouble = [*said, *duplicates(reading.shelf), *broken.values(), *lost, *off]
    notes = [*([] if store.read_only is None else [store.read_only]), *united, *saves_off_record(cases)]
    if reading.settled:
        notes.append(
            plural(
                "A journal with {n} save is left over beside the data file, which already contains it: the "
                "next command removes it.",
                "A journal with {n} saves is left over beside the data file, which already contains them: "
                "the next command removes it.",
                reading.settled,
            )
        )
    notes += [*copy_notes(store), *clash_notes(cases), *counter_notes(store)]
    notes += erased_notes(backups, around.disk, erased)
    torn = [left.name for left in leftovers(path.parent, path.name, around.disk)]
    if torn:
        notes.append(
            msg("{names} was left by a session that crashed; the next save removes it.", names=tuple(sorted(torn)))
        )
    notes += [
        msg("{name} in {folder} is no backup of pddtui.", name=name, folder=str(backups.folder))
        for name in backups.foreign()
    ]
    store.release()
    return Finding(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts), cases=cases, erased=erased)


def _size(store: TinyCaseStore, path: Path) -> int:
    found = store.storage.disk.stat(path)
    return found.st_size if found is not None else 0


def _backups(backups: Backups) -> Message:
    whole, folder = backups.whole(), str(backups.folder)
    if not whole:
        return msg("No backup in {folder} yet.", folder=folder)
    return plural(
        "{n} backup in {folder} ({size}).",
        "{n} backups in {folder} ({size}).",
        len(whole),
        folder=folder,
        size=file_size(backups.size()),
    )


def machine_facts(store: TinyCaseStore) -> Iterator[Message]:
    """The machines that saved in the file, and the own record of this one."""
    counts, own, held = store.storage.reading.counts, store.storage.own, store.storage.reading.held
    if counts:
        yield plural(
            "{n} machine saved in it: {machines}.",
            "{n} machines saved in it: {machines}.",
            len(counts),
            machines=tuple(msg("{machine} {saves}", machine=name, saves=saves) for name, saves in counts.items()),
        )
    saves = own.saves() if own is not None else []
    if own is None or not saves:
        return
    name = own.machine()
    missing = sum(saved.number > held.get(name, 0) for saved in saves)
    yield plural(
        "{n} save of this machine ({machine}) is on its own record {path} ({size}), {missing} of them not in the file.",
        "{n} saves of this machine ({machine}) are on its own record {path} ({size}), {missing} of them not in the "
        "file.",
        sum(saved.number > 0 for saved in saves),
        machine=name,
        path=str(own.path),
        size=file_size(_size(store, own.path)),
        missing=missing,
    )


def counter_notes(store: TinyCaseStore) -> Iterator[Message]:
    """Machines of which the file holds fewer saves than it held when this machine last saved."""
    own, held = store.storage.own, store.storage.reading.held
    for machine, known in (own.last() if own is not None else {}).items():
        if held.get(machine, 0) < known:
            yield msg(
                "Of the saves of the machine {machine} the file held {held}, although {known} were known here: another "
                "copy took its place.",
                held=held.get(machine, 0),
                machine=machine,
                known=known,
            )


def clash_notes(cases: Iterable[Case]) -> Iterator[Message]:
    """What two machines changed apart, and nobody has settled yet."""
    found = {case.ref: len(case.clashes) for case in cases if case.clashes}
    if found:
        yield plural(
            "{n} conflict between machines is to be settled, in {refs}: `pddtui due` lists it.",
            "{n} conflicts between machines are to be settled, in {refs}: `pddtui due` lists them.",
            sum(found.values()),
            refs=tuple(found),
        )


def copy_notes(store: TinyCaseStore) -> Iterator[Message]:
    """Copies of the file beside it that hold something which is not in it, each with the command that unites it."""
    for copy in strays(store):
        yield msg(
            "{file} beside the data file holds what is not in it ({cases}, {contacts}): {command}",
            file=copy.name,
            cases=plural("{n} case", "{n} cases", copy.cases),
            contacts=plural("{n} contact", "{n} contacts", copy.contacts),
            command=msg("`pddtui import {file}`", file=pasted(copy.path)),
        )


def duplicates(shelf: Shelf) -> Iterator[Message]:
    """One case under two keys, and two cases with one number."""
    keys: dict[str, list[str]] = {}
    named: dict[str, set[str]] = {}
    for key, document in shelf.documents(CASES):
        found = head_of(document)
        keys.setdefault(found.id, []).append(key)
        named.setdefault(found.ref, set()).add(found.id)
    for identity, places in keys.items():
        if len(places) > 1:
            yield msg(
                "The case {id} is in the file {n} times, as the documents {keys}; only the last one is "
                "shown. Compare them, and export what is missing from a copy of the file.",
                id=identity,
                n=len(places),
                keys=tuple(places),
            )
    for ref, identities in named.items():
        if len(identities) > 1:
            yield msg(
                "The number {ref} belongs to {n} cases ({ids}): name them by the start of their id.",
                ref=ref,
                n=len(identities),
                ids=tuple(sorted(identities)),
            )


def broken_history(case: Case) -> Message | None:
    """What is wrong where a history was altered, or the case differs from what it leads to."""
    history = topological(case.history)
    entry = broken_link(history)
    if entry is not None:
        change = history[entry]
        return msg(
            "The history of {ref} was altered outside pddtui: entry {entry} ({action}, {at}) breaks the chain, as "
            "{reason}. Compare it with a backup or an export.",
            ref=case.ref,
            entry=entry + 1,
            action=change.action,
            at=change.at,
            reason=_break(history, entry),
        )
    if not case.history and case.revision:
        return msg(
            "The history of {ref} was emptied outside pddtui, although the case was saved {n} times. "
            "Compare it with a backup or an export.",
            ref=case.ref,
            n=case.revision,
        )
    if (apart := _apart(case)) is None:
        return msg(
            "The history of {ref} leads to no case: it was altered outside pddtui. Compare it with a backup or an "
            "export.",
            ref=case.ref,
        )
    if apart:
        return msg(
            "{ref} was altered outside pddtui, or the end of its history was cut off: the history does "
            "not lead to the current value of “{field}”. Compare it with a backup or an export.",
            ref=case.ref,
            field=_called(apart[0].path),
        )
    return None


def _apart(case: Case) -> tuple[Patch, ...] | None:
    """Where the case is not what its history leads to; None where that leads to none."""
    try:
        return altered(case)
    except ValueError:
        return None


def _break(history: Sequence[Change], entry: int) -> Message:
    """Why that entry of a history in topological order does not hold."""
    change, before, every = history[entry], {each.id for each in history[:entry]}, {each.id for each in history}
    if change.id in before:
        return msg("another entry has its id")
    if not every.issuperset(change.parents):
        return msg("an entry that it was made on is missing")
    if not before.issuperset(change.parents):
        return msg("it was made on itself, round a circle")
    return msg("its hash is another")


def _called(path: tuple[str, ...]) -> Words:
    """What stands at that path of a case, as a person calls it."""
    words = [field.said for _, field in fields_along(path) if field is not None and field.said is not None]
    return words[0] if words else path[0]


def saves_off_record(cases: Iterable[Case]) -> Iterator[Message]:
    """Cases whose history does not hold every save, as may honestly be so after an import."""
    for case in cases:
        if case.history and case.revision != len(case.history):
            yield msg(
                "{ref} was saved {saves} times, but its history has {entries} entries: it was imported, or "
                "the end was cut off.",
                ref=case.ref,
                saves=case.revision,
                entries=len(case.history),
            )


def off_own_record(store: TinyCaseStore, passed: Container[str]) -> Iterator[Message]:
    """Cases of which this machine saved changes that are not in their history now, by its own record."""
    own, cases = store.storage.own, store.cases()
    told: dict[str, set[str]] = {}
    for saved in own.saves() if own is not None else ():
        for news in saved.cases:
            told.setdefault(news.id, set()).update(change.hash for change in news.changes)
    for case_id, hashes in told.items():
        case = cases.get(case_id)
        if case is not None and case_id not in passed and (gone := missing(hashes, case.history)):
            yield plural(
                "The history of {ref} was rewritten: {n} change that this machine saved is not in it now.",
                "The history of {ref} was rewritten: {n} changes that this machine saved are not in it now.",
                len(gone),
                ref=case.ref,
            )


class _Entry(Struct):
    hash: str = ""


class _Told(Struct):
    """What a document of a backup says: which case it is, and the changes that it had."""

    id: str
    ref: str
    erased: object = False
    history: list[_Entry] = []


_told = msgspec.json.Decoder(_Told).decode


def erased_notes(backups: Backups, disk: Disk, erased: frozenset[str]) -> Iterator[Message]:
    """Cases that were erased for good, here or by a file that came, and that a backup still has."""
    kept: dict[str, str] = {}
    for backup, told in _backed_up(backups, disk) if erased else ():
        if told.id in erased:
            kept.setdefault(told.ref, backup.name)
    if kept:
        yield plural(
            "{n} case was erased for good, {refs}; backups still have it, the newest of them {backup}.",
            "{n} cases were erased for good, {refs}; backups still have them, the newest of them {backup}.",
            len(kept),
            refs=tuple(kept),
            backup=next(iter(kept.values())),
        )


def lost_since(backups: Backups, disk: Disk, cases: Mapping[str, Case], passed: Container[str]) -> Iterator[Message]:
    """What a backup holds and the data file no longer does, each case once, with the newest backup that has it.

    Whoever can write the data file can also write a history that holds together, as there is no secret in its hashes;
    they would have to do so in every backup. A history only grows, and a case that was erased leaves a mark: neither
    goes by what the program does. `passed` are the ids of those that need not be looked at.
    """
    named: set[str] = set()
    for backup, told in _backed_up(backups, disk):
        if told.id in named or told.id in passed:
            continue
        case = cases.get(told.id)
        if case is None:
            named.add(told.id)
            yield msg(
                "{ref} is in the backup {backup} and no longer in the data file, although nobody erased it. "
                "{command} brings it back.",
                ref=told.ref,
                backup=backup.name,
                command=msg("`pddtui import {file}`", file=pasted(str(backup))),
            )
        elif gone := missing((entry.hash for entry in told.history if entry.hash), case.history):
            named.add(told.id)
            yield plural(
                "The history of {ref} was rewritten: {n} entry in the backup {backup} is not in it now. Compare "
                "the two.",
                "The history of {ref} was rewritten: {n} entries in the backup {backup} are not in it now. Compare "
                "the two.",
                len(gone),
                ref=case.ref,
                backup=str(backup),
            )


def _backed_up(backups: Backups, disk: Disk) -> Iterator[tuple[Path, _Told]]:
    """Every case in a backup, those of the newest first. Several backups that are one file are read once."""
    seen: set[tuple[int, int] | None] = set()
    for backup in backups.whole():
        if (identity := disk.identity(backup)) not in seen:
            seen.add(identity)
            yield from ((backup, told) for told in _told_by(backup, disk) if told.erased is not True)


def _told_by(backup: Path, disk: Disk) -> Iterator[_Told]:
    """What one backup says; one that cannot be read says nothing."""
    try:
        fd = disk.open_regular(backup)
    except (OSError, Damaged):
        return
    try:
        _, entries = outline(disk, fd, disk.fstat(fd).st_size)
        for place, document in entries:
            if place.table == CASES:
                yield _told(document)
    except (OSError, WrongShape, *UNDECODABLE):
        return
    finally:
        disk.close_quietly(fd)
