"""Pasted text on the command line: what is printed, what is asked, what is refused, and what stays as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Result, at_a_terminal
from tests.cli.test_process import start
from tests.cli.test_streams import shell

CHAT = """阿明 2026-11-03 10:00:00
请退款

店铺客服小王 2026-11-03 10:01:10
亲，稍等

店铺客服小王 2026-11-03 10:05:30
三个工作日内给您答复
"""
MORE = """阿明 2026-11-04 09:00:00
怎么样了
"""
SHOT = """11月12日 上午10:21
亲，不支持退款
11月12日 下午3:20
为什么不支持
11月12日 下午3:21
凭什么
"""
NOTICE = "【全国12315平台】您的投诉（编号：1310105002026110900012345）已受理，请保持电话畅通。\n"
PAGE = """订单编号：261101-123456789010101
商品：空气炸锅 5L
店铺：小家电店
下单时间：2026-11-01 20:15:33
实付：¥129.90
猜你喜欢
"""
MESSAGE = {"at", "direction", "person", "said", "substance", "reply", "demand", "promises", "new"}
FILING = {"channel", "state", "reference", "at"}
ORDER = {"number", "product", "merchant", "amount", "ordered_at", "courier", "tracking"}


@pytest.fixture
def fryer(pddtui: Program) -> Program:
    """The program on a file with one case in which nothing was said yet."""
    pddtui("add", "空气炸锅", "--at", "2026-11-01")
    return pddtui


@pytest.fixture
def chat(tmp_path: Path) -> str:
    return written(tmp_path, CHAT)


def written(folder: Path, text: str, name: str = "chat.txt") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def shown(program: Program, ref: str = "1") -> Any:
    return program("show", ref, "--json").json


def said(program: Program, ref: str = "1") -> list[str]:
    return [contact["summary"] for contact in shown(program, ref)["contacts"]]


def english(program: Program, *args: str, stdin: str = "") -> Result:
    return program("--lang", "en", *args, stdin=stdin)


TAKEN = ["请退款", "亲，稍等\n三个工作日内给您答复"]


# What it does.


def test_the_ids_of_the_contacts_are_printed_in_their_order(fryer: Program, chat: str) -> None:
    result = english(fryer, "paste", "1", chat, "--me", "阿明")
    contacts = shown(fryer)["contacts"]
    assert (result.code, result.out.splitlines()) == (0, [contact["id"] for contact in contacts])
    assert result.err == "Logged in PDD-2026-0001: 3 messages in 2 contacts.\n"
    assert said(fryer) == TAKEN
    mine, theirs = contacts
    assert (mine["direction"], mine["demand"], mine["at"]) == ("out", True, "2026-11-03T10:00:00+08:00")
    assert (theirs["person"]["name"], theirs["person"]["role"], theirs["channel"]) == (
        "小王",
        "店铺客服",
        "merchant_chat",
    )
    assert [promise["due"] for promise in theirs["promises"]] == ["2026-11-06T23:59:59+08:00"]


@pytest.mark.parametrize("args", [(), ("-",)])
def test_without_a_file_it_is_read_from_standard_input(fryer: Program, args: tuple[str, ...]) -> None:
    assert fryer("paste", "1", *args, "--me", "阿明", stdin=CHAT).code == 0
    assert said(fryer) == TAKEN


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_read(fryer: Program, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "chat.txt"
    file.write_bytes(CHAT.encode(encoding))
    assert fryer("paste", "1", str(file), "--me", "阿明").code == 0
    assert said(fryer) == TAKEN


def test_the_same_again_adds_nothing_and_a_longer_piece_only_what_is_new(fryer: Program, chat: str) -> None:
    fryer("paste", "1", chat, "--me", "阿明")
    before = fryer.file.read_bytes()
    again = english(fryer, "paste", "1", chat)
    assert (again.code, again.out) == (0, "")
    assert again.err.splitlines() == [
        "Nothing was taken in: the case has all of it already.",
        "3 messages were already there.",
    ]
    assert fryer.file.read_bytes() == before
    longer = english(fryer, "paste", "1", stdin=f"{CHAT}\n{MORE}")
    assert longer.err.splitlines() == [
        "Logged in PDD-2026-0001: 1 message in 1 contact.",
        "3 messages were already there.",
    ]
    assert said(fryer) == [*TAKEN, "怎么样了"]


def test_one_undo_takes_all_of_it_back(fryer: Program) -> None:
    assert fryer("paste", "1", "--me", "阿明", stdin=f"{CHAT}\n{MORE}").out.count("\n") == 3
    assert english(fryer, "undo").code == 0
    assert said(fryer) == []
    assert fryer("redo").code == 0
    assert len(said(fryer)) == 3


def test_when_it_was_copied_decides_what_yesterday_is(fryer: Program) -> None:
    text = "店铺客服小王 昨天 15:20\n您好\n"
    fryer("paste", "1", stdin=text)
    fryer("paste", "1", "--at", "2026-11-10", stdin=text)
    fryer("paste", "1", "--at", "2026-11-05 08:00", stdin=text.replace("昨天", "星期五"))
    assert [contact["at"][:16] for contact in shown(fryer)["contacts"]] == [
        "2026-10-30T15:20",
        "2026-11-09T15:20",
        "2026-11-21T15:20",
    ]


def test_the_channel_of_all_of_it_can_be_given(fryer: Program, chat: str) -> None:
    assert fryer("paste", "1", chat, "--me", "阿明", "--channel", "app_official_cs").code == 0
    assert {contact["channel"] for contact in shown(fryer)["contacts"]} == {"app_official_cs"}


def test_a_notice_decides_the_filing_and_without_one_says_how_to_record_it(fryer: Program) -> None:
    result = english(fryer, "paste", "1", stdin=NOTICE)
    assert result.code == 0
    assert fryer.hint("file PDD-2026-0001 regulator --channel c12315`") in result.err
    fryer("undo")
    fryer("file", "1", "regulator", "--channel", "c12315", "--at", "2026-11-09", "--anyway")
    result = english(fryer, "paste", "1", stdin=NOTICE)
    assert result.err == "Logged in PDD-2026-0001: 1 message in 1 contact.\n"
    (filing,) = shown(fryer)["filings"]
    assert (filing["state"], filing["reference"]) == ("accepted", "1310105002026110900012345")
    assert shown(fryer)["contacts"][0]["filing"] == filing["id"]
    fryer("undo")
    assert [(one["state"], one["reference"]) for one in shown(fryer)["filings"]] == [("open", None)]


def test_a_page_fills_in_what_is_empty_and_says_what_differs(fryer: Program) -> None:
    fryer("edit", "1", "--merchant", "别的店")
    result = english(fryer, "paste", "1", stdin=PAGE)
    assert (result.code, result.out) == (0, "")
    filled, differs, unread, line = result.err.splitlines()
    assert filled == "Filled in: Order no., Product, Paid, Ordered"
    assert differs.startswith("Merchant: the text says “小家电店”, and “别的店” stays; `pddtui ")
    assert (unread, line.strip()) == ("1 line was not understood:", "猜你喜欢")
    case = shown(fryer)
    assert (case["merchant"], case["order"]["product"], case["order"]["amount"]) == ("别的店", "空气炸锅 5L", "129.90")


@pytest.mark.parametrize("keep", [True, False])
def test_the_text_is_kept_as_evidence_where_that_is_wanted(fryer: Program, keep: bool) -> None:
    text = f"{CHAT}\n阿明 2026-11-03 10:06:00\n我的验证码是482913\n"
    result = english(fryer, "paste", "1", "--me", "阿明", *(("--keep",) if keep else ()), stdin=text)
    assert "1 one-time password was left out" in result.err
    case = shown(fryer)
    kept = list((fryer.file.parent / "evidence").glob("*")) if keep else []
    assert len(case["evidence"]) == len(kept) == int(keep)
    assert [contact["evidence"] for contact in case["contacts"]] == [[one["id"] for one in case["evidence"]]] * 3
    everything = json.dumps(case, ensure_ascii=False) + "".join(path.read_text(encoding="utf-8") for path in kept)
    assert "482913" not in everything
    assert [path.read_text(encoding="utf-8") for path in kept] == [text.replace("482913", "••••••")] * keep


# What would happen.


@pytest.mark.parametrize("text", [CHAT, SHOT, NOTICE, PAGE], ids=["chat", "screenshot", "notice", "page"])
@pytest.mark.parametrize("options", [(), ("--json",), ("--keep", "--yes")])
def test_a_dry_run_changes_nothing(fryer: Program, text: str, options: tuple[str, ...]) -> None:
    fryer("edit", "1", "--order", "261109-0101")
    before = {path: path.read_bytes() for path in fryer.file.parent.rglob("*") if path.is_file()}
    result = fryer("paste", "1", "--dry-run", "--me", "阿明", *options, stdin=text)
    assert result.code == 0
    assert {path: path.read_bytes() for path in fryer.file.parent.rglob("*") if path.is_file()} == before
    assert fryer("paste", "1", stdin=CHAT).code == 2, "not even my name was remembered"


def test_a_dry_run_shows_a_line_for_each_message_and_each_fact(fryer: Program) -> None:
    result = english(fryer, "paste", "1", "--dry-run", "--me", "阿明", stdin=CHAT)
    mine, theirs, promise = result.out.splitlines()
    assert ("请退款" in mine, "demand" in mine) == (True, True)
    assert ("小王 · 店铺客服" in theirs, "亲，稍等" in theirs) == (True, True)
    assert "by " in promise
    assert result.err == "2 contacts would be logged.\n"
    page = english(fryer, "paste", "1", "--dry-run", stdin=PAGE)
    assert "Product: 空气炸锅 5L" in page.out.splitlines()
    assert page.err.splitlines()[0] == "0 contacts would be logged."


def test_a_dry_run_leaves_nothing_out_that_is_still_to_be_decided(fryer: Program) -> None:
    asked, logged = english(fryer, "paste", "1", "--dry-run", stdin=f"{CHAT}\n{MORE}").err.splitlines()
    assert asked.startswith("It is not known whose 2 messages are")
    assert logged == "1 contact would be logged."


def test_the_answer_for_scripts_has_exactly_its_fields(fryer: Program) -> None:
    found: Any = fryer("paste", "1", "--dry-run", "--json", "--me", "阿明", stdin=CHAT).json
    assert found.keys() == {"kind", "messages", "filing", "order", "unread"}
    assert (found["kind"], found["filing"], found["order"], found["unread"]) == ("chat", None, None, [])
    assert all(message.keys() == MESSAGE for message in found["messages"])
    assert found["messages"][2] == {
        "at": "2026-11-03T10:05:30+08:00",
        "direction": "in",
        "person": {"name": "小王", "role": "店铺客服", "staff_no": None},
        "said": "三个工作日内给您答复",
        "substance": "holding",
        "reply": None,
        "demand": False,
        "promises": [
            {
                "text": "三个工作日内给您答复",
                "due": "2026-11-06T23:59:59+08:00",
                "due_phrase": "三个工作日内",
                "estimated": False,
            }
        ],
        "new": True,
    }
    notice: Any = fryer("paste", "1", "--dry-run", "--json", stdin=NOTICE).json
    assert (notice["kind"], notice["filing"].keys()) == ("notice", FILING)
    page: Any = fryer("paste", "1", "--dry-run", "--json", stdin=PAGE).json
    assert (page["kind"], page["messages"], page["unread"]) == ("order", [], ["猜你喜欢"])
    assert page["order"] == {
        "number": "261101-123456789010101",
        "product": "空气炸锅 5L",
        "merchant": "小家电店",
        "amount": "129.90",
        "ordered_at": "2026-11-01T20:15:33+08:00",
        "courier": None,
        "tracking": None,
    }
    assert page["order"].keys() == ORDER


def test_what_was_taken_in_is_told_in_json_in_place_of_ids(fryer: Program) -> None:
    first: Any = fryer("paste", "1", "--json", "--me", "阿明", stdin=CHAT).json
    again: Any = fryer("paste", "1", "--json", stdin=f"{CHAT}\n{MORE}").json
    assert [message["new"] for message in first["messages"]] == [True] * 3
    assert [message["new"] for message in again["messages"]] == [False, False, False, True]
    assert len(said(fryer)) == 3


# What has to be asked.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CHAT, "If you are 阿明, say so with --me; --yes leaves out what is not decided."),
        (SHOT, "Run it at a terminal to be asked"),
        ("刚打了电话，没人接\n", "Run it at a terminal to be asked"),
    ],
    ids=["chat", "screenshot", "words"],
)
def test_where_nobody_can_be_asked_nothing_is_saved(fryer: Program, text: str, words: str) -> None:
    before = fryer.file.read_bytes()
    for options in ((), ("--json",), ("--keep",)):
        result = english(fryer, "paste", "1", *options, stdin=text)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
        assert words in result.err
    assert fryer.file.read_bytes() == before
    assert not (fryer.file.parent / "evidence").exists()


def test_yes_leaves_out_what_is_not_decided_and_says_how_much(fryer: Program) -> None:
    result = english(fryer, "paste", "1", "--yes", stdin=f"{CHAT}\n{MORE}")
    assert (result.code, result.out.count("\n")) == (0, 1)
    assert result.err.splitlines() == [
        "Logged in PDD-2026-0001: 2 messages in 1 contact.",
        "2 messages were left out: it is not known whose they are.",
    ]
    assert said(fryer) == TAKEN[1:]
    before = fryer.file.read_bytes()
    nothing = english(fryer, "paste", "1", "--yes", stdin=SHOT)
    assert (nothing.code, nothing.out) == (0, "")
    assert "3 messages were left out: it is not known whose they are." in nothing.err
    assert fryer.file.read_bytes() == before


def test_what_was_left_out_comes_in_later(fryer: Program, chat: str) -> None:
    fryer("paste", "1", chat, "--yes")
    assert said(fryer) == TAKEN[1:]
    assert fryer("paste", "1", chat, "--me", "阿明").id
    assert said(fryer) == TAKEN


def test_another_order_is_asked_about_and_left_out_whole(fryer: Program) -> None:
    fryer("edit", "1", "--order", "261109-0101")
    for text in (PAGE, "店铺客服小王 2026-11-03 10:00\n订单号：261101-223344556677889\n"):
        before = fryer.file.read_bytes()
        refused = english(fryer, "paste", "1", stdin=text)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert "PDD-2026-0001 has 261109-0101: does it belong here?" in refused.err
        left_out = english(fryer, "paste", "1", "--yes", stdin=text)
        assert (left_out.code, left_out.out) == (0, "")
        assert fryer.file.read_bytes() == before
    assert fryer("paste", "1", stdin=PAGE.replace("261101-123456789010101", "261109-0101")).code == 0


def test_the_case_that_has_the_other_order_is_named(fryer: Program) -> None:
    fryer("edit", "1", "--order", "261109-0101")
    assert fryer("add", "挂烫机", "--order", "261101-123456789010101").code == 0
    refused = english(fryer, "paste", "1", stdin=PAGE)
    assert (refused.code, refused.out) == (2, "")
    assert "which is that of PDD-2026-0002; PDD-2026-0001 has 261109-0101. Does it belong here?" in refused.err


def test_a_name_is_asked_for_once_and_makes_the_others_theirs(fryer: Program, chat: str) -> None:
    result = at_a_terminal(fryer, "paste", "1", chat, answer="y")
    assert (result.code, result.out.count("\n")) == (0, 2)
    assert "Is “阿明” you? [y/N]" in result.err
    assert said(fryer) == TAKEN
    assert english(fryer, "paste", "1", stdin=MORE).code == 0, "and it is remembered"


def test_whose_each_message_is_can_be_said_one_by_one_and_for_all_that_follow(fryer: Program, tmp_path: Path) -> None:
    result = at_a_terminal(fryer, "paste", "1", written(tmp_path, SHOT), answer="i\nO")
    assert (result.code, result.err.count("[i/o/I/O]")) == (0, 2)
    assert [contact["direction"] for contact in shown(fryer)["contacts"]] == ["in", "out"]
    assert said(fryer) == ["亲，不支持退款", "为什么不支持\n凭什么"]


def test_anything_else_leaves_a_message_out(fryer: Program, tmp_path: Path) -> None:
    result = at_a_terminal(fryer, "paste", "1", written(tmp_path, SHOT), answer="x\n\no")
    assert result.code == 0
    assert said(fryer) == ["凭什么"]
    assert "2 messages were left out" in result.err


@pytest.mark.parametrize(("answer", "code", "filled"), [("n", 2, None), ("y", 0, "空气炸锅 5L")])
def test_another_order_belongs_here_where_a_person_says_so(
    fryer: Program, tmp_path: Path, answer: str, code: int, filled: str | None
) -> None:
    fryer("edit", "1", "--order", "261109-0101")
    result = at_a_terminal(fryer, "paste", "1", written(tmp_path, PAGE), answer=answer)
    assert result.code == code
    case = shown(fryer)
    assert (case["order"]["number"], case["order"]["product"]) == ("261109-0101", filled)


# By what names I go.


def test_my_names_are_remembered_for_their_data_file_alone(fryer: Program, tmp_path: Path) -> None:
    late = MORE.replace("阿明", "明哥").replace("怎么", "到底怎么")
    assert fryer("paste", "1", "--me", "阿明", "--me", "明哥", "--me", "老明", stdin=CHAT).code == 0
    assert fryer("paste", "1", stdin=MORE).code == 0
    assert fryer("paste", "1", stdin=late).code == 2, "only a name that is in the text is remembered"
    assert fryer("paste", "1", "--me", "明哥", stdin=late).code == 0
    assert fryer("paste", "1", stdin=f"{late}\n{MORE}".replace("怎么", "怎么还不")).code == 0, "both are"
    assert [contact["direction"] for contact in shown(fryer)["contacts"]] == ["out", "in", *["out"] * 4]
    other = fryer.at(tmp_path / "other" / "cases.json")
    other("add", "壶")
    assert other("paste", "1", stdin=MORE).code == 2


@pytest.mark.parametrize("opened", [False, True])
def test_a_wrong_name_is_taken_back_by_the_right_one(fryer: Program, opened: bool) -> None:
    text = "李四 2026-11-03 10:00\n请退款\n\n张三 2026-11-03 10:01\n稍等\n"
    to = ("add", "壶", "--paste") if opened else ("paste", "1")
    sides = []
    for name in ("李四", "张三"):
        result = fryer(*to, "--me", name, stdin=text)
        contacts = shown(fryer, result.out.strip() if opened else "1")["contacts"]
        sides.append([contact["direction"] for contact in contacts])
        fryer("undo")
    assert fryer("paste", "1", stdin=text).code == 0, "and only the right one is remembered"
    sides.append([contact["direction"] for contact in shown(fryer)["contacts"]])
    assert sides == [["out", "in"], ["in", "out"], ["in", "out"]]


def test_a_name_in_the_settings_is_mine_besides_the_one_that_is_given(fryer: Program, tmp_path: Path) -> None:
    config = written(tmp_path, "nicknames: [阿明]", "config.yaml")
    assert fryer("--config", config, "paste", "1", "--me", "店铺客服小王", stdin=CHAT).code == 0
    assert {contact["direction"] for contact in shown(fryer)["contacts"]} == {"out"}


def test_a_name_that_led_to_nothing_is_not_remembered(fryer: Program) -> None:
    assert fryer("paste", "1", "--me", "阿明", "--channel", "nowhere", stdin=CHAT).code == 2
    assert fryer("paste", "1", stdin=MORE).code == 2


@pytest.mark.parametrize("settings", ["nicknames: [阿明]", "me: {name: 阿明}"])
def test_the_settings_say_who_i_am(fryer: Program, tmp_path: Path, settings: str) -> None:
    config = written(tmp_path, settings, "config.yaml")
    assert fryer("--config", config, "paste", "1", stdin=CHAT).code == 0
    assert said(fryer) == TAKEN


# What is refused.


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u3000\r\n"])
def test_an_empty_text_is_refused(fryer: Program, text: str) -> None:
    result = fryer("paste", "1", stdin=text)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("paste", "9"), 3),
        (("paste", "1", "--channel", "nowhere"), 2),
        (("paste", "1", "--at", "garbage"), 2),
        (("paste", "1", "--at", ""), 2),
        (("paste",), 2),
        (("add", "--me", "阿明", "x"), 2),
        (("add", "--yes", "x"), 2),
        (("add",), 2),
    ],
)
def test_a_wrong_command_is_one_sentence_and_changes_nothing(fryer: Program, args: tuple[str, ...], code: int) -> None:
    before = fryer.file.read_bytes()
    result = fryer(*args, stdin=CHAT)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert fryer.file.read_bytes() == before


@pytest.mark.parametrize("command", [("paste", "1"), ("add", "--paste")])
@pytest.mark.parametrize("name", ["missing", "folder", "junk", "too large", "longer than a chat"])
def test_what_cannot_be_read_is_exit_8_and_changes_nothing(
    fryer: Program, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    file = tmp_path / name
    if name == "folder":
        file.mkdir()
    elif name == "junk":
        file.write_bytes(bytes(range(256)) * 8)
    elif name == "too large":
        file.write_bytes(b"a" * ((16 << 20) + 1))
    elif name == "longer than a chat":
        file.write_bytes(b"a" * ((4 << 20) + 1))
    before = fryer.file.read_bytes()
    result = fryer(*command, str(file))
    assert (result.code, result.out, result.err.count("\n")) == (8, "", 1)
    assert fryer.file.read_bytes() == before


@pytest.mark.parametrize("command", ["paste 1 /dev/zero", "paste 1 < /dev/zero", "add --paste < /dev/zero"])
def test_what_has_no_end_is_refused_in_time(tmp_path: Path, command: str) -> None:
    start(tmp_path, "add", "kettle")
    result = shell(tmp_path, f"ulimit -v 2000000; pddtui {command}")
    assert (result.returncode, result.stdout, result.stderr.count(b"\n")) == (8, b"", 1)


@pytest.mark.parametrize("junk", [b"\xff\xff\0", bytes(range(256)) * 8], ids=["three bytes", "all bytes"])
def test_junk_from_standard_input_is_refused(tmp_path: Path, junk: bytes) -> None:
    start(tmp_path, "add", "kettle")
    before = (tmp_path / "cases.json").read_bytes()
    result = shell(tmp_path, "pddtui paste 1", junk)
    assert (result.returncode, result.stdout, result.stderr.count(b"\n")) == (8, b"", 1)
    assert (tmp_path / "cases.json").read_bytes() == before


def test_a_message_that_no_case_can_hold_takes_the_others_with_it(fryer: Program) -> None:
    before = fryer.file.read_bytes()
    result = fryer(
        "paste", "1", stdin=f"{CHAT}\n店铺客服小王 2026-11-04 10:00\n{'亲' * 200_001}\n".replace("阿明", "我")
    )
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert fryer.file.read_bytes() == before


# A new case.


def test_a_case_is_opened_from_a_page_and_what_was_typed_goes_before_it(pddtui: Program) -> None:
    result = english(pddtui, "add", "--paste", "--merchant", "别的店", stdin=PAGE)
    assert (result.code, result.out) == (0, "PDD-2026-0001\n")
    assert result.err.splitlines()[0] == "Opened: 空气炸锅 5L"
    case = shown(pddtui)
    assert (case["title"], case["merchant"], case["order"]["number"]) == (
        "空气炸锅 5L",
        "别的店",
        "261101-123456789010101",
    )
    assert [change["action"] for change in case["history"]] == ["open"]


@pytest.mark.parametrize("place", ["file", "standard input"])
def test_a_case_is_opened_with_the_chat_about_it(pddtui: Program, chat: str, place: str) -> None:
    args = ("--paste", chat) if place == "file" else ("--paste",)
    result = english(pddtui, "add", "炸锅", *args, "--me", "阿明", stdin="" if place == "file" else CHAT)
    assert (result.code, result.out) == (0, "PDD-2026-0001\n")
    assert "Logged in PDD-2026-0001: 3 messages in 2 contacts." in result.err.splitlines()
    assert (shown(pddtui)["title"], said(pddtui)) == ("炸锅", TAKEN)
    assert english(pddtui, "paste", "1", stdin=f"{CHAT}\n{MORE}").code == 0, "my name is remembered"


def test_no_case_is_opened_where_something_has_to_be_asked_or_nothing_names_it(pddtui: Program) -> None:
    for args in (("add", "壶"), ("add",)):
        result = english(pddtui, *args, "--paste", stdin=CHAT)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert english(pddtui, "add", "--paste", stdin="刚打了电话\n").code == 2
    assert pddtui("list", "--json").json == []
    result = english(pddtui, "add", "壶", "--paste", "--yes", stdin=CHAT)
    assert (result.code, said(pddtui)) == (0, TAKEN[1:])
    assert "1 message was left out" in result.err
