"""Opening, editing and ending a case, and taking it back from the trash."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, structs

from pddtui.domain.case import Case, Demand, Operator, Order, Outcome, Override, Status
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["CaseEdit", "edit", "open_case", "reopen", "resolve", "restore", "trash", "verify"]


class CaseEdit(Struct, frozen=True, kw_only=True):
    """The facts of a case that are to become something else; what is unset stays."""

    title: str | UnsetType = UNSET
    problem: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    merchant: str | UnsetType | None = UNSET
    operator: Operator | UnsetType = UNSET
    order: Order | UnsetType = UNSET
    demand: Demand | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    quiet: Override | UnsetType | None = UNSET
    opened_at: datetime | UnsetType = UNSET


def open_case(case: Case) -> Case:
    """A new case as it may be saved. Refuses an empty title and a negative sum."""
    _check(case)
    return case


def edit(case: Case, changes: CaseEdit) -> Case:
    """The case with other facts. Refuses an empty title and a negative sum."""
    set_fields = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    edited = structs.replace(case, **set_fields)
    _check(edited)
    return edited


def _check(case: Case) -> None:
    if not case.title.strip():
        raise Refused(msg("A case needs a title: a few words that tell it from the others."), field="title")
    for field, amount in (("amount", case.order.amount), ("demand_amount", case.demand.amount)):
        if amount is not None and amount < 0:
            raise Refused(msg("A sum cannot be negative: {amount}.", amount=amount), field=field)


def resolve(case: Case, outcome: Outcome, status: Status, at: datetime) -> Case:
    """End the case. What is still promised stays as it is: the record of what they owed."""
    if case.status != "open":
        raise Refused(msg("{ref} has ended already; reopen it first.", ref=case.ref))
    if outcome.recovered is not None and outcome.recovered < 0:
        raise Refused(msg("A sum cannot be negative: {amount}.", amount=outcome.recovered), field="recovered")
    return structs.replace(case, status=status, outcome=outcome, closed_at=at)


def reopen(case: Case) -> Case:
    """Take up an ended case again; how it had ended stays in its history."""
    if case.status == "open":
        raise Refused(msg("{ref} is open.", ref=case.ref))
    return structs.replace(case, status="open", outcome=None, closed_at=None)


def verify(case: Case, at: datetime) -> Case:
    """Confirm that what a resolution promised has really arrived."""
    if case.outcome is None or case.status != "resolved":
        raise Refused(msg("{ref} is not resolved, so there is nothing to verify.", ref=case.ref))
    return structs.replace(case, outcome=structs.replace(case.outcome, verified_at=at))


def trash(case: Case, at: datetime) -> Case:
    """Put the case into the trash, from where it can be restored. Nothing is erased."""
    if case.trashed_at is not None:
        raise Refused(msg("{ref} is in the trash already.", ref=case.ref))
    return structs.replace(case, trashed_at=at)


def restore(case: Case) -> Case:
    """Take the case back from the trash."""
    if case.trashed_at is None:
        raise Refused(msg("{ref} is not in the trash.", ref=case.ref))
    return structs.replace(case, trashed_at=None)
