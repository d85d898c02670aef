"""Says the values of a case for a document: dates with their year, names as in the handbook, nothing that acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Person, Substance
from pddtui.domain.deadlines import Deadline, deadlines
from pddtui.domain.rules import Rules
from pddtui.domain.task import Evidence
from pddtui.domain.text import clean
from pddtui.domain.workdays import Calendar
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Value, msg
from pddtui.services.evidence import Custody

__all__ = ["ANSWERS", "UNSURE", "Teller"]


ANSWERS: Mapping[Substance, Message] = {
    "answer": msg("answer"),
    "holding": msg("no answer to the matter"),
    "none": msg("no answer"),
}
"""What an answer was, as one tells it to an authority."""

UNSURE = msg("source to be verified")
"""Of a rule or an article that rests on a weak source."""


class Teller(Struct, frozen=True, kw_only=True):
    """Everything that a document is made with, beside the case."""

    say: Callable[[Value], str]
    """Says a value in the language of the reader; a text is somebody's own and stays."""
    language: Literal["zh", "en"]
    handbook: Handbook
    rules: Rules
    calendar: Calendar
    now: datetime
    custody: Callable[[Evidence], Custody]
    """Whether the copy of a piece of evidence is still there, as it was."""

    @property
    def zone(self) -> tzinfo | None:
        return self.now.tzinfo

    def __call__(self, value: Value | None) -> str:
        """The value, made inert; nothing for None."""
        return "" if value is None else clean(self.say(value))

    def joined(self, *values: Value | None) -> str:
        """Those that say something, side by side."""
        return " · ".join(text for value in values if (text := self(value)))

    def stacked(self, *values: Value | None) -> str:
        """Those that say something, one below the other."""
        return "\n".join(text for value in values if (text := self(value)))

    def money(self, amount: Decimal | None, currency: str) -> str | None:
        if amount is None:
            return None
        return f"¥{amount:.2f}" if currency == "CNY" else f"{currency} {amount:.2f}"

    def who(self, person: Person) -> str:
        number = msg("no. {number}", number=person.staff_no) if person.staff_no else None
        return self.joined(person.name, person.role, number)

    def side(self, contact: Contact) -> str:
        """Who spoke to whom, in two lines."""
        return self(msg("me → them")) if contact.direction == "out" else self(msg("them → me"))

    def channel(self, channel_id: str | None) -> str | None:
        found = self.handbook.channels.get(channel_id) if channel_id else None
        return self(found.label) if found is not None else channel_id

    def rung(self, rung_id: str) -> str:
        found = self.rules.rung(rung_id)
        return self(found.label) if found is not None else rung_id

    def date_of_due(self, due: datetime, *, estimated: bool) -> str:
        return self(msg("{due} (estimated)", due=due) if estimated else due)

    def days(self, start: datetime, end: datetime) -> int:
        """Whole days between the two dates."""
        return max(0, (end.astimezone(self.zone).date() - start.astimezone(self.zone).date()).days)

    def clocks(self, case: Case) -> tuple[Deadline, ...]:
        return deadlines(case, self.now, self.rules, self.calendar)
