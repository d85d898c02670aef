"""The cases, the most urgent first, one line each: state, number, title and the one figure that matters.

The case under the cursor has a second line: how it stands in words, where, whose turn it is and since when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from pddtui.domain.attention import Attention
from pddtui.domain.case import TURNS, Case
from pddtui.domain.flags import Flag
from pddtui.domain.ladder import current_rung
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Silence
from pddtui.message import Message, Words, msg, plural
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone, due_day, tone_of
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["CaseList"]


MARK_SIGN = "*"
"""Before the number of a case that is marked."""


class CaseList(LineList):
    """One line a case. Give it the attention of the cases with `show_cases`."""

    SHARE = 0.34

    def __init__(self, speech: Speech, rules: Rules, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, empty=_first_steps(speech), opens=True)
        self._speech = speech
        self._rules = rules
        self._entries: dict[str, Attention] = {}
        self._shown: Sequence[Attention] | None = None
        self._marked: set[str] = set()

    @property
    def marked(self) -> tuple[Case, ...]:
        """The cases that are marked, in the order of the list; those that a filter hides are not."""
        return tuple(entry.case for key, entry in self._entries.items() if key in self._marked)

    def mark(self) -> None:
        """Mark the case under the cursor, or take its mark away, and go on to the next."""
        key = self.cursor_key
        if key is not None:
            self._marked ^= {key}
            self.renew(key)
            self.action_move(1)

    def unmark(self) -> bool:
        """Take all marks away; whether there were any."""
        had = bool(self._marked)
        self._marked.clear()
        if had:
            self.renew()
        return had

    def show_cases(self, entries: Sequence[Attention], *, filtered: bool, cursor: str | None = None) -> None:
        """Show these, in this order; the cursor stays on its case."""
        self.set_empty(
            show.plain(self._speech("No case matches. Press Esc to show all."), Tone.QUIET)
            if filtered
            else _first_steps(self._speech)
        )
        if entries == self._shown and cursor is None:
            return  # one more letter, and the same cases fit
        self._shown = entries
        self._entries = distinct((entry.case.id, entry) for entry in entries)
        self._marked &= self._entries.keys()
        self.set_rows([Row(key, stamp=entry) for key, entry in self._entries.items()], cursor=cursor)

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        entry = self._entries[key]
        case, speech, mark = entry.case, self._speech, entry.state
        number = case.ref.rpartition("-")[2]
        figure = _figure(entry, speech)
        tone = tone_of(mark)
        room = max(1, cells - show.width(number) - show.width(figure) - 4)
        head = show.line(
            (mark.glyph, tone),
            (MARK_SIGN, Tone.STRONG) if key in self._marked else " ",
            (number, tone if case.active else Tone.QUIET),
            " ",
            (show.pad(case.title, room), Tone.STRONG if case.active else Tone.QUIET),
            " ",
            (figure, tone),
        )
        if key != self.cursor_key:
            return [head]
        rung, turn = current_rung(case, self._rules), TURNS[entry.turn]
        since = _turn_since(entry)
        facts = [
            speech.say(mark.word),
            speech.say(rung.label) if rung is not None else "",
            speech.say(turn) if turn != mark.word else "",
            speech("since {day}", day=since.astimezone(speech.zone).date()) if since is not None else "",
        ]
        below = [fact for fact in facts if fact]
        if show.width(" · ".join(below)) + 2 > cells:
            below = below[1:]  # the sign before the number says the same
        return [head, show.line((f"  {' · '.join(below)}", Tone.QUIET))]


def _turn_since(entry: Attention) -> datetime | None:
    """Since when it is the turn of whoever has to act in the case: since the longest of such waits."""
    return min((thread.since for thread in entry.threads if thread.turn == entry.turn and thread.live), default=None)


def _figure(entry: Attention, speech: Speech) -> str:
    """The one figure that says how pressing it is: how late, how silent against what limit, or when it is due."""
    state = entry.state
    if not entry.case.active:
        return speech.say(state.word)
    pressing = [flag for flag in entry.flags if flag.level is not None]
    silent = _silent(entry.silence)
    match state.id:
        case "overdue":
            late = [flag for flag in pressing if flag.overdue and flag.kind != "quiet"]
            if late:
                return speech.say(_late(late[0], entry.scene.now))
        case "quiet" if silent is not None:
            return speech.render(silent)
    first = pressing[0] if pressing else entry.next_flag
    if first is not None:
        return _when(first, entry.scene.now, speech)
    return speech.render(silent) if silent is not None else ""


def _late(flag: Flag, now: datetime) -> Message:
    days = (now.date() - flag.due.astimezone(now.tzinfo).date()).days
    return plural("{n} d overdue", "{n} d overdue", days) if days > 0 else msg("overdue today")


def _when(flag: Flag, now: datetime, speech: Speech) -> str:
    if flag.due.astimezone(now.tzinfo).date() != now.date():
        return due_day(flag.due, speech, estimated=flag.estimated)
    clock = speech.clock(flag.due)
    return speech("today") if clock in ("23:59", "00:00") else speech("today {clock}", clock=clock)


def _silent(silence: Silence) -> Words | None:
    """The silence against its limit, as short as a column needs it."""
    if silence.elapsed is None or silence.reached is None:
        return None
    match silence.reached.unit:
        case "hour":
            return msg("{n} of {limit} h", n=silence.gone, limit=silence.reached.n)
        case "working_day":
            return msg("{n} of {limit} wd", n=silence.elapsed, limit=silence.reached.n)
    return msg("{n} of {limit} d", n=silence.elapsed, limit=silence.reached.n)


def _first_steps(speech: Speech) -> Content:
    """What to do on a desk without cases."""
    return show.block(
        show.line(("n  ", Tone.ACCENT), (speech("opens your first case: one order, one dispute."), Tone.PLAIN)),
        "\n",
        show.line((":  ", Tone.ACCENT), (speech("then “tour”: eight short steps over ten samples."), Tone.PLAIN)),
        "\n",
        show.line(("H  ", Tone.ACCENT), (speech("is the handbook of rights; ? shows every key."), Tone.PLAIN)),
    )
