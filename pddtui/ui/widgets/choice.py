"""One of a few, chosen with arrows, letters, digits or the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pddtui.domain.text import fold
from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import take_in_order, taken

__all__ = ["Choice", "Option"]


class Option(Struct, frozen=True):
    key: str
    label: str
    """In the language of the screen."""


class Choice(Widget, can_focus=True):
    """One of a few. All are shown side by side if they fit, else the chosen one with its place among them."""

    BINDING_GROUP_TITLE = "Choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "Previous", show=False, id="choice.previous"),
        Binding("right,space", "turn(1)", "Next", show=False, id="choice.next"),
        Binding("home", "to(0)", "First", show=False, id="choice.first"),
        Binding("end", "to(-1)", "Last", show=False, id="choice.last"),
    ]

    class Changed(Message):
        def __init__(self, choice: Choice, value: str) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> Choice:
            return self.choice

    value: reactive[str] = reactive("", init=False)
    """The key of the chosen option; "" while none is chosen."""

    def __init__(
        self,
        options: Sequence[Option],
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._options = tuple(options)
        self.set_reactive(Choice.value, self.validate_value(value))

    @property
    def options(self) -> tuple[Option, ...]:
        return self._options

    def set_options(self, options: Sequence[Option], value: str | None = None) -> None:
        """Offer others; what was chosen stays chosen if it is still offered."""
        self._options = tuple(options)
        self.value = self.value if value is None else value
        self.refresh()

    def validate_value(self, value: str) -> str:
        return value if any(option.key == value for option in self._options) else ""

    def watch_value(self, value: str) -> None:
        self.post_message(self.Changed(self, value))

    async def on_key(self, event: events.Key) -> None:
        """A letter or digit goes to the next option that begins with it, or has that place; none leaves the field."""
        letter = event.is_printable and event.character is not None and event.character != " "
        if letter and self.screen.focused is self:
            taken(event)
            self._go_to_letter(fold(event.character or ""))
        else:
            await take_in_order(self, event)

    def on_click(self, event: events.Click) -> None:
        spot = event.get_content_offset(self)
        if spot is None:
            return
        event.stop()
        left = 0
        for option in self._options if self._fit() else ():
            left += cell_len(_label(option, self.value)) + 2
            if spot.x < left:
                self.value = option.key
                return
        if not self._fit():
            self.action_turn(1)

    def action_turn(self, step: int) -> None:
        if self._options:
            self.value = (
                self._options[(self._place + step) % len(self._options)].key
                if self._place >= 0
                else (self._options[0 if step > 0 else -1].key)
            )

    def action_to(self, place: int) -> None:
        if self._options:
            self.value = self._options[place].key

    @property
    def _place(self) -> int:
        return next((place for place, option in enumerate(self._options) if option.key == self.value), -1)

    def _go_to_letter(self, letter: str) -> None:
        if letter.isdecimal() and 1 <= int(letter) <= len(self._options):
            self.value = self._options[int(letter) - 1].key
            return
        after = self._place + 1
        for option in (*self._options[after:], *self._options[:after]):
            if fold(option.label).startswith(letter):
                self.value = option.key
                return

    def _fit(self) -> bool:
        return sum(cell_len(_label(option, self.value)) + 2 for option in self._options) - 2 <= self.size.width

    def render(self) -> Content:
        if self._fit():
            return show.join(
                "  ",
                [
                    (_label(option, self.value), Tone.STRONG if option.key == self.value else Tone.PLAIN)
                    for option in self._options
                ],
            )
        place = self._place
        label = self._options[place].label if place >= 0 else "–"
        count = f" {place + 1}/{len(self._options)}"
        return show.line(
            "◂ ", (show.cut(label, self.size.width - 4 - len(count)), Tone.STRONG), " ▸", (count, Tone.QUIET)
        )


def _label(option: Option, chosen: str) -> str:
    return f"{'●' if option.key == chosen else '○'} {show.cut(option.label, 40)}"
