"""A contact typed in one line: `李 主管 8842: 三个工作日内退款; by Wed`, `me: asked for the refund`, `平台 客服12：…`.

What stands before the first colon says who, where and when; the rest is what was said, and behind the last semicolon
there may be by when, or what was promised. Every word of a line ends up in the contact. What can be told from the
words, what it was, whose turn it makes it, whether it promises something, is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case, Direction, Person
from pddtui.domain.duetime import Due
from pddtui.domain.entries import Side
from pddtui.domain.phrases.due import parse_due
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.promised import gives_something, states_demand, word_of_promise
from pddtui.domain.rules import Rules
from pddtui.domain.secrets import refuse_secrets
from pddtui.domain.text import clean, fold, one_line
from pddtui.domain.workdays import Calendar
from pddtui.errors import Refused
from pddtui.handbook.procedure import ChannelEntry
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.inputs import NewContact, NewPromise
from pddtui.services.people import SeenPerson
from pddtui.services.suggestion import ContactSuggestion, suggest, turn_to_keep
from pddtui.services.who import Who, channel_names, read_who

__all__ = ["BREAK", "Backdrop", "Captured", "captured", "completion"]

BREAK = "⏎"
"""Stands in the line for the end of a line that was pasted."""


class Backdrop(Struct, frozen=True, kw_only=True):
    """What a line is read against: the case it is for, and who and what may be named in it."""

    case: Case
    rules: Rules
    calendar: Calendar
    seen: Sequence[SeenPerson]
    """The people of the case."""
    channels: Mapping[str, ChannelEntry]
    names: Mapping[str, str]
    """What the channels may be called; see `channel_names`."""

    @classmethod
    def of(cls, case: Case, rules: Rules, calendar: Calendar, channels: Sequence[ChannelEntry]) -> Backdrop:
        """The backdrop of a case as it is now."""
        return cls(
            case=case,
            rules=rules,
            calendar=calendar,
            seen=people.people_seen([case], case.id),
            channels={channel.key: channel for channel in channels},
            names=channel_names(channels),
        )

    def channel_for(self, who: Who) -> ChannelEntry | None:
        """Where it was: as named, else where that person or that side was spoken to last, else where they are found."""
        if who.channel is not None:
            return self.channels.get(who.channel)
        contacted = [contact.channel for contact in reversed(self.case.contacts) if contact.channel]
        used = [who.seen.channel if who.seen is not None else None, *contacted, people.last_channel(self.case)]
        known = [self.channels[key] for key in used if key is not None and key in self.channels]
        side = who.side or (known[0].side if known else None)
        return next((each for each in known if _fits(each, side, who)), None) or self._first(side, who)

    def _first(self, side: Side | None, who: Who) -> ChannelEntry | None:
        """The first channel of the handbook on which that side can be spoken to."""
        offered = [each for each in self.channels.values() if each.side == side and not each.display_only]
        kind = "phone" if who.by_phone else "private"
        wanted = [each for each in offered if each.kind == kind]
        return next(iter(wanted or ([] if who.by_phone else offered)), None)


def _fits(channel: ChannelEntry, side: Side | None, who: Who) -> bool:
    if channel.side != side:
        return False
    return channel.kind == "phone" if who.by_phone else not (who.in_chat and channel.kind != "private")


class Captured(Struct, frozen=True, kw_only=True):
    """What a line says."""

    direction: Direction
    person: Person
    known: bool
    """Whether the person was seen before, and brought role or number."""
    channel: ChannelEntry | None
    when: str
    """The words that say when it was, "" where none do."""
    at: datetime
    said: str
    promise: str
    due_phrase: str
    due: Due | None
    """What the phrase means, counted from the contact."""
    own_day: Due | None
    """The day that a line of mine ends in: nobody's promise, so that it stays in the words."""
    demand: bool
    by_phone: bool
    suggestion: ContactSuggestion
    faults: tuple[Refused, ...]
    """Why it cannot be saved as it stands, by the names of the fields of the contact form."""
    missing: tuple[Message, ...]
    """What was looked for and not found; it can be saved without."""

    def values(self) -> Mapping[str, str]:
        """What the fields of the contact form are filled with; what is proposed there anyway is left out."""
        person = self.person
        return {
            "direction": self.direction,
            "at": self.when,
            "name": person.name or "",
            "role": person.role or "",
            "staff_no": person.staff_no or "",
            "said": self.said,
            "promise": self.promise,
            "due": self.due_phrase,
        }

    def contact(self, case: Case, rules: Rules) -> NewContact:
        """The contact to log. Raises the first of the faults."""
        if self.faults:
            raise self.faults[0]
        heard, written = self.suggestion.heard, self.suggestion.written
        promises = (
            (NewPromise(text=self.promise, due_phrase=self.due_phrase or None, written=written == "received"),)
            if self.promise
            else ()
        )
        return NewContact(
            direction=self.direction,
            said=self.said,
            at=self.at,
            channel=self.channel.key if self.channel is not None else None,
            person=self.person,
            substance=heard.substance,
            reply=heard.reply,
            demand=self.demand,
            written=written,
            promises=promises,
            turn=turn_to_keep(case, rules, self.direction, heard, self.suggestion.turn),
        )


