"""Widths are cells, tones are ours, and what passes the door is literal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich._wrap import divide_line
from rich.cells import cell_len
from textual._wrap import compute_wrap_offsets
from textual.content import Content

from pddtui.ui.show import Tone, block, cut, join, line, one_row, pad, plain, rich, width, wrap
from pddtui.ui.terminal import break_lines_as_written

mixed = st.text(st.sampled_from("中文，。（）、“ab c1-_ \n🇨👩é\u0301\u200d\ufe0f⚠") | st.characters(codec="utf-8"))


@given(mixed, st.integers(-2, 12), st.sampled_from(["left", "right", "center"]))
def test_padding_gives_exactly_the_cells_asked_for(text: str, cells: int, align: str) -> None:
    assert width(cut(text, cells)) <= max(0, cells)
    assert align in ("left", "right", "center")
    assert cell_len(pad(text, cells, "right" if align == "right" else "left")) == max(0, cells)
    assert one_row(line(text), cells, "center").cell_length == max(0, cells)


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("拼多多客服", 10, "拼多多客服"),
        ("拼多多客服", 9, "拼多多客…"),
        ("拼多多客服", 8, "拼多多…"),
        ("ab中", 3, "ab…"),
        ("a中文", 3, "a…"),
        ("中", 1, "…"),
        ("中", 0, ""),
        ("一\n二", 9, "一 二"),
        ("👩\u200d💻!", 5, "👩💻!"),
    ],
)
def test_a_cut_ends_in_an_ellipsis_and_never_halves_a_sign(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown


def test_padding_aligns_by_cells() -> None:
    assert [pad("中a", 6), pad("中a", 6, "right"), pad("中a", 6, "center")] == ["中a   ", "   中a", " 中a  "]


def test_tones_keep_their_places_through_cutting_and_padding() -> None:
    content = one_row(line("客服", (" 小明\n说", Tone.RED), "!"), 8)
    assert content.plain == "客服 小…"
    content = one_row(line(("客", Tone.AMBER), "服"), 7, "right")
    assert [(span.start, span.end, span.style) for span in content.spans] == [(3, 4, Tone.AMBER.value)]
    assert content.plain == "   客服"


def test_joining_leaves_out_what_is_empty() -> None:
    assert join(" · ", ["张三", "", ("客服", Tone.QUIET), ("", Tone.RED), plain("")]).plain == "张三 · 客服"
    assert join(" · ", []).plain == ""


def test_lines_stay_in_a_block_and_not_on_a_line() -> None:
    assert block("一\n二", ("\r\n三", Tone.QUIET)).plain == "一\n二\n三"
    assert line("一\n二").plain == "一 二"


def test_rich_text_holds_no_markup_and_only_weights() -> None:
    text = rich("[b]x[/b] ", ("overdue", Tone.RED), plain("[/]"))
    assert text.plain == "[b]x[/b] overdue[/]"
    assert [str(span.style) for span in text.spans] == ["bold"]


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 5, [""]),
        ("一\n\n二", 5, ["一", "", "二"]),
        ("说好三天内退款，没有退。", 8, ["说好三天", "内退款，", "没有退。"]),
        ("说好三天内，没有", 10, ["说好三天", "内，没有"]),
        ("他说（退款）好", 8, ["他说（退", "款）好"]),
        ("他说话（退款", 8, ["他说话", "（退款"]),
        ("refund within three days", 10, ["refund", "within", "three days"]),
        ("order 订单 20261122", 10, ["order 订单", "20261122"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("a  b", 3, ["a", "b"]),
    ],
)
def test_lines_break_between_words_and_as_chinese_print_does(text: str, cells: int, lines: list[str]) -> None:
    assert [each.plain for each in wrap(text, cells)] == lines


@given(mixed, st.integers(2, 20))
def test_wrapping_loses_nothing_but_blanks_and_fits(text: str, cells: int) -> None:
    lines = [each.plain for each in wrap(text, cells)]
    assert all(cell_len(each) <= cells for each in lines)
    assert "".join(lines).replace(" ", "") == plain(text).plain.replace(" ", "").replace("\n", "")


def test_wrapping_keeps_the_tones() -> None:
    first, second = wrap(line("abc ", ("退款退款", Tone.RED)), 6)
    assert [(s.start, s.end) for s in first.spans] == [(4, 5)]
    assert [(s.start, s.end) for s in second.spans] == [(0, 3)]
    assert isinstance(first, Content)


def test_textual_breaks_a_chinese_text_as_the_desk_does() -> None:
    text = "对方的期限还没到，请在 App 里查看倒计时，先等。"
    break_lines_as_written()
    ours = [line.plain for line in wrap(text, 14)]
    cuts = [0, *compute_wrap_offsets(text, 14, 4), len(text)]
    assert [text[start:end].rstrip() for start, end in pairwise(cuts)] == ours
    cuts = [0, *divide_line(text, 14), len(text)]
    assert [text[start:end].rstrip() for start, end in pairwise(cuts)] == ours
