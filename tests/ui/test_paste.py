"""A paste on the desk: every message shown before it is logged, decided with few keys, saved and taken back at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest
from textual.events import Paste

from pddtui.domain import moves
from pddtui.domain.case import Case
from pddtui.services.drafts import Drafts, DraftSubject
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.pasting.memory import remembered_names
from pddtui.services.pasting.proposal import PasteProposal, propose_for
from pddtui.services.pasting.taking import take
from pddtui.ui.context import Context
from pddtui.ui.forms.capture import CaptureLine
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.pasted import PastedForm
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.paste import PasteBox, PasteScreen
from tests.ui.cases import KETTLE, NOW, NUTS, SHANGHAI, SUITCASE, case, desk
from tests.ui.paper import Desk, on_paper

_S = TypeVar("_S")

THEIRS = ("亲，请提供照片", "已反馈，三个工作日内给您答复", "不支持退货哦", "稍等", "我们可以补偿您5元券")
MINE = ("请给我退款", "[图片]", "什么时候退", "我要投诉")


def chat(n: int, *, names: tuple[str, str] = ("小王在线", "阿明")) -> str:
    """So many messages an hour apart, theirs and mine by turns, as WeChat copies them."""
    begin = datetime(2026, 11, 17, 9, 0, 5, tzinfo=SHANGHAI)
    lines = []
    for at in range(n):
        mine = at % 2
        words = MINE[at // 2 % len(MINE)] if mine else THEIRS[at // 2 % len(THEIRS)]
        lines.append(f"{names[mine]} {begin + at * timedelta(hours=1):%Y-%m-%d %H:%M:%S}\n{words} {at}\n")
    return "\n".join(lines)


def shown(running: Desk, kind: type[_S]) -> _S:
    """The screen in front, which is of that kind."""
    screen: object = running.app.screen
    assert isinstance(screen, kind), type(screen)
    return screen


def screen_of(running: Desk) -> PasteScreen:
    return shown(running, PasteScreen)


def proposal(running: Desk) -> PasteProposal:
    found = screen_of(running)._proposal
    assert found is not None
    return found


def sides(running: Desk) -> str:
    """One sign a message, in their order."""
    return "".join({"in": "<", "out": ">", None: "?"}[one.direction] for one in proposal(running).messages)


def chosen(running: Desk) -> Case:
    selection = running.app.screen._selection()  # type: ignore[attr-defined]
    found: Case = selection.case
    return found


def drawn(running: Desk) -> str:
    return "\n".join(strip.text for strip in running.app.screen._compositor.render_strips())


async def paste(running: Desk, text: str) -> None:
    running.app.post_message(Paste(text))
    await running.settle()
    await running.settle()


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def test_a_chat_of_forty_messages_is_logged_with_three_corrections_and_nine_keys(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        before = len(on.contacts)
        pressed: list[str] = []

        async def press(*keys: str) -> None:
            pressed.extend(keys)
            await running.press(*keys)

        await press("P")
        await paste(running, chat(40))
        assert sides(running) == "?" * 40
        await press("down", "M")
        assert sides(running) == "<>" * 20
        await press("down", "right", "O", "O")  # one was mine, one is left out with the next, which the cursor went to
        await press("ctrl+s")
        shown(running, DeskScreen)
        assert len(pressed) <= 9
        saved = case(context, on.ref)
        added = [one for one in saved.contacts if one.recorded_at == NOW][before - len(saved.contacts) :]
        assert sum(one.summary.count("\n") + 1 for one in added) == 38
        assert added[1].direction == "out"
        assert saved.history[-1].action == "paste"
        await running.press("u")
        assert case(context, on.ref).contacts == on.contacts

    on_paper(context, run)


def test_what_was_pasted_once_is_there_and_a_longer_piece_adds_only_what_is_new(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("P")
        await paste(running, chat(4))
        await running.press("right")
        assert sides(running) == ">?>?"
        await running.press("M", "down", "left", "ctrl+s")
        taken = len(case(context, on.ref).contacts)
        await running.press("P")
        await paste(running, chat(4))
        assert [one.there for one in proposal(running).messages] == [True] * 4
        await running.press("ctrl+s")
        assert "the case has all of it already" in drawn(running)
        await running.press("escape", "P")
        await paste(running, chat(6))
        assert [one.there for one in proposal(running).messages] == [True] * 4 + [False] * 2
        assert sides(running)[4:] == "><", "the names are remembered"
        await running.press("ctrl+s")
        assert len(case(context, on.ref).contacts) == taken + 2

    on_paper(context, run)


def test_a_name_is_mine_theirs_again_and_remembered_only_when_it_is_saved(context: Context) -> None:
    async def run(running: Desk) -> None:
        await running.press("P")
        await paste(running, chat(4))
        await running.press("M")
        assert sides(running) == "><><"
        await running.press("M")
        assert sides(running) == "????", "as before"
        await running.press("down", "M")
        assert sides(running) == "<><>"
        assert remembered_names(context.places) == ()
        await running.press("ctrl+s")
        assert remembered_names(context.places) == ("阿明",)

    on_paper(context, run)


def test_messages_without_a_name_are_flipped_one_by_one_or_from_here_on(context: Context) -> None:
    async def run(running: Desk) -> None:
        await running.press("P")
        await paste(running, "昨天 15:20\n在吗\n在的亲\n什么时候退款\n\n10:21\n不退\n")
        assert sides(running) == "????"
        await running.press("i")
        assert sides(running) == "<<<<"
        await running.press("right", "down", "down", "right")
        assert sides(running) == "><><"
        await running.press("i")
        assert sides(running) == "><<<"

    on_paper(context, run)


def test_a_message_is_changed_in_the_form_of_a_contact_and_then_stands_for_itself(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("P")
        await paste(
            running, "店铺客服小王 2026-11-17 09:00:05\n亲，看一下\n\n店铺客服小王 2026-11-17 09:01:30\n知道了\n"
        )
        await running.press("e")
        form = shown(running, PastedForm)
        assert (form.value("name"), form.value("role"), form.value("said")) == ("小王", "店铺客服", "亲，看一下")
        assert not form.dirty
        await running.press("escape")
        shown(running, PasteScreen)
        await running.press("e")
        form = shown(running, PastedForm)
        form.field("promise").value = "退款"
        form.field("due").value = "by Friday"
        await running.settle()
        await running.press("ctrl+s")
        message = proposal(running).messages[0]
        assert message.at.second == 5
        await running.press("ctrl+s")
        added = [one for one in case(context, on.ref).contacts if one.at.day == 17 and one.recorded_at == NOW]
        assert [one.summary for one in added] == ["亲，看一下", "知道了"]
        assert f"{added[0].promises[0].due:%m-%d}" == "11-20"
        assert Drafts(context.places.drafts).pending() == []

    on_paper(context, run)


def test_what_is_not_decided_is_asked_about_and_left_out(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("P")
        await paste(running, chat(3, names=("店铺客服小王", "阿明")))
        assert sides(running) == "<?<"
        await running.press("ctrl+s")
        shown(running, Confirm)
        await running.press("n")
        assert len(case(context, on.ref).contacts) == len(on.contacts)
        await running.press("ctrl+s", "y")
        assert len(case(context, on.ref).contacts) == len(on.contacts) + 2

    on_paper(context, run)


def test_another_order_is_asked_about_and_the_channel_is_chosen_for_all(context: Context) -> None:
    for ref in (KETTLE, NUTS, SUITCASE):
        numbered = {"order": "261109-123456789010101"}
        context.casebook.apply(case(context, ref).id, "edit", partial(moves.edit_values, values=numbered))

    async def run(running: Desk) -> None:
        on = chosen(running)
        other = "261101-999999999999999"
        head = "2026-11-17"
        await running.press("P")
        await paste(running, f"阿明 {head} 09:00:05\n订单编号：{other} 没到\n\n小李 {head} 09:05:05\n好\n")
        assert proposal(running).other_order == other
        assert f"names the order {other}" in drawn(running)
        await running.press("M")
        await running.press("p")
        shown(running, Question)
        await running.press("3")
        channels = {one.channel for one in proposal(running).messages}
        assert len(channels) == 1
        assert None not in channels
        await running.press("ctrl+s")
        shown(running, Confirm)
        await running.press("n")
        assert case(context, on.ref).contacts == on.contacts
        await running.press("ctrl+s", "y")
        assert len(case(context, on.ref).contacts) == len(on.contacts) + 2

    on_paper(context, run)


def test_the_whole_text_is_kept_as_evidence_without_passwords(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("P")
        await paste(running, "店铺客服小王 2026-11-17 09:00:05\n验证码 482913 请告诉我\n同意退款\n")
        assert "482913" not in drawn(running)
        await running.press("v", "ctrl+s")
        saved = case(context, on.ref)
        record = saved.evidence[-1]
        contact = next(one for one in saved.contacts if record.id in one.evidence)
        assert "同意退款" in contact.summary
        path = EvidenceFolder(context.places.evidence).path_of(record)
        assert path is not None
        kept = path.read_text(encoding="utf-8")
        assert "同意退款" in kept
        assert "482913" not in kept + contact.summary
        await running.press("u")
        assert case(context, on.ref).evidence == on.evidence

    on_paper(context, run)


def test_several_lines_in_the_line_and_in_the_form_are_read_as_a_chat_or_stay_words(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("greater_than_sign")
        await paste(running, chat(4))
        screen_of(running)
        await running.press("escape")
        line = shown(running, CaptureLine)
        assert line._line.value.count("⏎") == chat(4).strip().count("\n")
        await running.press("escape", "l", "tab")
        form = shown(running, ContactForm)
        there = id(form)
        await paste(running, "第一行\n第二行")
        assert form.value("said") == "第一行\n第二行"
        await paste(running, chat(4, names=("店铺客服小王", "我")))
        screen_of(running)
        await running.press("ctrl+s")
        assert id(running.app.screen) == there, "what was typed besides stays"
        assert form.value("said") == "第一行\n第二行"
        assert len(case(context, on.ref).contacts) == len(on.contacts) + 4

    on_paper(context, run)


def test_a_long_paste_that_comes_in_parts_is_one_text(context: Context) -> None:
    async def run(running: Desk) -> None:
        text = chat(40)
        cut = len(text) // 2 + 3
        await running.press("P")
        await paste(running, text[:cut])
        await paste(running, text[cut:])
        assert [one.said for one in proposal(running).messages][-1].endswith("39")
        assert len(proposal(running).messages) == 40
        await running.press("down", "M")
        await paste(running, "more")
        assert "save it first" in drawn(running)
        assert len(proposal(running).messages) == 40

    on_paper(context, run)


def test_another_paste_begins_a_line_of_its_own(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pddtui.ui.screens.paste._ONE_PASTE", 0.0)

    async def run(running: Desk) -> None:
        first, second = chat(2).strip(), chat(4).split("\n\n", 2)[2]
        await running.press("P")
        await paste(running, first)
        await paste(running, second)
        assert [one.said[-1] for one in proposal(running).messages] == ["0", "1", "2", "3"]
        assert [one.name for one in proposal(running).messages] == ["小王在线", "阿明"] * 2

    on_paper(context, run)


def test_a_text_that_was_not_taken_in_stands_there_again(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        left = Drafts(context.places.drafts).open(DraftSubject(form="paste", case=on.id))
        left.close({"text": chat(4)}, NOW)
        await running.press("P")
        await running.settle()
        assert screen_of(running).query_one(PasteBox).text.strip() == chat(4).strip()
        assert "was not taken in" in drawn(running)
        await running.press("ctrl+s")
        await running.settle()
        assert sides(running) == "????"
        await running.press("escape")
        shown(running, DeskScreen)
        assert Drafts(context.places.drafts).pending() == []

    on_paper(context, run)


def test_what_another_window_logs_meanwhile_is_there_already(context: Context) -> None:
    async def run(running: Desk) -> None:
        on = chosen(running)
        await running.press("P")
        await paste(running, chat(2, names=("店铺客服小王", "我")))
        text = chat(2, names=("店铺客服小王", "我"))
        take(propose_for(text, on, context.casebook, context.handbook), context.casebook)
        await running.press("ctrl+s")
        assert "logged elsewhere" in drawn(running)
        screen_of(running).take_in(frozenset([on.id]))
        await running.settle()
        assert [one.there for one in proposal(running).messages] == [True, True]
        assert len(case(context, on.ref).contacts) == len(on.contacts) + 2

    on_paper(context, run)
