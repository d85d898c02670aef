"""What a list puts on the screen, line by line, so that only lines that look otherwise are painted again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from pddtui.ui.show import one_row, wrap
from pddtui.ui.widgets.viewport import Row, Viewport

__all__ = ["Brush", "Line", "Render", "RowLines", "compose", "differing"]

Render = Callable[[str, int], Sequence[Content]]
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

    def __init__(self, render: Render) -> None:
        self._render = render
        self._known: dict[str, tuple[Content, ...]] = {}
        self._list_width = 0

    @property
    def width(self) -> int:
        """Cells of the text, between the marker and the scroll sign."""
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
    """The scroll sign in the last column."""

    def same(self, other: Line) -> bool:
        if self.look != other.look or self.edge != other.edge:
            return False
        if self.content is None or other.content is None:
            return self.content is other.content
        return self.content is other.content or self.content.is_same(other.content)


def compose(view: Viewport, lines: RowLines, empty: Content, *, focused: bool) -> list[Line]:
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
            for tone in tones:
                style += Style.parse(tone) if isinstance(tone, str) else tone
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
