"""What all forms have in common: fields under each other, Ctrl+S to save from any of them, nothing typed ever lost.

A refusal goes to its field with its sentence; any other trouble is said above the keys, and Ctrl+S tries again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.errors import PddError, Refused, Unlisted
from pddtui.message import Words
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.keys import bindings
from pddtui.ui.screens.confirm import WIDTHS, Question
from pddtui.ui.screens.forms.drafted import Drafted
from pddtui.ui.screens.forms.keys import FORM
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Field, LineField, Option
from pddtui.ui.widgets.key_line import KeyLine

__all__ = ["FormScreen"]

HEIGHTS = [(0, "-low"), (32, "-high")]


class _Fields(VerticalScroll, can_focus=False):
    """Scrolls with the field that has the focus."""


class FormScreen(Drafted):
    """A subclass names itself, lists its fields and saves them."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = None

    def __init__(
        self, context: Context, case: Case | None, thing: str | None = None, *, kind: str | None = None
    ) -> None:
        super().__init__(context, case, thing, kind=kind)
        self._saving = False
        self._trouble_line = Static(classes="form--trouble")

    # What a form is.

    def heading(self) -> str:
        """What the form does."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """The fields from top to bottom, each with the name of its value as id."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in what the program proposes, before anything is typed."""

    def start(self) -> str | None:
        """The field in which to begin; None for the first."""

    async def save(self) -> Saved | None:
        """Save what stands in the fields. Raises `Refused` with the field at fault, or another `PddError`.

        None is for a question that was answered with no: the form stays.
        """
        raise NotImplementedError

    async def after(self) -> None:
        """What comes between saving and closing."""

    # How it is put together.

    def compose(self) -> ComposeResult:
        with Vertical(classes="form--sheet"):
            ref = self.case.ref if self.case else ""
            yield Static(show.join("  ", [(self.heading(), Tone.STRONG), (ref, Tone.QUIET)]), classes="form--heading")
            yield self.offer_line
            with _Fields(classes="form--fields"):
                yield from self.fields()
            yield self._trouble_line
            yield KeyLine(self.context)

    def on_mount(self) -> None:
        self.tell_trouble("")
        self.prepare()
        self.begin()
        start = self.start()
        (self.field(start) if start else self.query(Field).first()).focus()

    def on_resize(self, event: events.Resize) -> None:
        """The fields scroll, so that heading and keys stay in view; a narrow form has the whole screen anyway."""
        narrow, low = event.size.width < WIDTHS[1][0], event.size.height < HEIGHTS[1][0]
        around = _AROUND_LOW if low else _AROUND
        self.query_one(_Fields).styles.max_height = None if narrow else max(1, event.size.height - around)

    # Fields.

    def field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def value(self, name: str) -> str:
        return self.field(name).value

    def given(self, name: str) -> str | None:
        """What stands in the field, None for nothing."""
        return self.value(name).strip() or None

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_next_field(self) -> None:
        self.focus_next()

    # Saving.

    def action_save(self) -> None:
        if not self._saving:
            self._saving = True
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
        if saved is not None:
            self._saving = True
            await self.typed.end(dropped=True)
            await self.after()
            self.dismiss(saved)

    def refuse(self, refused: Refused) -> None:
        """Say it at the field at fault and go there; at the foot of the form if no field is."""
        field = next((field for field in self.query(Field) if field.id == refused.field and field.display), None)
        if field is None:
            self.tell_trouble(refused.message)
            return
        unlisted = isinstance(refused, Unlisted)
        field.error = (
            self.speech("{said} ↓ shows them all.", said=refused.message)
            if unlisted
            else self.speech.say(refused.message)
        )
        field.focus()
        if refused.position is not None and isinstance(field.entry, LineField):
            field.entry.cursor_position = min(refused.position, len(field.value))

    def tell_trouble(self, words: Words) -> None:
        """One sentence above the keys; "" takes it away."""
        sentence = self.speech.say(words)
        self._trouble_line.update(show.plain(f"✗ {sentence}" if sentence else "", Tone.RED))
        self._trouble_line.display = bool(sentence)

    # Leaving.

    def action_back(self) -> None:
        if not self._saving:
            self.run_worker(self._ask_to_leave() if self.dirty else self._leave(dropped=True), group="leave")

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
        if answer == "throw" or (answer == "keep" and await self.write_draft()):
            await self._leave(dropped=answer == "throw")

    async def _leave(self, *, dropped: bool) -> None:
        await self.typed.end(dropped=dropped)
        self.dismiss(None)


_AROUND, _AROUND_LOW = 9, 5
"""Lines of a form that are not fields: heading, trouble, keys and the space around them."""
