"""Histories of one case made one, and the case that a history leads to.

The value of a unit is that of its causally greatest changes: of one, or of several that are alike. Where several
differ, two machines changed the same thing without knowing of each other: a clash, which a person settles. Meanwhile
the latest by (moment, id) is shown, the same on every machine. A change made in knowledge of both settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

import msgspec
from msgspec import Struct, structs

from pddtui.domain.case import Case, Clash, Side
from pddtui.domain.history import (
    FROM_A_FILE,
    OPEN_MAPS,
    Change,
    Patch,
    Path,
    Tree,
    ancestry,
    difference,
    in_line,
    link,
    topological,
    tree_of,
    united,
)
from pddtui.domain.units import THERE, Unit, is_asked, is_thing, written

__all__ = ["altered", "forged", "in_order", "on_record", "rebuilt", "unite", "unsettled"]

_TRASHED = Unit((), ("trashed_at",))


class _Write(Struct, frozen=True, gc=False):
    """What one change made of a unit."""

    number: int
    """Of the change, in topological order."""
    values: dict[str, object]
    """Every field of the unit, as it stood then; by `THERE` whether it is there."""


class _Ledger:
    """Everything that a history wrote, unit by unit."""

    def __init__(self, history: Sequence[Change]) -> None:
        self.history = history
        self.known = None if in_line(history) else ancestry(history)
        """For each change, which were known to it; None where all before it were."""
        self.units: dict[Unit, list[_Write]] = {}
        self.inside: dict[Path, list[int]] = {}
        """The changes inside each thing, by number, for those who removed it without knowing of them."""
        for number, change in enumerate(history):
            self._enter(number, change)

    def _enter(self, number: int, change: Change) -> None:
        units, known = self.units, self.known
        for each in written(change):
            writes = units.setdefault(each.unit, [])
            if writes and writes[-1].number == number:
                values = writes[-1].values
            else:
                values = self._seen(writes, number)
                entry = _Write(number, values)
                if known is None:
                    writes[:] = [entry]
                else:
                    writes.append(entry)
            _put(values, each.place, each.value)
        if known is not None:
            for path in _things_around(change):
                self.inside.setdefault(path, []).append(number)

    def _seen(self, writes: list[_Write], number: int) -> dict[str, object]:
        """The values of the unit for whoever made that change; a copy."""
        if self.known is None:
            return dict(writes[-1].values) if writes else {}
        mask = self.known[number]
        seen = self.greatest([each for each in writes if mask >> each.number & 1])
        return dict(self.latest(seen).values) if seen else {}

    def greatest(self, writes: Sequence[_Write]) -> list[_Write]:
        """Those that no other of them knew."""
        if self.known is None or len(writes) < 2:
            return list(writes[-1:])
        covered = 0
        for each in writes:
            covered |= self.known[each.number]
        return [each for each in writes if not covered >> each.number & 1]

    def latest(self, writes: Sequence[_Write]) -> _Write:
        """The latest by (moment, id); a case that somebody still works on does not fall silent in the trash."""
        working = [each for each in writes if "trashed_at" in each.values and each.values["trashed_at"] is None]
        return max(working or writes, key=lambda each: self._order(each.number))

    def _order(self, number: int) -> tuple[object, str]:
        change = self.history[number]
        return change.at, change.id

    def sides(self, unit: Unit, writes: Sequence[_Write]) -> list[_Write]:
        """What the unit is for those who changed it last; one, or alike, where there is nothing to settle.

        Removing a thing, or a case, meets what others did inside it meanwhile. What a file says without having it on
        record meets what was there before.
        """
        found = self.greatest(writes)
        if self.known is None:
            return found
        removed = [each for each in found if _is_removal(unit, each.values)]
        if removed and len(removed) == len(found):
            known = self.known
            staying = [
                number
                for number in self.inside.get(unit.parent, ())
                if not any(known[number] >> each.number & 1 or known[each.number] >> number & 1 or each.number == number
                           for each in removed)
            ]  # fmt: skip
            if staying:
                number = max(staying, key=self._order)
                found.append(_Write(number, {unit.names[0]: True if unit.whole else None}))
        elif len(found) == 1 and self._only_in_a_file(found[0].number):
            other = next(n for n, known in enumerate(self.known) if not known and n != found[0].number)
            found.append(_Write(other, {name: False if name == THERE else None for name in found[0].values}))
        return found

    def _only_in_a_file(self, number: int) -> bool:
        """Whether that change is what a file says beside a history that does not lead to it."""
        change = self.history[number]
        found = change.action == FROM_A_FILE and not change.machine and not change.parents
        return found and self.known is not None and sum(not known for known in self.known) > 1


def _things_around(change: Change) -> set[Path]:
    """The things in which the change does something, and the case itself, where it does not put that into the trash."""
    around: set[Path] = set()
    for patch in change.patches:
        path = patch.path
        if path[0] != "trashed_at":
            around.add(())
        if patch.after is not None or not is_thing(path):
            around.update(path[:depth] for depth in range(2, len(path) + 1, 2) if is_thing(path[:depth]))
    return around


def _is_removal(unit: Unit, values: Mapping[str, object]) -> bool:
    if unit == _TRASHED:
        return values.get("trashed_at") is not None
    return unit.names == (THERE,) and values.get(THERE) is False


def _put(values: dict[str, object], place: Path, value: object) -> None:
    """Set what is at that place, without touching what others hold."""
    if len(place) == 1:
        values[place[0]] = value
        return
    inside = values.get(place[0])
    copied = dict(inside) if isinstance(inside, Mapping) else {}
    _put(copied, place[1:], value)
    values[place[0]] = copied


class _Replayed(Struct, frozen=True):
    """The case that a history leads to."""

    tree: Tree
    clashes: tuple[Clash, ...]


def replay(case_id: str, history: Sequence[Change]) -> _Replayed:
    """What a history in topological order leads to, and what is to be settled in it."""
    ledger = _Ledger(history)
    values: dict[Unit, dict[str, object]] = {}
    ranks: dict[Unit, int] = {}
    clashes: list[Clash] = []
    for unit, writes in ledger.units.items():
        sides = ledger.sides(unit, writes)
        shown = ledger.latest(sides)
        values[unit], ranks[unit] = shown.values, shown.number
        if len(sides) > 1 and _differ(unit, sides):
            clashes.append(_clash(case_id, unit, sides, history))
    tree, things = _assembled(values, ranks)
    clashes = [each for each in clashes if _stands(each.path, each.names, things)]
    return _Replayed(tree, tuple(sorted(clashes, key=lambda each: (each.path, each.names))))


def _differ(unit: Unit, sides: Sequence[_Write]) -> bool:
    """Whether somebody has to be asked which of them holds."""
    if unit == _TRASHED:
        return len({side.values["trashed_at"] is None for side in sides}) > 1
    names = [name for name in unit.names if is_asked(unit, name)]
    return any(side.values.get(name) != sides[0].values.get(name) for side in sides[1:] for name in names)


def _clash(case_id: str, unit: Unit, writes: Sequence[_Write], history: Sequence[Change]) -> Clash:
    sides: dict[bytes, Side] = {}
    for each in sorted(writes, key=lambda each: (history[each.number].at, history[each.number].id)):
        change = history[each.number]
        value = {name: each.values.get(name) for name in unit.names if name in each.values}
        side = Side(change=change.id, machine=change.machine, at=change.at, values=value)
        alike = msgspec.json.encode(value, order="sorted")
        sides.pop(alike, None)
        sides[alike] = side
    found = tuple(sides.values())
    told = [case_id, unit.parent, unit.names, [side.change for side in found]]
    name = hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:12]
    return Clash(id=f"clash-{name}", path=unit.parent, names=unit.names, sides=found)


def _stands(path: Path, names: tuple[str, ...], things: Mapping[Path, Tree]) -> bool:
    """Whether all things around the unit are there."""
    depth = len(path) - (names == (THERE,))
    return all(path[:n] in things for n in range(2, depth + 1) if is_thing(path[:n]))


def _assembled(values: Mapping[Unit, dict[str, object]], ranks: Mapping[Unit, int]) -> tuple[Tree, dict[Path, Tree]]:
    """The stored form of the case, and the things in it by their paths."""
    root: Tree = {}
    things: dict[Path, Tree] = {(): root}
    there = [unit for unit in values if unit.names == (THERE,) and values[unit].get(THERE) is True]
    for unit in sorted(there, key=lambda unit: (len(unit.parent), ranks[unit])):
        *around, name, thing_id = unit.parent
        home = things.get(tuple(around))
        if home is not None:
            thing: Tree = {"id": thing_id}
            things[unit.parent] = thing
            listed = home.setdefault(name, [])
            if isinstance(listed, list):
                listed.append(thing)
    words = [unit for unit in values if len(unit.names) > 1 and unit.whole and values[unit].get(THERE) is True]
    for unit in sorted(words, key=lambda unit: ranks[unit]):
        home = things.get(unit.parent[:-1])
        listed = home.setdefault(unit.parent[-1], []) if home is not None else None
        if isinstance(listed, list):
            listed.append(msgspec.json.decode(unit.names[1]))
    for unit, fields in values.items():
        if not unit.whole:
            _fill(things, unit.parent, fields)
    return root, things


def _fill(things: Mapping[Path, Tree], parent: Path, fields: Mapping[str, object]) -> None:
    """Put the fields of a unit where they belong, if that is there."""
    depth = len(parent) - len(parent) % 2
    home = things.get(parent[:depth])
    if home is None:
        return
    for name in parent[depth:]:
        inner = home.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        home = inner
    maps = len(parent) == 1 and parent[0] in OPEN_MAPS
    for name, value in fields.items():
        if value is not None or not maps:
            home[name] = value


_BY_TIME = {
    "contacts": attrgetter("at", "id"),
    "filings": attrgetter("filed_at", "id"),
    "follow_ups": attrgetter("created_at", "id"),
    "evidence": attrgetter("added_at", "id"),
}


def in_order(case: Case) -> Case:
    """The case with its lists in the one order that every machine gives them, by (time, id); itself if they are."""
    changed: dict[str, object] = {}
    for name, key in _BY_TIME.items():
        things = getattr(case, name)
        if len(things) > 1:
            ordered = tuple(sorted(things, key=key))
            if ordered != things:
                changed[name] = ordered
    for name in sorted(OPEN_MAPS):
        found = getattr(case, name)
        if len(found) > 1 and list(found) != (keys := sorted(found)):
            changed[name] = {key: found[key] for key in keys}
    return structs.replace(case, **changed) if changed else case


def rebuilt(case: Case, history: Sequence[Change]) -> Case:
    """The case that the history leads to, with the bookkeeping of `case`."""
    found = replay(case.id, history)
    made = msgspec.convert({**found.tree, "id": case.id}, type=Case, strict=False)
    return structs.replace(
        in_order(made),
        history=tuple(history),
        revision=max(case.revision, len(history)),
        clashes=found.clashes,
    )


def unsettled(clashes: Iterable[Clash], patches: Iterable[Patch]) -> tuple[Clash, ...]:
    """The clashes that a change with these patches, made in knowledge of them, leaves to be settled."""
    places = [patch.path for patch in patches]
    return tuple(clash for clash in clashes if not any(Unit(clash.path, clash.names).meets(place) for place in places))


def altered(case: Case) -> tuple[Patch, ...]:
    """Where the case is not what its history leads to: before is what the history says."""
    return _apart(rebuilt(case, case.history), case) if case.history else ()


def _apart(led: Case, case: Case) -> tuple[Patch, ...]:
    return tuple(patch for patch in difference(tree_of(led), tree_of(case)) if not _same(patch.before, patch.after))


def _same(one: object, other: object) -> bool:
    """Whether two values are one, whatever the order of words and things, and however a moment is written."""
    if one == other:
        return True
    match one, other:
        case dict(), dict():
            return all(_same(one.get(name), other.get(name)) for name in {**one, **other})
        case list(), list():
            key = msgspec.json.Encoder(order="sorted").encode
            return len(one) == len(other) and all(map(_same, sorted(one, key=key), sorted(other, key=key)))
        case str(), str():
            return _same_moment(one, other)
    return False


def _same_moment(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False


def on_record(case: Case) -> Case:
    """The case with what its history does not lead to as a change of its own, made by nobody and knowing of nothing.

    Of the same words every machine makes the same change. What the history says otherwise clashes with it, and is
    shown. A case without a history begins with that change.
    """
    if not case.history:
        begun = _found(case, "open", difference({}, tree_of(in_order(case))), case.recorded_at)
        return structs.replace(in_order(case), history=(begun,), revision=max(1, case.revision), clashes=())
    led = rebuilt(case, case.history)
    patches = _apart(led, case)
    if not patches:
        return case if case.clashes == led.clashes else structs.replace(case, clashes=led.clashes)
    found = _found(case, FROM_A_FILE, patches, min(change.at for change in case.history) - TICK)
    if any(change.id == found.id for change in case.history):
        return led
    return rebuilt(case, topological((*case.history, found)))


TICK = timedelta(microseconds=1)
"""What a file says beside its history is dated so much before that, so that meanwhile the history is shown."""


def _found(case: Case, action: str, patches: tuple[Patch, ...], at: datetime) -> Change:
    told = msgspec.json.encode([case.id, patches], order="sorted")
    name = f"F{hashlib.sha256(told).hexdigest()[:25].upper()}"
    return link((), Change(id=name, at=at, action=action, patches=patches))


def forged(ours: Case, theirs: Case) -> bool:
    """Whether a change of theirs is not the one of that id in ours, so that one of them is not what was made."""
    hashes = {change.id: change.hash for change in ours.history}
    return any(hashes.get(change.id, change.hash) != change.hash for change in theirs.history)


def unite(ours: Case, theirs: Case) -> Case:
    """Ours with every change of theirs; ours itself where it has them all, theirs itself where that has all of ours."""
    mine, other = on_record(ours), on_record(theirs)
    history = united(mine.history, other.history)
    if len(history) == len(ours.history):
        return ours
    # What was saved off the record counts on, so that the revision grows with the history, and is the same everywhere.
    off = max(0, *(each.revision - len(each.history) for each in (ours, theirs)))
    both = structs.replace(other if len(history) == len(other.history) else mine, revision=len(history) + off)
    return both if len(history) == len(other.history) else rebuilt(both, history)
