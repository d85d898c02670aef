"""The own record: one line a save, outside of what is replicated, and nothing in it of what was erased."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store import own as own_module
from pddtui.store.own import OwnRecord, OwnSave, descends, joined
from tests.store.making import START, HandClock, put_on_record, session, titles

WORDS = "a-word-that-must-go"


class Machine:
    """A computer with the data file in one folder and its own record in another."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "data" / "cases.json"
        self.state = folder / "state"
        self.clock = HandClock()

    def open(self) -> TinyCaseStore:
        around = Surroundings(own_records=self.state, tick=self.clock.tick, now=self.clock.now)
        return session(self.file, around)

    def save(self, number: int, action: str = "edit", **fields: object) -> None:
        store = self.open()
        put_on_record(store, number, action, **fields)
        store.close()

    def get(self, other: Machine) -> None:
        """The data file of the other, as a sync tool brings it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        incoming = self.file.with_name("incoming")
        shutil.copy(other.file, incoming)
        incoming.replace(self.file)

    @property
    def words(self) -> bytes:
        """Everything that is kept anywhere, but for backups."""
        files = [*self.state.glob("*"), *self.file.parent.glob("cases.json*")]
        return b"".join(path.read_bytes() for path in files if path.is_file())


@pytest.fixture
def here(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "here")
    machine.save(1, "open", title=WORDS)
    machine.save(2, "open", title="another")
    return machine


@pytest.fixture
def there(here: Machine, tmp_path: Path) -> Machine:
    """A second machine that has changed the same case."""
    machine = Machine(tmp_path / "there")
    machine.get(here)
    machine.save(1, description=f"there: {WORDS}")
    here.get(machine)
    return machine


def erase(machine: Machine, number: int) -> None:
    store = machine.open()
    with store.transaction() as box:
        box.erase(f"CASE{number:08d}")
    store.close()


def test_erasing_removes_the_words_from_file_journal_and_own_record(here: Machine) -> None:
    assert WORDS.encode() in here.words
    erase(here, 1)
    assert WORDS.encode() not in here.words
    assert titles(here.open()) == {"CASE00000002": "another"}


def test_what_one_machine_erased_goes_from_the_own_record_of_the_others_with_their_next_save(
    here: Machine, there: Machine
) -> None:
    erase(here, 1)
    there.get(here)
    there.save(2, title="changed there")
    assert WORDS.encode() not in there.words
    assert titles(there.open()) == {"CASE00000002": "changed there"}


def test_an_old_copy_brings_nothing_back_that_was_erased(here: Machine, there: Machine) -> None:
    erase(here, 1)
    here.get(there)
    store = here.open()
    assert titles(store) == {"CASE00000002": "another"}
    put_on_record(store, 2, "edit", title="and on")
    store.close()
    assert titles(here.open()) == {"CASE00000002": "and on"}
    assert WORDS.encode() not in here.words


def test_a_record_that_cannot_be_written_refuses_no_save_and_says_so(here: Machine) -> None:
    record = next(here.state.glob("*.record"))
    record.unlink()
    record.mkdir()
    store = here.open()
    put_on_record(store, 2, "edit", title="saved all the same")
    assert "not on this machine's own record" in str(store.warnings[-1])
    store.close()
    assert titles(here.open())["CASE00000002"] == "saved all the same"


def test_a_large_record_loses_what_is_old_and_nothing_else(
    here: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(own_module, "OWN_ROOM", 200)
    record = OwnRecord(tmp_path / "own", here.file, here.open().storage.disk)
    for number in range(1, 6):
        record.append(OwnSave(number=number, at=START + timedelta(days=40 * number), counts={"m": number}))
    record.trim(START + timedelta(days=40 * 5))
    assert [save.number for save in record.saves()] == [3, 4, 5]
    assert record.last() == {"m": 5}


def test_two_files_of_one_machine_are_two_machines_and_one_file_is_always_the_same(
    tmp_path: Path, here: Machine
) -> None:
    disk = here.open().storage.disk
    names = [OwnRecord(here.state, path, disk).machine() for path in (here.file, here.file, tmp_path / "other.json")]
    assert names[0] == names[1] != names[2]
    elsewhere = OwnRecord(tmp_path / "state of another", here.file, disk).machine()
    assert elsewhere not in names


@pytest.mark.parametrize(
    ("found", "known", "whole"),
    [
        ({}, {}, True),
        ({"a": 1}, {}, True),
        ({}, {"a": 1}, False),
        ({"a": 2, "b": 1}, {"a": 2}, True),
        ({"a": 1, "b": 9}, {"a": 2}, False),
        ({"a": 2}, {"a": 2, "b": 1}, False),
    ],
)
def test_a_file_descends_from_another_if_it_holds_as_many_saves_of_each(
    found: dict[str, int], known: dict[str, int], whole: bool
) -> None:
    assert descends(found, known) is whole
    assert descends(joined(found, known), known)
