"""What happened in a case, as the events of the handbook that start, stop and end clocks.

Events are read from the order, the log and the filings; one that was entered by hand as a milestone goes
before what was read. An event of a filing belongs to that filing, so that two complaints have two clocks.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Filing, FilingState
from pddtui.domain.entries import Side
from pddtui.domain.rules import ChannelEvents, Rules
from pddtui.domain.turn import turn_of

__all__ = ["Event", "Events", "events_of", "milestones"]


class Event(Struct, frozen=True, gc=False):
    """Something that happened."""

    at: datetime
    filing: str | None = None
    """The filing it belongs to, if it belongs to one."""
    side: Side | None = None
    """Of whom it was demanded, or who promised or agreed; None where the event is nobody's."""


Events = dict[str, list[Event]]
"""By event id of the handbook, the earliest first."""

_Growing = defaultdict[str, list[Event]]
"""The events while they are read."""

_WHEN = attrgetter("at")

_WHO_NEED_NOT_DECIDE: tuple[Side, ...] = ("merchant", "courier", "payment", "public")
"""Sides whose offer, or whatever they say on the matter, is an answer."""

_FIRST: Side = "merchant"
"""Whom a matter is with where nobody else was named; a contact without a channel was with whoever came before."""


def events_of(case: Case, rules: Rules) -> Events:
    """Every event that the order, the log, the filings and the milestones of the case show."""
    found: _Growing = defaultdict(list)
    _read(case, rules, found)
    for name, at in case.milestones.items():
        owner = _owner(case, rules.channel_of.get(name), at)
        others = [event for event in found.get(name, ()) if owner is not None and event.filing not in (None, owner)]
        found[name] = [*others, Event(at, owner)]
    for events in found.values():
        if len(events) > 1:
            events.sort(key=_WHEN)
    for inferred in rules.inferred:
        if inferred.id not in found:
            known = [found[name][0].at for name in inferred.else_from if name in found]
            if inferred.else_filed:
                known += [filing.filed_at for filing in case.filings]
            if known:
                found[inferred.id] = [Event(min(known))]
    return found


def last_answer(case: Case, filing: Filing) -> Contact | None:
    """The newest answer that came through the filing."""
    return next(
        (
            contact
            for contact in reversed(case.contacts)
            if contact.substance == "answer"
            and contact.at >= filing.filed_at
            and (contact.filing or _owner(case, contact.channel, contact.at)) == filing.id
        ),
        None,
    )


def state_heard(case: Case, filing: Filing) -> FilingState:
    """What became of the filing, as far as it or the log says: an answer is a result, whatever was noted of it.

    Of what was accepted only one that grants, refuses or decides it is a result: an offer does not end the procedure.
    """
    answer = last_answer(case, filing) if filing.running else None
    if answer is None or answer.reply in ("asked", "other") or turn_of(answer) == "theirs":
        return filing.state
    if filing.state == "accepted" and (
        answer.reply not in ("agreed", "refused", "decided")
        or (filing.accepted_at is not None and answer.at <= filing.accepted_at)
    ):
        return filing.state
    return "refused" if answer.reply == "refused" else "answered"


def milestones(case: Case, rules: Rules) -> dict[str, datetime]:
    """When each event of the case happened for the first time, by event id."""
    return {name: events[0].at for name, events in events_of(case, rules).items()}


def _read(case: Case, rules: Rules, found: _Growing) -> None:
    order = case.order
    for name, at in (("ordered", order.ordered_at), ("received", order.received_at), ("delivered", order.delivered_at)):
        if at is not None:
            found[name] = [Event(at)]
    _of_log(case, rules, found)
    for filing in case.filings:
        _of_filing(filing, rules.events_of(filing.channel), found)
        if _asks_return(filing, case, rules):
            found["return_notice"].append(Event(filing.filed_at, filing.id))
    if case.status == "resolved" and case.closed_at is not None:
        found["resolved"].append(Event(case.closed_at))


