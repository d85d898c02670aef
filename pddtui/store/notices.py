"""What was wrong with a journal, told a while longer than it lasts: a fold puts it right before anybody has read it."""

from __future__ import annotations

from collections.abc import Callable

from pddtui.message import Message

__all__ = ["LINGER", "Notices"]

LINGER = 60.0
"""Seconds."""


class Notices:
    """The notices of one session. `tick` are seconds that never jump."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._said: tuple[Message, ...] = ()
        self._until = 0.0

    def settled(self, said: tuple[Message, ...]) -> None:
        """This was the matter up to now."""
        if said:
            self._said, self._until = said, self._tick() + LINGER

    def with_recent(self, said: tuple[Message, ...]) -> tuple[Message, ...]:
        """What is the matter now, or what was a moment ago."""
        return said if said or self._tick() >= self._until else self._said
