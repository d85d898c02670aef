"""What both copies of a case changed, each to something else: how it is known again, and whether it was settled since.

Fields that are changed together are one clash: a promise that was kept here and broken there is not also a clash of
the two moments. A clash is a follow-up whose id says of what and between which values, the same on both sides.
Whoever ticks it, or changes the field after having seen the other value, has settled it; that value then travels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Change, Patch, undoable, value_at
from pddtui.domain.task import FollowUp

__all__ = [
    "IMPORT",
    "Clash",
    "Path",
    "Unit",
    "is_clash",
    "is_thing",
    "known_ids",
    "later",
    "lesser",
    "main_patches",
    "mark",
    "open_about",
    "task_id",
    "unheard",
    "unit_of",
]

IMPORT = "import"
"""The action of a change that took another copy in."""

Path = tuple[str, ...]

_CLASH = "clash-"
_THINGS = frozenset({"contacts", "promises", "filings", "follow_ups", "evidence"})
"""Lists of things that have ids."""
_OF_THE_CASE = ("status", "outcome", "closed_at", "quiet")
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("status", "outcome", "closed_at"),
    ("state", "settled_at", "replaced_by", "accepted_at", "ended_at", "countdown_until",
     "aftersale_state", "aftersale_turn", "aftersale_at"),
    ("due", "due_phrase", "estimated", "snoozed"),
)  # fmt: skip
"""Fields that one move sets together; the first names them all."""
_FOLLOWING = frozenset({
    "id", "settled_at", "replaced_by", "accepted_at", "ended_at", "closed_at", "due_phrase", "estimated", "snoozed",
    "aftersale_turn", "aftersale_at",
})  # fmt: skip
"""Fields that only follow another: where nothing else differs there is nothing to settle."""


class Unit(Struct, frozen=True):
    """What is settled at one stroke: fields of one thing that belong together, or a thing that one side lacks."""

    parent: Path
    """From the case down to what has the fields; the thing itself where all of it is meant."""
    names: tuple[str, ...]
    """The fields, the one that names them first; none where all of the thing is meant."""

    def meets(self, path: Path) -> bool:
        """Whether that place is in it, or around it."""
        depth = len(self.parent)
        if len(path) <= depth:
            return self.parent[: len(path)] == path
        return path[:depth] == self.parent and (not self.names or path[depth] in self.names)

    def touched_by(self, patch: Patch) -> bool:
        """Whether the patch changes something of it."""
        if not self.meets(patch.path):
            return False
        if len(patch.path) > len(self.parent):
            return True
        inside = self.parent[len(patch.path) :]
        return any(
            value_at(patch.before, place) != value_at(patch.after, place)
            for place in ([(*inside, name) for name in self.names] or [inside])
        )


class Clash(Struct, frozen=True, kw_only=True):
    """A unit that both sides changed, each to something else."""

    unit: Unit
    patches: tuple[Patch, ...]
    """Where they differ: before is ours, after theirs. Without the fields that only follow."""
    unheard: bool = False
    """Theirs was said after ours last took them in, so that who settles it now knows more than the record says."""


def unit_of(path: Path) -> Unit:
    """What is settled together with the place at that path."""
    if path[0] in _OF_THE_CASE:
        return Unit((), _together(path[0]))
    if is_thing(path):
        return Unit(path, ())
    return Unit(path[:-1], _together(path[-1]))


def is_thing(path: Path) -> bool:
    """Whether the path leads to a thing in a list, and not to a field of it."""
    return len(path) % 2 == 0 and len(path) > 0 and path[-2] in _THINGS


def _together(name: str) -> tuple[str, ...]:
    return next((names for names in _TOGETHER if name in names), (name,))


def main_patches(patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """Those that a person would have to settle: without the fields that only follow another."""
    return tuple(patch for patch in patches if patch.path[-1] not in _FOLLOWING)


# The follow-up.


def is_clash(task_id: str) -> bool:
    return task_id.startswith(_CLASH)


def mark(case_id: str, unit: Unit) -> str:
    """How the ids of all follow-ups about the unit begin."""
    return f"{_CLASH}{_digest((case_id, unit.parent, unit.names))[:12]}-"


def task_id(case_id: str, clash: Clash, ours: Case, theirs: Case) -> str:
    """The same on both sides and however often the clash is met; another one once both have settled it otherwise."""
    values = [[(patch.path, value) for patch, value in pairs] for pairs in _sides(clash.patches)]
    first = f"{mark(case_id, clash.unit)}{_digest(sorted(map(_json, values)))[:10]}"
    settled = [{task.id for task in case.follow_ups if task.state != "open"} for case in (ours, theirs)]
    rounds = (first if n == 1 else f"{first}-{n}" for n in range(1, 1000))
    return next((each for each in rounds if not all(each in ids for ids in settled)), first)


def _sides(patches: Sequence[Patch]) -> tuple[list[tuple[Patch, object]], list[tuple[Patch, object]]]:
    return [(patch, patch.before) for patch in patches], [(patch, patch.after) for patch in patches]


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def _digest(value: object) -> str:
    return hashlib.sha256(_json(value).encode()).hexdigest()


def lesser(patches: Sequence[Patch]) -> Literal["ours", "theirs"]:
    """Which side both take where nobody needs to be asked: the same one, seen from either."""
    ours, theirs = ([(patch.path, value) for patch, value in pairs] for pairs in _sides(patches))
    return "ours" if _json(ours) <= _json(theirs) else "theirs"


# Who has the last word.


def later(ours: Case, theirs: Case, unit: Unit) -> Literal["ours", "theirs", "neither"] | None:
    """Whose last word on the unit was spoken in knowledge of the other's. None where the histories do not say."""
    here, there = _last_word(ours, unit), _last_word(theirs, unit)
    if here is None or there is None:
        return None
    known_there = _knew(theirs.history[: there + 1], ours.history, here)
    known_here = _knew(ours.history[: here + 1], theirs.history, there)
    if known_there and known_here:  # the same word, so that something else is wrong
        return None
    return "theirs" if known_there else "ours" if known_here else "neither"


