"""A CSV table of contacts, taken into a case."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.bounds import MOST_TEXT
from pddtui.domain.record import recorded
from pddtui.store.tiny import TinyCaseStore
from tests.cli.conftest import Hands, Program, at_a_terminal

CHINESE = (
    "日期,姓名,角色,内容,承诺,到期\n"
    "2026/11/16 10:00,小王,店铺客服,先登记,退款89元,3个工作日内\n"
    "2026-11-17,我,,我再问一次,,\n"
)


def table(folder: Path, text: str, encoding: str = "utf-8", name: str = "旧记录.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_becomes_a_case_named_like_the_file(
    pddtui: Program, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    file = table(tmp_path, CHINESE.replace(",", delimiter), encoding)
    assert pddtui("import", file).code == 0
    case: Any = pddtui("show", "1", "--json").json
    assert case["title"] == "旧记录"
    first, second = case["contacts"]
    assert (first["direction"], first["person"]["name"], first["at"]) == ("in", "小王", "2026-11-16T10:00:00+08:00")
    assert first["promises"][0]["due"] == "2026-11-19T23:59:59+08:00"
    assert (second["direction"], second["summary"]) == ("out", "我再问一次")


def test_the_same_table_twice_adds_nothing(kettle: Program, tmp_path: Path) -> None:
    file = table(tmp_path, CHINESE)
    assert "Imported 2 contacts" in kettle("import", file, "--case", "1").out
    before = kettle.file.read_bytes()
    assert kettle("import", file, "--case", "1").out == "Nothing new: everything is already here.\n"
    assert kettle.file.read_bytes() == before


def test_a_dry_run_shows_it_and_saves_nothing(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, CHINESE), "--dry-run")
    assert (result.code, "Would import 2 contacts" in result.out, pddtui.file.exists()) == (0, True, False)


def test_columns_of_other_names_are_mapped(pddtui: Program, tmp_path: Path) -> None:
    file = table(tmp_path, "Wann;Wer;Text\n2026-11-16;Li;hello\n")
    assert pddtui("import", file).code == 8
    assert pddtui("import", file, "--map", "date=Wann,name=Wer").code == 0
    assert pddtui("import", file, "--map", "day=Wann").code == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("soon,小王,,hello,,", "日期"),
        ("2026-11-17,小王,,hello,refund,2026-11-01", "到期"),
        ("2026-11-17,小王,,hello,refund,blue moon", "到期"),
        ("2026-11-17,小王,,支付密码：123456,,", "内容"),
    ],
)
def test_one_wrong_row_names_line_and_column_and_nothing_is_taken(
    kettle: Program, tmp_path: Path, row: str, column: str
) -> None:
    before = kettle.file.read_bytes()
    result = kettle("import", table(tmp_path, f"{CHINESE}{row}\n"), "--case", "1")
    assert (result.code, result.out, result.err.count("\n")) == (8, "", 1)
    assert f"line 4, column “{column}”" in result.err
    assert kettle.file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0", b"PK\x03\x04\0\0", b"\xff\xff", b'date,said\n1,"x'])
def test_what_is_no_table_is_exit_8(pddtui: Program, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    result = pddtui("import", str(path))
    assert (result.code, result.err.count("\n")) == (8, 1)
    assert not pddtui.file.exists()


def test_a_table_that_is_too_large_is_said_to_be_so(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, "date,said\n" + "x" * (16 << 20)))
    assert (result.code, "too large" in result.err, "UTF-8" in result.err) == (8, True, False)


def test_an_open_quotation_mark_is_named_as_one(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, 'date,said\n2026-11-16,"hello\n'))
    assert result.code == 8
    assert "line 2: A quotation mark is not closed" in result.err
    assert result.err.endswith(". Nothing was imported.\n")


def test_a_row_that_lies_ahead_is_noted_as_log_does(pddtui: Program, tmp_path: Path) -> None:
    result = pddtui("import", table(tmp_path, "date,name,said\n2027-03-01,Li,hello\n2026-11-16,Li,hi\n"))
    assert result.code == 0
    assert result.err.count("in the future") == 1


@pytest.mark.parametrize(
    ("said", "cell", "what"),
    [
        ("退不了的亲", "", ("answer", "refused")),
        ("亲在的，请稍等", "", ("holding", None)),
        ("您好", "", ("holding", None)),
        ("您好", "拒绝", ("answer", "refused")),
        ("不退", "未实质答复", ("holding", None)),
        ("不退", "no answer", ("none", None)),
        ("您好", "Offered", ("answer", "offered")),
        ("您好", "说不给退", ("answer", "refused")),
        ("自动回复：您好", "", ("none", None)),
    ],
)
def test_what_a_reply_was_is_taken_from_its_column_or_else_from_the_words(
    pddtui: Program, tmp_path: Path, said: str, cell: str, what: tuple[str, str | None]
) -> None:
    file = table(tmp_path, f"日期,姓名,内容,回应\n2026-11-16,小王,{said},{cell}\n2026-11-17,我,再问一次,拒绝\n")
    assert pddtui("import", file).code == 0
    case: Any = pddtui("show", "1", "--json").json
    first, mine, theirs = case["contacts"]
    assert (first["substance"], first["reply"]) == what
    assert (mine["direction"], mine["summary"], mine["substance"], mine["reply"]) == ("out", "再问一次", None, None)
    assert (theirs["direction"], theirs["summary"], theirs["reply"]) == ("in", "拒绝", "refused")


def contacts(program: Program, ref: str = "1") -> list[dict[str, Any]]:
    case: Any = program("show", ref, "--json").json
    found: list[dict[str, Any]] = case["contacts"]
    return found


def times(program: Program, ref: str = "1") -> list[str]:
    return [contact["at"][:19] for contact in contacts(program, ref)]


# What a table looks like.


@pytest.mark.parametrize(
    "text",
    [
        "日期,时间,姓名,内容\n2026-11-16,14:20,小王,喂\n",
        "时间,日期,姓名,内容\n14:20,2026-11-16,小王,喂\n",
        "time,date,name,said\n下午2:20,2026/11/16,小王,喂\n",
        "Date,Time,Name,Text\n2026-11-16 00:00:00,2:20 PM,小王,喂\n",
        "日期,时间,姓名,内容\n46342,0.597222222,小王,喂\n",
        "日期,时间,姓名,内容\n20261116,1899-12-30 14:20,小王,喂\n",
        "日期,姓名,内容\n46342.5972222222,小王,喂\n",
        "日期,姓名,内容\n20261116142000,小王,喂\n",
        "时间,姓名,内容\n202611161420,小王,喂\n",
        "日期,姓名,内容\n2026年11月16日 星期一 14:20,小王,喂\n",
        "日期,姓名,内容\nMon 2026-11-16 14:20,小王,喂\n",
        "日期（年月日）,姓名*,内容：\n2026-11-16T14:20:00+08:00,小王,喂\n",
        "sep=;\n日期;姓名;内容\n2026-11-16 14:20;小王;喂\n",
        '"sep=|"\r\n日期|姓名|内容\r\n2026-11-16 14:20|小王|喂\r\n',
        "我的记录,,\n导出时间：2026-11-20,,\n\n----,,\n日期,姓名,内容\n2026-11-16 14:20,小王,喂\n共1条,,\n",
        "内容,备注,日期,姓名\n喂,x,2026-11-16 14:20,小王\n",
        "日期,姓名,内容\r2026-11-16 14:20,小王,喂\r",
    ],
)
def test_one_moment_is_read_however_a_table_has_it(pddtui: Program, tmp_path: Path, text: str) -> None:
    assert pddtui("import", table(tmp_path, text)).code == 0
    (contact,) = contacts(pddtui)
    assert (contact["at"][:16], contact["person"]["name"], contact["summary"]) == ("2026-11-16T14:20", "小王", "喂")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8-sig"])
def test_a_table_comes_in_the_encodings_of_spreadsheets(pddtui: Program, tmp_path: Path, encoding: str) -> None:
    assert pddtui("import", table(tmp_path, CHINESE.replace(",", "\t"), encoding)).code == 0
    assert [contact["summary"] for contact in contacts(pddtui)] == ["先登记", "我再问一次"]


def test_a_table_is_known_by_its_heading_when_it_is_piped_in(kettle: Program) -> None:
    before = len(contacts(kettle))
    refused = kettle("import", "-", stdin=CHINESE)
    assert (refused.code, "--case" in refused.err) == (2, True)
    assert kettle("import", "-", "--case", "1", stdin=CHINESE).code == 0
    assert len(contacts(kettle)) == before + 2
    refused = kettle("import", "-", stdin="hello\nworld\n")
    assert (refused.code, "Its columns are hello" in refused.err) == (8, True)


def test_a_text_that_is_a_torn_table_is_told_so(pddtui: Program, tmp_path: Path) -> None:
    refused = pddtui("import", table(tmp_path, 'date,said\n2026-11-16,"x\n', name="notes.txt"))
    assert (refused.code, "line 2: A quotation mark is not closed" in refused.err) == (8, True)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("date,name,title,said\n2026-11-16,Li,Manager,hi\n2026-11-17,Wu,Clerk,ho\n", ()),
        ("date,row,name,said,promise,due\n2026-11-16,1,Li,hi,refund,in 3 days\n2026-11-17,2,Li,ho,,\n", ()),
        ("日期,类别,姓名,内容\n2026-11-16,电话,Li,hi\n2026-11-17,聊天,Li,ho\n", ("--case", "1")),
    ],
)
def test_what_only_our_table_has_means_nothing_in_another(
    pddtui: Program, tmp_path: Path, text: str, options: tuple[str, ...]
) -> None:
    pddtui("add", "旧记录")
    assert pddtui("import", table(tmp_path, text), *options).code == 0
    assert len(contacts(pddtui)) == 2
    assert sum(len(contact["promises"]) for contact in contacts(pddtui)) == text.count("refund")


def test_a_column_that_was_named_and_is_not_there_is_not_replaced_by_another(pddtui: Program, tmp_path: Path) -> None:
    refused = pddtui("import", table(tmp_path, "时间,姓名,内容\n2026-11-16,Li,hi\n"), "--map", "date=Zeit")
    assert (refused.code, "no column for date" in refused.err) == (8, True)


@pytest.mark.parametrize("cell", ["3 months ago", "昨天 20:00", "周三 20:00", "20:05", "now", "Tuesday 20:00", "-2h"])
def test_a_moment_that_is_another_whenever_the_table_is_read_is_refused(
    pddtui: Program, tmp_path: Path, cell: str
) -> None:
    refused = pddtui("import", table(tmp_path, f"日期,姓名,内容\n{cell},Li,hi\n"))
    assert (refused.code, "line 2, column “日期”" in refused.err) == (8, True)
    assert "another moment whenever the table is read" in refused.err


@pytest.mark.parametrize(
    ("cell", "found"),
    [("1-25 9:00", "2026-01-25T09:00"), ("11-16", "2026-11-16T00:00"), ("12月30日", "2025-12-30T00:00")],
)
def test_a_date_without_its_year_is_the_last_one(pddtui: Program, tmp_path: Path, cell: str, found: str) -> None:
    assert pddtui("import", table(tmp_path, f"日期,姓名,内容\n{cell},Li,hi\n"), "--yes").code == 0
    assert times(pddtui)[0][:16] == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("11/23/2026 9:05", "11/3/2026"), ["2026-11-03", "2026-11-23"]),
        (("3/11/2026", "23/11/2026 9:05"), ["2026-11-03", "2026-11-23"]),
        (("3.11.2026", "23.11.2026"), ["2026-11-03", "2026-11-23"]),
        (("11/11/2026",), ["2026-11-11"]),
        (("3/11/2026", "4/11/2026"), None),
        (("23/11/2026", "11/23/2026"), None),
    ],
)
def test_day_and_month_stand_as_one_date_of_the_table_shows(
    pddtui: Program, tmp_path: Path, cells: tuple[str, ...], found: list[str] | None
) -> None:
    rows = "".join(f"{cell},Li,{cell}\n" for cell in cells)
    done = pddtui("import", table(tmp_path, f"日期,姓名,内容\n{rows}"))
    if found is None:
        assert (done.code, "can be two days: write the year first" in done.err) == (8, True)
    else:
        assert done.code == 0
        assert [at[:10] for at in times(pddtui)] == found


def test_my_own_name_is_me(pddtui: Program, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "config.yaml").write_text("me: {name: 张小明}\npeople: {mum: {name: 李梅}}\n", encoding="utf-8")
    text = "日期,发送人,内容\n2026-11-16,张小明,请退款\n2026-11-17,李梅,请退款\n2026-11-18,小王,不退\n"
    assert pddtui("--config", str(config), "import", table(tmp_path, text)).code == 0
    assert [contact["direction"] for contact in contacts(pddtui)] == ["out", "out", "in"]


BILL = (
    "支付宝交易明细,,,,,\n账号:[x@example.invalid],,,,,\n---交易记录明细列表---,,,,,\n"
    "交易时间,交易分类,交易对方,商品说明,收/支,金额\n"
    "2026-11-10 09:00:00\t,日用百货,某某旗舰店,电热水壶\t,支出,89.00\n"
    "------------------------\n共1笔记录\n"
)


def test_the_lines_before_the_heading_of_a_bill_are_passed_over(pddtui: Program, tmp_path: Path) -> None:
    file = table(tmp_path, BILL, "gb18030")
    refused = pddtui("import", file)
    assert (refused.code, "Its columns are 交易时间, 交易分类, 交易对方, 商品说明" in refused.err) == (8, True)
    taken = pddtui("import", file, "--map", "said=商品说明,name=交易对方")
    assert (taken.code, "2 left out, without text (lines 6, 7)" in taken.out) == (0, True)
    assert [(it["at"][:10], it["person"]["name"], it["summary"]) for it in contacts(pddtui)] == [
        ("2026-11-10", "某某旗舰店", "电热水壶")
    ]


def test_columns_that_are_not_read_are_named(pddtui: Program, tmp_path: Path) -> None:
    done = pddtui("import", table(tmp_path, "日期,姓名,内容,备注2,金额\n2026-11-16,小王,喂,x,1\n"))
    assert "Columns that are not read: 备注2, 金额. Name one with --map." in done.err


def test_rows_without_text_are_left_out_and_counted(pddtui: Program, tmp_path: Path) -> None:
    text = "日期,姓名,内容\n2026-11-16,小王,喂\n2026-11-17,小王,\n,,\n2026-11-18,, \n"
    done = pddtui("import", table(tmp_path, text))
    assert done.out.splitlines()[0].endswith(": 1 put off, 2 left out, without text (lines 3, 5).")
    assert len(contacts(pddtui)) == 1


# Who spoke.


@pytest.mark.parametrize(
    ("cell", "direction"),
    [("in", "in"), ("OUT", "out"), ("收", "in"), ("发出", "out"), ("呼入", "in"), ("me → them", "out"),
     ("对方 → 我", "in"), ("我", "out"), ("客服", "in"), ("", "in"), ("←", "in"), ("Sent", "out")],
)  # fmt: skip
def test_the_direction_is_what_its_column_says(pddtui: Program, tmp_path: Path, cell: str, direction: str) -> None:
    assert pddtui("import", table(tmp_path, f"日期,姓名,方向,内容\n2026-11-16,小王,{cell},喂\n")).code == 0
    (contact,) = contacts(pddtui)
    assert (contact["direction"], contact["person"]["name"]) == (direction, "小王")


def test_a_direction_that_means_nothing_names_line_and_column(pddtui: Program, tmp_path: Path) -> None:
    refused = pddtui("import", table(tmp_path, "日期,姓名,方向,内容\n2026-11-16,小王,横,喂\n"))
    assert (refused.code, "line 2, column “方向”: “横” is not one of in, out" in refused.err) == (8, True)


SILENT = "日期,姓名,内容\n2026-11-16,小王,喂\n2026-11-17,,在吗\n2026-11-18,,不退\n"


def test_who_spoke_is_never_guessed(pddtui: Program, tmp_path: Path) -> None:
    file = table(tmp_path, SILENT)
    refused = pddtui("import", file)
    assert (refused.code, refused.out, pddtui.file.exists()) == (8, "", False)
    assert "lines 3, 4: they do not say who spoke" in refused.err
    dry = pddtui("import", file, "--dry-run")
    assert dry.code == 0
    assert "to be asked: Tue 17 Nov ? 在吗" in dry.out
    assert pddtui("import", file, "--in", "--out").code == 2
    assert pddtui("import", file, "--in").code == 0
    assert [contact["direction"] for contact in contacts(pddtui)] == ["in", "in", "in"]
    assert "Nothing new" in pddtui("import", file, "--in").out


@pytest.mark.parametrize(("answers", "found"), [("i\no", ["in", "in", "out"]), ("我\n对", ["in", "out", "in"])])
def test_a_person_is_asked_who_spoke(pddtui: Program, tmp_path: Path, answers: str, found: list[str]) -> None:
    done = at_a_terminal(pddtui, "import", table(tmp_path, SILENT), answer=answers)
    assert done.code == 0
    assert "Line 3: Tue 17 Nov 在吗\nWho spoke: (i) they, (o) I?" in done.err
    assert [contact["direction"] for contact in contacts(pddtui)] == found


def test_no_answer_takes_nothing(pddtui: Program, tmp_path: Path) -> None:
    assert at_a_terminal(pddtui, "import", table(tmp_path, SILENT), answer="q").code == 2
    assert not pddtui.file.exists()


# What is here already.


def test_two_calls_in_one_minute_are_two_and_stay_two(pddtui: Program, tmp_path: Path) -> None:
    text = "日期,姓名,方向,内容\n" + "2026-11-16 10:00,小王,发,打不通\n" * 2 + "2026-11-16 10:00,小王,收,打不通\n"
    file = table(tmp_path, text + "2026-11-16 10:00,小李,发,打不通\n")
    assert "Imported 4 contacts" in pddtui("import", file).out
    assert pddtui("import", file).out == "Nothing new: everything is already here.\n"
    more = table(tmp_path, text + "2026-11-16 10:00,小王,发,打不通\n")
    assert "Imported 1 contact into" in pddtui("import", more).out
    assert len(contacts(pddtui)) == 5


def test_what_was_corrected_since_is_known_by_its_earlier_words(pddtui: Program, tmp_path: Path, hands: Hands) -> None:
    file = table(tmp_path, "日期,姓名,内容\n2026-11-16 10:00,小王,不退\n")
    assert pddtui("import", file).code == 0
    hands.now += timedelta(hours=1)
    store = TinyCaseStore.open(pddtui.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        changes = moves.ContactEdit(summary="不给退", at=case.contacts[0].at + timedelta(days=1))
        box.put(structs.replace(moves.amend(case, case.contacts[0].id, changes, hands.now), revision=9))
    store.close()
    assert len(contacts(pddtui)[0]["amendments"]) == 1
    assert pddtui("import", file).out == "Nothing new: everything is already here.\n"


# Our own table.


@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_own_table_comes_back_as_it_went(pddtui: Program, tmp_path: Path, language: str) -> None:
    for args in (
        ("add", "壶"),
        ("log", "1", "--out", "--said", "=请退款", "--demand", "--channel", "merchant_chat", "--at", "11-10 09:00"),
        ("log", "1", "--in", "--said", "先登记\n第二行", "--name", "小王", "--staff-no", "007", "--holding",
         "--promise", "退款", "--due", "3个工作日内", "--written", "--at", "11-10 10:30"),
        ("log", "1", "--in", "--said", "好", "--role", "主管", "--reply", "refused", "--at", "11-12",
         "--promise", "回电话", "--due", "11-15 18:00"),
        ("add", "灯"),
        ("log", "2", "--out", "--no-answer", "--said", "打不通", "--at", "11-13"),
    ):  # fmt: skip
        assert pddtui(*args).code == 0
    promise = contacts(pddtui)[1]["promises"][0]["id"]
    assert pddtui("settle", promise, "broken", "--at", "11-16 12:00").code == 0
    file = tmp_path / f"{language}.csv"
    assert pddtui("export", "--format", "csv", "--lang", language, "-o", str(file)).code == 0
    assert pddtui("import", str(file)).out == "Nothing new: everything is already here.\n"
    other = pddtui.at(tmp_path / "other" / "cases.json")
    taken = other("import", str(file))
    assert (taken.code, taken.err) == (0, "")
    assert ("2 promises" in taken.out, "Imported 3 contacts into PDD-2026-0001 壶." in taken.out) == (True, True)
    for ref in ("1", "2"):
        here, there = contacts(pddtui, ref), contacts(other, ref)
        for contact in (*here, *there):
            for name in ("id", "recorded_at", "filing", "turn"):
                contact.pop(name)
            for each in contact["promises"]:
                each.pop("id")
        assert there == here
    assert other("import", str(file)).out == "Nothing new: everything is already here.\n"
    assert other("doctor").code == 0


def test_rows_of_several_cases_do_not_go_into_one(pddtui: Program, tmp_path: Path) -> None:
    for title in ("壶", "灯"):
        pddtui("add", title)
    for ref in ("1", "2"):
        pddtui("log", ref, "--in", "--said", "喂", "--name", "小王")
    file = tmp_path / "all.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    refused = pddtui("import", str(file), "--case", "1")
    assert (refused.code, "several cases" in refused.err, refused.out) == (2, True, "")


def test_a_row_that_was_changed_there_is_named_and_left_as_it_is_here(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "壶")
    pddtui("log", "1", "--in", "--said", "先登记", "--name", "小王")
    file = tmp_path / "all.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    file.write_text(file.read_text(encoding="utf-8-sig").replace("先登记", "不退"), encoding="utf-8")
    done = pddtui("import", str(file))
    assert (done.code, "1 changed there" in done.out) == (0, True)
    assert "Line 2 differs from the contact that is here" in done.err
    assert [contact["summary"] for contact in contacts(pddtui)] == ["先登记"]


def test_a_promise_whose_contact_is_not_there_names_its_line(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "壶")
    pddtui("log", "1", "--in", "--said", "喂", "--name", "小王", "--promise", "退", "--due", "3天内")
    file = tmp_path / "all.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    head, contact, promise = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join((head, promise)) + "\n", encoding="utf-8")
    refused = pddtui("import", str(file))
    assert (refused.code, "line 2, column “Row”: The contact in which this was promised" in refused.err) == (8, True)
    file.write_text("\n".join((head, promise, contact)) + "\n", encoding="utf-8")  # sorted the other way round
    assert pddtui("import", str(file)).out == "Nothing new: everything is already here.\n"
    file.write_text("\n".join((head, contact, promise.replace("promise", "vow", 1))) + "\n", encoding="utf-8")
    refused = pddtui("import", str(file))
    assert (refused.code, "line 3, column “Row”: “vow” is not one of contact, promise" in refused.err) == (8, True)


# What is in the trash, and what is far away.


def test_a_table_of_a_case_in_the_trash_says_so(pddtui: Program, tmp_path: Path) -> None:
    file = table(tmp_path, CHINESE)
    assert pddtui("import", file).code == 0
    bin_the_case(pddtui)
    assert "in the trash: PDD-2026-0001 旧记录" in pddtui("import", file).out
    more = table(tmp_path, CHINESE + "2026-11-18,小王,,不退,,\n")
    assert "in the trash: PDD-2026-0001 旧记录" in pddtui("import", more).out
    assert pddtui("list", "--json").json == []
    assert pddtui("trash", "--restore", "1").code == 0
    assert len(contacts(pddtui)) == 3


def test_an_export_of_what_lies_in_the_trash_says_so(kettle: Program, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(kettle("export").out, encoding="utf-8")
    bin_the_case(kettle)
    done = kettle("import", str(file))
    assert "in the trash: PDD-2026-0001" in done.out
    assert kettle.hint("trash --restore PDD-2026-0001") in done.out
    file.write_text(kettle("export").out, encoding="utf-8")
    other = kettle.at(tmp_path / "other" / "cases.json")
    assert "in the trash: PDD-2026-0001" in other("import", str(file)).out


def bin_the_case(program: Program) -> None:
    store = TinyCaseStore.open(program.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        gone = moves.trash(case, case.opened_at)
        box.put(recorded(case, gone, action="trash", change_id="t1", at=case.opened_at, save=box.save))
    store.close()


FAR = "日期,姓名,内容\n2026-11-16,小王,喂\n2062-11-17,小王,不退\n2026-11-18,小王,好\n"


@pytest.mark.parametrize("args", [(), ("--case", "1")])
def test_a_date_far_from_all_others_is_asked_about_before_it_is_taken(
    kettle: Program, tmp_path: Path, args: tuple[str, ...]
) -> None:
    file = table(tmp_path, FAR)
    before = kettle.file.read_bytes()
    refused = kettle("import", file, *args)
    assert (refused.code, kettle.file.read_bytes() == before) == (8, True)
    assert "line 3, column “日期”: Fri 17 Nov 2062" in refused.err
    assert "Is the date right?" in kettle("import", file, *args, "--dry-run").err
    assert at_a_terminal(kettle, "import", file, *args, answer="n").code == 2
    assert kettle.file.read_bytes() == before
    assert kettle("import", file, *args, "--yes").code == 0


def test_a_person_may_say_that_a_far_date_is_right(kettle: Program, tmp_path: Path) -> None:
    assert at_a_terminal(kettle, "import", table(tmp_path, FAR), "--case", "1", answer="y").code == 0
    assert "2062-11-17T00:00:00" in times(kettle)


# What is said before.


def test_what_the_rows_are_is_said_before_anything_is_taken(pddtui: Program, tmp_path: Path) -> None:
    text = (
        "日期,姓名,内容,回应\n2026-11-16,小王,不退,\n2026-11-17,我,再问,拒绝\n2026-11-18,小王,请稍等,\n2026-11-19,,,\n"
        "2026-11-20,小王,喂,no answer\n"
    )
    file = table(tmp_path, text)
    dry, done = pddtui("import", file, "--dry-run"), pddtui("import", file)
    said = "旧记录.csv: 2 answers, 1 put off, 1 without an answer, 1 of mine, 1 left out, without text (line 5)."
    for result in (dry, done):
        assert result.out.splitlines()[0].endswith(said)
    assert "new: Mon 16 Nov ← 小王 · refused: 不退" in dry.out
    assert "new: Tue 17 Nov →: 再问" in dry.out
    assert "new: Tue 17 Nov ← refused: 拒绝" in dry.out
    assert not dry.out.startswith("Imported")


def test_one_import_is_one_undo(kettle: Program, tmp_path: Path) -> None:
    before = contacts(kettle)
    assert kettle("import", table(tmp_path, CHINESE), "--case", "1").code == 0
    assert kettle("undo").code == 0
    assert contacts(kettle) == before


# Which case.


def two_of_one_name(program: Program) -> None:
    for said in ("first", "second"):
        assert program("add", "壶").code == 0
        number = "1" if said == "first" else "2"
        assert program("log", number, "--in", "--name", "Li", "--said", said, "--at", "2026-11-16").code == 0


def said_in(program: Program) -> list[list[str]]:
    rows: Any = program("list", "--json").json
    return sorted([contact["summary"] for contact in contacts(program, row["ref"])] for row in rows)


def test_numbers_of_another_machine_lead_into_no_other_case(pddtui: Program, tmp_path: Path) -> None:
    assert pddtui("add", "灯").code == 0
    for said, number in (("first", "2"), ("second", "3")):
        assert pddtui("add", "壶").code == 0
        assert pddtui("log", number, "--in", "--name", "Li", "--said", said, "--at", "2026-11-16").code == 0
    file = tmp_path / "壶.csv"
    assert pddtui("export", "2", "3", "--format", "csv", "-o", str(file)).code == 0
    other = pddtui.at(tmp_path / "other" / "cases.json")
    assert other("import", str(file)).code == 0
    assert said_in(other) == [["first"], ["second"]]
    assert other("import", str(file)).out == "Nothing new: everything is already here.\n"
    assert pddtui("export", "2", "--format", "csv", "-o", str(file), "--force").code == 0
    assert other("import", str(file)).out == "Nothing new: everything is already here.\n"
    assert said_in(other) == [["first"], ["second"]]


def test_of_two_cases_of_one_name_only_one_is_the_one_that_is_here(pddtui: Program, tmp_path: Path) -> None:
    two_of_one_name(pddtui)
    file = tmp_path / "both.csv"
    assert pddtui("export", "--format", "csv", "-o", str(file)).code == 0
    other = pddtui.at(tmp_path / "other" / "cases.json")
    assert other("add", "壶").code == 0
    assert other("log", "1", "--in", "--name", "Li", "--said", "second", "--at", "2026-11-16").code == 0
    assert other("import", str(file)).code == 0
    assert said_in(other) == [["first"], ["second"]]


def test_where_nothing_says_which_of_two_cases_it_is_nobody_guesses(pddtui: Program, tmp_path: Path) -> None:
    two_of_one_name(pddtui)
    refused = pddtui("import", table(tmp_path, "日期,姓名,内容\n2026-11-18,Li,x\n", name="壶.csv"))
    assert (refused.code, "Several cases are called “壶”" in refused.err) == (2, True)


def test_a_row_with_an_apostrophe_of_its_own_comes_back(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "壶")
    for said in ("'@客服' 请回复", "'=1", "''086", "="):
        pddtui("log", "1", "--out", "--said", said)
    file = tmp_path / "x.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    assert pddtui("import", str(file)).out == "Nothing new: everything is already here.\n"


# What else a table says.


def test_what_stands_beyond_the_heading_is_not_dropped(pddtui: Program, tmp_path: Path) -> None:
    text = "date,direction,who,said\n2026-11-03 9:00,in,Li,Yes, we will refund 89 yuan within 3 days\n"
    refused = pddtui("import", table(tmp_path, text))
    assert (refused.code, "line 2: This row has more cells than the heading" in refused.err) == (8, True)
    assert pddtui("import", table(tmp_path, 'date, direction, said\n2026-11-03, in, "hello, there"\n')).code == 0
    assert contacts(pddtui)[0]["summary"] == "hello, there"
    assert pddtui("import", table(tmp_path, "date,direction,said\n2026-11-04,in,hi,,,\n")).code == 0


@pytest.mark.parametrize("cell", ["-", "无", "N/A", "未回复", ""])
def test_where_they_did_not_reply_nothing_is_said(pddtui: Program, tmp_path: Path, cell: str) -> None:
    text = f"日期,方向,内容,对方回应\n2026-11-03,发,我要求退款,{cell}\n2026-11-04,收,好的,{cell}\n"
    assert pddtui("import", table(tmp_path, text)).code == 0
    assert [contact["summary"] for contact in contacts(pddtui)] == ["我要求退款", "好的"]


def test_their_reply_to_what_i_said_is_theirs(pddtui: Program, tmp_path: Path) -> None:
    text = "日期,方向,内容,对方回应\n2026-11-03,发,我要求退款,三个工作日内给您退款\n2026-11-05,收,,三日内退款\n"
    assert pddtui("import", table(tmp_path, text)).code == 0
    found = [(contact["direction"], contact["summary"]) for contact in contacts(pddtui)]
    assert found == [("out", "我要求退款"), ("in", "三个工作日内给您退款"), ("in", "三日内退款")]
    assert "Nothing new" in pddtui("import", table(tmp_path, text)).out


def test_my_own_deadline_is_no_promise_of_theirs(pddtui: Program, tmp_path: Path) -> None:
    text = "日期,方向,内容,期限\n2026-11-20,发,请三天内退款,2026-11-23\n2026-11-20,收,三天内退款,3天内\n"
    done = pddtui("import", table(tmp_path, text))
    assert (done.code, "Not understood and left out: the column “期限” in line 2." in done.err) == (0, True)
    assert [len(contact["promises"]) for contact in contacts(pddtui)] == [0, 1]


@pytest.mark.parametrize("name", ["用户", "我（买家）", "我自己", "我:", "Me.", "You", "顾客", "我"])
def test_whoever_is_meant_by_me_is_me(pddtui: Program, tmp_path: Path, name: str) -> None:
    assert pddtui("import", table(tmp_path, f"时间,发送者,内容\n2026-11-03,{name},请退款\n")).code == 0
    assert contacts(pddtui)[0]["direction"] == "out"


def test_the_other_side_named_in_every_row_does_not_say_who_spoke(pddtui: Program, tmp_path: Path) -> None:
    refused = pddtui("import", table(tmp_path, "日期,对方,内容\n2026-11-03,小王,请退款\n"))
    assert (refused.code, "does not say who spoke" in refused.err) == (8, True)


def test_the_same_table_is_known_when_the_case_or_the_file_has_another_name(pddtui: Program, tmp_path: Path) -> None:
    text = "date,direction,said\n2026-11-03 9:00,in,wait please\n2026-11-04 9:00,in,wait more\n"
    assert pddtui("import", table(tmp_path, text, name="log.csv")).code == 0
    assert pddtui("edit", "1", "--title", "Washer").code == 0
    for name in ("log.csv", "log(1).csv"):
        assert "Nothing new" in pddtui("import", table(tmp_path, text, name=name)).out
    rows: Any = pddtui("list", "--json").json
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"open",""', '"kept","2026-11-21"', 3),
        ('"refund"', '"refund and more"', 3),
        ("will refund", "won't", 2),
        ('"Li",""', '"Li","boss"', 2),
    ],
)
def test_every_row_that_was_changed_there_is_named(
    pddtui: Program, tmp_path: Path, old: str, new: str, line: int
) -> None:
    pddtui("add", "A")
    pddtui(
        "log",
        "1",
        "--in",
        "--name",
        "Li",
        "--said",
        "will refund",
        "--promise",
        "refund",
        "--due",
        "3d",
        "--at",
        "11-20",
    )
    file = tmp_path / "a.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    text = file.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = pddtui("import", str(file))
    assert (done.code, f"Line {line} differs from the contact that is here" in done.err) == (0, True), done
    assert "Nothing new" not in done.out


def test_a_row_that_was_added_to_our_table_has_its_promise(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "A")
    pddtui("log", "1", "--in", "--name", "Li", "--said", "will refund", "--at", "2026-11-20")
    file = tmp_path / "a.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    row = "PDD-2026-0001,A,contact,2026-11-20 9:00,them → me,,Li,,,we refund in 3 days,,,,,3 days,,,,\r\n"
    with file.open("a", encoding="utf-8", newline="") as out:
        out.write(row)
    assert pddtui("import", str(file)).code == 0
    assert [len(contact["promises"]) for contact in contacts(pddtui)] == [0, 1]


def test_a_result_from_before_its_promise_is_refused_as_when_it_is_typed(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "A")
    pddtui("log", "1", "--in", "--said", "x", "--name", "Li", "--promise", "refund", "--due", "3d", "--at", "11-20")
    file = tmp_path / "a.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    text = file.read_text(encoding="utf-8-sig").replace('"open",""', '"kept","2025-01-01"')
    file.write_text(text, encoding="utf-8")
    refused = pddtui.at(tmp_path / "other.json")("import", str(file))
    assert (refused.code, "line 3, column “Settled”" in refused.err) == (8, True)


def test_a_masked_table_is_not_taken_for_a_whole_one(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "A")
    pddtui("log", "1", "--in", "--name", "李四", "--said", "x")
    for language in ("zh", "en"):
        file = tmp_path / f"{language}.csv"
        assert pddtui("export", "--format", "csv", "--mask", "public", "--lang", language, "-o", str(file)).code == 0
        refused = pddtui.at(tmp_path / "other.json")("import", str(file))
        assert (refused.code, "masked" in refused.err) == (8, True)


def test_a_text_as_long_as_may_be_comes_back(pddtui: Program, tmp_path: Path) -> None:
    pddtui("add", "A")
    pddtui("log", "1", "--in", stdin="款" * MOST_TEXT)
    file = tmp_path / "a.csv"
    pddtui("export", "--format", "csv", "-o", str(file))
    assert "Nothing new" in pddtui("import", str(file)).out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("日期,姓名,内容\n".encode(), "has a heading and no rows"),
        ("日期,姓名,内容\n,小王,喂\n".encode(), "There is no date."),
        ("date,who,said\n2026-11-03,J\u00f6rg M\u00fcller,ok\n".encode("cp1252"), "is not a CSV text"),
    ],
)
def test_what_is_odd_about_a_table_is_said(pddtui: Program, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    done = pddtui("import", str(path))
    assert said in done.out + done.err


def test_an_export_under_another_name_is_an_export(kettle: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(kettle("export").out, encoding="utf-8")
    assert kettle.at(tmp_path / "o.json")("import", str(path)).code == 0


def test_a_workbook_is_told_to_be_saved_as_csv(pddtui: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    refused = pddtui("import", str(path))
    assert (refused.code, "save it as CSV" in refused.err) == (8, True)
