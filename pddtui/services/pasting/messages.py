"""Pasted messages as they are decided, and which of them a case has already.

One is there already where the same words of the same side stand at the same time. A contact holds the lines of several
messages; each of its lines stands for one message only, so that a chat in which the same thing was said twice is no
shorter in the log than it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, structs

from pddtui.domain.case import Case, Contact, Direction, Person
from pddtui.domain.duetime import Due
from pddtui.domain.reply import Heard
from pddtui.domain.text import fold
from pddtui.services.inputs import NewContact
from pddtui.services.pasting.notices import Notice
from pddtui.services.who import Who

__all__ = ["PastedMeaning", "PastedMessage", "PastedPromise", "already_there"]


class PastedPromise(Struct, frozen=True, kw_only=True):
    """What a message promises, and by when."""

    text: str
    phrase: str | None = None
    due: Due | None = None


class PastedMeaning(Struct, frozen=True, kw_only=True):
    """What the words of a message say."""

    heard: Heard = Heard(None)
    demand: bool = False
    promises: tuple[PastedPromise, ...] = ()


class PastedMessage(Struct, frozen=True, kw_only=True):
    """One message, as far as it is decided."""

    at: datetime
    timed: bool
    """Whether the text says when it was; else `at` is when it was pasted."""
    direction: Direction | None
    name: str
    """Who spoke, as it is written; "" where that is not."""
    who: Who
    said: str
    channel: str | None
    notice: Notice | None = None
    there: bool = False
    """Whether the case has it already."""
    again: bool = False
    """Whether a person decided of it though the case has it already."""
    kept: bool = True
    """Whether it is to be taken, once its side is known."""
    secrets: int = 0
    meaning: PastedMeaning | None = None
    """What a person says that it means; None reads its words."""
    entered: NewContact | None = None
    """The contact that it is to be, as a person corrected it."""

    @property
    def person(self) -> Person:
        return self.who.person

    @property
    def taken(self) -> bool:
        """Whether it goes into the log as it stands."""
        return self.kept and not self.there and self.direction is not None

    @property
    def undecided(self) -> bool:
        """Whether it is to be taken and nobody knows whose it is."""
        return self.kept and not self.there and self.direction is None


_SLACK = timedelta(minutes=2)
"""A chat that is copied twice shows its times with seconds once, and once without."""
_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(days=1)
"""No contact goes on for longer."""

_BLANKS = re.compile(r"\s+")
_TELLING = 8
"""Characters by which a message without a time is known again; shorter ones only beside another that is."""


def _plain(line: str) -> str:
    return _BLANKS.sub("", fold(line))


class _Lines:
    """The lines of a contact in which no message was found yet."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self.begin = contact.at.replace(second=0, microsecond=0)
        self.end = contact.at + timedelta(minutes=contact.minutes or 0)
        wordings = (contact.summary, *(one.summary for one in contact.amendments))
        self._left = [[line for line in map(_plain, text.split("\n")) if line] for text in wordings]

    @property
    def lines(self) -> Iterator[str]:
        """Each line of each wording."""
        return (line for left in self._left for line in left)

    def may_hold(self, message: PastedMessage, slack: timedelta) -> bool:
        """Whether it is of the same side, the same person and the same time."""
        if message.direction not in (None, self.contact.direction) or not _same(message, self.contact):
            return False
        return not message.timed or self.begin - slack <= message.at < self.end + slack + _MINUTE

    def take(self, lines: Sequence[str]) -> bool:
        """Whether these stand in it, one behind the other; then they are taken."""
        count = len(lines)
        for left in self._left:
            for at in range(len(left) - count + 1):
                if left[at] == lines[0] and left[at : at + count] == list(lines):
                    del left[at : at + count]
                    return True
        return False

    def take_end(self, lines: Sequence[str]) -> int:
        """With how many of these lines, but not all, it ends; they are taken then."""
        for left in self._left:
            for count in range(min(len(left), len(lines) - 1), 0, -1):
                if left[-count:] == list(lines[:count]):
                    del left[-count:]
                    return count
        return 0


def _same(message: PastedMessage, contact: Contact) -> bool:
    """Whether it may be the same person: two names are two people."""
    spoke, known = message.person.name, contact.person.name
    if message.direction == "out" or contact.direction == "out" or not spoke or not known:
        return True
    return fold(spoke) in fold(known) or fold(known) in fold(spoke)


class _Log:
    """The contacts of a case by their lines and times."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._by_line: dict[str, list[_Lines]] = {}
        for contact in map(_Lines, contacts):  # by the time they happened
            for line in dict.fromkeys(contact.lines):
                self._by_line.setdefault(line, []).append(contact)

    def find(self, message: PastedMessage, slack: timedelta) -> _Lines | None:
        """The contact that holds the message; its lines are taken then."""
        lines = [line for line in map(_plain, message.said.split("\n")) if line]
        known = self._by_line.get(lines[0], []) if lines else []
        places = range(len(known))
        if message.timed:
            first = bisect_left(known, message.at - slack - _LONGEST, key=lambda one: one.begin)
            places = range(first, bisect_right(known, message.at + slack, key=lambda one: one.begin))[::-1]
        for place in places:
            contact = known[place]
            if contact.may_hold(message, slack) and contact.take(lines):
                if lines[0] not in contact.lines:
                    del known[place]
                return contact
        return None

    def rest(self, message: PastedMessage) -> PastedMessage:
        """What of the message is new, where a contact ends with its beginning: that was copied before all was said."""
        said = [line for line in message.said.split("\n") if _plain(line)]
        lines = [_plain(line) for line in said]
        if message.direction is None or len(lines) < 2 or _is_whole(message):
            return message
        for contact in self._by_line.get(lines[0], []):
            if (
                contact.may_hold(message, timedelta())
                and contact.end - message.at <= _SLACK
                and (count := contact.take_end(lines))
            ):
                return structs.replace(message, said="\n".join(said[count:]))
        return message


def _is_whole(message: PastedMessage) -> bool:
    """Whether no beginning is taken off it: a notice is news as a whole, and a person decided of the others."""
    decided = message.again or message.meaning is not None or message.entered is not None
    return decided or message.notice is not None or not message.timed


def already_there(messages: Iterable[PastedMessage], case: Case) -> list[PastedMessage]:
    """The messages, those that the case has told from the new ones; of one that it has begun only what is new."""
    messages = list(messages)
    if not case.contacts:
        return messages
    log = _Log(case.contacts)
    found: list[_Lines | None] = [None] * len(messages)
    for slack in (timedelta(), _SLACK):  # the nearest first
        for at, message in enumerate(messages):
            if found[at] is None:
                found[at] = log.find(message, slack)
    for at in range(len(messages)):
        while found[at] is None and (rest := log.rest(messages[at])) is not messages[at]:
            messages[at] = rest
            found[at] = log.find(rest, timedelta())
    return [structs.replace(message, there=True) if there and not message.again else message
            for message, there in zip(messages, _sure(messages, found), strict=True)]  # fmt: skip


def _sure(messages: Sequence[PastedMessage], found: Sequence[_Lines | None]) -> Iterator[bool]:
    """Whether each is there: two letters without a time may have been said at any other time, too."""
    telling = {id(contact) for message, contact in zip(messages, found, strict=True)
               if contact is not None and (message.timed or len(message.said) >= _TELLING)}  # fmt: skip
    for at, contact in enumerate(found):
        beside = (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])
        yield contact is not None and (id(contact) in telling or any(one is not None for one in beside))
