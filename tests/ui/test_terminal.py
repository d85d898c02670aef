"""In a real terminal: nothing that arrives ends the program, and however it ends, the terminal is as it was found."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from pddtui.cli.desk import before_textual
from pddtui.ui.terminal import GIVEN_BACK, HUNG_UP, can_tell, fatal_signals

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds after which a test gives up; nothing waits as long when all is well."""


TINY = (sys.executable, "-m", "tests.ui.tiny")
DEMO = (sys.executable, "-m", "pddtui", "--lang", "en", "demo")


def _hear_signals() -> None:
    """As a shell starts it, whatever the tests were started with (`nohup`, in the background)."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


class Session:
    """The tiny program or another, its terminal and what it reports."""

    def __init__(
        self, command: Sequence[str] = TINY, *, stdin: int | None = None, stderr: int | None = None, **environ: str
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.reports, report = os.pipe()
        self.output = b""
        self._said = b""
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environ, "REPORT": str(report)},
            stdin=slave if stdin is None else stdin,
            stdout=slave,
            stderr=slave if stderr is None else stderr,
            pass_fds=[report],
            start_new_session="STOPPABLE" not in environ,
            process_group=0 if "STOPPABLE" in environ else None,
            preexec_fn=_hear_signals,  # noqa: PLW1509 -- the test starts no threads
        )
        os.close(slave)
        os.close(report)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def hears(self, line: str) -> None:
        """Wait for a report; meanwhile read the screen, lest the program waits for its reader."""
        while line.encode() + b"\n" not in self._said:
            assert self._read_some(), f"ended or silent; it said {self._said!r}"

    def hears_without_reading(self, line: str) -> None:
        """Wait for a report while nobody reads the screen."""
        while line.encode() + b"\n" not in self._said:
            assert select.select([self.reports], [], [], PATIENCE)[0], f"silent; it said {self._said[-200:]!r}"
            chunk = os.read(self.reports, 65536)
            assert chunk, f"ended; it said {self._said[-200:]!r}"
            self._said += chunk

    def heard(self) -> list[str]:
        return self._said.decode().splitlines()

    def shows(self, sign: bytes, times: int = 1) -> None:
        while self.output.count(sign) < times:
            assert self._read_some(), f"{sign!r} never came"

    def found(self) -> bool:
        """Whether the terminal is as the program found it."""
        return termios.tcgetattr(self.master) == self.before and self.output.endswith(GIVEN_BACK.encode())

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
            session = Session(TINY, stdin=None, stderr=None, **environ)
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
        (b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\a", "a"),
        (b"\x1bP>|tmux 3.3a\x1b\\a", "a"),
        (b"\x1b[?62;22;52c\x1b[8;36;120t\x1b[?997;1na", "a"),
    ],
    ids=[
        "latin-1",
        "gbk",
        "half a sign",
        "mouse past column 95",
        "mouse like utf-8",
        "key beyond unicode",
        "colour",
        "name of the terminal",
        "what it can",
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
    session.shows(b"\x1b[?1006h")
    session.output = b""
    session.type(b"\x1b[M#\xf0\xf0" * 3)
    session.shows(b"\x1b[?1006h")
    session.type(b"\x1b[<0;5;1M")
    session.hears("mouse 4 0")
    assert session.output.count(b"\x1b[?1006h") == 1
    session.type(b"\x1b[M#\xf0\xf0")
    session.shows(b"\x1b[?1006h", times=2)


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
    """When this fails, the pastes of `ui/keyboard.py` can go."""
    session = start(STOCK="1")
    session.type(b"\x1b[200~AAA \x1b[31mBBB\x1b[201~.")
    session.hears("value ^[31mBBBAAA.")


def test_what_has_no_end_stops_no_key(start: Start) -> None:
    session = start()
    session.type(b"\x1b[200~three lines\nin one, and the line")
    session.hears("value three lines in one, and the line")
    session.type(b"\x1b]52;c;aGVsbG8")
    session.type(b"\x11")
    assert session.ends() == 0


def test_an_escape_waits_as_long_as_escdelay_says(start: Start) -> None:
    session = start(ESCDELAY="60000")
    session.type(b"ab\x1b")
    session.hears("value ab")
    session.type(b"[D")
    session.type(b"c")
    session.hears("value acb")


def test_lines_that_come_without_brackets_are_not_glued_together(start: Start) -> None:
    session = start()
    session.type("第一行\n第二行\r第三行".encode())
    session.hears("value 第一行 第二行 第三行")
    for piece in (b"a", b"\n", b"b"):
        session.type(piece)
    session.hears("value 第一行 第二行 第三行a b")


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
    assert session.found()


ENDINGS = [signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGINT]


@pytest.mark.parametrize("number", ENDINGS)
def test_a_signal_that_ends_the_program_gives_the_terminal_back(start: Start, number: signal.Signals) -> None:
    session = start()
    session.process.send_signal(number)
    session.shows(b"\x1b[?25h")
    assert session.process.wait(PATIENCE) == 128 + number
    assert session.found()


def test_every_signal_that_would_end_it_is_among_them() -> None:
    kept = {"KILL", "STOP", "SEGV", "BUS", "FPE", "ILL", "ABRT"}  # nobody can catch these, or has to
    harmless = {"CHLD", "CLD", "CONT", "TSTP", "TTIN", "TTOU", "URG", "WINCH", "PIPE", "XFSZ", "IO", "IOT"}
    named = {each.name.removeprefix("SIG") for each in signal.Signals if not each.name.startswith("SIGRT")}
    assert named - kept - harmless <= {each.name.removeprefix("SIG") for each in fatal_signals()}


def test_a_line_that_nobody_reads_does_not_keep_the_program_from_ending(start: Start) -> None:
    session = start(FLOOD="1")
    session.hears("flooded")
    session.process.send_signal(signal.SIGTERM)
    assert session.process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert termios.tcgetattr(session.master) == session.before


def test_it_can_be_stopped_and_go_on_any_number_of_times(start: Start) -> None:
    session = start(STOPPABLE="1")
    typed = ""
    for letter, number in zip("abcdef", [signal.SIGTSTP, signal.SIGSTOP] * 3, strict=True):
        session.output = b""
        session.process.send_signal(number)
        _, status = os.waitpid(session.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        if number == signal.SIGTSTP:
            assert termios.tcgetattr(session.master) == session.before
        session.process.send_signal(signal.SIGCONT)
        session.shows(b"coloured")
        assert session.output.rfind(b"\x1b[?1049h") > session.output.rfind(b"\x1b[?1049l")
        typed += letter
        session.type(letter.encode())
        session.hears(f"value {typed}")
    session.type(b"\x11")
    session.shows(GIVEN_BACK.encode())
    assert session.process.wait(PATIENCE) == 0
    assert session.found()


def test_ctrl_z_takes_back_what_is_being_typed(start: Start) -> None:
    session = start()
    session.type(b"one two")
    session.hears("value one two")
    session.type(b"\x1a")
    session.hears("value one ")
    session.type(b"\x1a\x1a\x1athree")
    session.hears("value three")
    session.type(b"\x11")
    assert session.ends() == 0


def test_the_desk_is_drawn_on_the_terminal_whatever_is_done_to_stderr(start: Start, tmp_path: Path) -> None:
    with (tmp_path / "err").open("wb") as file:
        session = Session(DEMO, stderr=file.fileno())
        with contextlib.closing(session):
            session.shows(b"Contact log")
            session.type(b"\x1a")
            session.shows(b"no shell")  # it leads its session, so nobody could wake it
            session.type(b"q")
            assert session.ends() == 0
    assert (tmp_path / "err").read_bytes() == b""
    with contextlib.closing(Session(("sh", "-c", f"exec {' '.join(DEMO)} 2>&-"), COLUMNS="40", LINES="10")) as session:
        session.shows(b"Contact log")  # beside the cases: the window has 120 columns, whatever is exported
        session.type(b"q")
        assert session.ends() == 0


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_draw_gets_a_sentence(term: str) -> None:
    with contextlib.closing(Session(DEMO, TERM=term)) as session:
        assert session.ends() == 2
    assert b"pddtui due" in session.output
    assert b"\x1b" not in session.output


@pytest.fixture
def demos(tmp_path: Path) -> Callable[[], list[Path]]:
    return lambda: list(tmp_path.glob("pddtui-demo-*"))


def test_no_way_out_leaves_the_folder_of_a_demonstration(tmp_path: Path, demos: Callable[[], list[Path]]) -> None:
    with contextlib.closing(Session(DEMO, TMPDIR=str(tmp_path))) as killed:
        killed.shows(b"Contact log")
        with contextlib.closing(Session(DEMO, TMPDIR=str(tmp_path))) as other:
            other.shows(b"Contact log")
            assert len(demos()) == 2
            killed.process.kill()
            killed.process.wait()
            with contextlib.closing(Session(DEMO, TMPDIR=str(tmp_path))) as third:
                third.shows(b"Contact log")
                assert len(demos()) == 2, "what the killed one left is gone, what the other needs is there"
                third.hang_up()
                third.ends()
            other.process.send_signal(signal.SIGTERM)
            assert other.ends() == 128 + signal.SIGTERM
    assert demos() == []


EDITOR = """#!/bin/sh
echo EDITING
read line
[ "$line" = keep ] && exec sleep 60
printf "%s, edited" "$line" > "$1"
"""
"""Takes a line from the terminal for the text."""


def test_a_text_goes_through_an_editor_and_a_line_that_is_lost_meanwhile_loses_nothing(tmp_path: Path) -> None:
    editor, temporary, state = tmp_path / "editor", tmp_path / "tmp", tmp_path / "state"
    editor.write_text(EDITOR)
    editor.chmod(0o700)
    temporary.mkdir()
    command = (sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(tmp_path / "cases.json"))
    subprocess.run((*command, "add", "kettle"), cwd=ROOT, check=True, capture_output=True)
    session = Session(command, VISUAL=str(editor), TMPDIR=str(temporary), XDG_STATE_HOME=str(state))
    with contextlib.closing(session):
        session.shows(b"Contact log")
        session.type(b"l")
        session.shows(b"What was said")
        session.type(b"x\t\x18")
        session.shows(b"EDITING")
        session.process.send_signal(signal.SIGINT)  # Ctrl+C, which is the editor's
        session.type(b"typed there\n")
        session.shows(b"edited")
        assert list(temporary.iterdir()) == []
        session.type(b"\x18")
        session.shows(b"EDITING", 2)
        assert termios.tcgetattr(session.master) == session.before, "the terminal is the editor's"
        session.type(b"keep\n")
        session.process.send_signal(signal.SIGHUP)
        assert session.ends() == HUNG_UP
    assert list(temporary.iterdir()) == []
    drafts = [path for path in state.rglob("*") if path.is_file() and b"typed there, edited" in path.read_bytes()]
    assert len(drafts) == 1


FAULTY = """
from pddtui.ui.screens.desk import DeskScreen
def action_help(self):
    order = "260101-99"
    raise KeyError(order)
