"""The fields of a case and of what is in it: what each is called, what stands in it, who enters it, who may read it.

Forms, `add`, `edit`, the three-way merge, the history, the facts that are shown, exports, imports and masks read
these tables. A field that stands in none of them is masked like any other text, and `tests/domain/test_fields.py` asks
for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Final, Literal, TypeVar

from msgspec import Struct, structs

from pddtui.domain.case import (
    Amendment,
    Case,
    Clash,
    Complainant,
    Contact,
    Evidence,
    Filing,
    FollowUp,
    Override,
    Promise,
)
from pddtui.domain.history import Change
from pddtui.message import Message, msg

__all__ = [
    "CASE",
    "CONTACT",
    "EVIDENCE",
    "FIELDS",
    "HARMLESS",
    "MYSELF",
    "PROMISE",
    "ChoiceTable",
    "FactGroup",
    "Hidden",
    "Kind",
    "StoredField",
    "Values",
    "edited",
    "fields_along",
    "fields_of",
    "value_of",
    "values_of",
    "with_values",
]

Kind = Literal[
    "line",
    "text",
    "tags",
    "sum",
    "moment",
    "choice",
    "code",
    "flag",
    "count",
    "limits",
    "id",
    "made",
    "complainant",
    "length",
    "things",
]
"""What stands in a field: a line or several of somebody's words; tags; a sum in the currency of the order; a moment;
an id of the handbook; a word of the program; yes or no; a number; my own silence limits; an id that the program gave;
what was made from a file; somebody for whom a case is kept; a length of time; something that has fields of its own."""

HARMLESS: Final[Mapping[Kind, str]] = {
    "choice": "everybody has the handbook it is from",
    "code": "it is one of a few words of the program",
    "limits": "it is two lengths of time",
    "length": "it is a length of time",
    "id": "the program gave it, and it says nothing of anybody",
    "made": "it is the hash of a file, or its type",
}
"""The texts that no mask looks at, and why. All others are masked."""

Hidden = Literal["words", "name", "phone", "address", "staff_no", "order", "waybill", "reference", "all"]
"""How a text that is not harmless is masked: `words` are searched for what is private; `all` goes at every level,
whatever it is; the others are nothing but a private value of that kind."""

ChoiceTable = Literal["problems", "remedies", "outcomes", "channels", "ladder", "evidence_types"]
"""The table of the handbook that a choice is from."""

FactGroup = Literal["matter", "demand", "end"]
"""What a fact of a case is about: the parties and the order, what I want, how it ended."""

MYSELF: Final = ("me", "myself", "我", "本人", "自己")
"""What a person types for a case that is nobody else's."""

Values = Mapping[str, object]
"""The values of fields by their names."""

Thing = TypeVar("Thing", bound=Struct)


class StoredField(Struct, frozen=True, kw_only=True):
    """One field of a thing."""

    place: str
    """From the thing down: `order.amount`."""
    kind: Kind = "line"
    label: Message | None = None
    """What a person reads before the value. None only where nobody ever reads it so."""
    word: Message | None = None
    """What it is called inside a sentence and in the history, where that is not the label."""
    entry: str = ""
    """Its name where it is entered, if that is not the last part of the place."""
    catalogue: ChoiceTable | None = None
    hidden: Hidden = "words"
    of: type[Struct] | None = None
    """What the things are that stand there, where they have tables of their own."""

    new: bool = False
    """It can be given when the thing is entered."""
    edited: bool = False
    """It can be corrected later, and so by two windows at once."""
    asked: bool = True
    """The form asks for what can be given."""
    example: Message | str = ""
    """What is typed into it, shown while nothing is."""
    needed: bool = False
    """It is never empty: what stands there can be corrected, but not taken away."""
    ahead: bool = False
    """A moment that is to come: it is typed as by when, and not as when it was."""
    option: str = ""
    """The option of `add` and `edit`; "" for one made of the name."""
    metavar: str = "TEXT"
    help: Message | None = None
    """What the option is for, where the label does not say it."""

    group: FactGroup | None = None
    """Where it belongs among the facts of a case; None where it is not one of them."""
    printed: bool = True
    """It stands in a dossier, which goes to those whom I complain about."""
    column: Message | None = None
    """The heading of its column in a table of contacts; None where it has none."""
    headings: tuple[str, ...] = ()
    """What its column may be called in a table that somebody else made."""

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.place.split("."))

    @property
    def name(self) -> str:
        """Its name in forms, merges and refusals."""
        return self.entry or self.path[-1]

    @property
    def said(self) -> Message | None:
        """Its name inside a sentence."""
        return self.word or self.label

    @property
    def numbered(self) -> bool:
        """Whether a number stands in it that is copied from somewhere, and often with its label."""
        return self.hidden in ("order", "waybill", "staff_no", "reference")

    @property
    def harmless(self) -> bool:
        """Whether no mask needs to look at it."""
        return self.kind in HARMLESS


