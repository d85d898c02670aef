"""What to have in view when one speaks with an addressee: one page before a call or chat, and a card beside the form.

The most important comes first, so that what a small screen cuts off can be done without. It is for my eyes only: the
order number stands whole, to be read aloud, and so does the least that I would settle for.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pddtui.domain.acts import situation_of, steps
from pddtui.domain.attention import Attention
from pddtui.domain.case import Case, Contact, Promise
from pddtui.domain.entries import SIDES, Side
from pddtui.domain.subjects import thread_words
from pddtui.domain.table import Act
from pddtui.domain.text import one_line
from pddtui.domain.threads import Thread
from pddtui.handbook.book import Handbook
from pddtui.handbook.procedure import ChannelEntry, WayIn
from pddtui.message import Message, Sum, ToneId, Value, Words, msg
from pddtui.services.playbook import wanted_evidence

__all__ = ["Addressee", "BriefRow", "addressee_through", "addressees", "brief"]

_SAID: frozenset[str] = frozenset({"tell", "log"})
"""Deeds that are done by speaking with somebody."""


class Addressee(Struct, frozen=True, kw_only=True):
    """Whom one speaks with, and through what."""

    side: Side
    channel: str | None
    thread: Thread | None = None
    """How it stands with them; None while nothing was said to them."""


class BriefRow(Struct, frozen=True, kw_only=True):
    """One thing to know."""

    label: Message
    said: tuple[Value, ...]
    """Each in a line of its own; a text is somebody's own and stays."""
    tone: ToneId = "plain"
    card: bool = True
    """Whether it is needed while one speaks, and not only before."""
    way: bool = False
    """Whether it says how they are reached, which one knows by the time that one speaks."""


def addressees(entry: Attention, first: Thread | None = None) -> tuple[Addressee, ...]:
    """Everybody with whom there may be something to speak about, the likeliest first: `first` where it is given.

    Then whoever the next acts are about or send one to, and whoever else is to act or waits for me.
    """
    found: dict[tuple[Side, str | None], Addressee] = {}

    def add(side: Side, channel: str | None, thread: Thread | None) -> None:
        found.setdefault((side, channel), Addressee(side=side, channel=channel, thread=thread))

    if first is not None and first.turn != "nobody":
        add(first.side, first.through, first)
    for step in entry.steps:
        channel = entry.rules.channels.get(step.act.channel or "") if step.act.deed in _SAID else None
        thread = entry.scene.thread(step.thread)
        if channel is not None:
            add(channel.side, channel.id, thread if thread is not None and thread.side == channel.side else None)
        elif thread is not None and thread.turn != "nobody":
            add(thread.side, thread.through, thread)
    for thread in sorted(entry.threads, key=lambda each: (not each.live, each.turn == "nobody", -each.level)):
        add(thread.side, thread.through, thread)
    return tuple(each if each.thread is not None else _standing(each, entry.threads) for each in found.values())


def addressee_through(entry: Attention, channel: str | None) -> Addressee:
    """Whom one speaks with through that channel; without one, whoever comes first."""
    known = entry.rules.channels.get(channel or "")
    if known is None:
        return addressees(entry)[0]
    own = [thread for thread in entry.threads if thread.through == known.id and thread.turn != "nobody"]
    to = Addressee(side=known.side, channel=known.id, thread=own[-1] if own else None)
    return to if own else _standing(to, entry.threads)


def _standing(to: Addressee, threads: tuple[Thread, ...]) -> Addressee:
    """With the thread of the same side in which most is still to happen."""
    same = [thread for thread in threads if thread.side == to.side]
    best = min(same, key=lambda each: (not each.live, each.turn == "nobody", -each.level), default=None)
    return Addressee(side=to.side, channel=to.channel, thread=best)


def brief(entry: Attention, to: Addressee, handbook: Handbook) -> tuple[BriefRow, ...]:
    """What to know of them and of the case, the most important first."""
    return tuple(row for row in _Brief(entry, to, handbook).rows() if row.said)


