"""What the log says, as a letter says it: contacts, filings, waits and silences.

A letter may only speak of a silence that is its recipient's or that of the side it is about. An authority, an
association or a court is each its own; what was noted without a channel is taken to be the seller's business, except
that an answer without a channel ends every silence: rather say nothing than what is not so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Contact, Filing, Turn
from pddtui.domain.entries import Side
from pddtui.domain.events import state_heard
from pddtui.domain.rules import Rules
from pddtui.domain.silence import measure
from pddtui.domain.threads import stage_of
from pddtui.domain.turn import turn_of
from pddtui.domain.workdays import Unit
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import LetterKind
from pddtui.services.casebook import Casebook
from pddtui.services.letters.model import Lodged, Said, Waiting, letter_in
from pddtui.services.letters.words import LetterWords, unclosed

__all__ = ["Filings", "Party", "before", "contacts_said", "owed_on", "tried", "waiting_times"]

INSTANCES: tuple[Side, ...] = ("authority", "association", "court", "police")
"""Who decides or helps; behind each channel stands another one."""

_AGAIN = timedelta(hours=1)
"""What I said sooner after the demand belongs to it."""


class Party(Struct, frozen=True):
    """One side, or one instance, that may owe an answer."""

    side: Side
    channel: str | None = None
    """The channel that an instance stands behind; None for a side."""
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


_PARTING = 60
"""Seconds within which a contact and a filing are the same thing."""


def contacts_said(case: Case, handbook: Handbook, rules: Rules, words: LetterWords, now: datetime) -> Iterator[Said]:
    """The contacts, the oldest first."""
    for contact in case.contacts:
        side = side_of(contact, case, rules)
        party = handbook.letter_file.sides.get(side) if side is not None else None
        channel = handbook.channels.get(contact.channel) if contact.channel else None
        letter = letter_in(contact, handbook.letters, words)
        yield Said(
            at=words.moment(contact.at.astimezone(now.tzinfo)),
            mine=contact.direction == "out",
            who=words.person(contact.person),
            party=words.say(party) if party is not None else None,
            channel=words.say(channel.label) if channel is not None else contact.channel,
            phone=channel is not None and channel.kind == "phone",
            substance=contact.substance,
            reply=contact.reply,
            letter=letter,
            text="" if letter is not None else unclosed(" ".join(contact.summary.split())),
        )


def tried(case: Case, rules: Rules) -> tuple[Side, ...]:
    """The sides that it was spoken with or filed at; what was noted without a channel is taken to be the seller's."""
    spoken = (side_of(contact, case, rules) or "merchant" for contact in case.contacts)
    return tuple(dict.fromkeys([*spoken, *(side for one in case.filings if (side := rules.side(one.channel)))]))


def before(case: Case, sides: tuple[Side, ...], rules: Rules, until: datetime) -> tuple[Contact, ...]:
    """What was said between one of those sides and me before then, as far as it is not the act of filing itself."""
    filed = [one.filed_at for one in case.filings if rules.side(one.channel) in sides]
    return tuple(
        contact
        for contact in case.contacts
        if side_of(contact, case, rules) in sides
        and contact.at < until
        and not any(abs((contact.at - at).total_seconds()) < _PARTING for at in filed)
    )


class Filings:
    """Reads the filings for one letter."""

    def __init__(
        self,
        case: Case,
        kind: LetterKind,
        recipient: Party,
        rules: Rules,
        handbook: Handbook,
        *,
        words: LetterWords,
        now: datetime,
    ) -> None:
        self._case, self._kind, self._recipient = case, kind, recipient
        self._rules, self._words, self._now = rules, words, now
        self._states = handbook.letter_file.filing_states
        self._own = [one for one in case.filings if one.channel == recipient.channel]

    @property
    def until(self) -> datetime:
        """When the letter's recipient was turned to first, if that is an instance; now if it is still to be done."""
        decides = self._recipient.side in INSTANCES and self._kind.channel is not None
        return min((one.filed_at for one in self._own), default=self._now) if decides else self._now

    @property
    def listed(self) -> tuple[Lodged, ...]:
        """Those the letter lists."""
        sides, until = self._kind.lists, self.until
        return tuple(
            self._lodged(one)
            for one in self._case.filings
            if (sides is None or self._rules.side(one.channel) in sides)
            and (one.filed_at < until or until == self._now)
        )

    @property
    def here(self) -> Lodged | None:
        """The latest at its recipient."""
        return self._lodged(self._own[-1]) if self._own else None

    @property
    def pending(self) -> tuple[Lodged, ...]:
        """What authorities, associations and courts other than its recipient have or had of the claim."""
        return tuple(
            self._lodged(one)
            for one in self._case.filings
            if self._rules.side(one.channel) in INSTANCES
            and one.channel != self._recipient.channel
            and self._rules.channels[one.channel].claims
        )

    def _decided(self, filing: Filing) -> bool:
        """Whether the state says something of what they did: a seller's or courier's may just have been left behind."""
        return filing.state != "ended" or self._rules.side(filing.channel) in INSTANCES

    def _lodged(self, filing: Filing) -> Lodged:
        words, rung = self._words, self._rules.rung(filing.rung)
        channel = self._rules.channels.get(filing.channel)
        return Lodged(
            at=words.moment(filing.filed_at.astimezone(self._now.tzinfo)),
            rung=words.say(rung.label) if rung is not None else filing.rung,
            channel=words.say(channel.label) if channel is not None else filing.channel,
            reference=filing.reference,
            state=words.say(self._states[state_heard(self._case, filing)]) if self._decided(filing) else None,
        )


_LONG = 72
"""From so many hours on a silence is given in days: the whole days between the two dates, as in the dossier."""


def owed_on(case: Case, casebook: Casebook) -> str | None:
    """The channel on which an answer is owed; where that was not noted or none is owed, where it was spoken last."""
    silence = measure(case, casebook.now(), casebook.rules, casebook.calendar)
    thread = silence.thread
    spoken = (contact.channel for contact in reversed(case.contacts) if contact.channel)
    if thread is not None and thread.filing is not None:
        return thread.filing.channel
    return (thread.channel if thread is not None else None) or next(spoken, None)


def waiting_times(
    case: Case, kind: LetterKind, recipient: Party, casebook: Casebook, *, handbook: Handbook, words: LetterWords
) -> Iterator[Waiting]:
    """The silences of the sides that the letter is about; who is silent goes unnamed where it is the recipient."""
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
            who=words.say(handbook.letter_file.sides[party.side]) if everybody or party.side != own.side else None,
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
