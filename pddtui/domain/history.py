"""The history of a case: a set of changes that only grows, each with its before and after and what it was made on.

Every change names its *parents*: the newest changes that were known where it was made. Its hash covers theirs, so that
one change cannot be altered without all that came after it. Two histories of one case are united by taking the changes
of both; nothing is repackaged and nothing is dropped, so every machine that has the same changes has the same case.

A change is a set of patches on the stored form of the case. Lists of things that carry an `id` are patched per thing,
so that taking back one change touches nothing that came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, structs

__all__ = [
    "FROM_A_FILE",
    "NOWHERE",
    "SETTLING",
    "Change",
    "Patch",
    "Path",
    "Save",
    "Tree",
    "ancestry",
    "apply",
    "broken_link",
    "content_of",
    "difference",
    "digest",
    "fingerprint",
    "head_hashes",
    "heads",
    "holds",
    "in_line",
    "invert",
    "link",
    "missing",
    "topological",
    "tree_of",
    "undoable",
    "united",
    "value_at",
]

Tree = dict[str, object]
"""A value as JSON sees it: objects, arrays, strings, numbers, booleans, null."""

Path = tuple[str, ...]
"""Field names and ids from the case down: `("contacts", "01J…", "summary")`."""

UNRECORDED = frozenset({"history", "revision", "clashes"})
"""Fields of a case that are bookkeeping, or follow from its history."""

OPEN_MAPS = frozenset({"milestones", "steps", "looked"})
"""Fields whose keys come and go; in every other object a missing value is an explicit null."""

SETTLING = "settle_clash"
"""The action of a change that settles what machines changed apart."""

FROM_A_FILE = "import"
"""The action of a change that says what stood in a file without being on record there. No machine made it."""


class Patch(Struct, frozen=True):
    """One place that changed. None means that nothing was there."""

    path: Path
    before: object = None
    after: object = None


class Save(Struct, frozen=True):
    """One save of one machine: all that was saved in one step, in however many cases, and is undone in one."""

    machine: str
    """The random name that the machine gave itself; empty where nobody knows."""
    number: int
    """Counts the saves of that machine on that data file, from 1."""


NOWHERE = Save("", 0)


class Change(Struct, frozen=True, kw_only=True):
    """One recorded change of a case."""

    id: str
    at: datetime
    """When it was made, by the clock of the machine that made it."""
    machine: str = ""
    """The machine that made it; empty for what was on record before machines had names, and for what a file said."""
    save: int = 0
    """Which save of that machine it was part of; 0 where that is not known."""
    parents: tuple[str, ...] = ()
    """The ids of the newest changes known when it was made, in order; none for the first."""
    action: str
    """The id of the move: `open`, `log`, `settle` …"""
    patches: tuple[Patch, ...] = ()
    kind: Literal["do", "undo", "redo"] = "do"
    target: str | None = None
    """The change that this one takes back or brings back."""
    was: str = ""
    """The hash that it had in version 1, where a history was a chain; else empty."""
    hash: str = ""
    """SHA-256 in hex, see `digest`."""


def link(history: Sequence[Change], change: Change) -> Change:
    """The change as one that was made in knowledge of all of `history`."""
    known = {each.id: each.hash for each in history}
    linked = structs.replace(change, parents=heads(history))
    return structs.replace(linked, hash=digest(linked, [known[parent] for parent in linked.parents]))


def heads(history: Iterable[Change]) -> tuple[str, ...]:
    """The ids of the changes on which no other was made, sorted."""
    changes = tuple(history)
    known = {parent for change in changes for parent in change.parents}
    return tuple(sorted(change.id for change in changes if change.id not in known))


def head_hashes(history: Iterable[Change]) -> tuple[str, ...]:
    """The hashes of the heads, in the order of their ids: who has them knows whether all of it is still there later."""
    changes = tuple(history)
    known = {change.id: change.hash for change in changes}
    return tuple(known[head] for head in heads(changes))


def missing(told: Iterable[str], history: Iterable[Change]) -> frozenset[str]:
    """Those of the hashes that no change of the history has, nor had in version 1."""
    return frozenset(told).difference(*((change.hash, change.was) for change in history))


def digest(change: Change, parents: Iterable[str]) -> str:
    """SHA-256 of the change's canonical JSON, without `hash` and with the hashes of its parents in place of their ids.

    Canonical is: keys sorted, no spaces, UTF-8, as a reader without this program gets it from
    `json.dumps(change, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`.
    """
    tree = tree_of(change)
    del tree["hash"]
    tree["parents"] = list(parents)
    return fingerprint(tree)


def fingerprint(told: object) -> str:
    """SHA-256, in hex, of the canonical JSON of that."""
    import hashlib  # 3 ms that whoever only reads need not pay

    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()


def broken_link(history: Sequence[Change]) -> int | None:
    """Index of the first change that does not hold, or None when all do.

    A change does not hold where its hash is another, its id was there before, or a parent was not.
    """
    known: dict[str, str] = {}
    for index, change in enumerate(history):
        hashes = [known[parent] for parent in change.parents if parent in known]
        if len(hashes) < len(change.parents) or change.id in known or change.hash != digest(change, hashes):
            return index
        known[change.id] = change.hash
    return None


def holds(theirs: Sequence[Change], ours: Sequence[Change] = ()) -> bool:
    """Whether every change of theirs that is not in ours holds, and every other one is the one of that id there.

    Theirs is whole: what a change was made on is in it too, as the case that it leads to is asked for by itself.
    One that is the same in ours need not be looked at again; one that only says that it is may have been altered.
    """
    mine = {change.id: change for change in ours}
    known = {change.id: change.hash for change in ours}
    seen: set[str] = set()
    for change in topological(theirs):
        if change.id in seen or known.get(change.id, change.hash) != change.hash:
            return False
        if not seen.issuperset(change.parents):
            return False
        seen.add(change.id)
        if mine.get(change.id) == change:
            continue
        if change.hash != digest(change, [known[parent] for parent in change.parents]):
            return False
        known[change.id] = change.hash
    return True


def united(ours: Sequence[Change], theirs: Sequence[Change]) -> tuple[Change, ...]:
    """The changes of both, in the one order that every machine gives them. Both must hold, see `broken_link`.

    Where two changes have one id and not one hash, ours is kept; who asks for both looks at the hashes before.
    """
    known = {change.id for change in ours}
    news = [change for change in theirs if change.id not in known]
    return topological((*ours, *news)) if news else tuple(ours)


def topological(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes with parents before their children, and otherwise by id.

    What stands in a circle, or behind one, comes last and as it was.
    """
    if in_line(changes):
        return tuple(changes)
    from heapq import heapify, heappop, heappush  # a history has seldom a fork

    by_id = {change.id: change for change in changes}
    waits = {change.id: sum(parent in by_id for parent in change.parents) for change in by_id.values()}
    children: dict[str, list[str]] = {}
    for change in by_id.values():
        for parent in change.parents:
            children.setdefault(parent, []).append(change.id)
    ready = [change_id for change_id, parents in waits.items() if not parents]
    heapify(ready)
    ordered: list[Change] = []
    while ready:
        change_id = heappop(ready)
        ordered.append(by_id[change_id])
        for child in children.get(change_id, ()):
            waits[child] -= 1
            if not waits[child]:
                heappush(ready, child)
    if len(ordered) < len(changes):
        placed = {id(change) for change in ordered}
        ordered += [change for change in changes if id(change) not in placed]
    return tuple(ordered)


def in_line(changes: Sequence[Change]) -> bool:
    """Whether each change was made on the one before it and on no other, as on a single machine."""
    before: tuple[str, ...] = ()
    for change in changes:
        if change.parents != before:
            return False
        before = (change.id,)
    return True


def ancestry(history: Sequence[Change]) -> list[int]:
    """For each change of a history in topological order, which were known when it was made: bit n for number n."""
    number = {change.id: n for n, change in enumerate(history)}
    known: list[int] = []
    for change in history:
        mask = 0
        for parent in change.parents:
            n = number.get(parent)
            if n is not None and n < len(known):
                mask |= known[n] | 1 << n
        known.append(mask)
    return known


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


def content_of(value: Struct) -> Tree:
    """The stored form of a case without its bookkeeping, which would be most of it."""
    return tree_of(structs.replace(value, history=(), clashes=()))


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
