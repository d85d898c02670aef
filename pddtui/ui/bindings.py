"""What a key says that has nothing to act on where the cursor is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen

from pddtui.message import Message, msg
from pddtui.speech import Speech

__all__ = ["InForce", "in_force", "key_name", "run", "say_why_not"]

Result = TypeVar("Result")


class InForce(Struct, frozen=True):
    """A command that a key gives here and now."""

    id: str
    """The id of the binding; its action where it has none."""
    keys: tuple[str, ...]
    """In Textual's notation, the one to show first; remapped ones as they are now."""
    binding: Binding
    place: DOMNode
    """The widget or screen whose action it is."""
    enabled: bool


def in_force(screen: Screen[Result]) -> tuple[InForce, ...]:
    """Every command of the screen, of what has the focus on it, and of the app; the innermost first."""
    found: dict[tuple[str, DOMNode], InForce] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        name = binding.id or binding.action
        earlier = found.get((name, active.node))
        keys = (*earlier.keys, key) if earlier is not None else (key,)
        found[name, active.node] = InForce(name, keys, binding, active.node, active.enabled)
    return tuple(found.values())


async def run(app: App[Result], command: InForce) -> None:
    """Do what the key would do."""
    await app.run_action(command.binding.action, command.place)


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


_REASONS: Mapping[str, Message] = {
    "settle": msg("There is nothing to settle here: choose a promise or a follow-up."),
    "promise_broken": msg("There is no promise here: choose one in the contact log or under what is due."),
    "snooze": msg("Only a follow-up can be put off: choose one under what is due."),
    "decide": msg("The case was filed nowhere yet: E files it."),
}
_NO_CASE = msg("There is no case here: n opens one.")


def say_why_not(screen: Screen[Result], key: str, speech: Speech, *, case: bool) -> bool:
    """Say why the key does nothing, if it is the key of a deed; `case` is whether there is a case at all."""
    for each in in_force(screen):
        if key in each.keys and not each.enabled and each.binding.action.startswith("do("):
            deed = each.binding.action.removeprefix("do('").removesuffix("')")
            reason = _REASONS.get(deed, _NO_CASE) if case else _NO_CASE
            screen.notify(speech.say(reason), markup=False)
            return True
    return False