# fmt: off
CASE: Final[tuple[StoredField, ...]] = (
    StoredField(place="id", kind="id"),
    StoredField(place="ref", kind="id"),
    StoredField(place="title", label=msg("Title"), word=msg("title"), new=True, edited=True, needed=True,
          help=msg("A few words that distinguish it from the others.")),
    StoredField(place="problem", kind="choice", catalogue="problems", label=msg("Problem"), word=msg("problem"),
          new=True, edited=True, metavar="ID", help=msg("What went wrong; `pddtui handbook problems` lists them."),
          group="matter"),
    StoredField(place="merchant", label=msg("Merchant"), word=msg("merchant"), new=True, edited=True, metavar="NAME",
          help=msg("The merchant's name as shown on the order page."), group="matter"),
    StoredField(place="order", kind="things", word=msg("order")),
    StoredField(place="order.number", entry="order", label=msg("Order no."), word=msg("order no."), hidden="order",
          new=True, edited=True, metavar="NO", help=msg("The order number."), group="matter"),
    StoredField(place="order.product", label=msg("Product"), word=msg("product"), new=True, edited=True,
          help=msg("The product."), group="matter"),
    StoredField(place="order.amount", kind="sum", label=msg("Paid"), word=msg("amount"), new=True, edited=True,
          example="89.00", metavar="89.00", help=msg("The amount paid."), group="matter"),
    StoredField(place="order.currency", kind="code", word=msg("currency")),
    StoredField(place="demand", kind="things", word=msg("demand")),
    StoredField(place="demand.remedy", kind="choice", catalogue="remedies", label=msg("Demand"), word=msg("remedy"),
          new=True, edited=True, option="--demand", metavar="REMEDY",
          help=msg("The remedy demanded, for example refund_only."), group="demand"),
    StoredField(place="demand.amount", entry="demand_amount", kind="sum",
          label=msg("Amount demanded"), word=msg("amount"),
          new=True, edited=True, example="89.00", metavar="89.00", help=msg("The amount demanded."), group="demand"),
    StoredField(place="demand.deadline", kind="moment", label=msg("By when"), word=msg("deadline"), new=True,
          edited=True, ahead=True, example=msg("3 working days, by Friday, 12-05"), metavar="PHRASE",
          help=msg("By when they are to do what is demanded."), group="demand"),
    StoredField(place="order.ordered_at", kind="moment", label=msg("Ordered"), word=msg("ordered"), new=True,
          edited=True, example=msg("11-18, yesterday"), option="--ordered", metavar="WHEN",
          help=msg("When it was ordered."), group="matter"),
    StoredField(place="order.received_at", kind="moment", label=msg("Received"), word=msg("received"), new=True,
          edited=True, example=msg("11-18, yesterday"), option="--received", metavar="WHEN",
          help=msg("When the goods arrived."), group="matter"),
    StoredField(place="order.delivered_at", kind="moment", label=msg("Carrier shows delivered"),
          word=msg("shown as delivered"), new=True, edited=True, example=msg("what the tracking says: 11-18 14:20"),
          option="--delivered", metavar="WHEN",
          help=msg("When the carrier shows it as delivered, although you did not receive it."), group="matter"),
    StoredField(place="order.claim_within", kind="length", label=msg("Claims within"), word=msg("claims within"),
          new=True, edited=True, metavar="LENGTH",
          example=msg("after receipt, as the goods page says: 24h, 48小时, 2d"),
          help=msg("How long after receipt the goods page takes claims for spoiled goods: 24h, 48小时, 2d."),
          group="matter"),
    StoredField(place="order.page_promise", label=msg("Promise on the page"), word=msg("promise on the page"),
          new=True, edited=True, metavar="WORDS", example=msg("in its own words: 坏果包赔, 假一赔十"),
          help=msg("What the goods page promises beyond the law, in its own words: 坏果包赔, 假一赔十."),
          group="matter"),
    StoredField(place="opened_at", kind="moment", label=msg("Began"), word=msg("opened"), new=True,
          edited=True, needed=True, example=msg("now, 11-16, yesterday 20:00"), option="--at", metavar="WHEN",
          help=msg("When the problem began; for a new case now unless you say otherwise."), group="matter"),
    StoredField(place="order.courier", label=msg("Courier"), word=msg("courier"), new=True, edited=True,
          metavar="NAME", help=msg("The courier."), group="matter"),
    StoredField(place="order.tracking", label=msg("Tracking no."), word=msg("tracking no."), hidden="waybill",
          new=True, edited=True, metavar="NO", help=msg("The number of the waybill."), group="matter"),
    StoredField(place="description", kind="text", label=msg("What happened"), word=msg("story"), new=True, edited=True,
          help=msg("What happened, in a few sentences."), group="matter"),
    StoredField(place="demand.bottom_line", label=msg("At least"), word=msg("at least"), hidden="all", new=True,
          edited=True, help=msg("The least you would accept; it is never printed."), group="demand", printed=False),
    StoredField(place="quiet", kind="limits", label=msg("Quiet after"), word=msg("silence limit"), new=True,
          edited=True,
          example=msg("your own limits, amber and red: 24h 3wd"), metavar="LIMITS",
          help=msg("Your own silence limits, amber and red: “24h 3wd”."), group="demand", printed=False),
    StoredField(place="mine", kind="limits", label=msg("My turn after"), word=msg("limit of my turn"), new=True,
          edited=True,
          example=msg("your own limits, amber and red: 3d 10d"), option="--my-turn", metavar="LIMITS",
          help=msg("After how long your own turn is amber and red: “3d 10d”."), group="demand", printed=False),
    StoredField(place="mine.amber", kind="limits", word=msg("amber after")),
    StoredField(place="mine.red", kind="limits", word=msg("red after")),
    StoredField(place="quiet.amber", kind="limits", word=msg("amber after")),
    StoredField(place="quiet.red", kind="limits", word=msg("red after")),
    StoredField(place="operator", kind="things", word=msg("operator")),
    StoredField(place="operator.name", entry="operator", label=msg("Operator"), word=msg("name"), new=True, edited=True,
          example=msg("from the shop's licence page; 12315 and a court ask for it"), metavar="NAME",
          help=msg("The business behind the shop, from its licence page."), group="matter"),
    StoredField(place="operator.address", entry="operator_address",
          label=msg("Operator's address"), word=msg("address"),
          new=True, edited=True, help=msg("The address on that page."), group="matter"),
    StoredField(place="complainant", kind="complainant", label=msg("Complainant"), word=msg("complainant"),
          hidden="all", new=True, edited=True, option="--for", metavar="NAME",
          example=msg("you, unless it is somebody else's case"),
          help=msg("Whose case it is: a short name of `people` in the settings or any name; `me` for your own."),
          group="matter", printed=False),
    StoredField(place="complainant.name", word=msg("name"), hidden="name"),
    StoredField(place="complainant.phone", entry="complainant_phone", label=msg("Complainant's phone"),
          word=msg("phone"), hidden="phone", group="matter", printed=False),
    StoredField(place="complainant.address", entry="complainant_address", label=msg("Complainant's address"),
          word=msg("address"), hidden="address", group="matter", printed=False),
    StoredField(place="tags", kind="tags", label=msg("Tags"), word=msg("tags"), new=True, edited=True,
          example=msg("words of your own, separated by commas"), metavar="TAGS",
          help=msg("Words of your own, separated by commas."), group="matter", printed=False),
    StoredField(place="status", kind="code", word=msg("status")),
    StoredField(place="recorded_at", kind="moment"),
    StoredField(place="closed_at", kind="moment", label=msg("Closed"), word=msg("closed", context="field"),
          group="end"),
    StoredField(place="outcome", kind="things", word=msg("outcome")),
    StoredField(place="outcome.id", kind="id"),
    StoredField(place="outcome.kind", kind="choice", catalogue="outcomes", label=msg("Outcome"), word=msg("kind"),
          group="end"),
    StoredField(place="outcome.recovered", kind="sum", label=msg("Recovered"), word=msg("recovered"), group="end"),
    StoredField(place="outcome.note", kind="text", label=msg("Note", context="outcome"), word=msg("note")),
    StoredField(place="outcome.verified_at", kind="moment", label=msg("Arrival confirmed"), word=msg("arrived"),
          group="end"),
    StoredField(place="trashed_at", kind="moment", label=msg("In the trash since"), word=msg("deleted"), group="end",
          printed=False),
    StoredField(place="filings", kind="things", word=msg("filing"), of=Filing),
    StoredField(place="contacts", kind="things", word=msg("contact"), of=Contact),
    StoredField(place="follow_ups", kind="things", word=msg("follow-up"), of=FollowUp, hidden="all"),
    StoredField(place="evidence", kind="things", word=msg("evidence"), of=Evidence),
    StoredField(place="milestones", kind="things", word=msg("milestone")),
    StoredField(place="steps", kind="things", word=msg("step"), hidden="all"),
    StoredField(place="looked", kind="things", word=msg("looked at"), hidden="all"),
    StoredField(place="history", kind="things", of=Change, hidden="all"),
    StoredField(place="clashes", kind="things", of=Clash, hidden="all"),
    StoredField(place="revision", kind="count"),
)
"""In the order in which they are asked for and shown."""

