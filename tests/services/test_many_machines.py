"""Many machines exchange exports in any order: they come to one state, and no word of it is lost, stale or back.

A modest number of schedules in the suite, 100,000 of them with `pytest -m slow`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import Case, Evidence, Outcome
from pddtui.domain.chain import Link
from pddtui.domain.history import broken_link
from pddtui.domain.union import altered
from tests.fleet import START, Fleet, Machine, nothing_shown_twice, shown

BLOCK = 1000
HOUR = timedelta(hours=1)


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
    if not gone:
        found += wrong_numbers(fleet.machines[0].cases.values())
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
    for things, when in ((case.contacts, "at"), (case.filings, "filed_at"), (case.follow_ups, "created_at"),
                         (case.evidence, "added_at")):  # fmt: skip
        if list(things) != sorted(things, key=lambda each: (getattr(each, when), each.id)):
            found.append(f"{case.ref}: a list out of order")
    if not nothing_shown_twice(case):
        found.append(f"{case.ref}: something is there twice")
    return found


def wrong_numbers(cases: Iterable[Case]) -> list[str]:
    """Which of the cases that began with one number, and share it with no other, has not kept it as the oldest."""
    had: dict[str, list[Case]] = {}
    later: set[str] = set()
    for case in cases:
        if any(change.action == "number" and change.kind != "do" for change in case.history):
            return []
        refs = [patch.after for change in case.history for patch in change.patches if patch.path == ("ref",)]
        had.setdefault(str(refs[0]), []).append(case)
        later.update(map(str, refs[1:]))
    oldest = {ref: min(found, key=lambda case: (case.recorded_at, case.id)) for ref, found in had.items()}
    return [f"{ref}: the oldest case with that number is {case.ref} now" for ref, case in oldest.items()
            if ref not in later and case.ref != ref]  # fmt: skip


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
    """What is wrong once all that clashes was settled, each case on one machine, and everybody has heard of it."""
    gone = {case_id for machine in fleet.machines for case_id in machine.store.erased()}
    for case_id, case in sorted(fleet.machines[0].cases.items()):
        machine = fleet.random.choice(fleet.machines)
        for clash in case.clashes if case_id not in gone and case.trashed_at is None else ():
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
    "block", [pytest.param(range(120), id="some"),
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


@pytest.fixture
def three() -> tuple[Machine, Machine, Machine]:
    """Three machines with one case, on which a promise was made."""
    machines = tuple(
        Machine(name, skew=timedelta(seconds=10 * n)) for n, name in enumerate(("desk", "phone", "server"))
    )
    one, other, third = machines
    one.open("kettle")
    one.say("they call back", "退款")
    other.take(one.export())
    third.take(one.export())
    return one, other, third


def summaries(machine: Machine) -> list[str]:
    return [contact.summary for contact in machine.case.contacts]


def test_an_undone_contact_stays_undone_where_a_third_machine_had_it(three: tuple[Machine, Machine, Machine]) -> None:
    """A logs; C takes A; C logs; A undoes; exchange."""
    one, _, third = three
    one.say("a slip of the finger")
    third.take(one.export())
    third.say("what C heard")
    one.book.undo()
    exchange(*three)
    assert [sorted(summaries(machine)) for machine in three] == [["they call back", "what C heard"]] * 3


def test_a_promise_settled_alike_on_two_machines_is_settled(three: tuple[Machine, Machine, Machine]) -> None:
    """Both say "kept", a third sees both: nobody is asked, and it falls silent."""
    one, other, third = three
    (promise,) = one.case.contacts[0].promises
    for machine in (one, other):
        machine.book.settle_promise(machine.case.id, promise.id, "kept", machine.clock.now() + HOUR)
        third.take(machine.export())
    exchange(*three)
    exchange(*three)
    assert [arrival.kind for machine in three for arrival in machine.take(third.export())] == ["unchanged"] * 3
    assert {machine.case.contacts[0].promises for machine in three} == {third.case.contacts[0].promises}
    assert [machine.case.clashes for machine in three] == [()] * 3


def test_a_case_that_was_taken_up_again_and_resolved_again_is_so_everywhere(
    three: tuple[Machine, Machine, Machine],
) -> None:
    one, other, third = three

    def resolve(machine: Machine, kind: str) -> None:
        outcome = Outcome(id=machine.ids.new(machine.clock.now()), kind=kind)
        machine.do(machine.case.id, "resolve", lambda case: moves.resolve(case, outcome, "resolved", START + HOUR))

    resolve(one, "refunded")
    other.take(one.export())
    third.take(one.export())
    old = one.export()
    other.do(other.case.id, "reopen", moves.reopen)
    third.take(other.export())
    resolve(third, "exchanged")
    one.take(old)
    exchange(*three)
    for machine in three:
        assert machine.case.outcome is not None
        assert (machine.case.outcome.kind, machine.case.clashes) == ("exchanged", ())


def test_what_was_overwritten_knowingly_does_not_come_back_by_an_old_export(pair: tuple[Machine, Machine]) -> None:
    one, other = pair
    old = one.export()
    other.do(other.case.id, "edit", lambda case: moves.edit_values(case, {"title": "electric kettle"}))
    one.take(other.export())
    (arrival,) = one.take(old)
    assert (arrival.kind, one.case.title) == ("unchanged", "electric kettle")


def test_a_redo_of_what_another_machine_went_on_from_brings_it_back(pair: tuple[Machine, Machine]) -> None:
    one, other = pair
    one.say("a word")
    one.book.undo()
    other.take(one.export())
    other.say("meanwhile")
    one.take(other.export())
    one.book.redo()
    exchange(*pair)
    assert [sorted(summaries(machine)) for machine in pair] == [["a word", "meanwhile"]] * 2


def test_an_undo_that_another_machine_made_too_is_one(pair: tuple[Machine, Machine]) -> None:
    one, other = pair
    one.say("a word")
    other.take(one.export())
    name = one.case.history[-1].id
    one.book.undo(name)
    other.book.undo(name)
    exchange(*pair)
    assert [summaries(machine) for machine in pair] == [[]] * 2
    assert [machine.case.clashes for machine in pair] == [()] * 2
    one.book.redo()
    exchange(*pair)
    assert [summaries(machine) for machine in pair] == [["a word"]] * 2


def version_1(case: Case) -> dict[str, Any]:
    """The case as a program of version 1 kept it: its changes as a chain of hashes."""
    links: list[Link] = []
    for change in case.history:
        link = Link(id=change.id, at=change.at, action=change.action, patches=change.patches, kind=change.kind,
                    target=change.target, previous=links[-1].hash if links else "")  # fmt: skip
        tree = json.loads(msgspec.json.encode(link))
        del tree["hash"]
        told = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        links.append(structs.replace(link, hash=hashlib.sha256(told.encode()).hexdigest()))
    whole = json.loads(msgspec.json.encode(case))
    return {**whole, "history": json.loads(msgspec.json.encode(links))}


def export_1(*cases: dict[str, Any]) -> bytes:
    found = {"format": "pddtui.export", "version": 1, "mask": "none", "exported_at": START.isoformat(), "cases": cases}
    return json.dumps(found).encode()


def test_histories_of_version_1_taken_over_on_two_machines_apart_are_one(pair: tuple[Machine, Machine]) -> None:
    """Both had one file of version 1, each went on in it, and each was brought up to date for itself."""
    one, other = pair
    one.say("from before")
    other.take(one.export())
    one.say("only here")
    other.do(other.case.id, "edit", lambda case: moves.edit_values(case, {"title": "electric kettle"}))
    news = Machine("desk"), Machine("laptop")
    for old, new in zip(pair, news, strict=True):
        new.take(export_1(version_1(old.case)))
        assert not altered(new.case)
        assert [change.was != "" for change in new.case.history] == [True] * len(old.case.history)
    exchange(*news)
    assert shown(news[0]) == shown(news[1])
    assert (summaries(news[1]), news[1].case.title) == (["from before", "only here"], "electric kettle")
    assert news[1].case.clashes == ()
    assert [each.kind for each in news[0].take(export_1(version_1(pair[1].case)))] == ["unchanged"]


def test_cases_without_a_history_are_one_where_they_say_the_same() -> None:
    bare = Case(id="C1", ref="PDD-2026-0001", title="kettle", opened_at=START, recorded_at=START)
    machines = Machine("desk", cases=[bare]), Machine("laptop", cases=[bare])
    one, other = machines
    one.say("a word")
    other.do("C1", "edit", lambda case: moves.edit_values(case, {"merchant": "shop"}))
    exchange(*machines)
    assert shown(one) == shown(other)
    assert (summaries(other), one.case.merchant, one.case.clashes) == (["a word"], "shop", ())
