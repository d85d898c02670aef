"""The clocks of the law, the platform and the schemes that run in a case.

An event starts a clock, another ends it. A clock that a filing started belongs to it: every filing has its
own, and its end is their end. A countdown that the app shows goes before what the platform usually grants.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Filing
from pddtui.domain.events import CHANNEL_OF, Event, Events, happened
from pddtui.domain.prolonged import Course, Pause, course
from pddtui.domain.rules import DeadlineRule, Rules
from pddtui.domain.turn import done_for
from pddtui.domain.workdays import Calendar, Unit

__all__ = ["Deadline", "DeadlineState", "deadlines", "limitation_near"]

DeadlineState = Literal["running", "paused", "extended", "met", "late", "missed", "expired", "ended"]
"""`extended` runs on time that was granted; `late` came after all; `expired` is a right of mine that was not
used; `ended` is what nobody waits for any more, because the case or the filing was ended."""

NEAR_DAYS = 60
"""A limitation that ends within so many days goes before everything else (the handbook's `limitation_near`)."""

_AT_LEAST: dict[Unit, int] = {"hour": 0, "natural_day": 1, "working_day": 1, "month": 28, "year": 365}
"""Days that one unit lasts at least."""

_SHOWN_BY_THE_APP = frozenset({"aftersale_filed", "aftersale_rejected", "return_agreed", "intervention_filed"})
"""Events whose clocks the app counts down itself."""


class Deadline(Struct, frozen=True, kw_only=True):
    """One clock of one case."""

    rule: DeadlineRule
    start: datetime
    due: duetime.Due
    state: DeadlineState
    ended_at: datetime | None = None
    """When it was met, in time or not, or the case ended."""
    filing: str | None = None
    """The filing whose clock it is; None for one of the case as a whole."""
    pauses: tuple[Pause, ...] = ()
    before: duetime.Due | None = None
    """The end it had before it was prolonged."""

    @property
    def key(self) -> str:
        """What tells it from the other clocks of the case: the rule, and the filing where it has one."""
        return self.rule.id if self.filing is None else f"{self.rule.id}@{self.filing}"

    @property
    def runs(self) -> bool:
        """Whether it has not come to an end."""
        return self.state in ("running", "paused", "extended")


def deadlines(
    case: Case, now: datetime, rules: Rules, calendar: Calendar, *, near: bool = False
) -> tuple[Deadline, ...]:
    """Every clock that an event of the case has started, soonest first.

    A rule with validity dates counts for clocks that start while it is in force; one bound to certain
    problems counts only for these. `near` leaves out what nobody need look at now: what has come, what is
    only worth knowing, and rights that end later than `NEAR_DAYS`.
    """
    shown = tuple(_countdowns(case, now, rules)) if any(filing.countdown_until for filing in case.filings) else ()
    counted = _counted(case, rules, _Moment(now, calendar, near))
    found = [*shown, *(clock for clock in counted if not _shown_better(clock, shown))] if shown else [*counted]
    found.sort(key=lambda deadline: deadline.due.at)
    return tuple(found)


def limitation_near(found: tuple[Deadline, ...], now: datetime) -> bool:
    """Whether a limitation that still runs ends within `NEAR_DAYS`."""
    return any(
        clock.rule.kind == "limitation" and clock.runs and (clock.due.at - now).days < NEAR_DAYS for clock in found
    )


class _Moment(Struct, frozen=True):
    """From when, and by which calendar, a case is looked at."""

    now: datetime
    calendar: Calendar
    near: bool


class _Ending(Struct, frozen=True):
    came: datetime | None
    """When what was owed came."""
    given_up: datetime | None
    """When nobody waited for it any more."""


def _counted(case: Case, rules: Rules, at: _Moment) -> Iterator[Deadline]:
    events = happened(case)
    clocks = rules.deadlines_from
    for name, happenings in events.items():
        for rule in clocks.get(name, ()):
            if rule.problems and case.problem not in rule.problems:
                continue
            if at.near and (rule.kind == "info" or (rule.right and _far(rule, happenings[0].at, at.now))):
                continue
            for start in _starts(rule, happenings, case, events):
                if not rule.in_force(start.at.date()):
                    continue
                filing = _filing(case, start.filing)
                ended = _end(rule, start, filing, events)
                if ended is None or not at.near:
                    yield _deadline(rule, start, _Ending(ended, _given_up(case, filing)), events, at)


def _far(rule: DeadlineRule, start: datetime, now: datetime) -> bool:
    """Whether a right ends late, seen without counting: most limitations are years away."""
    if rule.warn_after is not None or rule.span is None:
        return False
    return (now - start).days < _AT_LEAST[rule.span.unit] * rule.span.n - NEAR_DAYS - 1


def _starts(rule: DeadlineRule, happenings: list[Event], case: Case, events: Events) -> list[Event]:
    """Where the clock began: once for each filing that started it, else once for the case."""
    own = [event for event in happenings if event.filing is not None]
    if own:
        return own
    first = happenings[0]
    if rule.channels and rule.event not in CHANNEL_OF:
        filed = [filing for filing in case.filings if filing.channel in rule.channels]
        return [Event(max(first.at, filing.filed_at), filing.id) for filing in filed]
    if rule.restart_on:
        again = [event.at for name in rule.restart_on for event in events.get(name, ())]
        return [Event(max(first.at, *again), None)] if again else [first]
    return [first]


def _deadline(rule: DeadlineRule, start: Event, ending: _Ending, events: Events, at: _Moment) -> Deadline:
    length = rule.span
    if length is None:
        raise ValueError(f"{rule.id} has no length: a countdown is no clock that an event starts")
    if rule.pause_on or rule.extend_on:
        run = course(rule, length, start, events=events, now=at.now, calendar=at.calendar)
    else:
        roll: duetime.Roll = "forward" if rule.rolls else "never"
        run = Course(duetime.add(start.at, length.n, length.unit, at.calendar, roll=roll))
    state, ended = _state(rule, run, ending, at.now)
    return Deadline(
        rule=rule,
        start=start.at,
        due=run.due,
        state=state,
        ended_at=ended,
        filing=start.filing,
        pauses=run.pauses,
        before=run.before,
    )


def _filing(case: Case, filing_id: str | None) -> Filing | None:
    for filing in case.filings if filing_id is not None else ():
        if filing.id == filing_id:
            return filing
    return None


def _end(rule: DeadlineRule, start: Event, filing: Filing | None, events: Events) -> datetime | None:
    """When the first thing happened that ends it. On day 0 the hour is not asked: days are entered without."""
    hours = rule.span is not None and rule.span.unit == "hour"
    ends = [
        event.at
        for name in rule.met_by
        for event in events.get(name, ())
        if (start.filing is None or event.filing is None or event.filing == start.filing)
        and (event.at >= start.at if hours else event.at.date() >= start.at.date())
    ]
    if filing is not None and filing.ended_at is not None and filing.state != "ended" and filing.ended_at > start.at:
        ends.append(filing.ended_at)
    return min(ends, default=None)


def _given_up(case: Case, filing: Filing | None) -> datetime | None:
    """When nobody waited for it any more: the case ended, or I ended the filing without an answer."""
    if filing is not None and filing.state == "ended" and filing.ended_at is not None:
        return filing.ended_at
    return case.closed_at


def _state(rule: DeadlineRule, run: Course, ending: _Ending, now: datetime) -> tuple[DeadlineState, datetime | None]:
    end = run.due.at
    if ending.came is not None:
        return "met" if ending.came <= end else "late", ending.came
    if ending.given_up is not None and ending.given_up <= end:
        return "ended", ending.given_up
    if run.standing_still:
        return "paused", None
    if now > end:
        return "expired" if rule.right else "missed", None
    return "extended" if run.before is not None else "running", None


def _countdowns(case: Case, now: datetime, rules: Rules) -> Iterator[Deadline]:
    """The countdowns that were typed in, for whoever has to act there."""
    for filing in case.filings:
        rule = rules.my_countdown if filing.awaits_me else rules.countdown
        if filing.countdown_until is None or rule is None:
            continue
        start = filing.aftersale_at or filing.ended_at or filing.filed_at
        due = duetime.Due(at=filing.countdown_until, whole_day=False, start=start)
        ended = _answered_in_the_app(case, filing, start) if filing.awaits_me else None
        state, ended = _state(rule, Course(due), _Ending(ended, _given_up(case, filing)), now)
        yield Deadline(rule=rule, start=start, due=due, state=state, ended_at=ended, filing=filing.id)


def _answered_in_the_app(case: Case, mine: Filing, since: datetime) -> datetime | None:
    """I act in the app by lodging something there, a new request or an intervention, or by sending the goods back."""
    acted = [
        filing.filed_at
        for filing in case.filings
        if filing.id != mine.id and filing.filed_at >= since and filing.channel.startswith("app_")
    ]
    sent = done_for(case, mine)
    return min(acted if sent is None else [*acted, sent], default=None)


def _shown_better(clock: Deadline, shown: tuple[Deadline, ...]) -> bool:
    """Whether it is a usual time of the platform for which the app shows the real one."""
    return clock.rule.event in _SHOWN_BY_THE_APP and any(
        clock.rule.kind == "platform" and clock.rule.mine == better.rule.mine and clock.filing in (None, better.filing)
        for better in shown
    )