def unheard(ours: Case, theirs: Case, unit: Unit) -> bool:
    """Whether their last word on the unit is not yet on record here."""
    there = _last_word(theirs, unit)
    return there is not None and not _knew(ours.history, theirs.history, there)


def _last_word(case: Case, unit: Unit) -> int | None:
    """Index of the last change that set something of the unit, or settled a follow-up about it.

    An import that was taken back, and the taking back, say nothing: it can be taken in again.
    """
    about = mark(case.id, unit)
    standing = {change.id for change in undoable(case.history)[0]}
    for index in reversed(range(len(case.history))):
        change = case.history[index]
        if change.action == IMPORT and (change.kind == "undo" or change.id not in standing):
            continue
        if any(unit.touched_by(patch) for patch in change.patches):
            return index
        if change.id in standing and not _took_in(change) and any(_ticks(patch, about) for patch in change.patches):
            return index
    return None


def _ticks(patch: Patch, about: str) -> bool:
    path = patch.path
    return path[0] == "follow_ups" and path[2:] == ("state",) and path[1].startswith(about) and patch.after != "open"


def _took_in(change: Change) -> bool:
    return change.action == IMPORT and change.kind == "do"


def _knew(until: Sequence[Change], other: Sequence[Change], index: int) -> bool:
    """Whether who had made the changes `until` then knew the other's change at `index`, or where it came from."""
    known = known_ids(until)
    seen = max((n for n, change in enumerate(other, 1) if change.id in known), default=0)
    change = other[index]
    return index < seen or (_took_in(change) and change.target in known)


def known_ids(changes: Sequence[Change]) -> Collection[str]:
    """These changes, and the last one of each import that was not taken back."""
    done, _ = undoable(changes)
    imports = {change.target for change in done if change.action == IMPORT and change.target is not None}
    return imports | {change.id for change in changes}


def open_about(tasks: Iterable[FollowUp], marks: Collection[str]) -> Iterator[FollowUp]:
    """The open follow-ups about these units."""
    for task in tasks:
        if task.state == "open" and any(task.id.startswith(about) for about in marks):
            yield task
