"""Which rows of a list are on the screen and which one is under the cursor, in pure arithmetic.

A place is a row and how many of its lines are skipped. Heights are asked for only near what is seen, so that
ten thousand rows cost no more than forty.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

__all__ = ["Row", "Viewport", "distinct"]

Distinct = TypeVar("Distinct")

LinePlace = tuple[int, int]


class Row(Struct, frozen=True):
    """One entry of a list; what it looks like is asked for when it is seen."""

    key: str
    """Stable and unique in the list: the cursor stays on it when rows come, go or move.

    Where it is not unique after all (see `distinct`), rows of one key look alike and the first of them is found by it.
    """

    stamp: Hashable = None
    """Changes when the look of the row does. Lines of a row with the same key and stamp are kept."""

    heading: bool = False
    """A section title: drawn, but never under the cursor."""


def distinct(pairs: Iterable[tuple[str, Distinct]]) -> dict[str, Distinct]:
    """The things by their keys and in their order, to make rows of.

    The first thing with a key has it. Others with the same one, as a file from elsewhere may have them, get a key of
    their own, so that none of them is hidden.
    """
    found: dict[str, Distinct] = {}
    times: dict[str, int] = {}
    for wanted, thing in pairs:
        key = wanted
        while key in found:
            times[wanted] = times.get(wanted, 1) + 1
            key = f"{wanted}\n{times[wanted]}"
        found[key] = thing
    return found


class Viewport:
    """Rows, the cursor among them, and the part of them that is seen."""

    def __init__(self, row_height: Callable[[int], int]) -> None:
        self.row_height = row_height
        """Lines of the row at an index, at least one."""
        self.rows: Sequence[Row] = ()
        self.height = 0
        """Lines on the screen."""
        self.cursor: int | None = None
        self.resting: int | None = None
        """Where the cursor was when its row went and it was to go to no other; it is on none until it is moved."""
        self.top: LinePlace = (0, 0)
        """What is at the upper edge."""
        self._index: dict[str, int] = {}

    @property
    def cursor_key(self) -> str | None:
        return None if self.cursor is None else self.rows[self.cursor].key

    def index(self, key: str) -> int | None:
        return self._index.get(key)

    def replace(self, rows: Sequence[Row], wanted: str | None, *, strict: bool = False) -> Callable[[], None]:
        """Take other rows. The cursor goes to `wanted`, else stays on its key, else goes to the nearest one left.

        With `strict` it goes to none in the end. Returns the second half, to be called when the heights of the new
        rows can be asked for: it keeps the cursor as far from the upper edge as it was.
        """
        index: dict[str, int] = {}
        for place, row in enumerate(rows):
            index.setdefault(row.key, place)
        depth = self.depth(self.cursor)
        key = wanted if wanted in index else self.cursor_key
        old, was = self.rows, self.cursor
        self.rows, self._index = rows, index
        stays = None if key is None else index.get(key)
        if stays is not None and not rows[stays].heading:
            self.cursor, self.resting = stays, None
        elif strict and old:
            self.cursor, self.resting = None, was if was is not None else self.resting
        else:
            self.cursor, self.resting = self._nearest(old, was), None

        def settle() -> None:
            if self.cursor is not None and depth is not None:
                self.top = self.back((self.cursor, 0), depth) if depth >= 0 else (self.cursor, -depth)
                self.top = self.forth(self.top, 0)
            else:
                self.top = (min(self.top[0], max(0, len(rows) - 1)), 0)
            self.reveal()

        return settle

    def selectable(self, index: int, step: int) -> int | None:
        """The first row that is no heading, from `index` on by `step`."""
        while 0 <= index < len(self.rows):
            if not self.rows[index].heading:
                return index
            index += step
        return None

    def forth(self, place: LinePlace, lines: int) -> LinePlace:
        row, skipped = place
        skipped += lines
        while row < len(self.rows) and skipped >= (height := self.row_height(row)):
            skipped -= height
            row += 1
        return row, skipped

    def back(self, place: LinePlace, lines: int) -> LinePlace:
        row, skipped = place
        skipped -= lines
        while skipped < 0 and row > 0:
            row -= 1
            skipped += self.row_height(row)
        return row, max(0, skipped)

    def scroll(self, lines: int) -> None:
        """Move what is seen, not the cursor; never past the ends."""
        moved = self.forth(self.top, lines) if lines > 0 else self.back(self.top, -lines)
        self.top = min(moved, self._lowest_top())

    def depth(self, index: int | None) -> int | None:
        """Lines from the upper edge to the beginning of a row (negative if cut off); None if it is out of view."""
        if index is None or index < self.top[0]:
            return None
        line, row = -self.top[1], self.top[0]
        while row < index and line < self.height:
            line += self.row_height(row)
            row += 1
        return line if line < self.height else None

    def row_at(self, line: int) -> int | None:
        row = self.forth(self.top, line)[0]
        return row if row < len(self.rows) else None

    def walk(self, step: int) -> int | None:
        """The row to select next; within a row taller than the screen that row, one line further."""
        if self.cursor is None and self.resting is not None:
            place = min(self.resting, len(self.rows))
            return self.selectable(place if step > 0 else place - 1, step)
        if self.cursor is None or self.scroll_within(step):
            return self.cursor
        target = self.selectable(self.cursor + step, step)
        if target is None and step < 0:
            self.scroll(-self.height)  # headings above the first row
        return self.cursor if target is None else target

    def page(self, lines: int) -> int | None:
        """Scroll by so many lines (negative: back); the row to select is as far, and at least one row on."""
        if self.cursor is None and self.resting is not None:
            return self.walk(1 if lines > 0 else -1)
        if self.cursor is None or self.scroll_within(lines):
            return self.cursor
        step = 1 if lines > 0 else -1
        target, passed = self.cursor, 0
        while passed < abs(lines) and (following := self.selectable(target + step, step)) is not None:
            passed += sum(self.row_height(row) for row in range(min(target, following), max(target, following)))
            target = following
        self.scroll(lines)
        return target

    def to_end(self, step: int) -> int | None:
        """Scroll to the first (-1) or last (1) line; the row to select there."""
        if self.rows:
            self.top = (0, 0) if step < 0 else self._lowest_top()
        return self.selectable(0 if step < 0 else len(self.rows) - 1, -step)

    def scroll_within(self, lines: int) -> bool:
        """Show more of a selected row that is taller than the screen; False when its end on that side is seen."""
        depth = self.depth(self.cursor)
        if self.cursor is None or depth is None:
            return False
        tall = self.row_height(self.cursor)
        hidden = depth + tall - self.height if lines > 0 else -depth
        if tall <= self.height or hidden <= 0:
            return False
        self.scroll(min(lines, hidden) if lines > 0 else max(lines, -hidden))
        return True

    def reveal(self, margin: int = 0) -> None:
        """Scroll as little as needed to see the cursor; if needed at all, `margin` lines further."""
        if self.cursor is None or self.height <= 0:
            return
        depth, tall = self.depth(self.cursor), self.row_height(self.cursor)
        shown = min(tall, self.height)
        if self.cursor < self.top[0] or (depth is not None and depth < 0 and tall <= self.height):
            self.top = self.back((self._with_headings(self.cursor), 0), margin)
        elif depth is None or (depth > 0 and depth + shown > self.height):
            room = self.height - shown
            self.top = self.forth(self.back((self.cursor, 0), room), min(margin, room))
        self.top = min(self.top, self._lowest_top())

    def _lowest_top(self) -> LinePlace:
        """No empty space under the last row unless all fit."""
        return self.back((len(self.rows), 0), self.height)

    def _with_headings(self, index: int) -> int:
        """The first of the headings directly above a row, if they fit on the screen with it."""
        above = index
        while above > 0 and self.rows[above - 1].heading:
            above -= 1
        fits = sum(self.row_height(row) for row in range(above, index + 1)) <= self.height
        return above if fits else index

    def _nearest(self, old: Sequence[Row], was: int | None) -> int | None:
        """Where the cursor goes when its row has vanished: to the row that followed it, else the one before."""
        if was is not None:
            for place in (*range(was + 1, len(old)), *range(was - 1, -1, -1)):
                index = self._index.get(old[place].key)
                if index is not None and not self.rows[index].heading:
                    return index
        return self.selectable(0, 1)
