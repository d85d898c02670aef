"""Two copies of one case made into one by what each side did, and what both changed to something else.

What was added on either side is united by id, and a field that only one side changed takes that change; the histories
show what is new. Where both changed the same field, or fields that are changed together, ours stays and theirs is
handed back as a clash. It becomes a follow-up whose id is the same on both sides: ticking it, or changing the field
after having seen the other value, settles it, and that value then travels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pddtui.domain import history
from pddtui.domain.case import Case, FollowUp
from pddtui.domain.history import Change, Patch, Tree, undoable, value_at

__all__ = [
    "IMPORT",
    "CaseMerge",
    "Clash",
    "Path",
    "brought_in",
    "is_clash",
    "is_thing",
    "lesser",
    "mark",
    "merge_case",
    "open_about",
    "task_id",
]

IMPORT = "import"
"""The action of a change that took another copy in."""

Path = tuple[str, ...]

_CLASH = "clash-"
_THINGS = frozenset({"contacts", "promises", "filings", "follow_ups", "evidence"})
"""Lists of things that have ids."""
_OF_THE_CASE = ("status", "outcome", "closed_at", "quiet", "complainant")
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("status", "outcome", "closed_at"),
    ("state", "settled_at", "replaced_by", "accepted_at", "ended_at", "countdown_until",
     "aftersale_state", "aftersale_turn", "aftersale_at"),
    ("due", "due_phrase", "estimated", "snoozed"),
    ("substance", "reply"),
)  # fmt: skip
"""Fields that one move sets together; the first names them all."""
_FOLLOWING = frozenset({
    "id", "settled_at", "replaced_by", "accepted_at", "ended_at", "closed_at", "due_phrase", "estimated", "snoozed",
    "aftersale_turn", "aftersale_at",
})  # fmt: skip
"""Fields that only follow another: where nothing else differs there is nothing to settle."""


class MergeUnit(Struct, frozen=True):
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

    unit: MergeUnit
    patches: tuple[Patch, ...]
    """Where they differ: before is ours, after theirs. Without the fields that only follow."""
    unheard: bool = False
    """Theirs was said after ours last took them in, so that who settles it now knows more than the record says."""


def unit_of(path: Path) -> MergeUnit:
    """What is settled together with the place at that path."""
    if path[0] in _OF_THE_CASE:
        return MergeUnit((), _together(path[0]))
    if is_thing(path):
        return MergeUnit(path, ())
    return MergeUnit(path[:-1], _together(path[-1]))


def is_thing(path: Path) -> bool:
    """Whether the path leads to a thing in a list, and not to a field of it."""
    return len(path) % 2 == 0 and len(path) > 0 and path[-2] in _THINGS


def _together(name: str) -> tuple[str, ...]:
    return next((names for names in _TOGETHER if name in names), (name,))


def main_patches(patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """Those that a person would have to settle: without the fields that only follow another."""
    return tuple(patch for patch in patches if patch.path[-1] not in _FOLLOWING)


def is_clash(task_id: str) -> bool:
    return task_id.startswith(_CLASH)


def mark(case_id: str, unit: MergeUnit) -> str:
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


def later(ours: Case, theirs: Case, unit: MergeUnit) -> Literal["ours", "theirs", "neither"] | None:
    """Whose last word on the unit was spoken in knowledge of the other's. None where the histories do not say."""
    here, there = _last_word(ours, unit), _last_word(theirs, unit)
    if here is None or there is None:
        return None
    known_there = _knew(theirs.history[: there + 1], ours.history, here)
    known_here = _knew(ours.history[: here + 1], theirs.history, there)
    if known_there and known_here:  # the same word, so that something else is wrong
        return None
    return "theirs" if known_there else "ours" if known_here else "neither"


def unheard(ours: Case, theirs: Case, unit: MergeUnit) -> bool:
    """Whether their last word on the unit is not yet on record here."""
    there = _last_word(theirs, unit)
    return there is not None and not _knew(ours.history, theirs.history, there)


