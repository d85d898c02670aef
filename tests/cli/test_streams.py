"""Pipes, full disks and closed streams: what was done is done, and no verdict changes because nobody listens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pddtui.domain.bounds import MOST_TEXT
from tests.cli.test_process import start

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")


def shell(folder: Path, line: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a line of the shell in which `pddtui` stands for the program; the exit code is that of the program."""
    waiting = f'{"sleep 0.2; " * ("unread" in line)}"{sys.executable}" -m pddtui'  # until whoever reads has gone
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent), "LANGUAGE": "en"}
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; unread() {{ exec <&-; }}; pddtui() {{ {waiting} "$@"; }}; {line}'],
        cwd=folder,
        env={**environ, "PDDTUI_FILE": str(folder / "cases.json")},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )


def titles(folder: Path) -> str:
    return start(folder, "list").stdout


@pytest.mark.parametrize(
    ("output", "why"),
    [
        pytest.param("> /dev/full", "the disk is full", marks=needs_full),
        (">&-", "standard output is closed"),
        ("| unread", "Broken pipe"),
        (">&- 2>&-", None),
        ("<&- >&-", "standard output is closed"),
    ],
)
def test_what_was_saved_is_named_whatever_happens_to_the_output(tmp_path: Path, output: str, why: str | None) -> None:
    result = shell(tmp_path, f"pddtui add kettle {output}")
    assert result.returncode == 9
    said = rf"pddtui: Saved as PDD-\d{{4}}-0001, but that could not be written to standard output \({why}\)\.\n"
    assert re.fullmatch(said if why is not None else "", result.stderr.decode())
    assert "kettle" in titles(tmp_path)


@needs_full
@pytest.mark.parametrize(
    "command",
    [
        "log 1 --in --said hello",
        "follow-up 1 call --due tomorrow",
        "file 1 request --anyway",
        "milestone 1 accepted",
        "edit 1 --merchant x",
        "tag 1 x",
        "evidence 1 --place chat",
        "resolve 1",
        "undo",
        "import old.csv --case 1",
    ],
)
def test_every_command_that_saves_says_so(tmp_path: Path, command: str) -> None:
    start(tmp_path, "add", "kettle")
    (tmp_path / "old.csv").write_text("date,name,said\n2026-11-16,Li,hello\n", encoding="utf-8")
    before = on_disk(tmp_path)
    result = shell(tmp_path, f"pddtui {command} > /dev/full")
    last = result.stderr.decode().splitlines()[-1]
    assert (result.returncode, re.match("pddtui: (?:Saved as|It is saved)", last) is not None) == (9, True), last
    assert on_disk(tmp_path) != before


def on_disk(folder: Path) -> list[bytes]:
    """The data file and its journal."""
    return [path.read_bytes() for path in sorted(folder.glob("cases.json*")) if path.suffix in (".json", ".journal")]


@needs_full
def test_a_remark_that_cannot_be_said_is_no_fault(tmp_path: Path) -> None:
    start(tmp_path, "add", "kettle")
    result = shell(tmp_path, "pddtui log 1 --in --said hello --at 2027-01-01 2> /dev/full")
    assert (result.returncode, len(result.stdout)) == (0, 27)


@needs_full
def test_all_files_are_kept_although_their_ids_cannot_be_written(tmp_path: Path) -> None:
    start(tmp_path, "add", "kettle")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert shell(tmp_path, "pddtui evidence 1 a.txt b.txt > /dev/full").returncode == 9
    assert len(list((tmp_path / "evidence").iterdir())) == 2


@needs_full
@pytest.mark.parametrize("command", ["list", "show 1", "export", "due"])
def test_where_nothing_was_saved_it_is_an_output_that_failed(tmp_path: Path, command: str) -> None:
    start(tmp_path, "add", "kettle")
    start(tmp_path, "follow-up", "1", "call", "--due", "tomorrow")
    assert shell(tmp_path, f"pddtui {command} > /dev/full").returncode == 7


