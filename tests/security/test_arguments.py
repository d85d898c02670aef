"""What is typed as an argument is seen by every user of the machine: words can come from standard input instead."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Program


def contact(program: Program) -> Any:
    return json.loads(program("show", "1", "--json").out)["contacts"][-1]


def test_a_title_is_read_from_standard_input(pddtui: Program) -> None:
    ref = pddtui("add", "-", "--merchant", "-", stdin="电热水壶\n某某店\n").id
    case = json.loads(pddtui("show", ref, "--json").out)
    assert (case["title"], case["merchant"]) == ("电热水壶", "某某店")


def test_each_dash_takes_a_line_and_the_words_are_what_is_left(kettle: Program) -> None:
    assert (
        kettle("log", "1", "--in", "--name", "-", "--role", "-", stdin="王小明\n客服\n他说同意退款\n明天到账\n").code
        == 0
    )
    said = contact(kettle)
    assert (said["person"]["name"], said["person"]["role"]) == ("王小明", "客服")
    assert said["summary"] == "他说同意退款\n明天到账"


def test_the_last_dash_takes_all_that_is_left(kettle: Program) -> None:
    assert kettle("log", "1", "--in", "--name", "-", "--said", "-", stdin="王小明\r\n第一行\r\n第二行\r\n").code == 0
    assert (contact(kettle)["person"]["name"], contact(kettle)["summary"]) == ("王小明", "第一行\n第二行")


def test_words_to_hide_need_not_be_arguments(kettle: Program) -> None:
    masked = kettle("mask", "--lang", "en", "--hide", "-", "--hide", "-", stdin="暗号\n代号\n暗号和代号都不见")
    assert masked.out == "〔hidden〕和〔hidden〕都不见"
    shown = kettle("export", "1", "--format", "markdown", "--mask", "public", "--hide", "-", stdin="电热水壶\n")
    assert shown.code == 0
    assert "电热水壶" not in shown.out


def test_other_words_of_mine_too(kettle: Program) -> None:
    assert kettle("follow-up", "1", "-", "--due", "3d", stdin="一句话\n").code == 0
    assert kettle("edit", "1", "--title", "-", stdin="另一个名字\n").code == 0
    case = json.loads(kettle("show", "1", "--json").out)
    assert (case["title"], case["follow_ups"][-1]["text"]) == ("另一个名字", "一句话")


def test_too_few_lines_save_nothing(kettle: Program) -> None:
    before = kettle("export", "1").out
    refused = kettle("log", "1", "--in", "--name", "-", "--role", "-", "--staff-no", "-", stdin="王小明\n客服\n")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert json.loads(kettle("export", "1").out)["cases"] == json.loads(before)["cases"]


def test_a_dash_for_a_file_is_still_a_file(kettle: Program) -> None:
    exported = kettle("export", "-o", "-")
    assert exported.code == 0
    assert kettle("import", "-", "--dry-run", stdin=exported.out).code == 0