_PERSON: Final[tuple[StoredField, ...]] = (
    StoredField(place="person", kind="things", word=msg("person")),
    StoredField(place="person.name", label=msg("Name"), word=msg("name"), hidden="name", new=True, edited=True,
          column=msg("Name"), headings=("name", "person", "who", "speaker", "from", "sender", "姓名", "名字", "对方",
                    "联系人", "发送人", "发送者", "发言人", "说话人", "昵称", "客服")),
    StoredField(place="person.role", label=msg("Role"), word=msg("role"), new=True, edited=True, column=msg("Role"),
          headings=("role", "position", "角色", "身份", "职务", "职位")),
    StoredField(place="person.staff_no", label=msg("Staff no."), word=msg("staff no."), hidden="staff_no", new=True,
          edited=True, column=msg("Staff no."), headings=("staff no", "agent no", "工号", "客服工号")),
)

CONTACT: Final[tuple[StoredField, ...]] = (
    StoredField(place="at", kind="moment", label=msg("When"), word=msg("time"), new=True, edited=True,
          column=msg("When"),
          headings=("date", "time", "when", "datetime", "date/time", "timestamp", "日期", "时间", "沟通时间",
                    "沟通日期", "日期时间", "时间戳", "交易时间", "发送时间", "消息时间", "创建时间")),
    StoredField(place="recorded_at", kind="moment"),
    StoredField(place="direction", kind="code", label=msg("Who spoke"), new=True, column=msg("Direction"),
          headings=("direction", "in/out", "方向", "收发", "收/发")),
    StoredField(place="channel", kind="choice", catalogue="channels", label=msg("Channel"), word=msg("channel"),
          new=True, edited=True, column=msg("Channel"), headings=("channel", "via", "渠道", "沟通渠道", "沟通方式")),
    *_PERSON,
    StoredField(place="summary", entry="said", kind="text", label=msg("What was said"), word=msg("words"), new=True,
          edited=True, column=msg("Words"),
          headings=("said", "text", "content", "summary", "notes", "message", "内容", "沟通内容", "说了什么", "消息",
                    "消息内容", "聊天内容")),
    StoredField(place="substance", kind="code", label=msg("This was"), word=msg("answer", context="field"), new=True,
          edited=True, column=msg("Substance")),
    StoredField(place="reply", kind="code", label=msg("Reply"), word=msg("reply"), new=True, edited=True,
          asked=False, column=msg("Reply"), headings=("reply", "response", "answer", "回应", "对方回应", "答复情况")),
    StoredField(place="turn", kind="code", label=msg("Now it is"), word=msg("turn"), new=True, edited=True),
    StoredField(place="demand", kind="flag", label=msg("My demand"), word=msg("demand"), new=True, edited=True,
          column=msg("Demand")),
    StoredField(place="written", kind="code", label=msg("On record"), word=msg("in writing"), new=True, edited=True,
          column=msg("In writing")),
    StoredField(place="minutes", kind="count", word=msg("minutes"), new=True, asked=False),
    StoredField(place="filing", kind="id", word=msg("filing"), new=True, asked=False),
    StoredField(place="evidence", kind="id", word=msg("evidence")),
    StoredField(place="promises", kind="things", word=msg("promise"), of=Promise),
    StoredField(place="amendments", kind="things", word=msg("earlier wording"), of=Amendment),
    StoredField(place="id", kind="id", column=msg("Id")),
)

