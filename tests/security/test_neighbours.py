"""Other users of the machine: folders that they may write, files and links of theirs. None is followed in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pddtui import ownership
from pddtui.ownership import exposed_files, exposed_folders, followed, grouped_folders, trusted
from pddtui.places import find_places
from tests.cli.conftest import Program
from tests.security.conftest import AS_ROOT, SOMEBODY, config_folder


@pytest.fixture
def settings_folder() -> Path:
    return config_folder()


def test_a_folder_that_everybody_can_write_is_named_at_opening_and_by_doctor(kettle: Program) -> None:
    assert kettle("list").err == ""
    kettle.file.parent.chmod(0o777)
    for command in (("list",), ("add", "lamp"), ("due",)):
        assert f"chmod o-w {kettle.file.parent}" in kettle(*command).err, command
    doctor = kettle("doctor")
    assert doctor.code == 5
    assert "All is well" not in doctor.out
    assert f"Everybody can write in the folder {kettle.file.parent}" in doctor.out
    kettle.file.parent.chmod(0o700)
    assert kettle("list").err == ""


@pytest.mark.parametrize("name", ["evidence", "cases.json.bak"])
def test_so_is_one_beside_the_data_file(kettle: Program, name: str) -> None:
    folder = kettle.file.with_name(name)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    assert f"chmod o-w {folder}" in kettle("list").err
    assert kettle("doctor").code == 5


@pytest.mark.parametrize("where", ["config", "letters", "state"])
def test_so_is_one_from_which_the_program_takes_what_it_lives_by(
    kettle: Program, settings_folder: Path, where: str
) -> None:
    places = find_places(os.environ)
    folder = {"config": settings_folder, "letters": places.letters, "state": places.state_folder}[where]
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    assert f"chmod o-w {folder}" in kettle("list").err


def test_a_folder_above_counts_too_and_is_said_once(kettle: Program, tmp_path: Path) -> None:
    above = tmp_path / "above"
    (above / "mine").mkdir(parents=True)
    above.chmod(0o777)
    assert kettle.at(above / "mine" / "cases.json")("add", "lamp").err.count(f"chmod o-w {above}\n") == 1


def test_a_folder_like_tmp_is_fine_above_and_named_where_the_file_lies_in_it(kettle: Program, tmp_path: Path) -> None:
    above = tmp_path / "above"
    (above / "mine").mkdir(parents=True)
    above.chmod(0o1777)
    assert kettle.at(above / "mine" / "cases.json")("add", "lamp").err == ""
    said = kettle.at(above / "cases.json")("add", "lamp").err
    assert f"Everybody can put files into the folder {above}" in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_others_may_change_is_said_in_both_languages(kettle: Program, language: str) -> None:
    kettle.file.chmod(0o666)
    said = kettle("--lang", language, "doctor")
    assert said.code == 5
    assert f"chmod o-w {kettle.file}" in said.out
    assert ("任何人都能改动" in said.out) is (language == "zh")


@AS_ROOT
def test_a_folder_of_somebody_else_is_named(kettle: Program) -> None:
    os.chown(kettle.file.parent, SOMEBODY, -1)
    assert f"belongs to {SOMEBODY}, who can replace" in kettle("list").err
    assert kettle("doctor").code == 5


@AS_ROOT
@pytest.mark.parametrize("name", ["cases.json", "config.yaml", "channels.yaml", "letters/mine.j2"])
def test_doctor_names_a_file_of_somebody_else(kettle: Program, settings_folder: Path, name: str) -> None:
    file = kettle.file if name == "cases.json" else settings_folder / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    os.chown(file, SOMEBODY, -1)
    assert f"{file} belongs to {SOMEBODY}" in kettle("doctor").out


@AS_ROOT
@pytest.mark.parametrize("whose", ["link", "target", "folder of the target", "folder of the link"])
def test_a_data_file_that_is_a_link_of_somebody_else_is_not_opened(kettle: Program, tmp_path: Path, whose: str) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    target, link = there / "cases.json", here / "link.json"
    assert kettle.at(target)("add", "lamp").code == 0
    link.symlink_to(target)
    assert kettle.at(link)("list").code == 0
    theirs = {"link": link, "target": target, "folder of the target": there, "folder of the link": here}[whose]
    os.chown(theirs, SOMEBODY, -1, follow_symlinks=False)
    for command in (("list",), ("add", "kettle"), ("doctor",), ("recover", "--yes")):
        refused = kettle.at(link)(*command)
        assert (refused.code, refused.out, refused.err.count("\n")) == (5, "", 1), command
        assert f"{link} is a link that somebody else made" in refused.err
    assert kettle.at(target)("list").code == 0  # by its own name it can be shared


@AS_ROOT
@pytest.mark.parametrize("name", ["config.yaml", "channels.yaml", "letters/mine.j2"])
def test_settings_and_templates_of_somebody_else_are_not_followed(
    kettle: Program, settings_folder: Path, tmp_path: Path, name: str
) -> None:
    link = settings_folder / name
    target = tmp_path / f"planted{link.suffix}"
    link.parent.mkdir(exist_ok=True)
    target.write_text("language: zh\n" if name == "config.yaml" else "x\n", encoding="utf-8")
    link.symlink_to(target)
    assert trusted(link)
    os.chown(target, SOMEBODY, -1)
    done = kettle("letter", "1", "mine", "--lang", "en") if name.endswith("j2") else kettle("list")
    assert str(link) in done.err
    assert "not followed" in done.err
    assert done.code == {"config.yaml": 2, "channels.yaml": 0, "letters/mine.j2": 8}[name]


def test_a_link_is_as_good_as_the_folder_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    link = tmp_path / "link"
    link.symlink_to("target")
    assert followed(link) == tmp_path / "target"
    tmp_path.chmod(0o777)
    with pytest.raises(OSError, match="symbolic"):
        followed(link)
    assert followed(tmp_path / "target") == tmp_path / "target"  # no link: whoever opens it looks at the file
    tmp_path.chmod(0o1777)
    assert followed(link) == tmp_path / "target"
    (tmp_path / "target").unlink()
    assert trusted(link)


def test_a_group_of_more_than_me_is_a_note_of_doctor_and_no_alarm(
    kettle: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kettle.file.parent.chmod(0o770)
    monkeypatch.setattr(ownership, "_shared_group", lambda _gid: None)
    assert "The group" not in kettle("doctor").out
    monkeypatch.setattr(ownership, "_shared_group", lambda _gid: "family")
    assert "The group family can write in" in kettle("doctor").out
    kettle.file.parent.chmod(0o700)
    kettle.file.parent.parent.chmod(0o770)
    assert f"The group family can write in {kettle.file.parent.parent}" in kettle("doctor").out
    assert kettle("doctor").code == 0
    assert kettle("list").err == ""


def test_what_cannot_be_looked_at_is_passed_over(tmp_path: Path) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(path)

    assert exposed_folders([tmp_path], refuse) == ()
    assert list(exposed_files([tmp_path], refuse)) == list(grouped_folders([tmp_path], refuse)) == []
    assert exposed_folders([tmp_path / "nobody"]) == ()


@pytest.fixture(autouse=True)
def _modes_back(tmp_path: Path) -> Iterator[None]:
    yield
    tmp_path.chmod(0o700)


@AS_ROOT
@pytest.mark.parametrize("name", ["cases.json.lock", "cases.json.journal"])
@pytest.mark.parametrize("command", [("add", "lamp"), ("list",), ("log", "1", "--in", "--said", "x")])
def test_a_lock_or_journal_of_somebody_else_is_neither_read_nor_written(
    kettle: Program, name: str, command: tuple[str, ...]
) -> None:
    planted = kettle.file.with_name(name)
    planted.unlink(missing_ok=True)
    planted.write_bytes(b"theirs")
    os.chown(planted, SOMEBODY, SOMEBODY)
    done = kettle(*command)
    assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)
    assert f"{planted} is a file of another user" in done.err
    assert planted.read_bytes() == b"theirs"


@AS_ROOT
@pytest.mark.parametrize(
    ("owner", "mode", "member"), [(SOMEBODY, 0o600, False), (0, 0o660, True), (0, 0o660, False), (0, 0o640, True)]
)
def test_in_a_file_that_is_shared_what_the_others_left_is_taken(
    kettle: Program, monkeypatch: pytest.MonkeyPatch, owner: int, mode: int, *, member: bool
) -> None:
    """They may write the data file, by owning it or by being in its group; a group that a folder gave is none."""
    monkeypatch.setattr(ownership, "_member", lambda _uid, _gid: member)
    kettle("list")
    journal = kettle.file.with_name("cases.json.journal")
    journal.write_bytes(b"")
    os.chown(kettle.file, owner, SOMEBODY)
    kettle.file.chmod(mode)
    os.chown(journal, SOMEBODY, SOMEBODY)
    assert kettle("list").code == (0 if owner or (member and mode == 0o660) else 5)
