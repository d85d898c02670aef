"""The command line as a test calls it: arguments in; exit code, standard output and error out. Time stands still."""

from __future__ import annotations

import io
import json
import os
import pty
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from pddtui.cli.main import run_line
from pddtui.services.casebook import SystemClock


@dataclass(frozen=True)
class Result:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)

    @property
    def id(self) -> str:
        """The only line of output of a command that printed an id."""
        assert (self.code, self.out.count("\n")) == (0, 1), self
        return self.out.strip()


class Program:
    """The program on one data file."""

    def __init__(self, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = file
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *args: str, stdin: str = "") -> Result:
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = run_line(["--file", str(self.file), *args])
        captured = self._capsys.readouterr()
        return Result(code, captured.out, captured.err)

    def hint(self, command: str) -> str:
        """A command as the program names it, to be pasted into a shell."""
        return f"`pddtui --file {shlex.quote(str(self.file))} {command}"

    def at(self, file: Path) -> Program:
        """The same program on another file."""
        return Program(file, self._capsys, self._monkeypatch)


class Hands:
    """The clock of the machine, which a test may set."""

    def __init__(self, now: datetime) -> None:
        self.now = now


@pytest.fixture
def hands(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Sunday 2026-11-22, noon in Shanghai, until a test sets it otherwise."""
    hands = Hands(now)

    def told(clock: SystemClock) -> datetime:
        zone: tzinfo = clock._zone
        return hands.now.astimezone(zone)

    monkeypatch.setattr(SystemClock, "now", told)
    return hands


@pytest.fixture
def pddtui(
    hands: Hands, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The program on a file that is not there yet."""
    return Program(tmp_path / "data" / "cases.json", capsys, monkeypatch)


@pytest.fixture
def kettle(pddtui: Program) -> Program:
    """The program on a file with one case: a demand on Monday the 16th and a promise until Thursday the 19th."""
    pddtui(
        *("add", "电热水壶第三天不通电", "--problem", "quality", "--merchant", "小家电店", "--order", "261109-0101"),
        *("--amount", "89", "--demand", "return_refund", "--received", "2026-11-12", "--at", "2026-11-16 09:00"),
    )
    pddtui(
        *("log", "1", "--out", "--demand", "--channel", "merchant_chat"),
        *("--said", "坏了，要求退货退款", "--at", "2026-11-16 09:00"),
    )
    pddtui(
        *("log", "1", "--in", "--channel", "merchant_chat", "--name", "小A", "--role", "店铺客服", "--staff-no", "07"),
        *(
            "--said",
            "三个工作日内给方案",
            "--promise",
            "给处理方案",
            "--due",
            "3个工作日内",
            "--at",
            "2026-11-16 10:00",
        ),
    )
    return pddtui


def at_a_terminal(program: Program, *args: str, answer: str) -> Result:
    """What a person sees and gets who types this answer."""
    master, slave = pty.openpty()
    os.write(master, answer.encode() + b"\n")
    command = [sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(program.file), *args]
    done = subprocess.run(command, stdin=slave, capture_output=True, text=True, check=False)
    os.close(master)
    os.close(slave)
    return Result(done.returncode, done.stdout, done.stderr)
