"""Tells the contacts of a case as sentences of a letter can be made of them: who, how, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact
from pddtui.domain.rules import Rules, Side
from pddtui.handbook.book import Handbook
from pddtui.message import Label
from pddtui.services.letter_facts import Said
from pddtui.services.letter_log import letter_in
from pddtui.services.letter_waits import side_of
from pddtui.services.letter_words import LetterWords, unclosed

__all__ = ["PARTIES", "before", "course", "tried"]

PARTIES: dict[Side, Label] = {
    "merchant": Label("商家", "the shop"),
    "platform": Label("平台", "the platform"),
    "courier": Label("快递企业", "the courier"),
    "payment": Label("支付机构", "the payment service"),
    "authority": Label("受理部门", "the authority"),
    "association": Label("消费者协会", "the consumers association"),
    "court": Label("受理机构", "the court"),
    "police": Label("公安机关", "the police"),
}
"""What a side is called; who reads along in public is none."""

_PARTING = 60
"""Seconds within which a contact and a filing are the same thing."""


def course(case: Case, handbook: Handbook, rules: Rules, words: LetterWords, now: datetime) -> Iterator[Said]:
    """The contacts, the oldest first."""
    for contact in case.contacts:
        side = side_of(contact, case, rules)
        party = PARTIES.get(side) if side is not None else None
        channel = handbook.channels.get(contact.channel) if contact.channel else None
        letter = letter_in(contact, words)
        yield Said(
            at=words.moment(contact.at.astimezone(now.tzinfo)),
            mine=contact.direction == "out",
            who=words.person(contact.person),
            party=words.say(party) if party is not None else None,
            channel=words.say(channel.label) if channel is not None else contact.channel,
            phone=channel is not None and channel.kind == "phone",
            substance=contact.substance,
            letter=letter,
            text="" if letter is not None else unclosed(" ".join(contact.summary.split())),
        )


def tried(case: Case, rules: Rules) -> tuple[Side, ...]:
    """The sides that it was spoken with or filed at; what was noted without a channel is taken to be the seller's."""
    spoken = (side_of(contact, case, rules) or "merchant" for contact in case.contacts)
    return tuple(dict.fromkeys([*spoken, *(side for one in case.filings if (side := rules.side(one.channel)))]))


def before(case: Case, sides: tuple[Side, ...], rules: Rules, until: datetime) -> tuple[Contact, ...]:
    """What was said between one of those sides and me before then, as far as it is not the act of filing itself."""
    filed = [one.filed_at for one in case.filings if rules.side(one.channel) in sides]
    return tuple(
        contact
        for contact in case.contacts
        if side_of(contact, case, rules) in sides
        and contact.at < until
        and not any(abs((contact.at - at).total_seconds()) < _PARTING for at in filed)
    )
