"""The cases, the most urgent first: state, title, next due date; number, whose turn, silence, rung."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from pddtui.domain.attention import Attention
from pddtui.domain.case import TURNS
from pddtui.domain.ladder import current_rung
from pddtui.domain.rules import Rules
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone, due_day, mark_words, silence_words, tone_of
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["CaseList"]

CASE_STATE_CELLS = 11
"""Cells of the state column; the number stands under it."""


class CaseList(LineList):
    """Two lines a case. Give it the attention of the cases with `show_cases`."""

    def __init__(self, speech: Speech, rules: Rules, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(self._lines_of, id=id, empty=_first_steps(speech))
        self._speech = speech
        self._rules = rules
        self._entries: dict[str, Attention] = {}
        self._shown: Sequence[Attention] | None = None

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
        self.set_rows([Row(key, stamp=entry) for key, entry in self._entries.items()], cursor=cursor)

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        entry = self._entries[key]
        case, speech = entry.case, self._speech
        mark = entry.state
        first = next((flag for flag in entry.flags if flag.level is not None), entry.next_flag)
        due = due_day(first.due, speech, estimated=first.estimated) if first is not None else ""
        due_tone = tone_of(mark) if first is not None and first.level is not None else Tone.QUIET
        title_cells = max(1, cells - CASE_STATE_CELLS - show.width(due) - 1)
        state, tone = mark_words(mark, speech)
        head = show.line(
            (show.pad(state, CASE_STATE_CELLS), tone),
            (show.pad(case.title, title_cells), Tone.STRONG if case.active else Tone.QUIET),
            " ",
            (due, due_tone),
        )
        rung = current_rung(case, self._rules)
        turn = TURNS[entry.turn]
        facts = [speech.say(turn) if turn != mark.word else "", silence_words(entry.silence, speech)]
        if rung is not None:
            facts.append(speech.say(rung.label))
        number = case.ref.rpartition("-")[2]
        tail = show.line(
            (show.pad(f"  {number}", CASE_STATE_CELLS), Tone.QUIET),
            (" · ".join(fact for fact in facts if fact), Tone.QUIET),
        )
        return head, tail


def _first_steps(speech: Speech) -> Content:
    """What to do on a desk without cases."""
    return show.block(
        show.line(("n  ", Tone.ACCENT), (speech("opens your first case: one order, one dispute."), Tone.PLAIN)),
        "\n",
        show.line((":  ", Tone.ACCENT), (speech("then “tour”: eight short steps over ten sample cases."), Tone.PLAIN)),
        "\n",
        show.line(("H  ", Tone.ACCENT), (speech("is the handbook: rights, channels; ? shows every key."), Tone.PLAIN)),
    )
