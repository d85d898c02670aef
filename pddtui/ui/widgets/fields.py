"""A field of a form: a label, what is typed into, and under it what it means or what is wrong with it.

Words come in the language of the screen. An error is a sign and a sentence before it is a colour.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static, TextArea

from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.choice import Choice, Option
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.suggest import Provider, Suggest, Suggestion
from pddtui.ui.widgets.text_box import TextBox

__all__ = ["Choice", "Entry", "Field", "LineField", "Option", "Provider", "Suggest", "Suggestion", "TextBox"]

Entry = LineField | TextBox | Choice | Suggest

WRONG = "✗ "


class Field(Vertical):
    """Give it the name of the value as `id`, so that a refusal finds its field."""

    class Changed(Message):
        """Something else stands in the field."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            return self.field

        @property
        def value(self) -> str:
            return self.field.value

    class Submitted(Message):
        """Enter in a field of one line."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            return self.field

    error: reactive[str] = reactive("")
    """The sentence that says what is wrong and what to do; "" when nothing is. Typing takes it back."""
    hint: reactive[str] = reactive("")
    """What the typed text means, or what is expected; hidden while there is an error."""

    def __init__(
        self,
        label: str,
        entry: Entry,
        *,
        hint: str = "",
        required: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.entry = entry
        self._label = Static(
            show.line(label, (" *", Tone.ACCENT)) if required else show.line(label), classes="field--label"
        )
        self._note = Static(classes="field--note")
        self.set_reactive(Field.hint, hint)
        self._refused = ""

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.entry
        yield self._note

    def on_mount(self) -> None:
        self._say()

    @property
    def value(self) -> str:
        return self.entry.value

    @value.setter
    def value(self, value: str) -> None:
        self.entry.value = value

    def focus(self, scroll_visible: bool = True) -> Field:
        self.entry.focus(scroll_visible)
        return self

    def watch_error(self) -> None:
        self._refused = self.value
        self._say()

    def watch_hint(self) -> None:
        self._say()

    def _say(self) -> None:
        self.set_class(bool(self.error), "-wrong")
        self.set_class(not self.error and not self.hint, "-silent")
        self._note.update(show.block((WRONG + self.error, Tone.RED)) if self.error else show.plain(self.hint))

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    @on(Suggest.Changed)
    def _entry_changed(self, event: Message) -> None:
        event.stop()
        if self.value != self._refused:
            self.error = ""
        self.post_message(self.Changed(self))

    @on(Input.Submitted)
    def _entry_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))
