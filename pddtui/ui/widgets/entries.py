"""What a person types a line into, and how keys reach whatever is typed into.

Whatever comes in by key, paste, clipboard or program is made inert. Keys take effect in the order in which they
were typed (textual#6605): Textual inserts letters at once but lets every bound key travel to the app and back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from pddtui.domain.text import clean, one_line
from pddtui.ui import show

__all__ = ["LineField", "SeveralLines", "take_in_order", "taken"]


class SeveralLines(Message):
    """Several lines were pasted where one contact is typed: they may be a whole chat. Nothing was put in."""

    def __init__(self, text: str, put_in: Callable[[str], None]) -> None:
        """`put_in` puts the text where it was pasted, if it is no more than words."""
        super().__init__()
        self.text = text
        self.put_in = put_in

    @classmethod
    def in_paste(cls, text: str) -> bool:
        """Whether there is more than one line with words in it."""
        return sum(1 for line in text.splitlines() if line.strip()) > 1


async def take_in_order(widget: Widget, event: events.Key) -> None:
    """Run what `event` is bound to in `widget` now, before the next key is looked at.

    Tab moves the focus now; a key that was typed behind it but reached this widget goes on to the focused one.
    """
    focused = widget.screen.focused
    if focused is not None and focused is not widget:
        taken(event)
        focused.post_message(event.copy())
        return
    if event.is_printable:
        return
    if event.key in ("tab", "shift+tab"):
        taken(event)
        if event.key == "tab":
            widget.screen.focus_next()
        else:
            widget.screen.focus_previous()
        return
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and await widget.app.run_action(binding.action, widget):
            taken(event)
            return


def taken(event: events.Key) -> None:
    """Nobody else is to act on the key."""
    event.stop()
    event.prevent_default()


async def _true(answer: bool | Awaitable[bool]) -> bool:
    return await answer if isawaitable(answer) else answer


class LineField(Input):
    """One line. The cursor does not blink: over SSH every blink is traffic."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        max_length: int = 0,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        self._former: list[str] = []
        """What stood here, to be had back."""
        self._in_word = self._undoing = False
        super().__init__(
            one_line(value),
            placeholder=show.cut(placeholder, 200),
            max_length=max_length,
            validate_on=(),
            select_on_focus=False,
            compact=True,
            id=id,
            classes=classes,
        )
        self._former.clear()
        self.cursor_blink = False
        self.before_key: Callable[[str], bool | Awaitable[bool]] | None = None
        """Asked first for each key; True means that it has been dealt with. Keys typed behind it wait."""

    def watch_value(self, before: str, value: str) -> None:
        letter = len(value) == len(before) + 1
        if not self._undoing and not (letter and self._in_word):
            self._former.append(before)
        self._in_word = letter and not value.endswith(" ")

    def undo(self) -> None:
        """Take back what was typed last, a word at a time."""
        if self._former:
            self._undoing = True
            self.value = self._former.pop()
            self._undoing = False
            self.cursor_position = len(self.value)

    def validate_value(self, value: str) -> str:
        return clean(value).replace("\n", " ")

    def replace(self, text: str, start: int, end: int) -> None:
        super().replace(clean(text).replace("\n", " "), start, end)

    async def on_key(self, event: events.Key) -> None:
        if self.screen.focused is self and self.before_key is not None and await _true(self.before_key(event.key)):
            taken(event)
        elif event.key in ("ctrl+z", "super+z") and self.screen.focused is self:
            taken(event)
            self.undo()
        elif event.key == "ctrl+j" and self.screen.focused is self:  # between two lines of a paste without brackets
            taken(event)
            self.insert_text_at_cursor(" ")
        else:
            await take_in_order(self, event)

    def on_paste(self, event: events.Paste) -> None:
        """All of a paste, on one line; Textual would keep the first line and drop the rest."""
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)
