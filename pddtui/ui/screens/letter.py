"""The letters of one case: which kind and language, how much is masked, edited, copied or written to a file.

A letter that is masked is shown as it will be read; the full text, which is what is typed, is a key away. A changed
text survives a look at another kind and a lost connection. A post for everybody leaves only after the person has
confirmed what is hidden, which is noted in the case. It gives back the contact that was logged, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from pddtui.domain.case import Case
from pddtui.domain.mask import MaskLevel
from pddtui.errors import PddError
from pddtui.message import Language, Message, plural
from pddtui.services.drafts import Drafts, DraftSubject
from pddtui.services.export.files import free_path
from pddtui.services.inputs import NewContact
from pddtui.services.letters.letters import Letter, Letters
from pddtui.services.letters.model import sent_words
from pddtui.services.letters.words import LetterWords
from pddtui.speech import LANGUAGES
from pddtui.ui import show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import QUESTION_WIDTHS, Confirm, Question
from pddtui.ui.forms.form import BETWEEN_WRITES, Saved, Typed
from pddtui.ui.forms.into_file import IntoFile, Write
from pddtui.ui.screens.plain import PlainScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Choice, ChoiceOption, TextBox
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import MASK_WORDS, Preview, hidden_lines, masked_text

__all__ = ["IntoLetterFile", "LetterScreen"]


class IntoLetterFile(IntoFile):
    """Asks for the file that a letter goes into."""

    KIND: ClassVar[str] = "letter_file"

    def __init__(self, context: Context, case: Case, letter: Letter) -> None:
        super().__init__(context, case)
        self._of, self._letter = case, letter

    def heading(self) -> str:
        return self.speech("Letter to a file")

    def fields(self) -> Iterable[Widget]:
        yield self.file_field(self.speech("In {folder} if you give no folder.", folder=str(Path.cwd())))

    def prepare(self) -> None:
        self.field("file").value = str(free_path(Path(), f"{self._of.ref}-{self._letter.kind.id}", "txt"))

    async def content(self) -> Write:
        return self._write

    def written(self, path: Path) -> str:
        return self.speech("The letter was written to {file}.", file=str(path))

    def _write(self, out: BinaryIO) -> tuple[Message, ...]:
        out.write(self._letter.text.encode())
        return ()


LETTER_HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (20, "-high")]


class Drafting(ActionScreen[Saved | None]):
    """One case, all its letters; what was changed in one is on disk within half a second."""

    CSS_PATH = themes.OTHER_SHEETS
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    VERTICAL_BREAKPOINTS = LETTER_HEIGHTS
    AUTO_FOCUS = ""

    def __init__(self, context: Context, case: Case, *, kind: str | None = None) -> None:
        """With `kind` that letter is chosen, where the case has it; else the one that fits first."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._case = case
        self._letters = Letters(context.casebook, context.handbook, context.places.letters)
        self._changed: dict[tuple[str, Language], Letter] = {}
        """Letters whose text the person has changed; another kind may be looked at without losing one."""
        self._letter: Letter | None = None
        self._day = context.casebook.now().date()
        """The day that the letter bears."""
        self._draft = Typed(Drafts(context.places.drafts).open(DraftSubject(form="letter", case=case.id)))
        self._writing: Timer | None = None
        speech = context.speech
        kinds = self._kinds(*filter(None, [kind]))
        chosen = kind if any(each.key == kind for each in kinds) else None
        self._kind = Choice(kinds, chosen or kinds[0].key, id="letter-kind")
        languages = [ChoiceOption(key, name) for key, name in LANGUAGES.items()]
        self._language = Choice(languages, speech.language, id="letter-language")
        levels = [ChoiceOption(level, speech.say(words)) for level, words in MASK_WORDS.items()]
        self._level = Choice(levels, "none", id="letter-level")
        self._text = TextBox(id="letter-text")
        self._masked_text = Preview(id="letter-masked")
        self._full = False
        """Whether the full text of a masked letter is shown, to be edited."""
        self._hidden = Static(id="letter-hidden")

    def _kinds(self, *named: str) -> list[ChoiceOption]:
        """What is offered: the kinds that say something in this case, and those named."""
        kinds = self._letters.offered_for(self._case, *named)
        return [ChoiceOption(kind.id, self.speech.say(kind.label)) for kind in kinds]

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
        advice = speech("Check every fact before you send this. It is not legal advice.")
        yield Static(show.plain(advice, Tone.QUIET), id="letter-advice")
        yield KeyLine(self.context, rows=3)

    def on_mount(self) -> None:
        self._kind.focus()
        self._write()
        self._offer_draft()

    def on_unmount(self) -> None:
        self._draft.end_now(self._texts() or None, self.context.casebook.now())

    @on(Choice.Changed, "#letter-kind")
    @on(Choice.Changed, "#letter-language")
    def _other(self) -> None:
        self._full = False
        self._write()

    def clock_moved(self, now: datetime) -> None:
        """A letter bears the day on which it is written; what the person has written of it stays."""
        if now.date() != self._day:
            self._day = now.date()
            self._write_again()

    def take_in(self, changed: frozenset[str]) -> None:
        case = self.context.casebook.store.cases().get(self._case.id)
        if case is not None and case.id in changed:
            self._case = case
            self._write_again()

    def _write_again(self) -> None:
        letter = self._letter
        if letter is not None and (letter.kind.id, letter.language) not in self._changed:
            self._write(letter.level)

    @work(exclusive=True, group="write")
    async def _write(self, level: MaskLevel | None = None) -> None:
        """With `level` the letter that is shown is written anew, masked as it is."""
        language = next(language for language in LANGUAGES if language == self._language.value)
        kept = self._changed.get((self._kind.value, language))
        if kept is not None:
            self._show(kept)
            return
        letters, case, name = self._letters, self._case, self._kind.value
        try:
            letter = await self.context.clerk.do(lambda: letters.write(case, letters.kind(name), language))
        except PddError as error:
            self._letter, self._text.value = None, ""
            self.show_trouble(error)
            return
        if level is not None and (letter.kind.id, letter.language) in self._changed:
            return  # meanwhile it has become the person's own
        if level is not None and level != letter.level:
            letter = letters.mask(case, letter, level)
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
        kept = [self.context.speech("Not masked: {piece}", piece=piece) for piece in letter.kept]
        room = [self.context.speech.say(letter.room)] if letter.room is not None else []
        self._hidden.update(
            show.join((" · ", Tone.FAINT), [self._summary(letter), *room, *hidden_lines(letter.masked.spans), *kept])
        )
        masks = letter.level != "none" and not self._full
        had, goes = (self._text, self._masked_text) if masks else (self._masked_text, self._text)
        if masks:
            self._masked_text.show(masked_text(letter))
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

    def _summary(self, letter: Letter) -> show.TextPart:
        if letter.level == "none":
            return self.context.speech("text unchanged"), Tone.QUIET
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
        level = next((level for level in MASK_WORDS if level == event.value), None)
        if letter is None or level is None or letter.level == level:
            return
        self._full = False
        self._letter = letter = self._letters.mask(self._case, letter, level)
        if (letter.kind.id, letter.language) in self._changed:
            self._changed[letter.kind.id, letter.language] = letter
        self._show_hidden(letter)

    def _texts(self) -> dict[str, str]:
        return {f"{kind}.{language}": letter.plain for (kind, language), letter in self._changed.items()}

    @work(group="draft")
    async def _keep(self) -> None:
        self._writing = None
        try:
            await self._draft.keep(self._texts(), self.context.casebook.now())
        except PddError as error:
            self.show_trouble(error)

    @work(group="draft")
    async def _offer_draft(self) -> None:
        draft = await self._draft.offered()
        if draft is None:
            return
        speech = self.context.speech
        question = speech("The text from {moment} is not saved yet.", moment=draft.at)
        throw = Confirm(question, yes=speech("Discard it"), no=speech("Continue with it"))
        try:
            if await self.app.push_screen_wait(throw):
                await self._draft.discard(draft)
                return
            await self._draft.take(draft)
            await self._restore(draft.values)
        except PddError as error:
            self.show_trouble(error)
        self._write()

    async def _restore(self, texts: Mapping[str, str]) -> None:
        letters, case = self._letters, self._case
        known = {f"{kind.id}.{language}": (kind, language) for kind in letters.kinds for language in LANGUAGES}
        for name, text in texts.items():
            if name in known:
                kind, language = known[name]
                letter = await self.context.clerk.do(partial(letters.write, case, kind, language))
                self._changed[kind.id, language] = letters.reworded(case, letter, text)
        self._kind.set_options(self._kinds(self._kind.value, *(kind for kind, _ in self._changed)))

    async def leave(self, saved: Saved | None) -> None:
        """Close; the letters that were changed are sent or not wanted any more."""
        await self._draft.end(dropped=True)
        self.dismiss(saved)

    def show_trouble(self, error: PddError) -> None:
        self.decline(self.context.speech.say(error.message))


