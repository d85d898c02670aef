"""What a number alone does not prove: gaps in the own record, numbers given twice, files of the first version."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.history import broken_link
from pddtui.domain.record import recorded
from pddtui.store import TinyCaseStore
from pddtui.store.codec import Tombstone
from pddtui.store.own import OwnRecord
from pddtui.store.uniting import Uniter
from tests.store.making import START, contact, make, put_on_record
from tests.store.test_own import Machine


def change(store: TinyCaseStore, name: str, **fields: object) -> None:
    """Change the case in one save, under a name that nothing else has."""
    with store.transaction() as box:
        case = box.get("CASE00000001")
        assert case is not None
        after = structs.replace(case, **fields)
        box.put(recorded(case, after, action="log", change_id=name, at=START + timedelta(days=9), save=box.save))


def say(machine: Machine, *words: str) -> None:
    """Log what was said, one save for each."""
    for word in words:
        store = machine.open()
        known = store.cases()["CASE00000001"].contacts
        change(store, word, contacts=(*known, structs.replace(contact(0), id=word)))
        store.close()


def words_in(store: TinyCaseStore) -> set[str]:
    return {each.id for each in store.cases()["CASE00000001"].contacts if not each.id.startswith("CONTACT")}


def said(machine: Machine) -> set[str]:
    store = machine.open()
    found = words_in(store)
    store.release()
    return found


@pytest.fixture
def here(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "here")
    machine.save(1, "open")
    return machine


@pytest.fixture
def old(here: Machine, tmp_path: Path) -> Path:
    """The data file as it was at first."""
    return Path(shutil.copy(here.file, tmp_path / "old.json"))


def test_a_save_that_did_not_come_on_the_record_costs_none_of_those_after_it(
    here: Machine, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(OwnRecord, "append", full)
        say(here, "one")
    say(here, "two", "three")
    shutil.copy(old, here.file)
    assert said(here) == {"one", "two", "three"}, "the next save brought what was missing"


def test_a_record_that_is_gone_begins_again_with_the_whole_case(here: Machine, old: Path) -> None:
    say(here, "one")
    next(here.state.glob("*.record")).unlink()
    say(here, "two", "three")
    shutil.copy(old, here.file)
    assert said(here) == {"one", "two", "three"}


def test_numbers_that_run_again_after_a_backup_of_the_whole_machine_hide_nothing(here: Machine, tmp_path: Path) -> None:
    """Two machines of one name: the restored one gives the numbers again that another window has seen already."""
    snapshot = tmp_path / "snapshot"
    shutil.copytree(tmp_path / "here", snapshot)
    say(here, "a1", "a2")
    other = Machine(tmp_path / "other")
    other.get(here)
    window = other.open()
    shutil.rmtree(tmp_path / "here")
    snapshot.rename(tmp_path / "here")
    say(here, "b1", "b2", "b3")
    other.get(here)
    window.refresh()
    assert words_in(window) == {"a1", "a2", "b1", "b2", "b3"}
    assert window.warnings


def test_a_new_file_in_an_empty_place_does_not_pass_for_the_old_one(here: Machine, tmp_path: Path) -> None:
    say(here, "one", "two")
    other = Machine(tmp_path / "other")
    other.get(here)
    window = other.open()
    shutil.rmtree(here.file.parent)
    here.save(2, "open", title="after the disk was not there")
    other.get(here)
    window.refresh()
    assert set(window.cases()) == {"CASE00000001", "CASE00000002"}
    assert words_in(window) == {"one", "two"}


def test_a_first_save_that_fails_leaves_the_record_as_it_was(here: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    record = next(here.state.glob("*.record"))
    before = record.read_bytes()
    shutil.rmtree(here.file.parent)
    store = here.open()
    monkeypatch.setattr(store.storage, "_rewrite", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        put_on_record(store, 2, "open")
    assert record.read_bytes() == before


def test_what_was_taken_in_twice_is_recovered_once(here: Machine) -> None:
    store = here.open()
    case = store.cases()["CASE00000001"]
    uniter = Uniter(TinyCaseStore.open(here.file.with_name("empty.json")).storage.reading.shelf)
    uniter.add(case.id, [*case.history, *case.history])
    assert (list(uniter.changed), uniter.refused) == ([case.id], [])


def test_a_number_of_an_erased_case_elsewhere_locks_no_case_here(here: Machine) -> None:
    store = here.open()
    ref = store.cases()["CASE00000001"].ref
    uniter = Uniter(store.storage.reading.shelf)
    uniter.unite(Tombstone(id="ANOTHER", ref=ref, revision=3))
    uniter.ops()
    case = uniter.changed["CASE00000001"]
    assert (uniter.renumbered, case.ref != ref) == ([(ref, case.ref)], True)


def test_a_file_of_the_first_version_put_back_unites_with_what_was_saved_since(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    machine.file.parent.mkdir(parents=True)
    chained = {"id": "01", "at": "2026-01-01T00:00:00Z", "action": "open", "kind": "do", "target": None, "previous": "",
               "patches": [{"path": [name], "before": None, "after": after} for name, after in
                           msgspec.to_builtins(make(1, "PDD-2026-0001")).items() if name not in ("history", "clashes")],
               "hash": "0" * 64}  # fmt: skip
    document = {**msgspec.to_builtins(make(1, "PDD-2026-0001")), "history": [chained], "revision": 1}
    meta = {"1": {"app": "pddtui", "schema": 1, "gen": 1, "token": "1" * 16}}
    first = json.dumps({"_meta": meta, "cases": {"1": document}}, ensure_ascii=False, indent=1)
    machine.file.write_text(first, encoding="utf-8")
    say(machine, "one", "two")
    known = [change.id for change in machine.open().cases()["CASE00000001"].history]
    machine.file.write_text(first, encoding="utf-8")
    say(machine, "three")
    case = machine.open().cases()["CASE00000001"]
    assert isinstance(case, Case)
    assert [change.id for change in case.history][: len(known)] == known
    assert (said(machine), broken_link(case.history)) == ({"one", "two", "three"}, None)
    assert {change.machine for change in case.history[1:]} == {case.history[-1].machine} != {""}


def test_a_journal_that_another_one_was_written_into_is_not_read_on(here: Machine, tmp_path: Path) -> None:
    other = Machine(tmp_path / "other")
    other.get(here)
    one, two = here.open(), other.open()
    change(one, "here", merchant="here")
    for count in range(3):
        change(two, f"there {count}", description=f"there {count}")
    with here.file.with_name("cases.json.journal").open("r+b") as file:
        file.write(other.file.with_name("cases.json.journal").read_bytes())
    one.refresh()
    case = one.cases()["CASE00000001"]
    assert (case.merchant, case.description) == ("here", "there 2")
