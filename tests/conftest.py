"""Nothing of the machine reaches a test: home, folders, zone, locale, terminal and network are set here."""

from __future__ import annotations

import gc
import os
import socket
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest

hypothesis.settings.register_profile("pddtui", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("pddtui")

gc.set_threshold(20_000, 10, 50)
"""What the tests and Textual have loaded stays: looking through it every 700 objects took a fifth of the time."""

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("PDDTUI_", "TEXTUAL", "LC_")) and not name.startswith("TEXTUAL_SNAPSHOT"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "LANGUAGE", "TERM_PROGRAM", "TMUX", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zone that is never the one of the cases, so that local time cannot pass for theirs."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: tuple[object, ...] | str | bytes) -> None:
        if self.family != socket.AF_UNIX:
            pytest.fail(f"a test wanted to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def now() -> datetime:
    """A Sunday noon in Shanghai."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def checkout() -> Path:
    """The top of the repository."""
    return Path(__file__).resolve().parent.parent
