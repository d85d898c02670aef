"""The facts of a case and its ladder, as sections of the case page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content

from pddtui.domain.case import FILING_STATES, Filing
from pddtui.domain.ladder import RungStep, current_rung, passed_words
from pddtui.domain.rules import Rung
from pddtui.domain.subjects import thread_words
from pddtui.message import Words
from pddtui.services.facts import facts as case_facts
from pddtui.ui import show
from pddtui.ui.sections.entry import NARROW, SectionRow, View, empty, heading, lines, named_value
from pddtui.ui.selection import Selection
from pddtui.ui.show import TextPart, Tone, mark_words

__all__ = ["fact_rows", "rung_rows"]


def fact_rows(view: View) -> Iterator[SectionRow]:
    """The facts, then the filings, the newest first."""
    speech = view.speech
    yield heading("case", speech("The case"))
    for fact in sorted(case_facts(view.case, view.context.handbook.name_of), key=lambda it: it.kind == "text"):
        yield named_value(fact.id, speech.say(fact.label), speech.render(fact.value))
    if view.case.status == "open":
        yield from _threads(view)
    filings = view.case.filings
    yield heading("filings", speech("Filings"), (f"  {len(filings)}", Tone.QUIET))
    if not filings:
        yield empty("filings", speech("Not filed yet. Press E to file it at a rung."))
    for filing in reversed(filings):
        yield _filing(view, filing)


def _threads(view: View) -> Iterator[SectionRow]:
    """Each addressee that was asked: whose turn it is there, and how long it has been."""
    speech, entry = view.speech, view.attention
    yield heading("threads", speech("Threads"), (f"  {len(entry.threads)}", Tone.QUIET))
    for thread in entry.threads:
        silence = entry.scene.silence_in(thread)
        who, *parts = thread_words(thread, silence, entry.rules)
        tone = show.tone(silence.level) if silence is not None and silence.level is not None else Tone.QUIET
        head = show.join(" · ", [(speech.say(who), Tone.STRONG), *((speech.say(part), tone) for part in parts)])
        yield SectionRow(key=f"thread:{thread.id}", look=lines(head))


def _filing(view: View, filing: Filing) -> SectionRow:
    speech, rules = view.speech, view.context.casebook.rules
    rung, channel = rules.rung(filing.rung), rules.channels.get(filing.channel)
    name: Words = rung.label if rung is not None else filing.rung
    through: Words = channel.label if channel is not None else filing.channel
    head = show.join(
        "  ",
        [
            mark_words(FILING_STATES[filing.state], speech),
            (speech.render(name), Tone.STRONG),
            speech.render(through) if speech.render(through) != speech.render(name) else "",
            (filing.reference or "", Tone.ACCENT),
        ],
    )
    dates: list[TextPart] = [(speech("filed {at}", at=filing.filed_at), Tone.QUIET)]
    if filing.accepted_at is not None:
        dates.append((speech("accepted {at}", at=filing.accepted_at), Tone.QUIET))
    if filing.ended_at is not None:
        dates.append((speech("decided {at}", at=filing.ended_at), Tone.QUIET))
    if filing.countdown_until is not None:
        dates.append((speech("countdown until {at}", at=filing.countdown_until), Tone.QUIET))
    below = [show.join((" · ", Tone.FAINT), dates)]
    if filing.reason:
        below.append(show.line((speech("because: {reason}", reason=filing.reason), Tone.PLAIN)))
    missing, conflicts = passed_words(filing.passed_gates, rules)
    if missing:
        below.append(show.line((speech("! filed anyway without: {missing}", missing=missing), Tone.PLAIN)))
    if conflicts:
        below.append(show.line((speech("! filed despite: {conflicts}", conflicts=conflicts), Tone.PLAIN)))
    on = Selection(case=view.case, filing=filing)
    return SectionRow(key=f"filing:{filing.id}", look=lines(head, *below), selection=on, text=filing.reference or "")


def rung_rows(view: View) -> Iterator[SectionRow]:
    """Every rung from the shop up to the court; the gates stand under the one that comes next."""
    casebook, speech = view.context.casebook, view.speech
    here = current_rung(view.case, casebook.rules)
    step = view.attention.way_up
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
            yield SectionRow(key=f"shortcut:{short.id}", look=look)


def _rung(view: View, rung: Rung, *, here: bool, ahead: bool) -> SectionRow:
    speech, rules = view.speech, view.context.casebook.rules
    filed = [filing for filing in view.case.filings if filing.rung == rung.id]
    if here:
        glyph, word, tone = "●", speech("here"), Tone.ACCENT
    elif ahead:
        glyph, word, tone = "›", speech("next"), Tone.STRONG
    elif filed:
        glyph, word, tone = "✓", speech("passed"), Tone.GOOD
    else:
        glyph, word, tone = "·", "", Tone.QUIET
    channels = [rules.channels[channel].label for channel in rung.channels if channel in rules.channels]
    head = show.join(
        "  ",
        [
            (f"{glyph} {show.pad(word, 9)}", tone),
            (f"{rung.level} {speech.say(rung.label)}", tone if tone is not Tone.GOOD else Tone.PLAIN),
            (", ".join(filing.reference for filing in filed if filing.reference), Tone.ACCENT),
        ],
    )
    notes: list[TextPart] = [(speech.render(tuple(channels)), Tone.QUIET)]
    far = not (here or ahead)
    if rung.move_on_when is not None and here:
        notes.append((speech("escalate when: {when}", when=rung.move_on_when), Tone.PLAIN))
    wide, narrow = lines(head, *map(show.line, notes), indent=13), lines(head, *map(show.line, [] if far else notes))
    return SectionRow(key=f"rung:{rung.id}", look=lambda cells: (wide if cells >= NARROW else narrow)(cells))


def _gates(view: View, step: RungStep) -> Iterator[SectionRow]:
    speech = view.speech
    for gate in step.gates:
        mark: TextPart = ("✓ ", Tone.GOOD) if gate.met else ("✗ ", Tone.STRONG)
        tail: TextPart = "" if gate.met else (speech("missing", context="gate"), Tone.STRONG)
        head = show.join("  ", [show.line(mark, speech.say(gate.needs)), tail])
        yield SectionRow(key=f"gate:{gate.id}", look=_under(head))
    for clash in step.clashes:
        head = show.line(("! ", Tone.STRONG), speech.say(clash.label), (" ?" if clash.unsure else "", Tone.STRONG))
        yield SectionRow(key=f"clash:{clash.a}:{clash.b}", look=_under(head))


def _under(head: Content) -> Callable[[int], Sequence[Content]]:
    """Under the rung it belongs to, in its column."""

    def look(cells: int) -> Sequence[Content]:
        margin = " " * (2 if cells < NARROW else 13)
        return [show.line(margin, line) for line in show.wrap(head, cells - len(margin))]

    return look
