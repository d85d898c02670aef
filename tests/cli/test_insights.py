"""Insights from the command line."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Program


def test_bars_and_numbers_stand_under_each_other(kettle: Program) -> None:
    result = kettle("insights")
    assert result.code == 0
    assert "Promises by side\n  merchant  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  1 overdue\n" in result.out
    assert "  demanded    ████████████████████████  ¥89.00\n" in result.out  # no sum was named: the price is


def test_scripts_get_every_field(kettle: Program) -> None:
    found: Any = kettle("insights", "--json").json
    assert found["promises"]["overdue"] == 1
    assert [it["of"] for it in found["by_role"]] == ["店铺客服"]
    assert found["rungs"][0]["answer"] == {"n": 0, "median": None, "longest": None, "each": []}


def test_without_a_case_it_says_so_beside_the_result(pddtui: Program) -> None:
    result = pddtui("insights")
    assert (result.code, result.out, result.err) == (0, "", "There are no cases yet.\n")
    empty: Any = pddtui("insights", "--json").json
    assert (empty["cases"], empty["money"]) == (0, [])
