from __future__ import annotations

from pathlib import Path

import pytest

from tests import catalogue
from tests.catalogue import MO, PO, Said


@pytest.fixture(scope="module")
def templates() -> list[Said]:
    return list(catalogue.said())


def test_every_template_has_chinese_and_nothing_else_has(templates: list[Said]) -> None:
    assert set(catalogue.translations(catalogue.read(PO))) == {said.key for said in templates}


def test_nothing_in_the_catalogue_is_fuzzy_or_obsolete() -> None:
    read = catalogue.read(PO)
    assert [message.id for message in read if message.id and message.fuzzy] == []
    assert list(read.obsolete) == []


def test_the_chinese_has_the_fields_of_the_english() -> None:
    for key, texts in catalogue.translations(catalogue.read(PO)).items():
        template, _ = key
        wanted = catalogue.fields(template if isinstance(template, str) else template[1])
        assert (key, [catalogue.fields(text) for text in texts]) == (key, [wanted] * len(texts))


def test_every_call_gives_exactly_the_fields_of_its_template(templates: list[Said]) -> None:
    wrong = []
    for said in templates:
        template, _ = said.key
        wanted = set().union(*map(catalogue.fields, [template] if isinstance(template, str) else template))
        given = said.fields_given
        if given is not None and given | {"n"} != wanted | {"n"}:
            wrong.append(f"{said.place}: {said.key!r} is given {sorted(given)}")
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert catalogue.translations(catalogue.read(MO)) == catalogue.translations(catalogue.read(PO))


def test_an_unreadable_template_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pddtui").mkdir()
    (tmp_path / "pddtui" / "bad.py").write_text('word = "Cases"\nmsg(word)\n')
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    with pytest.raises(catalogue.NotALiteral, match=r"bad\.py:2"):
        list(catalogue.said())


def test_a_template_is_found_however_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pddtui").mkdir()
    (tmp_path / "pddtui" / "good.py").write_text(
        'msg("a {x}", x=1)\nplural("{n} b", "{n} bs", 2)\nself.speech("c" " d")\nspeech.say(message)\nmsg("e", **v)\n'
        'msg("f", context="one sense")\nplural("{n} g", "{n} gs", 2, context="another")\n'
    )
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    assert [(said.key, said.fields_given) for said in catalogue.said()] == [
        (("a {x}", ""), frozenset({"x"})),
        ((("{n} b", "{n} bs"), ""), frozenset({"n"})),
        (("c d", ""), frozenset()),
        (("e", ""), None),
        (("f", "one sense"), frozenset()),
        ((("{n} g", "{n} gs"), "another"), frozenset({"n"})),
    ]
