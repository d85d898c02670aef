"""Why something is flagged: the reason of each flag and, where a date was counted, the sum that leads to it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.attention import Attention
from pddtui.domain.case import Case
from pddtui.domain.deadline_words import sum_words
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.duetime import Due, explain
from pddtui.domain.flags import Flag
from pddtui.domain.phrases import parse_due
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.message import Message

__all__ = ["Reason", "reasons"]


class Reason(Struct, frozen=True):
    """One flag and its sum."""

    flag: Flag
    sum: tuple[Message, ...]
    """The steps of the count; empty for a date that was named and not counted."""


def reasons(attention: Attention, now: datetime, rules: Rules, calendar: Calendar) -> tuple[Reason, ...]:
    """The reason of every flag, soonest first."""
    clocks = {deadline.key: deadline for deadline in deadlines(attention.case, now, rules, calendar)}
    return tuple(Reason(flag, _sum(flag, attention, clocks, calendar)) for flag in attention.flags)


def _sum(flag: Flag, attention: Attention, clocks: dict[str, Deadline], calendar: Calendar) -> tuple[Message, ...]:
    if flag.kind == "quiet":
        due = _quiet_limit(attention, calendar)
    elif flag.kind in ("promise", "follow_up"):
        due = _spoken(attention.case, flag, calendar)
    else:
        clock = clocks.get(flag.thing)
        return sum_words(clock) if clock is not None else ()
    return explain(due) if due is not None else ()


def _quiet_limit(attention: Attention, calendar: Calendar) -> Due | None:
    """The count to the threshold that was reached, unless a countdown of the app set it."""
    silence = attention.silence
    if silence.limit is None or silence.since is None:
        return None
    span = silence.limit.red if silence.level == "red" else silence.limit.amber
    reached = silence.red_at if silence.level == "red" else silence.amber_at
    due = duetime.add(silence.since, span.n, span.unit, calendar)
    return due if due.at == reached else None


def _spoken(case: Case, flag: Flag, calendar: Calendar) -> Due | None:
    """The words read again as they were read then; None when the date has been set otherwise since."""
    said = [(promise.id, promise.due_phrase, contact.at) for contact, promise in case.promises]
    said += [(task.id, task.due_phrase, task.created_at) for task in case.follow_ups]
    for thing, phrase, at in said:
        if thing == flag.thing and phrase:
            try:
                due = parse_due(phrase, at, calendar)
            except Refused:
                return None  # words that this version no longer reads; the date they gave stands
            return due if due.at == flag.due else None
    return None
