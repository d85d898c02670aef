"""A file of the handbook as it is written: its tables, and on which line each entry stands.

A file of the user's has no aliases: three hundred bytes of them stand for more entries than a machine can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pddtui.message import Message, msg

__all__ = ["EntryPath", "Fault", "Raw", "entry_key", "parse_own", "parse_yaml", "place", "refuse_duplicates"]

EntryPath = tuple[str | int, ...]
"""The way to a place in a file: table, position in the table, field …"""

Raw = dict[str, Any]
"""A file as YAML gives it, entries by table. Any, because nothing has been checked yet."""

_KEYS = ("id", "code", "year")
"""The fields that may identify an entry, in the order in which they are looked for."""


class Fault(Exception):
    """Something in a file that cannot be accepted."""

    def __init__(self, problem: Message, *, path: EntryPath = (), line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.line = line
        """The line, counted from 1; None where it has to be found by the path."""


def parse_yaml(text: str) -> Raw:
    """The tables of a file. Raises `Fault` where it is not YAML or not a set of tables."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(msg("this is not valid YAML"), line=mark.line + 1 if mark else 1) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Fault(msg("this is not valid YAML"), line=1) from error
    except ValueError as error:
        raise Fault(msg("this date does not exist"), path=_bad_date(text)) from error
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise Fault(msg("a handbook file is a set of tables, each starting with its name and a colon"), line=1)
    return found


def parse_own(text: str) -> Raw:
    """The tables of a file of the user's. Raises `Fault` for an alias too."""
    import yaml

    if "*" in text:
        try:
            events = yaml.parse(text, Loader=yaml.CSafeLoader)
            alias = next((event for event in events if isinstance(event, yaml.AliasEvent)), None)
        except yaml.YAMLError:  # said in other words below
            alias = None
        if alias is not None:
            mark = alias.start_mark
            raise Fault(
                msg("“*{name}” repeats another entry; write it out", name=alias.anchor or ""),
                line=mark.line + 1 if mark else 1,
            )
    return parse_yaml(text)


def _bad_date(text: str) -> EntryPath:
    """Where the first date stands that does not exist, such as 2026-13-45."""
    for path, (_, written) in _spots(text):
        if found := re.match(r"(\d{4})-(\d\d?)-(\d\d?)", written):
            try:
                date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return path
    return ()


def refuse_duplicates(text: str, raw: Raw) -> None:
    """Raises `Fault` at the second field or entry of the same name, as only one of them could count."""
    seen: set[EntryPath] = set()
    try:
        for path, (line, _) in _spots(text):
            if path in seen:
                raise Fault(msg("“{name}” appears twice; keep one of them", name=str(path[-1])), path=path, line=line)
            seen.add(path)
    except RecursionError as error:  # an anchor inside itself
        raise Fault(msg("this is not valid YAML"), line=1) from error
    _refuse_duplicate_entries(raw, ())


def _refuse_duplicate_entries(value: object, path: EntryPath) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_duplicate_entries(inner, (*path, str(name)))
    elif isinstance(value, list):
        seen: set[str] = set()
        for index, inner in enumerate(value):
            key = entry_key(inner)
            if key is not None and key in seen:
                raise Fault(msg("“{name}” appears twice; keep one of them", name=key), path=(*path, index))
            seen.add(key or "")
            _refuse_duplicate_entries(inner, (*path, index))


def entry_key(entry: object) -> str | None:
    """What identifies an entry, or None for what is not an entry."""
    if not isinstance(entry, Mapping):
        return None
    return next((str(entry[name]) for name in _KEYS if entry.get(name) is not None), None)


def place(fault: Fault, text: str) -> tuple[int, str]:
    """The line of a fault in `text`, counted from 1, and the name of its entry; empty where it has none."""
    if not fault.path:
        return fault.line or 1, ""
    spots = dict(_spots(text))
    prefixes = [fault.path[:length] for length in range(len(fault.path), -1, -1)]
    line = fault.line or next((spots[prefix][0] for prefix in prefixes if prefix in spots), 1)
    names = [spots[(*prefix, key)][1] for prefix in prefixes for key in _KEYS if (*prefix, key) in spots]
    return line, ".".join(reversed(names)) or ".".join(map(str, fault.path))


def _spots(text: str) -> Iterator[tuple[EntryPath, tuple[int, str]]]:
    """Every place of a file: its path, its line, and what is written there where that is a single value."""
    import yaml

    def below(node: yaml.Node, path: EntryPath, line: int) -> Iterator[tuple[EntryPath, tuple[int, str]]]:
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
