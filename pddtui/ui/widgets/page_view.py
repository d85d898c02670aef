"""One page of the handbook, to be read line by line: what leads on can be opened, steps can be ticked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from textual.content import Content

from pddtui.handbook.sources import Source
from pddtui.message import Message, msg
from pddtui.services.chapters.contents import CONFIDENCE
from pddtui.services.chapters.doubts import SEEN
from pddtui.services.page import Fact, Page
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Part, Tone
from pddtui.ui.widgets.lines import LineList, Row

__all__ = ["PageView"]

NAME = 12
"""Cells of the column with names; a third of the width where that is less."""

STEP = 4
"""How far what belongs to a step is set in."""

Look = Callable[[int], Sequence[Content]]


class PageView(LineList):
    """Facts first, then how sure they are and where they were found."""

    def __init__(self, speech: Speech, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, open_on_click=True)
        self._speech = speech
        self._looks: dict[str, Look] = {}
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
        rows = [*self._head(page), *self._told(page, ticks), *self._provenance(page, sources)]
        first = next((row.key for row in rows if not row.heading), None)
        self.set_rows(rows, cursor=first if turned else None)
        self.renew()

    def text(self) -> str:
        """The page as plain text, for the clipboard."""
        lines = (line.plain.rstrip() for row in self.rows for line in self._looks[row.key](_PAPER))
        return "\n".join(lines).strip()

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        return self._looks[key](cells)

    def _row(self, key: str, look: Look, *, heading: bool = False) -> Row:
        name = f"{self._page.key if self._page else ''}#{key}"
        self._looks[name] = look
        return Row(name, heading=heading)

    def _head(self, page: Page) -> Iterator[Row]:
        speech = self._speech
        marks: list[Part] = []
        if page.unsure:
            marks.append((speech("? unverified"), Tone.QUIET))
        if page.past:
            marks.append((speech("out of force"), Tone.QUIET))
        if page.detail:
            marks.append((speech.render(page.detail), Tone.QUIET))

        gap = () if page.facts and page.facts[0].heading else (Content(""),)

        def look(cells: int) -> list[Content]:
            title = show.wrap(show.plain(speech.say(page.title), Tone.STRONG), cells)
            return [*title, *(show.wrap(show.join((" · ", Tone.FAINT), marks), cells) if marks else ()), *gap]

        yield self._row("title", look, heading=True)

    def _told(self, page: Page, ticks: Mapping[str, datetime] | None) -> Iterator[Row]:
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

    def _fact(self, fact: Fact, name: str, indent: int) -> Look:
        named = fact.name is not None
        return lambda cells: _beside(name, self._words(fact), cells, indent=indent, named=named)

    def _step(self, fact: Fact, number: int, ticks: Mapping[str, datetime] | None) -> Look:
        speech = self._speech
        done = ticks.get(fact.step or "") if ticks is not None else None
        box = "" if ticks is None else "[✓] " if done is not None else "[ ] "
        words: list[Part] = [(speech.render(fact.words), Tone.QUIET if done is not None else Tone.STRONG)]
        if done is not None:
            words.append(("  " + speech("done {when}", when=done.astimezone(speech.zone).date()), Tone.GOOD))
        lead = show.line((box, Tone.GOOD if done is not None else Tone.PLAIN), (f"{number}. ", Tone.QUIET))
        margin = show.width(lead.plain)

        def look(cells: int) -> list[Content]:
            lines = show.wrap(show.block(*words), max(2, cells - margin))
            return [show.line(lead if place == 0 else " " * margin, line) for place, line in enumerate(lines)]

        return look

    def _provenance(self, page: Page, sources: Sequence[Source]) -> Iterator[Row]:
        told: list[tuple[Message, Content]] = []
        for name, day in ((msg("Valid from"), page.valid_from), (msg("Valid to"), page.valid_to)):
            if day is not None:
                told.append((name, show.plain(day.isoformat())))
        if page.conf is not None:
            told.append((msg("Confidence"), show.plain(self._speech.say(CONFIDENCE[page.conf]))))
        told += [(msg("Source"), self._cited(source)) for source in sources]
        if told:
            yield self._title("provenance", self._speech("How sure, and where from"))
        before = ""
        for number, (name, words) in enumerate(told):
            said = self._speech.say(name)
            yield self._row(f"from-{number}", self._line("" if said == before else said, words))
            before = said

    def _line(self, name: str, words: Content) -> Look:
        return lambda cells: _beside(name, words, cells)

    def _cited(self, source: Source) -> Content:
        where = "\n".join(source.where)
        seen = self._speech.say(SEEN[source.seen])
        return show.block(
            (f"{source.id} ", Tone.QUIET),
            self._speech.say(source.label),
            (f"\n{where}" if where else "", Tone.QUIET),
            (f"\n{seen}", Tone.QUIET),
        )


_PAPER = 78
"""Cells of a line on the clipboard."""


def _beside(name: str, words: Content, cells: int, *, indent: int = 0, named: bool = True) -> list[Content]:
    """A name and its words side by side, both wrapped in their columns; without a name, over the whole width."""
    column = min(NAME, cells // 3) if named else 0
    left = show.wrap(show.plain(name, Tone.QUIET), max(2, column - 1)) if named and name else []
    right = show.wrap(words, max(2, cells - column - indent))
    return [
        show.line(" " * indent, show.one_row(first, column) if column else "", second)
        for first, second in zip_longest(left, right, fillvalue=Content(""))
    ]
