"""The parts of the READMEs that are made: the pictures of the snapshot tests and the table of keys.

`python -m tests.readme` writes them; `tests/test_readme.py` fails while they are out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from pddtui.speech import Language, Speech
from pddtui.ui.actions import ACTION_GROUPS, of_place
from pddtui.ui.bindings import key_name

ROOT = Path(__file__).resolve().parent.parent
READMES: dict[Language, Path] = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}

_SNAPSHOTS = "tests/ui/__snapshots__/test_snapshots"
_PICTURES: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("The desk at 120 columns", "test_the_desk[wide-en].svg"),
        ("The timeline of a case", "test_a_screen[timeline].svg"),
    ),
    "zh": (
        ("120 列宽的工作台", "test_the_desk[wide-zh].svg"),
        ("记一次沟通", "test_a_screen[contact-form].svg"),
    ),
}


def pictures(language: Language) -> Iterator[str]:
    """One image a line; each is a snapshot that the tests compare, so that it cannot go stale."""
    for title, name in _PICTURES[language]:
        address = name.replace("[", "%5B").replace("]", "%5D")
        yield f"![{title}]({_SNAPSHOTS}/{address})"
        yield ""


def key_table(language: Language) -> Iterator[str]:
    """The keys of the desk in the order of the help screen."""
    speech = Speech(language, ZoneInfo("Asia/Shanghai"))
    heads = ("键", "作用") if language == "zh" else ("key", "does")
    yield f"| {heads[0]} | {heads[1]} |"
    yield "| --- | --- |"
    for group in ACTION_GROUPS:
        for action in of_place("desk"):
            if action.group == group:
                names = " ".join(f"`{key_name(name, speech)}`" for name in action.keys.split(","))
                yield f"| {names} | **{speech.say(action.word)}** – {speech.say(action.tip)} |"


def made(language: Language) -> str:
    """The README of that language with its made parts up to date."""
    text = READMES[language].read_text(encoding="utf-8")
    text = _between(text, "pictures", "\n".join(pictures(language)).rstrip())
    return _between(text, "keys", "\n".join(key_table(language)))


def _between(text: str, name: str, content: str) -> str:
    found = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return found.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


if __name__ == "__main__":
    for language, path in READMES.items():
        path.write_text(made(language), encoding="utf-8")
