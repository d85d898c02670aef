"""One value of the settings file is changed; every other character stays, whoever wrote it and however."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from pddtui import assets
from pddtui.errors import CannotWrite, Conflict, Refused
from pddtui.settings import OwnLimit, read_settings
from pddtui.settings_file import Plain, _Strange, open_settings, save_settings, text_with, with_settings

SHIPPED = assets.read_text("data/config.yaml")


@pytest.mark.parametrize(
    ("text", "where", "value", "then"),
    [
        ("theme: auto\n", ("theme",), "nord", "theme: nord\n"),
        ("theme: auto # c\n", ("theme",), "nord", "theme: nord # c\n"),
        ("theme: 'auto'\n", ("theme",), "nord", "theme: 'nord'\n"),
        ('theme:   "auto"  # c', ("theme",), "nord", 'theme:   "nord"  # c'),
        ("theme:\n", ("theme",), "nord", "theme: nord\n"),
        ("theme: # c\nzone: UTC\n", ("theme",), "nord", "theme: nord # c\nzone: UTC\n"),
        ("theme: >-\n  auto\n\n# c\nzone: UTC\n", ("theme",), "nord", "theme: nord\n\n# c\nzone: UTC\n"),
        ("\ufefftheme: auto\r\nzone: UTC\r\n", ("theme",), "nord", "\ufefftheme: nord\r\nzone: UTC\r\n"),
        ("# c\n", ("theme",), "nord", "# c\ntheme: nord\n"),
        ("# c", ("theme",), "nord", "# c\ntheme: nord\n"),
        ("", ("theme",), "nord", "theme: nord\n"),
        ("zone: UTC # c\n\n# end\n", ("theme",), "nord", "zone: UTC # c\ntheme: nord\n\n# end\n"),
        ("zone: UTC\r\n", ("theme",), "nord", "zone: UTC\r\ntheme: nord\r\n"),
        ("---\nzone: UTC\n...\n", ("theme",), "nord", "---\nzone: UTC\ntheme: nord\n...\n"),
        ("{zone: UTC}\n", ("theme",), "nord", "{zone: UTC, theme: nord}\n"),
        ("a: 1 # x\ntheme: auto\nb: 2\n", ("theme",), None, "a: 1 # x\nb: 2\n"),
        ("log_newest_first: true # c\n", ("log_newest_first",), False, "log_newest_first: false # c\n"),
        ("keys: {}\n", ("keys", "log.contact"), "l,insert", 'keys: {log.contact: "l,insert"}\n'),
        ("keys: # c\n", ("keys", "log.contact"), "l", 'keys: {log.contact: "l"} # c\n'),
        ('keys: {a: "x"} # c\n', ("keys", "b"), "y", 'keys: {a: "x", b: "y"} # c\n'),
        ('keys: {a: "x", b: "y", c: "z"}\n', ("keys", "b"), None, 'keys: {a: "x", c: "z"}\n'),
        ('keys: {a: "x", b: "y"}\n', ("keys", "a"), None, 'keys: {b: "y"}\n'),
        ('keys: {a: "x"} # c\n', ("keys", "a"), None, "keys: {} # c\n"),
        ('keys:\n  a: "x" # mine\n  b: "y"\n', ("keys", "b"), "z", 'keys:\n  a: "x" # mine\n  b: "z"\n'),
        ('keys:\n  a: "x" # c\n\nzone: UTC\n', ("keys", "b"), "z", 'keys:\n  a: "x" # c\n  b: "z"\n\nzone: UTC\n'),
        ('keys:\n  # one\n  a: "x"\n  # two\n  b: "y"', ("keys", "b"), None, 'keys:\n  # one\n  a: "x"\n  # two\n'),
        ('keys: # c\n  a: "x"\n', ("keys", "a"), None, "keys: # c\n  {}\n"),
        ('keys:\n  a: "x"\nzone: UTC\n', ("keys", "a"), None, "keys: {}\nzone: UTC\n"),
        ("mine: {amber: 3d, red: 10d}\n", ("mine", "red"), "5wd", "mine: {amber: 3d, red: 5wd}\n"),
        ("zone: UTC\n", ("mine",), {"amber": "1d", "red": "2d"}, "zone: UTC\nmine: {amber: 1d, red: 2d}\n"),
        ("quiet:\n  a: {amber: 1d, red: 2d}\n", ("quiet", "a", "amber"), "6h", "quiet:\n  a: {amber: 6h, red: 2d}\n"),
        ("", ("quiet", "a"), {"amber": "6h", "red": "2d"}, "quiet: {a: {amber: 6h, red: 2d}}\n"),
        ("me: {}\n", ("me", "name"), '"张" 三', 'me: {name: "\\"张\\" 三"}\n'),
        ("people: {}\n", ("people", "妈妈"), {"name": "王秀兰"}, 'people: {妈妈: {name: "王秀兰"}}\n'),
        ('private: ["ab", "cd"]\n', ("private",), ["ab", "ef"], 'private: ["ab", "ef"]\n'),
        ("private:\n  - ab # c\n  - cd\n", ("private",), ["ab", "ef"], 'private:\n  - ab # c\n  - "ef"\n'),
        ("private:\n  - ab # c\n  - cd\n", ("private",), ["ab"], "private:\n  - ab # c\n"),
        ("private:\n- ab\n- cd # c\nzone: UTC\n", ("private",), ["cd"], "private:\n- cd # c\nzone: UTC\n"),
        ("private:\n  - ab\n  - cd\n", ("private",), [], "private: []\n"),
        ("private: []\n", ("private",), ["ab"], 'private: ["ab"]\n'),
        ("# c\nnew_thing: 5\ntheme: auto\n", ("theme",), "nord", "# c\nnew_thing: 5\ntheme: nord\n"),
    ],
)  # fmt: skip
def test_only_the_value_changes(text: str, where: tuple[str, ...], value: Plain | None, then: str) -> None:
    assert text_with(text, where, value) == then


@pytest.mark.parametrize(
    ("text", "where", "value"),
    [
        ("a: &x auto\ntheme: *x\n", ("theme",), "nord"),
        ("theme: &x auto\nzone: *x\n", ("theme",), "nord"),
        ("- theme\n", ("theme",), "nord"),
        ("theme: [\n", ("theme",), "nord"),
        ("keys: {a: x, # one\n  b: y}\n", ("keys", "b"), None),
    ],
)
def test_a_place_that_is_written_in_a_rare_way_is_left_alone(
    text: str, where: tuple[str, ...], value: Plain | None
) -> None:
    with pytest.raises(_Strange):
        text_with(text, where, value)


WORDS = st.text(alphabet="ab #:'\"\\,{}[]-张é\t\u2028\x07", min_size=1, max_size=6)
COMMENTS = st.lists(st.sampled_from(["", "# theme: x", "  # 注", "#"]), max_size=2).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
TAILS = st.sampled_from(["", " # c", "   #: {", "  "])
SCALARS = st.sampled_from(["auto", "'it''s'", '"a: b"', "12", "", ">-\n  long\n  text", "张三"])
KEYS = ["theme", "zone", "keys", "me", "private", "other"]


@st.composite
def files(draw: st.DrawFn) -> str:
    """A commented file as somebody may have written it: unknown keys, any order, lines or brackets."""
    parts = []
    for key in draw(st.permutations(KEYS))[: draw(st.integers(0, len(KEYS)))]:
        tail = draw(TAILS)
        items = draw(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "'y'", '"z"'])), max_size=3,
                              unique_by=lambda item: item[0]))  # fmt: skip
        indent = draw(st.sampled_from(["  ", "    "]))
        match draw(st.sampled_from(["scalar", "flow", "block", "list", "items"])):
            case "scalar":
                value = draw(SCALARS)
                body = f"{key}: {value}{tail if not value.startswith('>') else ''}\n"
            case "flow":
                body = f"{key}: {{{', '.join(f'{name}: {value}' for name, value in items)}}}{tail}\n"
            case "list":
                body = f"{key}: [{', '.join(name + value.strip(chr(39)) for name, value in items)}]{tail}\n"
            case "items" if items:
                body = f"{key}:{tail}\n" + "".join(f"{indent}- {name}1{draw(TAILS)}\n" for name, _ in items)
            case _:
                lines = (f"{draw(COMMENTS)}{indent}{name}: {value}{draw(TAILS)}\n" for name, value in items)
                body = f"{key}:{tail}\n" + "".join(lines)
        parts.append(draw(COMMENTS) + body)
    text = "".join(parts) + draw(COMMENTS)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


VALUES = st.one_of(
    st.booleans(),
    WORDS,
    st.sampled_from(["nord", "Asia/Shanghai", "yes", "48h", "007"]),
    st.lists(WORDS, max_size=3, unique=True),
    st.dictionaries(st.sampled_from(["a", "e", "log.contact", "妈"]), WORDS, max_size=2),
)


def comments(text: str) -> list[str]:
    """What stands behind each # that begins a comment, as YAML sees it."""
    tokens = [token for token in yaml.scan(text, Loader=yaml.SafeLoader) if isinstance(token, yaml.ScalarToken)]
    inside = [(token.start_mark.index, token.end_mark.index) for token in tokens]
    places = (at for at, sign in enumerate(text) if sign == "#" and not any(a <= at < b for a, b in inside))
    found: dict[int, str] = {}
    for at in places:
        end = text.find("\n", at)
        found.setdefault(end, text[at : end if end >= 0 else len(text)].rstrip("\r"))
    return list(found.values())


