"""`pddtui mask`: a text in, the text without personal data out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from pddtui.cli.main import run_line
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
    assert done.out == "〔已遮盖〕问〔姓名〕订单〔订单号〕，小家电店"


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, str]:
    """The option that names settings with what is the person's own."""
    file = tmp_path / "config.yaml"
    file.write_text(
        'me: {name: 赵六, phone: "18888888", address: 幸福里8号}\nprivate: ["小赵爱买"]\n', encoding="utf-8"
    )
    return "--config", str(file)


MINE = ("赵六", "1888 8888", "幸福里8号", "小赵爱买")


def test_what_the_settings_say_is_mine_is_hidden_by_every_mask(kettle: Program, own: tuple[str, str]) -> None:
    kettle("log", "1", "--out", "--said", "，".join(MINE))
    assert all(word in kettle("letter", "1", "c12315", *own).out for word in MINE)
    for level in ("partial", "public"):
        outs = [kettle(*own, "mask", "--level", level, stdin="，".join(MINE)).out]
        outs += [kettle(*own, "letter", "1", "c12315", "--mask", level).out]
        outs += [kettle(*own, "export", "--format", form, "--mask", level).out for form in ("json", "csv", "html")]
        for out in outs:
            assert [word for word in MINE if word in out] == []
    assert kettle("--lang", "zh", *own, "mask", stdin="赵六，18888888").out == "〔姓名〕，〔手机号〕"


def test_a_word_is_hidden_in_an_export_and_a_letter_too(kettle: Program) -> None:
    for command in (("export", "--format", "markdown"), ("letter", "1", "c12315")):
        assert "电热水壶" in kettle(*command, "--mask", "public").out
        assert "电热水壶" not in kettle(*command, "--mask", "public", "--hide", "王小二", "--hide", "电热水壶").out
        refused = kettle(*command, "--hide", "电热水壶")
        assert (refused.code, refused.out, "--mask" in refused.err) == (2, "", True)


def test_a_short_staff_number_is_in_no_public_text(kettle: Program) -> None:
    assert "07" in kettle("--lang", "zh", "letter", "1", "c12315").out.split("工号")[1][:3]
    for language in ("zh", "en"):
        for form in ("markdown", "html", "csv"):
            out = kettle("--lang", language, "export", "--format", form, "--mask", "public").out
            assert not re.search(r"(?:工号|no\. |,)07(?!\d)", out)
        letter = kettle("--lang", language, "letter", "1", "c12315", "--mask", "public").out
        assert not re.search(r"(?:工号|no\. ?)07", letter)


def test_an_unknown_level_is_wrong_usage(pddtui: Program) -> None:
    done = pddtui("mask", "--level", "none")
    assert (done.code, done.out) == (2, "")
    assert "partial" in done.err


def test_an_unknown_case_is_not_found(pddtui: Program) -> None:
    assert pddtui("mask", "--case", "7").code == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_whatever_encoding_and_terminal_controls_come_out_harmless(
    pddtui: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    text = "电话 13800138000 \x1b]0;x\x07 谢谢".encode(encoding)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run_line(["--file", str(pddtui.file), "mask"]) == 0
    out = capsys.readouterr().out
    assert "13800138000" not in out
    assert "\x1b" not in out
    assert (out[:2], out[-2:]) == ("电话", "谢谢")
