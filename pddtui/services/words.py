"""The words for what a case, a change or a flag is, and for the places that a change names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pddtui.domain.attention import Attention, Section
from pddtui.domain.case import PromiseState, Status, Substance, Turn
from pddtui.domain.history import Change
from pddtui.handbook.book import Handbook
from pddtui.message import Label, Message, Value, Words, msg
from pddtui.services.evidence import Custody

__all__ = [
    "CUSTODY",
    "PROMISES",
    "SECTIONS",
    "STATES",
    "SUBSTANCES",
    "TURNS",
    "Render",
    "action",
    "place_words",
    "state",
    "value_words",
]

State = Literal["overdue", "quiet", "due", "mine", "waiting"] | Status
"""The one thing to know of a case in a list."""

ACTIONS: Mapping[str, Message] = {
    "open": msg("case opened"),
    "edit": msg("facts changed"),
    "log": msg("contact logged"),
    "amend": msg("contact corrected"),
    "settle": msg("promise or follow-up settled"),
    "follow_up": msg("follow-up planned"),
    "snooze": msg("follow-up put off"),
    "file": msg("case filed"),
    "decide": msg("filing decided"),
    "countdown": msg("countdown entered"),
    "aftersale": msg("state in the app noted"),
    "reference": msg("their number noted"),
    "evidence": msg("evidence noted"),
    "edit_evidence": msg("evidence corrected"),
    "remove_evidence": msg("evidence taken out"),
    "milestone": msg("milestone set"),
    "tick": msg("playbook step ticked"),
    "resolve": msg("case ended"),
    "verify": msg("arrival confirmed"),
    "reopen": msg("case reopened"),
    "trash": msg("case deleted"),
    "restore": msg("case restored"),
    "import": msg("case imported"),
}
"""What a recorded change was, by the action in the history."""

SECTIONS: Mapping[Section, Message] = {
    "overdue": msg("Overdue"),
    "today": msg("Today"),
    "week": msg("Within a week"),
    "later": msg("Later"),
}

STATES: Mapping[State, Message] = {
    "overdue": msg("overdue"),
    "quiet": msg("quiet"),
    "due": msg("due"),
    "mine": msg("my turn"),
    "waiting": msg("waiting"),
    "open": msg("open"),
    "resolved": msg("resolved"),
    "closed": msg("closed"),
    "withdrawn": msg("withdrawn"),
    "abandoned": msg("dropped"),
}

TURNS: Mapping[Turn, Message] = {
    "mine": msg("my turn"),
    "theirs": msg("their turn"),
    "nobody": msg("closed"),
}

PROMISES: Mapping[PromiseState, Message] = {
    "open": msg("open"),
    "kept": msg("kept"),
    "broken": msg("broken"),
    "replaced": msg("replaced"),
    "waived": msg("waived"),
}

CUSTODY: Mapping[Custody, Message] = {
    "place": msg("there"),
    "ok": msg("there"),
    "missing": msg("file gone"),
    "changed": msg("changed"),
}
"""What became of the copy of a piece of evidence; a place is taken at its word."""

SUBSTANCES: Mapping[Substance, Message] = {
    "answer": msg("answer"),
    "holding": msg("put off"),
    "none": msg("no answer"),
}


def action(change: Change) -> Message:
    """What the change was; it may come from a newer version of the program."""
    return ACTIONS.get(change.action, msg("a change"))


def state(entry: Attention) -> State:
    """Ended, overdue, quiet, due, or else whose turn it is.

    A clock of theirs that they have missed is told as their silence where there is one: it says what to do about it.
    """
    if entry.case.status != "open":
        return entry.case.status
    late = {flag.kind for flag in entry.flags if flag.overdue and flag.level is not None}
    if late - {"quiet", "deadline"}:
        return "overdue"
    if any(flag.kind == "quiet" for flag in entry.flags):
        return "quiet"
    if entry.level is not None:
        return "overdue" if late else "due"
    return "mine" if entry.silence.standing.turn == "mine" else "waiting"


Render = Callable[[Value], str]
"""Says a value in the reader's language; a text is somebody's own and stays."""

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


def place_words(path: Sequence[str], handbook: Handbook) -> tuple[Words, ...]:
    """What stands at that path of a case, from the outside in: `contact`, `promise`, `state`. Ids are left out."""
    words: list[Words] = []
    for name in path:
        if name in FIELDS:
            words.append(FIELDS[name])
        elif (event := handbook.events.get(name)) is not None:
            words.append(event.label)
    return tuple(words) or (path[-1],)


def value_words(path: Sequence[str], value: object, say: Render, handbook: Handbook) -> str:
    """A stored value at that path as a person reads it; "" for nothing."""
    field = path[-1]
    if isinstance(value, dict):
        return _thing_words(path, value, say, handbook)
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value if isinstance(item, str))
    if isinstance(value, bool):
        return say(msg("yes")) if value else say(msg("no"))
    if value is None or not isinstance(value, str):
        return "" if value is None else str(value)
    moment = _moment(value)
    if moment is not None:
        return say(moment)
    codes = _FILING_STATES if path[0] == "filings" and field == "state" else _CODES.get(field, {})
    code = codes.get(value)
    if code is not None:
        return say(code)
    return _entry_name(path, value, say, handbook)


def _entry_name(path: Sequence[str], value: str, say: Render, handbook: Handbook) -> str:
    entry: Label | None = None
    match path[-1]:
        case "problem":
            entry = problem.label if (problem := handbook.problems.get(value)) else None
        case "remedy":
            entry = remedy.label if (remedy := handbook.remedies.get(value)) else None
        case "channel":
            entry = channel.label if (channel := handbook.channels.get(value)) else None
        case "rung":
            entry = rung.label if (rung := handbook.ladder.get(value)) else None
        case "kind" if path[0] == "outcome":
            entry = outcome.label if (outcome := handbook.outcomes.get(value)) else None
        case "kind":
            entry = kind.label if (kind := handbook.evidence_types.get(value)) else None
    return say(entry) if entry is not None else value


def _thing_words(path: Sequence[str], thing: Mapping[str, object], say: Render, handbook: Handbook) -> str:
    """The words by which a person knows a contact, promise, filing, follow-up, piece of evidence or outcome."""
    kind = thing.get("kind")
    if isinstance(kind, str):
        name = _entry_name((path[0], "kind"), kind, say, handbook)
        if name != kind or path[0] == "outcome":
            recovered = thing.get("recovered")
            return f"{name} · {recovered}" if isinstance(recovered, str) else name
    for field in ("summary", "text", "reference", "place", "original_name", "kind", "channel"):
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
