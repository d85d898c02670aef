"""The kinds of letter, what each may say of a case, and how a sent one stands in the log.

A template gets these values and nothing else. What is not known is None, so that a template says nothing of it;
what the person must fill in by hand, because it is never stored, is not among them.

The log keeps the very words that were sent, under a line that says which letter they are. A later letter names it in
its own language and does not repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from pddtui.domain.case import Case, Contact, Substance
from pddtui.domain.mask import Level
from pddtui.domain.rules import Side, Span
from pddtui.message import Label
from pddtui.services.letters.words import Claim, LetterWords

__all__ = [
    "KINDS",
    "Cited",
    "Exhibit",
    "Facts",
    "LetterKind",
    "Lodged",
    "Promised",
    "Said",
    "Waiting",
    "fitting",
    "letter_in",
    "own_kind",
    "sent_words",
]


class LetterKind(Struct, frozen=True, kw_only=True):
    """One kind of letter; its texts are `data/letters/<id>.<language>.j2`."""

    id: str
    label: Label
    channel: str | None = None
    """The channel it is written for; None goes to whoever was asked last."""
    answer_in: Span = Span(3, "working_day")
    """How long the letter leaves for an answer."""
    level: Level = "none"
    """Authorities, platform and courts must know who is complaining; the public must not."""
    rungs: tuple[str, ...] = ()
    """Rungs at which it is the thing to write, those it leads to included."""
    problems: tuple[str, ...] = ()
    """Only for these kinds of problem, where it is not for all."""
    articles: tuple[str, ...] = ()
    """Articles that it leans on, whatever the problem."""
    about: tuple[Side, ...] | None = None
    """Whose duties and whose silence it is about; the recipient's where left out."""
    lists: tuple[Side, ...] | None = None
    """Whose filings it lists; all that came before where left out."""
    demands: bool = True
    """Whether sending it states what I want, so that it is their turn."""


_OPPONENTS: tuple[Side, ...] = ("merchant", "platform")
_EVERYBODY: tuple[Side, ...] = (*_OPPONENTS, "courier", "payment", "authority", "association", "court")
_TRANSPORT = ("lost", "fake_sign", "damaged", "fake_shipping")

