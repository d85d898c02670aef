from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui import assets, settings
from pddtui.errors import CannotWrite, Refused
from pddtui.settings import Me, OwnLimit, Settings, read_settings, write_default_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    assert read_settings(file) == Settings()


def test_without_a_file_yaml_is_not_loaded(file: Path) -> None:
    code = (
        "import sys, pathlib\nfrom pddtui.settings import read_settings\n"
        "read_settings(pathlib.Path(sys.argv[1]))\nprint('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\ufeff"])
def test_an_empty_file_means_the_defaults(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert read_settings(file) == Settings()


def test_the_shipped_file_is_the_defaults_and_names_every_key(file: Path) -> None:
    write_default_settings(file)
    assert read_settings(file) == Settings()
    text = file.read_text(encoding="utf-8")
    for field in msgspec.structs.fields(Settings):
        assert f"\n{field.name}: " in text


def test_the_examples_in_the_shipped_file_are_good(file: Path) -> None:
    lines = assets.read_text("data/config.yaml").splitlines()
    start = lines.index("# keys:")
    commented = ("# keys:", "# quiet:", "# me:", "# people:", "# private:", "#   ")
    examples = [line[2:] for line in lines[start:] if line.startswith(commented)]
    file.write_text("\n".join(examples), encoding="utf-8")
    read = read_settings(file)
    assert len(read.keys) == len(read.quiet) == 1
    assert (read.me.name, read.me.phone, len(read.private)) == ("张三", "13800138000", 2)
    assert {short: one.name for short, one in read.people.items()} == {"妈妈": "王秀兰"}


def test_the_default_file_is_never_written_over(file: Path) -> None:
    file.write_text("language: zh\n")
    with pytest.raises(CannotWrite, match=r"config\.yaml"):
        write_default_settings(file)
    assert file.read_text() == "language: zh\n"


def test_every_key_can_be_set(file: Path) -> None:
    file.write_text(
        "language: zh\nzone: Europe/Berlin\ntheme: nord\nlog_newest_first: false\nwrite_through: true\n"
        'me: {name: Ada, phone: "13800138000"}\nprivate: ["小张爱买"]\n'
        'keys: {log.contact: "ctrl+l"}\nquiet:\n  weibo: {amber: 24h, red: 5wd}\n'
        'people: {妈妈: {name: "王秀兰"}}\n'
    )
    assert read_settings(file) == Settings(
        language="zh",
        zone="Europe/Berlin",
        theme="nord",
        log_newest_first=False,
        write_through=True,
        keys={"log.contact": "ctrl+l"},
        quiet={"weibo": OwnLimit(amber="24h", red="5wd")},
        me=Me(name="Ada", phone="13800138000"),
        private=("小张爱买",),
        people={"妈妈": Me(name="王秀兰")},
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("langage: zh\n", "line 1: “langage” is not a setting"),
        ("1: zh\n", "line 1: “1” is not a setting"),
        ("language: fr\n", "line 1: “language” must be auto, zh or en."),
        ("\n\nlog_newest_first: 1\n", "line 3: “log_newest_first” must be true or false."),
        ("write_through: 'yes'\n", "“write_through” must be true or false."),
        ("zone: Asia/Shangai\n", "line 1: “zone” must be the name of a time zone"),
        ("zone: ../etc\n", "line 1: “zone” must be the name of a time zone"),
        ("zone: Asia\n", "line 1: “zone” must be the name of a time zone"),
        ("zone: ''\n", "line 1: “zone” must be the name of a time zone"),
        ("zone: 8\n", "line 1: “zone” must be the name of a time zone"),
        ("keys: l\n", "line 1: “keys” must be lines “action: key”."),
        ("keys:\n  log.contact: 1\n", "line 2: “keys.log.contact” must be a key in quotes"),
        ("quiet:\n  weibo: 48h\n", "line 2: “quiet.weibo” must be two limits"),
        ("quiet:\n  weibo: {amber: 48h}\n", "line 2: “quiet.weibo” must be two limits"),
        ("quiet:\n  weibo: {amber: 48h, red: -1d}\n", "line 2: “quiet.weibo” must be two limits"),
        ("quiet:\n  weibo: {amber: 48h, red: 5d, pink: 6d}\n", "line 2: “quiet.weibo” must be two limits"),
        ("people: 妈妈\n", "line 1: “people” must be lines of short names"),
        ("people:\n  妈妈: 王秀兰\n", "line 2: “people.妈妈” must be a name, phone and address"),
        ('people:\n  me: {name: Ada}\n  妈妈: {tel: "13900139000"}\n', "line 3: “people.妈妈” must be a name"),
        ("theme: a\ntheme: b\n", "line 2: “theme” appears twice"),
        ("quiet:\n  a: {amber: 1d, red: 2d}\n  a: {amber: 1d, red: 2d}\n", "line 3: “quiet.a” appears twice"),
        ("theme: [\n", "line 2: this is not valid YAML"),
        ("theme: a\n\tzone: b\n", "line 2: this is not valid YAML"),
        ("theme: !!python/name:os.system\n", "line 1: this is not valid YAML"),
        ("theme: 2026-99-99\n", "this is not valid YAML"),
        ("- language\n", "settings must be lines of the form “key: value”"),
        ("zh\n", "settings must be lines of the form “key: value”"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_key(file: Path, text: str, said: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_settings(file)
    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)


def test_the_people_are_known_by_short_names_and_me_is_one_of_them(file: Path) -> None:
    file.write_text(
        'me: {name: "张三", address: "某市1号"}\n'
        'people:\n  me: {phone: "13800138000", address: "某市2号"}\n'
        '  妈妈: {name: "王秀兰"}\n  爸爸: {phone: "13700137000"}\n',
        encoding="utf-8",
    )
    read = read_settings(file)
    assert read.myself == Me(name="张三", phone="13800138000", address="某市2号")
    assert read.called == {"妈妈": "王秀兰", "爸爸": "爸爸"}
    assert read.others["爸爸"] == Me(name="爸爸", phone="13700137000")


def test_the_error_knows_its_key(file: Path) -> None:
    file.write_text("quiet: {weibo: soon}\n")
    with pytest.raises(Refused) as refused:
        read_settings(file)
    assert refused.value.field == "quiet.weibo"


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes("language: 中文".encode("gb18030"))
    with pytest.raises(Refused, match="UTF-8"):
        read_settings(file)


def test_a_folder_in_its_place_is_refused(file: Path) -> None:
    file.mkdir()
    with pytest.raises(Refused, match="cannot be read"):
        read_settings(file)


def test_every_key_says_in_words_what_it_takes() -> None:
    assert list(settings._KINDS) == [field.name for field in msgspec.structs.fields(Settings)]


@given(st.text() | st.text(alphabet="language: zonekys\n-[]{}&*!'\"#\t<?|>%@\\", max_size=60))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    with suppress(Refused):
        settings._Page(Path("config.yaml"), text).settings()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("language: zh\nprivate: 张三", "private"),
        ("language: zh\nprivate: [13800138000]", "private.1"),
        ('language: zh\nprivate: ["张三", "李"]', "private.2"),
        ('language: zh\nprivate: ["123"]', "private.1"),
        ('language: zh\nprivate: [" "]', "private.1"),
        ("language: zh\nme: 张三", "me"),
        ("language: zh\nme: {phone: 13800138000}", "me.phone"),
        ('language: zh\nme: {mail: "a@b.example"}', "me"),
    ],
)
def test_what_no_mask_could_look_for_is_refused_with_its_line(file: Path, text: str, key: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="line 2") as refused:
        read_settings(file)
    assert refused.value.field == key


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("private: &a [x]\nkeys: {a: *a}\n", 2),
        ("private: &a [x, x]\n# nothing\nme: {name: *a}\n", 3),
        ("\n".join(["x0: &x0 [y, y]", *(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 40))]), 2),
    ],
)
def test_an_alias_is_refused_with_its_line_before_anything_is_made_of_it(file: Path, text: str, line: int) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=rf"line {line}: “\*\w+” repeats another entry; write it out\."):
        read_settings(file)


def test_a_star_that_is_no_alias_is_a_word(file: Path) -> None:
    file.write_text("private: ['**', 'a * b']  # *\n", encoding="utf-8")
    assert read_settings(file).private == ("**", "a * b")
