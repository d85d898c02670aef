"""What I have to do in a case: follow-ups, evidence, milestones and playbook steps."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, structs

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact
from pddtui.domain.task import Evidence, FollowUp, FollowUpState
from pddtui.errors import NotFound, Refused
from pddtui.message import msg

__all__ = [
    "EvidenceEdit",
    "add_evidence",
    "add_follow_up",
    "edit_evidence",
    "note_milestone",
    "remove_evidence",
    "settle_follow_up",
    "snooze",
    "tick",
    "tie_evidence",
]


class EvidenceEdit(Struct, frozen=True, kw_only=True):
    """What of a piece of evidence is to become something else; what is unset stays, and so does the file."""

    kind: str | UnsetType | None = UNSET
    proves: str | UnsetType | None = UNSET
    place: str | UnsetType | None = UNSET
    taken_at: datetime | UnsetType | None = UNSET
    vanishes_at: datetime | UnsetType | None = UNSET


def add_follow_up(case: Case, task: FollowUp) -> Case:
    """The case with one more thing to do. Refuses one without words."""
    if not task.text.strip():
        raise Refused(msg("Say in a few words what is to be done."), field="text")
    return structs.replace(case, follow_ups=(*case.follow_ups, task))


def settle_follow_up(case: Case, task_id: str, state: FollowUpState, at: datetime | None) -> Case:
    """The case with one follow-up done, dropped or open again."""
    task = _task(case, task_id)
    if task.state == state:
        raise Refused(msg("That follow-up is settled so already."))
    return _put(case, structs.replace(task, state=state, settled_at=None if state == "open" else at))


def snooze(case: Case, task_id: str, due: datetime, phrase: str | None, *, estimated: bool) -> Case:
    """The case with one follow-up put off; how often that happened is counted."""
    task = _task(case, task_id)
    if task.state != "open":
        raise Refused(msg("That follow-up is settled; there is nothing to put off."))
    later = structs.replace(task, due=due, due_phrase=phrase, estimated=estimated, snoozed=task.snoozed + 1)
    return _put(case, later)


def add_evidence(case: Case, record: Evidence) -> Case:
    """The case with one more piece of evidence: a file or the place where the original is."""
    _check(record)
    return structs.replace(case, evidence=(*case.evidence, record))


def edit_evidence(case: Case, record_id: str, changes: EvidenceEdit) -> Case:
    """The case with one piece of evidence described otherwise. What has no file keeps a place."""
    set_fields = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    edited = structs.replace(_record(case, record_id), **set_fields)
    _check(edited)
    return structs.replace(
        case, evidence=tuple(edited if record.id == record_id else record for record in case.evidence)
    )


def remove_evidence(case: Case, record_id: str) -> Case:
    """The case without one piece of evidence, and no contact tied to it. Its file is nobody's business here."""
    _record(case, record_id)
    return structs.replace(
        case,
        evidence=tuple(record for record in case.evidence if record.id != record_id),
        contacts=tuple(_untied(contact, record_id) for contact in case.contacts),
    )


def tie_evidence(case: Case, record_id: str, contact_id: str) -> Case:
    """The case with a piece of evidence tied to the contact that it shows; one that is tied stays so."""
    _record(case, record_id)
    if all(contact.id != contact_id for contact in case.contacts):
        raise NotFound(msg("There is no contact {id} in {ref}.", id=contact_id, ref=case.ref))
    return structs.replace(
        case,
        contacts=tuple(
            structs.replace(contact, evidence=(*contact.evidence, record_id))
            if contact.id == contact_id and record_id not in contact.evidence
            else contact
            for contact in case.contacts
        ),
    )


def note_milestone(case: Case, event: str, at: datetime | None) -> Case:
    """The case with a milestone set, moved, or (None) taken away. It starts or stops clocks."""
    others = {name: when for name, when in case.milestones.items() if name != event}
    return structs.replace(case, milestones=others if at is None else {**others, event: at})


def tick(case: Case, step: str, at: datetime | None) -> Case:
    """The case with a playbook step (`playbook.step`) ticked off, or (None) open again."""
    others = {name: when for name, when in case.steps.items() if name != step}
    return structs.replace(case, steps=others if at is None else {**others, step: at})


def _check(record: Evidence) -> None:
    if record.file is None and not (record.place or "").strip():
        raise Refused(msg("Evidence is a file or a place: say where the original can be found."), field="place")


def _record(case: Case, record_id: str) -> Evidence:
    for record in case.evidence:
        if record.id == record_id:
            return record
    raise NotFound(msg("There is no evidence {id} in {ref}.", id=record_id, ref=case.ref))


def _untied(contact: Contact, record_id: str) -> Contact:
    if record_id not in contact.evidence:
        return contact
    return structs.replace(contact, evidence=tuple(other for other in contact.evidence if other != record_id))


def _task(case: Case, task_id: str) -> FollowUp:
    for task in case.follow_ups:
        if task.id == task_id:
            return task
    raise NotFound(msg("There is no follow-up {id} in {ref}.", id=task_id, ref=case.ref))


def _put(case: Case, task: FollowUp) -> Case:
    return structs.replace(case, follow_ups=tuple(task if other.id == task.id else other for other in case.follow_ups))
