"""Each way of uniting that is wrong is found out by the schedules of `test_many_machines`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest
from msgspec import structs

from pddtui.domain import history, numbers, record, union
from pddtui.domain.case import Case, Clash
from pddtui.domain.history import Change, Save
from pddtui.domain.ports import Transaction
from pddtui.services import undoing
from pddtui.services.import_ import apply
from tests.services.test_many_machines import faults_of

Patch = pytest.MonkeyPatch

MOST = 400
"""Schedules after which a mutant that no schedule has found out counts as alive."""


TELLING = (390, 61, 8)
"""Schedules that find out most; they are tried first."""


def last_writer_wins(patch: Patch) -> None:
    """The latest by the clock is shown, whatever its maker knew."""

    def latest(self: union._Ledger, writes: Sequence[union._Write]) -> list[union._Write]:
        return sorted(writes, key=lambda each: self._order(each.number))[-1:]

    patch.setattr(union._Ledger, "_greatest", latest)


def knows_only_its_own(patch: Patch) -> None:
    """A change is made on the last one of its own machine, and not on what came from others."""
    link = history.link

    def linked(known: Sequence[Change], change: Change) -> Change:
        own = [each for each in known if each.machine == change.machine]
        return link(own[-1:] or known[:1], change)

    patch.setattr(record, "link", linked)


def loses_undos(patch: Patch) -> None:
    """A union leaves out what others took back."""
    united = history.united

    def without(ours: Sequence[Change], theirs: Sequence[Change]) -> tuple[Change, ...]:
        known = {change.id for change in ours}
        kept, dropped = list[Change](), set[str]()
        for change in theirs:
            if change.id not in known and (change.kind == "undo" or dropped & set(change.parents)):
                dropped.add(change.id)
            else:
                kept.append(change)
        return united(ours, kept)

    patch.setattr(union, "united", without)


def puts_imports_on_record(patch: Patch) -> None:
    """What comes in is one change of its own, as before there were parents."""
    unite, count = union.unite, itertools.count()

    def imported(ours: Case, theirs: Case) -> Case:
        both = unite(ours, theirs)
        if both is ours:
            return ours
        bare = structs.replace(both, history=ours.history, clashes=())
        at = max(change.at for change in theirs.history)
        return record.recorded(
            ours, bare, action="import", change_id=f"I{next(count):05d}", at=at, save=Save("importer", next(count))
        )

    patch.setattr(apply, "unite", imported)


def numbers_by_arrival(patch: Patch) -> None:
    """Who was here first keeps a number that was given twice."""

    def renumbered(cases: Mapping[str, Case], gone: Iterable[str], others: Iterable[str] = ()) -> dict[str, Case]:
        erased = set(gone)
        taken = {*erased, *others, *(case.ref for case in cases.values())}
        seen, found = set(erased), dict[str, Case]()
        for case in cases.values():
            if case.ref in seen:
                free = numbers._free(case.ref, taken)
                taken.add(free)
                found[case.id] = numbers.numbered(case, free)
            seen.add(case.ref)
        return found

    patch.setattr(apply, "renumbered", renumbered)


def lists_by_arrival(patch: Patch) -> None:
    """Lists stand in the order in which their things came."""
    for module in (union, record):
        patch.setattr(module, "in_order", lambda case: case)


def undo_by_the_clock(patch: Patch) -> None:
    """Undo takes back what is latest by the clock, whoever did it."""

    def newest(box: Transaction, candidates: Callable[..., list[Change]]) -> tuple[undoing._Found, ...]:
        found = [undoing._Found(case.id, each) for case in box.cases().values() for each in candidates(case.history)]
        return tuple(sorted(found, key=lambda each: (each.change.at, each.change.id))[-1:])

    patch.setattr(undoing, "_newest", newest)


def settles_for_itself(patch: Patch) -> None:
    """Who settles a clash as it is shown puts nothing on record."""
    settle = record.settle_clash

    def settled(case: Case, clash: Clash, side: int | None, **rest: object) -> Case:
        if side is not None and side < len(clash.sides) - 1:
            return settle(case, clash, side, **rest)  # type: ignore[arg-type]
        left = tuple(each for each in case.clashes if each.id != clash.id)
        return structs.replace(case, clashes=left, revision=case.revision + 1)

    patch.setattr(record, "settle_clash", settled)


def brings_back_what_was_erased(patch: Patch) -> None:
    united_with = apply.united_with
    patch.setattr(apply, "united_with", lambda here, _, cases: united_with(here, {}, cases))


def shows_the_earlier(patch: Patch) -> None:
    """Of two that differ the earlier is shown."""

    def earliest(self: union._Ledger, writes: Sequence[union._Write]) -> union._Write:
        return min(writes, key=lambda each: self._order(each.number))

    patch.setattr(union._Ledger, "latest", earliest)


def orders_changes_by_arrival(patch: Patch) -> None:
    """What others did comes behind what is here."""

    def united(ours: Sequence[Change], theirs: Sequence[Change]) -> tuple[Change, ...]:
        known = {change.id for change in ours}
        return (*ours, *(change for change in theirs if change.id not in known))

    patch.setattr(union, "united", united)


MUTANTS: tuple[Callable[[Patch], None], ...] = (
    last_writer_wins,
    knows_only_its_own,
    loses_undos,
    puts_imports_on_record,
    numbers_by_arrival,
    lists_by_arrival,
    undo_by_the_clock,
    settles_for_itself,
    brings_back_what_was_erased,
    shows_the_earlier,
    orders_changes_by_arrival,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_schedules_find_it_out(mutant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutant(monkeypatch)
    assert any(finds_out(seed) for seed in (*TELLING, *range(MOST)))


def finds_out(seed: int) -> bool:
    """Whether the schedule ends otherwise than it should, or does not end."""
    try:
        return bool(faults_of(seed))
    except Exception:  # noqa: BLE001 - what is wrong may also fall over
        return True
