"""The contents of the handbook and one page of it, to be read line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from textual.binding import BindingType
from textual.content import Content

from pddtui.handbook.model import Source
from pddtui.message import Message, Words, msg
from pddtui.services.chapters.contents import CONFIDENCE, Pages
from pddtui.services.chapters.page import Chapter, Fact, Page, comparable
from pddtui.services.chapters.rights import SEEN
from pddtui.services.pinyin import fits
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.bindings import bindings
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["Contents", "PageView", "PinnedPage"]


class PinnedPage(Struct, frozen=True):
    """A page that stands first."""

    page: Page
    done: int
    of: int
    """How many steps or pieces are done, of how many."""
    why: Words


class Contents(LineList):
    """One line a chapter or page. Right and Enter unfold a chapter, Left folds it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("contents")

    def __init__(self, speech: Speech, pages: Pages, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            self._lines_of, id=id, empty=show.plain(speech("Nothing matches. Press Esc to show all."), Tone.QUIET)
        )
        self._speech = speech
        self._pages = pages
        self._open: set[str] = set()
        self._pinned: tuple[PinnedPage, ...] = ()
        self._pinned_title = ""
        self._query = ""
        self._shown: dict[str, Page | Chapter | PinnedPage | str] = {}
        """By row; the words of a heading."""

    def read_in(self, pages: Pages) -> None:
        """Show the same in another reading of the handbook."""
        self._pages = pages
        self._fill()

    def pin(self, title: str, pinned: Sequence[PinnedPage]) -> None:
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
            case PinnedPage() as pinned:
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
        """The first that a search has found whose title has the words, else the first; None without a search.

        What a source is called says nothing of what one looks for.
        """
        if not self._query.strip():
            return None
        keys = [row.key for row in rows if not row.heading]
        words = comparable(self._query).split()
        for key in keys:
            page = self.page(key)
            title = self._title(page) if page and page.chapter != "sources" else ""
            if all(fits(word, title) for word in words):
                return key
        return keys[0] if keys else None

    def _title(self, page: Page) -> str:
        return comparable(" ".join((page.id, *self._speech.spellings(page.title))))

    def _all(self) -> Iterator[tuple[str, Page | Chapter | PinnedPage | str]]:
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

    def _found(self) -> Iterator[tuple[str, Page | Chapter | PinnedPage | str]]:
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

    def _row(self, key: str, thing: Page | Chapter | PinnedPage | str) -> Row:
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
                glyph = "▾ " if chapter.id in self._open else "▸ "
                return [show.line((glyph, Tone.QUIET), (speech.say(chapter.title), Tone.STRONG))]
            case Page() as page:
                return [self._page_line(page, page.detail, "  ", cells)]
            case PinnedPage() as pinned:
                return [self._page_line(pinned.page, pinned.why, f"{pinned.done}/{pinned.of}  ", cells)]

    def _page_line(self, page: Page, detail: Words, lead: str, cells: int) -> Content:
        speech = self._speech
        title = f"{speech.say(page.title)} ?" if page.unsure else speech.say(page.title)
        tail = speech("no longer in force") if page.past else speech.render(detail)
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


FACT_NAME_CELLS = 12
"""Cells of the column with names; a third of the width where that is less."""

STEP = 4
"""How far what belongs to a step is set in."""

RowLook = Callable[[int], Sequence[Content]]


