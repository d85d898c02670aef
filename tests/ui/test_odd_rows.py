"""Nothing that a list is given ends the program or hides another row: sections out of order, ids used twice, none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Evidence, Filing, FollowUp, Promise
from pddtui.domain.history import Change
from pddtui.message import Label
from pddtui.services.chapters.contents import Pages
from pddtui.services.chapters.page import Page
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.screens.case import PAGE_SECTIONS, CasePage
from pddtui.ui.widgets.book import Contents, PinnedPage
from pddtui.ui.widgets.contact_log import ContactLog
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.fields import Suggest, Suggestion
from pddtui.ui.widgets.lines import LineList
from tests.memory_store import MemoryStore
from tests.ui.apps import Bench
from tests.ui.cases import NOW, no_cases

DAY = timedelta(days=1)


def case(number: int, **fields: object) -> Case:
    facts = {"title": f"第{number}案", "opened_at": NOW - 30 * DAY, "recorded_at": NOW - 30 * DAY, **fields}
    return Case(id=f"C{number}", ref=f"PDD-2026-{number:04d}", **facts)  # type: ignore[arg-type]


def promised(contact_id: str, days: int, *promise_ids: str) -> Contact:
    """What they said so many days ago, with promises that were due a day later."""
    at = NOW - days * DAY
    promises = tuple(Promise(id=made, text=f"{contact_id} 退款", due=at + DAY) for made in promise_ids)
    return Contact(
        id=contact_id, at=at, recorded_at=at, direction="in", substance="answer", summary="答应退款", promises=promises
    )


def refused(number: int, days: int) -> Case:
    """A request in the app that was refused: it waits for me, and its flag is past and not overdue."""
    at = NOW - days * DAY
    lodged = Filing(
        id=f"L{number}", rung="request", channel="app_aftersale", state="refused", filed_at=at - DAY, ended_at=at
    )
    return case(number, filings=(lodged,))


@pytest.fixture
def ordinary() -> Iterator[Context]:
    """Overdue, past and not overdue, overdue."""
    cases = (
        case(1, contacts=(promised("K1", 10, "P1"),)),
        refused(2, 6),
        case(3, contacts=(promised("K3", 4, "P3"),)),
    )
    with no_cases(store=MemoryStore(cases)) as context:
        yield context


def things(lines: LineList) -> list[str]:
    return [row.key for row in lines.rows if not row.heading]


def picture(lines: LineList) -> str:
    """All that the list says, drawn row by row."""
    return "\n".join(line.plain for row in lines.rows for line in lines._lines.of(row.key))


async def test_the_desk_opens_on_an_overdue_promise_a_refused_request_and_another_one(ordinary: Context) -> None:
    app = DeskApp(ordinary)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        due = app.screen.query_one(DueList)
        sections = [row.key for row in due.rows if row.heading]
        assert sections == ["group:week", "group:later"][: len(sections)]
        assert {"C1/promise/P1", "C3/promise/P3"} <= set(things(due))
        await pilot.press("3", "j", "j", "k", "G", "enter")


def twice() -> Case:
    """A case in which ids are used again, within a list and in another, as only a file from elsewhere has them."""
    at = NOW - 9 * DAY
    lodged = refused(1, 6).filings[0]
    change = Change(id="X", at=at, action="edit", patches=())
    return case(
        1,
        contacts=(promised("X", 9, "X", "X"), promised("X", 3, "me"), promised("day:2026-11-13", 9, "axis", "")),
        filings=(lodged, structs.replace(lodged, reference="SH2")),
        follow_ups=(
            FollowUp(id="X", text="打电话", due=at, created_at=at),
            FollowUp(id="X", text="写信", due=at, created_at=at),
        ),
        evidence=(Evidence(id="X", place="相册", added_at=at), Evidence(id="X", place="邮箱", added_at=at)),
        history=(change, structs.replace(change, at=at + DAY), change),
    )


async def test_ids_used_twice_hide_nothing_in_any_list() -> None:
    with no_cases(store=MemoryStore((twice(),))) as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            due, log = app.screen.query_one(DueList), app.screen.query_one(ContactLog)
            assert sum("X" in key for key in things(due)) == 4
            assert len(things(log)) == 8
            assert picture(log).count("X 退款") == 3
            assert picture(log).count("day:2026-11-13 退款") == 2
            app.push_screen(CasePage(context, "C1"))
            await pilot.pause()
            for number, section in enumerate(PAGE_SECTIONS, 1):
                await pilot.press(str(number), "j", "j", "G", "g")
                await pilot.pause()
                shown = app.screen.focused
                assert isinstance(shown, LineList)
                words = picture(shown)
                match section.id:
                    case "promises":
                        assert (words.count("打电话"), words.count("写信"), words.count("退款")) == (1, 1, 5)
                    case "evidence":
                        assert (words.count("相册"), words.count("邮箱")) == (1, 1)
                    case "changes":
                        assert len(things(shown)) == 3
                    case "timeline":
                        assert words.count("退款") == 7, "five promises, and the words of the mark"
                    case "facts":
                        assert words.count("SH2") == 1


async def test_a_key_acts_on_the_promise_of_its_row_where_ids_are_used_twice() -> None:
    first, second = promised("K1", 9, "P"), promised("K2", 3, "P")
    with no_cases(store=MemoryStore((case(1, contacts=(first, second)),))) as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            log = app.screen.query_one(ContactLog)
            assert [contact.id for key in things(log) if (contact := log.contact(key))] == ["K2", "K2", "K1", "K1"]


async def test_completions_with_one_key_are_all_offered_and_each_is_its_own() -> None:
    offered = [Suggestion("a", "张三"), Suggestion("a", "李四"), Suggestion("", "王五")]
    app = Bench(lambda: [Suggest(lambda _: offered, id="s")], Suggest.Chosen)
    async with app.run_test(message_hook=app.hear) as pilot:
        suggest = app.query_one("#s", Suggest)
        suggest.focus()
        await pilot.press("a")
        await pilot.pause()
        assert len(suggest.list.rows) == 4
        await pilot.press("down", "down", "tab")
        await pilot.pause()
        assert suggest.value == "李四"


async def test_a_page_that_is_pinned_twice_under_no_title_is_listed_twice() -> None:
    with no_cases("en") as context:
        pages = Pages(context.handbook, NOW.date(), context.speech.spellings)
        page = next(iter(pages.of(pages.chapters[0].id)))
        contents = Contents(context.speech, pages, id="c")
        async with Bench(lambda: [contents]).run_test():
            pinned = PinnedPage(page=page, done=1, of=2, why=Label("因为", "because"))
            contents.pin("", [pinned, pinned])
            assert sum(isinstance(contents.page(row.key), Page) for row in contents.rows) == 2
