"""The silences of a case by the rung at which they were kept.

A stretch in which it was their turn is cut where the case was filed at a higher rung: from then on somebody else
is waited for, and the rung below never answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.rules import Rules
from pddtui.domain.turn import waits

__all__ = ["Stretch", "stretches"]


class Stretch(Struct, frozen=True, kw_only=True):
    """A time in which it was the turn of one rung."""

    rung: str
    start: datetime
    end: datetime
    """Their answer, the next rung, the end of the case, or now."""
    answered: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def stretches(case: Case, now: datetime, rules: Rules) -> Iterator[Stretch]:
    """Every stretch that began before `now`, the oldest first; nothing where there is no ladder."""
    climbed = _climbed(case, rules)
    if not climbed:
        return
    for wait in waits(case):
        end = wait.end or now
        answered = wait.end is not None and not (case.status != "open" and wait.end == case.closed_at)
        cuts = [at for at, _ in climbed if at is not None and wait.start < at < end]
        for start, until in zip([wait.start, *cuts], [*cuts, end], strict=True):
            if start < now:
                rung = [rung for at, rung in climbed if at is None or at <= start][-1]
                yield Stretch(rung=rung, start=start, end=until, answered=answered and until == end)


def _climbed(case: Case, rules: Rules) -> list[tuple[datetime | None, str]]:
    """When the case came to each rung above the one before; at the lowest one it began."""
    if not rules.ladder:
        return []
    here = rules.ladder[0]
    found: list[tuple[datetime | None, str]] = [(None, here.id)]
    for filing in sorted(case.filings, key=lambda filing: filing.filed_at):
        rung = rules.rung(filing.rung)
        if rung is not None and rung.level > here.level:
            here = rung
            found.append((filing.filed_at, rung.id))
    return found
