"""Promises on forms: typed with a contact, confirmed in a sentence, and settled later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import PROMISE_STATES, WRITTEN, Case, Contact, Promise, PromiseState
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.confirmation import to_confirm
from pddtui.services.inputs import NewPromise
from pddtui.speech import Speech
from pddtui.ui import show, themes
from pddtui.ui.bindings import bindings, half_width
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import QUESTION_WIDTHS
from pddtui.ui.forms.form import Drafted, Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Remark, due_hint, now_hint, when_hint
from pddtui.ui.show import Tone
from pddtui.ui.thrift import ShapedScreen
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field

__all__ = ["DUE_FIELDS", "CallConfirmation", "PromiseForm", "PromiseRows", "confirm_in_writing"]

MOST_PROMISES = 3
_MARKS = ("", *(f"-{number}" for number in range(2, MOST_PROMISES + 1)))
DUE_FIELDS = tuple(f"due{mark}" for mark in _MARKS)
"""The names of the fields that say by when."""


class _Row:
    def __init__(self, context: Context, number: int, asking: bool) -> None:
        speech = context.speech
        mark = _MARKS[number - 1]
        self.text = Field(
            speech("They promise"),
            LineField(placeholder=speech("What exactly will you do?") if asking else ""),
            id=f"promise{mark}",
        )
        self.due = Field(
            speech("by when"),
            LineField(placeholder=speech("By which day?") if asking else speech("within 3 working days, 11-25 18:00")),
            id=f"due{mark}",
        )
        self.shown = number == 1  # the others come with a key

    @property
    def empty(self) -> bool:
        return not (self.text.value.strip() or self.due.value.strip())

    @property
    def shown(self) -> bool:
        return self.text.display

    @shown.setter
    def shown(self, shown: bool) -> None:
        self.text.display = self.due.display = shown


class PromiseRows:
    """The fields, what they mean, and the promises that stand in them."""

    def __init__(self, context: Context, *, asking: bool) -> None:
        """`asking` shows the questions to be asked on the phone."""
        self._context = context
        self._rows = [_Row(context, number, asking) for number in range(1, MOST_PROMISES + 1)]

    def fields(self) -> Iterable[Widget]:
        for row in self._rows:
            yield row.text
            yield row.due

    def more(self) -> Field | None:
        """Show one more; the field to go on in, None when all are shown."""
        hidden = next((row for row in self._rows if not row.shown), None)
        if hidden is None:
            return None
        hidden.shown = True
        return hidden.text

    @property
    def all_shown(self) -> bool:
        """Whether there is no room for one more."""
        return all(row.shown for row in self._rows)

    def show_typed(self) -> None:
        """Show every promise in which something stands."""
        for row in self._rows[1:]:
            row.shown = row.shown or not row.empty

    @property
    def any(self) -> bool:
        return any(not row.empty for row in self._rows)

    def hint(self, said_at: datetime, *, proposed: bool = False) -> None:
        """Say under each date what it means when it is counted from the contact; `proposed` is that of the first."""
        for row in self._rows:
            hint = due_hint(self._context, row.due.value, said_at)
            marked = proposed and row is self._rows[0] and hint
            row.due.hint = f"{hint} · {self._context.speech('proposed')}" if marked else hint

    def entered(self, said_at: datetime, faults: Faults, *, written: bool) -> Mapping[str, NewPromise]:
        """The promises as entered, each by the name of its date; what is wrong with them goes to the faults."""
        return {
            str(row.due.id): promise
            for row in self._rows
            if not row.empty and (promise := faults.of(partial(self._entered, row, said_at, written), None)) is not None
        }

    def _entered(self, row: _Row, said_at: datetime, written: bool) -> NewPromise:
        """Raises `Refused` at the fields at fault."""
        phrase = row.due.value.strip() or None
        new, faults = NewPromise(text=row.text.value, due_phrase=phrase, written=written), Faults()
        try:
            new.build("", said_at, self._context.casebook.due)
        except Refused as refused:
            field = row.text if refused.field == "promise" else row.due
            faults.note(Refused(refused.message, field=field.id, position=refused.position))
        if not row.text.value.strip():
            faults.note(Refused(msg("A promise needs a text: what exactly will they do?"), field=row.text.id))
        faults.check()
        return new


REPLACING = frozenset({"promise", "due", "written"})
"""The fields of the new promise."""


class PromiseForm(FormScreen):
    KIND: ClassVar[str] = "promise"
    DATED: ClassVar[frozenset[str]] = frozenset({"at", "due"})

    def __init__(
        self, context: Context, case: Case, contact: Contact, promise: Promise, *, state: PromiseState | None = None
    ) -> None:
        """With `state` that result is chosen already."""
        super().__init__(context, case, promise.id)
        self._chosen = state
        self._of = case
        self._contact = contact
        self._promise = promise

    def heading(self) -> str:
        return self.speech("Settle a promise")

    def fields(self) -> Iterable[Widget]:
        speech, promise = self.speech, self._promise
        yield Remark(self._about)
        states = [
            ChoiceOption(state, speech.say(mark.word))
            for state, mark in PROMISE_STATES.items()
            if state != promise.state
        ]
        yield Field(
            speech("It was"),
            Choice([each for each in states if self._fits(each.key)], self._chosen or ""),
            required=True,
            id="state",
        )
        yield Field(speech("When"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(speech("They promise"), LineField(promise.text), required=True, id="promise")
        yield Field(
            speech("by when"),
            LineField(placeholder=speech("within 3 working days, 11-25 18:00")),
            required=True,
            id="due",
        )
        ways = (ChoiceOption("no", speech.say(WRITTEN["none"])), ChoiceOption("yes", speech.say(WRITTEN["received"])))
        yield Field(speech("On record"), Choice(ways, "yes" if promise.written else "no"), id="written")

    def _about(self) -> str:
        promise, person = self._promise, self._contact.person
        who = person.short or self.speech("they")
        said = self.speech("{who} on {moment}: “{text}”", who=who, moment=self._contact.at, text=promise.text)
        return said if promise.due is None else f"{said} {self.speech('Due {due}.', due=promise.due)}"

    def _fits(self, state: str) -> bool:
        """Only what is still open can be replaced, and only what is settled can be opened again."""
        return state != "replaced" or self._promise.state == "open"

    def prepare(self) -> None:
        self.changed(self.field("state"))
        self.changed(self.field("at"))
        self.changed(self.field("due"))

    def start(self) -> str:
        return "due" if self._chosen == "replaced" else "state"

    def changed(self, field: Field) -> None:
        if field.id == "state":
            for name in REPLACING:
                self.field(name).display = field.value == "replaced"
            self.field("at").display = field.value not in ("replaced", "open")
        elif field.id == "at":
            empty = now_hint(self.context, self.edits.begun)
            field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)
        elif field.id == "due":
            field.hint = due_hint(self.context, field.value, self.typed_at("due"))

    async def save(self) -> Saved | None:
        casebook, case_id, promise = self.context.casebook, self._of.id, self._promise
        state = next((known for known in PROMISE_STATES if known == self.value("state")), None)
        if state == "replaced":
            return await self._replace()
        faults = Faults()
        if state is None:
            faults.note(Refused(msg("Choose the result."), field="state"))
        at = faults.of(lambda: self.moment_in("at"), None) or self.edits.begun
        if state is None or faults:
            raise faults.together()
        case = await self.context.clerk.do(lambda: casebook.settle_promise(case_id, promise.id, state, at))
        return self._saved(case, promise.id, state)

    async def _replace(self) -> Saved:
        casebook, case_id, old = self.context.casebook, self._of.id, self._promise.id
        faults = Faults()
        faults.of(lambda: self.due_in("due"), None)
        if self.given("promise") is None:
            faults.note(Refused(msg("A promise needs a text: what exactly will they do?"), field="promise"))
        faults.check()
        given_at = self.typed_at("due")
        new = NewPromise(
            text=self.value("promise"), due_phrase=self.value("due"), written=self.value("written") == "yes"
        )
        case, promise = await self.context.clerk.do(lambda: casebook.replace_promise(case_id, old, new, given_at))
        return self._saved(case, promise.id, "replaced")

    def _saved(self, case: Case, thing: str, state: PromiseState) -> Saved:
        message = self.speech(
            "The promise in {ref} is recorded as: {state}.", ref=case.ref, state=PROMISE_STATES[state].word
        )
        return Saved(case_id=case.id, thing=thing, message=message)


async def confirm_in_writing(form: Drafted, case: Case, contact: Contact, ticket: str | None = None) -> None:
    """Show what to send to them, so that what was said is on their record too; nothing where nobody said anything."""
    text = to_confirm(case, contact, form.speech, ticket=ticket)
    if text:
        await form.app.push_screen_wait(CallConfirmation(text, form.speech))


class Quote(Widget):
    """A text to be sent, wrapped as Chinese is."""

    def __init__(self, text: str) -> None:
        super().__init__(classes="question--quote")
        self._text = text

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        return len(show.wrap(self._text, width))

    def render(self) -> Content:
        return Content("\n").join(show.wrap(self._text, max(1, self.content_size.width)))


class CallConfirmation(ModalScreen[None], ShapedScreen[None]):
    CSS_PATH = themes.OTHER_SHEETS
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = bindings("sentence")

    def __init__(self, text: str, speech: Speech) -> None:
        super().__init__()
        self._text = text
        self._speech = speech
        self._keys = Static(classes="question--keys")

    def compose(self) -> ComposeResult:
        with Vertical(classes="question--sheet"):
            yield Static(
                show.plain(self._speech("Saved. Paste this into the chat, so that they have it on record too:")),
                classes="question--detail",
            )
            yield Quote(self._text)
            yield self._keys

    def on_mount(self) -> None:
        self._keys.update(
            show.line(
                ("y", Tone.ACCENT),
                (f" {self._speech('copy')}   ", Tone.QUIET),
                ("Esc", Tone.ACCENT),
                (f" {self._speech('close')}", Tone.QUIET),
            )
        )

    async def on_key(self, event: events.Key) -> None:
        """The first letter of the word copies, as in every question, and so does a key that an input method widens."""
        twin = half_width(event) or event
        if twin.key.lower() in ("c", "y"):
            event.stop()
            self.action_copy()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._text)

    def action_close(self) -> None:
        self.dismiss(None)
