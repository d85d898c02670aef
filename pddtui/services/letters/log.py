"""What the log says, as the papers of a case say it: contacts, filings, and how long each addressee gave no answer.

Silence, chases and broken promises are those of the threads. A letter speaks of the sides that it is about, and else
of its recipient; an authority, an association or a court is each its own. What was noted without a channel stands in
the thread of whoever was spoken with before, but nobody is named for it, and an answer without a channel ends every
silence in a letter: rather say nothing than what is not so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case, Contact, Filing
from pddtui.domain.entries import Side
from pddtui.domain.events import last_answer, state_heard
from pddtui.domain.rules import Aftersale, Rules
from pddtui.domain.silence import measure
from pddtui.domain.threads import Thread, Wait, stage_of, threads_of
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import LetterFile, LetterKind
from pddtui.handbook.procedure import ChannelEntry
from pddtui.message import Hours, Label, msg
from pddtui.services.casebook import Casebook
from pddtui.services.letters.model import Begun, Lodged, Waiting
from pddtui.services.letters.spoken import speaks_for
from pddtui.services.letters.words import LetterWords

__all__ = [
    "Concern",
    "Filings",
    "Spell",
    "app_state",
    "before",
    "heard_from",
    "last_event",
    "owed_on",
    "promised_on",
    "refused_words",
    "spells",
    "tried",
    "waiting_times",
]

INSTANCES: tuple[Side, ...] = ("authority", "association", "court", "police")
"""Who decides or helps; behind each channel stands another one."""

_AGAIN = timedelta(hours=1)
"""What I said sooner after the demand belongs to it."""

Ended = Literal["answer", "kept", "app", "result", "event", "closed", "gone_on", "accepted"]
"""What ended it: their answer, a promise that they kept, a state of the app, what became of the filing, an event; the
end of the case; that I went on elsewhere without an answer, or that an authority has taken the matter up."""


class Spell(Struct, frozen=True, kw_only=True):
    """One stretch in which one addressee was to act."""

    thread: Thread
    begun: Begun
    cause: str | None
    """The event of the handbook that began it."""
    start: datetime
    end: datetime | None
    """None while it lasts."""
    ended: Ended | None
    answer: Contact | None
    """What they said that ended it."""
    event: str | None
    """The event of the handbook that ended it."""
    onward: Filing | None
    """The filing for which it was left behind, or by which an authority has taken the matter up."""
    accepted: datetime | None
    """When the filing was accepted while it lasted."""
    asked: tuple[datetime, ...]
    """When I asked again; that nobody picked up is not counted."""
    given: int
    """How many promises were given in it."""
    unkept: int
    """How many of these were broken, or have passed and were not settled."""

    @property
    def silent(self) -> bool:
        """Whether it is a silence: while goods are on their way back nobody owes a word."""
        return self.begun != "returned"

    @property
    def lasts(self) -> bool:
        """Whether an answer is still owed; a filing that I ended in going on higher up was not answered by that."""
        if self.ended == "gone_on" and self.onward is not None:
            filing = self.thread.filing
            return filing is not None and filing.state == "ended" and self.onward.running
        return self.end is None


def spells(case: Case, rules: Rules, now: datetime) -> tuple[Spell, ...]:
    """Every stretch in which somebody was to act, addressee by addressee, each from the first to the last."""
    threads = threads_of(case, rules)
    return tuple(spell for thread in threads for spell in _spells(case, thread, threads, now) if spell.start < now)


def _spells(case: Case, thread: Thread, threads: Sequence[Thread], now: datetime) -> Iterator[Spell]:
    for number, wait in enumerate(thread.waits):
        first = thread.contacts[0].at if thread.contacts and number == 0 else wait.start
        later = thread.waits[number + 1].start if number + 1 < len(thread.waits) else None
        end, ended, onward = wait.end, None if wait.end is None else _ended(case, thread, wait), None
        if end is None:
            onward = _taken_up(thread, threads)
            if onward is not None and onward.accepted_at is not None:
                end, ended = max(wait.start, onward.accepted_at), "accepted"
        elif ended == "gone_on" or _left(thread, wait, threads):
            ended, onward = "gone_on", _onward(wait, thread, threads)
        until = end or now
        made = [
            promise
            for contact in thread.contacts
            if min(first, wait.start) <= contact.at and (later is None or contact.at < later)
            for promise in contact.promises
        ]
        filing = thread.filing
        accepted = filing.accepted_at if filing is not None else None
        begun = _begun(thread, wait)
        yield Spell(
            thread=thread,
            begun=begun,
            cause=_event(case, wait.start) if begun in ("event", "returned") else None,
            start=wait.start,
            end=end,
            ended=ended,
            answer=_answer(thread, end) if ended == "answer" else None,
            event=_event(case, end) if ended == "event" else None,
            onward=onward,
            accepted=accepted if accepted is not None and wait.start <= accepted < until else None,
            asked=tuple(
                contact.at
                for contact in thread.contacts
                if wait.start + _AGAIN < contact.at < until
                and contact.direction == "out"
                and contact.substance != "none"
            ),
            given=len(made),
            unkept=sum(promise.state == "broken" or promise.overdue(now) for promise in made),
        )


def _begun(thread: Thread, wait: Wait) -> Begun:
    if wait.stage == "returning":
        return "returned"
    if _answer(thread, wait.start) is not None:
        return "agreed" if wait.stage == "owed" else "answered"
    if wait.stage == "owed":
        return "event"
    return "filed" if thread.filing is not None and thread.filing.filed_at == wait.start else "asked"


def _event(case: Case, at: datetime | None) -> str | None:
    """The milestone that was noted for then."""
    return next((name for name, noted in case.milestones.items() if noted == at), None)


def _answer(thread: Thread, at: datetime | None) -> Contact | None:
    """What they said then that makes it somebody's turn: an answer, or what I took for one."""
    heard = (one for one in thread.contacts if one.at == at and one.direction == "in")
    return next((one for one in heard if one.substance == "answer" or one.turn is not None), None)