KINDS: tuple[LetterKind, ...] = (
    LetterKind(
        id="chaser",
        label=Label("催办", "Chaser"),
        answer_in=Span(2, "working_day"),
        rungs=("direct", "request", "platform", "supervisor", "settle", "regulator"),
    ),
    LetterKind(
        id="written_confirmation",
        demands=False,
        label=Label("请求书面确认", "Request for written confirmation"),
        answer_in=Span(1, "working_day"),
        rungs=("direct", "request", "platform", "supervisor"),
    ),
    LetterKind(
        id="demand",
        label=Label("催告函", "Formal demand"),
        channel="merchant_chat",
        answer_in=Span(7, "natural_day"),
        rungs=("direct", "request", "supervisor"),
        articles=("inf8", "ecl59"),
    ),
    LetterKind(
        id="platform",
        label=Label("请平台介入", "Complaint to the platform"),
        channel="app_intervene",
        rungs=("request", "platform"),
        articles=("ecl59", "ecl61", "crpl44"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="supervisor",
        label=Label("请上级处理", "Request for a supervisor"),
        channel="app_official_cs",
        answer_in=Span(2, "working_day"),
        rungs=("platform", "supervisor"),
        articles=("ecl59",),
        lists=_OPPONENTS,
    ),
    LetterKind(
        id="association",
        label=Label("消协投诉书", "Complaint to a consumers association"),
        channel="consumer_assoc",
        answer_in=Span(10, "working_day"),
        rungs=("settle",),
        articles=("crpl37", "crpl39"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="c12315",
        label=Label("12315投诉书", "12315 complaint"),
        channel="c12315",
        answer_in=Span(7, "working_day"),
        rungs=("settle", "regulator"),
        articles=("crpl39", "crpl46"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="report",
        demands=False,
        label=Label("12315举报书", "12315 report"),
        channel="r12315",
        answer_in=Span(15, "working_day"),
        rungs=("regulator",),
        about=("merchant",),
    ),
    LetterKind(
        id="courier",
        label=Label("快递企业投诉", "Complaint to the courier"),
        channel="courier_cs",
        answer_in=Span(7, "natural_day"),
        rungs=("direct", "request", "platform", "regulator"),
        problems=_TRANSPORT,
        articles=("exp27", "exp28"),
    ),
    LetterKind(
        id="postal",
        label=Label("邮政业申诉", "Appeal to the postal authority"),
        channel="p12305",
        answer_in=Span(30, "natural_day"),
        rungs=("regulator",),
        problems=_TRANSPORT,
        articles=("postal65", "exp28"),
        about=("courier",),
        lists=("courier",),
    ),
    LetterKind(
        id="payment",
        label=Label("支付争议申请", "Payment dispute"),
        channel="bank_payment",
        answer_in=Span(5, "working_day"),
        rungs=("supervisor", "regulator"),
        articles=("ecl53", "ecl55"),
    ),
    LetterKind(
        id="public",
        label=Label("公开说明（已遮盖）", "Public post (masked)"),
        channel="heimao",
        level="public",
        rungs=("public",),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="silence",
        demands=False,
        label=Label("未答复情况说明", "Record of silence"),
        rungs=("supervisor", "settle", "regulator", "court"),
        about=_EVERYBODY,
    ),
)


def fitting(case: Case, rungs: Iterable[str], kinds: Iterable[LetterKind] = KINDS) -> tuple[LetterKind, ...]:
    """The kinds, those that fit the case at these rungs first."""
    here = set(rungs)

    def unfit(kind: LetterKind) -> bool:
        return not here & set(kind.rungs) or bool(kind.problems and case.problem not in kind.problems)

    return tuple(sorted(kinds, key=unfit))


def own_kind(name: str) -> LetterKind:
    """A kind that a person has added, of which nothing is known but its name."""
    return LetterKind(id=name, label=Label(name, name))


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
    letter: str | None
    """Which letter I sent, where the contact is one; its text is not repeated."""
    text: str


class Promised(Struct, frozen=True):
    """One promise and how it ended."""

    text: str
    at: str
    who: str | None
    due: str | None
    written: bool
    state: str
    broken: bool


class Waiting(Struct, frozen=True):
    """A silence that still lasts."""

    who: str | None
    """Who is silent; None for the one who gets the letter."""
    since: str
    channel: str | None
    """Where I spoke first; None where it was not noted."""
    length: str
    attempts: int
    """How often I have asked again since."""


class Cited(Struct, frozen=True):
    """An article that applies, or applies under a condition."""

    cite: str
    gives: str
    condition: str | None


class Exhibit(Struct, frozen=True):
    """A piece of evidence under the number that it has everywhere."""

    number: int
    text: str


class Lodged(Struct, frozen=True):
    """A filing at one rung."""

    at: str
    rung: str
    channel: str
    reference: str | None
    state: str | None
    """What they made of it so far; None where the letter keeps silent about that."""


class Facts(Struct, frozen=True, kw_only=True):
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
    courier: str | None
    tracking: str | None
    problem: str | None
    description: str | None
    addressee: Side
    claim: Claim
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
    evidence: tuple[Exhibit, ...]
    filings: tuple[Lodged, ...]
    """Those that the letter lists; not those at its own recipient, nor what came after them."""
    here: Lodged | None
    """The latest filing at its recipient."""
    before: tuple[Said, ...]
    """What was said to the side that the letter is about before it went to its recipient, and is no filing."""
    pending: tuple[Lodged, ...]
    """What another instance has, or had, of the same dispute."""


_MARK = Label("【函件：{kind}】", "[Letter: {kind}]")
_MARKED = re.compile(r"【函件：(?P<zh>[^】\n]+)】|\[Letter: (?P<en>[^\]\n]+)\]")


def sent_words(kind: LetterKind, text: str, words: LetterWords) -> str:
    """What the log says of a letter that was sent: which it was, and all of its text."""
    return f"{words.say(_MARK).format(kind=words.say(kind.label))}\n{text.strip()}"


def letter_in(contact: Contact, words: LetterWords) -> str | None:
    """The letter that the contact is, as `words` name it; None if it is none."""
    marked = _MARKED.match(contact.summary) if contact.direction == "out" else None
    if marked is None:
        return None
    name = marked["zh"] or marked["en"]
    label = next((kind.label for kind in KINDS if name in (kind.label.zh, kind.label.en)), Label(name, name))
    said = words.say(label)
    return said.split("（")[0] if words.chinese else _in_a_sentence(said.split(" (")[0])


def _in_a_sentence(name: str) -> str:
    """`a formal demand`, `an appeal to the postal authority`."""
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name[:1].lower()}{name[1:]}"
