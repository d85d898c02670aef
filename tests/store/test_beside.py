"""Copies beside the data file, and what `doctor` says of machines, of the own record and of what is to be settled."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from pddtui.domain.record import recorded
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.copies import strays, unite_strays
from pddtui.store.doctor import examine
from tests.store.making import START, contents, session
from tests.store.test_mending import at, logged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "cases.json"
    path.parent.mkdir()
    logged(path, path.parent, 1, 1)
    return path


@pytest.fixture
def theirs(path: Path, tmp_path: Path) -> bytes:
    """The file as another machine has it: one more contact, and a case of its own."""
    other = tmp_path / "other" / "cases.json"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    logged(other, other.parent, 1, 40)
    logged(other, other.parent, 2, 41)
    return other.read_bytes()


def names(path: Path, around: Surroundings | None = None) -> list[tuple[str, int, int]]:
    store = session(path, around or at(path.parent))
    found = [(each.name, each.cases, each.contacts) for each in strays(store)]
    store.release()
    return found


@pytest.mark.parametrize(
    "name",
    [
        "cases.sync-conflict-20261122-120000-ABCDEFG.json",
        "cases (Li's conflicted copy 2026-11-22).json",
        "cases (conflicted copy 2026-11-22 120000).json",
        "cases (李的冲突副本 2026-11-22).json",
        "cases-DESKTOP-7.json",
        "cases (1).json",
        "cases 2.json",
        "cases.json.orig",
        "cases.json~",
        "cases_conf(me).json",
    ],
)
def test_a_copy_is_found_by_its_name_where_it_holds_something(path: Path, theirs: bytes, name: str) -> None:
    copy = path.with_name(name)
    copy.write_bytes(path.read_bytes())
    assert names(path) == [], "it holds nothing that is not here"
    copy.write_bytes(theirs)
    before = contents(path.parent)
    assert names(path) == [(name, 2, 2)]
    notes = [str(said) for said in examine(path, at(path.parent)).notes]
    assert any(f"{name} beside the data file holds what is not in it (2 cases, 2 contacts): `pddtui import" in said
               for said in notes)  # fmt: skip
    assert contents(path.parent) == before, "looking writes nothing"
    store = session(path, at(path.parent))
    assert unite_strays(store) == (2, 2, 0)
    assert (len(store.cases()), strays(store)) == (2, ())
    store.close()
    assert copy.read_bytes() == theirs, "the copy stays"
    assert names(path) == []


def test_what_is_no_copy_is_left_alone(path: Path, theirs: bytes, tmp_path: Path) -> None:
    def other_file(name: str, content: bytes) -> None:
        path.with_name(name).write_bytes(content)

    stranger = tmp_path / "stranger" / "cases.json"
    stranger.parent.mkdir()
    logged(stranger, stranger.parent, 7, 70)
    other_file("cases-mother.json", stranger.read_bytes())
    other_file("cases-lent.json", theirs)
    other_file("cases-lent.json.lock", b"")
    other_file("notes.json", theirs)
    other_file("cases.sync-conflict-1.json", b"not json")
    other_file("cases.sync-conflict-2.json", b"")
    other_file("cases.json.rej", b"<<<<<<<")
    other_file(".cases.json.77.abcdef.tmp", theirs)
    (path.parent / "cases.sync-conflict-3.json").mkdir()
    (path.parent / "cases.sync-conflict-4.json").symlink_to(tmp_path / "other" / "cases.json")
    os.mkfifo(path.parent / "cases.sync-conflict-5.json")
    assert names(path) == []
    path.with_name("cases.sync-conflict-6.json").write_bytes(stranger.read_bytes())
    assert names(path) == [("cases.sync-conflict-6.json", 1, 1)], "each of two machines began a file of its own"


def test_the_copy_of_a_journal_counts_too(path: Path, tmp_path: Path, theirs: bytes) -> None:
    other = tmp_path / "other" / "cases.json"
    path.write_bytes(theirs)
    store = TinyCaseStore.open(other, surroundings=at(other.parent))
    with store.transaction() as box:
        case = box.get("CASE00000002")
        assert case is not None
        after = msgspec.structs.replace(case, title="in the journal")
        box.put(recorded(case, after, action="edit", change_id="LATER", at=START, save=box.save))
    copy = path.with_name("cases.json.sync-conflict-20261122-120000-ABCDEFG.journal")
    copy.write_bytes(other.with_name("cases.json.journal").read_bytes())
    assert names(path) == [(copy.name, 1, 0)]
    here = session(path, at(path.parent))
    unite_strays(here)
    assert here.cases()["CASE00000002"].title == "in the journal"


def test_doctor_says_who_saved_and_what_is_not_in_the_file(path: Path, tmp_path: Path, theirs: bytes) -> None:
    around = at(path.parent)
    old = path.read_bytes()
    logged(path, path.parent, 1, 5, title="A")
    path.write_bytes(theirs)
    said = examine(path, around)
    facts, notes = "\n".join(map(str, said.facts)), "\n".join(map(str, said.notes))
    assert "2 machines saved in it: " in facts
    assert "2 saves of this machine (" in facts
    assert "1 of them not in the file" in facts
    assert "the file held 1, although 2 were known here" in notes
    path.write_bytes(old)
    other = tmp_path / "other" / "cases.json"
    logged(other, other.parent, 1, 60, title="B")
    store = session(path, around)
    path.with_name("cases.json~").write_bytes(other.read_bytes())
    assert unite_strays(store)[2] == 1
    store.close()
    assert any("1 conflict between machines is to be settled, in PDD-2026-0001" in str(said)
               for said in examine(path, around).notes)  # fmt: skip
