"""What deserves attention in one case: the answer to "what now?"."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import Flag, flags
from pddtui.domain.headline import headline
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence, measure
from pddtui.domain.workdays import Calendar
from pddtui.message import Message

__all__ = ["Attention", "attention"]


class Attention(Struct, frozen=True, kw_only=True):
    """Everything about one case that a list, a status line or a person asks for."""

    case: Case
    silence: Silence
    flags: tuple[Flag, ...]
    """Soonest first."""
    rules: Rules

    @property
    def next_step(self) -> Message:
        """The one thing to do now."""
        return headline(self.case, self.silence, self.flags, self.rules)

    @property
    def level(self) -> Level | None:
        """The worst level of all flags."""
        levels = {flag.level for flag in self.flags}
        return "red" if "red" in levels else "amber" if "amber" in levels else None

    @property
    def next_due(self) -> datetime | None:
        """The soonest date of all, overdue ones included."""
        return self.flags[0].due if self.flags else None


def attention(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Attention:
    """What deserves attention in `case` at `now`."""
    clocks = deadlines(case, now, rules, calendar, near=True) if case.active else ()
    silence = measure(case, now, rules, calendar, clocks)
    found = flags(case, silence, clocks, now, rules=rules, calendar=calendar)
    return Attention(case=case, silence=silence, flags=found, rules=rules)
