"""What became of a filing, and milestones by hand, on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Program


@pytest.fixture
def asked(kettle: Program) -> Program:
    """The kettle with a request in the app."""
    kettle("file", "1", "request", "--at", "11-20 10:00", "--anyway")
    return kettle


def case_of(program: Program) -> Any:
    return program("show", "1", "--json").json


def test_what_became_of_a_filing_prints_its_id(asked: Program) -> None:
    told = asked("filing", "1", "--state", "accepted", "--reference", "SH-1", "--at", "11-21 09:00")
    (filing,) = case_of(asked)["filings"]
    assert told.id == filing["id"]
    assert (filing["state"], filing["reference"]) == ("accepted", "SH-1")
    assert filing["accepted_at"] == "2026-11-21T09:00:00+08:00"


def test_a_countdown_says_when_it_ends_and_empty_takes_it_away(asked: Program) -> None:
    told = asked("filing", "1", "--countdown", "1天23时", "--at", "11-22 09:00")
    assert "24" in told.err
    assert case_of(asked)["filings"][0]["countdown_until"] == "2026-11-24T08:00:00+08:00"
    assert asked("filing", "1", "--countdown", "").err == ""
    assert case_of(asked)["filings"][0]["countdown_until"] is None


def test_a_countdown_is_typed_as_the_app_shows_it(asked: Program) -> None:
    asked("filing", "1", "--countdown", "23:59:59", "--at", "11-22 10:00")
    assert case_of(asked)["filings"][0]["countdown_until"] == "2026-11-23T09:59:59+08:00"
    refused = asked("filing", "1", "--countdown", "1天25时")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert case_of(asked)["filings"][0]["countdown_until"] == "2026-11-23T09:59:59+08:00"


@pytest.mark.parametrize("shown", ["6", "驳回退款待买家处理"])
def test_the_state_of_the_app_is_given_by_code_or_name_and_finds_its_filing(asked: Program, shown: str) -> None:
    asked("file", "1", "platform", "--channel", "app_intervene", "--anyway")
    asked("filing", "1", "--aftersale", shown, "--countdown", "23时59分")
    first, second = case_of(asked)["filings"]
    assert (first["aftersale_state"], first["aftersale_turn"]) == (6, "mine")
    assert second["aftersale_state"] is None


def test_the_newest_running_filing_is_meant_unless_a_channel_says_otherwise(asked: Program) -> None:
    asked("file", "1", "platform", "--channel", "app_intervene", "--anyway")
    asked("filing", "1", "--reference", "new")
    asked("filing", "1", "--reference", "old", "--channel", "app_aftersale")
    assert [filing["reference"] for filing in case_of(asked)["filings"]] == ["old", "new"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["filing", "1"], 2),
        (["filing", "1", "--state", "glorious"], 2),
        (["filing", "1", "--countdown", "尽快"], 2),
        (["filing", "1", "--aftersale", "999"], 2),
        (["filing", "1", "--aftersale", "6", "--state", "refused"], 2),
        (["filing", "1", "--reference", "短信验证码 123456"], 2),
        (["filing", "9", "--state", "refused"], 3),
        (["filing", "1", "--state", "refused", "--channel", "c12315"], 3),
        (["milestone", "1", "no_such_event"], 2),
        (["milestone", "1", "shipped", "--at", "2026-02-30"], 2),
        (["milestone", "1", "shipped", "--at", "11-20", "--clear"], 2),
        (["milestone", "1", "shipped", "--clear"], 3),
        (["milestone", "9", "shipped"], 3),
    ],
)
def test_what_is_refused_is_one_line_and_changes_nothing(asked: Program, args: list[str], code: int) -> None:
    before = case_of(asked)
    refused = asked(*args)
    assert (refused.code, refused.out, refused.err.count("\n")) == (code, "", 1)
    assert case_of(asked) == before


def test_a_case_that_was_filed_nowhere_says_how_to_file_it(kettle: Program) -> None:
    refused = kettle("filing", "1", "--state", "refused")
    assert refused.code == 3
    assert kettle.hint("file") in refused.err


def test_a_milestone_is_noted_and_taken_away_again(asked: Program) -> None:
    assert asked("milestone", "1", "寄出退货", "--at", "11-20").id == "return_shipped"
    assert case_of(asked)["milestones"] == {"return_shipped": "2026-11-20T00:00:00+08:00"}
    asked("milestone", "1", "return_shipped")
    assert case_of(asked)["milestones"] == {"return_shipped": "2026-11-22T12:00:00+08:00"}
    asked("milestone", "1", "return_shipped", "--clear")
    assert case_of(asked)["milestones"] == {}


@pytest.mark.parametrize(
    "args",
    [["milestone", "1", "received"], ["log", "1", "--in", "--said", "好的", "--answer"]],
    ids=["milestone", "log"],
)
def test_a_time_that_lies_ahead_is_saved_and_said_to_be(asked: Program, args: list[str]) -> None:
    done = asked("--lang", "en", *args, "--at", "2027-01-01")
    assert done.code == 0
    assert f"Saved, although Fri 1 Jan 2027 is in the future; {asked.hint('undo')}` reverts this." in done.err
    assert "2027-01-01T00:00:00+08:00" in str(case_of(asked))
    assert "in the future" not in asked("--lang", "en", *args, "--at", "2026-11-21").err
    assert "in the future" not in asked("--lang", "en", *args).err


@pytest.mark.parametrize(
    ("rung", "channel", "told"),
    [
        ("request", "app_aftersale", ["How to get there: My orders > order page > Apply for after-sales", "To say: "]),
        ("platform", "pdd_hotline_consumer", ["Telephone: 021-53395288 (?)", "Hours: 9:00-20:00 (third parties) (?)"]),
        ("supervisor", "wechat_oa", ["Account: the account third parties name"]),
        ("regulator", "c12315", ["Telephone: 12315", "Website: https://www.12315.cn"]),
    ],
)
def test_filing_says_how_the_channel_is_reached_and_prints_only_the_id(
    kettle: Program, rung: str, channel: str, told: list[str]
) -> None:
    filed = kettle("--lang", "en", "file", "1", rung, "--channel", channel, "--anyway")
    assert filed.id
    assert [words for words in told if words not in filed.err] == []


def test_why_says_how_the_next_channel_is_reached(kettle: Program) -> None:
    told = kettle("--lang", "en", "why", "1").out.split("Next filing: ")[1].split("\n\n")[0]
    assert "How to get there: " in told
    assert "To say: " in told
    assert "怎么说：" in kettle("--lang", "zh", "why", "1").out


def test_why_asks_for_the_day_that_a_clock_needs_and_never_for_an_admission(pddtui: Program) -> None:
    pddtui("add", "坏了", "--problem", "quality")
    pddtui("add", "没收到", "--problem", "fake_sign")
    got, never = (pddtui("--lang", "en", "why", ref).out for ref in ("1", "2"))
    assert "Next: Note the day of receipt in the facts of the case." in got
    assert "--received WHEN" in got
    assert "Next: If the carrier shows it as delivered note that day" in never
    assert "--delivered WHEN" in never
    assert "--received WHEN" not in never


def test_why_their_answer_does_not_settle_it_stands_in_filing_and_letters(kettle: Program) -> None:
    kettle("log", "1", "--in", "--said", "不退，不影响使用", "--role", "店铺客服", "--reply", "refused", "--channel",
           "merchant_chat", "--at", "11-20 09:00")  # fmt: skip
    kettle("file", "1", "request", "--at", "11-20 10:00", "--reason", "不通电就是不能使用", "--anyway")
    assert case_of(kettle)["filings"][0]["reason"] == "不通电就是不能使用"
    letter = kettle("letter", "1", "platform", "--lang", "zh").out
    assert "作出的答复，我不予认可，理由：不通电就是不能使用。" in letter
    assert "2026年11月20日" in letter
    english = kettle("letter", "1", "platform", "--lang", "en").out
    assert "does not settle the matter: 不通电就是不能使用." in english
    kettle("file", "1", "platform", "--at", "11-22 10:00", "--anyway")
    assert case_of(kettle)["filings"][1]["reason"] is None
    assert "不通电就是不能使用" in kettle("export", "1", "--format", "markdown").out
