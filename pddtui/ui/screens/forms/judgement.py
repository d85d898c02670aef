"""What the program makes of a contact while it is typed. Every part of it is a proposal that a person may overrule."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.contact import Direction, Person, Substance, Turn, Written
from pddtui.domain.proposal import propose_substance
from pddtui.domain.turn import standing, turn_after
from pddtui.handbook.channels import Channel

__all__ = ["SAID", "Judgement", "judge", "substance_of", "turn_to_keep", "written_of"]

SAID = "said"
"""Stands for "no substance": I said something and was heard."""


_SUBSTANCES: Mapping[str, Substance] = {"answer": "answer", "holding": "holding", "none": "none"}
_WRITTEN: Mapping[str, Written] = {"asked": "asked", "received": "received"}


class Judgement(Struct, frozen=True, kw_only=True):
    """Values for the fields of the same names."""

    substance: Substance | None
    turn: Turn
    written: Written

    def values(self) -> Mapping[str, str]:
        return {"substance": self.substance or SAID, "turn": self.turn, "written": self.written}


def judge(
    case: Case,
    *,
    direction: Direction,
    said: str,
    person: Person,
    promised: bool,
    demand: bool,
    channel: Channel | None,
    substance: Substance | None = None,
) -> Judgement:
    """What was probably meant; `substance` where a person has decided that already.

    Repeating the demand makes it their turn, unless they have answered in the same breath. What was not said on
    the phone exists in writing.
    """
    meant = substance or propose_substance(direction, said, person, promised=promised)
    after = turn_after(direction, meant)
    turn: Turn = after or ("theirs" if demand else standing(case).turn)
    written: Written = "none" if channel is None or channel.kind == "phone" else "received"
    return Judgement(substance=meant, turn=turn, written=written)


def substance_of(value: str) -> Substance | None:
    """The substance that a field shows."""
    return _SUBSTANCES.get(value)


def written_of(value: str) -> Written:
    """Whether it exists in writing, as a field shows it."""
    return _WRITTEN.get(value, "none")


def turn_to_keep(case: Case, direction: Direction, substance: Substance | None, shown: str) -> Turn | None:
    """The turn to save with the contact: None where the log leads to the one shown by itself."""
    if shown not in ("mine", "theirs") or shown == (turn_after(direction, substance) or standing(case).turn):
        return None
    return "mine" if shown == "mine" else "theirs"
