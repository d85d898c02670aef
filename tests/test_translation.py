"""The catalogue is the one way in which the program speaks Chinese, and it translates what is meant."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import catalogue

ROOT = Path(__file__).resolve().parent.parent

_READS = "what a person or a file may say, which is read and never said"

EXCEPTIONS: dict[str, str] = {
    "pddtui/cli/grammar.py": _READS,
    "pddtui/domain/citation.py": "how an article is cited is a rule of each language, and no sentence",
    "pddtui/domain/fields.py": _READS,
    "pddtui/domain/mask.py": _READS,
    "pddtui/domain/phrases/": _READS,
    "pddtui/domain/secrets.py": _READS,
    "pddtui/services/import_/read_csv.py": _READS,
    "pddtui/services/letters/": "letters",
    "pddtui/services/who.py": _READS,
    "pddtui/speech.py": "what makes a speech of a language",
}
"""Files and folders that hold a word in both languages -> why. The words of the field have theirs in `data/`."""

_CHINESE = re.compile("[一-鿿]")
_ENGLISH = re.compile("[A-Za-z]{2}")
_LANGUAGES = {"zh", "en"}


def pairs(source: str) -> Iterator[int]:
    """The lines that hold a word in Chinese and in English, or choose by the language."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                inside = [*node.args, *(keyword.value for keyword in node.keywords)]
                if (_names_a_label(node) and any(map(_literals, inside))) or _are_a_pair(inside):
                    yield node.lineno
            case ast.Dict(keys=keys, values=values):
                if {key.value for key in keys if isinstance(key, ast.Constant)} >= _LANGUAGES:
                    if any(map(_literals, values)):
                        yield node.lineno
                elif _are_a_pair(values):
                    yield node.lineno
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                if _are_a_pair(elements):
                    yield node.lineno
            case ast.IfExp(test=ast.Compare(left=left, comparators=others)):
                if any(isinstance(each, ast.Constant) and each.value in _LANGUAGES for each in (left, *others)):
                    yield node.lineno


def _names_a_label(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name | ast.Attribute) and ast.unparse(call.func).endswith("Label")


def _are_a_pair(values: list[ast.expr]) -> bool:
    """Whether one of them is Chinese and another one English. A key or an id before a Chinese word is none."""
    texts = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    chinese = [text for text in texts if _CHINESE.search(text)]
    return bool(chinese) and any(_ENGLISH.search(text) for text in texts if text not in chinese)


def _literals(value: ast.expr) -> bool:
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value != "" for each in ast.walk(value)
    )


def _excepted(file: str) -> str | None:
    return next(
        (known for known in EXCEPTIONS if file == known or (known.endswith("/") and file.startswith(known))), None
    )


def _found() -> Iterator[tuple[str, int]]:
    for path in sorted((ROOT / "pddtui").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if not file.startswith("pddtui/handbook/"):
            yield from ((file, line) for line in pairs(path.read_text(encoding="utf-8")))


def test_no_word_stands_in_the_code_in_both_languages() -> None:
    assert [f"{file}:{line}" for file, line in _found() if _excepted(file) is None] == []


def test_every_exception_is_still_needed() -> None:
    assert set(EXCEPTIONS) - {_excepted(file) for file, _ in _found()} == set()


@pytest.mark.parametrize(
    "source",
    [
        'Label("对方", "them")',
        'Label(zh="对方", en="them")',
        'Label(f"{number}月", name)',
        'message.Label(f"第{art}条", f"art. {art}")',
        '_chapter("about", "说明", "About")',
        '("说明", "About")',
        '{"说明": 1, **{"name": ("说明", "About")}}',
        '{"zh": "中文", "en": "English"}',
        '{"zh": f"{month}月", "en": name}',
        '"" if speech.language == "zh" else " "',
        'label.en if "en" == language else label.zh',
    ],
)
def test_a_pair_is_found(source: str) -> None:
    assert list(pairs(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'msg("them")',
        "Label(self.zh, self.en)",
        '{"zh": zh, "en": en}',
        '("周一", "周二")',
        'option("--due", words=msg("By when: 3个工作日内, by Friday."))',
        '"late" if due < now else "open"',
    ],
)
def test_what_is_no_pair_is_not_found(source: str) -> None:
    assert list(pairs(source)) == []


_SAME = {"JSON", "Markdown", "`pddtui recover`", "`pddtui import {file}`"}
"""Templates with words that Chinese writes as English does."""


def test_every_message_is_translated() -> None:
    same = set()
    for (template, _), texts in catalogue.translations(catalogue.read(catalogue.PO)).items():
        forms = (template,) if isinstance(template, str) else template
        if any(_ENGLISH.search(re.sub(r"\{\w+\}", "", text)) and text in forms for text in texts):
            same.add(forms[0])
    assert same == _SAME


def test_each_sense_of_a_word_has_a_chinese_of_its_own() -> None:
    """A context that changes nothing, or one that the catalogue does not know, is a mistake."""
    known = catalogue.translations(catalogue.read(catalogue.PO))
    said = {found.key for found in catalogue.said()}
    assert {key for key in said if key[1] and key not in known} == set()
    senses = Counter(template for template, _ in said)
    used = Counter((template, known[template, context]) for template, context in said if senses[template] > 1)
    assert [template for template, times in used.items() if times > 1] == []