@needs_full
def test_an_import_that_brought_nothing_new_saved_nothing(tmp_path: Path) -> None:
    start(tmp_path, "add", "kettle")
    (tmp_path / "x.json").write_text(start(tmp_path, "export").stdout, encoding="utf-8")
    assert shell(tmp_path, "pddtui import x.json > /dev/full").returncode == 7
    assert shell(tmp_path, "pddtui import x.json | unread").returncode == 0


@pytest.mark.parametrize("output", ["| unread", ">&-", "--json | unread", "2>&- | cat", ">&- 2>&-"])
def test_a_closed_output_changes_no_verdict(tmp_path: Path, output: str) -> None:
    start(tmp_path, "add", "kettle")
    start(tmp_path, "follow-up", "1", "call", "--due", "tomorrow")
    assert shell(tmp_path, f"pddtui due --exit-code --as-of 2060-01-01 {output}").returncode == 1
    if output == "| unread":
        assert shell(tmp_path, f"pddtui due --exit-code --as-of 2020-01-01 {output}").returncode == 0


def test_doctor_finds_the_same_with_nobody_reading(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text("{", encoding="utf-8")
    for output in ("", "| unread", ">&-"):
        assert shell(tmp_path, f"pddtui doctor {output}").returncode == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_is_piped_in_is_read_as_a_file_is(tmp_path: Path, encoding: str) -> None:
    start(tmp_path, "add", "kettle")
    said = "亲，退款89元\n系统显示已退"
    assert shell(tmp_path, "pddtui log 1 --in", said.encode(encoding)).returncode == 0
    assert "退款89元\\n系统显示已退" in start(tmp_path, "export").stdout


@pytest.mark.parametrize(
    "content", [b"\xff\xff\0", "退款".encode()[:-1] + b" " + "谢谢您的耐心".encode(), b"\xff\xfea"]
)
def test_what_is_no_text_is_refused_and_nothing_is_saved(tmp_path: Path, content: bytes) -> None:
    start(tmp_path, "add", "kettle")
    before = (tmp_path / "cases.json").read_bytes()
    result = shell(tmp_path, "pddtui log 1 --in", content)
    assert (result.returncode, result.stderr.count(b"\n")) == (8, 1)
    assert (tmp_path / "cases.json").read_bytes() == before


@pytest.mark.parametrize("command", ["import /dev/zero", "import - < /dev/zero", "log 1 --in < /dev/zero",
                                     "mask < /dev/zero"])  # fmt: skip
def test_what_has_no_end_is_refused_in_time(tmp_path: Path, command: str) -> None:
    start(tmp_path, "add", "kettle")
    result = shell(tmp_path, f"ulimit -v 2000000; pddtui {command}")
    assert (result.returncode, result.stderr.count(b"\n")) == (8, 1)


def test_a_text_that_no_chat_has_is_refused_in_one_sentence(tmp_path: Path) -> None:
    start(tmp_path, "add", "kettle")
    most = "款" * MOST_TEXT
    assert shell(tmp_path, "pddtui log 1 --in", most.encode()).returncode == 0
    result = shell(tmp_path, "pddtui log 1 --in", f"{most}款".encode())
    assert (result.returncode, "keep it as evidence instead" in result.stderr.decode()) == (2, True)
    (tmp_path / "x.json").write_text(start(tmp_path, "export").stdout.replace(most, most + "款"), encoding="utf-8")
    assert start(tmp_path, "import", "x.json", "--file", "other.json").returncode == 8


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_an_export_that_a_shell_wrote_in_another_encoding_comes_in(tmp_path: Path, encoding: str) -> None:
    start(tmp_path, "add", "电热水壶")
    text = start(tmp_path, "export").stdout
    (tmp_path / "away.json").write_bytes(text.encode(encoding))
    assert start(tmp_path, "import", "away.json", "--file", "other.json").returncode == 0
    assert "电热水壶" in start(tmp_path, "list", "--file", "other.json").stdout
