"""What a change sets, in units: the fields that one move sets together, whether a thing is there, one word of a list.

A unit is the least thing for which two machines can give two answers. Patches are as large as they were made, from one
field to a whole case; here they become the units that they set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from pddtui.domain.history import OPEN_MAPS, UNRECORDED, Change, Path

__all__ = ["THERE", "THINGS", "Assigned", "MergeUnit", "is_asked", "is_list_of_words", "is_thing", "unit_of", "written"]

THINGS = frozenset({"contacts", "promises", "filings", "follow_ups", "evidence"})
"""Lists of things that have ids. The ids of evidence in a contact are a list of words."""

_WORDS = frozenset({"tags", "passed_gates", "amendments"})
"""Lists whose entries come and go one by one, and are the same where they read the same."""

_STRUCTS = frozenset({"operator", "order", "demand", "person"})
"""Values whose fields are set one by one."""

THERE = "*"
"""The name under which a unit says whether its thing, or its word, is there."""

_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("status", "outcome", "closed_at"),
    ("state", "settled_at", "replaced_by", "accepted_at", "ended_at", "countdown_until",
     "aftersale_state", "aftersale_turn", "aftersale_at"),
    ("due", "due_phrase", "estimated", "snoozed"),
    ("substance", "reply"),
)  # fmt: skip
"""Fields that one move sets together; the first names them all."""

_FOLLOWING = frozenset({
    "id", "ref", "recorded_at", "settled_at", "replaced_by", "accepted_at", "ended_at", "closed_at", "due_phrase",
    "estimated", "snoozed", "aftersale_turn", "aftersale_at", "trashed_at",
})  # fmt: skip
"""Fields that only follow another, or that nobody needs to be asked about: the later one holds."""


class MergeUnit(Struct, frozen=True):
    """What is set, and if two machines set it apart, settled, at one stroke."""

    parent: Path
    """From the case down to what has the fields; the thing itself, or the list, where the unit is `THERE`."""
    names: tuple[str, ...]
    """The fields, the one that names them first; (`THERE`,) for the thing itself, (`THERE`, word) for a word."""

    @property
    def whole(self) -> bool:
        """Whether it says that something is there, and not what it is like."""
        return self.names[0] == THERE

    def meets(self, path: Path) -> bool:
        """Whether a patch of that place sets something of the unit, or of what the unit is part of."""
        depth = len(self.parent)
        if len(path) <= depth:
            return self.parent[: len(path)] == path
        return not self.whole and path[:depth] == self.parent and path[depth] in self.names


class Assigned(Struct, frozen=True, gc=False):
    """One value that a change sets."""

    unit: MergeUnit
    place: Path
    """From the parent of the unit down: the field, and what is inside it; (`THERE`,) for whether it is there."""
    value: object


def is_thing(path: Path) -> bool:
    """Whether the path leads to a thing in a list, and not to a field of it."""
    return len(path) % 2 == 0 and len(path) > 0 and path[-2] in THINGS


def unit_of(path: Path) -> MergeUnit:
    """The unit of the field at that path."""
    if len(path) == 1 or path[0] in _AT_THE_TOP:
        return MergeUnit((), _together(path[0]))
    depth = next((n for n in range(1, len(path)) if path[n - 1] in OPEN_MAPS), None)
    if depth is None:
        depth = max((n for n in range(2, len(path), 2) if is_thing(path[:n])), default=0)
        depth += path[depth] in _STRUCTS and len(path) > depth + 1
    return MergeUnit(path[:depth], _together(path[depth]))


_AT_THE_TOP = frozenset({"status", "outcome", "closed_at", "quiet", "mine", "complainant"})
"""Fields of the case that are one value, whatever is inside them."""


def _together(name: str) -> tuple[str, ...]:
    return next((names for names in _TOGETHER if name in names), (name,))


def is_asked(unit: MergeUnit, name: str) -> bool:
    """Whether two values of that field of the unit have to be settled by a person."""
    if unit.whole:
        return len(unit.names) == 1
    return not (name in _FOLLOWING or unit.parent[:1] in (("steps",), ("looked",)))


def written(change: Change) -> Iterator[Assigned]:
    """Everything that the change sets."""
    for patch in change.patches:
        yield from _written(patch.path, patch.before, patch.after)


def _written(path: Path, before: object, after: object) -> Iterator[Assigned]:
    name = path[-1]
    if name in UNRECORDED and len(path) == 1:
        return
    if is_thing(path):
        yield _there(path, None, after is not None)
        if isinstance(after, Mapping):
            for field, value in after.items():
                if field != "id":
                    yield from _written((*path, field), None, value)
    elif is_list_of_words(path):
        yield from _words(path, before, after)
    elif name in THINGS:
        yield from _things(path, before, after)
    elif (name in _STRUCTS or (name in OPEN_MAPS and len(path) == 1)) and isinstance(after, Mapping):
        for field, value in after.items():
            yield from _written((*path, field), None, value)
    else:
        unit = unit_of(path)
        yield Assigned(unit, path[len(unit.parent) :], after)


def is_list_of_words(path: Path) -> bool:
    """Whether what stands there is a list of words, and not of things."""
    return path[-1] in _WORDS or (path[-1] == "evidence" and len(path) > 1)


def _there(path: Path, word: str | None, there: bool) -> Assigned:
    names = (THERE,) if word is None else (THERE, word)
    return Assigned(MergeUnit(path, names), (THERE,), there)


def _things(path: Path, before: object, after: object) -> Iterator[Assigned]:
    """A whole list at once, as when a case is opened."""
    olds, news = _by_id(before), _by_id(after)
    for thing_id in {**olds, **news}:
        if olds.get(thing_id) != news.get(thing_id):
            yield from _written((*path, thing_id), olds.get(thing_id), news.get(thing_id))


def _by_id(things: object) -> dict[str, object]:
    listed = things if isinstance(things, list | tuple) else ()
    return {str(thing["id"]): thing for thing in listed if isinstance(thing, Mapping) and "id" in thing}


def _words(path: Path, before: object, after: object) -> Iterator[Assigned]:
    olds, news = _listed(before), _listed(after)
    for word in {**olds, **news}:
        if (word in olds) != (word in news):
            yield _there(path, word, word in news)


def _listed(words: object) -> dict[str, object]:
    listed = words if isinstance(words, list | tuple) else ()
    return {msgspec.json.encode(word, order="sorted").decode(): word for word in listed}
