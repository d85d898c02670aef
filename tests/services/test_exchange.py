"""Two machines exchange a case: what one learns from the other, and what it never loses."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from msgspec import UNSET, UnsetType, structs

from pddtui.domain.case import Case
from pddtui.domain.duetime import FixedClock
from pddtui.domain.history import broken_link
from pddtui.domain.moves import CaseEdit
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import BadInput, CannotWrite
from pddtui.message import msg
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.export.json import to_json
from pddtui.services.import_.apply import Arrival, take_in
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewCase, NewContact, NewFollowUp
from tests.memory_store import MemoryStore


class Machine:
    """A computer with the program and a file of its own. Each thing it does takes a minute."""

    def __init__(self, now: datetime, name: str = "laptop") -> None:
        self.store = MemoryStore(machine=name)
        self.clock = FixedClock(now)
        self.ids = UlidSource()
        self.book = Casebook(self.store, self.clock, PlainCalendar(), Rules(), self.ids)

    @property
    def case(self) -> Case:
        (case,) = self.store.cases().values()
        return case

    def open(self, title: str) -> Case:
        self.clock.advance(timedelta(minutes=1))
        return self.book.open_case(NewCase(title=title))

    def say(self, words: str) -> None:
        self.clock.advance(timedelta(minutes=1))
        self.book.log(self.case.id, NewContact(direction="out", said=words))

    def edit(self, title: str | UnsetType = UNSET, merchant: str | UnsetType = UNSET) -> None:
        self.clock.advance(timedelta(minutes=1))
        self.book.edit(self.case.id, CaseEdit(title=title, merchant=merchant))

    def export(self) -> bytes:
        return to_json(self.store.cases().values(), Rules(), self.clock.now(), calendar=PlainCalendar())

    def take(self, content: bytes, *, dry_run: bool = False) -> tuple[Arrival, ...]:
        self.clock.advance(timedelta(minutes=1))
        return take_in(self.store, read_export(content, "export.json"), dry_run=dry_run)

    @property
    def said(self) -> list[str]:
        return [contact.summary for contact in self.case.contacts]


@pytest.fixture
def laptop(now: datetime) -> Machine:
    machine = Machine(now)
    machine.open("kettle")
    return machine


@pytest.fixture
def server(laptop: Machine, now: datetime) -> Machine:
    """A second machine that has the laptop's case."""
    machine = Machine(now + timedelta(seconds=30), "server")
    machine.take(laptop.export())
    return machine


def content(case: Case) -> object:
    return [getattr(case, name) for name in case.__struct_fields__ if name not in {"history", "revision", "ref"}]


def test_contacts_of_both_sides_are_united(laptop: Machine, server: Machine) -> None:
    laptop.say("from the laptop")
    server.say("from the server")
    (arrival,) = laptop.take(server.export())
    assert arrival.kind == "changed"
    assert sorted(laptop.said) == ["from the laptop", "from the server"]


def test_a_field_that_only_one_side_changed_takes_that_change(laptop: Machine, server: Machine) -> None:
    laptop.edit(merchant="shop A")
    server.edit(title="electric kettle")
    (arrival,) = laptop.take(server.export())
    assert (laptop.case.title, laptop.case.merchant) == ("electric kettle", "shop A")
    assert arrival.conflicts == ()


def test_a_field_that_both_changed_differently_shows_the_later_one_and_is_to_be_settled(
    laptop: Machine, server: Machine
) -> None:
    laptop.edit(title="ours")
    server.edit(title="theirs")
    server.say("and a word")
    (arrival,) = laptop.take(server.export())
    assert laptop.case.title == "theirs", "its clock is half a minute ahead"
    assert laptop.said == ["and a word"]
    (clash,) = laptop.case.clashes
    assert (clash.path, clash.names, [side.values for side in clash.sides]) == (
        (), ("title",), [{"title": "ours"}, {"title": "theirs"}],
    )  # fmt: skip
    (told,) = arrival.conflicts
    assert "“ours” here, “theirs” there" in str(told)


def test_a_field_that_both_changed_alike_is_no_clash(laptop: Machine, server: Machine) -> None:
    laptop.edit(title="same")
    server.edit(title="same")
    (arrival,) = laptop.take(server.export())
    assert arrival.kind == "unchanged"
    assert laptop.case.clashes == ()


@pytest.mark.parametrize("meanwhile", ["nothing", "a contact", "a clash"])
def test_the_same_file_again_changes_nothing(laptop: Machine, server: Machine, meanwhile: str) -> None:
    if meanwhile == "a contact":
        laptop.say("x")
    elif meanwhile == "a clash":
        laptop.edit(title="ours")
    server.edit(title="theirs")
    exported = server.export()
    laptop.take(exported)
    before = laptop.case
    (again,) = laptop.take(exported)
    assert again.kind == "unchanged"
    assert laptop.case is before


