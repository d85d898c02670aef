"""A file is written whole or not at all, and one door leads to all of them."""

from __future__ import annotations

import ast
import errno
import os
import re
import stat
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pddtui import durable
from pddtui.durable import (
    Files,
    LateFailure,
    Lock,
    is_locked,
    is_unfinished,
    leftovers,
    need_folder,
    reason,
    sweep,
    unfinished,
    write_whole,
    writing,
)
from pddtui.speech import Speech
from tests.test_house import MODULES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "名字.json"


class Noting(Files):
    """Notes the calls, and refuses one if it is asked to."""

    def __init__(self, refused: str = "", number: int = errno.ENOSPC) -> None:
        self.calls: list[str] = []
        self._refused = refused
        self._number = number
        self._folders: set[int] = set()

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if call == self._refused:
            raise OSError(self._number, os.strerror(self._number))

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        if flags & os.O_DIRECTORY:
            self._folders.add(fd)
        return fd

    def close(self, fd: int) -> None:
        self._folders.discard(fd)
        super().close(fd)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        self._note("write")
        return super().write(fd, chunk)

    def sync(self, fd: int) -> None:
        self._note("sync folder" if fd in self._folders else "sync")
        super().sync(fd)

    def set_mode(self, fd: int, mode: int) -> None:
        self._note("mode")
        super().set_mode(fd, mode)

    def replace(self, source: Path, target: Path) -> None:
        self._note("replace")
        super().replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        self._note("link")
        super().link(source, target)


def put(path: Path, content: bytes, files: Files, *, over: bool = True) -> None:
    with unfinished(path.parent, path.name, files=files) as draft:
        files.write_all(draft.fd, (content,))
        draft.become(path, over=over)


def test_the_content_is_durable_before_its_name_and_the_name_before_the_call_returns(path: Path) -> None:
    files = Noting()
    put(path, b"one", files)
    assert files.calls == ["mode", "write", "sync", "replace", "sync folder"]
    assert path.read_bytes() == b"one"
    files.calls.clear()
    put(path.with_name("other"), b"two", files, over=False)
    assert files.calls == ["mode", "write", "sync", "link", "sync folder"]


@pytest.mark.parametrize("refused", ["mode", "write", "sync", "replace"])
def test_whatever_is_refused_before_the_swap_leaves_what_was_there_and_nothing_else(path: Path, refused: str) -> None:
    write_whole(path, b"old")
    with pytest.raises(OSError, match="No space left") as caught:
        put(path, b"new", Noting(refused))
    assert not isinstance(caught.value, LateFailure)
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == {path.name: b"old"}


def test_after_the_swap_it_is_said_that_the_new_file_may_not_last(path: Path) -> None:
    write_whole(path, b"old")
    with pytest.raises(LateFailure) as caught:
        put(path, b"new", Noting("sync folder", errno.EIO))
    assert caught.value.errno == errno.EIO
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == {path.name: b"new"}


