"""What a case says is what its history led to, whatever honest way it went, and anything else is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from pddtui.domain.case import Amendment, Case, Contact, Filing, Order, Person
from pddtui.domain.history import Change, Patch, link
from pddtui.domain.record import bring_back, recorded, take_back
from pddtui.domain.union import altered

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def contact(number: int, at: datetime = AT) -> Contact:
    return Contact(
        id=f"C{number}",
        at=at,
        recorded_at=AT,
        channel="platform_chat",
        direction="in",
        person=Person(name="小李"),
        summary=f"答复 {number}",
    )


def put(before: Case | None, after: Case, action: str = "edit") -> Case:
    number = len(before.history) if before is not None else 0
    return recorded(before, after, action=action, change_id=f"X{number}", at=AT + timedelta(minutes=number))


def opened() -> Case:
    return put(None, Case(id="K", ref="PDD-2026-0001", title="电热水壶", opened_at=AT, recorded_at=AT), "open")


@pytest.fixture
def case() -> Case:
    """A case that went through additions, corrections, removals and maps whose keys come and go."""
    case = opened()
    case = put(case, structs.replace(case, contacts=(contact(2), contact(3))), "log")
    case = put(case, structs.replace(case, contacts=(contact(1, AT - timedelta(days=1)), *case.contacts)), "log")
    case = put(case, structs.replace(case, milestones={"shipped": AT}, tags=("a", "b"), order=Order(number="7")))
    case = put(case, structs.replace(case, milestones={}, tags=("b",)))
    filing = Filing(id="F", rung="merchant", channel="platform_chat", filed_at=AT)
    case = put(case, structs.replace(case, filings=(filing,)), "file")
    return put(case, structs.replace(case, contacts=(case.contacts[0], case.contacts[2]), trashed_at=AT))


def test_an_honest_case_is_explained_at_every_step(case: Case) -> None:
    assert altered(case) == ()
    assert altered(opened()) == ()


def test_taking_back_and_bringing_back_are_explained(case: Case) -> None:
    first = opened()
    gone = take_back(first, first.history[0], change_id="U", at=AT + timedelta(hours=1))
    back = bring_back(gone, gone.history[-1], change_id="R", at=AT + timedelta(hours=2))
    last = take_back(case, case.history[-1], change_id="U", at=AT + timedelta(hours=1))
    assert [altered(each) for each in (gone, back, last)] == [()] * 3


def test_a_case_without_the_beginning_of_its_history_is_explained_as_far_as_that_goes(case: Case) -> None:
    migrated = put(structs.replace(case, history=()), structs.replace(case, history=(), title="later"))
    assert altered(migrated) == ()
    assert altered(structs.replace(migrated, title="forged"))[0].path == ("title",)
    assert altered(structs.replace(case, history=())) == ()


@pytest.mark.parametrize(
    ("forged", "field"),
    [
        (lambda case: structs.replace(case, title="another"), "title"),
        (lambda case: structs.replace(case, description="never said"), "description"),
        (lambda case: structs.replace(case, contacts=case.contacts[:1]), "contacts"),
        (lambda case: structs.replace(case, contacts=(*case.contacts, contact(9))), "contacts"),
        (
            lambda case: structs.replace(
                case, contacts=(case.contacts[0], structs.replace(case.contacts[1], summary="forged"))
            ),
            "contacts",
        ),
        (lambda case: structs.replace(case, milestones={"signed": AT}), "milestones"),
        (lambda case: structs.replace(case, status="resolved"), "status"),
        (lambda case: structs.replace(case, trashed_at=None), "trashed_at"),
        (lambda case: structs.replace(case, order=Order(number="8")), "order"),
        (lambda case: structs.replace(case, history=case.history[:-1]), "contacts"),
        (lambda case: structs.replace(case, history=case.history[:1]), "contacts"),
    ],
)
def test_what_the_history_does_not_lead_to_is_named(case: Case, forged: object, field: str) -> None:
    assert callable(forged)
    assert {patch.path[0] for patch in altered(forged(case))} >= {field}


def test_a_moment_written_in_another_way_is_the_same_moment() -> None:
    case = opened()
    written = Patch(("trashed_at",), None, AT.isoformat())
    trashed = structs.replace(
        case,
        trashed_at=AT,
        history=(*case.history, link(case.history, Change(id="T", at=AT, action="trash", patches=(written,)))),
    )
    assert msgspec.to_builtins(AT) != AT.isoformat()
    assert altered(trashed) == ()
    assert altered(structs.replace(trashed, trashed_at=AT + timedelta(seconds=1)))[0].path == ("trashed_at",)


def test_so_is_one_in_a_list_inside_an_entry() -> None:
    old = Amendment(at=AT, summary="早先", person=Person(), happened_at=AT)
    entry = structs.replace(contact(1), amendments=(old,))
    added = msgspec.json.decode(msgspec.json.encode(entry))
    added["amendments"][0]["at"] = AT.isoformat()
    first = opened()
    log = Change(id="L", at=AT, action="log", patches=(Patch(("contacts", "C1"), None, added),))
    logged = structs.replace(first, contacts=(entry,), history=(*first.history, link(first.history, log)))
    assert altered(logged) == ()
    later = structs.replace(entry, amendments=(structs.replace(old, at=AT + timedelta(seconds=1)),))
    assert altered(structs.replace(logged, contacts=(later,)))[0].path[0] == "contacts"
