"""The cases as a desk shows them: attention, search text and order, kept current case by case.

The newest cases are worked out at the start and the others slice by slice behind it; after that only the cases that
were changed, and those for which time itself has changed something, are worked out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from pddtui.domain.attention import AgendaLine, Attention, agenda
from pddtui.domain.query import Hay, QueryReader, haystack
from pddtui.domain.silence import ESTIMATE_GRACE, URGENCY, Level
from pddtui.domain.todo import ToDo, TodoGroup, by_group, todo
from pddtui.message import Message
from pddtui.services.casebook import Casebook
from pddtui.services.search import Found, find_cases

__all__ = ["Board"]

_TURN = {"mine": 0, "theirs": 1, "nobody": 2}


AT_ONCE, SLICE = 100, 40
"""Cases that are there in the first picture, and that are worked out afterwards in one go: some milliseconds."""


PUT_BACK = timedelta(minutes=1)
"""A clock that goes back by less is set right in passing; nothing that is shown was wrong for longer."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class SeenCase(Struct, frozen=True):
    """What one case looks like now; without an entry it is not to be seen."""

    case_id: str
    entry: Attention | None = None
    hay: Hay = Hay()
    acts: tuple[ToDo, ...] = ()
    until: datetime = _NEVER
    """When the passing of time will next change what is said of it."""


class Board:
    """What the desk draws from. Not for two threads at once."""

    def __init__(self, casebook: Casebook, reader: QueryReader | None = None) -> None:
        """`reader` understands the filters."""
        self._casebook = casebook
        self._reader = reader if reader is not None else QueryReader()
        self._attention: dict[str, Attention] = {}
        self._hay: dict[str, Hay] = {}
        self._acts: dict[str, tuple[ToDo, ...]] = {}
        self._changes: dict[str, datetime] = {}
        """When the passing of time will next change what is said of a case."""
        self._soonest: datetime | None = None
        self._latest: datetime | None = None
        """The latest moment at which something was worked out."""
        self._ordered: tuple[Attention, ...] | None = None
        self._agenda: tuple[AgendaLine, ...] | None = None
        self._todo: Mapping[TodoGroup, Sequence[ToDo]] | None = None
        self._counts: Counter[Level | None] | None = None
        self._found: tuple[str, Found] | None = None
        """What all cases come to, until one of them changes: a filter asks for it with each letter."""

    def begin(self, first: str | None = None) -> list[tuple[str, ...]]:
        """Work the newest cases and `first` out; give back the others in slices, for `seen` and `take`."""
        ids = [case.id for case in reversed(self._casebook.cases())]
        at_once, rest = ids[:AT_ONCE], ids[AT_ONCE:]
        self.update(at_once if first is None else [first, *at_once])
        return [tuple(rest[start : start + SLICE]) for start in range(0, len(rest), SLICE)]

    def update(self, case_ids: Iterable[str]) -> None:
        """Work these cases out again; those in the trash or gone leave the board."""
        self.take(self.seen(case_ids))

    def seen(self, case_ids: Iterable[str]) -> list[SeenCase]:
        """What is to be shown of these cases. It touches nothing of the board, so any thread may call it."""
        now = self._casebook.now()
        cases = self._casebook.store.cases()
        found: list[SeenCase] = []
        for case_id in case_ids:
            case = cases.get(case_id)
            if case is None or case.trashed_at is not None:
                found.append(SeenCase(case_id))
            else:
                entry = self._casebook.attention(case, now)
                hay = haystack(case, self._reader)
                found.append(SeenCase(case_id, entry, hay, todo(entry), _next_change(entry, now)))
        return found

    def take(self, found: Iterable[SeenCase]) -> None:
        """Put on the board, or off it, what was worked out."""
        self._ordered = self._agenda = self._todo = self._counts = self._found = self._soonest = None
        for seen in found:
            if seen.entry is None:
                self._attention.pop(seen.case_id, None)
                self._hay.pop(seen.case_id, None)
                self._acts.pop(seen.case_id, None)
                self._changes.pop(seen.case_id, None)
            else:
                self._attention[seen.case_id] = seen.entry
                self._hay[seen.case_id] = seen.hay
                self._acts[seen.case_id] = seen.acts
                self._changes[seen.case_id] = seen.until

    def tick(self) -> frozenset[str]:
        """Let time pass; the ids of the cases for which that changed something, all when the clock was put back."""
        now = self._casebook.now()
        back = self._latest is not None and now < self._latest - PUT_BACK
        if back or self._latest is None or now > self._latest:
            self._latest = now
        if self._soonest is None:
            self._soonest = min(self._changes.values(), default=_NEVER)
        if now < self._soonest and not back:
            return frozenset()
        stale = frozenset(case_id for case_id, at in self._changes.items() if back or at <= now)
        self.update(stale)
        return stale

    def get(self, case_id: str) -> Attention | None:
        """The attention of one case, or None when it is not on the board."""
        return self._attention.get(case_id)

    def rows(self, query: str = "") -> tuple[Attention, ...]:
        """The cases that pass the filter, the most urgent first. Raises `Refused` on a bad filter."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._attention.values(), key=_order))
        if not query.strip():
            return self._ordered
        among = self._ordered
        if self._found is not None and _narrower(query, self._found[0]):
            among = self._found[1].entries
        found = find_cases(query, among, lambda entry: self._hay[entry.case.id], self._reader)
        self._found = query, found
        return found.entries

    @property
    def nearest(self) -> Message | None:
        """What comes nearest to the filter that was asked for last, where it finds nothing."""
        return self._found[1].nearest if self._found is not None else None

    def agenda(self) -> tuple[AgendaLine, ...]:
        """Everything that is due in any case, soonest first."""
        if self._agenda is None:
            self._agenda = agenda(self._attention.values())
        return self._agenda

    def todo(self) -> Mapping[TodoGroup, Sequence[ToDo]]:
        """What there is to do in all cases, in its groups, the most urgent case first."""
        if self._todo is None:
            self._todo = by_group(self._acts[entry.case.id] for entry in self.rows())
        return self._todo

    def acts(self, case_id: str) -> Sequence[ToDo]:
        """What there is to do in one case, what presses hardest first."""
        return self._acts.get(case_id, ())

    def count(self, level: Level) -> int:
        """How many cases stand at that level."""
        if self._counts is None:
            self._counts = Counter(entry.level for entry in self._attention.values())
        return self._counts[level]


def _narrower(query: str, before: str) -> bool:
    """Whether what fits the query also fitted the one before: the same plain words, and letters after them.

    Words of Latin letters may be pinyin, and other characters are read alike with each further letter.
    """
    return query.startswith(before) and not before.isascii() and query.replace(" ", "").isalnum()


def _order(entry: Attention) -> tuple[bool, int, int, float, str]:
    due = entry.next_due.timestamp() if entry.next_due is not None else float("inf")
    turn = _TURN[entry.turn]
    return not entry.case.active, URGENCY[entry.level], turn, due, entry.case.ref


def _next_change(entry: Attention, now: datetime) -> datetime:
    """The next moment at which a level, an elapsed unit or a section may become another."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    moments = [midnight, now + timedelta(hours=1)] if entry.silence.unit == "hour" else [midnight]
    for flag in entry.flags:
        moments += [flag.due - timedelta(days=days) for days in (3, 1, 0)]
    moments += [flag.due + ESTIMATE_GRACE for flag in entry.flags if flag.estimated]
    moments += [at for at in (entry.silence.amber_at, entry.silence.red_at) if at is not None]
    return min(at + timedelta(seconds=1) for at in moments if at >= now)
