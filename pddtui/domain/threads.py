"""The threads of a case: each addressee that I asked, whose turn it is there, since when, and how often I asked again.

A filing is a thread, and so is a side reached without one; what is said to a side that has a filing belongs to the
filing. What I say makes it their turn, their answer makes it mine, and asking again is an attempt that does not restart
their silence. An answer ends the wait of its own thread only: the courier's does not end the wait for a silent shop.

What I take higher up on the same track rests below for as long as somebody up there is to act, and is left behind once
they have decided; a report, the courier and the public are tracks of their own. An open case always has a thread in
which somebody is to act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Filing, Turn
from pddtui.domain.entries import Side, Stage
from pddtui.domain.rules import Rules, Track
from pddtui.domain.turn import done_for, turn_after

__all__ = ["Stretch", "Thread", "Wait", "case_turn", "side_thread", "stage_of", "stretches", "threads_of", "waits"]

_TOGETHER = timedelta(hours=1)
"""What was said so shortly before a filing through the same channel belongs to it."""

_FIRST: Side = "merchant"
"""Whom a matter is with before anybody else is named."""

_MATTER: Track = "dispute"
"""The track of the matter itself."""

_OWED = frozenset({"asked", "offered"})
"""Replies that wait for an answer of mine in their own thread, whatever I say elsewhere."""

_SETTLED = frozenset({"refused", "decided"})
"""Replies after which a report is over."""


class Wait(Struct, frozen=True, gc=False):
    """A stretch of time in which it was their turn."""

    start: datetime
    """My demand, or the filing."""
    end: datetime | None
    """Their answer, or the end of the case; None while it lasts."""
    stage: Stage | None = None
    """What began it, where that was no demand: they owed me something (`owed`), or goods went back (`returning`)."""

    @property
    def silent(self) -> bool:
        """Whether they owed me a word in it; while goods are on their way back nobody does."""
        return self.stage != "returning"


class Thread(Struct, frozen=True, gc=False):
    """One addressee that I asked."""

    id: str
    """The id of the filing; of a side without one, `side_thread`. Stable for ever."""
    side: Side
    filing: Filing | None
    track: Track
    level: int
    """How high its rung stands."""
    turn: Turn
    """`nobody` where it was left behind: I went on elsewhere, and nobody is to act here."""
    since: datetime
    """When it became so: my demand that waits longest, or their answer; while nothing was said, when it began."""
    channel: str | None
    """Through which channel that was; where none was noted, the last one before."""
    asked: tuple[datetime, ...]
    """When I asked again while waiting, oldest first."""
    contacts: tuple[Contact, ...]
    """What was said here, by the time it happened."""
    answer: Contact | None
    """Their last answer, until I say something here."""
    stage: Stage | None
    """What is on its way, or how far the filing has come."""
    resting: bool
    """Somebody higher up has the matter and is to act, so that the silence here is no alarm."""
    waits: tuple[Wait, ...]
    """Every stretch in which they were to act here, the oldest first; only the last may still last."""
    promised: tuple[Contact, ...]
    """Those of `contacts` in which something was promised."""

    @property
    def live(self) -> bool:
        """Whether somebody is to act here, and nobody higher up in their place."""
        return self.turn != "nobody" and not self.resting

    @property
    def through(self) -> str | None:
        """The channel of its filing; of a side without one, the channel that was noted last."""
        return self.filing.channel if self.filing is not None else self.channel

    @property
    def broken(self) -> int:
        """How many promises were broken here."""
        return sum(promise.state == "broken" for contact in self.promised for promise in contact.promises)

    @property
    def last_asked(self) -> datetime:
        """When I asked here last, while they are to act."""
        return self.asked[-1] if self.asked else self.since


class _Course(Struct, gc=False, eq=False):
    """A thread while its events are gone through. A struct, since it is made several times for every case."""

    id: str
    side: Side
    filing: Filing | None
    level: int
    track: Track
    turn: Turn = "mine"
    since: datetime | None = None
    said: datetime | None = None
    """When I said or lodged something here last."""
    channel: str | None = None
    answer: Contact | None = None
    stage: Stage | None = None
    start: datetime | None = None
    """When the stretch began in which they are to act, while it lasts."""
    began: Stage | None = None
    """What began it, as `Wait.stage` has it."""
    resting: bool = False
    events: list[_Event] = []
    """What happened here, in any order."""
    asked: list[datetime] = []
    contacts: list[Contact] = []
    promised: list[Contact] = []
    waits: list[Wait] = []

    def go(self) -> None:
        """Go through what happened, by the time at which it did."""
        self.events.sort(key=_WHEN)
        since: datetime | None = None
        said: datetime | None = None
        start: datetime | None = None
        answer: Contact | None = None
        channel: str | None = None
        stage, asked = self.stage, self.asked
        for at, made, named, mine, again, reply, becomes in self.events:
            channel = named or channel
            if mine:
                said = at
            if made is None:
                if mine and start is not None and since is not None and at > since:
                    asked.append(at)
                continue
            if made == "mine" and not mine and reply is None and since == at and stage == "owed":
                continue  # the filing ended with their consent, and what they agreed to has still to come
            answer = None if mine else reply or answer
            stage = becomes
            # Somebody is always to act in an open case, whatever a person or another program has said.
            theirs = made == "theirs"
            if again or since is None or theirs != (start is not None):
                if start is not None and (at > start or not theirs):
                    self.waits.append(Wait(start, at, self.began))
                since, start, self.channel, self.began = at, at if theirs else None, channel, becomes
                asked.clear()
            elif not theirs:
                since, self.channel = at, channel
            elif mine and at > since:
                asked.append(at)
        self.turn = "theirs" if start is not None else "mine"
        self.since, self.said, self.start, self.answer, self.stage = since, said, start, answer, stage

    def leave(self, at: datetime) -> None:
        """Nobody is to act here from then on."""
        self.turn, self.resting = "nobody", False
        if self.start is not None:
            self.waits.append(Wait(self.start, max(self.start, at), self.began))
            self.start = None


_Event = tuple[datetime, Turn | None, str | None, bool, bool, "Contact | None", "Stage | None"]
"""When, whose turn it makes it, through which channel, whether it was I, whether their wait begins anew, their answer,
and what is on its way from then on. A tuple: there is one for every contact of every case."""

_WHEN = itemgetter(0)

_Way = tuple[list[tuple[datetime, _Course]], list[tuple[datetime, datetime | None, _Course]], Side]
"""What was lodged through a channel and when; what was lodged with the side behind it on the same track, from when and
until when, unless it still runs; and that side."""


def side_thread(case: Case, side: Side) -> str:
    """The id of the thread with a side that is reached without a filing."""
    return f"{case.id}/{side}"


def threads_of(case: Case, rules: Rules) -> tuple[Thread, ...]:
    """Every thread of the case: the sides without a filing, then the filings in the order in which they were lodged.

    A promise that was kept counts as an answer at the moment it was settled, and so does a filing that was decided or
    has ended: what they owed me has come, and I have to look at it. In a case that has ended it is nobody's turn.
    """
    courses = _Courses(case, rules)
    found = courses.gone_through()
    if case.status != "open":
        for course in found:
            if case.closed_at is not None:
                course.leave(case.closed_at)
            course.turn = "nobody"
    elif len(found) > 1:
        _settle_among(found, courses.arrived)
    return tuple([_thread(course, case) for course in found])


def case_turn(case: Case, threads: Iterable[Thread]) -> Turn:
    """Whose turn it is in the case: mine where any thread waits for me."""
    if case.status != "open":
        return "nobody"
    return "mine" if any(thread.turn == "mine" for thread in threads) else "theirs"


def stage_of(filing: Filing) -> Stage:
    """How far the filing has come, as the quiet limits know it."""
    return "accepted" if filing.state == "accepted" else "submitted"


def waits(case: Case, rules: Rules) -> tuple[Wait, ...]:
    """Every silence of anybody, the oldest first and none over another; only the last may still last.

    It ends with an answer even where somebody else is still to act, unless that one was asked before.
    """
    every = (wait for thread in threads_of(case, rules) for wait in thread.waits if wait.silent)
    spans = sorted(every, key=attrgetter("start"))
    found: list[Wait] = []
    for wait in spans:
        if found and (found[-1].end is None or wait.start < found[-1].end):
            end = found[-1].end
            if end is not None and (wait.end is None or wait.end > end):
                found[-1] = Wait(found[-1].start, wait.end)
        else:
            found.append(Wait(wait.start, wait.end))
    return tuple(found)


class Stretch(Struct, frozen=True, kw_only=True):
    """A time in which one addressee owed me an answer."""

    side: Side
    rung: str | None
    """That of its filing, or else the lowest one on which that addressee stands; None where there is no ladder."""
    start: datetime
    end: datetime
    """Their answer, the end of the case, or now."""
    cut: datetime | None
    """When the case was filed at a higher rung meanwhile, so that it was no longer the turn of this one."""
    answered: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def at_rung(self) -> timedelta:
        """How long it was the turn of its rung."""
        return (self.cut or self.end) - self.start


def stretches(case: Case, now: datetime, rules: Rules) -> Iterator[Stretch]:
    """Every stretch that began before `now`, thread by thread.

    Who was left behind because the matter was lodged elsewhere has not answered.
    """
    no_answer = {case.closed_at if case.status != "open" else None, *(filing.filed_at for filing in case.filings), None}
    threads = threads_of(case, rules)
    for thread in threads:
        for wait in thread.waits:
            if wait.start >= now or not wait.silent:
                continue
            end = wait.end or now
            climbed = (
                other.filing.filed_at
                for other in threads
                if other.filing is not None and other.track == thread.track and other.level > thread.level
            )
            yield Stretch(
                side=thread.side,
                rung=_rung_of(thread, rules),
                start=wait.start,
                end=end,
                cut=min((at for at in climbed if wait.start < at < end), default=None),
                answered=wait.end not in no_answer,
            )


def _rung_of(thread: Thread, rules: Rules) -> str | None:
    """On which rung its addressee stands."""
    if thread.filing is not None and rules.rung(thread.filing.rung) is not None:
        return thread.filing.rung
    there = next((rung for rung in rules.ladder if thread.channel in rung.channels), None)
    lowest = there or next(iter(rules.ladder), None)
    return lowest.id if lowest is not None else None


def _thread(course: _Course, case: Case) -> Thread:
    filing, stage = course.filing, course.stage
    if stage is None and filing is not None:
        stage = stage_of(filing)
    lasting = course.waits if course.start is None else [*course.waits, Wait(course.start, None, course.began)]
    # By place: with fifteen names it takes six times as long, and there are some for every case.
    return Thread(
        course.id,
        course.side,
        filing,
        course.track,
        course.level,
        course.turn,
        course.since or case.opened_at,
        course.channel,
        tuple(course.asked) if course.asked else (),
        tuple(course.contacts) if course.contacts else (),
        course.answer,
        stage,
        course.resting,
        tuple(lasting) if lasting else (),
        tuple(course.promised) if course.promised else (),
    )


class _Courses:
    """The courses of the threads of one case, each made when something first happens in it."""

    def __init__(self, case: Case, rules: Rules) -> None:
        self._case, self._rules = case, rules
        self._sides: dict[Side, _Course] = {}
        self._filings: dict[str, _Course] = {}
        self._lodged: list[_Course] = []
        self._ways: dict[str | None, _Way] = {}
        self._disputed = False
        """Whether anything was said or lodged on the matter itself."""
        self._alone: dict[str | None, _Course] = {}
        """The threads of channels with whose side nothing was lodged, so that it is the same at any time."""
        self.arrived: datetime | None = None
        """When what I demanded came, where it was noted."""

    def gone_through(self) -> list[_Course]:
        case = self._case
        for filing in case.filings:
            self._lodge(filing)
        self._add_contacts()
        self._add_filings()
        if case.milestones:
            self._add_milestones()
        found = [*self._sides.values(), *self._lodged]
        if not self._disputed and _FIRST not in self._sides:
            found.insert(0, self._side(_FIRST))  # a report, the courier or the public does not settle it with the shop
        for course in found:
            course.go()
        return found

    def _lodge(self, filing: Filing) -> None:
        rules = self._rules
        known, level = rules.channels.get(filing.channel), rules.levels.get(filing.rung, 0)
        side, track = (known.side, known.track) if known is not None else (_FIRST, _MATTER)
        course = self._filings[filing.id] = _Course(filing.id, side, filing, level, track)
        self._lodged.append(course)
        self._disputed = self._disputed or track == _MATTER

    def _side(self, side: Side, channel: str | None = None) -> _Course:
        course = self._sides.get(side)
        if course is None:
            known = self._rules.channels.get(channel or "")
            track = known.track if known is not None else _MATTER
            level = self._rules.level_of(channel)
            course = self._sides[side] = _Course(side_thread(self._case, side), side, None, level, track)
            self._disputed = self._disputed or track == _MATTER
        return course

    def _of(self, channel: str | None, at: datetime) -> _Course:
        """The thread to which what was said there then belongs: a filing of that channel or else of its side."""
        way = self._ways.get(channel)
        if way is None:
            way = self._ways[channel] = self._way(channel)
        own, beside, side = way
        found: _Course | None = None
        if own:
            soon = at + _TOGETHER
            for filed, course in own:
                if filed <= soon:
                    found = course
            if found is not None:
                return found
        for filed, until, course in beside:
            if filed <= at and (until is None or at <= until):
                found = course
        if found is None:
            found = self._side(side, channel)
            if not own and not beside:
                self._alone[channel] = found
        return found

    def _way(self, channel: str | None) -> _Way:
        known = self._rules.channels.get(channel or "")
        side = known.side if known is not None else _FIRST
        own: list[tuple[datetime, _Course]] = []
        beside: list[tuple[datetime, datetime | None, _Course]] = []
        for course in self._lodged:
            filing = course.filing
            if course.side != side or filing is None:
                continue
            if filing.channel == channel:
                own.append((filing.filed_at, course))
            elif known is None or known.prods or course.track == known.track:
                if filing.running:
                    beside.append((filing.filed_at, None, course))
                elif filing.ended_at is not None:
                    beside.append((filing.filed_at, filing.ended_at, course))
        return own, beside, side

    def _add_contacts(self) -> None:
        """What was said, in its thread, and which promises were kept."""
        course: _Course | None = None
        alone = self._alone
        for contact in self._case.contacts:
            channel, at = contact.channel, contact.at
            if contact.filing is not None and contact.filing in self._filings:
                course = self._filings[contact.filing]
            elif channel is not None or course is None:
                course = alone.get(channel) or self._of(channel, at)
            course.contacts.append(contact)
            if contact.direction == "out":
                turn = contact.turn or turn_after("out", contact.substance)
                course.events.append((at, turn, channel, True, False, None, None))
            elif contact.substance == "answer":
                if contact.turn == "theirs":
                    stage: Stage | None = "owed" if contact.reply == "agreed" else None
                    course.events.append((at, "theirs", channel, False, True, contact, stage))
                else:
                    course.events.append((at, contact.turn or "mine", channel, False, False, contact, None))
            elif contact.turn is not None:
                course.events.append((at, contact.turn, channel, False, False, None, None))
            if contact.promises:
                course.promised.append(contact)
                for promise in contact.promises:
                    if promise.state == "kept" and promise.settled_at is not None:
                        course.events.append((promise.settled_at, "mine", channel, False, False, None, None))

    def _add_filings(self) -> None:
        """What was lodged, and what became of it."""
        for lodged in self._lodged:
            filing, events = lodged.filing, lodged.events
            if filing is None:
                continue
            channel = filing.channel
            events.append((filing.filed_at, "theirs", channel, True, False, None, None))
            if filing.aftersale_at is not None and filing.aftersale_turn is not None:
                events.append((filing.aftersale_at, filing.aftersale_turn, channel, False, False, None, None))
                done = done_for(self._case, filing, self._rules)
                if done is not None:
                    events.append((done, "theirs", channel, False, True, None, "returning"))
            if filing.ended_at is not None:
                events.append((filing.ended_at, "mine", channel, False, False, None, None))

    def _agreed(self, at: datetime) -> _Course | None:
        """The thread in which they agreed last, if anybody did by then."""
        agreed = [
            (contact.at, course)
            for course in (*self._sides.values(), *self._lodged)
            for contact in course.contacts
            if contact.reply == "agreed" and contact.at <= at
        ]
        return max(agreed, key=_WHEN)[1] if agreed else None

    def _add_milestones(self) -> None:
        """What was noted of goods and money belongs to the request in the app, or to the shop."""
        case, rules = self._case, self._rules
        for name, event in rules.turning.items():
            at = case.milestones.get(name)
            if at is None or event.turn is None:
                continue
            course = (self._agreed(at) if event.owed else None) or self._of(rules.request_channel, at)
            stage: Stage | None = None
            if event.turn == "theirs":
                stage = "owed" if event.owed else "returning"
            if event.arrival:
                self.arrived = at if self.arrived is None else max(self.arrived, at)
            course.events.append((at, event.turn, None, False, stage is not None, None, stage))


def _settle_among(found: Sequence[_Course], arrived: datetime | None) -> None:
    """Leave behind, or let rest, what has gone on in another thread; some thread stays in which somebody is to act."""
    alive = False
    for low in sorted(found, key=_LEVEL, reverse=True):
        since = low.since
        if since is None or low.turn == "mine":
            gone_on = _gone_on(low, since, found)
            if gone_on is not None:
                low.leave(gone_on)
        elif arrived is not None and (low.said or since) <= arrived:
            low.leave(arrived)
        else:
            _rest(low, since, found)
        alive = alive or (low.turn != "nobody" and not low.resting)
    if not alive:
        last = max(found, key=lambda course: course.since.timestamp() if course.since is not None else 0.0)
        last.turn, last.resting = "mine", False


_LEVEL = attrgetter("level")


def _rest(low: _Course, since: datetime, found: Iterable[_Course]) -> None:
    """Leave a wait behind that went into a filing in its place, or was decided above; else see whether it rests."""
    said = low.said or since
    left: datetime | None = None
    for other in found:
        filing = other.filing
        if other is low or other.track != low.track:
            continue
        above = other.level > low.level
        if above and other.turn == "theirs" and other.said is not None and other.said >= since:
            low.resting = True
        if filing is None or filing.filed_at < since:
            continue
        # Of two that were lodged at once the first has been left for this one already.
        at_once = low.filing is not None and filing.filed_at == said and other.turn == "nobody"
        instead = (
            other.side == low.side
            and filing.filed_at >= said
            and (low.filing is None or other.level == low.level)
            and not at_once
        )
        decided = above and not filing.running and filing.ended_at is not None and filing.ended_at >= said
        if (instead or decided) and (left is None or filing.filed_at < left):
            left = filing.filed_at
    if left is not None:
        low.leave(left)


def _gone_on(low: _Course, since: datetime | None, found: Iterable[_Course]) -> datetime | None:
    """When I acted elsewhere on what waits for me here, so that it waits no more; `since` where anything was said.

    What was asked or offered, and what the app waits for, is answered here or by going higher up. A report that is
    over leaves me nothing to do but to go on with the dispute.
    """
    filing, first = low.filing, None
    held = (low.answer is not None and low.answer.reply in _OWED) or (
        filing is not None and filing.running and filing.aftersale_turn == "mine"
    )
    heard = low.answer is not None and low.answer.reply in _SETTLED
    closed = low.track == "report" and filing is not None and not held and (heard or not filing.running)
    for other in found:
        said = other.said
        if said is None or other is low or not (closed or other.track == low.track):
            continue
        if since is not None and said < since:
            continue
        if held and not (other.level > low.level or (other.filing is not None and other.level == low.level)):
            continue
        if first is None or said < first:
            first = said
    return first