def test_an_error_of_whoever_writes_leaves_nothing(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(path) as out:
        out.writelines(b"half" * (1 // left) for left in (1, 0))
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("write", ["whole", "stream"])
def test_no_descriptor_stays_open(path: Path, write: str) -> None:
    def held() -> list[str]:
        """What is open below the folder of the test; what other tests have left open closes when it likes."""
        opened = (each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
        return [str(name) for name in opened if name.is_relative_to(path.parent)]

    for refused in ("", "write", "sync", "replace", "sync folder"):
        try:
            put(path, b"x", Noting(refused))
        except OSError:
            assert refused
    if write == "whole":
        write_whole(path, b"x")
    else:
        with writing(path) as out:
            out.write(b"x")
    assert held() == []


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_a_file_is_private_whatever_the_umask_says(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(path, b"x")
        with writing(path.with_name("stream")) as out:
            out.write(b"x")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()} == {0o600}


def test_a_name_that_is_taken_is_not_written_over_unless_asked(path: Path) -> None:
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(path, b"new", over=False)
    with pytest.raises(FileExistsError), writing(path, over=False) as out:
        out.write(b"new")
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == {path.name: b"old"}
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_system_without_hard_links_takes_a_new_name_too(path: Path) -> None:
    files = Noting("link", errno.EPERM)
    put(path, b"new", files, over=False)
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == {path.name: b"new"}


def test_a_stream_stands_where_the_folder_cannot_be_synced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable.Files, "sync_folder", Noting("sync folder", errno.EINVAL).sync_folder)
    with writing(path) as out:
        out.write(b"x")
    assert path.read_bytes() == b"x"


def test_a_prepared_link_is_never_written_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = path.with_name("victim")
    victim.write_bytes(b"mine")
    monkeypatch.setattr(os, "urandom", lambda size: b"\0" * size)
    path.with_name(f".{path.name}.{os.getpid()}.000000.tmp").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_whole(path, b"theirs")
    assert victim.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["a", "a" * 255, "退款" * 40, "😀" * 60])
def test_the_longest_name_there_can_be_is_written_and_its_leftovers_are_known(tmp_path: Path, name: str) -> None:
    with unfinished(tmp_path, name) as draft:
        assert leftovers(tmp_path, name) == [draft.path]
        assert is_unfinished(draft.path.name)
        draft.become(tmp_path / name)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["x.tmp", ".x.tmp", ".x.12.abcdef.tmp~", "x.12.abcdef.tmp", ".x.a.abcdef.tmp"])
def test_a_name_that_people_give_is_never_swept(name: str) -> None:
    assert not is_unfinished(name)


def test_what_the_dead_left_is_swept_and_nothing_of_others(path: Path) -> None:
    old, young, other = (
        path.with_name(f".{name}.1.00000{n}.tmp") for n, name in enumerate((path.name, path.name, "o"))
    )
    for left in (old, young, other):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    with writing(path) as out:
        out.write(b"x")
    assert set(path.parent.iterdir()) == {path, young, other}
    sweep(path.parent, path.name, idle=0)
    assert set(path.parent.iterdir()) == {path, other}


def test_where_nothing_can_be_listed_nothing_is_swept_and_all_the_same_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Files, folder: Path) -> list[str]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(Files, "names", refuse)
    with writing(path) as out:
        out.write(b"x")
    assert path.read_bytes() == b"x"


def test_a_folder_is_made_with_all_above_it_and_for_its_owner_only(tmp_path: Path) -> None:
    need_folder(tmp_path / "a" / "b")
    need_folder(tmp_path / "a" / "b")
    assert {stat.S_IMODE(made.stat().st_mode) for made in tmp_path.rglob("*")} == {0o700}
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        need_folder(tmp_path / "file")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your quota is used up"),
        (errno.EFBIG, "larger than a file may be here"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "no permission"),
        (errno.EISDIR, "Is a directory"),
        (errno.ENOENT, "No such file or directory"),
        (errno.EOWNERDEAD, f"error {errno.EOWNERDEAD} of the system"),
    ],
)
def test_what_the_system_says_is_said_in_words(number: int, words: str) -> None:
    assert str(reason(OSError(number, os.strerror(number)))) == words


CHINESE = Speech("zh", ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_a_chinese_reader_gets_no_english_reason(number: int) -> None:
    said = CHINESE.say(reason(OSError(number, os.strerror(number))))
    assert not re.search("[A-Za-z]{4}", said)


def test_a_name_that_no_file_can_have_has_words() -> None:
    with pytest.raises(ValueError, match="null") as caught:
        Path("a\0b").read_bytes()
    assert CHINESE.say(reason(caught.value)) == "名称中含有空字符（NUL）"


def test_an_error_without_a_number_has_words_too() -> None:
    assert reason(OSError("links lead to each other")) == "links lead to each other"
    assert reason(TimeoutError()) == "TimeoutError"


def test_looking_whether_a_lock_is_held_takes_nothing_from_whoever_wants_it(tmp_path: Path) -> None:
    file = tmp_path / "x.lock"
    assert not is_locked(file)
    assert not file.exists()
    looking = Lock(file, patience=0.0)
    assert looking.acquire()
    assert is_locked(file)
    wanting, got = Lock(file, patience=10.0), threading.Event()

    def want() -> None:
        if wanting.acquire():
            got.set()

    waiter = threading.Thread(target=want)
    waiter.start()
    looking.close()
    waiter.join(10)
    assert got.is_set()
    assert is_locked(file)
    wanting.close()
    assert not is_locked(file)


# One door.

_CALLS = {
    *(f"os.{name}" for name in ("replace", "rename", "renames", "link", "symlink", "fsync", "fdatasync", "write")),
    *(f"os.{name}" for name in ("pwrite", "truncate", "ftruncate", "unlink", "remove", "mkdir", "makedirs", "fdopen")),
    *("os.open", "fcntl.flock", "fcntl.lockf"),
    *(f"shutil.{name}" for name in ("copy", "copy2", "copyfile", "move", "rmtree")),
}
_METHODS = {"write_text", "write_bytes", "rename", "hardlink_to", "symlink_to", "touch", "unlink", "mkdir", "rmdir"}

EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    "pddtui.store.disk": (
        {"os.pwrite", "os.ftruncate"},
        "the journal and the lock are written in place: one seam",
    ),
    "pddtui.services.drafts": ({".unlink"}, "a draft that was saved goes, with its lock"),
    "pddtui.ui.editor": (
        {"os.fdopen", "os.open", "tempfile"},
        "a text that is lent to the editor of the person, in a private folder that goes with it",
    ),
    "pddtui.services.evidence": (
        {".unlink", "os.open", "os.fdopen"},
        "a copy without a record goes; a pipe is read without waiting; a stream on what `unfinished` opened",
    ),
    "pddtui.services.export.bundle": ({"open for writing"}, "an entry of a zip, inside a stream of `writing`"),
    "pddtui.services.sealing": (
        {"tempfile", ".write_text", ".write_bytes"},
        "OpenSSH reads a signature from a file alone, in a private folder that goes with it",
    ),
    "pddtui.cli.crash": ({".unlink"}, "the oldest log of a fault goes"),
    "pddtui.cli.desk": (
        {"tempfile", "shutil.rmtree"},
        "the folder of a demonstration goes with it",
    ),
    "pddtui.cli.grammar": ({".write_text"}, "a line of a help page that click prints"),
    "pddtui.cli.streams": ({"os.open", "os.fdopen"}, "the null device in the place of a closed standard stream"),
    "pddtui.ui.terminal": ({"os.open", "os.write"}, "a terminal"),
}
"""Module -> what it calls besides `pddtui.durable`, and why that is no second way to write a file."""


