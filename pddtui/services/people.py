"""Whom and what was seen before, so that a form can complete it: people, merchants, the channel last used.

People of the case at hand come first, then those of other cases, each group by when they were last heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Person
from pddtui.domain.text import fold

__all__ = ["SeenPerson", "last_channel", "matching", "merchants", "people_seen"]


class SeenPerson(Struct, frozen=True, kw_only=True):
    """A person somebody spoke to."""

    person: Person
    channel: str | None
    """Where they were last spoken to."""
    at: datetime
    """When they were last spoken to."""
    here: bool
    """Whether that was in the case at hand."""


def people_seen(cases: Iterable[Case], case_id: str | None) -> tuple[SeenPerson, ...]:
    """Everybody who has a name or a staff number, once each: those of the case first, newest first."""
    found: dict[tuple[bool, str], SeenPerson] = {}
    for case in cases:
        here = case.id == case_id
        for contact in case.contacts:
            if contact.person.name or contact.person.staff_no:
                key = here, _identity(contact.person)
                known = found.get(key)
                if known is None or known.at <= contact.at:
                    found[key] = _seen(contact, known, here=here)
    mine = {identity for here, identity in found if here}
    kept = [seen for (here, identity), seen in found.items() if here or identity not in mine]
    return tuple(sorted(kept, key=lambda seen: (seen.here, seen.at), reverse=True))


def matching(people: Sequence[SeenPerson], typed: str) -> tuple[SeenPerson, ...]:
    """Those whose name or staff number holds what was typed; names that begin with it first."""
    wanted = fold(typed).strip()
    found = [seen for seen in people if any(wanted in fold(part) for part in _names(seen.person))]
    return tuple(sorted(found, key=lambda seen: not fold(seen.person.name or "").startswith(wanted)))


def merchants(cases: Iterable[Case]) -> tuple[str, ...]:
    """Every merchant once, that of the newest case first."""
    newest = sorted(cases, key=lambda case: case.opened_at, reverse=True)
    return tuple(dict.fromkeys(case.merchant for case in newest if case.merchant))


def last_channel(case: Case) -> str | None:
    """The channel of the newest contact that names one, else of the newest filing."""
    contacted = [contact.channel for contact in case.contacts if contact.channel]
    filed = [filing.channel for filing in case.filings]
    return next(iter((*reversed(contacted), *reversed(filed))), None)


def _identity(person: Person) -> str:
    """A staff number tells people apart; two without one are the same when they have the same name."""
    return fold(f"#{person.staff_no}" if person.staff_no else person.name or "").strip()


def _seen(contact: Contact, known: SeenPerson | None, *, here: bool) -> SeenPerson:
    """What was said of a person last; what it left out is taken from before."""
    before = known.person if known else Person()
    person = Person(
        name=contact.person.name or before.name,
        role=contact.person.role or before.role,
        staff_no=contact.person.staff_no or before.staff_no,
    )
    return SeenPerson(person=person, channel=contact.channel, at=contact.at, here=here)


def _names(person: Person) -> Iterable[str]:
    return (part for part in (person.name, person.staff_no) if part)
