"""The history of the case: what was changed when, from what to what, the newest first. Nothing of it can be erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from pddtui.domain.history import Change, Patch
from pddtui.services.field_words import place_words, value_words
from pddtui.services.words import action
from pddtui.ui import show
from pddtui.ui.sections.entry import Entry, View, heading, lines
from pddtui.ui.show import Part, Tone

__all__ = ["changes"]

_SAID_ELSEWHERE = frozenset({"id", "recorded_at", "settled_at", "sha256", "size"})
"""Fields that only follow another change of the same record."""


def changes(view: View) -> Iterator[Entry]:
    """A row a change, under the day it was made on."""
    speech = view.speech
    days: dict[date, list[Change]] = {}
    for change in reversed(view.case.history):
        days.setdefault(change.at.astimezone(speech.zone).date(), []).append(change)
    for day, members in days.items():
        yield heading(day.isoformat(), speech.day(day))
        for change in members:
            yield _change(view, change)


def _change(view: View, change: Change) -> Entry:
    speech = view.speech
    what = speech.say(action(change))
    if change.kind == "undo":
        what = speech("taken back: {what}", what=what)
    elif change.kind == "redo":
        what = speech("brought back: {what}", what=what)
    head = show.line((speech.clock(change.at), Tone.QUIET), "  ", (what, Tone.STRONG))
    return Entry(key=change.id, look=lines(head, *_patches(view, change), indent=7))


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
    parts: list[Part] = [(f"{place}  ", Tone.QUIET)]
    if before:
        parts += [(before, Tone.STRUCK), (" → ", Tone.QUIET)]
    parts.append(after or (speech("nothing"), Tone.QUIET))
    return show.line(*parts)
