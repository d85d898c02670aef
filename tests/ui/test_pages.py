"""The page of a case: every section tells what is there, explains its dates, and keeps the cursor on its record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from pddtui.domain.case import Person
from pddtui.services.inputs import NewContact, NewPromise
from pddtui.speech import Language
from pddtui.ui.context import Context
from pddtui.ui.screens.case import CasePage
from pddtui.ui.screens.why import WhyScreen
from tests.ui.cases import KETTLE, NUTS, SUITCASE, TRASHED, case, desk
from tests.ui.page_app import PageApp

WIDE, USUAL, PHONE = (120, 36), (80, 24), (45, 30)


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def page(context: Context, ref: str) -> PageApp:
    return PageApp(CasePage(context, case(context, ref).id))


async def read_all(app: PageApp, pilot: Pilot[None]) -> str:
    """The whole section, page after page."""
    seen: list[str] = []
    for _ in range(8):
        await pilot.pause()
        seen += app.picture
        await pilot.press("pagedown")
    return "\n".join(seen)


@pytest.mark.parametrize(
    ("key", "ref", "told"),
    [
        (
            "1",
            KETTLE,
            ["小家电店（商家A）", "¥89.00", "261109-***********0101", "return and refund", "JR20261118****4417"],
        ),
        ("1", KETTLE, ["refused", "In-app after-sales request", "decided Wed 18 Nov 09:30"]),
        ("1", SUITCASE, ["filed anyway without: a demand stated to them"]),
        ("2", KETTLE, ["3个工作日内给结论", "平台客服"]),
        (
            "3",
            KETTLE,
            [
                "✗ broken",
                "给处理方案",
                "小A",
                "written",
                "“24小时内”",
                "看平台结论，不利则补检测依据",
                "merchant in all",
            ],
        ),
        ("3", NUTS, ["! overdue", "oral", "Fri 20 Nov"]),
        ("4", KETTLE, ["6/8", "missing", "unboxing video", "must show:", "test report", "✓ there"]),
        ("5", SUITCASE, ["! missed", "Mon 16 Nov", "refund after return", "platform decision ?", "Article 25"]),
        ("6", SUITCASE, ["● here", "› next", "✓ a demand stated to them", "Court or arbitration"]),
        ("7", KETTLE, ["◆", "■", "├", "now"]),
        ("8", KETTLE, ["promise or follow-up settled", "open → broken", "case opened", "submitted → refused"]),
    ],
)
async def test_each_section_tells_what_is_in_the_case(context: Context, key: str, ref: str, told: list[str]) -> None:
    app = page(context, ref)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        text = await read_all(app, pilot)
    assert [words for words in told if words not in text] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, USUAL, PHONE, (40, 12), (20, 5), (1, 1)])
async def test_every_section_is_drawn_at_every_size(language: Language, size: tuple[int, int]) -> None:
    with desk(language) as context:
        app = page(context, KETTLE)
        async with app.run_test(size=size) as pilot:
            for key in "12345678":
                await pilot.press(key, "G")
            assert len(app.picture) == size[1]


async def test_the_first_screen_says_state_silence_and_next_step(context: Context) -> None:
    app = page(context, SUITCASE)
    async with app.run_test(size=PHONE) as pilot:
        await pilot.pause()
        assert app.reads("~ quiet · 6/5")
        assert app.reads("Next  Complain to 12315")


async def test_tab_goes_round_and_shift_tab_back(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("tab", "right_square_bracket")
        assert app.reads("✗ broken")
        await pilot.press("left_square_bracket", "shift+tab", "shift+tab")
        assert app.reads("follow-up planned")
        await pilot.press("tab")
        assert app.reads("quality defect")


async def test_a_name_of_a_section_can_be_clicked(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.click("TabBar", offset=(32, 0))
        assert app.reads("What I have to do")


@pytest.mark.parametrize(
    ("section", "keys", "told"),
    [
        ("3", [], "3 working days are counted"),
        ("5", [], "platform decision"),
        ("7", ["G"], "15 days"),
        ("2", ["j"], "promised on Fri 20 Nov 15:00"),
    ],
)
async def test_w_and_enter_explain_the_date_in_the_row(
    context: Context, section: str, keys: list[str], told: str
) -> None:
    for key in ("w", "enter"):
        app = page(context, KETTLE)
        async with app.run_test(size=USUAL) as pilot:
            await pilot.press(section, *keys, key)
            assert isinstance(app.screen, WhyScreen)
            assert app.reads(told)
            await pilot.press("escape")
            assert app.screen is app.page


async def test_w_says_so_where_nothing_was_computed(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("1", "w")
        await pilot.pause()
        assert app.screen is app.page
        assert [toast.message for toast in app._notifications] == ["Nothing on this line was calculated."]


async def test_a_change_is_shown_and_the_cursor_stays_on_its_record(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "j")
        assert any(line.startswith("▌✗ broken") for line in app.picture)
        promise = NewPromise(text="补发检测单", due_phrase="明天")
        person = Person(role="平台客服")
        said = NewContact(
            direction="in", said="会补发检测单", channel="app_official_cs", person=person, promises=(promise,)
        )
        context.casebook.log(case(context, KETTLE).id, said)
        assert isinstance(app.page, CasePage)
        app.page.refresh_case()
        await pilot.pause()
        assert app.reads("补发检测单")
        assert any(line.startswith("▌✗ broken") for line in app.picture)


async def test_the_page_of_a_case_in_the_trash_closes(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=USUAL) as pilot:
        context.casebook.trash(case(context, KETTLE).id)
        assert isinstance(app.page, CasePage)
        app.page.refresh_case()
        await pilot.pause()
        assert app.results == [None]


async def test_space_settles_the_selected_promise_and_shows_it(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "space", "2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert any(line.startswith("▌✓ kept") for line in app.picture)
    assert case(context, KETTLE).promises[-1][1].state == "kept"


async def test_y_copies_the_value_of_a_fact(context: Context) -> None:
    app = page(context, KETTLE)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("j", "j", "y")
        await app.workers.wait_for_complete()
    assert app.copied == ["261109-***********0101"]


async def test_escape_gives_nothing_back(context: Context) -> None:
    app = page(context, NUTS)
    async with app.run_test(size=USUAL) as pilot:
        await pilot.press("escape")
    assert app.results == [None]


async def test_what_others_wrote_is_drawn_as_it_is(context: Context) -> None:
    hostile = "[@click=app.quit]x[/] \x1b[31m\u202e"
    found = case(context, TRASHED)
    context.casebook.restore(found.id)
    person = Person(name=hostile)
    new = NewContact(
        direction="in", said=hostile, person=person, promises=(NewPromise(text=hostile, due_phrase="明天"),)
    )
    context.casebook.log(found.id, new)
    app = page(context, TRASHED)
    async with app.run_test(size=WIDE) as pilot:
        for key in "12345678":
            await pilot.press(key)
            text = "\n".join(app.picture)
            assert "\x1b" not in text
            assert "\u202e" not in text
            if key in "2378":
                assert "[@click=app.quit]x[/]" in text
