"""One case drawn over days: contacts on two lanes, silences, promises as spans, deadlines as posts.

One cell is as many hours or days as the width asks for, or as a month, a week or a day of it does. Every mark is a
glyph of its own, so that nothing is said by colour alone. The rows are those of a list: the same keys go through them,
and promises and deadlines can be chosen. Sideways it goes from one thing that happened to the next; what was said then
stands under the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from operator import attrgetter
from typing import ClassVar

from msgspec import Struct
from rich.cells import split_graphemes
from textual.binding import BindingType
from textual.content import Content

from pddtui.domain.attention import Attention
from pddtui.domain.case import FILING_STATES, OVERDUE, PROMISE_STATES, SUBSTANCES, Contact, Filing, Promise
from pddtui.domain.deadlines import DEADLINE_STATES, Deadline, deadline_words
from pddtui.domain.rules import Rules
from pddtui.domain.threads import Wait, waits
from pddtui.message import Mark, Message, msg
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.bindings import bindings
from pddtui.ui.show import Tone, tone_of
from pddtui.ui.widgets.contact_log import contact_head, day_line, promise_lines
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["Canvas", "Scale", "Timeline"]

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_TICK_HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
"""How many hours may lie between two ticks that are not whole days apart."""

SPANS: Mapping[str, timedelta] = {"month": 31 * _DAY, "week": 7 * _DAY, "day": _DAY}
"""How much of the time is drawn in each closer look."""


class Scale(Struct, frozen=True):
    """So many cells from `origin` on, each of them a `step` long."""

    origin: datetime
    step: timedelta
    cells: int
    """At least two."""

    @classmethod
    def between(cls, first: datetime, last: datetime, cells: int) -> Scale:
        """The finest scale of whole hours a cell on which both moments have one. It begins at the midnight before."""
        origin = first.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = -(-(last - origin) // ((cells - 1) * _HOUR))
        return cls(origin, max(1, hours) * _HOUR, cells)

    @classmethod
    def around(cls, at: datetime, span: timedelta, cells: int) -> Scale:
        """So much time with that moment in its middle, in whole days."""
        before = max(0, (span // _DAY - 1) // 2) * _DAY
        origin = at.replace(hour=0, minute=0, second=0, microsecond=0) - before
        return cls(origin, -(-span // (cells * _MINUTE)) * _MINUTE, cells)

    @property
    def end(self) -> datetime:
        """The moment after its last cell."""
        return self.origin + self.cells * self.step

    def holds(self, at: datetime) -> bool:
        """Whether the moment is drawn; those beyond an end fall on that end."""
        return self.origin <= at < self.end

    def cell(self, at: datetime) -> int:
        """The cell of a moment; those beyond an end fall on that end."""
        return min(self.cells - 1, max(0, int((at - self.origin) // self.step)))

    def ticks(self, room: int) -> Iterator[tuple[int, datetime]]:
        """Midnights, or hours where there is room for them, at least `room` cells apart, each with its cell."""
        least = room * self.step
        hours = next((hours for hours in _TICK_HOURS if hours * _HOUR >= least), None)
        apart = hours * _HOUR if hours is not None else -(-least // _DAY) * _DAY
        at = self.origin
        while (at - self.origin) // self.step < self.cells:
            yield self.cell(at), at
            at += apart


class Canvas:
    """One line of cells. What is put later covers what was there; a character of two cells is never halved."""

    def __init__(self, cells: int) -> None:
        self._chars = [" "] * cells
        self._tones = [Tone.PLAIN] * cells

    def fill(self, start: int, end: int, char: str, tone: Tone) -> None:
        """Fill the cells from one up to and including another."""
        for cell in range(max(0, start), min(len(self._chars), end + 1)):
            self._set(cell, char, tone)

    def put(self, cell: int, text: str, tone: Tone) -> bool:
        """The text from that cell on; nothing and False where it does not fit."""
        if cell < 0 or cell + show.width(text) > len(self._chars):
            return False
        flat = show.cut(text, len(self._chars))
        for start, end, size in split_graphemes(flat)[0]:
            if size:
                self._set(cell, flat[start:end], tone, size)
                cell += size
        return True

    def free(self, start: int, end: int) -> bool:
        """Whether these cells are there and empty."""
        return start >= 0 and end < len(self._chars) and all(char == " " for char in self._chars[start : end + 1])

    def content(self) -> Content:
        return show.line(*zip(self._chars, self._tones, strict=True))

    def _set(self, cell: int, char: str, tone: Tone, size: int = 1) -> None:
        """The other half of a wide character that is covered becomes empty."""
        if self._chars[cell] == "":
            self._chars[cell - 1] = " "
        if cell + size < len(self._chars) and self._chars[cell + size] == "":
            self._chars[cell + size] = " "
        self._chars[cell : cell + size] = [char, *[""] * (size - 1)]
        self._tones[cell] = tone


NAMES = 8
"""Cells of the column with the names of the lanes."""
LEAST_AHEAD = timedelta(days=10)
"""At least so much of what lies ahead is drawn; what is due later than the past is long does not squeeze it."""
LABEL = 8
"""Cells of a date on the axis and what keeps it from the next."""

_AXIS, _WORDS, _LEGEND = "axis", "words", "legend"
_LANES: Mapping[str, Message] = {"me": msg("me"), "them": msg("them"), "silence": msg("silence")}
"""The rows that every case has, and their names."""

NOW = "┊"
POINTER = "▼"
"""Over the mark whose words are shown."""
LEGEND: tuple[Mark, ...] = (
    Mark("◆", msg("demand"), "accent"),
    Mark("◇", msg("said"), "plain"),
    Mark("▲", msg("filed"), "accent"),
    *SUBSTANCES.values(),
    Mark("━", msg("silence"), "plain"),
    PROMISE_STATES["kept"],
    PROMISE_STATES["broken"],
    PROMISE_STATES["open"],
    OVERDUE,
    Mark("┃", msg("deadline"), "plain"),
    Mark(NOW, msg("now"), "quiet"),
)


class Happened(Struct, frozen=True):
    """What has a mark of its own."""

    at: datetime
    thing: Contact | Filing

    @property
    def lane(self) -> str:
        """The row that has the mark."""
        return "them" if isinstance(self.thing, Contact) and self.thing.direction == "in" else "me"


class Timeline(LineList):
    """Give it a case with `show_case`. Promises have their ids as keys, deadlines `clock:` and theirs."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("timeline")

    def __init__(self, speech: Speech, rules: Rules, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(self._lines_of, id=id, empty=show.plain(speech("Nothing has happened yet."), Tone.QUIET))
        self._speech = speech
        self._rules = rules
        self._entry: Attention | None = None
        self._now = self._first = self._last = datetime.fromtimestamp(0, speech.zone)
        self._tracks: dict[str, tuple[Contact, Promise] | Deadline | None] = {}
        """What a row draws, by key; none for those that every case has."""
        self._happened: Sequence[Happened] = ()
        """The oldest first."""
        self._at: str | None = None
        """Id of the contact or filing whose mark is selected; None for the newest."""
        self._span: timedelta | None = None
        """How much is drawn; None for all of it."""
        self.follow = self._follow

    def show_case(self, entry: Attention, deadlines: Sequence[Deadline], now: datetime) -> None:
        """Draw this case as it is at `now`; deadlines far ahead are left out."""
        case, zone = entry.case, self._speech.zone
        self._entry, self._now = entry, now.astimezone(zone)
        happened = [
            *(Happened(contact.at.astimezone(zone), contact) for contact in case.contacts),
            *(Happened(filing.filed_at.astimezone(zone), filing) for filing in case.filings),
        ]
        self._happened = sorted(happened, key=attrgetter("at"))
        self._first = min(case.opened_at.astimezone(zone), *(each.at for each in happened), self._now)
        horizon = now + max(LEAST_AHEAD, now - self._first)
        near = [clock for clock in deadlines if clock.start <= horizon and self._first <= clock.due.at <= horizon]
        ends = [now, *(clock.due.at for clock in near)]
        ends += [promise.due for _, promise in case.promises if promise.due is not None and promise.due <= horizon]
        self._last = max(ends).astimezone(zone)
        self._tracks = distinct(
            [
                *((key, None) for key in (_AXIS, *_LANES, _WORDS, _LEGEND)),
                *((made[1].id, made) for made in case.promises),
                *((f"clock:{clock.key}", clock) for clock in near),
            ]
        )
        drawn = (key for key, track in self._tracks.items() if track is not None)
        rows = [Row(key) for key in (*_LANES, *drawn)]
        last = [Row(_WORDS, heading=True), Row(_LEGEND, heading=True)]
        self.set_rows([Row(_AXIS, heading=True), *rows, *last])

    def action_step(self, step: int) -> None:
        """Go to what happened before or next, and to its lane."""
        at = self._selected
        if at is None:
            return
        place = min(len(self._happened) - 1, max(0, self._happened.index(at) + step))
        chosen = self._happened[place]
        self._at = chosen.thing.id
        self.select(chosen.lane)
        self.renew()

    def action_zoom(self, step: int) -> None:
        """Draw less or more of the time around the mark that is selected."""
        spans = [None, *(span for span in SPANS.values() if self._first + span < self._last)]
        place = spans.index(self._span) if self._span in spans else 0
        self._span = spans[min(len(spans) - 1, max(0, place + step))]
        self.renew()

    @property
    def _selected(self) -> Happened | None:
        """What is under the mark that is selected; None while nothing has happened."""
        for happened in self._happened:
            if happened.thing.id == self._at:
                return happened
        return self._happened[-1] if self._happened else None

    @property
    def contact(self) -> Contact | None:
        """The contact whose mark is selected, while the cursor is on the lanes."""
        at = self._selected if self.cursor_key in _LANES else None
        return at.thing if at is not None and isinstance(at.thing, Contact) else None

    def _follow(self, _: str | None) -> None:
        self.renew(_AXIS, _WORDS)

    def promise(self, key: str | None) -> tuple[Contact, Promise] | None:
        """The promise on the row with that key, with the contact it was made in."""
        track = self._tracks.get(key or "")
        return track if isinstance(track, tuple) else None

    def clock(self, key: str | None) -> Deadline | None:
        """The deadline on the row with that key."""
        track = self._tracks.get(key or "")
        return track if isinstance(track, Deadline) else None

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        entry, speech = self._entry, self._speech
        if entry is None:
            return []
        scale = self._scale(max(2, cells - NAMES))
        now = scale.cell(self._now) if scale.holds(self._now) else None
        match key:
            case "axis":
                return self._axis(scale)
            case "me" | "them" | "silence":
                draw = {"me": self._mine, "them": self._theirs, "silence": self._silence}[key]
                return [self._lane(speech.say(_LANES[key]), draw(entry, scale), now)]
            case "words":
                return [line for words in self._words(cells) for line in show.wrap(words, cells)]
            case "legend":
                return self._legend(cells)
        if (made := self.promise(key)) is not None:
            return self._promise(*made, scale, now)
        clock = self.clock(key)
        return self._clock(clock, scale, now) if clock is not None else []

    def _scale(self, cells: int) -> Scale:
        at = self._selected
        if self._span is None or at is None:
            return Scale.between(self._first, self._last, cells)
        return Scale.around(at.at, self._span, cells)

    def _words(self, cells: int) -> list[Content]:
        """What the mark, promise or clock that is selected says, whole."""
        speech, key, at = self._speech, self.cursor_key, self._selected
        if (made := self.promise(key)) is not None:
            contact, promise = made
            return [*self._said(contact, cells), *promise_lines(promise, cells, speech, self._now)]
        if (clock := self.clock(key)) is not None:
            words = " ".join(speech.say(part) for part in deadline_words(clock))
            return [day_line(clock.due.at.astimezone(speech.zone).date(), cells, speech), *show.wrap(words, cells)]
        if at is None:
            return [Content("")]
        if isinstance(at.thing, Filing):
            return [day_line(at.at.date(), cells, speech), *self._filed(at.thing, cells)]
        promised = [line for made in at.thing.promises for line in promise_lines(made, cells, speech, self._now)]
        return [*self._said(at.thing, cells), *promised]

    def _said(self, contact: Contact, cells: int) -> list[Content]:
        head = contact_head(contact, self._speech, self._rules)
        words = show.wrap(contact.summary, max(2, cells - 2))
        day = day_line(contact.at.astimezone(self._speech.zone).date(), cells, self._speech)
        return [day, *show.wrap(head, cells), *(show.line("  ", line) for line in words)]

    def _filed(self, filing: Filing, cells: int) -> list[Content]:
        speech, rung = self._speech, self._rules.rung(filing.rung)
        channel = self._rules.channels.get(filing.channel)
        parts = [
            (" ".join(filter(None, ("▲", speech.time_of(filing.filed_at), speech("filed")))), Tone.ACCENT),
            (speech.say(rung.label) if rung is not None else filing.rung, Tone.STRONG),
            (speech.say(channel.label) if channel is not None else filing.channel, Tone.QUIET),
            (filing.reference or "", Tone.QUIET),
            (speech.say(FILING_STATES[filing.state].word), Tone.PLAIN),
        ]
        return show.wrap(show.join((" · ", Tone.FAINT), parts), cells)

    def _axis(self, scale: Scale) -> list[Content]:
        dates, line = Canvas(scale.cells), Canvas(scale.cells)
        line.fill(0, scale.cells - 1, "─", Tone.FAINT)
        begin, end = scale.cells, -1
        if scale.holds(self._now):
            word = self._speech("now")
            begin = min(scale.cell(self._now), scale.cells - show.width(word))
            end = begin + show.width(word)
            dates.put(begin, word, Tone.STRONG)
        for cell, at in scale.ticks(LABEL):
            line.put(cell, "┬", Tone.FAINT)
            label = f"{at:%m-%d}" if at.time() == time() else f"{at:%H:%M}"
            if cell + len(label) < begin or cell > end:
                dates.put(cell, label, Tone.QUIET)
        if scale.holds(self._now):
            line.put(scale.cell(self._now), "┴", Tone.STRONG)
        chosen = self._selected
        if chosen is not None and self.cursor_key in _LANES:
            line.put(scale.cell(chosen.at), POINTER, Tone.STRONG)
        return [self._lane("", dates), self._lane("", line)]

    def _lane(self, name: str, canvas: Canvas, now: int | None = None) -> Content:
        """A named line; the present is drawn where nothing else stands."""
        if now is not None and canvas.free(now, now):
            canvas.put(now, NOW, Tone.FAINT)
        return show.line((show.pad(name, NAMES), Tone.QUIET), canvas.content())

    def _mine(self, entry: Attention, scale: Scale) -> Canvas:
        canvas = Canvas(scale.cells)
        said = [contact for contact in entry.case.contacts if contact.direction == "out"]
        for contact in sorted(said, key=attrgetter("demand")):
            if not scale.holds(contact.at):
                continue
            char = "◆" if contact.demand else SUBSTANCES["none"].glyph if contact.substance == "none" else "◇"
            canvas.put(scale.cell(contact.at), char, Tone.ACCENT if contact.demand else Tone.PLAIN)
        taken = {scale.cell(contact.at) for contact in said}
        for filing in entry.case.filings:
            if not scale.holds(filing.filed_at):
                continue
            cell = scale.cell(filing.filed_at)
            canvas.put(cell - 1 if cell in taken else cell, "▲", Tone.ACCENT)
        return canvas

    def _theirs(self, entry: Attention, scale: Scale) -> Canvas:
        canvas = Canvas(scale.cells)
        for contact in entry.case.contacts:
            if contact.direction == "in" and scale.holds(contact.at):
                mark = SUBSTANCES[contact.substance or "holding"]
                canvas.put(scale.cell(contact.at), mark.glyph, tone_of(mark))
        return canvas

    def _silence(self, entry: Attention, scale: Scale) -> Canvas:
        canvas = Canvas(scale.cells)
        level = show.tone(entry.silence.level or "plain")
        stretches = [
            (wait, scale.cell(wait.start), scale.cell(wait.end or self._now))
            for wait in waits(entry.case, entry.rules)
            if wait.start < scale.end and (wait.end or self._now) >= scale.origin
        ]
        for wait, start, end in stretches:
            canvas.fill(start, end, "━", level if wait.end is None else Tone.PLAIN)
        for wait, start, end in stretches:
            self._length(canvas, wait, start, end, level)
        return canvas

    def _length(self, canvas: Canvas, wait: Wait, start: int, end: int, level: Tone) -> None:
        """How long it was, within the bar or else behind it."""
        days = ((wait.end or self._now) - wait.start) // timedelta(days=1)
        words = self._speech("{n} d", n=days)
        size = show.width(words)
        tone = level if wait.end is None else Tone.QUIET
        if days and end - start >= size + 3:
            canvas.put((start + end - size) // 2, f" {words} ", tone)
        elif days and canvas.free(end + 2, end + 1 + size):
            canvas.put(end + 2, words, tone)

    def _promise(self, contact: Contact, promise: Promise, scale: Scale, now: int | None) -> list[Content]:
        mark = promise.mark(self._now)
        tone = tone_of(mark)
        start = scale.cell(contact.at)
        due = scale.cell(promise.due) if promise.due is not None else start
        overrun = self._now if mark.glyph == "!" else promise.settled_at
        end = scale.cell(overrun) if overrun is not None else due
        canvas = Canvas(scale.cells)
        if contact.at >= scale.end or (overrun or promise.due or contact.at) < scale.origin:
            return [self._lane(self._speech("promise"), canvas, now)]
        canvas.fill(start, min(due, end) if promise.state == "kept" else due, "─", tone)
        canvas.fill(due + 1, end, "┄", tone)
        canvas.put(start, "├", tone)
        if due < end:
            canvas.put(due, "┤", tone)
        last = end if promise.state == "kept" else max(due, end)
        canvas.put(last, mark.glyph, tone)
        return self._labelled(self._speech("promise"), canvas, promise.text, (start, last), now)

    def _clock(self, clock: Deadline, scale: Scale, now: int | None) -> list[Content]:
        start, due = scale.cell(clock.start), scale.cell(clock.due.at)
        mark = DEADLINE_STATES[clock.state]
        tone = tone_of(mark)
        canvas = Canvas(scale.cells)
        if clock.start >= scale.end or clock.due.at < scale.origin:
            return [self._lane(self._speech("due"), canvas, now)]
        canvas.fill(start, due, "┄", Tone.FAINT)
        end = due
        if scale.holds(clock.due.at):
            canvas.put(due, "┃", tone)
            end = due + 1 if canvas.put(due + 1, mark.glyph, tone) else due
        label = self._speech.say(clock.rule.label) + ("" if clock.rule.sure else " ?")
        if due - start >= show.width(label) + 3:
            canvas.put(start + 1, f" {label} ", Tone.QUIET)
            return [self._lane(self._speech("due"), canvas, now)]
        return self._labelled(self._speech("due"), canvas, label, (start, end), now)

    def _labelled(self, name: str, canvas: Canvas, text: str, drawn: tuple[int, int], now: int | None) -> list[Content]:
        """The words behind the drawing, else before it, else under it."""
        size = show.width(text)
        start, end = drawn
        for cell in (end + 2, start - size - 1):
            if canvas.free(cell, cell + size - 1) and canvas.put(cell, text, Tone.QUIET):
                return [self._lane(name, canvas, now)]
        return [self._lane(name, canvas, now), show.line(" " * NAMES, (text, Tone.QUIET))]

    def _legend(self, cells: int) -> list[Content]:
        lines, line = [Content("")], Content("")
        for mark in LEGEND:
            part = show.line((mark.glyph, tone_of(mark)), (f" {self._speech.say(mark.word)}", Tone.QUIET))
            longer = show.line(line, "   ", part) if line else part
            if line and show.width(longer.plain) > cells:
                lines.append(line)
                longer = part
            line = longer
        return [*lines, line]
