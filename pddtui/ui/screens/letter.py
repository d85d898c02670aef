"""A letter about a case: chosen, read, changed, and taken out by clipboard or file, masked where its channel asks.

What is typed is the full text; what leaves the house is that text at its mask level, and what is hidden is told below.
A post for everybody leaves only after the person has confirmed what is hidden, which is noted in the case. It gives
back the contact that was logged, or None.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static, TextArea

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import msg, plural
from pddtui.services.entries import NewContact
from pddtui.services.exchange.files import write_file
from pddtui.services.letters import Language, Letter, Letters
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.letter_keys import LETTER, above_typing
from pddtui.ui.letter_words import LEVELS, hidden, sent
from pddtui.ui.screens.confirm import WIDTHS, Confirm
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.plain import PlainScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.choice import Choice, Option
from pddtui.ui.widgets.entries import TextBox
from pddtui.ui.widgets.key_line import KeyLine

__all__ = ["LetterScreen"]

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}

HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (20, "-high")]

MASKED = "text_masked"
"""The milestone that the gate of going public asks for."""


class LetterScreen(Screen[Saved | None]):
    """One case, all its letters."""

    BINDINGS: ClassVar[list[BindingType]] = [*above_typing(LETTER)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = None

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__()
        self.context = context
        self._case = case
        self._letters = Letters(context.casebook, context.handbook, context.places.config_folder / "letters")
        self._changed: dict[tuple[str, Language], Letter] = {}
        """Letters whose text the person has changed; another kind may be looked at without losing one."""
        self._letter: Letter | None = None
        self._confirmed: str | None = None
        """The public text of which the person has said that nothing private is left in it."""
        speech = context.speech
        kinds = [Option(kind.id, speech.say(kind.label)) for kind in self._letters.kinds_for(case)]
        self._kind = Choice(kinds, kinds[0].key, id="letter-kind")
        languages = [Option(key, name) for key, name in LANGUAGES.items()]
        self._language = Choice(languages, speech.language, id="letter-language")
        levels = [Option(level, speech.say(words)) for level, words in LEVELS.items()]
        self._level = Choice(levels, "none", id="letter-level")
        self._text = TextBox(id="letter-text")
        self._hidden = Static(id="letter-hidden")

    def compose(self) -> ComposeResult:
        speech, case = self.context.speech, self._case
        title = show.join("  ", [(speech("Letter"), Tone.ACCENT), (case.title, Tone.STRONG), (case.ref, Tone.QUIET)])
        yield Static(title, id="letter-title")
        with Horizontal(id="letter-choices"):
            yield self._kind
            yield self._language
        yield self._text
        yield self._level
        yield self._hidden
        advice = speech("Check every fact before you send it. This is no legal advice.")
        yield Static(show.plain(advice, Tone.QUIET), id="letter-advice")
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._kind.focus()
        self._write()

    # The letter at hand.

    @on(Choice.Changed, "#letter-kind")
    @on(Choice.Changed, "#letter-language")
    def _other(self) -> None:
        self._write()

    @work(exclusive=True, group="write")
    async def _write(self) -> None:
        language: Language = "zh" if self._language.value == "zh" else "en"
        kept = self._changed.get((self._kind.value, language))
        if kept is not None:
            self._show(kept)
            return
        letters, case, name = self._letters, self._case, self._kind.value
        try:
            letter = await self.context.clerk.do(lambda: letters.write(case, letters.kind(name), language))
        except PddError as error:
            self._tell(error)
            return
        self._show(letter)

    def _show(self, letter: Letter) -> None:
        self._letter = letter
        if self._text.value != letter.plain:
            self._text.value = letter.plain
        self._level.value = letter.level
        self._level.disabled = letter.public
        self._show_hidden(letter)

    def _show_hidden(self, letter: Letter) -> None:
        self._hidden.update(show.join((" · ", Tone.FAINT), [self._summary(letter), *hidden(letter)]))

    def _summary(self, letter: Letter) -> show.Part:
        if letter.level == "none":
            return self.context.speech("everything as it is typed"), Tone.QUIET
        n = len(letter.masked.spans)
        return self.context.speech.say(plural("{n} piece hidden", "{n} pieces hidden", n)), Tone.AMBER

    @on(TextArea.Changed)
    def _typed(self) -> None:
        letter = self._letter
        if letter is None or self._text.value == letter.plain:
            return
        letter = self._letters.reworded(self._case, letter, self._text.value)
        self._changed[letter.kind.id, letter.language] = self._letter = letter
        self._show_hidden(letter)

    @on(Choice.Changed, "#letter-level")
    def _masked(self, event: Choice.Changed) -> None:
        letter = self._letter
        level = next((level for level in LEVELS if level == event.value), None)
        if letter is None or level is None or letter.level == level:
            return
        self._letter = letter = self._letters.mask(self._case, letter, level)
        if (letter.kind.id, letter.language) in self._changed:
            self._changed[letter.kind.id, letter.language] = letter
        self._show_hidden(letter)

    # Keys.

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
            self._tell(error)
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
            self._tell(error)
            return
        self.dismiss(Saved(case_id=case.id, thing=contact.id, message=self.context.speech("Logged as sent.")))

    @work
    async def action_back(self) -> None:
        speech = self.context.speech
        if self._changed:
            question = speech("What you changed in the letter is not kept.")
            leave = Confirm(question, yes=speech("Leave, and throw it away"), no=speech("Go on writing"))
            if not await self.app.push_screen_wait(leave):
                return
        self.dismiss(None)

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
            self._tell(error)
            return None
        self._confirmed = letter.text
        return letter

    def _tell(self, error: PddError) -> None:
        self.notify(self.context.speech.say(error.message), severity="error", markup=False)


def _free(folder: Path, stem: str) -> Path:
    path, n = folder / f"{stem}.txt", 1
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.txt"
    return path
