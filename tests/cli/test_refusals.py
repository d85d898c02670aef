"""What is refused: one line on standard error, the exit code of the table, and nothing changed."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from pddtui.cli.grammar import cells
from pddtui.cli.main import run_line
from pddtui.errors import Busy, Conflict
from pddtui.message import msg
from pddtui.services.casebook import Casebook
from pddtui.store.tiny import TinyCaseStore
from tests.cli.conftest import Program

WRONG_USAGE = [
    ["add", ""],
    ["add", "  \u200b "],
    ["add", "x", "too many"],
    ["add"],
    ["add", "x", "--problem", "no_such_problem"],
    ["add", "x", "--problem", ""],
    ["add", "x", "--demand", "a_lot"],
    ["add", "x", "--amount", "-5"],
    ["add", "x", "--amount", "NaN"],
    ["add", "x", "--received", "2026-02-30"],
    ["add", "x", "--at", "25:00"],
    ["add", "短信验证码 123456"],
    ["log", "1", "--said", "x"],
    ["log", "1", "--in", "--out", "--said", "x"],
    ["log", "1", "--in", "--said", ""],
    ["log", "1", "--in"],
    ["log", "1", "--in", "--said", "x", "--answer", "--holding"],
    ["log", "1", "--out", "--said", "x", "--answer"],
    ["log", "1", "--in", "--said", "x", "--due", "明天"],
    ["log", "1", "--in", "--said", "x", "--promise", "", "--due", "明天"],
    ["log", "1", "--in", "--said", "x", "--promise", "退款", "--due", "2026-02-30"],
    ["log", "1", "--in", "--said", "x", "--promise", "退款", "--due", "尽快"],
    ["log", "1", "--in", "--said", "x", "--channel", "carrier_pigeon"],
    ["log", "1", "--in", "--said", "x", "--at", "yesterweek"],
    ["follow-up", "1", "x"],
    ["follow-up", "1", "", "--due", "明天"],
    ["follow-up", "1", "x", "--due", "2026-13-01"],
    ["file", "1", "attic"],
    ["file", "1", "99"],
    ["file", "1", "platform", "--channel", "carrier_pigeon"],
    ["resolve", "1", "--outcome", "glory"],
    ["resolve", "1", "--recovered", "much"],
    ["settle", "{promise}", "done"],
    ["settle", "{promise}", "glory"],
    ["when", "someday maybe"],
    ["when", ""],
    ["when", "3wd", "--from", "2026-02-30"],
    ["list", "is:green"],
    ["list", "turn:"],
    ["log", "1", "--out", "--said", "x", "--turn", "nobody"],
    ["show", "1", "2"],
    ["1", "2"],
    ["list", "--frobnicate"],
    ["list", "--as-of", "2026-02-30"],
    ["list", "--as-of"],
    ["list", "--lang", "fr"],
    ["due", "--file", ""],
    ["export", "--format", "docx"],
    ["export", "--mask", "all"],
    ["lsit"],
    ["frobnicate"],
]


def one_line(err: str) -> bool:
    return err.startswith("pddtui: ") and err.count("\n") == 1 and err.endswith("\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("args", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_one_line_exit_2_and_changes_nothing(kettle: Program, args: list[str], lang: str) -> None:
    shown: object = kettle("show", "1", "--json").json
    assert isinstance(shown, dict)
    promise = shown["contacts"][1]["promises"][0]["id"]
    before = kettle.file.read_bytes()
    result = kettle("--lang", lang, *(arg.format(promise=promise) for arg in args))
    assert (result.code, result.out) == (2, "")
    assert one_line(result.err), result.err
    assert kettle.file.read_bytes() == before


@pytest.mark.parametrize(
    "args",
    [
        ["show", "77"],
        ["show", "PDD-1999-0001"],
        ["show", "nobody"],
        ["why", "77"],
        ["log", "77", "--in", "--said", "x"],
        ["follow-up", "77", "x", "--due", "明天"],
        ["file", "77", "platform"],
        ["resolve", "77"],
        ["settle", "01ZZZZ", "kept"],
        ["export", "77"],
        ["77"],
        ["PDD-2026-0099"],
    ],
    ids=" ".join,
)
def test_an_unknown_case_or_thing_is_exit_3(kettle: Program, args: list[str]) -> None:
    before = kettle.file.read_bytes()
    result = kettle(*args)
    assert (result.code, result.out) == (3, "")
    assert one_line(result.err), result.err
    assert kettle.file.read_bytes() == before


def test_nothing_to_take_back_is_exit_3(pddtui: Program) -> None:
    assert (pddtui("undo").code, pddtui("redo").code) == (3, 3)


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b'{"a": 1', b'{"todos": {}}', b"\xff\xfe\x00", b"hello", b"\0" * 64], ids=repr
)
@pytest.mark.parametrize("command", [["list"], ["add", "x"], ["export"]], ids=" ".join)
def test_a_file_that_is_not_ours_is_exit_5_and_stays_as_it_is(
    pddtui: Program, content: bytes, command: list[str]
) -> None:
    pddtui.file.parent.mkdir()
    pddtui.file.write_bytes(content)
    result = pddtui(*command)
    assert result.code == 5
    assert one_line(result.err), result.err
    assert pddtui.file.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_takes_nothing_is_exit_7(pddtui: Program) -> None:
    pddtui.file.parent.mkdir(mode=0o500)
    assert pddtui("add", "x").code == 7


def test_a_folder_that_cannot_be_made_is_exit_7(pddtui: Program, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("a file and no folder")
    result = pddtui.at(tmp_path / "plain" / "cases.json")("add", "x")
    assert result.code == 7
    assert one_line(result.err), result.err


def test_a_data_file_that_is_a_folder_is_refused_in_one_line(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui.at(tmp_path)("list")
    assert result.code in (5, 7)
    assert one_line(result.err), result.err


def test_as_of_looks_and_never_writes(kettle: Program) -> None:
    before = kettle.file.read_bytes()
    result = kettle("add", "x", "--as-of", "2026-12-01")
    assert (result.code, one_line(result.err)) == (2, True)
    assert kettle.file.read_bytes() == before


def test_a_close_word_is_offered(pddtui: Program) -> None:
    assert "quality" in pddtui("add", "x", "--problem", "qualty").err
    assert "list" in pddtui("lsit").err
    assert "--json" in pddtui("list", "--jsno").err


def test_an_error_speaks_the_language_asked_for_wherever_the_option_stands(pddtui: Program) -> None:
    assert "没有" in pddtui("show", "77", "--lang", "zh").err
    assert "没有" in pddtui("--lang=zh", "show", "77").err
    assert "没有" in pddtui("list", "--frobnicate", "--lang", "zh").err


def test_broken_settings_are_exit_2_and_name_the_line(pddtui: Program, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("language: klingon\n")
    result = pddtui("list", "--config", str(config))
    assert result.code == 2
    assert one_line(result.err)
    assert "line 1" in result.err


def test_a_desk_without_a_terminal_is_refused(kettle: Program) -> None:
    result = kettle("1")
    assert (result.code, one_line(result.err)) == (2, True)


def test_the_language_of_the_settings_holds_for_errors_too(pddtui: Program, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("language: zh\n")
    assert "没有" in pddtui("--config", str(config), "show", "77").err


def test_version_says_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_line(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pddtui ")


def test_every_command_explains_itself_in_both_languages(pddtui: Program) -> None:
    overview = pddtui("--help").out
    assert "用法" in pddtui("--lang", "zh", "--help").out
    for command in (
        "add",
        "log",
        "follow-up",
        "settle",
        "file",
        "resolve",
        "undo",
        "list",
        "show",
        "due",
        "when",
        "why",
    ):
        assert command in overview
        english, chinese = pddtui(command, "--help"), pddtui("--lang", "zh", command, "--help")
        assert (english.code, chinese.code) == (0, 0)
        assert english.out != chinese.out
        assert english.out.count("Show this help and exit.") == 1


def test_a_change_that_somebody_built_upon_cannot_be_taken_back_which_is_exit_4(
    kettle: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(self: Casebook, change: str | None) -> None:
        raise Conflict(msg("This was changed again in {ref}: undo the later change first.", ref="x"))

    monkeypatch.setattr(Casebook, "undo", overtaken)
    result = kettle("undo")
    assert (result.code, one_line(result.err)) == (4, True)


def test_a_file_that_another_session_holds_is_exit_6(kettle: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: TinyCaseStore) -> None:
        raise Busy(msg("The case is no longer in this file."))

    monkeypatch.setattr(TinyCaseStore, "transaction", held)
    result = kettle("add", "x")
    assert (result.code, one_line(result.err)) == (6, True)


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_trouble_of_the_system_is_exit_7_in_one_line(
    kettle: Program, monkeypatch: pytest.MonkeyPatch, trouble: OSError
) -> None:
    def fails(self: TinyCaseStore) -> None:
        raise trouble

    monkeypatch.setattr(TinyCaseStore, "transaction", fails)
    result = kettle("add", "x")
    assert (result.code, one_line(result.err)) == (7, True)


def test_an_interrupt_is_exit_130_without_a_traceback(kettle: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: TinyCaseStore, *, words: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(TinyCaseStore, "glances", interrupted)
    result = kettle("list")
    assert (result.code, result.out, result.err) == (130, "", "")


@pytest.mark.parametrize("command", [[], ["import"], ["log"], ["list"]])
def test_chinese_help_fills_its_lines_and_is_no_wider_than_it_may_be(
    pddtui: Program, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = pddtui("--lang", "zh", *command, "--help").out.splitlines()
    assert max(map(cells, lines)) <= 58
    assert [line for line in lines if line.lstrip()[:1] in set("，。；：、）”")] == []
    for line, following in pairwise(lines):
        if line.startswith("  ") and following.startswith(" " * 8) and not following.lstrip().isascii():
            assert cells(line) >= 52 or line.isascii()
