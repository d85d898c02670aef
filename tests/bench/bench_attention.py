"""How long it takes to see what deserves attention: `python -m tests.bench.bench_attention [CASES …]`.

Goals: 10,000 cases with 100,000 contacts in at most 0.5 s in one pass, one changed case in at most 1 ms. The
reference of the same run is one pass that does no more than look at every contact and filing.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import get_args
from zoneinfo import ZoneInfo

from msgspec import structs

from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case, Contact, Filing, Order, Promise, PromiseState
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import Calendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar

NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
CONTACTS = 10
PROBLEMS = ("quality", "food", "lost", "counterfeit", "not_shipped", "refuse_refund")


def contact(name: str, number: int, at: datetime, dice: random.Random) -> Contact:
    mine = number % 3 == 0
    promise = Promise(
        id=f"{name}.P", text="退款", due=at + timedelta(days=3), state=dice.choice(get_args(PromiseState))
    )
    return Contact(
        id=f"{name}.{number}",
        at=at,
        recorded_at=at,
        channel="merchant_chat" if number < 5 else "app_official_cs",
        direction="out" if mine else "in",
        substance=None if mine else dice.choice(("answer", "holding", "none")),
        summary="问了进度，对方说已反馈",
        demand=mine,
        promises=(promise,) if number == 4 else (),
    )


def case(number: int, dice: random.Random) -> Case:
    """An open case: one in four has gone up to the regulator."""
    name, start = f"C{number}", NOW - timedelta(days=dice.randint(1, 90), hours=dice.randint(0, 23))
    filings = [Filing(id=f"{name}.L", rung="platform", channel="app_intervene", filed_at=start + timedelta(days=2))]
    if number % 4 == 0:
        filings.append(Filing(id=f"{name}.M", rung="regulator", channel="c12315", filed_at=start + timedelta(days=4)))
    return Case(
        id=name,
        ref=f"PDD-2026-{number:05d}",
        title="电热水壶不通电",
        problem=dice.choice(PROBLEMS),
        opened_at=start,
        recorded_at=start,
        order=Order(ordered_at=start - timedelta(days=5), received_at=start),
        contacts=tuple(contact(name, n, start + timedelta(hours=9 * n), dice) for n in range(CONTACTS)),
        filings=tuple(filings),
    )


def seconds(act: Callable[[], object], times: int = 5) -> float:
    """The median of the processor's time, which a busy machine does not stretch."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def look(cases: Sequence[Case]) -> int:
    return sum(item.at < NOW for each in cases for item in each.contacts) + sum(len(each.filings) for each in cases)


def measure(size: int, rules: Rules, calendar: Calendar) -> str:
    dice = random.Random(20261122)  # noqa: S311
    cases = [case(number, dice) for number in range(size)]
    changed = [structs.replace(each, contacts=each.contacts[:-1]) for each in cases[:100]]
    gc.collect()
    gc.freeze()

    def see(some: Sequence[Case]) -> list[Attention]:
        return [attention(each, NOW, rules, calendar) for each in some]

    def read() -> int:
        return sum(len(f"{flag.text}{flag.next_step}{flag.why}") for seen in see(cases[:40]) for flag in seen.flags)

    once, floor = seconds(partial(see, cases)), seconds(partial(look, cases))
    one = seconds(partial(see, changed)) / len(changed)
    words = seconds(read)
    return (
        f"{size:>6} cases, {size * CONTACTS:>7} contacts: {once * 1000:6.1f} ms ({once / floor:.0f} × looking);"
        f" one changed case {one * 1000:.3f} ms; 40 cases with all their words {words * 1000:.1f} ms"
    )


def main(sizes: Sequence[int]) -> None:
    rules, calendar = rulebook(Handbook()), ChinaCalendar()
    for size in sizes:
        print(measure(size, rules, calendar))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000])
