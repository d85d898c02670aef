"""Once a save is durable nothing turns it into a refusal, and a file system without some calls refuses none."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from pddtui.durable import UNSUPPORTED, write_whole
from pddtui.errors import CannotWrite
from pddtui.store import Surroundings
from pddtui.store.disk import Disk
from tests.store.making import HandClock, add, put_on_record, session, titles

CALLS: list[str] = [
    *("open", "close", "read", "write", "write_at", "sync", "sync_folder", "truncate", "replace", "link", "unlink"),
    *("make_folder", "names", "stat", "fstat", "set_mode", "set_owner", "space"),
]


class FaultyDisk(Disk):
    """Refuses the calls in `refused`. A folder is synced by a call of its own, `sync_folder`."""

    def __init__(self, refused: Iterable[str] = (), error: int = errno.EIO) -> None:
        self.refused = frozenset(refused)
        self.error = error
        self.after_append: frozenset[str] = frozenset()
        """What is refused from the moment on at which the journal is closed after a save, that call included."""
        self._kinds: dict[int, str] = {}

    def _ask(self, call: str) -> None:
        if call in self.refused:
            raise OSError(self.error, os.strerror(self.error))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._ask("open")
        fd = super().open(path, flags, mode)
        self._kinds[fd] = "folder" if flags & os.O_DIRECTORY else path.suffix if flags & os.O_RDWR else ""
        return fd

    def close(self, fd: int) -> None:
        super().close(fd)
        if self._kinds.pop(fd, "") == ".journal" and self.after_append:
            self.refused = self.after_append
        self._ask("close")

    def read(self, fd: int, size: int, offset: int) -> bytes:
        self._ask("read")
        return super().read(fd, size, offset)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        self._ask("write")
        return super().write(fd, chunk)

    def write_at(self, fd: int, chunk: bytes, offset: int) -> None:
        self._ask("write_at")
        super().write_at(fd, chunk, offset)

    def sync(self, fd: int) -> None:
        folder = self._kinds.get(fd) == "folder"
        self._ask("sync_folder" if folder else "sync")
        if folder and self.after_append and self.refused == {"once named"}:
            self.refused = self.after_append

    def truncate(self, fd: int, size: int) -> None:
        self._ask("truncate")
        super().truncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        self._ask("replace")
        super().replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        self._ask("link")
        super().link(source, target)

    def unlink(self, path: Path) -> None:
        self._ask("unlink")
        super().unlink(path)

    def make_folder(self, path: Path) -> None:
        self._ask("make_folder")
        super().make_folder(path)

    def names(self, folder: Path) -> list[str]:
        self._ask("names")
        return super().names(folder)

    def stat(self, path: Path) -> os.stat_result | None:
        self._ask("stat")
        return super().stat(path)

    def fstat(self, fd: int) -> os.stat_result:
        self._ask("fstat")
        return super().fstat(fd)

    def set_mode(self, fd: int, mode: int) -> None:
        self._ask("set_mode")
        super().set_mode(fd, mode)

    def set_owner(self, fd: int, owner: int, group: int) -> None:
        self._ask("set_owner")
        super().set_owner(fd, owner, group)

    def space(self, folder: Path) -> int:
        self._ask("space")
        return super().space(folder)


# After the save is durable


@pytest.mark.parametrize("write_through", [False, True], ids=["journal", "write-through"])
@pytest.mark.parametrize("error", [errno.EIO, errno.EACCES])
def test_no_call_after_the_append_turns_a_save_into_a_refusal(path: Path, error: int, write_through: bool) -> None:
    """Each call by itself, then all of them."""
    for count, refused in enumerate([*([call] for call in CALLS), CALLS]):
        disk, clock = FaultyDisk(error=error), HandClock()
        around = Surroundings(disk=disk, tick=clock.tick, now=clock.now, write_through=write_through)
        store = session(path, around)
        put_on_record(store, 1, "edit", title=f"{count} before")
        disk.after_append = frozenset(refused)
        put_on_record(store, 1, "edit", title=f"{count}")
        assert disk.refused == set(refused)
        assert titles(store) == {"CASE00000001": f"{count}"}, refused
        disk.refused = disk.after_append = frozenset()
        assert titles(session(path)) == {"CASE00000001": f"{count}"}, refused
        store.refresh()
        if not store.storage._failed:  # a rename that may not be durable is no reason to doubt the save, but the disk
            put_on_record(store, 1, "edit", title=f"{count} after")
            assert titles(session(path)) == titles(store) == {"CASE00000001": f"{count} after"}, refused
        clock.seconds += 3600
        store.close()


def test_no_call_after_the_swap_turns_the_first_save_into_a_refusal(tmp_path: Path) -> None:
    for count, refused in enumerate([*([call] for call in CALLS), CALLS]):
        path = tmp_path / f"{count}" / "cases.json"
        disk = FaultyDisk()
        store = session(path, Surroundings(disk=disk))
        path.parent.mkdir()
        path.with_name("cases.json.lock").touch()  # so that the folder is synced for the sake of the swap alone
        disk.refused, disk.after_append = frozenset({"once named"}), frozenset(refused)
        add(store, 1, title="first")
        assert disk.refused == set(refused)
        assert titles(store) == {"CASE00000001": "first"}
        disk.refused = disk.after_append = frozenset()
        assert titles(session(path)) == {"CASE00000001": "first"}


def test_a_lock_that_cannot_be_released_is_let_go_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fcntl.flock

    def refusing(fd: int, kind: int) -> None:
        if kind == fcntl.LOCK_UN:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        real(fd, kind)

    store = session(path)
    monkeypatch.setattr(fcntl, "flock", refusing)
    put_on_record(store, 1, "edit", title="saved")
    other = session(path, Surroundings(patience=0))
    put_on_record(other, 1, "edit", title="and by another")
    store.refresh()
    assert titles(store) == {"CASE00000001": "and by another"}


# File systems without some calls


MISSING = [
    ("set_mode",),
    ("set_owner",),
    ("sync_folder",),
    ("link",),
    ("space",),
    ("set_mode", "set_owner", "sync_folder", "link", "space"),
]


@pytest.mark.parametrize(("missing", "error"), itertools.product(MISSING, sorted(UNSUPPORTED)))
def test_every_save_works_where_a_call_does_not_exist(tmp_path: Path, missing: tuple[str, ...], error: int) -> None:
    path = tmp_path / "deep" / "cases.json"
    disk, clock = FaultyDisk(missing, error), HandClock()
    around = Surroundings(disk=disk, tick=clock.tick, now=clock.now)
    for count in range(3):
        store = session(path, around)
        add(store, count)
        for title in ("first", "second"):
            put_on_record(store, count, "edit", title=title)
            clock.seconds += 3600
            assert store.tidy()
        put_on_record(store, count, "edit", title="third")
        assert (store.warnings, store.read_only) == ((), None)
        store.close()
    assert list(titles(session(path)).values()) == ["third"] * 3
    assert {item.stat().st_mode & 0o777 for item in path.parent.rglob("*") if item.is_file()} == {0o600}
    assert len(list(path.with_name("cases.json.bak").iterdir())) >= 5


@pytest.mark.parametrize("error", sorted(UNSUPPORTED))
def test_a_file_system_that_does_not_sync_what_is_in_a_file_is_refused(path: Path, error: int) -> None:
    with pytest.raises(CannotWrite):
        put_on_record(session(path, Surroundings(disk=FaultyDisk({"sync"}, error))), 1, "edit", title="not kept")
    assert titles(session(path)) == {"CASE00000001": "one"}


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("call", ["sync_folder", "set_mode"])
def test_a_disk_that_fails_is_not_taken_for_one_without_the_call(path: Path, call: str, error: int) -> None:
    store = session(path, Surroundings(disk=FaultyDisk({call}, error)))
    with pytest.raises(CannotWrite):
        put_on_record(store, 1, "edit", title="not kept")
    assert titles(session(path)) == titles(store) == {"CASE00000001": "one"}


def test_other_files_are_written_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fchmod", refusing)
    write_whole(tmp_path / "settings.yaml", b"theme: dark")
    assert (tmp_path / "settings.yaml").read_bytes() == b"theme: dark"


@pytest.mark.parametrize(("error", "falls_back"), [(errno.ENOTTY, True), (errno.ENOTSUP, True), (errno.EIO, False)])
def test_where_the_drive_cannot_be_flushed_whole_a_plain_sync_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, falls_back: bool
) -> None:
    """As on macOS, for a file that is on a share."""
    synced: list[int] = []

    def refusing(*_: object) -> int:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", refusing)
    monkeypatch.setattr(os, "fsync", synced.append)
    if falls_back:
        write_whole(tmp_path / "settings.yaml", b"theme: dark")
    else:
        with pytest.raises(OSError, match=os.strerror(error)):
            write_whole(tmp_path / "settings.yaml", b"theme: dark")
    assert bool(synced) is falls_back


@pytest.mark.parametrize("error", [*sorted(UNSUPPORTED), errno.ENOLCK])
def test_without_locks_the_file_is_read_and_a_save_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refusing(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", refusing)
    store = session(path)
    assert titles(store) == {"CASE00000001": "one"}
    with pytest.raises(CannotWrite):
        put_on_record(store, 1, "edit", title="not kept")
    assert titles(session(path)) == {"CASE00000001": "one"}
