"""The history of a case: every change with its before and after, chained by hash.

A change is a set of patches on the stored form of the case. Lists of things that carry an `id` are
patched per thing, so that taking back one change touches nothing that came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

__all__ = [
    "Change",
    "Patch",
    "Tree",
    "apply",
    "broken_link",
    "chain",
    "difference",
    "digest",
    "invert",
    "tree_of",
    "undoable",
]

Tree = dict[str, object]
"""A value as JSON sees it: objects, arrays, strings, numbers, booleans, null."""

UNRECORDED = frozenset({"history", "revision"})
"""Fields of a case that are bookkeeping, not content."""

OPEN_MAPS = frozenset({"milestones", "steps"})
"""Fields whose keys come and go; in every other object a missing value is an explicit null."""


class Patch(Struct, frozen=True):
    """One place that changed. None means that nothing was there."""

    path: tuple[str, ...]
    """Field names and ids from the case down: `("contacts", "01J…", "summary")`."""
    before: object = None
    after: object = None


class Change(Struct, frozen=True, kw_only=True):
    """One recorded change of a case."""

    id: str
    at: datetime
    """When it was made, by the clock of the machine that made it."""
    action: str
    """The id of the move: `open`, `log`, `settle` …"""
    patches: tuple[Patch, ...] = ()
    kind: Literal["do", "undo", "redo"] = "do"
    target: str | None = None
    """The change that this one takes back or brings back."""
    previous: str = ""
    """`hash` of the change before; empty for the first."""
    hash: str = ""
    """SHA-256, in hex, of the canonical JSON of this change without the field `hash`."""


def chain(history: Sequence[Change], change: Change) -> Change:
    """The change linked to the end of `history`."""
    linked = msgspec.structs.replace(change, previous=history[-1].hash if history else "")
    return msgspec.structs.replace(linked, hash=digest(linked))


def digest(change: Change) -> str:
    """SHA-256 of the change's canonical JSON: keys sorted, no spaces, UTF-8, without `hash`.

    A reader without this program gets the same text from
    `json.dumps(change, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`.
    """
    import hashlib  # 3 ms that whoever only reads need not pay

    tree = tree_of(change)
    del tree["hash"]
    return hashlib.sha256(msgspec.json.encode(tree, order="sorted")).hexdigest()


def broken_link(history: Sequence[Change]) -> int | None:
    """Index of the first change that was tampered with, or None when the chain holds."""
    previous = ""
    for index, change in enumerate(history):
        if change.previous != previous or change.hash != digest(change):
            return index
        previous = change.hash
    return None


def undoable(history: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """What can be taken back and what can be brought back, the next one last in each list."""
    done: list[Change] = []
    undone: list[Change] = []
    for change in history:
        if change.kind == "do":
            done.append(change)
            undone.clear()
        elif change.kind == "undo":
            done = [other for other in done if other.id != change.target]
            undone.append(change)
        else:
            undone = [other for other in undone if other.id != change.target]
            done.append(change)
    return done, undone


def tree_of(value: Struct) -> Tree:
    """The stored form of a value: exactly what its JSON says, so lists are lists and times are text."""
    return msgspec.json.decode(msgspec.json.encode(value), type=Tree)


def difference(before: Tree, after: Tree) -> tuple[Patch, ...]:
    """The patches that lead from one stored form to the other, leaving bookkeeping out."""
    patches: list[Patch] = []
    for name in [*before, *(key for key in after if key not in before)]:
        if name not in UNRECORDED:
            patches.extend(_compare((name,), before.get(name), after.get(name)))
    return tuple(patches)


def invert(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """The patches that take these back, in the order in which they have to be applied."""
    return tuple(Patch(patch.path, patch.after, patch.before) for patch in reversed(patches))


def apply(tree: Tree, patches: Sequence[Patch]) -> tuple[Tree, tuple[Patch, ...]]:
    """The tree with the patches applied, and those that no longer fit (the place has changed since)."""
    misfits: list[Patch] = []
    result = dict(tree)
    for patch in patches:
        name, *rest = patch.path
        if value_at(result, patch.path) == patch.before:
            result[name] = _set(result.get(name), tuple(rest), patch.after, open_map=name in OPEN_MAPS)
        else:
            misfits.append(patch)
    return result, tuple(misfits)


def value_at(value: object, path: tuple[str, ...]) -> object:
    """What stands at `path` of a stored form, or None."""
    for key in path:
        members = _members(value)
        if members is None or key not in members:
            return None
        value = members[key]
    return value


def _compare(path: tuple[str, ...], old: object, new: object) -> Iterable[Patch]:
    if old == new:
        return
    olds, news = _members(old), _members(new)
    if olds is None or news is None:
        yield Patch(path, old, new)
        return
    for key in [*olds, *(key for key in news if key not in olds)]:
        yield from _compare((*path, key), olds.get(key), news.get(key))


def _members(value: object) -> Mapping[str, object] | None:
    """The parts of an object by name, or of a list of identified things by id; else None."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, dict) and "id" in item for item in value):
        return {item["id"]: item for item in value}
    return None


def _set(value: object, path: tuple[str, ...], new: object, *, open_map: bool) -> object:
    if not path:
        return new
    members = dict(_members(value) or {})
    key, rest = path[0], path[1:]
    changed = _set(members.get(key), rest, new, open_map=open_map)
    keyed = isinstance(value, dict)
    if changed is None and (open_map or not keyed):
        members.pop(key, None)
    else:
        members[key] = changed
    return members if keyed else list(members.values())
