"""Whose turn one contact, or the state of one filing, makes it.

What I say makes it theirs; their answer makes it mine; a holding reply, a robot or an unanswered call changes
nothing. What follows from all of them together is in `pddtui.domain.threads`.
"""

from __future__ import annotations

from datetime import datetime

from pddtui.domain.case import Case, Contact, Direction, Filing, Substance, Turn
from pddtui.domain.rules import Rules

__all__ = ["awaits_me", "done_for", "overtaken", "turn_after", "turn_of"]


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
