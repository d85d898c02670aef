"""What a key of ours is, and how it becomes a binding, a keymap entry or its full-width twin.

The tables (`desk_keys`, `page_keys`, `book_keys`, the forms' own) are where bindings, key line, help,
palette and README come from.

A binding's description is the English template; whoever shows it says it in the language of the
person. Full-width characters, which a Chinese input method sends, act as their ASCII twins wherever
no text is being typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from textual import events
from textual.binding import Binding

from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["GROUPS", "Group", "Key", "bindings", "half_width", "keymap"]

Group = Literal["case", "log", "due", "view", "program"]

GROUPS: dict[Group, Message] = {
    "case": msg("Case"),
    "log": msg("Contact log"),
    "due": msg("What is due"),
    "view": msg("View"),
    "program": msg("Program"),
}


class Key(Struct, frozen=True, kw_only=True):
    """One thing a person can do with a key."""

    id: str
    """Stable; the settings name it to give it another key."""
    keys: str
    """Textual's key names, separated by commas; the first one is shown."""
    action: str
    word: Message
    """One word or two, for the footer."""
    tip: Message
    """A sentence, for help and palette."""
    group: Group
    shown: bool = False
    """Whether the footer has room for it."""


FULL_WIDTH = 0xFEE0
"""What lies between an ASCII character and its full-width twin."""

PUNCTUATION = {"/": "slash", ":": "colon", "?": "question_mark", ".": "full_stop"}
"""Textual's names of the punctuation that is bound somewhere."""

SAME_KEY = {"、": "/", "。": "."}
"""What the same physical key sends while a Chinese input method is on, where that is not the twin."""


def bindings(keys: Iterable[Key]) -> list[Binding]:
    """Textual's bindings for these keys, with their full-width twins."""
    return [
        Binding(
            key.keys,
            key.action,
            key.word.template,
            show=key.shown,
            tooltip=key.tip.template,
            id=key.id,
        )
        for key in keys
    ]


def half_width(key: events.Key) -> events.Key | None:
    """The key press that a full-width character stands for in command mode; None for any other key."""
    character = key.character
    if character is None or len(character) != 1:
        return None
    twin = SAME_KEY.get(character) or (chr(ord(character) - FULL_WIDTH) if "！" <= character <= "～" else None)
    return events.Key(twin if twin.isalnum() else PUNCTUATION.get(twin, twin), twin) if twin else None


def keymap(wishes: Mapping[str, str], screens: Iterable[Iterable[Key]]) -> dict[str, str]:
    """The keymap for the keys a person wants instead.

    `screens` has the keys of each screen. Refuses an unknown id, an empty wish, and a wish that gives two things on
    one screen the same key; the same key on two screens is no clash.
    """
    known: set[str] = set()
    for screen in screens:
        table = {key.id: key.keys for key in screen}
        known |= table.keys()
        _refuse_clash({key_id: _names(wishes.get(key_id, keys)) for key_id, keys in table.items()}, wishes)
    for wish, keys in wishes.items():
        if wish not in known:
            raise Refused(msg("There is no key setting “{id}”; the help screen (?) names them all.", id=wish))
        if not all(_names(keys)):
            raise Refused(msg("The key setting “{id}” names no key.", id=wish))
    return {wish: ",".join(_names(keys)) for wish, keys in wishes.items()}


def _names(keys: str) -> list[str]:
    return keys.replace(" ", "").split(",")


def _refuse_clash(table: Mapping[str, Iterable[str]], wishes: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key_id, names in table.items():
        for name in names:
            first = taken.setdefault(name, key_id)
            if first != key_id and not wishes.keys().isdisjoint((first, key_id)):
                raise Refused(
                    msg("The key “{key}” is given to both {first} and {second}.", key=name, first=first, second=key_id)
                )
