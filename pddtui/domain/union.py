"""Histories of one case made one, and the case that a history leads to.

The value of a unit is that of its causally greatest changes: of one, or of several that are alike. Where several
differ, two machines changed the same thing without knowing of each other: a clash, which a person settles. Meanwhile
the latest by (moment, id) is shown, the same on every machine. A change made in knowledge of both settles it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter

import msgspec
from msgspec import Struct, structs

from pddtui.domain.case import Case, Clash, ClashSide
from pddtui.domain.history import (
    FROM_A_FILE,
    OPEN_MAPS,
    SETTLING,
    UNRECORDED,
    Change,
    Patch,
    Path,
    Tree,
    ancestry,
    content_of,
    difference,
    fingerprint,
    in_line,
    link,
    topological,
    united,
)
from pddtui.domain.units import THERE, THINGS, MergeUnit, is_asked, is_list_of_words, is_thing, written

__all__ = ["NoCase", "altered", "in_order", "led_to", "on_record", "rebuilt", "unite", "unsettled"]

_TRASHED = MergeUnit((), ("trashed_at",))


class NoCase(ValueError):
    """A history that holds and leads to nothing that could be a case: somebody made it up."""


class _Gone(dict[str, object]):
    """A thing that was removed, as it was: it may come back, and has its place again."""


class _Replay:
    """The stored form of a case while its history is replayed. Lists of things are kept by id."""

    def __init__(self, case_id: str) -> None:
        self.tree: Tree = {}
        self.clashes: dict[MergeUnit, Clash] = {}
        self._case_id = case_id
        self._settled: dict[str, dict[MergeUnit, Clash]] = {}
        """What was settled on purpose, by the change that did it."""

    def step(self, change: Change) -> None:
        """A change that was made in knowledge of all before it; taking back what settled a clash asks it again."""
        met: dict[MergeUnit, Clash] = {}
        for patch in change.patches:
            self._set(patch.path, patch.after)
            for unit in [unit for unit in self.clashes if unit.meets(patch.path)]:
                met[unit] = self.clashes.pop(unit)
        if change.action == SETTLING and met and change.kind != "undo":
            self._settled[change.id] = met
        elif change.kind == "undo" and change.target in self._settled:
            self.clashes.update(self._settled[change.target])

    def fork(self, block: Sequence[Change], known: Sequence[int]) -> None:
        """Changes of which some were made without knowledge of others, and all of them of everything before."""
        ledger, settled = _Ledger(block, known, self._value), list[tuple[MergeUnit, dict[str, object]]]()
        for unit, writes in ledger.units.items():
            sides = ledger.sides(unit, writes)
            shown = ledger.latest(sides)
            self.clashes.pop(unit, None)
            if len(sides) > 1 and _differ(unit, sides):
                self.clashes[unit] = _clash(self._case_id, unit, sides, block)
            settled.append((unit, shown.values))
        # Whether a thing is there comes before what it is like, and a thing before what is inside it.
        for unit, values in sorted(settled, key=lambda each: (not each[0].whole, len(each[0].parent))):
            self._settle(unit, values)

    def finished(self) -> tuple[Tree, tuple[Clash, ...]]:
        """The stored form, and what is to be settled in it."""
        clashes = [clash for unit, clash in self.clashes.items() if self._stands(unit)]
        clashes.sort(key=lambda clash: (clash.path, clash.names))
        return _listed(self.tree), tuple(clashes)

    def _set(self, path: Path, value: object) -> None:
        home, name = self._home(path)
        if home is None:
            return
        if is_thing(path):
            now = home.get(name)
            if value is None:
                home[name] = _Gone(now) if isinstance(now, dict) else None
            elif isinstance(now, _Gone) and isinstance(value, Mapping) and len(value) == 1:
                home[name] = dict(now)
            else:
                home[name] = _grown(value)
        elif value is None and len(path) > 1 and path[0] in OPEN_MAPS:
            home.pop(name, None)
        elif name in THINGS and not is_list_of_words(path):
            home[name] = _by_id(value)
        else:
            home[name] = _grown(value)

    def _home(self, path: Path) -> tuple[Tree | None, str]:
        """What holds the last part of the path; None where a thing on the way is unknown."""
        node = self.tree
        for depth, name in enumerate(path[:-1]):
            inner = node.get(name)
            if not isinstance(inner, dict):
                if depth % 2 and path[depth - 1] in THINGS:
                    return None, path[-1]
                inner = node[name] = {}
            node = inner
        return node, path[-1]

    def _value(self, unit: MergeUnit) -> dict[str, object]:
        """What the unit is before the fork."""
        node: object = self.tree
        for name in unit.parent:
            node = node.get(name) if isinstance(node, dict) else None
        if unit.names == (THERE,):
            return {THERE: isinstance(node, dict) and not isinstance(node, _Gone)}
        if unit.whole:
            return {THERE: isinstance(node, list) and msgspec.json.decode(unit.names[1]) in node}
        return {name: node.get(name) for name in unit.names} if isinstance(node, dict) else {}

    def _settle(self, unit: MergeUnit, values: Mapping[str, object]) -> None:
        """Make the unit what came of the fork."""
        if unit.names == (THERE,):
            home, thing_id = self._home(unit.parent)
            now = home.get(thing_id) if home is not None else None
            there = values.get(THERE) is True
            if home is not None and (there is isinstance(now, _Gone) or not isinstance(now, dict)):
                made = dict(now) if isinstance(now, dict) else {"id": thing_id}
                home[thing_id] = made if there else _Gone(made)
        elif unit.whole:
            self._settle_word(unit, there=values.get(THERE) is True)
        else:
            for name, value in values.items():
                self._set((*unit.parent, name), value)

    def _settle_word(self, unit: MergeUnit, *, there: bool) -> None:
        home, name = self._home(unit.parent)
        if home is None:
            return
        word, now = msgspec.json.decode(unit.names[1]), home.get(name)
        words = list(now) if isinstance(now, list) else []
        if there and word not in words:
            words.append(word)
        elif not there and word in words:
            words.remove(word)
        home[name] = words

    def _stands(self, unit: MergeUnit) -> bool:
        """Whether all things around the unit are there."""
        node: object = self.tree
        for name in unit.parent[: -1 if unit.names == (THERE,) else None]:
            node = node.get(name) if isinstance(node, dict) else None
            if isinstance(node, _Gone):
                return False
        return node is not None


def _grown(value: object) -> object:
    """A copy that nobody else holds, with lists of things by id."""
    if isinstance(value, Mapping):
        return {
            key: _by_id(item) if key == "promises" else _grown(item) if isinstance(item, dict) else item
            for key, item in value.items()
        }
    return value


def _by_id(things: object) -> Tree:
    listed = things if isinstance(things, list | tuple) else ()
    return {thing["id"]: _grown(thing) for thing in listed if isinstance(thing, Mapping) and "id" in thing}


def _listed(tree: Tree) -> Tree:
    """The tree with lists of things as lists again."""
    made: Tree = {}
    for name, value in tree.items():
        if isinstance(value, dict) and name in THINGS:
            things = [thing for thing in value.values() if isinstance(thing, dict) and not isinstance(thing, _Gone)]
            made[name] = [_listed(thing) for thing in things] if name == "contacts" else things
        else:
            made[name] = value
    return made


class _Write(Struct, frozen=True, gc=False):
    """What one change made of a unit."""

    number: int
    """Of the change, in the fork."""
    values: dict[str, object]
    """Every field of the unit, as it stood then; by `THERE` whether it is there."""


class _Ledger:
    """Everything that the changes of a fork wrote, unit by unit."""

    def __init__(
        self, block: Sequence[Change], known: Sequence[int], before: Callable[[MergeUnit], dict[str, object]]
    ) -> None:
        self.units: dict[MergeUnit, list[_Write]] = {}
        self._block = block
        self._known = known
        """For each change, which others of the fork were known to it."""
        self._before = before
        self._inside: dict[Path, list[int]] = {}
        """The changes inside each thing, by number, for those who removed it without knowing of them."""
        for number, change in enumerate(block):
            self._enter(number, change)

    def _enter(self, number: int, change: Change) -> None:
        for each in written(change):
            writes = self.units.setdefault(each.unit, [])
            if writes and writes[-1].number == number:
                values = writes[-1].values
            else:
                values = self._seen(each.unit, writes, number)
                writes.append(_Write(number, values))
            _put(values, each.place, each.value)
        for path in _things_around(change):
            self._inside.setdefault(path, []).append(number)

    def _seen(self, unit: MergeUnit, writes: list[_Write], number: int) -> dict[str, object]:
        """The values of the unit for whoever made that change; a copy."""
        mask = self._known[number]
        seen = self._greatest([each for each in writes if mask >> each.number & 1])
        return dict(self.latest(seen).values) if seen else self._before(unit)

    def _greatest(self, writes: Sequence[_Write]) -> list[_Write]:
        """Those that no other of them knew."""
        covered = 0
        for each in writes:
            covered |= self._known[each.number]
        return [each for each in writes if not covered >> each.number & 1]

    def latest(self, writes: Sequence[_Write]) -> _Write:
        """The latest by (moment, id); a case that somebody still works on does not fall silent in the trash."""
        working = [each for each in writes if "trashed_at" in each.values and each.values["trashed_at"] is None]
        return max(working or writes, key=lambda each: self._order(each.number))

    def _order(self, number: int) -> tuple[datetime, str]:
        change = self._block[number]
        return change.at, change.id

    def sides(self, unit: MergeUnit, writes: Sequence[_Write]) -> list[_Write]:
        """What the unit is for those who changed it last; one, or alike, where there is nothing to settle.

        Removing a thing, or a case, meets what others did inside it meanwhile. What a file says without having it on
        record meets what was there before.
        """
        found, known = self._greatest(writes), self._known
        if all(_is_removal(unit, each.values) for each in found):
            removals = [each.number for each in found]
            staying = [
                number
                for number in self._inside.get(unit.parent, ())
                if not any(known[number] >> n & 1 or known[n] >> number & 1 or n == number for n in removals)
            ]
            if staying:
                number = max(staying, key=self._order)
                found.append(_Write(number, {unit.names[0]: True if unit.whole else None}))
        elif len(found) == 1 and self._only_in_a_file(found[0].number):
            other = next(n for n, mask in enumerate(known) if not mask and n != found[0].number)
            found.append(_Write(other, {name: False if name == THERE else None for name in found[0].values}))
        return found

    def _only_in_a_file(self, number: int) -> bool:
        """Whether that change is what a file says beside a history that does not lead to it."""
        change = self._block[number]
        found = change.action == FROM_A_FILE and not change.machine and not change.parents
        return found and sum(not mask for mask in self._known) > 1


def _things_around(change: Change) -> set[Path]:
    """The things in which the change does something, and the case itself, where somebody works on it by that.

    Who puts it into the trash does not, and nobody does where it only gets another number.
    """
    around: set[Path] = set()
    for patch in change.patches:
        path = patch.path
        if path[0] not in ("trashed_at", "ref"):
            around.add(())
        if patch.after is not None or not is_thing(path):
            around.update(path[:depth] for depth in range(2, len(path) + 1, 2) if is_thing(path[:depth]))
    return around


def _is_removal(unit: MergeUnit, values: Mapping[str, object]) -> bool:
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


def _differ(unit: MergeUnit, sides: Sequence[_Write]) -> bool:
    """Whether somebody has to be asked which of them holds."""
    if unit == _TRASHED:
        return len({side.values["trashed_at"] is None for side in sides}) > 1
    names = [name for name in unit.names if is_asked(unit, name)]
    first, *others = ([_asked(unit, side.values.get(name)) for name in names] for side in sides)
    return any(other != first for other in others)


def _asked(unit: MergeUnit, value: object) -> object:
    """What a person would be asked about of a value: two endings that are alike have each an id of their own."""
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if is_asked(unit, name)}


def _clash(case_id: str, unit: MergeUnit, writes: Sequence[_Write], history: Sequence[Change]) -> Clash:
    sides: dict[bytes, ClashSide] = {}
    for each in sorted(writes, key=lambda each: (history[each.number].at, history[each.number].id)):
        change = history[each.number]
        value = {name: each.values.get(name) for name in unit.names if name in each.values}
        side = ClashSide(change=change.id, machine=change.machine, at=change.at, values=value)
        alike = msgspec.json.encode(value, order="sorted")
        sides.pop(alike, None)
        sides[alike] = side
    found = tuple(sides.values())
    told = [case_id, unit.parent, unit.names, [side.change for side in found]]
    name = fingerprint(told)[:12]
    return Clash(id=f"clash-{name}", path=unit.parent, names=unit.names, sides=found)


def replay(case_id: str, history: Sequence[Change]) -> tuple[Tree, tuple[Clash, ...]]:
    """The stored form of the case to which a history in topological order leads, and what is to be settled in it.

    Raises `NoCase` where it has patches that no program of ours can have made.
    """
    try:
        return _replayed(case_id, history)
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        raise NoCase(f"a patch that fits nothing: {error}") from error


def _replayed(case_id: str, history: Sequence[Change]) -> tuple[Tree, tuple[Clash, ...]]:
    state = _Replay(case_id)
    if in_line(history):
        for change in history:
            state.step(change)
        return state.finished()
    known = ancestry(history)
    begin = 0
    for end in _cuts(known):
        if end == begin + 1:
            state.step(history[begin])
        else:
            state.fork(history[begin:end], [(mask >> begin) & ((1 << end - begin) - 1) for mask in known[begin:end]])
        begin = end
    return state.finished()


def _cuts(known: Sequence[int]) -> list[int]:
    """The numbers before which every change was known to every one from there on, and the end."""
    cuts, everywhere = [len(known)], -1
    for number in range(len(known) - 1, 0, -1):
        everywhere &= known[number]
        before = (1 << number) - 1
        if everywhere & before == before:
            cuts.append(number)
    return cuts[::-1]


_BY_TIME = {
    "contacts": attrgetter("at", "id"),
    "filings": attrgetter("filed_at"),
    "follow_ups": attrgetter("created_at"),
    "evidence": attrgetter("added_at"),
}
"""By what the things are ordered; those of one moment stay as their changes stand in the history."""


def in_order(case: Case) -> Case:
    """The case with its lists in the one order that every machine gives them; itself if they are."""
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
    """The case that the history leads to, with the bookkeeping of `case`. Raises `NoCase`."""
    tree, clashes = replay(case.id, history)
    try:
        made = msgspec.convert({**tree, "id": case.id}, type=Case, strict=False)
    except msgspec.ValidationError as error:
        raise NoCase(str(error)) from error
    return structs.replace(
        in_order(made), history=tuple(history), revision=max(case.revision, len(history)), clashes=clashes
    )


def led_to(case: Case) -> Case:
    """The case with its things in the order that its history gives them; itself where it is not what that leads to."""
    led = rebuilt(case, case.history)
    return case if _apart(led, case) else led


def unsettled(clashes: Iterable[Clash], patches: Iterable[Patch]) -> tuple[Clash, ...]:
    """The clashes that a change with these patches, made in knowledge of them, leaves to be settled."""
    places = [patch.path for patch in patches]
    return tuple(
        clash for clash in clashes if not any(MergeUnit(clash.path, clash.names).meets(place) for place in places)
    )


def altered(case: Case) -> tuple[Patch, ...]:
    """Where the case is not what its history leads to: before is what the history says."""
    return _apart(rebuilt(case, case.history), case) if case.history else ()


def _apart(led: Case, case: Case) -> tuple[Patch, ...]:
    apart = difference(content_of(led), content_of(case))
    return tuple(patch for patch in apart if not _same(patch.before, patch.after))


def follows(case: Case) -> bool:
    """Whether the case is plainly what its history leads to; where it is not, `altered` says what differs."""
    tree, clashes = replay(case.id, case.history)
    if clashes != case.clashes:
        return False
    content = content_of(case)
    return all(
        value == content.get(name) or _same(value, content.get(name)) for name, value in tree.items()
    ) and not any(content[name] for name in content.keys() - tree.keys() - UNRECORDED)


def _same(one: object, other: object) -> bool:
    """Whether two values are one, whatever the order of words and things, however a moment or a sum is written."""
    if one == other:
        return True
    match one, other:
        case dict(), dict():
            return all(_same(one.get(name), other.get(name)) for name in {**one, **other})
        case list(), list():
            key = msgspec.json.Encoder(order="sorted").encode
            return len(one) == len(other) and all(map(_same, sorted(one, key=key), sorted(other, key=key)))
        case str(), str():
            return _same_moment(one, other) or _same_sum(one, other)
    return False


_SUM = re.compile(r"\d+(\.\d\d?)?")


def _same_sum(one: str, other: str) -> bool:
    """An export writes sums to the cent, however they were entered; no number of an order has a point in it."""
    sums = _SUM.fullmatch(one) and _SUM.fullmatch(other) and "." in one + other
    return bool(sums) and Decimal(one) == Decimal(other)


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
        begun = _found(case, "open", difference({}, content_of(in_order(case))), case.recorded_at - TICK)
        return structs.replace(in_order(case), history=(begun,), revision=max(1, case.revision), clashes=())
    ordered = topological(case.history)
    if ordered != case.history:
        case = structs.replace(case, history=ordered)
    if follows(case):
        return case
    led = rebuilt(case, case.history)
    patches = _apart(led, case)
    if not patches:
        return structs.replace(case, clashes=led.clashes)
    found = _found(case, FROM_A_FILE, patches, min(change.at for change in case.history) - TICK)
    if any(change.id == found.id for change in case.history):
        return led
    return rebuilt(case, topological((*case.history, found)))


TICK = timedelta(microseconds=1)
"""What a file says beside its history is dated so much before that, so that meanwhile the history is shown."""


def _found(case: Case, action: str, patches: tuple[Patch, ...], at: datetime) -> Change:
    name = f"F{fingerprint([case.id, patches])[:25].upper()}"
    return link((), Change(id=name, at=at, action=action, patches=patches))


def unite(ours: Case, theirs: Case) -> Case:
    """Ours with every change of theirs; ours itself where it has them all, theirs itself where that has all of ours."""
    if not ours.history and not theirs.history:  # written by another program, which at least counts what it saves
        return structs.replace(theirs, ref=ours.ref) if theirs.revision > ours.revision else ours
    other = on_record(theirs)
    if len(united(ours.history, other.history)) == len(ours.history):
        return ours
    mine = on_record(ours)
    history = united(mine.history, other.history)
    # What was saved off the record counts on, so that the revision grows with the history, and is the same everywhere.
    off = max(0, *(each.revision - len(each.history) for each in (ours, theirs)))
    both = structs.replace(other if len(history) == len(other.history) else mine, revision=len(history) + off)
    return both if len(history) == len(other.history) else rebuilt(both, history)