def _ended(case: Case, thread: Thread, wait: Wait) -> Ended:
    end, filing = wait.end, thread.filing
    if _answer(thread, end) is not None:
        return "answer"
    if any(made.state == "kept" and made.settled_at == end for one in thread.contacts for made in one.promises):
        return "kept"
    if filing is not None and filing.aftersale_at == end and filing.aftersale_turn is not None:
        return "app"
    if filing is not None and filing.ended_at == end:
        return "result"
    if any(at == end for at in case.milestones.values()):
        return "event"
    return "closed" if case.closed_at == end and case.status != "open" else "gone_on"


def _left(thread: Thread, wait: Wait, threads: Iterable[Thread]) -> bool:
    """Whether the filing was ended just as I went on: nobody has answered by that."""
    filing = thread.filing
    if filing is None or filing.state != "ended" or filing.ended_at != wait.end:
        return False
    return _answer(thread, wait.end) is None and _onward(wait, thread, threads) is not None


def _onward(wait: Wait, thread: Thread, threads: Iterable[Thread]) -> Filing | None:
    """The filing that was lodged as the wait ended."""
    filings = (other.filing for other in threads if other is not thread)
    return next((one for one in filings if one is not None and one.filed_at == wait.end), None)


def _taken_up(thread: Thread, threads: Iterable[Thread]) -> Filing | None:
    """What somebody higher up has accepted, so that the silence below is theirs to see to."""
    if not thread.resting:
        return None
    above = (other.filing for other in threads if other.track == thread.track and other.level > thread.level)
    return next((one for one in above if one is not None and one.state == "accepted"), None)


def last_event(found: Iterable[Spell], filing: Filing) -> Spell | None:
    """What happened last to a request other than by words, so that they are to act: goods went back, or came there."""
    here = (one for one in found if one.thread.filing is not None and one.thread.filing.id == filing.id)
    return next((one for one in here if one.begun in ("returned", "event") and one.end is None), None)