PROMISE: Final[tuple[StoredField, ...]] = (
    StoredField(place="text", label=msg("What was promised"), word=msg("words"), entry="promise", new=True,
          column=msg("Words"), headings=("promise", "promised", "承诺", "承诺内容")),
    StoredField(place="due", kind="moment", label=msg("Due date"), word=msg("due", context="field"),
          column=msg("Due date")),
    StoredField(place="due_phrase", label=msg("Due, as spoken"), word=msg("due, as spoken"), entry="due", new=True,
          column=msg("Due, as spoken"),
          headings=("due", "deadline", "until", "到期", "到期日", "期限", "截止", "截止日期")),
    StoredField(place="estimated", kind="flag"),
    StoredField(place="state", kind="code", label=msg("State"), word=msg("state"), column=msg("State")),
    StoredField(place="settled_at", kind="moment", label=msg("Settled"), word=msg("settled"), column=msg("Settled")),
    StoredField(place="written", kind="flag", label=msg("In writing"), word=msg("in writing"), new=True,
          column=msg("In writing")),
    StoredField(place="replaced_by", kind="id"),
    StoredField(place="id", kind="id", column=msg("Id")),
)

AMENDMENT: Final[tuple[StoredField, ...]] = (
    StoredField(place="at", kind="moment", word=msg("time")),
    StoredField(place="summary", kind="text", word=msg("words")),
    *_PERSON,
    StoredField(place="happened_at", kind="moment"),
)

