from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pddtui.errors import CannotWrite
from pddtui.places import find_places, private_folder, typed_path


def test_without_options_the_habits_of_the_platform_hold() -> None:
    places = find_places({})
    home = Path.home()
    assert places.data_file == home / "data" / "pddtui" / "cases.json"
    assert places.config_file == home / "config" / "pddtui" / "config.yaml"
    assert places.state_folder == home / "state" / "pddtui"
    assert places.drafts.parent == places.logs.parent == places.state_folder


def test_the_option_is_stronger_than_the_environment_and_that_than_the_platform(tmp_path: Path) -> None:
    environ = {"PDDTUI_FILE": str(tmp_path / "by_env.json")}
    assert find_places(environ).data_file == tmp_path / "by_env.json"
    assert find_places(environ, file=tmp_path / "by_option.json").data_file == tmp_path / "by_option.json"


def test_an_empty_variable_is_no_file() -> None:
    assert find_places({"PDDTUI_FILE": ""}) == find_places({})


def test_a_tilde_in_the_environment_is_the_home() -> None:
    assert find_places({"PDDTUI_FILE": "~/mine.json"}).data_file == Path.home() / "mine.json"


def test_a_relative_file_stays_the_same_when_the_program_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = find_places({}, file=Path("cases.json"), config=Path("conf"))
    assert places.data_file == tmp_path / "cases.json"
    assert places.config_folder == tmp_path / "conf"


@pytest.mark.parametrize(
    ("given", "file"),
    [("conf", "conf/config.yaml"), ("mine.yaml", "mine.yaml"), ("mine.yml", "mine.yml"), ("v1.2", "v1.2/config.yaml")],
)
def test_config_names_a_file_or_a_folder(tmp_path: Path, given: str, file: str) -> None:
    assert find_places({}, config=tmp_path / given).config_file == tmp_path / file


def test_an_existing_folder_is_a_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "odd.yaml"
    folder.mkdir()
    assert find_places({}, config=folder).config_file == folder / "config.yaml"


def test_backups_lie_beside_the_data_file(tmp_path: Path) -> None:
    assert find_places({}, file=tmp_path / "cases.json").backups == tmp_path / "cases.json.bak"


def test_finding_the_places_makes_nothing() -> None:
    find_places({})
    assert list(Path.home().iterdir()) == []


def test_every_new_folder_is_private_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder = private_folder(tmp_path / "a" / "b")
    assert [stat.S_IMODE(part.stat().st_mode) for part in (folder, folder.parent, tmp_path)] == [0o700, 0o700, 0o755]
    folder.chmod(0o750)
    assert stat.S_IMODE(private_folder(folder).stat().st_mode) == 0o750


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_the_way_is_said_and_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotWrite, match="cannot be created"):
        private_folder(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_tilde_before_no_name_is_part_of_the_name() -> None:
    assert (typed_path("~/a"), typed_path("~nobody-has-this/a")) == (Path.home() / "a", Path("~nobody-has-this/a"))


@pytest.mark.parametrize("given", ["", "{}", "~/elsewhere", "relative", " {} ", "{}/./x/../y"])
def test_the_short_way_leads_where_the_library_does(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", given.format(tmp_path / name))
    short = find_places({})
    monkeypatch.setenv("ANDROID_ROOT", "")
    assert find_places({}) == short


def test_what_belongs_to_a_linked_file_stands_beside_the_file_itself(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "cases.json", tmp_path / "link.json"
    real.parent.mkdir()
    link.symlink_to(real)
    places = find_places({}, file=link)
    assert places.data_file == real
    assert (places.evidence, places.backups) == (real.parent / "evidence", real.parent / "cases.json.bak")
