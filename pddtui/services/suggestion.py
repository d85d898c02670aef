"""What was probably meant by a contact: what it was, whose turn it makes it, whether it exists in writing.

Whoever takes a contact in, a form or a line, proposes this, and a person overrules it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pddtui.domain.case import REPLIES, SUBSTANCES, WRITTEN, Case, Direction, Person, Turn, Written
from pddtui.domain.reply import Heard, read_reply
from pddtui.domain.rules import Rules
from pddtui.domain.threads import case_turn, threads_of
from pddtui.domain.turn import turn_after
from pddtui.handbook.procedure import ChannelEntry

__all__ = ["NO_SUBSTANCE", "UNCHANGED", "ContactSuggestion", "heard_as", "suggest", "turn_to_keep", "written_of"]

NO_SUBSTANCE = "said"
"""Stands for "no substance": I said something and was heard."""


UNCHANGED = "none"
"""Stands for a filing of which nothing new was learned."""


class ContactSuggestion(Struct, frozen=True, kw_only=True):
    """Values for the fields of the same names; what an answer was is chosen together with that it was one."""

    heard: Heard
    turn: Turn
    written: Written

    def values(self) -> Mapping[str, str]:
        shown = self.heard.reply or self.heard.substance or NO_SUBSTANCE
        return {"substance": shown, "turn": self.turn, "written": self.written, "news": self.heard.news or UNCHANGED}


def suggest(
    case: Case,
    rules: Rules,
    *,
    direction: Direction,
    said: str,
    person: Person,
    promised: bool,
    demand: bool,
    channel: ChannelEntry | None,
    by_phone: bool,
    decided: Heard | None = None,
) -> ContactSuggestion:
    """What was probably meant; `decided` is what a person has said that it was.

    Repeating the demand makes it their turn, unless they have answered in the same breath. What was not said on
    the phone exists in writing.
    """
    side = channel.side if channel is not None else None
    heard = read_reply(direction, said, person, promised=promised, side=side)
    if decided is not None and (decided.substance, decided.reply) != (heard.substance, heard.reply):
        heard = Heard(decided.substance, decided.reply, "refused" if decided.reply == "refused" else None)
    after = heard.turn or turn_after(direction, heard.substance)
    turn: Turn = after or ("theirs" if demand else case_turn(case, threads_of(case, rules)))
    written: Written = "none" if by_phone or channel is None or channel.kind == "phone" else "received"
    return ContactSuggestion(heard=heard, turn=turn, written=written)


def heard_as(value: str) -> Heard:
    """What a field shows that it was."""
    reply = next((known for known in REPLIES if known == value), None)
    if reply is not None:
        return Heard("answer", reply)
    return Heard(next((known for known in SUBSTANCES if known == value), None))


def written_of(value: str) -> Written:
    """Whether it exists in writing, as a field shows it."""
    return next((known for known in WRITTEN if known == value), "none")


def turn_to_keep(case: Case, rules: Rules, direction: Direction, heard: Heard, shown: str) -> Turn | None:
    """The turn to save with the contact: None where the log leads to the one shown by itself."""
    by_itself = turn_after(direction, heard.substance) or case_turn(case, threads_of(case, rules))
    if shown not in ("mine", "theirs") or (shown == by_itself and heard.turn is None):
        return None
    return "mine" if shown == "mine" else "theirs"
