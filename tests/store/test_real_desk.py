"""The real desk in a real terminal: what was acknowledged or half typed is on disk, however the desk ends."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pyte
import pytest

from pddtui.store import TinyCaseStore
from tests.store.test_black_box import run

PATIENCE = 30
"""Seconds after which a test gives up; nothing waits as long when all is well."""

ROWS, COLUMNS = 36, 120

CURSOR, LINES_OF_A_CASE = "▌", 2
"""What marks each line of the row under the cursor, and how many lines a row has."""

SAVE, TAKE = "\x13", "\x12"
"""Ctrl+S and, in a form that offers what was not saved, Ctrl+R."""


class Window:
    """A desk in a terminal of its own, and what a person reads in it."""

    def __init__(self, path: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)
        self._letters = codecs.getincrementaldecoder("utf-8")("replace")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(path), *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
            preexec_fn=_take_terminal,  # noqa: PLW1509 -- the test starts no threads
        )
        os.close(slave)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def reads(self, *words: str, without: str | None = None) -> None:
        """Wait until all of this can be read, and that cannot."""
        self.waits(lambda: all(word in self.text for word in words) and (without is None or without not in self.text))

    def waits(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < deadline, self.text
            assert self._read_some() or self.process.poll() is None, self.text

    def _read_some(self) -> bool:
        if not select.select([self._master], [], [], 0.05)[0]:
            return False
        try:
            found = os.read(self._master, 1 << 16)
        except OSError:  # nobody is at the other end any more
            return False
        self._stream.feed(self._letters.decode(found))
        return bool(found)

    def selected(self) -> str:
        """The first line of the row under the cursor; "" while the terminal has drawn only a part of it.

        A read may end in the middle of a frame, with the cursor on one line of a row, or on two rows.
        """
        lines = [line[: COLUMNS // 3] for line in self.text.splitlines()]
        cases = takewhile(lambda line: " 3 Due" not in line, lines)  # below it what is due has a cursor of its own
        marked = [line for line in cases if CURSOR in line]
        return marked[0] if len(marked) == LINES_OF_A_CASE else ""

    def selects(self, words: str) -> None:
        """Wait until the cursor is on the row with these words."""
        self.waits(lambda: words in self.selected())

    def moves(self, key: str) -> None:
        """Press a key and wait until the cursor is on another row."""
        self.waits(lambda: self.selected() != "")
        before = self.selected()
        self.type(key)
        self.waits(lambda: self.selected() not in ("", before))

    def hang_up(self) -> None:
        """Lose the line, as a dropped SSH connection does."""
        os.close(self._master)
        self._master = -1
        self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        if self._master >= 0:
            os.close(self._master)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


Open = Callable[..., Window]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    for title in ("first-kettle", "second-nuts", "third-suitcase"):
        assert run(path, "add", title)[0] == 0
    return path


@pytest.fixture
def window(path: Path) -> Iterator[Open]:
    with contextlib.ExitStack() as stack:

        def opened(*arguments: str) -> Window:
            made = Window(path, *arguments)
            stack.callback(made.close)
            return made

        yield opened


def said(path: Path) -> list[str]:
    """Every contact in the file and its journal, as any reader of both has them now."""
    store = TinyCaseStore.open(path)
    try:
        return [contact.summary for case in store.cases().values() for contact in case.contacts]
    finally:
        store.release()


def words_on_disk() -> list[str]:
    """What was said in the drafts of this user, torn ones left out."""
    folder = Path(os.environ["XDG_STATE_HOME"]) / "pddtui" / "drafts"
    drafts = (json.loads(file.read_bytes()) for file in folder.glob("*.json"))
    return [draft["values"]["said"] for draft in drafts]


def begin_contact(desk: Window, words: str) -> None:
    """Open the form on the selected case and type what was said."""
    desk.type("l")
    desk.reads("Log a contact", "What was said", "Ctrl+S save")
    desk.type("\t" + words)
    desk.reads(words)


def save(desk: Window) -> None:
    """Save the form. The desk says so only after it has shown what was saved and put the cursor there."""
    desk.type(SAVE)
    desk.reads("Logged in PDD-", without="Ctrl+S save")


def choose(desk: Window, title: str) -> None:
    desk.waits(lambda: desk.selected() != "")
    while title not in desk.selected():
        desk.moves("j")


def test_a_contact_is_on_disk_when_the_line_is_lost_right_after_it_was_saved(path: Path, window: Open) -> None:
    desk = window()
    desk.reads("first-kettle")
    begin_contact(desk, "we-will-look-into-it")
    save(desk)
    desk.reads("we-will-look-into-it")
    desk.hang_up()
    assert said(path) == ["we-will-look-into-it"]
    assert words_on_disk() == []


@pytest.mark.parametrize("end", [Window.kill, Window.hang_up])
def test_a_half_typed_form_is_offered_again_at_its_case_and_nowhere_else(
    path: Path, window: Open, end: Callable[[Window], None]
) -> None:
    desk = window()
    desk.reads("first-kettle")
    choose(desk, "second-nuts")
    begin_contact(desk, "they-promised-a-refu")
    desk.waits(lambda: words_on_disk() == ["they-promised-a-refu"])
    end(desk)
    assert said(path) == []
    assert words_on_disk() == ["they-promised-a-refu"]

    again = window()
    again.reads("first-kettle")
    begin_contact(again, "also-said")
    assert "is not saved yet" not in again.text
    save(again)
    again.reads("also-said")
    choose(again, "second-nuts")
    again.type("l")
    again.reads("is not saved yet")
    again.type(TAKE)
    again.reads("they-promised-a-refu")
    save(again)
    again.reads("they-promised-a-refu")
    assert sorted(said(path)) == ["also-said", "they-promised-a-refu"]
    again.waits(lambda: words_on_disk() == [])


def test_two_windows_see_each_other_and_disturb_nobody(path: Path, window: Open) -> None:
    mine, theirs = window(), window()
    for desk in (mine, theirs):
        desk.reads("first-kettle")
    choose(theirs, "second-nuts")
    begin_contact(mine, "from-my-window")
    save(mine)
    mine.reads("from-my-window")
    theirs.reads("another window saved a change")
    theirs.selects("second-nuts")

    begin_contact(theirs, "half-a-sen")
    choose(mine, "second-nuts")
    begin_contact(mine, "while-they-type")
    save(mine)
    mine.reads("while-they-type")
    theirs.type("tence")
    theirs.reads("half-a-sentence", "Ctrl+S save")
    save(theirs)
    theirs.reads("half-a-sentence", "while-they-type")
    mine.reads("half-a-sentence")
    assert sorted(said(path)) == ["from-my-window", "half-a-sentence", "while-they-type"]


def test_a_damaged_file_is_recovered_from_the_desk_with_consent(path: Path, window: Open) -> None:
    text = path.read_bytes()
    path.write_bytes(text[:-40])
    desk = window()
    desk.reads("The cases cannot be shown", "3 cases can be recovered")
    desk.type("B")
    desk.reads("Rebuild the data file from this?")
    assert path.read_bytes() == text[:-40]
    desk.type("y")
    desk.reads("first-kettle", "second-nuts", "1 Cases")
    assert run(path, "doctor")[0] == 0


def test_who_leaves_a_damaged_file_alone_gets_the_reason_and_its_exit_code(path: Path, window: Open) -> None:
    path.write_bytes(b"torn")
    desk = window()
    desk.reads("The cases cannot be shown")
    desk.type("q")
    desk.reads("pddtui: The data file")
    assert desk.process.wait(PATIENCE) == 5
    assert path.read_bytes() == b"torn"


@pytest.mark.parametrize(("kind", "said"), [("folder", "is a folder"), ("empty", "pddtui recover --empty")])
def test_where_nothing_can_be_recovered_the_desk_says_what_can_be_done(path: Path, kind: str, said: str) -> None:
    place = path.parent / "another"
    if kind == "folder":
        place.mkdir()
    else:
        place.write_bytes(b"")
    with contextlib.closing(Window(place)) as desk:
        desk.reads("The cases cannot be shown", said, "Put the right file")
        desk.type("q")
        desk.reads("pddtui: ")
        assert desk.process.wait(PATIENCE) == 5


def test_the_newest_backup_can_be_looked_at_and_not_changed(path: Path, window: Open) -> None:
    store = TinyCaseStore.open(path)
    store.storage.reading.backups.keep("", store.storage.surroundings.now(), path)
    store.release()
    path.unlink()  # a backup may be a link to the same content
    path.write_bytes(b"torn")
    desk = window()
    desk.reads("The cases cannot be shown", "newest backup", "N Newest backup")
    desk.type("N")
    desk.reads("third-suitcase", "read-only")
    desk.type("l")
    desk.reads("This is the backup")
    assert "Log a contact" not in desk.text
    assert path.read_bytes() == b"torn"


def test_a_file_that_may_not_be_written_opens_with_a_banner_and_refuses_at_the_key(path: Path, window: Open) -> None:
    lines = path.read_bytes().split(b"\n")
    lines[0] = lines[0].replace(b'"schema":2', b'"schema":99')
    path.write_bytes(b"\n".join(lines))
    desk = window()
    desk.reads("first-kettle", "read-only")
    desk.type("n")
    desk.reads("schema")
    assert path.read_bytes() == b"\n".join(lines)
