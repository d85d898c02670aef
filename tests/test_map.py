"""ARCHITECTURE and CONTRIBUTING name what is there, all of it, and every search of theirs has one answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.test_house import MODULES, ROOT

ARCHITECTURE, CONTRIBUTING = "ARCHITECTURE.md", "CONTRIBUTING.md"
TOP = (".editorconfig", ".pre-commit-config.yaml", ARCHITECTURE, CONTRIBUTING, "SECURITY.md")

_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:\.?[\w*<>-]+/)+(?:[\w*<>.-]+)?|[\w.-]+\.(?:md|py|toml|tcss|yaml)")
_NOT_OURS = frozenset({"cases.json.bak/", "evidence/", "config.yaml"})
"""On the disk of a person."""


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> Iterator[tuple[str, str]]:
    """What stands in backquotes outside of blocks, with the folder that its section is about."""
    folder = ""
    for line in re.sub(r"^```.*?^```", "", text(name), flags=re.DOTALL | re.MULTILINE).splitlines():
        if line.startswith("#"):
            found = _CODE.search(line)
            folder = found[1] if found else ""
        for match in _CODE.finditer(line):
            yield folder, match[1]


def paths(name: str) -> Iterator[tuple[str, str]]:
    """Every file and folder named, with the folder of its section; also those within a command."""
    for folder, words in code(name):
        for word in words.split():
            if _PATH.fullmatch(word) and word not in _NOT_OURS:
                yield folder, word


def there(folder: str, path: str) -> bool:
    """Whether it is there, from the top or from the folder of the section; `*` and `<…>` stand for any name."""
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    return any(any(base.glob(pattern)) for base in (ROOT, ROOT / folder))


@pytest.mark.parametrize("name", [ARCHITECTURE, CONTRIBUTING])
def test_every_file_of_the_map_is_there(name: str) -> None:
    named = list(paths(name))
    assert len(named) > 20
    assert [path for folder, path in named if not there(folder, path)] == []


def test_every_module_has_a_place_on_the_map() -> None:
    named = {(ROOT / folder / path).resolve() for folder, path in paths(ARCHITECTURE) if folder.startswith("pddtui/")}
    rooms = {path for path in MODULES.values() if path.name != "__init__.py"}
    assert sorted(str(path.relative_to(ROOT)) for path in rooms - named) == []


@pytest.mark.parametrize("name", [ARCHITECTURE, CONTRIBUTING])
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text(name))
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the map."""
    section = text(ARCHITECTURE).partition(f"\n{heading}\n")[2].partition("\n#")[0]
    lines = [line.strip("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines[2:]]


QUESTIONS = [(_CODE.findall(row[1])[0], _CODE.findall(row[2])[0]) for row in rows("## One search for each question")]


def test_eight_questions_are_answered() -> None:
    assert len(QUESTIONS) == 8


@pytest.mark.parametrize(("file", "search"), QUESTIONS)
def test_a_search_has_one_answer_in_the_file_it_names(file: str, search: str) -> None:
    sought = re.compile(search, re.MULTILINE)
    found = [path.relative_to(ROOT).as_posix() for path in MODULES.values() for _ in sought.finditer(text(str(path)))]
    assert found == [file]


WORDS = [(row[0], *_CODE.findall(row[2])) for row in (*rows("### Of the field"), *rows("### Of the code"))]


def test_the_words_of_the_field_and_of_the_code_are_explained() -> None:
    explained = {name for word, *_ in WORDS for name in word.split(", ")}
    assert {"case", "rung", "filing", "substance", "quiet", "fold", "generation", "tombstone"} <= explained


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word[0])
def test_a_word_is_found_where_the_map_says(word: tuple[str, ...]) -> None:
    _, file, *names = word
    assert names
    lines = text(file)
    defined = r"^ *(?:class |def )?{}\b *[(=:]"
    assert [name for name in names if not re.search(defined.format(name), lines, re.MULTILINE)] == []


def test_names_beside_a_file_are_in_it() -> None:
    """`choose_language` in `pddtui/speech.py`; `STEPS` in …; what is said to be in a file is."""
    pair = re.compile(r"`(\w+)`\s+(?:in|of)\s+`([\w/]+\.py)`")
    found = [match.groups() for name in (ARCHITECTURE, CONTRIBUTING) for match in pair.finditer(text(name))]
    assert len(found) > 5
    assert [(name, file) for name, file in found if not re.search(rf"\b{name}\b", text(file))] == []


def test_the_source_archive_takes_the_map_along() -> None:
    target = tomllib.loads(text("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    assert set(target["only-include"]) >= set(TOP)
    assert [path for path in target["only-include"] if not (ROOT / path).exists()] == []


def test_hooks_come_from_here_alone() -> None:
    assert set(re.findall(r"repo: *(\S+)", text(".pre-commit-config.yaml"))) == {"local"}
