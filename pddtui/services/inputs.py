"""What a person enters, before it is a value of the domain: words, times and phrases.

This is the border, whichever of the desk, the command line or a script an input comes through: text is made inert
(`domain.text`), phrases become dates, and secrets that nobody needs in a complaint are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, convert, structs

from pddtui.domain import moves
from pddtui.domain.bounds import refuse_long
from pddtui.domain.case import (
    Case,
    Complainant,
    Contact,
    Direction,
    Evidence,
    Filing,
    FilingState,
    FollowUp,
    Operator,
    Person,
    Promise,
    Reply,
    Substance,
    Turn,
    Written,
)
from pddtui.domain.duetime import Due, span
from pddtui.domain.entries import Side
from pddtui.domain.fields import CASE, CONTACT, EVIDENCE, StoredField, Values, with_values
from pddtui.domain.ladder import GATES_SAID
from pddtui.domain.reply import Heard, read_reply
from pddtui.domain.rules import Aftersale, Rules
from pddtui.domain.secrets import refuse_secrets
from pddtui.domain.silence import read_quiet
from pddtui.domain.text import bare_number, clean, halfwidth, one_line, tags_in
from pddtui.errors import Refused
from pddtui.message import Message, Sum, msg

if TYPE_CHECKING:
    from pddtui.handbook.model import OutcomeEntry

__all__ = [
    "FilingNews",
    "NewCase",
    "NewContact",
    "NewEvidence",
    "NewFiling",
    "NewFollowUp",
    "NewPromise",
    "Readiness",
    "answered_filing",
    "is_news",
    "likely_outcome",
    "more_than_paid",
    "newest_filing",
    "running_filing",
    "typed_tags",
]

Resolve = Callable[[str, datetime], Due]
"""Reads a due phrase relative to a moment; raises `Refused` on what it cannot read."""

NewId = Callable[[], str]


class NewCase(Struct, frozen=True, kw_only=True):
    """A case as it is entered."""

    title: str
    problem: str | None = None
    description: str | None = None
    merchant: str | None = None
    order: str | None = None
    product: str | None = None
    amount: Decimal | None = None
    remedy: str | None = None
    demand_amount: Decimal | None = None
    received_at: datetime | None = None
    delivered_at: datetime | None = None
    claim_within: str | None = None
    page_promise: str | None = None
    ordered_at: datetime | None = None
    opened_at: datetime | None = None
    deadline: datetime | None = None
    courier: str | None = None
    tracking: str | None = None
    tags: tuple[str, ...] = ()
    operator: str | None = None
    operator_address: str | None = None
    complainant: Complainant | None = None
    bottom_line: str | None = None
    quiet: str | None = None
    """My own silence limits, amber and red: `24h 3wd`."""
    mine: str | None = None
    """My own limits for how long it may be my turn, in the same way."""

    @classmethod
    def of(cls, values: Values) -> NewCase:
        """What was entered, by the names of the fields."""
        return convert(values, cls)

    def build(self, case_id: str, ref: str, now: datetime) -> Case:
        """The case this becomes at `now`."""
        case = Case(id=case_id, ref=ref, title="", opened_at=now, recorded_at=now)
        given = {
            **_given(CASE, structs.asdict(self)),
            "quiet": read_quiet(_line(self.quiet, "quiet")),
            "mine": read_quiet(_line(self.mine, "mine"), "mine"),
        }
        given |= {"title": given["title"] or "", "opened_at": self.opened_at or now}
        return with_values(_new(CASE), case, given)


class NewPromise(Struct, frozen=True, kw_only=True):
    """A promise as it was spoken."""

    text: str
    due_phrase: str | None = None
    written: bool = False
    said_at: datetime | None = None
    """When it was made, where that is later than the beginning of its contact."""

    def build(self, promise_id: str, said_at: datetime, resolve: Resolve) -> Promise:
        """The promise this becomes: its date counts from the moment it was made."""
        phrase = _line(self.due_phrase, "due")
        due = resolve(phrase, self.said_at or said_at) if phrase else None
        return Promise(
            id=promise_id,
            text=_line(self.text, "promise") or "",
            due=due.at if due else None,
            due_phrase=phrase,
            estimated=due.estimated if due else False,
            written=self.written,
        )


class NewContact(Struct, frozen=True, kw_only=True):
    """A contact as it is entered."""

    direction: Direction
    said: str
    at: datetime | None = None
    channel: str | None = None
    person: Person = Person()
    substance: Substance | None = None
    """None takes what the words suggest; see `read_reply`."""
    reply: Reply | None = None
    """What kind of answer; given alone it says that it was one, and None takes what the words suggest."""
    demand: bool = False
    written: Written = "none"
    promises: tuple[NewPromise, ...] = ()
    filing: str | None = None
    turn: Turn | None = None
    minutes: int | None = None
    news: FilingState | Literal["none"] | None = None
    """What became of the filing that it came through: None takes what the words suggest, `none` leaves it."""

    def build(self, new_id: NewId, now: datetime, resolve: Resolve, side: Side | None = None) -> Contact:
        """The contact this becomes at `now`; `side` is who stands behind its channel."""
        at = self.at or now
        given = _given(CONTACT, {**structs.asdict(self), **structs.asdict(self.person)})
        blank = Contact(id=new_id(), at=at, recorded_at=now, direction=self.direction, summary="")
        contact = with_values(_new(CONTACT), blank, {**given, "at": at, "said": given["said"] or ""})
        heard = self._heard(contact, side)
        contact = structs.replace(contact, substance=heard.substance, reply=heard.reply, turn=self.turn or heard.turn)
        return structs.replace(
            contact, promises=tuple(promise.build(new_id(), at, resolve) for promise in self.promises)
        )

    def _heard(self, contact: Contact, side: Side | None) -> Heard:
        """What was said of it, and from the words what was not. Whose turn it is, only where they say the same."""
        heard = read_reply(contact.direction, contact.summary, contact.person, promised=bool(self.promises), side=side)
        substance, reply = self.substance or ("answer" if self.reply is not None else heard.substance), self.reply
        if substance == "answer" and reply is None and contact.direction == "in":
            reply = heard.reply or "other"
        if (substance, reply) == (heard.substance, heard.reply):
            return heard
        return Heard(substance, reply, "refused" if reply == "refused" else None)

    def noted(self, contact: Contact, rules: Rules) -> Callable[[Case], Case]:
        """The move that logs the contact, and with it what it says of the filing that it came through.

        Refuses a result that was given where no filing runs that it could be the result of.
        """

        def move(case: Case) -> Case:
            placed, news = self.placed(contact, case, rules)
            logged = moves.log(case, placed)
            return logged if news is None else moves.decide(logged, *news, contact.at)

        return move

    def placed(self, contact: Contact, case: Case, rules: Rules) -> tuple[Contact, tuple[str, FilingState] | None]:
        """The contact beside the filing that it came through, and what it says became of that, by its id.

        Refuses a result that was given where no filing runs that it could be the result of.
        """
        news = self.news or self._heard(contact, rules.side(contact.channel)).news
        filing = answered_filing(case, contact)
        if filing is None:
            if self.news not in (None, "none"):
                raise Refused(
                    msg("No filing runs that an answer of theirs through this channel could belong to."), field="news"
                )
            return contact, None
        contact = structs.replace(contact, filing=filing.id)
        if news is None or news == "none" or not is_news(filing, news, contact.at):
            return contact, None
        return contact, (filing.id, news)


def answered_filing(case: Case, contact: Contact) -> Filing | None:
    """The running filing that an answer of theirs came through, by its channel."""
    if contact.substance != "answer" or contact.direction == "out" or contact.channel is None:
        return None
    return running_filing(case, contact.channel, contact.at)


def running_filing(case: Case, channel: str, at: datetime) -> Filing | None:
    """The newest filing through the channel that ran at that moment and still does."""
    lodged = (one for one in reversed(case.filings) if one.channel == channel and one.filed_at <= at)
    return next((one for one in lodged if one.running), None)


def is_news(filing: Filing, state: FilingState, at: datetime) -> bool:
    """Whether it says more than the filing does: what came later, and a consent beside the app's own state, does."""
    if any(known is not None and known > at for known in (filing.accepted_at, filing.ended_at)):
        return False
    if filing.aftersale_at is not None and filing.aftersale_at > at:
        return False
    if state == "accepted":
        return filing.state == "open" and filing.aftersale_state is None and filing.countdown_until is None
    return state != filing.state


