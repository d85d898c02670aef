"""Logging a contact, correcting one, and settling what was promised in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import UNSET, Struct, UnsetType, structs

from pddtui.domain.case import Case
from pddtui.domain.contact import Amendment, Contact, Person, Promise, PromiseState, Substance, Turn, Written
from pddtui.errors import NotFound, Refused
from pddtui.message import msg

__all__ = ["FREE_CORRECTION", "ContactEdit", "amend", "log", "settle_promise"]

FREE_CORRECTION = timedelta(minutes=10)
"""A contact may be corrected without trace for this long after it was typed in."""


class ContactEdit(Struct, frozen=True, kw_only=True):
    """What of a contact is to become something else; what is unset stays."""

    at: datetime | UnsetType = UNSET
    channel: str | UnsetType | None = UNSET
    substance: Substance | UnsetType | None = UNSET
    person: Person | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    demand: bool | UnsetType = UNSET
    written: Written | UnsetType = UNSET
    turn: Turn | UnsetType | None = UNSET
    filing: str | UnsetType | None = UNSET
    minutes: int | UnsetType | None = UNSET


def log(case: Case, contact: Contact) -> Case:
    """The case with one more contact, put where it belongs in time.

    Refuses a contact without words and a promise without words. An ended case takes contacts too:
    they may still call.
    """
    _check(contact)
    return _with(case, (*case.contacts, contact))


def amend(case: Case, contact_id: str, changes: ContactEdit, now: datetime) -> Case:
    """The case with one contact corrected.

    Up to `FREE_CORRECTION` after it was recorded the correction replaces it; after that the old
    wording, person and time stay with it as an amendment.
    """
    old = _contact(case, contact_id)
    set_fields = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    new = structs.replace(old, **set_fields)
    _check(new)
    if new == old:
        return case
    if now - old.recorded_at > FREE_CORRECTION:
        kept = Amendment(at=now, summary=old.summary, person=old.person, happened_at=old.at)
        new = structs.replace(new, amendments=(*old.amendments, kept))
    return _with(case, tuple(new if contact.id == contact_id else contact for contact in case.contacts))


def settle_promise(
    case: Case, promise_id: str, state: PromiseState, at: datetime | None, replacement: Promise | None = None
) -> Case:
    """The case with one promise kept, broken, waived, reopened or replaced by a new one.

    A replacement is promised by the same person in the same contact's place; it is added to the
    contact that the old promise was made in. Raises `NotFound` when there is no such promise.
    """
    made = next((entry for entry in case.promises if entry[1].id == promise_id), None)
    if made is None:
        raise NotFound(msg("There is no promise {id} in {ref}.", id=promise_id, ref=case.ref))
    contact, promise = made
    if promise.state == state:
        raise Refused(msg("That promise is settled so already."))
    if (state == "replaced") != (replacement is not None):
        raise Refused(msg("A replaced promise needs the new one, and only that one does."))
    settled = structs.replace(
        promise,
        state=state,
        settled_at=None if state == "open" else at,
        replaced_by=replacement.id if replacement else None,
    )
    promises = tuple(settled if other.id == promise_id else other for other in contact.promises)
    changed = structs.replace(contact, promises=(*promises, replacement) if replacement else promises)
    _check(changed)
    return _with(case, tuple(changed if other.id == contact.id else other for other in case.contacts))


def _contact(case: Case, contact_id: str) -> Contact:
    for contact in case.contacts:
        if contact.id == contact_id:
            return contact
    raise NotFound(msg("There is no contact {id} in {ref}.", id=contact_id, ref=case.ref))


def _check(contact: Contact) -> None:
    if not contact.summary.strip():
        raise Refused(msg("Write down what was said; one line is enough."), field="said")
    for promise in contact.promises:
        if not promise.text.strip():
            raise Refused(msg("A promise needs words: what exactly will be done?"), field="promise")


def _with(case: Case, contacts: tuple[Contact, ...]) -> Case:
    return structs.replace(case, contacts=tuple(sorted(contacts, key=lambda contact: (contact.at, contact.id))))
