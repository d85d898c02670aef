"""A step up the ladder in words: where to, what is still missing, and what to know before it is taken."""

from __future__ import annotations

from pddtui.domain.ladder import Step
from pddtui.domain.rules import Shortcut
from pddtui.message import Label, Message, msg

__all__ = ["before_all", "step_words"]


def step_words(step: Step) -> Message:
    """The rung, and its channel where that is not the usual one; what is missing; what to know of it first."""
    where: Label | Message = step.rung.label
    if step.through is not None:
        where = msg("{rung} ({channel})", rung=step.rung.label, channel=step.through)
    if step.missing:
        missing = tuple(gate.needs for gate in step.missing)
        up = msg("Escalate to {rung}; still missing: {missing}.", rung=where, missing=missing)
    else:
        up = msg("Escalate to {rung}.", rung=where)
    shortcuts = (short.label for short in step.shortcuts if short not in step.first)
    remarks = (*(clash.label for clash in step.clashes), *shortcuts)
    if remarks:
        up = msg("{step} Mind: {remarks}.", step=up, remarks=remarks)
    for short in step.first:
        up = before_all(short, up)
    return up


def before_all(short: Shortcut, step: Message) -> Message:
    """A shortcut that leads away from the ladder, then what comes after it."""
    return msg("{first} {then}", first=msg("First: {what}.", what=short.label), then=step)
