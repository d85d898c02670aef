"""What a stranger found who attacked the program from outside, each finding with its neighbours."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from pddtui import ownership
from pddtui.message import Message, pasted
from pddtui.services.import_ import read_bundle
from tests.cli.conftest import Program
from tests.security.conftest import AS_ROOT, SOMEBODY, config_folder
from tests.security.test_claims import keep_backup


def erasing(program: Program, tmp_path: Path) -> Path:
    """A file of two hundred bytes that says that the case was erased for good."""
    case = json.loads(program("show", "1", "--json").out)
    file = tmp_path / "erasing.json"
    gone = {"id": case["id"], "ref": case["ref"]}
    export = {"format": "pddtui.export", "version": 2, "exported_at": "2026-11-22T12:00:00+08:00", "mask": "none"}
    file.write_text(json.dumps({**export, "erased": [gone], "cases": []}), encoding="utf-8")
    return file


@pytest.mark.parametrize("agreed", [True, False])
def test_a_person_is_asked_before_a_file_erases_a_case(
    kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, agreed: bool
) -> None:
    file = erasing(kettle, tmp_path)
    asked: list[str] = []

    def answered(_session: object, question: Message) -> bool:
        asked.append(str(question))
        return agreed

    monkeypatch.setattr("pddtui.cli.files.agreed", answered)
    monkeypatch.setattr("pddtui.cli.files.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    done = kettle("import", str(file))
    assert asked == ["This file says that PDD-2026-0001 was erased for good. Erase it here too?"]
    assert (done.code == 0) is agreed
    assert (kettle("show", "1").code == 0) is not agreed


def test_what_was_erased_is_no_secret_of_doctor(kettle: Program, tmp_path: Path) -> None:
    keep_backup(kettle)
    assert kettle("import", str(erasing(kettle, tmp_path))).code == 0
    told = kettle("doctor")
    assert told.code == 0
    assert "1 case was erased for good, PDD-2026-0001; backups still have it" in told.out


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH on this machine")
def test_nor_of_a_seal_and_a_signature_alone_is_named(kettle: Program, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    assert kettle("seal", "--key", str(key)).code == 0
    kettle("import", str(erasing(kettle, tmp_path)))
    assert "PDD-2026-0001 was sealed on" in kettle("doctor", "--verify", "--key", str(key)).out
    (text,) = kettle.file.with_name("cases.json.seals").glob("*.txt")
    text.unlink()
    told = kettle("doctor", "--verify", "--key", str(key))
    assert (told.code, "only its signature is left" in told.out) == (5, True)


def bundle(program: Program, tmp_path: Path, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A bundle with one file of evidence, packed in that way."""
    (tmp_path / "photo.png").write_bytes(content)
    program("evidence", "1", str(tmp_path / "photo.png"))
    made, file = tmp_path / "made.zip", tmp_path / "bundle.zip"
    program("export", "1", "--format", "zip", "-o", str(made), "--force")
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(file, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info.filename), method)
    return file


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bundle_that_is_packed_as_none_of_ours_is_refused(kettle: Program, tmp_path: Path, method: int) -> None:
    file = bundle(kettle, tmp_path, b"photo", method)
    refused = kettle.at(tmp_path / "other" / "cases.json")("import", str(file))
    assert (refused.code, "packed as no bundle is" in refused.err) == (8, True)
    assert kettle.at(tmp_path / "new" / "cases.json")("import", str(bundle(kettle, tmp_path, b"photo"))).code == 0


def test_evidence_that_would_fill_the_disk_is_refused(
    kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bundle(kettle, tmp_path, b"photo")
    monkeypatch.setattr(read_bundle, "_LEFT_FREE", 1 << 60)
    refused = kettle.at(tmp_path / "other" / "cases.json")("import", str(file))
    assert (refused.code, "nothing was imported" in refused.err) == (7, True)


def test_evidence_that_is_not_in_a_bundle_is_named(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"photo")
    kettle("evidence", "1", str(tmp_path / "photo.png"))
    (kettle.file.with_name("evidence") / f"{hashlib.sha256(b'photo').hexdigest()}.png").unlink()
    kettle("export", "1", "--format", "zip", "-o", str(tmp_path / "a.zip"))
    done = kettle.at(tmp_path / "other" / "cases.json")("import", str(tmp_path / "a.zip"))
    assert (done.code, "1 evidence file is not in the bundle: photo.png." in done.err) == (0, True)


@pytest.mark.parametrize("name", ["config.yaml", "channels.yaml"])
def test_a_file_of_settings_has_a_size(kettle: Program, name: str) -> None:
    folder = config_folder()
    (folder / name).write_bytes(b"a: [" + b"x," * (1 << 18) + b"]")
    done = kettle("list")
    assert done.code == (2 if name == "config.yaml" else 0)
    assert f"{folder / name} cannot be read" in done.err


def test_a_dash_without_a_line_is_refused(kettle: Program) -> None:
    refused = kettle("add", "-", "--merchant", "-", stdin="title\n")
    assert (refused.code, refused.out) == (2, "")


def test_settings_of_another_suffix_are_not_exported_over(kettle: Program) -> None:
    folder = config_folder()
    (folder / "mine.yml").write_text("x: 1\n", encoding="utf-8")
    assert kettle("export", "-o", str(folder / "mine.yml"), "--force").code == 7


@AS_ROOT
@pytest.mark.parametrize("what", ["folder", "file"])
def test_no_backup_of_another_user_is_taken(kettle: Program, what: str) -> None:
    content = kettle.file.read_bytes().replace("电热水壶".encode(), "别人的水壶".encode())
    folder = kettle.file.with_name("cases.json.bak")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    (folder / "20300101T000000.json").write_bytes(content)
    os.chown(folder if what == "folder" else folder / "20300101T000000.json", SOMEBODY, SOMEBODY)
    kettle.file.write_bytes(b"torn")
    kettle("recover", "--yes")
    assert "别人的水壶" not in kettle("list").out


@AS_ROOT
def test_a_folder_gives_no_membership(kettle: Program) -> None:
    """A folder with the setgid bit gives its group to every file that anybody makes in it."""
    journal = kettle.file.with_name("cases.json.journal")
    kettle("list")
    kettle.file.chmod(0o660)
    os.chown(kettle.file, 0, SOMEBODY)
    journal.write_bytes(b"")
    os.chown(journal, SOMEBODY, SOMEBODY)
    assert kettle("list").code == 5


def test_where_root_has_another_number_nothing_is_amiss(kettle: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.stat

    def mapped(path: str | Path) -> os.stat_result:
        found = real(path)
        fields = list(found)
        fields[4] = 65_534 if found.st_uid == 0 and str(path) in ("/", "/tmp") else found.st_uid  # noqa: S108
        return os.stat_result(fields)

    monkeypatch.setattr(ownership, "os", SimpleNamespace(**{**vars(os), "stat": mapped}))
    assert kettle("list").err == ""


@pytest.mark.parametrize("name", ["a b", "it's", "{x}", "tab\there", "line\nbreak", "\u202egnp.exe", "back\\slash\n'"])
def test_a_hint_names_the_very_file(tmp_path: Path, name: str) -> None:
    word = pasted(name)
    assert word.isprintable()
    said = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True).stdout
    assert said.decode() == name
