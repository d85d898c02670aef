"""A letter about a case, taken out by clipboard or file or logged as sent, masked where its channel asks for it.

A post for everybody leaves only after the person has confirmed what is hidden, which is noted in the case. It gives
back the contact that was logged, or None.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import msg
from pddtui.services.entries import NewContact
from pddtui.services.exchange.files import write_file
from pddtui.services.letters import Letter
from pddtui.ui.context import Context
from pddtui.ui.letter_keys import LETTER, above_typing
from pddtui.ui.letter_words import hidden, sent
from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.drafting import Drafting
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.plain import PlainScreen

__all__ = ["LetterScreen"]

MASKED = "text_masked"
"""The milestone that the gate of going public asks for."""


class LetterScreen(Drafting):
    """The letters of one case, and the ways out of the house."""

    BINDINGS: ClassVar[list[BindingType]] = [*above_typing(LETTER)]

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._confirmed: str | None = None
        """The public text of which the person has said that nothing private is left in it."""

    @work
    async def action_copy(self) -> None:
        letter = await self._cleared()
        if letter is not None:
            self.app.copy_to_clipboard(letter.text)
            told = msg("Copied. If nothing arrives where you paste, Ctrl+T shows the text to be marked.")
            self.notify(self.context.speech.say(told), markup=False)

    @work
    async def action_save(self) -> None:
        letter = await self._cleared()
        if letter is None:
            return
        path = _free(Path.cwd(), f"{self._case.ref}-{letter.kind.id}")
        try:
            await self.context.clerk.do(lambda: write_file(path, letter.text.encode()))
        except PddError as error:
            self.tell(error)
            return
        self.notify(self.context.speech("The letter was written to {file}.", file=str(path)), markup=False)

    @work
    async def action_plain(self) -> None:
        letter = await self._cleared()
        if letter is not None:
            self.app.push_screen(PlainScreen(letter.text))

    @work
    async def action_sent(self) -> None:
        letter = await self._cleared()
        if letter is None:
            return
        casebook, case = self.context.casebook, self._case
        said = self.context.speech.say(sent(letter))
        new = NewContact(direction="out", channel=letter.channel, said=said, demand=letter.kind.demands)
        try:
            _, contact = await self.context.clerk.do(lambda: casebook.log(case.id, new))
        except PddError as error:
            self.tell(error)
            return
        await self.leave(Saved(case_id=case.id, thing=contact.id, message=self.context.speech("Logged as sent.")))

    @work
    async def action_back(self) -> None:
        speech = self.context.speech
        if self._changed:
            question = speech("What you changed in the letter is not kept.")
            leave = Confirm(question, yes=speech("Leave, and throw it away"), no=speech("Go on writing"))
            if not await self.app.push_screen_wait(leave):
                return
        await self.leave(None)

    async def _cleared(self) -> Letter | None:
        """The letter, if it may leave the house: of a public text the person has seen what is hidden."""
        letter = self._letter
        if letter is None or letter.level != "public" or self._confirmed == letter.text:
            return letter
        speech, casebook, case = self.context.speech, self.context.casebook, self._case
        look = [speech.say(also.label) for also in self.context.handbook.masks.also_hide]
        detail = "\n".join(
            [
                *hidden(letter),
                speech("No rule finds these, look for them yourself: {what}.", what=tuple(look)),
            ]
        )
        question = speech("Everybody will be able to read this. Is nothing private left in it?")
        sure = Confirm(question, yes=speech("Nothing private is left"), no=speech("Look again"), detail=detail)
        if not await self.app.push_screen_wait(sure):
            return None
        try:
            await self.context.clerk.do(lambda: casebook.note_milestone(case.id, MASKED, casebook.now()))
        except PddError as error:
            self.tell(error)
            return None
        self._confirmed = letter.text
        return letter


def _free(folder: Path, stem: str) -> Path:
    path, n = folder / f"{stem}.txt", 1
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.txt"
    return path