def _last_word(case: Case, unit: MergeUnit) -> int | None:
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


_OURS_ALONE = frozenset({"id", "ref", "recorded_at"})
"""Fields that never change once a case is here; the number people use may differ between two machines."""

_TIES = ("evidence",)
"""The field of a contact that names the evidence for it."""

_EMPTY: Tree = {
    "operator": {}, "order": {}, "demand": {}, "milestones": {}, "steps": {}, "looked": {},
    "filings": [], "contacts": [], "follow_ups": [], "evidence": [],
}  # fmt: skip


class CaseMerge(Struct, frozen=True, kw_only=True):
    """What became of one case."""

    case: Case
    """Ours with what is new of theirs, not yet on record; ours itself if nothing is."""
    adopted: bool = False
    """Theirs only went on where ours stands: `case` has their history, and is on record with it."""
    places: tuple[Path, ...] = ()
    """Where ours changed."""
    clashes: tuple[Clash, ...] = ()
    settled: tuple[MergeUnit, ...] = ()
    """Where somebody on their side has settled a clash, and ours took what they said."""


def merge_case(ours: Case, theirs: Case) -> CaseMerge:
    """Ours with everything new of theirs in it."""
    mine, other = _content(ours), _content(theirs)
    apart = _apart(mine, other)
    last_words = {unit: later(ours, theirs, unit) for unit in apart}
    judged = {unit for unit in apart if last_words[unit] is not None or _was_clash(ours, theirs, unit)}
    patches = [patch for patch in _news(ours, theirs, other) if not _within(patch.path, judged)]
    homeless = [patch for patch in patches if _lacks_its_thing(mine, patch.path)]
    tree, astray = history.apply(mine, [patch for patch in patches if patch not in homeless])
    misfits = [*astray, *homeless]
    clashes: list[Clash] = []
    settled: list[MergeUnit] = []
    for unit, differing in sorted(apart.items(), key=lambda item: item[0].names == _TIES):  # these know what is there
        if unit not in judged and not any(unit.meets(patch.path) for patch in misfits):
            continue
        main = main_patches(differing)
        last = last_words[unit]
        if last in (None, "neither"):
            last = None if main else lesser(differing)
        if last is None and unit.names == _TIES:
            tree = _tied(tree, main[0])
        elif last is None:
            clashes.append(Clash(unit=unit, patches=main, unheard=unheard(ours, theirs, unit)))
        elif last == "theirs":
            tree, _ = history.apply(tree, differing)
            settled.append(unit)
    changed = history.difference(mine, tree)
    if not changed:
        return CaseMerge(case=ours, clashes=tuple(clashes))
    places = tuple(patch.path for patch in changed)
    if _continues(ours, theirs) and not history.difference(tree, other):
        adopted = structs.replace(
            theirs, ref=ours.ref, recorded_at=ours.recorded_at, revision=max(ours.revision + 1, theirs.revision)
        )
        return CaseMerge(case=adopted, adopted=True, places=places)
    return CaseMerge(case=_case(ours, tree), places=places, clashes=tuple(clashes), settled=tuple(settled))


def _news(ours: Case, theirs: Case, other: Tree) -> Iterable[Patch]:
    """What they did since both were the same."""
    removed = _moved_on(ours, theirs)  # else nothing says that what they lack was removed
    for patch in history.difference(_base(ours, theirs), other):
        if not _is_own(patch.path) and (removed or patch.after is not None):
            yield patch


def _apart(mine: Tree, other: Tree) -> Mapping[MergeUnit, list[Patch]]:
    """Where the two differ, as units; before is ours."""
    apart: dict[MergeUnit, list[Patch]] = {}
    for patch in history.difference(mine, other):
        if not (patch.path[0] == "follow_ups" and is_clash(patch.path[1])):
            apart.setdefault(unit_of(patch.path), []).append(patch)
    return apart


