"""An export that somebody altered: nothing that was written here is replaced by it, and whatever changes is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program

SAID = "店家说同意退款40元，三天内到账"
PLANTED = "店家说不退款"


@pytest.fixture
def file(kettle: Program, tmp_path: Path) -> Path:
    """An export of what is here, as it was before it went through other hands."""
    kettle("log", "1", "--in", "--channel", "merchant_chat", "--said", SAID)
    file = tmp_path / "export.json"
    file.write_text(kettle("export").out, encoding="utf-8")
    return file


def alter(file: Path, change: Callable[[Any], object]) -> None:
    export = json.loads(file.read_text(encoding="utf-8"))
    change(export["cases"][0])
    file.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")


def words_alone(case: Any) -> None:
    next(one for one in case["contacts"] if one["summary"] == SAID)["summary"] = PLANTED


def words_and_entry(case: Any) -> None:
    """The entry of the history too, whose hash is then another."""
    text = json.dumps(case, ensure_ascii=False).replace(SAID, PLANTED)
    case.clear()
    case.update(json.loads(text))


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_words_under_a_genuine_history_clash_and_ours_stand(kettle: Program, file: Path, dry: list[str]) -> None:
    alter(file, words_alone)
    done = kettle("import", str(file), *dry)
    assert "0 changed, 1 conflict" in done.out
    assert f"“{SAID}” here, “{PLANTED}” there; “{SAID}” stands until it is settled" in done.out
    shown = json.loads(kettle("show", "1", "--json").out)
    assert SAID in {contact["summary"] for contact in shown["contacts"]}
    assert bool(shown["clashes"]) is (not dry)


def test_an_altered_entry_of_the_history_is_refused_and_nothing_is_taken(kettle: Program, file: Path) -> None:
    alter(file, words_and_entry)
    before = kettle("export", "1").out
    done = kettle("import", str(file))
    assert (done.code, done.out, done.err.count("\n")) == (8, "", 1)
    assert "somebody changed it" in done.err
    assert json.loads(kettle("export", "1").out)["cases"] == json.loads(before)["cases"]


def test_a_contact_that_no_history_knows_is_no_contact_here(kettle: Program, file: Path) -> None:
    def plant(case: Any) -> None:
        case["contacts"].append({**case["contacts"][-1], "id": "01ZZZZZZZZZZZZZZZZZZZZZZZZ", "summary": PLANTED})

    alter(file, plant)
    kettle("import", str(file))
    assert PLANTED not in {one["summary"] for one in json.loads(kettle("show", "1", "--json").out)["contacts"]}


def test_what_changes_by_an_honest_import_is_shown_before_and_after(kettle: Program, tmp_path: Path) -> None:
    there = kettle.at(tmp_path / "there" / "cases.json")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    kettle("edit", "1", "--description", "x" * 90 + "旧")
    first.write_text(kettle("export").out, encoding="utf-8")
    there("import", str(first))
    there("edit", "1", "--title", "a lamp", "--description", "x" * 90 + "新", "--amount", "40")
    second.write_text(there("export").out, encoding="utf-8")
    for dry in (["--dry-run"], []):
        said = kettle("import", str(second), *dry).out.splitlines()
        assert any(line.startswith("- title: “") and line.endswith("” → “a lamp”") for line in said)
        assert f"- story: “…{'x' * 20}旧” → “…{'x' * 20}新”" in said
        assert any(line.startswith("- order, amount: ") and line.endswith("→ “40.00”") for line in said)
    assert "Nothing new" in kettle("import", str(second)).out


def test_a_thing_that_goes_is_named(kettle: Program, tmp_path: Path) -> None:
    there = kettle.at(tmp_path / "there" / "cases.json")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    kettle("follow-up", "1", "call them", "--due", "3d")
    first.write_text(kettle("export").out, encoding="utf-8")
    there("import", str(first))
    there("undo", json.loads(there("show", "1", "--json").out)["history"][-1]["id"])
    second.write_text(there("export").out, encoding="utf-8")
    assert "- follow-up “call them”: removed" in kettle("import", str(second), "--dry-run").out.splitlines()


def test_a_long_text_is_quoted_from_where_it_differs(kettle: Program, tmp_path: Path) -> None:
    there = kettle.at(tmp_path / "there" / "cases.json")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(kettle("export").out, encoding="utf-8")
    there("import", str(first))
    there("edit", "1", "--description", "y" * 200 + "there")
    kettle("edit", "1", "--description", "y" * 200 + "here")
    second.write_text(there("export").out, encoding="utf-8")
    assert f"“…{'y' * 20}here” here, “…{'y' * 20}there” there" in kettle("import", str(second)).out
