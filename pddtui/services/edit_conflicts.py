"""Two people edit the same record: what each changed alone is kept, what both changed is asked.

A form knows what stood in the record when it was opened (`base`) and what it is to become (`mine`). The move it
makes is replayed on the record as it is now (`theirs`), under the store's lock, so nothing can slip in between.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import moves
from pddtui.domain.case import Case
from pddtui.domain.fields import CASE, CONTACT, EVIDENCE, Values, edited, values_of
from pddtui.errors import Conflict, NotFound
from pddtui.message import msg
from pddtui.services.casebook import Move

__all__ = ["EditedTwice", "FieldClash", "amend_merging", "edit_merging", "evidence_merging", "three_way"]


class FieldClash(Struct, frozen=True):
    """A field that both have changed, each to something else."""

    field: str
    mine: object
    theirs: object


class RecordMerge(Struct, frozen=True):
    """What two edits of one record come to."""

    values: dict[str, object]
    """Every field; mine where both have changed it."""
    clashes: tuple[FieldClash, ...]


class EditedTwice(Conflict):
    """Another session changed the same fields since the form was opened. Nothing was saved."""

    def __init__(self, clashes: tuple[FieldClash, ...]) -> None:
        super().__init__(msg("Another window changed the same field in the meantime: choose which value to keep."))
        self.clashes = clashes


def three_way(base: Values, mine: Values, theirs: Values) -> RecordMerge:
    """Field by field: what only one side changed is taken from that side, what both changed alike is no clash."""
    values: dict[str, object] = {}
    clashes: list[FieldClash] = []
    for field, before in base.items():
        values[field] = theirs[field] if mine[field] == before else mine[field]
        if before not in (mine[field], theirs[field]) and mine[field] != theirs[field]:
            clashes.append(FieldClash(field, mine[field], theirs[field]))
    return RecordMerge(values, tuple(clashes))


def edit_merging(base: Values, mine: Values) -> Move:
    """The move that edits a case. It raises `EditedTwice` where the case has become a third thing."""

    def move(case: Case) -> Case:
        return moves.edit_values(case, _merged(base, mine, values_of(edited(CASE), case)))

    return move


def amend_merging(contact_id: str, base: Values, mine: Values, now: datetime) -> Move:
    """The move that corrects a contact. It raises `EditedTwice` where the contact has become a third thing."""

    def move(case: Case) -> Case:
        current = next((contact for contact in case.contacts if contact.id == contact_id), None)
        if current is None:
            raise NotFound(msg("{ref} has no contact {id}.", id=contact_id, ref=case.ref))
        theirs = values_of(edited(CONTACT), current)
        return moves.amend_values(case, contact_id, _merged(base, mine, theirs), now)

    return move


def evidence_merging(record_id: str, base: Values, mine: Values) -> Move:
    """The move that corrects a piece of evidence. It raises `EditedTwice` where it has become a third thing."""

    def move(case: Case) -> Case:
        current = next((record for record in case.evidence if record.id == record_id), None)
        theirs = values_of(edited(EVIDENCE), current) if current is not None else base
        return moves.edit_evidence(case, record_id, _merged(base, mine, theirs))

    return move


def _merged(base: Values, mine: Values, theirs: Values) -> dict[str, object]:
    merge = three_way(base, mine, theirs)
    if merge.clashes:
        raise EditedTwice(merge.clashes)
    return merge.values
