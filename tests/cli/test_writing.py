"""Commands that write down what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pddtui.domain.fields import CASE, StoredField
from tests.cli.conftest import Hands, Program


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


OFFERED = [field for field in CASE if field.new and field.option is not None]


@pytest.mark.parametrize("field", OFFERED, ids=lambda field: field.name)
def test_every_option_of_add_reaches_the_case(pddtui: Program, field: StoredField) -> None:
    name = field.option or f"--{field.name.replace('_', '-')}"
    typed = {
        "choice": {"problems": "quality"}.get(field.catalogue or "", "refund_only"),
        "sum": "89",
        "moment": "11-12",
    }
    pddtui("add", "壶", name, typed.get(field.kind, "某某"))
    stored: Any = pddtui("show", "1", "--json").json
    for part in field.path:
        stored = stored[part]
    wanted = {"sum": "89.00", "moment": "2026-11-12T00:00:00+08:00"}
    assert stored == wanted.get(field.kind, typed.get(field.kind, "某某"))


def test_add_has_no_option_for_these_fields_yet() -> None:
    """Whoever adds a field gets an option with it; these wait for theirs."""
    without = {field.name for field in CASE if field.new and field.option is None}
    assert without == {
        *("title", "demand_amount", "ordered_at", "description"),
        *("bottom_line", "quiet", "operator", "operator_address", "tags"),
    }
