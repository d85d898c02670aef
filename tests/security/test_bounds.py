"""No work without a bound: what a file of the user's, or of somebody who gave it to them, can make the program do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pddtui.places import find_places
from pddtui.services import masking, templates
from tests.cli.conftest import Program
from tests.security.conftest import config_folder

SLOW = "rules:\n  - {id: slow, zh: 慢, en: slow, counted: code, pattern: '(x|xx)+[!]', src: [design]}\n"
"""On a row of x's the time doubles with each of them."""

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
GROWING = "{% set ns = namespace(x='ab') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"
DEEP = "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}"
NUMBERS = "{% set ns = namespace(n=3) %}{% for a in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}"


@pytest.fixture
def mine(kettle: Program) -> Path:
    folder = find_places(os.environ).letters
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "mine.j2"


NESTED = (
    "{% set ns = namespace(a=()) %}{% for i in range(6000) %}{% set ns.a = "
    + "(" * 40 + "ns.a" + ",)" * 40 + " %}{% endfor %}"
)  # fmt: skip
"""So deep that looking through it breaks the interpreter."""

BROAD = (
    "{% set a = (0,) * 1000 %}{% set b = (a,) * 1000 %}{% set c = (b,) * 1000 %}{% set d = (c,) * 1000 %}"
    "{{ {d: 1} | length }}"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("好\n" + ENDLESS, "(it takes too long)"),
        (GROWING, "(it needs too much memory)"),
        ("{{ 'a' * 10 ** 11 }}", "(it needs too much memory)"),
        ("{{ 1 | round(100000000, 'ceil') }}", "(it takes too long)"),
        (BROAD, "(it takes too long)"),
        (NUMBERS, "(it takes too long)"),
        (f"{NESTED}{{{{ {{ns.a: 1}} | length }}}}", "mine.j2"),
        ("{{ 'ab' * 600000 }}", "(the text is too long)"),
        (DEEP, "maximum recursion depth"),
        ("{{ cycler() }}", "line 1"),
        ("{% for a in 'a' %}" * 25 + "{% endfor %}" * 25, "mine.j2"),
        ("{% if 1 %}" * 120 + "{% endif %}" * 120, "mine.j2"),
        ("a" * 1_000_001, "larger than a file may be here"),
    ],
    ids=range(13),
)
def test_a_template_is_stopped_and_named(
    kettle: Program, mine: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(templates, "_PATIENCE", 1 if "too long)" in said else 20)
    mine.write_text(text, encoding="utf-8")
    done = kettle("letter", "1", "mine")
    assert (done.code, done.out, done.err.count("\n")) == (8, "", 1)
    assert str(mine) in done.err
    assert said in done.err


def test_a_link_to_what_is_no_template_shows_nothing(kettle: Program, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("secret", encoding="utf-8")
    (tmp_path / "dotfile.j2").write_text("shown", encoding="utf-8")
    mine.with_name("_note.j2").symlink_to(tmp_path / "private")
    mine.with_name("_part.j2").symlink_to(tmp_path / "dotfile.j2")
    mine.write_text("{% include '_part.j2' %}", encoding="utf-8")
    assert kettle("letter", "1", "mine").out == "shown\n"
    mine.write_text("{% include '_note.j2' %}", encoding="utf-8")
    refused = kettle("letter", "1", "mine")
    assert (refused.code, "secret" in refused.out + refused.err) == (8, False)


def test_ours_have_no_such_bounds_and_an_ordinary_one_of_mine_fits_them(kettle: Program, mine: Path) -> None:
    mine.write_text("{{ merchant }}{{ 3 * 4 }}{{ '-' * 20 }}\n{% include '_zh.j2' %}", encoding="utf-8")
    assert "12--------------------" in kettle("letter", "1", "mine").out
    assert kettle("letter", "1", "demand").code == 0


def slow_rule() -> None:
    (config_folder() / "masks.yaml").write_text(SLOW, encoding="utf-8")


def test_a_pattern_of_one_s_own_is_stopped_and_nothing_goes_out(
    kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_rule()
    monkeypatch.setattr(masking, "PATIENCE", 0.2)
    kettle("log", "1", "--in", "--said", "x" * 60 + "?")
    masked = kettle("mask", stdin="x" * 60 + "?")
    assert (masked.code, masked.out, masked.err.count("\n")) == (2, "", 1)
    assert "A pattern of yours in masks.yaml takes too long" in masked.err
    assert "(x|xx)+[!]" in masked.err
    exported = kettle("export", "1", "--format", "markdown", "--mask", "public", "-o", str(tmp_path / "a.md"))
    assert (exported.code, (tmp_path / "a.md").exists()) == (2, False)


def test_one_s_own_pattern_works_as_ours_do(kettle: Program) -> None:
    slow_rule()
    assert kettle("mask", "--lang", "en", stdin="a xx! 13800138000").out == "a 〔slow〕 〔mobile number〕"


@pytest.mark.parametrize("group", [1, 99])
def test_a_rule_of_one_s_own_that_does_not_count_is_named_where_it_matters(kettle: Program, group: int) -> None:
    slow_rule()
    file = config_folder() / "masks.yaml"
    file.write_text(SLOW.replace("counted: code", f"group: {group + 1}"), encoding="utf-8")
    for done in (
        kettle("mask", stdin="xx!"),
        kettle("export", "1", "--format", "csv", "--mask", "partial"),
        kettle("letter", "1", "public"),
    ):
        assert f"{file}, line 2, slow: the pattern has no group of that number" in done.err
    told = kettle("doctor")
    assert told.code == 5
    assert "no group of that number" in told.out
