"""Cases of parents and neighbours: whose case it is stands in the case, in its papers, and under its masks."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Hands, Program

MOTHER = {"name": "王秀兰", "phone": "13900139000", "address": "某市某区和平路2号"}
SETTINGS = """
me: {name: "张三丰", phone: "13800138000", address: "某市某区中山路1号"}
people:
  妈妈: {name: "王秀兰", phone: "13900139000", address: "某市某区和平路2号"}
  lao-li: {phone: "13700137000"}
"""
MINE = ("张三丰", "13800138000", "中山路1号")


@pytest.fixture
def family(pddtui: Program, tmp_path: Path) -> Program:
    """The program with settings that know the mother and a neighbour."""
    config = tmp_path / "config.yaml"
    config.write_text(SETTINGS, encoding="utf-8")

    class WithSettings(Program):
        def __call__(self, *args: str, stdin: str = "") -> Any:
            return pddtui("--config", str(config), *args, stdin=stdin)

    return WithSettings.__new__(WithSettings)


def complainant(program: Program, ref: str = "1") -> Any:
    return program("show", ref, "--json").json["complainant"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("妈妈", MOTHER),
        ("王秀兰", MOTHER),
        (" 王 秀兰 ", MOTHER),
        ("LAO-LI", {"name": "lao-li", "phone": "13700137000", "address": None}),
        ("隔壁老周", {"name": "隔壁老周", "phone": None, "address": None}),
        ("me", None),
        ("我", None),
        ("张三丰", None),
    ],
)
def test_a_name_of_the_settings_brings_its_data_and_any_other_is_a_name(
    family: Program, typed: str, stored: object
) -> None:
    assert family("add", "锅", "--for", typed).code == 0
    assert complainant(family) == stored
    family("add", "壶")
    assert family("edit", "2", "--for", typed).code == 0
    assert complainant(family, "2") == stored


@pytest.mark.parametrize("typed", ["me", "", "本人"])
def test_a_case_becomes_mine_again(family: Program, typed: str) -> None:
    family("add", "锅", "--for", "妈妈")
    family("edit", "1", "--for", typed)
    assert complainant(family) is None
    family("undo")
    assert complainant(family) == MOTHER


def test_what_was_copied_stays_when_the_settings_forget_the_person(family: Program, pddtui: Program) -> None:
    family("add", "锅", "--for", "妈妈")
    assert complainant(pddtui) == MOTHER
    assert pddtui("edit", "1", "--for", "王秀兰").code == 0
    assert complainant(pddtui) == MOTHER


def test_it_is_shown_where_it_is_not_mine(family: Program) -> None:
    family("add", "锅", "--for", "妈妈")
    family("add", "壶")
    hers, mine = family("list").out.splitlines()
    assert ("王秀兰" in hers, "王秀兰" in mine, "张三丰" in mine) == (True, False, False)
    shown = family("show", "1").out
    assert all(part in shown for part in MOTHER.values())
    assert "Complainant" not in family("show", "2").out


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("for:me", ["2"]),
        ("for:我", ["2"]),
        ("-for:me", ["1", "3"]),
        ("for:妈妈", ["1"]),
        ("for:王秀兰", ["1"]),
        ("for:王", ["1"]),
        ('for:"隔壁老周"', ["3"]),
        ("for:nobody", []),
        ("13900139000", ["1"]),
    ],
)
def test_the_filter_finds_the_cases_of_a_person(family: Program, query: str, found: list[str]) -> None:
    family("add", "锅", "--for", "妈妈")
    family("add", "壶")
    family("add", "伞", "--for", "隔壁老周")
    rows: Any = family("list", "--json", "--", query).json
    assert [row["ref"][-1] for row in rows] == found


def test_a_filter_without_a_name_is_refused(family: Program) -> None:
    assert family("list", "for:").code == 2


@pytest.mark.parametrize("kind", ["platform", "supervisor", "chaser", "demand", "courier", "payment"])
def test_a_letter_ends_with_how_to_reach_whose_case_it_is(family: Program, kind: str) -> None:
    family("add", "锅", "--for", "妈妈")
    family("add", "壶")
    family("add", "伞", "--for", "lao-li")
    assert "联系人：王秀兰，电话：13900139000" in family("letter", "1", kind, "--lang", "zh").out
    assert "联系人：张三丰，电话：13800138000" in family("letter", "2", kind, "--lang", "zh").out
    assert "Contact: lao-li, phone 13700137000" in family("letter", "3", kind, "--lang", "en").out


@pytest.mark.parametrize("kind", ["c12315", "association", "report", "postal"])
def test_a_complaint_names_the_complainant_in_full(family: Program, kind: str) -> None:
    family("add", "锅", "--for", "妈妈")
    for language in ("zh", "en"):
        letter = family("letter", "1", kind, "--lang", language).out
        assert all(part in letter for part in MOTHER.values())
        assert not any(part in letter for part in MINE)


def test_what_is_not_known_of_the_person_is_a_blank_and_never_mine(family: Program) -> None:
    family("add", "锅", "--for", "隔壁老周")
    letter = family("letter", "1", "c12315", "--lang", "zh").out
    assert "姓名：隔壁老周\n联系电话：【手机号】\n联系地址：【联系地址】" in letter
    assert not any(part in letter for part in MINE)


def test_the_dossier_is_that_of_the_person(family: Program) -> None:
    family("add", "锅", "--for", "妈妈")
    open_ = family("export", "1", "--format", "markdown").out
    assert all(part in open_ for part in MOTHER.values())
    assert not any(part in open_ for part in MINE)


@pytest.mark.parametrize("level", ["partial", "public"])
def test_every_mask_hides_whose_case_it_is(family: Program, level: str) -> None:
    family("add", "锅", "--for", "妈妈")
    family("log", "1", "--out", "--demand", "--said", "我母亲王秀兰住和平路2号，电话13900139000，请退款")
    for form in ("json", "markdown", "html", "csv"):
        out = family("export", "1", "--format", form, "--mask", level).out
        assert not any(part in out for part in ("王秀兰", "13900139000", "某市某区和平路2号")), form
    exported: Any = family("export", "1", "--mask", level).json
    assert exported["cases"][0]["complainant"] is None


def test_it_travels_with_the_case(family: Program, pddtui: Program, tmp_path: Path) -> None:
    family("add", "锅", "--for", "妈妈")
    file = tmp_path / "out.json"
    family("export", "-o", str(file))
    other = pddtui.at(tmp_path / "other.json")
    assert other("import", str(file)).code == 0
    assert complainant(other) == MOTHER
    family("edit", "1", "--for", "隔壁老周")
    later = tmp_path / "later.json"
    family("export", "-o", str(later))
    assert other("import", str(later)).code == 0
    assert complainant(other)["name"] == "隔壁老周"
    assert complainant(other)["phone"] is None, "two people never become one"


def test_a_case_that_both_sides_gave_to_somebody_else_is_asked_about(
    family: Program, pddtui: Program, hands: Hands, tmp_path: Path
) -> None:
    family("add", "锅")
    file = tmp_path / "out.json"
    family("export", "-o", str(file))
    other = pddtui.at(tmp_path / "other.json")
    other("import", str(file))
    family("edit", "1", "--for", "妈妈")
    hands.now += timedelta(minutes=1)
    other("edit", "1", "--for", "隔壁老周")
    later = tmp_path / "later.json"
    family("export", "-o", str(later))
    other("import", str(later))
    assert complainant(other) == {"name": "隔壁老周", "phone": None, "address": None}
    assert "王秀兰" in json.dumps(other("show", "1", "--json").json, ensure_ascii=False)


def test_a_secret_is_no_name(family: Program) -> None:
    assert family("add", "锅", "--for", "验证码 483921").code == 2


def test_an_old_case_is_mine(family: Program) -> None:
    family("add", "锅")
    assert "complainant" in family("export").json["cases"][0]  # type: ignore[index]
    assert complainant(family) is None


def test_the_people_of_the_settings_are_hidden_in_any_text(family: Program) -> None:
    masked = family("mask", "--level", "public", stdin="王秀兰（13700137000）和张三丰都在场").out
    assert not any(part in masked for part in ("王秀兰", "13700137000", "张三丰"))
