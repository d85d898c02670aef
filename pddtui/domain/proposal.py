"""What a contact probably was, proposed while it is typed. A person may overrule every word of it."""

from __future__ import annotations

import re

from pddtui.domain.contact import Direction, Person, Substance

__all__ = ["propose_substance"]

_AUTOMATIC = re.compile(
    r"自动回复|机器人|无人接听|没人接|未接通|占线|auto(?:matic)?[- ]repl|\bbot\b|no answer|not picked up"
)
_HOLDING = re.compile(
    r"已反馈|会反馈|已登记|已记录|已加急|加急处理|正在处理|处理中|核实中|请?耐心等待|稍后|尽快|转交|上报|"
    r"passed (?:it )?on|looking into|being processed|please wait|get back to you|as soon as possible",
    re.IGNORECASE,
)


def propose_substance(direction: Direction, said: str, person: Person, *, promised: bool) -> Substance | None:
    """What an incoming contact amounts to; None for what I say myself.

    A robot or an automatic text is no answer, "we passed it on" and a promise of something later
    put me off, and everything else is taken as an answer.
    """
    if direction == "out":
        return None
    if _AUTOMATIC.search(said) or _AUTOMATIC.search(person.role or ""):
        return "none"
    if promised or _HOLDING.search(said):
        return "holding"
    return "answer"
