"""The escalation ladder: where the case stands, what the next rung needs, what conflicts, what leads past rungs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content

from pddtui.domain.ladder import Step, current_rung, next_step
from pddtui.domain.rules import Rung
from pddtui.ui import show
from pddtui.ui.sections.entry import NARROW, Entry, View, heading, lines
from pddtui.ui.show import Part, Tone

__all__ = ["rungs"]


def rungs(view: View) -> Iterator[Entry]:
    """Every rung from the shop up to the court; the gates stand under the one that comes next."""
    casebook, speech = view.context.casebook, view.speech
    here = current_rung(view.case, casebook.rules)
    step = next_step(view.case, casebook.rules)
    yield heading("ladder", speech("Ladder"))
    for rung in casebook.rules.ladder:
        ahead = step is not None and rung.id == step.rung.id
        yield _rung(view, rung, here=here is not None and rung.id == here.id, ahead=ahead)
        if step is not None and ahead:
            yield from _gates(view, step)
    if step is not None and step.shortcuts:
        yield heading("shortcuts", speech("Shortcuts"))
        for short in step.shortcuts:
            look = lines(show.line(("» ", Tone.ACCENT), speech.say(short.label)))
            yield Entry(key=f"shortcut:{short.when}", look=look)


def _rung(view: View, rung: Rung, *, here: bool, ahead: bool) -> Entry:
    speech, rules = view.speech, view.context.casebook.rules
    filed = [filing for filing in view.case.filings if filing.rung == rung.id]
    if here:
        sign, word, tone = "●", speech("here"), Tone.ACCENT
    elif ahead:
        sign, word, tone = "›", speech("next"), Tone.STRONG
    elif filed:
        sign, word, tone = "✓", speech("was there"), Tone.GOOD
    else:
        sign, word, tone = "·", "", Tone.QUIET
    channels = [rules.channels[channel].label for channel in rung.channels if channel in rules.channels]
    head = show.join(
        "  ",
        [
            (f"{sign} {show.pad(word, 9)}", tone),
            (f"{rung.level} {speech.say(rung.label)}", tone if tone is not Tone.GOOD else Tone.PLAIN),
            (", ".join(filing.reference for filing in filed if filing.reference), Tone.ACCENT),
        ],
    )
    notes: list[Part] = [(speech.render(tuple(channels)), Tone.QUIET)]
    far = not (here or ahead)
    if rung.move_on_when is not None and here:
        notes.append((speech("go on when: {when}", when=rung.move_on_when), Tone.PLAIN))
    wide, narrow = lines(head, *map(show.line, notes), indent=13), lines(head, *map(show.line, [] if far else notes))
    return Entry(key=f"rung:{rung.id}", look=lambda cells: (wide if cells >= NARROW else narrow)(cells))


def _gates(view: View, step: Step) -> Iterator[Entry]:
    speech = view.speech
    for gate in step.gates:
        mark: Part = ("✓ ", Tone.GOOD) if gate.met else ("✗ ", Tone.STRONG)
        tail: Part = "" if gate.met else (speech("missing"), Tone.STRONG)
        head = show.join("  ", [show.line(mark, speech.say(gate.needs)), tail])
        yield Entry(key=f"gate:{gate.id}", look=_under(head))
    for clash in step.clashes:
        head = show.line(("! ", Tone.STRONG), speech.say(clash.label), ("" if clash.sure else " ?", Tone.STRONG))
        yield Entry(key=f"clash:{clash.a}:{clash.b}", look=_under(head))


def _under(head: Content) -> Callable[[int], Sequence[Content]]:
    """Under the rung it belongs to, in its column."""

    def look(cells: int) -> Sequence[Content]:
        margin = " " * (2 if cells < NARROW else 13)
        return [show.line(margin, line) for line in show.wrap(head, cells - len(margin))]

    return look