def app_state(case: Case, filing: Filing, rules: Rules) -> Aftersale | None:
    """What the app showed of a request that runs; None where nothing was noted or the log has heard more since."""
    shown = rules.aftersales.get(filing.aftersale_state) if filing.aftersale_state is not None else None
    if shown is None or filing.aftersale_at is None or not filing.running:
        return None
    answer = last_answer(case, filing)
    later = answer is not None and answer.at > filing.aftersale_at and state_heard(case, filing) != filing.state
    return None if later else shown


class Concern(Struct, frozen=True, kw_only=True):
    """Of whom a letter speaks."""

    side: Side
    """The side of its recipient."""
    channel: str | None
    about: tuple[Side, ...] | None
    everybody: bool
    """Whether it is a record of all sides for whoever reads it, so that nobody is addressed."""

    @classmethod
    def of(cls, kind: LetterKind, channel: str | None, rules: Rules) -> Concern:
        """That of a letter of this kind that goes to `channel`."""
        everybody = kind.about is not None and kind.channel is None
        return cls(side=rules.side(channel) or "merchant", channel=channel, about=kind.about, everybody=everybody)

    @property
    def sides(self) -> tuple[Side, ...]:
        return self.about or (self.side,)

    def speaks_of(self, thread: Thread) -> bool:
        """Whether what was asked and promised in that thread is told."""
        return thread.side in self.about if self.about is not None else self.addresses(thread)

    def addresses(self, thread: Thread) -> bool:
        """Whether it goes to whoever the thread is with."""
        if self.everybody or thread.side != self.side:
            return False
        return self.side not in INSTANCES or thread.through == self.channel


_PARTING = 60
"""Seconds within which a contact and a filing are the same thing."""


def tried(case: Case, rules: Rules) -> tuple[Side, ...]:
    """The sides that it was spoken with or filed at."""
    threads = threads_of(case, rules)
    return tuple(dict.fromkeys(thread.side for thread in threads if thread.contacts or thread.filing is not None))


def before(case: Case, sides: tuple[Side, ...], rules: Rules, until: datetime) -> tuple[Contact, ...]:
    """What was said between one of those sides and me before then, as far as it is not the act of filing itself."""
    meant = [thread for thread in threads_of(case, rules) if thread.side in sides]
    filed = [thread.filing.filed_at for thread in meant if thread.filing is not None]
    said = {contact.id for thread in meant for contact in thread.contacts}
    return tuple(
        contact
        for contact in case.contacts
        if contact.id in said
        and contact.at < until
        and not any(abs((contact.at - at).total_seconds()) < _PARTING for at in filed)
    )


def refused_words(filing: Filing, rules: Rules, words: LetterFile) -> Label | None:
    """What it is called that the side of the filing refused it."""
    side = rules.side(filing.channel)
    return words.refused_by.get(side) if side is not None else None


