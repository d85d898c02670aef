"""A model of what machines know and what they overwrote, written apart from the program.

It sees cases only as they are shown: as JSON, made flat. One thing done on one machine is an event that writes what is
shown otherwise after it, and that was done in knowledge of all events of which the machine had heard. What may be shown
follows: of each place, only what an event wrote that no other one, in knowledge of it, wrote over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from pddtui.domain.case import Case

__all__ = ["Ledger", "Place", "flat"]

Place = tuple[str, ...]

LISTS = {"contacts", "promises", "filings", "follow_ups", "evidence"}
WORDS = {"tags", "amendments", "passed_gates"}
MAPS = {"milestones", "steps", "looked"}
PARTS = {"operator", "order", "demand", "person"}
HERE = "is here"

TOGETHER = {
    **dict.fromkeys(("outcome", "closed_at"), "status"),
    **dict.fromkeys(("settled_at", "replaced_by", "accepted_at", "ended_at", "countdown_until", "aftersale_state",
                     "aftersale_turn", "aftersale_at"), "state"),
    **dict.fromkeys(("due_phrase", "estimated", "snoozed"), "due"),
    "reply": "substance",
}  # fmt: skip
"""What is decided together: the result of a promise and the day of it, a date and the words for it."""


class _Event(NamedTuple):
    number: int
    machine: str
    known: frozenset[int]
    writes: dict[Place, str | None]
    inside: frozenset[Place]
    """The things in which it wrote something."""


def flat(case: Case) -> dict[Place, str]:
    """What is shown of a case, place by place, each as text."""
    tree = json.loads(msgspec.json.encode(case))
    for name in ("id", "ref", "history", "clashes", "revision"):
        del tree[name]
    found: dict[Place, Any] = {}
    for place, value in _flat(tree, ()):
        last = place[-1]
        group = TOGETHER.get(last, last)
        if last in TOGETHER or last in TOGETHER.values():
            found.setdefault((*place[:-1], group), {})[last] = value
        else:
            found[place] = value
    return {place: json.dumps(value, sort_keys=True, ensure_ascii=False) for place, value in found.items()}


def _flat(thing: Mapping[str, Any], at: Place) -> Iterator[tuple[Place, Any]]:
    for name, value in thing.items():
        place = (*at, name)
        if name in WORDS or (name == "evidence" and at):
            for word in value:
                yield (*place, json.dumps(word, sort_keys=True), HERE), True
        elif name in LISTS:
            for each in value:
                yield (*place, each["id"], HERE), True
                yield from _flat({key: part for key, part in each.items() if key != "id"}, (*place, each["id"]))
        elif (name in MAPS or name in PARTS) and isinstance(value, dict):
            for key, part in value.items():
                yield (*place, key), part
        else:
            yield place, value


class Ledger:
    """All that was done, by whom, and what of it each machine has heard."""

    def __init__(self) -> None:
        self.events: dict[str, list[_Event]] = {}
        """By case."""
        self.known: dict[tuple[str, str], frozenset[int]] = {}
        """By machine and case."""
        self._count = 0

    def acted(
        self,
        machine: str,
        before: Mapping[str, Case],
        after: Mapping[str, Case],
        settled: tuple[str, Iterable[Place]] | None = None,
    ) -> None:
        """One thing was done there. What was settled counts as written, also where it stays as it was."""
        for case_id, case in after.items():
            if case is before.get(case_id):
                continue
            old = flat(before[case_id]) if case_id in before else {}
            new = flat(case)
            writes: dict[Place, str | None] = {place: value for place, value in new.items() if old.get(place) != value}
            writes |= dict.fromkeys(_gone(old, new))
            if settled is not None and settled[0] == case_id:
                for place in settled[1]:
                    self._settle(writes, new, place)
            if case_id not in before:
                writes[(HERE,)] = "true"
            self._count += 1
            knows = self.known.get((machine, case_id), frozenset())
            event = _Event(self._count, machine, knows, writes, frozenset(_around(writes)))
            self.events.setdefault(case_id, []).append(event)
            self.known[machine, case_id] = knows | {self._count}

    def _settle(self, writes: dict[Place, str | None], new: Mapping[Place, str], place: Place) -> None:
        place = tuple(HERE if key == "*" else key for key in place)
        if HERE in place[:-1]:
            *around, _, word = place
            place = (*around, json.dumps(json.loads(word), sort_keys=True), HERE)
        place = (*place[:-1], TOGETHER.get(place[-1], place[-1]))
        writes[place] = new.get(place)

    def knowledge(self, machine: str, cases: Iterable[str]) -> dict[str, frozenset[int]]:
        """What a machine has heard of these cases."""
        return {case_id: self.known.get((machine, case_id), frozenset()) for case_id in cases}

    def learned(self, machine: str, known: Mapping[str, frozenset[int]], erased: Mapping[str, str]) -> None:
        for case_id, numbers in known.items():
            if case_id not in erased:
                self.known[machine, case_id] = self.known.get((machine, case_id), frozenset()) | numbers

    def wrong(self, machine: str, case: Case) -> list[str]:
        """What of a case is not shown there as it has to be, by all of which that machine has heard."""
        known = self.known.get((machine, case.id), frozenset())
        return _Heard([each for each in self.events[case.id] if each.number in known]).wrong(case)


class _Heard:
    """What one machine has heard of one case."""

    def __init__(self, events: list[_Event]) -> None:
        self._events = events
        self._writes: dict[Place, list[_Event]] = {}
        for event in events:
            for place in event.writes:
                self._writes.setdefault(place, []).append(event)

    def wrong(self, case: Case) -> list[str]:
        return [*self._wrong_places(case), *self._unasked(case)]

    def _greatest(self, place: Place) -> list[_Event]:
        events = self._writes[place]
        return [each for each in events if not any(each.number in other.known for other in events)]

    def _wrong_places(self, case: Case) -> Iterator[str]:
        shown = flat(case)
        for place in self._writes:
            greatest = self._greatest(place)
            allowed = {each.writes[place] for each in greatest}
            around = _thing(place)
            if place == (HERE,):
                continue
            if place[-1] == HERE:
                if None in allowed and self._worked_in(around, greatest):
                    allowed.add("true")
                if not _all_here(around, shown):
                    continue
            elif not _is_here(around, shown):
                continue
            elif place == ("trashed_at",) and self._worked_in((), greatest):
                allowed = {"null"}
            if shown.get(place) not in allowed and not (place[0] in MAPS and shown.get(place) is None in allowed):
                yield f"{place}: {shown.get(place)} is shown, but only {allowed} could be"

    def _worked_in(self, around: Place, removals: list[_Event]) -> bool:
        """Whether somebody did something in it without knowing of any of these, nor they of that."""
        gone = [each for each in removals if each.writes.get((*around, HERE) if around else ("trashed_at",)) in
                (None, *([] if around else [each.writes.get(("trashed_at",))]))]  # fmt: skip
        if not around:
            gone = [each for each in removals if each.writes[("trashed_at",)] not in (None, "null")]
        return bool(gone) and any(
            around in each.inside
            and all(each.number not in one.known and one.number not in each.known and one is not each for one in gone)
            for each in self._events
        )

    def _unasked(self, case: Case) -> Iterator[str]:
        """Where two machines made different things of one and nobody is asked, or somebody is where they did not."""
        shown = flat(case)
        asked = {(*clash.path, name) for clash in case.clashes for name in clash.names}
        for place in self._writes:
            if place[0] in MAPS or place[-1] not in _ASKED or not _is_here(_thing(place), shown):
                continue
            values = {_decisive(each.writes[place]) for each in self._greatest(place)}
            if (len(values) > 1) != (place in asked):
                yield f"{place}: {values} and the clashes are {sorted(asked)}"


_ASKED = {"title", "merchant", "description", "summary", "text", "state", "status", "proves", "place", "name"}


def _decisive(value: str | None) -> str | None:
    """What of a value is decided by a person: not the moments that go with it."""
    found = json.loads(value) if value is not None else None
    if not isinstance(found, dict):
        return value
    following = ("settled_at", "replaced_by", "accepted_at", "ended_at", "closed_at", "aftersale_turn", "aftersale_at")
    return json.dumps({name: part for name, part in found.items() if name not in following}, sort_keys=True)


def _gone(old: Mapping[Place, str], new: Mapping[Place, str]) -> Iterator[Place]:
    """What is not there any more; of a thing only that, and not all that was in it."""
    for place in old:
        thing = _thing(place)
        if place not in new and (_all_here(thing, new) if place[-1] == HERE else _is_here(thing, new)):
            yield place


def _thing(place: Place) -> Place:
    """The thing that is here or not, or the one in which the place is."""
    if place[-1] == HERE:
        return place[:-1]
    depth = max((n for n in range(2, len(place), 2) if place[n - 2] in LISTS), default=0)
    return place[:depth]


def _is_here(thing: Place, shown: Mapping[Place, str]) -> bool:
    return not thing or ((*thing, HERE) in shown and _all_here(thing, shown))


def _all_here(thing: Place, shown: Mapping[Place, str]) -> bool:
    """Whether everything around the thing is here."""
    return all((*thing[:n], HERE) in shown for n in range(2, len(thing), 2) if thing[n - 2] in LISTS)


def _around(writes: Mapping[Place, str | None]) -> Iterator[Place]:
    for place, value in writes.items():
        if place[0] != "trashed_at":
            yield ()
        if place == (HERE,):
            continue
        for n in range(2, len(place) + 1, 2):
            whole = place[:n]
            if whole[n - 2] in LISTS and not (place == (*whole, HERE) and value is None):
                yield whole
