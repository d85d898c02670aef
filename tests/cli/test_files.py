"""Export, import and schema from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program

FOREIGN = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe\x00",
    b'{"format": "taskwarrior", "version": 1, "cases": []}',
    b'{"format": "pddtui.export", "version": 3, "cases": []}',
    b'{"format": "pddtui.export", "version": 1, "cases": {}}',
    b'{"format": "pddtui.export", "version": 1, "cases": [1]}',
    b'{"format": "pddtui.export", "version": 1, "cases": [{"id": "a"}]}',
    b'{"format": "pddtui.export", "version": 1, "cases": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
    b'{"format": "pddtui.export", "version": 1' + b"0" * 400 + b', "cases": []}',
]


@pytest.fixture
def exported(kettle: Program, tmp_path: Path) -> Path:
    path = tmp_path / "export.json"
    assert kettle("export", "-o", str(path)).code == 0
    return path


def changed(path: Path, **fields: object) -> Path:
    """The export with other fields in its only case."""
    document = json.loads(path.read_bytes())
    document["cases"][0].update(fields)
    path.write_text(json.dumps(document))
    return path


def test_an_export_names_its_format_version_and_time(kettle: Program) -> None:
    document: Any = kettle("export").json
    assert (document["format"], document["version"]) == ("pddtui.export", 2)
    assert document["exported_at"] == "2026-11-22T12:00:00+08:00"


def test_an_export_has_everything_or_the_cases_named(kettle: Program) -> None:
    kettle("add", "second")
    everything: Any = kettle("export").json
    second: Any = kettle("export", "2").json
    assert [case["ref"] for case in everything["cases"]] == ["PDD-2026-0001", "PDD-2026-0002"]
    assert [case["title"] for case in second["cases"]] == ["second"]


def test_an_export_file_is_the_owners_alone_and_never_written_over_unasked(kettle: Program, exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o600
    before = exported.read_bytes()
    kettle("add", "second")
    assert kettle("export", "-o", str(exported)).code == 7
    assert exported.read_bytes() == before
    assert kettle("export", "-o", str(exported), "--force").code == 0
    assert len(json.loads(exported.read_bytes())["cases"]) == 2
    assert [path.name for path in exported.parent.iterdir() if path.is_file()] == [exported.name]


def test_an_export_into_a_folder_that_is_not_there_is_exit_7(kettle: Program, tmp_path: Path) -> None:
    result = kettle("export", "-o", str(tmp_path / "nowhere" / "x.json"))
    assert (result.code, result.err.count("\n")) == (7, 1)


def test_what_was_exported_is_the_same_after_an_import_elsewhere(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    assert other("import", str(exported)).code == 0
    mine: Any = kettle("show", "1", "--json").json
    theirs: Any = other("show", "1", "--json").json
    for name in set(mine) - {"history", "revision"}:
        assert theirs[name] == mine[name]


def test_a_second_import_changes_nothing_and_says_so(kettle: Program, exported: Path, tmp_path: Path) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    other("import", str(exported))
    before: Any = other("export").json
    again = other("import", str(exported))
    assert (again.code, again.out) == (0, "Nothing new: everything is already here.\n")
    after: Any = other("export").json
    assert after["cases"] == before["cases"]


def test_a_dry_run_tells_the_same_and_changes_nothing(kettle: Program, exported: Path, tmp_path: Path) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    result = other("import", str(exported), "--dry-run")
    assert result.code == 0
    assert "new: PDD-2026-0001" in result.out
    assert not other.file.exists()


def test_a_number_that_is_taken_becomes_the_next_free_one_and_is_said(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    other("add", "mine")
    result = other("import", str(exported))
    assert "PDD-2026-0001" in result.out
    assert "PDD-2026-0002" in result.out
    listed: Any = other("list", "--json").json
    assert {row["title"] for row in listed} == {"mine", "电热水壶第三天不通电"}
    mine = tmp_path / "mine.json"
    assert other("export", "-o", str(mine)).code == 0
    assert kettle("import", str(mine)).code == 0
    same = [{row["id"]: row["ref"] for row in json.loads(each("list", "--json").out)} for each in (kettle, other)]
    assert same[0] == same[1], "both machines give the younger one the same number"
    assert other("import", str(exported)).out == "Nothing new: everything is already here.\n"


def test_undo_takes_back_what_this_machine_did_and_what_came_in_only_by_its_name(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    other("import", str(exported))
    assert other("undo").code == 3
    case: Any = other("show", "1", "--json").json
    assert other("undo", case["history"][0]["id"]).code == 0
    assert other("list", "--json").json == []
    assert other("undo", case["history"][0]["id"]).code == 2
    assert other("redo").code == 0
    assert len(other("list").out.splitlines()) == 1
    assert other("undo", "nothing").code == 3


@pytest.mark.parametrize("content", FOREIGN, ids=lambda content: repr(content[:60]))
def test_a_file_that_is_no_export_is_exit_8_and_nothing_is_taken(
    kettle: Program, tmp_path: Path, content: bytes
) -> None:
    before = kettle.file.read_bytes()
    path = tmp_path / "foreign.json"
    path.write_bytes(content)
    result = kettle("import", str(path))
    assert (result.code, result.out, result.err.count("\n")) == (8, "", 1)
    assert result.err.startswith("pddtui: ")
    assert kettle.file.read_bytes() == before


@pytest.mark.parametrize("name", ["missing.json", ".", "nul\0byte"])
def test_a_file_that_cannot_be_read_is_exit_8(kettle: Program, tmp_path: Path, name: str) -> None:
    result = kettle("import", str(tmp_path / name))
    assert (result.code, result.err.count("\n")) == (8, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "  "},
        {"title": None},
        {"title": "half \ud800 a character"},
        {"ref": "../../etc/passwd"},
        {"id": "../x"},
        {"status": "great"},
        {"opened_at": "2026-11-22T12:00:00"},
        {"opened_at": "9999-12-31T23:59:59+08:00"},
        {"order": {"amount": "NaN"}},
        {"order": {"amount": "-1"}},
        {"order": {"amount": "1e400"}},
        {"order": {"currency": "¥"}},
        {"quiet": {"amber": "soon", "red": "later"}},
        {"tags": "urgent"},
        {"description": "支付密码：123456"},
        {"milestones": {"../x": "2026-11-22T12:00:00+08:00"}},
        {"evidence": [{"id": "e", "file": "../../x", "added_at": "2026-11-22T12:00:00+08:00"}]},
        {"contacts": [{"id": "c"}]},
    ],
    ids=str,
)
def test_one_wrong_value_refuses_the_whole_file(kettle: Program, exported: Path, fields: dict[str, object]) -> None:
    before = kettle.file.read_bytes()
    result = kettle("import", str(changed(exported, **fields)))
    assert (result.code, result.out, result.err.count("\n")) == (8, "", 1)
    assert kettle.file.read_bytes() == before


def test_a_history_that_was_tampered_with_is_refused(kettle: Program, exported: Path) -> None:
    document = json.loads(exported.read_bytes())
    document["cases"][0]["history"][0]["at"] = "2020-01-01T00:00:00+08:00"
    exported.write_text(json.dumps(document))
    assert kettle("import", str(exported)).code == 8


def test_imported_text_is_made_inert(kettle: Program, exported: Path, tmp_path: Path) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    other("import", str(changed(exported, title="a\x1b[2Jb\u202e", history=[])))
    shown: Any = other("show", "1", "--json").json
    assert shown["title"] == "ab"


def test_an_export_by_hand_without_history_is_taken(kettle: Program, exported: Path, tmp_path: Path) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    changed(exported, history=[])
    assert other("import", str(exported)).code == 0
    assert other("import", str(exported)).out.startswith("Nothing new")


def test_both_sides_changing_a_field_keeps_ours_and_plans_to_settle_it(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    changed(exported, merchant="theirs")
    document = json.loads(exported.read_bytes())
    document["cases"][0]["history"] = []
    exported.write_text(json.dumps(document))
    result = kettle("import", str(exported))
    assert result.code == 0
    assert "in conflict: PDD-2026-0001" in result.out
    case: Any = kettle("show", "1", "--json").json
    assert case["merchant"] == "小家电店"
    (clash,) = case["clashes"]
    assert "theirs" in kettle("why", "1").out
    (row,) = [row for row in json.loads(kettle("due", "--json").out) if row["kind"] == "follow_up"]
    assert (row["case"], row["text"]) == (case["id"], "Two machines changed merchant: which one holds?")
    assert kettle("settle", clash["id"], "kept").code == 2
    assert kettle("settle", clash["id"][-6:], "1").code == 0
    case = kettle("show", "1", "--json").json
    assert (case["merchant"], case["clashes"]) == ("theirs", [])
    again = kettle("import", str(exported))
    assert again.out == "Nothing new: everything is already here.\n"


def test_a_clash_is_told_in_words_and_is_due_also_where_the_case_has_ended(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    assert other("import", str(exported)).code == 0
    assert kettle("resolve", "1", "--recovered", "89").code == 0
    assert other("resolve", "1", "--outcome", "refused").code == 0
    theirs = tmp_path / "theirs.json"
    assert other("export", "-o", str(theirs)).code == 0
    assert kettle("import", str(theirs)).code == 0
    texts = [row["text"] for row in json.loads(kettle("due", "--json").out) if row["kind"] == "follow_up"]
    assert "Two machines changed status: which one holds?" in texts
    told = kettle("why", "1").out
    assert "resolved · got everything demanded · 89.00" in told
    assert "closed · refused, and left at that" in told


def test_the_schema_is_json_schema_of_the_export(pddtui: Program) -> None:
    schema: Any = pddtui("schema").json
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["$ref"] == "#/$defs/Export"
    assert {"turn", "rung", "contacts"} <= set(schema["$defs"]["ExportedCase"]["required"])


def test_a_number_that_nobody_can_count_on_from_becomes_the_next_free_one(kettle: Program, exported: Path) -> None:
    changed(exported, id="other", ref="PDD-2026-999999999", history=[])
    result = kettle("import", str(exported))
    assert "new: PDD-2026-0002" in result.out
    assert "PDD-2026-999999999" in result.out
    assert kettle("add", "next").out == "PDD-2026-0003\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"revision":',
            b'"revision":' + b"9" * 5000,
            ("The value of “revision” is not valid.", "“revision”的值无效。"),
        ),
        ('"status":"open"', b'"status":"great"', ("The value of “status” is not valid.", "“status”的值无效。")),
        (
            "小家电店",
            "小家电店".encode("gbk"),
            ("The text is not UTF-8, which JSON requires.", "文字不是 JSON 要求的 UTF-8。"),
        ),
        ('"title":', b'"titel":', ("“title” is missing.", "缺少“title”。")),
    ],
)
def test_what_is_wrong_with_a_case_is_a_sentence_of_ours(
    kettle: Program, exported: Path, old: str, new: bytes, said: tuple[str, str]
) -> None:
    content = exported.read_bytes()
    assert old.encode() in content
    exported.write_bytes(content.replace(old.encode(), new, 1))
    for language, sentence, end in zip(
        ("en", "zh"), said, (" Nothing was imported.", "没有导入任何内容。"), strict=True
    ):
        result = kettle("--lang", language, "import", str(exported))
        assert result.code == 8
        assert result.err.endswith(f"{sentence}{end}\n")


def test_a_result_from_before_its_promise_is_taken_in_and_named_and_is_refused_when_typed(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    document = json.loads(exported.read_bytes())
    made = {"id": "p1", "text": "退款", "state": "broken", "settled_at": "2026-01-02T12:00:00+08:00"}
    document["cases"][0]["contacts"][0]["promises"] = [made]
    changed(exported, history=[], contacts=document["cases"][0]["contacts"])
    other = kettle.at(tmp_path / "other" / "cases.json")
    shown = other("import", str(exported))
    assert shown.code == 0
    assert "out of order: PDD-2026-0001" in shown.out
    assert "退款" in shown.out
    case: Any = other("show", "1", "--json").json
    assert case["contacts"][0]["promises"][0]["settled_at"].startswith("2026-01-02")
    assert other("settle", "p1", "kept", "--at", "2026-01-02 13:00").code == 2
    assert other("settle", "p1", "kept").code == 0


def test_what_was_erased_for_good_goes_with_an_export_of_everything_and_with_no_other(
    kettle: Program, exported: Path, tmp_path: Path
) -> None:
    other = kettle.at(tmp_path / "other" / "cases.json")
    assert other("import", str(exported)).code == 0
    assert kettle("add", "another").code == 0
    case: Any = kettle("show", "1", "--json").json
    assert kettle("undo", case["history"][0]["id"]).code == 0
    assert kettle("trash", "--empty", "--yes").code == 0
    everything, one = (json.loads(kettle("export", *refs).out) for refs in ((), ("2",)))
    assert everything["erased"] == [{"id": case["id"], "ref": case["ref"]}]
    assert json.loads(kettle("export", "--mask", "partial").out)["erased"] == []
    everything["cases"].append({**json.loads(exported.read_text())["cases"][0]})
    file = tmp_path / "everything.json"
    file.write_text(json.dumps(everything))
    assert "erased: PDD-2026-0001" in other("import", str(file), "--dry-run").out
    assert len(json.loads(other("list", "--json").out)) == 1
    assert "erased: PDD-2026-0001" in other("import", str(file)).out
    assert [row["title"] for row in json.loads(other("list", "--json").out)] == ["another"]
    assert "was erased here for good" in other("import", str(exported)).out
    assert one["cases"]
