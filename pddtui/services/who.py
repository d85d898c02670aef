"""Who a contact was with, as it is typed in one piece: `李 主管 8842`, `平台客服12`, `me to the shop`, `店铺客服小A`.

Name, role and staff number are told apart by what they look like, in any order; a side or a channel may stand among
them. Whoever was seen before under the same name brings the rest. What stands in quotes is a name as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct, structs

from pddtui.domain.case import Direction, Person
from pddtui.domain.entries import Side
from pddtui.domain.names import ROLE, is_role
from pddtui.domain.text import fold, halfwidth, one_line
from pddtui.handbook.procedure import ChannelEntry
from pddtui.services.people import SeenPerson

__all__ = ["Who", "channel_names", "read_who", "same_person", "side_of_role"]


class Who(Struct, frozen=True, kw_only=True):
    """What was read of who spoke, or was spoken to."""

    person: Person = Person()
    direction: Direction | None = None
    """`out` where I am named as the one who spoke; None where nothing says so."""
    side: Side | None = None
    """Who the role belongs to, where it says so."""
    channel: str | None = None
    """A channel that is named, by id."""
    by_phone: bool = False
    in_chat: bool = False
    """Whether it was, as said or by the role, a chat and no form."""
    seen: SeenPerson | None = None
    """The known person whom the name or number belongs to."""
    plain: bool = True
    """Whether nothing in it is anything but a name that nobody knows: then it may be no person at all."""
    unknown: str | None = None
    """What was typed as a channel, behind @, and is none."""


_ROLE_ALONE, _ROLE_FIRST, _ROLE_LAST = (
    re.compile(ROLE),
    re.compile(f"(?P<role>{ROLE})(?P<name>[^\\s]{{1,6}})"),
    re.compile(f"(?P<name>[^\\s]{{1,4}}?)(?P<role>{ROLE})"),
)

_ENGLISH_ROLES = frozenset((
    *("agent", "rep", "representative", "supervisor", "manager", "specialist", "officer", "clerk", "operator"),
    *("owner", "boss", "bot", "robot", "system", "support", "service", "customer", "staff"),
    *("team", "lead", "leader", "courier", "driver", "merchant", "seller", "shop", "store"),
    *("platform", "official", "pdd", "pinduoduo", "bank", "mediator", "judge", "warehouse", "hotline"),
    *("desk", "help", "dispatcher", "senior", "duty", "regulator", "association", "court"),
))  # fmt: skip
_SMALL = frozenset(["the", "a", "an", "at", "of", "from", "with", "by", "in", "的", "和"])
"""Words that join the others and mean nothing here."""

_SIDES: tuple[tuple[Side, str], ...] = (
    ("courier", "快递|物流|网点|派件|courier|driver|dispatcher"),
    ("payment", "支付|银行|bank|payment"),
    ("authority", "市场监管|监管|市监|承办人|所长|科员|regulator|officer"),
    ("association", "消协|消费者协会|association"),
    ("court", "法院|法官|书记员|court|judge"),
    ("police", "民警|派出所"),
    ("merchant", "店|商家|卖家|掌柜|老板|仓库|厂家|merchant|seller|shop|store|owner|boss|warehouse"),
    ("platform", "平台|拼多多|多多|官方|platform|official|pdd|pinduoduo"),
)

_TALKS = re.compile("客服|坐席|座席|小二|助手|机器人|agent|rep|service|support|bot")
"""Roles of those who answer in a chat, where it was not on the phone."""

_NUMBER = re.compile(r"(?:#|no\.?|id)?(?P<number>[*×x]{0,6}[A-Za-z]{0,3}-?[*×]{0,6}\d{1,12})号?", re.IGNORECASE)
_NUMBER_SAID = re.compile(
    r"(?:工号|编号|分机|ext\.?|staff no\.?|staff number|no\.|staff|#)\s*[:：]?\s*(?=[*#]?[A-Za-z]{0,3}[*\d])",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(r"(?P<rest>.*?[^\d*A-Za-z#-])#?(?P<number>[*]{0,6}[A-Za-z]{0,2}\d{1,12})号?")

_ME = r"(?:me|i|我|本人|我方|myself)"
_MINE = re.compile(
    rf"{_ME}(?![们司们店家a-z])\s*"
    r"(?:(?:->|→|>|(?:told|asked|wrote to|called|to)(?![a-z])|对|跟|和|向|给|问|找|催|告诉|联系|打给|致电)\s*)?"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)
_TOWARDS = re.compile(r"(?:->|→|>|to\s)\s*(?P<rest>.+)", re.IGNORECASE)
_FROM = re.compile(r"(?:<-|←|<|from\s)\s*(?P<rest>.+)", re.IGNORECASE)
_SAYS = re.compile(
    r"\s*(?:说道?|称|表示|[答回]复(?:我|说|称)?|答|讲|问|告知|通知|回|告诉我)$"
    r"|\s+(?:says?|said|replied|wrote|answered|told me|asked(?: me)?)$",
    re.IGNORECASE,
)
_SOMEBODY = frozenset(["他", "她", "他们", "对方", "我们", "they", "he", "she", "them", "we", "it", "有人"])
"""Words for whoever it was: a direction, and no name."""

_PHONE = frozenset(["电话", "来电", "去电", "通话", "打电话", "phone", "call", "tel", "by-phone", "hotline", "热线"])
_CHAT = frozenset(["聊天", "在线", "chat", "留言", "message"])
_QUOTED = re.compile(r"[“\"「『](?P<name>[^”\"」』]{1,40})[”\"」』]")
_LONGEST_NAME = 4
"""Tokens that the name of a channel may have."""


def channel_names(channels: Iterable[ChannelEntry]) -> Mapping[str, str]:
    """What each channel may be called, folded, with its id: its names, their parts, and its short number."""
    names: dict[str, str] = {}
    for channel in sorted(channels, key=lambda each: each.side != "authority"):  # 12315 is the office, not its scheme
        if channel.display_only:
            continue
        said = [channel.key, channel.label.zh, channel.label.en, channel.phone or ""]
        parts = [part for label in said for part in re.split(r"[(（)）/、,，“”]", label)]
        numbers = [number for label in said for number in re.findall(r"(?<!\d)\d{5}(?!\d)", label)]
        for name in (*said, *parts, *numbers):
            folded = fold(name).strip()
            if len(folded) > 1 and not _ROLE_ALONE.fullmatch(folded) and folded not in _ENGLISH_ROLES | _PHONE | _CHAT:
                names.setdefault(folded, channel.key)
    return names


@cache
def _whole(words: str) -> str:
    """The alternatives with each Latin word meant whole: Courtney is no court."""
    return re.sub("[a-z]+", r"(?<![a-z])\g<0>(?![a-z])", words)


def side_of_role(role: str) -> Side | None:
    """The side that a role names, `店铺客服` the shop's; None for one that anybody may have."""
    said = fold(role)
    return next((side for side, words in _SIDES if re.search(_whole(words), said)), None)


