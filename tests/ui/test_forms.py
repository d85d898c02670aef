"""Keys in, store contents out, for the forms of a case, its filings, follow-ups, promises, evidence and its end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from pddtui.domain.fields import CASE, value_of, values_of
from pddtui.domain.moves import CaseEdit
from pddtui.domain.phrases.due import parse_due
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import Busy, CannotWrite, PddError
from pddtui.message import msg
from pddtui.services.inputs import NewFiling
from pddtui.speech import Language, Speech
from pddtui.ui.context import Context
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.evidence import EvidenceForm
from pddtui.ui.forms.filing import FilingForm, FilingStateForm, ResolveForm
from pddtui.ui.forms.follow_up import QUICK, FollowUpForm, SnoozeForm
from pddtui.ui.forms.promise import PromiseForm
from tests.ui.cases import KETTLE, NOW, NUTS, SUITCASE, case
from tests.ui.forms import bench, open_form, second_window


def follow_up(context: Context) -> FollowUpForm:
    return FollowUpForm(context, case(context, NUTS))


def promise(context: Context) -> PromiseForm:
    nuts = case(context, NUTS)
    contact, running = next(made for made in nuts.promises if made[1].state == "open")
    return PromiseForm(context, nuts, contact, running)


def edit(context: Context) -> CaseForm:
    return CaseForm(context, case(context, KETTLE))


async def test_a_new_case_is_what_was_typed(tmp_path: Path) -> None:
    async with open_form(lambda context: CaseForm(context, None), tmp_path) as form:
        await form.write("title", "shoes fell apart")
        await form.write("problem", "fals")
        await form.press("down", "enter")
        await form.write("merchant", "小家")
        await form.press("down", "enter")
        await form.write("amount", "¥1,299")
        await form.write("remedy", "refund only")
        await form.write("demand_amount", "89")
        await form.write("received_at", "yesterday")
        assert form.field("received_at").hint == "→ Sat 21 Nov"
        await form.write("description", "one\ntwo")
        await form.save()
        saved = form.result[0]
        assert saved is not None
        made = form.casebook.case(saved.case_id)
        assert (made.title, made.problem, made.merchant) == ("shoes fell apart", "false_ad", "小家电店（商家A）")
        assert (made.order.amount, made.demand.remedy, made.demand.amount) == (
            Decimal("1299.00"), "refund_only", Decimal("89.00"),
        )  # fmt: skip
        assert made.description == "one\ntwo"
        assert made.order.received_at == NOW.replace(day=21, hour=0)
        assert saved.message == f"{made.ref} is open: shoes fell apart"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "much"),
        ("received_at", "2026-02-30"),
        ("problem", "xyzzy"),
        ("remedy", "q"),
        ("order", "otp 123456"),
        ("description", "验证码 483921"),
    ],
)
async def test_a_refusal_goes_to_its_field_and_everything_typed_stays(tmp_path: Path, field: str, typed: str) -> None:
    async with open_form(lambda context: CaseForm(context, None), tmp_path) as form:
        before = len(form.casebook.cases())
        await form.write("title", "t")
        await form.write(field, typed)
        await form.save()
        assert form.field(field).error
        assert form.field(field).has_focus_within
        assert (form.field("title").value, form.field(field).value) == ("t", typed)
        assert (form.result, len(form.casebook.cases())) == ([], before)


async def test_a_case_needs_a_title(tmp_path: Path) -> None:
    async with open_form(lambda context: CaseForm(context, None), tmp_path) as form:
        await form.save()
        assert form.field("title").error.startswith("A case needs a title")


async def test_an_edit_changes_only_the_fields_that_were_changed(tmp_path: Path) -> None:
    async with open_form(edit, tmp_path) as form:
        before = form.case(KETTLE)
        await form.write("title", "!")
        await form.save()
        after = form.case(KETTLE)
        assert after.title == "电热水壶第三天不通电!"
        assert {patch.path for patch in after.history[-1].patches} == {("title",)}
        assert (after.order, after.demand, after.tags) == (before.order, before.demand, before.tags)


async def test_an_edit_without_a_change_writes_nothing(tmp_path: Path) -> None:
    async with open_form(edit, tmp_path) as form:
        before = form.case(KETTLE)
        await form.save()
        assert form.result[0] is not None
        assert form.case(KETTLE) == before


@pytest.mark.parametrize(
    ("answer", "title", "note"),
    [("m", "mine", None), ("t", "theirs", None), ("b", "mine", "Title (other window): theirs")],
)
async def test_a_field_that_two_windows_changed_is_asked_about(
    tmp_path: Path, answer: str, title: str, note: str | None
) -> None:
    async with open_form(edit, tmp_path) as form:
        other, _ = second_window(form.context)
        kettle = form.case(KETTLE)
        form.field("title").value = "mine"
        form.field("product").value = "my product"
        other.edit(kettle.id, CaseEdit(title="theirs", merchant="their merchant"))
        await form.save()
        assert form.shows(Question)
        await form.press(answer)
        await form.settle()
        after = form.case(KETTLE)
        assert (after.title, after.order.product, after.merchant) == (title, "my product", "their merchant")
        lines = (after.description or "").split("\n")
        assert lines[1:] == ([note] if note else [])


async def test_going_back_from_that_question_keeps_the_form_and_their_change(tmp_path: Path) -> None:
    async with open_form(edit, tmp_path) as form:
        other, _ = second_window(form.context)
        form.field("title").value = "mine"
        other.edit(form.case(KETTLE).id, CaseEdit(title="theirs"))
        await form.save()
        await form.press("escape")
        assert form.app.screen is form.form
        assert (form.field("title").value, form.case(KETTLE).title, form.result) == ("mine", "theirs", [])


async def test_a_follow_up_shows_its_date_while_it_is_typed_and_is_saved_with_it(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "look again")
        await form.write("due", "5个工作日内")
        assert form.field("due").hint == "→ Fri 27 Nov"
        await form.write("due", "x")
        assert form.field("due").hint.startswith("… ")
        await form.press("backspace")
        await form.save()
        task = form.case(NUTS).follow_ups[-1]
        assert (task.text, task.due_phrase) == ("look again", "5个工作日内")
        assert f"{task.due:%m-%d %H:%M:%S}" == "11-27 23:59:59"
        assert form.result[0] is not None
        assert form.result[0].thing == task.id


async def test_the_days_left_out_of_a_period_are_named(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path, language="zh") as form:
        await form.write("due", "7个工作日内")
        hint = form.field("due").hint
        assert hint.startswith("→ 12-01 周二 · ")
        assert "11-28 周六、11-29 周日" in hint


async def test_words_that_name_no_date_say_so_while_typing_and_are_refused_on_saving(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "t")
        await form.write("due", "尽快")
        assert form.field("due").hint.startswith("? “尽快” gives no date")
        await form.save()
        assert form.field("due").error.startswith("“尽快” gives no date")
        assert form.field("due").value == "尽快"


@pytest.mark.parametrize("trouble", [Busy(msg("Somebody has it.")), CannotWrite(msg("The disk is full."))])
async def test_trouble_with_the_store_leaves_every_letter_and_saving_can_be_tried_again(
    tmp_path: Path, trouble: PddError
) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "look again")
        await form.write("due", "11-25")
        store = second_window(form.context)[1]
        before = len(form.case(NUTS).follow_ups)
        store.trouble = trouble
        await form.save()
        line = form.form.query_one(".form--trouble")
        assert line.display
        assert str(trouble) in str(line.render())
        assert (form.field("text").value, form.field("due").value) == ("look again", "11-25")
        assert (form.result, len(form.case(NUTS).follow_ups)) == ([], before)
        await form.save()
        assert len(form.case(NUTS).follow_ups) == before + 1
        assert len(form.result) == 1


async def test_saving_twice_in_one_breath_saves_once(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "once")
        await form.write("due", "11-25")
        before = len(form.case(NUTS).follow_ups)
        form.form.action_save()
        form.form.action_save()
        await form.settle()
        form.form.action_save()
        await form.settle()
        assert len(form.case(NUTS).follow_ups) == before + 1


async def test_enter_goes_to_the_next_field_and_never_saves(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.press("a", "enter")
        assert form.field("due").has_focus_within
        await form.press("enter")
        assert form.result == []


async def test_a_follow_up_is_put_off_by_a_quick_choice_or_by_words(tmp_path: Path) -> None:
    def snooze(context: Context) -> SnoozeForm:
        nuts = case(context, NUTS)
        return SnoozeForm(context, nuts, nuts.follow_ups[0])

    async with open_form(snooze, tmp_path) as form:
        form.field("quick").focus()
        await form.press("right", "right")
        assert form.field("due").hint == "→ Wed 25 Nov"
        form.field("due").value = ""
        await form.write("due", "12-03 18:00")
        assert form.field("quick").value == ""
        await form.save()
        assert f"{form.case(NUTS).follow_ups[0].due:%m-%d %H:%M}" == "12-03 18:00"


@pytest.mark.parametrize(("key", "state"), [("1", "kept"), ("2", "broken"), ("4", "waived")])
async def test_a_promise_is_settled_at_the_moment_typed(tmp_path: Path, key: str, state: str) -> None:
    async with open_form(promise, tmp_path) as form:
        form.field("state").focus()
        await form.press(key)
        await form.write("at", "11-21 09:00")
        await form.save()
        settled = form.case(NUTS).promises[0][1]
        assert (settled.state, settled.settled_at) == (state, NOW.replace(day=21, hour=9))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize(("place", "day"), [(0, "11-23"), (1, "11-25"), (2, "11-23")])
def test_a_quick_choice_is_a_phrase_in_either_language(language: Language, place: int, day: str) -> None:
    speech = Speech(language, ZoneInfo("Asia/Shanghai"))
    _, phrase = list(QUICK.values())[place]
    assert f"{parse_due(speech.say(phrase), NOW, PlainCalendar()).at:%m-%d}" == day


async def test_a_promise_is_replaced_by_a_new_one_with_its_date(tmp_path: Path) -> None:
    async with open_form(promise, tmp_path) as form:
        assert not form.field("due").display
        form.field("state").focus()
        await form.press("3")
        assert form.field("due").display
        await form.save()
        assert form.field("due").error
        await form.write("due", "3 working days")
        await form.save()
        old, new = (made for _, made in form.case(NUTS).promises)
        assert (old.state, old.replaced_by, new.state) == ("replaced", new.id, "open")
        assert (new.text, f"{new.due:%m-%d}") == ("补寄两袋并给单号", "11-25")


async def test_what_became_of_a_promise_must_be_chosen(tmp_path: Path) -> None:
    async with open_form(promise, tmp_path) as form:
        await form.save()
        assert form.field("state").error
        assert form.result == []


async def test_the_next_rung_and_its_usual_channel_are_proposed(tmp_path: Path) -> None:
    async with open_form(lambda context: FilingForm(context, case(context, SUITCASE)), tmp_path) as form:
        assert form.field("rung").value == "Regulator"
        assert form.field("channel").value == "12315 complaint"


async def test_missing_gates_take_a_second_word_and_are_recorded(tmp_path: Path) -> None:
    async with open_form(lambda context: FilingForm(context, case(context, NUTS)), tmp_path) as form:
        form.field("rung").value = "Regulator"
        await form.settle()
        assert form.field("channel").value == "12315 complaint"
        needs = str(form.form.query_one(".form--remark").render())
        assert "✗ missing: your real name" in needs
        before = len(form.case(NUTS).filings)
        await form.save()
        assert form.shows(Confirm)
        await form.press("enter")
        assert not form.shows(Confirm)
        assert len(form.case(NUTS).filings) == before
        await form.write("reference", "TS-1")
        await form.save()
        await form.press("y")
        await form.settle()
        filing = form.case(NUTS).filings[-1]
        assert (filing.rung, filing.channel, filing.reference) == ("regulator", "c12315", "TS-1")
        assert {"identity", "operator"} <= set(filing.passed_gates)


async def test_what_only_the_person_can_see_to_is_ticked_and_counts_as_met(tmp_path: Path) -> None:
    async with open_form(lambda context: FilingForm(context, case(context, NUTS)), tmp_path) as form:
        assert not form.field("identity").display
        form.field("rung").value = "Regulator"
        await form.settle()
        assert form.field("identity").display
        form.field("identity").value = "yes"
        await form.settle()
        assert "✓ there: your real name" in str(form.form.query_one(".form--remark").render())
        await form.save()
        if form.shows(Confirm):
            await form.press("y")
            await form.settle()
        after = form.case(NUTS)
        assert "identity_ready" in after.milestones
        assert "identity" not in after.filings[-1].passed_gates


async def test_a_conflict_with_a_running_filing_is_shown(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingForm:
        nuts = case(context, NUTS)
        context.casebook.file(nuts.id, NewFiling(rung="settle", channel="consumer_assoc"), anyway=True)
        return FilingForm(context, case(context, NUTS))

    async with open_form(form_of, tmp_path) as form:
        form.field("rung").value = "Regulator"
        await form.settle()
        assert "✗ conflict: " in str(form.form.query_one(".form--remark").render())


async def test_each_channel_asks_for_what_it_needs_and_says_what_it_may_close(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingForm:
        return FilingForm(context, case(context, NUTS))

    async with open_form(form_of, tmp_path) as form:
        form.field("rung").value = "Regulator"
        await form.settle()
        assert form.field("identity").display
        form.field("channel").value = "12315 report of a violation"
        await form.settle()
        assert not form.field("identity").display
        needs = str(form.form.query_one(".form--remark").render())
        assert "what happened: a description" in needs
        assert "operator" not in needs
        form.field("rung").value = "Settlement"
        await form.settle()
        form.field("channel").value = "Consumers association"
        await form.settle()
        assert "afterwards: a dispute the association has taken" in str(form.form.query_one(".form--remark").render())


async def test_what_became_of_a_filing_is_noted(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingStateForm:
        suitcase = case(context, SUITCASE)
        return FilingStateForm(context, suitcase, suitcase.filings[-1])

    async with open_form(form_of, tmp_path) as form:
        form.field("state").value = "accepted"
        form.field("reference").value = "JR-2"
        await form.save()
        filing = form.case(SUITCASE).filings[-1]
        assert (filing.state, filing.reference, filing.accepted_at) == ("accepted", "JR-2", NOW)


async def test_a_case_ends_with_its_outcome_and_what_was_recovered(tmp_path: Path) -> None:
    async with open_form(lambda context: ResolveForm(context, case(context, NUTS)), tmp_path) as form:
        await form.save()
        assert form.field("outcome").error
        await form.press("down", "down", "enter")
        await form.write("recovered", "11.30")
        await form.save()
        ended = form.case(NUTS)
        assert ended.outcome is not None
        assert (ended.status, ended.outcome.kind, ended.outcome.recovered) == ("resolved", "full", Decimal("11.30"))


async def test_evidence_is_a_kind_a_claim_and_a_place(tmp_path: Path) -> None:
    async with open_form(lambda context: EvidenceForm(context, case(context, NUTS)), tmp_path) as form:
        await form.write("proves", "two bags short")
        await form.save()
        assert form.field("place").error
        await form.write("kind", "payment proof")
        await form.write("place", "wallet")
        await form.write("vanishes_at", "in 30 days")
        await form.save()
        record = form.case(NUTS).evidence[-1]
        assert (record.kind, record.proves, record.place) == ("payment", "two bags short", "wallet")
        assert record.vanishes_at is not None
        assert record.vanishes_at.date() == (NOW + timedelta(days=30)).date()


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("enter", False),
        ("escape", False),
        ("n", False),
        ("y", True),
        ("down enter", True),
        ("ｙ", True),
        ("j k enter", False),
    ],
)
async def test_a_question_is_answered_with_letters_arrows_and_enter_and_no_is_the_safe_one(
    tmp_path: Path, keys: str, answer: bool
) -> None:
    async with open_form(follow_up, tmp_path) as form:
        given: list[bool | None] = []
        question = Confirm("Delete [b]PDD[/b]?", yes="[red]Yes", no="No")
        form.app.push_screen(question, given.append)
        await form.pilot.pause()
        assert "[b]PDD[/b]" in str(question.query_one(".question--words").render())
        await form.press(*keys.split())
        assert given == [answer]


TYPED: dict[str, str] = {"sum": "¥1,299", "moment": "2026-11-12 10:00", "limits": "24h 3wd", "text": "one\ntwo"}
CHOSEN: dict[str, str] = {
    "problem": "Quality",
    "remedy": "Refund only",
    "deadline": "3 working days",
    "claim_within": "24h",
}


async def test_every_field_that_is_asked_for_is_kept_and_shown_again(tmp_path: Path) -> None:
    asked = [field for field in CASE if field.new and field.asked]
    async with open_form(lambda context: CaseForm(context, None), tmp_path) as form:
        for field in asked:
            form.field(field.name).value = CHOSEN.get(field.name) or TYPED.get(field.kind, f"some {field.name}")
        await form.settle()
        await form.save()
        saved = form.result[0]
        assert saved is not None
        made = form.casebook.case(saved.case_id)
        assert [field.name for field in asked if value_of(field, made) in (None, "")] == []
        async with bench(form.context, lambda context: CaseForm(context, made)) as again:
            assert [it.name for it in asked if it.edited and not again.form.value(it.name)] == []
            await again.write("merchant", "2")
            await again.save()
            changed = again.case(made.ref)
            assert changed.merchant == "some merchant2"
            rest = [field for field in CASE if field.edited and field.name != "merchant"]
            assert values_of(rest, changed) == values_of(rest, made)


async def test_the_day_that_the_carrier_shows_is_asked_for_where_the_goods_never_came(tmp_path: Path) -> None:
    async with open_form(lambda context: CaseForm(context, None), tmp_path) as form:
        received, delivered = form.field("received_at"), form.field("delivered_at")
        assert (received.display, delivered.display) == (True, True)
        problems, say = form.context.handbook.problems, form.context.speech.say
        for problem, shown in (("fake_sign", (False, True)), ("quality", (True, False))):
            form.field("problem").value = say(problems[problem].label)
            await form.settle()
            assert (received.display, delivered.display) == shown
        form.field("problem").value = "1"
        await form.settle()
        assert (received.display, delivered.display) == (True, False), "while a name is typed nothing moves"
        delivered.value = "11-06"
        await form.settle()
        form.field("problem").value = say(problems["not_shipped"].label)
        await form.settle()
        assert delivered.display, "what was typed is never hidden"


async def test_more_back_than_was_paid_is_asked_about_and_the_day_may_be_an_earlier_one(tmp_path: Path) -> None:
    async with open_form(lambda context: ResolveForm(context, case(context, NUTS)), tmp_path) as form:
        await form.press("down", "down", "enter")
        form.field("recovered").value = "9999"
        form.field("at").value = "yesterday 18:00"
        await form.settle()
        await form.save()
        assert isinstance(form.app.screen, Confirm)
        await form.press("escape")
        assert (form.case(NUTS).status, form.result) == ("open", [])
        await form.save()
        await form.press("down", "enter")
        ended = form.case(NUTS)
        assert ended.outcome is not None
        assert ended.outcome.recovered == Decimal(9999)
        assert ended.closed_at == NOW.replace(hour=18, minute=0) - timedelta(days=1)
