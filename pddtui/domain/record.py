"""The record of a case: putting a change on it, taking one back, and checking that it explains what the case says.

Whoever saves a case goes through here, so that no change is without its before and after, and taking one back
is itself a recorded change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import structs

from pddtui.domain.case import Case, Evidence
from pddtui.domain.history import UNRECORDED, Change, Patch, Tree, apply, chain, difference, invert, tree_of, value_at
from pddtui.errors import Conflict
from pddtui.message import msg

__all__ = ["altered", "bring_back", "recorded", "take_back"]

_OURS_ALONE = frozenset({"id", "ref", "recorded_at"})
"""What an import or a merge sets again without putting it on record."""

_IMPORT = "import"


def recorded(before: Case | None, after: Case, *, action: str, change_id: str, at: datetime) -> Case:
    """`after` with the change that led to it and the next revision; `before` itself if nothing changed."""
    old: Tree = tree_of(before) if before is not None else {}
    patches = difference(old, tree_of(after))
    if before is not None and not patches:
        return before
    return _put_on_record(after, Change(id=change_id, at=at, action=action, patches=patches))


def take_back(case: Case, change: Change, *, change_id: str, at: datetime) -> Case:
    """The case without `change`. Opening a case is taken back by putting it into the trash.

    Raises `Conflict` when the same place has been changed since.
    """
    if change.action == "open" and change.kind == "do":
        patches: tuple[Patch, ...] = (Patch(("trashed_at",), None, msgspec.to_builtins(at)),)
    else:
        patches = invert(change.patches)
    return _reversed(case, change, patches, Change(id=change_id, at=at, action=change.action, kind="undo"))


def bring_back(case: Case, undo: Change, *, change_id: str, at: datetime) -> Case:
    """The case with what `undo` took back in place again. Raises `Conflict` as `take_back` does."""
    patches = invert(undo.patches)
    return _reversed(case, undo, patches, Change(id=change_id, at=at, action=undo.action, kind="redo"))


def altered(case: Case) -> str | None:
    """The field of the case that its history does not explain, or None when all is explained.

    The history is taken back change by change from what the case says now. Where a change does not fit, something
    was altered past the program; where the history began with the case, nothing may be left in the end.
    """
    tree = {name: part for name, part in tree_of(case).items() if name not in UNRECORDED | _OURS_ALONE}
    for change in reversed(case.history):
        for patch in invert(change.patches):
            if patch.path[0] in _OURS_ALONE:
                continue
            found = value_at(tree, patch.path)
            if not _same(found, patch.before):
                return patch.path[0]
            if not _put_into_the_trash(change, patch):
                tree, _ = apply(tree, (Patch(patch.path, found, patch.after),))
    if not case.history or not _begins(case.history[0]):
        return None
    return next((name for name, part in tree.items() if not _empty(part)), None)


def _put_on_record(case: Case, change: Change) -> Case:
    linked = chain(case.history, change)
    return structs.replace(case, history=(*case.history, linked), revision=case.revision + 1)


def _reversed(case: Case, target: Change, patches: tuple[Patch, ...], change: Change) -> Case:
    tree, misfits = apply(tree_of(case), patches)
    if misfits:
        raise Conflict(msg("This was changed again in {ref}: undo the later change first.", ref=case.ref))
    restored = msgspec.convert(tree, type=Case, strict=False)
    ordered = structs.replace(
        restored,
        contacts=tuple(sorted(restored.contacts, key=lambda c: (c.at, c.id))),
        evidence=_numbered_as_before(case, restored.evidence),
    )
    return _put_on_record(ordered, structs.replace(change, patches=patches, target=target.id))


def _numbered_as_before(case: Case, restored: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence with what came back before what was added after it: its place is its number as an exhibit."""
    here = {record.id for record in case.evidence}
    patches = (patch for change in case.history for patch in change.patches)
    added: dict[str, int] = {}
    for path in (patch.path for patch in patches if patch.path[0] == "evidence" and len(patch.path) > 1):
        added.setdefault(path[1], len(added))
    ordered = [record for record in restored if record.id in here]
    for record in restored:
        if record.id not in here:
            number = added.get(record.id, -1)
            later = (n for n, other in enumerate(ordered) if added.get(other.id, -1) > number)
            ordered.insert(next(later, len(ordered)), record)
    return tuple(ordered)


def _put_into_the_trash(change: Change, patch: Patch) -> bool:
    """An import is on record as if the case had come out of the trash, where it has never been."""
    return change.action == _IMPORT and change.kind == "do" and patch.path == ("trashed_at",)


def _begins(change: Change) -> bool:
    """Whether the case was opened by this change; others came from a file without their history."""
    return any(patch.path == ("id",) and patch.before is None for patch in change.patches)


def _same(found: object, expected: object) -> bool:
    """Whether two values are one: a moment can be written in more than one way, and a field can be newer."""
    if found == expected:
        return True
    match found, expected:
        case dict(), dict():
            return all(_same(found.get(name), expected.get(name)) for name in {**found, **expected})
        case list(), list():
            return len(found) == len(expected) and all(map(_same, found, expected))
        case str(), str():
            return _same_moment(found, expected)
    return False


def _same_moment(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False


def _empty(part: object) -> bool:
    if isinstance(part, Mapping):
        return all(_empty(value) for value in part.values())
    return part is None or part == []
