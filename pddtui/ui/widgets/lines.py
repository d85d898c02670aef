"""A list of rows that draws only what is seen, for ten rows or ten thousand.

Rows have stable keys; their lines are asked for when they come into view, for the width at hand. A move of the
cursor repaints the lines that differ and nothing else. `ListView` and `DataTable` mount or measure every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from time import monotonic
from typing import ClassVar

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from pddtui.ui.show import one_row, wrap
from pddtui.ui.widgets.viewport import Row, Viewport

__all__ = ["LineList", "Render", "Row"]

Render = Callable[[str, int], Sequence[Content]]
"""The lines of the row with that key, for so many cells; at least one. Longer lines are cut with `…`."""

MARKER = "▌"
TRACK, THUMB = "│", "┃"
MOVE = Binding.Group("Move", compact=True)
KEPT = 2000
"""Rows whose lines are remembered."""
WHEEL = 3
"""Lines a notch."""
HELD = 0.06
"""Seconds: moves that follow each other faster come from a key that is held down."""


class _Line(Struct, frozen=True):
    """All that decides how one line of the screen looks."""

    content: Content | None
    look: str = ""
    """The component class of the line, without its prefix; "" for an ordinary one."""
    edge: str = " "
    """The scroll sign in the last column."""

    def same(self, other: _Line) -> bool:
        if self.look != other.look or self.edge != other.edge:
            return False
        if self.content is None or other.content is None:
            return self.content is other.content
        return self.content is other.content or self.content.is_same(other.content)


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
        Binding("g,home", "first", "First", show=False, id="list.first", group=MOVE),
        Binding("G,end", "last", "Last", show=False, id="list.last", group=MOVE),
        Binding("enter", "open", "Open", show=False, id="list.open"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--heading",
        "line-list--edge",
        "line-list--empty",
    }

    class Highlighted(Message):
        """The cursor is on another row, or on none."""

        def __init__(self, line_list: LineList, key: str | None) -> None:
            super().__init__()
            self.line_list = line_list
            self.key = key

        @property
        def control(self) -> LineList:
            return self.line_list

    class Opened(Message):
        """Enter or a double click on a row."""

        def __init__(self, line_list: LineList, key: str) -> None:
            super().__init__()
            self.line_list = line_list
            self.key = key

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
        self._render_row = render_row
        self._empty = empty or Content("")
        self._clicks = 1 if open_on_click else 2
        self._view = Viewport(self._row_height)
        self._lines: dict[str, tuple[Content, ...]] = {}
        self._width = 0
        """Cells of a line as last laid out; lines on the screen stay in `_lines` until this changes."""
        self._frame: list[_Line] = []
        self._styles: dict[tuple[str, tuple[str | Style, ...]], RichStyle] = {}
        self._moved_at = 0.0

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
        before = self.cursor_key
        stamps = {row.key: row.stamp for row in self.rows if row.key in self._lines}
        settle = self._view.replace(rows, cursor)
        for key, stamp in stamps.items():
            index = self._view.index(key)
            if index is None or stamp is None or rows[index].stamp != stamp:
                del self._lines[key]
        settle()
        self._show(before)

    def renew(self, *keys: str) -> None:
        """Ask anew for the lines of these rows (of all without keys), when more than their stamp has changed."""
        for key in keys or tuple(self._lines):
            self._lines.pop(key, None)
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
        """One row on; within a row taller than the list, one line on until its end is seen."""
        view = self._view
        if view.cursor is None or view.scroll_within(step):
            self._paint()
            return
        target = view.selectable(view.cursor + step, step)
        now = monotonic()
        held, self._moved_at = now - self._moved_at < HELD, now
        if target is not None:
            self._go(target, margin=view.height // 2 if held else 0)
        elif step < 0:
            self._scroll(-view.height)

    def action_page(self, pages: float) -> None:
        """A page, or part of one, further; at least one row."""
        view = self._view
        lines = max(1, int((view.height - 1) * abs(pages))) * (1 if pages > 0 else -1)
        if view.cursor is None or view.scroll_within(lines):
            self._paint()
            return
        target = view.page(lines)
        self._scroll(lines)
        if target is not None:
            self._go(target)

    def action_first(self) -> None:
        first = self._view.selectable(0, 1)
        if first is not None:
            self._view.top = (0, 0)
            self._go(first)

    def action_last(self) -> None:
        last = self._view.selectable(len(self.rows) - 1, -1)
        if last is not None:
            self._go(last)
            self._scroll(self._view.height)

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
        self._view.height = self.size.height
        if self.size.width != self._width:
            self._lines.clear()
            self._width = self.size.width
        self._frame = []
        self._view.reveal()
        self._paint()

    def _scroll(self, lines: int) -> None:
        self._view.scroll(lines)
        self._paint()

    def _go(self, index: int, *, margin: int = 0) -> None:
        before = self.cursor_key
        self._view.cursor = index
        self._view.reveal(margin)
        self._show(before)

    def _show(self, before: str | None) -> None:
        self._paint()
        if self.cursor_key != before:
            self.post_message(self.Highlighted(self, self.cursor_key))

    @property
    def _text_width(self) -> int:
        return max(0, self._width - len(MARKER) - len(THUMB))

    def _row_lines(self, index: int) -> tuple[Content, ...]:
        key = self.rows[index].key
        lines = self._lines.get(key)
        if lines is None:
            lines = self._lines[key] = tuple(self._render_row(key, self._text_width)) or (Content(""),)
        return lines

    def _row_height(self, index: int) -> int:
        return len(self._row_lines(index))

    def _compose_frame(self) -> list[_Line]:
        view = self._view
        edges = self._edges()
        frame: list[_Line] = []
        if not view.rows:
            frame += [_Line(content, look="empty") for content in wrap(self._empty, self._text_width)[: view.height]]
        row, skipped = view.top
        if len(self._lines) > KEPT:
            seen = [view.rows[index].key for index in range(row, min(row + view.height, len(view.rows)))]
            self._lines = {key: self._lines[key] for key in seen if key in self._lines}
        while row < len(view.rows) and len(frame) < view.height:
            look = "heading" if view.rows[row].heading else "cursor" if row == view.cursor else ""
            for content in self._row_lines(row)[skipped : skipped + view.height - len(frame)]:
                frame.append(_Line(content, look, edges[len(frame)]))
            row, skipped = row + 1, 0
        return frame + [_Line(None, edge=edge) for edge in edges[len(frame) :]]

    def _edges(self) -> str:
        """The last column: blank if all rows are seen, else a rule with a thumb, measured in rows."""
        view, height, count = self._view, self._view.height, len(self.rows)
        after = view.forth(view.top, height)[0]
        if view.top == (0, 0) and after >= count:
            return " " * height
        size = max(1, min(height - 1, round(height * (after - view.top[0]) / count)))
        free = max(0, height - size)
        start = 0 if view.top == (0, 0) else free if after >= count else round(free * view.top[0] / count)
        return (TRACK * start + THUMB * size + TRACK * (free - start))[:height]

    def _paint(self) -> None:
        """Bring the screen up to date, line by line where few differ."""
        if self._view.height <= 0:
            return
        frame, shown = self._compose_frame(), self._frame
        self._frame = frame
        if len(frame) != len(shown):
            self.refresh()
            return
        differing = [y for y, (new, old) in enumerate(zip(frame, shown, strict=True)) if not new.same(old)]
        if differing:
            self.refresh(*(Region(0, y, self._width, 1) for y in differing))

    def notify_style_update(self) -> None:
        self._styles.clear()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """With `height: auto`, one line a row: for short lists whose rows have one line each."""
        return max(1, len(self.rows))

    def render_line(self, y: int) -> Strip:
        if y >= len(self._frame):
            return Strip.blank(self.size.width, self._style("", ()))
        line = self._frame[y]
        segments = [Segment(MARKER if line.look == "cursor" else " ", self._style(line.look, ()))]
        if line.content is not None:
            segments += self._segments(one_row(line.content, self._text_width), line.look)
        else:
            segments.append(Segment(" " * self._text_width, self._style("", ())))
        segments.append(Segment(line.edge, self._style("edge", ())))
        return Strip(segments).simplify().crop(0, self.size.width)

    def _segments(self, content: Content, look: str) -> list[Segment]:
        text, spans = content.plain, content.spans
        if not spans:
            return [Segment(text, self._style(look, ()))]
        cuts = sorted({0, len(text), *(place for span in spans for place in span[:2] if 0 < place < len(text))})
        segments: list[Segment] = []
        for start, end in pairwise(cuts):
            styles = tuple(span.style for span in spans if span.start <= start and end <= span.end)
            segments.append(Segment(text[start:end], self._style(look, styles)))
        return segments

    def _style(self, look: str, styles: tuple[str | Style, ...]) -> RichStyle:
        """The look of a line with the tones of a piece of text upon it."""
        known = self._styles.get((look, styles))
        if known is None:
            style = self.get_visual_style(f"line-list--{look}") if look else self.visual_style
            for tone in styles:
                style += Style.parse(tone) if isinstance(tone, str) else tone
            known = self._styles[look, styles] = style.rich_style
        return known
