"""The variables of a letter's template: what each is called, what it says, and its value for one case.

Whoever writes a template of their own reads them here; a template that names anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pddtui.domain.case import Complainant
from pddtui.domain.text import one_line
from pddtui.message import Message, msg
from pddtui.services.letters.law import Cited, Pledge
from pddtui.services.letters.model import (
    Exhibit,
    FailedLine,
    LetterFacts,
    Lodged,
    Objection,
    Promised,
    Said,
    Waiting,
)
from pddtui.services.letters.words import ClaimedSum

__all__ = ["VARIABLES", "Variable", "variables"]

VARIABLES: Mapping[type[Struct], Mapping[str, Message]] = {
    LetterFacts: {
        "today": msg("the day of the letter"),
        "record": msg("the hash of the record as it is now"),
        "answer_by": msg("the day by which it asks for an answer"),
        "title": msg("the title of the case"),
        "heading": msg("the title without a closing mark"),
        "subject": msg("the problem and the title"),
        "merchant": msg("the shop as the order page shows it"),
        "operator": msg("the business behind the shop"),
        "address": msg("the address of that business"),
        "order": msg("the order number"),
        "product": msg("the product"),
        "paid": msg("what was paid"),
        "ordered": msg("the day of the order"),
        "received": msg("the day of receipt; empty where it never came"),
        "delivered": msg("the day of delivery as the carrier shows it"),
        "courier": msg("the courier"),
        "tracking": msg("the waybill number"),
        "problem": msg("the kind of problem"),
        "description": msg("what happened, in your own words"),
        "anonymous": msg("whether nothing in it says who writes"),
        "writer": msg("who writes"),
        "addressee": msg("the side that gets the letter: merchant, platform, courier …"),
        "owes": msg("the sides that owe what is demanded"),
        "claim": msg("the demand"),
        "log": msg("the contacts, the oldest first"),
        "tried": msg("the sides that the matter was taken up with"),
        "asked": msg("the day on which the demand was first stated"),
        "promises": msg("the promises of those whom the letter is about"),
        "oral": msg("the latest promise that is not in writing"),
        "broken": msg("the promises that were not kept"),
        "waiting": msg("the silence that counts most here"),
        "silences": msg("every silence of those whom the letter is about"),
        "articles": msg("the articles that apply"),
        "pledge": msg("what the seller promised beyond the law"),
        "rebuttals": msg("what is said to excuses that are no ground in law"),
        "evidence": msg("the pieces of evidence"),
        "filings": msg("the filings before this letter"),
        "here": msg("the latest filing with its recipient"),
        "before": msg("what was said to those it complains of, before"),
        "pending": msg("the same dispute at other offices"),
        "objection": msg("why the answer that I had when I went on does not settle it"),
        "failed": msg("why those who had it before did not settle it"),
    },
    Complainant: {
        "name": msg("the name"),
        "phone": msg("the phone number"),
        "address": msg("the postal address"),
    },
    ClaimedSum: {
        "remedy": msg("the demand as a list calls it"),
        "total": msg("the sum demanded"),
        "sums": msg("how the sum comes about, line by line"),
        "asked": msg("what they are asked to do, with its sums"),
        "of": msg("who is asked, where it is not the one complained of"),
        "suggested": msg("whether it can only be suggested"),
    },
    Said: {
        "at": msg("when it was said"),
        "mine": msg("whether I said it"),
        "who": msg("the person, with role and staff number"),
        "party": msg("the side of that person"),
        "channel": msg("the channel as a list calls it"),
        "phone": msg("whether it was a call"),
        "substance": msg("answer, holding or none"),
        "reply": msg("agreed, refused, offered, asked, decided or other"),
        "letter": msg("which letter it was, if it was one"),
        "text": msg("the words as they were logged, without the stop; empty for a letter"),
        "where": msg("where it was said, inside a sentence"),
        "did": msg("what I did by it, where it was a filing"),
        "voice": msg("person, system or automatic"),
        "side": msg("the side by its id"),
        "form": msg("whether it was said in a form of the app"),
        "quote": msg("the words as they stand between quotation marks"),
    },
    Promised: {
        "text": msg("the words of the promise"),
        "at": msg("when it was given"),
        "who": msg("the person, with role and staff number"),
        "due": msg("the date it meant"),
        "written": msg("whether it is in writing"),
        "oral": msg("whether it was only spoken"),
        "state": msg("how it ended"),
        "broken": msg("whether it was not kept"),
        "party": msg("the side of that person"),
        "where": msg("where it was given, inside a sentence"),
        "phrase": msg("the words of the date, where the promise does not have them"),
        "spoken": msg("whether the date was read from their words"),
        "voice": msg("person, system or automatic"),
    },
    Waiting: {
        "who": msg("who is silent; empty for the recipient"),
        "since": msg("since when"),
        "channel": msg("the channel as a list calls it"),
        "length": msg("how long it has lasted"),
        "attempts": msg("how often I asked again"),
        "begun": msg("asked, filed, answered, agreed, accepted, returned or event"),
        "event": msg("the event that began it"),
        "did": msg("what I did then, inside a sentence"),
        "where": msg("where they answered, inside a sentence"),
        "hourly": msg("whether it is counted in hours"),
        "until": msg("until when, where I went on elsewhere"),
    },
    FailedLine: {
        "who": msg("the agent or the side"),
        "same": msg("whether it was the same agent each time"),
        "since": msg("the day of the first time"),
        "promises": msg("what was promised, each wording once"),
        "counts": msg("how often each wording was promised"),
        "times": msg("how often something was promised"),
        "unkept": msg("how often it was not kept"),
        "put_off": msg("how often they replied without an answer"),
    },
    Cited: {
        "cite": msg("the article"),
        "gives": msg("what it says, in short"),
        "condition": msg("what must be so before it applies"),
    },
    Pledge: {
        "text": msg("its own words"),
        "exhibit": msg("the number of the exhibit that shows it"),
        "cite": msg("the article by which it binds"),
    },
    Exhibit: {
        "number": msg("its number"),
        "text": msg("what it is and what it proves"),
        "name": msg("its kind, or the name of the file"),
        "source": msg("where the original is"),
        "proves": msg("what it proves"),
    },
    Lodged: {
        "at": msg("when it was filed"),
        "rung": msg("the rung"),
        "channel": msg("the channel as a list calls it"),
        "reference": msg("their number for it"),
        "state": msg("what they made of it so far"),
        "did": msg("what I did there, inside a sentence"),
    },
    Objection: {
        "reason": msg("the reason"),
        "at": msg("when they answered"),
        "who": msg("who answered"),
    },
}
"""What each variable of a template says, by the thing that it belongs to."""

_LISTED: Mapping[str, type[Struct]] = {
    "log": Said, "promises": Promised, "oral": Promised, "broken": Promised, "waiting": Waiting, "silences": Waiting,
    "articles": Cited, "pledge": Pledge, "evidence": Exhibit, "filings": Lodged, "here": Lodged,
    "before": Said, "pending": Lodged,
    "objection": Objection, "failed": FailedLine, "claim": ClaimedSum, "writer": Complainant,
}  # fmt: skip
"""What stands in a variable that has variables of its own."""

_SHOWN_ONCE = ("oral", "broken", "waiting", "before", "pending", "here")
"""Variables whose own were listed with another one."""


class Variable(Struct, frozen=True, kw_only=True):
    """One variable of a template."""

    name: str
    """As a template writes it; `log[].at` is one of each contact."""
    words: Message
    value: str | None
    """What it says for this case, of a list how much is in it; None where it says nothing, "" where its own
    variables say it."""


def variables(shown: LetterFacts) -> Iterator[Variable]:
    """Every variable that a template of the letter has, those of a thing after the thing itself."""
    for name, words in VARIABLES[LetterFacts].items():
        value: object = getattr(shown, name)
        yield Variable(name=name, words=words, value=_said(value))
        if name not in _SHOWN_ONCE and (kind := _LISTED.get(name)) is not None:
            first: object = (value[0] if value else None) if isinstance(value, tuple) else value
            dots = "[]." if isinstance(value, tuple) else "."
            for inner, meaning in VARIABLES[kind].items():
                said = _said(getattr(first, inner)) if first is not None else None
                yield Variable(name=f"{name}{dots}{inner}", words=meaning, value=said)


def _said(value: object) -> str | None:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return one_line(value) or None
        case tuple():
            return ", ".join(value) if value and isinstance(value[0], str) else str(len(value))
        case Struct():
            return ""
    return None
