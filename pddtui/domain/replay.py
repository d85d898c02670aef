"""Whether what a case says is what its history led to.

The history is taken back change by change from what the case says now. Where a change does not fit, something was
altered past the program; where the history began with the case, nothing may be left in the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pddtui.domain.case import Case
from pddtui.domain.history import UNRECORDED, Change, Patch, apply, invert, tree_of, value_at

__all__ = ["altered"]

_OURS_ALONE = frozenset({"id", "ref", "recorded_at"})
"""What an import or a merge gives a case anew, without putting it on record."""

_IMPORT = "import"


def altered(case: Case) -> str | None:
    """The field of the case that its history does not explain, or None when all is explained."""
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
