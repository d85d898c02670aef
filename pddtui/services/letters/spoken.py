"""What was said, as a letter says it: who, through what, the words between quotation marks, and what came of promises.

The words are those of the log, quoted once. What the app shows, what answers by itself and what somebody decided is
not called a reply. Of which side somebody is follows from the role, and else from the channel.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import structs

from pddtui.domain.case import Case, Contact, Person, Promise
from pddtui.domain.entries import Side
from pddtui.domain.rules import Rules
from pddtui.handbook.book import Handbook
from pddtui.handbook.procedure import ChannelEntry
from pddtui.services.letters.model import FailedLine, Promised, Said, Voice, letter_in
from pddtui.services.letters.words import LetterWords, told_as, unclosed, unmarked
from pddtui.services.who import side_of_role

__all__ = ["Sayings", "channel_of", "only_spoken", "quoted", "speaks_for"]

_SYSTEM = re.compile("系统|^system$", re.IGNORECASE)
_AUTOMATIC = re.compile("自动(?:回复|应答|答复)|机器人|智能(?:客服|助手)|automatic|robot|\\bbot\\b", re.IGNORECASE)
_SAYS_SYSTEM = re.compile("系统(?:自动)?(?:提示|通知|消息|显示)|system (?:notice|message)", re.IGNORECASE)
_SAYS_AUTOMATIC = re.compile("(?:系统)?自动(?:回复|应答|答复)|automatic reply|auto-?reply", re.IGNORECASE)
_SAYS_NO = re.compile(
    "(?:商家|卖家|店铺)?已?(?:驳回|拒绝)(?:申请)?(?:的?(?:理由|原因))?[为是]?|rejected|refused", re.IGNORECASE
)
_SAYS_DECISION = re.compile("(?:平台)?(?:判定|裁定|审核|处理)(?:结果|结论|意见)?[为是]?|decision", re.IGNORECASE)
_GOES_ON = r"(?:[ ]*[:：，,][ ]*(?:称(?![重量呼])|理由[是为]?|says?|because)?[:：，, ]*|(?=[“\"「]))"

_FORMS = ("platform_form", "mediation", "government", "court", "arbitration", "emergency")
"""Kinds of channels through which one files something, rather than talks."""

_BETWEEN = str.maketrans('“”"', "‘’'")


def quoted(text: str, *, closed: bool = True) -> str:
    """The text as it stands between quotation marks: on one line, no stop at its end, quotation marks inside single.

    A question or an exclamation keeps its mark where the sentence ends with the quotation, which is `closed`.
    """
    line = " ".join(text.split())
    inside = _unwrapped((unclosed if closed else unmarked)(_unwrapped(line)))
    return inside.translate(_BETWEEN) or line


def _unwrapped(text: str) -> str:
    """The text without the quotation marks around all of it."""
    wrapped = re.fullmatch(r"“([^“”]*)”|\"([^\"]*)\"|「([^「」]*)」", text)
    return next((part for part in wrapped.groups() if part), text) if wrapped is not None else text


def speaks_for(contact: Contact, channel: Side | None) -> Side | None:
    """The side of whoever spoke, where `channel` is that of the channel: an agent of the platform may join a chat."""
    if contact.direction == "out" or channel not in ("merchant", "platform", "courier", None):
        return channel
    own = side_of_role(contact.person.role or contact.person.name or "")
    return own if own in ("merchant", "platform", "courier") else channel


def channel_of(contact: Contact, case: Case) -> str | None:
    """The channel of a contact, or of the filing that it belongs to."""
    filing = next((one for one in case.filings if one.id == contact.filing), None)
    return contact.channel or (filing.channel if filing is not None else None)


def only_spoken(promise: Promise, channel: ChannelEntry | None) -> bool:
    """Whether it was only spoken; in a chat it was neither spoken nor, until they confirm it, put in writing.

    Without a channel nothing shows that it was typed.
    """
    return not promise.written and (channel is None or channel.kind == "phone")


class Sayings:
    """Reads the contacts of one case for one letter."""

    def __init__(self, case: Case, handbook: Handbook, rules: Rules, words: LetterWords, now: datetime) -> None:
        self._case, self._handbook, self._rules, self._words, self._now = case, handbook, rules, words, now

    @property
    def contacts(self) -> tuple[Said, ...]:
        """All of them, the oldest first."""
        return tuple(self._said())

    def _said(self) -> Iterator[Said]:
        words, handbook = self._words, self._handbook
        filed: set[str] = set()
        for contact in self._case.contacts:
            side = speaks_for(contact, self._rules.side(channel_of(contact, self._case)))
            channel = handbook.channels.get(contact.channel) if contact.channel else None
            letter = letter_in(contact, handbook.letters, words)
            text = " ".join(contact.summary.split())
            said = Said(
                at=self._moment(contact.at),
                mine=contact.direction == "out",
                who=self.speaker(contact)
                if contact.person.known and contact.direction == "in"
                else words.person(contact.person),
                party=self._party(side),
                channel=words.say(channel.label) if channel is not None else contact.channel,
                phone=channel is not None and channel.kind == "phone",
                substance=contact.substance,
                reply=contact.reply,
                letter=letter,
                text="" if letter is not None else unclosed(text),
                where=self._where(contact.channel),
                did=self._did(contact, channel, filed),
                voice=_voice(contact),
                side=side,
                form=channel is not None and channel.kind == "platform_form",
            )
            if said.did and text.startswith(said.did):  # they say themselves what I did, and are told as they stand
                yield structs.replace(said, did=quoted(text), quote="")
            else:
                yield structs.replace(said, quote="" if letter is not None else quoted(_without_verb(text, said)))

    def _did(self, contact: Contact, channel: ChannelEntry | None, filed: set[str]) -> str | None:
        """What I did there for the first time, as far as it is not a talk with somebody who is named; that I called."""
        if channel is None or contact.direction == "in":
            return None
        if contact.substance == "none":
            return self._words.say(channel.filed) if channel.kind == "phone" else None
        first = channel.id not in filed
        filed.add(channel.id)
        files = first and channel.kind in _FORMS and not contact.person.known
        return self._words.say(channel.filed) if files else None

    def speaker(self, contact: Contact) -> str | None:
        """Who spoke: the person, else the side; the side too where the name says only that somebody is an agent."""
        party = self._party(speaks_for(contact, self._rules.side(channel_of(contact, self._case))))
        who = self._words.person(contact.person)
        return self._words.agent_of(party, who) if party and who and contact.person.role is None else who or party

    def promised(self, contact: Contact, promise: Promise, side: Side | None) -> Promised:
        """One promise, by somebody of that side."""
        text, phrase = quoted(promise.text, closed=False), " ".join((promise.due_phrase or "").split())
        channel = self._handbook.channels.get(contact.channel)
        return Promised(
            text=text,
            at=self._moment(contact.at),
            who=self._words.person(contact.person),
            due=self._moment(promise.due) if promise.due is not None else None,
            written=promise.written,
            state=self._words.say(self._handbook.letter_file.promise_states[told_as(promise, self._now)]),
            broken=promise.overdue(self._now) or promise.state == "broken",
            party=self._party(side) if contact.channel or contact.filing else None,
            where=self._where(contact.channel),
            phrase=phrase if phrase and promise.due is not None and phrase not in text else None,
            spoken=bool(phrase),
            voice=_voice(contact),
            oral=only_spoken(promise, channel),
        )

    def failed(self, told: Mapping[str, Side], side: Side) -> FailedLine | None:
        """Why it got nowhere with that side; `told` are the contacts with it. None where the log shows no reason."""
        heard = [one for one in self._case.contacts if one.direction == "in" and told.get(one.id) == side]
        made = [(one, each) for one in heard for each in one.promises if _has_fallen_due(each, self._now)]
        agent, theirs = _most_broken(made, self._now)
        answered = [one for one in heard if one.substance == "answer"]
        if len(theirs) == 1 and answered and answered[-1].at > theirs[0][0].at:
            return None  # one promise that was overtaken by an answer is not why it failed
        if any(_unkept(each, self._now) for _, each in theirs):
            worded = [self.promised(one, each, side) for one, each in theirs]
            said = Counter((one.phrase, one.text) for one in worded)
            return FailedLine(
                who=self._agent(agent, len(theirs)) if agent is not None else self._party(side),
                same=agent is not None,
                since=self._words.day(theirs[0][0].at.astimezone(self._now.tzinfo)),
                promises=tuple({(one.phrase, one.text): one for one in worded}.values()),
                counts=tuple(said.values()),
                times=len(theirs),
                unkept=sum(_unkept(each, self._now) for _, each in theirs),
                put_off=0,
            )
        put_off = [one for one in heard if one.substance == "holding"]
        if answered or not put_off:
            return None
        since = self._words.day(put_off[0].at.astimezone(self._now.tzinfo))
        return FailedLine(
            who=self._party(side),
            same=False,
            since=since,
            promises=(),
            counts=(),
            times=0,
            unkept=0,
            put_off=len(put_off),
        )

    def _agent(self, person: Person, times: int) -> str | None:
        """Who it was; after "the same agent", in brackets, without brackets in it."""
        name = self._words.person(Person(name=person.name, role=person.role))
        number = self._words.staff_number(person.staff_no) if person.staff_no else None
        if times == 1 or not (name and number):
            return self._words.person(person)
        return f"{name}，{number}" if self._words.chinese else f"{name}, {number}"

    def _moment(self, at: datetime) -> str:
        return self._words.moment(at.astimezone(self._now.tzinfo))

    def _party(self, side: Side | None) -> str | None:
        party = self._handbook.letter_file.sides.get(side) if side is not None else None
        return self._words.say(party) if party is not None else None

    def _where(self, channel_id: str | None) -> str | None:
        channel = self._handbook.channels.get(channel_id) if channel_id else None
        return self._words.say(channel.in_letters) if channel is not None else None


def _voice(contact: Contact) -> Voice:
    if contact.direction == "out":
        return "person"
    who = contact.person.role or contact.person.name or ""
    if _AUTOMATIC.search(who) or _SAYS_AUTOMATIC.match(contact.summary):
        return "automatic"
    return "system" if _SYSTEM.search(who) or _SAYS_SYSTEM.match(contact.summary) else "person"


def _without_verb(text: str, said: Said) -> str:
    """The words without what a sentence says before them: `驳回：`, `系统提示：`, `称`, `说明`."""
    verb = {"system": _SAYS_SYSTEM, "automatic": _SAYS_AUTOMATIC}.get(said.voice)
    verb = verb or {"refused": _SAYS_NO, "decided": _SAYS_DECISION}.get(said.reply or "")
    found = re.match(
        "(?:说明|提出)[:：，,]?" if said.mine else "(?:称(?![重量呼])|表示)[:：，,]?|告知(?=[一-鿿])", text
    )
    if verb is not None and not said.mine:
        found = re.match(rf"(?:{verb.pattern}){_GOES_ON}", text, re.IGNORECASE) or found
    return text[found.end() :] or text if found is not None else text


def _has_fallen_due(promise: Promise, now: datetime) -> bool:
    return promise.state in ("kept", "broken") or promise.overdue(now)


def _unkept(promise: Promise, now: datetime) -> bool:
    return promise.state == "broken" or promise.overdue(now)


_Made = tuple[Contact, Promise]


def _most_broken(made: Sequence[_Made], now: datetime) -> tuple[Person | None, Sequence[_Made]]:
    """The agent who broke the most promises, with all of that agent's; else all, where no one broke more than one."""
    agents: dict[str, list[_Made]] = {}
    for contact, promise in made:
        person = contact.person
        if key := person.staff_no or person.name:
            agents.setdefault(key, []).append((contact, promise))
    broken = {key: sum(_unkept(each, now) for _, each in theirs) for key, theirs in agents.items()}
    worst = max(broken, key=lambda key: broken[key], default=None)
    if worst is None or broken[worst] < min(2, len(made)):
        return None, made
    return agents[worst][-1][0].person, agents[worst]
