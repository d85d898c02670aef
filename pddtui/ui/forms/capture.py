"""The line in which a contact is typed in one go, under the log: read while it is typed, saved with Enter.

Under it stands what was understood, and what was not. A line that cannot be saved stays as it is; one that is left
is kept as a draft and stands there again the next time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from pddtui.domain.case import REPLIES, SUBSTANCES, TURNS, Case
from pddtui.domain.text import clean
from pddtui.errors import PddError
from pddtui.message import Message, Words, msg
from pddtui.services.capture import BREAK, Backdrop, Captured, captured, completion
from pddtui.services.drafts import Draft
from pddtui.services.people import SeenPerson
from pddtui.ui import show
from pddtui.ui.actions import Place
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.form import Drafted, Saved
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.entries import LineField, SeveralLines
from pddtui.ui.widgets.fields import ChoiceOption, Field
from pddtui.ui.widgets.key_line import KeyLine

__all__ = ["CaptureLine"]

_SHAPES: tuple[Message, ...] = (
    msg("Li supervisor 8842: refund within 3 working days; by Wed"),
    msg("me: asked for the refund"),
)
"""What a line may look like."""


class Names(Suggester):
    """Completes the name of a person of the case; Right takes it."""

    def __init__(self, seen: Sequence[SeenPerson]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._seen = seen

    async def get_suggestion(self, value: str) -> str | None:
        rest = completion(value, self._seen)
        return value + rest if rest else None


class CapturedWords(LineField, inherit_bindings=False):
    """Every line of a paste is kept, with a sign where it ends. Enter belongs to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in Input.BINDINGS if isinstance(binding, Binding) and binding.key != "enter"
    ]

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if SeveralLines.in_paste(event.text):
            self.post_message(SeveralLines(event.text, self.put_in))
        else:
            self.put_in(event.text)

    def put_in(self, text: str) -> None:
        """Put it in as words of the one contact."""
        self.replace(clean(text).strip().replace("\n", BREAK), *self.selection)


class Meaning(Widget):
    """What was understood, in as many rows whatever it is: nothing moves while somebody types."""

    def __init__(self) -> None:
        super().__init__(classes="capture--meaning")
        self._said: tuple[Content, ...] = ()

    def say(self, *said: Content) -> None:
        """Show these, one below the other; what does not fit into the rows is left out."""
        if said != self._said:
            self._said = said
            self.refresh()

    def render(self) -> Content:
        cells, rows = max(1, self.content_size.width), max(1, self.content_size.height)
        lines = [line for content in self._said for line in show.wrap(content, cells)]
        if len(lines) > rows and len(self._said) > 1:  # who it was has one row then, so that the rest is seen
            first, *others = self._said
            lines = [show.one_row(first, cells), *(line for content in others for line in show.wrap(content, cells))]
        return Content("\n").join(lines[:rows])


LINE_WIDTHS: list[tuple[int, str]] = [(0, "-narrow"), (70, "-medium"), (100, "-wide")]
LINE_HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (16, "-high")]


