"""The head of a case: what it is about, what I demand, how long they have been silent, and what there is to go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from pddtui.domain.attention import Attention
from pddtui.domain.case import TURNS
from pddtui.domain.entries import SIDES
from pddtui.domain.fields import ChoiceTable
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Silence
from pddtui.message import Label, Words, plural
from pddtui.services.facts import facts
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import TextPart, Tone

__all__ = ["FactLines"]

_ABOUT = ("complainant", "merchant", "amount", "order")
_DEMAND = ("remedy", "demand_amount")
"""The facts that the head shows, in two lines."""

_MOST_BAR = 20
"""Cells of the bar of silence, where there is room for as many."""
_LOG_LINES = 6
"""The log keeps at least so many lines; the head gives way to it, the lines that say least first."""


class FactLines(Widget):
    """A few lines over the log; nothing while no case is chosen. Only another number of lines moves the log."""

    def __init__(self, speech: Speech, rules: Rules, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._speech = speech
        self._rules = rules
        self._entry: Attention | None = None
        self._room = 0

    def show_case(self, entry: Attention | None) -> None:
        """Show the head of this case, or nothing."""
        self._entry = entry
        self.display = entry is not None
        if entry is not None:
            self.refresh(layout=len(self._shown(self.content_size.width)) != self.content_size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        self._room = max(0, container.height - _LOG_LINES)
        return len(self._shown(width))

    def render(self) -> Content:
        return Content("\n").join(self._shown(self.content_size.width))

    def _shown(self, cells: int) -> list[Content]:
        """As many of the lines as leave the log its room, and a blank one under them."""
        if self._entry is None or cells <= 0:
            return []
        about, silence, rest = self._lines(self._entry, cells)
        parts = [silence, rest, about]  # the first to stay first
        while parts and sum(map(len, parts)) + 1 > self._room:
            parts.pop()
        lines = [line for part in (about, silence, rest) if part in parts for line in part]
        return [*lines, Content("")] if lines else []

    def _lines(self, entry: Attention, cells: int) -> tuple[list[Content], list[Content], list[Content]]:
        case, speech = entry.case, self._speech
        known = {fact.id: speech.render(fact.value) for fact in facts(case, self._name_of)}
        about = [self._quiet(*(known[name] for name in _ABOUT if name in known))]
        demand = " ".join(known[name] for name in _DEMAND if name in known)
        if demand:
            about.append(show.line((speech("I demand") + "  ", Tone.QUIET), demand))
        return (
            [row for said in about if said.plain for row in show.wrap(said, cells)],
            list(self._standing(entry, cells)),
            show.wrap(self._quiet(*self._counts(entry)), cells),
        )

    def _standing(self, entry: Attention, cells: int) -> Iterator[Content]:
        """Their silence against its limit as a bar; without one, whose turn it is."""
        silence, speech = entry.silence, self._speech
        said = self._silent(silence)
        thread = silence.thread
        if said is None or thread is None or silence.reached is None or silence.elapsed is None:
            if entry.case.active:
                since = min((each.since for each in entry.threads if each.turn == entry.turn), default=None)
                day = since.astimezone(speech.zone).date() if since is not None else None
                turn = speech.say(TURNS[entry.turn])
                yield self._quiet(turn, speech("since {day}", day=day) if day is not None else "")
            return
        tone = show.tone(silence.level) if silence.level is not None else Tone.QUIET
        name, words = speech.say(SIDES[thread.side]), speech.render(said)
        room = cells - show.width(name) - show.width(words) - 2
        if room < _MOST_BAR // 2:
            yield from show.wrap(show.line((f"{name}  ", Tone.QUIET), (words, tone)), cells)
            return
        bar = _bar(silence.elapsed, silence.reached.n, min(_MOST_BAR, room), tone)
        yield show.line((f"{name} ", Tone.QUIET), *bar, " ", (words, tone))

    def _counts(self, entry: Attention) -> Iterator[str]:
        case, speech = entry.case, self._speech
        n = sum(promise.state == "open" for _, promise in case.promises)
        if case.promises:
            yield speech.say(plural("{n} promise open", "{n} promises open", n))
        wanted = self._rules.checklist(case.problem)
        if wanted:
            held = {record.kind for record in case.evidence}
            have = len(held.intersection(wanted))
            yield speech("evidence {have}/{wanted}", have=have, wanted=len(wanted))
        step = entry.way_up if case.active else None
        if step is not None:
            yield speech("next rung {rung}", rung=step.rung.label)

    @staticmethod
    def _silent(silence: Silence) -> Words | None:
        if silence.elapsed is None or silence.reached is None:
            return None
        n, elapsed = silence.reached.n, silence.elapsed
        match silence.reached.unit:
            case "hour":
                return plural("{elapsed} of {n} hour", "{elapsed} of {n} hours", n, elapsed=silence.gone)
            case "working_day":
                return plural("{elapsed} of {n} working day", "{elapsed} of {n} working days", n, elapsed=elapsed)
        return plural("{elapsed} of {n} day", "{elapsed} of {n} days", n, elapsed=elapsed)

    def _quiet(self, *parts: str) -> Content:
        return show.join((" · ", Tone.FAINT), [(part, Tone.QUIET) for part in parts])

    def _name_of(self, catalogue: ChoiceTable, key: str) -> Label | None:
        """What the rules know by name, so that the desk need not read the handbook."""
        known = {"problems": self._rules.problems, "remedies": self._rules.remedies}.get(catalogue, {})
        return known.get(key)


def _bar(elapsed: int, limit: int, cells: int, tone: Tone) -> Sequence[TextPart]:
    """What of the limit is used up; what is beyond it looks otherwise, also without colour."""
    whole = max(elapsed, limit, 1)
    within = round(cells * min(elapsed, limit) / whole)
    beyond = round(cells * max(0, elapsed - limit) / whole) if elapsed > limit else 0
    beyond = max(beyond, 1) if elapsed > limit else 0
    within = min(within, cells - beyond)
    left = cells - within - beyond
    return [("█" * within, Tone.QUIET if tone is Tone.QUIET else tone), ("▓" * beyond, tone), ("░" * left, Tone.FAINT)]
