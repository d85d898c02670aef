"""Where the files of the handbook are taken from: the program's own, and the user's of the same name.

The user's file adds entries or overrides them by id. A broken one costs nothing but a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pddtui.errors import Damaged
from pddtui.handbook.model import Strict
from pddtui.handbook.reading import Fault, decode, laid_over, parse
from pddtui.message import Message, msg

__all__ = ["Shelf"]

_F = TypeVar("_F", bound=Strict)


class Shelf:
    """Reads a file each time it is asked for; keeps nothing but the warnings."""

    def __init__(self, read: Callable[[str], str], user: Path | None) -> None:
        self._read = read
        self._user = user
        self.warnings: list[Message] = []
        """What was wrong with the user's files."""

    def file(self, name: str, shape: type[_F]) -> _F:
        """The file `data/<name>` with the user's own laid over it.

        Raises `Damaged` if the shipped one cannot be read as what it should be.
        """
        text = self._read(f"data/{name}")
        try:
            raw = parse(text)
            shipped = decode(raw, shape)
        except Fault as fault:
            line, entry = fault.place(text)
            raise Damaged(
                msg(
                    "data/{file}, line {line}, {entry}: {problem}. Install the program again.",
                    file=name,
                    line=line,
                    entry=entry,
                    problem=fault.problem,
                )
            ) from fault
        if self._user is None:
            return shipped
        path = self._user / name
        mine = self._text(path)
        if mine is None:
            return shipped
        try:
            return laid_over(raw, parse(mine), shape)
        except Fault as fault:
            line, entry = fault.place(mine)
            self.warnings.append(
                msg(
                    "{file}, line {line}, {entry}: {problem}. Until it is mended, what ships with the program is used.",
                    file=str(path),
                    line=line,
                    entry=entry,
                    problem=fault.problem,
                )
            )
            return shipped

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            self.warnings.append(
                msg("{file} cannot be read as UTF-8 text. What ships with the program is used.", file=str(path))
            )
            return None
