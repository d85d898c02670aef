"""A contact in one line: who, where and when before the colon, the words behind it, by when at the end.

A line is told as `direction name/role/number @channel [when] “words” reply !promise < by when MM-DD ✗faults`. The
channel goes unsaid where it is the one of the case, `=` is a promise in the very words, `⏎` ends a line.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pddtui.domain.case import Person
from pddtui.domain.text import clean
from pddtui.errors import Refused
from pddtui.services.capture import BREAK, Backdrop, Captured, captured, completion
from tests.ui.cases import KETTLE, NOW, case, desk

USUAL = "app_official_cs"


@cache
def kettle() -> Backdrop:
    with desk("en") as context:
        book = context.casebook
        return Backdrop.of(case(context, KETTLE), book.rules, book.calendar, tuple(context.handbook.channels))


def told(found: Captured) -> str:
    person, heard = found.person, found.suggestion.heard
    who = "/".join(part or "" for part in (person.name, person.role, person.staff_no)).strip("/")
    parts = [found.direction, who or "-"]
    if found.channel is not None and found.channel.key != USUAL:
        parts.append(f"@{found.channel.key}")
    if found.when:
        parts.append(f"[{found.when}]")
    said = found.said.replace("\n", BREAK)
    parts += [f"“{said}”", heard.reply or heard.substance or ("demand" if found.demand else "said")]
    if found.promise or found.due_phrase:
        parts.append(f"!{'=' if found.promise == found.said else found.promise} < {found.due_phrase or '?'}")
        parts += [f"{found.due.at:%m-%d}"] if found.due is not None else []
    if found.faults:
        parts.append("✗" + ",".join(str(fault.field) for fault in found.faults))
    return " ".join(parts)


LINES = [
    ("李 主管 8842: 三个工作日内退款; by Wed", "in 李/主管/8842 “三个工作日内退款” holding != < by Wed 11-25"),
    ("李主管8842：三个工作日内退款；最晚周三", "in 李/主管/8842 “三个工作日内退款” holding != < 最晚周三 11-25"),
    ("李 主管 工号8842 ： 三个工作日内退款", "in 李/主管/8842 “三个工作日内退款” holding != < 三个工作日内 11-25"),
    ("8842 李 主管: 三天内回电", "in 李/主管/8842 “三天内回电” holding != < 三天内 11-25"),
    (
        "Li, supervisor, no. 8842: refund within 3 working days; by Friday 18:00",
        "in Li/supervisor/8842 “refund within 3 working days” holding != < by Friday 18:00 11-27",
    ),
    (
        "supervisor Li Wei: we will refund by Friday",
        "in Li Wei/supervisor “we will refund by Friday” agreed != < by Friday 11-27",
    ),
    ("me: asked for the refund", "out - “asked for the refund” demand"),
    ("me to the shop: please refund 89 yuan", "out shop @app_aftersale “please refund 89 yuan” demand"),
    ("我：要求退款", "out - “要求退款” demand"),
    ("我： 再催一次", "out - “再催一次” demand"),
    ("我对李主管说：请三天内答复", "out 李/主管 “请三天内答复” demand"),
    ("我→平台客服：要求介入", "out 平台客服 “要求介入” demand"),
    ("to 平台客服: asked how long", "out 平台客服 “asked how long” said"),
    ("本人：已寄回", "out - “已寄回” said"),
    ("I told Li: I do not accept 10 yuan", "out Li “I do not accept 10 yuan” said"),
    ("平台 客服12: 已反馈，请耐心等待", "in 平台客服/12 “已反馈，请耐心等待” holding"),
    ("平台客服12：同意退款，周三前到账", "in 平台客服/12 “同意退款，周三前到账” agreed !周三前到账 < 周三前 11-25"),
    ("平台：判定支持退款", "in 平台 “判定支持退款” decided"),
    ("店铺客服小A：这个不退", "in 小A/店铺客服 @merchant_chat “这个不退” refused"),
    ("小A: 同意退货退款", "in 小A/店铺客服 @merchant_chat “同意退货退款” agreed"),
    ("小A 07: 不退", "in 小A/店铺客服/07 @merchant_chat “不退” refused"),
    ("小a：补寄", "in 小A/店铺客服 @merchant_chat “补寄” other"),
    ("小：补寄", "in 小 “补寄” other"),
    ("**07：3个工作日内给结论", "in 平台客服/**07 “3个工作日内给结论” holding != < 3个工作日内 11-25"),
    ("#**07: 还在处理", "in 平台客服/**07 “还在处理” holding"),
    ("系统：自动回复，请勿回复", "in 系统 “自动回复，请勿回复” none"),
    ("shop agent 12: no refund", "in shop agent/12 @merchant_chat “no refund” refused"),
    ("Seller rep Amy: we can offer 10 yuan", "in Amy/Seller rep @merchant_chat “we can offer 10 yuan” offered"),
    ("“客服小A”：不退", "in 客服小A “不退” refused"),
    ("他说：不行", "in - “不行” refused"),
    ("they: we refuse", "in - “we refuse” refused"),
    ("对方：没人接", "in - “没人接” none"),
    ("昨天20:00 平台客服12：不退", "in 平台客服/12 [昨天20:00] “不退” refused"),
    ("11-21 20:00 李: 补寄", "in 李 [11-21 20:00] “补寄” other"),
    ("2026-11-20 李：拒绝", "in 李 [2026-11-20] “拒绝” refused"),
    ("2 hours ago 李: refused", "in 李 [2 hours ago] “refused” refused"),
    ("李 20:15：退款", "in 李 [20:15] “退款” other"),
    ("20:15 李: 退款", "in 李 [20:15] “退款” other"),
    ("20：15 李：退款", "in 李 [20：15] “退款” other"),
    ("昨天20:00：没人接电话", "in - [昨天20:00] “没人接电话” none"),
    ("电话 李 主管 8842: 三天内答复", "in 李/主管/8842 @pdd_hotline_consumer “三天内答复” holding != < 三天内 11-25"),
    (
        "phone agent 7: will call back tomorrow",
        "in agent/7 @pdd_hotline_consumer “will call back tomorrow” holding != < tomorrow 11-23",
    ),
    ("@电话 客服：稍等", "in 客服 @pdd_hotline_consumer “稍等” holding"),
    ("@pdd_hotline_consumer 客服：稍等", "in 客服 @pdd_hotline_consumer “稍等” holding"),
    ("12315 王工: 已受理", "in 王工 @c12315 “已受理” decided"),
    ("12345：已转办", "in - @l12345 “已转办” holding"),
    ("PDD official chat 小王: 请提供照片", "in 小王 “请提供照片” asked"),
    ("@pigeon 李: hi", "in 李 “hi” holding ✗channel"),
    ("25:99 李: 退", "in 李 [25:99] “退” other ✗at"),
    ("11-31 李: 退", "in 李 [11-31] “退” other ✗at"),
    ("李: 退款; by someday", "in 李 “退款” holding != < by someday ✗due"),
    ("李: 退款; by Wedx", "in 李 “退款” holding != < by Wedx ✗due"),
    ("李: ok; by phone", "in 李 “ok; by phone” holding"),
    ("李: ; by Wed", "in 李 “” holding != < by Wed 11-25 ✗said"),
    ("李 主管 8842:", "in 李/主管/8842 “” holding ✗said"),
    ("李：已反馈；请等待", "in 李 “已反馈；请等待” holding"),
    ("李：会退款；承诺：三天内到账", "in 李 “会退款” holding !三天内到账 < 三天内 11-25"),
    ("李: ok; promise: refund 10 yuan; by Fri", "in 李 “ok” holding !refund 10 yuan < by Fri 11-27"),
    ("me: asked; 承诺: 三天内退款", "out - “asked” said !三天内退款 < 三天内 11-25"),
    ("李：七天无理由退货不支持", "in 李 “七天无理由退货不支持” refused"),
    ("李：已经等了3天了", "in 李 “已经等了3天了” holding"),
    ("李：请您3天内提供照片", "in 李 “请您3天内提供照片” asked"),
    ("李：审核通过后3个工作日内退款", "in 李 “审核通过后3个工作日内退款” holding"),
    ("李：最快周三退款，最晚周五到账", "in 李 “最快周三退款，最晚周五到账” holding !最晚周五到账 < 周五 11-27"),
    ("李：24小时客服在线", "in 李 “24小时客服在线” holding"),
    ("we will refund within 3 days", "in - “we will refund within 3 days” agreed != < within 3 days 11-25"),
    ("三天内退款", "in - “三天内退款” holding != < 三天内 11-25"),
    ("我问了退款进度", "out - “我问了退款进度” demand"),
    ("我们会退款", "in - “我们会退款” other"),
    ("处理方案：退款", "in - “处理方案：退款” other"),
    ("he said the following: no", "in - “he said the following: no” holding"),
    ("好的，处理方案: 退款", "in - “好的，处理方案: 退款” other"),
    ("https://x.y/z: a", "in - “https://x.y/z: a” holding"),
    ("12:30元不退", "in - “12:30元不退” refused"),
    ("客服12:30元不退", "in 客服/12 “30元不退” refused"),
    ("李 12: 30元不退", "in 李//12 “30元不退” refused"),
    (":x", "in - “:x” holding"),
    ("：", "in - “：” holding ✗said"),
    (";;;", "in - “;;;” holding ✗said"),
    ("李: 验证码是 483921", "in 李 “验证码是 483921” holding ✗said"),
    ("验证码: 是 483921", "in 验证码 “是 483921” holding ✗line"),
    ("李:第一行⏎第二行; by Wed", "in 李 “第一行⏎第二行” holding !第一行 第二行 < by Wed 11-25"),
    ("李\t主管\u3000８８４２：退款", "in 李/主管/8842 “退款” other"),
    ("ＬＩ ８８４２： ｏｋ", "in ＬＩ//8842 “ｏｋ” holding"),
    ("[b]李[/b]: [red]x[/red] {y} %s", "in [b]李[ b] “[red]x[/red] {y} %s” holding"),
    ("\u202e李: x\x1b[31my", "in 李 “xy” holding"),
    ("小A：同意退款；by yesterday", "in 小A/店铺客服 @merchant_chat “同意退款” agreed != < by yesterday ✗due"),
    ("me: refund please; by Wed", "out - “refund please; by Wed” demand"),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[str(number) for number in range(len(LINES))])
def test_a_line_is_read(line: str, expected: str) -> None:
    found = captured(line, kettle(), NOW)
    assert told(found) == expected
    if found.faults:
        with pytest.raises(Refused):
            found.contact(kettle().case, kettle().rules)
    else:
        new = found.contact(kettle().case, kettle().rules)
        assert (new.said, new.person, new.direction) == (found.said, found.person, found.direction)
        assert [(made.text, made.due_phrase) for made in new.promises] == (
            [(found.promise, found.due_phrase or None)] if found.promise else []
        )


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("me: refund please; by Wed", "11-25"),
        ("我：请退款；最晚周三", "11-25"),
        ("me: refund; by phone", None),
        ("me: refund please by Wed", None),
        ("me: refund; thanks", None),
        ("me: asked; promised: refund; by Wed", None),
        ("李: 退款; by Wed", None),
    ],
)
def test_a_day_behind_my_own_words_is_seen_and_stays_in_them(line: str, day: str | None) -> None:
    found = captured(line, kettle(), NOW)
    assert (f"{found.own_day.at:%m-%d}" if found.own_day is not None else None) == day
    assert day is None or (found.said == re.split("[:：]", line)[1].strip() and not found.due_phrase)


PIECES = (
    "李", "主管", "8842", "me", "我", "平台", "客服12", "小A", "昨天20:00", "20:15", "@pigeon", "@电话", ":", "：",
    " ", "，", "by", "Wed", "最晚周三", "承诺", "promise", "三天内", "退款", "不退", "refund", "within 3 days", "12",
    ";", "；", "“", "”",
    "⏎", "?", "我们", "工号", "no.", "http://x", "→", "\u202e", "ａ", "，请", "元", "-", "/", "11-31", "24:61",
)  # fmt: skip
ODD = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=60)


def lost(words: str, found: Captured) -> list[str]:
    """The words that are nowhere in what was read, but for those that say that something is promised."""
    kept = re.sub(r"\s+", " ", f"{found.said} {found.promise} {found.due_phrase}")
    told = re.sub(r"承诺|promise", " ", clean(words).replace(BREAK, "\n"))
    return [word for word in re.findall(r"[^\W_]+", told) if word not in kept]


@settings(max_examples=250, deadline=None)
@given(line=ODD)
def test_no_line_raises_and_no_word_behind_the_colon_is_lost(line: str) -> None:
    found = captured(line, kettle(), NOW)
    assert lost(re.split("[:：]", clean(line))[-1], found) == []
    completion(line, kettle().seen)


@settings(max_examples=150, deadline=None)
@given(words=st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_every_word_behind_a_name_is_said_or_is_by_when(words: str) -> None:
    found = captured(f"李 主管 8842: {words}", kettle(), NOW)
    assert found.person == Person(name="李", role="主管", staff_no="8842")
    assert lost(words, found) == []


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("小", "A："),
        ("平台 小", "A："),
        ("小A", ""),
        ("小A：小", ""),
        ("", ""),
        (" 小", ""),
        ("大", ""),
        ("me: 小", ""),
    ],
)
def test_a_known_name_completes_itself_before_the_colon(typed: str, rest: str) -> None:
    assert completion(typed, kettle().seen) == rest
