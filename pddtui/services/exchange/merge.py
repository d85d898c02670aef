"""Two copies of one case made into one, by what each side did since they last were the same.

What was added on either side is united by id. A field that only one side changed takes that change. Where both
changed the same field ours stays and theirs is handed back as a clash, for a person to settle.

The histories tell what is new: a change is known here if it stands in our history, or if an import took it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct, structs

from pddtui.domain import history
from pddtui.domain.case import Case
from pddtui.domain.history import Change, Tree

__all__ = ["Clash", "Merge", "brought_in", "merge"]

IMPORT = "import"
_OURS_ALONE = frozenset({"id", "ref", "recorded_at"})
"""Fields that never change once a case is here; the number people use may differ between two machines."""

_EMPTY: Tree = {
    "operator": {}, "order": {}, "demand": {}, "milestones": {}, "steps": {},
    "filings": [], "contacts": [], "follow_ups": [], "evidence": [],
}  # fmt: skip


class Clash(Struct, frozen=True, kw_only=True):
    """One place that both sides changed, each to something else."""

    path: tuple[str, ...]
    """Field names and ids from the case down."""
    ours: object
    theirs: object


class Merge(Struct, frozen=True, kw_only=True):
    """What became of one case."""

    case: Case
    """Ours with what is new of theirs, not yet on record; ours itself if nothing is."""
    adopted: bool = False
    """Theirs only went on where ours stands: `case` has their history, and is on record with it."""
    places: tuple[tuple[str, ...], ...] = ()
    """Where ours changed."""
    clashes: tuple[Clash, ...] = ()


def merge(ours: Case, theirs: Case) -> Merge:
    """Ours with everything new of theirs in it."""
    mine, other = _content(ours), _content(theirs)
    patches = history.difference(_base(ours, theirs), other)
    if not _moved_on(ours, theirs):
        patches = tuple(patch for patch in patches if patch.after is not None)  # nothing says it was removed
    tree, misfits = history.apply(mine, patches)
    clashes = tuple(
        Clash(path=patch.path, ours=history.value_at(mine, patch.path), theirs=patch.after)
        for patch in misfits
        if history.value_at(mine, patch.path) != patch.after
    )
    changed = history.difference(mine, tree)
    if not changed:
        return Merge(case=ours, clashes=clashes)
    places = tuple(patch.path for patch in changed)
    if _continues(ours, theirs) and not history.difference(tree, other):
        adopted = structs.replace(
            theirs, ref=ours.ref, recorded_at=ours.recorded_at, revision=max(ours.revision + 1, theirs.revision)
        )
        return Merge(case=adopted, adopted=True, places=places)
    return Merge(case=_case(ours, tree), places=places, clashes=clashes)


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


def _known(case: Case) -> set[str]:
    """The changes that this copy has, and the last one of each import that it did not take back."""
    done, _ = history.undoable(case.history)
    imports = {change.target for change in done if change.action == IMPORT and change.target is not None}
    return imports | {change.id for change in case.history}


def _case(ours: Case, tree: Tree) -> Case:
    whole = {**history.tree_of(ours), **tree}
    case = msgspec.convert(whole, type=Case, strict=False)
    return structs.replace(
        case,
        contacts=tuple(sorted(case.contacts, key=lambda contact: (contact.at, contact.id))),
        filings=tuple(sorted(case.filings, key=lambda filing: (filing.filed_at, filing.id))),
        history=ours.history,
    )
