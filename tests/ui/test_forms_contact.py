"""The contact form: what is proposed, what is overruled, what is saved, and the call beside which it runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pddtui.domain.case import Person
from pddtui.domain.duetime import FixedClock
from pddtui.domain.fields import CONTACT
from pddtui.domain.moves import ContactEdit
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.promise import CallConfirmation
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Field, Suggest
from tests.ui.cases import KETTLE, NOW, NUTS, SUITCASE, case
from tests.ui.forms import Bench, Make, open_form, second_window


def log(context: Context) -> ContactForm:
    return ContactForm(context, case(context, NUTS))


def call(context: Context) -> ContactForm:
    return ContactForm(context, case(context, SUITCASE), call=True)


def correct(context: Context) -> ContactForm:
    nuts = case(context, NUTS)
    return ContactForm(context, nuts, contact=nuts.contacts[-1])


def marked(form: Bench, name: str) -> str:
    return str(form.field(name).entry.render())


async def test_what_was_typed_is_logged_and_what_was_not_is_what_was_shown(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        assert form.field("channel").value == "Merchant chat"
        await form.write("at", "yesterday 20:00")
        await form.write("name", "阿杰")
        await form.write("role", "店铺客服")
        await form.write("staff_no", "07")
        await form.write("said", "已反馈\n会尽快")
        await form.write("promise", "补寄两袋")
        await form.write("due", "3个工作日内")
        assert form.field("due").hint == "→ Wed 25 Nov · not counting Sun 22 Nov"
        await form.save()
        contact = form.case(NUTS).contacts[-1]
        assert (contact.at, contact.recorded_at) == (NOW.replace(day=21, hour=20), NOW)
        assert contact.person == Person(name="阿杰", role="店铺客服", staff_no="07")
        assert (contact.summary, contact.channel, contact.substance) == ("已反馈\n会尽快", "merchant_chat", "holding")
        assert (contact.direction, contact.turn, contact.demand, contact.written) == ("in", None, False, "received")
        (promise,) = contact.promises
        assert (promise.text, promise.due_phrase, promise.written) == ("补寄两袋", "3个工作日内", True)
        assert f"{promise.due:%m-%d}" == "11-25"
        assert form.result[0] is not None
        assert form.result[0].thing == contact.id


async def test_what_the_words_suggest_is_proposed_and_marked_until_it_is_overruled(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "已反馈")
        assert marked(form, "substance").startswith("◂ holding reply · proposed ▸ 7/8")
        assert "● their turn · proposed" in marked(form, "turn")
        await form.write("said", "，不退款")
        assert marked(form, "substance").startswith("◂ refused · proposed ▸ 2/8")
        assert marked(form, "turn").startswith("● my turn · proposed")
        form.field("substance").focus()
        await form.press("3")
        assert marked(form, "substance").startswith("◂ offered ▸ 3/8")
        await form.write("said", "，耐心等待")
        assert form.field("substance").value == "offered"
        await form.save()
        contact = form.case(NUTS).contacts[-1]
        assert (contact.substance, contact.reply, contact.turn) == ("answer", "offered", None)


async def test_money_that_was_agreed_to_stays_their_turn_and_that_can_be_overruled(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "同意退款，三天到账")
        assert "● their turn · proposed" in marked(form, "turn")
        await form.save()
        contact = form.case(NUTS).contacts[-1]
        assert (contact.substance, contact.reply, contact.turn) == ("answer", "agreed", "theirs")
    async with open_form(log, tmp_path) as form:
        await form.write("said", "同意退款，三天到账")
        form.field("turn").focus()
        await form.press("home")
        await form.save()
        assert form.case(NUTS).contacts[-1].turn == "mine"


async def test_a_correction_changes_what_an_answer_was(tmp_path: Path) -> None:
    async with open_form(correct, tmp_path) as form:
        form.field("substance").focus()
        await form.press("3")
        await form.save()
        contact = next(each for each in form.case(NUTS).contacts if each.reply == "offered")
        assert contact.substance == "answer"


async def test_an_overruled_turn_is_kept_with_the_contact(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "退款已到账")
        form.field("turn").focus()
        await form.press("end")
        await form.save()
        assert form.case(NUTS).contacts[-1].turn == "theirs"


async def test_what_i_say_makes_it_their_turn_unless_nobody_answers(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        form.field("direction").focus()
        await form.press("end")
        await form.write("said", "再催一次")
        assert "○ nobody answered" in marked(form, "substance")
        assert "● their turn" in marked(form, "turn")
        await form.save()
        contact = form.case(NUTS).contacts[-1]
        assert (contact.direction, contact.substance, contact.turn) == ("out", None, None)


async def test_choosing_a_person_brings_role_and_number(tmp_path: Path) -> None:
    async with open_form(lambda context: ContactForm(context, case(context, KETTLE)), tmp_path) as form:
        await form.write("name", "阿")
        await form.press("down", "enter")
        assert [form.field(name).value for name in ("name", "role", "staff_no")] == ["阿杰", "店铺客服", ""]
        form.field("name").value = ""
        await form.write("name", "07")
        await form.press("down", "enter")
        assert [form.field(name).value for name in ("role", "staff_no")] == ["平台客服", "**07"]


async def test_several_promises_are_logged_each_with_its_own_date(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "两件事")
        await form.write("promise", "补寄")
        await form.write("due", "明天")
        assert not form.field("promise-2").display
        await form.press("ctrl+n")
        assert form.field("promise-2").has_focus_within
        await form.write("promise-2", "退差价")
        await form.write("due-2", "尽快")
        await form.save()
        assert form.field("due-2").error.startswith("“尽快” gives no date")
        assert form.field("due").error == ""
        form.field("due-2").value = "11-30"
        await form.save()
        made = [(promise.text, f"{promise.due:%m-%d}") for promise in form.case(NUTS).contacts[-1].promises]
        assert made == [("补寄", "11-23"), ("退差价", "11-30")]


@pytest.mark.parametrize(
    ("values", "at_fault"),
    [
        ({}, "said"),
        ({"said": "验证码是 483921"}, "said"),
        ({"said": "x", "name": "otp 483921"}, "name"),
        ({"said": "x", "due": "明天"}, "promise"),
        ({"said": "x", "promise": "支付密码 123456"}, "promise"),
        ({"said": "x", "promise": "p", "due": "someday"}, "due"),
        ({"said": "x", "at": "25:99"}, "at"),
        ({"said": "x", "channel": "pigeon"}, "channel"),
    ],
)
async def test_a_refusal_goes_to_its_field_and_every_letter_stays(
    tmp_path: Path, values: dict[str, str], at_fault: str
) -> None:
    async with open_form(log, tmp_path) as form:
        before = form.case(NUTS)
        for name, value in values.items():
            form.field(name).value = value
        await form.settle()
        await form.save()
        assert form.field(at_fault).error
        assert form.field(at_fault).has_focus_within
        assert {name: form.field(name).value for name in values} == values
        assert (form.result, form.case(NUTS)) == ([], before)


async def test_two_windows_that_log_a_contact_both_keep_theirs(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        other, _ = second_window(form.context)
        await form.write("said", "mine")
        nuts = form.case(NUTS)
        other.amend(nuts.id, nuts.contacts[0].id, ContactEdit(summary="theirs"))
        await form.save()
        words = [contact.summary for contact in form.case(NUTS).contacts]
        assert "mine" in words
        assert "theirs" in words


async def test_a_correction_changes_what_was_changed_and_keeps_the_old_wording(tmp_path: Path) -> None:
    async with open_form(correct, tmp_path) as form:
        assert "old text stays" in str(form.form.query_one(".form--remark").render())
        old = form.case(NUTS).contacts[-1]
        await form.write("staff_no", "15")
        await form.save()
        new = form.case(NUTS).contacts[-1]
        assert new.person == Person(name="阿杰", role="店铺客服", staff_no="15")
        assert (new.summary, new.promises, new.substance, new.at) == (old.summary, old.promises, old.substance, old.at)
        assert [amendment.person.staff_no for amendment in new.amendments] == [None]


async def test_a_correction_of_the_same_words_in_two_windows_asks_and_can_keep_both(tmp_path: Path) -> None:
    async with open_form(correct, tmp_path) as form:
        other, _ = second_window(form.context)
        nuts = form.case(NUTS)
        other.amend(nuts.id, nuts.contacts[-1].id, ContactEdit(summary="theirs"))
        form.field("said").value = "mine"
        await form.save()
        assert form.shows(Question)
        await form.press("b")
        await form.settle()
        assert form.case(NUTS).contacts[-1].summary == "mine\ntheirs"


async def test_a_call_is_timed_asks_in_order_and_ends_with_a_sentence_to_paste(tmp_path: Path) -> None:
    async with open_form(call, tmp_path) as form:
        clock = form.casebook.clock
        assert isinstance(clock, FixedClock)
        names = [field.id for field in form.form.query("Field").results() if field.display]
        assert names[:8] == ["channel", "name", "role", "staff_no", "ticket", "said", "promise", "due"]
        await form.write("name", "小王")
        await form.write("ticket", "T-77")
        await form.write("said", "会退款。")
        await form.write("promise", "退 199 元")
        await form.write("due", "11-25 18:00")
        clock.advance(timedelta(minutes=4, seconds=10))
        await form.save()
        assert form.shows(CallConfirmation)
        await form.press("y")
        (sentence,) = form.app.copied
        theirs, mine = sentence.split("\n\n")
        assert "“退 199 元”，期限为2026年11月25日 18:00" in theirs
        assert "with 小王: You promised “退 199 元” by 25 Nov 2026, 18:00. Ticket number: T-77." in mine
        assert ("请回复“确认”" in theirs, "reply “confirmed”" in mine) == (True, True)
        await form.press("escape")
        await form.settle()
        assert form.result[0] is not None
        contact = form.case(SUITCASE).contacts[-1]
        assert (contact.at, contact.minutes, contact.summary) == (NOW, 5, "会退款。\nTicket no. T-77")
        assert (contact.demand, contact.written, contact.substance) == (True, "none", "holding")


async def test_a_call_in_which_i_stated_my_demand_leaves_it_their_turn(tmp_path: Path) -> None:
    async with open_form(lambda context: ContactForm(context, case(context, NUTS), call=True), tmp_path) as form:
        await form.write("said", "已登记")
        assert "● their turn · proposed" in marked(form, "turn")


async def test_there_are_at_most_three_promises_and_none_in_a_correction(tmp_path: Path) -> None:
    async with open_form(log, tmp_path / "log") as form:
        await form.press("ctrl+n", "ctrl+n", "ctrl+n")
        assert form.field("promise-3").has_focus_within
    async with open_form(correct, tmp_path / "correct") as form:
        assert form.form.check_action("more_promises", ()) is None


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (45, 30), (40, 12), (1, 1)])
async def test_heading_and_keys_stay_in_view_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with open_form(call, tmp_path, size=size) as form:
        await form.write("said", "words")
        if size[1] >= 12:
            bottom = form.form.query_one("KeyLine").region.bottom
            assert 0 < bottom <= size[1]
            assert form.form.query_one(".form--heading").region.y >= 0
            entry = form.field("said").entry.region
            assert form.form.query_one(".form--fields").region.contains_region(entry) or entry.height > 4


@pytest.mark.parametrize("make", [log, call, correct])
async def test_the_form_asks_for_every_field_of_a_contact(make: Make, tmp_path: Path) -> None:
    async with open_form(make, tmp_path) as form:
        shown = {field.id for field in form.form.query(Field)}
        asked = {it.name for it in CONTACT if it.new and it.asked and (it.edited or make is not correct)}
        assert asked - shown == set()


async def test_an_answer_to_a_running_filing_proposes_what_became_of_it_and_saves_both(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "请稍等")
        assert not form.field("news").display
        await form.write("said", "，这个不退")
        assert form.field("news").display
        assert "refused · proposed" in marked(form, "news")
        await form.save()
        saved = form.case(NUTS)
        assert saved.filings[-1].state == "refused"
        assert saved.contacts[-1].filing == saved.filings[-1].id
        assert saved.history[-1].action == "log"


async def test_what_became_of_a_filing_can_be_left_open(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("said", "不退")
        form.field("news").focus()
        await form.press("home")
        await form.save()
        assert form.case(NUTS).filings[-1].state == "open"


async def test_all_faults_are_said_at_once_and_the_cursor_is_behind_the_first(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        for name, value in {"promise": "refund", "due": "someday", "channel": "pigeon", "at": "25:99"}.items():
            form.field(name).value = value
        await form.settle()
        await form.save()
        wrong = [name for name in ("said", "promise", "due", "channel", "at") if form.field(name).error]
        assert wrong == ["said", "due", "channel", "at"]
        assert form.field("said").has_focus_within
        await form.write("said", "ok")
        await form.save()
        due = form.field("due").entry
        assert isinstance(due, LineField)
        assert (due.has_focus, due.cursor_position, due.selection.is_empty) == (True, len("someday"), True)


async def test_a_promise_is_proposed_from_the_words_and_asks_once_for_its_date(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("name", "李 主管 8842")
        await form.press("tab")
        assert [form.field(name).value for name in ("name", "role", "staff_no")] == ["李", "主管", "8842"]
        assert form.field("said").has_focus_within
        await form.write("said", "会退款，周三前")
        assert [form.field(name).value for name in ("promise", "due")] == ["会退款，周三前", "周三前"]
        assert form.field("due").hint == "→ Wed 25 Nov · proposed"
        await form.write("promise", "退 11.30 元")  # over the proposal
        assert [form.field(name).value for name in ("promise", "due")] == ["退 11.30 元", "周三前"]
        form.field("due").value = ""
        await form.settle()
        await form.save()
        assert "without a date" in form.field("due").error
        assert form.result == []
        await form.save()
        (promise,) = form.case(NUTS).contacts[-1].promises
        assert (promise.text, promise.due) == ("退 11.30 元", None)
        assert form.case(NUTS).contacts[-1].person == Person(name="李", role="主管", staff_no="8842")


async def test_a_name_typed_in_full_brings_its_person_and_me_makes_it_mine(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        await form.write("name", "阿杰")
        assert form.field("role").value == "店铺客服"
        form.field("name").value = "我"
        await form.settle()
        await form.write("said", "要求补寄")
        assert [form.field(name).value for name in ("direction", "demand", "role")] == ["out", "yes", ""]
        await form.save()
        contact = form.case(NUTS).contacts[-1]
        assert (contact.direction, contact.demand, contact.person) == ("out", True, Person())


async def test_the_first_match_leads_a_closed_list_and_the_text_as_typed_is_last(tmp_path: Path) -> None:
    async with open_form(log, tmp_path) as form:
        channel = form.field("channel")
        channel.value = ""
        channel.focus()
        await form.press("p", "l", "a", "t")
        assert isinstance(channel.entry, Suggest)
        rows = [row.key for row in channel.entry.list.rows]
        assert (rows[-1], channel.entry.list.cursor_key) == ("", rows[0])
        await form.press("tab")
        assert channel.value == "Platform intervention"
        assert not channel.has_focus_within


async def test_a_promise_that_is_only_oral_ends_with_the_sentence_and_a_written_one_does_not(tmp_path: Path) -> None:
    for written in ("received", "none"):
        async with open_form(log, tmp_path / written) as form:
            for name, value in {"said": "会补寄", "promise": "补寄两袋", "due": "11-25"}.items():
                form.field(name).value = value
            await form.settle()
            form.field("written").focus()
            await form.press("1" if written == "none" else "3")
            await form.save()
            assert form.shows(CallConfirmation) is (written == "none")
            if written == "none":
                await form.press("c", "escape")
                await form.settle()
                assert "“补寄两袋”，期限为2026年11月25日" in form.app.copied[0]
            assert form.result[0] is not None
