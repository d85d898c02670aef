"""Two machines say different things of one case: it is asked once, on both, until a person has settled it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import Case, FollowUp, Person, PromiseState
from pddtui.domain.history import broken_link
from pddtui.domain.moves import CaseEdit
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
    def clashes(self) -> list[FollowUp]:
        return [task for task in self.case.follow_ups if task.id.startswith("clash-")]

    def settle(self, state: PromiseState) -> None:
        self.tick_clock()
        self.book.settle_promise(self.case.id, self.promise, state)

    def tick(self) -> None:
        """Do what the follow-ups about clashes ask for: leave it as it stands here."""
        self.tick_clock()
        for task in self.clashes:
            if task.state == "open":
                self.book.settle_follow_up(self.case.id, task.id, "done")

    def learn(self, other: Machine, *, language: str = "en") -> Arrival:
        self.tick_clock()
        speech = Speech("zh" if language == "zh" else "en", SHANGHAI, year=2026)
        cases = read_export(other.export(), "export.json")
        return take_in(self.store, cases)[0]


def pair() -> tuple[Desk, Desk]:
    """Two machines with the same case."""
    one, two = Desk(NOW), Desk(NOW + timedelta(seconds=30))
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


def said(case: Case) -> object:
    """What a case says, without its bookkeeping and without what each side planned about the clashes."""
    tasks = tuple(sorted((t for t in case.follow_ups if not t.id.startswith("clash-")), key=lambda t: t.id))
    evidence = tuple(sorted(case.evidence, key=lambda record: record.id))
    contacts = tuple(structs.replace(c, evidence=tuple(sorted(c.evidence))) for c in case.contacts)
    return structs.replace(case, history=(), revision=0, ref="", follow_ups=tasks, evidence=evidence, contacts=contacts)


def test_a_clash_is_one_follow_up_and_the_same_on_both_however_often_they_are_synced() -> None:
    laptop, server = apart()
    for _ in range(2):
        assert laptop.learn(server).kind == "unchanged"
        assert server.learn(laptop).kind == "unchanged"
        assert (laptop.state, server.state) == ("kept", "broken")
        ((here,), (there,)) = (laptop.clashes, server.clashes)
        assert (here.id, here.text, here.state) == (there.id, there.text, "open")


def test_both_learning_at_the_same_time_have_one_follow_up_too() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    before = Machine(NOW)
    take_in(before.store, read_export(laptop.export(), "x"))
    laptop.learn(server)
    server.learn(before)
    for _ in range(2):
        laptop.learn(server)
        server.learn(laptop)
    assert [task.id for task in laptop.clashes] == [task.id for task in server.clashes]
    assert (len(laptop.clashes), laptop.state, server.state) == (1, "kept", "broken")


def test_the_other_side_is_told_of_the_clash_too() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    (here,) = laptop.learn(server).conflicts
    (there,) = server.learn(laptop).conflicts
    assert "“kept” here, “broken” there" in str(here)
    assert "“broken” here, “kept” there" in str(there)


@pytest.mark.parametrize("meanwhile", [False, True])
@pytest.mark.parametrize("settled", ["ticked", "changed"])
def test_what_a_person_settles_travels(settled: str, *, meanwhile: bool) -> None:
    laptop, server = apart()
    if meanwhile:
        server.say("another word")
    if settled == "ticked":
        laptop.tick()
    else:
        laptop.settle("waived")
    expected = laptop.state
    server.learn(laptop)
    laptop.learn(server)
    assert (laptop.state, server.state) == (expected, expected)
    assert [task.state for task in (*laptop.clashes, *server.clashes)] == ["done", "done"]
    assert said(laptop.case) == said(server.case)
    assert (server.learn(laptop).clashes, laptop.learn(server).kind) == ((), "unchanged")


def test_who_has_settled_it_keeps_it_against_an_older_copy() -> None:
    laptop, server = apart()
    laptop.tick()
    server.say("another word")
    assert laptop.learn(server).clashes == ()
    assert (laptop.state, laptop.clashes[0].state, server.state) == ("kept", "done", "broken")


def test_what_both_settle_differently_is_asked_once_more() -> None:
    laptop, server = apart()
    laptop.tick()
    server.tick()
    laptop.learn(server)
    server.learn(laptop)
    laptop.learn(server)
    assert (laptop.state, server.state) == ("kept", "broken")
    assert [task.state for task in laptop.clashes] == ["done", "open"]
    assert [task.id for task in laptop.clashes] == [task.id for task in server.clashes]
    server.tick()
    laptop.learn(server)
    assert (laptop.state, server.state) == ("broken", "broken")


def test_a_later_change_between_the_same_values_is_no_clash() -> None:
    laptop, server = apart()
    laptop.tick()
    server.learn(laptop)
    laptop.learn(server)
    server.settle("broken")
    assert laptop.learn(server).clashes == ()
    assert laptop.state == "broken"


def test_settling_alike_at_different_moments_asks_nobody() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("kept")
    laptop.learn(server)
    server.learn(laptop)
    laptop.learn(server)
    assert (laptop.clashes, server.clashes) == ([], [])
    assert said(laptop.case) == said(server.case)


def test_an_undone_import_is_asked_again_with_the_same_follow_up() -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    laptop.learn(server)
    (task,) = laptop.clashes
    laptop.tick_clock()
    laptop.book.undo()
    assert laptop.clashes == []
    laptop.learn(server)
    assert [each.id for each in laptop.clashes] == [task.id]


def test_evidence_that_both_tied_to_one_contact_is_no_clash() -> None:
    laptop, server = pair()
    for machine, name in ((laptop, "e1"), (server, "e2")):
        machine.tick_clock()
        record = NewEvidence(place=name).build(name, machine.clock.now())
        machine.book.add_evidence(machine.case.id, record, machine.case.contacts[0].id)
    laptop.learn(server)
    server.learn(laptop)
    assert (laptop.clashes, set(laptop.case.contacts[0].evidence)) == ([], {"e1", "e2"})
    assert said(laptop.case) == said(server.case)


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
    assert (len(laptop.case.evidence), len(server.case.evidence)) == (1, 0)
    assert [task.id for task in laptop.clashes] == [task.id for task in server.clashes]
    server.tick()
    laptop.learn(server)
    assert laptop.case.evidence == ()


WORDS = [
    (
        "en",
        "promise “退款” of 小李, state: “kept” here, “broken” there.",
        "Settle the import: promise “退款” of 小李, state is “",
    ),
    ("zh", "小李的承诺“退款”的状态：这里是“兑现”，那里是“未兑现”。", "处理导入冲突：小李的承诺“退款”的状态，一边是“"),
]


@pytest.mark.parametrize(("language", "report", "task"), WORDS)
def test_a_clash_names_the_thing_the_field_and_the_values_in_words(language: str, report: str, task: str) -> None:
    laptop, server = pair()
    laptop.settle("kept")
    server.settle("broken")
    arrival = laptop.learn(server, language=language)
    speech = Speech("zh" if language == "zh" else "en", SHANGHAI, year=2026)
    assert speech.say(arrival.conflicts[0]) == report
    assert laptop.clashes[0].text.startswith(task)


def test_a_remedy_is_named_and_no_id_is_shown() -> None:
    laptop, server = pair()
    for machine, remedy in ((laptop, "return_refund"), (server, "resend")):
        machine.tick_clock()
        demand = structs.replace(machine.case.demand, remedy=remedy)
        machine.book.edit(machine.case.id, CaseEdit(demand=demand))
    laptop.learn(server)
    assert "demand, remedy is" in laptop.clashes[0].text
    assert "return and refund" in laptop.clashes[0].text
    assert "_" not in laptop.clashes[0].text


# Whatever happens in whatever order.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["laptop", "server"]),
        st.sampled_from(["title", "kept", "broken", "open", "say", "tick", "learn", "learn", "undo", "show", "drop"]),
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
            assert (again.kind, again.clashes) == ("unchanged", ())
            assert broken_link(machine.case.history) is None
            assert machine.case is before or machine.case.revision > before.revision
        case "title":
            machine.edit(title=f"title {number}")
        case "say":
            machine.say(f"word {number}")
        case "tick":
            machine.tick()
        case "undo":
            last = machine.case.history[-1]
            if last.kind == "do" and last.action in ("edit", "settle", "evidence", "remove_evidence"):
                machine.book.undo()
        case "show":
            machine.book.add_evidence(
                machine.case.id, NewEvidence(place="x").build(f"e{number}", NOW), machine.case.contacts[0].id
            )
        case "drop":
            if machine.case.evidence:
                machine.book.remove_evidence(machine.case.id, machine.case.evidence[0].id)
        case "kept" | "broken" | "open":
            if machine.state != what:
                machine.settle(what)


@settings(max_examples=150)
@given(STEPS)
def test_once_one_side_has_settled_everything_both_say_the_same(steps: list[tuple[str, str]]) -> None:
    laptop, server = pair()
    machines = {"laptop": (laptop, server), "server": (server, laptop)}
    for number, (who, what) in enumerate(steps):
        do(*machines[who], what, number)
    for _ in range(3):
        laptop.learn(server)
        server.learn(laptop)
    assert len({task.id for task in laptop.clashes}) == len(laptop.clashes)
    open_here, open_there = ({t.id for t in each.clashes if t.state == "open"} for each in (laptop, server))
    assert open_here == open_there
    laptop.tick()
    server.learn(laptop)
    laptop.learn(server)
    assert said(laptop.case) == said(server.case)
    assert all(task.state == "done" for task in (*laptop.clashes, *server.clashes))
