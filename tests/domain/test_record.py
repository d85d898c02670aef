from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain import history, moves
from pddtui.domain.case import Case, Evidence
from pddtui.domain.history import Change, Patch, undoable
from pddtui.domain.record import bring_back, recorded, take_back
from pddtui.errors import Conflict
from tests.domain.build import at, case, follow_up, heard, promise, said

Move = Callable[[Case], Case]

MOVES: tuple[Move, ...] = (
    lambda c: moves.log(c, said(at(4), id=f"K{c.revision}")),
    lambda c: moves.log(c, heard(at(2), id=f"H{c.revision}", promises=(promise(at(9), id=f"P{c.revision}"),))),
    lambda c: moves.add_follow_up(c, follow_up(at(9), id=f"F{c.revision}")),
    lambda c: moves.edit(c, moves.CaseEdit(title=f"第{c.revision}题", tags=(f"t{c.revision}",))),
    lambda c: moves.note_milestone(c, f"m{c.revision % 3}", at(3)),
    lambda c: moves.note_milestone(c, "m1", None),
    lambda c: moves.trash(c, at(9)) if c.trashed_at is None else moves.restore(c),
)


def put(before: Case | None, after: Case, action: str = "edit") -> Case:
    number = before.revision if before is not None else 0
    return recorded(before, after, action=action, change_id=f"H{number:04d}", at=at(10) + timedelta(minutes=number))


def content(which: Case) -> Case:
    return structs.replace(which, history=(), revision=0)


OPENED = put(None, case(), "open")


def test_every_change_has_its_before_and_after_and_raises_the_revision() -> None:
    edited = put(OPENED, moves.edit(OPENED, moves.CaseEdit(title="新题")))
    assert edited.revision == 2
    assert edited.history[-1].patches == (Patch(("title",), "电热水壶", "新题"),)


def test_a_move_that_changes_nothing_is_not_recorded() -> None:
    assert put(OPENED, OPENED) is OPENED


def test_only_the_place_that_changed_is_in_the_record() -> None:
    made = put(OPENED, moves.log(OPENED, heard(at(3), id="K", promises=(promise(at(5)),))))
    kept = put(made, moves.settle_promise(made, "P1", "kept", at(6)))
    paths = [patch.path for patch in kept.history[-1].patches]
    assert paths == [("contacts", "K", "promises", "P1", "state"), ("contacts", "K", "promises", "P1", "settled_at")]


@given(st.lists(st.sampled_from(range(len(MOVES))), max_size=8))
def test_taking_everything_back_leads_to_the_start_and_bringing_it_back_to_the_end(choice: list[int]) -> None:
    current = OPENED
    for index in choice:
        current = put(current, MOVES[index](current))
    last = current
    steps = len(undoable(current.history)[0]) - 1
    for _ in range(steps):
        current = take_back(current, undoable(current.history)[0][-1], change_id=f"U{current.revision}", at=at(11))
    assert content(current) == content(OPENED)
    for _ in range(steps):
        current = bring_back(current, undoable(current.history)[1][-1], change_id=f"R{current.revision}", at=at(12))
    assert content(current) == content(last)
    assert history.broken_link(current.history) is None


def test_taking_back_one_change_touches_nothing_that_another_window_did() -> None:
    mine = put(OPENED, moves.log(OPENED, said(at(4), id="mine")))
    both = put(mine, moves.log(mine, said(at(5), id="theirs")))
    without = take_back(both, both.history[1], change_id="U", at=at(11))
    assert [contact.id for contact in without.contacts] == ["theirs"]


def test_evidence_that_comes_back_has_its_number_again_before_what_was_added_after_it() -> None:
    now = OPENED
    for name in ("E1", "E2", "E3"):
        now = put(now, moves.add_evidence(now, Evidence(id=name, place="App", added_at=at(4))))
    removed = put(now, moves.remove_evidence(now, "E2"))
    added = put(removed, moves.add_evidence(removed, Evidence(id="E4", place="App", added_at=at(6))))
    back = take_back(added, removed.history[-1], change_id="U", at=at(11))
    assert [record.id for record in back.evidence] == ["E1", "E2", "E3", "E4"]


def test_a_place_that_was_changed_again_is_a_conflict_and_nothing_is_lost() -> None:
    first = put(OPENED, moves.edit(OPENED, moves.CaseEdit(title="二")))
    second = put(first, moves.edit(first, moves.CaseEdit(title="三")))
    with pytest.raises(Conflict):
        take_back(second, second.history[1], change_id="U", at=at(11))


def test_opening_a_case_is_taken_back_into_the_trash_and_not_erased() -> None:
    gone = take_back(OPENED, OPENED.history[0], change_id="U", at=at(11))
    assert gone.trashed_at == at(11)
    assert bring_back(gone, gone.history[-1], change_id="R", at=at(12)).trashed_at is None


def test_a_new_change_ends_what_could_be_brought_back() -> None:
    edited = put(OPENED, moves.edit(OPENED, moves.CaseEdit(title="二")))
    back = take_back(edited, edited.history[-1], change_id="U", at=at(11))
    assert [change.id for change in undoable(back.history)[1]] == ["U"]
    again = put(back, moves.edit(back, moves.CaseEdit(title="三")))
    assert undoable(again.history)[1] == []


def test_the_chain_can_be_checked_without_this_program() -> None:
    edited = put(OPENED, moves.edit(OPENED, moves.CaseEdit(title="二")))
    known: dict[str, str] = {}
    for entry in json.loads(msgspec.json.encode(edited))["history"]:
        known[entry["id"]] = entry.pop("hash")
        entry["parents"] = [known[parent] for parent in entry["parents"]]
        text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == known[entry["id"]]


def _tampered(changes: tuple[Change, ...], index: int, **fields: object) -> tuple[Change, ...]:
    return (*changes[:index], structs.replace(changes[index], **fields), *changes[index + 1 :])


def test_every_kind_of_tampering_names_the_entry_that_breaks_the_chain() -> None:
    current = OPENED
    for index in (0, 1, 2):
        current = put(current, MOVES[index](current))
    changes = current.history
    assert history.broken_link(changes) is None
    assert history.broken_link(_tampered(changes, 1, at=at(1))) == 1
    assert history.broken_link(_tampered(changes, 2, patches=())) == 2
    assert history.broken_link((changes[0], *changes[2:])) == 1
    rehashed = structs.replace(changes[1], patches=())
    rehashed = structs.replace(rehashed, hash=history.digest(rehashed, [changes[0].hash]))
    assert history.broken_link((changes[0], rehashed, *changes[2:])) == 2


def test_the_chain_survives_being_written_and_read() -> None:
    current = put(OPENED, moves.log(OPENED, said(at(4), summary='引号"、换行\n与表情🙂')))
    read = msgspec.json.decode(msgspec.json.encode(current), type=Case)
    assert history.broken_link(read.history) is None
    assert read == current