class PageView(LineList):
    """Facts first, then how sure they are and where they were found."""

    def __init__(self, speech: Speech, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, open_on_click=True)
        self._speech = speech
        self._looks: dict[str, RowLook] = {}
        self._facts: dict[str, Fact] = {}
        self._page: Page | None = None

    @property
    def page(self) -> Page | None:
        return self._page

    def fact(self, row: str | None) -> Fact | None:
        """The fact on that row."""
        return self._facts.get(row or "")

    def show_page(self, page: Page, sources: Sequence[Source], ticks: Mapping[str, datetime] | None) -> None:
        """Show a page; with `ticks`, steps have boxes. The cursor stays when it is the page that was shown."""
        turned = self._page is None or self._page.key != page.key
        self._page, self._looks, self._facts = page, {}, {}
        rows = [*self._head(page), *self._fact_rows(page, ticks), *self._provenance(page, sources)]
        first = next((row.key for row in rows if not row.heading), None)
        self.set_rows(rows, cursor=first if turned else None)
        self.renew()

    def text(self) -> str:
        """The page as plain text, for the clipboard."""
        lines = (line.plain.rstrip() for row in self.rows for line in self._looks[row.key](_PAPER))
        return "\n".join(lines).strip()

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        return self._looks[key](cells)

    def _row(self, key: str, look: RowLook, *, heading: bool = False) -> Row:
        name = f"{self._page.key if self._page else ''}#{key}"
        self._looks[name] = look
        return Row(name, heading=heading)

    def _head(self, page: Page) -> Iterator[Row]:
        speech = self._speech
        marks: list[TextPart] = []
        if page.unsure:
            marks.append((speech("? unverified"), Tone.QUIET))
        if page.past:
            marks.append((speech("no longer in force"), Tone.QUIET))
        if page.detail:
            marks.append((speech.render(page.detail), Tone.QUIET))

        gap = () if page.facts and page.facts[0].heading else (Content(""),)

        def look(cells: int) -> list[Content]:
            title = show.wrap(show.plain(speech.say(page.title), Tone.STRONG), cells)
            return [*title, *(show.wrap(show.join((" · ", Tone.FAINT), marks), cells) if marks else ()), *gap]

        yield self._row("title", look, heading=True)

    def _fact_rows(self, page: Page, ticks: Mapping[str, datetime] | None) -> Iterator[Row]:
        name, steps = "", 0
        for number, fact in enumerate(page.facts):
            if fact.heading:
                name, steps = "", 0
                yield self._title(f"heading-{number}", self._speech.say(fact.words))
                continue
            if fact.step is not None:
                name, steps = "", steps + 1
                row = self._row(str(number), self._step(fact, steps, ticks))
            else:
                said = self._speech.say(fact.name) if fact.name is not None else ""
                row = self._row(str(number), self._fact(fact, "" if said == name else said, STEP if steps else 0))
                name = said
            self._facts[row.key] = fact
            yield row

    def _title(self, key: str, words: str) -> Row:
        return self._row(key, lambda _: [Content(""), show.plain(words)], heading=True)

    def _words(self, fact: Fact) -> Content:
        speech = self._speech
        said = speech.render(fact.words)
        return show.block(
            (said, Tone.ACCENT if fact.to else Tone.PLAIN),
            ("\u00a0›" if fact.to else "", Tone.QUIET),
            (" " + speech("? unverified") if fact.unsure else "", Tone.QUIET),
        )

    def _fact(self, fact: Fact, name: str, indent: int) -> RowLook:
        named = fact.name is not None
        return lambda cells: _beside(name, self._words(fact), cells, indent=indent, named=named)

    def _step(self, fact: Fact, number: int, ticks: Mapping[str, datetime] | None) -> RowLook:
        speech = self._speech
        done = ticks.get(fact.step or "") if ticks is not None else None
        box = "" if ticks is None else "[✓] " if done is not None else "[ ] "
        words: list[TextPart] = [(speech.render(fact.words), Tone.QUIET if done is not None else Tone.STRONG)]
        if done is not None:
            words.append(("  " + speech("done {when}", when=done.astimezone(speech.zone).date()), Tone.GOOD))
        lead = show.line((box, Tone.GOOD if done is not None else Tone.PLAIN), (f"{number}. ", Tone.QUIET))
        margin = show.width(lead.plain)

        def look(cells: int) -> list[Content]:
            lines = show.wrap(show.block(*words), max(2, cells - margin))
            return [show.line(lead if place == 0 else " " * margin, line) for place, line in enumerate(lines)]

        return look

    def _provenance(self, page: Page, sources: Sequence[Source]) -> Iterator[Row]:
        origins: list[tuple[Message, Content]] = []
        for name, day in ((msg("Valid from"), page.valid_from), (msg("Valid to"), page.valid_to)):
            if day is not None:
                origins.append((name, show.plain(day.isoformat())))
        if page.conf is not None:
            origins.append((msg("Confidence"), show.plain(self._speech.say(CONFIDENCE[page.conf]))))
        origins += [(msg("Source"), self._cited(source)) for source in sources]
        if origins:
            yield self._title("provenance", self._speech("Confidence and sources"))
        before = ""
        for number, (name, words) in enumerate(origins):
            said = self._speech.say(name)
            yield self._row(f"from-{number}", self._line("" if said == before else said, words))
            before = said

    def _line(self, name: str, words: Content) -> RowLook:
        return lambda cells: _beside(name, words, cells)

    def _cited(self, source: Source) -> Content:
        say = self._speech.say
        where = "\n".join((*source.where, *(() if source.found is None else (say(source.found),))))
        name = say(source.cited)
        seen = self._speech.say(SEEN[source.seen])
        return show.block(
            (f"{name} " if name else "", Tone.QUIET),
            say(source.label),
            (f"\n{where}" if where else "", Tone.QUIET),
            (f"\n{seen}", Tone.QUIET),
        )


_PAPER = 78
"""Cells of a line on the clipboard."""


def _beside(name: str, words: Content, cells: int, *, indent: int = 0, named: bool = True) -> list[Content]:
    """A name and its words side by side, both wrapped in their columns; without a name, over the whole width."""
    column = min(FACT_NAME_CELLS, cells // 3) if named else 0
    rows = show.beside(show.plain(name if named else "", Tone.QUIET), words, cells - indent, column)
    return [show.line(" " * indent, row) for row in rows] if indent else rows
