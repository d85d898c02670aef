"""Where names fold case, two spellings are one data file: one lock, one journal, and no export goes over either."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pddtui import durable
from pddtui.durable import folded, one_place, spelled
from pddtui.errors import CannotWrite
from pddtui.places import find_places
from pddtui.services.export.files import write_file
from pddtui.store import Surroundings
from pddtui.store.disk import Disk
from pddtui.store.doctor import examine
from pddtui.store.recover import plan, recover
from tests.store.making import add, contents, put_on_record, session, titles

SPELLINGS = ("cases.json", "CASES.json", "Cases.JSON")


class FoldingDisk(Disk):
    """A file system that keeps the spelling of a name and finds it by any other."""

    def _found(self, path: Path) -> Path:
        if path.exists() or path.parent == path:
            return path
        folder = self._found(path.parent)
        same = [name for name in super().names(folder) if folded(name) == folded(path.name)]
        return folder / (same[0] if same else path.name)

    def names(self, folder: Path) -> list[str]:
        return super().names(self._found(folder))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        return super().open(self._found(path), flags, mode)

    def stat(self, path: Path) -> os.stat_result | None:
        return super().stat(self._found(path))

    def unlink(self, path: Path) -> None:
        super().unlink(self._found(path))

    def replace(self, source: Path, target: Path) -> None:
        super().replace(self._found(source), self._found(target))

    def link(self, source: Path, target: Path) -> None:
        super().link(self._found(source), self._found(target))


FOLDING = Surroundings(disk=FoldingDisk())


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> None:
    """All the program's files are on a file system that folds case."""
    monkeypatch.setattr(durable, "_FILES", FoldingDisk())


@pytest.mark.parametrize("other", SPELLINGS)
def test_sessions_that_spell_the_name_differently_share_lock_journal_and_saves(path: Path, other: str) -> None:
    one, two = session(path, FOLDING), session(path.with_name(other), FOLDING)
    assert one.path == two.path == path
    assert one.storage.lock.path == two.storage.lock.path
    put_on_record(one, 1, "edit", title="by one")
    add(two, 2, title="by two")
    one.refresh()
    assert titles(one) == titles(two) == {"CASE00000001": "by one", "CASE00000002": "by two"}
    two.close()
    one.close()
    assert {name.split(".json")[0] for name in contents(path.parent) if ".bak" not in name} == {"cases"}


@pytest.mark.parametrize("other", SPELLINGS)
def test_sessions_that_begin_before_there_is_a_file_share_it_too(tmp_path: Path, other: str) -> None:
    one, two = session(tmp_path / "cases.json", FOLDING), session(tmp_path / other, FOLDING)
    for number, store in enumerate((one, two, one, two), 1):
        add(store, number)
        store.storage.fold()
    for store in (one, two):
        store.refresh()
        assert len(store.cases()) == 4
    found = [name for name in contents(tmp_path) if ".bak" not in name]
    assert len(found) == len({folded(name) for name in found}) == 2


@pytest.mark.parametrize("other", SPELLINGS)
def test_doctor_and_recover_look_at_the_file_that_is_meant(path: Path, other: str) -> None:
    assert examine(path.with_name(other), FOLDING).trouble == ()
    path.write_bytes(path.read_bytes()[:-2])
    assert plan(path.with_name(other), FOLDING).cases == 1
    recover(path.with_name(other), FOLDING)
    assert titles(session(path)) == {"CASE00000001": "one"}
    assert {name.split(".json")[0] for name in contents(path.parent) if ".bak" not in name} == {"cases"}


@pytest.mark.usefixtures("folds")
def test_the_places_are_spelled_as_the_folder_lists_them(path: Path) -> None:
    for other in SPELLINGS:
        for folder in (path.parent, path.parent.with_name(path.parent.name.upper())):
            assert find_places({}, file=folder / other).data_file == path
    assert spelled(path.with_name("new.json")) == path.with_name("new.json")


def test_elsewhere_two_spellings_are_two_files(path: Path) -> None:
    assert find_places({}, file=path.with_name("CASES.json")).data_file == path.with_name("CASES.json")
    os.link(path, path.with_name("CASES.JSON"))
    assert spelled(path) == path
    assert spelled(path.with_name("CASES.JSON")) == path.with_name("CASES.JSON")
    assert not one_place(path.with_name("a.journal"), path.with_name("A.journal"))


KEPT = ("cases.json", "cases.json.journal", "cases.json.lock", "cases.json.bak/x.json", "evidence/x.png")


@pytest.mark.usefixtures("folds")
@pytest.mark.parametrize("name", [*KEPT, *(name.upper() for name in KEPT), "Cases.Json.Journal"])
def test_no_export_takes_the_place_of_what_is_kept_by_another_spelling(path: Path, name: str) -> None:
    """Also of what is not there yet: a journal would be read as one."""
    before = contents(path.parent)
    with pytest.raises(CannotWrite, match="belongs to the cases and settings"):
        write_file(path.parent / name, b"export", overwrite=True, kept=find_places({}, file=path).kept)
    assert contents(path.parent) == before


def test_elsewhere_an_export_may_have_such_a_name(path: Path) -> None:
    write_file(path.with_name("CASES.JSON.JOURNAL"), b"export", kept=find_places({}, file=path).kept)
    assert titles(session(path)) == {"CASE00000001": "one"}
