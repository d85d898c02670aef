"""What pasted messages would become: whose they are, what they say, what is there already, and what is to be asked.

Who spoke is taken from what stands over a message: me by a name that I gave, them by their role, or because they are
known in the case, or because I speak in the same chat. Nothing else is guessed: such a message has no side until a
person gives it one, and is not logged without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import structs

from pddtui.domain.case import Case, Direction, Person, Turn
from pddtui.domain.entries import Side
from pddtui.domain.fields import MYSELF
from pddtui.domain.promised import states_demand, word_of_promise
from pddtui.domain.reply import Heard, read_reply
from pddtui.domain.text import bare_number, fold
from pddtui.handbook.book import Handbook
from pddtui.handbook.pasted import PasteFile
from pddtui.services.capture import Backdrop
from pddtui.services.casebook import Casebook
from pddtui.services.inputs import NewPromise
from pddtui.services.pasting.messages import PastedMeaning, PastedMessage, PastedPromise, already_there
from pddtui.services.pasting.notices import Notice, NoticeReader
from pddtui.services.pasting.pages import OrderPage
from pddtui.services.pasting.reading import Pasted, PasteKind, PasteReader, Utterance
from pddtui.services.who import Who, read_who, side_of_role

__all__ = ["PasteProposal", "meaning_of", "promises_of", "propose", "propose_for"]


_SHOP = re.compile(r"(?:店|商城|商行|店铺|旗舰|经营部|官方|官方号|企业号)$|\b(?:shop|store)$", re.IGNORECASE)
_NUMBER_SAID = re.compile(r"工号|编号|分机|staff|#", re.IGNORECASE)
_QUOTE = re.compile(r"\s*[「“\"][^\n]{1,400}[」”\"]\s*\n(?:[\s-]{3,}\n)?")
"""What somebody else said, put over an answer to it."""
_APART = re.compile(r"[()（）\[\]【】<>《》〈〉_|｜~～-]+")
_ADDRESS = re.compile(r"\s*[<\[（(]?(?P<address>[\w.+*-]+@[\w.-]+\.[A-Za-z]{2,})[>\]）)]?\s*;?")


_A_DAY = timedelta(days=1)


class PasteProposal:
    """A paste that is being decided. Every message is a value; a decision puts another one in its place."""

    def __init__(
        self, pasted: Pasted, kind: PasteKind, messages: Iterable[PastedMessage], backdrop: Backdrop, seen_at: datetime
    ) -> None:
        """`messages` are those of the text `pasted`, which was seen at `seen_at`."""
        self.pasted = pasted
        self.kind = kind
        self.messages = list(messages)
        self.page = pasted.page
        """What is known of the order; nothing once it is left out."""
        self.backdrop = backdrop
        self.seen_at = seen_at
        self.left_out_for: str | None = None
        """The order for whose sake all of it is left out."""
        self.me: set[str] = set()
        """The names that were found to be mine, as they are written."""
        self.not_me: set[str] = set()
        """Names that were taken for mine and are not."""
        self._before: dict[str, dict[int, tuple[PastedMessage, PastedMessage]]] = {}
        """For each name that was said to be mine, the messages that got a side by it: as they were, and became."""
        self._meanings: dict[int, tuple[PastedMessage, PastedMeaning]] = {}

    @property
    def case(self) -> Case:
        return self.backdrop.case

    @property
    def other_order(self) -> str | None:
        """The number of an order that the text names and that is not the one of the case."""
        known = self.case.order.number
        named = self.page.number
        if not named or not known or "*" in known or bare_number(known).casefold() == named.casefold():
            return None
        return named

    @property
    def unread(self) -> tuple[str, ...]:
        """The lines that were not understood."""
        return self.pasted.unread

    @property
    def ahead(self) -> int:
        """How many of the messages to log are dated later than they can have been seen."""
        return sum(one.taken and one.at > self.seen_at + _A_DAY for one in self.messages)

    @property
    def undecided(self) -> int:
        return sum(message.undecided for message in self.messages)

    @property
    def secrets(self) -> int:
        """In how many places there was a one-time password."""
        return self.pasted.blotted

    @property
    def names(self) -> tuple[str, ...]:
        """The names whose side is not known, once each."""
        return tuple(dict.fromkeys(one.name for one in self.messages if one.undecided and one.name))

    def has_name(self, name: str) -> bool:
        """Whether somebody of that name speaks in it, or is written to."""
        wanted = fold(name).strip()
        names = (*self.pasted.names, *(each for one in self.pasted.utterances for each in (one.name, one.to) if each))
        there = {fold(each).strip() for each in names}
        return bool(wanted) and any(
            wanted in each if self.kind == "mail" else wanted in (each, each.partition("@")[0]) for each in there
        )

    @property
    def notice(self) -> Notice | None:
        """The newest news of a filing."""
        notices = [one.notice for one in self.messages if one.notice is not None]
        return max(notices, key=lambda one: one.at, default=None) if len({one.at for one in notices}) > 1 else next(
            iter(reversed(notices)), None
        )  # fmt: skip

    def meaning(self, at: int) -> PastedMeaning:
        """What the message at that place says."""
        message = self.messages[at]
        known = self._meanings.get(at)
        if known is None or known[0] is not message:
            known = self._meanings[at] = message, message.meaning or self._read(message)
        return known[1]

    def _read(self, message: PastedMessage) -> PastedMeaning:
        return meaning_of(message.said, message, self.backdrop)

    def set_side(self, at: int, direction: Direction | None) -> None:
        """Say whose the message is. One that has that side stays as a person corrected it."""
        message = self.messages[at]
        if message.direction == direction:
            return
        self.messages[at] = structs.replace(
            message, direction=direction, channel=self._channel(message, direction), meaning=None, entered=None
        )

    def flip(self, at: int, *, onwards: bool = False) -> None:
        """Give it the other side, theirs first; with `onwards` all from here on that have the side it has."""
        before = self.messages[at].direction
        after: Direction = "out" if before == "in" else "in"
        for place in range(at, len(self.messages) if onwards else at + 1):
            message = self.messages[place]
            if message.direction == before and message.notice is None and not message.there:
                self.set_side(place, after)

    def set_sides_from(self, at: int, direction: Direction) -> None:
        """Say whose the messages are from here on of which nobody knows it."""
        for place in range(at, len(self.messages)):
            if self.messages[place].undecided:
                self.set_side(place, direction)

    def leave_all_out(self) -> None:
        """Take none of it, and no fact of an order that is not this one."""
        self.left_out_for, self.page = self.other_order, OrderPage()
        for place in range(len(self.messages)):
            self.keep(place, kept=False)

    def this_is_me(self, name: str) -> None:
        """Take a name as mine: whoever else speaks in the chat is them. Said once more it is taken back."""
        if name in self.me:
            self.me.discard(name)
            self.not_me.add(name)
            self._not_me(name)
            return
        self.me.add(name)
        self.not_me.discard(name)
        before = list(self.messages)
        self._give(name, "out")
        self._others_are_them()
        both = enumerate(zip(before, self.messages, strict=True))
        self._before[name] = {place: (was, became) for place, (was, became) in both if was is not became}

    def _not_me(self, name: str) -> None:
        """What got a side by the name has the one that it had; theirs it is where the name was mine from the start."""
        if name not in self._before:
            self._give(name, "in")
        for place, (was, became) in self._before.pop(name, {}).items():
            message = self.messages[place]
            if message.direction == became.direction and message.entered is None:
                self.messages[place] = structs.replace(
                    message, direction=was.direction, meaning=was.meaning, entered=was.entered
                )
        if self.me:
            self._others_are_them()

    def _others_are_them(self) -> None:
        for place, message in enumerate(self.messages):
            if message.name and message.notice is None and message.direction is None:
                self.set_side(place, "in")

    def _give(self, name: str, direction: Direction) -> None:
        for place, message in enumerate(self.messages):
            if message.name == name and message.notice is None:
                self.set_side(place, direction)

    def this_is_them(self, name: str) -> None:
        """Take a name as theirs, wherever nobody knows whose it is."""
        for place, message in enumerate(self.messages):
            if message.name == name and message.direction is None:
                self.set_side(place, "in")

    def seen_in(self, case: Case) -> PasteProposal:
        """The same beside the case as another window left it: what was decided stays."""
        fresh = [structs.replace(one, there=False) for one in self.messages]
        backdrop = structs.replace(self.backdrop, case=case)
        other = PasteProposal(self.pasted, self.kind, already_there(fresh, case), backdrop, self.seen_at)
        other.me, other.not_me, other._before = self.me, self.not_me, self._before
        return other

    @property
    def channel(self) -> str | None:
        """Where the chat was: the channel of its first message that is no notice."""
        return next((one.channel for one in self.messages if one.notice is None and one.channel), None)

    @property
    def homeless(self) -> bool:
        """Whether a message would be logged of which nobody knows where it was said."""
        return any(one.taken and one.channel is None for one in self.messages)

    def set_channel(self, channel: str, instead_of: str | None = None) -> None:
        """Say where the chat was: all of its messages, or those that were `instead_of` that."""
        for place, one in enumerate(self.messages):
            if one.notice is None and instead_of in (None, one.channel):
                entered = structs.replace(one.entered, channel=channel) if one.entered is not None else None
                self.messages[place] = structs.replace(one, channel=channel, entered=entered)

    def keep(self, at: int, *, kept: bool) -> None:
        """Take the message, though the case seems to have it already, or leave it out."""
        message = self.messages[at]
        self.messages[at] = structs.replace(message, kept=kept, there=False, again=message.again or message.there)

    def put(self, at: int, message: PastedMessage) -> None:
        """Another message in its place, as a person corrected it."""
        self.messages[at] = message

    def _channel(self, message: PastedMessage, direction: Direction | None) -> str | None:
        if message.channel is not None or direction is None:
            return message.channel
        return _near(self.messages, message)


def _near(messages: Sequence[PastedMessage], message: PastedMessage) -> str | None:
    """The channel of the nearest message before it that has one, else of the first."""
    place = next((at for at, one in enumerate(messages) if one is message), len(messages))
    before = (one.channel for one in reversed(messages[:place]) if one.channel is not None)
    return next(before, None) or next((one.channel for one in messages if one.channel is not None), None)


def meaning_of(said: str, message: PastedMessage, backdrop: Backdrop) -> PastedMeaning:
    """What those words mean as a message like that one."""
    if message.direction is None:
        return PastedMeaning()
    said = _QUOTE.sub("", said, count=1) or said
    if message.direction == "out":
        return PastedMeaning(demand=states_demand(said))
    side: Side | None = backdrop.rules.side(message.channel)
    found = word_of_promise(said, message.at, backdrop.calendar)
    promises = (PastedPromise(text=found.text, phrase=found.phrase, due=found.due),) if found is not None else ()
    heard = read_reply("in", said, message.person, promised=bool(promises), side=side)
    if promises and heard.reply in ("refused", "asked"):
        promises = ()
        heard = read_reply("in", said, message.person, promised=False, side=side)
    if message.notice is not None:
        heard = _as_noticed(heard, message.notice)
    return PastedMeaning(heard=heard, promises=promises)


def _as_noticed(heard: Heard, notice: Notice) -> Heard:
    """What a notice says of a filing is an answer, however it is worded; that it was submitted is none."""
    if notice.state == "open":
        return Heard("holding")
    turn: Turn | None = "theirs" if notice.state == "accepted" else heard.turn
    if heard.substance == "answer":
        return Heard("answer", heard.reply, notice.state, turn)
    return Heard("answer", "decided", notice.state, turn)


def propose_for(
    text: str,
    case: Case,
    casebook: Casebook,
    handbook: Handbook,
    *,
    me: Iterable[str] = (),
    seen_at: datetime | None = None,
    channel: str | None = None,
) -> PasteProposal:
    """As `propose`, in that case as it is now; seen now, unless `seen_at` says otherwise."""
    backdrop = Backdrop.of(case, casebook.rules, casebook.calendar, tuple(handbook.channels))
    return propose(text, backdrop, handbook.pastes, me=me, seen_at=seen_at or casebook.now(), channel=channel)


def propose(
    text: str,
    backdrop: Backdrop,
    pastes: PasteFile,
    *,
    me: Iterable[str] = (),
    seen_at: datetime,
    channel: str | None = None,
) -> PasteProposal:
    """What the text would become in the case of the backdrop. `me` are names by which I go in chats.

    Relative times count from `seen_at`; `channel` is where all of it was said. Raises `BadInput` for a text that is
    too long.
    """
    mine = frozenset(fold(name).strip() for name in me if name.strip())
    known = [person.person.name for person in backdrop.seen if person.person.name]
    merchant = backdrop.case.merchant
    reader = PasteReader(pastes, [*MYSELF, *mine, *known, *([merchant] if merchant else [])])
    pasted = reader.read(text, seen_at)
    side = _Sides(backdrop, mine, pasted.names, pastes.their_names)
    notices = NoticeReader(pastes)
    kind = pasted.kind
    messages = [side.message(one, seen_at, channel, notices, kind) for one in pasted.utterances]
    if kind == "text" and messages and messages[0].notice is not None:
        kind = "notice"
    filled = _with_channels(messages)
    proposal = PasteProposal(pasted, kind, already_there(filled, backdrop.case), backdrop, seen_at)
    proposal.me = {one.name for one in filled if one.name and fold(one.name).strip() in mine}
    return proposal


def _with_channels(messages: Sequence[PastedMessage]) -> list[PastedMessage]:
    """Those without a channel of their own have that of the chat."""
    usual = next((one.channel for one in messages if one.channel is not None and one.notice is None), None)
    filled: list[PastedMessage] = []
    for message in messages:
        if message.channel is None and message.direction is not None:
            filled.append(structs.replace(message, channel=usual))
        else:
            usual = message.channel if message.channel is not None and message.notice is None else usual
            filled.append(message)
    return filled


class _Sides:
    """Whose the messages of one paste are."""

    def __init__(
        self, backdrop: Backdrop, mine: frozenset[str], names: Iterable[str], their_names: Iterable[str]
    ) -> None:
        self._backdrop = backdrop
        self._their_names = tuple(map(fold, their_names))
        self._mine = mine
        self._merchant = fold(backdrop.case.merchant or "")
        self._known: dict[str, tuple[Who, Direction | None]] = {}
        self._channels: dict[str, str | None] = {}
        self._i_speak = any(map(self._is_me, names))

    def message(
        self, one: Utterance, seen_at: datetime, channel: str | None, notices: NoticeReader, kind: PasteKind
    ) -> PastedMessage:
        who, direction = self._of(one, kind)
        at = one.at or seen_at
        notice = self._notice(one, at, notices, kind)
        if notice is not None:
            direction = "in"
        said = f"{one.subject}\n{one.said}".strip() if one.subject else one.said
        found = channel or (notice.channel if notice is not None else None)
        if found is None and direction == "in" and (who.side or who.seen or who.channel):
            found = self._channel_of(one.name or one.sender or "", who)
        return PastedMessage(
            at=at,
            timed=one.at is not None and one.timed,
            direction=direction,
            name=one.name or "",
            who=who,
            said=said,
            channel=found,
            notice=notice,
            kept=not (one.secrets and one.sender is not None and notice is None),  # it says nothing but the password
            secrets=one.secrets,
        )

    def _channel_of(self, name: str, who: Who) -> str | None:
        """Where somebody of that name is spoken to; looked for once for each."""
        if name not in self._channels:
            entry = self._backdrop.channel_for(who)
            self._channels[name] = entry.key if entry is not None else None
        return self._channels[name]

    def _notice(self, one: Utterance, at: datetime, notices: NoticeReader, kind: PasteKind) -> Notice | None:
        match kind:
            case "mail":
                return notices.read(f"{one.subject}\n{one.said}", one.name or "", at)
            case "text":
                found = notices.read(one.said, None, at)
                sure = found is not None and (found.reference or found.state != "open" or notices.is_sender(one.said))
                return found if sure else None
            case _:
                return notices.read(one.said, one.sender, at) if one.sender is not None else None

    def _of(self, one: Utterance, kind: PasteKind) -> tuple[Who, Direction | None]:
        if one.sender is not None:
            side = side_of_role(one.sender)
            return Who(person=Person(role=one.sender), side=side, in_chat=True, plain=False), "in"
        if not one.name:
            return Who(), None
        if kind == "mail":
            return self._of_mail(one.name, one.to)
        if one.name not in self._known:
            self._known[one.name] = self._of_name(one.name)
        return self._known[one.name]

    def _of_mail(self, sender: str, to: str) -> tuple[Who, Direction | None]:
        found = _ADDRESS.search(sender)
        address = found["address"] if found is not None else ""
        name = _ADDRESS.sub(" ", sender).strip(" \"'“”<>") or address
        who, direction = self._of_name(name)
        if self._is_me(name) or fold(address) in self._mine:
            return who, "out"
        if direction is None and any(mine in fold(to) for mine in self._mine):
            direction = "in"
        return who, direction

    def _is_me(self, name: str) -> bool:
        said = fold(name).strip()
        return bool({said, said.partition("@")[0]} & self._mine) or said in MYSELF

    def _of_name(self, name: str) -> tuple[Who, Direction | None]:
        plain = " ".join(_APART.sub(" ", name).split()) or name
        if self._is_me(name):
            return Who(person=Person(name=name)), "out"
        who = read_who(plain, self._backdrop.seen, self._backdrop.names)
        them = fold(name).strip() == self._merchant or fold(plain) == self._merchant
        shop = them or bool(_SHOP.search(plain))
        numbered = bool(who.person.staff_no and _NUMBER_SAID.search(plain))
        if who.direction == "out" or not (
            who.person.role or who.seen is not None or numbered
        ):  # a name with digits or blanks in it
            who = Who(person=Person(name=name.strip()), side="merchant" if shop else None, in_chat=shop)
        elif shop and who.side is None:
            who = structs.replace(who, side="merchant")
        theirs = them or shop or numbered or any(word in fold(name) for word in self._their_names)
        if theirs and who.side is None:
            who = structs.replace(who, side=side_of_role(plain), in_chat=True)
        if theirs or who.side is not None or who.person.role or who.seen is not None or self._i_speak:
            return who, "in"
        return who, None


def promises_of(meaning: PastedMeaning, *, written: bool) -> tuple[NewPromise, ...]:
    """The promises as they are entered."""
    return tuple(
        NewPromise(
            text=one.text,
            due_phrase=one.phrase,
            written=written,
            said_at=one.due.start if one.due is not None else None,
        )
        for one in meaning.promises
    )
