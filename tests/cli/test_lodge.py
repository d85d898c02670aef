"""Filing at a rung on the command line: what was missing or in conflict is said in words, in the reader's language."""

from __future__ import annotations

import pytest

from pddtui.handbook.book import Handbook
from tests.cli.conftest import Program


@pytest.mark.parametrize(("lang", "missing"), [("en", "name and address of"), ("zh", "商家背后经营者的名称和地址")])
def test_what_was_passed_is_said_in_words_and_never_by_its_id(kettle: Program, lang: str, missing: str) -> None:
    assert kettle("file", "1", "4", "--channel", "consumer_assoc", "--anyway").code == 0
    filed = kettle("--lang", lang, "file", "1", "regulator", "--anyway")
    clash = next(one for one in Handbook().ladder_file.conflicts if {one.a, one.b} == {"c12315", "consumer_assoc"})
    assert missing in filed.err
    assert (clash.label.en if lang == "en" else clash.label.zh) in filed.err
    assert "identity" not in filed.err
    assert "clash:" not in filed.err
    assert "consumer_assoc" not in filed.err


def test_a_conflict_is_not_listed_among_what_can_be_added(kettle: Program) -> None:
    kettle("file", "1", "4", "--channel", "consumer_assoc", "--anyway")
    refused = kettle("file", "1", "regulator")
    needs, conflict = refused.err.split("It also conflicts with what is already running:")
    assert "association" not in needs
    assert "a dispute the association has taken" in conflict


def test_a_channel_beside_the_ladder_is_refused_as_a_rung_with_where_it_belongs(kettle: Program) -> None:
    refused = kettle("file", "1", "police")
    assert refused.code == 2
    assert "is not a rung of the ladder" in refused.err
    assert kettle.hint("log REF --out --channel police") in refused.err
    assert "file at `regulator` with `--channel p12305`" in kettle("file", "1", "p12305").err


@pytest.mark.parametrize(("problem", "channel"), [("food", "r12315"), ("injury", "r12315"), ("price", "c12315")])
def test_food_and_injury_are_reported_if_nobody_says_otherwise(pddtui: Program, problem: str, channel: str) -> None:
    pddtui("add", "熟食胀袋", "--problem", problem)
    pddtui("file", "1", "regulator", "--anyway")
    assert f'"channel":"{channel}"' in pddtui("show", "1", "--json").out.replace(" ", "")


def test_a_demo_of_another_day_has_its_samples_around_that_day(pddtui: Program) -> None:
    assert pddtui("demo", "--no-desk", "--as-of", "2026-03-20 09:00").code == 0
    listed = pddtui("due", "--json", "--as-of", "2026-03-20 09:00")
    assert "2026-03-" in listed.out
    assert "2026-11-" not in listed.out


@pytest.mark.parametrize(
    ("rung", "channel"), [("platform", "pdd_website"), ("supervisor", "wechat_oa"), ("direct", "bank_payment")]
)
def test_what_is_filed_beside_the_usual_ways_is_known_where_it_belongs(
    kettle: Program, rung: str, channel: str
) -> None:
    assert kettle("file", "1", rung, "--channel", channel, "--anyway").code == 0
    shown = kettle("show", "1", "--json").json
    assert isinstance(shown, dict)
    assert [(filing["rung"], filing["channel"]) for filing in shown["filings"]] == [(rung, channel)]
    assert f"`{rung}`" in kettle("file", "1", channel).err


READY = ("--identity-ready", "--operator", "上海某某商贸有限公司", "--operator-address", "上海市某路1号")


def test_what_only_a_person_can_say_is_said_in_the_same_command_saved_once_and_undone_at_once(kettle: Program) -> None:
    before = kettle("show", "1", "--json").json
    filed = kettle("file", "1", "regulator", *READY, "--anyway")
    assert "your real name" not in filed.err
    assert "operator" not in filed.err
    after = kettle("show", "1", "--json").json
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert "identity_ready" in after["milestones"]
    assert after["operator"] == {"name": "上海某某商贸有限公司", "address": "上海市某路1号"}
    assert after["revision"] == before["revision"] + 1
    assert kettle("undo").code == 0
    undone = kettle("show", "1", "--json").json
    assert isinstance(undone, dict)
    assert (undone["milestones"], undone["operator"]) == (before["milestones"], before["operator"])
    assert undone["filings"] == before["filings"]


def test_a_masked_text_is_said_on_the_command_line_too(kettle: Program) -> None:
    assert "a masked text" in kettle("file", "1", "public", "--channel", "heimao").err
    assert "a masked text" not in kettle("file", "1", "public", "--channel", "heimao", "--masked").err


def test_what_was_refused_keeps_nothing_of_what_was_said_with_it(kettle: Program) -> None:
    refused = kettle("file", "1", "court", "--identity-ready", "--operator", "某某")
    assert refused.code == 2
    shown = kettle("show", "1", "--json").json
    assert isinstance(shown, dict)
    assert "identity_ready" not in shown["milestones"]
    assert shown["operator"]["name"] is None
    empty = kettle("file", "1", "court", "--operator", " ")
    assert (empty.code, "--operator has no text" in empty.err) == (2, True)


def test_a_report_needs_no_identity_and_an_appeal_names_what_it_needs(kettle: Program) -> None:
    kettle("edit", "1", "--description", "到货三天不通电")
    assert kettle("file", "1", "regulator", "--channel", "r12315").code == 0
    appeal = kettle("file", "1", "regulator", "--channel", "p12305")
    assert appeal.code == 2
    for needed in ("the waybill number", "the name of the courier", "a complaint to the courier", "seven days"):
        assert needed in appeal.err


def test_what_a_filing_may_close_is_said(kettle: Program) -> None:
    assert (
        "may be refused by the market regulator"
        in kettle("file", "1", "4", "--channel", "consumer_assoc", "--anyway").err
    )
