"""How fast the desk starts and moves, against a bare Textual app in the same run: `python -m tests.bench.bench_desk`.

Each program runs in a terminal of its own, 120 columns by 36 rows. `frame` is the time from its start to the first
bytes that show a case, `answer` to the answer of a key pressed then; `down` is what one cursor key costs from its
press to the last byte it causes. Sizes are arguments; absolute times drift, ratios do not.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tests.bench.bench_store import fill

ROUNDS, KEYS = 5, 20
SILENCE = 0.08
"""Seconds without a byte after which a key has had its effect."""
PATIENCE = 60.0

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("slash", "answer", ""), ("j", "down", "")]
    steps = 0
    def compose(self):
        yield Static("BARE-READY")
    def action_answer(self):
        self.query_one(Static).update("BARE-ANSWER")
    def action_down(self):
        self.steps += 1
        self.query_one(Static).update(f"step {self.steps}")

Bare().run()
"""


class Program(Struct, frozen=True, kw_only=True):
    """What to start, and by which bytes its readiness and its answer to `/` are known."""

    command: Sequence[str]
    ready: bytes
    answer: bytes


class Measured(Struct, kw_only=True):
    """Medians: milliseconds, bytes, and megabytes of memory."""

    frame: float
    answered: float
    start_bytes: float
    down: float
    down_bytes: float
    memory: float


class Terminal:
    """One run of a program, and when its bytes came."""

    def __init__(self, program: Program, environ: Mapping[str, str]) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            program.command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=dict(environ)
        )
        os.close(slave)
        self.seen = b""
        self.last = self.began

    def until(self, sign: bytes) -> float:
        """Seconds from the start to these bytes."""
        while sign not in self.seen:
            if not self.read(PATIENCE):
                raise TimeoutError(f"{sign!r} never came: {self.seen[-2000:]!r}")
        return self.last - self.began

    def read(self, patience: float) -> bool:
        if not select.select([self.master], [], [], patience)[0]:
            return False
        self.seen += os.read(self.master, 1 << 16)
        self.last = time.perf_counter()
        return True

    def settle(self) -> None:
        while self.read(SILENCE):
            pass

    def press(self, key: bytes) -> tuple[float, int]:
        """Seconds to the last byte that the key causes, and how many they are."""
        before, pressed = len(self.seen), time.perf_counter()
        os.write(self.master, key)
        if not self.read(PATIENCE):
            raise TimeoutError(f"{key!r} has no effect")
        self.settle()
        return self.last - pressed, len(self.seen) - before

    def memory(self) -> float:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE") / 1e6

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


def once(program: Program, environ: Mapping[str, str]) -> Measured:
    terminal = Terminal(program, environ)
    try:
        frame = terminal.until(program.ready)
        os.write(terminal.master, b"/")
        answered = terminal.until(program.answer)
        terminal.settle()
        start_bytes = len(terminal.seen)
        os.write(terminal.master, b"\x1b")
        terminal.read(2.0)
        terminal.settle()
        terminal.press(b"j")
        downs = [terminal.press(b"j") for _ in range(KEYS)]
        return Measured(
            frame=frame * 1000,
            answered=answered * 1000,
            start_bytes=start_bytes,
            down=statistics.median(seconds for seconds, _ in downs) * 1000,
            down_bytes=statistics.median(count for _, count in downs),
            memory=terminal.memory(),
        )
    finally:
        terminal.end()


def median(rounds: Sequence[Measured]) -> Measured:
    def of(value: Callable[[Measured], float]) -> float:
        return statistics.median(map(value, rounds))

    return Measured(
        frame=of(lambda one: one.frame),
        answered=of(lambda one: one.answered),
        start_bytes=of(lambda one: one.start_bytes),
        down=of(lambda one: one.down),
        down_bytes=of(lambda one: one.down_bytes),
        memory=of(lambda one: one.memory),
    )


def measure(programs: Mapping[str, Program], home: Path) -> dict[str, Measured]:
    """Each program as often as the others, in turns, so that the noise of the machine hits all alike."""
    environ = {**os.environ, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    environ |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    for program in programs.values():
        once(program, environ)  # compiles, and fills what is kept between runs
    rounds: dict[str, list[Measured]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            rounds[name].append(once(program, environ))
    return {name: median(found) for name, found in rounds.items()}


def main(sizes: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        bare = Program(command=[sys.executable, "-c", BARE], ready=b"BARE-READY", answer=b"BARE-ANSWER")
        programs = {"bare": bare}
        for size in sizes:
            path = home / f"{size}.json"
            fill(path, size)
            command = [sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(path)]
            programs[f"{size:,}"] = Program(command=command, ready="商家拒绝退款".encode(), answer=b"turn:theirs")
        results = measure(programs, home)
    reference = results["bare"]
    out = sys.stdout.write
    out(f"{'cases':>10}{'frame':>16}{'answer':>16}{'start B':>10}{'down':>14}{'down B':>9}{'memory':>14}\n")
    for name, found in results.items():
        out(
            f"{name:>10}{found.frame:>9.0f} {found.frame / reference.frame:>5.2f}x"
            f"{found.answered:>9.0f} {found.answered / reference.answered:>5.2f}x{found.start_bytes:>10.0f}"
            f"{found.down:>7.1f} {found.down / reference.down:>5.2f}x{found.down_bytes:>9.0f}"
            f"{found.memory:>7.0f} {found.memory / reference.memory:>5.2f}x\n"
        )
    out("goals: answer <= 1.10x, 1.15x at 10,000; start <= 15,000 B; down <= 1.5x, 2,300 B; memory <= 2.5x\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1000, 10_000])
