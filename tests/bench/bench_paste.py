"""How long it takes to show a paste: `python -m tests.bench.bench_paste [MESSAGES …]`.

Goal: 10,000 messages previewed in at most 1 s. The reference of the same run does no more than split the same text into
its lines and look for a time in each, so that the ratio says what reading costs on any machine.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from pddtui.domain.case import Case
from pddtui.handbook.book import Handbook
from pddtui.handbook.pasted import PasteFile
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.capture import Backdrop
from pddtui.services.pasting.proposal import PasteProposal, propose
from pddtui.services.pasting.taking import groups_of, together

NOW = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TIMES = 5

THEIRS = (
    "亲，您好，请问有什么可以帮您",
    "您的问题我们已经反馈给专员，三个工作日内会给您答复",
    "亲，七天无理由已过，不支持退货哦",
    "好的，同意给您退款，预计1-3天到账",
    "麻烦提供一下外包装和破损部位照片",
    "我们可以补偿您5元无门槛券，您看可以吗",
    "您好，经核实您的订单于11月12日签收，签收人本人，请您确认",
    "明天18:00前给您回复",
)
MINE = ("在吗", "请给我退款", "什么时候退", "订单坏了，要求退款", "[图片]", "我要投诉", "这都三天了")


def chat(messages: int) -> str:
    """A chat as WeChat copies it; nearly every message has a number of its own, so that few texts are alike."""
    dice = random.Random(5)  # noqa: S311 -- the same chat in every run
    at = datetime(2026, 1, 3, 9, 0, 5, tzinfo=NOW.tzinfo)
    lines = []
    for _ in range(messages):
        at += timedelta(seconds=dice.randrange(5, 1500))
        mine = dice.random() < 0.45
        said = f"{dice.choice(MINE if mine else THEIRS)}，{dice.choice(('第', '单号', ''))}{dice.randrange(10**6)}"
        if dice.random() < 0.3:
            said += f"\n{dice.choice(MINE if mine else THEIRS)}"
        lines.append(f"{'阿明' if mine else '店铺客服小王'} {at:%Y-%m-%d %H:%M:%S}\n{said}\n")
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    """The median of some runs."""
    took = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def main(counts: list[int]) -> None:
    book = Handbook()
    rules, pastes = rulebook(book), book.pastes
    case = Case(id="C", ref="PDD-2026-0001", title="kettle", opened_at=NOW, recorded_at=NOW)
    backdrop = Backdrop.of(case, rules, ChinaCalendar(), tuple(book.channels))
    print(f"{'messages':>9} {'read s':>8} {'first screen s':>15} {'all s':>8} {'reference s':>12} {'ratio':>6}")
    for count in counts:
        text = chat(count)
        took = [seconds(partial(work, text)) for work in (partial(_read, backdrop, pastes), _clocks)]
        screen = seconds(partial(_first_screen, backdrop, pastes, text))
        whole = seconds(partial(_whole, backdrop, pastes, text))
        print(f"{count:>9} {took[0]:>8.3f} {screen:>15.3f} {whole:>8.3f} {took[1]:>12.4f} {whole / took[1]:>6.0f}")


def _read(backdrop: Backdrop, pastes: PasteFile, text: str) -> PasteProposal:
    return propose(text, backdrop, pastes, me=["阿明"], seen_at=NOW)


def _first_screen(backdrop: Backdrop, pastes: PasteFile, text: str) -> None:
    """What the desk needs to draw its first lines."""
    proposal = _read(backdrop, pastes, text)
    list(together(proposal.messages))
    for at in range(min(40, len(proposal.messages))):
        proposal.meaning(at)


def _whole(backdrop: Backdrop, pastes: PasteFile, text: str) -> None:
    groups_of(_read(backdrop, pastes, text))


def _clocks(text: str) -> int:
    """The reference."""
    return sum(_CLOCK.search(line) is not None for line in text.split("\n"))


_CLOCK = re.compile(r"\d[:：]\d\d")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100, 1_000, 10_000])