FILING: Final[tuple[StoredField, ...]] = (
    StoredField(place="id", kind="id"),
    StoredField(place="rung", kind="choice", catalogue="ladder", label=msg("Rung"), word=msg("rung"), new=True),
    StoredField(place="channel", kind="choice", catalogue="channels", label=msg("Channel"), word=msg("channel"),
          new=True),
    StoredField(place="reference", label=msg("Their number"), word=msg("reference"), hidden="reference", new=True),
    StoredField(place="state", kind="code", label=msg("State"), word=msg("state")),
    StoredField(place="filed_at", kind="moment", label=msg("Filed"), word=msg("filed"), new=True),
    StoredField(place="accepted_at", kind="moment", word=msg("accepted", context="field")),
    StoredField(place="ended_at", kind="moment", word=msg("decided")),
    StoredField(place="passed_gates", kind="id"),
    StoredField(place="countdown_until", kind="moment", label=msg("Countdown"), word=msg("countdown"), new=True),
    StoredField(place="aftersale_state", kind="count"),
    StoredField(place="aftersale_turn", kind="code"),
    StoredField(place="aftersale_at", kind="moment"),
    StoredField(place="reason", kind="text", label=msg("Why not settled"), word=msg("why not settled"), new=True),
)

FOLLOW_UP: Final[tuple[StoredField, ...]] = (
    StoredField(place="id", kind="id"),
    StoredField(place="text", label=msg("What I will do"), word=msg("words"), new=True),
    StoredField(place="due", kind="moment", label=msg("Due date"), word=msg("due", context="field")),
    StoredField(place="due_phrase", label=msg("Due, as spoken"), word=msg("due, as spoken"), new=True),
    StoredField(place="estimated", kind="flag"),
    StoredField(place="state", kind="code", label=msg("State"), word=msg("state")),
    StoredField(place="settled_at", kind="moment", label=msg("Settled"), word=msg("settled")),
    StoredField(place="created_at", kind="moment"),
    StoredField(place="snoozed", kind="count", word=msg("times put off")),
)

