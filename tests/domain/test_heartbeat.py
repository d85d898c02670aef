"""No open case ever falls silent: over made lives, walked day by day while nobody types anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case
from pddtui.domain.rules import DEED_KEYS
from pddtui.services.calendar_cn import ChinaCalendar
from tests.lives import NOW, lives, reference

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
