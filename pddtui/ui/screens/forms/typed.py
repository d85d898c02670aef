"""What is typed into a form, on its way to the disk: in order, one write at a time, off the screen's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from pddtui.services.drafts import Draft, OpenForm, Subject

__all__ = ["Typed"]


class Typed:
    """The draft of one open form."""

    def __init__(self, place: OpenForm) -> None:
        self._place = place
        self._turn = asyncio.Lock()
        self._over = False

    @property
    def subject(self) -> Subject:
        """What the form is about."""
        return self._place.subject

    async def offered(self) -> Draft | None:
        """What a form with the same subject left behind."""
        return await asyncio.to_thread(self._place.offered)

    async def keep(self, values: Mapping[str, str], at: datetime) -> None:
        """Put the text on disk, unless the form is over by then. Raises `CannotWrite`."""
        async with self._turn:
            if not self._over:
                await asyncio.to_thread(self._place.keep, values, at)

    async def take(self, draft: Draft) -> None:
        """Make a draft this form's own. Raises `CannotWrite`."""
        async with self._turn:
            await asyncio.to_thread(self._place.take, draft)

    async def discard(self, draft: Draft) -> None:
        """Throw away a draft that was offered."""
        await asyncio.to_thread(self._place.discard, draft)

    async def drop(self) -> None:
        """Throw away this form's own draft: nothing of it is unsaved any more."""
        async with self._turn:
            await asyncio.to_thread(self._place.drop)

    async def end(self, *, dropped: bool) -> None:
        """The form closes; with `dropped` its text is saved elsewhere or not wanted."""
        self._over = True
        async with self._turn:
            if dropped:
                await asyncio.to_thread(self._place.drop)
            self._place.close()

    def end_now(self, values: Mapping[str, str] | None, at: datetime) -> None:
        """The program ends under the form: write what is typed before returning."""
        if not self._over:
            self._over = True
            self._place.close(values, at)
