"""A bundle comes in with its evidence, whole or not at all, and nothing in it is unpacked where it wants to be."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Program

PHOTO, FILM = b"\xff\xd8\xff photo", b"film" * 5000

Files = dict[str, bytes]


@pytest.fixture
def files(kettle: Program, tmp_path: Path) -> Files:
    """What is in a bundle of a case with two pieces of evidence."""
    for name, content in (("crack.jpg", PHOTO), ("开箱.mp4", FILM)):
        (tmp_path / name).write_bytes(content)
        assert kettle("evidence", "1", str(tmp_path / name)).code == 0
    bundle = tmp_path / "bundle.zip"
    assert kettle("export", "--format", "zip", "-o", str(bundle)).code == 0
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def elsewhere(kettle: Program, tmp_path: Path) -> Program:
    """Another machine that has no case yet."""
    return kettle.at(tmp_path / "elsewhere" / "cases.json")


def packed(files: Files) -> bytes:
    """A ZIP file whose list of hashes is right."""
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return zipped({**files, "SHA256SUMS": sums.encode()})


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def evidence(program: Program) -> set[str]:
    folder = program.file.parent / "evidence"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def take(program: Program, tmp_path: Path, content: bytes, *options: str) -> tuple[int, str, str]:
    file = tmp_path / "came.zip"
    file.write_bytes(content)
    result = program("import", str(file), *options)
    return result.code, result.out, result.err


def test_the_case_arrives_with_its_files(files: Files, elsewhere: Program, tmp_path: Path) -> None:
    code, out, _ = take(elsewhere, tmp_path, zipped(files))
    assert code == 0
    assert "Imported: 2 evidence files." in out
    assert evidence(elsewhere) == {
        f"{hashlib.sha256(PHOTO).hexdigest()}.jpg",
        f"{hashlib.sha256(FILM).hexdigest()}.mp4",
    }
    assert elsewhere("doctor").code == 0


def test_a_dry_run_says_so_and_brings_nothing(files: Files, elsewhere: Program, tmp_path: Path) -> None:
    code, out, _ = take(elsewhere, tmp_path, zipped(files), "--dry-run")
    assert code == 0
    assert "Would import: 2 evidence files." in out
    assert (evidence(elsewhere), elsewhere("list", "--json").json) == (set(), [])


def test_the_second_time_nothing_is_new_but_what_was_lost(files: Files, elsewhere: Program, tmp_path: Path) -> None:
    take(elsewhere, tmp_path, zipped(files))
    assert take(elsewhere, tmp_path, zipped(files))[1] == "Nothing new: everything is already here.\n"
    (elsewhere.file.parent / "evidence" / f"{hashlib.sha256(PHOTO).hexdigest()}.jpg").unlink()
    assert "Imported: 1 evidence file." in take(elsewhere, tmp_path, zipped(files))[1]
    assert elsewhere("doctor").code == 0


def test_what_is_here_already_is_not_written_again(files: Files, kettle: Program, tmp_path: Path) -> None:
    before = {name: (kettle.file.parent / "evidence" / name).stat().st_ino for name in evidence(kettle)}
    assert take(kettle, tmp_path, zipped(files))[0] == 0
    assert {name: (kettle.file.parent / "evidence" / name).stat().st_ino for name in evidence(kettle)} == before


def _other_photo(files: Files) -> bytes:
    name = next(name for name in files if name.endswith("crack.jpg"))
    files[name] = b"\xff\xd8\xff other"  # the list of hashes still names the first one
    return zipped(files)


def _other_export(files: Files) -> bytes:
    files["export.json"] = files["export.json"] + b"\n"
    return zipped(files)


def _record(field: str, value: object) -> Callable[[Files], bytes]:
    def change(files: Files) -> bytes:
        tree = json.loads(files["export.json"])
        for case in tree["cases"]:
            case["history"] = []
            case["evidence"][0][field] = value
        files["export.json"] = json.dumps(tree).encode()
        return packed(files)

    return change


def _named(name: str, content: bytes = b"x", kind: int = 0o100644) -> Callable[[Files], bytes]:
    def add(files: Files) -> bytes:
        out = io.BytesIO(zipped(files))
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = kind << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return add


def _cut(files: Files) -> bytes:
    return zipped(files)[:-40]


def _locked(files: Files) -> bytes:
    """Every entry says that it needs a password."""
    content = bytearray(zipped(files))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


def _without(name: str) -> Callable[[Files], bytes]:
    return lambda files: zipped({key: content for key, content in files.items() if key != name})


HOSTILE = {
    "another photo": _other_photo,
    "another export": _other_export,
    "file of a record leads out": _record("file", "../../cases.json"),
    "file of a record is no copy": _record("file", "cases.json"),
    "record of another size": _record("size", 3),
    "huge record": _record("size", 2**60),
    "up": _named("evidence/../../cases.json"),
    "from the root": _named("/etc/cron.d/x"),
    "of windows": _named("..\\cases.json"),
    "link": _named("evidence/x", b"/etc/passwd", 0o120777),
    "device": _named("evidence/x", b"", 0o020666),
    "bomb": _named("evidence/x", b"\0" * 40_000_000),
    "cut": _cut,
    "password": _locked,
    "no export": _without("export.json"),
    "no hashes": _without("SHA256SUMS"),
    "no zip": lambda _: b"PK\x03\x04" + b"\0" * 300,
}


@pytest.mark.parametrize("mean", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_bundle_that_is_not_as_we_make_them_is_refused_whole(
    files: Files, elsewhere: Program, tmp_path: Path, mean: Callable[[Files], bytes]
) -> None:
    assert elsewhere("add", "mine").code == 0
    before, around = elsewhere.file.read_bytes(), {path.name for path in tmp_path.iterdir()} | {"came.zip"}
    code, out, err = take(elsewhere, tmp_path, mean(files))
    assert (code, out, err.count("\n")) == (8, "", 1), err
    assert err.startswith("pddtui: ")
    assert elsewhere.file.read_bytes() == before
    assert evidence(elsewhere) == set()
    assert {path.name for path in tmp_path.iterdir()} == around


def test_a_case_that_cannot_be_taken_leaves_no_file_behind(
    files: Files, elsewhere: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    assert elsewhere("add", "mine").code == 0
    monkeypatch.setattr("pddtui.store.disk.os.write", refuse)
    assert take(elsewhere, tmp_path, zipped(files))[0] == 7
    assert evidence(elsewhere) == set()
