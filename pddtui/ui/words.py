"""How the state of a case is put to a person: a glyph, a word and a tone, always together.

The glyphs take one cell in every terminal and font; none of them has an emoji form.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain.attention import Attention
from pddtui.domain.case import Contact, PromiseState, Turn
from pddtui.domain.flags import FlagKind
from pddtui.domain.silence import Level, Silence
from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui.show import Tone

__all__ = [
    "KINDS",
    "TURNS",
    "Mark",
    "due_day",
    "level_mark",
    "person_words",
    "promise_mark",
    "silence_words",
    "state_mark",
]


class Mark(Struct, frozen=True):
    """A state, said three ways at once."""

    glyph: str
    word: Message
    tone: Tone


TURNS: dict[Turn, Message] = {
    "mine": msg("my turn"),
    "theirs": msg("their turn"),
    "nobody": msg("closed"),
}

KINDS: dict[FlagKind, Message] = {
    "follow_up": msg("follow-up"),
    "promise": msg("promise"),
    "quiet": msg("quiet"),
    "deadline": msg("their deadline"),
    "my_deadline": msg("my deadline"),
    "right": msg("right expires"),
    "verify": msg("verify"),
}

_ENDED = {
    "resolved": Mark("✓", msg("resolved"), Tone.GOOD),
    "closed": Mark("×", msg("closed"), Tone.QUIET),
    "withdrawn": Mark("×", msg("withdrawn"), Tone.QUIET),
    "abandoned": Mark("×", msg("dropped"), Tone.QUIET),
}

_PROMISES: dict[PromiseState, Mark] = {
    "open": Mark("○", msg("open"), Tone.ACCENT),
    "kept": Mark("✓", msg("kept"), Tone.GOOD),
    "broken": Mark("✗", msg("broken"), Tone.RED),
    "replaced": Mark("»", msg("replaced"), Tone.QUIET),
    "waived": Mark("–", msg("waived"), Tone.QUIET),
}

_TONES: dict[Level | None, Tone] = {"red": Tone.RED, "amber": Tone.AMBER, None: Tone.PLAIN}


def state_mark(entry: Attention) -> Mark:
    """The one thing to know of a case in a list: ended, overdue, quiet, due, or else whose turn it is."""
    if entry.case.status != "open":
        return _ENDED[entry.case.status]
    tone = _TONES[entry.level]
    kinds = {flag.kind for flag in entry.flags if flag.level == entry.level and entry.level is not None}
    if any(flag.overdue and flag.kind != "quiet" and flag.level is not None for flag in entry.flags):
        return Mark("!", msg("overdue"), tone)
    if "quiet" in kinds:
        return Mark("~", msg("quiet"), tone)
    if entry.level is not None:
        return Mark("!", msg("due"), tone)
    if entry.silence.standing.turn == "mine":
        return Mark("›", msg("my turn"), Tone.ACCENT)
    return Mark("·", msg("waiting"), Tone.QUIET)


def level_mark(level: Level | None, *, overdue: bool) -> tuple[str, Tone]:
    """Glyph and tone of a flag."""
    return ("!" if level is not None or overdue else "·"), _TONES[level]


def promise_mark(state: PromiseState, due: datetime | None, now: datetime) -> Mark:
    """What became of a promise; an open one whose date has passed is overdue."""
    if state == "open" and due is not None and due < now:
        return Mark("!", msg("overdue"), Tone.RED)
    return _PROMISES[state]


def silence_words(silence: Silence, speech: Speech) -> str:
    """The silence against its limit, `4/3 workdays`; empty when no clock runs."""
    if silence.elapsed is None or silence.reached is None:
        return ""
    counted = f"{silence.elapsed}/{silence.reached.n}"
    match silence.reached.unit:
        case "hour":
            return speech("{count} hours", count=counted)
        case "working_day":
            return speech("{count} workdays", count=counted)
    return speech("{count} days", count=counted)


def due_day(due: datetime, speech: Speech, *, estimated: bool) -> str:
    """The day of a due date; `~` before it says that the calendar of its year is not published yet."""
    return ("~" if estimated else "") + speech.day(due.astimezone(speech.zone).date())


def person_words(contact: Contact) -> str:
    """Who it was: name, role and staff number, as far as known."""
    person = contact.person
    return " · ".join(part for part in (person.name, person.role, person.staff_no) if part)
