"""A list of rows that draws only what is seen, for ten rows or ten thousand.

Rows have stable keys; their lines are asked for when they come into view, for the width at hand. A move of the
cursor repaints the lines that differ and nothing else. `ListView` and `DataTable` mount or measure every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from pddtui.ui.widgets.frame import Brush, Line, Render, RowLines, compose, differing
from pddtui.ui.widgets.pace import Pace
from pddtui.ui.widgets.viewport import Row, Viewport

__all__ = ["LineList", "Render", "Row"]

MOVE = Binding.Group("Move", compact=True)
WHEEL = 3
"""Lines a notch."""


class LineList(Widget, can_focus=True):
    """Rows under a cursor. Give it rows with `set_rows` and what they look like with `render_row`.

    It has no `__len__`: an empty widget that is false loses its keys.
    """

    BINDING_GROUP_TITLE = "List"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="list.down", group=MOVE),
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up", group=MOVE),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page-down", group=MOVE),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page-up", group=MOVE),
        Binding("ctrl+d", "page(0.5)", "Half down", show=False, id="list.half-down", group=MOVE),
        Binding("ctrl+u", "page(-0.5)", "Half up", show=False, id="list.half-up", group=MOVE),
        Binding("g,home", "end(-1)", "First", show=False, id="list.first", group=MOVE),
        Binding("G,end", "end(1)", "Last", show=False, id="list.last", group=MOVE),
        Binding("enter", "open", "Open", show=False, id="list.open"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--focused",
        "line-list--heading",
        "line-list--edge",
        "line-list--empty",
    }

    @dataclass
    class Highlighted(Message):
        """The cursor is on another row, or on none."""

        line_list: LineList
        key: str | None

        @property
        def control(self) -> LineList:
            return self.line_list

    @dataclass
    class Opened(Message):
        """Enter or a double click on a row."""

        line_list: LineList
        key: str

        @property
        def control(self) -> LineList:
            return self.line_list

    def __init__(
        self,
        render_row: Render,
        *,
        empty: Content | None = None,
        open_on_click: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._empty = empty or Content("")
        self._clicks = 1 if open_on_click else 2
        self._lines = RowLines(render_row)
        self._view = Viewport(lambda index: len(self._lines.of(self.rows[index].key)))
        self._frame: list[Line] = []
        self._fitted = Size(0, 0)
        self._brush = Brush(self)
        self._pace = Pace(self, self._lead)
        self.follow: Callable[[str | None], None] | None = None
        """Called at once with the key under the cursor when that is another, so that what follows the cursor is in the
        same picture; while a key is held, only when it rests. `Highlighted` comes a picture later."""

    @property
    def rows(self) -> Sequence[Row]:
        return self._view.rows

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor; None when there is nothing to select."""
        return self._view.cursor_key

    def set_rows(self, rows: Sequence[Row], *, cursor: str | None = None) -> None:
        """Show these rows instead. The cursor goes to `cursor`, else stays on its key, else goes to the nearest left.

        Lines that look as before are not painted again, and the cursor keeps its height on the screen.
        """
        before, old = self.cursor_key, self.rows
        settle = self._view.replace(rows, cursor)
        self._lines.keep_unchanged(old, self._view)
        settle()
        self._show(before)

    def renew(self, *keys: str) -> None:
        """Ask anew for the lines of these rows (of all without keys), when more than their stamp has changed."""
        self._lines.forget(*keys)
        self._view.reveal()
        self._paint()

    def set_empty(self, content: Content) -> None:
        """What stands there while there is no row."""
        self._empty = content
        self._paint()

    def select(self, key: str) -> bool:
        """Put the cursor on a row and scroll it into view; False if there is no such row to select."""
        index = self._view.index(key)
        if index is None or self.rows[index].heading:
            return False
        self._go(index)
        return True

    def action_move(self, step: int) -> None:
        quick = self._pace.step(monotonic())
        self._go(self._view.walk(step), margin=self._view.height // 2 if quick else 0)

    def action_page(self, pages: float) -> None:
        lines = max(1, int((self._view.height - 1) * abs(pages)))
        self._go(self._view.page(lines if pages > 0 else -lines))

    def action_end(self, step: int) -> None:
        self._go(self._view.to_end(step))

    def action_open(self) -> None:
        if self.cursor_key is not None:
            self.post_message(self.Opened(self, self.cursor_key))

    def on_click(self, event: events.Click) -> None:
        spot = event.get_content_offset(self)
        index = None if spot is None else self._view.row_at(spot.y)
        if index is None or self.rows[index].heading:
            return
        event.stop()
        self._go(index)
        if event.chain == self._clicks:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-WHEEL)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Take the size that the layout gave. Drawing may come before the news of it, and draws all of it anyway."""
        if self.size != self._fitted:
            self._fitted = self.size
            self._view.height = self.size.height
            self._lines.set_list_width(self.size.width)
            self._view.reveal()
            self._frame = compose(self._view, self._lines, self._empty, focused=self.has_focus)

    def _scroll(self, lines: int) -> None:
        self._view.scroll(lines)
        self._paint()

    def _go(self, index: int | None, *, margin: int = 0) -> None:
        before = self.cursor_key
        self._view.cursor = index
        self._view.reveal(margin)
        self._show(before)

    def _show(self, before: str | None) -> None:
        self._paint()
        if self.cursor_key != before:
            self._pace.moved()

    def _lead(self) -> None:
        if self.follow is not None:
            self.follow(self.cursor_key)
        self.post_message(self.Highlighted(self, self.cursor_key))

    def rest(self) -> None:
        """Let what follows the cursor follow it now, before something is done where it stands."""
        self._pace.rest()

    def _paint(self) -> None:
        """Bring the screen up to date, line by line where few differ."""
        if self._view.height <= 0:
            return
        frame = compose(self._view, self._lines, self._empty, focused=self.has_focus)
        changed, self._frame = differing(frame, self._frame), frame
        if changed is None:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def on_focus(self, event: events.Focus) -> None:
        """Only the row under the cursor looks otherwise; Textual would paint the whole list."""
        event.prevent_default()
        self._set_focused(events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self._set_focused(events.DescendantBlur(self))

    def _set_focused(self, news: events.DescendantFocus | events.DescendantBlur) -> None:
        self.has_focus = isinstance(news, events.DescendantFocus)
        self._paint()
        if self.parent is not None:
            self.parent.post_message(news)

    def notify_style_update(self) -> None:
        self._brush.clean()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """With `height: auto`, one line a row: for short lists whose rows have one line each."""
        return max(1, len(self.rows))

    def render_line(self, y: int) -> Strip:
        self._fit()
        line = self._frame[y] if y < len(self._frame) else Line(None)
        return self._brush.strip(line, self._lines.width).crop(0, self.size.width)
