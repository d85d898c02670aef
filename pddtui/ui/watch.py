"""Looking for what other windows save and for the state of the file, one look at a time, in the clerk's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.screen import Screen

from pddtui.errors import PddError
from pddtui.ui.context import Context
from pddtui.ui.show import Tone

__all__ = ["LOOK_EVERY", "Watch", "pass_on"]

Result = TypeVar("Result")

LOOK_EVERY = 0.8
"""Seconds between two looks."""


class Watch:
    """`take_in` gets the ids of the cases that another window changed, `tell` what is the matter with the file."""

    def __init__(
        self, context: Context, take_in: Callable[[frozenset[str]], None], tell: Callable[[str, Tone], None]
    ) -> None:
        self._context = context
        self._take_in = take_in
        self._tell = tell
        self._looking = False

    async def look(self) -> None:
        """Take in what is new; when there is nothing, tidy the file. A look is never cut off by the next."""
        if self._looking:
            return
        self._looking = True
        try:
            self._take_in(await self._context.clerk.do(self._news))
        except PddError as error:
            self._tell(self._context.speech.say(error.message), Tone.RED)
        else:
            self.tell_state()
        finally:
            self._looking = False

    def _news(self) -> frozenset[str]:
        """All that the clerk has to do for a look, in one errand: each of them wakes two threads."""
        store = self._context.casebook.store
        changed = store.refresh()
        if not changed:
            store.tidy()
        return changed

    def tell_state(self) -> None:
        """What is the matter with the file, as long as it is; that it cannot be written comes before all else."""
        store, speech = self._context.casebook.store, self._context.speech
        if store.read_only is not None:
            self._tell(speech("read-only: {why}", why=store.read_only), Tone.AMBER)
        elif store.warnings:
            self._tell(speech.say(store.warnings[-1]), Tone.AMBER)


def pass_on(changed: frozenset[str], page: Screen[Result]) -> None:
    """Have a page that lies over the desk show its case anew, when that is among the changed ones."""
    from pddtui.ui.screens.case import CasePage

    if isinstance(page, CasePage) and page.case_id in changed:
        page.refresh_case()
