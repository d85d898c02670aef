"""When a clock ends that may stand still for an appraisal, be prolonged once, or be begun anew by an interruption.

What was used up before a pause counts; the rest is counted from the day it resumes, which is day 0. While
it stands still it ends as if it resumed now. A prolongation is counted from the end it had before.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.duetime import Due
from pddtui.domain.events import Event, Events
from pddtui.domain.rules import DeadlineRule, Span
from pddtui.domain.workdays import Calendar

__all__ = ["Course", "Pause", "Restart", "course", "restart"]

_RESUMED = "_done"
"""What the event that ends a pause is called after the one that begins it."""


class Restart(Struct, frozen=True):
    """A limitation that was interrupted runs from the interruption."""

    by: str
    """Event id of the handbook."""
    was: datetime
    """When it had begun before."""


class Pause(Struct, frozen=True):
    """A time that does not count."""

    start: datetime
    end: datetime | None
    """None while it lasts."""
    used: int
    """How many units had been used up when it began."""


class Course(Struct, frozen=True):
    """How a clock ran, or runs."""

    due: Due
    """The end, with the last stretch of the count."""
    pauses: tuple[Pause, ...] = ()
    before: Due | None = None
    """The end it had before it was prolonged."""

    @property
    def standing_still(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None


def course(
    rule: DeadlineRule, length: Span, begun: Event, *, events: Events, now: datetime, calendar: Calendar
) -> Course:
    """The course of a clock of `length` that `begun` started, for its filing or for the case as a whole."""
    start, filing = begun.at, begun.filing
    roll: duetime.Roll = "forward" if rule.rolls else "never"
    due = duetime.add(start, length.n, length.unit, calendar, roll=roll)
    pauses: list[Pause] = []
    if rule.pause_on:
        left, counted_from = length.n, start
        for stopped, resumed in _breaks(rule, events, filing):
            if stopped < counted_from or stopped > due.at:
                continue
            left -= min(left, duetime.elapsed(counted_from, stopped, length.unit, calendar))
            pauses.append(Pause(stopped, resumed, length.n - left))
            counted_from = resumed or max(stopped, now)
            due = duetime.add(counted_from, left, length.unit, calendar, roll=roll)
            if resumed is None:
                break
    if rule.extend is not None and _first(rule.extend_on, events, filing, start) is not None:
        longer = duetime.add(due.at, rule.extend.n, rule.extend.unit, calendar, roll=roll)
        return Course(longer, tuple(pauses), due)
    return Course(due, tuple(pauses))


def _breaks(rule: DeadlineRule, events: Events, filing: str | None) -> list[tuple[datetime, datetime | None]]:
    """The times that do not count, in order, those that overlap made one."""
    found: list[tuple[datetime, datetime | None]] = []
    spans = [
        (event.at, _first((f"{name}{_RESUMED}",), events, filing, event.at))
        for name in rule.pause_on
        for event in _of(events, name, filing)
    ]
    for begun, resumed in sorted(spans, key=lambda span: span[0]):
        if not found or (found[-1][1] is not None and begun > found[-1][1]):
            found.append((begun, resumed))
        elif found[-1][1] is not None and (resumed is None or resumed > found[-1][1]):
            found[-1] = (found[-1][0], resumed)
    return found


def _of(events: Events, name: str, filing: str | None) -> list[Event]:
    return [event for event in events.get(name, ()) if filing is None or event.filing in (None, filing)]


def _first(names: tuple[str, ...], events: Events, filing: str | None, after: datetime) -> datetime | None:
    """When the first of these happened, not before `after`; days are often entered without hours."""
    found = [event.at for name in names for event in _of(events, name, filing) if event.at.date() >= after.date()]
    return min(found, default=None)


def restart(rule: DeadlineRule, start: Event, events: Events) -> Restart | None:
    """What began a limitation anew at `start`; None where it began with its own event."""
    was = events[rule.event][0].at
    by = (name for name in rule.restart_on if any(event.at == start.at for event in events.get(name, ())))
    return next((Restart(name, was) for name in by if start.at > was), None)