_COLON = re.compile(r"[:：]")
_CLOCK = re.compile(r"(?:^|[\s,，午晚早上天日夜晨])(\d{1,2})$")
_OF_A_NUMBER = re.compile(r"(?:工号|编号|分机|staff no\.?|staff number|no\.)\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?;；~…]|(?<!\bno)(?<!\bmr)(?<!\bms)(?<!\bdr)\.\s|https?$", re.IGNORECASE)
_NO_NAME = re.compile(
    r"方案|结果|问题|原因|订单|单号|时间|备注|工单|要求|诉求|内容|回复|说明|通知|如下|情况|金额|地址|退款|商品|注意|提示|规则|记录|快递单"
    r"|\b(?:note|re|fwd|result|order|ticket|ps|update|summary|today|yesterday|answer|question|reason|subject|amount|refund"
    r"|total|following|that|is|was|will|have|has)\b",
    re.IGNORECASE,
)
"""Words that end in a colon and are nobody's name."""
_LONGEST_HEAD, _LONGEST_NAME, _MOST_NAMES, _LONGEST_WHEN = 60, 5, 3, 4

_I_DID = re.compile(
    r"我(?:要求|问|催|说|申请|提出|发|打|告知|询问|投诉|再|已|又|寄|提交|上传|联系|拒绝|不同意|同意)"
    r"|i (?:asked|told|called|wrote|sent|demanded|requested|chased|said|refused|accepted|reminded|returned)\b",
    re.IGNORECASE,
)
"""How I begin to say what I did, where nobody is named."""

_PROMISES = re.compile(
    r"\s*(?:they\s+)?(?:promise[sd]?(?:\s+to)?|承诺|答应|保证|许诺)\s*[:：]?\s*(?P<text>.+)", re.IGNORECASE | re.DOTALL
)
_BY = re.compile(r"\s*(?:(?:by|due|before|until|till|within|no later than)\b|最[晚迟]|截止|期限|到期)", re.IGNORECASE)
_BY_WHAT = re.compile(
    r"\s*by\s+(?:phone|mail|e-?mail|chat|message|hand|post|courier|express|wechat|me|them|mistake)\b", re.IGNORECASE
)
_LONGEST_PHRASE = 40


def captured(line: str, backdrop: Backdrop, now: datetime) -> Captured:
    """What the line says when it is typed at `now`. Reads anything: what is wrong with it stands in `faults`."""
    text = clean(line).replace(BREAK, "\n").strip()
    head, words = _apart(text, backdrop, now)
    reading = _Line(backdrop, now, head, words)
    return reading.result()


def completion(line: str, seen: Sequence[SeenPerson]) -> str:
    """The rest of the name that is being typed, with its colon, where only one known person has it; else ""."""
    if not line or _COLON.search(line) or line != line.lstrip():
        return ""
    token = re.split(r"[\s,，]+", line)[-1]
    names = {each.person.name for each in seen if each.person.name and fold(each.person.name).startswith(fold(token))}
    if not token or len(names) != 1:
        return ""
    rest = names.pop()[len(token) :]
    return f"{rest}{': ' if line.isascii() and rest.isascii() else '：'}" if rest else ""


