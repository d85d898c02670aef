"""The case and everything that is stored in it: contacts and promises, filings, follow-ups, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from pddtui.domain.history import Change, Path
from pddtui.message import Mark, Message, msg

__all__ = [
    "FILING_STATES",
    "FOLLOW_UP_STATES",
    "OVERDUE",
    "PROMISE_STATES",
    "REPLIES",
    "STATUSES",
    "SUBSTANCES",
    "TURNS",
    "WRITTEN",
    "Amendment",
    "Case",
    "Complainant",
    "Contact",
    "Demand",
    "Direction",
    "Evidence",
    "Filing",
    "FilingState",
    "FollowUp",
    "FollowUpState",
    "Operator",
    "Order",
    "Outcome",
    "Override",
    "Person",
    "Promise",
    "PromiseState",
    "Reply",
    "Status",
    "Substance",
    "Turn",
    "Written",
]

Status = Literal["open", "resolved", "closed", "withdrawn", "abandoned"]

STATUSES: Mapping[Status, Mark] = {
    "open": Mark("○", msg("open", context="case"), "accent"),
    "resolved": Mark("✓", msg("resolved"), "good"),
    "closed": Mark("×", msg("closed"), "quiet"),
    "withdrawn": Mark("×", msg("withdrawn"), "quiet"),
    "abandoned": Mark("×", msg("dropped"), "quiet"),
}
"""`open` says the least of an open case; the other words for one are in `pddtui.domain.attention.STATES`."""

Direction = Literal["in", "out"]
"""`in` is what they said to me, `out` what I said to them."""

Substance = Literal["answer", "holding", "none"]
"""What an incoming contact amounts to: it settles something, it puts me off, or nobody really answered."""

SUBSTANCES: Mapping[Substance, Mark] = {
    "answer": Mark("■", msg("answer"), "good"),
    "holding": Mark("□", msg("holding reply"), "plain"),
    "none": Mark("×", msg("no answer"), "quiet"),
}

Reply = Literal["agreed", "refused", "offered", "asked", "decided", "other"]
"""What an answer was: they give what I want, or do not, or something else instead; they want something of me; whoever
decides such matters has done so; or it touches the matter in another way."""

REPLIES: Mapping[Reply, Mark] = {
    "agreed": Mark("✓", msg("agreed", context="reply"), "good"),
    "refused": Mark("✗", msg("refused", context="reply"), "strong"),
    "offered": Mark("±", msg("offered", context="reply"), "accent"),
    "asked": Mark("?", msg("asked", context="reply"), "accent"),
    "decided": Mark("§", msg("decided", context="reply"), "strong"),
    "other": Mark("■", msg("other", context="reply"), "plain"),
}

Turn = Literal["mine", "theirs", "nobody"]
"""Who has to act next; `nobody` once the case is closed."""

TURNS: Mapping[Turn, Message] = {
    "mine": msg("my turn"),
    "theirs": msg("their turn"),
    "nobody": msg("closed"),
}

Written = Literal["none", "asked", "received"]
"""Whether what was said also exists in writing: no, I asked for it, I have it."""

WRITTEN: Mapping[Written, Message] = {
    "none": msg("only oral"),
    "asked": msg("asked for"),
    "received": msg("in writing"),
}

PromiseState = Literal["open", "kept", "broken", "replaced", "waived"]

PROMISE_STATES: Mapping[PromiseState, Mark] = {
    "open": Mark("○", msg("open", context="promise"), "accent"),
    "kept": Mark("✓", msg("kept"), "good"),
    "broken": Mark("✗", msg("broken"), "red"),
    "replaced": Mark("»", msg("replaced"), "quiet"),
    "waived": Mark("–", msg("waived"), "quiet"),
}

FollowUpState = Literal["open", "done", "waived"]

FOLLOW_UP_STATES: Mapping[FollowUpState, Mark] = {
    "open": Mark("○", msg("open", context="follow-up"), "accent"),
    "done": Mark("✓", msg("done"), "good"),
    "waived": Mark("–", msg("waived"), "quiet"),
}

FilingState = Literal["open", "accepted", "answered", "refused", "ended"]
"""`open` is submitted and undecided, `accepted` being worked on; the others no longer run."""

FILING_STATES: Mapping[FilingState, Mark] = {
    "open": Mark("○", msg("submitted"), "accent"),
    "accepted": Mark("●", msg("accepted"), "accent"),
    "answered": Mark("✓", msg("answered"), "good"),
    "refused": Mark("✗", msg("refused"), "strong"),
    "ended": Mark("–", msg("ended"), "quiet"),
}

OVERDUE = Mark("!", msg("overdue"), "red")
"""What is still open after its date."""


class Person(Struct, frozen=True, kw_only=True):
    """Whom I spoke to. All three may be unknown: a hotline agent often gives only a number."""

    name: str | None = None
    role: str | None = None
    staff_no: str | None = None

    @property
    def known(self) -> bool:
        """Whether anything at all identifies the person."""
        return any((self.name, self.role, self.staff_no))

    @property
    def parts(self) -> tuple[str | Message, ...]:
        """Name, role and staff number as far as they are known, to be listed side by side, none of them twice."""
        number = msg("staff no. {number}", number=self.staff_no) if self.staff_no else None
        apart = (self.name, self.role) if self.titled == (self.role, self.name) else self.titled
        return tuple(part for part in (*apart, number) if part)

    @property
    def titled(self) -> tuple[str, ...]:
        """Role and name as far as they are known, nothing said twice: 店铺客服 and 客服果果 are one title."""
        role, name = self.role, self.name
        if not role or not name:
            return tuple(part for part in (role, name) if part)
        if role.lower() in name.lower():
            return (name,)
        if role.endswith(name if name[0] > "\u2e7f" else f" {name}"):
            return (role,)
        if name[0] > "\u2e7f":
            if role.startswith(name):
                return (role,)
            for shared in range(min(len(role), len(name)) - 1, 1, -1):
                if role.endswith(name[:shared]):
                    return (role + name[shared:],)
        return role, name

    @property
    def called(self) -> str | Message | None:
        """Who it was, inside a sentence: role, name and staff number as far as they are known."""
        who = " ".join(self.titled)
        if not self.staff_no:
            return who or None
        if not who:
            return msg("staff no. {number}", number=self.staff_no)
        return msg("{who} (staff no. {number})", who=who, number=self.staff_no)

    @property
    def short(self) -> str | None:
        """The one thing by which to tell the person from others: the name, else the role, else the number."""
        return self.name or self.role or self.staff_no


class Promise(Struct, frozen=True, kw_only=True):
    """What somebody said would be done, and by when, as spoken."""

    id: str
    text: str
    due: datetime | None = None
    """When it is due; 23:59:59 where no time of day was named. None when no date could be had."""
    due_phrase: str | None = None
    """The words the date was read from, kept because the date is only our reading of them."""
    estimated: bool = False
    """The due date leans on a year whose working-day calendar is not published."""
    state: PromiseState = "open"
    settled_at: datetime | None = None
    written: bool = False
    """False means only oral: weak evidence, shown as such."""
    replaced_by: str | None = None
    """The id of the promise that took its place, when `state` is `replaced`."""

    def overdue(self, now: datetime) -> bool:
        """Whether its date has passed and nobody has settled it."""
        return self.state == "open" and self.due is not None and self.due < now

    @property
    def form(self) -> Message:
        """Whether it exists in writing."""
        return msg("written") if self.written else msg("oral")

    def mark(self, now: datetime) -> Mark:
        """What became of it, as it stands at `now`."""
        return OVERDUE if self.overdue(now) else PROMISE_STATES[self.state]


class Amendment(Struct, frozen=True, kw_only=True):
    """What a contact said before it was corrected, kept readable for ever."""

    at: datetime
    summary: str
    person: Person
    happened_at: datetime
    """When the contact was said to have happened, before this correction."""


class Contact(Struct, frozen=True, kw_only=True):
    """One entry of the contact log."""

    id: str
    at: datetime
    """When it happened."""
    recorded_at: datetime
    """When it was typed in. Both are kept: an entry made days later is weaker evidence."""
    channel: str | None = None
    """A channel id of the handbook."""
    direction: Direction
    substance: Substance | None = None
    """None for what I said myself, unless nobody picked up (`none`)."""
    reply: Reply | None = None
    """What an answer was. None for all else, and for an answer that was stored before this was asked."""
    person: Person = Person()
    summary: str
    demand: bool = False
    """I stated or repeated what I want."""
    written: Written = "none"
    promises: tuple[Promise, ...] = ()
    evidence: tuple[str, ...] = ()
    """Ids of evidence records of the case."""
    filing: str | None = None
    """The filing this contact belongs to, if it belongs to one."""
    turn: Turn | None = None
    """My overruling of whose turn it is after this contact."""
    minutes: int | None = None
    """How long the call or chat took."""
    amendments: tuple[Amendment, ...] = ()
    """Earlier wordings, oldest first."""

    @property
    def misread(self) -> bool:
        """Whether it is said what kind of answer it was, though it is no answer of theirs."""
        return self.reply is not None and (self.direction, self.substance) != ("in", "answer")

    @property
    def amounts_to(self) -> Mark | None:
        """What it was, in one word: what kind of answer, if it is known to be one of those that have a name."""
        if self.reply is not None and self.reply != "other":
            return REPLIES[self.reply]
        return SUBSTANCES[self.substance] if self.substance is not None else None


class FollowUp(Struct, frozen=True, kw_only=True):
    """Something I have to do, by when."""

    id: str
    text: str
    due: datetime
    due_phrase: str | None = None
    estimated: bool = False
    state: FollowUpState = "open"
    settled_at: datetime | None = None
    created_at: datetime
    snoozed: int = 0
    """How many times it was put off; a number that grows is a decision being avoided."""

    def overdue(self, now: datetime) -> bool:
        """Whether its date has passed and it is still to be done."""
        return self.state == "open" and self.due < now

    def mark(self, now: datetime) -> Mark:
        """What became of it, as it stands at `now`."""
        return OVERDUE if self.overdue(now) else FOLLOW_UP_STATES[self.state]


class Evidence(Struct, frozen=True, kw_only=True):
    """A file (copied and hashed) or the place where the original is."""

    id: str
    kind: str | None = None
    """An evidence type id of the handbook."""
    proves: str | None = None
    """One line on what it proves."""
    place: str | None = None
    """Where the original is, in words: "in the app's chat"."""
    file: str | None = None
    """Name of the copy beside the data file, which is its content hash."""
    original_name: str | None = None
    sha256: str | None = None
    size: int | None = None
    """Bytes of the file."""
    media_type: str | None = None
    taken_at: datetime | None = None
    vanishes_at: datetime | None = None
    """When the original will no longer be there, as far as known."""
    added_at: datetime


class Filing(Struct, frozen=True, kw_only=True):
    """The case as lodged at one rung through one channel."""

    id: str
    rung: str
    channel: str
    reference: str | None = None
    """Their number for it: after-sales number, ticket number, complaint number."""
    state: FilingState = "open"
    filed_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    passed_gates: tuple[str, ...] = ()
    """Ids of the gates that were not met and knowingly passed when it was filed."""
    countdown_until: datetime | None = None
    """The end of the countdown that the app showed, as I typed it in. `turn.awaits_me` says whose it is."""
    aftersale_state: int | None = None
    """The platform's code for the state of an in-app request, as the app showed it."""
    aftersale_turn: Turn | None = None
    """Whose turn that state makes it, as the handbook had it when it was noted."""
    aftersale_at: datetime | None = None
    """When the app first showed it."""
    reason: str | None = None
    """Why I went on there: why what was answered before does not settle it."""

    @property
    def running(self) -> bool:
        """Whether somebody at that rung still has to do something."""
        return self.state in ("open", "accepted")


