"""The brief before a call and the card during it: what is in them, whole, at any width, and how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain.attention import Attention
from pddtui.domain.case import Case, Demand, Order
from pddtui.message import Language
from pddtui.services.brief import Addressee, BriefRow, addressee_through, addressees, brief
from pddtui.ui import show
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.forms.brief import BriefScreen
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.widgets.brief import CallCard, brief_lines, brief_text
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import ReadingPane
from tests.ui.cases import KETTLE, NOW, NUTS, SUITCASE, case, desk, samples
from tests.ui.paper import Desk, on_paper
from tests.ui.test_capture import choose

NUMBER = "261109-123456789010101"


def seen(context: Context, found: Case) -> Attention:
    return context.casebook.attention(found)


def told(context: Context, rows: Sequence[BriefRow]) -> dict[str, list[str]]:
    return {context.speech.say(row.label): [context.speech.render(said) for said in row.said] for row in rows}


def test_what_a_brief_says() -> None:
    with desk("en") as context:
        kettle = case(context, KETTLE)
        known = structs.replace(
            kettle,
            order=structs.replace(kettle.order, number=NUMBER),
            demand=structs.replace(kettle.demand, bottom_line="repair"),
        )
        entry = seen(context, known)
        shop = told(context, brief(entry, addressee_through(entry, "merchant_chat"), context.handbook))
        hotline = told(context, brief(entry, addressee_through(entry, "pdd_hotline_consumer"), context.handbook))
    assert shop["Order no."] == [NUMBER], "to be read aloud"
    assert (shop["I demand"], shop["At least"]) == (["return and refund ¥89.00"], ["repair (do not tell them)"])
    assert shop["Broken"] == ["“给处理方案” 店铺客服 小A, on Sun 15 Nov, due Mon 16 Nov 19:41"]
    assert "驳回，称人为损坏" in shop["Last contact"][0]
    assert "Promised" not in shop, "that was the platform"
    assert [*hotline][:5] == ["With", "So far", "Telephone", "Hours", "Order no."]
    assert "021-53395288" in hotline["Telephone"][0]
    assert hotline["Their no."] == ["JR20261118****4417"]
    assert hotline["Promised"] == ["“平台结论” 平台客服 (staff no. **07), on Fri 20 Nov, due Wed 25 Nov"]
    assert "polite" in hotline["Tone"][0] or "order number first" in hotline["Tone"][0]
    assert {"At hand", "Caution"} <= hotline.keys()


def test_everybody_concerned_can_be_briefed_on_and_every_act_of_theirs_is_whole() -> None:
    with desk("en") as context:
        for ref in (KETTLE, NUTS, SUITCASE):
            entry = seen(context, case(context, ref))
            everybody = addressees(entry)
            assert {to.thread.id for to in everybody if to.thread is not None} >= {
                thread.id for thread in entry.threads if thread.live
            }
            for to in everybody:
                said = told(context, brief(entry, to, context.handbook))
                acts = [*said.get("Ask now", ()), *said.get("Other steps", ())]
                mine = [step for step in entry.steps if to.thread is not None and step.thread == to.thread.id]
                assert {context.speech.say(step.words) for step in mine} <= set(acts)


def test_a_case_of_which_nothing_is_known_has_a_brief() -> None:
    with desk("zh") as context:
        bare = structs.replace(
            case(context, NUTS), contacts=(), filings=(), order=Order(), demand=Demand(amount=Decimal(5)), evidence=()
        )
        entry = seen(context, bare)
        (first, *_) = addressees(entry)
        assert first.side == "merchant"
        rows = told(context, brief(entry, addressee_through(entry, "c12315"), context.handbook))
        assert rows["我的诉求"] == ["¥5.00"]
        assert rows["目前进展"] == ["还没有沟通过"]
        assert addressee_through(entry, "nonsense") == first
        assert brief(entry, Addressee(side="court", channel=None), context.handbook)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [20, 38, 43, 44, 60, 96])
def test_no_line_is_too_wide_and_no_word_is_lost(language: Language, cells: int) -> None:
    with desk(language) as context:
        entry = seen(context, case(context, KETTLE))
        rows = brief(entry, addressee_through(entry, "pdd_hotline_consumer"), context.handbook)
        lines = [line.plain for row in brief_lines(rows, cells, context.speech) for line in row]
        assert max(map(show.width, lines)) <= cells
        text = "".join("".join(lines).split())
        for words in (said for row in rows for said in row.said):
            assert "".join(context.speech.render(words).split()) in text
        assert "…" not in text
        copied = brief_text("title", rows, context.speech)
        assert len(copied.splitlines()) == 1 + sum(len(row.said) for row in rows)


def test_the_brief_leads_to_a_call_whose_card_stands_beside_the_form_or_one_key_away() -> None:
    async def run(running: Desk) -> None:
        app = running.app
        await choose(running, KETTLE)
        await running.press("c")
        screen = app.screen
        assert isinstance(screen, BriefScreen)
        first = screen._to[0]
        await running.press("y")
        assert "261109-***********0101" in app.clipboard
        await running.press("a")
        assert screen._to[screen._at] != first
        channel = screen._to[screen._at].channel
        await running.press("C")
        form = app.screen
        assert isinstance(form, ContactForm)
        entry = context.handbook.channels.get(channel)
        assert entry is not None
        assert form.value("channel") == context.speech.say(entry.label)
        card = form.query_one(CallCard)
        assert (card.display, card.region.width > 30) == (True, True)
        assert not card.can_focus
        await running.press("f2")
        assert isinstance(app.screen, BriefScreen)
        await running.press("C", "a")
        assert isinstance(app.screen, BriefScreen), "no call begins during another"
        await running.press("escape")
        await running.pilot.resize_terminal(80, 24)
        await running.settle()
        shown = running.app.screen.query_one(KeyLine).shown
        assert (card.display, "F2" in [hint.key for hint in shown]) == (False, True)

    with desk("en") as context:
        on_paper(context, run)


@pytest.mark.parametrize(("size", "language"), [((80, 24), "zh"), ((80, 24), "en"), ((45, 30), "zh")])
async def test_no_line_of_a_brief_is_broken_twice(size: tuple[int, int], language: Language) -> None:
    """Where there is more to read than room, the bar beside it must not narrow the lines afterwards."""
    with samples(language, NOW) as context:
        app = DeskApp(context)
        async with app.run_test(size=size) as pilot:
            await pilot.press("c")
            await pilot.pause()
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, BriefScreen)
            pane = screen.query_one(ReadingPane)
            assert pane.max_scroll_y > 0
            lines = screen._look(pane.scrollable_content_region.width)
            assert pane.virtual_size.height == len(lines)
