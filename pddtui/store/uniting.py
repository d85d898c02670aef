"""Uniting what another copy of the data file holds with the documents of a shelf, case by case.

It takes whole documents (of another file, of a journal that belongs to one, of a second line with the same key) and
single changes (of the own record). Keys and numbers were given away on either side, so only the id says which case is
meant. Nothing is written here: `ops` is what the shelf lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Raw, Struct, structs

from pddtui.domain.case import Case, Clash
from pddtui.domain.history import Change, broken_link, holds, united
from pddtui.domain.numbers import renumbered
from pddtui.domain.union import NoCase, on_record, rebuilt, unite
from pddtui.store.codec import Tombstone, any_case, document, head_of
from pddtui.store.journal import NOTHING, Op
from pddtui.store.layout import CASES, UNDECODABLE
from pddtui.store.shelf import Shelf

__all__ = ["Copy", "Met", "Uniter"]


class Met(Struct, frozen=True):
    """A case in which something is to be settled that was not to be settled on either side."""

    case: Case
    ours: Case | None
    """What it was here; None where it was not here."""
    clashes: tuple[Clash, ...]


class Copy(Struct, frozen=True):
    """What another copy of the data file holds, with its journal."""

    shelf: Shelf
    counts: Mapping[str, int]
    """How many saves of each machine it holds."""
    refused: tuple[str, ...] = ()
    """The numbers of cases of which something that does not hold was left out when it was read."""
    token: str = ""
    """The generation of the data file that it is, if it is one."""

    def united_with(self, shelf: Shelf) -> Uniter:
        """What the shelf becomes with every case of the copy; a document that is no case is refused by its key."""
        uniter = Uniter(shelf)
        uniter.refused += self.refused
        for key, raw in self.shelf.documents(CASES):
            if not uniter.take(raw, key):
                uniter.refused.append(f"#{key}")
        return uniter

    def others(self, shelf: Shelf) -> Iterator[Op]:
        """The documents of other tables that the shelf does not have."""
        for table in self.shelf.names():
            for key, raw in self.shelf.documents(table) if table != CASES else ():
                if not shelf.has(table, key):
                    yield table, key, Raw(raw)


class Uniter:
    """Documents of a shelf, with everything that was united with them."""

    def __init__(self, shelf: Shelf) -> None:
        self.changed: dict[str, Case | Tombstone] = {}
        """The cases that are not as on the shelf any more, by id."""
        self.refused: list[str] = []
        """The numbers of cases that could not be united, as what came does not hold."""
        self.contacts = 0
        """How many contacts the shelf did not have."""
        self.erased: list[str] = []
        """The numbers of cases that are erased here, of which something came that they may not have held."""
        self.unlike = False
        """Whether two cases without histories differ, of which only the one that was saved more often is taken."""
        self.renumbered: list[tuple[str, str]] = []
        """The old and the new number of each case that needed another one."""
        self._shelf = shelf
        self._before: dict[str, Case | None] = {}
        self._open: dict[str, set[str]] = {}
        self._keys: dict[str, str] | None = None
        self._refs: dict[str, str] = {}
        self._extra: list[Op] = []

    def take(self, raw: bytes, key: str | None = None) -> bool:
        """Unite a document of the table of cases with what is here. One that is no case is left alone: False.

        `key` is where it stood there: what stands under the same key here to the letter is passed over at once.
        """
        if key is not None and self._shelf.get(CASES, key) == raw:
            return True
        try:
            theirs = any_case(raw)
        except (*UNDECODABLE, ValueError):
            return False
        self.unite(theirs)
        return True

    def unite(self, theirs: Case | Tombstone) -> None:
        """Unite a case, or the mark of one that was erased, with what is here."""
        try:
            ours = self._ours(theirs.id)
        except (*UNDECODABLE, ValueError):  # what is here is no case, which is said when it is asked for
            self.refused.append(theirs.ref)
            return
        if isinstance(ours, Tombstone):
            if isinstance(theirs, Case):
                self.erased.append(ours.ref)
            return
        if isinstance(theirs, Tombstone):
            if ours is not None:
                self.erased.append(ours.ref)
            self.changed[theirs.id] = structs.replace(theirs, ref=ours.ref if ours is not None else theirs.ref)
            return
        if not holds(theirs.history, ours.history if ours is not None else ()):
            self.refused.append(theirs.ref)
            return
        if ours is not None and not ours.history and not theirs.history:
            self.unlike |= ours != theirs and theirs.revision >= ours.revision
        known = self._open.setdefault(theirs.id, set())
        known.update(clash.id for side in (ours, theirs) if side is not None for clash in side.clashes)
        try:
            self._put(ours, on_record(theirs) if ours is None else unite(ours, theirs))
        except NoCase:
            self.refused.append(theirs.ref)

    def met(self) -> list[Met]:
        """The cases in which something is to be settled that neither side knew of."""
        found: list[Met] = []
        for case_id, case in self.changed.items():
            known = self._open.get(case_id, set())
            news = () if isinstance(case, Tombstone) else tuple(each for each in case.clashes if each.id not in known)
            if isinstance(case, Case) and news:
                found.append(Met(case, self._before.get(case_id), news))
        return found

    def add(self, case_id: str, changes: Sequence[Change]) -> None:
        """Unite single changes with the case of that id; changes from its beginning on make it anew."""
        try:
            ours = self._ours(case_id)
        except (*UNDECODABLE, ValueError):
            self.refused.append(case_id)
            return
        if isinstance(ours, Tombstone):
            self.erased.append(ours.ref)
            return
        history = ours.history if ours is not None else ()
        known = {change.id for change in history}
        news = {change.id: change for change in changes if change.id not in known}
        if not news:
            return
        try:
            if ours is not None:
                ours = on_record(ours)
                history = ours.history
            whole = _with_parents({change.id for change in history}, news)
            if len(whole) < len(news):
                self.refused.append(ours.ref if ours is not None else case_id)
            both = united(history, whole)
            if not whole or broken_link(both) is not None:
                self.refused.append(ours.ref if ours is not None else case_id)
                return
            empty = ours if ours is not None else _unborn(case_id, both)
            self._put(ours, rebuilt(empty, both))
        except NoCase:
            self.refused.append(ours.ref if ours is not None else case_id)

    def drop(self, key: str) -> None:
        """Take away the document of that key, whose case is under another one."""
        self._extra.append((CASES, key, NOTHING))

    def ops(self) -> list[Op]:
        """What to put on the shelf, with numbers that only one case has."""
        cases = {case_id: case for case_id, case in self.changed.items() if isinstance(case, Case)}
        if self.changed:
            self._settle_numbers(cases)
        keys = self._known() if self.changed else {}
        taken = [int(key) for key in [*self._shelf.keys(CASES), *keys.values()] if key.isdecimal()]
        free = 1 + max(taken, default=0)
        found = list(self._extra)
        for case_id, value in self.changed.items():
            key = keys.get(case_id)
            if key is None:
                key, free = str(free), free + 1
            found.append((CASES, key, Raw(document(value, self._shelf.get(CASES, key)))))
        return found

    def _settle_numbers(self, cases: dict[str, Case]) -> None:
        self._known()
        gone = {value.ref for value in self.changed.values() if isinstance(value, Tombstone)}
        among = gone | {case.ref for case in cases.values()}
        sharing, others = dict(cases), set[str]()
        for case_id, ref in self._refs.items():
            if case_id in self.changed:
                continue
            value = self._ours(case_id) if ref in among else None
            if isinstance(value, Case):
                sharing[case_id] = value
            else:
                (gone if value is not None else others).add(ref)
        for case_id, case in renumbered(sharing, gone, others).items():
            self.renumbered.append((sharing[case_id].ref, case.ref))
            self.changed[case_id] = case

    def _put(self, ours: Case | None, case: Case) -> None:
        if case is ours:
            return
        here = {contact.id for contact in ours.contacts} if ours is not None else set()
        self.contacts += sum(contact.id not in here for contact in case.contacts)
        self._before.setdefault(case.id, ours)
        self.changed[case.id] = case

    def _ours(self, case_id: str) -> Case | Tombstone | None:
        value = self.changed.get(case_id)
        if value is not None:
            return value
        key = self._known().get(case_id)
        raw = self._shelf.get(CASES, key) if key is not None else None
        return any_case(raw) if raw is not None else None

    def _known(self) -> dict[str, str]:
        """The keys of the cases on the shelf by their ids; their numbers are noted too."""
        if self._keys is None:
            self._keys = {}
            for key, raw in self._shelf.documents(CASES):
                try:
                    head = head_of(raw)
                except (*UNDECODABLE, ValueError):
                    continue
                self._keys.setdefault(head.id, key)
                self._refs.setdefault(head.id, head.ref)
        return self._keys


def _with_parents(known: set[str], news: Mapping[str, Change]) -> list[Change]:
    """Those of the changes that have all on which they were made, there or among them."""
    kept = dict(news)
    while True:
        lost = [each.id for each in kept.values() if any(parent not in known and parent not in kept
                                                         for parent in each.parents)]  # fmt: skip
        if not lost:
            return list(kept.values())
        for change_id in lost:
            del kept[change_id]


def _unborn(case_id: str, history: Iterable[Change]) -> Case:
    at = min(change.at for change in history)
    return Case(id=case_id, ref="", title="", opened_at=at, recorded_at=at)
