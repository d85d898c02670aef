"""No open case ever falls silent: over made lives, walked day by day while nobody types anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import integers

from pddtui.domain import moves
from pddtui.domain.acts import Step
from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case, Contact, Evidence, Filing
from pddtui.domain.flags import Flag
from pddtui.domain.table import DEED_KEYS
from pddtui.services.calendar_cn import ChinaCalendar
from tests.lives import NOW, lives, reference

HOUR = timedelta(hours=1)
THREE_DAYS = timedelta(days=3)
CALENDAR = ChinaCalendar()


def beats(entry: Attention, now: datetime) -> bool:
    """Whether something stands now or falls within three days."""
    return any(flag.level is not None or flag.due <= now + THREE_DAYS for flag in entry.flags)


def look(case: Case, now: datetime) -> Attention:
    return attention(case, now, reference()[1], CALENDAR)


@pytest.mark.parametrize("count", [pytest.param(40, id="some"), pytest.param(1500, id="many", marks=pytest.mark.slow)])
def test_something_stands_now_or_falls_within_three_days_on_each_of_400_days(count: int) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))
    @given(lives())
    def walked(case: Case) -> None:
        start = max([NOW, case.opened_at, *(contact.at for contact in case.contacts)])
        start = min(start, NOW + timedelta(days=3000))
        for day in range(400):
            now = start + timedelta(days=day)
            entry = look(case, now)
            if not case.active:
                continue
            assert beats(entry, now), (day, now, [(t.id, t.turn, t.resting, t.since) for t in entry.threads])
            if day % 40 == 0:
                assert entry.steps
                for step in entry.steps:
                    assert step.act.deed in DEED_KEYS
                    assert str(step.words)

    walked()


def done(case: Case, step: Step, flag: Flag, now: datetime) -> Case | None:
    """The case once that act was done; None for one that is no more than looking, or whose end is not known here."""
    act, rules = step.act, reference()[1]
    thread = next((each for each in look(case, now).threads if each.id == step.thread), None)
    match act.deed:
        case "tell" | "log" | "letter":
            kind = BOOK_LETTERS.get(act.letter or "")
            channel = act.channel or (kind.channel if kind is not None else None)
            if channel is None and thread is not None:
                usual = next(known.id for known in rules.channels.values() if known.side == thread.side)
                channel = thread.filing.channel if thread.filing is not None else thread.channel or usual
            said = Contact(
                id="DONE",
                at=now,
                recorded_at=now,
                channel=channel,
                direction="out",
                summary="x",
                demand=act.deed == "tell",
            )
            return moves.log(case, said)
        case "file":
            rung = rules.rung(act.rung or "")
            assert rung is not None
            filing = Filing(id="DONE", rung=rung.id, channel=act.channel or rung.channels[0], filed_at=now)
            return moves.file(case, filing, rules, anyway=True)
        case "evidence":
            return moves.add_evidence(case, Evidence(id="DONE", kind=act.evidence[0], place="x", added_at=now))
        case "milestone":
            return moves.note_milestone(case, act.event or "", now)
        case "look":
            return moves.look(case, step.thread or "", now)
        case "settle" if flag.kind == "promise":
            return moves.settle_promise(case, flag.thing, "broken", now)
        case "settle" if flag.kind == "follow_up":
            return moves.settle_follow_up(case, flag.thing, "done", now)
    return None


BOOK_LETTERS = {kind.id: kind for kind in reference()[0].letters}


@pytest.mark.parametrize("count", [pytest.param(60, id="some"), pytest.param(1500, id="many", marks=pytest.mark.slow)])
def test_an_act_that_was_done_is_not_asked_for_again_at_once(count: int) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))
    @given(lives(), integers(0, 90))
    def acted(case: Case, days: int) -> None:
        ids = [*(f.id for f in case.filings), *(f.id for f in case.follow_ups), *(p.id for _, p in case.promises)]
        if not case.active or len(set(ids)) != len(ids):
            return
        past = [case.opened_at, *(each.at for each in case.contacts), *(each.filed_at for each in case.filings)]
        past += [*case.milestones.values(), *(each.ended_at for each in case.filings if each.ended_at)]
        past += [each.created_at for each in case.follow_ups]  # nothing is done before it was planned
        now = max([NOW, *past]) + timedelta(days=days)
        if now > NOW + timedelta(days=3000):
            return
        for flag in look(case, now).flags:
            for step in flag.steps[:1]:
                after = done(case, step, flag, now) if flag.level is not None else None
                if after is None:
                    continue
                again = [
                    (other.kind, other.thing)
                    for other in look(after, now + HOUR).flags
                    if other.level is not None
                    and (other.kind, other.thing, other.thread) == (flag.kind, flag.thing, flag.thread)
                    and [each.act.id for each in other.steps[:1]] == [step.act.id]
                ]
                assert again == [], (step.act.id, step.row.id, flag.kind)

    acted()
