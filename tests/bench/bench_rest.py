"""What every screen sends while nobody does anything, and what a letter costs: `python -m tests.bench.bench_rest`.

On the samples, in a terminal that knows synchronised output. Goal P12: at rest nothing (in call mode at most 60 bytes
a second), for a letter in a form at most 700 bytes, also on a line that nobody reads for a while, where no key may be
lost. Where a letter changes what is listed, what changed on the screen has to go out, however much that is.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tests.bench.terminal import Program, Terminal

REST = 10.0
BEHIND = 1.5
"""Seconds of silence after which everything behind the first picture has been done."""
SETTLED = 0.4
"""Seconds of silence after which a key has had its effect, and what its timers do behind it too."""
MOST_FIELDS = 16
UNREAD = 5000
"""Letters typed while nobody reads: more than there is room for pictures on the line."""


class Road(Struct, frozen=True):
    """A screen, the keys that lead to it from the desk, and what is typed there."""

    name: str
    keys: Sequence[bytes]
    typed: bytes = b""
    form: bool = False
    """Whether there are fields, each of which gets letters."""


LETTERS = (b"1", b"d", b"a", b"s")
"""Figures for dates, letters with which something begins that can be chosen."""

TAB, ENTER, DOWN = b"\t", b"\r", b"\x1b[B"

ROADS: tuple[Road, ...] = (
    Road("desk", ()),
    Road("desk, log", (b"2",)),
    Road("desk, due", (b"3",)),
    Road("desk, filter", (b"/",), b"turn"),
    *(Road(f"case page, section {number}", (ENTER, b"%d" % number)) for number in range(1, 9)),
    Road("case page, why", (ENTER, b"5", b"w")),
    Road("why", (b"w",)),
    Road("agenda", (b"A",)),
    Road("handbook", (b"H",)),
    Road("handbook, search", (b"H", b"/"), b"refu"),
    Road("insights", (b"I",)),
    Road("trash", (b"T",)),
    Road("help", (b"?",)),
    Road("help, filter", (b"?", b"/"), b"case"),
    Road("palette", (b":",), b"case"),
    Road("letter", (b"t",)),
    Road("export", (b"X",), form=True),
    Road("new case", (b"n",), form=True),
    Road("edit a case", (b"e",), form=True),
    Road("contact", (b"l",), form=True),
    Road("call", (b"C",), form=True),
    Road("correct a contact", (b"2", b"e"), form=True),
    Road("escalate", (b"E",), form=True),
    Road("filing", (b"S",), form=True),
    Road("evidence", (b"v",), form=True),
    Road("resolve", (b"R",), form=True),
    Road("follow-up", (b"f",), form=True),
    Road("snooze", (b"3", b"s"), form=True),
    Road("milestone", (ENTER, b"m"), form=True),
    Road("broken", (b"3", b"b"), form=True),
    Road("delete?", (b"D",)),
    Road("form, leave?", (b"n", b"x", b"\x1b")),
)


class Measured(Struct, frozen=True):
    rest: float
    """Bytes in ten seconds."""
    wakes: float
    cpu: float
    letters: dict[str, list[int]]
    """Bytes for each letter, by field."""


def struck(terminal: Terminal, key: bytes) -> int:
    """How many bytes a key causes, in the time that it takes."""
    before, ends = len(terminal.seen), time.perf_counter() + SETTLED
    os.write(terminal.master, key)
    while (left := ends - time.perf_counter()) > 0:
        terminal.read(left)
    return len(terminal.seen) - before


def measure(road: Road, command: Sequence[str], environ: dict[str, str], rest: float) -> Measured:
    terminal = Terminal(Program(command=command, ready=b"", answer=b""), environ)
    try:
        terminal.until(b"Due")
        terminal.settle(BEHIND)
        struck(terminal, b"\x1b[?2026;2$y")
        for key in road.keys:
            struck(terminal, key)
        terminal.settle(BEHIND)
        idle = terminal.idle(rest)
        letters: dict[str, list[int]] = {}
        if road.typed:
            letters["line"] = [struck(terminal, bytes([letter])) for letter in road.typed]
        for number in range(MOST_FIELDS if road.form else 0):
            letters[f"{number + 1}"] = [struck(terminal, letter) for letter in LETTERS]
            struck(terminal, TAB)
        return Measured(idle.written, idle.wakes, idle.cpu, letters)
    finally:
        terminal.end()


def _drafted(home: Path) -> int:
    """Letters in the longest draft."""
    drafts = [path for path in home.rglob("*.json") if "drafts" in path.parts]
    return max((len(run) for path in drafts for run in re.findall("x+", path.read_text(encoding="utf-8"))), default=0)


def unread(command: Sequence[str], environ: dict[str, str]) -> tuple[int, int]:
    """Type a long text into a form while nobody reads the line; how many letters were typed, and how many came."""
    terminal = Terminal(Program(command=command, ready=b"", answer=b""), environ)
    try:
        terminal.until(b"Due")
        terminal.settle(BEHIND)
        struck(terminal, b"n")
        for _ in range(UNREAD):
            os.write(terminal.master, b"x")
            time.sleep(0.001)
        came, before = 0, -1
        while came > before:  # the field scrolls, so that the last letters change nothing on the screen
            before, came = came, _drafted(Path(environ["HOME"]))
            terminal.idle(BEHIND)
        return UNREAD, came
    finally:
        terminal.end()


def main(wanted: Sequence[str], rest: float) -> None:
    out = sys.stdout
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environ |= {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        command = [sys.executable, "-m", "pddtui", "--lang", "en", "demo"]
        out.write(f"{'':<24}{'rest B in 10 s':>16}{'wakes a s':>12}{'ms in 10 s':>12}   B a letter, by field\n")
        for road in ROADS:
            if wanted and road.name not in wanted:
                continue
            found = measure(road, command, environ, rest)
            letters = "  ".join(f"{name}: {max(counts)}" for name, counts in found.letters.items() if max(counts))
            out.write(f"{road.name:<24}{found.rest:>16,.0f}{found.wakes:>12.1f}{found.cpu * 1000:>12.1f}   {letters}\n")
            out.flush()
        typed, came = unread(command, environ)
        out.write(f"on a line that nobody reads: {typed:,} letters typed, {came:,} came\n")


if __name__ == "__main__":
    main(sys.argv[1:], float(os.environ.get("REST", REST)))
