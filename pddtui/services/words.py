"""The words for what a case, a change or a flag is, shared by all who speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pddtui.domain.agenda import Section
from pddtui.domain.attention import Attention
from pddtui.domain.case import Status
from pddtui.domain.contact import PromiseState, Substance, Turn
from pddtui.domain.history import Change
from pddtui.message import Message, msg
from pddtui.services.evidence import Custody

__all__ = ["ACTIONS", "CUSTODY", "PROMISES", "SECTIONS", "STATES", "SUBSTANCES", "TURNS", "State", "action", "state"]

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
