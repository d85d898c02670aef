"""What was said in one case, day by day: who, where, the words, and every promise under its contact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from textual.content import Content

from pddtui.domain.attention import Attention
from pddtui.domain.case import Contact, Promise
from pddtui.domain.rules import Rules
from pddtui.message import plural
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import TextPart, Tone, due_day, person_words, tone_of
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["ContactLog", "contact_head", "day_line", "promise_lines"]

_MOST_LINES, _FIRST_LINES = 16, 8
"""From how many lines on what was said is cut, and how many are shown of it then."""


class ContactLog(LineList):
    """A row a contact and a row a promise, so that both can be chosen."""

    def __init__(self, speech: Speech, rules: Rules, *, newest_first: bool, id: str) -> None:  # noqa: A002
        super().__init__(self._lines_of, id=id, empty=show.plain(""))
        self._speech = speech
        self._rules = rules
        self.newest_first = newest_first
        self._shown: dict[str, date | Contact | tuple[Contact, Promise]] = {}
        self._now: datetime | None = None

    def show_log(self, entry: Attention | None, now: datetime) -> None:
        """Show the log of this case, or nothing."""
        contacts = entry.case.contacts if entry is not None else ()
        self._now = now
        self._shown = distinct(self._things(contacts))
        empty = self._speech("No contacts yet. Press l to log one.") if entry is not None else ""
        self.set_empty(show.plain(empty, Tone.QUIET))
        self.set_rows([self._row(key, thing) for key, thing in self._shown.items()])

    def contact(self, key: str | None) -> Contact | None:
        """The contact on the row with that key, also when the row is one of its promises."""
        thing = self._shown.get(key or "")
        if isinstance(thing, tuple):
            return thing[0]
        return thing if isinstance(thing, Contact) else None

    def promise(self, key: str | None) -> Promise | None:
        """The promise on the row with that key."""
        thing = self._shown.get(key or "")
        return thing[1] if isinstance(thing, tuple) else None

    def _things(self, contacts: Sequence[Contact]) -> Iterator[tuple[str, date | Contact | tuple[Contact, Promise]]]:
        zone = self._speech.zone
        days: dict[date, list[Contact]] = {}
        for contact in reversed(contacts) if self.newest_first else contacts:
            days.setdefault(contact.at.astimezone(zone).date(), []).append(contact)
        for day, members in days.items():
            yield f"day:{day.isoformat()}", day
            for contact in members:
                yield contact.id, contact
                for promise in contact.promises:
                    yield promise.id, (contact, promise)

    def _row(self, key: str, thing: date | Contact | tuple[Contact, Promise]) -> Row:
        match thing:
            case Contact():
                return Row(key, stamp=thing)
            case (_, promise):
                overdue = self._now is not None and promise.overdue(self._now)
                return Row(key, stamp=(promise, overdue))
        return Row(key, heading=True)

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        match self._shown[key]:
            case Contact() as contact:
                return self._contact(contact, cells)
            case (contact, promise):
                return self._promise(contact, promise, cells)
            case day:
                return [day_line(day, cells, self._speech)]

    def _contact(self, contact: Contact, cells: int) -> list[Content]:
        head = contact_head(contact, self._speech, self._rules)
        first, *further = show.wrap(head, max(2, cells))
        rest = [row for line in further for row in show.wrap(line, max(2, cells - 2))]
        words = [*rest, *self._beginning(show.wrap(contact.summary, max(2, cells - 2)))]
        return [first, *(show.line("  ", line) for line in words)]

    def _beginning(self, words: list[Content]) -> list[Content]:
        """All of it, or only the first lines of a whole letter, which would push everything else out of sight."""
        if len(words) <= _MOST_LINES:
            return words
        n = len(words) - _FIRST_LINES
        more = self._speech.say(
            plural("… {n} more line; press y to copy it all", "… {n} more lines; press y to copy it all", n)
        )
        return [*words[:_FIRST_LINES], show.plain(more, Tone.QUIET)]

    def _promise(self, contact: Contact, promise: Promise, cells: int) -> list[Content]:
        return promise_lines(promise, cells, self._speech, self._now or contact.at)


def day_line(day: date, cells: int, speech: Speech) -> Content:
    """A rule with the day of what is under it."""
    name = speech.day(day)
    return show.line((name + " ", Tone.QUIET), ("─" * max(0, cells - show.width(name) - 1), Tone.FAINT))


def contact_head(contact: Contact, speech: Speech, rules: Rules) -> Content:
    """Who spoke when, through which channel, and what it was."""
    channel = rules.channels.get(contact.channel or "")
    who = person_words(contact.person, speech)
    arrow, whose = ("→", speech("me")) if contact.direction == "out" else ("←", speech("them"))
    parts: list[TextPart] = [
        (f"{arrow} ", Tone.ACCENT if contact.direction == "out" else Tone.STRONG),
        (f"{at} " if (at := speech.time_of(contact.at)) else "", Tone.QUIET),
        (who or whose, Tone.STRONG),
    ]
    if channel is not None:
        parts.append((f" · {speech.say(channel.label)}", Tone.QUIET))
    notes = [speech("demand")] if contact.demand else []
    if contact.amounts_to is not None:
        notes.append(speech.say(contact.amounts_to.word))
    if contact.amendments:
        notes.append(speech("amended"))
    if contact.evidence:
        notes.append(speech("evidence"))
    if notes:
        parts.append((f" · {' · '.join(notes)}", Tone.ACCENT if contact.substance == "answer" else Tone.QUIET))
    return show.line(*parts)


def promise_lines(promise: Promise, cells: int, speech: Speech, now: datetime) -> list[Content]:
    """How the promise stands, then its words."""
    mark = promise.mark(now)
    tone = tone_of(mark)
    due = due_day(promise.due, speech, estimated=promise.estimated) if promise.due is not None else speech("no date")
    gone = promise.state in ("replaced", "waived")
    head = show.line(
        "  ",
        (f"{mark.glyph} {speech('promise')} ", tone),
        (due, tone),
        (f" · {speech.say(mark.word)}", tone),
        (f" · {speech.say(promise.form)}", Tone.QUIET),
    )
    words = show.wrap(show.plain(promise.text, Tone.STRUCK if gone else Tone.PLAIN), max(2, cells - 4))
    return [head, *(show.line("    ", line) for line in words)]
