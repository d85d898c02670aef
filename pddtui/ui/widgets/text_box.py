"""What a person types a text of several lines into. Textual's own for that is slow to load, and the desk has none."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from pddtui.domain.text import clean
from pddtui.ui import show
from pddtui.ui.widgets.entries import take_in_order

__all__ = ["TextBox"]


class TextBox(TextArea):
    """Several lines, as for what was said. Tab leaves it."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(
            clean(value),
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            placeholder=show.plain(placeholder),
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    @property
    def value(self) -> str:
        return self.text

    @value.setter
    def value(self, value: str) -> None:
        self.load_text(value)

    def load_text(self, text: str) -> None:
        super().load_text(clean(text))

    def edit(self, edit: Edit) -> EditResult:
        edit.text = clean(edit.text)
        return super().edit(edit)

    async def on_key(self, event: events.Key) -> None:
        if event.key != "enter" or self.screen.focused is not self:
            await take_in_order(self, event)
