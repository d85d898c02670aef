"""Whatever is pasted: nothing is raised, and of a chat nothing is lost.

The pastes of `pastes.yaml` are gnawed at, glued and blown up; the same mutants in every run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pddtui.domain.phrases.shown import CLOCK_SHOWN, DAY_SHOWN
from pddtui.domain.text import clean, fold
from pddtui.errors import BadInput
from pddtui.services.pasting.proposal import PasteProposal
from pddtui.services.pasting.reading import PICTURE
from pddtui.services.pasting.taking import groups_of, take
from tests.domain.build import case
from tests.services.test_pasting import CORPUS, Entry, House, answered, proposed, proposed_entry

MARKS = (
    *("\0", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\r\n", "\r", "\t", "\u3000", "\ud800", "\n\n\n", "\f"),
    *("：", ":", "【", "】", "[", ")", "「", "——", "- - -", "====", ">", "@", "#", "{name}", "{", "%s", "\\1"),
    *("2026-11-03 10:21:05 ", " 10:21", "昨天 15:20", "11月12日 上午10:21", "99:99", "2026-02-30 25:61:61", "12 AM"),
    *("订单编号：", "商品：", "From: ", "Date: ", "MIME-Version: 1.0", "我：", "验证码482913", "[图片: x.jpg]", "案号"),
    *("9" * 400, "（" * 60, "A" * 300, "哈" * 300, "🌸", "e\u0301" * 8),
)  # fmt: skip
PASTES = [entry.paste for entry in CORPUS]
BARE = case()


def mutant(text: str, chance: random.Random) -> str:
    """The paste with a few things done to it that a hand, a clipboard or an attacker does."""
    for _ in range(chance.randint(1, 3)):
        lines, at = text.split("\n"), chance.randrange(len(text) + 1)
        match chance.randrange(9):
            case 0:
                text = text[:at] + text[at + chance.choice((1, 2, 8, 64)) :]
            case 1:
                text = text[:at] + text[at : at + 40] * 2 + text[at + 40 :]
            case 2:
                chance.shuffle(lines)
                text = "\n".join(lines)
            case 3:
                text = text + chance.choice(("", "\n", "\n\n")) + chance.choice(PASTES)
            case 4:
                text = text[:at] + chance.choice(MARKS) + text[at:]
            case 5:
                text = text[at:]
            case 6:
                text = "\n".join(reversed(lines))
            case 7:
                text = "\n".join(line for line in lines if line.strip())
            case _:
                del lines[chance.randrange(len(lines))]
                text = "\n".join(lines)
    return text


def mutants(times: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311 - the same mutants in every run
    for _ in range(times):
        yield mutant(chance.choice(PASTES), chance)


def looked_at(text: str, *me: str) -> PasteProposal:
    """Everything that is read of a paste before it is taken."""
    proposal = proposed(text, BARE, me)
    for at in range(len(proposal.messages)):
        proposal.meaning(at)
    assert [at for group in groups_of(proposal) for at in group.places] == [
        at for at, message in enumerate(proposal.messages) if message.taken
    ]
    answered(proposal)
    return proposal


def wrong_in(proposal: PasteProposal) -> list[str]:
    """What acts on a terminal, and messages of no words."""
    shown = [*proposal.unread, *(one.said for one in proposal.messages), *(one.name for one in proposal.messages)]
    shown += [value for _, value in proposal.page.facts() if isinstance(value, str)]
    return [each for each in shown if clean(each) != each] + [one.name for one in proposal.messages if not one.said]


_MOMENT = re.compile(
    rf"(?:[a-z]{{3}}, )?(?:{DAY_SHOWN})(?: at |[\sT,，]{{0,3}}){CLOCK_SHOWN}|{DAY_SHOWN}|{CLOCK_SHOWN}", re.IGNORECASE
)
_PICTURE = re.compile(
    r"\[(?:图片|圖片|照片|Photo|Image|Picture)(?:\s?[:：][^\]\n]{0,160})?\]|<图片>|image omitted|\ufffc", re.IGNORECASE
)
_ACCOUNT = re.compile(r"[(（<〈][^()（）<>《》\n]{1,60}[)）>〉]\s*$")
_SENDERS_NUMBER = re.compile(r"(?m)^\s*(?:\+?86 ?)?1?\d{3,20}\s*\n\s*(?=[【\[])")
_FURNITURE = re.compile(
    "(?:消息记录（此|消息分组|消息对象|聊天记录如下|微信聊天记录).*|消息记录|(?:点击)?复制(?:链接)?|收起|展开|copy|.*的聊天记录|日期",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Letters and digits, as blanks, marks and signs may be written in another way."""
    return "".join(char for char in fold(text) if char.isalnum())


