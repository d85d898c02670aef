"""The handbook: contents on one side, the page on the other; below 60 columns one of them at a time.

With a case, the playbooks that fit it come first and their steps are ticked in the case. It is reference, no
legal advice, and every page says how sure it is and where it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.services.chapters.contents import DISCLAIMER, Pages
from pddtui.services.chapters.page import Chapter, Fact, Page
from pddtui.services.playbook import evidence_page, routes, step_of, wanted_evidence
from pddtui.ui import show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.context import Context
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.book import Contents, PageView, PinnedPage
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.pane import Pane

__all__ = ["HandbookScreen"]

BookSide = Literal["contents", "page"]


class HandbookScreen(PageScreen):
    """Give it a case to have its playbooks first and tick their steps. It gives back the case that was chosen."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "handbook"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, context: Context, case_id: str | None = None) -> None:
        super().__init__(context)
        self._case: Case | None = context.casebook.case(case_id) if case_id is not None else None
        speech = context.speech
        self._pages = self._pages_of_today()
        self._contents = Contents(speech, self._pages, id="contents-list")
        self._view = PageView(speech, id="page-view")
        self._filter = FilterBar(placeholder=speech("words in Chinese or English"))
        self._left = Pane("1", speech("Handbook"), (self._filter, self._contents), id="contents")
        self._right = Pane("2", speech("Page"), (self._view,), id="page")
        self._trail: list[Page] = []
        """The pages to go back to."""

    def _pages_of_today(self) -> Pages:
        return Pages(self.context.handbook, self.context.casebook.now().date(), self.context.speech.spellings)

    def compose(self) -> ComposeResult:
        with Container(id="book"):
            yield self._left
            yield self._right
        yield Static(show.plain(self.context.speech.say(DISCLAIMER), Tone.QUIET), id="disclaimer")
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        if self._case is not None:
            self._left.name_it(self._case.ref)
            self._pin(self._case)
        else:
            self._contents.search("")
        self._go_to("contents")
        for warning in self.context.handbook.warnings:
            self.warn(self.context.speech.say(warning))

    def show_again(self) -> None:
        """The same page, as it is today."""
        self._pages = self._pages_of_today()
        self._contents.read_in(self._pages)
        self._show_case()

    def take_in(self, changed: frozenset[str]) -> None:
        if self._case is not None and self._case.id in changed:
            self._case = self.context.casebook.store.cases().get(self._case.id, self._case)
            self._show_case()

    def _show_case(self) -> None:
        with self.prevent(LineList.Highlighted):
            if self._case is not None:
                self._pin(self._case)
        if self._view.page is not None:
            self._show(self._pages.page(self._view.page.key) or self._view.page)

    def _pin(self, case: Case) -> None:
        handbook = self.context.handbook
        pinned = [
            PinnedPage(page, route.done, len(route.ticks), route.why)
            for route in routes(case, handbook)
            if (page := self._pages.page(f"playbooks/{route.playbook.id}")) is not None
        ]
        wants = wanted_evidence(case, handbook)
        there = sum(want.have > 0 for want in wants)
        pinned.append(PinnedPage(evidence_page(case, handbook), there, len(wants), ""))
        self._contents.pin(self.context.speech("For this case"), pinned)

    def _show(self, page: Page) -> None:
        ticks: Mapping[str, datetime] | None = self._case.steps if self._case is not None else None
        self._view.show_page(page, self._pages.sources(page), ticks)
        chapter = next((each for each in self._pages.chapters if each.id == page.chapter), None)
        self._right.name_it(self.context.speech.say(chapter.title) if chapter is not None else "")
        self.refresh_bindings()

    def _show_chapter(self, chapter: Chapter) -> None:
        """A chapter as a page: what is in it, each title leading on."""
        inside = self._pages.of(chapter.id)
        if len(inside) == 1:
            self._show(inside[0])
            return
        facts = tuple(Fact(words=page.title, unsure=page.unsure, to=page.key) for page in inside)
        about = Fact(words=chapter.about)
        self._show(Page(chapter=chapter.id, id="", title=chapter.title, facts=(about, *facts)))

    @property
    def _side(self) -> BookSide:
        return "page" if self._right.has_focus_within else "contents"

    def _go_to(self, side: BookSide) -> None:
        for other in ("contents", "page"):
            self.set_class(other == side, f"-at-{other}")
        (self._view if side == "page" else self._contents).focus()

    @on(LineList.Highlighted, "#contents-list")
    def _highlighted(self, event: LineList.Highlighted) -> None:
        page, chapter = self._contents.page(event.key), self._contents.chapter(event.key)
        if page is not None:
            self._show(page)
        elif chapter is not None:
            self._show_chapter(chapter)

    @on(LineList.Highlighted, "#page-view")
    def _read(self) -> None:
        self.refresh_bindings()

    @on(LineList.Opened, "#contents-list")
    def _opened(self, event: LineList.Opened) -> None:
        chapter = self._contents.chapter(event.key)
        if chapter is not None and len(self._pages.of(chapter.id)) > 1:
            self._contents.turn(chapter.id)
        else:
            self._trail.clear()
            self._go_to("page")

    @on(LineList.Opened, "#page-view")
    def _followed(self, event: LineList.Opened) -> None:
        fact, shown = self._view.fact(event.key), self._view.page
        target = self._pages.page(fact.to) if fact is not None and fact.to is not None else None
        if target is not None and shown is not None:
            self._trail.append(shown)
            self._turn_to(target)

    def _turn_to(self, page: Page) -> None:
        with self.prevent(LineList.Highlighted):
            self._contents.go_to(page)
        self._show(page)

    @on(FilterBar.Changed)
    def _searched(self, event: FilterBar.Changed) -> None:
        n = self._contents.search(event.text)
        if event.text.strip():
            self._filter.found(self.context.speech("{n} found", context="handbook", n=n))

    @on(FilterBar.Left)
    def _search_left(self) -> None:
        self._contents.focus()

    def met(self, need: Need) -> bool:
        return need is not Need.STEP or self._step() is not None

    def _step(self) -> str | None:
        if self._case is None or self._side != "page":
            return None
        fact = self._view.fact(self._view.cursor_key)
        return fact.step if fact is not None else None

    def action_search(self) -> None:
        self._go_to("contents")
        self._filter.open()

    def action_other_pane(self) -> None:
        self._go_to("contents" if self._side == "page" else "page")

    def action_back(self) -> None:
        """Back along the pages that were followed, then to the contents, then to where one came from."""
        if self._trail:
            self._turn_to(self._trail.pop())
        elif self._side == "page":
            self._go_to("contents")
        elif self._filter.is_open:
            self._filter.close()
        else:
            self.dismiss(None)

    @work(exclusive=True, group="tick")
    async def action_tick(self) -> None:
        case, key, speech = self._case, self._step(), self.context.speech
        if case is None or key is None:
            return
        casebook = self.context.casebook
        at = None if key in case.steps else casebook.now()
        try:
            self._case = await self.context.clerk.do(lambda: casebook.tick(case.id, key, at))
        except PddError as error:
            self.decline(speech.say(error.message))
            return
        self._show_case()
        record = step_of(key, self.context.handbook).record
        if at is not None and record is not None:
            self.tell(speech("Done. Now record {what}.", what=record))

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._view.text())
