"""A list of rows that draws only what is seen, for ten rows or ten thousand.

Rows have stable keys; their lines are asked for when they come into view, for the width at hand. A move of the
cursor repaints the lines that differ and nothing else. `ListView` and `DataTable` mount or measure every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import ClassVar

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget

from pddtui.ui.bindings import bindings
from pddtui.ui.show import one_row, wrap
from pddtui.ui.widgets.viewport import Row, Viewport

__all__ = ["LineList"]

RenderRow = Callable[[str, int], Sequence[Content]]
"""The lines of the row with that key, for so many cells; at least one. Longer lines are cut with `…`."""

MARKER = "▌"
"""Before the row under the cursor, for those who see no colour."""
CURSOR, FOCUSED = "cursor", "focused"
"""Looks of the row under the cursor, without and with the keys."""
TRACK, THUMB = "│", "┃"
KEPT = 2000
"""Rows whose lines are remembered."""


class RowLines:
    """The lines of rows as far as they were asked for, at the width of the list."""

    def __init__(self, render: RenderRow) -> None:
        self._render = render
        self._known: dict[str, tuple[Content, ...]] = {}
        self._list_width = 0

    @property
    def width(self) -> int:
        """Cells of the text, between the marker and the scroll mark."""
        return max(0, self._list_width - len(MARKER) - len(THUMB))

    def set_list_width(self, cells: int) -> None:
        if cells != self._list_width:
            self._list_width = cells
            self._known.clear()

    def of(self, key: str) -> tuple[Content, ...]:
        lines = self._known.get(key)
        if lines is None:
            lines = self._known[key] = tuple(self._render(key, self.width)) or (Content(""),)
        return lines

    def keep_unchanged(self, before: Sequence[Row], after: Viewport) -> None:
        """Forget the rows that are gone or bear another stamp."""
        for row in before:
            if row.key in self._known:
                index = after.index(row.key)
                if index is None or row.stamp is None or after.rows[index].stamp != row.stamp:
                    del self._known[row.key]

    def keep_few(self, seen: Sequence[Row]) -> None:
        """Forget what is out of view, when there is much of it."""
        if len(self._known) > KEPT:
            self._known = {row.key: self._known[row.key] for row in seen if row.key in self._known}

    def forget(self, *keys: str) -> None:
        """Forget these rows; all, without keys."""
        for key in keys or tuple(self._known):
            self._known.pop(key, None)


class Line(Struct, frozen=True):
    """All that decides how one line of the screen looks."""

    content: Content | None
    look: str = ""
    """The component class of the line, without its prefix; "" for an ordinary one."""
    edge: str = " "
    """The scroll mark in the last column."""

    def same(self, other: Line) -> bool:
        if self.look != other.look or self.edge != other.edge:
            return False
        if self.content is None or other.content is None:
            return self.content is other.content
        return self.content is other.content or self.content.is_same(other.content)


def compose_frame(view: Viewport, lines: RowLines, empty: Content, *, focused: bool) -> list[Line]:
    """Every line of the screen from top to bottom."""
    cursor_look = FOCUSED if focused else CURSOR
    edges = _edges(view)
    frame: list[Line] = []
    if not view.rows:
        frame += [Line(content, look="empty") for content in wrap(empty, lines.width)[: view.height]]
    row, skipped = view.top
    lines.keep_few(view.rows[row : row + view.height])
    while row < len(view.rows) and len(frame) < view.height:
        look = "heading" if view.rows[row].heading else cursor_look if row == view.cursor else ""
        for content in lines.of(view.rows[row].key)[skipped : skipped + view.height - len(frame)]:
            frame.append(Line(content, look, edges[len(frame)]))
        row, skipped = row + 1, 0
    return frame + [Line(None, edge=edge) for edge in edges[len(frame) :]]


def _edges(view: Viewport) -> str:
    """The last column: blank if all rows are seen, else a rule with a thumb, measured in rows."""
    height, count = view.height, len(view.rows)
    after = view.forth(view.top, height)[0]
    if view.top == (0, 0) and after >= count:
        return " " * height
    size = max(1, min(height - 1, round(height * (after - view.top[0]) / count)))
    free = max(0, height - size)
    start = 0 if view.top == (0, 0) else free if after >= count else round(free * view.top[0] / count)
    return (TRACK * start + THUMB * size + TRACK * (free - start))[:height]


def differing(frame: Sequence[Line], shown: Sequence[Line]) -> list[int] | None:
    """The lines that look otherwise than before; None if the height is another, so that all do."""
    if len(frame) != len(shown):
        return None
    return [y for y, (new, old) in enumerate(zip(frame, shown, strict=True)) if not new.same(old)]


class Brush:
    """Turns lines into what the terminal gets, with styles worked out once per look and mix of tones."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, tuple[str | Style, ...]], RichStyle] = {}

    def clean(self) -> None:
        """The theme or the state of the widget is another."""
        self._styles.clear()

    def strip(self, line: Line, width: int) -> Strip:
        pieces = [Segment(MARKER if line.look in (CURSOR, FOCUSED) else " ", self._style(line.look, ()))]
        if line.content is None:
            pieces.append(Segment(" " * width, self._style("", ())))
        else:
            pieces += self._pieces(one_row(line.content, width), line.look)
        pieces.append(Segment(line.edge, self._style("edge", ())))
        return Strip(_fewer(pieces))

    def _pieces(self, content: Content, look: str) -> Iterator[Segment]:
        text, spans = content.plain, content.spans
        cuts = sorted({0, len(text), *(place for span in spans for place in span[:2] if 0 < place < len(text))})
        for start, end in pairwise(cuts):
            tones = tuple(span.style for span in spans if span.start <= start and end <= span.end)
            yield Segment(text[start:end], self._style(look, tones))

    def _style(self, look: str, tones: tuple[str | Style, ...]) -> RichStyle:
        known = self._styles.get((look, tones))
        if known is None:
            style = self._base(f"line-list--{look}") if look else self._widget.visual_style
            reversed_ansi = style.reverse and self._widget.app.native_ansi_color
            for tone in tones:
                added = Style.parse(tone) if isinstance(tone, str) else tone
                # Of sixteen colours, each reversed on its own, a row would become a patchwork.
                style += added.without_color if reversed_ansi else added
            known = self._styles[look, tones] = style.rich_style
        return known

    def _base(self, component: str) -> Style:
        """The look of a component; `get_visual_style` forgets that it may be reversed."""
        reverse = self._widget.get_component_styles(component).text_style.reverse
        return self._widget.get_visual_style(component) + Style(reverse=reverse)


