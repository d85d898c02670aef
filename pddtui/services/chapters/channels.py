"""The chapter of channels: how to reach whom, what it takes, and which numbers are tried in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain.rules import Side
from pddtui.handbook.book import Handbook
from pddtui.handbook.channels import Channel, ChannelKind, PhoneNumber
from pddtui.message import Message, msg
from pddtui.services.chapters.links import articles, clocks, headed, length, linked, said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["SIDES", "channel_pages"]

SIDES: Mapping[Side, Message] = {
    "merchant": msg("the merchant"),
    "platform": msg("the platform"),
    "courier": msg("the courier"),
    "authority": msg("an authority"),
    "association": msg("a consumers association"),
    "court": msg("a court or arbitrator"),
    "payment": msg("the payment provider"),
    "public": msg("the public"),
    "police": msg("the police"),
}

_KINDS: Mapping[ChannelKind, Message] = {
    "private": msg("private conversation"),
    "platform_form": msg("form of the platform"),
    "phone": msg("telephone"),
    "web": msg("website"),
    "public_or_private": msg("private message or public post"),
    "public": msg("public"),
    "mediation": msg("mediation"),
    "government": msg("authority"),
    "court": msg("court"),
    "arbitration": msg("arbitration"),
    "emergency": msg("emergency call"),
}


def channel_pages(book: Handbook) -> Iterator[Page]:
    for channel in book.channels:
        yield page_of("channels", channel, channel.id, _facts(book, channel))
    for dud in book.channel_file.not_channels:
        facts = (Fact(name=msg("Not a channel"), words=dud.reason),)
        yield page_of("channels", dud, dud.id, iter(facts), detail=msg("not a channel"))


def _facts(book: Handbook, channel: Channel) -> Iterator[Fact]:
    yield from said(msg("Beware"), channel.warn)
    if channel.display_only:
        yield from said(msg("Beware"), msg("Not for consumers. Shown so that nobody takes it for their line."))
    if channel.public:
        yield from said(msg("Beware"), msg("Everybody can read what is said there: mask it first."))
    yield from said(msg("Reaches"), SIDES[channel.side])
    yield from said(msg("Kind"), _KINDS[channel.kind])
    if channel.first:
        yield from said(msg("When"), msg("The place to begin."))
    yield from said(msg("When"), channel.when)
    yield from said(msg("Way in"), channel.entry, channel.also)
    yield from said(msg("Telephone"), channel.phone)
    for number in channel.numbers:
        yield Fact(name=msg("Telephone"), words=_claimed(number), unsure=number.conf == "low")
    if channel.numbers:
        yield from said(msg("Telephone"), msg("Sources contradict each other: check in the app before dialling."))
    yield from said(msg("Website"), channel.url)
    yield from said(msg("Account"), channel.account)
    yield from said(msg("Hours"), channel.hours, unsure=channel.unsure)
    yield from said(msg("For"), channel.purpose, channel.scope)
    yield from said(msg("Before"), channel.prereq)
    yield from said(msg("Needs"), channel.need)
    yield from said(msg("Their number"), channel.reference)
    yield from said(msg("Keep"), channel.evidence)
    yield from said(msg("Tip"), channel.tip)
    yield from said(msg("Note"), channel.note)
    yield from headed(msg("Clocks"), _clocks(book, channel))
    yield from headed(msg("Step by step"), _playbooks(book, channel))
    yield from articles(book, channel.basis)


def _claimed(number: PhoneNumber) -> Message:
    if number.contra:
        return msg("{number} (says {src}; not so {contra})", number=number.number, src=number.src, contra=number.contra)
    return msg("{number} (says {src})", number=number.number, src=number.src)


def _clocks(book: Handbook, channel: Channel) -> Iterator[Fact]:
    if channel.clock is not None:
        yield from clocks(book, (channel.clock,), msg("Starts"))
    for limit in book.quiet:
        if limit.channel == channel.id:
            words = msg("amber after {amber}, red after {red}", amber=length(limit.amber), red=length(limit.red))
            yield Fact(name=msg("Quiet"), words=words, to=f"quiet/{limit.id}")


def _playbooks(book: Handbook, channel: Channel) -> Iterator[Fact]:
    ids = [playbook.id for playbook in book.playbooks if playbook.channel == channel.id]
    return linked(None, "playbooks", book.playbooks, ids)
