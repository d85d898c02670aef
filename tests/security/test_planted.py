"""What somebody else put in the place of our files: a link, a pipe, a device. Nothing behind it is read or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from pddtui.errors import CannotWrite
from pddtui.places import Places, find_places
from pddtui.services.drafts import Drafts, DraftSubject
from tests.cli.conftest import Program
from tests.cli.test_process import start

BESIDE = ("cases.json.lock", "cases.json.journal")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "victim.txt"
    file.write_text("do not touch", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("command", [("add", "lamp"), ("log", "1", "--in", "--said", "x"), ("list",), ("doctor",)])
def test_no_planted_link_is_written_through(kettle: Program, victim: Path, name: str, command: tuple[str, ...]) -> None:
    planted = kettle.file.with_name(name)
    planted.unlink(missing_ok=True)
    planted.symlink_to(victim)
    result = kettle(*command)
    assert victim.read_text(encoding="utf-8") == "do not touch"
    assert result.code != 70
    if command[0] in ("add", "log"):
        assert (result.code, result.err.count("\n")) == (5, 1), result.err
        assert "is a symbolic link that leads nowhere or is not followed, which pddtui did not put there" in result.err
        planted.unlink()
        assert kettle("add", "after").code == 0


@pytest.mark.parametrize("name", [*BESIDE, "evidence", "cases.json.bak"])
@pytest.mark.parametrize("command", ["list", "doctor", "add lamp"])
def test_no_pipe_makes_a_command_wait(tmp_path: Path, name: str, command: str) -> None:
    start(tmp_path, "add", "kettle")
    planted = tmp_path / name
    if planted.is_dir():
        planted.rename(tmp_path / "old")
    planted.unlink(missing_ok=True)
    os.mkfifo(planted)
    assert start(tmp_path, *command.split()).returncode in (0, 1, 5, 7)  # and it ends at all


@pytest.mark.parametrize("where", ["config.yaml", "channels.yaml", "next.yaml", "handbook.cache", "theme.json"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_no_file_of_settings_or_state_makes_a_command_wait(
    kettle: Program, tmp_path: Path, where: str, kind: str
) -> None:
    places: Places = find_places(os.environ)
    folder = places.state_folder if where in ("handbook.cache", "theme.json") else places.config_folder
    folder.mkdir(parents=True, exist_ok=True)
    planted = folder / where
    planted.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(planted)
    else:
        planted.symlink_to("/dev/zero")
    result = kettle("list")
    assert result.code in (0, 2)
    if where.endswith(".yaml"):
        assert str(planted) in result.err


def test_evidence_that_is_a_pipe_or_a_link_is_changed_and_nobody_waits(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"photo")
    assert kettle("evidence", "1", str(tmp_path / "photo.png")).code == 0
    (copy,) = kettle.file.with_name("evidence").iterdir()
    copy.unlink()
    os.mkfifo(copy)
    assert kettle("doctor").code == 5
    assert kettle("show", "1").code == 0
    copy.unlink()
    copy.symlink_to(tmp_path / "photo.png")
    assert kettle("doctor").code == 5


def test_settings_may_be_links_of_the_users_own(kettle: Program, tmp_path: Path) -> None:
    """Managers of dotfiles do that."""
    folder = tmp_path / "config"
    folder.mkdir()
    (tmp_path / "dotfiles.yaml").write_text("language: zh\n", encoding="utf-8")
    (folder / "config.yaml").symlink_to(tmp_path / "dotfiles.yaml")
    assert "没有" in kettle("--config", str(folder), "show", "77").err


def test_a_data_file_may_be_a_link_and_stays_one(kettle: Program, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(kettle.file)
    assert kettle.at(link)("add", "lamp").code == 0
    assert link.is_symlink()
    assert len(kettle("list", "--json").out) > 100


@pytest.mark.parametrize("mask", [0o777, 0o277, 0o077])
def test_folders_are_for_their_owner_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        result = start(tmp_path, "add", "x", "--file", str(tmp_path / "a" / "b" / "cases.json"))
    finally:
        os.umask(before)
    assert result.returncode == 0, result.stderr
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("a", "a/b")} == {0o700}


@pytest.mark.parametrize("name", ["evidence", "cases.json.bak", "cases.json.seals"])
def test_no_folder_of_ours_may_be_a_link_to_another(kettle: Program, tmp_path: Path, name: str) -> None:
    """Whoever put it there: what is kept would lie where nobody looks for it, or come from where anybody can put it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / "20260101T000000.json").write_bytes(kettle.file.read_bytes())
    folder = kettle.file.with_name(name)
    if folder.exists():
        folder.rename(tmp_path / "away")
    folder.symlink_to(elsewhere)
    (tmp_path / "photo.png").write_bytes(b"photo")
    kettle("evidence", "1", str(tmp_path / "photo.png"))
    kettle("log", "1", "--in", "--said", "x")
    if shutil.which("ssh-keygen") is not None:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
        assert kettle("seal", "--key", str(tmp_path / "key")).code == (7 if name.endswith("seals") else 0)
    assert [path.name for path in elsewhere.iterdir()] == ["20260101T000000.json"]
    told = kettle("doctor")
    assert told.code == 5
    assert f"{folder} is a link" in told.out
    assert "x" in kettle("show", "1").out


def test_evidence_behind_a_linked_folder_is_in_no_bundle(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"photo")
    kettle("evidence", "1", str(tmp_path / "photo.png"))
    folder = kettle.file.with_name("evidence")
    folder.rename(tmp_path / "away")
    folder.symlink_to(tmp_path / "away")
    assert "the file is missing" in kettle("export", "1", "--format", "zip", "-o", str(tmp_path / "a.zip")).err
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        assert not [name for name in bundle.namelist() if name.startswith("evidence/")]


@pytest.mark.parametrize("name", ["own", "drafts"])
def test_nor_in_the_state_folder(kettle: Program, tmp_path: Path, now: datetime, name: str) -> None:
    places, elsewhere = find_places(os.environ), tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder = places.state_folder / name
    if folder.exists():
        shutil.rmtree(folder)
    folder.symlink_to(elsewhere)
    done = kettle("add", "lamp")
    assert done.code == 0
    assert ("own record" in done.err) is (name == "own")
    form = Drafts(places.drafts).open(DraftSubject(form="contact", case="C"))
    if name == "drafts":
        with pytest.raises(CannotWrite, match="symbolic link"):
            form.keep({"said": "x"}, now)
    assert list(elsewhere.iterdir()) == []
    assert f"{folder} is a link" in kettle("doctor").out
