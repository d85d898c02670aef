"""The overview: what cases say and ask for at a moment, for whoever only looks.

It is the half of the casebook that needs no move, no phrase and no id, so that listing is quick to start.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pddtui.domain.agenda import Due as DueLine
from pddtui.domain.agenda import agenda
from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case
from pddtui.domain.clock import Clock
from pddtui.domain.ports import CaseStore
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import Calendar
from pddtui.errors import NotFound
from pddtui.message import msg

__all__ = ["Overview"]


class Overview:
    """The cases of a store, and what deserves attention in them."""

    def __init__(self, store: CaseStore, clock: Clock, calendar: Calendar, rules: Rules) -> None:
        self.store = store
        self.clock = clock
        self.calendar = calendar
        self.rules = rules

    def now(self) -> datetime:
        """The present moment, aware, in the configured zone."""
        return self.clock.now()

    def cases(self, *, trash: bool = False) -> tuple[Case, ...]:
        """The cases by number, without (or only) those in the trash."""
        return _by_number(case for case in self.store.cases().values() if (case.trashed_at is not None) == trash)

    def case(self, case_id: str) -> Case:
        """The case with that id. Raises `NotFound`."""
        case = self.store.cases().get(case_id)
        if case is None:
            raise NotFound(msg("That case is no longer in this file."))
        return case

    def attention(self, case: Case, now: datetime | None = None) -> Attention:
        """What deserves attention in the case, now or at another moment."""
        return attention(case, now or self.now(), self.rules, self.calendar)

    def attentions(self, now: datetime | None = None, *, words: bool = False) -> tuple[Attention, ...]:
        """The attention of every case that is not in the trash, by number.

        Its cases are glances (see `CaseStore.glances`): only to look at, with the words of their logs if wanted.
        """
        moment, rules, calendar = now or self.now(), self.rules, self.calendar
        cases = _by_number(case for case in self.store.glances(words=words) if case.trashed_at is None)
        return tuple([attention(case, moment, rules, calendar) for case in cases])

    def agenda(self, now: datetime | None = None) -> tuple[DueLine, ...]:
        """Everything that is due in any case, soonest first."""
        moment = now or self.now()
        return agenda(self._told(entry, moment) for entry in self.attentions(moment))

    def _told(self, entry: Attention, moment: datetime) -> Attention:
        """A promise is told with who gave it, which a glance does not say."""
        if all(flag.kind != "promise" for flag in entry.flags):
            return entry
        return self.attention(self.case(entry.case.id), moment)


def _by_number(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(sorted(cases, key=lambda case: case.ref))
