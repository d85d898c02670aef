"""The letters of one case, being chosen and written: which kind, which language, how much is masked, what is hidden.

A letter that is masked is shown as it will be read; the full text, which is what is typed, is a key away. Another kind
may be looked at without losing what was changed in one, and what a lost connection left behind is offered again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import plural
from pddtui.services.drafts import Drafts, Subject
from pddtui.services.letters import Language, Letter, Letters
from pddtui.ui import sheets, show
from pddtui.ui.context import Context
from pddtui.ui.letter_words import LEVELS, hidden, masked
from pddtui.ui.screens.confirm import WIDTHS, Confirm
from pddtui.ui.screens.forms.drafted import BETWEEN_WRITES
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.forms.typed import Typed
from pddtui.ui.show import Tone
from pddtui.ui.widgets.choice import Choice, Option
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.preview import Preview
from pddtui.ui.widgets.text_box import TextBox

__all__ = ["Drafting"]

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (20, "-high")]


class Drafting(Screen[Saved | None]):
    """One case, all its letters; what was changed in one is on disk within half a second."""

    CSS_PATH = sheets.REST
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
        self._draft = Typed(Drafts(context.places.drafts).open(Subject(form="letter", case=case.id)))
        self._writing: Timer | None = None
        speech = context.speech
        kinds = [Option(kind.id, speech.say(kind.label)) for kind in self._letters.kinds_for(case)]
        self._kind = Choice(kinds, kinds[0].key, id="letter-kind")
        languages = [Option(key, name) for key, name in LANGUAGES.items()]
        self._language = Choice(languages, speech.language, id="letter-language")
        levels = [Option(level, speech.say(words)) for level, words in LEVELS.items()]
        self._level = Choice(levels, "none", id="letter-level")
        self._text = TextBox(id="letter-text")
        self._masked_text = Preview(id="letter-masked")
        self._full = False
        """Whether the full text of a masked letter is shown, to be edited."""
        self._hidden = Static(id="letter-hidden")

    def compose(self) -> ComposeResult:
        speech, case = self.context.speech, self._case
        title = show.join("  ", [(speech("Letter"), Tone.ACCENT), (case.title, Tone.STRONG), (case.ref, Tone.QUIET)])
        yield Static(title, id="letter-title")
        with Horizontal(id="letter-choices"):
            yield self._kind
            yield self._language
        yield self._text
        yield self._masked_text
        yield self._level
        yield self._hidden
        advice = speech("Check every fact before you send it. This is no legal advice.")
        yield Static(show.plain(advice, Tone.QUIET), id="letter-advice")
        yield KeyLine(self.context, rows=3)

    def on_mount(self) -> None:
        self._kind.focus()
        self._write()
        self._offer_draft()

    def on_unmount(self) -> None:
        self._draft.end_now(self._texts() or None, self.context.casebook.now())

    # The letter at hand.

    @on(Choice.Changed, "#letter-kind")
    @on(Choice.Changed, "#letter-language")
    def _other(self) -> None:
        self._full = False
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
            self._letter, self._text.value = None, ""
            self.tell(error)
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
        """What is hidden, and the text that goes out, unless the full one is being edited."""
        kept = [self.context.speech("Left readable: {piece}", piece=piece) for piece in letter.kept]
        self._hidden.update(show.join((" · ", Tone.FAINT), [self._summary(letter), *hidden(letter), *kept]))
        masks = letter.level != "none" and not self._full
        had, goes = (self._text, self._masked_text) if masks else (self._masked_text, self._text)
        if masks:
            self._masked_text.show(masked(letter))
        focused = had.has_focus
        had.display, goes.display = False, True
        if focused:
            goes.focus()
        self.refresh_bindings()

    def action_full(self) -> None:
        """From the masked text to the full one, or back."""
        letter = self._letter
        if letter is not None and letter.level != "none":
            self._full = not self._full
            self._show_hidden(letter)
            (self._text if self._full else self._masked_text).focus()

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
        if self._writing is None:
            self._writing = self.set_timer(BETWEEN_WRITES, self._keep)

    @on(Choice.Changed, "#letter-level")
    def _masked(self, event: Choice.Changed) -> None:
        letter = self._letter
        level = next((level for level in LEVELS if level == event.value), None)
        if letter is None or level is None or letter.level == level:
            return
        self._full = False
        self._letter = letter = self._letters.mask(self._case, letter, level)
        if (letter.kind.id, letter.language) in self._changed:
            self._changed[letter.kind.id, letter.language] = letter
        self._show_hidden(letter)

    # What survives a lost connection.

    def _texts(self) -> dict[str, str]:
        return {f"{kind}.{language}": letter.plain for (kind, language), letter in self._changed.items()}

    @work(group="draft")
    async def _keep(self) -> None:
        self._writing = None
        try:
            await self._draft.keep(self._texts(), self.context.casebook.now())
        except PddError as error:
            self.tell(error)

    @work(group="draft")
    async def _offer_draft(self) -> None:
        draft = await self._draft.offered()
        if draft is None:
            return
        speech = self.context.speech
        question = speech("Text from {moment} was not saved.", moment=draft.at)
        throw = Confirm(question, yes=speech("Throw it away"), no=speech("Go on with it"))
        try:
            if await self.app.push_screen_wait(throw):
                await self._draft.discard(draft)
                return
            await self._draft.take(draft)
            await self._restore(draft.values)
        except PddError as error:
            self.tell(error)
        self._write()

    async def _restore(self, texts: Mapping[str, str]) -> None:
        letters, case = self._letters, self._case
        known = {f"{kind.id}.{language}": (kind, language) for kind in letters.kinds for language in LANGUAGES}
        for name, text in texts.items():
            if name in known:
                kind, language = known[name]
                letter = await self.context.clerk.do(partial(letters.write, case, kind, language))
                self._changed[kind.id, language] = letters.reworded(case, letter, text)

    async def leave(self, saved: Saved | None) -> None:
        """Close; the letters that were changed are sent or not wanted any more."""
        await self._draft.end(dropped=True)
        self.dismiss(saved)

    def tell(self, error: PddError) -> None:
        self.notify(self.context.speech.say(error.message), severity="error", markup=False)
