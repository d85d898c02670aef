"""The Chinese catalogue, made from the source.

`python -m tests.catalogue` reads every template of the program, keeps what `pddtui.po` and the files in
`data/locale/parts/` say about it, drops what the program no longer says, writes `pddtui.po` and compiles `pddtui.mo`.
It prints what still needs Chinese.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "data" / "locale"
PO = LOCALE / "zh" / "LC_MESSAGES" / "pddtui.po"
MO = PO.with_suffix(".mo")

_KEYWORDS = {"msg": 1, "plural": 2, "say": 1, "speech": 1, "_speech": 1}
"""Names of the calls that take a template -> how many of their first arguments are templates."""

_BUILDERS = {"msg", "plural"}
"""Calls that take nothing but a literal; `say` and `speech` also take a finished message."""

_MAKERS = {"pddtui/speech.py"}
"""The file that says what others made."""

Template = str | tuple[str, str]
"""A template, or the singular and the plural of one."""

Key = tuple[Template, str]
"""A template and the context that says which sense of it is meant; "" for the usual one."""


@dataclass(frozen=True)
class Said:
    """One template where it is said."""

    key: Key
    place: str
    fields_given: frozenset[str] | None
    """The keywords of the call; None when they cannot be read from the source (`**values`)."""


class NotALiteral(Exception):
    """A template that the extraction cannot read."""


def said() -> Iterator[Said]:
    """Every template of the program, in the order of the files."""
    for path in sorted((ROOT / "pddtui").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name not in _MAKERS:
                yield from _said_by(node, name)


def _said_by(call: ast.Call, file: str) -> Iterator[Said]:
    keyword = _name(call.func)
    if keyword not in _KEYWORDS:
        return
    place = f"{file}:{call.lineno}"
    templates = [_literal(argument) for argument in call.args[: _KEYWORDS[keyword]]]
    literals = [template for template in templates if template is not None]
    if len(literals) < _KEYWORDS[keyword]:
        if keyword in _BUILDERS:
            raise NotALiteral(f"{place}: the template of {keyword}() must be written out as a literal")
        return
    given = {argument.arg for argument in call.keywords if argument.arg is not None} - {"context"}
    contexts = [_literal(argument.value) for argument in call.keywords if argument.arg == "context"]
    if None in contexts:
        raise NotALiteral(f"{place}: the context of a template must be written out as a literal")
    context = contexts[0] if contexts else None
    if keyword == "plural":
        given.add("n")
    readable = all(argument.arg is not None for argument in call.keywords)
    template = literals[0] if len(literals) == 1 else (literals[0], literals[1])
    yield Said((template, context or ""), place, frozenset(given) if readable else None)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _literal(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def fields(template: str) -> set[str]:
    """The names of the fields; `ValueError` for one that is not a plain name, such as `{x!r}` or `{x:>3}`."""
    names = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(f"a field of {template!r} is not a plain name")
        names.add(name)
    return names


def translations(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    """What a catalogue says, by template. Fuzzy and obsolete entries are not said."""
    found: dict[Key, tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        template: Template = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
        text = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if text and all(text):
            found[template, message.context or ""] = text
    return found


def read(path: Path) -> Catalog:
    """The catalogue in a `.po` or `.mo` file."""
    with path.open("rb") as file:
        return read_mo(file) if path.suffix == ".mo" else read_po(file, locale="zh", abort_invalid=True)


def updated(*sources: Catalog) -> Catalog:
    """A catalogue of exactly what the program says; a later source wins."""
    known: dict[Key, tuple[str, ...]] = {}
    for source in sources:
        known |= translations(source)
    dated = datetime(2026, 11, 22, tzinfo=UTC)  # fixed: the same words give the same file
    catalogue = Catalog(
        locale="zh",
        project="pddtui",
        header_comment="# The Chinese of pddtui. Templates come from the source: python -m tests.catalogue",
        msgid_bugs_address="-",
        version="1",
        copyright_holder="The pddtui authors",
        fuzzy=False,
        creation_date=dated,
        revision_date=dated,
        last_translator="The pddtui authors",
        language_team="zh",
    )
    for key in dict.fromkeys(found.key for found in said()):
        template, context = key
        text = known.get(key, ("",))
        catalogue.add(template, text if isinstance(template, tuple) else text[0], context=context or None)
    return catalogue


def main() -> int:
    """Bring both files up to date; 1 when something still needs Chinese."""
    parts = sorted((LOCALE / "parts").glob("*.po"))
    catalogue = updated(*(read(path) for path in (PO, *parts) if path.exists()))
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as po:
        write_po(po, catalogue, no_location=True, sort_output=True, width=120)
    missing = {template.key for template in said()} - set(translations(catalogue))
    for key in sorted(missing, key=str):
        print(f"no Chinese yet: {key}")
        catalogue.delete(key[0], key[1] or None)  # compiled, an empty plural would be its English singular
    with MO.open("wb") as mo:
        write_mo(mo, catalogue)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
