"""Reading what they said: whether it was an answer, of what kind, and what it means for the filing it came through.

The words are read clause by clause. A clause that says nothing on the matter (a greeting, a request to wait, "passed
on", "we act by the rules") never makes an answer, and what only looks like a yes or a no is set aside first: a double
negation, a question, a condition, my own demand quoted back. It is a proposal, which a person overrules with one key.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Direction, FilingState, Person, Reply, Substance, Turn
from pddtui.domain.entries import Side
from pddtui.domain.replywords import bare_clause, in_one_spelling, is_automatic, reply_clauses, reply_pattern

__all__ = ["Heard", "read_reply"]


class Heard(Struct, frozen=True):
    """What words were probably meant to be."""

    substance: Substance | None
    """None for what I said myself."""
    reply: Reply | None = None
    """What kind of answer it was; None for whatever is none."""
    news: FilingState | None = None
    """What became of the filing, if one runs that the words came through."""
    turn: Turn | None = None
    """Whose turn it is, where the substance alone would say otherwise: they agreed, and now owe the money."""


_PUT_OFF = Heard("holding")
_NOBODY = Heard("none")

_DECIDERS: frozenset[Side] = frozenset({"platform", "authority", "association", "court"})
"""Those whose word on the matter is a decision. What a shop says is its own view, whatever it calls it."""

_FORMAL: frozenset[Side] = _DECIDERS - {"platform"} | {"police"}
"""Those that accept or refuse a matter by an act of their own. "Accepted" is mere politeness with everybody else."""

_Kind = Literal[
    "refused", "weak_no", "agreed", "done", "permitted", "invited", "if", "offered", "asked", "my_act",
    "decided", "accepted", "ended", "formal_no", "checked", "sent_back", "to_shop", "holding", "doubt", "matter",
]  # fmt: skip

_MOST = 2_000
"""Characters that are read at either end of a long text: its beginning says what it is, its end what follows."""


def read_reply(direction: Direction, said: str, person: Person, *, promised: bool, side: Side | None) -> Heard:
    """What an incoming contact probably was. `side` is who stands behind its channel, None where none was noted.

    `promised` says that a promise was noted with it: with nothing else on the matter it puts me off until then.
    """
    if direction == "out":
        return Heard(None)
    if len(said) > 2 * _MOST:
        said = f"{said[:_MOST]}\n{said[-_MOST:]}"
    words = in_one_spelling(said)
    if is_automatic(person.role or "") or is_automatic(said):
        return _NOBODY
    found: set[_Kind] = set()
    before: set[_Kind] = set()
    for clause in reply_clauses(words):
        own = set(_kinds_of(clause, side))
        around = own | before
        if "if" in around and "my_act" not in around:  # a consent to what is yet to be shown is none
            own -= {"agreed", "done"}
        found |= own
        before = own
    heard = _heard(found, side, promised=promised)
    if heard.reply is None and reply_pattern("automatic").search(words):
        return _NOBODY
    return heard


def _heard(found: set[_Kind], side: Side | None, *, promised: bool) -> Heard:
    """What all clauses together come to."""
    if side is None or side in _DECIDERS or side == "police":
        decision = _decision(found, side)
        if decision is not None:
            return decision
    answer = _answer(found, side)
    if answer is not None:
        return answer
    if promised or "holding" in found or "weak_no" in found:
        return _PUT_OFF
    if found & {"agreed", "done", "matter", "decided", "accepted", "ended", "checked", "formal_no"}:
        return Heard("answer", "other", "ended" if "ended" in found else None)
    return _PUT_OFF


def _answer(found: set[_Kind], side: Side | None) -> Heard | None:
    """The answer in it; None where it has none of a kind. Of several the one wins on which I have to act."""
    found = found - {"invited"} if "doubt" in found else found
    yes = bool(found & {"agreed", "done"})
    no = bool(found & {"refused", "formal_no"}) or ("weak_no" in found and "holding" not in found)
    if "offered" in found or (no and (yes or "invited" in found)):
        return Heard("answer", "offered")
    if "asked" in found and not yes and ("refused" not in found or "if" in found):
        return Heard("answer", "asked")
    if no or "sent_back" in found:  # that the shop refuses is no end of what an office has in hand
        return Heard("answer", "refused", None if no and side in _FORMAL else "refused")
    if yes or ("invited" in found and side in ("merchant", None)):
        return _consent(found, side)
    return Heard("answer", "other") if found & {"to_shop", "invited"} else None


def _consent(found: set[_Kind], side: Side | None) -> Heard:
    """A consent: whose turn it is depends on what has to be done for it, and by whom."""
    if "done" in found:
        return Heard("answer", "agreed", "answered")
    mine = found & {"my_act", "permitted", "asked", "invited"}
    return Heard("answer", "agreed", None if side in _FORMAL else "accepted", None if mine else "theirs")


def _decision(found: set[_Kind], side: Side | None) -> Heard | None:
    """The decision that the words announce; None where they announce none."""
    no, yes = bool(found & {"refused", "formal_no", "sent_back"}), bool(found & {"agreed", "done", "offered"})
    if "ended" in found:
        return Heard("answer", "decided", "ended")
    if "formal_no" in found or ("decided" in found and no and not yes):
        return Heard("answer", "decided", "refused")
    if "accepted" in found and (side in _FORMAL or (side == "platform" and "holding" not in found)):
        return Heard("answer", "decided", "accepted", "theirs")
    if "decided" in found or (side in _DECIDERS and "checked" in found and (no or yes)):
        return Heard("answer", "decided", "refused" if no and not yes else "answered")
    return None


@lru_cache(maxsize=4096)
def _kinds_of(clause: str, side: Side | None) -> frozenset[_Kind]:
    """What one clause is. Those who answer by the piece say the same over and over: most of a chat is known by then."""
    return frozenset(_kinds(clause, side))


def _kinds(clause: str, side: Side | None) -> Iterator[_Kind]:
    """What one clause is, with all that only looks like a yes or a no taken out of it before."""
    clause, asks = bare_clause(clause)
    put_off = bool(reply_pattern("holding").search(clause))
    pending = bool(reply_pattern("pending").search(clause))
    if put_off or pending:
        yield "holding"
    for kind in _ALWAYS:
        if reply_pattern(kind).search(clause) and not (asks and kind == "matter"):
            yield kind
    if not pending:
        yield from (kind for kind in _RULED if reply_pattern(kind).search(clause))
    if reply_pattern("their_errand").search(clause):
        yield "holding"
    elif reply_pattern("elsewhere").search(clause):
        shop = bool(reply_pattern("shop").search(clause))
        apply = reply_pattern("may_apply").search(clause) or (side == "platform" and (shop or "介入" in clause))
        yield "to_shop" if apply else "sent_back"
    refused, weak = reply_pattern("refused").search(clause), reply_pattern("weak_no").search(clause)
    if weak:
        yield "weak_no"
    elif refused and not asks:
        yield "refused"
    elif not pending:
        yield from _giving(clause, asks, put_off=put_off)


def _giving(clause: str, asks: bool, *, put_off: bool) -> Iterator[_Kind]:
    """What a clause gives, that refuses nothing."""
    if reply_pattern("fraud").search(clause):  # a warning tells what swindlers give
        return
    gives = bool(reply_pattern("agreed").search(clause))
    offers = bool(reply_pattern("offered").search(clause)) or (gives and bool(reply_pattern("only").search(clause)))
    if asks and (gives or offers or reply_pattern("invited").search(clause)):
        named = offers and not put_off and "否" not in clause
        yield "offered" if named or reply_pattern("proposal").search(clause) else "holding"
    elif offers:
        yield "offered"
    elif reply_pattern("invited").search(clause):
        yield "invited"
    elif reply_pattern("done").search(clause):
        yield "done"
    elif gives and not (put_off and reply_pattern("vague").search(clause)):
        yield "agreed"
    elif reply_pattern("dated").search(clause):
        yield "holding"


_ALWAYS: tuple[_Kind, ...] = ("asked", "my_act", "permitted", "if", "doubt", "matter")
_RULED: tuple[_Kind, ...] = ("decided", "accepted", "ended", "formal_no", "checked")
"""What is said of a decision, unless it is still to come."""
