"""How long one side has owed me an answer, read from what was said and filed there and nowhere else.

A letter may only speak of a silence that is its recipient's or that of the side it is about. An authority, an
association or a court is each its own; what was noted without a channel is taken to be the seller's business, except
that an answer without a channel ends every silence: rather say nothing than what is not so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from pddtui.domain.case import Case, Filing
from pddtui.domain.contact import Contact, Turn
from pddtui.domain.rules import Rules, Side
from pddtui.domain.turn import turn_of

__all__ = ["INSTANCES", "Party", "Unanswered", "parties", "side_of", "unanswered"]

INSTANCES: tuple[Side, ...] = ("authority", "association", "court", "police")
"""Who decides or helps; behind each channel stands another one."""

_AGAIN = timedelta(hours=1)
"""What I said sooner after the demand belongs to it."""


class Party(Struct, frozen=True):
    """One side, or one instance, that may owe an answer."""

    side: Side
    channel: str | None = None
    """Of an instance, the channel that it stands behind."""
    unnoted: bool = False
    """Whether what I said on no channel was said to this side."""


class Unanswered(Struct, frozen=True):
    """A silence that still lasts."""

    since: datetime
    channel: str | None
    """Where I spoke first, as far as it was noted."""
    attempts: int
    """How often I have asked again since."""


class _Event(Struct, frozen=True):
    at: datetime
    turn: Turn | None
    channel: str | None = None
    asks: bool = False


def parties(case: Case, sides: tuple[Side, ...], rules: Rules) -> tuple[Party, ...]:
    """Those of the sides that the case has to do with, an instance once for each of its channels."""
    used = dict.fromkeys([*(one.channel for one in case.contacts), *(one.channel for one in case.filings)])
    found: dict[Party, None] = {}
    for side in sides:
        if side not in INSTANCES:
            found[Party(side, unnoted=side == "merchant")] = None
            continue
        found.update({Party(side, one): None for one in used if one and rules.side(one) == side})
    return tuple(found)


def side_of(contact: Contact, case: Case, rules: Rules) -> Side | None:
    """Whom a contact was with; None where it is not noted."""
    return rules.side(_channel(contact, case))


def unanswered(case: Case, party: Party, rules: Rules, now: datetime) -> Unanswered | None:
    """The silence of that side at `now`, from my first word that it has not answered; None if it owes nothing."""
    if case.status != "open":
        return None
    start: _Event | None = None
    asked: list[datetime] = []
    for event in sorted(_events(case, party, rules), key=attrgetter("at")):
        if event.turn == "theirs" and start is None:
            start, asked = event, []
        elif event.turn in ("mine", "nobody"):
            start = None
        elif event.asks and start is not None:
            asked.append(event.at)
    if start is None or start.at >= now:
        return None
    again = {at for at in asked if at > start.at + _AGAIN}
    return Unanswered(start.at, start.channel, len(again))


def _channel(contact: Contact, case: Case) -> str | None:
    filing = next((one for one in case.filings if one.id == contact.filing), None)
    return contact.channel or (filing.channel if filing is not None else None)


def _events(case: Case, party: Party, rules: Rules) -> Iterator[_Event]:
    for contact in case.contacts:
        channel, mine = _channel(contact, case), contact.direction == "out"
        ours = _is(party, channel, rules)
        if ours or (channel is None and (party.unnoted or not mine)):
            asks = mine and contact.substance != "none"
            yield _Event(contact.at, _turn(contact, asks=asks), contact.channel, asks)
        for promise in contact.promises:
            if ours and promise.state == "kept" and promise.settled_at is not None:
                yield _Event(promise.settled_at, "mine")
    for filing in case.filings:
        if not _is(party, filing.channel, rules):
            continue
        yield _Event(filing.filed_at, "theirs", filing.channel, asks=True)
        if filing.aftersale_at is not None and filing.aftersale_turn is not None:
            yield _Event(filing.aftersale_at, filing.aftersale_turn, filing.channel)
        if filing.accepted_at is not None:
            yield _Event(filing.accepted_at, "mine")
        if filing.ended_at is not None and not _left_behind(filing, case):
            yield _Event(filing.ended_at, "mine")


def _left_behind(filing: Filing, case: Case) -> bool:
    """Whether it ended because I went on to the next rung: nobody has answered by that."""
    return filing.state == "ended" and any(other.filed_at == filing.ended_at for other in case.filings)


def _turn(contact: Contact, *, asks: bool) -> Turn | None:
    """What an answer leaves to be done makes it their turn again, but no silence: that begins when I ask again."""
    if contact.direction == "in" and contact.substance == "answer":
        return "mine"
    turn = turn_of(contact)
    return turn if asks or turn != "theirs" else None


def _is(party: Party, channel: str | None, rules: Rules) -> bool:
    return rules.side(channel) == party.side and party.channel in (None, channel)