def letters(text: str) -> str:
    """Chinese alone, where numbers and codes may have been blotted out."""
    return re.sub(r"[a-z\d]", "", plain(text))


def lost_lines(text: str, proposal: PasteProposal) -> list[str]:
    """The lines of a chat that stand nowhere: in no words, in no head of a message, not among what was not understood.

    What is known to say nothing may go: furniture, a moment and nothing else, the number that a text message came from.
    """
    text = _SENDERS_NUMBER.sub("", text)
    named = _PICTURE.sub(PICTURE, clean(text))
    told = letters if proposal.secrets else plain
    kept = {told(line) for one in proposal.messages for line in one.said.split("\n")}
    kept |= {"", *map(told, proposal.unread)}
    heads = {(one.name, told(one.said.split("\n")[0])) for one in proposal.messages if one.name}
    return [
        line
        for line in map(str.strip, named.split("\n"))
        if told(line) not in kept
        and told(_MOMENT.sub("", fold(line).strip(" —-"), count=1)) != ""
        and not _FURNITURE.fullmatch(line)
        and not any(name in line and _is_head(line, name, first, told) for name, first in heads)
    ]


def _is_head(line: str, name: str, first: str, told: Callable[[str], str]) -> bool:
    """Whether the line is a name, with its moment, its account and its first words, or without any of them."""
    without = [line, _MOMENT.sub("", line, count=1)]
    without = [each.replace(name, " ", 1) for each in without if name in each]
    without += [_MOMENT.sub("", each, count=1) for each in without]
    without += [_ACCOUNT.sub("", each) for each in without]
    return any(told(each) in ("", first) for each in without)


@pytest.mark.parametrize("times", [600, pytest.param(30_000, marks=pytest.mark.slow)])
def test_nothing_that_is_pasted_raises_anything_and_no_line_of_a_chat_is_lost(times: int) -> None:
    kinds: set[str] = set()
    for text in mutants(times, 20261130):
        looked_at(text)
        proposal = looked_at(text, "阿明")
        kinds.add(proposal.kind)
        assert wrong_in(proposal) == [], text
        assert proposal.kind in ("mail", "order") or lost_lines(text, proposal) == [], text
    assert kinds == {"chat", "notice", "mail", "order", "text"}


@pytest.mark.parametrize(
    "entry", [entry for entry in CORPUS if entry.wants.get("kind") == "chat"], ids=lambda entry: entry.id
)
def test_a_message_that_were_lost_would_be_missed(entry: Entry) -> None:
    """The look for lost lines is no use if it finds none."""
    proposal = proposed_entry(entry)
    assert lost_lines(entry.paste, proposal) == []
    said = [plain(_MOMENT.sub("", message.said)) for message in proposal.messages]
    for at in range(len(said)):
        whole = list(proposal.messages)
        del proposal.messages[at]
        if said[at] and said[at] not in said[:at] + said[at + 1 :]:  # neither a face nor a time, and said only once
            assert lost_lines(entry.paste, proposal) != []
        proposal.messages = whole


def test_what_was_taken_of_a_chat_with_its_times_is_not_new_again() -> None:
    taken = 0
    for text in mutants(200, 20261201):
        house = House()
        proposal = house.propose(text)
        decided = [at for at, message in enumerate(proposal.messages) if message.taken and message.timed]
        if not decided or proposal.secrets:
            continue
        house.case = take(proposal, house.book).case
        taken += 1
        again = house.propose(text)
        assert [again.messages[at].said for at in decided if not again.messages[at].there] == [], text
    assert taken > 50


