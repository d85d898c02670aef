"""The faults of the store once more, on the real command line and without a look inside."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tinydb import TinyDB

from tests.store.making import repeated

Run = subprocess.Popen[str]


def start(path: Path, *arguments: str, largest_file: int | None = None) -> Run:
    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-m", "pddtui", "--lang", "en", "--file", str(path), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 -- the test starts no threads
    )


def run(path: Path, *arguments: str, largest_file: int | None = None) -> tuple[int, str, str]:
    process = start(path, *arguments, largest_file=largest_file)
    out, err = process.communicate()
    return process.returncode, out.strip(), err.strip()


def said(path: Path) -> list[str]:
    """What was said in the first case, as the export tells it."""
    code, out, err = run(path, "export")
    # Who was killed between the own record and the journal left a save that is on the record alone.
    assert (code, err == "" or "What it lacks was united with it" in err) == (0, True), err
    return [contact["summary"] for contact in json.loads(out)["cases"][0]["contacts"]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    code, ref, _ = run(path, "add", "商家拒绝退款")
    assert (code, ref[:4]) == (0, "PDD-")
    return path


def log(path: Path, text: str, largest_file: int | None = None) -> Run:
    return start(path, "log", "1", "--in", "--answer", "--said", text, largest_file=largest_file)


@repeated(8, 150)
def test_a_command_that_was_killed_has_done_all_or_nothing(
    path: Path, summary: Callable[..., None], times: int
) -> None:
    chance = random.Random(5)  # noqa: S311 -- when to kill is no secret
    began = time.monotonic()
    expected = ["a whole run"]
    assert run(path, "log", "1", "--in", "--said", expected[0])[0] == 0
    length = time.monotonic() - began
    acknowledged = killed = 0
    for number in range(times):
        process = log(path, f"round {number}")
        try:
            process.communicate(timeout=length * (0.4 + chance.random()))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
        if process.returncode == 0:
            expected.append(f"round {number}")
            acknowledged += 1
    found = said(path)
    lost = len(set(expected) - set(found))
    summary(rounds=acknowledged + killed, killed=killed, acknowledged=acknowledged, lost=lost)
    assert lost == 0
    assert len(found) == len(set(found))


@repeated(3, 40)
def test_commands_at_the_same_time_lose_nothing_of_each_other(
    path: Path, summary: Callable[..., None], times: int
) -> None:
    expected: list[str] = []
    for batch in range(times):
        texts = [f"batch {batch}, writer {writer}" for writer in range(4)]
        for text, process in [(text, log(path, text)) for text in texts]:
            _, err = process.communicate()
            assert (process.returncode, err) == (0, "")
            expected.append(text)
    found = said(path)
    lost = len(set(expected) - set(found))
    summary(acknowledged=len(expected), lost=lost)
    assert sorted(found) == sorted(expected)


def test_where_a_file_may_not_grow_a_command_says_so_and_nothing_is_lost(
    path: Path, summary: Callable[..., None]
) -> None:
    expected: list[str] = []
    refused = 0
    for number in range(10):
        text = f"round {number} " + "字" * 600
        process = log(path, text, largest_file=16_000)
        _, err = process.communicate()
        if process.returncode == 0:
            expected.append(text)
            continue
        refused += 1
        assert process.returncode == 7
        assert "larger than any file may be here" in err
        assert len(err.splitlines()) == 1
    assert refused > 0
    lost = len(set(expected) - set(said(path)))
    summary(acknowledged=len(expected), refused=refused, lost=lost)
    assert lost == 0
    assert list(path.parent.glob("*.tmp")) == []
    assert run(path, "log", "1", "--in", "--said", "room again")[0] == 0
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert stock.table("cases").all()[0]["contacts"][-1]["summary"] == "room again"
    assert not path.with_name("cases.json.journal").exists()


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"cases": {"1": ', b"hello"])
def test_a_damaged_or_foreign_file_is_one_sentence_and_stays_as_it_is(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "cases.json"
    path.write_bytes(text)
    for command in (["list"], ["add", "x"]):
        code, out, err = run(path, *command)
        assert (code, out, len(err.splitlines())) == (5, "", 1)
    assert [item.name for item in tmp_path.iterdir()] == ["cases.json"]
    assert path.read_bytes() == text
