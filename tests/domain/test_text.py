"""What others wrote is made inert at the border, and says the same as before."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.text import (
    bare_number,
    clean,
    decoded,
    fold,
    halfwidth,
    inert_json,
    may_break,
    one_line,
    pieces,
    tags_in,
)

HARMFUL = [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xD800, 0xDBFF, 0xDC00, 0xDFFF]
HARMFUL += [0x61C, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0xAD, 0x3164, 0xE0041]
HARMFUL += [*range(0x202A, 0x202F), *range(0x2060, 0x2070)]
POOL = "".join(map(chr, [*HARMFUL[:64], *HARMFUL[-32:]]))
POOL += "e\u0301\u0327\u200d\ufe0f\u2642👩💻中，。[;m\\ \n\r\t\ud83d가각"
anything = st.one_of(st.text(), st.text(st.sampled_from(POOL)), st.text(st.characters(codec=None, categories=None)))


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
    assert fold(fold(text)) == fold(text)


@given(anything)
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    left = clean(text)
    assert not {ord(sign) for sign in left} & set(HARMFUL)
    assert not [sign for sign in left if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign != "\n"]
    left.encode("utf-8")


@given(anything)
def test_nothing_is_added_beyond_what_nfc_spells_out(text: str) -> None:
    assert len(clean(text)) <= len(text) or unicodedata.normalize("NFC", text) != text


CHINESE = "，。！？：；「」『』（）《》、…—～　￥ＡＢ１２abc\n"


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from(CHINESE)))
def test_chinese_with_its_punctuation_and_full_width_forms_stays_as_written(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("code", HARMFUL)
def test_each_harmful_character_is_taken_out_of_the_middle_of_a_word(code: int) -> None:
    assert clean(f"客{chr(code)}服") in ("客服", "客\n服", "客 服", "客\ufffd服")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一\r\n二\r三\u2028四\u2029五\x0b六\x0c七\x85八", "一\n二\n三\n四\n五\n六\n七\n八"),
        ("左\t右", "左 右"),
        ("\x1b[1;31m红\x1b[0m", "红"),
        ("\x9b31m红", "红"),
        ("\x1b]52;c;ZXZpbA==\x07付款", "]52;c;ZXZpbA==付款"),
        ("退款\u202e00.98\u202c元", "退款00.98元"),
        ("p\u200ba\u00ady", "pay"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
        ("cafe\u0301", "café"),
        ("Z" + "\u0301\u0302\u0303\u0304\u0305\u0306" * 9 + "!", "Ź\u0302\u0303\u0304\u0305!"),
        ("👩\u200d💻 ❤\ufe0f\u200d🔥 👋🏽", "👩\u200d💻 ❤\ufe0f\u200d🔥 👋🏽"),
        ("pay\u200dpal 👩\u200d\u200d💻\u200d", "paypal 👩\u200d💻"),
        ("葛\U000e0100\U000e0101城 \ufe0f", "葛\U000e0100城 "),
        ("退\u200d款 ©\u200d®", "退款 ©®"),
        ("①Ａ２㈱", "①Ａ２㈱"),
    ],
)
def test_what_each_kind_of_trick_becomes(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_one_line_holds_no_newline_and_no_blank_at_its_ends() -> None:
    assert one_line("　\n 催促\r\n第二次 \t") == "催促 第二次"


def test_searching_ignores_case_and_full_width() -> None:
    assert halfwidth("ＡＢ１２：！　￥") == "AB12:! ¥"
    assert fold("ＳＦ快递 ABC") == "sf快递 abc"
    assert fold("。、「」") == "。、「」"


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", ()),
        (" ，, ;", ()),
        ("urgent", ("urgent",)),
        ("urgent, 妈妈的、急；keep", ("urgent", "妈妈的", "急", "keep")),
        ("#urgent, Urgent,ＵＲＧＥＮＴ", ("urgent",)),
        ("＃ＡＢ", ("AB",)),
        ("two words\nmore", ("two words more",)),
        ("a\x1b[31m,#", ("a",)),
    ],
)
def test_tags_are_read_from_one_text_each_once(typed: str, tags: tuple[str, ...]) -> None:
    assert tags_in(typed) == tags_in(*typed.split(",")) == tags


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("订单号：２６１１０２-123456789012345", "261102-123456789012345"),
        ("订单编号: 261102-1 复制", "261102-1"),
        ("订单号：单号：123", "123"),
        ("快递单号是YT123", "YT123"),
        ("运单号ＹＴ１２３", "YT123"),
        ("平台工单号：T-88", "T-88"),
        ("登记编号：C310。", "C310"),
        ("（工号：3307）", "3307"),
        ("工号3307", "3307"),
        ("3307号", "3307"),
        ("Order No: 261109-1", "261109-1"),
        ("order number 2611", "2611"),
        ("Staff no.: 07", "07"),
        ("Ticket #55", "55"),
        ("#3307", "3307"),
        ("案号：（2026）粤01民初123号", "（2026）粤01民初123号"),
        ("京市监投〔2026〕123号", "京市监投〔2026〕123号"),
        ("261109-***********0101", "261109-***********0101"),
        ("编号：待补", "编号：待补"),
        ("ID12345", "ID12345"),
        ("12:30", "12:30"),
        ("客服8号", "客服8号"),
        ("", ""),
    ],
)
def test_a_number_loses_what_was_pasted_with_it_and_nothing_else(pasted: str, number: str) -> None:
    assert bare_number(pasted) == number


@given(st.one_of(anything, st.text(st.sampled_from("订单号工编No. #：:（）12Aa１Ａ复制，。"))))
def test_a_bare_number_stays_as_it_is_and_is_never_emptied(text: str) -> None:
    bare = bare_number(text)
    assert bare_number(bare) == bare
    assert bool(bare) == bool(one_line(text))
    assert len(bare) <= len(text)


def shown_in(text: str, cells: int) -> list[str]:
    """The text in lines, as every face breaks it."""
    lines = [""]
    for start, end in pieces(text):
        if lines[-1] and len((lines[-1] + text[start:end]).rstrip().encode("gbk")) > cells:
            lines.append("")
        lines[-1] += text[start:end]
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("对方的期限还没到", 6, ["对方的", "期限还", "没到"]),
        ("在 App 里处理", 8, ["在 App", "里处理"]),
        ("在App里处理", 8, ["在App里", "处理"]),
        ("先等，期限未到", 4, ["先", "等，", "期限", "未到"]),
        ("他说：“三天内退款。”", 6, ["他说：", "“三天", "内退", "款。”"]),
        ("见《消费者权益保护法》第五十五条", 10, ["见《消费者", "权益保护", "法》第五十", "五条"]),
        ("等等……再说", 6, ["等", "等……", "再说"]),
        ("投诉——举报", 6, ["投", "诉——", "举报"]),
        ("质量/假货", 6, ["质", "量/假", "货"]),
        ("买买提·艾力", 6, ["买买", "提·艾", "力"]),
        ("涨了30%以上", 6, ["涨了", "30%以", "上"]),
        ("3个工作日内", 6, ["3个工", "作日内"]),
        ("wait for them", 8, ["wait for", "them"]),
        ("read-only (really)", 9, ["read-only", "(really)"]),
        ("(见附件)后", 4, ["(见", "附", "件)", "后"]),
    ],
)
def test_a_line_ends_between_words_and_anywhere_in_a_run_of_han_by_the_rules(
    text: str, cells: int, lines: list[str]
) -> None:
    assert shown_in(text, cells) == lines


@given(st.text(st.sampled_from("期限，。“”（） aA/·—…👍🏽\u200d\ufe0f🇨🇳é\u0301\t\n"), max_size=12))
def test_pieces_are_the_whole_text(text: str) -> None:
    cut = [text[start:end] for start, end in pieces(text)]
    assert "".join(cut) == text
    assert all(cut)
    ends = {end for _, end in pieces(text)}
    assert ends <= {len(text)} | {place for place in range(len(text)) if may_break(text, place)}


@pytest.mark.parametrize("picture", ["👍🏽", "👩\u200d🔧", "❤️", "🇨🇳", "e\u0301"])
def test_a_picture_is_never_cut(picture: str) -> None:
    assert len(list(pieces(picture))) == 1


WRITTEN = [
    "亲，退款89元", "系统", "平台", "凭证", "食品", "失效", "缺失", "山寨", "什么时候", "Привет, мир", "Ελλάδα",
    "שלום", "مرحبا", "café naïve", "cafe\u0301", "¥12 ± 5 × 3", "Straße Привет", "plain\r\nlines\t",
    "nǐ hǎo, lǎoshī", "Ești bine?", "ʃəˈreɪd", "", "👨‍👩‍👧",
]  # fmt: skip
"""Among them words whose GB18030 is valid UTF-8, of letters that no language mixes."""


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_text_is_read_in_the_encoding_it_has(text: str, encoding: str) -> None:
    if encoding == "gb18030" and not any("一" <= char <= "鿿" for char in text):
        text = f"中文：{text}"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_line_ends(encoding: str) -> None:
    assert decoded("时间,内容\n2026-11-16,退款\n".encode(encoding)) == "时间,内容\n2026-11-16,退款\n"


@pytest.mark.parametrize(
    "content",
    [
        b"\0",
        b"PK\x03\x04\0\0\x08",
        b"\xff\xff",
        b"\xff\xfea",
        "商家说三个工作日内退款".encode().replace("退".encode(), b"\xe9\x80"),
        b"\x00\xd8\x00\x00",
    ],
)
def test_what_is_no_text_is_not_taken_for_one(content: bytes) -> None:
    with pytest.raises(UnicodeError):
        decoded(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    with suppress(UnicodeError):
        assert isinstance(decoded(content), str)


@given(anything)
def test_json_of_any_text_acts_on_no_terminal_and_says_the_same(text: str) -> None:
    document = msgspec.json.encode([text.encode("utf-8", "replace").decode()])
    inert = inert_json(document)
    assert msgspec.json.decode(inert) == msgspec.json.decode(document)
    assert not {ord(char) for char in inert.decode()} & {*range(0x20), *HARMFUL, 0x7F}


def test_json_that_is_plain_is_not_even_copied() -> None:
    document = msgspec.json.encode({"said": "退款89元，“好的” — 👍"})
    assert inert_json(document) is document
