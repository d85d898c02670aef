"""Commands that write down what happened."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pddtui.domain.fields import CASE, StoredField
from tests.cli.conftest import Hands, Program, at_a_terminal


def case_of(program: Program, ref: str = "1") -> Any:
    return program("show", ref, "--json").json


def test_a_new_case_prints_its_number_and_nothing_else(pddtui: Program) -> None:
    first = pddtui("add", "电热水壶第三天不通电")
    second = pddtui("add", "suspected fake trainers")
    assert (first.code, first.out, first.err) == (0, "PDD-2026-0001\n", "")
    assert second.out == "PDD-2026-0002\n"


def test_a_new_case_keeps_every_option(kettle: Program) -> None:
    case = case_of(kettle)
    assert case["title"] == "电热水壶第三天不通电"
    assert (case["problem"], case["merchant"]) == ("quality", "小家电店")
    assert case["order"]["number"] == "261109-0101"
    assert (case["order"]["amount"], case["order"]["currency"]) == ("89.00", "CNY")
    assert case["order"]["received_at"] == "2026-11-12T00:00:00+08:00"
    assert case["demand"]["remedy"] == "return_refund"
    assert case["opened_at"] == "2026-11-16T09:00:00+08:00"


def test_problem_and_remedy_may_be_given_by_name(pddtui: Program) -> None:
    pddtui("add", "x", "--problem", "质量问题", "--demand", "仅退款")
    case = case_of(pddtui)
    assert (case["problem"], case["demand"]["remedy"]) == ("quality", "refund_only")


def test_a_contact_keeps_who_what_and_when_it_happened_and_when_it_was_typed(kettle: Program) -> None:
    promised = case_of(kettle)["contacts"][1]
    assert promised["direction"] == "in"
    assert promised["person"] == {"name": "小A", "role": "店铺客服", "staff_no": "07"}
    assert promised["at"] == "2026-11-16T10:00:00+08:00"
    assert promised["recorded_at"] == "2026-11-22T12:00:00+08:00"


def test_a_promise_is_due_by_its_phrase_from_the_moment_it_was_spoken(kettle: Program) -> None:
    (promise,) = case_of(kettle)["contacts"][1]["promises"]
    assert promise["due"] == "2026-11-19T23:59:59+08:00"
    assert (promise["due_phrase"], promise["state"], promise["estimated"]) == ("3个工作日内", "open", False)


def test_what_was_said_is_read_from_standard_input(pddtui: Program) -> None:
    pddtui("add", "x")
    contact = pddtui("log", "1", "--out", stdin="第一行\n第二行\n").id
    (logged,) = case_of(pddtui)["contacts"]
    assert (logged["id"], logged["summary"]) == (contact, "第一行\n第二行")


def test_a_holding_reply_is_recognised_said_so_and_can_be_overruled(pddtui: Program) -> None:
    pddtui("add", "x")
    taken = pddtui("log", "1", "--in", "--said", "已反馈，请耐心等待", "--at", "11-20")
    pddtui("log", "1", "--in", "--said", "已反馈，请耐心等待", "--answer")
    assert taken.err.count("\n") == 1
    assert [contact["substance"] for contact in case_of(pddtui)["contacts"]] == ["holding", "answer"]


@pytest.mark.parametrize(
    ("options", "substance"),
    [(["--answer"], "answer"), (["--holding"], "holding"), (["--no-answer"], "none"), ([], "answer")],
)
def test_the_substance_of_a_reply_follows_its_option(pddtui: Program, options: list[str], substance: str) -> None:
    pddtui("add", "x")
    pddtui("log", "1", "--in", "--said", "不同意退款", *options)
    assert case_of(pddtui)["contacts"][0]["substance"] == substance


@pytest.mark.parametrize(
    ("options", "reply"),
    [
        (["--reply", "refused"], "refused"),
        (["--answer", "--reply", "agreed"], "agreed"),
        (["--reply", "Offered"], "offered"),
        (["--reply", "asked"], "asked"),
        (["--reply", "decided"], "decided"),
        (["--reply", "other"], "other"),
        (["--holding"], None),
        (["--no-answer"], None),
    ],
)
def test_what_an_answer_was_is_kept_beside_that_it_was_one(
    pddtui: Program, options: list[str], reply: str | None
) -> None:
    pddtui("add", "x")
    assert pddtui("log", "1", "--in", "--said", "已登记", *options).code == 0
    contact = case_of(pddtui)["contacts"][0]
    assert contact["reply"] == reply
    assert (contact["substance"] == "answer") == (reply is not None)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--in", "--reply", "refused", "--holding"], "--holding"),
        (["--in", "--reply", "agreed", "--no-answer"], "--no-answer"),
        (["--out", "--reply", "refused"], "--out"),
        (["--in", "--reply", "maybe"], "agreed|refused|offered|asked|decided|other"),
    ],
)
def test_a_reply_that_contradicts_is_one_sentence(pddtui: Program, options: list[str], named: str) -> None:
    pddtui("add", "x")
    result = pddtui("log", "1", "--said", "不退", *options)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert named in result.err
    assert case_of(pddtui)["contacts"] == []


def test_written_says_that_words_and_promise_exist_in_writing(pddtui: Program) -> None:
    pddtui("add", "x")
    pddtui("log", "1", "--in", "--said", "会退", "--promise", "退款", "--due", "明天", "--written")
    contact = case_of(pddtui)["contacts"][0]
    assert (contact["written"], contact["promises"][0]["written"]) == ("received", True)


def test_a_promise_without_a_date_is_kept_and_a_date_is_asked_for(pddtui: Program) -> None:
    pddtui("add", "x")
    result = pddtui("log", "1", "--in", "--said", "会退款", "--promise", "退款")
    assert result.code == 0
    assert "no date" in result.err
    assert case_of(pddtui)["contacts"][0]["promises"][0]["due"] is None


def test_a_follow_up_prints_its_id_and_is_settled_by_it(pddtui: Program) -> None:
    pddtui("add", "x")
    task = pddtui("follow-up", "1", "问结果", "--due", "3wd").id
    assert case_of(pddtui)["follow_ups"][0]["due"] == "2026-11-25T23:59:59+08:00"
    assert pddtui("settle", task, "done", "--at", "2026-11-22 11:00").code == 0
    settled = case_of(pddtui)["follow_ups"][0]
    assert (settled["state"], settled["settled_at"]) == ("done", "2026-11-22T11:00:00+08:00")


@pytest.mark.parametrize("state", ["kept", "broken", "waived"])
def test_a_promise_is_settled_by_its_id_or_the_end_of_it(kettle: Program, state: str) -> None:
    promise = case_of(kettle)["contacts"][1]["promises"][0]["id"]
    assert kettle("settle", promise[-8:].lower(), state).code == 0
    assert case_of(kettle)["contacts"][1]["promises"][0]["state"] == state


@pytest.mark.parametrize("rung", ["platform", "2", "平台介入/官方客服", "Platform"])
def test_a_rung_is_meant_by_id_level_or_name(kettle: Program, rung: str) -> None:
    filing = kettle("file", "1", rung, "--reference", "T-1", "--at", "2026-11-20 20:00").id
    (lodged,) = case_of(kettle)["filings"]
    assert (lodged["id"], lodged["rung"], lodged["channel"]) == (filing, "platform", "app_intervene")
    assert (lodged["reference"], lodged["filed_at"]) == ("T-1", "2026-11-20T20:00:00+08:00")
    assert case_of(kettle)["rung"] == "platform"


def test_a_rung_names_what_it_needs_and_can_be_taken_anyway_on_record(kettle: Program) -> None:
    refused = kettle("file", "1", "regulator")
    assert refused.code == 2
    assert "name and address of the operator" in refused.err
    assert case_of(kettle)["filings"] == []
    assert kettle("file", "1", "regulator", "--anyway").code == 0
    assert "operator" in case_of(kettle)["filings"][0]["passed_gates"]


def test_a_channel_must_belong_to_the_rung(kettle: Program) -> None:
    assert kettle("file", "1", "platform", "--channel", "weibo").code == 2
    assert kettle("file", "1", "platform", "--channel", "app_official_cs").code == 0


@pytest.mark.parametrize(
    ("options", "kind", "status"),
    [
        ([], "full", "resolved"),
        (["--recovered", "89"], "full", "resolved"),
        (["--recovered", "50.5"], "partial", "resolved"),
        (["--outcome", "withdrawn"], "withdrawn", "withdrawn"),
    ],
)
def test_a_case_ends_as_said_or_as_the_sum_tells(kettle: Program, options: list[str], kind: str, status: str) -> None:
    ending = kettle("resolve", "1", *options).id
    case = case_of(kettle)
    assert (case["outcome"]["id"], case["outcome"]["kind"], case["status"]) == (ending, kind, status)
    assert case["turn"] == "nobody"


def test_an_ending_is_verified_once_the_money_is_there(kettle: Program) -> None:
    ending = kettle("resolve", "1", "--recovered", "89.00").id
    assert kettle("settle", ending, "done").code == 0
    assert case_of(kettle)["outcome"]["verified_at"] == "2026-11-22T12:00:00+08:00"


def test_nothing_recovered_asks_how_it_ended(kettle: Program) -> None:
    assert kettle("resolve", "1", "--recovered", "0").code == 2
    assert case_of(kettle)["status"] == "open"


def test_undo_takes_the_newest_change_back_names_it_and_redo_brings_it_back(kettle: Program, hands: Hands) -> None:
    undone = kettle("undo")
    assert (undone.code, undone.out) == (0, "Undone: contact logged in PDD-2026-0001.\n")
    assert len(case_of(kettle)["contacts"]) == 1
    assert kettle("redo").code == 0
    assert len(case_of(kettle)["contacts"]) == 2


def test_a_control_sequence_in_what_is_typed_does_not_survive(pddtui: Program) -> None:
    pddtui("add", "a\x1b[31mb\u202ec\x07")
    assert case_of(pddtui)["title"] == "abc"


def test_global_options_hold_before_and_after_the_command(pddtui: Program, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    pddtui("add", "here")
    pddtui("add", "there", "--file", str(other))
    assert "here" in pddtui("list").out
    assert "there" in pddtui("list", "--file", str(other)).out


OFFERED = [field for field in CASE if field.new and field.name != "title"]
GIVEN: dict[str, tuple[str, object]] = {
    "problem": ("quality", "quality"),
    "remedy": ("refund_only", "refund_only"),
    "deadline": ("3个工作日内", "2026-11-25T23:59:59+08:00"),
    "quiet": ("24h 3wd", {"amber": "24h", "red": "3wd"}),
    "mine": ("5d 14d", {"amber": "5d", "red": "14d"}),
    "claim_within": ("48 小时内", "48h"),
    "complainant": ("王秀兰", {"name": "王秀兰", "phone": None, "address": None}),
    "tags": ("急，妈妈的, #急", ["急", "妈妈的"]),
}
"""What is typed for a field, and what then stands there."""
OF_A_KIND: dict[str, tuple[str, object]] = {"sum": ("89", "89.00"), "moment": ("11-12", "2026-11-12T00:00:00+08:00")}


def option_of(field: StoredField) -> str:
    return field.option or f"--{field.name.replace('_', '-')}"


def given(field: StoredField) -> tuple[str, object]:
    return GIVEN.get(field.name) or OF_A_KIND.get(field.kind, ("某某", "某某"))


def stored(program: Program, field: StoredField) -> object:
    value: Any = case_of(program)
    for part in field.path:
        value = value[part]
    return value


@pytest.mark.parametrize("field", OFFERED, ids=lambda field: field.name)
def test_every_option_of_add_reaches_the_case(pddtui: Program, field: StoredField) -> None:
    typed, wanted = given(field)
    assert pddtui("add", "壶", option_of(field), typed).code == 0
    assert stored(pddtui, field) == wanted


EDITED = [field for field in CASE if field.edited]


@pytest.mark.parametrize("field", EDITED, ids=lambda field: field.name)
def test_edit_changes_a_fact_and_nothing_else_and_an_empty_text_removes_it(pddtui: Program, field: StoredField) -> None:
    pddtui("add", "壶", "--merchant", "小家电店", "--at", "11-16")
    before = case_of(pddtui)
    typed, wanted = given(field)
    assert pddtui("edit", "1", option_of(field), typed).out == "PDD-2026-0001\n"
    assert stored(pddtui, field) == wanted
    emptied = pddtui("edit", "1", option_of(field), "")
    if field.needed:
        assert (emptied.code, stored(pddtui, field)) == (2, wanted)
        assert option_of(field) in emptied.err
        pddtui("undo")
    else:
        assert (emptied.code, stored(pddtui, field)) == (0, [] if field.kind == "tags" else None)
    assert stored(pddtui, next(it for it in CASE if it.name == "merchant")) in ("小家电店", None)
    after = case_of(pddtui)
    for part in ("title", "order", "demand", "operator", "opened_at", "tags", "quiet", "description"):
        assert after[part] == before[part], part


def test_every_fact_that_can_be_given_can_be_edited() -> None:
    assert [field.name for field in CASE if field.new and not field.edited] == []


def test_edit_takes_several_facts_in_one_step(pddtui: Program) -> None:
    pddtui("add", "壶")
    pddtui("edit", "1", "--courier", "中通快递", "--tracking", "ZT0123", "--operator", "某某公司", "--title", "水壶")
    case = case_of(pddtui)
    assert (case["title"], case["order"]["courier"], case["order"]["tracking"]) == ("水壶", "中通快递", "ZT0123")
    assert pddtui("undo").code == 0
    assert (case_of(pddtui)["title"], case_of(pddtui)["operator"]["name"]) == ("壶", None)


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--amount", "vierzig"),
        ("--amount", "-3"),
        ("--received", "someday"),
        ("--quiet", "24h"),
        ("--problem", "nothing-like-it"),
        ("--title", "  "),
        ("--at", ""),
        ("--description", "验证码 483921"),
    ],
    ids=" ".join,
)
def test_edit_refuses_in_one_sentence_and_changes_nothing(pddtui: Program, args: tuple[str, ...]) -> None:
    pddtui("add", "壶", "--amount", "89")
    before = case_of(pddtui)
    refused = pddtui("edit", "1", *args)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert case_of(pddtui) == before


def test_edit_of_no_case_is_another_code(pddtui: Program) -> None:
    pddtui("add", "壶")
    assert pddtui("edit", "7", "--courier", "中通").code == 3


def test_two_windows_edit_two_facts_of_a_case(pddtui: Program) -> None:
    pddtui("add", "壶")
    for option, value in (("--courier", "中通"), ("--operator-address", "某市某区1号"), ("--ordered", "11-09")):
        assert pddtui("edit", "1", option, value).code == 0
    case = case_of(pddtui)
    assert (case["order"]["courier"], case["operator"]["address"]) == ("中通", "某市某区1号")
    assert case["order"]["ordered_at"] == "2026-11-09T00:00:00+08:00"


@pytest.mark.parametrize("problem", ["lost", "fake_sign", "fake_shipping"])
def test_what_the_carrier_shows_is_no_admission_of_receipt(pddtui: Program, problem: str) -> None:
    opened = pddtui("add", "包裹", "--problem", problem, "--delivered", "11-06", "--tracking", "ZT0123")
    assert (opened.code, opened.err) == (0, "")
    order = case_of(pddtui)["order"]
    assert (order["delivered_at"], order["received_at"]) == ("2026-11-06T00:00:00+08:00", None)
    for letter in ("platform", "courier", "postal", "c12315"):
        chinese = pddtui("letter", "1", letter, "--lang", "zh").out
        assert "物流显示签收：2026年11月6日（本人未收到）" in chinese
        assert "签收日期" not in chinese
        english = pddtui("letter", "1", letter, "--lang", "en").out
        assert re.search(r"^Carrier shows delivered on [^\n]*2026, not received by me$", english, re.MULTILINE)
    assert "not received by me" in pddtui("show", "1").out
    assert "（本人未收到）" in pddtui("export", "--format", "markdown", "--lang", "zh").out


def test_a_day_of_receipt_of_what_never_came_is_doubted_aloud(pddtui: Program) -> None:
    doubted = pddtui("add", "包裹", "--problem", "lost", "--received", "11-06")
    assert (doubted.code, doubted.out) == (0, "PDD-2026-0001\n")
    assert "--delivered" in doubted.err
    assert pddtui("edit", "1", "--received", "", "--delivered", "11-06").err == ""
    assert "--delivered" in pddtui("edit", "1", "--received", "11-07").err
    assert pddtui("add", "壶", "--problem", "quality", "--received", "11-06").err == ""


def test_a_parcel_that_came_in_the_end_is_received(pddtui: Program) -> None:
    pddtui("add", "包裹", "--problem", "fake_sign", "--delivered", "11-06")
    pddtui("edit", "1", "--received", "11-20")
    said = pddtui("letter", "1", "platform", "--lang", "zh").out
    assert "签收日期：2026年11月20日" in said
    assert "物流显示签收：2026年11月6日\n" in said


def test_a_case_ends_when_it_ended_and_not_when_it_is_typed(kettle: Program) -> None:
    assert kettle("resolve", "1", "--recovered", "89", "--at", "11-20 18:00").code == 0
    assert case_of(kettle)["closed_at"] == "2026-11-20T18:00:00+08:00"
    kettle("reopen", "1")
    assert kettle("resolve", "1", "--at", "11-16").code == 0, "the day on which it began, without an hour"
    kettle("reopen", "1")
    early = kettle("resolve", "1", "--at", "11-15")
    assert (early.code, early.out, case_of(kettle)["status"]) == (2, "", "open")


@pytest.mark.parametrize(
    ("opened", "recovered", "asked"),
    [
        (("--amount", "89"), "89", False),
        (("--amount", "89"), "89.01", True),
        (("--amount", "89"), "8900", True),
        (("--amount", "89", "--demand-amount", "356"), "356", False),
        (("--amount", "89", "--demand-amount", "356"), "400", True),
        (("--demand-amount", "20"), "89", True),
        ((), "89", False),
    ],
)
def test_more_back_than_was_paid_is_asked_about(
    pddtui: Program, opened: tuple[str, ...], recovered: str, asked: bool
) -> None:
    pddtui("add", "壶", *opened)
    ended = pddtui("resolve", "1", "--recovered", recovered)
    if asked:
        assert (ended.code, ended.out, case_of(pddtui)["status"]) == (2, "", "open")
        assert "--yes" in ended.err
        assert ended.err.count("\n") == 1
        ended = pddtui("resolve", "1", "--recovered", recovered, "--yes")
    assert (ended.code, case_of(pddtui)["status"]) == (0, "resolved")


def test_a_closed_case_is_reopened_once(kettle: Program) -> None:
    kettle("resolve", "1")
    assert kettle("reopen", "1").out == "PDD-2026-0001\n"
    assert (case_of(kettle)["status"], case_of(kettle)["outcome"]) == ("open", None)
    assert kettle("reopen", "1").code == 2
    assert kettle("undo").code == 0
    assert case_of(kettle)["status"] == "resolved"


@pytest.mark.parametrize("said", [("--out", "--demand", "--said", "退款"), ("--in", "--said", "好的")])
def test_what_is_logged_in_a_closed_case_says_so_and_stays(kettle: Program, said: tuple[str, ...]) -> None:
    kettle("resolve", "1")
    logged = kettle("log", "1", *said)
    assert logged.code == 0
    assert kettle.hint("reopen PDD-2026-0001") in logged.err
    assert (len(case_of(kettle)["contacts"]), case_of(kettle)["status"]) == (3, "resolved")


def test_tags_are_added_and_taken_away(pddtui: Program) -> None:
    pddtui("add", "壶", "--tags", "老")
    assert pddtui("tag", "1", "急", "妈妈的,keep").out == "PDD-2026-0001\n"
    assert case_of(pddtui)["tags"] == ["老", "急", "妈妈的", "keep"]
    assert pddtui("tag", "1", "急", "new", "--remove", "Keep", "--remove", "老").code == 0
    assert case_of(pddtui)["tags"] == ["急", "妈妈的", "new"]
    assert "PDD-2026-0001" in pddtui("list", "tag:new").out
    assert (pddtui("tag", "1").code, pddtui("tag", "1", "--remove", "老").code, pddtui("tag", "9", "x").code) == (
        2,
        3,
        3,
    )
    assert case_of(pddtui)["tags"] == ["急", "妈妈的", "new"]
    pddtui("undo")
    assert case_of(pddtui)["tags"] == ["老", "急", "妈妈的", "keep"]


def test_a_promise_is_replaced_by_another_one(kettle: Program) -> None:
    (old,) = case_of(kettle)["contacts"][1]["promises"]
    settled = kettle("settle", old["id"], "replaced", "--promise", "先退一半", "--due", "3个工作日内", "--written")
    assert settled.code == 0
    before, after = case_of(kettle)["contacts"][1]["promises"]
    assert (before["state"], before["replaced_by"]) == ("replaced", settled.out.strip())
    assert (after["id"], after["text"], after["state"]) == (settled.out.strip(), "先退一半", "open")
    assert (after["due"], after["due_phrase"], after["written"]) == ("2026-11-25T23:59:59+08:00", "3个工作日内", True)


@pytest.mark.parametrize(
    "args",
    [
        ("replaced",),
        ("replaced", "--due", "3d"),
        ("replaced", "--promise", " "),
        ("replaced", "--promise", "x", "--due", "sometime"),
        ("kept", "--promise", "x"),
        ("broken", "--due", "3d"),
        ("waived", "--written"),
    ],
    ids=" ".join,
)
def test_a_replacement_is_refused_in_one_sentence(kettle: Program, args: tuple[str, ...]) -> None:
    (old,) = case_of(kettle)["contacts"][1]["promises"]
    refused = kettle("settle", old["id"], *args)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert case_of(kettle)["contacts"][1]["promises"] == [old]


def test_only_a_promise_can_be_replaced(kettle: Program) -> None:
    task = kettle("follow-up", "1", "call", "--due", "tomorrow").id
    assert kettle("settle", task, "replaced", "--promise", "x").code == 2


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("24", None),
        ("0h", None),
        ("soon", None),
        ("48小时", "48h"),
        ("24个小时内", "24h"),
        ("2天之内", "2d"),
        ("36 hours", "36h"),
    ],
)
def test_the_hours_of_the_goods_page_are_a_length_of_time(pddtui: Program, typed: str, stored: str | None) -> None:
    opened = pddtui("add", "橙子", "--problem", "bad_fruit", "--claim-within", typed)
    if stored is None:
        assert (opened.code, opened.err.count("\n")) == (2, 1)
    else:
        assert (opened.code, opened.err, case_of(pddtui)["order"]["claim_within"]) == (0, "", stored)


def test_a_claim_for_bad_fruit_runs_from_receipt_as_long_as_the_page_says(pddtui: Program) -> None:
    asked = pddtui("add", "橙子坏果", "--problem", "生鲜坏果/缺重", "--received", "11-22 09:00")
    assert "--claim-within" in asked.err
    assert "2026-11-23T09:00:00+08:00" not in pddtui("due", "--json").out
    assert pddtui("edit", "1", "--claim-within", "24小时").err == ""
    rows: Any = pddtui("due", "--json").json
    (claim,) = [row for row in rows if row["due"] == "2026-11-23T09:00:00+08:00"]
    assert (claim["kind"], claim["estimated"]) == ("right", False)
    pddtui("log", "1", "--out", "--demand", "--said", "坏了一半，请赔")
    assert "2026-11-23T09:00:00+08:00" not in pddtui("due", "--json").out


@pytest.mark.parametrize(
    ("problem", "remedy"), [("bad_fruit", "partial_refund"), ("refund_only_refused", "return_refund")]
)
def test_the_new_problems_write_every_letter(pddtui: Program, problem: str, remedy: str) -> None:
    pddtui("add", "橙子", "--problem", problem, "--demand", remedy, "--amount", "30")
    for kind in ("demand", "platform", "c12315", "association"):
        for language in ("zh", "en"):
            letter = pddtui("letter", "1", kind, "--lang", language)
            assert letter.code == 0
            assert "None" not in letter.out


def test_a_number_is_kept_without_the_label_that_was_pasted_with_it(pddtui: Program, tmp_path: Path) -> None:
    """Where it is added, logged, filed, noted later, corrected and imported."""

    def numbers(case: dict[str, Any]) -> tuple[object, ...]:
        order, filing = case["order"], case["filings"][0]
        return order["number"], order["tracking"], case["contacts"][0]["person"]["staff_no"], filing["reference"]

    pddtui("add", "灯", "--order", "订单号：２６１１０２-1", "--tracking", "运单号：YT１")
    pddtui("log", "1", "--in", "--said", "在查", "--staff-no", "工号：3307")
    pddtui("file", "1", "request", "--reference", "售后单号：SH1 复制", "--anyway")
    assert numbers(case_of(pddtui)) == ("261102-1", "YT1", "3307", "SH1")
    pddtui("edit", "1", "--order", "Order No: 261102-2")
    pddtui("filing", "1", "--reference", "工单号：T-2")
    case = json.loads(pddtui("export").out)["cases"][0]
    assert numbers(case) == ("261102-2", "YT1", "3307", "T-2")
    other = case | {"id": "other", "ref": "PDD-2026-0777", "history": []}
    other["order"]["number"], other["filings"][0]["reference"] = "订单编号：5", "（编号：６）"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(json.loads(pddtui("export").out) | {"cases": [other]}), encoding="utf-8")
    pddtui("import", str(file))
    assert numbers(case_of(pddtui, "777")) == ("5", "YT1", "3307", "6")


@pytest.mark.parametrize("at", ["2062-11-20", "1926-11-20", "2024-11-20 10:00"])
@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_a_date_far_from_all_else_in_a_case_is_asked_about_at_a_terminal(kettle: Program, at: str, answer: str) -> None:
    before = len(case_of(kettle)["contacts"])
    done = at_a_terminal(kettle, "log", "1", "--out", "--said", "hello", "--at", at, answer=answer)
    assert "is far away from everything else in PDD-2026-0001. Is the date right? [y/N]" in done.err
    assert (done.code, len(case_of(kettle)["contacts"]) - before) == ((0, 1) if answer == "y" else (2, 0))


@pytest.mark.parametrize(
    "args",
    [
        ("log", "1", "--out", "--said", "x", "--at", "2062-11-20"),
        ("file", "1", "request", "--anyway", "--at", "2062-11-20"),
        ("milestone", "1", "accepted", "--at", "1999-01-01"),
        ("edit", "1", "--received", "1999-01-01"),
        ("add", "x", "--received", "1999-01-01"),
    ],
)
def test_a_script_is_told_of_it_and_goes_on(kettle: Program, args: tuple[str, ...]) -> None:
    done = kettle(*args)
    assert (done.code, "Is the date right?" in done.err) == (0, True)


@pytest.mark.parametrize("at", ["2025-12-01", "2026-11-16", "2027-11-01"])
def test_a_date_within_a_year_of_the_case_is_not_asked_about(kettle: Program, at: str) -> None:
    assert "Is the date right?" not in kettle("log", "1", "--out", "--said", "x", "--at", at).err
