"""What the history shows and what it does not: whoever can write the file can write another history that holds.

Backups, papers that were sent away and seals bear witness all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pddtui.places import find_places
from pddtui.store import doctor
from pddtui.store.disk import Disk
from tests.cli.conftest import Program

SAID = "同意退款40元"
PLANTED = "不同意退款"

needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH on this machine")


@pytest.fixture
def logged(kettle: Program) -> Program:
    """A case with a log, and a backup that has it."""
    kettle("log", "1", "--in", "--channel", "merchant_chat", "--said", SAID)
    kettle("log", "1", "--out", "--channel", "merchant_chat", "--said", "请今天退款")
    keep_backup(kettle)
    return kettle


def keep_backup(program: Program) -> None:
    """A backup is a former data file beside it, made here by hand so that no clock has to run."""
    folder = program.file.with_name("cases.json.bak")
    folder.mkdir(mode=0o700, exist_ok=True)
    program("list")
    shutil.copy(program.file, folder / f"203011{20 + len(list(folder.iterdir())):02d}T120000.json")


def forge(program: Program, change: Callable[[dict[str, Any]], object]) -> None:
    """What somebody can do who may write the data file: alter it, and make every hash anew."""
    lines = program.file.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not line.startswith('"') or '"history"' not in line:
            continue
        key, _, rest = line.partition(":")
        case = json.loads(rest.rstrip(",\n"))
        change(case)
        hashes: dict[str, str] = {}
        for entry in case["history"]:
            entry.pop("hash")
            told = {**entry, "parents": [hashes[parent] for parent in entry["parents"]]}
            text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            entry["hash"] = hashes[entry["id"]] = hashlib.sha256(text.encode()).hexdigest()
        text = json.dumps(case, ensure_ascii=False, separators=(",", ":"))
        lines[number] = f"{key}:{text}{',' if rest.endswith(',' + chr(10)) else ''}\n"
    program.file.write_text("".join(lines), encoding="utf-8")


def forget_witnesses(program: Program) -> None:
    """What somebody can do who may remove files too, also from the state folder."""
    shutil.rmtree(program.file.with_name("cases.json.bak"), ignore_errors=True)
    shutil.rmtree(find_places(os.environ).own_records, ignore_errors=True)


def reword(case: dict[str, Any]) -> None:
    text = json.dumps(case, ensure_ascii=False).replace(SAID, PLANTED)
    case.clear()
    case.update(json.loads(text))


def heads(program: Program) -> list[str]:
    history = json.loads(program("export", "1").out)["cases"][0]["history"]
    made_on = {parent for entry in history for parent in entry["parents"]}
    return [entry["hash"] for entry in history if entry["id"] not in made_on]


def test_a_history_made_anew_holds_together_and_only_a_backup_shows_it(logged: Program) -> None:
    assert logged("doctor").code == 0
    forge(logged, reword)
    assert PLANTED in logged("show", "1").out
    told = logged("doctor")
    assert told.code == 5
    assert "The history of PDD-2026-0001 was rewritten: " in told.out
    assert "cases.json.bak" in told.out
    shutil.rmtree(logged.file.with_name("cases.json.bak"))
    assert "changes that this machine saved are not in it now" in logged("doctor").out
    forget_witnesses(logged)
    assert logged("doctor").code == 0  # as SECURITY.md says


def test_a_history_that_only_grew_is_no_trouble(logged: Program) -> None:
    logged("log", "1", "--in", "--channel", "merchant_chat", "--said", "再等等")
    keep_backup(logged)
    logged("undo")
    assert logged("doctor").code == 0


def test_a_case_that_is_gone_is_noticed_and_comes_back(logged: Program) -> None:
    backup = max(logged.file.with_name("cases.json.bak").iterdir(), key=lambda path: path.name)
    kept = [line for line in logged.file.read_text("utf-8").splitlines() if '"PDD-2026-0001"' not in line]
    logged.file.write_text("\n".join(kept).replace("},\n}", "}\n}") + "\n", encoding="utf-8")
    told = logged("doctor")
    assert told.code == 5
    assert f"PDD-2026-0001 is in the backup {backup.name} and no longer in the data file" in told.out
    assert logged.hint(f"import {backup}") in told.out
    assert logged("import", str(backup)).code == 0
    assert SAID in logged("show", "1").out
    assert logged("doctor").code == 0


def test_a_case_that_was_erased_is_not_missed(logged: Program) -> None:
    case = json.loads(logged("show", "1", "--json").out)["id"]
    from pddtui.cli.compose import Options, Session

    session = Session(Options(file=str(logged.file)), {})
    session.casebook.trash(case)
    session.close()
    assert logged("trash", "--empty", "--yes").code == 0
    assert logged("doctor").code == 0


def test_backups_that_are_one_file_or_none_of_ours_are_read_once_or_not(
    logged: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = logged.file.with_name("cases.json.bak")
    before = len(list(folder.iterdir()))
    first = next(folder.iterdir())
    (folder / "20261125T120000.json").hardlink_to(first)
    (folder / "20261126T120000.json").write_bytes(b"torn")
    (folder / "20261127T120000.json").symlink_to(first)
    read: list[str] = []
    told_by = doctor._told_by

    def noted(backup: Path, disk: Disk) -> Iterator[doctor._Told]:
        read.append(backup.name)
        return told_by(backup, disk)

    monkeypatch.setattr(doctor, "_told_by", noted)
    assert logged("doctor").code == 0
    assert len(read) == before + 1


@pytest.mark.parametrize("mask", ["none", "public"])
@pytest.mark.parametrize("form", ["markdown", "html", "zip"])
def test_what_goes_away_has_the_heads(logged: Program, tmp_path: Path, form: str, mask: str) -> None:
    (head,) = heads(logged)
    file = tmp_path / f"out.{form}"
    assert logged("export", "1", "--format", form, "--mask", mask, "-o", str(file)).code == 0
    if form != "zip":
        assert head in file.read_text(encoding="utf-8")
        return
    with zipfile.ZipFile(file) as bundle:
        for name in ("README.txt", "papers.md", "papers.html"):
            assert head in bundle.read(name).decode(), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_formal_letters_have_the_head_and_nameless_or_public_ones_do_not(logged: Program, language: str) -> None:
    (head,) = heads(logged)
    for kind in ("demand", "platform", "supervisor", "association", "c12315", "report", "postal", "evidence_list"):
        assert head in logged("letter", "1", kind, "--lang", language).out, kind
    for kind in ("public", "app_text", "report_anonymous", "chaser"):
        assert head not in logged("letter", "1", kind, "--lang", language).out, kind


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file)], check=True)
    return file


@needs_openssh
def test_a_seal_shows_what_was_rewritten_where_no_backup_is_left(logged: Program, key: Path) -> None:
    sealed = logged("seal", "--key", str(key))
    assert sealed.code == 0
    (text,) = logged.file.with_name("cases.json.seals").glob("*.txt")
    assert str(text) in sealed.out
    assert heads(logged)[0] in text.read_text("utf-8")
    logged("log", "1", "--in", "--channel", "merchant_chat", "--said", "later")
    held = logged("doctor", "--verify", "--key", str(key))
    assert (held.code, "1 seal has a good signature" in held.out) == (0, True)
    logged("list")
    forge(logged, reword)
    forget_witnesses(logged)
    assert logged("doctor").code == 0
    told = logged("doctor", "--verify", "--key", str(key))
    assert told.code == 5
    assert "The history of PDD-2026-0001 was rewritten: what was sealed on" in told.out


@needs_openssh
@pytest.mark.parametrize("harm", ["text", "signature", "another key", "no signature", "a link"])
def test_a_seal_that_was_tampered_with_is_none(logged: Program, key: Path, tmp_path: Path, harm: str) -> None:
    assert logged("seal", "--key", str(key)).code == 0
    (text,) = logged.file.with_name("cases.json.seals").glob("*.txt")
    signature = text.with_name(f"{text.name}.sig")
    if harm == "text":
        text.write_text(text.read_text("utf-8").replace(heads(logged)[0], "0" * 64), encoding="utf-8")
    elif harm == "signature":
        signature.write_text(signature.read_text("utf-8").replace("A", "B"), encoding="utf-8")
    elif harm == "another key":
        other = tmp_path / "other"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
        key = other
    elif harm == "no signature":
        signature.unlink()
    else:
        text.rename(tmp_path / "moved")
        text.symlink_to(tmp_path / "moved")
    told = logged("doctor", "--verify", "--key", str(key))
    assert told.code == 5
    assert f"The seal {text} " in told.out


@needs_openssh
def test_a_sealed_case_that_is_gone_is_noticed(logged: Program, key: Path) -> None:
    shutil.rmtree(logged.file.with_name("cases.json.bak"))
    assert logged("seal", "--key", str(key)).code == 0
    kept = [line for line in logged.file.read_text("utf-8").splitlines() if '"PDD-2026-0001"' not in line]
    logged.file.write_text("\n".join(kept).replace("},\n}", "}\n}") + "\n", encoding="utf-8")
    assert "PDD-2026-0001 was sealed on" in logged("doctor", "--verify", "--key", str(key)).out


def test_sealing_says_what_it_lacks(kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kettle("seal").code == 3
    assert "ssh-keygen -t ed25519" in kettle("seal").err
    assert kettle("seal", "--key", str(tmp_path / "none")).code == 2
    assert kettle("doctor", "--key", "x").code == 2
    assert "Nothing is sealed yet" in kettle("doctor", "--verify").out
    (tmp_path / "key").write_text("none", encoding="utf-8")
    assert kettle("seal", "--key", str(tmp_path / "key"), "--as-of", "2026-12-01").code == 2
    monkeypatch.setattr("shutil.which", lambda _name: None)
    refused = kettle("seal", "--key", str(tmp_path / "key"))
    assert (refused.code, "OpenSSH" in refused.err) == (2, True)


@needs_openssh
def test_a_key_that_does_not_sign_says_why_and_leaves_nothing(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key at all\n", encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    refused = kettle("seal", "--key", str(tmp_path / "key"))
    assert (refused.code, refused.out, refused.err.count("\n")) == (7, "", 1)
    assert not kettle.file.with_name("cases.json.seals").exists()
