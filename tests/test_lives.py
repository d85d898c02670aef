"""Whatever a life has come to, everything that reads a case takes it: screens, commands, exports and letters.

A modest number of lives in the suite, many with `pytest -m slow`.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen

from pddtui.cli.main import run_line
from pddtui.domain.case import Case
from pddtui.domain.deadlines import deadlines
from pddtui.domain.mask import MaskLevel
from pddtui.message import Language
from pddtui.services.board import Board
from pddtui.services.casebook import SystemClock
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.explain import why_flag
from pddtui.services.export.export import FORMATS, Exporter
from pddtui.services.letters.letters import Letters
from pddtui.speech import Speech
from pddtui.store.tiny import TinyCaseStore
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import deed_keys
from pddtui.ui.context import Context
from pddtui.ui.screens.case import PAGE_SECTIONS, CasePage
from pddtui.ui.screens.insights import InsightsScreen
from pddtui.ui.screens.palette import Palette
from pddtui.ui.screens.trash import TrashScreen
from pddtui.ui.sections.entry import View
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.facts import FactLines
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.timeline import Timeline
from tests.conftest import SHANGHAI
from tests.lives import NOW, desks
from tests.memory_store import MemoryStore
from tests.ui.cases import no_cases

LANGUAGES: tuple[Language, ...] = ("zh", "en")
MASKS: tuple[MaskLevel, ...] = ("none", "partial", "public")
WIDTHS = (1, 13, 46, 118)
"""Cells of a list: too few for anything, and those of narrow, medium and wide terminals."""

FILTERS = (
    "退款",
    "is:overdue",
    "is:quiet",
    "turn:mine",
    "turn:theirs",
    "status:open",
    "rung:platform",
    "tag:x",
    "problem:quality",
)


def some_or_many(some: int, many: int) -> pytest.MarkDecorator:
    """How many files of cases a test takes."""
    return pytest.mark.parametrize(
        "count", [pytest.param(some, id="some"), pytest.param(many, id="many", marks=pytest.mark.slow)]
    )


def each_desk(count: int, check: Callable[[tuple[Case, ...]], None], *, least: int = 0, most: int = 4) -> None:
    """Have so many files of cases checked; the same in every run."""

    @settings(max_examples=count, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))
    @given(desks(least, most))
    def lived(cases: tuple[Case, ...]) -> None:
        check(cases)

    lived()


def looked_at(lines: LineList) -> int:
    """Draw every row in every width; how many rows there are."""
    for cells in WIDTHS:
        for row in lines.rows:
            assert all(isinstance(line, Content) for line in lines._lines._render(row.key, cells))
    return len(lines.rows)


@some_or_many(12, 1500)
def test_the_lists_of_the_desk_take_every_life_and_hide_nothing(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        for language in LANGUAGES:
            with no_cases(language, store=MemoryStore(cases)) as context:
                _desk(context, [case for case in cases if case.trashed_at is None])

    each_desk(count, check)


def _desk(context: Context, cases: Sequence[Case]) -> None:
    speech, casebook = context.speech, context.casebook
    board = Board(casebook)
    assert not board.begin()
    rows, groups = board.rows(), board.todo()
    listed, agenda = CaseList(speech, casebook.rules, id="cases"), DueList(speech, deed_keys({}, speech), id="due")
    listed.show_cases(rows, filtered=False)
    agenda.show_groups(groups, NOW)
    agenda.fold()
    assert looked_at(listed) == len(cases)
    looked_at(agenda)
    shown = [item for row in agenda.rows if (item := agenda.act(row.key)) is not None]
    assert Counter(map(id, shown)) == Counter(id(item) for members in groups.values() for item in members)
    raised = [flag for item in shown for flag in item.flags]
    assert Counter(map(id, raised)) == Counter(id(flag) for entry in rows for flag in entry.flags)
    agenda.show_day(board.agenda(), NOW)
    assert looked_at(agenda) >= len(board.agenda())
    for query in FILTERS:
        board.rows(query)
    board.tick()
    log, facts = (
        ContactLog(speech, casebook.rules, newest_first=len(cases) % 2 == 0, id="log"),
        FactLines(speech, casebook.rules, id="facts"),
    )
    for entry in rows:
        log.show_log(entry, NOW)
        said = len(entry.case.contacts) + len(entry.case.promises)
        assert looked_at(log) - sum(row.heading for row in log.rows) == said
        facts.show_case(entry)
        for cells in WIDTHS:
            facts.get_content_height(Size(cells, 40), Size(cells, 40), cells)


@some_or_many(12, 1500)
def test_every_section_of_the_page_takes_every_life(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        with no_cases(LANGUAGES[len(cases) % 2], store=MemoryStore(cases)) as context:
            for case in cases:
                _page(context, case)

    each_desk(count, check)


def _page(context: Context, case: Case) -> None:
    casebook = context.casebook
    view = View(context=context, attention=casebook.attention(case), now=casebook.now())
    for section in PAGE_SECTIONS:
        for entry in section.rows(view) if section.rows is not None else ():
            for cells in WIDTHS:
                entry.look(cells)
            if entry.why is not None:
                _said(context, entry.why())
    timeline = Timeline(context.speech, context.casebook.rules, id="timeline")
    timeline.show_case(view.attention, deadlines(case, NOW, casebook.rules, casebook.calendar), NOW)
    looked_at(timeline)
    for flag in view.attention.flags:
        _said(context, (flag.text, flag.next_step, flag.why))
        _said(context, why_flag(casebook, case, flag, context.handbook))
    _said(context, (view.attention.next_step,))


def _said(context: Context, words: Iterable[object]) -> None:
    for each in words:
        assert context.speech.render(each)  # type: ignore[arg-type]


@some_or_many(2, 250)
def test_every_export_takes_every_life_at_every_mask(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        with no_cases(store=MemoryStore(cases)) as context:
            for language in LANGUAGES:
                say = Speech(language, SHANGHAI).render
                press = Exporter(
                    context.casebook, context.handbook, EvidenceFolder(context.places.evidence), say, language
                )
                for form in FORMATS:
                    for mask in MASKS:
                        out = io.BytesIO()
                        press.write(out, cases, form, mask)
                        assert out.getvalue()
                press.hidden(cases, "public")

    each_desk(count, check, least=1)


@some_or_many(3, 150)
def test_every_letter_takes_every_life_in_both_languages(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        with no_cases(store=MemoryStore(cases)) as context:
            letters = Letters(context.casebook, context.handbook, context.places.config_folder / "letters")
            for case in cases:
                assert letters.kinds_for(case)
                for kind in letters.kinds:
                    for language in LANGUAGES:
                        letter = letters.write(case, kind, language)
                        for level in MASKS[1:]:
                            assert letters.mask(case, letter, level).text

    each_desk(count, check, least=1, most=1)


class _Program:
    """The program on one file, at `NOW`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "cases.json"

    def keep(self, cases: Iterable[Case]) -> None:
        store = TinyCaseStore.open(self.file)
        with store.transaction() as box:
            for case in cases:
                box.put(case)
        store.close()

    def __call__(self, *args: str) -> int:
        """The exit code; not 0 only where it says that something was found."""
        out, said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            code = run_line(["--file", str(self.file), *args])
        finds = "doctor" in args or "--exit-code" in args
        assert code == 0 or finds, (args, said.getvalue())
        return code


