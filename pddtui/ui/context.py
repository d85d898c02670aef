"""What every screen is given: the use-cases, the reference data, the language, and the one clerk.

The clerk is the only thread that talks to the store, in the order in which it was asked, so that the
screen never waits for a lock, a parse or a disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.app import ReturnType

from pddtui.domain.ports import StrayCopy
from pddtui.errors import Gone
from pddtui.places import Places
from pddtui.services.casebook import Casebook
from pddtui.settings import Settings
from pddtui.speech import Speech

if TYPE_CHECKING:
    from pddtui.handbook.book import Handbook

__all__ = ["Clerk", "Context", "Copies"]


class Clerk:
    """Does the work that may touch the disk, one piece after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self.when_gone: Callable[[Gone], Awaitable[bool]] | None = None
        """Asks the person what to do when the data file is gone; True when it is there again."""

    async def do(self, work: Callable[[], ReturnType]) -> ReturnType:
        """Do `work` and return what it returns; what it raises is raised here.

        Where the data file is gone the person is asked, and once it was written back the work is done after all.
        """
        try:
            return await self.do_unasked(work)
        except Gone as gone:
            if self.when_gone is None or not await self.when_gone(gone):
                raise
        return await self.do_unasked(work)

    async def do_unasked(self, work: Callable[[], ReturnType]) -> ReturnType:
        """Do `work` as `do` does, and ask nobody."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Finish what was begun and end the thread."""
        self._thread.shutdown()


class Copies(Struct, frozen=True):
    """What is done about copies of the data file that another program put beside it. It reads and writes the disk."""

    found: Callable[[], tuple[StrayCopy, ...]]
    """Those that hold something which is not in the data file."""
    unite: Callable[[], tuple[int, int, int]]
    """Unite them all with it: how many cases changed, contacts came, and what is to be settled."""


class Context(Struct, frozen=True, kw_only=True):
    """The program as a screen sees it."""

    casebook: Casebook
    open_handbook: Callable[[], Handbook]
    """The one handbook; with its tables it is loaded when somebody first looks into it."""
    speech: Speech
    settings: Settings
    places: Places
    clerk: Clerk
    copies: Copies | None = None
    """Copies of the data file beside it; None where nobody is to be asked about them."""
    samples: bool = False
    """Whether these are the sample cases, in a file that is thrown away."""

    @property
    def handbook(self) -> Handbook:
        return self.open_handbook()
