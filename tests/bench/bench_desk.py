"""How fast the desk starts and moves, against a bare Textual app in the same run: `python -m tests.bench.bench_desk`.

Sizes are arguments; absolute times drift, ratios do not. The names P1 to P7, P11 and P12 are those of the goals: start
until a key is answered, until a case is seen and in processor time, bytes of the start, one cursor key, the most that
one of them writes when the list scrolls and what a page writes, a held key, a letter of a filter, memory, rest.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.bench_store import fill
from tests.bench.terminal import Program, Terminal

ROUNDS, KEYS, HELD, RATE, REST = 5, 24, 45, 30.0, 10.0
BEHIND = 1.5
"""Seconds of silence after which everything behind the first picture has been done."""
FILTERS = {"ascii": b"pdd", "chinese": "退款商".encode(), "pinyin": b"tui"}

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("slash", "answer", ""), ("j,k", "down", "")]
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

Measured = dict[str, float]
"""Milliseconds, bytes, megabytes and times a second, by what was measured."""


def started(program: Program, environ: Mapping[str, str]) -> Measured:
    """A start, and the answer to a key that is pressed as soon as there is something to see."""
    terminal = Terminal(program, environ)
    try:
        frame = terminal.until(program.ready)
        cpu = terminal.cpu()
        os.write(terminal.master, b"/")
        return {"frame": frame * 1000, "cpu": cpu * 1000, "answer": terminal.until(program.answer) * 1000}
    finally:
        terminal.end()


def used(program: Program, environ: Mapping[str, str], *, lists: bool) -> Measured:
    """What a program costs when it is there; without `lists` it has nothing to scroll and to filter."""
    terminal = Terminal(program, environ)
    try:
        terminal.until(program.ready)
        terminal.settle(BEHIND)
        found: Measured = {"start B": len(terminal.seen), "memory": terminal.memory()}
        rest = terminal.idle(REST)
        found |= {"rest ms": rest.cpu * 1000, "wakes": rest.wakes, "rest B": rest.written}
        terminal.press(b"j")
        downs = [terminal.press(key) for key in (b"j", b"j", b"j", b"k", b"k", b"k") * (KEYS // 6)]
        found["down"] = statistics.median(seconds for seconds, _ in downs) * 1000
        found["down B"] = statistics.median(count for _, count in downs)
        if lists:
            found["scroll B"] = max(terminal.press(b"j")[1] for _ in range(KEYS))
            found["page B"] = terminal.press(b"\x1b[6~")[1]
            lag, count = terminal.hold(b"j", HELD, RATE)
            found |= {"held lag": lag * 1000, "held B": count}
            for name, text in FILTERS.items():
                terminal.press(b"/")
                typed = [terminal.press(letter.encode())[0] for letter in text.decode()]
                found[name] = max(typed) * 1000
                for _ in range(2):
                    terminal.press(b"\x1b")
        return found
    finally:
        terminal.end()


def measure(programs: Mapping[str, Program], home: Path) -> dict[str, Measured]:
    """Each program as often as the others, in turns, so that the noise of the machine hits all alike; medians."""
    environ = {**os.environ, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    environ |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    for program in programs.values():
        started(program, environ)  # compiles, and fills what is kept between runs
    rounds: dict[str, list[Measured]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            rounds[name].append(started(program, environ))
    found = {name: _medians(each) for name, each in rounds.items()}
    for name, program in programs.items():
        found[name] |= used(program, environ, lists=name != "bare")
    return found


def _medians(rounds: Sequence[Measured]) -> Measured:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


GOALS = {
    "answer": ("P1 answer ms", "1.10x, 1.15x at 10,000"),
    "frame": ("P2 frame ms", "1.10x"),
    "cpu": ("   processor ms", "-"),
    "start B": ("P3 start B", "15,000"),
    "down": ("P4 down ms", "1.5x"),
    "down B": ("P4 down B", "2,300"),
    "scroll B": ("P5 scroll B", "6,500"),
    "page B": ("P5 page B", "6,500"),
    "held lag": ("P6 held lag ms", "80"),
    "held B": ("P6 held B a key", "500"),
    "ascii": ("P7 filter ascii ms", "one frame"),
    "chinese": ("P7 filter chinese", "1.2x ascii"),
    "pinyin": ("P7 filter pinyin", "1.2x ascii"),
    "memory": ("P11 memory MB", "1.2x, 1.3x, 2.5x"),
    "rest ms": ("P12 rest ms in 10 s", "1.1x"),
    "wakes": ("P12 wakes a s", "1.1x"),
    "rest B": ("P12 rest B in 10 s", "0"),
}


def main(sizes: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        programs = {
            "bare": Program(command=[sys.executable, "-c", BARE], ready=b"BARE-READY", answer=b"BARE-ANSWER"),
        }
        for size in sizes:
            path = home / f"{size}.json"
            fill(path, size)
            command = [sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(path)]
            programs[f"{size:,}"] = Program(command=command, ready="商家拒绝退款".encode(), answer=b"turn:theirs")
        results = measure(programs, home)
    reference = results["bare"]
    out = sys.stdout.write
    out(f"{'':<20}" + "".join(f"{name:>18}" for name in results) + "   goal\n")
    for name, (title, goal) in GOALS.items():
        cells = []
        for found in results.values():
            value, base = found.get(name), reference.get(name)
            ratio = f" {value / base:5.2f}x" if value is not None and base else " " * 7
            cells.append(f"{value:>11,.1f}{ratio}" if value is not None else f"{'-':>11}{' ' * 7}")
        out(f"{title:<20}" + "".join(cells) + f"   {goal}\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1000, 10_000])
