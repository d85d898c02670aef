"""Every setting as a person meets it: shown as it is, checked where it is typed, written where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pddtui.errors import CannotWrite, Refused
from pddtui.handbook.book import Handbook
from pddtui.message import msg
from pddtui.places import Places
from pddtui.services.preferences import (
    NEW,
    Preference,
    changed,
    keep_theme,
    key_preference,
    preferences,
    remembered_theme,
)
from pddtui.settings import Me, OwnLimit, Settings, read_settings
from pddtui.settings_file import SettingsText, open_settings, save_settings

BOOK = Handbook()


def fine(_: Settings) -> None:
    """Nothing is refused."""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(
        data_file=tmp_path / "cases.json", config_file=tmp_path / "config.yaml", state_folder=tmp_path / "state"
    )


def preference(name: str, settings: Settings) -> Preference:
    if name.startswith("keys."):
        return key_preference(settings, name.removeprefix("keys."), "word", BOOK_TIP, "l")
    return next(each for each in preferences(settings, BOOK, ["nord", "other"]) if each.id == name)


BOOK_TIP = preferences(Settings(), BOOK, [])[0].tip


def put(file: Path, which: str, /, **typed: str) -> Settings:
    before = open_settings(file)
    after = changed(preference(which, before.settings), typed, before, BOOK, fine)
    save_settings(before, after)
    return read_settings(file)


def test_without_a_file_every_setting_has_its_default_and_a_name_of_its_own() -> None:
    every = preferences(Settings(), BOOK, ["nord"])
    assert [each.id for each in every if each.own] == []
    assert len({each.id for each in every}) == len(every)
    fields = {field.split(".")[0] for field in (each.id for each in every)}
    assert fields == {*Settings.__struct_fields__} - {"keys", "filters"}, "these have screens of their own"
    assert {value for each in every for part in each.parts for value, _ in each.options if not part.standard} == set()


@pytest.mark.parametrize(
    ("name", "typed", "then"),
    [
        ("language", {"value": "zh"}, Settings(language="zh")),
        ("theme", {"value": "nord"}, Settings(theme="nord")),
        ("zone", {"value": " Asia/Tokyo "}, Settings(zone="Asia/Tokyo")),
        ("zone", {"value": ""}, Settings()),
        ("log_newest_first", {"value": "false"}, Settings(log_newest_first=False)),
        ("trust_network", {"value": "true"}, Settings(trust_network=True)),
        ("mine", {"amber": "2d"}, Settings(mine=OwnLimit(amber="2d", red="10d"))),
        ("mine", {"amber": "", "red": "5wd"}, Settings(mine=OwnLimit(amber="3d", red="5wd"))),
        ("quiet.q_social", {"red": "9d"}, Settings(quiet={"q_social": OwnLimit(amber="48h", red="9d")})),
        ("quiet.q_social", {}, Settings()),
        ("me.name", {"value": "张三"}, Settings(me=Me(name="张三"))),
        ("private", {"value": '小张爱买，13900139000, "a, b"'}, Settings(private=("小张爱买", "13900139000", "a, b"))),
        ("people.+", {"short": "妈妈", "name": "王秀兰"}, Settings(people={"妈妈": Me(name="王秀兰")})),
        ("keys.log.contact", {"value": "f9"}, Settings(keys={"log.contact": "f9"})),
        ("keys.log.contact", {"value": "l"}, Settings()),
    ],
)
def test_what_is_typed_is_what_the_file_says_then(
    places: Places, name: str, typed: dict[str, str], then: Settings
) -> None:
    assert put(places.config_file, name, **typed) == then
    again = preference(name.replace(NEW, typed.get("short", NEW)), then)
    for part in again.parts:
        wanted = typed.get(part.id, part.value).strip() or part.standard
        assert part.value.replace("，", ", ") == wanted.replace("，", ", ")


@pytest.mark.parametrize(
    ("name", "typed", "field", "said"),
    [
        ("zone", {"value": "Mars/Olympus"}, "value", "time zone"),
        ("language", {"value": "fr"}, "value", "auto, zh or en"),
        ("mine", {"amber": "soon"}, "amber", "48h"),
        ("mine", {"red": "0d"}, "red", "48h"),
        ("mine", {"amber": "20d"}, "amber", "amber comes after red"),
        ("quiet.q_chat", {"amber": "3d"}, "amber", "amber comes after red"),
        ("me.phone", {"value": "123"}, "value", "four digits"),
        ("private", {"value": "李"}, "value", "two characters"),
        ("people.+", {"name": "王秀兰"}, "short", "short name"),
        ("people.+", {"short": "妈妈", "phone": "12"}, "phone", "four digits"),
    ],
)
def test_what_no_setting_takes_is_refused_at_its_part_and_nothing_is_written(
    places: Places, name: str, typed: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        put(places.config_file, name, **typed)
    assert refused.value.field == field
    assert said in str(refused.value)
    assert str(places.config_file) not in str(refused.value)
    assert not places.config_file.exists()


def test_somebody_is_renamed_changed_and_taken_out(places: Places) -> None:
    file = places.config_file
    file.write_text('people:\n  妈妈: {name: "王秀兰"} # she\n  爸爸: {phone: "13700137000"}\n', encoding="utf-8")
    with pytest.raises(Refused, match="already"):
        put(file, "people.妈妈", short="爸爸")
    assert put(file, "people.妈妈", phone="13900139000").people["妈妈"] == Me(name="王秀兰", phone="13900139000")
    assert "# she" in file.read_text(encoding="utf-8")
    assert list(put(file, "people.妈妈", short="妈").people) == ["爸爸", "妈"]
    assert list(put(file, "people.妈", short="", name="", phone="").people) == ["爸爸"]


def test_the_own_limit_of_a_channel_is_changed_where_it_stands(places: Places) -> None:
    places.config_file.write_text("quiet:\n  weibo: {amber: 24h, red: 5wd} # why\n")
    every = preferences(read_settings(places.config_file), BOOK, [])
    assert [each.id for each in every if each.own] == ["quiet.weibo"]
    put(places.config_file, "quiet.weibo", amber="36h")
    assert places.config_file.read_text() == "quiet:\n  weibo: {amber: 36h, red: 5wd} # why\n"


def test_what_only_the_desk_can_judge_is_refused_by_it(places: Places) -> None:
    def clash(settings: Settings) -> None:
        assert settings.keys == {"log.contact": "q"}
        raise Refused(BOOK_TIP, field="keys.log.contact")

    before = open_settings(places.config_file)
    with pytest.raises(Refused) as refused:
        changed(preference("keys.log.contact", Settings()), {"value": "q"}, before, BOOK, clash)
    assert refused.value.field == "value"


def test_a_theme_is_kept_in_the_settings_file_with_all_else_as_it_was(places: Places) -> None:
    places.config_file.write_text("# mine\ntheme: auto # for now\n")
    assert keep_theme(places, "nord") == places.config_file
    assert places.config_file.read_text() == "# mine\ntheme: nord # for now\n"
    assert remembered_theme(places, "nord") == "nord"


def test_where_the_file_cannot_be_written_it_is_remembered_until_the_file_says_otherwise(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pddtui.services import preferences as module

    def refuse(_before: SettingsText, _after: SettingsText) -> None:
        raise CannotWrite(msg("read-only"))

    managed = places.config_file
    managed.write_text("theme: auto\nzone: UTC\n")
    text = managed.read_text()
    with monkeypatch.context() as managed_by_another:
        managed_by_another.setattr(module, "save_settings", refuse)
        kept = keep_theme(places, "nord")
    assert kept.parent == places.state_folder
    assert managed.read_text() == text
    assert remembered_theme(places, "auto") == "nord"
    assert remembered_theme(places, "dracula") == "dracula"
    managed.write_text("theme: auto\n")
    assert keep_theme(places, "gruvbox") == managed
    assert (remembered_theme(places, "gruvbox"), remembered_theme(places, "auto")) == ("gruvbox", "auto")


def test_a_theme_that_was_chosen_while_another_program_wrote_is_kept_all_the_same(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pddtui.services import preferences as module

    def once(before: SettingsText, after: SettingsText) -> None:
        monkeypatch.undo()
        places.config_file.write_text("zone: UTC\n")
        save_settings(before, after)

    monkeypatch.setattr(module, "save_settings", once)
    assert keep_theme(places, "nord") == places.config_file
    assert places.config_file.read_text() == "zone: UTC\ntheme: nord\n"
