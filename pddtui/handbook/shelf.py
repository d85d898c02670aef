"""Where the files of the handbook are taken from: the program's own, and the user's of the same name.

The user's file adds entries or overrides them by id. A broken one costs nothing but a warning, and so does one that
contradicts itself, names what is not there, or bears a name that is none of the handbook's.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pddtui.errors import Damaged
from pddtui.handbook.faults import Fault
from pddtui.handbook.files import FILES, check
from pddtui.handbook.model import Strict
from pddtui.handbook.reading import Laid, Raw, decode, entry_key, laid_over, parse, place, refuse_twice
from pddtui.handbook.references import NOUNS, named
from pddtui.message import Message, msg

__all__ = ["SETTINGS", "Shelf", "at_fault"]

_F = TypeVar("_F", bound=Strict)

SETTINGS = "config.yaml"
"""The usual name of the settings, in whose folder the user's files are."""


class Shelf:
    """Reads a file each time it is asked for; keeps nothing but the warnings."""

    def __init__(self, read: Callable[[str], str], user: Path | None, settings: str = SETTINGS) -> None:
        self._read = read
        self._user = user
        self._settings = settings
        self._wrong: list[Message] = []

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What was wrong with the user's files, as far as they have been read."""
        return (*self._strangers, *self._wrong)

    def file(self, name: str, shape: type[_F]) -> _F:
        """The file `data/<name>` with the user's own laid over it.

        Raises `Damaged` if the shipped one cannot be read as what it should be.
        """
        raw, shipped = self._shipped(name, shape)
        if self._user is None:
            return shipped
        path = self._user / name
        mine = self._text(path)
        if mine is None:
            return shipped
        try:
            return self._whole(name, raw, mine, shape)
        except Fault as fault:
            line, entry = place(fault, mine)
            self._wrong.append(at_fault(path, line, entry, fault.problem))
            return shipped

    def _shipped(self, name: str, shape: type[_F]) -> tuple[Raw, _F]:
        text = self._read(f"data/{name}")
        try:
            raw = parse(text)
            return raw, decode(raw, shape)
        except Fault as fault:
            line, entry = place(fault, text)
            raise Damaged(
                msg(
                    "data/{file}, line {line}, {entry}: {problem}. Install the program again.",
                    file=name,
                    line=line,
                    entry=entry or "–",
                    problem=fault.problem,
                )
            ) from fault

    def _whole(self, name: str, raw: Raw, text: str, shape: type[_F]) -> _F:
        """The file with `text` over it. Raises `Fault` with the place in `text`."""
        mine = parse(text)
        refuse_twice(text, mine)
        laid = laid_over(raw, mine)
        try:
            value = decode(laid.raw, shape)
            check(value)
        except Fault as fault:
            raise Fault(fault.problem, path=laid.in_mine(fault.path)) from fault
        known: dict[str, frozenset[str]] = {}
        for path, item, tables in named(name.removesuffix(".yaml"), mine):
            if item not in tables and not any(
                item in known.setdefault(table, self._ids(table, name, laid)) for table in tables if "." in table
            ):
                raise Fault(msg("there is no {noun} “{value}”", noun=NOUNS[tables[0]], value=item), path=path)
        return value

    def _ids(self, table: str, name: str, laid: Laid) -> frozenset[str]:
        """What the entries of a table are known by, the user's own among them."""
        file, _, table = table.partition(".")
        entries = (laid.raw if f"{file}.yaml" == name else self._raw(f"{file}.yaml")).get(table, ())
        return frozenset(key for entry in entries if (key := entry_key(entry)) is not None)

    def _raw(self, name: str) -> Raw:
        """Another file with the user's over it, if that can be read at all; what is wrong with it is said elsewhere."""
        raw = parse(self._read(f"data/{name}"))
        try:
            laid = laid_over(raw, parse((self._user or Path()).joinpath(name).read_text(encoding="utf-8-sig")))
            decode(laid.raw, FILES[name])
        except (Fault, OSError, UnicodeDecodeError):
            return raw
        return laid.raw

    def _text(self, path: Path) -> str | None:
        reason: Message | str
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            reason = msg("it is not UTF-8 text")
        except IsADirectoryError:
            reason = msg("it is a folder and no file")
        except OSError as error:
            reason = error.strerror or type(error).__name__
        self._wrong.append(
            msg("{file} cannot be read: {reason}. What ships with the program is used.", file=str(path), reason=reason)
        )
        return None

    @cached_property
    def _strangers(self) -> tuple[Message, ...]:
        """Files that nobody reads. Beside settings of another name only those that were surely meant for us."""
        try:
            found = sorted(self._user.iterdir()) if self._user is not None else []
        except OSError:
            return ()
        said = []
        for path in found:
            if path.suffix not in (".yaml", ".yml") or path.name in {*FILES, SETTINGS, self._settings}:
                continue
            close = difflib.get_close_matches(path.stem, [name.removesuffix(".yaml") for name in FILES], n=1)
            if close:
                said.append(
                    msg(
                        "{file} is read by nobody: is it meant to be {close}?", file=str(path), close=f"{close[0]}.yaml"
                    )
                )
            elif self._settings == SETTINGS:
                said.append(
                    msg(
                        "{file} is read by nobody: files of the handbook are {names}.",
                        file=str(path),
                        names=tuple(FILES),
                    )
                )
        return tuple(said)


def at_fault(file: Path, line: int, entry: str, problem: Message) -> Message:
    """That an entry of a user's file was left out, and where it is; without an entry only where."""
    if entry:
        return msg(
            "{file}, line {line}, {entry}: {problem}. Until it is mended, what ships with the program is used.",
            file=str(file),
            line=line,
            entry=entry,
            problem=problem,
        )
    return msg(
        "{file}, line {line}: {problem}. Until it is mended, what ships with the program is used.",
        file=str(file),
        line=line,
        problem=problem,
    )
