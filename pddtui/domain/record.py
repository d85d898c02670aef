"""The record of a case: putting a change on it, and taking one back, which is a recorded change itself.

Whoever saves a case goes through here, so that no change is without its before and after, the changes it was made on,
and the machine and the save that made it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import structs

from pddtui.domain.case import Case, Clash
from pddtui.domain.history import (
    NOWHERE,
    SETTLING,
    Change,
    Patch,
    Path,
    Save,
    Tree,
    apply,
    content_of,
    difference,
    invert,
    link,
    tree_of,
    value_at,
)
from pddtui.domain.union import in_order, led_to, on_record, rebuilt, unsettled
from pddtui.domain.units import THERE
from pddtui.errors import Conflict
from pddtui.message import msg

__all__ = ["bring_back", "recorded", "settle_clash", "take_back"]


def recorded(
    before: Case | None, after: Case, *, action: str, change_id: str, at: datetime, save: Save = NOWHERE
) -> Case:
    """`after` with the change that led to it and the next revision; `before` itself if nothing changed."""
    old: Tree = content_of(before) if before is not None else {}
    ordered = in_order(after)
    patches = difference(old, content_of(ordered))
    if before is not None and not patches:
        return before
    change = Change(id=change_id, at=at, action=action, patches=patches)
    return _put_on_record(ordered, change, save, before)


def take_back(case: Case, change: Change, *, change_id: str, at: datetime, save: Save = NOWHERE) -> Case:
    """The case without `change`. Opening a case is taken back by putting it into the trash.

    Raises `Conflict` when the same place has been changed since.
    """
    if change.action == "open" and change.kind == "do":
        patches: tuple[Patch, ...] = (Patch(("trashed_at",), None, msgspec.to_builtins(at)),)
    else:
        patches = invert(change.patches)
    return _reversed(case, change, patches, Change(id=change_id, at=at, action=change.action, kind="undo"), save)


def bring_back(case: Case, undo: Change, *, change_id: str, at: datetime, save: Save = NOWHERE) -> Case:
    """The case with what `undo` took back in place again. Raises `Conflict` as `take_back` does."""
    patches = invert(undo.patches)
    return _reversed(case, undo, patches, Change(id=change_id, at=at, action=undo.action, kind="redo"), save)


def settle_clash(
    case: Case, clash: Clash, side: int | None, *, change_id: str, at: datetime, save: Save = NOWHERE
) -> Case:
    """The case with the clash settled: as the side of that index has it, or (None) as it is shown.

    What stands there already goes on record again: that is what settles it on every machine.
    """
    case = on_record(case)
    values = clash.sides[-1 if side is None else side].values
    tree = tree_of(case)
    if THERE in values:
        now = value_at(tree, clash.path)
        after = (now or _as_it_was(case, clash, at)) if values[THERE] else None
        patches: tuple[Patch, ...] = (Patch(clash.path, now, after),)
    else:
        places = [(*clash.path, name) for name in values]
        patches = tuple(Patch(place, value_at(tree, place), values[place[-1]]) for place in places)
    change = Change(id=change_id, at=at, action=SETTLING, patches=patches)
    history = _put_on_record(case, change, save, case).history
    return structs.replace(rebuilt(case, history), revision=max(case.revision + 1, len(history)))


def _as_it_was(case: Case, clash: Clash, at: datetime) -> object:
    """A removed thing with all that its history says of it, so that putting it back can be undone."""
    bare = Change(id="-", at=at, action=SETTLING, patches=(Patch(clash.path, None, {"id": clash.path[-1]}),))
    history = (*case.history, link(case.history, bare))
    return value_at(tree_of(rebuilt(case, history)), clash.path)


def _meets(change: Change, place: Path) -> bool:
    """Whether the change set what is at that place, around it or inside it."""
    return any(patch.path[: len(place)] == place or place[: len(patch.path)] == patch.path for patch in change.patches)


def _put_on_record(case: Case, change: Change, save: Save, before: Case | None) -> Case:
    history = case.history
    if before is not None and not history:
        history = on_record(before).history  # it came without one, which would leave what it said off the record
    made = structs.replace(change, machine=save.machine, save=save.number)
    return structs.replace(
        case,
        history=(*history, link(history, made)),
        revision=max(case.revision, len(history)) + 1,
        clashes=unsettled(case.clashes, change.patches) if case.clashes else (),
    )


def _reversed(case: Case, target: Change, patches: tuple[Patch, ...], change: Change, save: Save) -> Case:
    tree, misfits = apply(tree_of(case), patches)
    if misfits:
        places = {patch.path for patch in misfits}
        later = next((each for each in reversed(case.history) if any(_meets(each, place) for place in places)), None)
        if later is None or later.id == target.id:
            raise Conflict(msg("This was changed again in {ref}: undo the later change first.", ref=case.ref))
        raise Conflict(
            msg("This was changed again in {ref}: undo that first with `pddtui undo {id}`.", ref=case.ref, id=later.id)
        )
    restored = in_order(msgspec.convert(tree, type=Case, strict=False))
    return led_to(_put_on_record(restored, structs.replace(change, patches=patches, target=target.id), save, case))
