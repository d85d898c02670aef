"""Files of another owner, and places where nothing can be written: told at once, and the right one is named."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pddtui.errors import CannotWrite, PddError
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.disk import Disk
from tests.store.making import HandClock, add, change, contents, session, titles

SOMEBODY, FRIENDS = 54321, 54322
"""A user and a group that own nothing on any machine."""

datetime.strptime("2026", "%Y").replace(tzinfo=UTC)
"""Loads what reads dates, as somebody else may not be able to read the Python that runs the tests."""


@pytest.fixture
def path() -> Iterator[Path]:
    """A data file in a folder that everybody may write."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "cases.json"


def retitle(store: TinyCaseStore, title: str) -> None:
    change(store, 1, lambda case: msgspec.structs.replace(case, title=title))


def give(*paths: Path, owner: int = SOMEBODY, group: int = FRIENDS, mode: int = 0o660) -> None:
    for path in paths:
        os.chown(path, owner, group)
        path.chmod(mode)


def beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


def told_by_somebody(act: Callable[[], str]) -> str:
    """What another user is told, who is in no group but the friends."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        said = "?"
        try:
            os.setgroups([FRIENDS])
            os.setgid(FRIENDS)
            os.setuid(SOMEBODY)
            said = act()
        except BaseException as error:  # noqa: BLE001 -- nothing may leave the child
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(into, said.encode())
            os._exit(0)
    os.close(into)
    os.waitpid(child, 0)
    with open(out, "rb") as pipe:  # noqa: PTH123 -- it has no name
        return pipe.read().decode()


def refused(save: Callable[[], object]) -> str:
    try:
        save()
    except PddError as error:
        return str(error.message)
    return "saved"


def owner(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid, found.st_mode & 0o777


def test_a_file_keeps_its_owner_and_what_is_made_beside_it_has_the_same(path: Path) -> None:
    store = session(path)
    add(store, 1)
    store.close()
    beside(path, "lock").unlink()
    give(path)
    store = session(path)
    retitle(store, "changed")
    mine = (SOMEBODY, FRIENDS, 0o660)
    assert [owner(each) for each in (path, beside(path, "journal"), beside(path, "lock"))] == [mine] * 3
    store.storage.fold()
    assert owner(path) == mine


def test_somebody_else_goes_on_with_what_root_began(path: Path) -> None:
    store = session(path)
    add(store, 1)
    store.close()
    beside(path, "lock").unlink()
    give(path)
    store = session(path)
    retitle(store, "by root")
    beside(path, "bak").mkdir(exist_ok=True)
    give(beside(path, "bak"), mode=0o770)

    def go_on() -> str:
        theirs = session(path)
        retitle(theirs, "by somebody")
        theirs.close()
        return titles(session(path))["CASE00000001"]

    assert told_by_somebody(go_on) == "by somebody"
    store.refresh()
    assert titles(store)["CASE00000001"] == "by somebody"


def test_where_the_group_cannot_be_kept_no_other_group_gets_in(path: Path) -> None:
    store = session(path)
    add(store, 1)
    store.close()
    give(path, beside(path, "lock"), owner=0, group=0, mode=0o666)

    def save() -> str:
        theirs = session(path)
        retitle(theirs, "changed")
        theirs.storage.fold()
        return "folded"

    assert told_by_somebody(save) == "folded"
    assert owner(path) == (SOMEBODY, FRIENDS, 0o600)


@pytest.mark.parametrize("what", ["lock", "journal"])
def test_a_lock_or_journal_of_another_owner_is_named_before_anything_is_typed(path: Path, what: str) -> None:
    store = session(path)
    add(store, 1)
    retitle(store, "by root")
    give(path, beside(path, "lock"), beside(path, "journal"))
    give(beside(path, what), owner=0, group=0, mode=0o644)

    def look() -> str:
        theirs = session(path)
        return f"{theirs.read_only}|{titles(theirs)['CASE00000001']}|{refused(lambda: add(theirs, 2))}"

    why, title, refusal = told_by_somebody(look).split("|")
    assert (
        why == f"You have no permission to write {beside(path, what)}, which saving needs: {path} is opened read-only."
    )
    assert (title, refusal) == ("by root", why)


def test_a_journal_that_may_not_be_read_is_named(path: Path) -> None:
    store = session(path)
    add(store, 1)
    retitle(store, "by root")
    give(path, beside(path, "lock"))
    give(beside(path, "journal"), owner=0, group=0, mode=0o600)
    said = told_by_somebody(lambda: refused(lambda: session(path)))
    assert said.startswith(f"No permission to read {beside(path, 'journal')}:")


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_file_of_another_owner_is_read_only_or_one_sentence(path: Path, mode: int) -> None:
    store = session(path)
    add(store, 1)
    retitle(store, "in the journal")
    give(path, owner=0, group=0, mode=mode)
    give(beside(path, "journal"), beside(path, "lock"))

    def look() -> str:
        theirs = session(path)
        return f"{theirs.read_only}|{titles(theirs)['CASE00000001']}|{refused(lambda: add(theirs, 2))}"

    said = told_by_somebody(look)
    if mode:
        sentence = f"You have no permission to write {path}: it is opened read-only."
        assert said == f"{sentence}|in the journal|{sentence}"
    else:
        assert said.startswith(f"CannotWrite: No permission to read {path}:")


@contextlib.contextmanager
def mounted(point: Path) -> Iterator[None]:
    point.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "none", str(point)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine cannot mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(point)], check=True, capture_output=True)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can mount")
def test_a_file_system_that_is_read_only_is_read_with_its_journal_and_refused_at_once(tmp_path: Path) -> None:
    point = tmp_path / "disk"
    path = point / "folder" / "cases.json"
    with mounted(point):
        store = session(path)
        add(store, 1)
        retitle(store, "in the journal")
        store.release()
        subprocess.run(["mount", "-o", "remount,ro", str(point)], check=True, capture_output=True)
        before = contents(point)
        reader = session(path)
        assert titles(reader)["CASE00000001"] == "in the journal"
        assert "read-only" in str(reader.read_only)
        with pytest.raises(CannotWrite, match="read-only"):
            add(reader, 2)
        assert not reader.tidy()
        reader.close()
        assert contents(point) == before


class TurningDisk(Disk):
    """A disk that the system turns read-only in the middle of a session, as `errors=remount-ro` does."""

    turned = False
    error = errno.EROFS
    hides = False
    """Whether nothing but the refusal itself shows it."""

    def _ask(self) -> None:
        if self.turned:
            raise OSError(self.error, os.strerror(self.error))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        if flags & (os.O_RDWR | os.O_CREAT):
            self._ask()
        return super().open(path, flags, mode)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        self._ask()
        return super().write(fd, chunk)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        self._ask()
        super().write_at(fd, chunk, offset)

    def unlink(self, path: Path) -> None:
        self._ask()
        super().unlink(path)

    def writable(self, path: Path) -> bool:
        return (self.hides or not self.turned) and super().writable(path)


def test_a_disk_that_turns_read_only_refuses_one_save_and_then_says_so_before_the_next(tmp_path: Path) -> None:
    disk, clock = TurningDisk(), HandClock()
    path = tmp_path / "cases.json"
    store = session(path, Surroundings(disk=disk, tick=clock.tick, now=clock.now))
    add(store, 1)
    retitle(store, "in the journal")
    disk.turned = True
    assert store.read_only is None
    with pytest.raises(CannotWrite, match="read-only"):
        retitle(store, "lost")
    assert "read-only" in str(store.read_only)
    clock.seconds += 60
    assert not store.tidy()
    assert store.refresh() == frozenset()
    for each in (store, session(path, Surroundings(disk=disk))):
        assert titles(each)["CASE00000001"] == "in the journal"
    store.close()
    disk.turned = False
    assert titles(session(path))["CASE00000001"] == "in the journal"


@pytest.mark.parametrize("looks", [True, False], ids=["after a look", "at the next save"])
@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_file_that_can_be_written_again_is_written_again(tmp_path: Path, error: int, looks: bool) -> None:
    disk, path = TurningDisk(), tmp_path / "cases.json"
    disk.error = error
    store = session(path, Surroundings(disk=disk))
    add(store, 1)
    for title in ("once", "again"):
        disk.turned = True
        for _ in range(2):
            with pytest.raises(CannotWrite):
                retitle(store, "lost")
            assert "read-only" in str(store.read_only)
        store.refresh()
        assert "read-only" in str(store.read_only)
        disk.turned = False
        if looks:
            store.refresh()
            assert str(store.read_only) == "None"
        retitle(store, title)
        assert str(store.read_only) == "None"
        assert titles(session(path)) == titles(store) == {"CASE00000001": title}


def test_a_refusal_that_nothing_explains_does_not_close_the_file(tmp_path: Path) -> None:
    """As of a scanner that holds the file for a moment."""
    disk, path = TurningDisk(), tmp_path / "cases.json"
    disk.error = errno.EPERM
    store = session(path, Surroundings(disk=disk))
    add(store, 1)
    disk.turned = True
    disk.hides = True
    with pytest.raises(CannotWrite, match="No permission"):
        retitle(store, "lost")
    assert store.read_only is None
    disk.turned = False
    retitle(store, "saved")
    assert titles(session(path)) == {"CASE00000001": "saved"}


def test_a_network_that_is_gone_closes_the_file_no_longer(tmp_path: Path) -> None:
    mounts, path = tmp_path / "mounts", tmp_path / "cases.json"
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - nfs4 server:/x rw\n", encoding="utf-8")
    store = session(path, Surroundings(mounts=str(mounts)))
    assert "network file system" in str(store.read_only)
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - ext4 /dev/x rw\n", encoding="utf-8")
    add(store, 1)
    assert store.read_only is None


@pytest.mark.parametrize(
    ("what", "mode", "told"),
    [
        ("file", 0o400, "saved"),  # in the journal
        ("lock", 0o400, "saved"),  # it is open already
        ("journal", 0o400, "No permission to write"),
        ("folder", 0o500, "saved"),
        ("folder", 0o000, "No permission to read"),
    ],
)
def test_its_owner_closes_and_opens_it_under_a_window(path: Path, what: str, mode: int, told: str) -> None:
    """Every refusal is a sentence, also where not even looking is allowed, and none of them lasts."""
    folder = path.parent / "mine"
    folder.mkdir()
    give(folder, mode=0o700)
    file = folder / path.name
    place = {"file": file, "folder": folder}.get(what) or beside(file, what)

    def close_and_open() -> str:
        store = session(file)
        add(store, 1)
        retitle(store, "in the journal")
        usual = place.stat().st_mode
        place.chmod(mode)
        said = [refused(lambda: retitle(store, "closed"))]
        for act in (store.refresh, store.tidy, store.storage.fold):
            refused(act)
        place.chmod(usual)
        said += [refused(store.refresh), str(store.read_only), refused(lambda: retitle(store, "at last"))]
        store.close()
        return "|".join((*said, titles(session(file))["CASE00000001"]))

    said, *after = told_by_somebody(close_and_open).split("|")
    assert said.startswith(told)
    assert after == ["saved", "None", "saved", "at last"]
