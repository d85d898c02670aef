"""A letter about a case, taken out by clipboard or file or logged as sent, masked where its channel asks for it.

A post for everybody leaves only after the person has confirmed what is hidden, which is noted in the case. It gives
back the contact that was logged, or None.
"""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import BindingType

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import msg
from pddtui.services.entries import NewContact
from pddtui.services.letter_log import sent_words
from pddtui.services.letter_words import LetterWords
from pddtui.services.letters import Letter
from pddtui.ui.context import Context
from pddtui.ui.letter_keys import LETTER, above_typing
from pddtui.ui.letter_words import hidden
from pddtui.ui.screens.confirm import Confirm, Question
from pddtui.ui.screens.drafting import Drafting
from pddtui.ui.screens.forms.letter_file import LetterFile
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.plain import PlainScreen
from pddtui.ui.widgets.choice import Option

__all__ = ["LetterScreen"]

MASKED = "text_masked"
"""The milestone that the gate of going public asks for."""

_PIECES = "123456789abcdefghijk"
"""The letters of as many hidden pieces as a question can hold."""


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
        saved = await self.app.push_screen_wait(LetterFile(self.context, self._case, letter))
        if saved is not None:
            self.notify(saved.message, markup=False)

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
        said = sent_words(letter.kind, letter.text, LetterWords(letter.language))
        new = NewContact(direction="out", channel=letter.channel, said=said, demand=letter.kind.demands)
        try:
            _, contact = await self.context.clerk.do(lambda: casebook.log(case.id, new))
        except PddError as error:
            self.tell(error)
            return
        await self.leave(Saved(case_id=case.id, thing=contact.id, message=self.context.speech("Logged as sent.")))

    @work
    async def action_pieces(self) -> None:
        """Ask which hidden piece may be read after all, or which is to be hidden again."""
        letter, speech = self._letter, self.context.speech
        if letter is None:
            return
        pieces = dict.fromkeys([*letter.kept, *(span.original for span in letter.masked.spans)])
        offered = list(pieces)[: len(_PIECES)]
        answers = [
            Option(one, speech("hide again: {piece}", piece=one))
            if one in letter.kept
            else Option(one, speech("leave readable: {piece}", piece=one))
            for one in offered
        ]
        ask = Question(
            speech("Was something hidden that may be read?"),
            [Option("", speech("No, leave it as it is")), *answers],
            letters="n" + _PIECES[: len(offered)],
            safe="",
        )
        piece = await self.app.push_screen_wait(ask)
        if not piece or self._letter is not letter:
            return
        letter = self._letters.keep(self._case, letter, piece)
        self._changed[letter.kind.id, letter.language] = self._letter = letter
        self._show_hidden(letter)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual's
        letter = self._letter
        if action == "full":
            return letter is not None and letter.level != "none"
        if action == "pieces":
            return letter is not None and bool(letter.masked.spans or letter.kept)
        return True

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
                *(speech("Left readable: {piece}", piece=piece) for piece in letter.kept),
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
