"""The head of a case: what it is about, what I demand, where it stands, and the one thing to do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from pddtui.domain.attention import Attention
from pddtui.domain.case import TURNS
from pddtui.domain.fields import ChoiceTable
from pddtui.domain.ladder import current_rung
from pddtui.domain.rules import Rules
from pddtui.message import Label
from pddtui.services.facts import facts
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone, mark_words, silence_words

__all__ = ["FactLines"]

_ABOUT = ("complainant", "problem", "merchant", "amount", "order")
_DEMAND = ("remedy", "demand_amount")
"""The facts that the head shows, in two lines."""


class FactLines(Widget):
    """A few lines over the log; nothing while no case is chosen. Only another number of lines moves the log."""

    def __init__(self, speech: Speech, rules: Rules, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._speech = speech
        self._rules = rules
        self._said: Sequence[Content] = ()

    def show_case(self, entry: Attention | None) -> None:
        """Show the head of this case, or nothing."""
        self.display = entry is not None
        if entry is not None:
            self._said = tuple(self._lines(entry))
            self.refresh(layout=len(self._wrapped(self.content_size.width)) != self.content_size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(self._wrapped(width))

    def render(self) -> Content:
        return Content("\n").join(self._wrapped(self.content_size.width))

    def _wrapped(self, cells: int) -> list[Content]:
        return [row for said in self._said for row in show.wrap(said, cells)]

    def _lines(self, entry: Attention) -> Iterator[Content]:
        case, speech = entry.case, self._speech
        mark = entry.state
        yield show.line((case.title, Tone.STRONG), ("  " + case.ref, Tone.QUIET))
        known = {fact.id: speech.render(fact.value) for fact in facts(case, self._name_of)}
        yield self._join(*(known[name] for name in _ABOUT if name in known))
        demand = " ".join(known[name] for name in _DEMAND if name in known)
        if demand:
            yield show.line((speech("Demand") + " ", Tone.QUIET), demand)
        rung, turn = current_rung(case, self._rules), TURNS[entry.turn]
        yield show.join(
            (" · ", Tone.FAINT),
            [
                mark_words(mark, speech),
                speech.say(rung.label) if rung is not None else "",
                speech.say(turn) if turn != mark.word else "",
                silence_words(entry.silence, speech),
            ],
        )
        yield show.line((speech("Next") + " ", Tone.QUIET), (speech.say(entry.next_step), Tone.ACCENT))

    def _join(self, *parts: str) -> Content:
        return show.join((" · ", Tone.FAINT), [(part, Tone.QUIET) for part in parts])

    def _name_of(self, catalogue: ChoiceTable, key: str) -> Label | None:
        """What the rules know by name, so that the desk need not read the handbook."""
        known = {"problems": self._rules.problems, "remedies": self._rules.remedies}.get(catalogue, {})
        return known.get(key)
