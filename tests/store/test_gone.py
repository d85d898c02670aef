"""A data file is removed under an open session: nothing begins empty, and what is known can be written back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pddtui.errors import CannotWrite, Damaged, Gone
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.disk import Disk
from pddtui.store.doctor import examine
from tests.store.making import add, contents, put_on_record, session, titles

KNOWN = {"CASE00000001": "one", "CASE00000002": "two, in the journal"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "cases.json"


def retitle(store: TinyCaseStore, number: int, title: str) -> None:
    put_on_record(store, number, "edit", title=title)


def opened(path: Path) -> TinyCaseStore:
    """A session that has read a data file and saved into its journal."""
    first = session(path)
    for number, title in ((1, "one"), (2, "two")):
        put_on_record(first, number, "open", title=title)
    first.close()
    store = session(path)
    put_on_record(store, 2, "edit", title="two, in the journal")
    return store


def without_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def without_files(path: Path) -> None:
    for item in path.parent.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()


def without_file(path: Path) -> None:
    path.unlink()


def without_file_and_journal(path: Path) -> None:
    path.unlink()
    path.with_name("cases.json.journal").unlink()


def with_another_in_place_of_the_folder(path: Path) -> None:
    shutil.rmtree(path.parent.rename(path.parent.with_name("elsewhere")))
    path.parent.mkdir()


REMOVED = [
    without_folder,
    without_files,
    without_file,
    without_file_and_journal,
    with_another_in_place_of_the_folder,
]


@pytest.mark.parametrize("remove", REMOVED)
def test_what_is_gone_is_said_and_nothing_is_made_in_its_place(path: Path, remove: Callable[[Path], None]) -> None:
    store = opened(path)
    remove(path)
    left = contents(path.parent.parent)
    for act in (store.refresh, lambda: add(store, 3), lambda: retitle(store, 1, "lost"), store.tidy, store.close):
        if act in (store.tidy, store.close):
            act()
        else:
            with pytest.raises(Gone, match="is missing"):
                act()
        assert titles(store) == KNOWN
    found = contents(path.parent.parent)
    assert {name: found[name] for name in left} == left
    assert found.keys() - left.keys() <= {"folder/cases.json.lock"}


@pytest.mark.parametrize("remove", REMOVED)
def test_it_is_written_back_whole_and_goes_on(path: Path, remove: Callable[[Path], None]) -> None:
    store = opened(path)
    remove(path)
    with pytest.raises(Gone):
        store.refresh()
    store.write_back()
    assert titles(store) == titles(session(path)) == KNOWN
    retitle(store, 1, "after")
    assert store.refresh() == frozenset()
    other = session(path)
    assert titles(other) == {**KNOWN, "CASE00000001": "after"}
    retitle(other, 2, "by another")
    store.refresh()
    assert titles(store)["CASE00000002"] == "by another"
    store.close()
    assert examine(path).trouble == ()
    assert not path.with_name("cases.json.journal").exists()


def test_what_another_session_left_in_the_journal_is_taken_along(path: Path) -> None:
    store = opened(path)
    other = session(path)
    retitle(other, 1, "not seen by the first")
    path.unlink()
    store.write_back()
    assert titles(store) == titles(session(path)) == {**KNOWN, "CASE00000001": "not seen by the first"}
    other.refresh()
    assert titles(other) == titles(store)


def test_what_another_session_left_in_a_journal_of_its_own_is_taken_along_and_kept(path: Path) -> None:
    store = opened(path)
    other = session(path)
    other.storage.fold()
    retitle(other, 1, "not seen by the first")
    path.unlink()
    store.write_back()
    assert titles(store) == titles(session(path)) == {**KNOWN, "CASE00000001": "not seen by the first"}
    assert [name for name in contents(path.parent) if "journal" in name and ".bak" in name]
    assert examine(path).trouble == ()


def test_a_file_that_is_there_again_is_only_caught_up_with(path: Path) -> None:
    store, other = opened(path), session(path)
    kept = path.with_name("put away")
    path.rename(kept)
    with pytest.raises(Gone):
        other.refresh()
    kept.rename(path)
    retitle(store, 1, "saved meanwhile")
    before = contents(path.parent)
    other.write_back()
    assert contents(path.parent) == {**before, "cases.json.lock": contents(path.parent)["cases.json.lock"]}
    assert titles(other)["CASE00000001"] == "saved meanwhile"


def test_two_sessions_write_back_one_after_the_other(path: Path) -> None:
    store, other = opened(path), session(path)
    shutil.rmtree(path.parent)
    for each in (store, other):
        each.write_back()
    retitle(store, 1, "one more")
    other.refresh()
    assert titles(other) == titles(store) == {**KNOWN, "CASE00000001": "one more"}


def test_where_it_cannot_be_written_back_it_is_said_and_can_be_tried_again(path: Path) -> None:
    class Full(Disk):
        full = False

        def write(self, fd: int, chunk: bytes | memoryview) -> int:
            if self.full:
                raise OSError(28, "No space left on device")
            return super().write(fd, chunk)

    opened(path).release()
    disk = Full()
    store = session(path, Surroundings(disk=disk))
    shutil.rmtree(path.parent)
    disk.full = True
    with pytest.raises(CannotWrite, match="disk is full"):
        store.write_back()
    with pytest.raises(Damaged, match="is missing"):
        store.refresh()
    disk.full = False
    store.write_back()
    assert titles(session(path)) == KNOWN


def test_a_session_that_began_without_a_file_misses_none(path: Path) -> None:
    store = session(path)
    store.write_back()
    assert not path.exists()
    add(store, 1)
    assert path.exists()
