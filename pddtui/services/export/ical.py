"""Follow-ups, promises and deadlines as an iCalendar file (RFC 5545).

Everything has a UID made of its id and the number of its case's revisions as SEQUENCE, so that taking a newer file
in moves and settles what is in the calendar already instead of adding it again. What has ended says so in its title,
which every calendar shows, and wakes nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from pddtui.domain.case import FOLLOW_UP_STATES, PROMISE_STATES, STATUSES, WRITTEN, Case
from pddtui.domain.deadlines import DEADLINE_STATES
from pddtui.domain.duetime import END_OF_DAY, span
from pddtui.domain.flags import FLAG_KINDS
from pddtui.domain.text import halfwidth
from pddtui.errors import Refused
from pddtui.message import Message, Value, msg
from pddtui.services.export.document import UNSURE, DocumentWords

if TYPE_CHECKING:
    from icalendar import Alarm, Event, Timezone

__all__ = ["alarm_ahead", "to_ics"]

_LONGEST = timedelta(minutes=30)
"""How long an entry with a time of day is in the calendar."""


_MORNING = timedelta(hours=9)
"""When the alarm of a day comes, behind its beginning."""


class _Entry(Struct, frozen=True, kw_only=True):
    uid: str
    at: datetime
    summary: Value
    detail: tuple[Value | None, ...]
    kind: str
    over: Message | None = None
    """What became of it; None while it is ahead."""
    void: bool = False
    """It never came to pass."""


def alarm_ahead(text: str) -> timedelta:
    """How long before it is due an alarm comes: `2h`, `1d`; `0d` is on the day itself. Raises `Refused`."""
    typed = re.sub(r"个?小时", "h", re.sub("[天日]", "d", halfwidth(text))).strip().lower()
    if typed in ("0", "0d", "0h"):
        return timedelta()
    found = re.fullmatch(r"[1-9]\d{0,3}[hd]", typed)
    if found is None:
        raise Refused(msg("An alarm comes hours or days ahead: write it like 2h or 1d, not “{text}”.", text=text))
    length = span(typed)
    return timedelta(hours=length.n) if length.unit == "hour" else timedelta(days=length.n)


def to_ics(cases: Iterable[Case], words: DocumentWords, alarm: timedelta | None = None) -> bytes:
    """The calendar, as UTF-8 with folded lines; `alarm` is how long before it is due each entry wakes its reader."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//pddtui//cases//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words(msg("Complaints")))
    for case in cases:
        for entry in _entries(case, words):
            calendar.add_component(_event(case, entry, words, alarm))
    if not calendar.subcomponents:
        calendar.add_component(_universal_time())
    content: bytes = calendar.to_ical()
    return content


def _entries(case: Case, words: DocumentWords) -> Iterator[_Entry]:
    for task in case.follow_ups:
        yield _Entry(
            uid=task.id,
            at=task.due,
            summary=task.text,
            detail=(_estimated(task.estimated),),
            kind="follow-up",
            over=FOLLOW_UP_STATES[task.state].word if task.state != "open" else None,
            void=task.state == "waived",
        )
    for contact, promise in case.promises:
        if promise.due is None:
            continue
        yield _Entry(
            uid=promise.id,
            at=promise.due,
            summary=msg("promised: {text}", text=promise.text),
            detail=(
                words.who(contact.person),
                msg("said {at}", at=contact.at),
                f"“{promise.due_phrase}”" if promise.due_phrase else None,
                WRITTEN["received" if promise.written else "none"],
                _estimated(promise.estimated),
            ),
            kind="promise",
            over=PROMISE_STATES[promise.state].word if promise.state != "open" else _case_over(case),
            void=promise.state in ("replaced", "waived"),
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
            over=DEADLINE_STATES[clock.state].word if not clock.runs else _case_over(case),
            void=not clock.runs and clock.state != "missed",
        )


def _case_over(case: Case) -> Message | None:
    """What is to be said of things in a case that nobody waits for any more."""
    if case.trashed_at is not None:
        return msg("deleted")
    return None if case.status == "open" else STATUSES[case.status].word


def _estimated(estimated: bool) -> Message | None:
    return msg("The date is estimated: the calendar of that year is not published yet.") if estimated else None


def _universal_time() -> Timezone:
    """A calendar without any component is none (RFC 5545, 3.6), and nothing else may stand in one that is empty."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 -- it is local by definition
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    return zone


def _event(case: Case, entry: _Entry, words: DocumentWords, alarm: timedelta | None) -> Event:
    """All day when any time of that day will do, else half an hour that ends when it is due."""
    from icalendar import Event

    event = Event()
    over = entry.over or (_case_over(case) if case.trashed_at is not None else None)
    title = entry.summary if over is None else msg("[{state}] {text}", state=over, text=entry.summary)
    event.add("uid", f"{entry.uid}@pddtui")
    event.add("dtstamp", words.now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", case.revision)
    event.add("summary", f"{words(case.ref)} {words(title)}".replace("\n", " "))
    event.add("description", words.stacked(case.title, *entry.detail))
    event.add("categories", [entry.kind])
    event.add("status", "CANCELLED" if entry.void or case.trashed_at is not None else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    local = entry.at.astimezone(words.zone)
    if local.time().replace(microsecond=0) == END_OF_DAY:
        event.add("dtstart", local.date())
        event.add("dtend", local.date() + timedelta(days=1))
        wakes = _MORNING
    else:
        end = entry.at.astimezone(UTC).replace(microsecond=0)
        event.add("dtstart", end - _LONGEST)
        event.add("dtend", end)
        wakes = _LONGEST
    if alarm is not None and over is None:
        event.add_component(_alarm(wakes - alarm, words(title)))
    return event


def _alarm(behind_start: timedelta, title: str) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title.replace("\n", " "))
    alarm.add("trigger", behind_start)
    return alarm
