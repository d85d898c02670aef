"""What all forms have in common: fields under each other, Ctrl+S to save from any of them, nothing typed ever lost.

A refusal goes to its field with its sentence; any other trouble is said above the keys, and Ctrl+S tries again.
What is typed is on disk within half a second of a key, and offered to the next form with the same subject.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.errors import PddError, Refused
from pddtui.message import Words
from pddtui.services.drafts import Draft, Drafts, Subject
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.key_names import key_name
from pddtui.ui.keys import Key, bindings
from pddtui.ui.screens.confirm import WIDTHS, Confirm, Question
from pddtui.ui.screens.forms.keys import FORM
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.forms.typed import Typed
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Field, LineField, Option

__all__ = ["FormScreen"]

HEIGHTS = [(0, "-low"), (32, "-high")]
BETWEEN_WRITES = 0.4
"""Seconds from a key to the write of the draft; keys in between are written with it."""


_DRAFT_ACTIONS = frozenset({"take_draft", "throw_draft"})
_LONG, _MOST = 12, 400
"""Characters: a value as long as this tells what a draft was about; as many of all are shown."""


class _Fields(VerticalScroll, can_focus=False):
    """Scrolls with the field that has the focus."""


class FormScreen(ModalScreen[Saved | None]):
    """A subclass names itself, lists its fields and saves them."""

    KIND: ClassVar[str]
    """The kind of form, for its drafts."""
    KEYS: ClassVar[tuple[Key, ...]] = FORM
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = None

    def __init__(self, context: Context, case: Case | None, thing: str | None = None) -> None:
        super().__init__()
        self.context = context
        self.speech = context.speech
        self.case = case
        self._typed = Typed(
            Drafts(context.places.drafts).open(
                Subject(form=self.KIND, case=case.id if case else None, thing=thing),
            )
        )
        self._clean: Mapping[str, str] = {}
        self._standing: Mapping[str, str] = {}
        self._offer: Draft | None = None
        self._saving = False
        self._writing: Timer | None = None
        self._offer_line = Static(classes="form--offer")
        self._trouble_line = Static(classes="form--trouble")
        self._key_line = Static(classes="form--keys")

    # What a form is.

    def heading(self) -> str:
        """What the form does."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """The fields from top to bottom, each with the name of its value as id."""
        raise NotImplementedError

    async def save(self) -> Saved | None:
        """Save what stands in the fields. Raises `Refused` with the field at fault, or another `PddError`.

        None is for a question that was answered with no: the form stays.
        """
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in what the program proposes, before anything is typed."""

    def restore(self, values: Mapping[str, str]) -> None:
        """Put the values of a draft into the fields."""
        for field in self.query(Field):
            if field.id is not None and field.id in values:
                field.value = values[field.id]

    # How it is put together.

    def compose(self) -> ComposeResult:
        with Vertical(classes="form--sheet"):
            ref = self.case.ref if self.case else ""
            yield Static(show.join("  ", [(self.heading(), Tone.STRONG), (ref, Tone.QUIET)]), classes="form--heading")
            yield self._offer_line
            with _Fields(classes="form--fields"):
                yield from self.fields()
            yield self._trouble_line
            yield self._key_line

    async def on_mount(self) -> None:
        self.prepare()
        self._clean = self._standing = self.values()
        self.tell_trouble("")
        self._tell_keys()
        self._show_offer(None)
        first = next((field for field in self.query(Field) if field.display and not field.value), None)
        (first or self.query(Field).first()).focus()
        self.run_worker(self._look_for_draft(), group="draft")

    def on_unmount(self) -> None:
        dirty = self._standing != self._clean
        self._typed.end_now(self._standing if dirty else None, self.context.casebook.now())

    # Fields.

    def field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def value(self, name: str) -> str:
        return self.field(name).value

    def given(self, name: str) -> str | None:
        """What stands in the field, None for nothing."""
        return self.value(name).strip() or None

    def at_first(self, name: str) -> str:
        """What stood in the field when the form was opened."""
        return self._clean.get(name, "")

    def values(self) -> dict[str, str]:
        """What stands in every field, by its name."""
        return {field.id: field.value for field in self.query(Field) if field.id}

    @property
    def dirty(self) -> bool:
        """Whether anything stands there that was not there at the beginning."""
        return self.values() != self._clean

    def changed(self, field: Field) -> None:
        """Something else stands in a field: say what it means."""

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.changed(event.field)
        self._standing = self.values()
        if self._writing is None:
            self._writing = self.set_timer(BETWEEN_WRITES, self.write_draft)

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_next_field(self) -> None:
        self.focus_next()

    # Saving.

    def action_save(self) -> None:
        if not self._saving:
            self._saving = True
            self._tell_keys()
            self.run_worker(self._save(), group="save")

    async def _save(self) -> None:
        self.tell_trouble("")
        try:
            saved = await self.save()
        except Refused as refused:
            self.refuse(refused)
            return
        except PddError as error:
            self.tell_trouble(error.message)
            return
        finally:
            self._saving = False
            self._tell_keys()
        if saved is not None:
            await self._typed.end(dropped=True)
            await self.after()
            self.dismiss(saved)

    async def after(self) -> None:
        """What comes between saving and closing."""

    def refuse(self, refused: Refused) -> None:
        """Say it at the field at fault and go there; at the foot of the form if no field is."""
        field = next((field for field in self.query(Field) if field.id == refused.field and field.display), None)
        if field is None:
            self.tell_trouble(refused.message)
            return
        field.error = self.speech.say(refused.message)
        field.focus()
        if refused.position is not None and isinstance(field.entry, LineField):
            field.entry.cursor_position = min(refused.position, len(field.value))

    def tell_trouble(self, words: Words) -> None:
        """One sentence above the keys; "" takes it away."""
        sentence = self.speech.say(words)
        self._trouble_line.update(show.plain(f"✗ {sentence}" if sentence else "", Tone.RED))
        self._trouble_line.display = bool(sentence)

    # Leaving.

    async def action_back(self) -> None:
        if self._saving:
            return
        if not self.dirty:
            self.run_worker(self._leave(dropped=True))
            return
        self.run_worker(self._ask_to_leave(), group="leave", exclusive=True)

    async def _ask_to_leave(self) -> None:
        answer = await self.app.push_screen_wait(
            Question(
                self.speech("What you typed is not saved."),
                (
                    Option("stay", self.speech("Go on writing")),
                    Option("keep", self.speech("Leave, and keep it as a draft")),
                    Option("throw", self.speech("Leave, and throw it away")),
                ),
                letters="gkt",
                safe="stay",
            )
        )
        if answer == "keep" and not await self.write_draft():
            return
        if answer in ("keep", "throw"):
            await self._leave(dropped=answer == "throw")

    async def _leave(self, *, dropped: bool) -> None:
        await self._typed.end(dropped=dropped)
        self.dismiss(None)

    # The draft.

    async def write_draft(self) -> bool:
        """Put what stands in the fields on disk; says so in the form when that fails, and gives False."""
        self._writing = None
        try:
            if self.dirty:
                await self._typed.keep(self.values(), self.context.casebook.now())
            else:
                await self._typed.drop()
        except PddError as error:
            self.tell_trouble(error.message)
            return False
        return True

    async def _look_for_draft(self) -> None:
        self._show_offer(await self._typed.offered())

    def _show_offer(self, draft: Draft | None) -> None:
        self._offer = draft
        self._offer_line.display = draft is not None
        if draft is not None:
            text = self.speech("Text from {moment} was not saved.", moment=draft.at)
            self._offer_line.update(show.join("  ", [("✎ " + text, Tone.AMBER), self._keys_of(_DRAFT_ACTIONS)]))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _DRAFT_ACTIONS:
            return self._offer is not None
        return super().check_action(action, parameters)

    async def action_take_draft(self) -> None:
        if (draft := self._offer) is None:
            return
        try:
            await self._typed.take(draft)
        except PddError as error:
            self.tell_trouble(error.message)
            return
        self._show_offer(None)
        self.restore(draft.values)

    def action_throw_draft(self) -> None:
        if self._offer is not None:
            self.run_worker(self._ask_to_throw(self._offer), group="leave", exclusive=True)

    async def _ask_to_throw(self, draft: Draft) -> None:
        question = Confirm(
            self.speech("Throw away the text from {moment}?", moment=draft.at),
            yes=self.speech("Throw it away"),
            no=self.speech("Keep it"),
            detail="\n".join(value for value in draft.values.values() if " " in value or len(value) > _LONG)[:_MOST],
        )
        if await self.app.push_screen_wait(question):
            await self._typed.discard(draft)
            self._show_offer(None)

    # The keys.

    def _tell_keys(self) -> None:
        if self._saving:
            self._key_line.update(show.plain(self.speech("saving …"), Tone.QUIET))
        else:
            self._key_line.update(self._keys_of({key.action for key in self.KEYS if key.shown}))

    def _keys_of(self, actions: Container[str]) -> Content:
        bound = {active.binding.id: pressed for pressed, active in self.active_bindings.items()}
        return show.join(
            "   ",
            [
                show.line((key_name(pressed, self.speech), Tone.ACCENT), " ", (self.speech.say(key.word), Tone.QUIET))
                for key in self.KEYS
                if key.action in actions and (pressed := bound.get(key.id) or key.keys)
            ],
        )