def _apart(text: str, backdrop: Backdrop, now: datetime) -> tuple[str, str]:
    """What stands before the colon that ends who it was, and what behind it; "" before where there is no such colon."""
    first = text.split("\n", 1)[0][: _LONGEST_HEAD * 2]
    for colon in _COLON.finditer(first):
        head, behind = first[: colon.start()], text[colon.end() :]
        clock = _CLOCK.search(head)
        if clock is not None and re.match(r"\d{2}(?!\d)", behind):
            continue
        if _OF_A_NUMBER.search(head):
            continue
        return (head, behind.strip()) if _names_somebody(head, backdrop, now) else ("", text)
    return "", text


def _names_somebody(head: str, backdrop: Backdrop, now: datetime) -> bool:
    """Whether these words say who, where or when, and are no sentence that has a colon in it."""
    if not head.strip() or len(head) > _LONGEST_HEAD or _SENTENCE.search(head):
        return False
    phrase, rest, _ = _when(head, now)
    who = read_who(rest, backdrop.seen, backdrop.names)
    if who.plain and phrase and not who.person.name:
        return True
    names = (who.person.name or "").split()
    if who.seen is None and (len(names) > _MOST_NAMES or any(_too_long(name) for name in names)):
        return False
    return not (who.plain and (_NO_NAME.search(head) or not names or not re.search(r"[^\W\d_]", head)))


def _too_long(name: str) -> bool:
    return len(name) > (20 if name.isascii() else _LONGEST_NAME)


def _when(head: str, now: datetime) -> tuple[str, str, Refused | None]:
    """The words in front that say when, what stands behind them, and what is wrong with them."""
    tokens = re.split(r"(?<=\s)", head.strip())
    most = min(len(tokens), _LONGEST_WHEN)
    parts = [(tokens[:count], tokens[count:]) for count in range(most, 0, -1)]
    parts += [(tokens[-count:], tokens[:-count]) for count in range(most, 0, -1)]
    for said, rest in parts:
        phrase = "".join(said).strip(" ,，")
        if phrase and not phrase.isdecimal() and _is_moment(phrase, now):
            return phrase, "".join(rest), None
    first = tokens[0].strip(" ,，")
    if re.fullmatch(r"\d{1,2}[:：]\d{2}|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,2})?", first):
        try:
            parse_when(first, now)
        except Refused as refused:
            return first, "".join(tokens[1:]), Refused(refused.message, field="at")
    return "", head.strip(), None


def _is_moment(phrase: str, now: datetime) -> bool:
    try:
        parse_when(phrase, now)
    except Refused:
        return False
    return True


