"""A CSV table of contacts, taken into a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program

CHINESE = (
    "日期,姓名,角色,内容,承诺,到期\n"
    "2026/11/16 10:00,小王,店铺客服,先登记,退款89元,3个工作日内\n"
    "2026-11-17,,,我再问一次,,\n"
)


def table(folder: Path, text: str, encoding: str = "utf-8", name: str = "旧记录.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_becomes_a_case_named_like_the_file(
    pddtui: Program, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    file = table(tmp_path, CHINESE.replace(",", delimiter), encoding)
    assert pddtui("import", file).code == 0
    case: Any = pddtui("show", "1", "--json").json
    assert case["title"] == "旧记录"
    first, second = case["contacts"]
    assert (first["direction"], first["person"]["name"], first["at"]) == ("in", "小王", "2026-11-16T10:00:00+08:00")
    assert first["promises"][0]["due"] == "2026-11-19T23:59:59+08:00"
    assert (second["direction"], second["summary"]) == ("out", "我再问一次")


def test_the_same_table_twice_adds_nothing(kettle: Program, tmp_path: Path) -> None:
    file = table(tmp_path, CHINESE)
    assert "Imported 2 contacts" in kettle("import", file, "--case", "1").out
    before = kettle.file.read_bytes()
    assert kettle("import", file, "--case", "1").out == "Nothing new: everything is already here.\n"
    assert kettle.file.read_bytes() == before


def test_a_dry_run_shows_it_and_saves_nothing(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, CHINESE), "--dry-run")
    assert (result.code, "Would import 2 contacts" in result.out, pddtui.file.exists()) == (0, True, False)


def test_columns_of_other_names_are_mapped(pddtui: Program, tmp_path: Path) -> None:
    file = table(tmp_path, "Wann;Text\n2026-11-16;hello\n")
    assert pddtui("import", file).code == 8
    assert pddtui("import", file, "--map", "date=Wann").code == 0
    assert pddtui("import", file, "--map", "day=Wann").code == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("soon,小王,,hello,,", "日期"),
        ("2026-11-17,小王,,,,", "内容"),
        ("2026-11-17,小王,,hello,refund,blue moon", "到期"),
        ("2026-11-17,小王,,支付密码：123456,,", "内容"),
    ],
)
def test_one_wrong_row_names_line_and_column_and_nothing_is_taken(
    kettle: Program, tmp_path: Path, row: str, column: str
) -> None:
    before = kettle.file.read_bytes()
    result = kettle("import", table(tmp_path, f"{CHINESE}{row}\n"), "--case", "1")
    assert (result.code, result.out, result.err.count("\n")) == (8, "", 1)
    assert f"line 4, column “{column}”" in result.err
    assert kettle.file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0", b"PK\x03\x04\0\0", b"\xff\xff", b'date,said\n1,"x'])
def test_what_is_no_table_is_exit_8(pddtui: Program, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    result = pddtui("import", str(path))
    assert (result.code, result.err.count("\n")) == (8, 1)
    assert not pddtui.file.exists()


def test_a_table_that_is_too_large_is_said_to_be_so(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, "date,said\n" + "x" * (16 << 20)))
    assert (result.code, "too large" in result.err, "UTF-8" in result.err) == (8, True, False)


def test_an_open_quotation_mark_is_named_as_one(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, 'date,said\n2026-11-16,"hello\n'))
    assert result.code == 8
    assert "line 2: A quotation mark is not closed" in result.err
    assert result.err.endswith(". Nothing was imported.\n")


def test_a_row_that_lies_ahead_is_noted_as_log_does(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, "date,said\n2027-03-01,hello\n2026-11-16,hi\n"))
    assert result.code == 0
    assert result.err.count("in the future") == 1


@pytest.mark.parametrize(
    ("said", "cell", "what"),
    [
        ("退不了的亲", "", ("answer", "refused")),
        ("亲在的，请稍等", "", ("holding", None)),
        ("您好", "", ("holding", None)),
        ("您好", "拒绝", ("answer", "refused")),
        ("不退", "未实质答复", ("holding", None)),
        ("不退", "no answer", ("none", None)),
        ("您好", "Offered", ("answer", "offered")),
        ("您好", "说不给退", ("answer", "refused")),
        ("自动回复：您好", "", ("none", None)),
    ],
)
def test_what_a_reply_was_is_taken_from_its_column_or_else_from_the_words(
    pddtui: Program, tmp_path: Path, said: str, cell: str, what: tuple[str, str | None]
) -> None:
    file = table(tmp_path, f"日期,姓名,内容,回应\n2026-11-16,小王,{said},{cell}\n2026-11-17,我,再问一次,拒绝\n")
    assert pddtui("import", file).code == 0
    case: Any = pddtui("show", "1", "--json").json
    first, mine = case["contacts"]
    assert (first["substance"], first["reply"]) == what
    assert (mine["substance"], mine["reply"]) == (None, None)
