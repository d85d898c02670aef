"""The line in which a list is filtered while typing.

It says `Changed` at most once per frame however fast the keys come; the screen answers with `found` or `wrong`.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField

__all__ = ["FilterBar"]


class _OfBar(Message):
    def __init__(self, filter_bar: FilterBar, text: str) -> None:
        super().__init__()
        self.filter_bar = filter_bar
        self.text = text

    @property
    def control(self) -> FilterBar:
        return self.filter_bar


class FilterBar(Vertical):
    """Hidden until `open`. Escape clears it, and closes it when it is clear; Enter goes back to the list."""

    class Changed(_OfBar):
        """The filter reads otherwise; also sent, with "", when it is closed."""

    class Left(_OfBar):
        """The keys go back to the list; the filter stands if `text` is not empty."""

    def __init__(
        self,
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.line = LineField(placeholder=placeholder)
        self.line.before_key = self._before_key
        self._count = Static(classes="filter-bar--count")
        self._trouble = Static(classes="filter-bar--trouble")
        self._announced = ""
        """The text that was last sent to the screen."""
        self._announcing = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("/", classes="filter-bar--sign", markup=False)
            yield self.line
            yield self._count
        yield self._trouble

    @property
    def text(self) -> str:
        return self.line.value

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    def open(self, text: str | None = None) -> None:
        """Show it and take the keys; with `text`, filter by that."""
        self.add_class("-open")
        if text is not None:
            self.line.value = text
        self.line.cursor_position = len(self.text)
        self.line.focus()

    def close(self) -> None:
        """Take the filter away and give the keys back."""
        self.line.value = ""
        self.found("")
        self.remove_class("-open")
        self._announce()
        self.post_message(self.Left(self, ""))

    def found(self, count: str) -> None:
        """How many match, in the words of the screen; takes back what was wrong."""
        self._count.update(show.line((count, Tone.QUIET)))
        self._set_trouble(show.plain(""))

    def hint(self, sentence: str) -> None:
        """What else could be looked for, under the line."""
        self._set_trouble(show.plain(sentence, Tone.QUIET))

    def wrong(self, sentence: str, column: int | None = None) -> None:
        """Why the text is no filter, with a caret under the character at `column` (from 0)."""
        self._count.update("")
        caret = "" if column is None else " " * show.width(self.text[:column]) + "^ "
        self._set_trouble(show.line((caret + "✗ " + sentence, Tone.RED)))

    def _set_trouble(self, content: Content) -> None:
        self._trouble.update(content)
        self.set_class(bool(content), "-wrong")

    @on(Input.Changed)
    def _line_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not self._announcing:
            self._announcing = True
            self.call_after_refresh(self._announce)

    def _announce(self) -> None:
        self._announcing = False
        if self.text != self._announced:
            self._announced = self.text
            self.post_message(self.Changed(self, self.text))

    @on(Input.Submitted)
    def _line_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._announce()
        if self.text:
            self.post_message(self.Left(self, self.text))
        else:
            self.close()

    @on(Input.Blurred)
    def _line_blurred(self, event: Input.Blurred) -> None:
        event.stop()

    def _before_key(self, key: str) -> bool:
        if key == "down":
            self._announce()
            self.post_message(self.Left(self, self.text))
        elif key == "escape" and self.text:
            self.line.value = ""
        elif key == "escape":
            self.close()
        else:
            return False
        return True
