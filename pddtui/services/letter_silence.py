"""The silences a letter tells of, in the words of its language and in the unit that binds whoever is silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.silence import measure, stage_of
from pddtui.domain.workdays import Unit
from pddtui.services.casebook import Casebook
from pddtui.services.letter_course import PARTIES
from pddtui.services.letter_facts import Waiting
from pddtui.services.letter_kinds import LetterKind
from pddtui.services.letter_waits import INSTANCES, Party, parties, unanswered
from pddtui.services.letter_words import LetterWords

__all__ = ["owed_on", "silences"]

_LONG = 72
"""Hours from which on a silence is told in days: the whole days between the two dates, as the dossier counts them."""


def owed_on(case: Case, casebook: Casebook) -> str | None:
    """The channel on which an answer is owed; where that was not noted or none is owed, where it was spoken last."""
    silence = measure(case, casebook.now(), casebook.rules, casebook.calendar)
    filing = next((one for one in case.filings if one.id == silence.filing), None)
    spoken = (contact.channel for contact in reversed(case.contacts) if contact.channel)
    return filing.channel if filing is not None else silence.standing.channel or next(spoken, None)


def silences(
    case: Case, kind: LetterKind, recipient: Party, casebook: Casebook, words: LetterWords
) -> Iterator[Waiting]:
    """Of the sides that the letter is about, the recipient's named by nothing."""
    rules, now = casebook.rules, casebook.now()
    own = recipient
    if recipient.side not in INSTANCES:
        own = Party(recipient.side, unnoted=recipient.side == "merchant" or kind.channel is None)
    everybody = kind.about is not None and kind.channel is None
    asked = parties(case, kind.about, rules) if kind.about is not None else (own,)
    for party in asked:
        silence = unanswered(case, party, rules, now)
        if silence is None:
            continue
        channel = rules.channels.get(silence.channel or "")
        length = _length(case, silence.since, silence.channel, casebook, words)
        if length is None:
            continue
        yield Waiting(
            who=words.say(PARTIES[party.side]) if everybody or party.side != own.side else None,
            since=words.moment(silence.since.astimezone(now.tzinfo)),
            channel=words.say(channel.label) if channel is not None else silence.channel,
            length=length,
            attempts=silence.attempts,
        )


def _length(case: Case, since: datetime, channel: str | None, casebook: Casebook, words: LetterWords) -> str | None:
    rules, now = casebook.rules, casebook.now()
    filing = next((one for one in reversed(case.filings) if one.running and one.channel == channel), None)
    limit = rules.quiet_limit(channel, stage_of(filing) if filing is not None else None)
    unit: Unit = limit.amber.unit if limit is not None else "natural_day"
    local = since.astimezone(now.tzinfo)
    n = duetime.elapsed(local, now, unit, casebook.calendar)
    if unit == "hour" and n >= _LONG:
        n, unit = duetime.elapsed(local, now, "natural_day", casebook.calendar), "natural_day"
    return words.length(n, unit) if n else None