MASKED_MILESTONE = "text_masked"
"""The milestone that the gate of going public asks for."""


_PIECES = "123456789abcdefghijk"
"""The keys of the answers, and so how many hidden pieces a question can hold."""


class LetterScreen(Drafting):
    """The letters of one case, and the ways out of the house."""

    PLACE: ClassVar[Place] = "letter"

    def __init__(self, context: Context, case: Case, *, kind: str | None = None) -> None:
        super().__init__(context, case, kind=kind)
        self._confirmed: str | None = None
        """The public text of which the person has said that nothing private is left in it."""

    @work
    async def action_copy(self) -> None:
        letter = await self._cleared()
        if letter is not None:
            self.app.copy_to_clipboard(letter.text)

    @work
    async def action_save(self) -> None:
        letter = await self._cleared()
        if letter is None:
            return
        saved = await self.app.push_screen_wait(IntoLetterFile(self.context, self._case, letter))
        if saved is not None:
            self.tell(saved.message)

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
            self.show_trouble(error)
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
            ChoiceOption(one, speech("hide again: {piece}", piece=one))
            if one in letter.kept
            else ChoiceOption(one, speech("do not mask: {piece}", piece=one))
            for one in offered
        ]
        ask = Question(
            speech("Was something hidden that should be readable?"),
            [ChoiceOption("", speech("No, leave it as it is")), *answers],
            signs="n" + _PIECES[: len(offered)],
            safe="",
        )
        piece = await self.app.push_screen_wait(ask)
        if not piece or self._letter is not letter:
            return
        letter = self._letters.keep(self._case, letter, piece)
        self._changed[letter.kind.id, letter.language] = self._letter = letter
        self._show_hidden(letter)

    def met(self, need: Need) -> bool:
        letter = self._letter
        if letter is None:
            return False
        match need:
            case Need.MASK:
                return letter.level != "none"
            case Need.MASKED_PIECE:
                return bool(letter.masked.spans or letter.kept)
        return True

    @work
    async def action_back(self) -> None:
        speech = self.context.speech
        if self._changed:
            question = speech("Your changes to the letter are not saved yet.")
            leave = Confirm(question, yes=speech("Leave and discard it"), no=speech("Keep writing"))
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
                *hidden_lines(letter.masked.spans),
                *(speech("Not masked: {piece}", piece=piece) for piece in letter.kept),
                speech("No rule finds these; check for them yourself: {what}.", what=tuple(look)),
            ]
        )
        question = speech("Everybody will be able to read this. Have you made sure that nothing private is left in it?")
        sure = Confirm(question, yes=speech("Nothing private is left"), no=speech("Check again"), detail=detail)
        if not await self.app.push_screen_wait(sure):
            return None
        try:
            await self.context.clerk.do(lambda: casebook.note_milestone(case.id, MASKED_MILESTONE, casebook.now()))
        except PddError as error:
            self.show_trouble(error)
            return None
        self._confirmed = letter.text
        return letter