@given(files(), st.sampled_from(KEYS), st.sampled_from(["", "a", "e"]), VALUES)
def test_whatever_the_file_the_value_is_there_and_every_comment_stays(
    text: str, key: str, entry: str, value: Plain
) -> None:
    where = (key, entry) if entry else (key,)
    before = yaml.safe_load(text) or {}
    try:
        after = text_with(text, where, value)
    except _Strange:
        assume(False)
        raise
    now = yaml.safe_load(after)
    assert {name: each for name, each in now.items() if name != key} == {
        name: each for name, each in before.items() if name != key
    }
    assert (now[key][entry] if entry else now[key]) == value
    if not isinstance(before.get(key), dict | list):
        assert comments(after) == comments(text)
    outside = [line for line in comments(text) if line not in comments(after)]
    assert not outside or isinstance(before[key], dict | list)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in after


@given(files(), st.sampled_from(KEYS), st.sampled_from(["a", "b", "c"]))
def test_an_entry_that_is_taken_out_takes_nothing_else_with_it(text: str, key: str, entry: str) -> None:
    before = yaml.safe_load(text) or {}
    try:
        after = yaml.safe_load(text_with(text, (key, entry), None)) or {}
    except _Strange:
        assume(False)
        raise
    within = before.get(key)
    if isinstance(within, dict):
        within = {name: each for name, each in within.items() if name != entry}
        assert after == {**before, key: within}
    else:
        assert after == before


