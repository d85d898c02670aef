"""The messages of a paste, one line each: when, who, what it will be in the log, and the words.

Below them stand the facts of an order page, and the lines that were not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from textual.content import Content

from pddtui.domain.case import REPLIES, SUBSTANCES
from pddtui.domain.fields import CASE
from pddtui.domain.text import one_line
from pddtui.message import Value
from pddtui.services.pasting.messages import PastedMeaning
from pddtui.services.pasting.proposal import PasteProposal
from pddtui.services.pasting.taking import group_at, page_changes, together
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.contact_log import day_line
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row

__all__ = ["PastedList"]

_NAME_CELLS, _NAME_CELLS_NARROW = 24, 14
_NARROW, _NARROWEST = 100, 60


class PastedList(LineList):
    def __init__(self, speech: Speech, *, id: str) -> None:  # noqa: A002
        super().__init__(self._lines_of, empty=show.plain(""), id=id)
        self._speech = speech
        self._proposal: PasteProposal | None = None
        self._groups: Mapping[int, tuple[int, ...]] = {}
        """The places of the messages that become one contact with that at a place."""
        marks = (*REPLIES.values(), *SUBSTANCES.values())
        self._reading_cells = 2 + max(show.width(show.mark_words(mark, speech)[0]) for mark in marks)
        """Cells of the column that says what a contact is."""
        self._name_cells = 0
        """Cells of the longest name."""

    @property
    def place(self) -> int | None:
        """The place of the message under the cursor; None on any other line."""
        key = self.cursor_key
        return int(key) if key is not None and key.isdecimal() else None

    def show_paste(self, found: PasteProposal) -> None:
        """Show it as it is decided now; at first the cursor goes to what is to be decided."""
        names = (show.width(show.person_words(one.person, self._speech) or one.name) for one in found.messages)
        self._name_cells = max(4, max(names, default=0) + 1)
        self._groups = {place: tuple(places) for places in together(found.messages) for place in places}
        first = next((at for at, one in enumerate(found.messages) if one.undecided), 0)
        another, self._proposal = self._proposal is None, found
        self.set_rows(list(self._rows(found)), cursor=str(first) if another else None)

    def _rows(self, found: PasteProposal) -> Iterator[Row]:
        day: date | None = None
        for at, message in enumerate(found.messages):
            on_day = message.at.astimezone(self._speech.zone).date()
            if on_day != day:
                day = on_day
                yield Row(f"day:{at}", stamp=day, heading=True)
            yield Row(str(at), stamp=(message, self._groups.get(at)))
        for at, (name, there, value) in enumerate(page_changes(found)):
            if not at:
                yield Row("heading:page", stamp=None, heading=True)
            yield Row(f"page:{name}", stamp=(there, value))
        for at, line in enumerate(found.unread):
            if not at:
                yield Row("heading:unread", stamp=len(found.unread), heading=True)
            yield Row(f"unread:{at}", stamp=line)

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        found, speech = self._proposal, self._speech
        if found is None:
            return [show.plain("")]
        kind, _, rest = key.partition(":")
        match kind:
            case "day":
                return [day_line(found.messages[int(rest)].at.astimezone(speech.zone).date(), cells, speech)]
            case "heading" if rest == "page":
                return [_rule(speech("Facts of the order"), cells)]
            case "heading":
                return [_rule(speech("Not understood, and not taken in"), cells)]
            case "page":
                return [self._fact(found, rest)]
            case "unread":
                return [show.plain(f"  {found.unread[int(rest)]}", Tone.QUIET)]
        return [self._message(found, int(key), cells)]

    def _message(self, found: PasteProposal, at: int, cells: int) -> Content:
        message, speech = found.messages[at], self._speech
        places = self._groups.get(at, ())
        goes_on = bool(places) and places[0] != at
        off = message.there or not message.kept
        words_tone = Tone.STRUCK if not message.kept else Tone.QUIET if message.there else Tone.PLAIN
        sign, sign_tone = (
            ("=", Tone.QUIET) if message.there else ("–", Tone.QUIET) if not message.kept
            else ("?", Tone.AMBER) if message.direction is None else ("│", Tone.FAINT) if goes_on else ("+", Tone.GOOD)
        )  # fmt: skip
        arrow, arrow_tone = {
            "in": ("←", Tone.STRONG), "out": ("→", Tone.ACCENT), None: ("?", Tone.AMBER)
        }[message.direction]  # fmt: skip
        room = min(self._name_cells, _NAME_CELLS if cells >= _NARROW else _NAME_CELLS_NARROW)
        who = speech("me") if message.direction == "out" else show.person_words(message.person, speech) or message.name
        parts: list[TextPart | Content] = [
            (f"{sign} ", sign_tone),
            (f"{speech.time_of(message.at) or '':5} ", Tone.QUIET),
            (f"{arrow} ", Tone.QUIET if off else arrow_tone),
            (show.pad("" if goes_on else who, room), Tone.QUIET if off else Tone.STRONG),
            " ",
        ]
        if message.taken and not goes_on:
            meaning = group_at(found, places).meaning if len(places) > 1 else found.meaning(at)
            parts += self._reading(meaning, cells)
        else:
            parts.append(" " * (self._reading_cells if cells >= _NARROW else 0))
        parts.append((one_line(message.said), words_tone))
        return show.line(*parts)

    def _reading(self, meaning: PastedMeaning, cells: int) -> list[TextPart | Content]:
        """What the contact will be, in a column of its own where there is room, and by when they promise something."""
        speech, heard = self._speech, meaning.heard
        words, tone = (speech("demand"), Tone.ACCENT) if meaning.demand else ("", Tone.PLAIN)
        if heard.substance is not None:
            mark = REPLIES[heard.reply] if heard.reply is not None else SUBSTANCES[heard.substance]
            words, tone = show.mark_words(mark, speech)
        wide = cells >= _NARROW
        if cells < _NARROWEST:
            words = words[:1] if heard.substance is not None else ""
        parts: list[TextPart | Content] = [
            (show.pad(words, self._reading_cells) if wide else f"{words} " if words else "", tone)
        ]
        due = next((one.due for one in meaning.promises if one.due is not None), None)
        if due is not None and cells >= _NARROWEST:
            day = show.due_day(due.at, speech, estimated=due.estimated)
            parts.append((speech("by {due}", due=day) + "  ", Tone.STRONG))
        return parts

    def _fact(self, found: PasteProposal, name: str) -> Content:
        speech = self._speech
        labels = {field.name: field.label for field in CASE}
        there, value = next((there, value) for field, there, value in page_changes(found) if field == name)
        label = show.pad(speech.say(labels[name] or name), _NAME_CELLS_NARROW)
        if there is None:
            return show.line(("+ ", Tone.GOOD), (label, Tone.QUIET), " ", _said(value, self._speech.render))
        stays = speech("{there} stays; the text says {value}", there=_said(there, speech.render),
                       value=_said(value, speech.render))  # fmt: skip
        return show.line(("≠ ", Tone.AMBER), (label, Tone.QUIET), " ", stays)


def _said(value: object, render: Callable[[Value], str]) -> str:
    return render(value) if isinstance(value, str | datetime) else str(value)


def _rule(name: str, cells: int) -> Content:
    return show.line((name + " ", Tone.QUIET), ("─" * max(0, cells - show.width(name) - 1), Tone.FAINT))