class Filings:
    """Reads the filings for one letter."""

    def __init__(
        self,
        case: Case,
        kind: LetterKind,
        recipient: Concern,
        rules: Rules,
        handbook: Handbook,
        *,
        words: LetterWords,
        now: datetime,
    ) -> None:
        self._case, self._kind, self._recipient = case, kind, recipient
        self._rules, self._words, self._now = rules, words, now
        self._words_for, self._channels = handbook.letter_file, handbook.channels
        self._events = {event.id: event.label for event in handbook.events}
        self._own = [one for one in case.filings if one.channel == recipient.channel]
        self._found = spells(case, rules, now)

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

    def _state(self, filing: Filing) -> str | None:
        """What they made of it: what the goods, the app, the log or the filing itself said last.

        Nothing of one that has ended at a seller's or courier's: it may just have been left behind.
        """
        if filing.state == "ended" and self._rules.side(filing.channel) not in INSTANCES:
            return None
        last = last_event(self._found, filing)
        if last is not None:
            event = self._events.get(last.cause or "")
            return self._words.happened(event, last.start.astimezone(self._now.tzinfo))
        shown, at = app_state(self._case, filing, self._rules), filing.aftersale_at
        if shown is not None and at is not None:
            return self._words.shown(shown.label, at.astimezone(self._now.tzinfo))
        state = state_heard(self._case, filing)
        talks = self._rules.side(filing.channel) not in INSTANCES  # an office decides on paper
        heard = self._answer_to(filing) if talks and state in ("open", "accepted") else None
        if heard is not None:
            day = self._words.day(heard.at.astimezone(self._now.tzinfo))
            return self._words.say(
                msg("decided on {day}", context="letter", day=day)
                if heard.reply == "decided"
                else msg("answered on {day}", context="letter", day=day)
            )
        refused = refused_words(filing, self._rules, self._words_for) if state == "refused" else None
        return self._words.say(refused or self._words_for.filing_states[state])

    def _answer_to(self, filing: Filing) -> Contact | None:
        """What ended the latest wait for the filing, also where it was said through another channel of that side."""
        here = [one for one in self._found if one.thread.filing is not None and one.thread.filing.id == filing.id]
        return here[-1].answer if here and here[-1].end is not None else None

    def _lodged(self, filing: Filing) -> Lodged:
        words, rung = self._words, self._rules.rung(filing.rung)
        channel = self._channels.get(filing.channel)
        return Lodged(
            at=words.moment(filing.filed_at.astimezone(self._now.tzinfo)),
            rung=words.say(rung.label) if rung is not None else filing.rung,
            channel=words.say(channel.label) if channel is not None else filing.channel,
            reference=filing.reference,
            state=self._state(filing),
            did=words.say(channel.filed) if channel is not None else filing.channel,
        )


def owed_on(case: Case, casebook: Casebook) -> str | None:
    """The channel on which an answer is owed, as far as noted; where none is owed, the last one that was spoken on."""
    silence = measure(case, casebook.now(), casebook.rules, casebook.calendar)
    thread = silence.thread
    spoken = (contact.channel for contact in reversed(case.contacts) if contact.channel)
    return thread.through if thread is not None else next(spoken, None)


def heard_from(case: Case, concern: Concern, rules: Rules) -> dict[str, Side]:
    """The contacts with those of whom the letter speaks, by id, and whose side that is.

    What an agent of another side said in a thread is that side's.
    """
    found: dict[str, Side] = {}
    for thread in threads_of(case, rules):
        for contact in thread.contacts:
            side = speaks_for(contact, thread.side) or thread.side
            if side in concern.sides if side != thread.side else concern.speaks_of(thread):
                found[contact.id] = side
    return found


def promised_on(case: Case) -> str | None:
    """The channel of the latest promise that is not in writing, else of the latest one."""
    made = [(promise.written, contact.channel) for contact, promise in case.promises if contact.channel]
    return next((channel for written, channel in reversed(made) if not written), made[-1][1] if made else None)


def waiting_times(
    case: Case, concern: Concern, casebook: Casebook, *, handbook: Handbook, words: LetterWords
) -> Iterator[Waiting]:
    """The silences of those that the letter speaks of, side by side; who is silent goes unnamed where it is addressed.

    A silence that went on when I filed with the same side is told from its beginning. One that I did not wait out,
    because I went on higher up, is told as far as it went, where that side has not been heard of since.
    """
    rules, now = casebook.rules, casebook.now()
    found = spells(case, rules, now)
    told = [one for one in found if one.silent and concern.speaks_of(one.thread)]
    told = [one for one in told if one.lasts or _broken_off(one, found)]
    for spell in sorted(told, key=lambda one: concern.sides.index(one.thread.side)):
        if _answered_by_somebody(case, spell):
            continue
        whole = _from_its_beginning(spell, found)
        first = whole[0]
        begun: Begun = first.begun
        since = first.start
        if spell.accepted is not None:
            begun, since = "accepted", spell.accepted
        asked = {at for one in whole for at in one.asked if at > since + _AGAIN}
        asked |= {one.start for one in whole if one.start > since + _AGAIN}
        channel_id = None if begun in ("accepted", "event") else _began_on(first)
        event = handbook.events.get(first.cause)
        entry = handbook.channels.get(channel_id) if channel_id else None
        until = None if spell.lasts else spell.end
        length = _length(case, (since, until or now), spell.thread.through, casebook, words)
        if length is None:
            continue
        dated = begun in ("asked", "filed", "event") and not length.hourly
        yield Waiting(
            who=None if concern.addresses(spell.thread) else words.say(handbook.letter_file.sides[spell.thread.side]),
            since=(words.day if dated else words.moment)(since.astimezone(now.tzinfo)),
            channel=words.say(entry.label) if entry is not None else channel_id,
            length=length.words,
            attempts=len(asked),
            begun=begun,
            did=_did(begun, entry, words),
            where=words.say(entry.in_letters) if entry is not None else None,
            hourly=length.hourly,
            event=words.say(event.label) if event is not None else None,
            until=words.moment(until.astimezone(now.tzinfo)) if until is not None else None,
        )


