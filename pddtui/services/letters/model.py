"""What a letter may say of a case, and how a sent one stands in the log.

A template gets these values and nothing else. What is not known is None, so that a template says nothing of it, or
leaves a blank where the person must fill it in by hand.

The log keeps the very words that were sent, under a line that says which letter they are. A later letter names it in
its own language and does not repeat it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Complainant, Contact, Reply, Substance
from pddtui.domain.entries import Side
from pddtui.handbook.model import LetterKind
from pddtui.message import Label, msg
from pddtui.services.letters.law import Cited, Pledge
from pddtui.services.letters.words import LETTER_MARK, ClaimedSum, LetterWords

__all__ = [
    "Begun",
    "Exhibit",
    "FailedLine",
    "LetterFacts",
    "Lodged",
    "Promised",
    "Said",
    "Voice",
    "Waiting",
    "letter_in",
    "own_kind",
    "sent_words",
]


def own_kind(name: str) -> LetterKind:
    """A kind that a person has added, of which nothing is known but its name."""
    return LetterKind(id=name, zh=name, en=name)


class Said(Struct, frozen=True, kw_only=True):
    """One contact."""

    at: str
    mine: bool
    who: str | None
    """Whom I spoke to, or who answered."""
    party: str | None
    """The side they belong to, `the shop`; None where it is not noted."""
    channel: str | None
    phone: bool
    """It was a call."""
    substance: Substance | None
    """What their words amount to: an answer, a holding reply, or none; `none` also for what I said to nobody."""
    reply: Reply | None
    """What kind of answer it was."""
    letter: str | None
    """Which letter I sent, where the contact is one; its text is not repeated."""
    text: str
    where: str | None = None
    """Where it was said, inside a sentence: `in the shop chat`."""
    did: str | None = None
    """What I did by it, where it is the act of filing: `asked the platform to step in`. Without a `quote` it says
    all."""
    voice: Voice = "person"
    """Whether a person spoke, or the app, or something that answers by itself."""
    side: Side | None = None
    """The side they belong to, by its id; None where it is not noted."""
    form: bool = False
    """It was said in a form of the app and not in a conversation."""
    quote: str = ""
    """The words as they stand between quotation marks: without what says the same as the verb before them, and
    without a stop; a question or an exclamation keeps its mark."""


class Promised(Struct, frozen=True):
    """One promise and how it ended."""

    text: str
    at: str
    who: str | None
    due: str | None
    written: bool
    state: str
    broken: bool
    party: str | None = None
    """The side that gave it; None where it is not noted."""
    where: str | None = None
    """Where it was given, inside a sentence."""
    phrase: str | None = None
    """The words from which the date was read, where they are not part of `text`."""
    spoken: bool = False
    """Whether the date was read from words of theirs."""
    voice: Voice = "person"
    """Whether a person gave it, or the app shows it."""
    oral: bool = True
    """Whether it was only spoken; in a chat it was neither spoken nor, until they confirm it, put in writing."""


class FailedLine(Struct, frozen=True, kw_only=True):
    """Why it got nowhere with those who had it first: what they promised and did not do, or never came to."""

    who: str | None
    """The one agent, or the side."""
    same: bool
    """Whether it was one and the same agent each time."""
    since: str
    """The day of the first time."""
    promises: tuple[Promised, ...]
    """Those of that agent or side that had fallen due, each wording once."""
    counts: tuple[int, ...]
    """How often each of them was given."""
    times: int
    """How many there were."""
    unkept: int
    """How many of them were not kept."""
    put_off: int
    """How often they replied without an answer, where they promised nothing."""


Voice = Literal["person", "system", "automatic"]

Begun = Literal["asked", "filed", "answered", "agreed", "accepted", "returned", "event"]
"""How it came that they were to act: I asked or filed; they answered or agreed, and the rest was left to them, or
accepted what I had filed; goods went back; something else happened by which they owe me (they got the goods)."""


class Waiting(Struct, frozen=True):
    """A silence: one that still lasts, or that I did not wait out."""

    who: str | None
    """Who is silent; None for the one who gets the letter."""
    since: str
    channel: str | None
    """Where I spoke first; None where it was not noted."""
    length: str
    attempts: int
    """How often I have asked again since."""
    begun: Begun = "asked"
    """What it was that happened then."""
    event: str | None = None
    """Its name, where it is an event of the handbook."""
    did: str | None = None
    """What I did that day, inside a sentence: `asked the platform to step in`; None where they are to act on their
    own word, or where I asked is not known."""
    where: str | None = None
    """Where they answered or agreed, inside a sentence."""
    hourly: bool = False
    """Whether `since` has a time of day, because the length is in hours."""
    until: str | None = None
    """When I went on elsewhere without an answer; None while it lasts."""


class Objection(Struct, frozen=True):
    """Why their last answer does not settle the matter."""

    reason: str
    at: str | None
    """When they answered; None where they never did."""
    who: str | None


class Exhibit(Struct, frozen=True):
    """A piece of evidence under the number that it has everywhere."""

    number: int
    text: str
    name: str
    """Of what kind it is, or what the file is called."""
    source: str | None
    """Where the original is."""
    proves: str | None


class Lodged(Struct, frozen=True):
    """A filing at one rung."""

    at: str
    rung: str
    channel: str
    reference: str | None
    state: str | None
    """What they made of it so far; None where the letter keeps silent about that."""
    did: str = ""
    """What I did there, inside a sentence: `asked the platform to step in`."""


class LetterFacts(Struct, frozen=True, kw_only=True):
    """The whole of it."""

    today: str
    answer_by: str
    title: str
    heading: str
    """The title without a closing mark, to stand before a colon."""
    subject: str
    """The problem and the title; the title alone where it names the problem."""
    merchant: str | None
    operator: str | None
    address: str | None
    order: str | None
    product: str | None
    paid: str | None
    ordered: str | None
    received: str | None
    delivered: str | None
    """What the carrier shows. Without a day of receipt it never came."""
    courier: str | None
    tracking: str | None
    problem: str | None
    description: str | None
    anonymous: bool
    """Nothing in it says who writes."""
    record: str
    """The hashes of the newest changes on record; a later record that is the same has them in it."""
    writer: Complainant
    """Who complains and is named as the one who writes: whose case it is, else I as the settings have me."""
    addressee: Side
    owes: tuple[Side, ...]
    """Who owes what is demanded."""
    claim: ClaimedSum
    log: tuple[Said, ...]
    """Oldest first."""
    tried: tuple[Side, ...]
    """The sides that the matter was taken up with."""
    asked: str | None
    """When the demand was first stated."""
    promises: tuple[Promised, ...]
    oral: Promised | None
    """The latest promise that is not in writing."""
    broken: tuple[Promised, ...]
    waiting: Waiting | None
    """The silence that counts most here: the recipient's, else the first of them."""
    silences: tuple[Waiting, ...]
    """Those of the sides that the letter is about."""
    articles: tuple[Cited, ...]
    pledge: Pledge | None
    """What the seller promised beyond the law; it goes before what the law gives."""
    rebuttals: tuple[str, ...]
    """What is said to excuses that are no ground in law."""
    evidence: tuple[Exhibit, ...]
    filings: tuple[Lodged, ...]
    """Those that the letter lists; not those at its own recipient, nor what came after them."""
    here: Lodged | None
    """The latest filing at its recipient."""
    before: tuple[Said, ...]
    """What was said to the side that the letter is about before it went to its recipient, and is no filing."""
    pending: tuple[Lodged, ...]
    """What another instance has, or had, of the same dispute."""
    objection: Objection | None = None
    failed: tuple[FailedLine, ...] = ()
    """Why those who had it before did not settle it."""


def sent_words(kind: LetterKind, text: str, words: LetterWords) -> str:
    """What the log says of a letter that was sent: which it was, and all of its text."""
    mark = words.say(msg("[Letter: {kind}]", kind=words.say(kind.label)))
    return f"{mark}\n{text.strip()}"


def letter_in(contact: Contact, kinds: Iterable[LetterKind], words: LetterWords) -> str | None:
    """Which of `kinds` the contact is, as `words` name it; its own name if it is another, None if it is no letter."""
    marked = LETTER_MARK.match(contact.summary) if contact.direction == "out" else None
    if marked is None:
        return None
    name = marked["zh"] or marked["en"]
    kind = next((kind for kind in kinds if name in (kind.label.zh, kind.label.en)), None)
    if kind is not None and kind.letter_zh:
        return words.say(kind.in_letters)
    said = words.say(kind.label if kind is not None else Label(name, name))
    return said.split("（")[0] if words.chinese else _in_a_sentence(said.split(" (")[0])


def _in_a_sentence(name: str) -> str:
    """`a formal demand`, `an appeal to the postal authority`."""
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name[:1].lower()}{name[1:]}"
