"""Notices, the filter that stands, saved filters, tags, and the first run."""

from __future__ import annotations

import pytest
from msgspec import structs
from textual.widgets._toast import Toast

from pddtui.settings import read_settings
from pddtui.speech import Language
from pddtui.ui.app import DeskApp
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.tags import TagsForm
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.tour import TOUR_STEPS
from tests.ui.cases import KETTLE, NUTS, case, desk, no_cases


def picture(app: DeskApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_notices_come_one_at_a_time_beside_what_is_typed_and_refusals_are_said_twice() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("escape")
            refusal = "There is nothing to clear here; q quits."
            assert [(each.message, each.severity) for each in app._notifications] == [(refusal, "error")]
            assert picture(app).count("✗ There is nothing to clear") == 1
            app.decline("second")
            app.warn("third")
            assert [each.message for each in app._notifications] == [refusal]
            await pilot.press("escape")
            assert [each.message for each in app._notifications] == ["second"]
            await pilot.press("escape")
            await pilot.press("escape")
            assert list(app._notifications) == []
            await pilot.pause()
            assert "✗" not in picture(app).splitlines()[-2]
            app.push_screen(ContactForm(context, case(context, KETTLE)))
            await pilot.pause()
            assert isinstance(app.screen, ContactForm)
            for field in app.screen.query("Field"):
                if field.display and field.can_focus_children:
                    field.focus()
                    await pilot.pause()
                    app.tell("a notice that is as long as a notice may be, so that it takes more than one line of it")
                    await pilot.pause()
                    assert app.focused is not None
                    assert not any(app.focused.region.overlaps(toast.region) for toast in app.screen.query(Toast))
                    await pilot.press("right")


async def test_a_filter_that_stands_is_named_followed_by_due_saved_and_cleared_by_one_escape() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("slash", *"0002", "enter")
            await pilot.pause()
            assert "/ 0002" in picture(app).splitlines()[0]
            due = picture(app).partition(" 3 Due")[2]
            assert "of the cases found" in due
            assert KETTLE[-4:] not in due
            await pilot.press("F", "s", *"nuts", "ctrl+s")
            await app.workers.wait_for_complete()
            assert read_settings(context.places.config_file).filters == {"nuts": "0002"}
            await pilot.press("escape")
            await pilot.press("escape")
            await pilot.pause()
            assert "/ 0002" not in picture(app)
            assert "of the cases found" not in picture(app)
            await pilot.press("F", "1")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "/ 0002" in picture(app).splitlines()[0]
            await pilot.press("F", "r", "1")
            await app.workers.wait_for_complete()
            assert read_settings(context.places.config_file).filters == {}


async def test_tags_are_set_and_completed_from_those_in_use() -> None:
    with desk("en") as context:
        context.casebook.tag(case(context, NUTS).id, ["妈妈的", "urgent"])
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            app.push_screen(TagsForm(context, case(context, KETTLE)))
            await pilot.pause()
            await pilot.press(*"new, mmd")
            await pilot.pause()
            await pilot.press("down", "enter", "ctrl+s")
            await app.workers.wait_for_complete()
        assert case(context, KETTLE).tags == ("家电", "new", "妈妈的")


@pytest.mark.parametrize(("language", "size"), [("en", (45, 30)), ("zh", (80, 24))])
async def test_an_empty_desk_says_three_things_and_the_tour_changes_nothing(
    language: Language, size: tuple[int, int]
) -> None:
    with no_cases(language) as context:
        app = DeskApp(context)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            head = picture(app).splitlines()[1:9]
            assert [line[1] for line in head if line[1:4].endswith("  ") and line[1] != " "] == ["n", ":", "H"]
            await pilot.press("colon", *"tour", "enter")
            await pilot.pause()
        assert app.left_for == "tour"
    with desk("en") as context:
        app = DeskApp(structs.replace(context, samples=True), tour=True)
        before = context.casebook.cases()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            assert len(TOUR_STEPS) <= 8
            for step in range(1, len(TOUR_STEPS) + 1):
                assert f" {step}/8  " in picture(app)
                await pilot.press("right")
                await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
            assert app._exit, "back to one's own cases"
        assert context.casebook.cases() == before


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (45, 30)])
async def test_a_notice_of_several_lines_is_seen_whole(size: tuple[int, int]) -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            app.tell("Undone: promise or follow-up settled in PDD-2026-0004.")
            await pilot.pause()
            await pilot.pause()
            assert "0004." in picture(app)


async def test_after_a_new_case_the_next_key_acts_on_it() -> None:
    """Wherever the cursor was in Due."""
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            await pilot.press("3", "j", "n")
            await pilot.pause()
            await pilot.press(*"mine", "ctrl+s")
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press("l")
            await pilot.pause()
            assert isinstance(app.screen, ContactForm)
            assert app.screen.case is not None
            assert app.screen.case.title == "mine"


async def test_marked_cases_are_tagged_together_and_keep_what_is_their_own() -> None:
    with desk("en") as context:
        context.casebook.tag(case(context, NUTS).id, ["own"])
        for ref in (KETTLE, NUTS):
            context.casebook.tag(case(context, ref).id, ["both"])
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            for ref in (KETTLE, NUTS):
                app.screen.query_one(CaseList).select(case(context, ref).id)
                await pilot.press("x")
            await pilot.press("number_sign")
            await pilot.pause()
            assert isinstance(app.screen, TagsForm)
            assert app.screen.value("tags").strip(" ,") == "both"
            app.screen.field("tags").value = "urgent"
            await pilot.press("ctrl+s")
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press("escape")
            assert app.screen.query_one(CaseList).marked == ()
    assert {*case(context, KETTLE).tags} == {"家电", "urgent"}
    assert {*case(context, NUTS).tags} == {"own", "urgent"}
