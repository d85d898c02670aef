"""What deserves attention in one case: the answer to "what now?"."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import Flag, flags
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence, measure
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, msg

__all__ = ["Attention", "attention"]


class Attention(Struct, frozen=True, kw_only=True):
    """Everything about one case that a list, a status line or a person asks for."""

    case: Case
    silence: Silence
    flags: tuple[Flag, ...]
    """Soonest first."""

    @property
    def next_step(self) -> Message:
        """The one thing to do now."""
        return _headline(self.case, self.silence, self.flags)

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
    return Attention(case=case, silence=silence, flags=found)


def _headline(case: Case, silence: Silence, found: tuple[Flag, ...]) -> Message:
    urgent = min((flag for flag in found if flag.level), key=_urgency, default=None)
    if urgent is not None:
        return urgent.next_step
    if silence.standing.turn == "nobody":
        return msg("Nothing: the case is closed.")
    promised = next((flag.due for flag in found if flag.kind == "promise"), None)
    if promised is not None:
        return msg("Wait until {due}; their time is running.", due=promised)
    if silence.standing.turn == "theirs":
        return msg("Wait; it is their turn.")
    asked = bool(case.filings) or any(contact.demand for contact in case.contacts)
    return msg("Your turn: answer them.") if asked else msg("Tell them what happened and what you demand.")


def _urgency(flag: Flag) -> tuple[int, bool, datetime]:
    """The worst first; of those an overdue promise, for what comes next depends on what became of it."""
    order: dict[Level | None, int] = {"red": 0, "amber": 1, None: 2}
    return order[flag.level], flag.kind != "promise", flag.due
