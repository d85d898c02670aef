"""What they promised and what I planned, and how often each person and each side has broken their word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from textual.content import Content

from pddtui.domain.case import PROMISE_STATES, Contact, FollowUp, Promise, PromiseState
from pddtui.domain.entries import SIDES
from pddtui.services.explain import why_follow_up, why_promise
from pddtui.ui import show
from pddtui.ui.sections.entry import SectionRow, View, dated, empty, heading
from pddtui.ui.selection import Selection
from pddtui.ui.show import TextPart, Tone, due_day, mark_words, person_words, tone_of

__all__ = ["promise_rows"]


class _Tally(Struct):
    """How promises ended."""

    kept: int = 0
    broken: int = 0
    open: int = 0

    def count(self, promise: Promise) -> None:
        if promise.state == "kept":
            self.kept += 1
        elif promise.state == "broken":
            self.broken += 1
        elif promise.state == "open":
            self.open += 1


def promise_rows(view: View) -> Iterator[SectionRow]:
    """The promises, the newest first; my follow-ups; the tally by person and side."""
    speech, made = view.speech, view.case.promises
    yield heading("promises", speech("Promises"), (f"  {len(made)}" if made else "", Tone.QUIET))
    if not made:
        yield empty("promises", speech("No promises yet. Log a contact to record a promise made in it."))
    for contact, promise in reversed(made):
        yield _promise(view, contact, promise)
    tasks = view.case.follow_ups
    yield heading("tasks", speech("What I have to do"), (f"  {len(tasks)}" if tasks else "", Tone.QUIET))
    if not tasks:
        yield empty("tasks", speech("Nothing is planned. Press f to plan something."))
    for task in sorted(tasks, key=lambda task: (task.state != "open", task.due)):
        yield _task(view, task)
    if made:
        yield heading("kept", speech("Who keeps promises"))
        yield from _tallies(view)


def _promise(view: View, contact: Contact, promise: Promise) -> SectionRow:
    speech = view.speech
    mark = promise.mark(view.now)
    due = due_day(promise.due, speech, estimated=promise.estimated) if promise.due is not None else speech("no date")
    if promise.due is not None and speech.clock(promise.due) not in ("23:59", "00:00"):
        due = f"{due} {speech.clock(promise.due)}"
    gone = promise.state in ("replaced", "waived")
    state = show.line(mark_words(mark, speech))
    day = show.line((due, tone_of(mark) if promise.state == "open" else Tone.QUIET))
    what = show.line((promise.text, Tone.STRUCK if gone else Tone.STRONG))
    notes: list[TextPart] = [
        (person_words(contact.person, speech) or speech("unnamed person"), Tone.PLAIN),
        (speech.say(promise.form), Tone.GOOD if promise.written else Tone.PLAIN),
        (f"“{promise.due_phrase}”" if promise.due_phrase else "", Tone.QUIET),
        (speech("said {at}", at=contact.at), Tone.QUIET),
        (speech("settled {at}", at=promise.settled_at) if promise.settled_at is not None else "", Tone.QUIET),
    ]
    return SectionRow(
        key=promise.id,
        look=dated(state, day, what, show.join((" · ", Tone.FAINT), notes)),
        selection=Selection(case=view.case, contact=contact, promise=promise),
        why=lambda: why_promise(view.context.casebook, contact, promise),
    )


def _task(view: View, task: FollowUp) -> SectionRow:
    speech = view.speech
    mark = task.mark(view.now)
    state = show.line(mark_words(mark, speech))
    day = show.line((due_day(task.due, speech, estimated=task.estimated), tone_of(mark)))
    what = show.line((task.text, Tone.STRONG if task.state == "open" else Tone.QUIET))
    below = [speech("put off so far: {n}", n=task.snoozed)] if task.snoozed else []
    return SectionRow(
        key=task.id,
        look=dated(state, day, what, *below),
        selection=Selection(case=view.case, task=task),
        why=lambda: why_follow_up(view.context.casebook, task),
    )


def _tallies(view: View) -> Iterator[SectionRow]:
    speech, rules = view.speech, view.context.casebook.rules
    people: dict[str, _Tally] = {}
    sides: dict[str, _Tally] = {}
    for contact, promise in view.case.promises:
        side = rules.side(contact.channel)
        who = person_words(contact.person, speech) or speech("unnamed person")
        people.setdefault(who, _Tally()).count(promise)
        together = speech("{side} in all", side=SIDES[side]) if side is not None else speech("unknown side")
        sides.setdefault(together, _Tally()).count(promise)
    yield from _rows(view, "person", people.items())
    yield from _rows(view, "side", sides.items())


def _counted(view: View, state: PromiseState, n: int) -> tuple[str, Tone]:
    words, tone = mark_words(PROMISE_STATES[state], view.speech)
    return (f"{words} {n}" if n else "", tone)


def _rows(view: View, kind: str, tallies: Iterable[tuple[str, _Tally]]) -> Iterator[SectionRow]:
    for name, tally in sorted(tallies, key=lambda pair: (-pair[1].broken, pair[0])):
        counts = show.join(
            "  ",
            [
                _counted(view, "broken", tally.broken),
                _counted(view, "kept", tally.kept),
                _counted(view, "open", tally.open),
            ],
        )
        yield SectionRow(key=f"{kind}:{name}", look=_beside(name, counts))


def _beside(name: str, counts: Content) -> Callable[[int], Sequence[Content]]:
    return lambda cells: [show.line(show.pad(name, min(28, cells // 2)), "  ", counts)]
