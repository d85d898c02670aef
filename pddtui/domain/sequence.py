"""What cannot have been before what: a result before that of which it is one.

A result is of a promise, a filing or a follow-up; a milestone may follow from a filing or from another event. A move
refuses with these sentences what is entered out of order; what another copy brings along is named in them and kept.
A promise was heard at its minute. A filing, a plan and an event are often noted later on, so there days are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from pddtui.domain.case import Case, Contact, Filing, FollowUp, Promise
from pddtui.domain.events import milestones
from pddtui.domain.phrases.moment import as_given
from pddtui.domain.rules import Rules
from pddtui.message import Message, msg

__all__ = [
    "before_filed",
    "before_planned",
    "before_promised",
    "before_what_it_follows",
    "out_of_order",
]


_FILED = attrgetter("filed_at")


def _precedes(at: datetime, given: datetime) -> bool:
    """Whether `at` is before `given`, to the minute, and by the day where it is a day without a time."""
    if not isinstance(as_given(at), datetime):
        return _days_before(at, given)
    return at < given.replace(second=0, microsecond=0)


def _days_before(at: datetime, given: datetime) -> bool:
    return at.date() < given.astimezone(at.tzinfo).date()


def before_promised(contact: Contact, promise: Promise, at: datetime | None) -> Message | None:
    """What is wrong with a result of that promise at that moment; None where nothing is."""
    if at is None or not _precedes(at, contact.at):
        return None
    return msg(
        "“{promise}” was only promised on {given}: it cannot have a result from {at}.",
        promise=promise.text,
        given=as_given(contact.at),
        at=as_given(at),
    )


def before_filed(filing: Filing, at: datetime | None) -> Message | None:
    """What is wrong with a result of that filing at that moment; None where nothing is."""
    if at is None or not _days_before(at, filing.filed_at):
        return None
    return msg(
        "It was only filed on {given}: it cannot have a result from {at}.",
        given=as_given(filing.filed_at),
        at=as_given(at),
    )


def before_planned(task: FollowUp, at: datetime | None) -> Message | None:
    """What is wrong with a result of that follow-up at that moment; None where nothing is."""
    if at is None or not _days_before(at, task.created_at):
        return None
    return msg(
        "“{task}” was only planned on {given}: it cannot have a result from {at}.",
        task=task.text,
        given=as_given(task.created_at),
        at=as_given(at),
    )


def before_what_it_follows(case: Case, event: str, at: datetime, rules: Rules) -> Message | None:
    """What is wrong with that event at that moment, by the days: it is an answer to a filing, or follows another."""
    channel = rules.channels.get(rules.channel_of.get(event, ""))
    if channel is not None and event in channel.events.results:
        first = min((one for one in case.filings if one.channel == channel.id), key=_FILED, default=None)
        asked = any(it.channel == channel.id and not _days_before(at, it.at) for it in case.contacts)
        if first is not None and not asked and _days_before(at, first.filed_at):
            return before_filed(first, at)
    rule = rules.events.get(event)
    known = milestones(case, rules) if rule is not None and rule.follows else {}
    for earlier, label in (rule.follows if rule is not None else {}).items():
        if earlier in known and _days_before(at, known[earlier]):
            given = as_given(known[earlier])
            return msg("{event} was on {given}: this cannot have been before it.", event=label, given=given)
    return None


def out_of_order(case: Case) -> Iterator[Message]:
    """Every result in the case that stands before that of which it is one."""
    for contact, promise in case.promises:
        if wrong := before_promised(contact, promise, promise.settled_at):
            yield wrong
    for filing in case.filings:
        moments = (at for at in (filing.accepted_at, filing.ended_at, filing.aftersale_at) if at is not None)
        if wrong := before_filed(filing, min(moments, default=None)):
            yield wrong
    for task in case.follow_ups:
        if wrong := before_planned(task, task.settled_at):
            yield wrong
