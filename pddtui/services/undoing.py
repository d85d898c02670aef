"""Taking the newest change back, and bringing it back again, from the recorded history.

Nothing is kept in memory for it, so undo works across restarts and windows: the newest change of
the file is the one that goes, and what went is named to the person who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from pddtui.domain.case import Case
from pddtui.domain.history import Change, undoable
from pddtui.domain.ports import CaseStore
from pddtui.domain.record import bring_back, take_back
from pddtui.errors import NotFound
from pddtui.message import msg

__all__ = ["redo", "undo"]


def undo(store: CaseStore, change_id: str, at: datetime) -> tuple[Case, Change]:
    """Take back the newest change of all cases. Raises `NotFound` when there is none, `Conflict` as moves do."""
    with store.transaction() as box:
        found = _newest(box.cases().values(), lambda case: undoable(case.history)[0])
        if found is None:
            raise NotFound(msg("There is nothing to take back."))
        case, change = found
        saved = take_back(case, change, change_id=change_id, at=at)
        box.put(saved)
    return saved, change


def redo(store: CaseStore, change_id: str, at: datetime) -> tuple[Case, Change]:
    """Bring back the change that was taken back last, unless something new was done since in any case."""
    with store.transaction() as box:
        found = _newest(box.cases().values(), lambda case: undoable(case.history)[1])
        if found is None or any(_moved_on(case, found[1]) for case in box.cases().values()):
            raise NotFound(msg("There is nothing to bring back."))
        case, change = found
        saved = bring_back(case, change, change_id=change_id, at=at)
        box.put(saved)
    return saved, change


def _newest(cases: Iterable[Case], candidates: Callable[[Case], list[Change]]) -> tuple[Case, Change] | None:
    """The newest candidate of all; cases whose last change is older than the best are not looked into."""
    best: tuple[Case, Change] | None = None
    for case in sorted((case for case in cases if case.history), key=_last, reverse=True):
        if best is not None and _last(case) < _order(best[1]):
            break
        listed = candidates(case)
        if listed and (best is None or _order(listed[-1]) > _order(best[1])):
            best = (case, listed[-1])
    return best


def _moved_on(case: Case, undone: Change) -> bool:
    """Whether something new was done in the case since; what was taken back then stays so."""
    if not case.history or _last(case) <= _order(undone):
        return False
    return any(change.kind == "do" and _order(change) > _order(undone) for change in case.history)


def _last(case: Case) -> tuple[datetime, str]:
    return _order(case.history[-1])


def _order(change: Change) -> tuple[datetime, str]:
    return change.at, change.id
