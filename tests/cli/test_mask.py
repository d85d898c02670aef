"""`pddtui mask`: a text in, the text without personal data out."""

from __future__ import annotations

import io

import pytest

from pddtui.cli.main import run
from tests.cli.conftest import Program


def test_what_comes_in_goes_out_masked_for_the_public(pddtui: Program) -> None:
    done = pddtui("mask", stdin="电话13800138000\n价格89元\n")
    assert (done.code, done.out, done.err) == (
        0,
        "电话[mobile number]\n价格89元\n".replace("[", "〔").replace("]", "〕"),
        "",
    )


def test_partly_masked_leaves_enough_to_recognise_it(pddtui: Program) -> None:
    assert pddtui("mask", "--level", "partial", stdin="13800138000").out == "138****8000"


def test_the_labels_are_in_the_language_asked_for(pddtui: Program) -> None:
    assert pddtui("--lang", "zh", "mask", stdin="13800138000").out == "〔手机号〕"


def test_a_case_and_words_of_one_s_own_are_hidden_too(kettle: Program) -> None:
    done = kettle("--lang", "zh", "mask", "--case", "1", "--hide", "张三", stdin="张三问小A订单2611 09-0101，小家电店")
    assert done.out == "〔已隐去〕问〔姓名〕订单〔订单号〕，小家电店"


def test_an_unknown_level_is_wrong_usage(pddtui: Program) -> None:
    done = pddtui("mask", "--level", "none")
    assert (done.code, done.out) == (2, "")
    assert "partial" in done.err


def test_an_unknown_case_is_not_found(pddtui: Program) -> None:
    assert pddtui("mask", "--case", "7").code == 3


def test_bytes_that_are_no_text_and_terminal_controls_come_out_harmless(
    pddtui: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe 13800138000 \x1b]0;x\x07")))
    assert run(["--file", str(pddtui.file), "mask"]) == 0
    out = capsys.readouterr().out
    assert "13800138000" not in out
    assert "\x1b" not in out
    assert out.startswith("��")
