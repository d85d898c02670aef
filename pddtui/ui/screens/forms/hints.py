"""What a typed phrase means, said while it is typed: the date with the days left out, the moment, what is wrong."""

from __future__ import annotations

from datetime import datetime

from pddtui.domain.duetime import Due
from pddtui.domain.moments import parse_when
from pddtui.domain.phrases import VaguePhrase
from pddtui.errors import Refused
from pddtui.message import Message, msg, plural
from pddtui.ui.context import Context

__all__ = ["by_when", "due_hint", "happened", "meaning", "when_hint"]

FEW = 3
"""As many days are named one by one; of more only the number is told."""


def due_hint(context: Context, phrase: str, start: datetime, *, countdown: bool = False) -> str:
    """`→ 11-25 周三 · not counting …`; or why the phrase names no date. Empty for an empty phrase.

    A `countdown` is read as the app shows it.
    """
    if not phrase.strip():
        return ""
    book = context.casebook
    try:
        due = book.countdown(phrase, start) if countdown else book.due(phrase, start)
    except VaguePhrase as vague:
        return "? " + context.speech.say(vague.message)
    except Refused as refused:
        return "… " + context.speech.say(refused.message)
    return "→ " + " · ".join(context.speech.say(part) for part in meaning(due))


def meaning(due: Due) -> list[Message]:
    """The date, then what a person would not expect of it: days left out, make-up days, an estimate."""
    parts = [msg("{due}", due=due.at)]
    if due.count is not None and due.count.unit == "working_day":
        off = tuple(step.date for step in due.steps if not step.counts)
        made_up = tuple(step.date for step in due.steps if step.counts and step.reason is not None)
        if 0 < len(off) <= FEW:
            parts.append(msg("not counting {days}", days=off))
        elif off:
            parts.append(plural("not counting {n} day off", "not counting {n} days off", len(off)))
        if made_up:
            parts.append(msg("{days} is worked", days=made_up))
    parts.extend(due.notes)
    if due.estimated:
        parts.append(msg("estimated: that year's calendar is not published"))
    return parts


def by_when(context: Context, phrase: str, field: str, *, countdown: bool = False) -> Due:
    """What a due phrase or a countdown means now. Raises `Refused` at `field`."""
    try:
        return context.casebook.countdown(phrase) if countdown else context.casebook.due(phrase)
    except Refused as refused:
        raise Refused(refused.message, field=field, position=refused.position) from refused


def happened(typed: str, now: datetime, field: str) -> datetime | None:
    """The moment that was typed, None for nothing. Raises `Refused` at `field`."""
    if not typed.strip():
        return None
    try:
        return parse_when(typed, now)
    except Refused as refused:
        raise Refused(refused.message, field=field, position=refused.position) from refused


def when_hint(context: Context, typed: str, now: datetime, *, empty: str = "") -> str:
    """`→ 11-21 周六 20:00`, what an empty field stands for, or what cannot be read yet."""
    if not typed.strip():
        return empty
    try:
        at = parse_when(typed, now)
    except Refused as refused:
        return "… " + context.speech.say(refused.message)
    if at > now:
        return "→ " + context.speech("{moment}, which lies ahead", moment=at)
    return "→ " + context.speech.moment(at)