def _is_own(path: Path) -> bool:
    """Whether it is of a follow-up about a clash, but not how it ended: each side words and plans its own."""
    return path[0] == "follow_ups" and is_clash(path[1]) and path[2:3] not in ((), ("state",), ("settled_at",))


def _within(path: Path, units: Collection[MergeUnit]) -> bool:
    """Whether the place belongs to one of the units, be it all of a thing."""
    return unit_of(path) in units or any(MergeUnit(path[:depth], ()) in units for depth in range(2, len(path), 2))


def _lacks_its_thing(mine: Tree, path: Path) -> bool:
    """Whether it is a change of a thing that ours does not have any more."""
    things = (path[:depth] for depth in range(2, len(path), 2))
    return any(is_thing(thing) and history.value_at(mine, thing) is None for thing in things)


def _was_clash(ours: Case, theirs: Case, unit: MergeUnit) -> bool:
    about = mark(ours.id, unit)
    return any(task.id.startswith(about) for case in (ours, theirs) for task in case.follow_ups)


def _tied(tree: Tree, patch: Patch) -> Tree:
    """With the evidence that either side tied to a contact tied to it, as far as it is still there."""
    here, there = (value if isinstance(value, list) else [] for value in (patch.before, patch.after))
    kept = [each for each in dict.fromkeys([*here, *there]) if history.value_at(tree, ("evidence", each)) is not None]
    return history.apply(tree, [Patch(patch.path, patch.before, kept)])[0]


def brought_in(before: Case, after: Case, theirs: Case, *, change_id: str, at: datetime) -> Case:
    """`after` with the import on record, also where it only settled that ours stays."""
    patches = history.difference(history.tree_of(before), history.tree_of(after))
    seen = theirs.history[-1].id if theirs.history else None
    change = Change(id=change_id, at=at, action=IMPORT, patches=patches, target=seen)
    return structs.replace(
        after, history=(*before.history, history.chain(before.history, change)), revision=before.revision + 1
    )


def _content(case: Case) -> Tree:
    """What a case says, without its bookkeeping and its number."""
    tree = history.tree_of(case)
    return {name: part for name, part in tree.items() if name not in _OURS_ALONE | history.UNRECORDED}


def _base(ours: Case, theirs: Case) -> Tree:
    """The state that what is new of theirs was done to."""
    if _moved_on(ours, theirs) and _last(ours) in _known(theirs):
        return _content(ours)
    known = _known(ours)
    shared = max((n for n, change in enumerate(theirs.history, 1) if change.id in known), default=0)
    return _replayed(theirs.history[:shared]) if shared else _EMPTY


def _replayed(changes: Iterable[Change]) -> Tree:
    tree: Tree = {}
    for change in changes:
        tree, _ = history.apply(tree, change.patches)
    return {name: part for name, part in tree.items() if name not in _OURS_ALONE}


def _moved_on(ours: Case, theirs: Case) -> bool:
    """Whether their history has something that ours does not know."""
    last = _last(theirs)
    return last is not None and last not in _known(ours)


def _continues(ours: Case, theirs: Case) -> bool:
    return theirs.history[: len(ours.history)] == ours.history and len(theirs.history) > len(ours.history)


def _last(case: Case) -> str | None:
    return case.history[-1].id if case.history else None


def _known(case: Case) -> Collection[str]:
    """The changes that this copy has, and the last one of each import that it did not take back."""
    return known_ids(case.history)


def _case(ours: Case, tree: Tree) -> Case:
    whole = {**history.tree_of(ours), **tree}
    case = msgspec.convert(whole, type=Case, strict=False)
    return structs.replace(
        case,
        contacts=tuple(sorted(case.contacts, key=lambda contact: (contact.at, contact.id))),
        filings=tuple(sorted(case.filings, key=lambda filing: (filing.filed_at, filing.id))),
        history=ours.history,
    )