class Order(Struct, frozen=True, kw_only=True):
    """The order that the dispute is about."""

    number: str | None = None
    product: str | None = None
    amount: Decimal | None = None
    """What was paid, in `currency`, to the cent."""
    currency: str = "CNY"
    ordered_at: datetime | None = None
    received_at: datetime | None = None
    """When I had it in my hands; a parcel that never came has no such day."""
    delivered_at: datetime | None = None
    """When the carrier shows it as delivered, whoever got it: what the tracking says, and no admission of mine."""
    claim_within: str | None = None
    """How long after receipt the goods page takes claims for spoiled goods: `24h`, `2d`. Each page has its own."""
    page_promise: str | None = None
    """What the goods page promises beyond the law, in its own words: 坏果包赔, 假一赔十."""
    courier: str | None = None
    tracking: str | None = None


class Demand(Struct, frozen=True, kw_only=True):
    """What I want: an act, a sum and a date, not punishment."""

    remedy: str | None = None
    """A remedy id of the handbook."""
    amount: Decimal | None = None
    deadline: datetime | None = None
    bottom_line: str | None = None
    """The least I would accept."""


class Operator(Struct, frozen=True, kw_only=True):
    """The business behind the shop, from the licence page; 12315 and a court ask for it."""

    name: str | None = None
    address: str | None = None


