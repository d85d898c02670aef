"""The cases as a desk shows them: attention, search text and order, kept current case by case.

Everything is worked out once at the start; after that only the cases that were changed, and those
for which time itself has changed something, are worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from pddtui.domain.agenda import Due, agenda
from pddtui.domain.attention import Attention
from pddtui.domain.query import haystack, parse
from pddtui.domain.silence import Level
from pddtui.services.casebook import Casebook

__all__ = ["Board"]

_URGENCY: dict[Level | None, int] = {"red": 0, "amber": 1, None: 2}
_TURN = {"mine": 0, "theirs": 1, "nobody": 2}


class Board:
    """What the desk draws from. Not for two threads at once."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._attention: dict[str, Attention] = {}
        self._hay: dict[str, str] = {}
        self._changes: dict[str, datetime] = {}
        """When the passing of time will next change what is said of a case."""

    def load(self) -> None:
        """Work everything out."""
        self._attention.clear()
        self._hay.clear()
        self._changes.clear()
        self.update(case.id for case in self._casebook.cases())

    def update(self, case_ids: Iterable[str]) -> None:
        """Work these cases out again; those in the trash or gone leave the board."""
        now = self._casebook.now()
        cases = self._casebook.store.cases()
        for case_id in case_ids:
            case = cases.get(case_id)
            if case is None or case.trashed_at is not None:
                self._attention.pop(case_id, None)
                self._hay.pop(case_id, None)
                self._changes.pop(case_id, None)
            else:
                seen = self._casebook.attention(case, now)
                self._attention[case_id] = seen
                self._hay[case_id] = haystack(case)
                self._changes[case_id] = _next_change(seen, now)

    def tick(self) -> frozenset[str]:
        """Let time pass; the ids of the cases for which that changed something."""
        now = self._casebook.now()
        stale = frozenset(case_id for case_id, at in self._changes.items() if at <= now)
        self.update(stale)
        return stale

    def get(self, case_id: str) -> Attention | None:
        """The attention of one case, or None when it is not on the board."""
        return self._attention.get(case_id)

    def rows(self, query: str = "") -> tuple[Attention, ...]:
        """The cases that pass the filter, the most urgent first. Raises `Refused` on a bad filter."""
        found: Iterable[Attention] = self._attention.values()
        if query.strip():
            test = parse(query)
            found = (entry for entry in found if test(entry, self._hay[entry.case.id]))
        return tuple(sorted(found, key=_order))

    def agenda(self) -> tuple[Due, ...]:
        """Everything that is due in any case, soonest first."""
        return agenda(self._attention.values())

    def count(self, level: Level) -> int:
        """How many cases stand at that level."""
        return sum(1 for entry in self._attention.values() if entry.level == level)


def _order(entry: Attention) -> tuple[bool, int, int, float, str]:
    due = entry.next_due.timestamp() if entry.next_due is not None else float("inf")
    turn = _TURN[entry.silence.standing.turn]
    return not entry.case.active, _URGENCY[entry.level], turn, due, entry.case.ref


def _next_change(entry: Attention, now: datetime) -> datetime:
    """The next moment at which a level, an elapsed unit or a section may become another."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    moments = [midnight, now + timedelta(hours=1)] if entry.silence.unit == "hour" else [midnight]
    for flag in entry.flags:
        moments += [flag.due - timedelta(days=days) for days in (3, 1, 0)]
    moments += [at for at in (entry.silence.amber_at, entry.silence.red_at) if at is not None]
    return min(at + timedelta(seconds=1) for at in moments if at >= now)