class CaptureLine(Drafted):
    PLACE: ClassVar[Place] = "line"
    KIND: ClassVar[str] = "line"
    HORIZONTAL_BREAKPOINTS = LINE_WIDTHS
    VERTICAL_BREAKPOINTS = LINE_HEIGHTS
    AUTO_FOCUS = ""

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case
        casebook = context.casebook
        self._backdrop = Backdrop.of(case, casebook.rules, casebook.calendar, tuple(context.handbook.channels))
        self._line = CapturedWords(placeholder=self.speech("who: what was said; by when"))
        self._line.before_key = self._before_key
        self._line.suggester = Names(self._backdrop.seen)
        self._meaning = Meaning()
        self._sheet = Vertical(classes="capture--sheet")
        self._busy = False

    def compose(self) -> ComposeResult:
        with self._sheet:
            with Horizontal(classes="capture--row"):
                yield Static(show.line((">", Tone.ACCENT)), classes="capture--sign")
                yield Field("", self._line, id="line")
            yield self._meaning
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self.begin()
        self._say()
        self._line.focus()
        self._stand()

    @on(events.Resize)
    def _seen_anew(self) -> None:
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        """Stand under the contact log where one is seen at the foot of a wide screen below, else over all its width."""
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack[1:] else None
        logs = below.query("#log").results(Widget) if below is not None else ()
        region = next((log.region for log in logs if log.region.height), None)
        left, foot = 0, 1
        if below is not None and region is not None:
            foot = max(1, below.size.height - region.bottom)
            left = region.x + 1 if region.x and below.size.width >= LINE_WIDTHS[-1][0] else 0
        self._sheet.styles.margin = (0, 0, foot - 1, left)

    def _before_key(self, key: str) -> bool:
        """The keys of this screen come before those of a line, which would go to the next field or submit."""
        if key == "ctrl+j":  # between two lines of a paste without brackets
            self._line.insert_text_at_cursor(BREAK)
            return True
        for binding in self._bindings.key_to_bindings.get(key, ()):
            match binding.action:
                case "save":
                    self.action_save()
                case "form":
                    self.action_form()
                case "back":
                    self.action_back()
                case _:
                    continue
            return True
        return False

    def _read(self) -> Captured:
        return captured(self._line.value, self._backdrop, self.edits.begun)

    def changed(self, field: Field) -> None:  # noqa: ARG002 -- there is only one
        self._say()

    def renew_hints(self) -> None:
        self._say()

    def _show_offer(self, draft: Draft | None) -> None:
        """What was left behind stands there again, unless something else was typed meanwhile."""
        self._offer = draft
        if draft is not None and not self.dirty:
            self.run_worker(self._take_up(), group="draft")

    async def _take_up(self) -> None:
        await self.action_take_draft()
        self._line.cursor_position = len(self._line.value)

    def _say(self) -> None:
        if not self._line.value.strip():
            examples = "   ".join(self.speech.say(example) for example in _SHAPES)
            self._meaning.say(show.plain(examples, Tone.QUIET))
            return
        found = self._read()
        self._meaning.say(self._who_and_where(found), self._what(found))

    def _who_and_where(self, found: Captured) -> Content:
        """As the log has it: `← 李 · 主管 · 工号 8842 · 店铺聊天`, and when."""
        speech, out = self.speech, found.direction == "out"
        whom = " · ".join(map(speech.render, found.person.parts))
        who: TextPart = (whom, Tone.STRONG) if whom else ("? " + speech("who"), Tone.AMBER)
        if out:
            who = (speech("I to {person}", person=whom) if whom else speech("I to them"), Tone.STRONG)
        present = self.context.casebook.now()
        now = not found.when and f"{found.at:%x %H:%M}" == f"{present:%x %H:%M}"
        moment = speech("now") if now else speech.moment(found.at)
        channel = speech.say(found.channel.label) if found.channel is not None else ""
        return show.line(
            ("→ " if out else "← ", Tone.ACCENT),
            show.join((" · ", Tone.FAINT), [who, (channel, Tone.QUIET), (moment, Tone.QUIET)]),
        )

    def _what(self, found: Captured) -> Content:
        """What it was, whose turn it makes it, what it promises, and what is wrong with it."""
        speech, heard = self.speech, found.suggestion.heard
        if found.faults:
            return show.line(("? " + speech.say(found.faults[0].message), Tone.AMBER))
        parts: list[TextPart | Content] = []
        if heard.reply is not None or heard.substance is not None:
            mark = REPLIES[heard.reply] if heard.reply is not None else SUBSTANCES[heard.substance or "answer"]
            parts.append(show.mark_words(mark, speech))
        elif found.demand:
            parts.append(speech("demand"))
        parts.append(speech.say(TURNS[found.suggestion.turn]))
        if found.own_day is not None:
            parts.append(speech("{due} stays in the words: it is no promise of theirs", due=found.own_day.at))
        if found.promise:
            if found.due is not None:
                parts.append((speech("promise by {due}", due=found.due.at), Tone.STRONG))
            else:
                parts += [speech("promise"), ("? " + speech("by when"), Tone.AMBER)]
            parts.append((found.promise, Tone.QUIET) if found.promise != found.said else "")
        return show.join((" · ", Tone.FAINT), parts)

    def action_save(self) -> None:
        if not self._busy:
            self._busy = True
            self.run_worker(self._save(), group="save")

    async def _save(self) -> None:
        self.note_edits()
        casebook, found = self.context.casebook, self._read()
        try:
            if found.faults:
                self._refuse(found)
                return
            new = found.contact(self._of, casebook.rules)
            case, contact = await self.context.clerk.do(lambda: casebook.log(self._of.id, new))
        except PddError as error:
            self.show_trouble(error.message)
            return
        finally:
            self._busy = False
        self._busy = True
        await self.typed.end(dropped=True)
        self.dismiss(Saved(case_id=case.id, thing=contact.id, message=self.speech("Logged in {ref}.", ref=case.ref)))

    def _refuse(self, found: Captured) -> None:
        """Say in one sentence what was understood and what was not."""
        speech = self.speech
        wrong = speech.say(found.faults[0].message)
        whom = " · ".join(map(speech.render, found.person.parts))
        at_fault = {fault.field for fault in found.faults}
        when = found.when if "at" not in at_fault else ""
        by = found.due_phrase if "due" not in at_fault else ""
        understood = [part for part in (whom, when, show.cut(found.said, 40), by) if part]
        if not understood or not self._line.value.strip():
            self.show_trouble(found.faults[0].message)
            return
        sentence = speech("Understood: {parts}. Not understood: {wrong}", parts=tuple(understood), wrong=wrong)
        self._meaning.say(show.plain(f"✗ {sentence}", Tone.RED))

    def show_trouble(self, words: Words) -> None:
        sentence = self.speech.say(words)
        if sentence:
            self._meaning.say(show.plain(f"✗ {sentence}", Tone.RED))

    def action_form(self) -> None:
        if not self._busy:
            self.run_worker(self._go_on(), group="leave", exclusive=True)

    async def _go_on(self) -> None:
        """Go on in the form, over the line, which stays until that is saved."""
        self.note_edits()
        found = self._read() if self._line.value.strip() else None
        saved = await self.app.push_screen_wait(ContactForm(self.context, self._of, captured=found))
        if saved is not None:
            await self.typed.end(dropped=True)
            self.dismiss(saved)

    def action_back(self) -> None:
        if not self._busy:
            self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        """Keep what is typed; where that cannot be done, ask."""
        dropped = not self._line.value.strip()
        if not dropped and not await self.write_draft():
            stay = ChoiceOption("stay", self.speech("Keep writing"))
            throw = ChoiceOption("throw", self.speech("Leave and discard it"))
            words = self.speech("What you typed is not saved yet.")
            if await self.app.push_screen_wait(Question(words, (stay, throw), letters="gt", safe="stay")) != "throw":
                return
            dropped = True
        await self.typed.end(dropped=dropped)
        self.dismiss(None)

    def restore(self, values: Mapping[str, str]) -> None:
        super().restore(values)
        self._say()
