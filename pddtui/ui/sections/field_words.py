"""The words for the places of a stored case that a change names, and for the values that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pddtui.domain.history import Patch
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Words, msg
from pddtui.services.words import PROMISES, STATES, SUBSTANCES, TURNS
from pddtui.speech import Speech

__all__ = ["place_words", "value_words"]

THINGS: Mapping[str, Message] = {
    "contacts": msg("contact"),
    "promises": msg("promise"),
    "filings": msg("filing"),
    "follow_ups": msg("follow-up"),
    "evidence": msg("evidence"),
    "amendments": msg("earlier wording"),
    "milestones": msg("milestone"),
    "steps": msg("step"),
    "order": msg("order"),
    "demand": msg("demand"),
    "operator": msg("business"),
    "outcome": msg("outcome"),
    "quiet": msg("silence limit"),
    "person": msg("person"),
}
"""Fields that have parts."""

FIELDS: Mapping[str, Message] = {
    **THINGS,
    "title": msg("title"),
    "problem": msg("problem"),
    "description": msg("story"),
    "merchant": msg("shop"),
    "status": msg("status"),
    "tags": msg("tags"),
    "number": msg("order no."),
    "product": msg("product"),
    "amount": msg("amount"),
    "currency": msg("currency"),
    "ordered_at": msg("ordered"),
    "received_at": msg("received"),
    "courier": msg("courier"),
    "tracking": msg("tracking no."),
    "remedy": msg("remedy"),
    "deadline": msg("deadline"),
    "bottom_line": msg("at least"),
    "address": msg("address"),
    "name": msg("name"),
    "role": msg("role"),
    "staff_no": msg("staff no."),
    "opened_at": msg("opened"),
    "closed_at": msg("closed"),
    "trashed_at": msg("deleted"),
    "at": msg("time"),
    "channel": msg("channel"),
    "substance": msg("answer"),
    "summary": msg("words"),
    "text": msg("words"),
    "written": msg("in writing"),
    "turn": msg("turn"),
    "minutes": msg("minutes"),
    "filing": msg("filing"),
    "due": msg("due"),
    "due_phrase": msg("due, as spoken"),
    "state": msg("state"),
    "settled_at": msg("settled"),
    "snoozed": msg("times put off"),
    "rung": msg("rung"),
    "reference": msg("reference"),
    "filed_at": msg("filed"),
    "accepted_at": msg("accepted"),
    "ended_at": msg("decided"),
    "kind": msg("kind"),
    "recovered": msg("recovered"),
    "note": msg("note"),
    "proves": msg("it proves"),
    "place": msg("place"),
    "original_name": msg("file"),
    "taken_at": msg("taken"),
    "vanishes_at": msg("gone by"),
    "verified_at": msg("arrived"),
    "amber": msg("amber after"),
    "red": msg("red after"),
}

_FILING_STATES: Mapping[str, Message] = {
    "open": msg("submitted"),
    "accepted": msg("accepted"),
    "answered": msg("answered"),
    "refused": msg("refused"),
    "ended": msg("ended"),
    "done": msg("done"),
}


def _by_name(*tables: Iterable[tuple[str, Message]]) -> dict[str, Message]:
    return {name: word for table in tables for name, word in table}


_STATES = _by_name(_FILING_STATES.items(), STATES.items(), PROMISES.items())
_CODES: Mapping[str, Mapping[str, Message]] = {
    "state": _STATES,
    "status": _STATES,
    "substance": _by_name(SUBSTANCES.items()),
    "turn": _by_name(TURNS.items()),
    "written": {"none": msg("no"), "asked": msg("asked for"), "received": msg("yes")},
}
"""Fields whose values are words of the program."""


def place_words(patch: Patch, handbook: Handbook) -> tuple[Words, ...]:
    """What has changed, from the outside in: `contact`, `promise`, `state`. Ids are left out."""
    words: list[Words] = []
    for name in patch.path:
        if name in FIELDS:
            words.append(FIELDS[name])
        elif (event := handbook.events.get(name)) is not None:
            words.append(event.label)
    return tuple(words) or (patch.path[-1],)


def value_words(patch: Patch, value: object, speech: Speech, handbook: Handbook) -> str:
    """A stored value as a person reads it; "" for nothing."""
    field = patch.path[-1]
    if isinstance(value, dict):
        return _thing_words(value, speech, handbook)
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value if isinstance(item, str))
    if isinstance(value, bool):
        return speech("yes") if value else speech("no")
    if value is None or not isinstance(value, str):
        return "" if value is None else str(value)
    moment = _moment(value)
    if moment is not None:
        return speech.moment(moment)
    codes = _FILING_STATES if patch.path[0] == "filings" and field == "state" else _CODES.get(field, {})
    code = codes.get(value)
    if code is not None:
        return speech.say(code)
    return _entry_name(field, value, speech, handbook)


def _entry_name(field: str, value: str, speech: Speech, handbook: Handbook) -> str:
    match field:
        case "problem":
            entry: Words | None = problem.label if (problem := handbook.problems.get(value)) else None
        case "remedy":
            entry = remedy.label if (remedy := handbook.remedies.get(value)) else None
        case "channel":
            entry = channel.label if (channel := handbook.channels.get(value)) else None
        case "rung":
            entry = rung.label if (rung := handbook.ladder.get(value)) else None
        case _:
            entry = None
    return speech.render(entry) if entry is not None else value


def _thing_words(thing: Mapping[str, object], speech: Speech, handbook: Handbook) -> str:
    """The words by which a person knows a contact, promise, filing, follow-up or piece of evidence."""
    kind = thing.get("kind")
    if isinstance(kind, str) and (evidence := handbook.evidence_types.get(kind)) is not None:
        return speech.say(evidence.label)
    for name in ("summary", "text", "reference", "place", "original_name", "kind", "channel"):
        value = thing.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _moment(value: str) -> datetime | None:
    if len(value) < len("2026-11-22T12:00+08:00") or value[4:5] != "-" or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
