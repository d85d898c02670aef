"""Putting a change on record: the case after a move, with the move in its history.

Whoever saves a case goes through here, so that no change is without its before and after, and taking
one back is itself a recorded change.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import structs

from pddtui.domain import history
from pddtui.domain.case import Case
from pddtui.domain.history import Change, Tree
from pddtui.domain.task import Evidence
from pddtui.errors import Conflict
from pddtui.message import msg

__all__ = ["bring_back", "recorded", "take_back"]


def recorded(before: Case | None, after: Case, *, action: str, change_id: str, at: datetime) -> Case:
    """`after` with the change that led to it and the next revision; `before` itself if nothing changed."""
    old: Tree = history.tree_of(before) if before is not None else {}
    patches = history.difference(old, history.tree_of(after))
    if before is not None and not patches:
        return before
    return _put_on_record(after, Change(id=change_id, at=at, action=action, patches=patches))


def take_back(case: Case, change: Change, *, change_id: str, at: datetime) -> Case:
    """The case without `change`. Opening a case is taken back by putting it into the trash.

    Raises `Conflict` when the same place has been changed since.
    """
    if change.action == "open" and change.kind == "do":
        patches: tuple[history.Patch, ...] = (history.Patch(("trashed_at",), None, msgspec.to_builtins(at)),)
    else:
        patches = history.invert(change.patches)
    return _reversed(case, change, patches, Change(id=change_id, at=at, action=change.action, kind="undo"))


def bring_back(case: Case, undo: Change, *, change_id: str, at: datetime) -> Case:
    """The case with what `undo` took back in place again. Raises `Conflict` as `take_back` does."""
    patches = history.invert(undo.patches)
    return _reversed(case, undo, patches, Change(id=change_id, at=at, action=undo.action, kind="redo"))


def _reversed(case: Case, target: Change, patches: tuple[history.Patch, ...], change: Change) -> Case:
    tree, misfits = history.apply(history.tree_of(case), patches)
    if misfits:
        raise Conflict(msg("This was changed again since in {ref}; take the later change back first.", ref=case.ref))
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


def _put_on_record(case: Case, change: Change) -> Case:
    linked = history.chain(case.history, change)
    return structs.replace(case, history=(*case.history, linked), revision=case.revision + 1)