DeskScreen.action_help = action_help
from pddtui.cli.main import main
main()
"""


def test_a_fault_of_the_program_is_one_sentence_and_a_log_without_words(tmp_path: Path) -> None:
    with contextlib.closing(Session((sys.executable, "-c", FAULTY, *DEMO[3:]), TMPDIR=str(tmp_path))) as session:
        session.shows(b"Contact log")
        session.type(b"?")
        assert session.ends() == 70
    said = session.output.rpartition(GIVEN_BACK.encode())[2].decode().strip()
    assert re.fullmatch(r"pddtui: The program has a fault \(KeyError\).* is saved\..*\.", said), said
    assert b"260101-99" not in session.output
    log = re.search(r"\S+\.log", said)
    assert log is not None
    assert "KeyError" in Path(log[0]).read_text(encoding="utf-8"), "it outlives the folder of the demonstration"


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


def test_auto_is_light_where_the_terminal_is_and_no_answer_is_typed() -> None:
    with contextlib.closing(Session(DEMO)) as session:
        session.shows(b"\x1b]11;?\x1b\\")
        session.type(b"\x1b]11;rgb:fafa/fafa/f7f7\x1b\\")
        session.shows(b"48;2;250;250;247")
        session.type(b"/")
        session.shows(b"turn:theirs")
        session.type(b"\x1b]11;rgb:1515/1818/1c1c\x1b\\zq")
        session.shows(b"0 found")
        session.output = b""
        session.type(b"\x11")
        assert session.ends() == 0
    assert b"48;2;21;24;28" not in session.output


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "socket,1,0"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "linux"}, False),
        ({}, True),
    ],
)
def test_a_terminal_that_has_no_answer_is_not_asked(environ: dict[str, str], asked: bool) -> None:
    assert can_tell(environ) is asked
