"""`pddtui export` and `pddtui evidence`: every form, to a file or standard output, and what they refuse."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.places import find_places
from pddtui.store.tiny import TinyCaseStore
from tests.cli.conftest import Program

BEGINNINGS = {
    "json": b'{"format":"pddtui.export"',
    "csv": b"\xef\xbb\xbf",
    "markdown": b"# PDD-2026-0001",
    "html": b"<!DOCTYPE html>",
    "ics": b"BEGIN:VCALENDAR\r\n",
    "zip": b"PK\x03\x04",
}


@pytest.mark.parametrize("form", BEGINNINGS)
def test_every_form_goes_into_a_file(kettle: Program, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    done = kettle("export", "1", "--format", form, "-o", str(path))
    assert (done.code, done.out) == (0, "")
    assert path.read_bytes().startswith(BEGINNINGS[form])


@pytest.mark.parametrize("form", [form for form in BEGINNINGS if form != "zip"])
def test_standard_output_gets_what_a_file_would(kettle: Program, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    kettle("export", "--format", form, "-o", str(path))
    done = kettle("export", "--format", form)
    assert done.out.encode() == path.read_bytes().replace(b"\r\n", b"\n" if "\r\n" not in done.out else b"\r\n")


@pytest.fixture
def three(kettle: Program) -> Program:
    """A kettle that waits, a lamp with a tag, and a phone in the trash."""
    assert kettle("add", "台灯 lamp", "--merchant", "Light & Co", "--tags", "mum").code == 0
    assert kettle("add", "phone").code == 0
    store = TinyCaseStore.open(kettle.file)
    with store.transaction() as box:
        case = next(case for case in box.cases().values() if case.title == "phone")
        box.put(structs.replace(case, trashed_at=case.opened_at, revision=case.revision + 1))
    store.close()
    return kettle


def refs(program: Program, *wanted: str) -> list[str]:
    result = program("export", *wanted)
    assert result.code == 0, result.err
    return [case["ref"][-1] for case in json.loads(result.out)["cases"]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((), ["1", "2", "3"]),
        (("2", "#1"), ["1", "2"]),
        (("PDD–2026–0003",), ["3"]),
        (("lamp",), ["2"]),
        (("tag:mum",), ["2"]),
        (("--", "-tag:mum"), ["1"]),
        (("sort:title",), ["1", "2"]),
        (("壶",), ["1"]),
    ],
)
def test_an_export_takes_numbers_or_a_filter_as_list_does(
    three: Program, wanted: tuple[str, ...], found: list[str]
) -> None:
    assert refs(three, *wanted) == found


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (("99",), 3),
        (("",), 3),
        (("1", "99"), 3),
        (("nosuch",), 3),
        (("is:nosuch",), 2),
        (("@nosuch",), 2),
        (("1", "nosuch"), 3),
    ],
)
def test_what_names_nothing_writes_nothing(three: Program, tmp_path: Path, wanted: tuple[str, ...], code: int) -> None:
    result = three("export", *wanted, "-o", str(tmp_path / "out.json"))
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert not (tmp_path / "out.json").exists()


def test_pretty_json_says_the_same_with_every_value_on_a_line(three: Program) -> None:
    compact, pretty = three("export").out, three("export", "--pretty").out
    assert json.loads(pretty) == json.loads(compact)
    assert (compact.count("\n"), pretty.startswith('{\n  "format": "pddtui.export",\n')) == (1, True)


def test_every_line_is_a_case_that_says_what_it_is_and_comes_in_again(three: Program, tmp_path: Path) -> None:
    lines = three("export", "--lines").out.splitlines()
    cases = json.loads(three("export").out)["cases"]
    assert len(lines) == len(cases) == 3
    for line, case in zip(lines, cases, strict=True):
        found = json.loads(line)
        label = {name: found.pop(name) for name in ("format", "version", "exported_at", "mask")}
        assert (found, label["format"], label["version"], label["mask"]) == (case, "pddtui.case", 2, "none")
    path = tmp_path / "lines.jsonl"
    for content in ("\n".join(lines) + "\n", lines[0], "\r\n".join(["", *lines, ""])):
        path.write_text(content, encoding="utf-8", newline="")
        other = three.at(tmp_path / f"other{len(content)}" / "cases.json")
        assert other("import", str(path)).code == 0
        assert len(json.loads(other("export").out)["cases"]) == content.count("pddtui.case")


def test_masked_lines_are_not_taken_for_whole_ones(three: Program, tmp_path: Path) -> None:
    whole, masked = three("export", "--lines").out, three("export", "--lines", "--mask", "public").out
    for content in (masked, whole + masked, masked + whole):
        (tmp_path / "x.jsonl").write_text(content, encoding="utf-8")
        refused = three("import", str(tmp_path / "x.jsonl"))
        assert (refused.code, "masked" in refused.err) == (8, True)


@pytest.mark.parametrize("command", [("export", "--format", "html"), ("letter", "1", "chaser")])
@pytest.mark.parametrize("place", ["config.yaml", "letters/chaser.en.j2", "channels.yaml", "drafts/x", "own/x"])
def test_force_does_not_write_over_what_was_set_or_typed(kettle: Program, command: tuple[str, ...], place: str) -> None:
    places = find_places(os.environ)
    folder = places.state_folder if place.split("/", maxsplit=1)[0] in ("drafts", "own") else places.config_folder
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# mine\n", encoding="utf-8")
    refused = kettle(*command, "--force", "-o", str(path))
    assert (refused.code, refused.out) == (7, "")
    assert "never overwritten" in refused.err
    assert path.read_text(encoding="utf-8") == "# mine\n"
    beside = path.with_name("for the court.html")
    assert (kettle(*command, "-o", str(beside)).code == 0) == (place in ("config.yaml", "channels.yaml"))


@pytest.mark.parametrize(
    "args",
    [
        ("--lines", "--pretty"),
        ("--lines", "--format", "csv"),
        ("--pretty", "--format", "zip"),
        ("--alarm", "1d"),
        ("--alarm", "soon", "--format", "ics"),
    ],
)
def test_a_wish_that_does_not_fit_the_format_is_refused(three: Program, args: tuple[str, ...]) -> None:
    refused = three("export", *args)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)


def test_a_calendar_has_alarms_where_they_are_asked_for(three: Program) -> None:
    three("follow-up", "1", "call", "--due", "11-25 18:00")
    assert "BEGIN:VALARM" not in three("export", "--format", "ics").out
    assert "TRIGGER:-PT1H30M" in three("export", "--format", "ics", "--alarm", "2h").out.replace("\r", "")


def test_a_file_that_is_there_needs_force(kettle: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_bytes(b"mine")
    refused = kettle("export", "--format", "html", "-o", str(path))
    assert (refused.code, path.read_bytes()) == (7, b"mine")
    assert kettle("export", "--format", "html", "-o", str(path), "--force").code == 0
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize("command", [("export", "--format", "html"), ("letter", "1", "chaser")])
@pytest.mark.parametrize("name", ["cases.json", "cases.json.lock", "cases.json.journal", "evidence/x.html"])
def test_force_does_not_write_over_the_cases(kettle: Program, command: tuple[str, ...], name: str) -> None:
    before = kettle.file.read_bytes()
    refused = kettle(*command, "--force", "-o", str(kettle.file.parent / name))
    assert (refused.code, refused.out, refused.err.count("\n")) == (7, "", 1)
    assert kettle.file.read_bytes() == before
    assert kettle("show", "1").code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("--format", "pdf"),
        ("--format", ""),
        ("--mask", "all"),
        ("--format", "HTML"),
    ],
)
def test_an_unknown_form_or_mask_is_wrong_usage(kettle: Program, args: tuple[str, str]) -> None:
    done = kettle("export", *args)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_a_case_or_a_piece_of_evidence_that_is_not_there_is_not_found(kettle: Program) -> None:
    assert kettle("export", "99", "--format", "html").code == 3
    assert kettle("export", "--format", "zip", "--mask", "public", "--with-file", "nope", "-o", "x.zip").code == 3
    assert not Path("x.zip").exists()


def test_a_public_export_does_not_hold_the_order_number(kettle: Program) -> None:
    for form in ("json", "csv", "markdown", "html", "ics"):
        assert "261109-0101" not in kettle("export", "--format", form, "--mask", "public").out


def test_documents_leave_out_the_trash_unless_it_is_named(kettle: Program, tmp_path: Path) -> None:
    second = kettle("add", "坚果少两袋").out.strip()
    document = json.loads(kettle("export").out)
    document["cases"] = [case for case in document["cases"] if case["ref"] == second]
    document["cases"][0].update(id="trashed", trashed_at="2026-11-20T10:00:00+08:00", history=[], ref="PDD-2026-0077")
    file = tmp_path / "trash.json"
    file.write_text(json.dumps(document))
    assert kettle("import", str(file)).code == 0
    assert "PDD-2026-0077" in kettle("export").out
    assert "PDD-2026-0077" not in kettle("export", "--format", "markdown").out
    assert "PDD-2026-0077" in kettle("export", "77", "--format", "markdown").out


# Evidence.


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "裂缝.jpg"
    path.write_bytes(b"\xff\xd8 crack")
    return path


def test_a_file_becomes_evidence_and_comes_out_in_the_bundle(kettle: Program, photo: Path, tmp_path: Path) -> None:
    done = kettle("evidence", "1", str(photo), "--kind", "photo", "--proves", "第三天裂开")
    bundle = tmp_path / "out.zip"
    assert kettle("export", "1", "--format", "zip", "-o", str(bundle)).code == 0
    with zipfile.ZipFile(bundle) as opened:
        assert opened.read("evidence/PDD-2026-0001/01-裂缝.jpg") == photo.read_bytes()
    (record,) = json.loads(kettle("show", "1", "--json").out)["evidence"]
    assert (record["id"], record["kind"], record["original_name"]) == (done.id, "photo", "裂缝.jpg")
    assert (kettle.file.parent / "evidence" / record["file"]).read_bytes() == photo.read_bytes()


def test_the_same_file_again_says_so_and_gives_the_same_id(kettle: Program, photo: Path) -> None:
    first, again = kettle("evidence", "1", str(photo)), kettle("evidence", "1", str(photo))
    assert (again.code, again.id) == (0, first.id)
    assert "already" in again.err


def test_a_file_shared_with_another_case_is_said(kettle: Program, photo: Path) -> None:
    kettle("add", "坚果少两袋")
    kettle("evidence", "1", str(photo))
    assert "PDD-2026-0001" in kettle("evidence", "2", str(photo)).err


def test_a_place_is_evidence_too(kettle: Program) -> None:
    done = kettle("evidence", "1", "--place", "App 聊天记录")
    (record,) = json.loads(kettle("show", "1", "--json").out)["evidence"]
    assert (record["id"], record["place"], record["file"]) == (done.id, "App 聊天记录", None)


@pytest.mark.parametrize(("args", "code"), [((), 2), (("no such.jpg",), 8), ((".",), 8), (("--kind", "nope", "x"), 2)])
def test_what_cannot_be_evidence_is_refused_in_one_line(kettle: Program, args: tuple[str, ...], code: int) -> None:
    done = kettle("evidence", "1", *args)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert not (kettle.file.parent / "evidence").exists()


def test_a_file_name_with_a_one_time_password_is_refused(kettle: Program, tmp_path: Path) -> None:
    path = tmp_path / "验证码是：482913.jpg"
    path.write_bytes(b"\xff\xd8 code")
    done = kettle("evidence", "1", str(path))
    assert (done.code, done.out, "never stored" in done.err) == (2, "", True)
    assert list((kettle.file.parent / "evidence").iterdir()) == []


def test_looking_from_another_day_copies_nothing(kettle: Program, photo: Path) -> None:
    assert kettle("--as-of", "2026-11-20", "evidence", "1", str(photo)).code == 2
    assert not (kettle.file.parent / "evidence").exists()


# What else is said of evidence.


def test_a_name_that_is_wrong_keeps_none_of_the_files(kettle: Program, photo: Path) -> None:
    done = kettle("evidence", "1", str(photo), str(photo.with_name("no such.jpg")))
    assert (done.code, done.out, done.err.count("\n")) == (8, "", 1)
    assert json.loads(kettle("show", "1", "--json").out)["evidence"] == []
    assert not (kettle.file.parent / "evidence").exists()


def test_when_the_original_will_be_gone_is_a_phrase(kettle: Program) -> None:
    kettle("evidence", "1", "--place", "App", "--gone-by", "3天内")
    (record,) = json.loads(kettle("show", "1", "--json").out)["evidence"]
    assert record["vanishes_at"] == "2026-11-25T23:59:59+08:00"
    refused = kettle("evidence", "1", "--place", "App", "--gone-by", "2026-11-01")
    assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_evidence_is_tied_to_the_contact_that_it_shows(kettle: Program, photo: Path) -> None:
    contact = kettle("log", "1", "--in", "--said", "答应退款").id
    record = kettle("evidence", "1", str(photo), "--contact", contact[-6:]).id
    contacts = {it["id"]: it for it in json.loads(kettle("show", "1", "--json").out)["contacts"]}
    assert contacts[contact]["evidence"] == [record]
    assert "See exhibit 1." in kettle("--lang", "en", "export", "1", "--format", "markdown").out
    assert kettle("evidence", "1", str(photo), "--contact", "nobody").code == 3


def test_evidence_is_listed_with_its_number_its_state_and_its_id(kettle: Program, photo: Path) -> None:
    kept = kettle("evidence", "1", str(photo), "--kind", "photo").id
    kettle("evidence", "1", "--place", "App 聊天记录")
    shown = kettle("--lang", "en", "show", "1").out
    first, second = (line.split() for line in shown.splitlines() if line.strip().startswith(("1.", "2.")))
    assert (first[0], first[-3:]) == ("1.", ["裂缝.jpg", "there", kept])
    assert second[1:4] == ["unnamed", "App", "聊天记录"]
    (kettle.file.parent / "evidence" / next(it.name for it in (kettle.file.parent / "evidence").iterdir())).unlink()
    assert "file gone" in kettle("--lang", "en", "show", "1").out


def test_evidence_is_taken_out_and_brought_back(kettle: Program, photo: Path) -> None:
    kept = kettle("evidence", "1", str(photo)).id
    assert kettle("evidence", "1", "--remove", kept, "--place", "x").code == 2
    assert kettle("evidence", "1", "--remove", "nope").code == 3
    done = kettle("evidence", "1", "--remove", kept)
    assert (done.code, done.out) == (0, "")
    assert json.loads(kettle("show", "1", "--json").out)["evidence"] == []
    assert "belongs to no case" in kettle("--lang", "en", "doctor").out
    assert kettle("undo").code == 0
    assert [it["id"] for it in json.loads(kettle("show", "1", "--json").out)["evidence"]] == [kept]


def test_what_a_killed_copy_left_is_named_as_what_it_is(kettle: Program, photo: Path) -> None:
    kettle("evidence", "1", str(photo))
    (kettle.file.parent / "evidence" / ".copy.77.0a1b2c.tmp").write_bytes(b"half")
    said = kettle("--lang", "en", "doctor").out
    assert ".copy.77.0a1b2c.tmp" in said
    assert "unfinished copy of 4 bytes" in said