class _Brief:
    def __init__(self, entry: Attention, to: Addressee, handbook: Handbook) -> None:
        self._entry = entry
        self._case: Case = entry.case
        self._to = to
        self._handbook = handbook
        self._channel: ChannelEntry | None = handbook.channels.get(to.channel)
        self._contacts = tuple(
            sorted(
                (contact for thread in entry.threads if thread.side == to.side for contact in thread.contacts),
                key=lambda contact: contact.at,
            )
        )
        """All that was said with that side."""

    def rows(self) -> Iterator[BriefRow]:
        case, now = self._case, self._entry.scene.now
        level = self._silence_level()
        who: Words = self._channel.label if self._channel is not None else SIDES[self._to.side]
        yield BriefRow(label=msg("With"), said=(who,), tone="strong")
        yield BriefRow(label=msg("So far"), said=(self._standing(),), tone=level)
        yield from self._ways(first=True)
        yield BriefRow(label=msg("Order no."), said=(case.order.number,) if case.order.number else (), tone="strong")
        yield from self._their_number()
        yield BriefRow(label=msg("I demand"), said=self._demand())
        least = case.demand.bottom_line
        if least:
            yield BriefRow(label=msg("At least"), said=(msg("{least} (do not tell them)", least=least),))
        asked, otherwise = self._acts()
        yield BriefRow(label=msg("Ask now"), said=asked, tone="accent")
        made = [(contact, promise) for contact in self._contacts for promise in contact.promises]
        broken = [it for it in made if it[1].state == "broken"]
        late = [it for it in made if it[1].overdue(now)]
        running = [it for it in made if it[1].state == "open" and not it[1].overdue(now)]
        yield BriefRow(label=msg("Broken"), said=tuple(_told(*it) for it in broken), tone="red")
        yield BriefRow(label=msg("Overdue"), said=tuple(_told(*it) for it in late), tone="red")
        yield BriefRow(label=msg("Promised"), said=tuple(_told(*it) for it in running))
        yield BriefRow(label=msg("Tone"), said=tuple(way.words for way in self._ways_in if way.kind == "say"))
        yield BriefRow(label=msg("Other steps"), said=otherwise, card=False)
        yield BriefRow(label=msg("Last contact"), said=self._last(), card=False)
        yield from self._evidence()
        yield from self._ways(first=False)

    def _silence_level(self) -> ToneId:
        silence = self._entry.scene.silence_in(self._to.thread) if self._to.thread is not None else None
        return (silence.level if silence is not None else None) or "plain"

    def _standing(self) -> Words:
        """Whose turn it is there and since when, how long against which limit, how often I asked."""
        thread = self._to.thread
        if thread is None:
            return msg("not spoken with yet")
        _, standing, *parts = thread_words(thread, self._entry.scene.silence_in(thread), self._entry.rules)
        for part in parts:
            standing = msg("{before} · {after}", before=standing, after=part)
        return standing

    @property
    def _ways_in(self) -> tuple[WayIn, ...]:
        return self._channel.ways_in if self._channel is not None else ()

    def _ways(self, *, first: bool) -> Iterator[BriefRow]:
        """What one needs to get there; whatever else there is to know of the way comes last."""
        by_phone = any(way.kind == "phone" for way in self._ways_in)
        needed = ("phone", "hours") if by_phone else ("where", "site", "account", "hours")
        for way in self._ways_in:
            if way.kind == "say" or (way.kind in needed) != first:
                continue
            words: Words = msg("{words} (?)", words=way.words) if way.unsure else way.words
            label = msg("Where", context="way in") if way.kind == "where" else way.name
            tone: ToneId = "amber" if way.caution else "plain"
            yield BriefRow(label=label, said=(words,), card=first, way=way.kind != "phone", tone=tone)

    def _their_number(self) -> Iterator[BriefRow]:
        filing = self._to.thread.filing if self._to.thread is not None else None
        if filing is not None and filing.reference:
            yield BriefRow(label=msg("Their no."), said=(filing.reference,), tone="strong")

    def _demand(self) -> tuple[Value, ...]:
        demand = self._case.demand
        remedy = self._handbook.remedies.get(demand.remedy)
        total = Sum(demand.amount, self._case.order.currency) if demand.amount is not None else None
        if remedy is None:
            return (total,) if total is not None else ()
        return (msg("{remedy} {total}", remedy=remedy.label, total=total),) if total is not None else (remedy.label,)

    def _acts(self) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
        """The acts of that thread, the leading one first: those that are said to this side, and the others."""
        scene, thread = self._entry.scene, self._to.thread
        if thread is None:
            found = {step.act.way: step for step in self._entry.steps if step.act.channel == self._to.channel}
        else:
            found = {step.act.way: step for step in self._entry.steps if step.thread == thread.id}
            for step in steps(scene, situation_of(scene, thread)):
                found.setdefault(step.act.way, step)
        asked = tuple(step.words for step in found.values() if self._is_said_here(step.act))
        return asked, tuple(step.words for step in found.values() if not self._is_said_here(step.act))

    def _is_said_here(self, act: Act) -> bool:
        rules = self._entry.rules
        rung = rules.rung(act.rung or "")
        channel = act.channel or (rung.channels[0] if rung is not None and act.deed == "file" else None)
        if act.deed in _SAID or act.deed == "letter":
            return rules.side(channel) in (None, self._to.side)
        return act.deed == "file" and rules.side(channel) == self._to.side

    def _last(self) -> tuple[Words, ...]:
        if not self._contacts:
            return ()
        last = self._contacts[-1]
        who: Words = msg("me") if last.direction == "out" else last.person.called or msg("they")
        return (msg("{at}, {who}: {words}", at=last.at, who=who, words=one_line(last.summary)),)

    def _evidence(self) -> Iterator[BriefRow]:
        """Each kind that is there, in one line; then those that the problem asks for and that are missing."""
        kinds = self._handbook.evidence_types
        held = dict.fromkeys(record.kind for record in self._case.evidence)
        labels = tuple(kind.label for key in held if (kind := kinds.get(key)) is not None)
        if labels:
            yield BriefRow(label=msg("At hand"), said=(labels,), card=False)
        missing = tuple(want.kind.label for want in wanted_evidence(self._case, self._handbook) if not want.have)
        if missing:
            yield BriefRow(label=msg("Missing", context="evidence"), said=(missing,), tone="quiet", card=False)


def _told(contact: Contact, promise: Promise) -> Message:
    """A promise with its words, who gave it when, and the date that it meant."""
    who: Words = contact.person.called or msg("they")
    if promise.due is None:
        return msg("“{text}” {who}, on {at}, no date", text=promise.text, who=who, at=contact.at.date())
    return msg("“{text}” {who}, on {at}, due {due}", text=promise.text, who=who, at=contact.at.date(), due=promise.due)
