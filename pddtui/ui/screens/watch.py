"""The watch over the data file: what other windows saved, what ails it, and what to do when it is gone.

Where the file was removed under the window, the person is asked whether to write it back as this window knows it: by
the watch while the desk is in front, and by the clerk when something is to be saved, which then is saved after all.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ReturnType

from pddtui.domain.ports import WritesBack
from pddtui.errors import Gone, PddError
from pddtui.message import plural
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.show import Tone

__all__ = ["LOOK_EVERY", "Watch"]

LOOK_EVERY = 0.8
"""Seconds between two looks."""


class Watch:
    """Looks for changes of other windows: `take_in` gets the ids of their cases, `show_news` what ails the file."""

    def __init__(
        self,
        context: Context,
        screen: ActionScreen[ReturnType],
        take_in: Callable[[frozenset[str]], None],
        show_news: Callable[[str, Tone], None],
    ) -> None:
        self._context = context
        self._screen = screen
        self._take_in = take_in
        self._show_news = show_news
        self._looking = False
        self._ails = False
        """Whether something was the matter when it was last shown how the file is."""
        self._asking = self._asked = False
        """Whether the person is being asked now, and has been since the file was gone."""

    async def look(self) -> None:
        """Take in what is new; when there is nothing, tidy the file. A look is never cut off by the next."""
        if self._looking:
            return
        self._looking = True
        gone: Gone | None = None
        try:
            self._take_in(await self._context.clerk.do_unasked(self._news))
        except PddError as error:
            self._show_trouble(error)
            self._take_in(frozenset())  # the time goes on
            gone = error if isinstance(error, Gone) else None
        else:
            self._asked = False
            self.show_state()
        finally:
            self._looking = False
        if gone is not None and not self._asked and self._screen.app.screen is self._screen:
            await self._offer(gone)

    def _news(self) -> frozenset[str]:
        """All that the clerk has to do for a look, in one errand: each of them wakes two threads."""
        store = self._context.casebook.store
        changed = store.refresh()
        if not changed:
            store.tidy()
        return changed

    def show_state(self) -> None:
        """What is the matter with the file, as long as it is; that it cannot be written comes before all else."""
        store, speech = self._context.casebook.store, self._context.speech
        ailed, self._ails = self._ails, True
        if store.read_only is not None:
            self._show_news(speech("read-only: {why}", why=store.read_only), Tone.AMBER)
        elif store.warnings:
            self._show_news(speech.say(store.warnings[-1]), Tone.AMBER)
        else:
            self._ails = False
            if ailed:
                self._show_news(speech("saved"), Tone.QUIET)

    def _show_trouble(self, error: PddError) -> None:
        self._ails = True
        self._show_news(self._context.speech.say(error.message), Tone.RED)

    async def _offer(self, gone: Gone) -> None:
        try:
            if await self.write_back(gone):
                self.show_state()
        except PddError as error:
            self._show_trouble(error)

    async def write_back(self, gone: Gone) -> bool:
        """Ask whether to write the file back, and do it; True when it is there again."""
        store, speech = self._context.casebook.store, self._context.speech
        if self._asking or store.read_only is not None or not isinstance(store, WritesBack):
            return False
        self._asking = self._asked = True
        question = plural(
            "Write the file back with the {n} case that this window knows?",
            "Write the file back with the {n} cases that this window knows?",
            len(store.refs()),
        )
        lost = speech("Copies of evidence and backups that are gone with it do not come back.")
        try:
            agreed = await self._screen.app.push_screen_wait(
                Confirm(
                    speech.say(question),
                    yes=speech("Write it back"),
                    no=speech("Leave it"),
                    detail=f"{speech.say(gone.message)}\n{lost}",
                )
            )
            if agreed:
                await self._context.clerk.do_unasked(store.write_back)
        finally:
            self._asking = False
        return agreed