def _of_log(case: Case, rules: Rules, found: _Growing) -> None:
    where: str | None = None
    side = _FIRST
    returning = case.demand.remedy in rules.returning
    for contact in case.contacts:
        channel = contact.channel
        named = channel if contact.filing is None else _channel(contact, case)
        if named and named != where:
            where, side = named, rules.side(named) or _FIRST
        if contact.direction == "out":
            if contact.demand and contact.substance != "none":  # where nobody picked up nothing was demanded
                demanded = Event(contact.at, None, side)
                found["demand_made"].append(demanded)
                if returning:
                    found["return_notice"].append(demanded)
                filed = rules.asked_at.get(channel or "")
                if filed is not None and _owner(case, channel, contact.at) is None:
                    found[filed].append(Event(contact.at))
        elif contact.substance == "answer":
            answered = rules.events_of(channel).answered
            if answered is not None and _ends_wait(contact, rules):
                found[answered].append(Event(contact.at, contact.filing or _owner(case, channel, contact.at)))
        if contact.promises:
            found["promise_made"].append(Event(contact.at, None, side))
        if contact.reply == "agreed":
            found["consented"].append(Event(contact.at, None, side))


def _asks_return(filing: Filing, case: Case, rules: Rules) -> bool:
    """Whether it is a request in the app, not withdrawn, that asks for a return.

    The app shows it in some states; else it is what was demanded, and a request of which neither is known counts, since
    the app takes none that gives no choice.
    """
    if not rules.shows_states(filing.channel) or filing.state == "ended":
        return False
    shown = rules.aftersales.get(filing.aftersale_state) if filing.aftersale_state is not None else None
    if shown is not None and shown.returns is not None:
        return shown.returns
    return case.demand.remedy is None or case.demand.remedy in rules.returning


def _channel(contact: Contact, case: Case) -> str | None:
    """Through which channel the contact went: that of its filing, where it belongs to one."""
    return next((filing.channel for filing in case.filings if filing.id == contact.filing), contact.channel)


def _ends_wait(contact: Contact, rules: Rules) -> bool:
    """Whether their answer ends what they owe: one that leaves it their turn ("your appeal is accepted") does not.

    Neither does one that asks something of me, nor, where they have to decide, one that decides nothing.
    """
    if turn_of(contact) != "mine":
        return False
    side, reply = rules.side(contact.channel), contact.reply
    return reply != "asked" and (reply not in ("offered", "other") or side in _WHO_NEED_NOT_DECIDE)


def _of_filing(filing: Filing, shows: ChannelEvents, found: _Growing) -> None:
    if shows.filed is not None:
        found[shows.filed].append(Event(filing.filed_at, filing.id))
    if filing.accepted_at is not None and shows.accepted is not None:
        found[shows.accepted].append(Event(filing.accepted_at, filing.id))
    if shows.answered is not None and filing.aftersale_at is not None and filing.aftersale_turn == "mine":
        # It waits for me because they did something.
        found[shows.answered].append(Event(filing.aftersale_at, filing.id))
    if filing.ended_at is None:
        return
    end = Event(filing.ended_at, filing.id)
    if shows.answered is not None and filing.state != "ended":
        found[shows.answered].append(end)
    if filing.state == "refused" and shows.refused is not None and filing.accepted_at is None:
        found[shows.refused].append(end)
    else:
        for name in shows.ended:
            found[name].append(end)


def _owner(case: Case, channel: str | None, at: datetime) -> str | None:
    """The newest filing of the channel lodged by that day, else its first one: days are often entered without hours."""
    if channel is None:
        return None
    lodged = [filing for filing in case.filings if filing.channel == channel]
    before = [filing for filing in lodged if filing.filed_at.date() <= at.date()]
    if before:
        return max(before, key=lambda filing: filing.filed_at).id
    return lodged[0].id if lodged else None