class Complainant(Struct, frozen=True, kw_only=True):
    """For whom a case is kept that is not mine: who stands in its papers, and is hidden where they are masked."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


class Override(Struct, frozen=True, kw_only=True):
    """My own silence limit for this case, in spans such as `24h`, `3wd`, `5d`."""

    amber: str
    red: str


class Outcome(Struct, frozen=True, kw_only=True):
    """How the case ended. "Resolved" is only true once the money has really arrived."""

    id: str
    """Identifies this ending, so that its verification can be settled."""
    kind: str
    """An outcome id of the handbook."""
    recovered: Decimal | None = None
    note: str | None = None
    verified_at: datetime | None = None
    """When I confirmed that what was agreed had really arrived."""


class ClashSide(Struct, frozen=True, kw_only=True):
    """What one machine made of a thing that another changed meanwhile."""

    change: str
    """The id of the change that made it so."""
    machine: str
    at: datetime
    values: dict[str, object]
    """The fields by name; by `*` whether the thing is there."""


class Clash(Struct, frozen=True, kw_only=True):
    """A thing that machines changed without knowing of each other, each to something else, for a person to settle."""

    id: str
    """The same on every machine."""
    path: Path
    """From the case down to what has the fields."""
    names: tuple[str, ...]
    """The fields, the one that names them first; (`*`,) for whether the thing is there."""
    sides: tuple[ClashSide, ...]
    """By (moment, id); the last one is shown meanwhile."""


class Case(Struct, frozen=True, kw_only=True):
    """One dispute about one order. Moves return new ones; nothing changes in place."""

    id: str
    ref: str
    """The number people use: `PDD-2026-0042`. Never reused within a file."""
    title: str
    problem: str | None = None
    """A problem id of the handbook."""
    description: str | None = None
    merchant: str | None = None
    """The shop's name as the order page shows it."""
    operator: Operator = Operator()
    complainant: Complainant | None = None
    """Whose case it is, as they were when it was entered; None where it is mine."""
    order: Order = Order()
    demand: Demand = Demand()
    status: Status = "open"
    opened_at: datetime
    recorded_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    tags: tuple[str, ...] = ()
    filings: tuple[Filing, ...] = ()
    """In the order they were filed."""
    contacts: tuple[Contact, ...] = ()
    """By the time they happened."""
    follow_ups: tuple[FollowUp, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    milestones: dict[str, datetime] = {}
    """Event id of the handbook to when it happened; they start the clocks."""
    steps: dict[str, datetime] = {}
    """Playbook steps ticked off, `playbook.step` to when."""
    quiet: Override | None = None
    mine: Override | None = None
    """My own limits for how long it may be my turn."""
    looked: dict[str, datetime] = {}
    """Thread id to when I last looked how it stands and there was nothing new."""
    trashed_at: datetime | None = None
    history: tuple[Change, ...] = ()
    """Every change ever made, on any machine: parents before their children, otherwise by id."""
    clashes: tuple[Clash, ...] = ()
    """What is to be settled. It follows from the history."""
    revision: int = 0
    """How many times the case was saved. A save names the revision it builds on."""

    @property
    def active(self) -> bool:
        """Whether the case still wants attention."""
        return self.status == "open" and self.trashed_at is None

    @property
    def begun(self) -> datetime:
        """When the matter began: a case may be opened long after the first contact that is noted in it."""
        return min([self.opened_at, *(one.at for one in self.contacts), *(one.filed_at for one in self.filings)])

    @property
    def promises(self) -> tuple[tuple[Contact, Promise], ...]:
        """Every promise with the contact it was made in, by the time it was made."""
        return tuple((contact, promise) for contact in self.contacts for promise in contact.promises)
