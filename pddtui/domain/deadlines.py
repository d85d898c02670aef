"""The clocks of the law, the platform and the schemes that run in a case.

A milestone starts a clock, another may end it. Milestones are read from the log and the filings
where these say so; one that was entered by hand counts before one that was inferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Filing
from pddtui.domain.rules import DeadlineRule, Rules
from pddtui.domain.workdays import Calendar

__all__ = ["Deadline", "DeadlineState", "deadlines", "milestones"]

DeadlineState = Literal["running", "met", "missed"]

FILED = {
    "app_aftersale": "aftersale_filed",
    "app_intervene": "intervention_filed",
    "odr12315": "odr_filed",
    "c12315": "complaint_received",
    "r12315": "report_received",
    "courier_cs": "courier_complained",
    "p12305": "postal_appeal_received",
    "court": "suit_filed",
}
"""Which milestone a filing through a channel is."""

ACCEPTED = {"c12315": "complaint_accepted", "consumer_assoc": "assoc_accepted", "court": "suit_docketed"}
"""Which milestone the acceptance of such a filing is."""

ENDED = {"c12315": "mediation_terminated", "r12315": "report_decided", "app_aftersale": "aftersale_rejected"}
"""Which milestone its end, other than by agreement, is."""


class Deadline(Struct, frozen=True, kw_only=True):
    """One clock of one case."""

    rule: DeadlineRule
    start: datetime
    due: duetime.Due
    state: DeadlineState
    ended_at: datetime | None = None
    """When the milestone came that ended it, in time or not."""


def milestones(case: Case) -> dict[str, datetime]:
    """When each event of the case happened, by event id of the handbook; the first one of its kind."""
    first: dict[str, datetime] = {}
    for event, at in _events(case):
        if event not in first or at < first[event]:
            first[event] = at
    return {**first, **case.milestones}


def _events(case: Case) -> Iterator[tuple[str, datetime]]:
    if case.order.ordered_at is not None:
        yield "ordered", case.order.ordered_at
    if case.order.received_at is not None:
        yield "received", case.order.received_at
    for contact in case.contacts:
        if contact.demand and contact.direction == "out":
            yield "demand_made", contact.at
            if contact.channel == "courier_cs":
                yield "courier_complained", contact.at
    for filing in case.filings:
        yield from _of_filing(filing)
    if case.status == "resolved" and case.closed_at is not None:
        yield "resolved", case.closed_at


def _of_filing(filing: Filing) -> Iterator[tuple[str, datetime]]:
    if filing.channel in FILED:
        yield FILED[filing.channel], filing.filed_at
    if filing.channel in ACCEPTED and filing.accepted_at is not None:
        yield ACCEPTED[filing.channel], filing.accepted_at
    if filing.channel in ENDED and filing.state in ("refused", "ended") and filing.ended_at is not None:
        yield ENDED[filing.channel], filing.ended_at


def deadlines(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> tuple[Deadline, ...]:
    """Every clock that a milestone of the case has started, soonest first.

    A rule with validity dates counts for clocks that start while it is in force; one bound to
    certain problems counts only for these.
    """
    events = milestones(case)
    found = [
        _deadline(rule, start, events, now, calendar)
        for rule in rules.deadlines
        if (start := _start(rule, case, events)) is not None and _counts(rule, case, start)
    ]
    return tuple(sorted(found, key=lambda deadline: deadline.due.at))


def _start(rule: DeadlineRule, case: Case, events: dict[str, datetime]) -> datetime | None:
    """When the clock began to run; one of a channel cannot run before the case was filed there."""
    start = events.get(rule.event)
    if start is None or not rule.channels:
        return start
    filed = [filing.filed_at for filing in case.filings if filing.channel in rule.channels]
    return max(start, min(filed)) if filed else None


def _counts(rule: DeadlineRule, case: Case, start: datetime) -> bool:
    if rule.problems and case.problem not in rule.problems:
        return False
    day = start.date()
    return (rule.valid_from is None or day >= rule.valid_from) and (rule.valid_to is None or day <= rule.valid_to)


def _deadline(
    rule: DeadlineRule, start: datetime, events: dict[str, datetime], now: datetime, calendar: Calendar
) -> Deadline:
    due = duetime.add(start, rule.span.n, rule.span.unit, calendar, roll="forward" if rule.rolls else "never")
    ended = min((events[event] for event in rule.met_by if event in events), default=None)
    if ended is not None and ended <= due.at:
        state: DeadlineState = "met"
    else:
        state = "missed" if now > due.at or ended is not None else "running"
    return Deadline(rule=rule, start=start, due=due, state=state, ended_at=ended)
