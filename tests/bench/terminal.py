"""One run of a program in a terminal of its own, 120 columns by 36 rows, and when its bytes came."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

__all__ = ["Idle", "Program", "Terminal"]

SILENCE = 0.08
"""Seconds without a byte after which a key has had its effect."""
LOUD = 5.0
"""Seconds after which nobody waits for silence any more."""
PATIENCE = 60.0


class Program(Struct, frozen=True, kw_only=True):
    """What to start, and by which bytes its readiness and its answer to `/` are known."""

    command: Sequence[str]
    ready: bytes
    answer: bytes


class Idle(Struct, frozen=True, kw_only=True):
    """What a program does while nobody does anything."""

    cpu: float
    """Seconds in ten seconds."""
    wakes: float
    """A second."""
    written: float
    """Bytes in ten seconds."""


class Terminal:
    """Its `seen` are all bytes up to now."""

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

    def settle(self, silence: float = SILENCE) -> None:
        """Wait for that silence; a program that is never silent is given up on."""
        began = time.perf_counter()
        while self.read(silence) and time.perf_counter() - began < LOUD:
            pass

    def press(self, key: bytes) -> tuple[float, int]:
        """Seconds to the last byte that the key causes, and how many they are."""
        before, pressed = len(self.seen), time.perf_counter()
        os.write(self.master, key)
        if not self.read(PATIENCE):
            raise TimeoutError(f"{key!r} has no effect")
        self.settle()
        return self.last - pressed, len(self.seen) - before

    def hold(self, key: bytes, times: int, rate: float) -> tuple[float, float]:
        """Hold a key that repeats so often a second. Seconds from its release to the last byte, and bytes a press."""
        before, began = len(self.seen), time.perf_counter()
        released = began
        for number in range(times):
            due = began + number / rate
            while (left := due - time.perf_counter()) > 0:
                self.read(left)
            os.write(self.master, key)
            released = time.perf_counter()
        self.settle()
        return max(0.0, self.last - released), (len(self.seen) - before) / times

    def idle(self, seconds: float) -> Idle:
        before, cpu, wakes = len(self.seen), self.cpu(), self._wakes()
        ends = time.perf_counter() + seconds
        while (left := ends - time.perf_counter()) > 0:
            self.read(left)
        return Idle(
            cpu=(self.cpu() - cpu) * 10 / seconds,
            wakes=(self._wakes() - wakes) / seconds,
            written=(len(self.seen) - before) * 10 / seconds,
        )

    def cpu(self) -> float:
        """Seconds of processor time up to now, of all threads; the clock of another process, as Linux numbers it."""
        return time.clock_gettime_ns((~self.process.pid) << 3 | 2) / 1e9

    def _wakes(self) -> int:
        """How often a thread has waited for something up to now."""
        found = 0
        for status in Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            lines = status.read_text(encoding="ascii", errors="replace").splitlines()
            found += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
        return found

    def memory(self) -> float:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE") / 1e6

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)
