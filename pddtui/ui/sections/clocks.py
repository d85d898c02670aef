"""The clocks of a case and the history of its changes, as sections of the case page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from pddtui.domain.deadlines import DEADLINE_STATES, Deadline, DeadlineState, deadlines
from pddtui.domain.duetime import period
from pddtui.domain.history import Change, Patch
from pddtui.message import Message, msg
from pddtui.services.explain import why_deadline
from pddtui.services.words import action, place_words, value_words
from pddtui.ui import show
from pddtui.ui.sections.entry import SectionRow, View, dated, empty, heading, lines
from pddtui.ui.selection import Selection
from pddtui.ui.show import TextPart, Tone, due_day, mark_words, tone_of

__all__ = ["change_rows", "clock_rows"]

_GROUPS: tuple[tuple[Message, frozenset[DeadlineState]], ...] = (
    (msg("Missed"), frozenset({"missed", "late"})),
    (msg("Running"), frozenset({"running", "paused", "extended"})),
    (msg("Over"), frozenset({"met", "expired", "ended"})),
)


def clock_rows(view: View) -> Iterator[SectionRow]:
    """What was missed, what runs, what was met; the soonest first in each."""
    casebook = view.context.casebook
    found = deadlines(view.case, view.now, casebook.rules, casebook.calendar)
    if not found:
        hint = view.speech(
            "No deadline is running. A demand, a filing or a delivery date starts one; press m to enter "
            "an event by hand."
        )
        yield empty("clocks", hint)
    for title, states in _GROUPS:
        members = [deadline for deadline in found if deadline.state in states]
        if members:
            yield heading(title.template, view.speech.say(title), (f"  {len(members)}", Tone.QUIET))
        for deadline in members:
            yield _clock(view, deadline)


def _clock(view: View, deadline: Deadline) -> SectionRow:
    speech, handbook, rule = view.speech, view.context.handbook, deadline.rule
    mark = DEADLINE_STATES[deadline.state]
    event = rule.event_label or rule.event
    rule_words = (
        speech(
            "{length} from {event} {start}",
            length=period(rule.span.n, rule.span.unit),
            event=event,
            start=deadline.start,
        )
        if rule.span is not None
        else speech("countdown of the app, entered by hand")
    )
    due = due_day(deadline.due.at, speech, estimated=deadline.due.estimated)
    if not deadline.due.whole_day:
        at = speech.time_of(deadline.due.at)
        due = f"{due} {at}" if at else speech.moment(deadline.due.at)
    state = show.line(mark_words(mark, speech))
    day = show.line((due, tone_of(mark) if deadline.runs or mark.glyph == "!" else Tone.QUIET))
    label = speech.say(rule.label) + ("" if rule.sure else " ?")
    what = show.join("  ", [(label, Tone.STRONG), (_left(view, deadline), Tone.QUIET)])
    notes: list[TextPart] = [
        (speech("mine") if rule.mine else speech("theirs"), Tone.PLAIN),
        (rule_words, Tone.QUIET),
        (_basis(view, deadline), Tone.QUIET),
        (speech("done {at}", at=deadline.ended_at) if deadline.ended_at is not None else "", Tone.QUIET),
    ]
    return SectionRow(
        key=f"clock:{deadline.key}",
        look=dated(state, day, what, show.join((" · ", Tone.FAINT), notes)),
        why=lambda: why_deadline(deadline, handbook),
    )


def _basis(view: View, deadline: Deadline) -> str:
    """The first article it rests on, the shortest way to cite it."""
    speech, handbook = view.speech, view.context.handbook
    for article_id in deadline.rule.basis:
        article = handbook.articles.get(article_id)
        law = handbook.laws.get(article.law) if article is not None else None
        if article is not None and law is not None:
            return speech.say(law.cite(article))
    return ""


def _left(view: View, deadline: Deadline) -> str:
    if not deadline.runs:
        return ""
    zone = view.speech.zone
    days = (deadline.due.at.astimezone(zone).date() - view.now.astimezone(zone).date()).days
    return view.speech("today") if days == 0 else view.speech("in {n} d", n=days)


_SAID_ELSEWHERE = frozenset({"id", "recorded_at", "settled_at", "sha256", "size"})
"""Fields that only follow another change of the same record."""


def change_rows(view: View) -> Iterator[SectionRow]:
    """A row a change, under the day it was made on."""
    speech = view.speech
    days: dict[date, list[Change]] = {}
    for change in reversed(view.case.history):
        days.setdefault(change.at.astimezone(speech.zone).date(), []).append(change)
    for day, members in days.items():
        yield heading(day.isoformat(), speech.day(day))
        for change in members:
            yield _change(view, change)


def _change(view: View, change: Change) -> SectionRow:
    speech = view.speech
    what = speech.say(action(change))
    if change.kind == "undo":
        what = speech("undone: {what}", what=what)
    elif change.kind == "redo":
        what = speech("redone: {what}", what=what)
    head = show.line((speech.clock(change.at), Tone.QUIET), "  ", (what, Tone.STRONG))
    look = lines(head, *_patches(view, change), indent=7)
    return SectionRow(key=change.id, look=look, selection=Selection(case=view.case, change=change))


def _patches(view: View, change: Change) -> Iterator[Content]:
    if change.action == "open" and change.kind == "do":
        return
    for patch in change.patches:
        if patch.path[-1] not in _SAID_ELSEWHERE:
            yield _patch(view, patch)


def _patch(view: View, patch: Patch) -> Content:
    speech, handbook = view.speech, view.context.handbook
    place = " · ".join(speech.render(word) for word in place_words(patch.path, handbook))
    before = value_words(patch.path, patch.before, speech.render, handbook)
    after = value_words(patch.path, patch.after, speech.render, handbook)
    parts: list[TextPart] = [(f"{place}  ", Tone.QUIET)]
    if before:
        parts += [(before, Tone.STRUCK), (" → ", Tone.QUIET)]
    parts.append(after or (speech("nothing"), Tone.QUIET))
    return show.line(*parts)
