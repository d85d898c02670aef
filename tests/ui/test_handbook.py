"""The handbook as a person reads it: keys in; pages, ticks and the clipboard out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import PurePath
from typing import ClassVar

import pytest
from msgspec import structs
from textual.pilot import Pilot

from pddtui.domain.case import Case
from pddtui.errors import CannotWrite
from pddtui.message import msg
from pddtui.ui.context import Context
from pddtui.ui.screens.handbook import HandbookScreen
from pddtui.ui.screens.help import HelpScreen
from pddtui.ui.widgets.book import Contents, PageView
from pddtui.ui.widgets.filter_bar import FilterBar
from tests.memory_store import MemoryStore
from tests.ui.cases import KETTLE, NOW, case, desk
from tests.ui.hostile import HOSTILE, offences
from tests.ui.page_app import STYLES, PageApp

SIZES = {"wide": (120, 36), "medium": (80, 24), "narrow": (45, 30), "small": (40, 12), "nothing": (1, 1)}


class BookApp(PageApp):
    CSS_PATH: ClassVar[list[str | PurePath]] = [*PageApp.CSS_PATH, STYLES / "handbook.tcss"]


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as made:
        yield made


@asynccontextmanager
async def reading(
    context: Context, *keys: str, ref: str | None = None, size: str = "wide"
) -> AsyncIterator[tuple[BookApp, Pilot[None]]]:
    case_id = case(context, ref).id if ref is not None else None
    app = BookApp(HandbookScreen(context, case_id))
    async with app.run_test(size=SIZES[size]) as pilot:
        await pilot.pause()
        await press(pilot, *keys)
        yield app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def contents(app: BookApp) -> Contents:
    return app.page.query_one(Contents)


def view(app: BookApp) -> PageView:
    return app.page.query_one(PageView)


def shown(app: BookApp) -> str:
    """The key of the page that is shown."""
    page = view(app).page
    assert page is not None
    return page.key


def headings(rows: Sequence[str]) -> list[str]:
    return [row.partition(":")[2] for row in rows if row.startswith("heading:")]


async def test_it_says_that_it_is_no_legal_advice(context: Context) -> None:
    async with reading(context) as (app, _):
        assert app.reads("Reference, not legal advice.")
        assert app.reads("It is not legal advice")


async def test_the_cursor_shows_the_page_and_enter_unfolds_a_chapter(context: Context) -> None:
    async with reading(context, "j") as (app, pilot):
        assert app.reads("Nine rights, and five routes to enforce them.")
        await press(pilot, "enter", "j")
        assert shown(app) == "rights/crpl7"
        assert app.reads("goods and services must harm neither person nor property")
        await press(pilot, "left")
        assert contents(app).cursor_key == "chapter:rights"
        await press(pilot, "j")
        assert contents(app).cursor_key == "chapter:playbooks"


async def test_the_search_is_live_and_knows_both_languages(context: Context) -> None:
    async with reading(context, "slash", *"黑猫") as (app, pilot):
        chapters = headings([row.key for row in contents(app).rows])
        assert chapters[:2] == ["Playbooks", "Channels"]
        assert "channels/heimao" in [key.removeprefix("page:") for key in (row.key for row in contents(app).rows)]
        await press(pilot, "enter", "j")
        assert shown(app) == "channels/heimao"
        await press(pilot, "escape")
        assert contents(app).rows[0].key == "chapter:about"


async def test_words_that_are_nowhere_say_so(context: Context) -> None:
    async with reading(context, "slash", *"zzzz") as (app, _):
        assert app.reads("Nothing matches")


async def test_a_fact_that_is_not_verified_has_the_sign_and_the_word(context: Context) -> None:
    async with reading(context, "slash", *"021-53395288", "enter") as (app, pilot):
        assert shown(app) == "channels/pdd_hotline_consumer"
        assert app.reads("PDD consumer hotline ?")
        assert app.reads("? unverified")
        await press(pilot, "tab", "G")
        assert app.reads("only an excerpt was seen")


async def test_what_is_out_of_force_is_marked_in_the_contents(context: Context) -> None:
    async with reading(context, "slash", *"rule20", "enter") as (app, _):
        assert app.reads("no longer in force")


async def test_a_line_that_leads_on_is_followed_and_escape_goes_back(context: Context) -> None:
    async with reading(context, "slash", *"refund plus", "enter", "tab") as (app, pilot):
        assert shown(app) == "remedies/punitive3"
        while not (fact := view(app).fact(view(app).cursor_key)) or fact.to != "laws/crpl55":
            await press(pilot, "j")
        await press(pilot, "enter")
        assert shown(app) == "laws/crpl55"
        await press(pilot, "escape")
        assert shown(app) == "remedies/punitive3"
        await press(pilot, "escape")
        assert contents(app).has_focus
        await press(pilot, "escape", "escape")
        assert app.results == [None]


async def test_a_chapter_as_a_page_leads_to_its_pages(context: Context) -> None:
    async with reading(context, "j", "tab", "j", "enter") as (app, pilot):
        assert shown(app) == "rights/crpl7"
        assert contents(app).cursor_key == "page:rights/crpl7"
        await press(pilot, "escape")
        assert shown(app) == "rights/"


async def test_with_a_case_its_playbooks_come_first(context: Context) -> None:
    async with reading(context, ref=KETTLE) as (app, _):
        first = [row.key for row in contents(app).rows[:4]]
        assert first == [
            "heading:For this case",
            "pinned:playbooks/pb_app_intervene",
            "pinned:playbooks/pb_merchant_chat",
            "pinned:playbooks/pb_app_aftersale",
        ]
        assert app.reads("0/4  Ask the platform to step in")
        assert app.reads("filed, in")
        assert app.reads("6/8  Is the evidence complete?")


async def test_space_ticks_a_step_says_what_to_record_and_takes_it_back(context: Context) -> None:
    async with reading(context, "tab", "j", "j", "j", ref=KETTLE) as (app, pilot):
        assert app.reads("[ ] 2.")
        await press(pilot, "space")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert case(context, KETTLE).steps == {"pb_app_intervene.s2": NOW}
        assert app.reads("[✓] 2.")
        assert app.reads("done Sun 22 Nov")
        assert app.reads("1/4  Ask the platform to step in")
        assert [told.message for told in app._notifications] == ["Done. Now record the evidence, and what it proves."]
        assert view(app).cursor_key is not None
        await press(pilot, "space")
        await app.workers.wait_for_complete()
        assert case(context, KETTLE).steps == {}


async def test_without_a_case_there_is_nothing_to_tick(context: Context) -> None:
    async with reading(context, "slash", *"pb_odr", "enter", "tab", "j", "space") as (app, pilot):
        assert shown(app) == "playbooks/pb_odr"
        assert not app.reads("[ ]")
        await press(pilot, "j", "space")
        assert all(not each.steps for each in context.casebook.cases())


async def test_a_tick_that_cannot_be_saved_is_told_and_not_shown(context: Context) -> None:
    store = context.casebook.store
    assert isinstance(store, MemoryStore)
    store.trouble = CannotWrite(msg("The disk is full."))
    async with reading(context, "tab", "j", "space", ref=KETTLE) as (app, pilot):
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [told.message for told in app._notifications] == ["The disk is full."]
        assert not app.reads("[✓]")


async def test_the_page_is_copied_with_its_sources(context: Context) -> None:
    async with reading(context, "slash", *"refund plus", "enter", "tab", "y") as (app, _):
        (text,) = app.copied
        assert text.startswith("refund plus three times")
        assert "price ¥100: extra ¥500, in all ¥600" in text
        assert "law_crpl Consumer Rights Protection Law" in text


async def test_below_60_columns_one_pane_is_shown_at_a_time(context: Context) -> None:
    async with reading(context, ref=KETTLE, size="narrow") as (app, pilot):
        assert contents(app).region.area > 0
        assert view(app).region.area == 0
        await press(pilot, "enter")
        assert contents(app).region.area == 0
        assert view(app).has_focus
        assert app.reads("[ ] 1.")
        await press(pilot, "escape")
        assert contents(app).has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_every_chapter_can_be_read_at_every_size(context: Context, size: str) -> None:
    async with reading(context, ref=KETTLE, size=size) as (app, pilot):
        for _ in range(25):
            contents(app).action_move(1)
            await pilot.pause()
        assert offences(app) == []
        await press(pilot, "tab", "G")
        assert offences(app) == []


async def test_help_knows_the_keys_of_the_handbook(context: Context) -> None:
    async with reading(context, "question_mark", size="wide") as (app, _):
        assert isinstance(app.screen, HelpScreen)
        assert app.reads("Search the whole handbook")


async def test_a_hostile_search_is_only_words(context: Context) -> None:
    async with reading(context, "slash", size="small") as (app, pilot):
        for text in HOSTILE:
            app.page.query_one(FilterBar).line.value = text
            await pilot.pause()
            assert offences(app) == []


async def test_a_case_of_another_handbook_still_opens(context: Context) -> None:
    def odd(before: Case) -> Case:
        return structs.replace(before, problem=HOSTILE[0], filings=(), steps={HOSTILE[1]: NOW})

    context.casebook.apply(case(context, KETTLE).id, "edit", odd)
    async with reading(context, ref=KETTLE) as (app, _):
        assert contents(app).rows[1].key == "pinned:playbooks/pb_merchant_chat"
        assert offences(app) == []
