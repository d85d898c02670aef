"""Read a YAML file of the handbook into its typed value, and a user's file of the same name over it.

A fault is said with the file, the line and the entry. The line is looked for only then: the fast
path keeps no positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from pddtui.handbook.faults import Fault, Path, misfit
from pddtui.handbook.model import Strict
from pddtui.message import msg

if TYPE_CHECKING:
    import yaml

__all__ = ["Laid", "Raw", "decode", "entry_key", "laid_over", "parse", "place", "refuse_twice"]

Raw = dict[str, Any]
"""A file as YAML gives it: table name to entries. Any, because nothing has been checked yet."""

_F = TypeVar("_F", bound=Strict)
_KEYS = ("id", "code", "year")
"""What an entry may be known by, in the order they are looked for."""


class Laid(NamedTuple):
    """A shipped file with the user's own over it."""

    raw: Raw
    origin: Mapping[Path, Path]
    """Where the entries that the user names stand in the whole -> where they stand in the user's file."""

    def in_mine(self, path: Path) -> Path:
        """The place in the user's file of a place in the whole."""
        return self.origin.get(path[:2], path[:2]) + path[2:]


def place(fault: Fault, text: str) -> tuple[int, str]:
    """The line in `text`, counted from 1, and the name of the entry it belongs to; empty where there is none."""
    if not fault.path:
        return fault.line or 1, ""
    spots = dict(_spots(text))
    prefixes = [fault.path[:length] for length in range(len(fault.path), -1, -1)]
    line = fault.line or next((spots[prefix][0] for prefix in prefixes if prefix in spots), 1)
    names = [spots[(*prefix, key)][1] for prefix in prefixes for key in _KEYS if (*prefix, key) in spots]
    return line, ".".join(reversed(names)) or ".".join(map(str, fault.path))


def parse(text: str) -> Raw:
    """The tables of a file. Raises `Fault` where it is not YAML or not a set of tables."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(msg("this is not YAML"), line=mark.line + 1 if mark else 1) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Fault(msg("this is not YAML"), line=1) from error
    except ValueError as error:
        raise Fault(msg("there is no such date"), path=_bad_date(text)) from error
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise Fault(msg("a file of the handbook is a set of tables, each beginning with its name and a colon"), line=1)
    return found


def refuse_twice(text: str, raw: Raw) -> None:
    """Raises `Fault` at the second field or entry of one name: only one of them could count."""
    seen: set[Path] = set()
    try:
        for path, (line, _) in _spots(text):
            if path in seen:
                raise Fault(msg("“{name}” is there twice; keep one of them", name=str(path[-1])), path=path, line=line)
            seen.add(path)
    except RecursionError as error:  # an anchor inside itself
        raise Fault(msg("this is not YAML"), line=1) from error
    _refuse_twins(raw, ())


def _refuse_twins(value: object, path: Path) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_twins(inner, (*path, str(name)))
    elif isinstance(value, list):
        seen: set[str] = set()
        for index, inner in enumerate(value):
            key = entry_key(inner)
            if key is not None and key in seen:
                raise Fault(msg("“{name}” is there twice; keep one of them", name=key), path=(*path, index))
            seen.add(key or "")
            _refuse_twins(inner, (*path, index))


def decode(raw: Raw, shape: type[_F]) -> _F:
    """The typed value of a whole file. Raises `Fault` at the first thing that does not fit."""
    try:
        return msgspec.convert(raw, shape, strict=True)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error


def laid_over(shipped: Raw, mine: Raw) -> Laid:
    """The shipped file with the entries of `mine` added, or laid over the ones with the same id.

    An entry that overrides names only the fields it changes. What is not a table of entries is
    replaced as a whole, a mapping field by field. Raises `Fault` with the path in `mine`.
    """
    merged: Raw = dict(shipped)
    origin: dict[Path, Path] = {}
    for name, value in mine.items():
        old = shipped.get(name)
        if isinstance(old, list) and old and entry_key(old[0]) is not None:
            merged[name] = _entries_over(name, old, value, origin)
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[name] = {**old, **value}
        else:
            merged[name] = value
    return Laid(merged, origin)


def _entries_over(name: str, old: list[Any], mine: object, origin: dict[Path, Path]) -> list[Any]:
    if not isinstance(mine, list):
        raise Fault(msg("this table is a list of entries, each beginning with a dash"), path=(name,))
    places = {entry_key(entry): index for index, entry in enumerate(old)}
    merged = list(old)
    for index, entry in enumerate(mine):
        key = entry_key(entry)
        if key is None:
            raise Fault(msg("an entry begins with its id"), path=(name, index))
        at = places.setdefault(key, len(merged))
        if at == len(merged):
            merged.append(entry)
        else:
            merged[at] = {**merged[at], **entry}
        origin[name, at] = (name, index)
    return merged


def entry_key(entry: object) -> str | None:
    """What an entry is known by, or None for what is no entry."""
    if not isinstance(entry, Mapping):
        return None
    return next((str(entry[name]) for name in _KEYS if entry.get(name) is not None), None)


def _spots(text: str) -> Iterator[tuple[Path, tuple[int, str]]]:
    """Every place of a file: its path, its line, and what is written there if that is one word or text."""
    import yaml

    def below(node: yaml.Node, path: Path, line: int) -> Iterator[tuple[Path, tuple[int, str]]]:
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


def _bad_date(text: str) -> Path:
    """Where the first date stands that does not exist, such as 2026-13-45."""
    for path, (_, written) in _spots(text):
        if found := re.match(r"(\d{4})-(\d\d?)-(\d\d?)", written):
            try:
                date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return path
    return ()
