"""The sample cases of the handbook as real cases, dated as if the day they were written for were today.

They are made by the ordinary moves, each at the time it happened, so that their history is as real as that of
any case. A promise is read again from its words: working days fall differently around another date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial

from msgspec import Struct, structs

from pddtui.domain.case import Evidence, Person
from pddtui.domain.duetime import END_OF_DAY, FixedClock
from pddtui.domain.events import milestones
from pddtui.domain.moves import CaseEdit
from pddtui.domain.ports import CaseStore
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import Calendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.samples import (
    SampleCase,
    SampleContact,
    SampleFiling,
    SampleFollowUp,
    SampleOutcome,
    SamplePromise,
)
from pddtui.message import MONTHS, Label, Value, msg
from pddtui.services.casebook import Casebook, IdSource, OneSave
from pddtui.services.inputs import NewCase, NewContact, NewFiling, NewFollowUp, NewPromise

__all__ = ["fill_with_samples"]


class SampleWording(Struct, frozen=True):
    """How samples become cases: in which language, and how many days later than they were written."""

    say: Callable[[Value], str]
    shift: timedelta

    def moved(self, at: datetime) -> datetime:
        return at + self.shift

    def text(self, label: Label) -> str:
        return self.say(label)

    def case(self, sample: SampleCase, began: datetime) -> NewCase:
        """The case, without what was done in it; `began` is when it first came to words."""
        order = sample.order
        return NewCase(
            title=self.text(sample.title),
            problem=sample.problem,
            merchant=self.text(sample.merchant),
            order=order.number,
            product=self.text(order.product),
            amount=order.amount,
            remedy=sample.demand.remedy,
            demand_amount=sample.demand.amount,
            ordered_at=self.moved(order.ordered_at),
            received_at=self.moved(order.received_at) if order.received_at else None,
            delivered_at=self.moved(order.delivered_at) if order.delivered_at else None,
            opened_at=began,
        )

    def filing(self, filing: SampleFiling) -> NewFiling:
        until = filing.countdown_until
        return NewFiling(
            rung=filing.rung,
            channel=filing.channel,
            reference=filing.reference,
            filed_at=self.moved(filing.at),
            countdown_until=self.moved(until) if until else None,
        )

    def contact(self, contact: SampleContact) -> NewContact:
        person, promise = contact.person, contact.promise
        said = self.text(contact.said)
        promises: tuple[NewPromise, ...] = ()
        if promise is not None:
            phrase = self._phrase(promise)
            said = said.replace(self.text(promise.phrase), phrase)
            promises = (NewPromise(text=self.text(promise.text), due_phrase=phrase, written=promise.written),)
        return NewContact(
            direction=contact.direction,
            said=said,
            at=self.moved(contact.at),
            channel=contact.channel,
            person=Person(
                name=person.name if person else None,
                role=self.text(person.role) if person else None,
                staff_no=person.staff_no if person else None,
            ),
            substance=contact.substance,
            demand=contact.demand,
            written=contact.written,
            promises=promises,
            turn=contact.turn,
            news="none",
        )

    def follow_up(self, task: SampleFollowUp) -> NewFollowUp:
        due = self.moved(task.due)
        whole_day = time(due.hour, due.minute, due.second) == END_OF_DAY
        return NewFollowUp(
            text=self.text(task.text), due_phrase=f"{due:%Y-%m-%d}" if whole_day else f"{due:%Y-%m-%d %H:%M}"
        )

    def _phrase(self, promise: SamplePromise) -> str:
        """What was said; where a date was named, the date it is now."""
        if promise.span is not None:
            return self.text(promise.phrase)
        due = self.moved(promise.due)
        return self.say(msg("by {day} {month}", day=due.day, month=MONTHS[due.month - 1]))


_LAG = timedelta(minutes=2)
"""How long after it happened a thing is typed in."""


def fill_with_samples(
    store: CaseStore,
    book: Handbook,
    *,
    rules: Rules,
    calendar: Calendar,
    ids: IdSource,
    now: datetime,
    say: Callable[[Value], str],
) -> None:
    """Put the sample cases into `store`, in one save, with their texts as `say` has them: in its language."""
    samples = book.samples
    wording = SampleWording(say, timedelta(days=(now.date() - samples.base_date).days))
    with store.transaction() as box:
        for sample in samples.cases:
            clock = FixedClock(now)
            casebook = Casebook(OneSave(box), clock, calendar, rules, ids)
            _Story(sample, wording, book=book, casebook=casebook, clock=clock, ids=ids).replay()


class _Scene(Struct, frozen=True):
    """One thing that happened."""

    at: datetime
    rank: int
    """Order among things of the same moment."""
    step: Callable[[], object]


class _Story:
    """One sample, done from its first day to its last."""

    def __init__(
        self,
        sample: SampleCase,
        wording: SampleWording,
        *,
        book: Handbook,
        casebook: Casebook,
        clock: FixedClock,
        ids: IdSource,
    ) -> None:
        self._sample = sample
        self._wording = wording
        self._moved = wording.moved
        self._book = book
        self._casebook = casebook
        self._clock = clock
        self._ids = ids
        self._case_id = ""

    def replay(self) -> None:
        scenes = sorted(self._scenes(), key=lambda scene: (scene.at, scene.rank))
        self._set_clock(scenes[0].at - _LAG)
        self._open(scenes[0].at)
        for scene in scenes:
            self._set_clock(max(scene.at + _LAG, self._clock.now()))
            scene.step()

    def _scenes(self) -> Iterator[_Scene]:
        sample = self._sample
        for filing in sample.filings:
            yield _Scene(self._moved(filing.at), 0, partial(self._file, filing))
            if filing.accepted_at is not None:
                yield _Scene(self._moved(filing.accepted_at), 2, partial(self._accept, filing, filing.accepted_at))
            if filing.ended_at is not None:
                yield _Scene(self._moved(filing.ended_at), 2, partial(self._end, filing, filing.ended_at))
        for contact in sample.contacts:
            yield _Scene(self._moved(contact.at), 1, partial(self._log, contact))
            if contact.promise is not None and contact.promise.settled_at is not None:
                settled = contact.promise.settled_at
                settle = partial(self._settle, contact, contact.promise, settled)
                yield _Scene(self._moved(settled), 3, settle)
        first = min([*(contact.at for contact in sample.contacts), *(filing.at for filing in sample.filings)])
        early, late = self._evidence()
        yield _Scene(self._moved(first), -1, partial(self._keep, early))
        for event, at in sample.milestones.items():
            yield _Scene(self._moved(max(at, first)), 4, partial(self._note, event, self._moved(at)))
        last = self._moved(max(contact.at for contact in sample.contacts))
        yield _Scene(last, 5, partial(self._keep, late))
        yield _Scene(last, 5, self._plan)
        if sample.outcome is not None:
            yield _Scene(self._moved(sample.outcome.at), 6, partial(self._resolve, sample.outcome))
            if sample.outcome.verified_at is not None:
                verify = partial(self._verify, sample.outcome.verified_at)
                yield _Scene(self._moved(sample.outcome.verified_at), 7, verify)

    def _set_clock(self, at: datetime) -> None:
        self._clock.advance(at - self._clock.now())

    def _open(self, began: datetime) -> None:
        case = self._casebook.open_case(self._wording.case(self._sample, began))
        self._case_id = case.id
        bottom_line = self._sample.demand.bottom_line
        if bottom_line is not None:
            demand = structs.replace(case.demand, bottom_line=self._wording.text(bottom_line))
            self._casebook.edit(case.id, CaseEdit(demand=demand))

    def _file(self, filing: SampleFiling) -> None:
        self._casebook.file(self._case_id, self._wording.filing(filing), anyway=True)

    def _log(self, contact: SampleContact) -> None:
        self._casebook.log(self._case_id, self._wording.contact(contact))

    def _accept(self, filing: SampleFiling, at: datetime) -> None:
        self._casebook.decide(self._case_id, self._lodged(filing), "accepted", self._moved(at))

    def _end(self, filing: SampleFiling, at: datetime) -> None:
        self._casebook.decide(self._case_id, self._lodged(filing), filing.state, self._moved(at))

    def _lodged(self, filing: SampleFiling) -> str:
        """The id under which it was lodged."""
        asked = (self._moved(filing.at), filing.channel)
        filings = self._casebook.case(self._case_id).filings
        return next(one.id for one in filings if (one.filed_at, one.channel) == asked)

    def _settle(self, contact: SampleContact, promise: SamplePromise, at: datetime) -> None:
        made = self._moved(contact.at)
        promised = next(one.id for said, one in self._casebook.case(self._case_id).promises if said.at == made)
        self._casebook.settle_promise(self._case_id, promised, promise.result, self._moved(at))

    def _note(self, event: str, at: datetime) -> None:
        """Only what the log and the filings do not say by themselves."""
        if milestones(self._casebook.case(self._case_id), self._casebook.rules).get(event) != at:
            self._casebook.note_milestone(self._case_id, event, at)

    def _evidence(self) -> tuple[list[str], list[str]]:
        """The kinds that are there from the start, without which nobody files anything, and those that came later."""
        have = self._sample.evidence.have
        early = [kind for kind in have if kind in self._book.samples.from_the_start]
        return early, [kind for kind in have if kind not in early]

    def _keep(self, kinds: list[str]) -> None:
        now = self._clock.now()
        for kind in kinds:
            record = Evidence(
                id=self._ids.new(now),
                kind=kind,
                proves=self._wording.text(self._book.evidence_types[kind].label),
                place=self._wording.say(self._book.samples.place),
                added_at=now,
            )
            self._casebook.add_evidence(self._case_id, record)

    def _plan(self) -> None:
        for task in self._sample.follow_ups:
            self._casebook.follow_up(self._case_id, self._wording.follow_up(task))

    def _resolve(self, outcome: SampleOutcome) -> None:
        self._casebook.resolve(self._case_id, outcome.kind, self._sample.status, outcome.recovered)

    def _verify(self, at: datetime) -> None:
        self._casebook.verify(self._case_id, self._moved(at))
