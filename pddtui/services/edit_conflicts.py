"""Two people edit the same record: what each changed alone is kept, what both changed is asked.

A form knows what stood in the record when it was opened (`base`) and what it is to become (`mine`). The move it
makes is replayed on the record as it is now (`theirs`), under the store's lock, so nothing can slip in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct, structs

from pddtui.domain import moves
from pddtui.domain.case import Case, Contact, Evidence, Operator, Person, Substance, Turn, Written
from pddtui.domain.silence import read_quiet
from pddtui.errors import Conflict, NotFound
from pddtui.message import msg
from pddtui.services.casebook import Move

__all__ = [
    "CaseFacts",
    "Clash",
    "ContactFacts",
    "EditedTwice",
    "EvidenceFacts",
    "amend_merging",
    "edit_merging",
    "evidence_merging",
    "three_way",
]


class CaseFacts(Struct, frozen=True, kw_only=True):
    """The facts of a case that its form shows."""

    title: str
    problem: str | None
    merchant: str | None
    order: str | None
    product: str | None
    amount: Decimal | None
    remedy: str | None
    demand_amount: Decimal | None
    received_at: datetime | None
    description: str | None
    operator: str | None
    operator_address: str | None
    bottom_line: str | None
    quiet: str | None

    @classmethod
    def of(cls, case: Case) -> CaseFacts:
        return cls(
            title=case.title,
            problem=case.problem,
            merchant=case.merchant,
            order=case.order.number,
            product=case.order.product,
            amount=case.order.amount,
            remedy=case.demand.remedy,
            demand_amount=case.demand.amount,
            received_at=case.order.received_at,
            description=case.description,
            operator=case.operator.name,
            operator_address=case.operator.address,
            bottom_line=case.demand.bottom_line,
            quiet=f"{case.quiet.amber} {case.quiet.red}" if case.quiet is not None else None,
        )

    def written_into(self, case: Case) -> Case:
        """The case with these facts and all its others. Refuses what `moves.edit` refuses."""
        order = structs.replace(
            case.order, number=self.order, product=self.product, amount=self.amount, received_at=self.received_at
        )
        return moves.edit(
            case,
            moves.CaseEdit(
                title=self.title,
                problem=self.problem,
                merchant=self.merchant,
                description=self.description,
                order=order,
                quiet=read_quiet(self.quiet),
                operator=Operator(name=self.operator, address=self.operator_address),
                demand=structs.replace(
                    case.demand, remedy=self.remedy, amount=self.demand_amount, bottom_line=self.bottom_line
                ),
            ),
        )


class ContactFacts(Struct, frozen=True, kw_only=True):
    """What of a contact can be corrected."""

    at: datetime
    channel: str | None
    name: str | None
    role: str | None
    staff_no: str | None
    said: str
    substance: Substance | None
    turn: Turn | None
    demand: bool
    written: Written

    @classmethod
    def of(cls, contact: Contact) -> ContactFacts:
        return cls(
            at=contact.at,
            channel=contact.channel,
            name=contact.person.name,
            role=contact.person.role,
            staff_no=contact.person.staff_no,
            said=contact.summary,
            substance=contact.substance,
            turn=contact.turn,
            demand=contact.demand,
            written=contact.written,
        )

    def correction(self) -> moves.ContactEdit:
        return moves.ContactEdit(
            at=self.at,
            channel=self.channel,
            person=Person(name=self.name, role=self.role, staff_no=self.staff_no),
            summary=self.said,
            substance=self.substance,
            turn=self.turn,
            demand=self.demand,
            written=self.written,
        )


class EvidenceFacts(Struct, frozen=True, kw_only=True):
    """What of a piece of evidence can be corrected: all but its file."""

    kind: str | None
    proves: str | None
    place: str | None
    taken_at: datetime | None
    vanishes_at: datetime | None

    @classmethod
    def of(cls, record: Evidence) -> EvidenceFacts:
        return cls(**{name: getattr(record, name) for name in cls.__struct_fields__})


Facts = TypeVar("Facts", CaseFacts, ContactFacts, EvidenceFacts)


class Clash(Struct, frozen=True):
    """A field that both have changed, each to something else."""

    field: str
    mine: object
    theirs: object


class Merge(Struct, frozen=True):
    """What two edits of one record come to."""

    values: dict[str, object]
    """Every field; mine where both have changed it."""
    clashes: tuple[Clash, ...]


class EditedTwice(Conflict):
    """Another session changed the same fields since the form was opened. Nothing was saved."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__(msg("Another window changed the same meanwhile: choose what stays."))
        self.clashes = clashes


def three_way(base: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]) -> Merge:
    """Field by field: what only one side changed is taken from that side, what both changed alike is no clash."""
    values: dict[str, object] = {}
    clashes: list[Clash] = []
    for field, before in base.items():
        values[field] = theirs[field] if mine[field] == before else mine[field]
        if before not in (mine[field], theirs[field]) and mine[field] != theirs[field]:
            clashes.append(Clash(field, mine[field], theirs[field]))
    return Merge(values, tuple(clashes))


def edit_merging(base: CaseFacts, mine: CaseFacts) -> Move:
    """The move that edits a case. It raises `EditedTwice` where the case has become a third thing."""

    def move(case: Case) -> Case:
        values = _merged(structs.asdict(base), structs.asdict(mine), structs.asdict(CaseFacts.of(case)))
        return _with(CaseFacts.of(case), values).written_into(case)

    return move


def amend_merging(contact_id: str, base: ContactFacts, mine: ContactFacts, now: datetime) -> Move:
    """The move that corrects a contact. It raises `EditedTwice` where the contact has become a third thing."""

    def move(case: Case) -> Case:
        current = next((contact for contact in case.contacts if contact.id == contact_id), None)
        if current is None:
            raise NotFound(msg("There is no contact {id} in {ref}.", id=contact_id, ref=case.ref))
        theirs = ContactFacts.of(current)
        values = _merged(structs.asdict(base), structs.asdict(mine), structs.asdict(theirs))
        return moves.amend(case, contact_id, _with(theirs, values).correction(), now)

    return move


def evidence_merging(record_id: str, base: EvidenceFacts, mine: EvidenceFacts) -> Move:
    """The move that corrects a piece of evidence. It raises `EditedTwice` where it has become a third thing."""

    def move(case: Case) -> Case:
        current = next((record for record in case.evidence if record.id == record_id), None)
        theirs = EvidenceFacts.of(current) if current is not None else base
        values = _merged(structs.asdict(base), structs.asdict(mine), structs.asdict(theirs))
        return moves.edit_evidence(case, record_id, moves.EvidenceEdit(**structs.asdict(_with(theirs, values))))

    return move


def _merged(base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]) -> dict[str, object]:
    merge = three_way(base, mine, theirs)
    if merge.clashes:
        raise EditedTwice(merge.clashes)
    return merge.values


def _with(facts: Facts, values: Mapping[str, object]) -> Facts:
    return structs.replace(facts, **values)