EVIDENCE: Final[tuple[StoredField, ...]] = (
    StoredField(place="id", kind="id"),
    StoredField(place="kind", kind="choice", catalogue="evidence_types", label=msg("Kind"), word=msg("kind"), new=True,
          edited=True),
    StoredField(place="proves", label=msg("It proves"), word=msg("it proves"), new=True, edited=True),
    StoredField(place="file", kind="id", label=msg("File"), word=msg("file")),
    StoredField(place="place", label=msg("The original"), word=msg("place"), new=True, edited=True,
          example=msg("where it is: in the app's chat, on my phone")),
    StoredField(place="taken_at", kind="moment", label=msg("Taken on"), word=msg("taken"), new=True, edited=True,
          example=msg("now, 20:15, yesterday 20:00, 2 hours ago")),
    StoredField(place="vanishes_at", kind="moment",
          label=msg("Disappears"), word=msg("disappears"), new=True, edited=True,
          example=msg("when the page or chat expires")),
    StoredField(place="original_name", word=msg("file")),
    StoredField(place="sha256", kind="made"),
    StoredField(place="size", kind="count"),
    StoredField(place="media_type", kind="made"),
    StoredField(place="added_at", kind="moment"),
)

# fmt: on
FIELDS: Final[Mapping[type[Struct], tuple[StoredField, ...]]] = {
    Case: CASE,
    Filing: FILING,
    Contact: CONTACT,
    Promise: PROMISE,
    Amendment: AMENDMENT,
    FollowUp: FOLLOW_UP,
    Evidence: EVIDENCE,
}
"""By what has them. What such a thing is made of (an order, a person) is listed with it."""

_SHAPES: Final[Mapping[Kind, tuple[type, ...]]] = {
    "line": (str,),
    "text": (str,),
    "tags": (tuple,),
    "sum": (Decimal,),
    "moment": (datetime,),
    "choice": (str,),
    "code": (str,),
    "flag": (bool,),
    "count": (int,),
    "limits": (Override,),
    "complainant": (Complainant,),
    "length": (str,),
    "id": (str, tuple),
}
"""What the value of a field is, unless it is None."""


@cache
def fields_of(kind: type[Struct]) -> Mapping[str, StoredField] | None:
    """The fields of such a thing by their places; None for what is not listed as a thing of its own."""
    found = next((FIELDS[base] for base in kind.__mro__ if base in FIELDS), None)
    return None if found is None else {field.place: field for field in found}


def edited(fields: Iterable[StoredField]) -> tuple[StoredField, ...]:
    """Those that can be corrected."""
    return tuple(field for field in fields if field.edited)


def fields_along(path: Sequence[str]) -> Iterator[tuple[str, StoredField | None]]:
    """Every name on the way from a case down to that place, with its field; None for an id and an unknown name."""
    known: Mapping[str, StoredField] = fields_of(Case) or {}
    place, of_a_thing = "", False
    for name in path:
        if of_a_thing:
            of_a_thing = False
            yield name, None
            continue
        place = f"{place}.{name}" if place else name
        field = known.get(place)
        yield name, field
        if field is not None and field.of is not None:
            known, place, of_a_thing = fields_of(field.of) or {}, "", True


def value_of(field: StoredField, thing: Struct) -> object:
    """What stands in the field of the thing; None where a part on the way is missing."""
    value: object = thing
    for name in field.path:
        value = getattr(value, name) if value is not None else None
    return value


def values_of(fields: Iterable[StoredField], thing: Struct) -> dict[str, object]:
    """What stands in those fields of the thing, by their names."""
    return {field.name: value_of(field, thing) for field in fields}


def with_values(fields: Iterable[StoredField], thing: Thing, values: Values) -> Thing:
    """The thing with these values in those fields, and all else as it was."""
    placed: dict[tuple[str, ...], object] = {}
    for field in fields:
        value = values[field.name]
        if value is not None and not isinstance(value, _SHAPES[field.kind]):
            raise TypeError(f"{field.place} cannot be {value!r}")
        placed[field.path] = value
    return _put(thing, placed)


def _put(thing: Thing, values: Mapping[tuple[str, ...], object]) -> Thing:
    own: dict[str, object] = {}
    parts: dict[str, dict[tuple[str, ...], object]] = {}
    for (name, *rest), value in values.items():
        if rest:
            parts.setdefault(name, {})[tuple(rest)] = value
        else:
            own[name] = value
    for name, inside in parts.items():
        part: object = getattr(thing, name)
        if part is None and name == "complainant" and any(value is not None for value in inside.values()):
            part = Complainant()
        if not isinstance(part, Struct):
            raise TypeError(f"{name} has no fields")
        own[name] = _put(part, inside)
    return structs.replace(thing, **own)
