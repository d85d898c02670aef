"""The program as a process: what it loads, how it ends when nobody reads on, and its demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pddtui.handbook.book import Handbook

COMMANDS = [
    ["--version"],
    ["--help"],
    ["add", "x"],
    ["log", "1", "--in", "--said", "x", "--promise", "y", "--due", "3wd"],
    ["follow-up", "1", "x", "--due", "3wd"],
    ["file", "1", "request"],
    ["list"],
    ["list", "--json"],
    ["due"],
    ["show", "1"],
    ["why", "1"],
    ["when", "3wd"],
    ["export"],
    ["schema"],
    ["resolve", "1"],
    ["undo"],
    ["demo", "--no-desk", "--file", "demo.json"],
]


def start(folder: Path, *args: str, flags: tuple[str, ...] = (), **options: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent), **options}
    return subprocess.run(
        [sys.executable, *flags, "-m", "pddtui", *args],
        cwd=folder,
        env={**environ, "PDDTUI_FILE": str(folder / "cases.json")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_no_command_loads_the_terminal_framework(tmp_path: Path) -> None:
    for command in COMMANDS:
        result = start(tmp_path, *command, flags=("-X", "importtime"))
        assert result.returncode == 0, result.stderr[-500:]
        loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in result.stderr.splitlines()}
        assert "msgspec" in loaded or command[0] == "--version"
        assert not {"textual", "rich"} & loaded, command


def test_a_list_loads_no_writer_of_other_formats(tmp_path: Path) -> None:
    loaded = start(tmp_path, "list", flags=("-X", "importtime")).stderr
    for heavy in ("pddtui.services.exchange", "pddtui.services.demo", "jinja2", "icalendar", "pypinyin", "pendulum"):
        assert heavy not in loaded


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        *((command, False) for command in ("list", "due", "show 1", "why 1", "when 3wd", "when 明天", "when 2m")),
        ("when 周五", True),
        ("when 月底", True),
        ("when end of quarter", True),
    ],
)
def test_only_a_calendar_sum_loads_pendulum(tmp_path: Path, words: str, loaded: bool) -> None:
    start(tmp_path, "demo", "--no-desk", "--file", "cases.json")
    result = start(tmp_path, *words.split(maxsplit=1), flags=("-X", "importtime"))
    assert result.returncode == 0, result.stderr[-500:]
    modules = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert ("pendulum" in modules) is loaded


def test_the_data_file_of_the_environment_is_used(tmp_path: Path) -> None:
    assert start(tmp_path, "add", "x").stdout == start(tmp_path, "list", "--json").stdout.split('"')[7] + "\n"


def test_nobody_reading_on_is_no_error(tmp_path: Path) -> None:
    start(tmp_path, "demo", "--no-desk", "--file", str(tmp_path / "demo.json"))
    script = f'"{sys.executable}" -m pddtui export --file demo.json | true'
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}
    result = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert result.stderr == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_was_closed_before_the_start_is_no_error(tmp_path: Path, closed: str) -> None:
    start(tmp_path, "add", "x", "--file", str(tmp_path / "cases.json"))
    script = f'"{sys.executable}" -m pddtui list --file cases.json {closed}'
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}
    result = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_all_that_was_said_arrives_although_the_program_leaves_at_once(tmp_path: Path) -> None:
    start(tmp_path, "demo", "--no-desk", "--file", str(tmp_path / "demo.json"))
    whole = start(tmp_path, "export", "--file", "demo.json").stdout
    assert len(json.loads(whole)["cases"]) == len(Handbook().samples.cases)
    refused = start(tmp_path, "show", "4711", "--file", "demo.json")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
    if Path("/dev/full").exists():
        full = subprocess.run(
            ["sh", "-c", f'"{sys.executable}" -m pddtui list --file demo.json > /dev/full'],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)},
            capture_output=True,
            check=False,
        )
        assert (full.returncode, full.stderr.count(b"\n")) == (7, 1)


def test_a_terminal_without_chinese_gets_question_marks_and_json_stays_utf_8(tmp_path: Path) -> None:
    start(tmp_path, "add", "电热水壶")
    table = start(tmp_path, "list", PYTHONIOENCODING="latin-1")
    document = start(tmp_path, "list", "--json", PYTHONIOENCODING="latin-1")
    assert (table.returncode, table.stderr) == (0, "")
    assert "????" in table.stdout
    assert json.loads(document.stdout)[0]["title"] == "电热水壶"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_shows_overdue_promises_a_quiet_case_a_running_clock_and_a_closed_case(
    tmp_path: Path, lang: str
) -> None:
    assert start(tmp_path, "--lang", lang, "demo", "--no-desk", "--file", "demo.json").returncode == 0
    listed = json.loads(start(tmp_path, "--file", "demo.json", "list", "--json").stdout)
    due = json.loads(start(tmp_path, "--file", "demo.json", "due", "--json").stdout)
    assert len(listed) == len(Handbook().samples.cases)
    assert "resolved" in {row["status"] for row in listed}
    assert any(row["kind"] == "promise" and row["overdue"] for row in due)
    assert any(row["kind"] == "quiet" and row["level"] == "red" for row in due)
    assert any(row["kind"] == "deadline" and not row["overdue"] for row in due)


def test_the_demo_never_writes_into_a_file_that_is_there(tmp_path: Path) -> None:
    start(tmp_path, "add", "mine")
    before = (tmp_path / "cases.json").read_bytes()
    result = start(tmp_path, "demo", "--no-desk", "--file", str(tmp_path / "cases.json"))
    assert result.returncode == 7
    assert (tmp_path / "cases.json").read_bytes() == before