def test_the_shipped_file_is_written_when_there_is_none_and_says_the_same_in_every_other_line(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.yaml"
    before = open_settings(file)
    after = with_settings(before, [(("theme",), "nord"), (("quiet", "weibo"), {"amber": "48h", "red": "5wd"})])
    save_settings(before, after)
    written = file.read_text(encoding="utf-8").splitlines()
    changed = [line for line, old in zip(written, SHIPPED.splitlines(), strict=True) if line != old]
    assert changed == ["theme: nord", "quiet: {weibo: {amber: 48h, red: 5wd}}"]
    assert read_settings(file).quiet == {"weibo": OwnLimit(amber="48h", red="5wd")}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_the_settings_do_not_take_is_refused_with_its_field_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("zone: UTC\n")
    with pytest.raises(Refused) as refused:
        with_settings(open_settings(file), [(("zone",), "Mars/Olympus")])
    assert refused.value.field == "zone"
    with pytest.raises(Refused, match="repeats another entry"):
        with_settings(open_settings(_file(tmp_path, "zone: &z UTC\ntheme: *z\n")), [(("theme",), "nord")])


def _file(folder: Path, text: str) -> Path:
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_change_by_another_editor_is_noticed_and_nothing_overwritten(tmp_path: Path) -> None:
    for then in ("zone: UTC\n# mine\n", None):
        file = _file(tmp_path, "zone: UTC\n")
        before = open_settings(file)
        after = with_settings(before, [(("theme",), "nord")])
        if then is None:
            file.unlink()
        else:
            file.write_text(then)
        with pytest.raises(Conflict):
            save_settings(before, after)
        assert (file.read_text() if file.exists() else None) == then
    file = tmp_path / "config.yaml"
    before = open_settings(file)
    file.write_text("zone: UTC\n")
    with pytest.raises(Conflict):
        save_settings(before, with_settings(before, [(("theme",), "nord")]))
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.yaml"]


def test_a_link_stays_a_link_and_the_mode_stays_the_mode(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "pddtui.yaml"
    real.write_text("zone: UTC # mine\n")
    real.chmod(0o644)
    link = tmp_path / "config.yaml"
    link.symlink_to(Path("dotfiles", "pddtui.yaml"))
    before = open_settings(link)
    save_settings(before, with_settings(before, [(("zone",), "Asia/Tokyo")]))
    assert link.is_symlink()
    assert real.read_text() == "zone: Asia/Tokyo # mine\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o644


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    file = _file(tmp_path, "zone: UTC\n")
    file.chmod(0o444)
    before = open_settings(file)
    with pytest.raises(CannotWrite):
        save_settings(before, with_settings(before, [(("theme",), "nord")]))
    assert file.read_text() == "zone: UTC\n"
