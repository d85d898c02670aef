"""The moves a case allows: pure functions from a case to the next one, each refusing with a reason.

A move never looks at a clock and never makes an id: both are handed in, so that the same move can be
replayed on a fresher copy of the case when another session has saved in between. Unless it says otherwise it
raises `NotFound` for an id that the case does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType, structs

from pddtui.domain.case import (
    Amendment,
    Case,
    Contact,
    Demand,
    Evidence,
    Filing,
    FilingState,
    FollowUp,
    FollowUpState,
    Operator,
    Order,
    Outcome,
    Override,
    Person,
    Promise,
    PromiseState,
    Reply,
    Status,
    Substance,
    Turn,
    Written,
)
from pddtui.domain.fields import CASE, CONTACT, EVIDENCE, Values, value_of, with_values
from pddtui.domain.ladder import RungStep, clash_id, prospect
from pddtui.domain.rules import Aftersale, Rules
from pddtui.domain.sequence import before_filed, before_planned, before_promised, before_what_it_follows
from pddtui.errors import NotFound, Refused
from pddtui.message import Message, msg

__all__ = [
    "FREE_CORRECTION",
    "CaseEdit",
    "ContactEdit",
    "add_evidence",
    "add_follow_up",
    "amend",
    "amend_values",
    "decide",
    "edit",
    "edit_evidence",
    "edit_values",
    "file",
    "log",
    "look",
    "note_aftersale",
    "note_milestone",
    "open_case",
    "remove_evidence",
    "reopen",
    "resolve",
    "restore",
    "set_countdown",
    "set_reference",
    "settle_follow_up",
    "settle_promise",
    "snooze",
    "tag",
    "tick",
    "tie_evidence",
    "trash",
    "verify",
]


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
    _check_facts(case)
    return case


def edit(case: Case, changes: CaseEdit) -> Case:
    """The case with other facts. Refuses an empty title and a negative sum."""
    set_fields = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    return edit_values(structs.replace(case, **set_fields), {})


def edit_values(case: Case, values: Values) -> Case:
    """The case with these values of fields that can be edited. Refuses an empty title and a negative sum."""
    edited = with_values((field for field in CASE if field.edited and field.name in values), case, values)
    _check_facts(edited)
    return edited


def _refuse(wrong: Message | None) -> None:
    """Refuses a moment with which something is wrong."""
    if wrong is not None:
        raise Refused(wrong, field="at")


def _check_facts(case: Case) -> None:
    if not case.title.strip():
        raise Refused(msg("A case needs a title: a few words that distinguish it from the others."), field="title")
    for field in CASE:
        amount = value_of(field, case) if field.kind == "sum" and field.new else None
        if isinstance(amount, Decimal) and amount < 0:
            raise Refused(msg("An amount cannot be negative: {amount}.", amount=amount), field=field.name)


def resolve(case: Case, outcome: Outcome, status: Status, at: datetime) -> Case:
    """End the case. What is still promised stays as it is: the record of what they owed.

    Refuses a day before it all began, which can only be a mistyped one.
    """
    if case.status != "open":
        raise Refused(msg("{ref} is already closed; reopen it first.", ref=case.ref))
    if at.date() < case.begun.astimezone(at.tzinfo).date():
        raise Refused(
            msg("{ref} only began on {begun}: it cannot have ended earlier.", ref=case.ref, begun=case.begun),
            field="at",
        )
    if outcome.recovered is not None and outcome.recovered < 0:
        raise Refused(msg("An amount cannot be negative: {amount}.", amount=outcome.recovered), field="recovered")
    return structs.replace(case, status=status, outcome=outcome, closed_at=at)


def reopen(case: Case) -> Case:
    """Take up an ended case again; how it had ended stays in its history."""
    if case.status == "open":
        raise Refused(msg("{ref} is not closed.", ref=case.ref))
    return structs.replace(case, status="open", outcome=None, closed_at=None)


def tag(case: Case, added: Iterable[str], removed: Iterable[str]) -> Case:
    """The case with these tags and without those, found however they are cased. Refuses to remove one it lacks."""
    kept = {each.casefold(): each for each in case.tags}
    for each in removed:
        if kept.pop(each.casefold(), None) is None:
            raise NotFound(msg("{ref} has no tag “{tag}”.", ref=case.ref, tag=each))
    for each in added:
        kept.setdefault(each.casefold(), each)
    return structs.replace(case, tags=tuple(kept.values()))


def verify(case: Case, at: datetime) -> Case:
    """Confirm that what a resolution promised has really arrived."""
    if case.outcome is None or case.status != "resolved":
        raise Refused(msg("{ref} is not resolved, so there is nothing to verify.", ref=case.ref))
    return structs.replace(case, outcome=structs.replace(case.outcome, verified_at=at))


def trash(case: Case, at: datetime) -> Case:
    """Put the case into the trash, from where it can be restored. Nothing is erased."""
    if case.trashed_at is not None:
        raise Refused(msg("{ref} is already in the trash.", ref=case.ref))
    return structs.replace(case, trashed_at=at)


def restore(case: Case) -> Case:
    """Take the case back from the trash."""
    if case.trashed_at is None:
        raise Refused(msg("{ref} is not in the trash.", ref=case.ref))
    return structs.replace(case, trashed_at=None)


FREE_CORRECTION = timedelta(minutes=10)
"""A contact may be corrected without trace for this long after it was typed in."""


class ContactEdit(Struct, frozen=True, kw_only=True):
    """What of a contact is to become something else; what is unset stays."""

    at: datetime | UnsetType = UNSET
    channel: str | UnsetType | None = UNSET
    substance: Substance | UnsetType | None = UNSET
    reply: Reply | UnsetType | None = UNSET
    person: Person | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    demand: bool | UnsetType = UNSET
    written: Written | UnsetType = UNSET
    turn: Turn | UnsetType | None = UNSET
    filing: str | UnsetType | None = UNSET
    minutes: int | UnsetType | None = UNSET


def log(case: Case, *contacts: Contact) -> Case:
    """The case with one more contact or several, each put where it belongs in time.

    Refuses a contact without words and a promise without words. An ended case takes contacts too:
    they may still call.
    """
    for contact in contacts:
        _check_contact(contact)
    return _with_contacts(case, (*case.contacts, *contacts))


def amend(case: Case, contact_id: str, changes: ContactEdit, now: datetime) -> Case:
    """The case with one contact corrected.

    Up to `FREE_CORRECTION` after it was recorded the correction replaces it; after that the old
    wording, person and time stay with it as an amendment. A reply alone makes it an answer, and what is no answer
    any more loses its reply.
    """
    set_fields = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    if changes.substance is UNSET and isinstance(changes.reply, str):
        set_fields["substance"] = "answer"
    elif changes.reply is UNSET and isinstance(changes.substance, str) and changes.substance != "answer":
        set_fields["reply"] = None
    return _corrected(case, structs.replace(_contact(case, contact_id), **set_fields), now)


def amend_values(case: Case, contact_id: str, values: Values, now: datetime) -> Case:
    """The same for values of fields by their names."""
    fields = [field for field in CONTACT if field.edited and field.name in values]
    new = with_values(fields, _contact(case, contact_id), values)
    if new.reply is not None and new.substance != "answer":  # each may come from another window
        new = structs.replace(new, reply=None)
    return _corrected(case, new, now)


def _corrected(case: Case, new: Contact, now: datetime) -> Case:
    old, contact_id = _contact(case, new.id), new.id
    _check_contact(new)
    if new == old:
        return case
    for made in new.promises:
        if before_promised(old, made, made.settled_at) is None:
            _refuse(before_promised(new, made, made.settled_at))
    if now - old.recorded_at > FREE_CORRECTION:
        kept = Amendment(at=now, summary=old.summary, person=old.person, happened_at=old.at)
        new = structs.replace(new, amendments=(*old.amendments, kept))
    return _with_contacts(case, tuple(new if contact.id == contact_id else contact for contact in case.contacts))


def settle_promise(
    case: Case, promise_id: str, state: PromiseState, at: datetime | None, replacement: Promise | None = None
) -> Case:
    """The case with one promise kept, broken, waived, reopened or replaced by a new one.

    A replacement is promised by the same person in the same contact's place; it is added to the
    contact that the old promise was made in. Raises `NotFound` when there is no such promise, and refuses a result
    from before the promise.
    """
    made = next((entry for entry in case.promises if entry[1].id == promise_id), None)
    if made is None:
        raise NotFound(msg("{ref} has no promise {id}.", id=promise_id, ref=case.ref))
    contact, promise = made
    if promise.state == state:
        raise Refused(msg("The promise already has this result."))
    if (state == "replaced") != (replacement is not None):
        raise Refused(msg("Enter the new promise if the old one was replaced, and only then."))
    if state != "open":
        _refuse(before_promised(contact, promise, at))
    settled = structs.replace(
        promise,
        state=state,
        settled_at=None if state == "open" else at,
        replaced_by=replacement.id if replacement else None,
    )
    promises = tuple(settled if other.id == promise_id else other for other in contact.promises)
    changed = structs.replace(contact, promises=(*promises, replacement) if replacement else promises)
    _check_contact(changed)
    return _with_contacts(case, tuple(changed if other.id == contact.id else other for other in case.contacts))


def _contact(case: Case, contact_id: str) -> Contact:
    for contact in case.contacts:
        if contact.id == contact_id:
            return contact
    raise NotFound(msg("{ref} has no contact {id}.", id=contact_id, ref=case.ref))


def _check_contact(contact: Contact) -> None:
    if not contact.summary.strip():
        raise Refused(msg("Enter what was said; one line is enough."), field="said")
    if contact.misread:
        raise Refused(
            msg("Only their answer can be a reply: neither what I say, nor a holding reply, nor no answer."),
            field="reply",
        )
    for promise in contact.promises:
        if not promise.text.strip():
            raise Refused(msg("A promise needs a text: what exactly will they do?"), field="promise")


def _with_contacts(case: Case, contacts: tuple[Contact, ...]) -> Case:
    return structs.replace(case, contacts=tuple(sorted(contacts, key=lambda contact: (contact.at, contact.id))))


def file(case: Case, filing: Filing, rules: Rules, *, anyway: bool) -> Case:
    """The case lodged at a rung.

    Refuses with everything that is missing or in conflict, unless `anyway`: then the gates that
    were passed are recorded in the filing. Several filings run side by side.
    """
    rung = rules.rung(filing.rung)
    if rung is None:
        raise Refused(msg("There is no rung “{rung}”.", rung=filing.rung), field="rung")
    step = prospect(case, rung, filing.channel, rules, now=filing.filed_at)
    obstacles = (*(gate.id for gate in step.missing), *(clash_id(rule) for rule in step.clashes))
    if obstacles and not anyway:
        raise Refused(_obstacles(step, case), field="rung")
    recorded = structs.replace(filing, passed_gates=obstacles)
    return structs.replace(case, filings=(*case.filings, recorded))


def decide(case: Case, filing_id: str, state: FilingState, at: datetime, reference: str | None = None) -> Case:
    """The case with one filing accepted, answered, refused or ended; its clocks follow.

    A countdown and a state of the app were those of before, so they go. Refuses a result from before the filing.
    """
    filing = _filing(case, filing_id)
    if state != "open":
        _refuse(before_filed(filing, at))
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
    return _with_filing(case, decided)


def set_countdown(case: Case, filing_id: str, until: datetime | None) -> Case:
    """The case with the countdown that the app shows for one filing, or (None) without one."""
    return _with_filing(case, structs.replace(_filing(case, filing_id), countdown_until=until))


def set_reference(case: Case, filing_id: str, reference: str) -> Case:
    """The case with their number for one filing."""
    return _with_filing(case, structs.replace(_filing(case, filing_id), reference=reference))


def note_aftersale(
    case: Case, filing_id: str, shown: Aftersale, at: datetime, until: datetime | None = None, *, rules: Rules
) -> Case:
    """The case with the state that the app shows for an in-app request, and the countdown beside it.

    The state says whose turn it is, may be the end of the filing, and may be an event that starts clocks.
    Noted again it keeps the moment at which it was first shown. Refuses one from before the filing.
    """
    filing = _filing(case, filing_id)
    if not rules.shows_states(filing.channel):
        raise Refused(msg("Only an in-app request can have such a state."), field="aftersale")
    _refuse(before_filed(filing, at))
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
        return _with_filing(case, noted)
    return structs.replace(_with_filing(case, noted), milestones={**case.milestones, shown.event: since})


def _obstacles(step: RungStep, case: Case) -> Message:
    """What can be added, and what cannot because of what runs or was handled already."""
    rung, missing = step.rung.label, tuple(gate.needs for gate in step.missing)
    conflicts = tuple(rule.label for rule in step.clashes)
    running = any(
        lodged.running and lodged.channel in (rule.a, rule.b) for rule in step.clashes for lodged in case.filings
    )
    if not conflicts:
        return msg("{rung} still needs: {missing}. Add these, or file it anyway.", rung=rung, missing=missing)
    if running and not missing:
        return msg(
            "{rung} conflicts with what is already running: {conflicts}. End that first, or file it anyway.",
            rung=rung,
            conflicts=conflicts,
        )
    if running:
        return msg(
            "{rung} still needs: {missing}. It also conflicts with what is already running: {conflicts}. "
            "Fix both, or file it anyway.",
            rung=rung,
            missing=missing,
            conflicts=conflicts,
        )
    if not missing:
        return msg(
            "{rung} may refuse it: {conflicts}. Choose another way, or file it anyway.",
            rung=rung,
            conflicts=conflicts,
        )
    return msg(
        "{rung} still needs: {missing}. It may also refuse it: {conflicts}. Add what is missing and choose, or file it "
        "anyway.",
        rung=rung,
        missing=missing,
        conflicts=conflicts,
    )


def _filing(case: Case, filing_id: str) -> Filing:
    filing = next((filing for filing in case.filings if filing.id == filing_id), None)
    if filing is None:
        raise NotFound(msg("{ref} has no filing {id}.", id=filing_id, ref=case.ref))
    return filing


def _with_filing(case: Case, changed: Filing) -> Case:
    return structs.replace(
        case, filings=tuple(changed if filing.id == changed.id else filing for filing in case.filings)
    )


def add_follow_up(case: Case, task: FollowUp) -> Case:
    """The case with one more thing to do. Refuses one without words.

    What is added to a case after its end counts as planned after it, whenever it was written down.
    """
    if not task.text.strip():
        raise Refused(msg("Enter in a few words what has to be done."), field="text")
    if case.closed_at is not None and task.created_at < case.closed_at:
        task = structs.replace(task, created_at=case.closed_at)
    return structs.replace(case, follow_ups=(*case.follow_ups, task))


def settle_follow_up(case: Case, task_id: str, state: FollowUpState, at: datetime | None) -> Case:
    """The case with one follow-up done, dropped or open again. Refuses a result from before it was planned."""
    task = _task(case, task_id)
    if task.state == state:
        raise Refused(msg("The follow-up already has this result."))
    if state != "open":
        _refuse(before_planned(task, at))
    return _put(case, structs.replace(task, state=state, settled_at=None if state == "open" else at))


def snooze(case: Case, task_id: str, due: datetime, phrase: str | None, *, estimated: bool) -> Case:
    """The case with one follow-up put off; how often that happened is counted."""
    task = _task(case, task_id)
    if task.state != "open":
        raise Refused(msg("The follow-up is settled and cannot be put off."))
    later = structs.replace(task, due=due, due_phrase=phrase, estimated=estimated, snoozed=task.snoozed + 1)
    return _put(case, later)


def add_evidence(case: Case, record: Evidence) -> Case:
    """The case with one more piece of evidence: a file or the place where the original is."""
    _check_evidence(record)
    return structs.replace(case, evidence=(*case.evidence, record))


def edit_evidence(case: Case, record_id: str, values: Values) -> Case:
    """The case with one piece of evidence described otherwise. What has no file keeps a place."""
    fields = [field for field in EVIDENCE if field.edited and field.name in values]
    edited = with_values(fields, _record(case, record_id), values)
    _check_evidence(edited)
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
        raise NotFound(msg("{ref} has no contact {id}.", id=contact_id, ref=case.ref))
    return structs.replace(
        case,
        contacts=tuple(
            structs.replace(contact, evidence=(*contact.evidence, record_id))
            if contact.id == contact_id and record_id not in contact.evidence
            else contact
            for contact in case.contacts
        ),
    )


def note_milestone(case: Case, event: str, at: datetime | None, rules: Rules | None = None) -> Case:
    """The case with a milestone set, moved, or (None) taken away. It starts or stops clocks.

    Refuses a day before that of the filing or the event from which it follows, as far as `rules` say so.
    """
    if at is not None and rules is not None:
        _refuse(before_what_it_follows(case, event, at, rules))
    others = {name: when for name, when in case.milestones.items() if name != event}
    return structs.replace(case, milestones=others if at is None else {**others, event: at})


def look(case: Case, thread: str, at: datetime) -> Case:
    """The case with a note that I looked how the thread stands and there was nothing new. It is no chase."""
    return structs.replace(case, looked={**case.looked, thread: at})


def tick(case: Case, step: str, at: datetime | None) -> Case:
    """The case with a playbook step (`playbook.step`) ticked off, or (None) open again."""
    others = {name: when for name, when in case.steps.items() if name != step}
    return structs.replace(case, steps=others if at is None else {**others, step: at})


def _check_evidence(record: Evidence) -> None:
    if record.file is None and not (record.place or "").strip():
        raise Refused(msg("Evidence needs a file or a place: enter where the original can be found."), field="place")


def _record(case: Case, record_id: str) -> Evidence:
    for record in case.evidence:
        if record.id == record_id:
            return record
    raise NotFound(msg("{ref} has no evidence {id}.", id=record_id, ref=case.ref))


def _untied(contact: Contact, record_id: str) -> Contact:
    if record_id not in contact.evidence:
        return contact
    return structs.replace(contact, evidence=tuple(other for other in contact.evidence if other != record_id))


def _task(case: Case, task_id: str) -> FollowUp:
    for task in case.follow_ups:
        if task.id == task_id:
            return task
    raise NotFound(msg("{ref} has no follow-up {id}.", id=task_id, ref=case.ref))


def _put(case: Case, task: FollowUp) -> Case:
    return structs.replace(case, follow_ups=tuple(task if other.id == task.id else other for other in case.follow_ups))
