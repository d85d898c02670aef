"""What each flag is about: its name in a list, why it is raised, and the situation that an act answers.

All of it is made when it is read: thousands of cases are flagged for every ten that are shown.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.acts import Scene, Situation, situation_of, state_shown
from pddtui.domain.case import TURNS, Clash, Contact, Filing, FollowUp, Promise
from pddtui.domain.deadlines import Deadline, length_words
from pddtui.domain.duetime import Span
from pddtui.domain.entries import SIDES
from pddtui.domain.fields import fields_along
from pddtui.domain.rules import Aftersale, DeadlineRule, Rules
from pddtui.domain.silence import Silence
from pddtui.domain.table import Moment
from pddtui.domain.threads import Thread
from pddtui.message import Message, Words, msg, plural

__all__ = [
    "AwaitedSubject",
    "ClashSubject",
    "ClockSubject",
    "ClosedSubject",
    "MyTurnSubject",
    "PlannedSubject",
    "PromisedSubject",
    "QuietSubject",
    "UncountedSubject",
    "UndatedSubject",
    "UnverifiedSubject",
    "thread_words",
]


def thread_words(thread: Thread, silence: Silence | None, rules: Rules) -> tuple[Words, ...]:
    """How a thread stands, in parts: with whom, whose turn since when, how long against which limit, what I tried."""
    known = rules.channels.get(thread.through or "")
    who: Words = known.label if known is not None else SIDES[thread.side]
    if thread.turn == "nobody":
        return who, msg("left behind")
    parts: list[Words] = [who, msg("{turn} since {since}", turn=TURNS[thread.turn], since=thread.since.date())]
    if silence is not None and silence.elapsed is not None and silence.reached is not None:
        limit = duetime.period(silence.reached.n, silence.reached.unit)
        parts.append(msg("{elapsed}/{limit}", elapsed=silence.gone, limit=limit))
    if thread.resting:
        parts.append(msg("rests while it is dealt with higher up"))
    if thread.asked:
        parts.append(plural("asked again once", "asked again {n} times", len(thread.asked)))
    if thread.broken:
        parts.append(plural("{n} promise broken", "{n} promises broken", thread.broken))
    return tuple(parts)


class PlannedSubject(Struct, frozen=True, gc=False):
    task: FollowUp

    @property
    def text(self) -> Words:
        return self.task.text

    @property
    def why(self) -> Message:
        return msg("You planned this for {due}.", due=self.task.due)

    def situation(self, _: Scene) -> Situation:
        return Situation(moment="planned", date=self.task.due, what=self.task.text)


class ClashSubject(Struct, frozen=True, gc=False):
    """What two machines changed apart."""

    clash: Clash
    due: datetime

    @property
    def text(self) -> Words:
        return msg("Two machines changed {what}: which one holds?", what=self.what)

    @property
    def what(self) -> Words:
        """The part of the case that it is about."""
        names = [field.said for _, field in fields_along((*self.clash.path, self.clash.names[0])) if field is not None]
        return next((said for said in reversed(names) if said is not None), self.clash.names[0])

    @property
    def why(self) -> Message:
        return msg("It was changed on two machines, each without knowing of the other, to different things.")

    def situation(self, _: Scene) -> Situation:
        return Situation(moment="clash", date=self.due, what=self.what)


class _Given(Struct, frozen=True, gc=False):
    """A promise, named by who gave it."""

    contact: Contact
    promise: Promise
    thread: Thread

    @property
    def text(self) -> Words:
        who = self.contact.person.called
        return msg("{who}: {text}", who=who, text=self.promise.text) if who else self.promise.text


class PromisedSubject(_Given, frozen=True, gc=False):
    due: datetime

    @property
    def why(self) -> Message:
        phrase = self.promise.due_phrase
        if phrase:
            return msg(
                "Promised on {at} for “{phrase}”, which is {due}.", at=self.contact.at, phrase=phrase, due=self.due
            )
        return msg("Promised on {at} for {due}.", at=self.contact.at, due=self.due)

    def situation(self, scene: Scene) -> Situation:
        moment: Moment = "promise_late" if scene.now > self.due else "promise_runs"
        return Situation(moment=moment, thread=self.thread, date=self.due, who=self.contact.person.called)


class UnverifiedSubject(Struct, frozen=True, gc=False):
    resolved_at: datetime

    @property
    def text(self) -> Words:
        return msg("Has the money really arrived?")

    @property
    def why(self) -> Message:
        return msg("Resolved on {at}; a promise to pay is not money yet.", at=self.resolved_at)

    def situation(self, _: Scene) -> Situation:
        return Situation(moment="verify", date=self.resolved_at)


class UndatedSubject(_Given, frozen=True, gc=False):
    @property
    def why(self) -> Message:
        return msg("Promised on {at} without a date, so it can never be overdue.", at=self.contact.at)

    def situation(self, _: Scene) -> Situation:
        contact = self.contact
        return Situation(moment="promise_undated", thread=self.thread, date=contact.at, who=contact.person.called)


class _InThread(Struct, frozen=True, gc=False):
    """How a thread stands."""

    thread: Thread

    def situation(self, scene: Scene) -> Situation:
        return situation_of(scene, self.thread)


class MyTurnSubject(_InThread, frozen=True, gc=False):
    amber: Span
    red: Span

    @property
    def text(self) -> Words:
        return msg("my turn since {since}", since=self.thread.since.date())

    @property
    def why(self) -> Message:
        return msg(
            "It has been your turn since {since}; your own limits are {amber} and {red}.",
            since=self.thread.since,
            amber=duetime.period(self.amber.n, self.amber.unit),
            red=duetime.period(self.red.n, self.red.unit),
        )


class AwaitedSubject(_InThread, frozen=True, gc=False):
    silence: Silence

    @property
    def text(self) -> Words:
        if self.thread.stage == "returning":
            return msg("the goods are on their way back since {since}", since=self.thread.since.date())
        return msg("their turn since {since}", since=self.thread.since.date())

    @property
    def why(self) -> Message:
        silence = self.silence
        due = silence.promise[1].due if silence.promise is not None else None
        if due is not None:
            return msg("Their promise runs until {until}: there is nothing to ask before.", until=due)
        if silence.rests_until is not None:
            return msg("You have asked again; there is nothing to ask before {until}.", until=silence.rests_until)
        if silence.amber_at is not None and silence.red_at is not None:
            return msg(
                "Their time is running: it turns amber after {amber} and red after {red}.",
                amber=silence.amber_at,
                red=silence.red_at,
            )
        return msg("Their time is running.")


class QuietSubject(_InThread, frozen=True, gc=False):
    silence: Silence

    @property
    def text(self) -> Message:
        return msg("silent since {since}", since=(self.silence.since or self.thread.since).date())

    @property
    def why(self) -> Message:
        silence = self.silence
        since = silence.since or self.thread.since
        if silence.counting_down and silence.red_at is not None:
            return msg("Asked on {since}; the countdown in the app ends at {end}.", since=since, end=silence.red_at)
        reached = silence.reached
        if reached is None:
            return self.text
        elapsed = duetime.lasted(silence.elapsed or 0, reached.unit)
        if silence.clock is not None and silence.level == "red":
            return msg(
                "Silent for {elapsed} since {since}; “{label}” ended on {end}.",
                elapsed=elapsed,
                since=since,
                label=silence.clock.rule.label,
                end=silence.clock.due.at.date(),
            )
        return msg(
            "Silent for {elapsed} since {since}; the limit here is {limit}.",
            elapsed=elapsed,
            since=since,
            limit=duetime.period(reached.n, reached.unit),
        )


class ClockSubject(Struct, frozen=True, gc=False):
    deadline: Deadline
    moment: Moment

    @property
    def text(self) -> Words:
        rule = self.deadline.rule
        return rule.label if rule.sure else msg("{label} (?)", label=rule.label)

    @property
    def why(self) -> Message:
        return msg("{label}: {length}.", label=self.deadline.rule.label, length=length_words(self.deadline))

    def situation(self, scene: Scene) -> Situation:
        clock = self.deadline
        thread = scene.whose(clock)
        return Situation(moment=self.moment, thread=thread, clock=clock, state=state_shown(thread), date=clock.due.at)


class UncountedSubject(Struct, frozen=True, gc=False):
    rule: DeadlineRule
    filing: Filing
    since: datetime

    @property
    def text(self) -> Words:
        return self.rule.label

    @property
    def why(self) -> Message:
        return msg(
            "The app has been waiting for you since {since}. A request that you do not answer in time is "
            "closed against you.",
            since=self.since,
        )

    def situation(self, scene: Scene) -> Situation:
        filing = self.filing
        return Situation(
            moment="countdown_unknown",
            thread=scene.thread(filing.id),
            state=filing.aftersale_state,
            date=self.since,
        )


class ClosedSubject(Struct, frozen=True, gc=False):
    shown: Aftersale
    filing: Filing
    since: datetime

    @property
    def text(self) -> Words:
        return msg("closed against me: {state}", state=self.shown.label)

    @property
    def why(self) -> Message:
        return msg(
            "On {since} the app showed “{state}”. Nothing more will happen there unless you act.",
            since=self.since,
            state=self.shown.label,
        )

    def situation(self, scene: Scene) -> Situation:
        thread = scene.thread(self.filing.id)
        return Situation(moment="refused", thread=thread, state=self.shown.code, date=self.since)