LETTERS = st.text(max_size=60)
LINES = st.lists(
    st.sampled_from(MARKS) | st.sampled_from([line for paste in PASTES for line in paste.split("\n")]) | LETTERS,
    max_size=14,
)


@settings(max_examples=150)
@given(
    LETTERS
    | LINES.map("\n".join)
    | LINES.map("".join)
    | st.binary(max_size=200).map(lambda raw: raw.decode("gb18030", "replace"))
)
@example("")
@example("\n")
@example(":\n：")
@example("【】")
@example("10:21")
@example("From:\nDate:\n")
@example("MIME-Version: 1.0\nFrom: a@b.example\nContent-Type: text/plain; charset=no-such\n\n\ud800")
@example("MIME-Version: 1.0\nContent-Type: multipart/mixed\nFrom: =?x?b?!!!?=\n\n--\n")
@example("甲 9999-12-31 23:59:59\n乙 0001-01-01 00:00:00\n")
def test_any_text_can_be_pasted(text: str) -> None:
    proposal = looked_at(text, "阿明")
    assert wrong_in(proposal) == []
    assert proposal.kind in ("mail", "order") or lost_lines(text, proposal) == []


HUGE = 120_000


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "：",
            "【",
            "[",
            "(",
            "「",
            "「\n",
            "\n",
            " ",
            "9",
            "a: ",
            "甲：乙\n",
            "10:21 ",
            "2026-11-03 ",
            "昨天 15:20\n",
        ),
        *(
            "【拼多多】已受理",
            "订单编号：",
            "订单编号：261101-1234567\n",
            "验证码 ",
            "验证码1",
            "From: a\nDate: b\n\nx\n",
        ),
        *("12315 未受理", "案号", "e\u0301", "\u0301", "\ud800", "\u202e", "阿明 2026-11-03 10:00\n在吗\n"),
    ],
)
def test_a_huge_text_of_one_kind_is_read_like_any_other(piece: str) -> None:
    """A pattern that went back and forth over it would not end before the test run does."""
    text = piece * (HUGE // len(piece))
    assert wrong_in(proposed(text, BARE)) == []


@pytest.mark.parametrize("at", range(0, len(PASTES), 12))
def test_a_paste_that_goes_on_for_ever_is_read_like_any_other(at: int) -> None:
    text = PASTES[at] * (HUGE // len(PASTES[at]))
    assert wrong_in(proposed(text, BARE)) == []


def test_more_than_anybody_copies_is_refused_and_no_less() -> None:
    most = "亲" * (4 << 20)
    assert proposed(most, BARE).messages[0].said == most
    with pytest.raises(BadInput):
        proposed(f"{most}亲", BARE)


def stored(*lines: str, body: str = "hello") -> str:
    """A mail as it travels."""
    return "\n".join(("MIME-Version: 1.0", "From: a@b.example", *lines, "", body))


@pytest.mark.parametrize(
    "text",
    [
        stored(*(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}' for n in range(3000))),
        stored("Content-Type: text/html", body="<div>" * 20_000),
        stored("Content-Type: text/html", body="<!" * 10_000 + "&#" * 10_000 + "<![CDATA[" * 100),
        stored("Subject: " + "=?utf-8?q?" * 20_000),
        stored("Date: " + "1" * 20_000),
        stored("Content-Type: text/plain; charset=no-such-charset", "Content-Transfer-Encoding: base64", body="QUJD"),
        stored("Content-Transfer-Encoding: base64", body="Q" * 20_001),
    ],
    ids=["nested", "tags", "declarations", "words", "date", "charset", "base64"],
)
def test_a_mail_that_was_made_to_harm_is_read_or_taken_as_a_text(text: str) -> None:
    proposal = looked_at(text)
    assert proposal.kind in ("mail", "text")
    assert wrong_in(proposal) == []
