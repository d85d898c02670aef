"""Cases for tests in few words: times are days and hours of November 2026 in Shanghai."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pddtui.domain.case import Case, Contact, Filing, FollowUp, Person, Promise
from pddtui.domain.entries import Side
from pddtui.domain.rules import Channel, ChannelEvents, DeadlineRule, EventRule, QuietLimit, Rules, Rung, span
from pddtui.domain.workdays import PlainCalendar
from pddtui.message import Label

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = PlainCalendar()


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def end_of(day: int, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=SHANGHAI)


def case(*contacts: Contact, **fields: Any) -> Case:
    ordered = tuple(sorted(contacts, key=lambda contact: contact.at))
    facts = {"id": "C1", "ref": "PDD-2026-0001", "title": "电热水壶", "opened_at": at(1), "recorded_at": at(1)}
    return Case(**{**facts, "contacts": ordered, **fields})


def contact(direction: Any, when: datetime, **fields: Any) -> Contact:
    facts = {"id": f"K{when:%d%H%M}{direction}", "summary": "说了一句话", "recorded_at": when}
    return Contact(**{**facts, "at": when, "direction": direction, **fields})


def said(when: datetime, **fields: Any) -> Contact:
    """What I said to the shop."""
    return contact("out", when, **{"channel": "chat", "demand": True, **fields})


def heard(when: datetime, substance: Any = "answer", **fields: Any) -> Contact:
    """What the shop said to me."""
    return contact("in", when, **{"channel": "chat", "substance": substance, "person": Person(name="小王"), **fields})


def promise(due: datetime | None, **fields: Any) -> Promise:
    return Promise(**{"id": "P1", "text": "退款89元", "due": due, **fields})


def follow_up(due: datetime, **fields: Any) -> FollowUp:
    return FollowUp(**{"id": "F1", "text": "打电话", "due": due, "created_at": at(1), **fields})


def filing(when: datetime, rung: str = "platform", channel: str = "app", **fields: Any) -> Filing:
    return Filing(**{"id": f"L{when:%d%H%M}", "rung": rung, "channel": channel, "filed_at": when, **fields})


def rung(name: str, level: int, *channels: str, gates: tuple[str, ...] = ()) -> Rung:
    return Rung(id=name, zh=name, en=name, level=level, channels=channels, gates=gates)


def rule(name: str, length: str, event: str, **fields: Any) -> DeadlineRule:
    facts = {"who": "merchant", "rolls": True, "kind": "duty", "label": Label(name, name)}
    return DeadlineRule(**{**facts, "id": name, "span": span(length), "event": event, **fields})


SIDES: dict[str, Side] = {
    "chat": "merchant",
    "app": "platform",
    "c12315": "authority",
    "assoc": "association",
    "app_aftersale": "merchant",
    "app_intervene": "platform",
    "courier_cs": "courier",
}

EVENTS = (
    EventRule(id="aftersale_filed", counted_by_app=True),
    EventRule(id="return_agreed", asks_return=True, counted_by_app=True),
    EventRule(id="return_shipped", turn="theirs", sent_back=True),
    EventRule(id="merchant_received_return", turn="theirs", sent_back=True, owed=True),
    EventRule(id="refund_agreed", turn="theirs", owed=True),
    EventRule(id="refunded", turn="mine", arrival=True),
)

SHOWN = {
    "app_aftersale": ChannelEvents(filed="aftersale_filed", answered="aftersale_answered"),
    "app_intervene": ChannelEvents(filed="intervention_filed", answered="intervention_decided"),
    "c12315": ChannelEvents(filed="complaint_received", accepted="complaint_accepted"),
    "courier_cs": ChannelEvents(filed="courier_complained", answered="courier_answered"),
}
"""The events of filings that the clocks of these tests start from."""

RULES = Rules(
    channels={
        name: Channel(
            id=name,
            label=Label(name, name),
            side=side,
            in_app=name.startswith("app_"),
            shows_states=name == "app_aftersale",
            events=SHOWN.get(name, ChannelEvents()),
        )
        for name, side in SIDES.items()
    },
    events={event.id: event for event in EVENTS},
    ladder=(
        rung("direct", 0, "chat"),
        rung("platform", 2, "app", gates=("demand_stated",)),
        rung("regulator", 5, "c12315", gates=("operator", "order_number")),
    ),
    quiet=(
        QuietLimit(id="q_chat", channel="chat", amber=span("24h"), red=span("48h"), source="design"),
        QuietLimit(id="q_app", channel="app", amber=span("3wd"), red=span("5wd"), source="design"),
        QuietLimit(id="q_sub", channel="c12315", stage="submitted", amber=span("5wd"), red=span("7wd"), source="law"),
        QuietLimit(id="q_acc", channel="c12315", stage="accepted", amber=span("15d"), red=span("60d"), source="law"),
        QuietLimit(id="q_any", channel="any", amber=span("5d"), red=span("10d"), source="seed"),
    ),
)
"""A rulebook small enough to count with on one's fingers."""
