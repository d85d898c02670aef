"""The desk: the cases, the contact log of the chosen one under its facts, and what is to be done in all.

At 100 columns and more all three are seen, from 60 on what is due and one other, below that one at a time. The desk
reads from the board and writes through the deeds; what another window saves appears within a second, and the cursor
stays on its record.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar, Literal

from msgspec import structs
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from pddtui.domain.attention import Attention
from pddtui.domain.case import Case
from pddtui.domain.todo import ToDo, TodoGroup
from pddtui.errors import PddError, Refused
from pddtui.message import Message, Words
from pddtui.services.board import Board
from pddtui.services.pinyin import pinyin
from pddtui.services.search import reader_of, with_saved
from pddtui.ui import show
from pddtui.ui.actions import BY_ID, Action, Need, Place
from pddtui.ui.bindings import ActionScreen, deed_keys, key_name
from pddtui.ui.context import Clerk, Context
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.screens.offers import offers
from pddtui.ui.screens.watch import LOOK_EVERY, Watch
from pddtui.ui.selection import Selection, Spot, met, of_act, of_flags, reasons, why_not
from pddtui.ui.show import Tone
from pddtui.ui.thrift import ThriftyScreen
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.facts import FactLines
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.pane import Pane
from pddtui.ui.widgets.status_line import StatusLine
from pddtui.ui.widgets.tour import TourBar

__all__ = ["DeskScreen"]


async def load_rest(board: Board, clerk: Clerk, slices: Sequence[Sequence[str]], show: Callable[[], None]) -> None:
    """Have the clerk work the slices out one by one, between its other work, and `show` the board in the end."""
    for case_ids in slices:
        board.take(await clerk.do(partial(board.seen, case_ids)))
    if slices:
        show()
        if gc.get_freeze_count():
            gc.freeze()  # all of it stays as well: looking through it would stop the keys again and again


PaneName = Literal["cases", "log", "due"]


class DeskPanes(Container):
    """Which of them are seen depends on the width of the screen; the style sheet decides."""

    def __init__(self, context: Context) -> None:
        super().__init__(id="panes")
        self._speech = context.speech
        self._at: PaneName = "cases"
        """Where the keys were sent last; the focus follows a moment later."""
        self._beside: PaneName = "log"
        """Which pane is seen beside what is due, where there is room for two."""
        speech, rules = context.speech, context.casebook.rules
        self.cases = CaseList(speech, rules, id="cases-list")
        wishes = context.settings.keys
        unfold = key_name(wishes.get("view.unfold") or BY_ID["view.unfold"].keys, speech)
        self.due = DueList(speech, deed_keys(wishes, speech), fold_key=unfold, id="due-list")
        self.filter = FilterBar(placeholder=speech("words, turn:theirs, is:quiet, is:overdue …"))
        self._facts = FactLines(speech, rules, id="facts")
        self._log = ContactLog(speech, rules, newest_first=context.settings.log_newest_first, id="log-list")
        capture = key_name((wishes.get("log.line") or BY_ID["log.line"].keys).split(",")[0], speech)
        hint = show.line((f"{capture} ", Tone.ACCENT), (speech("who: what was said; by when"), Tone.QUIET))
        self._hint = Static(hint, id="log-hint")
        """Where the next contact is typed in one line."""
        self._panes: dict[PaneName, tuple[Pane, LineList]] = {
            "cases": (Pane("1", speech("Cases"), (self.filter, self.cases), id="cases"), self.cases),
            "log": (Pane("2", speech("Contact log"), (self._facts, self._log, self._hint), id="log"), self._log),
            "due": (Pane("3", speech("Due"), (self.due,), id="due"), self.due),
        }

    def compose(self) -> ComposeResult:
        with Vertical(id="left"):
            yield self._panes["cases"][0]
            yield self._panes["due"][0]
        yield self._panes["log"][0]

    @property
    def at(self) -> PaneName:
        """The pane that has the keys."""
        return next((name for name, (pane, _) in self._panes.items() if pane.has_focus_within), "cases")

    def go(self, name: PaneName) -> None:
        """Give the keys to a pane; in a narrow terminal it is also the one that is seen."""
        for other in self._panes:
            self.screen.set_class(other == name, f"-at-{other}")
        if name != "due":
            self._beside = name
            self.screen.set_class(name == "cases", "-beside-cases")
        self._panes[name][1].focus()
        self._at = name
        self._point()

    def zoom(self) -> None:
        """Give the pane that has the keys the whole body, or the others their room again."""
        self.go(self.at)
        self.screen.toggle_class("-zoom")
        self._point()

    def on_resize(self) -> None:
        self._point()

    def _point(self) -> None:
        """Have the first pane in sight name those that are not."""
        seen: tuple[PaneName, ...] = ("cases", "log", "due")
        if self.screen.has_class("-narrow") or self.screen.has_class("-zoom"):
            seen = (self._at,)
        elif self.screen.has_class("-medium"):
            seen = ("due", self._beside)
        hidden = [pane for name, (pane, _) in self._panes.items() if name not in seen]
        for name, (pane, _) in self._panes.items():
            pane.point_to(hidden if name == seen[0] else ())

    def show_cases(self, entries: Sequence[Attention], cursor: str | None) -> None:
        """List these cases, the cursor on one of them or where it was."""
        self.cases.show_cases(entries, filtered=bool(self.filter.text), cursor=cursor)
        self.show_marks()
        self._point()

    def show_due(self, groups: Mapping[TodoGroup, Sequence[ToDo]], now: datetime) -> None:
        """List what is to be done, and how much of it in the title."""
        self.due.show_groups(groups, now)
        speech, counts = self._speech, {name: len(members) for name, members in groups.items()}
        worst = {item.level for item in groups.get("now", ())}
        tone = Tone.RED if "red" in worst else Tone.AMBER if "amber" in worst else Tone.QUIET
        said = [
            speech("{n} now", n=counts["now"]) if counts.get("now") else "",
            speech("{n} this week", n=counts["week"]) if counts.get("week") else "",
            speech("{n} waiting", n=counts["waiting"]) if counts.get("waiting") else "",
            speech("of the cases found") if self.filter.text else "",
        ]
        count = str(counts["now"]) if counts.get("now") else ""
        self._panes["due"][0].name_it(" · ".join(part for part in said if part), count=count, tone=tone)
        self._point()

    def stay_with(self, case_id: str | None) -> None:
        """Have Due let go of another case: a key acts on what is under its cursor, and this one is shown."""
        item = self.due.act(self.due.cursor_key)
        if case_id is not None and item is not None and item.case.id != case_id:
            self.due.rest_on(self.due.first_of(case_id))

    def show_thing(self, thing: str | None) -> None:
        """Put the cursor of the log on what was just written into it."""
        if thing is not None:
            self._log.select(thing)

    def order_log(self, *, newest_first: bool) -> None:
        """Show the newest contact on top, or at the bottom, from the next look on."""
        self._log.newest_first = newest_first

    def show_case(self, entry: Attention | None, now: datetime) -> None:
        """Show facts and log of one case, or of none."""
        self._facts.show_case(entry)
        self._hint.visible = entry is not None and entry.case.active
        self._log.show_log(entry, now)
        named = f"{entry.case.ref.rpartition('-')[2]}  {entry.case.title}" if entry is not None else ""
        self._panes["log"][0].name_it(named)
        if entry is not None and self._at != "due" and (first := self.due.first_of(entry.case.id)) is not None:
            self.due.select(first)
        self._point()

    def selection(self, entry: Attention | None) -> Selection | None:
        """What a key acts on, with `entry` as the case that is shown."""
        at = self.at
        if at == "due" and (item := self.due.act(self.due.cursor_key)) is not None:
            return of_act(item)
        if entry is None:
            return None
        if at == "due":
            return Selection(case=entry.case)  # on the line of what waits, or on none: no act is chosen
        key = self._log.cursor_key
        if at == "log" and (contact := self._log.contact(key)) is not None:
            return Selection(case=entry.case, contact=contact, promise=self._log.promise(key))
        chosen = of_flags(entry.case, entry.flags)
        return structs.replace(chosen, marked=self.cases.marked) if at == "cases" else chosen

    def show_marks(self) -> None:
        """Say how many cases are marked, and that they can be."""
        total, marked = str(len(self.cases.rows)), len(self.cases.marked)
        words = self._speech("{total} · {n} marked", total=total, n=marked) if marked else total
        if self.filter.text:
            words = f"{words}  / {self.filter.text}"
        self._panes["cases"][0].name_it(words, count=total)


DESK_WIDTHS: list[tuple[int, str]] = [(0, "-narrow"), (60, "-medium"), (100, "-wide")]


def _among(
    groups: Mapping[TodoGroup, Sequence[ToDo]], case_ids: Collection[str] | None
) -> Mapping[TodoGroup, Sequence[ToDo]]:
    """What is to be done in these cases; None is for all."""
    if case_ids is None:
        return groups
    found = {name: [item for item in items if item.case.id in case_ids] for name, items in groups.items()}
    return {name: items for name, items in found.items() if items}


class DeskScreen(PageScreen, ThriftyScreen[str | None]):
    """The start, and where everything returns to."""

    PLACE: ClassVar[Place] = "desk"
    HORIZONTAL_BREAKPOINTS = DESK_WIDTHS
    AUTO_FOCUS = "#cases-list"

    def __init__(self, context: Context, ref: str | None = None, *, tour: bool = False) -> None:
        super().__init__(context)
        self._begins_tour = tour
        self._first = ref
        rules, called = context.casebook.rules, context.settings.called
        self._reader = reader_of(rules, context.speech.spellings, called)
        self._board = Board(context.casebook, self._reader)
        self._chosen: str | None = None
        """Id of the case whose log is shown."""
        self._met = met(None)
        self._panes = DeskPanes(context)
        name = context.speech("sample cases, gone when you quit") if context.samples else context.places.data_file.name
        self._status = StatusLine(context.speech, name, id="status")
        self._tour = TourBar(context.speech)
        self._watch = Watch(context, self, self._take_in, self._status.show_news)
        self._panes.cases.follow = self._show_highlighted

    def compose(self) -> ComposeResult:
        widths = [name for least, name in DESK_WIDTHS if self.app.size.width >= least]
        self.add_class(f"-at-{self._starts_at}", widths[-1])
        yield self._panes
        yield self._tour
        yield self._status
        yield KeyLine(self.context)

    @property
    def _starts_at(self) -> PaneName:
        """Where there is no room for all, what is due comes first; an empty desk says how to begin."""
        crowded = self.app.size.width < DESK_WIDTHS[-1][0] and self.context.casebook.store.cases()
        return "due" if crowded else "cases"

    def on_mount(self) -> None:
        rest = self._board.begin(self._first)
        self._show_board(cursor=self._first)
        self.run_worker(load_rest(self._board, self.context.clerk, rest, self._show_board))
        self.action_pane(self._starts_at if self._first is None else "cases")
        self._watch.show_state()
        self.context.clerk.when_gone = self._watch.write_back
        self.run_worker(offers(self, self.context))
        self.set_interval(LOOK_EVERY, lambda: self.run_worker(self._watch.look()))
        if self._first is not None:
            self._open_page(self._first)
        if self._begins_tour:
            self.action_tour(0)

    def _show_board(self, cursor: str | None = None, *, filtering: bool = False) -> None:
        """Show everything again, or only the list where nothing else can have changed."""
        context, filter_bar = self.context, self._panes.filter
        now = context.casebook.now()
        try:
            entries = self._board.rows(with_saved(filter_bar.text, context.settings.filters))
        except Refused as error:
            filter_bar.wrong(context.speech.say(error.message), error.position)
            return
        if filter_bar.text:
            filter_bar.found(context.speech("{n} found", n=len(entries)))
            if not entries and (nearest := self._board.nearest) is not None:
                filter_bar.hint(context.speech.say(nearest))
        self.set_class(not entries and not filter_bar.text, "-empty")
        self._panes.show_cases(entries, cursor)
        found_ids = {entry.case.id for entry in entries} if filter_bar.text else None
        self._panes.show_due(_among(self._board.todo(), found_ids), now)
        if not filtering:
            self._status.count(self._board.count("red"), self._board.count("amber"), now)
        chosen = cursor or self._panes.cases.cursor_key or self._chosen
        if not filtering or chosen != self._chosen:
            self._show_case(chosen)

    def _show_case(self, case_id: str | None) -> None:
        entry = self._board.get(case_id) if case_id is not None else None
        self._chosen = entry.case.id if entry is not None else None
        self._panes.show_case(entry, self.context.casebook.now())
        self._look_at_keys()

    def _look_at_keys(self) -> None:
        """Have the key line say what can be done now, where that is something else: it takes as long as a picture."""
        before, self._met = self._met, met(self._selection())
        if before != self._met:
            self.refresh_bindings()

    def _take_in(self, changed: frozenset[str]) -> None:
        """Bring the board up to date, and have every screen hear of it, which shows it when it is seen."""
        context = self.context
        if changed:
            self._board.update(changed)
            self._status.show_news(context.speech("another window saved a change"), Tone.ACCENT)
        now = context.casebook.now()
        context.speech.go_by(now)
        changed |= self._board.tick()
        for screen in self.app.screen_stack:
            if isinstance(screen, ActionScreen):
                screen.hear(changed, now)

    def take_in(self, changed: frozenset[str]) -> None:  # noqa: ARG002 -- the board has them
        self._show_board()

    def show_again(self) -> None:
        self._show_board()

    def clock_moved(self, now: datetime) -> None:
        super().clock_moved(now)
        self._status.show_time(now)

    def settings_changed(self) -> None:
        self._panes.order_log(newest_first=self.context.settings.log_newest_first)
        self._show_board()

    def _selection(self) -> Selection | None:
        self._panes.cases.rest()
        return self._panes.selection(self._board.get(self._chosen) if self._chosen is not None else None)

    def _show_highlighted(self, case_id: str | None) -> None:
        if case_id != self._chosen:
            self._show_case(case_id)

    @on(LineList.Highlighted, "#due-list")
    def _due_highlighted(self, event: LineList.Highlighted) -> None:
        item = self._panes.due.act(event.key)
        if item is not None and self._panes.at == "due":
            self._choose(item.case.id)
        self._look_at_keys()

    def _choose(self, case_id: str) -> None:
        self._panes.cases.select(case_id)
        self._show_case(case_id)

    @on(LineList.Highlighted, "#log-list")
    def _contact_highlighted(self) -> None:
        self._look_at_keys()

    @on(LineList.Opened)
    def _open_thing(self) -> None:
        """The case page, at the thing under the cursor."""
        if self._panes.at == "due" and self._panes.due.at_fold():
            self._panes.due.fold()
            return
        on = self._selection()
        if on is not None:
            self._open_page(
                on.case.id, lambda _: self._reload(on.case.id), on.spot if self._panes.at != "cases" else None
            )

    def _open_page(
        self, case_id: str, closed: Callable[[str | None], None] | None = None, spot: Spot | None = None
    ) -> None:
        from pddtui.ui.screens.case import CasePage

        self.app.push_screen(CasePage(self.context, case_id, spot), closed)

    def _come_back(self, case_id: str | None) -> None:
        """Show that case; None is back from a page where none was chosen."""
        if case_id is not None:
            self._panes.filter.close()
        self._reload(case_id or self._chosen)

    def _reload(self, case_id: str | None) -> None:
        if case_id is not None:
            self._board.update([case_id])
        self._show_board(cursor=case_id)

    def action_pane(self, name: PaneName) -> None:
        self._panes.go(name)
        item = self._panes.due.act(self._panes.due.cursor_key) if name == "due" else None
        if item is not None:
            self._choose(item.case.id)

    def action_zoom(self) -> None:
        self._panes.zoom()

    def action_unfold(self) -> None:
        """Show each thing that only runs, or one line for all of them."""
        self.action_pane("due")
        self._panes.due.fold()

    def action_mark(self) -> None:
        self.action_pane("cases")
        self._panes.cases.mark()
        self._panes.show_marks()
        self.refresh_bindings()

    def action_filter(self) -> None:
        self.action_pane("cases")
        self._panes.filter.open()
        self.run_worker(self.context.clerk.do(pinyin))  # the readings are there by the time that something is typed

    @on(FilterBar.Changed)
    def _filter_changed(self) -> None:
        self._show_board(filtering=True)
        self.refresh_bindings()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._panes.cases.focus()

    def repeat(self, refusal: str) -> None:
        self._status.show_refusal(refusal)

    def chosen_case(self) -> Case | None:
        entry = self._board.get(self._chosen) if self._chosen is not None else None
        return entry.case if entry is not None else None

    def action_clear_filter(self) -> None:
        """Leave the tour; without one, take the filter away."""
        if self._tour.on:
            self._tour.end()
            if self._begins_tour:
                self.app.exit()  # back to one's own cases: what was entered in the samples would be lost
            self.refresh_bindings()
        elif self._panes.cases.unmark():
            self._panes.show_marks()
            self.refresh_bindings()
        else:
            self._panes.filter.close()

    @work
    async def action_saved_filters(self) -> None:
        from pddtui.ui.forms.saved_filters import choose_filter

        try:
            query = await choose_filter(self, self.context, self._panes.filter.text, self._reader)
        except PddError as error:
            self.decline(self.context.speech.say(error.message))
            return
        if query is not None:
            self._filter_with(query)

    def action_filter_by(self, name: str) -> None:
        query = self.context.settings.filters.get(name)
        if query is not None:
            self._filter_with(query)

    def _filter_with(self, query: str) -> None:
        self.action_pane("cases")
        self._panes.filter.open(query)
        self._panes.cases.focus()

    def action_begin_tour(self) -> None:
        if self.context.samples:
            self.action_tour(0)
        else:
            super().action_begin_tour()

    def action_tour(self, step: int) -> None:
        """Go on with the tour, or begin it."""
        self.action_pane(self._tour.go(step).pane)
        self.refresh_bindings()

    def why_not(self, action: Action) -> Message | None:
        if action.needs is Need.TOUR:
            return None if self._tour.on else Need.TOUR.value
        if action.needs is Need.FILTER:
            return None if self._tour.on or self._panes.filter.text or self._panes.cases.marked else Need.FILTER.value
        return why_not(action, self._selection())

    async def deed(self, action_id: str) -> None:
        from pddtui.ui.screens.deeds import CaseActions

        speech = self.context.speech
        selection = self._selection()
        try:
            done = await CaseActions(self.context, self).do(action_id, selection)
        except PddError as error:
            self.decline(speech.say(error.message))
            return
        if done is not None:
            self._board.update([case_id for case_id in (done.case_id, selection and selection.case.id) if case_id])
            self._status.show_news(speech("saved"), Tone.GOOD)
            self._show_board(cursor=done.case_id)
            self._panes.stay_with(done.case_id)
            self._panes.show_thing(done.thing)
            self.tell(done.message)

    def action_why(self) -> None:
        selection, lines = self._selection(), self._reasons()
        if selection is None or not lines:
            self.decline(self.context.speech("Nothing is flagged here."))
            return
        from pddtui.ui.screens.why import WhyScreen

        self.app.push_screen(WhyScreen(self.context, selection.case.title, lines, self._reasons))

    def _reasons(self) -> tuple[Words, ...]:
        """What there is to say of the selection, as it is now."""
        selection = self._selection()
        return reasons(selection, self.context) if selection is not None else ()

    # To the other screens. Each is imported when it is opened: together they cost more than the whole start.

    def go_to(self, case_id: str) -> None:
        self._come_back(case_id)

    def action_handbook(self) -> None:
        from pddtui.ui.screens.handbook import HandbookScreen

        at_case = self._panes.cases.cursor_key or self._chosen
        self.app.push_screen(HandbookScreen(self.context, at_case), self._come_back)

    def action_insights(self) -> None:
        from pddtui.ui.screens.insights import InsightsScreen

        self.app.push_screen(InsightsScreen(self.context), self._come_back)

    def action_agenda(self) -> None:
        from pddtui.ui.screens.agenda import AgendaScreen

        self.app.push_screen(AgendaScreen(self.context), self._come_back)

    def action_show_trash(self) -> None:
        from pddtui.ui.screens.trash import TrashScreen

        self.app.push_screen(TrashScreen(self.context), self._come_back)
