"""What happened in a case, as the events of the handbook that start, stop and end clocks.

Events are read from the order, the log and the filings; one that was entered by hand as a milestone goes
before what was read. An event of a filing belongs to that filing, so that two complaints have two clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Filing
from pddtui.domain.turn import turn_of

__all__ = ["CHANNEL_OF", "Event", "Events", "happened", "milestones"]

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
"""Which event a filing through a channel is."""

ACCEPTED = {"c12315": "complaint_accepted", "consumer_assoc": "assoc_accepted", "court": "suit_docketed"}
"""Which event the acceptance of such a filing is."""

ANSWERED = {
    "app_aftersale": "aftersale_answered",
    "app_intervene": "intervention_decided",
    "courier_cs": "courier_answered",
    "p12305": "postal_appeal_answered",
    "heimao": "heimao_answered",
}
"""Which event an answer on the channel is, and the end of a filing unless I ended it without an answer."""

ENDED = {
    "odr12315": ("odr_ended",),
    "c12315": ("mediation_terminated", "termination_notified"),
    "r12315": ("report_decided", "report_notified"),
    "consumer_assoc": ("assoc_ended",),
    "court": ("judgment",),
}
"""Which events the end of the filing is. Whoever records an end has been notified of it; whoever learns of one
without a notice enters it by hand, and the clock of the notice runs."""

REFUSED = {"app_aftersale": "aftersale_rejected", "c12315": "complaint_refused"}
"""Which event a refusal is; a complaint is refused only where it was never accepted."""

AGREED = {"refund_agreed": "app_aftersale", "return_agreed": "app_aftersale"}
"""Where a consent is shown: what follows from it belongs to the request."""

CHANNEL_OF: Mapping[str, str] = {
    **{event: channel for events in (FILED, ACCEPTED, ANSWERED, REFUSED) for channel, event in events.items()},
    **{event: channel for channel, events in ENDED.items() for event in events},
    **AGREED,
}
"""The channel whose filings an event belongs to."""


class Event(Struct, frozen=True):
    """Something that happened."""

    at: datetime
    filing: str | None = None
    """The filing it belongs to, if it belongs to one."""


Events = dict[str, list[Event]]
"""By event id of the handbook, the earliest first."""

_WHEN = attrgetter("at")


def happened(case: Case) -> Events:
    """Every event that the order, the log, the filings and the milestones of the case show."""
    found: Events = {}
    for name, event in _read(case):
        found.setdefault(name, []).append(event)
    for name, at in case.milestones.items():
        owner = _owner(case, CHANNEL_OF.get(name), at)
        others = [event for event in found.get(name, ()) if owner is not None and event.filing not in (None, owner)]
        found[name] = [*others, Event(at, owner)]
    for events in found.values():
        if len(events) > 1:
            events.sort(key=_WHEN)
    if "harm_known" not in found:
        known = found.get("defect_found") or found.get("demand_made")
        if known:
            found["harm_known"] = known[:1]
    return found


def milestones(case: Case) -> dict[str, datetime]:
    """When each event of the case happened for the first time, by event id."""
    return {name: events[0].at for name, events in happened(case).items()}


def _read(case: Case) -> Iterator[tuple[str, Event]]:
    if case.order.ordered_at is not None:
        yield "ordered", Event(case.order.ordered_at)
    if case.order.received_at is not None:
        yield "received", Event(case.order.received_at)
    for contact in case.contacts:
        if contact.direction == "out":
            if contact.demand:
                yield "demand_made", Event(contact.at)
                if contact.channel == "courier_cs" and _owner(case, "courier_cs", contact.at) is None:
                    yield "courier_complained", Event(contact.at)
        elif contact.substance == "answer" and contact.channel in ANSWERED:
            yield from _answer(case, contact, contact.channel)
        if contact.promises:
            yield "promise_made", Event(contact.at)
    for filing in case.filings:
        yield from _of_filing(filing)
    if case.status == "resolved" and case.closed_at is not None:
        yield "resolved", Event(case.closed_at)


def _answer(case: Case, contact: Contact, channel: str) -> Iterator[tuple[str, Event]]:
    """An answer that leaves it their turn ("your appeal is accepted") does not end what they owe."""
    if turn_of(contact) == "mine":
        yield ANSWERED[channel], Event(contact.at, contact.filing or _owner(case, channel, contact.at))


def _of_filing(filing: Filing) -> Iterator[tuple[str, Event]]:
    channel = filing.channel
    if channel in FILED:
        yield FILED[channel], Event(filing.filed_at, filing.id)
    if filing.accepted_at is not None and channel in ACCEPTED:
        yield ACCEPTED[channel], Event(filing.accepted_at, filing.id)
    if filing.ended_at is None:
        return
    end = Event(filing.ended_at, filing.id)
    if channel in ANSWERED and filing.state != "ended":
        yield ANSWERED[channel], end
    if filing.state == "refused" and channel in REFUSED and filing.accepted_at is None:
        yield REFUSED[channel], end
    else:
        for name in ENDED.get(channel, ()):
            yield name, end


def _owner(case: Case, channel: str | None, at: datetime) -> str | None:
    """The newest filing of the channel lodged by that day, else its first one: days are often entered without hours."""
    if channel is None:
        return None
    lodged = [filing for filing in case.filings if filing.channel == channel]
    before = [filing for filing in lodged if filing.filed_at.date() <= at.date()]
    if before:
        return max(before, key=lambda filing: filing.filed_at).id
    return lodged[0].id if lodged else None