class NewFollowUp(Struct, frozen=True, kw_only=True):
    """A follow-up as it is entered."""

    text: str
    due_phrase: str
    planned_at: datetime | None = None
    """When the phrase was entered, from which its date counts; None for now."""

    def build(self, task_id: str, now: datetime, resolve: Resolve) -> FollowUp:
        """The follow-up this becomes at `now`."""
        phrase, planned_at = one_line(self.due_phrase), self.planned_at or now
        due = resolve(phrase, planned_at)
        return FollowUp(
            id=task_id,
            text=_line(self.text, "text") or "",
            due=due.at,
            due_phrase=phrase,
            estimated=due.estimated,
            created_at=planned_at,
        )


class Readiness(Struct, frozen=True, kw_only=True):
    """What a person says of a case in the same breath as it is filed."""

    met: tuple[str, ...] = ()
    """Gates that only the person can see to, by id (`GATES_SAID`)."""
    operator: str | None = None
    operator_address: str | None = None

    def noted(self, case: Case, at: datetime) -> Case:
        """The case that knows it; the day of what was said before stays."""
        for gate in self.met:
            if (event := GATES_SAID[gate]) not in case.milestones:
                case = moves.note_milestone(case, event, at)
        name, address = _line(self.operator, "operator"), _line(self.operator_address, "operator_address")
        known = case.operator
        operator = Operator(name=name or known.name, address=address or known.address)
        return structs.replace(case, operator=operator) if operator != known else case


