"""A table of the handbook: its entries in order, by id, and by whatever a person types for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from pddtui.errors import Refused, Unlisted
from pddtui.message import Label, Message, msg

__all__ = ["Listed", "Table"]

_CLOSE = 5
"""How many entries are offered to choose from."""


class Listed(Protocol):
    """What can stand in a table."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Label: ...


_E = TypeVar("_E", bound=Listed)


class Table(Generic[_E]):
    """Entries of one kind."""

    def __init__(self, noun: Message, entries: Iterable[_E], chapter: str) -> None:
        self.noun = noun
        """What one entry is called, for sentences about it."""
        self.chapter = chapter
        """The chapter of the handbook that lists the entries."""
        self._entries = {entry.key: entry for entry in entries}

    def __iter__(self) -> Iterator[_E]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __getitem__(self, key: str) -> _E:
        return self._entries[key]

    def get(self, key: str | None) -> _E | None:
        """The entry with that id, or None: a case may name one that only another machine's handbook has."""
        return None if key is None else self._entries.get(key)

    def find(self, typed: str, *, field: str | None = None) -> _E:
        """The entry a person means: by id, by name in either language, or by the only one that begins like that.

        Case and full-width forms do not matter. Raises `Refused` at `field`, naming the entries that
        come close, or `Unlisted` where none does.
        """
        wanted = _plain(typed)
        exact = [entry for entry in self if wanted in _names(entry)]
        begin = exact or [entry for entry in self if wanted and any(name.startswith(wanted) for name in _names(entry))]
        if len(begin) == 1:
            return begin[0]
        if begin:
            refused = msg("“{typed}” could be {close}. Write more of it.", typed=typed, close=_said(begin))
        elif close := self._close(wanted):
            refused = msg(
                "There is no {noun} “{typed}”. Did you mean {close}?", noun=self.noun, typed=typed, close=_said(close)
            )
        else:
            message = msg("There is no {noun} “{typed}”.", noun=self.noun, typed=typed)
            raise Unlisted(message, chapter=self.chapter, field=field)
        raise Refused(refused, field=field)

    def _close(self, wanted: str) -> list[_E]:
        import difflib

        if not wanted:
            return []
        inside = [entry for entry in self if any(wanted in name for name in _names(entry))]
        if inside:
            return inside[:_CLOSE]
        names = {name: entry for entry in self for name in _names(entry)}
        alike = difflib.get_close_matches(wanted, names, n=_CLOSE)
        return list({names[name].key: names[name] for name in alike}.values())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _names(entry: Listed) -> tuple[str, str, str]:
    return _plain(entry.key), _plain(entry.label.zh), _plain(entry.label.en)


def _said(entries: list[_E]) -> tuple[Message, ...]:
    return tuple(msg("{id} ({name})", id=entry.key, name=entry.label) for entry in entries[:_CLOSE])
