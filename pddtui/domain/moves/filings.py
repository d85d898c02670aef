"""Lodging a case at a rung, and what became of it there."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs

from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.ladder import prospect
from pddtui.domain.rules import Rules
from pddtui.errors import NotFound, Refused
from pddtui.message import Message, msg

__all__ = ["decide", "file"]


def file(case: Case, filing: Filing, rules: Rules, *, anyway: bool) -> Case:
    """The case lodged at a rung.

    Refuses with everything that is missing or in conflict, unless `anyway`: then the gates that
    were passed are recorded in the filing. Several filings run side by side.
    """
    rung = rules.rung(filing.rung)
    if rung is None:
        raise Refused(msg("There is no rung “{rung}”.", rung=filing.rung), field="rung")
    step = prospect(case, rung, filing.channel, rules)
    obstacles: list[tuple[str, Message]] = [(gate.id, gate.needs) for gate in step.missing]
    obstacles += [(f"clash:{rule.a}+{rule.b}", msg("{label}", label=rule.label)) for rule in step.clashes]
    if obstacles and not anyway:
        raise Refused(
            msg(
                "{rung} needs first: {missing}. Add these, or file it anyway.",
                rung=rung.label,
                missing=tuple(needs for _, needs in obstacles),
            ),
            field="rung",
        )
    recorded = structs.replace(filing, passed_gates=tuple(gate for gate, _ in obstacles))
    return structs.replace(case, filings=(*case.filings, recorded))


def decide(case: Case, filing_id: str, state: FilingState, at: datetime, reference: str | None = None) -> Case:
    """The case with one filing accepted, answered, refused or ended; its clocks follow."""
    filing = next((filing for filing in case.filings if filing.id == filing_id), None)
    if filing is None:
        raise NotFound(msg("There is no filing {id} in {ref}.", id=filing_id, ref=case.ref))
    decided = structs.replace(
        filing,
        state=state,
        reference=reference or filing.reference,
        accepted_at=at if state == "accepted" else filing.accepted_at,
        ended_at=None if state in ("open", "accepted") else at,
    )
    return structs.replace(case, filings=tuple(decided if other.id == filing_id else other for other in case.filings))
