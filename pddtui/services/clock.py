"""The clock of the machine, read in the zone the user has chosen.

It is the only place that asks for the present; everything below is handed a `Clock`.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

__all__ = ["SystemClock"]


class SystemClock:
    """A `Clock` that goes on."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(self._zone)
