"""Read a YAML file of the handbook into its typed value, and a user's file of the same name over it.

A fault is said with the file, the line and the entry. The line is looked for only then: the fast
path keeps no positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pddtui.handbook.model import Strict
from pddtui.message import Message, msg

if TYPE_CHECKING:
    import yaml

__all__ = ["Fault", "decode", "laid_over", "parse"]

Raw = dict[str, Any]
"""A file as YAML gives it: table name to entries. Any, because nothing has been checked yet."""

_F = TypeVar("_F", bound=Strict)
_Path = tuple[str | int, ...]
_KEYS = ("id", "code", "year")
"""What an entry may be known by, in the order they are looked for."""


class Fault(Exception):
    """Something in a file that cannot be taken."""

    def __init__(self, problem: Message, *, path: _Path = (), line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        """Table, position in the table, field …"""
        self.line = line
        """Counted from 1; None where `place` has to look for it."""

    def place(self, text: str) -> tuple[int, str]:
        """The line in `text`, counted from 1, and the name of the entry it belongs to."""
        spots = {} if self.line is not None else dict(_spots(text))
        prefixes = [self.path[:length] for length in range(len(self.path), -1, -1)]
        line = self.line or next((spots[prefix][0] for prefix in prefixes if prefix in spots), 1)
        names = [spots[(*prefix, key)][1] for prefix in prefixes for key in _KEYS if (*prefix, key) in spots]
        return line, ".".join(reversed(names)) or ".".join(map(str, self.path)) or "–"


def parse(text: str) -> Raw:
    """The tables of a file. Raises `Fault` where it is not YAML or not a set of tables."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(msg("this is not YAML"), line=mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise Fault(msg("this is not YAML"), line=1) from error
    except ValueError as error:
        raise Fault(msg("there is no such date"), line=_bad_date(text)) from error
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise Fault(msg("a file of the handbook is a set of tables, each beginning with its name and a colon"), line=1)
    return found


def decode(raw: Raw, shape: type[_F]) -> _F:
    """The typed value of a whole file. Raises `Fault` at the first thing that does not fit."""
    try:
        return msgspec.convert(raw, shape, strict=True)
    except msgspec.ValidationError as error:
        raise _fault(str(error)) from error


def laid_over(shipped: Raw, mine: Raw, shape: type[_F]) -> _F:
    """The shipped file with the entries of `mine` added, or laid over the ones with the same id.

    An entry that overrides names only the fields it changes. What is not a table of entries is
    replaced as a whole, a mapping field by field. Raises `Fault` with the path in `mine`.
    """
    merged: Raw = dict(shipped)
    origin: dict[_Path, _Path] = {}
    for name, value in mine.items():
        old = shipped.get(name)
        if isinstance(old, list) and old and _key(old[0]) is not None:
            merged[name] = _entries_over(name, old, value, origin)
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[name] = {**old, **value}
        else:
            merged[name] = value
    try:
        return decode(merged, shape)
    except Fault as fault:
        raise Fault(fault.problem, path=origin.get(fault.path[:2], fault.path[:2]) + fault.path[2:]) from fault


def _entries_over(name: str, old: list[Any], mine: object, origin: dict[_Path, _Path]) -> list[Any]:
    if not isinstance(mine, list):
        raise Fault(msg("this table is a list of entries, each beginning with a dash"), path=(name,))
    places = {_key(entry): index for index, entry in enumerate(old)}
    merged = list(old)
    for index, entry in enumerate(mine):
        key = _key(entry)
        if key is None:
            raise Fault(msg("an entry begins with its id"), path=(name, index))
        place = places.setdefault(key, len(merged))
        if place == len(merged):
            merged.append(entry)
        else:
            merged[place] = {**merged[place], **entry}
        origin[name, place] = (name, index)
    return merged


def _key(entry: object) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    return next((str(entry[name]) for name in _KEYS if entry.get(name) is not None), None)


def _fault(error: str) -> Fault:
    """A fault from the sentence of msgspec, which ends in "at `$.table[3].field`" unless it is the top."""
    said, _, where = error.partition(" - at `")
    where = where.rpartition("` in `")[2]  # "at `key` in `$.table[3]`" for a field name that is not a text
    path: _Path = tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]`$]+", where))
    quoted = re.findall(r"`([^`]*)`|'([^']*)'", said)
    first = next((a or b for a, b in quoted), "")
    if "unknown field" in said:
        return Fault(msg("there is no field “{field}” here", field=first), path=(*path, first))
    if "missing required field" in said:
        return Fault(msg("the field “{field}” is missing", field=first), path=path)
    if said.startswith("Invalid enum value"):
        return Fault(msg("“{value}” is not one of the words allowed here", value=first), path=path)
    return Fault(msg("this value does not fit ({technical})", technical=said), path=path)


def _spots(text: str) -> Iterator[tuple[_Path, tuple[int, str]]]:
    """Every place of a file: its path, its line, and what is written there if that is one word or text."""
    import yaml

    def below(node: yaml.Node, path: _Path, line: int) -> Iterator[tuple[_Path, tuple[int, str]]]:
        yield path, (line, node.value if isinstance(node, yaml.ScalarNode) else "")
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from below(item, (*path, index), item.start_mark.line + 1)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from below(value, (*path, str(key.value)), key.start_mark.line + 1)

    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is not None:
        yield from below(root, (), 1)


def _bad_date(text: str) -> int:
    """The line of the first date that does not exist, such as 2026-13-45."""
    for _, (line, written) in _spots(text):
        if found := re.match(r"(\d{4})-(\d\d?)-(\d\d?)", written):
            try:
                date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return line
    return 1
