"""In a real terminal: nothing that arrives ends the program, and a line that is lost ends it at once."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Paste

from pddtui.cli.desk import before_textual
from pddtui.ui.terminal import HUNG_UP, LegacyMouse, Pastes

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds after which a test gives up; nothing waits as long when all is well."""


class Session:
    """The tiny program, its terminal and what it reports."""

    def __init__(self, *, stdin: int | None = None, **environ: str) -> None:
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.reports, report = os.pipe()
        self.output = b""
        self._said = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.tiny"],
            cwd=ROOT,
            env={**os.environ, **environ, "REPORT": str(report)},
            stdin=slave if stdin is None else stdin,
            stdout=slave,
            stderr=slave,
            pass_fds=[report],
            start_new_session=True,
        )
        os.close(slave)
        os.close(report)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def hears(self, line: str) -> None:
        """Wait for a report; meanwhile read the screen, lest the program waits for its reader."""
        while line.encode() + b"\n" not in self._said:
            assert self._read_some(), f"ended or silent; it said {self._said!r}"

    def heard(self) -> list[str]:
        return self._said.decode().splitlines()

    def shows(self, sign: bytes, times: int = 1) -> None:
        while self.output.count(sign) < times:
            assert self._read_some(), f"{sign!r} never came"

    def hang_up(self) -> None:
        os.close(self.master)
        self.master = -1

    def ends(self) -> int:
        """Wait for the end, reading all that is left to read."""
        while self._read_some():
            pass
        return self.process.wait(PATIENCE)

    def _read_some(self) -> bool:
        open_files = [file for file in (self.master, self.reports) if file >= 0]
        if not open_files:
            return False
        ready, _, _ = select.select(open_files, [], [], PATIENCE)
        for file in ready:
            try:
                chunk = os.read(file, 65536)
            except OSError:  # the last of the program's side of the terminal is closed
                chunk = b""
            if file == self.master:
                self.output += chunk
            else:
                self._said += chunk
            if chunk:
                return True
            if file == self.reports:
                self.reports = -1
                os.close(file)
                return self.master >= 0
            self.hang_up()
        return bool(ready)

    def close(self) -> None:
        for file in (self.master, self.reports):
            if file >= 0:
                os.close(file)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Start(Protocol):
    def __call__(self, **environ: str) -> Session: ...


@pytest.fixture
def start() -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def begin(**environ: str) -> Session:
            session = Session(stdin=None, **environ)
            stack.callback(session.close)
            session.hears("ready")
            return session

        yield begin


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (b"a\xffb", "a\ufffdb"),
        ("名".encode("gbk") + b"!", "\ufffd\ufffd!"),
        (b"\xe5\xae!", "\ufffd!"),
        (b"\x1b[M#\xff\xf0a", "a"),
        (b"\x1b[M#\xc3\xa9\x1b[M#\xe5\xaea", "a"),
        (b"\x1b[1114112;1ua", "a"),
        (b"\x1b[97:65;2ua", "a"),
    ],
    ids=[
        "latin-1",
        "gbk",
        "half a sign",
        "mouse past column 95",
        "mouse like utf-8",
        "key beyond unicode",
        "alternate",
    ],
)
def test_no_byte_ends_the_program_or_is_taken_for_a_key(start: Start, typed: bytes, value: str) -> None:
    """textual#6456, textual#6668."""
    session = start()
    session.type(typed)
    session.hears(f"value {value}")
    session.type(b"\x11")
    assert session.ends() == 0
    assert [said for said in session.heard() if said.startswith("value")][-1] == f"value {value}"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (b"\xff", b"UnicodeDecodeError"),
        (b"\x1b[M#\xff\xf0", b"UnicodeDecodeError"),
        (b"\x1b[1114112;1u", b"ValueError"),
    ],
)
def test_textual_still_has_the_faults_that_the_driver_cures(start: Start, typed: bytes, fault: bytes) -> None:
    """textual#6456, textual#6668: when this fails, that part of the driver can go."""
    session = start(STOCK="1")
    session.type(typed)
    session.ends()
    assert fault in session.output


def test_a_terminal_that_forgot_the_mouse_encoding_is_asked_for_it_once_more(start: Start) -> None:
    session = start()
    session.shows(b"\x1b[?1006h", times=2)
    session.output = b""
    session.type(b"\x1b[M#\xf0\xf0" * 3)
    session.shows(b"\x1b[?1006h")
    session.type(b"\x1b[<0;5;1M")
    session.hears("mouse 4 0")
    assert session.output.count(b"\x1b[?1006h") == 1
    session.type(b"\x1b[M#\xf0\xf0")
    session.shows(b"\x1b[?1006h", times=2)


