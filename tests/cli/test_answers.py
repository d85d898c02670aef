"""An answer through the channel of a running filing says what became of it, in one save and one undo."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Program


def filing(pddtui: Program) -> Any:
    case: Any = pddtui("show", "1", "--json").json
    return case["filings"][-1]


def due(pddtui: Program) -> Any:
    return pddtui("due", "--json", "--as-of", "2026-11-06 09:00").json


def kinds_due(pddtui: Program) -> set[str]:
    return {each["kind"] for each in due(pddtui)}


def logged(pddtui: Program) -> Any:
    case: Any = pddtui("show", "1", "--json").json
    return case["contacts"][-1]


@pytest.fixture
def request_filed(pddtui: Program) -> Program:
    """An in-app request of 3 November."""
    pddtui("add", "水壶不通电", "--amount", "89", "--at", "2026-11-01")
    pddtui("log", "1", "--out", "--demand", "--said", "要求退款", "--channel", "merchant_chat", "--at", "2026-11-02")
    pddtui("file", "1", "request", "--at", "2026-11-03", "--anyway")
    return pddtui


@pytest.mark.parametrize(
    ("rung", "channel", "said", "options", "state"),
    [
        ("request", "app_aftersale", "影响二次销售，退不了的亲", (), "refused"),
        ("request", "app_aftersale", "同意退款", (), "accepted"),
        ("request", "app_aftersale", "退款已到账", (), "answered"),
        ("request", "app_aftersale", "给您补偿5元可以吗", (), "open"),
        ("request", "app_aftersale", "请提供照片", (), "open"),
        ("request", "app_aftersale", "已反馈，请耐心等待", (), "open"),
        ("request", "app_aftersale", "您好", ("--reply", "refused"), "refused"),
        ("request", "app_aftersale", "不退", ("--reply", "offered"), "open"),
        ("request", "app_aftersale", "不退", ("--holding",), "open"),
        ("request", "app_aftersale", "不退", ("--filing-state", "none"), "open"),
        ("request", "app_aftersale", "看情况再说吧，货先放着", ("--answer", "--filing-state", "ended"), "ended"),
        ("request", "merchant_chat", "不退", (), "open"),
        ("request", None, "不退", (), "open"),
        ("platform", "app_intervene", "平台判定：不支持您的申请", (), "refused"),
        ("platform", "app_intervene", "平台判定支持退款", (), "answered"),
        ("platform", "app_intervene", "建议您先与商家协商", (), "open"),
        ("regulator", "c12315", "您的投诉已受理", (), "accepted"),
        ("regulator", "c12315", "决定不予受理", (), "refused"),
        ("regulator", "c12315", "因商家拒绝调解，终止调解", (), "ended"),
        ("regulator", "c12315", "双方达成调解协议，退款89元", (), "answered"),
        ("regulator", "c12315", "商家不同意退款", (), "open"),
    ],
)
def test_an_answer_through_its_channel_says_what_became_of_a_filing(
    pddtui: Program, *, rung: str, channel: str | None, said: str, options: tuple[str, ...], state: str
) -> None:
    pddtui("add", "水壶不通电", "--amount", "89", "--at", "2026-11-01")
    given = ("--channel", channel) if channel is not None else ()
    pddtui("file", "1", rung, *(given if rung == "regulator" else ()), "--at", "2026-11-03", "--anyway")
    result = pddtui("log", "1", "--in", *given, "--said", said, "--at", "2026-11-10 09:00", *options)
    assert result.code == 0
    noted = filing(pddtui)
    assert noted["state"] == state
    assert ("The filing" in result.err) == (state != "open")
    if state != "open":
        assert (noted["accepted_at"] or noted["ended_at"]) == "2026-11-10T09:00:00+08:00"
        assert logged(pddtui)["filing"] == noted["id"]


def test_contact_and_filing_are_one_change_that_is_taken_back_at_once(request_filed: Program) -> None:
    before = filing(request_filed)
    request_filed("log", "1", "--in", "--channel", "app_aftersale", "--said", "不退")
    case: Any = request_filed("show", "1", "--json").json
    assert [change["action"] for change in case["history"]][-2:] == ["file", "log"]
    assert request_filed("undo").code == 0
    assert filing(request_filed) == before
    assert len(request_filed("show", "1", "--json").json["contacts"]) == 1  # type: ignore[index]


@pytest.mark.parametrize("given", ["--filing-state=refused", "--filing-state=lost"])
def test_a_result_of_no_filing_and_an_unknown_one_are_refused(request_filed: Program, given: str) -> None:
    result = request_filed("log", "1", "--in", "--channel", "merchant_chat", "--said", "不退", given)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert len(request_filed("show", "1", "--json").json["contacts"]) == 1  # type: ignore[index]


def test_what_came_before_the_filing_or_after_its_end_is_no_answer_to_it(request_filed: Program) -> None:
    request_filed("log", "1", "--in", "--channel", "app_aftersale", "--said", "不退", "--at", "2026-11-02 09:00")
    assert filing(request_filed)["state"] == "open"
    request_filed("log", "1", "--in", "--channel", "app_aftersale", "--said", "不退", "--at", "2026-11-05 09:00")
    request_filed("log", "1", "--in", "--channel", "app_aftersale", "--said", "同意退款", "--at", "2026-11-06 09:00")
    assert (filing(request_filed)["state"], filing(request_filed)["ended_at"]) == (
        "refused",
        "2026-11-05T09:00:00+08:00",
    )


@pytest.mark.parametrize("options", [(), ("--filing-state", "none")])
def test_no_paper_says_that_there_is_no_result_where_the_log_has_one(
    request_filed: Program, options: tuple[str, ...]
) -> None:
    request_filed("log", "1", "--in", "--channel", "app_aftersale", "--said", "不退", *options)
    letter = request_filed("--lang", "en", "letter", "1", "c12315").out
    assert "no result so far" not in letter
    assert "refused" in request_filed("--lang", "en", "export", "1", "--format", "markdown").out


def test_an_old_state_of_the_app_demands_nothing_once_something_newer_was_lodged(request_filed: Program) -> None:
    request_filed("filing", "1", "--aftersale", "6", "--at", "2026-11-05")
    assert kinds_due(request_filed) == {"my_deadline"}
    request_filed("file", "1", "platform", "--at", "2026-11-05", "--anyway")
    assert kinds_due(request_filed) == {"deadline"}
    assert all(not each["overdue"] for each in due(request_filed))
