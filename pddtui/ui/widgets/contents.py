"""The contents of the handbook: chapters that unfold, what fits the case at hand, or what a search has found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.content import Content

from pddtui.message import Words
from pddtui.services.page import Chapter, Page, plain
from pddtui.services.pages import Pages
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone
from pddtui.ui.widgets.lines import LineList, Row
from pddtui.ui.widgets.viewport import distinct

__all__ = ["Contents", "Pinned"]


class Pinned(Struct, frozen=True):
    """A page that stands first."""

    page: Page
    done: int
    of: int
    """How many steps or pieces are done, of how many."""
    why: Words


class Contents(LineList):
    """One line a chapter or page. Right and Enter unfold a chapter, Left folds it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "unfold", "Unfold", show=False, id="contents.unfold"),
        Binding("left", "fold", "Fold", show=False, id="contents.fold"),
    ]

    def __init__(self, speech: Speech, pages: Pages, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            self._lines_of, id=id, empty=show.plain(speech("Nothing has these words. Esc shows all."), Tone.QUIET)
        )
        self._speech = speech
        self._pages = pages
        self._open: set[str] = set()
        self._pinned: tuple[Pinned, ...] = ()
        self._pinned_title = ""
        self._query = ""
        self._shown: dict[str, Page | Chapter | Pinned | str] = {}
        """By row; the words of a heading."""

    def pin(self, title: str, pinned: Sequence[Pinned]) -> None:
        """Put these before all chapters."""
        self._pinned_title, self._pinned = title, tuple(pinned)
        self._fill()

    def search(self, query: str) -> int:
        """Show what has every word of the query, or (without words) the chapters; how many pages that is."""
        self._query = query
        rows = self._fill()
        return sum(not row.heading for row in rows)

    def page(self, row: str | None) -> Page | None:
        """The page on that row; None for a chapter."""
        match self._shown.get(row or ""):
            case Pinned() as pinned:
                return pinned.page
            case Page() as page:
                return page
        return None

    def chapter(self, row: str | None) -> Chapter | None:
        """The chapter on that row; None for a page."""
        found = self._shown.get(row or "")
        return found if isinstance(found, Chapter) else None

    def go_to(self, page: Page) -> None:
        """Put the cursor on a page, or on the chapter that is shown as one, unfolding it where it is folded."""
        if not self._query and page.key not in (pinned.page.key for pinned in self._pinned):
            self._open.add(page.chapter)
            self._fill()
        for key in (f"page:{page.key}", f"pinned:{page.key}", f"chapter:{page.chapter}"):
            if self.select(key):
                return

    def turn(self, chapter: str) -> None:
        """Unfold a chapter, or fold it."""
        self._open ^= {chapter}
        self._fill(cursor=f"chapter:{chapter}")

    def action_unfold(self) -> None:
        chapter = self.chapter(self.cursor_key)
        if chapter is not None and chapter.id not in self._open:
            self.turn(chapter.id)

    def action_fold(self) -> None:
        chapter = self.chapter(self.cursor_key)
        page = self.page(self.cursor_key)
        name = chapter.id if chapter is not None else page.chapter if page is not None else ""
        if name in self._open and not self._query:
            self.turn(name)

    def _fill(self, cursor: str | None = None) -> Sequence[Row]:
        self._shown = distinct(self._found() if self._query.strip() else self._all())
        rows = [self._row(key, thing) for key, thing in self._shown.items()]
        self.set_rows(rows, cursor=cursor or self._nearest(rows))
        return rows

    def _nearest(self, rows: Sequence[Row]) -> str | None:
        """Of what a search has found, the first whose title has the words, else the first; None without a search.

        What a source is called says nothing of what one looks for.
        """
        if not self._query.strip():
            return None
        keys = [row.key for row in rows if not row.heading]
        words = plain(self._query).split()
        for key in keys:
            page = self.page(key)
            title = plain(f"{page.id} {page.title.zh} {page.title.en}") if page and page.chapter != "sources" else ""
            if all(word in title for word in words):
                return key
        return keys[0] if keys else None

    def _all(self) -> Iterator[tuple[str, Page | Chapter | Pinned | str]]:
        if self._pinned:
            yield f"heading:{self._pinned_title}", self._pinned_title
        for pinned in self._pinned:
            yield f"pinned:{pinned.page.key}", pinned
        if self._pinned:
            yield "heading:", ""
        for chapter in self._pages.chapters:
            yield f"chapter:{chapter.id}", chapter
            if chapter.id in self._open:
                yield from self._pages_in(self._pages.of(chapter.id))

    def _found(self) -> Iterator[tuple[str, Page | Chapter | Pinned | str]]:
        found = self._pages.search(self._query)
        for chapter in self._pages.chapters:
            inside = [page for page in found if page.chapter == chapter.id]
            if inside:
                title = self._speech.say(chapter.title)
                yield f"heading:{title}", title
                yield from self._pages_in(inside)

    def _pages_in(self, pages: Iterable[Page]) -> Iterator[tuple[str, Page]]:
        for page in pages:
            yield f"page:{page.key}", page

    def _row(self, key: str, thing: Page | Chapter | Pinned | str) -> Row:
        if isinstance(thing, str):
            return Row(key, heading=True)
        stamp = thing.id in self._open if isinstance(thing, Chapter) else thing
        return Row(key, stamp=str(stamp))

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        speech = self._speech
        match self._shown[key]:
            case str() as title:
                return [show.plain(title)]
            case Chapter() as chapter:
                sign = "▾ " if chapter.id in self._open else "▸ "
                return [show.line((sign, Tone.QUIET), (speech.say(chapter.title), Tone.STRONG))]
            case Page() as page:
                return [self._page_line(page, page.detail, "  ", cells)]
            case Pinned() as pinned:
                return [self._page_line(pinned.page, pinned.why, f"{pinned.done}/{pinned.of}  ", cells)]

    def _page_line(self, page: Page, detail: Words, lead: str, cells: int) -> Content:
        speech = self._speech
        title = f"{speech.say(page.title)} ?" if page.unsure else speech.say(page.title)
        tail = speech("out of force") if page.past else speech.render(detail)
        room = cells - show.width(lead)
        spare = room - show.width(title) - 2
        if page.past:
            title = show.cut(title, room - show.width(tail) - 2)
        elif spare < show.width(tail):
            tail = show.cut(tail, spare) if spare >= _LEAST else ""
        gap = room - show.width(title) - show.width(tail)
        tone = Tone.QUIET if page.past else Tone.PLAIN
        return show.line((lead, Tone.QUIET), (title, tone), (" " * max(0, gap) + tail, Tone.QUIET))


_LEAST = 8
"""Cells below which a detail says nothing."""