def read_who(typed: str, seen: Sequence[SeenPerson], channels: Mapping[str, str]) -> Who:
    """What the words say of who it was; `channels` as `channel_names` gives them. Reads anything, refuses nothing."""
    text = one_line(typed)
    direction: Direction | None = None
    quoted = _QUOTED.search(text)
    name = quoted["name"].strip() if quoted is not None else ""
    if quoted is not None:
        text = f"{text[: quoted.start()]} {text[quoted.end() :]}".strip()
    text = _SAYS.sub("", text).strip()
    if (mine := _MINE.fullmatch(text)) is not None:
        direction, text = "out", mine["rest"]
    elif (towards := _TOWARDS.fullmatch(text)) is not None:
        direction, text = "out", towards["rest"]
    elif (heard := _FROM.fullmatch(text)) is not None:
        direction, text = "in", heard["rest"]
    if fold(text) in _SOMEBODY:
        direction, text = direction or "in", ""
    reading = _Reading(seen, channels, name)
    reading.take(_NUMBER_SAID.sub(" #", text))
    who = reading.who()
    return structs.replace(who, direction=direction, plain=who.plain and direction is None)


class _Reading:
    """Takes the tokens one after the other."""

    def __init__(self, seen: Sequence[SeenPerson], channels: Mapping[str, str], name: str) -> None:
        self._seen = seen
        self._channels = channels
        self._names: list[str] = [name] if name else []
        self._quoted = bool(name)
        self._roles: list[str] = []
        self._number: str | None = None
        self._channel: str | None = None
        self._unknown: str | None = None
        self._phone = self._chat = False

    def take(self, text: str) -> None:
        tokens = [token for token in re.split(r"[\s,，、/·|]+", text) if token]
        at = 0
        while at < len(tokens):
            used = self._several(tokens[at:])
            if not used:
                self._one(tokens[at])
                used = 1
            at += used

    def _several(self, tokens: Sequence[str]) -> int:
        """How many of the tokens together name a known person or a channel; 0 where none do."""
        for count in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
            said = fold(" ".join(tokens[:count]))
            if any(said == fold(each.person.name or "") for each in self._seen):
                self._names += tokens[:count]
                return count
            if (channel := self._channels.get(said)) is not None:
                self._channel = channel
                return count
        return 0

    def _one(self, token: str) -> None:
        said = fold(token)
        number = _NUMBER.fullmatch(halfwidth(token))
        if token.startswith("@") and len(token) > 1:
            self._channel = self._channels.get(said[1:])
            self._phone = self._phone or said[1:] in _PHONE
            self._chat = self._chat or said[1:] in _CHAT
            if self._channel is None and not (self._phone or self._chat):
                self._unknown = token[1:]
        elif said in _SMALL:
            pass
        elif said in _PHONE:
            self._phone = True
        elif said in _CHAT:
            self._chat = True
        elif number is not None and self._number is None:
            self._number = number["number"].replace("×", "*")
        elif said in _ENGLISH_ROLES or _ROLE_ALONE.fullmatch(token):
            self._roles.append(token)
        else:
            self._glued(token)

    def _glued(self, token: str) -> None:
        """A token in which name, role and number stand without a space."""
        last = _NUMBER_LAST.fullmatch(halfwidth(token)) if self._number is None else None
        if last is not None and not token.isascii():
            self._number = last["number"]
            self._one(token[: len(last["rest"])])
            return
        split = _ROLE_FIRST.fullmatch(token) or _ROLE_LAST.fullmatch(token)
        if split is not None and is_role(token):  # 智能客服 is a kind of agent, and 客服部 an office
            self._roles.append(token)
        elif split is not None:
            self._roles.append(split["role"])
            if not self._several([split["name"]]):
                self._names.append(split["name"])
        else:
            self._names.append(token)

    def who(self) -> Who:
        person = Person(name=" ".join(self._names) or None, role=_joined(self._roles) or None, staff_no=self._number)
        seen = None if self._quoted else same_person(person, self._seen)
        if seen is not None:
            known = seen.person
            person = Person(
                name=known.name or person.name,
                role=person.role or known.role,
                staff_no=person.staff_no or known.staff_no,
            )
        role = fold(person.role or "")
        side = side_of_role(role)
        named = (self._roles, self._number, self._channel, self._phone, self._chat, self._unknown, seen, self._quoted)
        return Who(
            person=person,
            side=side,
            channel=self._channel,
            by_phone=self._phone,
            in_chat=self._chat or (not self._phone and bool(_TALKS.search(role))),
            seen=seen,
            plain=not any(named),
            unknown=self._unknown,
        )


def _joined(roles: Sequence[str]) -> str:
    """`平台` and `客服` are 平台客服; `shop` and `agent` are two words."""
    text = ""
    for role in roles:
        text += f" {role}" if text and (role.isascii() or text[-1:].isascii()) else role
    return text


def same_person(person: Person, seen: Iterable[SeenPerson]) -> SeenPerson | None:
    """The one known person who has that name, or else that number, and nothing else than what is said of them.

    None where two could be meant, or where the name is known under another number.
    """
    fitting = [
        each
        for each in seen
        if ((person.name and fold(each.person.name or "") == fold(person.name))
            or (not person.name and person.staff_no and each.person.staff_no == person.staff_no))
        and (not person.staff_no or each.person.staff_no in (None, person.staff_no))
        and (not person.role or each.person.role is None or _alike(each.person.role, person.role))
    ]  # fmt: skip
    if not fitting:
        return None
    first, *others = fitting
    return first if not others or (first.here and not any(each.here for each in others)) else None


def _alike(one: str, other: str) -> bool:
    """Whether one role is the other said in fewer words: 客服 and 店铺客服."""
    one, other = fold(one), fold(other)
    return one in other or other in one
