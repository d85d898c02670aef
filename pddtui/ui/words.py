"""How the states of cases and of what is in them are put on the screen: glyph, word and tone, always together."""

from __future__ import annotations

from datetime import datetime

from pddtui.domain.case import Person
from pddtui.domain.silence import Level, Silence
from pddtui.message import Mark
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["due_day", "level_mark", "mark_words", "person_words", "silence_words", "tone_of"]


def tone_of(mark: Mark) -> Tone:
    """The look of a state."""
    return show.tone(mark.tone)


def mark_words(mark: Mark, speech: Speech) -> tuple[str, Tone]:
    """The glyph and the word of a state, in its tone."""
    return f"{mark.glyph} {speech.say(mark.word)}", tone_of(mark)


def level_mark(level: Level | None, *, overdue: bool) -> tuple[str, Tone]:
    """Glyph and tone of a flag."""
    return ("!" if level is not None or overdue else "·"), show.tone(level or "plain")


def silence_words(silence: Silence, speech: Speech) -> str:
    """The silence against its limit, `4/3 working days`; empty when no clock runs."""
    if silence.elapsed is None or silence.reached is None:
        return ""
    counted = f"{silence.elapsed}/{silence.reached.n}"
    match silence.reached.unit:
        case "hour":
            return speech("{count} hours", count=counted)
        case "working_day":
            return speech("{count} working days", count=counted)
    return speech("{count} days", count=counted)


def due_day(due: datetime, speech: Speech, *, estimated: bool) -> str:
    """The day of a due date; `~` before it says that the calendar of its year is not published yet."""
    return ("~" if estimated else "") + speech.day(due.astimezone(speech.zone).date())


def person_words(person: Person, speech: Speech) -> str:
    """Who it was: name, role and staff number, as far as known."""
    return " · ".join(map(speech.render, person.parts))
