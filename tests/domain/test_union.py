"""What a history leads to, and what becomes of two: units, order, clashes, and changes that do not hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Demand, Evidence, Order, Person, Promise
from pddtui.domain.history import (
    Change,
    Patch,
    Save,
    ancestry,
    broken_link,
    heads,
    holds,
    in_line,
    link,
    topological,
    united,
)
from pddtui.domain.record import recorded, settle_clash
from pddtui.domain.union import altered, rebuilt, unite
from pddtui.domain.units import MergeUnit, unit_of, written

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
OPENED = recorded(
    None,
    Case(id="K", ref="PDD-2026-0001", title="壶", opened_at=AT, recorded_at=AT),
    action="open",
    change_id="00",
    at=AT,
    save=Save("a", 1),
)


def put(before: Case, name: str, minutes: int = 1, **fields: object) -> Case:
    after = structs.replace(before, **fields)
    at = AT + timedelta(minutes=minutes)
    return recorded(before, after, action="edit", change_id=name, at=at, save=Save(name[0], minutes))


def promise(**fields: object) -> Contact:
    made = structs.replace(Promise(id="P", text="退款"), **fields)
    return Contact(id="C", at=AT, recorded_at=AT, direction="in", summary="退", promises=(made,))


# Units


@pytest.mark.parametrize(
    ("path", "parent", "names"),
    [
        (("title",), (), ("title",)),
        (("outcome", "kind"), (), ("status", "outcome", "closed_at")),
        (("order", "amount"), ("order",), ("amount",)),
        (("contacts", "C", "person", "name"), ("contacts", "C", "person"), ("name",)),
        (("contacts", "C", "demand"), ("contacts", "C"), ("demand",)),
        (("contacts", "C", "reply"), ("contacts", "C"), ("substance", "reply")),
        (("contacts", "C", "promises", "P", "due_phrase"), ("contacts", "C", "promises", "P"),
         ("due", "due_phrase", "estimated", "snoozed")),
        (("milestones", "shipped"), ("milestones",), ("shipped",)),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_fields_that_one_move_sets_together_are_one_unit(
    path: tuple[str, ...], parent: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert unit_of(path) == MergeUnit(parent, names)


def test_a_whole_case_is_written_unit_by_unit() -> None:
    full = structs.replace(OPENED, contacts=(promise(),), tags=("急",), order=Order(number="7"), history=())
    made = recorded(None, full, action="open", change_id="0", at=AT).history[0]
    places = {(each.unit.parent, each.place[0]) for each in written(made)}
    assert {((), "title"), (("order",), "number"), (("contacts", "C"), "*"), (("contacts", "C"), "summary"),
            (("contacts", "C", "promises", "P"), "text"), (("contacts", "C", "person"), "name"),
            (("tags",), "*")} <= places  # fmt: skip


# Order


def test_every_machine_gives_the_same_order_whatever_came_first() -> None:
    one, two = put(OPENED, "b1", title="一"), put(OPENED, "a1", merchant="店")
    both = put(unite(one, two), "a2", 5, title="三")
    for changes in permutations(both.history):
        assert topological(changes) == both.history
    assert [change.id for change in both.history] == ["00", "a1", "b1", "a2"]
    assert both.history[-1].parents == ("a1", "b1") == tuple(sorted(heads(both.history[:-1])))
    assert ancestry(both.history) == [0, 1, 1, 7]
    assert (in_line(one.history), in_line(both.history)) == (True, False)


@pytest.mark.parametrize("broken", ["missing", "circle", "twice", "hash"])
def test_a_change_that_does_not_hold_is_named(broken: str) -> None:
    history = list(put(put(OPENED, "a1", title="一"), "a2", 2, title="二").history)
    match broken:
        case "missing":
            del history[1]
        case "circle":
            history[0] = structs.replace(history[0], parents=("a2",))
        case "twice":
            history.append(structs.replace(history[2]))
        case _:
            history[1] = structs.replace(history[1], action="forged")
    assert not holds(history)
    ordered = topological(history)
    assert broken_link(ordered) is not None
    assert len(ordered) == len(history)


def test_a_change_of_the_same_name_that_says_something_else_is_a_forgery() -> None:
    ours, theirs = put(OPENED, "a1", title="一"), put(OPENED, "a1", title="改过")
    assert not holds(theirs.history, ours.history)
    assert holds(unite(ours, put(OPENED, "b1", merchant="店")).history, ours.history)


# Values


def test_the_union_is_the_same_from_either_side_and_again() -> None:
    one, two = put(OPENED, "a1", title="一", tags=("x",)), put(OPENED, "b1", 2, title="二", tags=("y",))
    both = unite(one, two)
    assert both == unite(two, one) == unite(both, one) == unite(two, both)
    assert unite(both, one) is both
    assert (both.title, sorted(both.tags)) == ("二", ["x", "y"])
    assert [side.values for side in both.clashes[0].sides] == [{"title": "一"}, {"title": "二"}]


def test_who_knew_of_it_overwrote_it_whatever_the_clocks_say() -> None:
    one = put(OPENED, "a1", 900, title="一")
    two = put(one, "b1", 1, title="二")
    both = unite(put(one, "a2", 901, merchant="店"), two)
    assert (both.title, both.clashes) == ("二", ())


def test_fields_of_one_unit_that_were_set_apart_keep_what_each_side_saw() -> None:
    start = put(OPENED, "a1", contacts=(promise(due=AT, due_phrase="今天"),))
    one = put(start, "a2", 2, contacts=(promise(due=AT, due_phrase="今天", state="kept", settled_at=AT),))
    two = put(start, "b1", 3, contacts=(promise(due=AT + timedelta(days=1), due_phrase="明天"),))
    both = unite(one, two)
    (kept,) = both.contacts[0].promises
    assert (kept.state, kept.due_phrase, both.clashes) == ("kept", "明天", ())


def test_a_value_that_two_gave_alike_is_no_clash_and_three_that_differ_are_one() -> None:
    alike = unite(put(OPENED, "a1", title="同"), put(OPENED, "b1", 2, title="同"))
    assert (alike.title, alike.clashes) == ("同", ())
    three = unite(
        unite(put(OPENED, "a1", title="一"), put(OPENED, "b1", 2, title="二")), put(OPENED, "c1", 3, title="三")
    )
    (clash,) = three.clashes
    assert [side.values["title"] for side in clash.sides] == ["一", "二", "三"]
    settled = settle_clash(three, clash, 0, change_id="a9", at=AT, save=Save("a", 9))
    assert (settled.title, settled.clashes, altered(settled)) == ("一", (), ())
    assert unite(three, settled) is settled or unite(three, settled) == settled


def test_exhibits_come_back_to_their_place() -> None:
    shown = [Evidence(id=name, place="App", added_at=AT) for name in ("E1", "E2", "E3")]
    full = put(OPENED, "a1", evidence=tuple(shown))
    without = put(full, "a2", 2, evidence=(shown[0], shown[2]))
    other = put(full, "b1", 3, evidence=(*shown, Evidence(id="E4", place="App", added_at=AT)))
    assert [record.id for record in unite(without, other).evidence] == ["E1", "E3", "E4"]


def test_a_thing_that_was_removed_and_worked_on_is_asked_about_and_can_come_back_whole() -> None:
    full = put(OPENED, "a1", contacts=(promise(),))
    gone = put(full, "a2", 9, contacts=())
    worked = put(full, "b1", 3, contacts=(structs.replace(promise(state="kept"), person=Person(name="小李")),))
    both = unite(gone, worked)
    assert both.contacts == ()
    (clash,) = both.clashes
    there = next(n for n, side in enumerate(clash.sides) if side.values["*"])
    back = settle_clash(both, clash, there, change_id="a9", at=AT, save=Save("a", 9))
    assert (back.contacts, back.clashes, altered(back)) == (worked.contacts, (), ())


def test_what_nobody_is_asked_about_takes_the_later_one() -> None:
    one = put(OPENED, "a1", looked={"t": AT}, demand=Demand(remedy="refund"))
    two = put(OPENED, "b1", 2, looked={"t": AT + timedelta(days=1)}, steps={"s": AT})
    both = unite(one, two)
    assert (both.looked, both.steps, both.clashes) == ({"t": AT + timedelta(days=1)}, {"s": AT}, ())
    assert both.demand.remedy == "refund"


def test_a_history_leads_to_what_the_case_says_and_anything_else_is_a_clash() -> None:
    case = put(OPENED, "a1", contacts=(promise(),))
    assert rebuilt(case, case.history) == case
    words = structs.replace(case.contacts[0], summary="改过的话")
    forged_case = structs.replace(case, contacts=(words,))
    both = unite(case, forged_case)
    assert both.contacts == case.contacts
    assert [side.values["summary"] for side in both.clashes[0].sides] == ["改过的话", "退"]
    assert unite(both, forged_case) is both


@pytest.mark.parametrize(
    ("entered", "written", "same"),
    [("89", "89.00", True), ("89.5", "89.50", True), ("89", "89.01", False), ("89.00", "98.00", False)],
)
def test_a_sum_is_the_same_to_the_cent_however_it_was_entered(entered: str, written: str, same: bool) -> None:
    case = put(OPENED, "a1", order=Order(amount=Decimal(entered)), demand=Demand(amount=Decimal(entered)))
    told = structs.replace(case, order=Order(amount=Decimal(written)), demand=Demand(amount=Decimal(written)))
    assert (altered(told) == (), unite(case, told) is case) == (same, same)


def test_a_number_of_an_order_with_another_zero_is_another_number() -> None:
    case = put(OPENED, "a1", order=Order(number="261109"))
    assert altered(structs.replace(case, order=Order(number="0261109")))


def test_a_change_says_what_it_was_made_on_with_every_hash() -> None:
    first = link((), Change(id="x", at=AT, action="open", patches=(Patch(("title",), None, "a"),)))
    second = link((first,), Change(id="y", at=AT, action="edit"))
    assert (second.parents, broken_link((first, second))) == (("x",), None)
    assert broken_link((structs.replace(first, hash="0" * 64), second)) == 0
    assert united((first,), (first, second)) == (first, second)
