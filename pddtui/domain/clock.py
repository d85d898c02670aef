"""What time it is, as something that is handed in.

Nothing in the domain looks at the machine's clock: whoever needs the present takes a `Clock` or a
moment. The clock of the machine is `pddtui.services.clock.SystemClock`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Protocol

__all__ = ["Clock", "FixedClock", "zone_of"]


class Clock(Protocol):
    """Tells the present as an aware datetime in the zone of the user."""

    def now(self) -> datetime: ...


class FixedClock:
    """A clock that stands still until it is moved: for `--as-of`, the demo and the tests."""

    def __init__(self, at: datetime) -> None:
        zone_of(at)
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by


def zone_of(moment: datetime) -> tzinfo:
    """The zone of an aware moment. A naive one is a mistake of the caller, hence `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment.isoformat()}")
    return moment.tzinfo
