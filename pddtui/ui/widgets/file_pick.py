"""A line that takes the path of a file, as it is typed, pasted or dragged, with completion.

Tab and Enter do what a shell does: what begins only one name, or what all of them have in common, is written out.
They leave the line when there is nothing to add, when a file was chosen, and after Escape.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Iterator
from itertools import islice, takewhile
from pathlib import Path

from msgspec import Struct

from pddtui.domain.text import one_line
from pddtui.message import file_size
from pddtui.places import typed_path
from pddtui.ui.widgets.fields import TYPED, Suggest, Suggestion

__all__ = ["FilePick", "complete", "full_path", "offered_paths", "read_path"]

_MOST_READ, _MOST_OFFERED = 5000, 50
_QUOTES = ("'", '"')


class Completion(Struct, frozen=True):
    """A path that begins with what was typed."""

    text: str
    """What the line becomes."""
    note: str = ""
    """The size of a file."""


def read_path(typed: str) -> Path:
    """The path that is meant: quotes around it and escaped blanks, as terminals drop them, are taken off."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES:
        text = text[1:-1]
    path = typed_path(text)
    bare = typed_path(text.replace("\\ ", " "))
    return bare if "\\ " in text and not os.path.lexists(path) else path


def full_path(path: Path) -> str:
    """The path with its folder, from the root: whoever works over a connection may not know where that is."""
    try:
        return str(path.absolute())
    except OSError:  # the folder that this was started in is gone
        return str(path)


async def complete(typed: str) -> list[Completion]:
    """What is in the folder that stands there and begins with the rest: folders first, then the newest files.

    A name that would not be shown as it is, is not offered, and a hidden one only when its dot is typed. Asked
    beside the screen: a folder may be far away.
    """
    return (await asyncio.to_thread(_completions, typed))[:_MOST_OFFERED]


async def extend(typed: str) -> str:
    """As a shell completes: the only path that begins so, or as much as all of them have in common."""
    texts = [completion.text for completion in await asyncio.to_thread(_completions, typed)]
    if len(texts) == 1:
        return texts[0]
    first, last = min(texts, default=""), max(texts, default="")
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:common] if common > len(typed) else typed


def _completions(typed: str) -> list[Completion]:
    folder, begun = os.path.split(typed)
    if not folder and begun.startswith("~") and typed_path(begun).is_dir():
        return [Completion(f"{begun}{os.sep}")]
    before = typed[: len(typed) - len(begun)]
    found = sorted(_entries(typed_path(folder or "."), begun), key=lambda it: (not it[0], -it[1], it[2]))
    texts = [(f"{before}{name}{os.sep if is_folder else ''}", note) for is_folder, _, name, note in found]
    return [Completion(text, note) for text, note in texts]


def _entries(folder: Path, begun: str) -> Iterator[tuple[bool, float, str, str]]:
    """Whether it is a folder, when it was last written to, its name, and its size in words."""
    wanted = begun.casefold()
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_READ):
                if not entry.name.casefold().startswith(wanted) or one_line(entry.name) != entry.name:
                    continue
                if entry.name.startswith(".") and not begun:
                    continue
                if entry.is_dir():
                    yield True, 0.0, entry.name, ""
                elif entry.is_file():
                    status = entry.stat()
                    yield False, status.st_mtime, entry.name, file_size(status.st_size)
    except (OSError, ValueError):
        return  # a folder that cannot be read completes nothing


async def offered_paths(typed: str) -> list[Suggestion]:
    """What could complete a path, as a line offers it."""
    return [Suggestion(path.text, path.text, path.note) for path in await complete(typed)]


class FilePick(Suggest):
    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(offered_paths, value, placeholder=placeholder)
        self._left_alone: str | None = None
        """The text at which Escape closed the list: it is to stay as it is."""

    def _before_key(self, key: str) -> bool | Awaitable[bool]:
        if key == "down" and not self.is_open:
            return self._list()
        if key in ("tab", "enter"):
            if self.is_open and self.list.cursor_key != TYPED:
                super()._take(self.list.cursor_key)
                return self._go_on()
            if not self._is_settled():
                return self._extend()
        elif key == "escape":
            self._left_alone = self.value
        return super()._before_key(key)

    def _is_settled(self) -> bool:
        """Whether nothing is to be added to what stands in the line."""
        taken = self.value == self._quiet_value and not self.value.endswith(os.sep)
        return taken or not self.value.strip() or self.value == self._left_alone

    def _take(self, key: str | None) -> None:
        """A click."""
        super()._take(key)
        self.run_worker(self._go_on(), group="suggest", exclusive=True)

    async def _go_on(self) -> bool:
        """Into the folder that was chosen."""
        return await self._list() if self.value.endswith(os.sep) else True

    async def _list(self) -> bool:
        typed = self.value
        suggestions = await offered_paths(typed)
        if self.value == typed and not (self.is_open and self._listed_for == typed):
            self._offer(typed, suggestions)
        return True

    async def _extend(self) -> bool:
        """Write out what can only be meant; False when that adds nothing, so that the key leaves the line."""
        typed = self.value
        further = await extend(typed)
        if self.value != typed or further == typed:
            self.close()
            return False
        self.value = further
        self.line.cursor_position = len(further)
        self.close()
        suggestions = await offered_paths(further)
        if [suggestion.text for suggestion in suggestions] != [further]:  # a folder, or more than one begins so
            self._offer(further, suggestions)
        return True
