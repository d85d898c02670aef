"""Whose turn it is, since when, and how often I have asked since: read from the contact log.

What I say makes it theirs; their answer makes it mine; a holding reply, a robot or an unanswered call changes
nothing. Asking again counts as an attempt and does not restart their silence. An answer that leaves it their
turn restarts it: they have agreed to pay, and now owe the money.
"""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Direction, Filing, Substance, Turn
from pddtui.domain.rules import Rules

__all__ = ["Standing", "Wait", "awaits_me", "done_for", "overtaken", "standing_of", "turn_after", "turn_of", "waits"]

_Event = tuple[datetime, Turn | None, str | None, bool, bool]
"""When it happened, whose turn it became if it did, through which channel, whether I asked, and whether they answered
and still have to act, so that their silence begins there. A tuple, as there is one for every contact of every case."""

_WHEN = itemgetter(0)


class Standing(Struct, frozen=True, kw_only=True):
    """How the matter stands."""

    turn: Turn
    since: datetime | None = None
    """When it became so; None while nothing has been said."""
    channel: str | None = None
    """Where they were first asked, when it is their turn; where no channel was noted, the last one before."""
    attempts: tuple[datetime, ...] = ()
    """When I asked again while waiting, oldest first."""


class Wait(Struct, frozen=True):
    """A stretch of time in which it was their turn."""

    start: datetime
    """My demand, or the filing."""
    end: datetime | None
    """Their answer, or the end of the case; None while it lasts."""


def standing_of(case: Case, rules: Rules) -> Standing:
    """Whose turn it is in this case.

    A promise that was kept counts as an answer at the moment it was settled, and so does a filing that was
    decided or has ended: what they owed me has come, and I have to look at it.
    """
    if case.status != "open":
        return Standing(turn="nobody", since=case.closed_at)
    turn: Turn = "mine"
    since: datetime | None = None
    channel: str | None = None
    last: str | None = None
    attempts: list[datetime] = []
    for at, becomes, through, attempt, answer in _events(case, rules):
        last = through or last
        if becomes is not None and (answer or becomes != turn or since is None):
            turn, since, channel = becomes, at, last
            attempts = []
        elif becomes == "mine":
            since = at
        elif attempt and turn == "theirs" and since is not None and at > since:
            attempts.append(at)
    return Standing(turn=turn, since=since, channel=channel if turn == "theirs" else None, attempts=tuple(attempts))


def waits(case: Case, rules: Rules) -> tuple[Wait, ...]:
    """Every stretch in which they were to act, the oldest first; only the last may still last."""
    found: list[Wait] = []
    start: datetime | None = None
    for at, becomes, _, _, answer in _events(case, rules):
        if becomes == "theirs" and start is None:
            start = at
        elif answer and start is not None:
            found.append(Wait(start, at))
            start = at
        elif becomes in ("mine", "nobody") and start is not None:
            found.append(Wait(start, at))
            start = None
    if start is not None:
        found.append(Wait(start, case.closed_at if case.status != "open" else None))
    return tuple(found)


def turn_of(contact: Contact) -> Turn | None:
    """Whose turn the contact makes it: as I overruled it, or by what it was. None where it changes nothing."""
    return contact.turn or turn_after(contact.direction, contact.substance)


def turn_after(direction: Direction, substance: Substance | None) -> Turn | None:
    """Whose turn a contact makes it, or None where it changes nothing."""
    if direction == "out":
        return None if substance == "none" else "theirs"
    return "mine" if substance == "answer" else None


def awaits_me(filing: Filing, rules: Rules) -> bool:
    """Whether I must act there or it is closed against me: by the state the app shows, or after a refusal in it."""
    if filing.running:
        return filing.aftersale_turn == "mine"
    return filing.state == "refused" and filing.aftersale_state is None and rules.shows_states(filing.channel)


def overtaken(case: Case, filing: Filing, rules: Rules) -> bool:
    """Whether I lodged something newer in the app since it showed that state: then nothing is left to do there."""
    if not rules.in_app(filing.channel):
        return False
    since = filing.aftersale_at or filing.ended_at or filing.filed_at
    return any(
        other.id != filing.id
        and other.filed_at >= since
        and other.filed_at > filing.filed_at
        and rules.in_app(other.channel)
        for other in case.filings
    )


def done_for(case: Case, filing: Filing, rules: Rules) -> datetime | None:
    """When I did what a request in the app waited for, and the goods were on their way back; None while it waits.

    A milestone is often a day without an hour, so on the day of the agreement the hour is ignored.
    """
    shown = filing.aftersale_at
    if shown is None or not awaits_me(filing, rules) or not case.milestones:
        return None
    agreed = (case.milestones.get(name) for name in rules.asks_return)
    agreed_then = any(at is not None and at.date() == shown.date() for at in agreed)
    sent = [
        at
        for name in rules.sent_back
        if (at := case.milestones.get(name)) is not None
        and (at >= shown or (agreed_then and at.date() == shown.date()))
    ]
    return max(min(sent), shown) if sent else None


def _events(case: Case, rules: Rules) -> list[_Event]:
    """What makes it somebody's turn, in the order in which it happened."""
    found: list[_Event] = []
    for contact in case.contacts:
        mine = contact.direction == "out"
        turn = turn_of(contact)
        if turn is not None or mine:
            answer = turn == "theirs" and not mine and contact.substance == "answer"
            found.append((contact.at, turn, contact.channel, mine, answer))
        if contact.promises:
            found.extend(
                (promise.settled_at, "mine", contact.channel, False, False)
                for promise in contact.promises
                if promise.state == "kept" and promise.settled_at is not None
            )
    for filing in case.filings:
        found.append((filing.filed_at, "theirs", filing.channel, True, False))
        if filing.aftersale_at is not None and filing.aftersale_turn is not None:
            found.append((filing.aftersale_at, filing.aftersale_turn, filing.channel, False, False))
            done = done_for(case, filing, rules)
            if done is not None:
                found.append((done, "theirs", filing.channel, False, False))
        if filing.ended_at is not None:
            found.append((filing.ended_at, "mine", filing.channel, False, False))
    if case.milestones:
        for name, whose in rules.turns.items():
            at = case.milestones.get(name)
            if at is not None:
                answer = whose == "theirs" and name not in rules.sent_back
                found.append((at, whose, None, False, answer))
    found.sort(key=_WHEN)
    return found
