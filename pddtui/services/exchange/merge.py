"""Two copies of one case made into one, by what each side did since they last were the same.

What was added on either side is united by id. A field that only one side changed takes that change. Where both
changed the same field ours stays and theirs is handed back as a clash, for a person to settle; what a person has
settled on either side since then is no clash any more.

The histories tell what is new: a change is known here if it stands in our history, or if an import took it in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct, structs

from pddtui.domain import history
from pddtui.domain.case import Case
from pddtui.domain.history import Change, Patch, Tree
from pddtui.services.exchange.clashes import (
    IMPORT,
    Clash,
    Path,
    Unit,
    is_clash,
    is_thing,
    known_ids,
    later,
    lesser,
    main_patches,
    mark,
    unheard,
    unit_of,
)

__all__ = ["IMPORT", "Merge", "brought_in", "merge"]

_OURS_ALONE = frozenset({"id", "ref", "recorded_at"})
"""Fields that never change once a case is here; the number people use may differ between two machines."""

_TIES = ("evidence",)
"""Of a contact: the evidence that shows it."""

_EMPTY: Tree = {
    "operator": {}, "order": {}, "demand": {}, "milestones": {}, "steps": {},
    "filings": [], "contacts": [], "follow_ups": [], "evidence": [],
}  # fmt: skip


class Merge(Struct, frozen=True, kw_only=True):
    """What became of one case."""

    case: Case
    """Ours with what is new of theirs, not yet on record; ours itself if nothing is."""
    adopted: bool = False
    """Theirs only went on where ours stands: `case` has their history, and is on record with it."""
    places: tuple[Path, ...] = ()
    """Where ours changed."""
    clashes: tuple[Clash, ...] = ()
    settled: tuple[Unit, ...] = ()
    """Where somebody on their side has settled a clash, and ours took what they said."""


def merge(ours: Case, theirs: Case) -> Merge:
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
    settled: list[Unit] = []
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
        return Merge(case=ours, clashes=tuple(clashes))
    places = tuple(patch.path for patch in changed)
    if _continues(ours, theirs) and not history.difference(tree, other):
        adopted = structs.replace(
            theirs, ref=ours.ref, recorded_at=ours.recorded_at, revision=max(ours.revision + 1, theirs.revision)
        )
        return Merge(case=adopted, adopted=True, places=places)
    return Merge(case=_case(ours, tree), places=places, clashes=tuple(clashes), settled=tuple(settled))


def _news(ours: Case, theirs: Case, other: Tree) -> Iterable[Patch]:
    """What they did since both were the same."""
    removed = _moved_on(ours, theirs)  # else nothing says that what they lack was removed
    for patch in history.difference(_base(ours, theirs), other):
        if not _is_own(patch.path) and (removed or patch.after is not None):
            yield patch


def _apart(mine: Tree, other: Tree) -> Mapping[Unit, list[Patch]]:
    """Where the two differ, as units; before is ours."""
    apart: dict[Unit, list[Patch]] = {}
    for patch in history.difference(mine, other):
        if not (patch.path[0] == "follow_ups" and is_clash(patch.path[1])):
            apart.setdefault(unit_of(patch.path), []).append(patch)
    return apart


def _is_own(path: Path) -> bool:
    """Whether it is of a follow-up about a clash, but not how it ended: each side words and plans its own."""
    return path[0] == "follow_ups" and is_clash(path[1]) and path[2:3] not in ((), ("state",), ("settled_at",))


def _within(path: Path, units: Collection[Unit]) -> bool:
    """Whether the place belongs to one of the units, be it all of a thing."""
    return unit_of(path) in units or any(Unit(path[:depth], ()) in units for depth in range(2, len(path), 2))


def _lacks_its_thing(mine: Tree, path: Path) -> bool:
    """Whether it is a change of a thing that ours does not have any more."""
    things = (path[:depth] for depth in range(2, len(path), 2))
    return any(is_thing(thing) and history.value_at(mine, thing) is None for thing in things)


def _was_clash(ours: Case, theirs: Case, unit: Unit) -> bool:
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
