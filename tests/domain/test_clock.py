from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pddtui.domain.duetime import FixedClock, zone_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(hours=2))
    assert clock.now() == NOON + timedelta(hours=2)


def test_a_moment_without_a_zone_is_a_mistake_of_the_program() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a time zone"):
        FixedClock(naive)
    with pytest.raises(ValueError, match="without a time zone"):
        zone_of(naive)
    assert zone_of(NOON) is UTC
