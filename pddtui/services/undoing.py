"""Taking back and bringing back: a save of this machine as a whole, or one change by its name.

What one save did, in however many cases, is taken back in one step. The order is that in which this machine saved, not
that of any clock. What another machine did, or a file brought, is taken back only when it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Change, undoable
from pddtui.domain.ports import CaseStore, Transaction
from pddtui.domain.record import bring_back, take_back
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.services.finding import find_tail

__all__ = ["Undone", "redo", "undo"]


class Undone(Struct, frozen=True):
    """One change that was taken back, or brought back, and its case as it is now."""

    case: Case
    change: Change


class _Found(Struct, frozen=True):
    """A change that can be turned round, and where it is."""

    case_id: str
    change: Change


def undo(store: CaseStore, new_id: Callable[[], str], at: datetime, name: str | None = None) -> tuple[Undone, ...]:
    """Take back the newest save of this machine, or the change of that `name`, whoever made it.

    Raises `NotFound` where there is none, `Refused` where it is taken back already, `Conflict` where the same place
    was changed since; then nothing at all is taken back.
    """
    with store.transaction() as box:
        found = _newest(box, _done) if name is None else (_named(box.cases().values(), name),)
        if not found:
            raise NotFound(msg("There is nothing to undo."))
        return tuple(_turn(box, each, take_back, new_id(), at) for each in found)


def redo(store: CaseStore, new_id: Callable[[], str], at: datetime) -> tuple[Undone, ...]:
    """Bring back what this machine took back last, unless it saved something new since. Raises as `undo`."""
    with store.transaction() as box:
        found = _newest(box, _undone)
        if not found or _went_on(box, found[0].change.save):
            raise NotFound(msg("There is nothing to redo."))
        return tuple(_turn(box, each, bring_back, new_id(), at) for each in found)


def _turn(box: Transaction, found: _Found, turn: Callable[..., Case], change_id: str, at: datetime) -> Undone:
    case = box.get(found.case_id)
    if case is None:
        raise NotFound(msg("The case is no longer in this file."))
    saved = turn(case, found.change, change_id=change_id, at=at, save=box.save)
    box.put(saved)
    return Undone(saved, found.change)


def _done(history: Sequence[Change]) -> list[Change]:
    return undoable(history)[0]


def _undone(history: Sequence[Change]) -> list[Change]:
    """What was taken back and not brought back since; what was done since in the case does not end that."""
    brought = {change.target for change in history if change.kind == "redo"}
    return [change for change in history if change.kind == "undo" and change.id not in brought]


def _newest(box: Transaction, candidates: Callable[[Sequence[Change]], list[Change]]) -> tuple[_Found, ...]:
    """All of the newest save of this machine that has candidates, the last one first in each case."""
    machine, best = box.save.machine, 0
    found: list[_Found] = []
    latest = sorted(((_last(case, machine), case.id) for case in box.cases().values()), reverse=True)
    for last, case_id in latest:
        if not last or last < best:
            break
        case = box.get(case_id)
        listed = [] if case is None else [each for each in candidates(case.history) if each.machine == machine]
        newest = max((each.save for each in listed), default=0)
        if newest > best:
            best, found = newest, []
        if newest == best and best:
            found += [_Found(case_id, each) for each in reversed(listed) if each.save == best]
    return tuple(found)


def _last(case: Case, machine: str) -> int:
    """The last save of that machine in which the case was."""
    return next((change.save for change in reversed(case.history) if change.machine == machine), 0)


def _went_on(box: Transaction, save: int) -> bool:
    machine = box.save.machine
    return any(
        change.kind == "do" and change.machine == machine and change.save > save
        for case in box.cases().values()
        if _last(case, machine) > save
        for change in case.history
    )


def _named(cases: Iterable[Case], name: str) -> _Found:
    known = list(cases)
    found = find_tail((change.id for change in _all(known)), name)
    for case in known:
        for change in case.history:
            if change.id != found:
                continue
            standing = _standing(case.history, change)
            if standing is None:
                raise Refused(msg("That is undone already; `pddtui redo` brings back what was undone last."))
            return _Found(case.id, standing)
    raise NotFound(msg("There is no change “{id}”; `pddtui show REF --json` lists the history.", id=name))


def _standing(history: Sequence[Change], change: Change) -> Change | None:
    """The change by which it is in effect: itself, or what brought it back last; None where it was taken back."""
    done = {each.id for each in _done(history)}
    for each in reversed(history):
        if each.kind == "redo" and each.id in done and _first(history, each) == change.id:
            return each
    return change if change.kind != "undo" and change.id in done else None


def _first(history: Sequence[Change], change: Change) -> str:
    """The change that one brings back in the end."""
    known = {each.id: each for each in history}
    while change.kind != "do" and change.target in known:
        change = known[change.target]
    return change.id


def _all(cases: Iterable[Case]) -> Iterator[Change]:
    for case in cases:
        yield from case.history