class NewFiling(Struct, frozen=True, kw_only=True):
    """A filing as it is entered."""

    rung: str
    channel: str
    reference: str | None = None
    filed_at: datetime | None = None
    countdown_until: datetime | None = None
    reason: str | None = None
    """Why what was answered before does not settle it."""

    def build(self, filing_id: str, now: datetime) -> Filing:
        """The filing this becomes at `now`."""
        return Filing(
            id=filing_id,
            rung=self.rung,
            channel=self.channel,
            reference=_line(bare_number(self.reference or ""), "reference"),
            filed_at=self.filed_at or now,
            countdown_until=self.countdown_until,
            reason=_text(self.reason, "reason"),
        )


class NewEvidence(Struct, frozen=True, kw_only=True):
    """A piece of evidence as it is entered: where the original is, without a copy of it."""

    kind: str | None = None
    proves: str | None = None
    place: str | None = None
    taken_at: datetime | None = None
    vanishes_at: datetime | None = None

    @classmethod
    def of(cls, values: Values) -> NewEvidence:
        """What was entered, by the names of the fields."""
        return convert(values, cls)

    def build(self, record_id: str, now: datetime) -> Evidence:
        """The record this becomes at `now`."""
        record = Evidence(id=record_id, added_at=now)
        return with_values(_new(EVIDENCE), record, _given(EVIDENCE, structs.asdict(self)))


def _new(fields: Iterable[StoredField]) -> tuple[StoredField, ...]:
    return tuple(field for field in fields if field.new)


def _given(fields: Iterable[StoredField], typed: Mapping[str, object]) -> dict[str, object]:
    """What was given of those fields, its texts made inert and free of secrets."""
    return {field.name: _inert(field, typed[field.name]) for field in _new(fields)}


def _inert(field: StoredField, value: object) -> object:
    match value:
        case str() if field.numbered:
            return _line(bare_number(value), field.name)
        case str() if field.kind == "line":
            return _line(value, field.name)
        case str() if field.kind == "text":
            return _text(value, field.name)
        case str() if field.kind == "length":
            return _length(value, field.name)
        case Complainant():
            return Complainant(
                name=_line(value.name, field.name),
                phone=_line(value.phone, field.name),
                address=_line(value.address, field.name),
            )
        case tuple() if field.kind == "tags":
            return typed_tags(*(each for each in value if isinstance(each, str)))
    return value


def typed_tags(*texts: str) -> tuple[str, ...]:
    """The tags in texts that were typed. Raises `Refused` for a secret in them."""
    return tuple(refuse_secrets(refuse_long(tag, "tags"), "tags") for tag in tags_in(*texts))


def _line(text: str | None, field: str) -> str | None:
    inert = one_line(text) if text is not None else ""
    return refuse_secrets(refuse_long(inert, field), field) or None


_LENGTH = re.compile(r"(?:within )?(\d+) ?(?:(h|个?小时|hours?)|(?:d|天|日|days?))(?:之?内)?")


def _length(text: str, field: str) -> str | None:
    """A length of time as the handbook writes it: `48小时内` and `48 hours` are `48h`. Raises `Refused`."""
    typed = halfwidth(one_line(text)).lower().strip()
    read = _LENGTH.fullmatch(typed)
    if read is not None:
        typed = f"{read[1]}h" if read[2] else f"{read[1]}d"
    try:
        return str(span(typed)) if typed else None
    except Refused as refused:
        raise Refused(refused.message, field=field) from refused


