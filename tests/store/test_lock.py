from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pddtui.errors import Busy
from pddtui.store import Surroundings
from pddtui.store.disk import Disk
from pddtui.store.lock import FileLock
from tests.store.making import START, add, repeated, session

HOLD = """
import sys
from pathlib import Path
from tests.store.making import START
from pddtui.store.disk import Disk
from pddtui.store.lock import FileLock
with FileLock(Path(sys.argv[1]), Disk(), patience=5).exclusive(START, kept=True):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json.lock"


def lock(path: Path, patience: float = 5.0) -> FileLock:
    return FileLock(path, Disk(), patience=patience)


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_session_that_waits_too_long_is_told_who_holds_the_lock(path: Path) -> None:
    process = holder(path)
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(Busy) as caught, lock(path, 0.05).exclusive(START, kept=True):
        pytest.fail("two sessions held the lock")
    assert str(process.pid) in str(caught.value)
    assert os.uname().nodename in str(caught.value)
    end(process)


def test_a_holder_that_was_killed_holds_nothing(path: Path) -> None:
    end(holder(path))
    with lock(path, 0.0).exclusive(START, kept=True):
        pass


def test_a_waiter_gets_the_lock_when_it_becomes_free(path: Path) -> None:
    first, entered = lock(path), threading.Event()

    def wait() -> None:
        with lock(path).exclusive(START, kept=True):
            entered.set()

    with first.exclusive(START, kept=True):
        waiter = threading.Thread(target=wait)
        waiter.start()
        assert not entered.is_set()
    waiter.join()
    assert entered.is_set()


def test_a_waiter_that_gave_up_does_not_get_the_lock_later(path: Path) -> None:
    first = lock(path)
    with first.exclusive(START, kept=True):
        for _ in range(3):
            with pytest.raises(Busy), lock(path, 0.01).exclusive(START, kept=True):
                pytest.fail("two sessions held the lock")
    for thread in threading.enumerate():
        if thread.name == "lock-queue":
            thread.join()
    with lock(path, 0.0).exclusive(START, kept=True):
        pass


def test_readers_share_the_lock_and_keep_a_writer_out(path: Path) -> None:
    with lock(path).exclusive(START, kept=True):
        pass
    with lock(path).shared() as one, lock(path).shared() as two:
        assert (one, two) == (True, True)
        with pytest.raises(Busy), lock(path, 0.01).exclusive(START, kept=True):
            pytest.fail("a writer came in among readers")


def test_a_reader_finds_no_lock_where_nobody_ever_wrote(path: Path) -> None:
    with lock(path).shared() as locked:
        assert not locked
    assert not path.exists()


def test_closing_another_descriptor_of_the_lock_file_does_not_lose_the_lock(path: Path) -> None:
    with lock(path).exclusive(START, kept=True):
        path.open("rb").close()
        with pytest.raises(Busy), lock(path, 0.01).exclusive(START, kept=True):
            pytest.fail("the lock was lost")


def test_a_session_does_not_trust_a_lock_file_that_was_deleted(path: Path) -> None:
    early = lock(path, 0.01)
    with early.exclusive(START, kept=True):
        pass
    path.unlink()
    with (
        lock(path).exclusive(START, kept=True),
        pytest.raises(Busy),
        early.exclusive(START, kept=True),
    ):
        pytest.fail("the session locked a file that nobody else can see")


def test_a_store_that_cannot_get_the_lock_saves_nothing_and_works_again_later(tmp_path: Path) -> None:
    data = tmp_path / "cases.json"
    store = session(data, Surroundings(patience=0.05))
    add(store, 1)
    process = holder(data.with_name("cases.json.lock"))
    with pytest.raises(Busy):
        add(store, 2)
    end(process)
    assert add(store, 2).ref == "PDD-2026-0002"
    assert len(store.cases()) == 2


@repeated(10, 100)
def test_a_waiter_is_not_starved_by_greedy_sessions(path: Path, summary: Callable[..., None], times: int) -> None:
    """It gets the lock so many times; only among the slow tests it is looked at how soon."""
    greedy = (
        "import sys; from pathlib import Path; from tests.store.making import START\n"
        "from pddtui.store.disk import Disk; from pddtui.store.lock import FileLock\n"
        "lock = FileLock(Path(sys.argv[1]), Disk(), patience=5); print('up', flush=True)\n"
        "while True:\n with lock.exclusive(START, kept=True): sum(range(20000))\n"
    )
    peers = [
        subprocess.Popen([sys.executable, "-c", greedy, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for peer in peers:
        assert peer.stdout is not None
        peer.stdout.readline()
    mine, waits = lock(path), []
    for _ in range(times):
        began = time.monotonic()
        with mine.exclusive(START, kept=True):
            waits.append(time.monotonic() - began)
    for peer in peers:
        end(peer)
    summary(waits=len(waits), longest_ms=round(max(waits) * 1000))
    assert len(waits) == times
    assert times < 100 or max(waits) < 0.5