@given(st.lists(st.binary(max_size=4) | st.sampled_from([b"\x1b[M#\xff\x80", b"\x1b", b"[M", b"\x1b[", "字".encode()])))
def test_a_legacy_report_is_found_however_it_is_split(pieces: list[bytes]) -> None:
    whole, split = LegacyMouse(), LegacyMouse()
    together = whole.sift(b"".join(pieces))
    assert b"".join(split.sift(piece) for piece in pieces) == together
    assert together == re.sub(
        rb"(?s)(\x1b\[M)(.{1,3})", lambda found: found[1] + b"!" * len(found[2]), b"".join(pieces)
    )


PASTED = "AAA \x1b[31m q\x07\x1b]0;x\x07 [@click=app.quit]B[/]"


@pytest.mark.parametrize("pieces", [1, 2, 7, 100])
def test_nothing_in_a_paste_is_taken_for_a_key(start: Start, pieces: int) -> None:
    session = start()
    typed = f"<\x1b[200~{PASTED}\x1b[201~>".encode()
    size = -(-len(typed) // pieces)
    for at in range(0, len(typed), size):
        session.type(typed[at : at + size])
    session.hears("value <AAA  q]0;x [@click=app.quit]B[/]>")
    session.type(b"\x11")
    assert session.ends() == 0


def test_textual_still_takes_what_is_pasted_behind_a_sequence_for_keys(start: Start) -> None:
    """When this fails, `ui/pastes.py` can go."""
    session = start(STOCK="1")
    session.type(b"\x1b[200~AAA \x1b[31mBBB\x1b[201~.")
    session.hears("value ^[31mBBBAAA.")


@given(st.lists(st.sampled_from([*"a\x1b[20~1", Pastes.START, Pastes.END, "字 b", "\x1b[31m"])), st.data())
def test_pastes_are_cut_out_however_they_are_split(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    whole, split = Pastes(), Pastes()
    told = list(whole.cut(text))
    ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
    pieces = [piece for start, end in ends for piece in split.cut(text[start:end])]
    pasted = re.findall(r"(?s)\x1b\[200~(.*?)\x1b\[201~", text)
    assert [piece.text for piece in told if isinstance(piece, Paste)] == pasted
    assert [piece.text for piece in pieces if isinstance(piece, Paste)] == pasted
    keys = re.sub(r"(?s)\x1b\[200~.*?(\x1b\[201~|$)", "", text)
    assert "".join(piece for piece in told if isinstance(piece, str)) == keys
    assert whole.inside == split.inside


@pytest.mark.parametrize("hangup_ignored", [False, True])
def test_a_lost_line_ends_the_program_at_once(start: Start, hangup_ignored: bool) -> None:
    session = start(HANGUP_IGNORED="1" if hangup_ignored else "")
    session.hang_up()
    assert session.ends() in ({HUNG_UP} if hangup_ignored else {HUNG_UP, -signal.SIGHUP})


def test_input_that_is_at_its_end_ends_the_program_and_leaves_a_usable_terminal() -> None:
    with Path(os.devnull).open() as nothing:
        session = Session(stdin=nothing.fileno())
        try:
            assert session.ends() == HUNG_UP
        finally:
            session.close()
    assert session.output.rfind(b"\x1b[?1049l") > session.output.rfind(b"\x1b[?1049h")


def test_quitting_gives_the_terminal_back_as_it_was(start: Start) -> None:
    session = start()
    session.type(b"\x11")
    session.shows(b"\x1b[?1049l")
    assert session.process.wait(PATIENCE) == 0
    assert termios.tcgetattr(session.master) == session.before


@pytest.mark.parametrize(
    ("environ", "kitty"),
    [({}, True), ({"TERM_PROGRAM": "iTerm.app"}, False), ({"LC_TERMINAL": "iTerm2"}, False)],
)
def test_the_kitty_keyboard_is_left_out_only_in_iterm2(start: Start, environ: dict[str, str], kitty: bool) -> None:
    session = start(**environ)
    assert (re.search(rb"\x1b\[>\d+u", session.output) is not None) is kitty


def test_what_the_user_has_set_for_the_kitty_keyboard_stands() -> None:
    environ = {"TERM_PROGRAM": "iTerm.app", "TEXTUAL_DISABLE_KITTY_KEY": "0"}
    before_textual(environ)
    assert environ["TEXTUAL_DISABLE_KITTY_KEY"] == "0"


COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9\d|10\d)[\d;]*m")


@pytest.mark.parametrize("theme", ["pddtui-dark", "pddtui-light", "ansi-dark", "ansi-light", "nord"])
def test_no_color_means_no_colour_in_any_theme(start: Start, theme: str) -> None:
    session = start(NO_COLOR="1", THEME=theme)
    session.shows(b"coloured")
    assert COLOUR.findall(session.output) == []
    plain = start(THEME=theme)
    plain.shows(b"coloured")
    assert COLOUR.findall(plain.output) != []
