"""Commands that read: what scripts are promised, and what people see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pddtui.cli.grammar import aligned, cells, cut_to_width
from pddtui.domain.text import clean
from pddtui.store.tiny import TinyCaseStore
from pddtui.ui.show import width
from tests import catalogue
from tests.cli.conftest import Hands, Program

EXPORTED_CASE = {
    *("id", "ref", "title", "problem", "description", "merchant", "order", "demand", "status", "turn", "rung"),
    *("opened_at", "closed_at", "outcome", "tags", "filings", "contacts", "follow_ups", "evidence", "milestones"),
    *("history", "revision"),
}
LIST_ROW = {"id", "ref", "title", "status", "rung", "turn", "silence", "next_due", "flags"}
SILENCE = {"since", "elapsed", "limit", "unit", "level"}
DUE_ROW = {"kind", "level", "case", "ref", "title", "text", "due", "overdue", "estimated", "next_step", "why"}


def rows(program: Program, *args: str) -> Any:
    result = program(*args)
    assert result.err == ""
    return result.json


def test_a_list_row_has_every_promised_field(kettle: Program) -> None:
    (row,) = rows(kettle, "list", "--json")
    assert set(row) >= LIST_ROW
    assert set(row["silence"]) >= SILENCE
    assert (row["ref"], row["status"], row["rung"], row["turn"]) == ("PDD-2026-0001", "open", "direct", "theirs")


def test_silence_is_measured_in_the_unit_of_its_limit(kettle: Program) -> None:
    (row,) = rows(kettle, "list", "--json", "--as-of", "2026-11-20 09:30")
    silence = row["silence"]
    assert (silence["since"], silence["elapsed"]) == ("2026-11-16T09:00:00+08:00", 96)
    assert (silence["limit"], silence["unit"], silence["level"]) == (24, "hour", "red")


def test_silence_is_an_object_of_nulls_while_it_is_not_their_turn(pddtui: Program) -> None:
    pddtui("add", "x")
    (row,) = rows(pddtui, "list", "--json")
    assert (row["turn"], row["next_due"], row["flags"]) == ("mine", None, [])
    assert {row["silence"][name] for name in SILENCE} == {None}


def test_what_is_only_looked_at_is_no_date_of_the_list(pddtui: Program) -> None:
    pddtui("add", "x")
    (calm,), (pressing,) = (pddtui("list", "--as-of", f"2026-11-{day} 13:00").out.splitlines() for day in (22, 26))
    (turn,) = rows(pddtui, "due", "--json")
    assert (turn["kind"], turn["level"], turn["due"]) == ("turn", "info", "2026-11-25T12:00:00+08:00")
    assert "25 Nov" not in calm
    assert "25 Nov" in pressing


def test_a_running_promise_keeps_the_alarm_quiet_and_an_overdue_one_is_shown_at_once(kettle: Program) -> None:
    (before,) = rows(kettle, "list", "--json", "--as-of", "2026-11-19 23:59")
    (after,) = rows(kettle, "list", "--json", "--as-of", "2026-11-20 00:00")
    assert before["silence"]["level"] is None
    assert "quiet" not in before["flags"]
    assert {"promise", "quiet"} <= set(after["flags"])


def test_what_is_past_and_still_open_is_overdue_on_the_page(kettle: Program) -> None:
    kettle("follow-up", "1", "问结果", "--due", "2026-11-25")
    before = kettle("show", "1", "--as-of", "2026-11-17 12:00").out
    after = kettle("show", "1", "--as-of", "2026-11-26 12:00").out
    assert "oral, open" in before
    assert "问结果  open" in before
    assert "oral, overdue" in after
    assert "问结果  overdue" in after


def test_a_list_row_flags_each_kind_once_and_nothing_that_merely_runs(kettle: Program) -> None:
    for phrase in ("2026-11-22", "today", "2026-12-20"):
        kettle("follow-up", "1", "问结果", "--due", phrase)
    (calm,) = rows(kettle, "list", "--json", "--as-of", "2026-11-17 12:00")
    assert calm["flags"] == []
    (row,) = rows(kettle, "list", "--json")
    assert row["flags"] == ["promise", "quiet", "follow_up"]


def test_what_is_my_turn_is_said_once(pddtui: Program) -> None:
    pddtui("add", "x")
    assert pddtui("show", "1").out.splitlines()[1].count("my turn") == 1
    assert pddtui("list").out.count("my turn") == 1


def test_a_file_without_a_case_says_how_to_begin(kettle: Program, pddtui: Program, tmp_path: Path) -> None:
    new = pddtui.at(tmp_path / "it's new {1}" / "cases.json")
    assert f"open one with {new.hint('add TITLE')}`" in new("list").err
    assert kettle("list", "nothing like it").err == "No case matches.\n"


def test_whose_turn_it_is_can_be_said_with_the_contact(kettle: Program) -> None:
    for hour, turn in (("10:00", "mine"), ("11:00", "theirs"), ("11:30", "mine")):
        kettle("log", "1", "--out", "--said", "谢谢", "--turn", turn, "--at", f"2026-11-22 {hour}")
        (row,) = rows(kettle, "list", "--json")
        assert row["turn"] == turn


def test_due_rows_have_the_promised_fields_and_come_soonest_first(kettle: Program) -> None:
    kettle("follow-up", "1", "问结果", "--due", "3wd")
    found = rows(kettle, "due", "--json")
    assert all(set(row) == {*DUE_ROW, "id", "act", "key", "thread"} for row in found)
    assert [row["due"] for row in found] == sorted(row["due"] for row in found)
    assert {row["level"] for row in found} <= {"amber", "red", "info"}


def test_an_overdue_promise_is_due_with_its_case_its_words_and_the_next_step(kettle: Program) -> None:
    case: Any = kettle("show", "1", "--json").json
    (row,) = [row for row in rows(kettle, "due", "--json") if row["kind"] == "promise"]
    assert (row["case"], row["ref"], row["level"], row["overdue"]) == (case["id"], case["ref"], "red", True)
    assert row["due"] == "2026-11-19T23:59:59+08:00"
    assert row["id"] == case["contacts"][1]["promises"][0]["id"]
    assert "给处理方案" in row["text"]
    assert row["next_step"]
    assert "3个工作日内" in row["why"]


def test_due_in_chinese_says_its_texts_in_chinese(kettle: Program) -> None:
    english = rows(kettle, "due", "--json")
    chinese = rows(kettle, "--lang", "zh", "due", "--json")
    assert [row["id"] for row in english] == [row["id"] for row in chinese]
    (asked,), (said,) = ([row for row in found if row["kind"] == "promise"] for found in (english, chinese))
    assert asked["next_step"] != said["next_step"]
    assert asked["text"].endswith("给处理方案")
    assert said["text"].endswith("给处理方案")


@pytest.mark.parametrize(("as_of", "code"), [("2026-11-18 12:00", 0), ("2026-11-19 08:00", 0), ("2026-11-20 08:00", 1)])
def test_the_exit_code_of_due_tells_whether_anything_is_over_and_leaves_out_what_only_runs(
    pddtui: Program, as_of: str, code: int
) -> None:
    pddtui("add", "x")
    pddtui(
        "log", "1", "--in", "--said", "会退", "--promise", "退款", "--due", "3个工作日内", "--at", "2026-11-16 10:00"
    )
    assert pddtui("due", "--exit-code", "--as-of", as_of).code == code
    assert pddtui("due", "--as-of", as_of).code == 0


def test_an_empty_file_lists_nothing_and_has_nothing_due(pddtui: Program) -> None:
    assert rows(pddtui, "list", "--json") == []
    assert rows(pddtui, "due", "--json") == []
    assert (pddtui("list").code, pddtui("due", "--exit-code").code) == (0, 0)
    assert not pddtui.file.exists()


def test_a_shown_case_is_the_case_of_the_export(kettle: Program) -> None:
    shown: Any = kettle("show", "1", "--json").json
    exported: Any = kettle("export").json
    assert exported["cases"] == [shown]
    assert set(shown) >= EXPORTED_CASE


@pytest.mark.parametrize("ref", ["1", "2026-1", "PDD-2026-0001", "pdd-2026-0001", "１"])
def test_a_case_is_meant_by_any_form_of_its_number(kettle: Program, ref: str) -> None:
    shown: Any = kettle("show", ref, "--json").json
    assert shown["ref"] == "PDD-2026-0001"


def test_the_page_of_a_case_shows_who_said_and_promised_what(kettle: Program) -> None:
    page = kettle("--lang", "zh", "show", "1").out
    for words in (
        "电热水壶第三天不通电",
        "小A · 店铺客服 · 工号 07",
        "三个工作日内给方案",
        "给处理方案",
        "¥89.00",
        "商家客服",
    ):
        assert words in page


def test_why_gives_the_reason_of_each_flag_with_its_sum(kettle: Program) -> None:
    why = kettle("--lang", "en", "why", "1").out
    assert "3个工作日内" in why
    assert "day 0" in why
    assert "48 hours" in why


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        (["水壶"], ["PDD-2026-0001"]),
        (["trainers"], ["PDD-2026-0002"]),
        (["turn:theirs"], ["PDD-2026-0001"]),
        (["is:overdue", "-trainers"], ["PDD-2026-0001"]),
        (["is:closed"], []),
        (["小A"], ["PDD-2026-0001"]),
    ],
)
def test_a_query_leaves_the_cases_that_fit(kettle: Program, query: list[str], refs: list[str]) -> None:
    kettle("add", "fake trainers")
    assert [row["ref"] for row in rows(kettle, "list", "--json", "--", *query)] == refs


def test_the_table_keeps_its_columns_under_chinese_titles(kettle: Program, hands: Hands) -> None:
    kettle("add", "short")
    first, second = kettle("--lang", "zh", "list").out.splitlines()
    assert cells(first[: first.index("与商家协商")]) == cells(second[: second.index("与商家协商")])
    assert "\x1b" not in first


def test_when_says_date_sum_and_whether_it_is_estimated(pddtui: Program) -> None:
    answer: Any = pddtui("when", "3个工作日内", "--from", "2026-11-20 10:00", "--json").json
    assert answer["phrase"] == "3个工作日内"
    assert (answer["from"], answer["due"]) == ("2026-11-20T10:00:00+08:00", "2026-11-25T23:59:59+08:00")
    assert (answer["whole_day"], answer["estimated"]) == (True, False)
    assert [(step["date"], step["counts"], step["n"]) for step in answer["steps"]] == [
        ("2026-11-21", False, None),
        ("2026-11-22", False, None),
        ("2026-11-23", True, 1),
        ("2026-11-24", True, 2),
        ("2026-11-25", True, 3),
    ]
    assert answer["steps"][0]["reason"] == "Saturday"
    assert answer["explanation"]


def test_when_marks_a_year_without_a_published_calendar(pddtui: Program) -> None:
    answer: Any = pddtui("when", "5wd", "--from", "2027-03-01", "--json").json
    assert answer["estimated"] is True
    assert pddtui("when", "5wd", "--from", "2027-03-01").out.startswith("~")


def test_when_counts_from_something_that_has_no_date_once_it_is_given(pddtui: Program) -> None:
    refused = pddtui("--lang", "en", "when", "收到退货后3个工作日")
    assert refused.code == 2
    assert "does not say from when" in refused.err
    assert "没有说从哪天算起" in pddtui("--lang", "zh", "when", "收到退货后3个工作日").err
    answer: Any = pddtui("when", "收到退货后3个工作日", "--from", "2026-11-20", "--json").json
    assert answer["due"] == "2026-11-25T23:59:59+08:00"


def test_when_refuses_the_earliest_day_in_the_language_of_the_reader(pddtui: Program) -> None:
    for phrase in ("最快周五", "3天之后", "Friday at the earliest"):
        assert "ask for the latest day" in pddtui("--lang", "en", "when", phrase).err
        assert "请问清最晚哪天" in pddtui("--lang", "zh", "when", phrase, "--from", "2026-11-20").err


def test_the_due_date_of_when_can_be_asked_again(pddtui: Program) -> None:
    answer: Any = pddtui("when", "明天18:00", "--json").json
    again: Any = pddtui("when", answer["due"], "--json").json
    assert again["due"] == answer["due"]


def test_a_date_that_does_not_exist_is_named_in_the_language_of_the_reader(pddtui: Program) -> None:
    for args in (["when", "2026-02-30"], ["when", "1d", "--from", "2026-02-30"]):
        assert "There is no 30 February 2026" in pddtui("--lang", "en", *args).err
        assert "2026年2月没有30日" in pddtui("--lang", "zh", *args).err


def test_as_of_and_the_zone_of_the_settings_decide_what_a_time_means(pddtui: Program, tmp_path: Any) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("zone: Asia/Tokyo\n")
    answer: Any = pddtui("--config", str(config), "when", "24h", "--from", "2026-11-22 10:00", "--json").json
    assert answer["due"] == "2026-11-23T10:00:00+09:00"


def test_a_limit_of_the_settings_goes_before_that_of_the_handbook(kettle: Program, tmp_path: Any) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("quiet:\n  merchant_chat: {amber: 10d, red: 20d}\n")
    (row,) = rows(kettle, "--config", str(config), "list", "--json")
    assert (row["silence"]["limit"], row["silence"]["unit"], row["silence"]["level"]) == (10, "natural_day", None)


def test_hostile_text_in_the_file_is_inert_on_the_screen(kettle: Program) -> None:
    stored = kettle.file.read_bytes().replace("电热水壶".encode(), b"\\u001b]0;x\\u0007\\u202e")
    kettle.file.write_bytes(stored)
    for command in (["list"], ["due"], ["show", "1"], ["why", "1"]):
        shown = kettle(*command).out
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_cell_is_half_a_chinese_character() -> None:
    assert [cells(text) for text in ("ab", "电壶", "é", "e\u0301", "，")] == [2, 4, 1, 1, 2]
    assert cut_to_width("电热水壶", 5) == "电热…"
    assert cut_to_width("电热水壶", 8) == "电热水壶"
    assert aligned([("电", "x"), ("abc", "y")]) == ["电   x", "abc  y"]


def test_a_file_of_the_users_own_handbook_counts_from_the_next_command_on(kettle: Program, tmp_path: Any) -> None:
    kettle("list")
    own = "quiet:\n  - {id: q_chat, amber: 30d, red: 40d}\n"
    (tmp_path / "deadlines.yaml").write_text("deadlines: nonsense\n")
    (tmp_path / "quiet.yaml").write_text(own)
    for _ in range(2):
        result = kettle("--config", str(tmp_path), "list", "--json")
        row: Any = result.json
        assert row[0]["silence"]["limit"] == 30
        assert "deadlines.yaml" in result.err


def test_a_calendar_that_contradicts_itself_costs_a_warning_and_nothing_else(pddtui: Program, tmp_path: Any) -> None:
    plain = pddtui("when", "5wd", "--from", "2026-12-30")
    (tmp_path / "calendar.yaml").write_text("years:\n  - year: 2027\n    published: true\n    days_off: [2026-01-04]\n")
    for _ in range(2):
        result = pddtui("--config", str(tmp_path), "when", "5wd", "--from", "2026-12-30")
        assert (result.code, result.out) == (0, plain.out)
        assert f"{tmp_path / 'calendar.yaml'}, line 4, 2027: 2026-01-04 is not in 2027." in result.err


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("merchant_chat: {amber: 72h, red: 36h}", "line 2, quiet.merchant_chat: amber comes after red"),
        ("merchant_chta: {amber: 24h, red: 36h}", "line 2, quiet.merchant_chta: there is no channel “merchant_chta”"),
    ],
)
def test_a_limit_of_the_settings_that_cannot_be_meant_costs_a_warning(
    kettle: Program, tmp_path: Any, limit: str, said: str
) -> None:
    config = tmp_path / "config.yaml"
    plain = kettle("list")
    config.write_text(f"quiet:\n  {limit}\n")
    for _ in range(2):
        result = kettle("--config", str(config), "list")
        assert (result.code, result.out) == (0, plain.out)
        assert f"{config}, {said}" in result.err
    assert "settings are in order" not in kettle("--config", str(config), "doctor").out


def test_what_is_wrong_with_a_file_of_the_user_is_said_in_chinese_without_words_of_programmers(
    kettle: Program, tmp_path: Any
) -> None:
    (tmp_path / "quiet.yaml").write_text("quiet:\n  - {id: q_chat, amber: soon}\n")
    (tmp_path / "calendar.yaml").write_text("years:\n  - {year: 2027, days_off: [{}]}\n")
    said = kettle("--config", str(tmp_path), "--lang", "zh", "list").err
    assert "这里要写时间长度，如 48h、5d 或 3wd" in said
    assert "这里要写日期，如 2026-11-25" in said
    assert not {"str", "regex", "date", "object", "array"} & set(said.replace("`", " ").split())


def test_the_command_line_and_the_screen_measure_a_text_alike() -> None:
    said = [text for texts in catalogue.translations(catalogue.read(catalogue.PO)).values() for text in texts]
    signs = {sign for text in (*said, "¥１，２９９ 〔已遮盖〕 ✓✗»·~›… éß") for sign in text}
    assert [sign for sign in sorted(signs) if cells(sign) != width(sign)] == []


def test_why_explains_the_next_filing_the_sum_and_the_unseen_clocks_and_is_no_advice(pddtui: Program) -> None:
    pddtui("add", "运动鞋假货", "--problem", "counterfeit", "--amount", "100", "--demand", "punitive3")
    pddtui("log", "1", "--out", "--channel", "merchant_chat", "--demand", "--said", "退一赔三")
    why = pddtui("--lang", "en", "why", "1").out
    for part in ("Next filing: ", "Demanded: ", "¥600.00", "limitation", "--received", "Article 188"):
        assert part in why
    assert why.rstrip().endswith("This is information, not legal advice.")


def test_a_case_that_has_ended_is_explained_without_a_next_filing(pddtui: Program) -> None:
    pddtui("add", "水壶", "--problem", "quality", "--amount", "89")
    pddtui("resolve", "1", "--outcome", "full")
    why = pddtui("--lang", "en", "why", "1").out
    assert "Next filing" not in why
    assert why.rstrip().endswith("not legal advice.")


def test_a_saved_filter_is_used_by_its_name(kettle: Program, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("filters:\n  水壶: 电热 sort:title\n  Mine: turn:mine\n", encoding="utf-8")
    given = ("list", "--config", str(config))
    assert kettle(*given, "@水壶").out == kettle(*given, "电热").out != ""
    assert kettle(*given, "@水壶", "＠mine").out == ""
    done = kettle(*given, "@other")
    assert done.code == 2
    assert "There is no saved filter “other”; use @水壶" in done.err


@pytest.mark.parametrize(
    "args",
    [
        ("list", "--json"),
        ("due", "--json"),
        ("show", "1", "--json"),
        ("export",),
        ("export", "--lines"),
        ("export", "--pretty"),
    ],
)
def test_what_acts_in_the_file_does_not_act_in_json(kettle: Program, args: tuple[str, ...]) -> None:
    """Whoever can write the file, or syncs it, could put there what no form and no import takes."""
    odd = "kettle\u009b31m\u202e\u007f\u200b"
    store = TinyCaseStore.open(kettle.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        box.put(structs.replace(case, title=odd, revision=case.revision + 1))
    store.close()
    out = kettle(*args).out
    assert clean(out) == out
    assert json.dumps(odd)[1:-1].lower() in out.lower() or args[0] == "due"