def _fewer(pieces: Iterable[Segment]) -> list[Segment]:
    """The same picture in fewer pieces: over SSH each costs forty bytes. A blank has no colour but its ground's."""
    merged: list[Segment] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and (last.style == piece.style or (_blank_on(piece, last) and not piece.text.strip())):
            merged[-1] = Segment(last.text + piece.text, last.style)
        elif last is not None and _blank_on(last, piece) and not last.text.strip():
            merged[-1] = Segment(last.text + piece.text, piece.style)
        else:
            merged.append(piece)
    return merged


def _blank_on(blank: Segment, other: Segment) -> bool:
    """Whether spaces look alike in both styles."""
    first, second = blank.style, other.style
    return (
        first is not None
        and second is not None
        and first.bgcolor == second.bgcolor
        and not any(style.reverse or style.underline or style.strike for style in (first, second))
    )


HELD = 0.06
"""Seconds: moves that follow each other faster come from a key that is held down."""
SURE = 3
"""How many moves in quick succession make a held key; two are a quick hand."""


class HeldKey:
    """Calls `lead` at once after a step, and once the cursor rests after a run."""

    def __init__(self, widget: Widget, lead: Callable[[], None]) -> None:
        self._widget = widget
        self._lead = lead
        self._moved_at = 0.0
        self._quick = 0
        """Moves in quick succession up to now."""
        self._late: Timer | None = None

    def step(self, now: float) -> bool:
        """Note a key of that moment; whether it came quickly after the last."""
        self._quick = self._quick + 1 if now - self._moved_at < HELD else 0
        self._moved_at = now
        return self._quick > 0

    def moved(self) -> None:
        """The cursor is on another row."""
        if self._late is not None:
            self._late.stop()
            self._late = None
        if self._quick >= SURE:
            self._late = self._widget.set_timer(HELD, self.rest)
        else:
            self._lead()

    def rest(self) -> None:
        """End a run now."""
        if self._late is not None:
            self._quick = 0
            self.moved()


