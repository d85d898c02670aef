"""A line that takes the path of a file: Down lists a folder, what is chosen there leads on into it, Tab completes.

Tab and Enter do what a shell does: what begins only one name, or what all of them have in common, is written out.
They leave the line when there is nothing to add, when a file was chosen, and after Escape.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable

from pddtui.ui.paths import complete, extend
from pddtui.ui.widgets.suggest import TYPED, Suggest

__all__ = ["FilePick"]


class FilePick(Suggest):
    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(complete, value, placeholder=placeholder)
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
        suggestions = await complete(typed)
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
        suggestions = await complete(further)
        if [suggestion.text for suggestion in suggestions] != [further]:  # a folder, or more than one begins so
            self._offer(further, suggestions)
        return True
