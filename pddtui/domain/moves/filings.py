"""Lodging a case at a rung, and what became of it there."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs

from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.ladder import Step, clash_id, prospect
from pddtui.domain.rules import Aftersale, Rules
from pddtui.errors import NotFound, Refused
from pddtui.message import Message, msg

__all__ = ["decide", "file", "note_aftersale", "set_countdown", "set_reference"]


def file(case: Case, filing: Filing, rules: Rules, *, anyway: bool) -> Case:
    """The case lodged at a rung.

    Refuses with everything that is missing or in conflict, unless `anyway`: then the gates that
    were passed are recorded in the filing. Several filings run side by side.
    """
    rung = rules.rung(filing.rung)
    if rung is None:
        raise Refused(msg("There is no rung “{rung}”.", rung=filing.rung), field="rung")
    step = prospect(case, rung, filing.channel, rules)
    obstacles = (*(gate.id for gate in step.missing), *(clash_id(rule) for rule in step.clashes))
    if obstacles and not anyway:
        raise Refused(_obstacles(step), field="rung")
    recorded = structs.replace(filing, passed_gates=obstacles)
    return structs.replace(case, filings=(*case.filings, recorded))


def decide(case: Case, filing_id: str, state: FilingState, at: datetime, reference: str | None = None) -> Case:
    """The case with one filing accepted, answered, refused or ended; its clocks follow.

    A countdown and a state of the app were those of before, so they go.
    """
    filing = _filing(case, filing_id)
    decided = structs.replace(
        filing,
        state=state,
        reference=reference or filing.reference,
        accepted_at=at if state == "accepted" else filing.accepted_at,
        ended_at=None if state in ("open", "accepted") else at,
        countdown_until=None,
        aftersale_state=None,
        aftersale_turn=None,
        aftersale_at=None,
    )
    return _with(case, decided)


def set_countdown(case: Case, filing_id: str, until: datetime | None) -> Case:
    """The case with the countdown that the app shows for one filing, or (None) without one."""
    return _with(case, structs.replace(_filing(case, filing_id), countdown_until=until))


def set_reference(case: Case, filing_id: str, reference: str) -> Case:
    """The case with their number for one filing."""
    return _with(case, structs.replace(_filing(case, filing_id), reference=reference))


def note_aftersale(case: Case, filing_id: str, shown: Aftersale, at: datetime, until: datetime | None = None) -> Case:
    """The case with the state that the app shows for an in-app request, and the countdown beside it.

    The state says whose turn it is, may be the end of the filing, and may be an event that starts clocks.
    Noted again it keeps the moment at which it was first shown.
    """
    filing = _filing(case, filing_id)
    if filing.channel != "app_aftersale":
        raise Refused(msg("Only an after-sales request in the app shows such a state."), field="aftersale")
    again = filing.aftersale_state == shown.code
    since = filing.aftersale_at if again and filing.aftersale_at is not None else at
    running = filing.state if filing.running else "open"
    noted = structs.replace(
        filing,
        aftersale_state=shown.code,
        aftersale_turn=shown.turn,
        aftersale_at=since,
        countdown_until=until,
        state=shown.ends or running,
        ended_at=since if shown.ends is not None else None,
    )
    if shown.event is None or again:
        return _with(case, noted)
    return structs.replace(_with(case, noted), milestones={**case.milestones, shown.event: since})


def _obstacles(step: Step) -> Message:
    """What can be added, and what cannot because it runs already."""
    rung, missing = step.rung.label, tuple(gate.needs for gate in step.missing)
    conflicts = tuple(rule.label for rule in step.clashes)
    if not conflicts:
        return msg("{rung} needs first: {missing}. Add these, or file it anyway.", rung=rung, missing=missing)
    if not missing:
        return msg(
            "{rung} is in conflict with what runs already: {conflicts}. End that first, or file it anyway.",
            rung=rung,
            conflicts=conflicts,
        )
    return msg(
        "{rung} needs first: {missing}. It is also in conflict with what runs already: {conflicts}."
        " See to both, or file it anyway.",
        rung=rung,
        missing=missing,
        conflicts=conflicts,
    )


def _filing(case: Case, filing_id: str) -> Filing:
    filing = next((filing for filing in case.filings if filing.id == filing_id), None)
    if filing is None:
        raise NotFound(msg("There is no filing {id} in {ref}.", id=filing_id, ref=case.ref))
    return filing


def _with(case: Case, changed: Filing) -> Case:
    return structs.replace(
        case, filings=tuple(changed if filing.id == changed.id else filing for filing in case.filings)
    )
