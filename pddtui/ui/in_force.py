"""The bindings that work on a screen at this moment, one entry a command with all its keys."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

__all__ = ["InForce", "in_force", "run"]

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
