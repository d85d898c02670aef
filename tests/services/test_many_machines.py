"""Many machines exchange exports in any order: they come to one state, and no word of it is lost, stale or back.

A modest number of schedules in the suite, 100,000 of them with `pytest -m slow`.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from pddtui.domain import moves
from pddtui.domain.case import Case, Evidence
from pddtui.domain.history import broken_link
from pddtui.domain.union import altered
from tests.fleet import START, Fleet, Machine, nothing_shown_twice, shown

BLOCK = 1000


def faults(fleet: Fleet) -> list[str]:
    """What is wrong once everybody has everything from everybody."""
    found = fleet.wrong + ([] if fleet.settle_down() <= 3 else ["it does not fall silent"])
    for machine in fleet.machines:
        found += [f"{machine.name}: {fault}" for case in machine.cases.values() for fault in wrong_in(case)]
        found += [
            f"{machine.name}: {fault}"
            for case in machine.cases.values()
            for fault in fleet.ledger.wrong(machine.name, case)
        ]
        numbers = [case.ref for case in machine.cases.values()]
        found += [f"{machine.name}: a number twice in {numbers}"] * (len(set(numbers)) < len(numbers))
        found += [f"{machine.name}: erased, and back"] * any(each in machine.cases for each in machine.store.erased())
    gone = {case_id for machine in fleet.machines for case_id in machine.store.erased()}
    first, *others = [
        {case_id: case for case_id, case in shown(machine).items() if case_id not in gone} for machine in fleet.machines
    ]
    for machine, cases in zip(fleet.machines[1:], others, strict=True):
        found += [f"{machine.name}: {fault}" for fault in differences(first, cases)]
    return found


def wrong_in(case: Case) -> list[str]:
    found = []
    if broken_link(case.history) is not None:
        found.append(f"{case.ref}: a history that does not hold")
    if altered(case):
        found.append(f"{case.ref}: not what its history leads to: {altered(case)}")
    if not nothing_shown_twice(case):
        found.append(f"{case.ref}: something is there twice")
    return found


def differences(one: dict[str, Case], other: dict[str, Case]) -> list[str]:
    """Where the cases of two machines are not the same to the byte, the order of lists included."""
    if one.keys() != other.keys():
        return [f"the cases {one.keys() ^ other.keys()}"]
    encode = msgspec.json.encode
    return [
        f"{one[case_id].ref}: {name}"
        for case_id in one
        for name in one[case_id].__struct_fields__
        if encode(getattr(one[case_id], name)) != encode(getattr(other[case_id], name))
    ]


def settled_faults(fleet: Fleet) -> list[str]:
    """What is wrong once everything that clashes was settled, each on one machine, and everybody has heard of it."""
    gone = {case_id for machine in fleet.machines for case_id in machine.store.erased()}
    for case_id, case in sorted(fleet.machines[0].cases.items()):
        for clash in case.clashes if case_id not in gone and case.trashed_at is None else ():
            machine = fleet.random.choice(fleet.machines)
            before = machine.cases
            if all(each.id != clash.id for each in before[case_id].clashes):
                continue  # it went with another one
            side = fleet.random.choice((None, *range(len(clash.sides))))
            machine.book.settle_clash(case_id, clash.id, side)
            places = tuple((*clash.path, name) for name in clash.names)
            fleet.ledger.acted(machine.name, before, machine.cases, (case_id, places))
    found = faults(fleet)
    for machine in fleet.machines:
        for case_id, case in machine.cases.items():
            if case.clashes and case_id not in gone and case.trashed_at is None:
                found.append(f"{machine.name}: {case.ref} has {case.clashes} to settle still")
    return found


def faults_of(seed: int) -> list[str]:
    fleet = Fleet(seed, machines=2 + seed % 3)
    fleet.play(8 + seed % 23)
    return faults(fleet) or settled_faults(fleet)


@pytest.mark.parametrize(
    "block", [pytest.param(range(300), id="some"),
              *(pytest.param(range(n, n + BLOCK), id=f"{n}", marks=pytest.mark.slow) for n in range(0, 100_000, BLOCK))]
)  # fmt: skip
def test_schedules_of_many_machines_come_to_one_state(block: range) -> None:
    assert {seed: found for seed in block if (found := faults_of(seed))} == {}


@pytest.fixture
def pair() -> tuple[Machine, Machine]:
    """Two machines with one case."""
    one, other = Machine("desk"), Machine("laptop", skew=timedelta(seconds=30))
    one.open("kettle")
    other.take(one.export())
    return one, other


def exchange(*machines: Machine) -> None:
    for receiver in machines:
        for sender in machines:
            if sender is not receiver:
                receiver.take(sender.export())


def test_a_thing_that_was_put_back_can_be_taken_away_again(pair: tuple[Machine, Machine]) -> None:
    one, other = pair
    one.book.add_evidence(one.case.id, Evidence(id="E", place="in the chat", added_at=START))
    exchange(*pair)
    other.do(other.case.id, "evidence", lambda case: moves.edit_evidence(case, "E", {"proves": "the crack"}))
    one.do(one.case.id, "remove_evidence", lambda case: moves.remove_evidence(case, "E"))
    exchange(*pair)
    for machine in pair:
        assert [side.values for side in machine.case.clashes[0].sides] == [{"*": True}, {"*": False}]
    one.book.settle_clash(one.case.id, one.case.clashes[0].id, 0)
    assert [each.proves for each in one.case.evidence] == ["the crack"]
    one.book.undo()
    assert not one.case.evidence
