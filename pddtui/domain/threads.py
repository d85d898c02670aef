"""The threads of a case: each addressee that I asked, whose turn it is there, since when, and how often I asked again.

A filing is a thread, and so is a side reached without one; what is said to a side that has a filing belongs to the
filing. What I say makes it their turn, their answer makes it mine, and asking again is an attempt that does not restart
their silence. An answer ends the wait of its own thread only: the courier's does not end the wait for a silent shop.

What I take higher up on the same track rests below for as long as somebody up there is to act, and is left behind once
they have decided; a report, the courier and the public are tracks of their own. An open case always has a thread in
which somebody is to act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Filing, Turn
from pddtui.domain.entries import Side, Stage
from pddtui.domain.rules import Rules, Track
from pddtui.domain.turn import done_for, turn_of

__all__ = ["Thread", "Wait", "case_turn", "side_thread", "threads_of", "waits"]

_TOGETHER = timedelta(hours=1)
"""What was said so shortly before a filing through the same channel belongs to it."""

_FIRST: Side = "merchant"
"""Whom a matter is with before anybody else is named."""

_OWED = frozenset({"asked", "offered"})
"""Replies that wait for an answer of mine in their own thread, whatever I say elsewhere."""


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


class Thread(Struct, frozen=True, kw_only=True, gc=False):
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

    @property
    def live(self) -> bool:
        """Whether somebody is to act here, and nobody higher up in their place."""
        return self.turn != "nobody" and not self.resting

    @property
    def broken(self) -> int:
        """How many promises were broken here."""
        return sum(promise.state == "broken" for contact in self.contacts for promise in contact.promises)

    @property
    def last_asked(self) -> datetime:
        """When I asked here last, while they are to act."""
        return self.asked[-1] if self.asked else self.since


class _Course:
    """A thread while its events are gone through."""

    turn: Turn = "mine"
    since: datetime | None = None
    said: datetime | None = None
    """When I said or lodged something here last."""
    channel: str | None = None
    last: str | None = None
    """The channel of the last event that names one."""
    answer: Contact | None = None
    stage: Stage | None = None
    start: datetime | None = None
    """When the stretch began in which they are to act."""
    began: Stage | None = None
    """What began it, as `Wait.stage` has it."""
    resting = False

    def __init__(self, thread_id: str, side: Side, filing: Filing | None, level: int, track: Track) -> None:
        self.id, self.side, self.filing, self.level, self.track = thread_id, side, filing, level, track
        self.asked: list[datetime] = []
        self.contacts: list[Contact] = []
        self.waits: list[Wait] = []

    def happened(self, event: _Event) -> None:
        """Take the next event."""
        at, _, turn, channel, mine, again, reply, stage = event
        if channel is not None:
            self.last = channel
        if mine:
            self.said = at
        if turn is None:
            if mine and self.turn == "theirs" and self.since is not None and at > self.since:
                self.asked.append(at)
            return
        if turn == "mine" and not mine and reply is None and self.since == at and self.stage == "owed":
            return  # the filing ended with their consent, and what they agreed to has still to come
        if mine:
            self.answer = None
        elif reply is not None:
            self.answer = reply
        self.stage = stage
        # Somebody is always to act in an open case, whatever a person or another program has said.
        theirs = turn == "theirs"
        if again or theirs != (self.turn == "theirs") or self.since is None:
            self.turn, self.since, self.channel = "theirs" if theirs else "mine", at, self.last
            if self.asked:
                self.asked = []
        elif not theirs:
            self.since = at
        elif mine and at > self.since:
            self.asked.append(at)
        if theirs or self.start is not None:
            self._wait(at, theirs=theirs, again=again or stage == "returning")

    def _wait(self, at: datetime, *, theirs: bool, again: bool) -> None:
        """Begin or end a stretch in which they are to act."""
        if theirs:
            if self.start is None:
                self.start, self.began = at, self.stage
            elif again:
                if at > self.start:
                    self.waits.append(Wait(self.start, at, self.began))
                self.start, self.began = at, self.stage
        elif self.start is not None:
            self.waits.append(Wait(self.start, at, self.began))
            self.start = None

    def leave(self, at: datetime) -> None:
        """Nobody is to act here from then on."""
        self.turn, self.resting = "nobody", False
        if self.start is not None:
            self.waits.append(Wait(self.start, max(self.start, at), self.began))
            self.start = None


_Event = tuple[datetime, _Course, Turn | None, str | None, bool, bool, "Contact | None", "Stage | None"]
"""When, in which thread, and what `_Course.happened` takes. A tuple: there is one for every contact of every case."""

_WHEN = itemgetter(0)

_Way = tuple[list[tuple[Filing, _Course]], list[tuple[Filing, _Course]], Side]
"""What was lodged through a channel, what was lodged with the side behind it on the same track, and that side."""


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


def _thread(course: _Course, case: Case) -> Thread:
    filing = course.filing
    stage = course.stage
    if stage is None and filing is not None:
        stage = "accepted" if filing.state == "accepted" else "submitted"
    return Thread(
        id=course.id,
        side=course.side,
        filing=filing,
        track=course.track,
        level=course.level,
        turn=course.turn,
        since=course.since or case.opened_at,
        channel=course.channel,
        asked=tuple(course.asked),
        contacts=tuple(course.contacts),
        answer=course.answer,
        stage=stage,
        resting=course.resting,
        waits=_waits(course),
    )


def _waits(course: _Course) -> tuple[Wait, ...]:
    return tuple(course.waits) if course.start is None else (*course.waits, Wait(course.start, None, course.began))


class _Courses:
    """The courses of the threads of one case, each made when something first happens in it."""

    def __init__(self, case: Case, rules: Rules) -> None:
        self._case, self._rules = case, rules
        self._sides: dict[Side, _Course] = {}
        self._filings: dict[str, _Course] = {}
        self._lodged: list[_Course] = []
        self._ways: dict[str | None, _Way] = {}
        self._alone: dict[str | None, _Course] = {}
        """The threads of channels with whose side nothing was lodged, so that it is the same at any time."""
        self.arrived: datetime | None = None
        """When what I demanded came, where it was noted."""

    def gone_through(self) -> list[_Course]:
        case = self._case
        for filing in case.filings:
            self._lodge(filing)
        events: list[_Event] = []
        self._add_contacts(events)
        self._add_filings(events)
        if case.milestones:
            self._add_milestones(events)
        if len(events) > 1:
            events.sort(key=_WHEN)
        for event in events:
            event[1].happened(event)
        found = [*self._sides.values(), *self._lodged]
        if all(course.track != "dispute" for course in found):
            found.insert(0, self._side(_FIRST))  # a report, the courier or the public does not settle it with the shop
        return found

    def _lodge(self, filing: Filing) -> None:
        rules = self._rules
        known = rules.channels.get(filing.channel)
        level = rules.levels.get(filing.rung, 0)
        course = _Course(
            filing.id,
            known.side if known is not None else _FIRST,
            filing,
            level,
            known.track if known is not None else "dispute",
        )
        self._filings[filing.id] = course
        self._lodged.append(course)

    def _side(self, side: Side, channel: str | None = None) -> _Course:
        course = self._sides.get(side)
        if course is None:
            known = self._rules.channels.get(channel or "")
            track: Track = known.track if known is not None else "dispute"
            level = self._rules.level_of(channel)
            course = self._sides[side] = _Course(side_thread(self._case, side), side, None, level, track)
        return course

    def _of(self, channel: str | None, at: datetime) -> _Course:
        """The thread to which what was said there then belongs: a filing of that channel or else of its side."""
        way = self._ways.get(channel)
        if way is None:
            way = self._ways[channel] = self._way(channel)
        own, beside, side = way
        if not own and not beside:
            course = self._alone[channel] = self._side(side, channel)
            return course
        found: _Course | None = None
        for filing, course in own:
            if filing.filed_at <= at + _TOGETHER:
                found = course
        if found is not None:
            return found
        for filing, course in beside:
            if filing.filed_at <= at and (filing.running or (filing.ended_at is not None and filing.ended_at >= at)):
                found = course
        return found or self._side(side, channel)

    def _way(self, channel: str | None) -> _Way:
        known = self._rules.channels.get(channel or "")
        side = known.side if known is not None else _FIRST
        lodged = [
            (course.filing, course) for course in self._lodged if course.side == side and course.filing is not None
        ]
        own = [pair for pair in lodged if pair[0].channel == channel]
        beside = [
            pair
            for pair in lodged
            if pair[0].channel != channel and (known is None or known.prods or pair[1].track == known.track)
        ]
        return own, beside, side

    def _add_contacts(self, found: list[_Event]) -> None:
        """What was said, in its thread, and which promises were kept."""
        course: _Course | None = None
        alone = self._alone
        for contact in self._case.contacts:
            channel, at = contact.channel, contact.at
            own = self._filings.get(contact.filing) if contact.filing is not None else None
            if own is not None:
                course = own
            elif channel is not None or course is None:
                course = alone.get(channel) or self._of(channel, at)
            course.contacts.append(contact)
            turn = turn_of(contact)
            if contact.direction == "out":
                found.append((at, course, turn, channel, True, False, None, None))
            elif turn is not None:
                answer = contact if contact.substance == "answer" else None
                if answer is not None and turn == "theirs":
                    stage: Stage | None = "owed" if answer.reply == "agreed" else None
                    found.append((at, course, turn, channel, False, True, answer, stage))
                else:
                    found.append((at, course, turn, channel, False, False, answer, None))
            if contact.promises:
                found.extend(
                    (promise.settled_at, course, "mine", channel, False, False, None, None)
                    for promise in contact.promises
                    if promise.state == "kept" and promise.settled_at is not None
                )

    def _add_filings(self, found: list[_Event]) -> None:
        """What was lodged, and what became of it."""
        case, rules = self._case, self._rules
        for lodged in self._lodged:
            filing = lodged.filing
            if filing is None:
                continue
            found.append((filing.filed_at, lodged, "theirs", filing.channel, True, False, None, None))
            if filing.aftersale_at is not None and filing.aftersale_turn is not None:
                found.append(
                    (filing.aftersale_at, lodged, filing.aftersale_turn, filing.channel, False, False, None, None)
                )
                done = done_for(case, filing, rules)
                if done is not None:
                    found.append((done, lodged, "theirs", filing.channel, False, False, None, "returning"))
            if filing.ended_at is not None:
                found.append((filing.ended_at, lodged, "mine", filing.channel, False, False, None, None))

    def _agreed(self, at: datetime) -> _Course | None:
        """The thread in which they agreed last, if anybody did by then."""
        agreed = [
            (contact.at, course)
            for course in (*self._sides.values(), *self._lodged)
            for contact in course.contacts
            if contact.reply == "agreed" and contact.at <= at
        ]
        return max(agreed, key=_WHEN)[1] if agreed else None

    def _add_milestones(self, found: list[_Event]) -> None:
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
            found.append((at, course, event.turn, None, False, event.owed, None, stage))


def _settle_among(found: Sequence[_Course], arrived: datetime | None) -> None:
    """Leave behind, or let rest, what has gone on in another thread; some thread stays in which somebody is to act."""
    alive = False
    for low in sorted(found, key=_LEVEL, reverse=True):
        since = low.since
        if since is None:
            continue
        if low.turn == "mine":
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
        instead = (
            other.side == low.side and filing.filed_at >= said and (low.filing is None or other.level == low.level)
        )
        decided = above and not filing.running and filing.ended_at is not None and filing.ended_at >= said
        if (instead or decided) and (left is None or filing.filed_at < left):
            left = filing.filed_at
    if left is not None:
        low.leave(left)


def _gone_on(low: _Course, since: datetime, found: Iterable[_Course]) -> datetime | None:
    """When I acted elsewhere on what waits for me here, so that it waits no more.

    What was asked or offered, and what the app waits for, is answered here or by going higher up.
    """
    filing, first = low.filing, None
    held = (low.answer is not None and low.answer.reply in _OWED) or (
        filing is not None and filing.running and filing.aftersale_turn == "mine"
    )
    for other in found:
        said = other.said
        if said is None or said < since or other is low or other.track != low.track:
            continue
        if held and not (other.level > low.level or (other.filing is not None and other.level == low.level)):
            continue
        if first is None or said < first:
            first = said
    return first
