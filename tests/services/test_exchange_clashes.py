"""Two machines say different things of one case: it is asked once, on both, until a person has settled it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import Person, PromiseState
from pddtui.domain.history import broken_link
from pddtui.domain.moves import CaseEdit
from pddtui.errors import Conflict, NotFound
from pddtui.services.import_.apply import Arrival, take_in
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewContact, NewEvidence, NewPromise
from pddtui.speech import Speech
from tests.conftest import SHANGHAI
from tests.services.test_exchange import Machine

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


class Desk(Machine):
    """A machine whose case has a promise of 小李."""

    def promised(self) -> None:
        self.open("kettle")
        promise = NewPromise(text="退款", due_phrase="3天内")
        self.book.log(
            self.case.id,
            NewContact(direction="in", said="三天内退款", person=Person(name="小李"), promises=(promise,)),
        )

    def tick_clock(self) -> None:
        self.clock.advance(timedelta(minutes=1))

    @property
    def promise(self) -> str:
        return self.case.promises[0][1].id

    @property
    def state(self) -> str:
        return self.case.promises[0][1].state

    @property
    def clashes(self) -> list[str]:
        return [clash.id for clash in self.case.clashes]

    def settle(self, state: PromiseState) -> None:
        self.tick_clock()
        self.book.settle_promise(self.case.id, self.promise, state)

    def choose(self, side: int | None = None) -> None:
        """Settle what machines changed apart: as it is shown, or as that side has it."""
        self.tick_clock()
        for clash in self.clashes:
            self.book.settle_clash(self.case.id, clash, side)

    def learn(self, other: Machine) -> Arrival:
        self.tick_clock()
        return take_in(self.store, read_export(other.export(), "export.json"))[0]


def pair() -> tuple[Desk, Desk]:
    """Two machines with the same case."""
    one, two = Desk(NOW), Desk(NOW + timedelta(seconds=30), "server")
    one.promised()
    two.learn(one)
    return one, two


@pytest.fixture
def laptop() -> Desk:
    return pair()[0]


def apart() -> tuple[Desk, Desk]:
    """Kept on the one, broken on the other, and both know."""
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    laptop.learn(server)
    server.learn(laptop)
    return laptop, server


def test_a_clash_is_one_and_the_same_on_both_however_often_they_are_synced() -> None:
    laptop, server = apart()
    for _ in range(2):
        assert laptop.learn(server).kind == "unchanged"
        assert server.learn(laptop).kind == "unchanged"
        assert laptop.case == server.case
        assert (laptop.state, len(laptop.clashes)) == ("broken", 1), "the later one is shown"


def test_both_learning_at_the_same_time_have_one_clash_too() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    before = Machine(NOW, "before")
    take_in(before.store, read_export(laptop.export(), "x"))
    laptop.learn(server)
    server.learn(before)
    assert laptop.case == server.case
    assert len(laptop.clashes) == 1


def test_the_other_side_is_told_of_the_clash_too() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    (here,) = laptop.learn(server).conflicts
    before = server.case
    (there,) = server.learn(laptop).conflicts
    assert "“kept” here, “broken” there; “broken” stands" in str(here)
    assert "“broken” here, “kept” there; “broken” stands" in str(there)
    assert server.case.promises == before.promises


@pytest.mark.parametrize("meanwhile", [False, True])
@pytest.mark.parametrize("settled", ["as shown", "the other side", "changed"])
def test_what_a_person_settles_travels(settled: str, *, meanwhile: bool) -> None:
    laptop, server = apart()
    if meanwhile:
        server.say("another word")
    match settled:
        case "as shown":
            laptop.choose()
        case "the other side":
            laptop.choose(0)
        case _:
            laptop.settle("waived")
    expected = {"as shown": "broken", "the other side": "kept"}.get(settled, "waived")
    assert (laptop.clashes, laptop.state) == ([], expected)
    server.learn(laptop)
    laptop.learn(server)
    assert (laptop.state, server.state, server.clashes) == (expected, expected, [])
    assert laptop.case == server.case
    assert (server.learn(laptop).conflicts, laptop.learn(server).kind) == ((), "unchanged")


def test_who_has_settled_it_keeps_it_against_an_older_copy() -> None:
    laptop, server = apart()
    laptop.choose(0)
    server.say("another word")
    assert laptop.learn(server).conflicts == ()
    assert (laptop.state, laptop.clashes, server.state) == ("kept", [], "broken")


def test_taking_back_a_settlement_asks_again_on_all_and_bringing_it_back_settles_it() -> None:
    laptop, server = apart()
    asked = laptop.case.clashes
    laptop.choose(0)
    laptop.tick_clock()
    laptop.book.undo()
    assert (laptop.case.clashes, laptop.state) == (asked, "broken")
    server.learn(laptop)
    assert server.case == laptop.case
    laptop.tick_clock()
    laptop.book.redo()
    server.learn(laptop)
    assert (server.case, laptop.clashes, laptop.state) == (laptop.case, [], "kept")


def test_what_both_settle_differently_is_asked_once_more() -> None:
    laptop, server = apart()
    (first,) = laptop.clashes
    laptop.choose(0)
    server.choose(1)
    laptop.learn(server)
    server.learn(laptop)
    assert laptop.case == server.case
    (again,) = laptop.clashes
    assert (again == first, laptop.state) == (False, "broken")
    server.choose(0)
    laptop.learn(server)
    assert (laptop.state, laptop.clashes) == ("kept", [])


def test_what_both_settle_alike_is_settled() -> None:
    laptop, server = apart()
    laptop.choose(0)
    server.choose(0)
    assert (laptop.learn(server).kind, laptop.clashes, laptop.state) == ("unchanged", [], "kept")


def test_three_machines_agree_on_a_promise_that_two_settled_alike() -> None:
    """Settled "kept" on two, which a third has seen: no exchange has anything to tell any more."""
    laptop, server = pair()
    third = Desk(NOW + timedelta(seconds=45), "third")
    third.learn(laptop)
    laptop.settle("kept")
    server.settle("kept")
    for machine in (laptop, server):
        third.learn(machine)
    for one in (laptop, server, third):
        for other in (laptop, server, third):
            one.learn(other)
    for one in (laptop, server, third):
        for other in (laptop, server, third):
            assert (one.learn(other).kind, one.case) == ("unchanged", other.case)
    assert laptop.clashes == []


def test_a_later_change_between_the_same_values_is_no_clash() -> None:
    laptop, server = apart()
    laptop.choose(0)
    server.learn(laptop)
    laptop.learn(server)
    server.settle("broken")
    assert laptop.learn(server).conflicts == ()
    assert laptop.state == "broken"


def test_settling_alike_at_different_moments_asks_nobody() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("kept")
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.clashes, laptop.case) == ([], server.case)


def test_ending_a_case_alike_on_both_sides_asks_nobody_and_otherwise_does() -> None:
    laptop, server = pair()
    for machine in (laptop, server):
        machine.tick_clock()
        machine.book.resolve(machine.case.id, "full", "resolved", Decimal(89))
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.clashes, laptop.case.status, laptop.case) == ([], "resolved", server.case)
    laptop.book.reopen(laptop.case.id)
    server.tick_clock()
    server.learn(laptop)
    assert (server.case.status, server.case.outcome) == ("open", None), "it was taken up again"
    laptop.book.resolve(laptop.case.id, "full", "resolved", Decimal(89))
    server.book.resolve(server.case.id, "full", "resolved", Decimal(50))
    assert len(laptop.learn(server).conflicts) == 1


def test_undoing_one_of_two_answers_in_knowledge_of_both_settles_it() -> None:
    laptop, _ = apart()
    laptop.tick_clock()
    laptop.book.undo(next(change.id for change in laptop.case.history if change.machine == "server"))
    assert (laptop.state, laptop.clashes) == ("open", [])


def test_evidence_that_both_tied_to_one_contact_is_no_clash() -> None:
    laptop, server = pair()
    for machine, name in ((laptop, "e1"), (server, "e2")):
        machine.tick_clock()
        record = NewEvidence(place=name).build(name, machine.clock.now())
        machine.book.add_evidence(machine.case.id, record, machine.case.contacts[0].id)
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.clashes, set(laptop.case.contacts[0].evidence)) == ([], {"e1", "e2"})
    assert laptop.case == server.case


def test_tags_of_both_sides_are_united_and_no_clash() -> None:
    laptop, server = pair()
    laptop.book.tag(laptop.case.id, ["urgent", "mine"])
    server.learn(laptop)
    laptop.book.tag(laptop.case.id, ["here"], ["mine"])
    server.book.tag(server.case.id, ["there"])
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.clashes, laptop.case.tags) == ([], server.case.tags)
    assert set(laptop.case.tags) == {"urgent", "here", "there"}


def test_evidence_that_was_taken_out_there_and_corrected_here_is_asked_about() -> None:
    laptop, server = pair()
    laptop.book.add_evidence(laptop.case.id, NewEvidence(place="App").build("e1", NOW))
    server.learn(laptop)
    laptop.tick_clock()
    edit = {"proves": "it leaks"}
    laptop.book.apply(laptop.case.id, "edit_evidence", lambda case: moves.edit_evidence(case, "e1", edit))
    server.tick_clock()
    server.book.remove_evidence(server.case.id, "e1")
    laptop.learn(server)
    server.learn(laptop)
    assert laptop.case == server.case
    (clash,) = laptop.case.clashes
    gone = next(n for n, side in enumerate(clash.sides) if side.values == {"*": False})
    server.choose(1 - gone)
    assert [record.proves for record in server.case.evidence] == ["it leaks"]
    laptop.choose(gone)
    assert laptop.case.evidence == ()


def test_a_case_that_one_threw_away_while_another_worked_on_it_is_asked_about_and_stays_in_sight() -> None:
    laptop, server = pair()
    laptop.say("still at it")
    server.clock.advance(timedelta(hours=1))
    server.book.trash(server.case.id)
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.case.trashed_at, laptop.case) == (None, server.case)
    (clash,) = laptop.case.clashes
    assert (clash.path, clash.names) == ((), ("trashed_at",))
    laptop.choose(next(n for n, side in enumerate(clash.sides) if side.values["trashed_at"] is not None))
    assert (laptop.case.trashed_at is None, laptop.clashes) == (False, [])


def test_words_that_do_not_follow_from_the_history_are_shown_beside_it() -> None:
    laptop, server = pair()
    forged = structs.replace(laptop.case, title="an altered title", description="never said")
    (arrival,) = take_in(server.store, [forged])
    assert (server.case.title, server.case.description) == ("kettle", None)
    assert {clash.names for clash in server.case.clashes} == {("title",), ("description",)}
    assert "an altered title" in " ".join(map(str, arrival.conflicts))
    server.choose()
    assert (server.case.title, server.clashes) == ("kettle", [])
    assert take_in(server.store, [forged])[0].kind == "unchanged", "asked once"


WORDS = [
    ("en", "promise “退款” of 小李, state: “kept” here, “broken” there; “broken” stands until it is settled."),
    ("zh", "小李的承诺“退款”的状态：这里是“兑现”，那里是“未兑现”；选定之前先按“未兑现”。"),
]


@pytest.mark.parametrize(("language", "report"), WORDS)
def test_a_clash_names_the_thing_the_field_and_the_values_in_words(language: str, report: str) -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    arrival = laptop.learn(server)
    speech = Speech("zh" if language == "zh" else "en", SHANGHAI, year=2026)
    assert speech.say(arrival.conflicts[0]) == report


def test_a_remedy_is_named_and_no_id_is_shown() -> None:
    laptop, server = pair()
    for machine, remedy in ((laptop, "return_refund"), (server, "resend")):
        machine.tick_clock()
        demand = structs.replace(machine.case.demand, remedy=remedy)
        machine.book.edit(machine.case.id, CaseEdit(demand=demand))
    (told,) = laptop.learn(server).conflicts
    text = Speech("en", SHANGHAI).say(told)
    assert text.startswith("demand, remedy: “return and refund” here")
    assert "_" not in text


# Whatever happens in whatever order.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["laptop", "server"]),
        st.sampled_from(
            ["title", "kept", "broken", "open", "say", "choose", "other", "learn", "learn", "undo", "show", "drop"]
        ),
    ),
    max_size=16,
)


def do(machine: Desk, other: Desk, what: str, number: int) -> None:
    machine.tick_clock()
    match what:
        case "learn":
            before = machine.case
            machine.learn(other)
            again = machine.learn(other)
            assert (again.kind, again.conflicts) == ("unchanged", ())
            assert broken_link(machine.case.history) is None
            assert machine.case is before or machine.case.revision > before.revision
        case "title":
            machine.edit(title=f"title {number}")
        case "say":
            machine.say(f"word {number}")
        case "choose" | "other":
            machine.choose(None if what == "choose" else 0)
        case "undo":
            with suppress(NotFound, Conflict):
                machine.book.undo()
        case "show" if machine.case.contacts:
            machine.book.add_evidence(
                machine.case.id, NewEvidence(place="x").build(f"e{number}", NOW), machine.case.contacts[0].id
            )
        case "drop":
            if machine.case.evidence:
                machine.book.remove_evidence(machine.case.id, machine.case.evidence[0].id)
        case "kept" | "broken" | "open" if machine.case.promises:
            if machine.state != what:
                machine.settle(what)


@settings(max_examples=150)
@given(STEPS)
def test_whatever_happened_both_say_the_same_once_both_have_learned(steps: list[tuple[str, str]]) -> None:
    laptop, server = pair()
    machines = {"laptop": (laptop, server), "server": (server, laptop)}
    for number, (who, what) in enumerate(steps):
        do(*machines[who], what, number)
    laptop.learn(server)
    server.learn(laptop)
    assert laptop.case == server.case
    server.choose()
    assert (server.clashes, laptop.learn(server).conflicts, laptop.clashes) == ([], (), [])
