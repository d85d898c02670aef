"""What the case is about, what I demand, and where it was filed with which reference."""

from __future__ import annotations

from collections.abc import Iterator

from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.ladder import passed_words
from pddtui.message import Message, Words, msg
from pddtui.ui import show
from pddtui.ui.sections.entry import Entry, View, empty, heading, lines, named
from pddtui.ui.selection import Selection
from pddtui.ui.show import Part, Tone
from pddtui.ui.words import Mark

__all__ = ["facts"]

_FILINGS: dict[FilingState, Mark] = {
    "open": Mark("○", msg("submitted"), Tone.ACCENT),
    "accepted": Mark("●", msg("accepted"), Tone.ACCENT),
    "answered": Mark("✓", msg("answered"), Tone.GOOD),
    "refused": Mark("✗", msg("refused"), Tone.STRONG),
    "ended": Mark("–", msg("ended"), Tone.QUIET),
}


def facts(view: View) -> Iterator[Entry]:
    """The facts, then the filings, the newest first."""
    speech = view.speech
    yield heading("case", speech("The case"))
    for key, name, value in _facts(view):
        if value:
            yield named(key, speech.say(name), value)
    filings = view.case.filings
    yield heading("filings", speech("Filings"), (f"  {len(filings)}", Tone.QUIET))
    if not filings:
        yield empty("filings", speech("Filed nowhere yet. Press E to file it at a rung."))
    for filing in reversed(filings):
        yield _filing(view, filing)


def _facts(view: View) -> Iterator[tuple[str, Message, str]]:
    case, speech, handbook = view.case, view.speech, view.context.handbook
    order, demand = case.order, case.demand
    problem, remedy = handbook.problems.get(case.problem), handbook.remedies.get(demand.remedy)
    outcome = handbook.outcomes.get(case.outcome.kind) if case.outcome is not None else None
    yield "problem", msg("Problem"), speech.say(problem.label) if problem is not None else case.problem or ""
    yield "merchant", msg("Shop"), case.merchant or ""
    yield "operator", msg("Business"), "  ".join(part for part in (case.operator.name, case.operator.address) if part)
    yield "product", msg("Product"), order.product or ""
    yield "amount", msg("Paid"), speech.money(order.amount, order.currency) if order.amount is not None else ""
    yield "number", msg("Order no."), order.number or ""
    yield "ordered", msg("Ordered"), speech.moment(order.ordered_at) if order.ordered_at is not None else ""
    yield "received", msg("Received"), speech.moment(order.received_at) if order.received_at is not None else ""
    yield "courier", msg("Courier"), "  ".join(part for part in (order.courier, order.tracking) if part)
    wanted = [speech.say(remedy.label) if remedy is not None else demand.remedy or ""]
    wanted += [speech.money(demand.amount, order.currency)] if demand.amount is not None else []
    yield "demand", msg("Demand"), "  ".join(part for part in wanted if part)
    yield "until", msg("Until"), speech.moment(demand.deadline) if demand.deadline is not None else ""
    yield "least", msg("At least"), demand.bottom_line or ""
    yield "outcome", msg("Outcome"), speech.say(outcome.label) if outcome is not None else ""
    yield "recovered", msg("Recovered"), _recovered(case, view)
    yield "story", msg("Story"), case.description or ""
    yield "tags", msg("Tags"), "  ".join(case.tags)


def _recovered(case: Case, view: View) -> str:
    outcome = case.outcome
    if outcome is None or outcome.recovered is None:
        return ""
    return view.speech.money(outcome.recovered, case.order.currency)


def _filing(view: View, filing: Filing) -> Entry:
    speech, rules = view.speech, view.context.casebook.rules
    mark = _FILINGS[filing.state]
    rung, channel = rules.rung(filing.rung), rules.channels.get(filing.channel)
    name: Words = rung.label if rung is not None else filing.rung
    through: Words = channel.label if channel is not None else filing.channel
    head = show.join(
        "  ",
        [
            (f"{mark.glyph} {speech.say(mark.word)}", mark.tone),
            (speech.render(name), Tone.STRONG),
            speech.render(through) if speech.render(through) != speech.render(name) else "",
            (filing.reference or "", Tone.ACCENT),
        ],
    )
    dates: list[Part] = [(speech("filed {at}", at=filing.filed_at), Tone.QUIET)]
    if filing.accepted_at is not None:
        dates.append((speech("accepted {at}", at=filing.accepted_at), Tone.QUIET))
    if filing.ended_at is not None:
        dates.append((speech("decided {at}", at=filing.ended_at), Tone.QUIET))
    if filing.countdown_until is not None:
        dates.append((speech("countdown until {at}", at=filing.countdown_until), Tone.QUIET))
    below = [show.join((" · ", Tone.FAINT), dates)]
    missing, conflicts = passed_words(filing.passed_gates, rules)
    if missing:
        below.append(show.line((speech("! filed anyway without: {missing}", missing=missing), Tone.PLAIN)))
    if conflicts:
        below.append(show.line((speech("! filed in spite of: {conflicts}", conflicts=conflicts), Tone.PLAIN)))
    on = Selection(case=view.case, filing=filing)
    return Entry(key=f"filing:{filing.id}", look=lines(head, *below), selection=on, text=filing.reference or "")
