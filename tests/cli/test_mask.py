"""`pddtui mask`: a text in, the text without personal data out."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from pddtui.cli.main import run_line
from tests.cli.conftest import Program

NAMES = "Names without a label are only found where the case knows them: name them with --hide."


def test_what_comes_in_goes_out_masked_for_the_public(pddtui: Program) -> None:
    done = pddtui("mask", stdin="电话13800138000\n价格89元\n")
    assert (done.code, done.out, done.err) == (
        0,
        "电话[mobile number]\n价格89元\n".replace("[", "〔").replace("]", "〕"),
        f"Hidden: 1 phone number.\n{NAMES}\n",
    )


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("13800138000，021-61234567，13900139000，我叫王小明，女儿张雨桐", "en", "Hidden: 3 phone numbers, 2 names."),
        ("13800138000，021-61234567，13900139000，我叫王小明", "zh", "已遮盖：3个电话号码、1个姓名。"),
        ("我叫王小明，生日1990年3月7日", "en", "Hidden: 1 name, 1 date of birth."),
        ("没什么可遮的", "en", "Nothing is hidden."),
        ("没什么可遮的", "zh", "没有遮盖任何内容。"),
    ],
)
def test_what_was_hidden_is_said_by_kind_beside_the_text(pddtui: Program, text: str, language: str, said: str) -> None:
    done = pddtui("--lang", language, "mask", stdin=text)
    assert (done.code, done.err.splitlines()[0]) == (0, said)
    assert "--hide" in done.err.splitlines()[1]
    assert said not in done.out


@pytest.mark.parametrize("level", ["partial", "public"])
def test_an_export_and_a_letter_say_what_they_hide_and_what_they_cannot(kettle: Program, level: str) -> None:
    kettle("log", "1", "--out", "--said", "我的电话13900139000")
    for form in ("json", "csv", "markdown", "html", "ics"):
        done = kettle("export", "--format", form, "--mask", level)
        assert re.search(r"^Hidden: .*\b1 phone number\b", done.err, re.MULTILINE), form
        assert NAMES in done.err
        assert "Hidden" not in done.out
    done = kettle("letter", "1", "c12315", "--mask", level)
    assert (done.err.count("Hidden: "), done.err.count(NAMES)) == (1, 1)
    for command in (("export",), ("letter", "1", "c12315")):
        assert "Hidden" not in kettle(*command, "--mask", "none").err


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


def test_a_public_paper_calls_a_file_by_its_number(kettle: Program, tmp_path: Path) -> None:
    photo = tmp_path / "张三丰的身份证.jpg"
    photo.write_bytes(b"not a photo")
    assert kettle("evidence", "1", str(photo)).code == 0
    kettle("log", "1", "--out", "--said", "已上传张三丰的身份证.jpg")
    for form in ("json", "csv", "markdown", "html"):
        assert "张三丰的身份证" in kettle("export", "--format", form).out
        public = kettle("export", "--format", form, "--mask", "public").out
        assert ("张三丰" in public, "已上传exhibit 1.jpg" in public) == (False, True)
    assert "张三丰的身份证" in kettle("letter", "1", "c12315").out
    letter = kettle("letter", "1", "c12315", "--mask", "public").out
    assert ("张三丰" in letter, "exhibit 1.jpg" in letter) == (False, True)
    assert "证据1.jpg" in kettle("--lang", "zh", "letter", "1", "c12315", "--mask", "public").out
    bundle = tmp_path / "all.zip"
    kettle("export", "--format", "zip", "--mask", "partial", "-o", str(bundle))
    with ZipFile(bundle) as zipped:
        assert any("张三丰" in name for name in zipped.namelist())
    ids = [each["id"] for each in json.loads(kettle("export", "1").out)["cases"][0]["evidence"]]
    kettle("export", "--format", "zip", "--mask", "public", "--with-file", ids[0], "--force", "-o", str(bundle))
    with ZipFile(bundle) as zipped:
        assert [name for name in zipped.namelist() if name.startswith("evidence/")] == [
            "evidence/PDD-2026-0001/01-exhibit_1.jpg"
        ]
        assert not any("张三丰".encode() in zipped.read(name) for name in zipped.namelist())
