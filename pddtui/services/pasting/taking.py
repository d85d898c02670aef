"""Taking a paste in: the messages that were decided become contacts, notices news of filings, a page facts of the case.

All of it is one move, one save and one undo, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, structs

from pddtui.domain import moves
from pddtui.domain.case import Case, Contact, Evidence, Filing, Person
from pddtui.domain.fields import CASE, StoredField, Values, value_of, values_of
from pddtui.domain.text import bare_number, clean, fold
from pddtui.errors import Conflict, PddError, Refused
from pddtui.message import Message, msg
from pddtui.services.casebook import BuiltMove, Casebook, Move
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.inputs import NewCase, NewContact, NewId, is_news, running_filing
from pddtui.services.pasting.messages import PastedMeaning, PastedMessage, already_there
from pddtui.services.pasting.notices import Notice
from pddtui.services.pasting.proposal import PasteProposal, meaning_of, promises_of
from pddtui.services.suggestion import written_of

__all__ = [
    "PastedGroup",
    "TakenPaste",
    "built_of",
    "case_of_order",
    "filing_of",
    "group_at",
    "groups_of",
    "has_something",
    "nothing_words",
    "page_changes",
    "take",
    "title_of",
    "together",
]

_TOGETHER = timedelta(minutes=10)
"""Messages of one person that follow each other within this are one contact."""

_MOST_SAID = 12_000
"""Characters of one contact: what is longer goes into the next."""


class PastedGroup(Struct, frozen=True, kw_only=True):
    """Messages that become one contact."""

    places: tuple[int, ...]
    said: str
    meaning: PastedMeaning
    """What all of it together says, as it will be logged."""


class TakenPaste(Struct, frozen=True, kw_only=True):
    """What came of a paste."""

    case: Case
    contacts: tuple[Contact, ...]
    messages: int
    """How many messages these contacts hold."""
    changed: tuple[str, ...] = ()
    """Names of the facts that were filled in."""
    unfiled: tuple[Notice, ...] = ()
    """Notices about filings that the case has not: only the contact was logged."""

    @classmethod
    def of(cls, proposal: PasteProposal, saved: Case) -> TakenPaste:
        """What the saved case has of it that it had not before."""
        before = {contact.id for contact in proposal.case.contacts}
        return cls(
            case=saved,
            contacts=tuple(contact for contact in saved.contacts if contact.id not in before),
            messages=sum(message.taken for message in proposal.messages),
            changed=tuple(name for name, value in _empty_facts(proposal).items() if _has(saved, name, value)),
            unfiled=tuple(
                one.notice
                for one in proposal.messages
                if one.taken and one.notice is not None and filing_of(saved, one.notice) is None
            ),
        )


def groups_of(proposal: PasteProposal) -> tuple[PastedGroup, ...]:
    """The contacts that the decided messages would become, in the order of the paste."""
    return tuple(group_at(proposal, places) for places in together(proposal.messages))


def together(messages: Sequence[PastedMessage]) -> Iterator[list[int]]:
    """The places of those that become one contact, for each contact."""
    places: list[int] = []
    size = 0
    for at, message in enumerate(messages):
        if not message.taken:
            yield from [places] if places else []  # somebody spoke in between
            places, size = [], 0
            continue
        if (places and not _goes_on(messages[places[-1]], message)) or size + len(message.said) > _MOST_SAID:
            yield from [places] if places else []
            places, size = [], 0
        places.append(at)
        size += len(message.said) + 1
    if places:
        yield places


def _goes_on(before: PastedMessage, message: PastedMessage) -> bool:
    """Whether it is the same person still speaking. What a person corrected stands for itself."""
    same = (before.direction, before.channel, before.name) == (message.direction, message.channel, message.name)
    alone = any((before.notice, message.notice, before.meaning, message.meaning))
    return same and not alone and timedelta() <= message.at - before.at <= _TOGETHER and before.timed == message.timed


def group_at(proposal: PasteProposal, places: Sequence[int]) -> PastedGroup:
    """The contact that the messages at those places become."""
    if len(places) == 1:
        said = proposal.messages[places[0]].said
        return PastedGroup(places=tuple(places), said=said, meaning=proposal.meaning(places[0]))
    said = "\n".join(proposal.messages[at].said for at in places)
    parts = [proposal.meaning(at) for at in places]
    whole = meaning_of(said, proposal.messages[places[0]], proposal.backdrop)
    promises = tuple({(one.text, one.phrase): one for part in parts for one in part.promises}.values())
    demand = any(part.demand for part in parts)
    return PastedGroup(
        places=tuple(places), said=said, meaning=structs.replace(whole, promises=promises, demand=demand)
    )


def _entered(proposal: PasteProposal, group: PastedGroup) -> NewContact:
    """The contact as if it had been typed."""
    messages = [proposal.messages[at] for at in group.places]
    first, last = messages[0], messages[-1]
    if first.entered is not None:
        return first.entered
    channel = proposal.backdrop.channels.get(first.channel or "")
    written = channel is None or channel.kind != "phone"
    span = last.at - first.at
    return NewContact(
        direction=first.direction or "in",
        said=group.said,
        at=first.at,
        channel=first.channel,
        person=first.person if first.direction == "in" else Person(),
        substance=group.meaning.heard.substance,
        reply=group.meaning.heard.reply,
        demand=group.meaning.demand,
        written=written_of("received" if written else "none"),
        promises=promises_of(group.meaning, written=written),
        turn=group.meaning.heard.turn if first.notice is not None else None,
        minutes=-(-int(span.total_seconds()) // 60) or None,
    )


def filing_of(case: Case, notice: Notice) -> Filing | None:
    """The filing that a notice is about: by its number, else the one that runs in its channel."""
    through = [one for one in case.filings if one.channel == notice.channel]
    if notice.reference is not None:
        wanted = bare_number(notice.reference).casefold()
        named = [one for one in through if one.reference and bare_number(one.reference).casefold() == wanted]
        if named:
            return named[-1]
    running = running_filing(case, notice.channel, notice.at)
    if running is not None and running.reference and notice.reference:
        return None  # that one has another number
    return running


def page_changes(proposal: PasteProposal) -> Iterator[tuple[str, object, object]]:
    """Name, value there and value on the page of every fact of the order that differs, or is not there yet."""
    names = {"number": "order"}
    fields = {field.name: field for field in CASE}
    for name, value in proposal.page.facts():
        field = fields[names.get(name, name)]
        there = value_of(field, proposal.case)
        if not _alike(there, value):
            yield field.name, there, value


def _has(case: Case, name: str, value: object) -> bool:
    return any(_alike(value_of(field, case), value) for field in CASE if field.name == name)


def _alike(there: object, value: object) -> bool:
    if isinstance(there, str) and isinstance(value, str):
        return fold(bare_number(there)) == fold(bare_number(value))
    if isinstance(there, datetime) and isinstance(value, datetime):
        return there == value or there.date() == value.date()
    return there == value


def _empty_facts(proposal: PasteProposal) -> Mapping[str, object]:
    """What the page says of facts that the case has not. What differs is for a person to correct."""
    return {name: value for name, there, value in page_changes(proposal) if there is None}


def _empty_of(case: Case, facts: Values) -> Iterator[StoredField]:
    """The fields of those facts that nobody filled in meanwhile."""
    return (field for field in CASE if field.name in facts and value_of(field, case) is None)


def _entered_facts(proposal: PasteProposal) -> Values:
    """The same as if it had been typed. Raises `Refused` for what no case takes."""
    facts, case = _empty_facts(proposal), proposal.case
    new = NewCase.of({"title": case.title, **facts}).build(case.id, case.ref, case.opened_at)
    return values_of((field for field in CASE if field.name in facts), new)


def built_of(proposal: PasteProposal, casebook: Casebook, kept: Evidence | None = None) -> BuiltMove:
    """The move that takes the paste in, and the text of it where that is kept.

    Refuses, when it is made, a contact that cannot be logged; and a case to which another window has added some of it
    since it was read.
    """
    rules, now = casebook.rules, casebook.now()
    groups = groups_of(proposal)
    entered = [_entered(proposal, group) for group in groups]
    facts = _entered_facts(proposal)

    def build(new_id: NewId) -> Move:
        contacts = [new.build(new_id, now, casebook.due, rules.side(new.channel)) for new in entered]
        record = structs.replace(kept, id=new_id()) if kept is not None else None

        def move(case: Case) -> Case:
            _refuse_twice(proposal, case)
            filings, placed = case, list[Contact]()
            in_time = sorted(zip(groups, entered, contacts, strict=True), key=lambda each: each[2].at)
            for group, new, contact in in_time:
                notice = proposal.messages[group.places[0]].notice
                if notice is None:
                    there, news = new.placed(contact, filings, rules)
                    filings = moves.decide(filings, *news, contact.at) if news is not None else filings
                else:
                    there, filings = _noticed(filings, contact, notice)
                placed.append(there)
            if record is not None and all(record.sha256 != known.sha256 for known in case.evidence):
                filings = moves.add_evidence(filings, record)
                placed = [structs.replace(each, evidence=(record.id,)) for each in placed]
            after = moves.log(filings, *placed)
            left = {field.name: facts[field.name] for field in _empty_of(case, facts)}
            return moves.edit_values(after, left) if left else after

        return move

    return build


def _refuse_twice(proposal: PasteProposal, case: Case) -> None:
    if case.revision == proposal.case.revision or not case.contacts:
        return
    taken = [message for message in proposal.messages if message.taken]
    if any(new is not one for new, one in zip(already_there(taken, case), taken, strict=True)):
        raise Conflict(msg("Some of it was logged elsewhere meanwhile: nothing was taken in. Paste it again."))


def _noticed(case: Case, contact: Contact, notice: Notice) -> tuple[Contact, Case]:
    """The contact beside the filing that the notice is about, and the case with what it says of that."""
    filing = filing_of(case, notice)
    if filing is None:
        return contact, case
    if notice.reference and not filing.reference:
        case = moves.set_reference(case, filing.id, bare_number(notice.reference))
    if notice.state != "open" and notice.at >= filing.filed_at and is_news(filing, notice.state, notice.at):
        case = moves.decide(case, filing.id, notice.state, notice.at)
    return structs.replace(contact, filing=filing.id), case


def take(
    proposal: PasteProposal, casebook: Casebook, *, text: str = "", folder: EvidenceFolder | None = None
) -> TakenPaste:
    """Take in all that is decided, in one save. Raises `Refused` where that is nothing.

    With a `folder` the whole `text` is kept there as evidence of it, without its one-time passwords.
    """
    if not has_something(proposal):
        raise Refused(nothing_words(proposal))
    if folder is None:
        return TakenPaste.of(proposal, casebook.apply_built(proposal.case.id, "paste", built_of(proposal, casebook)))
    content = proposal.pasted.blots.out_of(clean(text)).encode()
    record = folder.hold_text(content, f"chat-{casebook.now():%Y%m%d-%H%M}.txt", casebook.now())
    try:
        saved = casebook.apply_built(proposal.case.id, "paste", built_of(proposal, casebook, record.record))
    except PddError:
        if record.fresh:
            folder.forget(record.record.file or "")
        raise
    return TakenPaste.of(proposal, saved)


def has_something(proposal: PasteProposal) -> bool:
    """Whether anything would be taken in."""
    return any(message.taken for message in proposal.messages) or bool(_empty_facts(proposal))


def nothing_words(proposal: PasteProposal) -> Message:
    """Why nothing of it is taken in."""
    if proposal.left_out_for is not None:
        return msg("Nothing was taken in: the text names the order {other}.", other=proposal.left_out_for)
    if proposal.undecided:
        return msg("Nothing was taken in: it is not known whose the messages are.")
    if any(message.there for message in proposal.messages):
        return msg("Nothing was taken in: the case has all of it already.")
    if any(page_changes(proposal)):
        return msg("Nothing was taken in: what the text says otherwise stays as it is in the case.")
    return msg("Nothing was taken in: the text has nothing for the log.")


def case_of_order(cases: Iterable[Case], number: str) -> Case | None:
    """The case whose order has that number."""
    wanted = fold(bare_number(number))
    return next((case for case in cases if case.order.number and fold(bare_number(case.order.number)) == wanted), None)


def title_of(
    proposal: PasteProposal, title: str | None, product: str | None = None, merchant: str | None = None
) -> str:
    """What the case is called that a text opens; what a person gave goes before what the text says.

    Raises `Refused` where neither says what to call it.
    """
    page = proposal.page
    speaker = next((one.person.name for one in proposal.messages if one.direction == "in" and one.person.name), None)
    called = title or product or page.product or merchant or page.merchant or speaker
    if not called:
        raise Refused(msg("The text says nothing to call the case by: add a title."), field="title")
    return called
