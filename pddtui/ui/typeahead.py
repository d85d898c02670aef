"""Keys that come faster than the window they are meant for.

After `>` or `l` a person types on, and over a slow line a whole sentence arrives in one read. From a key that may open
something until that has the focus, further keys wait. Then they go into the field; keys for a question that nobody has
seen yet are let go, since it could be answered by chance.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from textual import events
from textual.app import App, ReturnType, ScreenStackError
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from pddtui.ui.actions import BY_ID
from pddtui.ui.bindings import ActionScreen

__all__ = ["TypeAhead"]

_LOOK = 0.005
"""Seconds between two looks whether the window is there."""

_SOON, _AT_LAST = 0.15, 2.0
"""Seconds until a key that did nothing is given up, and one whose work takes long."""

_OPENS = frozenset({"filter", "search", "command_palette"})
"""What opens a field without being a deed."""

KeyOrPaste = events.Key | events.Paste


class TypeAhead:
    """Stands between what is typed into the app and what is done with it."""

    def __init__(self, app: App[ReturnType], go_on: Callable[[KeyOrPaste], Awaitable[None]]) -> None:
        """`go_on` does with a key or a paste what is done without this."""
        self._app = app
        self._go_on = go_on
        self._waiting: list[KeyOrPaste] | None = None
        """What came since; None while nothing is being opened."""
        self._before: tuple[Screen[object], Widget | None, int] | None = None
        """The screen, its focus and the deeds begun on it, when something began to be opened; None when it is there."""
        self._since = 0.0

    async def take(self, event: KeyOrPaste) -> None:
        """Do it, or keep it until what was opened before is there."""
        if self._waiting is not None and (self._waiting or not self._there()):
            self._waiting.append(event)
            return
        self._waiting = None
        await self._do(event)

    async def _do(self, event: KeyOrPaste) -> None:
        opens = isinstance(event, events.Key) and self._opens(event)
        if opens:
            screen = self._app.screen
            self._before = (screen, screen.focused, screen.begun if isinstance(screen, ActionScreen) else 0)
            self._since = monotonic()
        await self._go_on(event)
        if opens and self._waiting is None:
            self._waiting = []
            self._app.run_worker(self._let_go(), group="typeahead")

    def _opens(self, event: events.Key) -> bool:
        screen = self._app.screen
        focused = screen.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return False
        active = screen.active_bindings.get(event.key)
        if active is None or not active.enabled:
            return False
        action = BY_ID.get(active.binding.id or "")
        return action is not None and (not action.runs or action.runs in _OPENS)

    def _there(self) -> bool:
        """Whether what was to be opened has the keys, or nothing will be."""
        if self._before is None:
            return True
        screen, focused, begun = self._before
        top, spent = self._app.screen, monotonic() - self._since
        if top is not screen:
            return top.focused is not None or spent > _AT_LAST
        if screen.focused is not focused and isinstance(screen.focused, Input | TextArea):
            return True
        if isinstance(screen, ActionScreen) and screen.begun > begun:
            return not screen.doing or spent > _AT_LAST
        return spent > _SOON

    async def _let_go(self) -> None:
        """Hand over what waits, one after the other, once somebody takes it."""
        with suppress(ScreenStackError):  # the program has ended meanwhile
            await self._hand_over_all()

    async def _hand_over_all(self) -> None:
        while self._waiting is not None:
            while not self._there():
                await asyncio.sleep(_LOOK)
            if (waiting := self._held()) is None:
                return  # the next key has found it there already
            opened = self._before is not None and self._app.screen is not self._before[0]
            if opened and not isinstance(self._app.screen.focused, Input | TextArea):
                waiting.clear()
            self._before = None
            if not await self._hand_over(waiting):
                self._waiting = None

    def _held(self) -> list[KeyOrPaste] | None:
        return self._waiting

    async def _hand_over(self, waiting: list[KeyOrPaste]) -> bool:
        """Whether one of them opens something itself, so that the others have to wait again."""
        while waiting:
            await self._do(waiting.pop(0))
            if self._before is not None:
                return True
        return False
