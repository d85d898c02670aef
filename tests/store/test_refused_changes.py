"""What is refused, and what is a clash: each row at an import, and where two data files are united."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import Case
from pddtui.domain.history import Change, Patch, link
from pddtui.errors import BadInput
from pddtui.services.export.json import to_json
from pddtui.services.import_.apply import take_in
from pddtui.services.import_.read_json import read_export
from pddtui.store.layout import CASES
from pddtui.store.own import descends, joined
from pddtui.store.shelf import Shelf
from pddtui.store.uniting import Uniter
from tests.domain.build import CALENDAR, RULES
from tests.fleet import START, Machine


@pytest.fixture
def one() -> Machine:
    machine = Machine("desk")
    machine.open("kettle")
    machine.say("first")
    machine.say("second")
    return machine


def with_history(case: Case, history: Sequence[Change]) -> Case:
    return structs.replace(case, history=tuple(history))


def another_hash(case: Case) -> Case:
    *before, last = case.history
    return with_history(case, (*before, structs.replace(last, hash="0" * 64)))


def another_word(case: Case) -> Case:
    *before, last = case.history
    patches = (*last.patches[:-1], Patch(last.patches[-1].path, None, {"id": "X", "summary": "never said"}))
    return with_history(case, (*before, structs.replace(last, patches=patches)))


def a_circle(case: Case) -> Case:
    first, *others = case.history
    return with_history(case, (structs.replace(first, parents=(others[-1].id,)), *others))


def a_missing_parent(case: Case) -> Case:
    first, _, *others = case.history
    return with_history(case, (first, *others))


def an_id_twice(case: Case) -> Case:
    return with_history(case, (*case.history, case.history[-1]))


def no_such_state(case: Case) -> Case:
    made = Change(id="Z", at=START, action="edit", patches=(Patch(("status",), "open", "vanished"),))
    return with_history(case, (*case.history, link(case.history, made)))


def a_patch_of_no_place(case: Case) -> Case:
    made = Change(id="Z", at=START, action="edit", patches=(Patch((), None, {}),))
    return with_history(case, (*case.history, link(case.history, made)))


REFUSED = (
    another_hash,
    another_word,
    a_circle,
    a_missing_parent,
    an_id_twice,
    no_such_state,
    a_patch_of_no_place,
)


def export(*cases: Case) -> bytes:
    return to_json(cases, RULES, START, calendar=CALENDAR)


@pytest.mark.parametrize("known", [False, True], ids=["new here", "known here"])
@pytest.mark.parametrize("forge", REFUSED, ids=lambda forge: forge.__name__)
def test_an_import_with_a_history_that_does_not_hold_takes_nothing(
    forge: Callable[[Case], Case], known: bool, one: Machine
) -> None:
    other = Machine("laptop")
    if known:
        other.take(one.export())
    good = Machine("phone").open("another")
    before = other.cases
    with pytest.raises(BadInput):
        take_in(other.store, read_export(export(good, forge(one.case)), "export.json"))
    assert other.cases == before


@pytest.mark.parametrize("known", [False, True], ids=["new here", "known here"])
@pytest.mark.parametrize("forge", REFUSED, ids=lambda forge: forge.__name__)
def test_a_union_of_files_leaves_that_case_out_names_it_and_takes_the_others(
    forge: Callable[[Case], Case], known: bool, one: Machine
) -> None:
    ours, theirs, good = one.case, forge(one.case), Machine("phone").open("another")
    shelf = Shelf()
    if known:
        shelf.put(CASES, "1", msgspec.json.encode(ours))
    uniter = Uniter(shelf)
    for case in (theirs, good):
        uniter.take(msgspec.json.encode(case))
    assert (uniter.refused, list(uniter.changed)) == ([ours.ref], [good.id])


def test_a_change_of_the_own_record_that_does_not_hold_leaves_the_case_as_it_is(one: Machine) -> None:
    shelf = Shelf()
    shelf.put(CASES, "1", msgspec.json.encode(one.case))
    for forge in (another_hash, no_such_state):
        changes = [structs.replace(each, id=f"{each.id}X") for each in forge(one.case).history[-1:]]
        uniter = Uniter(shelf)
        uniter.add(one.case.id, changes)
        assert (uniter.refused, uniter.changed) == ([one.case.ref], {})


def test_a_change_that_is_not_the_one_of_that_id_here_is_refused(one: Machine) -> None:
    """It holds for itself, but somebody made it in place of ours."""
    *before, last = one.case.history
    forged = with_history(one.case, (*before, link(before, structs.replace(last, action="edit"))))
    with pytest.raises(BadInput):
        one.take(export(forged))
    shelf = Shelf()
    shelf.put(CASES, "1", msgspec.json.encode(one.case))
    uniter = Uniter(shelf)
    uniter.take(msgspec.json.encode(forged))
    assert (uniter.refused, uniter.changed) == ([one.case.ref], {})


def test_words_that_do_not_follow_from_the_history_are_shown_beside_it_as_a_clash(one: Machine) -> None:
    other = Machine("laptop")
    other.take(one.export())
    said = structs.replace(one.case, title="changed by hand")
    (arrival,) = other.take(export(said))
    (clash,) = other.case.clashes
    assert len(arrival.conflicts) == 1
    assert {side.values["title"] for side in clash.sides} == {"kettle", "changed by hand"}
    uniter = Uniter(Shelf())
    uniter.take(msgspec.json.encode(said))
    (united,) = uniter.changed.values()
    assert isinstance(united, Case)
    assert united.clashes == other.case.clashes


def test_two_values_made_apart_are_a_clash_that_one_settles_for_all(one: Machine) -> None:
    other = Machine("laptop")
    other.take(one.export())
    for machine, title in ((one, "ours"), (other, "theirs")):
        machine.do(machine.case.id, "edit", lambda case, title=title: moves.edit_values(case, {"title": title}))  # type: ignore[misc]
    assert [len(arrival.conflicts) for arrival in one.take(other.export())] == [1]
    assert [len(arrival.conflicts) for arrival in other.take(one.export())] == [1]
    one.book.settle_clash(one.case.id, one.case.clashes[0].id, 0)
    assert [len(arrival.conflicts) for arrival in other.take(one.export())] == [0]
    assert (other.case.clashes, other.case.title) == ((), one.case.title)


def test_a_counter_that_runs_backwards_does_not_descend(tmp_path: Path) -> None:
    assert descends({"a": 3, "b": 1}, {"a": 3})
    assert not descends({"a": 2, "b": 9}, {"a": 3})
    assert not descends({}, {"a": 1})
    assert joined({"a": 3}, {"a": 2, "b": 1}) == {"a": 3, "b": 1}