def touched(tree: ast.AST) -> set[str]:
    """Every call of a module that makes, changes, names or removes a file, or may."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found |= {"tempfile"} & set(names)
            if isinstance(node, ast.ImportFrom) and node.module in {"os", "fcntl", "shutil"}:
                found |= {name for alias in node.names if (name := f"{node.module}.{alias.name}") in _CALLS}
        if isinstance(node, ast.Call):
            found |= _touched_by(node)
    return found


def _touched_by(call: ast.Call) -> set[str]:
    function = call.func
    name = function.id if isinstance(function, ast.Name) else ""
    if isinstance(function, ast.Attribute):
        name = function.attr
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        if (full := f"{owner}.{name}") in _CALLS:
            return {full}
        of_our_door = owner in {"disk", "files", "durable"} or ast.unparse(function.value) == "self._disk"
        if name in _METHODS and not of_our_door:
            return {f".{name}"}
        # `str.replace` takes two, the others keywords: with one alone it is the one of a path.
        if name == "replace" and len(call.args) == 1 and not call.keywords:
            return {".replace"}
    modes = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    writes = any(isinstance(mode, ast.Constant) and _writes(mode.value) for mode in modes)
    return {"open for writing"} if name == "open" and writes else set()


def _writes(mode: object) -> bool:
    return (
        isinstance(mode, str) and 0 < len(mode) <= 3 and set(mode) <= set("rwxabt+") and bool(set(mode) & set("wxa+"))
    )


def test_only_one_module_writes_files() -> None:
    found = {
        module: calls
        for module, path in MODULES.items()
        if module != "pddtui.durable" and (calls := touched(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {module: calls for module, (calls, _) in EXCEPTIONS.items()}


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("import os\nos.replace(a, b)", "os.replace"),
        ("from os import fsync", "os.fsync"),
        ("import tempfile", "tempfile"),
        ("from tempfile import mkstemp", "tempfile"),
        ("open(p, 'w')", "open for writing"),
        ("p.open('xb')", "open for writing"),
        ("p.open(mode='a')", "open for writing"),
        ("p.write_text('x')", ".write_text"),
        ("p.replace(q)", ".replace"),
        ("def f():\n    fcntl.flock(fd, 2)", "fcntl.flock"),
    ],
)
def test_every_way_to_write_would_be_seen(source: str, call: str) -> None:
    assert touched(ast.parse(source)) == {call}


@pytest.mark.parametrize(
    "source", ["'a'.replace('b', 'c')", "at.replace(day=1)", "open(p)", "p.open('rb')", "disk.unlink(p)"]
)
def test_what_writes_nothing_is_left_alone(source: str) -> None:
    assert touched(ast.parse(source)) == set()
