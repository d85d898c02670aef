"""A line with a list of completions under it: names seen before, merchants, order numbers.

What was typed is the first entry of the list, so that accepting without having chosen keeps it: a new person
whose name begins like a known one is never turned into that one by Tab.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["Provider", "Suggest", "Suggestion"]


class Suggestion(Struct, frozen=True):
    key: str
    """Given back by `Suggest.Chosen`. Not empty, unique among those offered together."""
    text: str
    """What the line becomes."""
    note: str = ""
    """Shown behind it: a role, a number."""


Provider = Callable[[str], Sequence[Suggestion] | Awaitable[Sequence[Suggestion]]]
"""Completions of what stands in the line, best first; asked after every change."""

TYPED = ""
"""The row that stands for the text as typed."""
MOST = 7


class _Offers(LineList):
    FOCUS_ON_CLICK = False
    """A click takes a completion and leaves the focus in the line."""


class Suggest(Vertical):
    class Changed(Message):
        def __init__(self, suggest: Suggest, value: str) -> None:
            super().__init__()
            self.suggest = suggest
            self.value = value

        @property
        def control(self) -> Suggest:
            return self.suggest

    class Chosen(Message):
        """A completion was taken; the line already holds its text."""

        def __init__(self, suggest: Suggest, key: str) -> None:
            super().__init__()
            self.suggest = suggest
            self.key = key

        @property
        def control(self) -> Suggest:
            return self.suggest

    def __init__(
        self,
        provider: Provider,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._provider = provider
        self._offered: dict[str, Suggestion | None] = {}
        """By row; none for the text as typed."""
        self._quiet_value = value
        """The value that opens no list: it was set by the program or taken from the list."""
        self._listed_for: str | None = None
        """The text that the open list belongs to."""
        self.line = LineField(value, placeholder=placeholder)
        self.line.before_key = self._before_key
        self.list = _Offers(self._look, open_on_click=True, classes="suggest--list")

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.list

    @property
    def value(self) -> str:
        return self.line.value

    @value.setter
    def value(self, value: str) -> None:
        self._quiet_value = value
        self.line.value = value

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    def focus(self, scroll_visible: bool = True) -> Suggest:
        self.line.focus(scroll_visible)
        return self

    def close(self) -> None:
        self.remove_class("-open")

    @on(Input.Changed)
    async def _line_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))
        if event.value != self.value or (self.is_open and event.value == self._listed_for):
            return  # late news: the line says something else by now, or a key has opened the list for it already
        if event.value == self._quiet_value or not event.value.strip():
            self.close()
            return
        self._quiet_value = ""
        answer = self._provider(event.value)
        if isawaitable(answer):
            self.run_worker(self._offer_later(event.value, answer), group="suggest", exclusive=True)
        else:
            self._offer(event.value, answer)

    async def _offer_later(self, typed: str, answer: Awaitable[Sequence[Suggestion]]) -> None:
        suggestions = await answer
        if self.value == typed and not (self.is_open and self._listed_for == typed):
            self._offer(typed, suggestions)

    def _offer(self, typed: str, suggestions: Sequence[Suggestion]) -> None:
        if not suggestions or self.screen.focused is not self.line:
            self.close()
            return
        self._offered = distinct([(TYPED, None), *((suggestion.key, suggestion) for suggestion in suggestions)])
        rows = [Row(key, stamp=suggestion or typed) for key, suggestion in self._offered.items()]
        self.list.set_rows(rows, cursor=TYPED)
        self.list.styles.height = min(len(rows), MOST)
        self._listed_for = typed
        self.add_class("-open")

    def _look(self, key: str, _width: int) -> Sequence[Content]:
        suggestion = self._offered[key]
        if suggestion is None:
            return [show.line(("… ", Tone.QUIET), (self.value, Tone.QUIET))]
        return [show.join("  ", [suggestion.text, (suggestion.note, Tone.QUIET)])]

    def _before_key(self, key: str) -> bool | Awaitable[bool]:
        if not self.is_open:
            return False
        if key in ("down", "up"):
            self.list.action_move(1 if key == "down" else -1)
        elif key == "escape":
            self.close()
        elif key in ("enter", "tab") and self.list.cursor_key != TYPED:
            self._take(self.list.cursor_key)
        else:
            if key in ("enter", "tab", "shift+tab"):
                self.close()
            return False
        return True

    def _take(self, key: str | None) -> None:
        suggestion = self._offered.get(key or TYPED)
        self.close()
        if suggestion is not None:
            self.value = suggestion.text
            self.line.cursor_position = len(self.line.value)
            self.post_message(self.Chosen(self, suggestion.key))

    @on(LineList.Highlighted)
    def _list_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()

    @on(LineList.Opened)
    def _list_opened(self, event: LineList.Opened) -> None:
        event.stop()
        self._take(event.key)

    @on(Input.Blurred)
    def _line_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        self.close()
