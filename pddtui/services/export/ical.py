"""Follow-ups, promises and deadlines as an iCalendar file (RFC 5545).

Everything has a UID made of its id and the number of its case's revisions as SEQUENCE, so that taking a newer file
in moves and settles what is in the calendar already instead of adding it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from pddtui.domain.case import FOLLOW_UP_STATES, PROMISE_STATES, WRITTEN, Case
from pddtui.domain.flags import FLAG_KINDS
from pddtui.message import Message, Value, msg
from pddtui.services.export.document import UNSURE, DocumentWords

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["to_ics"]

_WHOLE_DAY = time(23, 59, 59)
_LONGEST = timedelta(minutes=30)
"""How long an entry with a time of day is in the calendar."""


class _Entry(Struct, frozen=True, kw_only=True):
    uid: str
    at: datetime
    summary: Value
    detail: tuple[Value | None, ...]
    kind: str
    state: Literal["CONFIRMED", "CANCELLED"] = "CONFIRMED"


def to_ics(cases: Iterable[Case], words: DocumentWords) -> bytes:
    """The calendar, as UTF-8 with folded lines."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//pddtui//cases//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words(msg("Complaints")))
    for case in cases:
        for entry in _entries(case, words):
            calendar.add_component(_event(case, entry, words))
    content: bytes = calendar.to_ical()
    return content


def _entries(case: Case, words: DocumentWords) -> Iterator[_Entry]:
    for task in case.follow_ups:
        yield _Entry(
            uid=task.id,
            at=task.due,
            summary=task.text if task.state == "open" else _ended(FOLLOW_UP_STATES[task.state].word, task.text),
            detail=(_estimated(task.estimated),),
            kind="follow-up",
            state="CANCELLED" if task.state == "waived" else "CONFIRMED",
        )
    for contact, promise in case.promises:
        if promise.due is None:
            continue
        yield _Entry(
            uid=promise.id,
            at=promise.due,
            summary=msg("promised: {text}", text=promise.text)
            if promise.state == "open"
            else _ended(PROMISE_STATES[promise.state].word, promise.text),
            detail=(
                words.who(contact.person),
                msg("said {at}", at=contact.at),
                f"“{promise.due_phrase}”" if promise.due_phrase else None,
                WRITTEN["received" if promise.written else "none"],
                _estimated(promise.estimated),
            ),
            kind="promise",
            state="CANCELLED" if promise.state in ("replaced", "waived") else "CONFIRMED",
        )
    for clock in words.clocks(case):
        if clock.rule.kind == "info":
            continue
        whose = FLAG_KINDS["my_deadline" if clock.rule.mine else "deadline"]
        yield _Entry(
            uid=f"{case.id}.{clock.key}",
            at=clock.due.at,
            summary=msg("{whose}: {label}", whose=whose, label=clock.rule.label),
            detail=(_estimated(clock.due.estimated), None if clock.rule.sure else UNSURE),
            kind="deadline",
            state="CONFIRMED" if clock.runs or clock.state == "missed" else "CANCELLED",
        )


def _ended(state: Message, text: str) -> Message:
    return msg("[{state}] {text}", state=state, text=text)


def _estimated(estimated: bool) -> Message | None:
    return msg("The date is estimated: the calendar of that year is not published yet.") if estimated else None


def _event(case: Case, entry: _Entry, words: DocumentWords) -> Event:
    """All day when any time of that day will do, else half an hour that ends when it is due."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@pddtui")
    event.add("dtstamp", words.now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", case.revision)
    event.add("summary", f"{words(case.ref)} {words(entry.summary)}".replace("\n", " "))
    event.add("description", words.stacked(case.title, *entry.detail))
    event.add("categories", [entry.kind])
    event.add("status", entry.state)
    event.add("transp", "TRANSPARENT")
    local = entry.at.astimezone(words.zone)
    if local.time().replace(microsecond=0) == _WHOLE_DAY:
        event.add("dtstart", local.date())
        event.add("dtend", local.date() + timedelta(days=1))
    else:
        end = entry.at.astimezone(UTC).replace(microsecond=0)
        event.add("dtstart", end - _LONGEST)
        event.add("dtend", end)
    return event