class _Line:
    """One line while it is being read."""

    def __init__(self, backdrop: Backdrop, now: datetime, head: str, words: str) -> None:
        self._backdrop = backdrop
        self._faults: list[Refused] = []
        self._when, who, wrong = _when(head, now)
        if wrong is not None:
            self._faults.append(wrong)
        self._at = parse_when(self._when, now) if self._when and wrong is None else now
        self._who = read_who(who, backdrop.seen, backdrop.names)
        self._words = words
        self._all = f"{head}：{words}"
        self._direction: Direction = self._who.direction or ("out" if not head and _I_DID.match(words) else "in")
        self._promise = self._phrase = ""
        self._due: Due | None = None
        self._own_day: Due | None = None

    def result(self) -> Captured:
        self._read_tail()
        channel = self._backdrop.channel_for(self._who)
        if not self._promise and not self._phrase and self._direction == "in":
            self._find_promise()
        said = self._words or self._promise
        demand = self._direction == "out" and states_demand(said)
        by_phone = self._who.by_phone or (channel is not None and channel.kind == "phone")
        person = self._who.person
        suggestion = suggest(
            self._backdrop.case,
            self._backdrop.rules,
            direction=self._direction,
            said=said,
            person=person,
            promised=bool(self._promise),
            demand=demand,
            channel=channel,
            by_phone=by_phone,
        )
        self._check(said)
        return Captured(
            direction=self._direction,
            person=person,
            known=self._who.seen is not None,
            channel=channel,
            when=self._when,
            at=self._at,
            said=said,
            promise=self._promise,
            due_phrase=self._phrase,
            due=self._due,
            own_day=self._own_day,
            demand=demand,
            by_phone=by_phone,
            suggestion=suggestion,
            faults=tuple(self._faults),
            missing=tuple(self._missing()),
        )

    def _read_tail(self) -> None:
        """Take by when, and what was promised, from behind the last semicolons."""
        parts = re.split(r"[;；]", self._words)
        tail = parts[-1].strip()
        theirs = self._direction == "in" or any(_PROMISES.fullmatch(part) for part in parts[1:])
        dated = len(parts) > 1 and theirs and self._takes_date(tail)
        if dated:
            parts.pop()
        elif len(parts) > 1 and not theirs:
            self._own_day = self._day_in(tail)
        if len(parts) > 1 and (found := _PROMISES.fullmatch(parts[-1])) is not None:
            self._promise = one_line(found["text"])
            parts.pop()
        if dated or self._promise:
            self._words = _rejoined(self._words, parts)
        if dated and not self._promise:
            spoken = word_of_promise(self._words, self._at, self._backdrop.calendar)
            self._promise = spoken.text if spoken is not None else one_line(self._words)
        elif self._promise and not dated:
            spoken = word_of_promise(self._promise, self._at, self._backdrop.calendar)
            if spoken is not None:
                self._phrase, self._due = spoken.phrase, spoken.due

    def _takes_date(self, tail: str) -> bool:
        """Whether the words are by when something is due; a fault where they say so and name no date."""
        bare = re.sub(r"^(?:promised|承诺|答应)\s*", "", tail)
        if not _may_be_date(tail) or gives_something(bare):
            return False
        try:
            self._due = parse_due(tail, self._at, self._backdrop.calendar)
        except Refused as refused:
            if not _BY.match(tail):
                return False
            self._faults.append(Refused(refused.message, field="due", position=refused.position))
        self._phrase = tail
        return True

    def _day_in(self, tail: str) -> Due | None:
        """By when something is due, where the words say only that."""
        try:
            return parse_due(tail, self._at, self._backdrop.calendar) if _may_be_date(tail) else None
        except Refused:
            return None

    def _find_promise(self) -> None:
        spoken = word_of_promise(self._words, self._at, self._backdrop.calendar)
        if spoken is not None:
            self._promise, self._phrase, self._due = spoken.text, spoken.phrase, spoken.due

    def _check(self, said: str) -> None:
        person = self._who.person
        if self._who.unknown is not None:
            wrong = msg(
                "“@{name}” is no channel: name one, such as {example}.", name=self._who.unknown, example="@12315"
            )
            self._faults.append(Refused(wrong, field="channel"))
        if not re.search(r"\w", said):
            self._faults.append(Refused(msg("What was said is missing: write it behind the colon."), field="said"))
        typed = {"name": person.name, "role": person.role, "staff_no": person.staff_no, "said": said}
        for field, text in {**typed, "promise": self._promise, "line": self._all}.items():
            try:
                refuse_secrets(text or "", field)
            except Refused as refused:
                self._faults.append(refused)
                break

    def _missing(self) -> list[Message]:
        missing: list[Message] = []
        if self._direction == "in" and not self._who.person.known:
            missing.append(msg("who"))
        if self._promise and not self._phrase:
            missing.append(msg("by when"))
        return missing


def _may_be_date(tail: str) -> bool:
    return bool(tail) and len(tail) <= _LONGEST_PHRASE and "\n" not in tail and _BY_WHAT.match(tail) is None


def _rejoined(words: str, parts: Sequence[str]) -> str:
    """The beginning of the words that is as long as those parts with what stood between them."""
    return words[: sum(len(part) for part in parts) + max(0, len(parts) - 1)].strip()
