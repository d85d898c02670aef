"""What a key is called where people read it: `question_mark` is `?`, `ctrl+s` is Ctrl+S, `space` is 空格 in Chinese."""

from __future__ import annotations

from textual.keys import format_key

from pddtui.message import Message, msg
from pddtui.speech import Speech

__all__ = ["key_name"]

_SAID: dict[str, Message] = {
    "space": msg("Space"),
    "enter": msg("Enter"),
    "backspace": msg("Backspace"),
}
"""Keys that have a word in each language."""

_WRITTEN = {
    "escape": "Esc",
    "tab": "Tab",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
"""Keys that stand on the keyboard like this everywhere."""

_HELD = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "super": "Super", "meta": "Meta"}


def key_name(key: str, speech: Speech) -> str:
    """The name of one key in Textual's notation."""
    *held, last = key.split("+") if len(key) > 1 else [key]
    name = _name(last, speech)
    if held and len(name) == 1:
        name = name.upper()
    return "+".join([*(_HELD.get(modifier, modifier) for modifier in held), name])


def _name(key: str, speech: Speech) -> str:
    said = _SAID.get(key)
    if said is not None:
        return speech.say(said)
    if key in _WRITTEN:
        return _WRITTEN[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else format_key(key)