WHEEL = 3
"""Lines a notch."""


class LineList(Widget, can_focus=True):
    """Rows under a cursor. Give it rows with `set_rows` and what they look like with `render_row`.

    It has no `__len__`: an empty widget that is false loses its keys.
    """

    BINDING_GROUP_TITLE = "List"
    BINDINGS: ClassVar[list[BindingType]] = bindings("list")
    SHARE: ClassVar[float] = 1.0
    """How much of the height of the screen it takes at most, where its height goes by its rows."""
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
        render_row: RenderRow,
        *,
        empty: Content | None = None,
        open_on_click: bool = False,
        opens: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        """With `opens` the row under the cursor may have more lines than it has elsewhere: it is asked for again."""
        super().__init__(id=id, classes=classes)
        self._opens = opens
        self._measured = self._most = 0
        """The lines that all rows took when the layout asked, where it goes by them."""
        self._empty = empty or Content("")
        self._clicks = 1 if open_on_click else 2
        self._lines = RowLines(render_row)
        self._view = Viewport(lambda index: len(self._lines.of(self.rows[index].key)))
        self._frame: list[Line] = []
        self._fitted = Size(0, 0)
        self._brush = Brush(self)
        self._pace = HeldKey(self, self._lead)
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

    def set_rows(self, rows: Sequence[Row], *, cursor: str | None = None, strict: bool = False) -> None:
        """Show these rows instead. The cursor goes to `cursor`, else stays on its key, else goes to the nearest left.

        With `strict` it goes to none in the end, until it is moved. Lines that look as before are not painted again,
        and the cursor keeps its height on the screen.
        """
        before, old = self.cursor_key, self.rows
        settle = self._view.replace(rows, cursor, strict=strict)
        self._lines.keep_unchanged(old, self._view)
        self._open_another(before)
        settle()
        self._show(before)
        if self._measured and self._measured != self._lines_in_all(self._most):
            self.refresh(layout=True)

    def renew(self, *keys: str) -> None:
        """Ask again for the lines of these rows (of all without keys), when more than their stamp has changed."""
        self._lines.forget(*keys)
        self._view.reveal()
        self._paint()

    def set_empty(self, content: Content) -> None:
        """What stands there while there is no row."""
        self._empty = content
        self._paint()

    def rest_on(self, key: str | None) -> None:
        """Put the cursor on that row; without one on none, until it is moved."""
        if key is None or not self.select(key):
            self._go(None)

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
            self._frame = compose_frame(self._view, self._lines, self._empty, focused=self.has_focus)

    def _scroll(self, lines: int) -> None:
        self._view.scroll(lines)
        self._paint()

    def _go(self, index: int | None, *, margin: int = 0) -> None:
        before = self.cursor_key
        self._view.cursor = index
        self._open_another(before)
        self._view.reveal(margin)
        self._show(before)

    def _open_another(self, before: str | None) -> None:
        """Ask again for the rows that the cursor left and reached, where it opens them."""
        for key in (before, self.cursor_key) if self._opens else ():
            if key is not None:
                self._lines.forget(key)

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
        frame = compose_frame(self._view, self._lines, self._empty, focused=self.has_focus)
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
        """With `height: auto`, the lines of all rows, at most its share of the screen, and counted no further."""
        self._most = max(1, int(viewport.height * self.SHARE))
        self._lines.set_list_width(width)
        self._measured = self._lines_in_all(self._most)
        return self._measured

    def _lines_in_all(self, most: int) -> int:
        if not self.rows:
            return min(most, len(wrap(self._empty, self._lines.width)))
        lines = 0
        for row in self.rows:
            lines += len(self._lines.of(row.key))
            if lines >= most:
                return most
        return lines

    def render_line(self, y: int) -> Strip:
        self._fit()
        line = self._frame[y] if y < len(self._frame) else Line(None)
        return self._brush.strip(line, self._lines.width).crop(0, self.size.width)
