from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tinydb import TinyDB

from pddtui.errors import PddError
from tests.store.making import add, repeated, session

Worker = subprocess.Popen[str]

ROUNDS = 10
"""After so many rounds without a loss a mutant has got away; one is nearly always enough."""

BETWEEN_KILLS = 1.2
"""Seconds in which a session starts and saves a good deal."""


def start(path: Path, seed: int, saves: int, mutant: str = "") -> Worker:
    command = [sys.executable, "-m", "tests.store.worker", str(path), str(seed), str(saves), mutant]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def start_together(path: Path, writers: int, saves: int, mutant: str = "") -> list[Worker]:
    """Writers that all stand ready before the first of them begins."""
    command = [sys.executable, "-m", "tests.store.worker", str(path)]
    workers = [
        subprocess.Popen(
            [*command, str(seed), str(saves), mutant, "waiting"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for seed in range(writers)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return workers


def heard(worker: Worker) -> list[list[str]]:
    """Everything the worker said until its end."""
    out, _ = worker.communicate()
    lines = out.split("\n")[:-1]
    return [line.split() for line in lines]


def saved(lines: Iterable[list[str]]) -> list[tuple[str, int, int]]:
    return [(words[1], int(words[2]), int(words[3])) for words in lines if words[0] == "saved" and len(words) == 4]


def prepare(path: Path, cases: int) -> None:
    store = session(path)
    for number in range(cases):
        add(store, number, contacts=3, title="0")
    store.close()


def counters(path: Path) -> dict[str, int]:
    store = session(path)
    found = {identity: int(case.title) for identity, case in store.cases().items()}
    store.close()
    return found


@repeated(6, 200)
def test_sigkill_at_any_moment_loses_no_acknowledged_save(
    tmp_path: Path, summary: Callable[..., None], times: int
) -> None:
    path = tmp_path / "cases.json"
    prepare(path, 30)
    chance = random.Random(7)  # noqa: S311 -- when to kill is no secret
    expected = dict.fromkeys(counters(path), 0)
    acknowledged = lost = 0
    for seed in range(times):
        worker = start(path, seed, 100_000)
        assert worker.stdout is not None
        early = [worker.stdout.readline().split() for _ in range(chance.randrange(1, 25))]
        spin = time.perf_counter() + chance.random() * 0.003
        while time.perf_counter() < spin:
            pass
        worker.send_signal(signal.SIGKILL)
        saves = saved([*early, *heard(worker)])
        acknowledged += len(saves)
        for identity, _, counter in saves:
            expected[identity] = max(expected[identity], counter)
        found = counters(path)
        lost += sum(found.get(identity, -1) < counter for identity, counter in expected.items())
        # One save may have been in flight, acknowledged by the disk but not yet to us.
        assert sum(found.values()) - sum(expected.values()) <= 1
        expected = found
    summary(rounds=times, acknowledged=acknowledged, lost=lost)
    assert lost == 0


@repeated(300, 6000)
@pytest.mark.parametrize("writers", [2, 6])
def test_writers_at_the_same_time_lose_nothing_of_each_other(
    tmp_path: Path, summary: Callable[..., None], writers: int, times: int
) -> None:
    path = tmp_path / "cases.json"
    prepare(path, 10)
    saves = times // writers
    lines = [line for worker in start_together(path, writers, saves) for line in heard(worker)]
    found = counters(path)
    lost = len(saved(lines)) - sum(found.values())
    summary(writers=writers, acknowledged=len(saved(lines)), refused=len(lines) - len(saved(lines)), lost=lost)
    assert lost == 0
    assert len(saved(lines)) == saves * writers
    assert max(Counter((identity, revision) for identity, revision, _ in saved(lines)).values()) == 1


@pytest.mark.parametrize("mutant", ["no-lock", "late-lock"])
def test_without_a_lock_around_the_whole_save_something_would_be_lost(
    tmp_path: Path, summary: Callable[..., None], mutant: str
) -> None:
    """What is acknowledged and gone counts, and nothing else: a refusal loses nothing."""
    acknowledged = lost = rounds = 0
    ends: Counter[str] = Counter()
    while not lost and rounds < ROUNDS:
        path = tmp_path / f"{rounds}" / "cases.json"
        prepare(path, 5)
        lines = [line for worker in start_together(path, 2, 150, mutant) for line in heard(worker)]
        saves = len(saved(lines))
        try:
            lost = saves - sum(counters(path).values())
        except PddError as error:  # a file that cannot be opened any more holds nothing of what was acknowledged
            lost = saves
            ends[type(error).__name__] += 1
        acknowledged += saves
        rounds += 1
    summary(mutant=mutant, rounds=rounds, acknowledged=acknowledged, lost=lost, unreadable=ends.total())
    assert acknowledged > 0
    assert lost > 0


@repeated(3, 60)
def test_writers_folds_kills_and_a_stock_reader_go_on_together(
    tmp_path: Path, summary: Callable[..., None], times: int
) -> None:
    """For so many seconds."""
    path = tmp_path / "cases.json"
    prepare(path, 12)
    chance = random.Random(3)  # noqa: S311 -- whom to kill is no secret
    workers = [start(path, seed, 100_000) for seed in range(2)]
    heard_so_far = [worker.stdout.readline().split() for worker in workers if worker.stdout is not None]
    end, next_kill = time.monotonic() + times, time.monotonic() + BETWEEN_KILLS
    newest: dict[str, int] = {}
    reads = backwards = kills = 0
    while time.monotonic() < end or not kills:
        with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
            seen = {document["id"]: document["revision"] for document in stock.table("cases").all()}
        reads += 1
        backwards += sum(seen[identity] < revision for identity, revision in newest.items())
        newest = seen
        if time.monotonic() >= next_kill:
            next_kill += BETWEEN_KILLS
            victim = chance.randrange(len(workers))
            workers[victim].send_signal(signal.SIGKILL)
            heard_so_far += heard(workers[victim])
            workers[victim] = start(path, 100 + kills, 100_000)
            kills += 1
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
        heard_so_far += heard(worker)
    saves = saved(heard_so_far)
    found = counters(path)
    highest: dict[str, int] = {}
    for identity, _, counter in saves:
        highest[identity] = max(counter, highest.get(identity, 0))
    lost = sum(found[identity] < counter for identity, counter in highest.items())
    twice = len(saves) - len({(identity, revision) for identity, revision, _ in saves})
    summary(acknowledged=len(saves), kills=kills, stock_reads=reads, backwards=backwards, twice=twice, lost=lost)
    assert min(len(saves), kills, reads) > 0
    assert (lost, twice, backwards) == (0, 0, 0)
    # Each kill may leave one save on the disk that could not be acknowledged any more.
    assert 0 <= sum(found.values()) - len(saves) <= kills + len(workers)
