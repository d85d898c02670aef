"""The words for what a case, a change or a flag is, and for the places that a change names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pddtui.domain.case import FILING_STATES, FOLLOW_UP_STATES, PROMISE_STATES, REPLIES, STATUSES, SUBSTANCES, TURNS
from pddtui.domain.fields import fields_along
from pddtui.domain.history import Change
from pddtui.handbook.book import Handbook
from pddtui.message import Mark, Message, Render, Value, Words, msg

__all__ = ["action", "place_words", "value_said", "value_words"]

CHANGE_WORDS: Mapping[str, Message] = {
    "open": msg("case opened"),
    "edit": msg("facts changed"),
    "log": msg("contact logged"),
    "paste": msg("pasted text taken in"),
    "amend": msg("contact corrected"),
    "settle": msg("promise or follow-up settled"),
    "follow_up": msg("follow-up planned"),
    "snooze": msg("follow-up put off"),
    "file": msg("case filed"),
    "decide": msg("filing updated"),
    "countdown": msg("countdown entered"),
    "aftersale": msg("app state recorded"),
    "reference": msg("their number recorded"),
    "evidence": msg("evidence added"),
    "edit_evidence": msg("evidence corrected"),
    "remove_evidence": msg("evidence removed"),
    "milestone": msg("milestone set"),
    "look": msg("looked, nothing new"),
    "tick": msg("playbook step ticked"),
    "resolve": msg("case closed"),
    "verify": msg("arrival confirmed"),
    "reopen": msg("case reopened"),
    "tag": msg("tags changed"),
    "trash": msg("case deleted"),
    "restore": msg("case restored"),
    "import": msg("found in a file"),
    "number": msg("number changed"),
    "settle_clash": msg("settled what machines changed apart"),
}
"""What a recorded change was, by the action in the history."""


def action(change: Change) -> Message:
    """What the change was; it may come from a newer version of the program."""
    return CHANGE_WORDS.get(change.action, msg("a change"))


def _words(marks: Iterable[tuple[str, Mark]]) -> dict[str, Message]:
    return {name: mark.word for name, mark in marks}


_STATES: Mapping[str, Mapping[str, Message]] = {
    "filings": _words(FILING_STATES.items()),
    "follow_ups": _words(FOLLOW_UP_STATES.items()),
    "contacts": _words(PROMISE_STATES.items()),
}
"""What `state` is in each part of a case that has one; in a contact it is that of a promise."""

_CODES: Mapping[str, Mapping[str, Message]] = {
    "status": _words(STATUSES.items()),
    "substance": _words(SUBSTANCES.items()),
    "reply": _words(REPLIES.items()),
    "turn": dict(TURNS.items()),
    "written": {
        "none": msg("no", context="record"),
        "asked": msg("asked for"),
        "received": msg("yes", context="record"),
    },
}
"""Fields whose values are words of the program."""


def place_words(path: Sequence[str], handbook: Handbook, depth: int = 0) -> tuple[Words, ...]:
    """What stands at that path of a case, from the outside in: `contact`, `promise`, `state`. Ids are left out.

    `depth` is how much of the path, counted from the case, the reader knows already.
    """
    words: list[Words] = []
    for name, field in list(fields_along(path))[depth:]:
        if field is not None and field.said is not None:
            words.append(field.said)
        elif (event := handbook.events.get(name)) is not None:
            words.append(event.label)
    return tuple(words) or (path[-1],)


def value_words(path: Sequence[str], value: object, say: Render, handbook: Handbook) -> str:
    """A stored value at that path as a person reads it; "" for nothing."""
    said = value_said(path, value, handbook)
    return said if isinstance(said, str) else say(said)


def value_said(path: Sequence[str], value: object, handbook: Handbook) -> Value:
    """A stored value at that path as a person reads it, in no language yet; "" for nothing."""
    field = path[-1]
    if isinstance(value, dict):
        return _thing_words(path, value, handbook)
    if isinstance(value, list | tuple):
        return tuple(item for item in value if isinstance(item, str))
    if isinstance(value, bool):
        return msg("yes") if value else msg("no")
    if value is None or not isinstance(value, str):
        return "" if value is None else str(value)
    moment = _moment(value)
    if moment is not None:
        return moment
    codes = _STATES.get(path[0], {}) if field == "state" else _CODES.get(field, {})
    return codes.get(value) or _entry_name(path, value, handbook)


def _entry_name(path: Sequence[str], value: str, handbook: Handbook) -> Value:
    field = list(fields_along(path))[-1][1]
    label = handbook.name_of(field.catalogue, value) if field is not None and field.catalogue is not None else None
    return label if label is not None else value


def _thing_words(path: Sequence[str], thing: Mapping[str, object], handbook: Handbook) -> Value:
    """The words by which a person knows a contact, promise, filing, follow-up, piece of evidence or outcome."""
    kind = thing.get("kind")
    if isinstance(kind, str):
        name = _entry_name((*path, "kind"), kind, handbook)
        if name != kind or path[0] == "outcome":
            recovered = thing.get("recovered")
            return msg("{name} · {sum}", name=name, sum=recovered) if isinstance(recovered, str) else name
    for field in ("summary", "text", "reference", "place", "original_name", "kind", "channel", "name"):
        value = thing.get(field)
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
