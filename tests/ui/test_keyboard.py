"""What a terminal sends: only what somebody can have pressed, clicked or pasted goes on, however it comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import AppBlur, AppFocus, Key, MouseDown, Paste
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from pddtui.ui.keyboard import (
    AFTERMATH,
    BURST,
    MOST_PASTED,
    REJOINED,
    REST,
    Keyboard,
    LegacyMouse,
    TerminalBackground,
)

DELAY = 0.1
"""Seconds that an Escape waits here."""

ANSWERS = {
    "colour": "\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\",
    "colour with a bell": "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "palette": "\x1b]4;7;rgb:cccc/cccc/cccc\x1b\\",
    "clipboard": "\x1b]52;c;YiBEIFggdSBV\x07",
    "title": "\x1b]lD b u X\x1b\\",
    "name": "\x1bP>|tmux 3.3a\x1b\\",
    "unit": "\x1bP!|7E565445\x1b\\",
    "capability": "\x1bP1+r524742=38\x1b\\",
    "setting": "\x1bP1$r0;1;31m\x1b\\",
    "graphics": "\x1b_Gi=31;OK D b X\x1b\\",
    "private message": "\x1b^D b X\x1b\\",
    "start of string": "\x1bXD b X\x1b\\",
    "eight bits": "\x9d11;rgb:0c0c/0c0c/0c0c\x9c",
    "attributes": "\x1b[?62;22;52c",
    "second attributes": "\x1b[>84;0;0c",
    "kitty flags": "\x1b[?25u",
    "colour scheme": "\x1b[?997;1n",
    "size in cells": "\x1b[8;36;120t",
    "size in pixels": "\x1b[4;720;1200t",
    "size unasked": "\x1b[48;10;20;100;200t",
    "cursor": "\x1b[12;40R",
    "cursor in the first row": "\x1b[1;5R",
    "mode": "\x1b[?2048;2$y",
    "status": "\x1b[0n",
    "stray end of a paste": "\x1b[201~",
    "no character": "\x1b[55296;1u",
    "beyond Unicode": "\x1b[1114112;1u",
    "key let go": "\x1b[97;1:3u",
    "sequence that is none": "\x1b[1$D",
}
answers = pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())


def sent(*reads: str, keyboard: Keyboard | None = None, apart: float = 0.0) -> list[Message]:
    """What the reads bring, one after another, and the rest behind them."""
    keyboard = keyboard or Keyboard(DELAY)
    found: list[Message] = []
    now = 100.0
    for read in reads:
        if (due := keyboard.deadline) is not None and now >= due:
            found += keyboard.rest(due)
        found += keyboard.feed(read, now)
        now += apart
    while (due := keyboard.deadline) is not None:
        found += keyboard.rest(max(now, due))
    return found


def words(found: Iterable[Message]) -> list[str]:
    """Keys by their names, pastes in quotation marks, the others by their kind."""
    return [
        each.key if isinstance(each, Key) else f"“{each.text}”" if isinstance(each, Paste) else type(each).__name__
        for each in found
    ]


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@answers
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_an_answer_is_no_key_whole_or_in_pieces(answer: str, size: int) -> None:
    assert words(sent("a", *pieces(answer, size), "b")) == ["a", "b"]
    assert words(sent(f"a{answer}b{answer}")) == ["a", "b"]


@answers
def test_an_answer_that_comes_slowly_is_no_key(answer: str) -> None:
    assert words(sent(answer[:4], answer[4:], "b", apart=REST * 0.9)) == ["b"]


@answers
def test_an_answer_without_an_end_costs_no_key_that_is_typed_after_a_rest(answer: str) -> None:
    for length in range(2, len(answer)):
        keyboard = Keyboard(DELAY)
        assert words(sent(answer[:length], keyboard=keyboard)) == []
        assert keyboard.deadline is None
        assert words(sent("q", "\x11", keyboard=keyboard)) == ["q", "ctrl+q"]


@pytest.mark.parametrize("answer", [text for text in ANSWERS.values() if text.startswith("\x1b]") or "P>" in text])
def test_the_tail_of_an_answer_is_no_key(answer: str) -> None:
    """Another program has read the beginning, or it came before this one did."""
    tails = [answer[at:] for at in range(1, len(answer) - 1)]
    meant = [tail for tail in tails if tail.endswith("\x1b\\") or "b:" in tail or re.match("\\]\\d", tail)]
    assert meant
    for tail in meant:
        assert words(sent(tail, "q")) == ["q"], tail


@pytest.mark.parametrize("tail", ["?62;22;52c", "[?997;1n", "[8;36;120t", "8;36;120t", "[12;40R", ">84;0;0c"])
def test_the_tail_of_an_answer_of_numbers_is_no_key(tail: str) -> None:
    assert words(sent(tail, "q")) == ["q"]


@answers
def test_an_answer_behind_an_escape_that_was_taken_for_a_key_is_none(answer: str) -> None:
    if answer[0] == "\x1b" and answer[1] not in "X^" and answer[2] != "l":
        assert words(sent("\x1b", answer[1:], "b", apart=0.15)) == ["escape", "b"]


def test_an_escape_waits_as_long_as_it_is_told() -> None:
    keyboard = Keyboard(0.7)
    assert words(keyboard.feed("\x1b", 5.0)) == []
    assert keyboard.deadline == pytest.approx(5.7)
    assert words(keyboard.feed("[D", 5.69)) == ["left"]
    assert keyboard.deadline is None


@pytest.mark.parametrize(
    ("reads", "keys"),
    [
        (["\x1b", "[D"], ["escape", "left"]),
        (["\x1b", "[", "D"], ["escape", "left"]),
        (["\x1b", "[3~"], ["escape", "delete"]),
        (["\x1b", "OD"], ["escape", "left"]),
        (["\x1b", "[1;5D"], ["escape", "ctrl+left"]),
        (["\x1b[", "D"], ["left"]),
        (["\x1bO", "D"], ["left"]),
        (["\x1b", "D"], ["escape", "D"]),
        (["\x1b", "O"], ["escape", "O"]),
        (["\x1b", "[", "x"], ["escape", "left_square_bracket", "x"]),
        (["\x1b", "["], ["escape", "left_square_bracket"]),
        (["\x1b", "Xiaomi"], ["escape", *"Xiaomi"]),
        (["\x1b", "Pinduoduo"], ["escape", *"Pinduoduo"]),
    ],
)
def test_the_second_half_of_a_key_is_not_typed(reads: list[str], keys: list[str]) -> None:
    """A slow line lets 150 ms pass between an Escape and what belongs to it."""
    assert words(sent(*reads, apart=0.15)) == keys


def test_a_bracket_long_after_an_escape_is_typed() -> None:
    assert words(sent("\x1b", "[D", apart=REJOINED + DELAY)) == ["escape", "left_square_bracket", "D"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("\x1b", ["escape"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("\x1b[A\x1bOB\x1b[Z", ["up", "down", "shift+tab"]),
        ("\x1bOP\x1b[15~\x1b[[A\x1b[6~", ["f1", "f5", "f1", "pagedown"]),
        ("\x1b[1;5D\x1b[3~", ["ctrl+left", "delete"]),
        ("\x1b[97u\x1b[97;1;97u\x1b[27u\x1b[13u\x1b[115;5u", ["a", "a", "escape", "enter", "ctrl+s"]),
        ("\x1b[100;2;68u", ["D"]),
        ("\x1ba", ["alt+a"]),
        ("\x1b\x7f", ["ctrl+w"]),
        ("\x03\x11\x13\x1a\r\t\x7f", ["ctrl+c", "ctrl+q", "ctrl+s", "ctrl+z", "enter", "tab", "backspace"]),
        ("字、", ["字", "ideographic_comma"]),
        ("\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
        ("\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
        ("\x1b[<0;5;1M\x1b[<0;5;1m", ["MouseDown", "MouseUp"]),
        ("\x1b[M!!!a", ["a"]),
        ("\x1b]11;rgb:0c\x11", ["ctrl+q"]),
        ("\x1b[12;\x11", ["ctrl+q"]),
        ("\x1b[12;字", ["字"]),
        ("\x1b]11;\x1b[A", ["up"]),
    ],
)
def test_a_key_is_a_key(text: str, keys: list[str]) -> None:
    assert words(sent(text)) == keys
    assert words(sent(*text)) == keys


def test_what_a_key_types_comes_with_it() -> None:
    (key,) = sent("\x1b[100;2;68u")
    assert isinstance(key, Key)
    assert key.character == "D"
    assert [type(each) for each in sent("\x1b[I\x1b[O")] == [AppFocus, AppBlur]
    assert isinstance(sent("\x1b[<0;5;1M")[0], MouseDown)
    assert isinstance(sent("\x1b[?2026;1$y")[0], TerminalSupportsSynchronizedOutput)


TYPED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs"], exclude_characters="[]?<>:;"))


@given(st.lists(TYPED, max_size=6))
def test_whatever_is_typed_arrives_and_in_order(reads: list[str]) -> None:
    found = [each.character for each in sent(*filter(None, reads)) if isinstance(each, Key)]
    assert "".join(each or "" for each in found) == "".join(reads)


@pytest.mark.parametrize(
    "text",
    ["2026/11/25", "[1]", "a:b", "rgb", "8;36", "]", "Oh [D] no", "他说：“3个工作日内”\r", "l王工\tx\x13", "1\r2"],
)
def test_what_comes_at_once_can_be_typed(text: str) -> None:
    """A slow line and an input method bring several characters together."""
    assert all(isinstance(each, Key) for each in sent(text))
    assert len(sent(text)) == len(text)


@given(st.lists(st.sampled_from([*ANSWERS.values(), "j", "字", "\x1b[A", "\x11"]), max_size=8), st.data())
def test_answers_between_keys_are_dropped_however_they_are_split(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    reads = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    expected = [{"\x1b[A": "up", "\x11": "ctrl+q"}.get(part, part) for part in parts if part not in ANSWERS.values()]
    assert words(sent(*filter(None, reads))) == expected


@given(st.lists(st.text(st.sampled_from("\x1b[]OPX_^\\?<>=0129;:$uMRt~ADbq\x07\x9b\x9d\r\n字\udc9b"), max_size=20)))
def test_nothing_that_comes_breaks_it_or_keeps_it_busy(reads: list[str]) -> None:
    keyboard = Keyboard(DELAY)
    sent(*reads, keyboard=keyboard)
    assert keyboard.deadline is None
    assert words(sent("\x11", keyboard=keyboard))[-1] == "ctrl+q"


# Pastes

START, END = "\x1b[200~", "\x1b[201~"


@given(st.lists(st.sampled_from([*"a\x1b[20~1", START, END, "字 b", "\x1b[31m"])), st.data())
def test_pastes_are_cut_out_however_they_are_split(parts: list[str], data: st.DataObject) -> None:
    text = f"{START}x{''.join(parts)}{END}"
    cuts = sorted(data.draw(st.lists(st.integers(1, len(text)), max_size=6)))
    reads = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = [each.text for each in sent(text) if isinstance(each, Paste)]
    assert whole[0] == text[len(START) : text.index(END)]
    split = [each.text for each in sent(*filter(None, reads)) if isinstance(each, Paste)]
    assert split[0] == whole[0]


@pytest.mark.parametrize("length", [0, 1, 3, 5])
def test_a_paste_without_an_end_is_handed_over_after_a_rest(length: int) -> None:
    keyboard = Keyboard(DELAY)
    assert sent(f"{START}他说：", "明天" + END[:length], keyboard=keyboard)[0].text == f"他说：明天{END[:length]}"  # type: ignore[attr-defined]
    assert keyboard.deadline is None
    assert words(sent("\x11", keyboard=keyboard)) == ["ctrl+q"]
    assert words(sent(f"{START}b{END}", keyboard=keyboard)) == ["“b”"]
    assert sent(START, keyboard=keyboard) == [], "an empty one says nothing"


def test_a_paste_waits_for_its_end_while_it_goes_on() -> None:
    assert words(sent(f"{START}a", "b", "c", f"d{END}", apart=REST * 0.9)) == ["“abcd”"]


def test_a_paste_that_stalled_is_not_typed_when_it_goes_on() -> None:
    rest = "退款 " * BURST
    keyboard = Keyboard(DELAY)
    keyboard.feed(START + "a", 1.0)
    assert words(keyboard.rest(1.0 + REST)) == ["“a”"]
    assert words(keyboard.feed(rest, 2.0)) == [f"“{rest}”"]
    assert words(keyboard.feed("b", 2.1)) == ["b"]
    assert words(keyboard.feed(f"D b\r{END}", 4.0)) == ["“D b\r”"]
    assert words(keyboard.feed("q" * BURST, 4.1)) == ["q"] * BURST
    keyboard.feed(START + "a", 5.0)
    keyboard.rest(5.0 + REST)
    assert words(keyboard.feed("q" * BURST, 5.6 + AFTERMATH)) == ["q"] * BURST


def test_a_paste_without_measure_is_handed_over_in_parts() -> None:
    keyboard = Keyboard(DELAY)
    text = "ab" * (MOST_PASTED // 2 + 10)
    parts = [each.text for each in sent(START, *pieces(text, 4096), END, keyboard=keyboard) if isinstance(each, Paste)]
    assert "".join(parts) == text
    assert len(parts) == 2
    assert max(map(len, parts)) < MOST_PASTED + 4096


@pytest.mark.parametrize("line", ["\r", "\n", "\r\n", "\r\r"])
def test_several_lines_at_once_are_a_paste(line: str) -> None:
    text = f"第一行{line}第二行\t{line}last one{line}"
    assert words(sent(text)) == [f"“{text}”"]


@given(st.lists(st.binary(max_size=4) | st.sampled_from([b"\x1b[M#\xff\x80", b"\x1b", b"[M", b"\x1b[", "字".encode()])))
def test_a_legacy_report_is_found_however_it_is_split(reads: Sequence[bytes]) -> None:
    whole, split = LegacyMouse(), LegacyMouse()
    together = whole.sift(b"".join(reads))
    assert b"".join(split.sift(read) for read in reads) == together
    assert together == re.sub(rb"(?s)(\x1b\[M)(.{1,3})", lambda found: found[1] + b"!" * len(found[2]), b"".join(reads))


LIGHT = "\x1b]11;rgb:fafa/fafa/f7f7\x1b\\"


@pytest.mark.parametrize(
    ("answer", "dark"),
    [
        (LIGHT, False),
        ("\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\", True),
        ("\x1b]11;rgb:ff/ff/ff\x07", False),
        ("\x1b]11;RGB:0/0/8\x07", True),
        ("\x1b]11;rgba:ffff/ffff/ffff/ffff\x1b\\", False),
        ("\x9d11;rgb:1515/1818/1c1c\x9c", True),
        ("\x1b]11;rgb:fdf6/e3e3/d5d5\x1b\\", False),
        ("\x1b]11;rgb:0000/2b2b/3636\x1b\\", True),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_what_the_terminal_says_of_its_background_is_heard_once_when_it_was_asked(
    answer: str, dark: bool, size: int
) -> None:
    keyboard = Keyboard(DELAY)
    keyboard.background_until = 200.0
    found = sent("a", *pieces(answer, size), "b", answer, keyboard=keyboard)
    said = [each.dark for each in found if isinstance(each, TerminalBackground)]
    assert (said, words(found)) == ([dark], ["a", "TerminalBackground", "b"])


def test_a_late_answer_is_swallowed_and_so_is_one_to_another_question() -> None:
    late = Keyboard(DELAY)
    late.background_until = 50.0
    assert words(sent(LIGHT, "b", keyboard=late)) == ["b"]
    for other in (*ANSWERS.values(), "\x1b]11;?\x1b\\", "\x1b]11;rgb:zz/zz/zz\x1b\\", "\x1bP11;rgb:ff/ff/ff\x1b\\"):
        if "]11;rgb:0c" not in other and "\x9d" not in other and "[201~" not in other:
            keyboard = Keyboard(DELAY)
            keyboard.background_until = 200.0
            assert words(sent(f"a{other}", "b", keyboard=keyboard)) == ["a", "b"], other
            assert words(sent(LIGHT, keyboard=keyboard)) == ["TerminalBackground"]
