"""A sample of the handbook in one language and moved in time: what a person would have entered for it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain.contact import Person
from pddtui.domain.duetime import END_OF_DAY
from pddtui.handbook.samples import SampleCase, SampleContact, SampleFiling, SampleFollowUp, SamplePromise
from pddtui.message import Label
from pddtui.services.entries import NewCase, NewContact, NewFiling, NewFollowUp, NewPromise

__all__ = ["Language", "Telling"]

Language = Literal["zh", "en"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Telling(Struct, frozen=True):
    """How samples are told: in which language, and how many days later than they were written."""

    language: Language
    shift: timedelta

    def moved(self, at: datetime) -> datetime:
        return at + self.shift

    def text(self, label: Label) -> str:
        return label.zh if self.language == "zh" else label.en

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
        return f"{due.month}月{due.day}日前" if self.language == "zh" else f"by {due.day} {_MONTHS[due.month - 1]}"