def _text(text: str | None, field: str) -> str | None:
    inert = clean(text).strip() if text is not None else ""
    return refuse_secrets(refuse_long(inert, field), field) or None


class FilingNews(Struct, frozen=True, kw_only=True):
    """What was learned of a filing. None leaves a thing as it was; all the rest is one move, one save and one undo."""

    state: FilingState | None = None
    reference: str | None = None
    aftersale: int | None = None
    """The platform's code for the state that the app shows."""
    countdown: str | None = None
    """As the app shows it (`1天23时`), counted from `seen_at`; "" takes the one that is there away."""
    at: datetime | None = None
    """When it happened, or was seen in the app; None for now."""
    seen_at: datetime | None = None
    """When the countdown was read off the app; None for `at`."""

    @property
    def action(self) -> str:
        """What the change is called in the history: the weightiest part of it."""
        if self.state is not None:
            return "decide"
        if self.aftersale is not None:
            return "aftersale"
        return "countdown" if self.countdown is not None else "reference"

    def move(self, filing_id: str, now: datetime, rules: Rules, resolve: Resolve) -> Callable[[Case], Case]:
        """The move it makes. Raises `Refused` with the field at fault."""
        at, state, shown = self.at or now, self.state, self._shown(rules)
        reference = refuse_secrets(bare_number(self.reference or ""), "reference")
        until = self._until(self.seen_at or at, resolve)
        if state is not None and shown is not None:
            raise Refused(
                msg("The state in the app already gives the result: enter only one of the two."), field="state"
            )
        if state is None and shown is None and self.countdown is None and not reference:
            raise Refused(msg("Enter the result, or the state the app shows."), field="state")

        def noted(case: Case) -> Case:
            if state is not None:
                case = moves.decide(case, filing_id, state, at)
            if shown is not None:
                case = moves.note_aftersale(case, filing_id, shown, at, until, rules=rules)
            elif self.countdown is not None:
                case = moves.set_countdown(case, filing_id, until)
            return moves.set_reference(case, filing_id, reference) if reference else case

        return noted

    def _shown(self, rules: Rules) -> Aftersale | None:
        if self.aftersale is None:
            return None
        shown = rules.aftersales.get(self.aftersale)
        if shown is None:
            raise Refused(msg("An in-app request has no state {code}.", code=self.aftersale), field="aftersale")
        return shown

    def _until(self, seen_at: datetime, resolve: Resolve) -> datetime | None:
        if not self.countdown:
            return None
        try:
            return resolve(self.countdown, seen_at).at
        except Refused as refused:
            raise Refused(refused.message, field="countdown", position=refused.position) from refused


def more_than_paid(case: Case, recovered: Decimal | None) -> Message | None:
    """What is odd about that sum: it is more than was paid and more than was demanded. None where nothing is."""
    known = [amount for amount in (case.order.amount, case.demand.amount) if amount is not None]
    if recovered is None or not known or recovered <= max(known):
        return None
    currency = case.order.currency
    return msg(
        "{recovered} is more than the {most} that was paid or demanded.",
        recovered=Sum(recovered, currency),
        most=Sum(max(known), currency),
    )


def likely_outcome(case: Case, recovered: Decimal | None, outcomes: Iterable[OutcomeEntry]) -> OutcomeEntry:
    """How it ended if nobody says: all that was demanded has come, unless the sum says otherwise. Raises `Refused`."""
    demanded = case.demand.amount or case.order.amount
    if recovered is None or demanded is None or recovered >= demanded:
        return _that_got("all", outcomes)
    if recovered == 0:
        raise Refused(msg("Nothing was recovered: add --outcome to record how the case ended."), field="outcome")
    return _that_got("part", outcomes)


def _that_got(much: Literal["all", "part"], outcomes: Iterable[OutcomeEntry]) -> OutcomeEntry:
    found = next((outcome for outcome in outcomes if outcome.got == much), None)
    if found is None:
        raise Refused(msg("Say with --outcome how it ended."), field="outcome")
    return found


def newest_filing(case: Case, channel: str | None = None) -> Filing | None:
    """The newest filing that still runs, else the newest one; with a channel, of those lodged through it."""
    lodged = [filing for filing in case.filings if channel in (None, filing.channel)]
    running = [filing for filing in lodged if filing.running]
    return next(reversed(running or lodged), None)