@pytest.fixture
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_now(clock: SystemClock) -> datetime:
        return NOW.astimezone(clock._zone)

    monkeypatch.setattr(SystemClock, "now", at_now)
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def _commands(cases: Sequence[Case]) -> Iterator[tuple[str, ...]]:
    yield from (("list",), ("list", "--json"), ("due",), ("due", "--json"), ("insights",), ("insights", "--json"))
    yield from (("trash",), ("doctor",), ("handbook",), ("handbook", "--json"), ("handbook", "七日无理由", "--json"))
    yield from (("list", query) for query in FILTERS)
    for case in cases:
        yield from (("show", case.ref), ("show", case.ref, "--json"), ("why", case.ref), ("letter", case.ref))
    for case in cases[:1]:
        yield from (("export", case.ref, "--format", form, "--mask", "public") for form in FORMATS)
        yield ("letter", case.ref, "chaser")


@some_or_many(2, 120)
@pytest.mark.usefixtures("_still")
def test_every_command_that_reads_takes_every_life(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        with TemporaryDirectory() as folder:
            program = _Program(Path(folder))
            program.keep(cases)
            for number, command in enumerate(_commands(cases)):
                program("--lang", LANGUAGES[number % 2], *command)
            assert program("due", "--exit-code") in (0, 1)

    each_desk(count, check, least=2)


@some_or_many(1, 50)
def test_the_program_goes_through_every_life(count: int) -> None:
    def check(cases: tuple[Case, ...]) -> None:
        with no_cases(LANGUAGES[len(cases) % 2], store=MemoryStore(cases)) as context:
            asyncio.run(_walk(context, cases))

    each_desk(count, check, least=2, most=3)


async def _walk(context: Context, cases: Sequence[Case]) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("j", "2", "G", "3", "G", "w", "escape", "1")
        await pilot.press("A", "j", "l", "tab", "escape", "escape")
        await pilot.press("I", "escape", "T", "j", "escape", "H", "j", "enter", "escape", "escape")
        screens: list[Screen[object]] = [TrashScreen(context), InsightsScreen(context)]  # type: ignore[list-item]
        for case in cases:
            if case.trashed_at is None:
                app.push_screen(CasePage(context, case.id))
                for number in range(1, len(PAGE_SECTIONS) + 1):
                    await pilot.press(str(number), "j", "G")
                await pilot.press("escape")
        for screen in screens:
            app.push_screen(screen)
            await pilot.pause()
            app.pop_screen()
        app.push_screen(Palette(context, app.screen, lambda _: None))
        await pilot.press("x", "down", "escape")
        assert app.return_code in (None, 0)
