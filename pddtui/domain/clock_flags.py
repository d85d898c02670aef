"""The flags of the clocks that run in a case: theirs once they have run out, mine before they do.

Theirs is never pressed while it runs. Missed, it stays flagged until something is done about it: I said or
lodged something afterwards, or they answered or promised. From then on it is a fact to cite. It is amber, not
red, where somebody above that side has the matter already: he is measured by his own silence. Mine warns
early, and a right of mine is listed while it can be used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.deadline_words import length_words
from pddtui.domain.deadlines import NEAR_DAYS, Deadline
from pddtui.domain.flag import Flag, FlagKind, dealt_with, level_of
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, Words, msg

__all__ = ["clock_flags"]

IN_SIGHT = timedelta(days=NEAR_DAYS)
"""A right or limitation that ends later than this is not worth a line yet."""

LONG = timedelta(days=60)
"""A window at least this long warns 30 and 7 days before its end, a shorter one 3 days and one."""


def clock_flags(
    case: Case, clocks: tuple[Deadline, ...], silence: Silence, now: datetime, *, rules: Rules, calendar: Calendar
) -> Iterator[Flag]:
    """What there is to say of the clocks of an open case."""
    for deadline in clocks:
        if deadline.rule.mine:
            flag = _right(deadline, now, calendar) if deadline.rule.right else _mine(case, deadline, now, calendar)
        else:
            flag = _theirs(case, deadline, silence, now, rules)
        if flag is not None:
            yield flag


def _theirs(case: Case, deadline: Deadline, silence: Silence, now: datetime, rules: Rules) -> Flag | None:
    if deadline.runs:
        return _flag(deadline, "deadline", None)
    if deadline.state != "missed" or silence.promise is not None or _said_by_alarm(deadline, silence):
        return None
    if dealt_with(case, deadline.due.at):
        return None
    level = level_of(deadline.due.at, now, estimated=deadline.due.estimated)
    mild = not deadline.rule.sure or silence.doubtful or _moved_up(case, deadline, rules)
    return _flag(deadline, "deadline", "amber" if mild else level)


def _said_by_alarm(deadline: Deadline, silence: Silence) -> bool:
    """A usual time of the platform that has passed says no more than the silence of the same filing."""
    return deadline.rule.kind == "platform" and silence.level is not None and deadline.filing == silence.filing


def _moved_up(case: Case, deadline: Deadline, rules: Rules) -> bool:
    """Whether a filing runs higher up than the filing whose clock it is, or than one deals with that side at all."""
    own = next((filing.rung for filing in case.filings if filing.id == deadline.filing), None)
    base = rules.levels.get(own, 0) if own is not None else rules.highest.get(deadline.rule.who, 0)
    return any(filing.running and rules.levels.get(filing.rung, 0) > base for filing in case.filings)


def _mine(case: Case, deadline: Deadline, now: datetime, calendar: Calendar) -> Flag | None:
    if deadline.runs:
        return _flag(deadline, "my_deadline", _warning(deadline, now, calendar))
    if deadline.state != "missed" or dealt_with(case, deadline.due.at):
        return None
    return _flag(deadline, "my_deadline", "red")


def _right(deadline: Deadline, now: datetime, calendar: Calendar) -> Flag | None:
    if not deadline.runs:
        return None
    level = _warning(deadline, now, calendar)
    if level is None and deadline.due.at - now > IN_SIGHT:
        return None
    return _flag(deadline, "right", level)


def _warning(deadline: Deadline, now: datetime, calendar: Calendar) -> Level | None:
    left = deadline.due.at - now
    days = (30, 7) if deadline.due.at - deadline.start >= LONG else (3, 1)
    early, late = (timedelta(days=n) for n in days)
    if left <= late:
        return "red"
    after = deadline.rule.warn_after
    if after is None:
        return "amber" if left <= early else None
    return "amber" if now > duetime.add(deadline.start, after.n, after.unit, calendar).at else None


def _flag(deadline: Deadline, kind: FlagKind, level: Level | None) -> Flag:
    return Flag(
        kind=kind,
        level=level,
        thing=deadline.key,
        due=deadline.due.at,
        overdue=deadline.state == "missed",
        estimated=deadline.due.estimated,
        subject=_Clock(deadline),
    )


class _Clock(Struct, frozen=True):
    deadline: Deadline

    @property
    def text(self) -> Words:
        rule = self.deadline.rule
        return rule.label if rule.sure else msg("{label} (?)", label=rule.label)

    @property
    def next_step(self) -> Message:
        deadline, rule = self.deadline, self.deadline.rule
        if deadline.state == "missed":
            if rule.mine:
                return msg("It has passed: look whether it was closed against you, and note what the app says.")
            if rule.kind == "presumption":
                return msg("It may be treated as deliberate stalling: say so in writing, and report it.")
            if rule.span is None:
                return msg("The countdown is over: look in the app what became of it.")
            return msg("It was missed: say so in writing, and cite it higher up.")
        if rule.mine:
            return msg("Act before {due}.", due=deadline.due.at)
        return msg("Wait; it stands still.") if deadline.state == "paused" else msg("Wait; this clock is running.")

    @property
    def why(self) -> Message:
        return msg("{label} runs {length}.", label=self.deadline.rule.label, length=length_words(self.deadline))
