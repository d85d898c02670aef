from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pddtui.services.casebook import SystemClock


def test_the_present_is_told_in_the_zone_of_the_user() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    before = datetime.now(UTC)
    told = SystemClock(zone).now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is zone
