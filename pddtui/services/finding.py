"""Finding what a person means: a case by its number or id, a promise or anything else that can be settled by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.entries import SIDES
from pddtui.domain.text import halfwidth
from pddtui.domain.threads import side_thread
from pddtui.errors import NotFound
from pddtui.message import msg

__all__ = ["Settleable", "find_case", "find_id", "find_tail", "find_thing", "is_number"]

_NUMBER = re.compile(r"(?:PDD-?)?(?:(?P<year>\d{4})-)?0*(?P<number>\d+)", re.IGNORECASE)
_SIGN = re.compile(r"(?:#|№|no\.)\s*", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
"""What a text program or a phone makes of a hyphen."""

SHORTEST_TAIL = 4
"""How many characters of an id are enough, if only one thing ends in them."""


class Settleable(Struct, frozen=True):
    """Something that can be settled, and the case it belongs to."""

    case: Case
    kind: Literal["promise", "follow_up", "outcome", "thread", "clash"]
    id: str


def find_case(cases: Iterable[Case], ref: str) -> Case:
    """The one of these cases that has that number or id."""
    known = {case.id: case for case in cases}
    return known[find_id({case.id: case.ref for case in known.values()}, ref)]


def find_id(refs: Mapping[str, str], ref: str) -> str:
    """The id of the case with that number or id, of all ids with their numbers.

    A bare number means the newest year that has it.
    """
    wanted = _typed(ref)
    exact = [case_id for case_id, number in refs.items() if wanted.upper() in (number.upper(), case_id.upper())]
    if exact:
        return exact[0]
    if match := _NUMBER.fullmatch(wanted):
        suffix = f"-{int(match['number']):04d}"
        year = match["year"] or ""
        numbered = [case_id for case_id, number in refs.items() if number.endswith(suffix) and year in number]
        if numbered:
            return max(numbered, key=lambda case_id: refs[case_id])
    if len(wanted) >= SHORTEST_TAIL:
        close = [case_id for case_id in refs if case_id.startswith(wanted.upper()) or case_id.endswith(wanted.upper())]
        if len(close) == 1:
            return close[0]
    raise NotFound(msg("There is no case “{ref}”; `pddtui list` shows all cases.", ref=ref))


def is_number(text: str) -> bool:
    """Whether it is the number of a case, which may be one that no case has."""
    return _NUMBER.fullmatch(_typed(text)) is not None


def find_thing(cases: Iterable[Case], thing_id: str) -> Settleable:
    """The promise, follow-up or ending with that id or unique tail. Raises `NotFound`, also when two match."""
    things = [thing for case in cases for thing in _things(case)]
    found = find_tail((thing.id for thing in things), thing_id)
    if found is not None:
        return next(thing for thing in things if thing.id == found)
    raise NotFound(msg("There is no promise or follow-up “{id}”; `pddtui due --json` shows the ids.", id=thing_id))


def find_tail(ids: Iterable[str], wanted: str) -> str | None:
    """The one of `ids` that is `wanted`, or ends in it; None for none. Raises `NotFound` when several do."""
    known, tail = list(ids), _typed(wanted).upper()
    found = [each for each in known if each.upper() == tail]
    if not found and len(tail) >= SHORTEST_TAIL:
        found = [each for each in known if each.upper().endswith(tail)]
    if len(found) > 1:
        raise NotFound(msg("“{id}” matches several records; write more of the id.", id=wanted))
    return found[0] if found else None


def _typed(text: str) -> str:
    """A number or an id as it is stored: without `#` before it, its dashes plain."""
    plain = halfwidth(text).translate(_DASHES).strip()
    sign = _SIGN.match(plain)
    return plain[sign.end() :] if sign is not None else plain


def _things(case: Case) -> Iterable[Settleable]:
    for _, promise in case.promises:
        yield Settleable(case, "promise", promise.id)
    for task in case.follow_ups:
        yield Settleable(case, "follow_up", task.id)
    if case.outcome is not None:
        yield Settleable(case, "outcome", case.outcome.id)
    for clash in case.clashes:
        yield Settleable(case, "clash", clash.id)
    for filing in case.filings:
        yield Settleable(case, "thread", filing.id)
    for side in SIDES:
        yield Settleable(case, "thread", side_thread(case, side))
