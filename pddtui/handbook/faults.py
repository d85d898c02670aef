"""What is wrong with a file of the handbook, where in it, and in words that need no programmer."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pddtui.message import Message, msg

__all__ = ["Fault", "Path", "misfit"]

Path = tuple[str | int, ...]
"""Table, position in the table, field …"""

_WANTED: Mapping[str, Message] = {
    "date": msg("this takes a day such as {example}", example="2026-11-25"),
    "datetime": msg("this takes a day and a time such as {example}", example="2026-11-25 18:00:00+08:00"),
    "bool": msg("this takes true or false"),
    "int": msg("this takes a whole number"),
    "decimal": msg("this takes a number"),
    "array": msg("this takes a list: words in [ ], or lines that each begin with a dash"),
    "object": msg("this takes fields of its own, each with its name and a colon"),
    "str": msg("this takes words; put quotes around them"),
}
"""What each kind of value is called by msgspec -> what to write."""

_LENGTH = msg("this takes a length of time such as 48h, 5d or 3wd")
_NOT_EMPTY = msg("this must not be empty")
_UNREADABLE = msg("this cannot be used here")


class Fault(Exception):
    """Something in a file that cannot be taken."""

    def __init__(self, problem: Message, *, path: Path = (), line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.line = line
        """Counted from 1; None where it has to be looked for by the path."""


def misfit(error: str) -> Fault:
    """A fault from the sentence of msgspec, which ends in "at `$.table[3].field`" unless it is the top."""
    said, _, where = error.partition(" - at `")
    where = where.rpartition("` in `")[2]  # "at `key` in `$.table[3]`" for a field name that is not a text
    path: Path = tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]`$]+", where))
    quoted = re.findall(r"`([^`]*)`|'([^']*)'", said)
    first = next((a or b for a, b in quoted), "")
    if "unknown field" in said:
        return Fault(msg("there is no field “{field}” here", field=first), path=(*path, first))
    if "missing required field" in said:
        return Fault(msg("the field “{field}” is missing", field=first), path=path)
    if said.startswith("Invalid enum value"):
        return Fault(msg("“{value}” is not one of the words allowed here", value=first), path=path)
    return Fault(_wanted(said, first), path=path)


def _wanted(said: str, expected: str) -> Message:
    if "regex" in said:
        return _LENGTH
    if "length" in said:
        return _NOT_EMPTY
    if found := re.search(r"Invalid (?:RFC3339 encoded )?(date|datetime|decimal)\b", said):
        return _WANTED[found[1]]
    if said.startswith("not a pattern"):
        return msg("this is no regular expression")
    return _WANTED.get(expected.partition(" |")[0], _UNREADABLE)
