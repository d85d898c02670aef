"""What `doctor` looks at beside the data file: files of evidence, the calendar of next year, forms left half-typed.

Nothing is changed and nothing is repaired here; every finding is a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from msgspec import Struct

from pddtui.domain.case import Case, Evidence
from pddtui.domain.fields import ChoiceTable, fields_of, value_of
from pddtui.domain.history import difference, tree_of
from pddtui.domain.workdays import Calendar
from pddtui.durable import is_unfinished, reason
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Words, file_size, msg, plural
from pddtui.ownership import exposed_files, grouped_folders, own_folder
from pddtui.places import Places
from pddtui.services.drafts import Draft
from pddtui.services.evidence import sha256_of
from pddtui.services.import_.read_json import as_imported
from pddtui.services.words import place_words

__all__ = ["Checked", "check_calendar", "check_cases", "check_drafts", "check_evidence", "check_places"]


_NEWER_BY_PIP = "pip install --upgrade chinesecalendar"
_NEWER_BY_UV = "uv tool upgrade pddtui"
"""What brings a newer calendar into the environment that the program runs in."""


class Checked(Struct, frozen=True, kw_only=True):
    """What one look found."""

    trouble: tuple[Message, ...] = ()
    """What is damaged or lost."""
    notes: tuple[Message, ...] = ()
    """What one should know; nothing is lost."""
    facts: tuple[Message, ...] = ()
    """What is as it should be."""


def check_cases(cases: Iterable[Case], handbook: Handbook) -> Checked:
    """What stands in the cases that could not have been typed here and cannot be imported elsewhere.

    And what no handbook knows any more: it is shown by its id, and nothing is computed of it.
    """
    trouble: list[Message] = []
    notes: list[Message] = []
    unknown: dict[str, list[str]] = {}
    for case in cases:
        there = as_imported(case)
        if isinstance(there, Message):
            trouble.append(msg("{ref} could not be imported on another machine: {problem}", ref=case.ref,
                               problem=there))  # fmt: skip
        elif there != case:
            notes.append(msg("Another machine would take {ref} with some text or sum altered: {fields}.", ref=case.ref,
                             fields=tuple(_altered(case, there, handbook))))  # fmt: skip
        for catalogue, name in _choices(case):
            if handbook.name_of(catalogue, name) is None:
                unknown.setdefault(name, []).append(case.ref)
    notes += (
        msg("“{name}” is not in the handbook of this machine, so nothing is computed from it: {refs}.", name=name,
            refs=tuple(dict.fromkeys(refs)))
        for name, refs in unknown.items()
    )  # fmt: skip
    return Checked(trouble=tuple(trouble), notes=tuple(notes))


def _altered(case: Case, there: Case, handbook: Handbook) -> Iterator[Words]:
    """What the fields are called that are not the same in both."""
    for patch in difference(tree_of(case), tree_of(there)):
        yield (place_words(patch.path, handbook) or (patch.path[-1],))[-1]


def _choices(thing: Struct) -> Iterator[tuple[ChoiceTable, str]]:
    """What was chosen from the handbook for the thing and for all that is in it, with its table."""
    for field in (fields_of(type(thing)) or {}).values():
        value = value_of(field, thing)
        if field.catalogue is not None and isinstance(value, str):
            yield field.catalogue, value
        elif field.of is not None and isinstance(value, tuple):
            for part in value:
                yield from _choices(part)


def check_evidence(cases: Iterable[Case], folder: Path) -> Checked:
    """Whether every file of evidence is in `folder` with the content that was noted, and what else lies there."""
    trouble: list[Message] = []
    notes: list[Message] = []
    whole = size = 0
    known: set[str] = set()
    for case in () if folder.is_symlink() else cases:  # which is said of the folder itself
        for record in case.evidence:
            if record.file is None:
                continue
            known.add(record.file)
            wrong = _wrong(case, record, folder)
            if wrong is not None:
                trouble.append(wrong)
                continue
            whole += 1
            size += record.size or 0
            if record.size == 0:
                notes.append(msg("The file of the evidence “{name}” of {ref} is empty: add it once more.",
                                 name=record.original_name or record.file, ref=case.ref))  # fmt: skip
    with suppress(OSError):  # no case has a file of evidence yet, or each was reported above
        notes += [_stray(path) for path in sorted(own_folder(folder).iterdir()) if path.name not in known]
    facts = []
    if whole:
        facts.append(
            plural("{n} evidence file is unchanged ({size}).", "{n} evidence files are unchanged ({size}).", whole,
                   size=file_size(size))
        )  # fmt: skip
    return Checked(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts))


def _stray(path: Path) -> Message:
    """What that is which no case names."""
    if path.is_symlink() or not path.is_file():
        return msg("{name} in {folder} is no file of evidence: it is a folder or a link.", name=path.name,
                   folder=str(path.parent))  # fmt: skip
    if is_unfinished(path.name):
        return plural(
            "{name} in {folder} is an unfinished copy of {n} byte: the next file kept as evidence removes it, "
            "once it is an hour old.",
            "{name} in {folder} is an unfinished copy of {n} bytes: the next file kept as evidence removes it, "
            "once it is an hour old.",
            path.stat().st_size,
            name=path.name,
            folder=str(path.parent),
        )
    return msg("The file {name} in {folder} belongs to no case.", name=path.name, folder=str(path.parent))


def _wrong(case: Case, record: Evidence, folder: Path) -> Message | None:
    """What is wrong with the copy of a piece of evidence, if anything is."""
    name = record.file or ""
    shown = record.original_name or name
    if Path(name).name != name:  # an imported name never leads out of the folder
        return msg(
            "The file name of the evidence “{name}” of {ref} is not one that pddtui gives its copies.",
            name=shown,
            ref=case.ref,
        )
    try:
        found = sha256_of(folder / name)
    except FileNotFoundError:
        return msg(
            "The file of the evidence “{name}” of {ref} is missing: put {file} back into {folder}.",
            name=shown,
            ref=case.ref,
            file=name,
            folder=str(folder),
        )
    except OSError as error:
        return msg(
            "The file of the evidence “{name}” of {ref} cannot be read ({reason}).",
            name=shown,
            ref=case.ref,
            reason=reason(error),
        )
    if record.sha256 is not None and found != record.sha256:
        return msg(
            "The file of the evidence “{name}” of {ref} was altered: the hash of {file} in {folder} is "
            "not the one recorded.",
            name=shown,
            ref=case.ref,
            file=name,
            folder=str(folder),
        )
    return None


def check_places(places: Places) -> Checked:
    """Whether somebody else may change the files of the program; of the folders, what opening does not say already."""
    files = (
        *(path for path in _files(places.data_file.parent) if path.name.startswith(places.data_file.name)),
        *(path for path in _files(places.config_folder) if path.suffix == ".yaml"),
        *(path for folder in (places.letters, places.evidence, places.backups) for path in _files(folder)),
    )
    linked = (
        msg("{folder} is a link, which pddtui does not follow there: put a folder in its place.", folder=str(folder))
        for folder in (places.evidence, places.backups, places.seals, places.drafts, places.own_records, places.logs)
        if folder.is_symlink()
    )
    return Checked(
        trouble=(*linked, *exposed_files(files)), notes=tuple(grouped_folders(dict.fromkeys(places.folders)))
    )


def _files(folder: Path) -> tuple[Path, ...]:
    with suppress(OSError):
        return tuple(sorted(path for path in folder.iterdir() if path.is_file()))
    return ()


def check_calendar(calendar: Calendar, today: date, warn_from: tuple[int, int]) -> Checked:
    """Whether the working days of this year, and from `warn_from` (month, day) on of the next, are published."""
    known = calendar.known_until()
    wanted = today.year + ((today.month, today.day) >= warn_from)
    if known.year < wanted:
        note = msg(
            "The working days of {year} are not known: dates in that year are estimates. The State Council publishes "
            "them in November or December; from {day} on, look for a newer calendar with “{pip}” (installed by uv: "
            "“{uv}”), or put the notice into calendar.yaml beside the settings.",
            year=str(wanted),
            day=date(wanted - 1, *warn_from),
            pip=_NEWER_BY_PIP,
            uv=_NEWER_BY_UV,
        )
        return Checked(notes=(note,))
    return Checked(facts=(msg("Working days are published until the end of {year}.", year=str(known.year)),))


def check_drafts(drafts: Sequence[Draft], cases: Mapping[str, Case], file: Path) -> Checked:
    """Which half-typed forms wait, each with its case. `file` is the data file with these cases."""
    notes = []
    for draft in drafts:
        case = cases.get(draft.subject.case) if draft.subject.case is not None else None
        if case is not None:
            notes.append(
                msg(
                    "{ref} has an unsaved form from {at}: open the case on the desk to continue.",
                    ref=case.ref,
                    at=draft.at,
                )
            )
        elif draft.subject.case is None and draft.subject.file not in (None, str(file)):
            other = draft.subject.file or ""
            notes.append(
                msg(
                    "There is an unsaved new case from {at} in {file}: open that file to continue.",
                    file=other,
                    at=draft.at,
                )
            )
        elif draft.subject.case is None:
            notes.append(msg("There is an unsaved new case from {at}: press n on the desk to continue.", at=draft.at))
        else:
            notes.append(msg("There is an unsaved form from {at} for a case that is not in this file.", at=draft.at))
    return Checked(notes=tuple(notes))