def _did(begun: Begun, channel: ChannelEntry | None, words: LetterWords) -> str | None:
    """What I did then, where it was I who did something."""
    if channel is None or begun not in ("asked", "filed"):
        return None
    if begun == "filed":
        return words.say(channel.filed)
    return words.say(msg("stated my demand {where}", where=words.say(channel.in_letters)))


def _broken_off(spell: Spell, found: Iterable[Spell]) -> bool:
    """Whether I went on without an answer of theirs, and nothing was asked of or heard from that side since."""
    if spell.ended not in ("gone_on", "accepted") or spell.begun not in ("asked", "filed"):
        return False
    party = [one for one in found if _same_party(one.thread, spell.thread)]
    heard = (one for each in party for one in each.thread.contacts if one.direction == "in")
    return all(one is spell or one.start < spell.start for one in party) and not any(
        one.substance == "answer" and one.at > spell.start for one in heard
    )


def _same_party(one: Thread, other: Thread) -> bool:
    return one.side == other.side and (one.side not in INSTANCES or one.through == other.through)


def _answered_by_somebody(case: Case, spell: Spell) -> bool:
    """Whether an answer was noted since of which nobody knows whose it was."""
    return any(
        one.at > spell.start and one.direction == "in" and one.substance == "answer" and one.channel is None
        for one in case.contacts
        if one.filing is None
    )


def _from_its_beginning(spell: Spell, found: Iterable[Spell]) -> tuple[Spell, ...]:
    """The silence with those before it that went into it unanswered, the oldest first."""
    whole = [spell]
    for earlier in reversed(tuple(found)):
        first = whole[0]
        if (
            first.begun == "filed"
            and earlier.ended == "gone_on"
            and earlier.silent
            and earlier.end == first.start
            and earlier.thread.id != first.thread.id
            and _same_party(earlier.thread, first.thread)
        ):
            whole.insert(0, earlier)
    return tuple(whole)


def _began_on(spell: Spell) -> str | None:
    """Through which channel I asked, or they answered, as far as it was noted."""
    if spell.begun == "filed":
        return spell.thread.through
    return next((one.channel for one in spell.thread.contacts if one.at == spell.start), None)


class Length(Struct, frozen=True):
    """How long something has lasted."""

    words: str
    hourly: bool
    """Whether it is so short that it is counted in hours."""


def _length(
    case: Case, span: tuple[datetime, datetime], channel: str | None, casebook: Casebook, words: LetterWords
) -> Length | None:
    rules, now = casebook.rules, casebook.now()
    filing = next((one for one in reversed(case.filings) if one.running and one.channel == channel), None)
    limit = rules.quiet_limit(channel, stage_of(filing) if filing is not None else None)
    unit = (limit.amber if limit is not None else duetime.span("1d")).unit
    start, end = (at.astimezone(now.tzinfo) for at in span)
    n = duetime.elapsed(start, end, unit, casebook.calendar)
    if unit == "hour" and Hours(n).days is not None:  # the whole days between the two dates, as in the dossier
        n, unit = duetime.elapsed(start, end, "natural_day", casebook.calendar), "natural_day"
    return Length(words.length(n, unit), unit == "hour") if n else None
