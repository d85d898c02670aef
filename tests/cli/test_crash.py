"""A fault of the program: one sentence, an exit code of its own, and a log that holds no word of anybody's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pddtui.cli import read
from pddtui.cli.crash import LOGS_KEPT, crashed
from pddtui.cli.main import run_line
from pddtui.speech import Speech
from tests.conftest import SHANGHAI

WRITTEN = "王小明 260101-99"
ENGLISH = Speech("en", SHANGHAI)


def fault() -> Exception:
    """One with a cause, with several parts, and with words of somebody's in every place where a fault has some."""
    order = WRITTEN
    try:
        try:
            dict[str, str]()[order]
        except KeyError as error:
            error.add_note(order)
            raise ExceptionGroup(order, [ValueError(order), OSError(2, order, order)]) from error
    except ExceptionGroup as group:
        return group
    raise AssertionError


def logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("crash-*.log"))


def test_the_log_has_the_places_and_no_values(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "logs"
    said = ENGLISH.say(crashed(fault(), folder).message)
    (log,) = logs(folder)
    text = log.read_text(encoding="utf-8")
    assert str(log) in said
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    for kind in ("ExceptionGroup", "builtins.KeyError", "builtins.ValueError", "builtins.FileNotFoundError"):
        assert kind in text
    assert "tests/cli/test_crash.py:" in text
    assert " in fault" in text
    for word in WRITTEN.split():
        assert word not in text + said
    assert str(Path.home()) not in text
    assert str(Path(__file__).parents[2]) not in text


def test_a_fault_that_goes_round_in_a_circle_is_noted_once(tmp_path: Path) -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    crashed(first, tmp_path)
    assert logs(tmp_path)[0].read_text(encoding="utf-8").count("ValueError") == 1


def test_only_the_newest_logs_stay(tmp_path: Path) -> None:
    for number in range(LOGS_KEPT + 3):
        (tmp_path / f"crash-20260101-{number:06}-1.log").touch()
    (tmp_path / "other.log").touch()
    crashed(fault(), tmp_path)
    assert len(logs(tmp_path)) == LOGS_KEPT
    assert logs(tmp_path)[-1].stat().st_size
    assert (tmp_path / "other.log").exists()


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = ENGLISH.say(crashed(fault(), tmp_path / "file" / "logs").message)
    assert "is saved" in said
    assert "could not be written" in said


def test_a_command_with_a_fault_says_so_in_one_line_and_ends_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def faulty(**_: object) -> int:
        raise RuntimeError(WRITTEN)

    monkeypatch.setattr(read.list_command, "callback", faulty)
    assert run_line(["--lang", "en", "list"]) == 70
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "RuntimeError" in err
    assert WRITTEN not in err
    assert run_line(["--lang", "zh", "list"]) == 70
    assert "程序出错" in capfd.readouterr().err