def test_an_old_file_does_not_bring_back_what_was_changed_since(laptop: Machine, server: Machine) -> None:
    server.edit(title="theirs")
    old = server.export()
    laptop.take(old)
    laptop.edit(title="final")
    (again,) = laptop.take(old)
    assert (again.kind, laptop.case.title) == ("unchanged", "final")


def test_going_back_and_forth_ends_with_the_same_case_on_both_and_no_clash(laptop: Machine, server: Machine) -> None:
    for title in ("one", "two", "three"):
        laptop.edit(title=title)
        laptop.say(title)
        (there,) = server.take(laptop.export())
        server.edit(title=f"{title} and more")
        (back,) = laptop.take(server.export())
        assert (there.conflicts, back.conflicts) == ((), ())
    assert content(laptop.case) == content(server.case)


def test_a_machine_that_only_went_on_hands_over_its_history(laptop: Machine, server: Machine) -> None:
    server.say("one")
    server.say("two")
    laptop.take(server.export())
    assert laptop.case.history == server.case.history
    assert broken_link(laptop.case.history) is None


def test_a_union_makes_no_change_of_its_own_and_its_history_holds(laptop: Machine, server: Machine) -> None:
    laptop.say("here")
    server.say("there")
    ours, theirs = laptop.case.history, server.case.history
    laptop.take(server.export())
    assert {change.id for change in laptop.case.history} == {change.id for change in (*ours, *theirs)}
    assert broken_link(laptop.case.history) is None
    laptop.say("knowing of both")
    assert laptop.case.history[-1].parents == tuple(sorted((ours[-1].id, theirs[-1].id)))


def test_undo_takes_back_what_was_done_here_and_never_what_came(laptop: Machine, server: Machine) -> None:
    laptop.say("here")
    server.say("there")
    laptop.take(server.export())
    laptop.book.undo()
    assert laptop.said == ["there"]
    laptop.book.undo(next(change.id for change in laptop.case.history if change.machine == "server"))
    assert laptop.said == []
    server.take(laptop.export())
    assert server.said == []


def test_what_was_taken_back_on_the_other_side_is_taken_back_here(laptop: Machine, server: Machine) -> None:
    laptop.say("a slip")
    server.take(laptop.export())
    laptop.clock.advance(timedelta(minutes=1))
    laptop.book.undo()
    server.take(laptop.export())
    assert server.said == []


def test_a_file_that_merely_lacks_something_takes_nothing_away(laptop: Machine) -> None:
    laptop.say("kept")
    (case,) = read_export(laptop.export(), "x")
    bare = structs.replace(case, contacts=())
    take_in(laptop.store, [bare])
    assert laptop.said == ["kept"]


def test_the_trash_travels_too(laptop: Machine, server: Machine) -> None:
    server.clock.advance(timedelta(minutes=1))
    server.book.trash(server.case.id)
    laptop.take(server.export())
    assert laptop.case.trashed_at is not None


def test_a_dry_run_says_the_same_and_saves_nothing(laptop: Machine, server: Machine) -> None:
    laptop.edit(title="ours")
    server.edit(title="theirs")
    before = laptop.case
    planned = laptop.take(server.export(), dry_run=True)
    assert laptop.case is before
    assert laptop.take(server.export()) == planned


def test_a_save_that_fails_takes_nothing(laptop: Machine, server: Machine) -> None:
    server.say("there")
    before = laptop.case
    laptop.store.trouble = CannotWrite(msg("There is nothing to undo."))
    with pytest.raises(CannotWrite):
        laptop.take(server.export())
    assert laptop.case is before


def test_a_follow_up_settled_there_is_settled_here(laptop: Machine, server: Machine) -> None:
    laptop.clock.advance(timedelta(minutes=1))
    _, task = laptop.book.follow_up(laptop.case.id, NewFollowUp(text="ask", due_phrase="2026-12-01"))
    server.take(laptop.export())
    server.clock.advance(timedelta(minutes=1))
    server.book.settle_follow_up(server.case.id, task.id, "done")
    laptop.take(server.export())
    assert laptop.case.follow_ups[0].state == "done"


def test_cut_and_scribbled_files_are_refused_or_read_but_never_crash(laptop: Machine) -> None:
    laptop.say("words")
    whole = laptop.export()
    for place in range(0, len(whole), 7):
        head, tail = whole[:place], whole[place:]
        with pytest.raises(BadInput):
            read_export(head, "x")
        for broken in (head + b"\x00" + tail[1:], head + b'"' + tail, head + b"9" + tail[1:]):
            with suppress(BadInput):
                read_export(broken, "x")
