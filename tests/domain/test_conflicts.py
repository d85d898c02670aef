"""Which filings stand in each other's way, and what each channel asks for first, by the rulebook that is shipped."""

from __future__ import annotations

from typing import Any

import pytest

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Evidence, Filing, Order
from pddtui.domain.ladder import RungStep, clash_id, gate_needs, prospect
from pddtui.domain.moves import file
from pddtui.errors import Refused
from tests.domain.build import CALENDAR, at, case, filing, heard, said
from tests.lives import reference

_, RULES = reference()
RUNGS = {
    "consumer_assoc": "settle",
    "c12315": "regulator",
    "r12315": "regulator",
    "p12305": "regulator",
    "court": "court",
    "arbitration": "court",
}

OPEN: dict[str, Any] = {}
ACCEPTED: dict[str, Any] = {"state": "accepted", "accepted_at": at(4)}
HANDLED: dict[str, Any] = {"state": "ended", "accepted_at": at(4), "ended_at": at(9)}
FAILED: dict[str, Any] = {"state": "refused", "accepted_at": at(4), "ended_at": at(9)}
ANSWERED: dict[str, Any] = {"state": "answered", "ended_at": at(9)}
REFUSED: dict[str, Any] = {"state": "refused", "ended_at": at(9)}


def lodged(channel: str, fields: dict[str, Any], when: int = 2) -> Filing:
    return filing(at(when), RUNGS[channel], channel, **fields)


def step(which: Case, channel: str) -> RungStep:
    rung = RULES.rung(RUNGS[channel])
    assert rung is not None
    return prospect(which, rung, channel, RULES)


def clashes(before: str, fields: dict[str, Any], then: str) -> list[str]:
    return [clash.id for clash in step(case(filings=(lodged(before, fields),)), then).clashes]


@pytest.mark.parametrize("then", ["consumer_assoc", "court", "arbitration"])
@pytest.mark.parametrize("fields", [OPEN, ACCEPTED, HANDLED, FAILED, ANSWERED])
def test_12315_may_refuse_what_another_has_or_has_handled(then: str, fields: dict[str, Any]) -> None:
    assert clashes(then, fields, "c12315") == [f"c12315+{then}"]


@pytest.mark.parametrize("before", ["consumer_assoc", "court", "arbitration", "c12315", "r12315"])
@pytest.mark.parametrize("then", ["consumer_assoc", "court", "arbitration", "c12315", "r12315"])
def test_what_was_refused_or_withdrawn_unaccepted_stands_in_no_ones_way(before: str, then: str) -> None:
    assert clashes(before, REFUSED, then) == []
    assert clashes(before, {"state": "ended", "ended_at": at(9)}, then) == []


@pytest.mark.parametrize(
    ("fields", "found"), [(OPEN, True), (ACCEPTED, True), (HANDLED, False), (FAILED, False), (ANSWERED, False)]
)
def test_the_association_takes_what_12315_has_done_with_and_not_what_it_has(
    fields: dict[str, Any], found: bool
) -> None:
    assert clashes("c12315", fields, "consumer_assoc") == (["c12315+consumer_assoc"] if found else [])


@pytest.mark.parametrize("then", ["court", "arbitration"])
@pytest.mark.parametrize("before", ["c12315", "consumer_assoc", "p12305"])
@pytest.mark.parametrize("fields", [OPEN, ACCEPTED, HANDLED])
def test_nothing_keeps_me_from_a_suit(before: str, then: str, fields: dict[str, Any]) -> None:
    assert clashes(before, fields, then) == []


@pytest.mark.parametrize("channel", ["c12315", "r12315", "consumer_assoc", "p12305", "court"])
@pytest.mark.parametrize(
    ("fields", "found"),
    [(OPEN, True), (ACCEPTED, True), (HANDLED, True), (FAILED, True), (ANSWERED, True), (REFUSED, False)],
)
def test_a_second_filing_on_the_same_dispute_clashes_unless_the_first_was_not_taken(
    channel: str, fields: dict[str, Any], found: bool
) -> None:
    assert clashes(channel, fields, channel) == ([f"{channel}+{channel}"] if found else [])


@pytest.mark.parametrize("then", ["r12315", "p12305", "c12315"])
def test_a_report_and_an_appeal_are_ways_of_their_own(then: str) -> None:
    for before in {"r12315", "p12305", "c12315"} - {then}:
        assert clashes(before, ACCEPTED, then) == []


def test_what_a_step_may_close_is_known_beforehand() -> None:
    fresh = case(said(at(2)))
    assert [rule.id for rule in step(fresh, "consumer_assoc").bars] == ["c12315+consumer_assoc"]
    assert {rule.id for rule in step(fresh, "court").bars} == {"c12315+court", "p12305+court"}
    assert step(fresh, "c12315").bars == ()
    assert step(fresh, "r12315").bars == ()


def test_a_clash_with_what_has_ended_is_refused_like_one_that_runs_and_kept_where_it_is_passed() -> None:
    handled = case(said(at(2)), filings=(lodged("consumer_assoc", HANDLED),))
    new = lodged("c12315", OPEN, when=12)
    with pytest.raises(Refused) as refused:
        file(handled, new, RULES, anyway=False)
    assert "may be refused by the market regulator" in str(refused.value)
    anyway = file(handled, new, RULES, anyway=True).filings[-1]
    assert clash_id(RULES.clashes[0]) in anyway.passed_gates


# What is offered


def offered(which: Case) -> list[str]:
    entry = attention(which, at(20), RULES, CALENDAR)
    return [step.act.id for step in entry.steps]


def test_12315_not_accepted_leaves_the_association_and_a_second_complaint_open() -> None:
    found = offered(case(said(at(2), channel="merchant_chat"), problem="quality", filings=(lodged("c12315", REFUSED),)))
    assert {"file_12315_again", "file_association", "file_court"} <= set(found)


def test_after_the_association_it_is_the_court_and_no_longer_12315() -> None:
    for end in (HANDLED, FAILED):
        which = case(said(at(2), channel="merchant_chat"), problem="quality", filings=(lodged("consumer_assoc", end),))
        assert "file_court" in offered(which)
        assert "file_12315" not in offered(which)


def test_once_the_sixty_days_of_12315_are_over_one_may_sue_without_waiting_for_its_end() -> None:
    complained = filing(at(2, month=8), "regulator", "c12315", state="accepted", accepted_at=at(4, month=8))
    assert offered(case(said(at(1, month=8)), filings=(complained,)))[0] == "file_court"


# What each channel asks for


def missing(which: Case, channel: str, now: int = 20) -> list[str]:
    reached = RULES.rung_of(channel)
    rung = RULES.rung(RUNGS[channel]) if channel in RUNGS else reached
    assert rung is not None
    return [gate.id for gate in prospect(which, rung, channel, RULES, now=at(now)).missing]


PARCEL = Order(number="1", courier="中通", tracking="773312345678901")
ASKED = said(at(9), channel="courier_cs")
REBUFF = heard(at(10), "answer", channel="courier_cs", reply="refused")
AT_ONCE = heard(at(9), "answer", channel="courier_cs", reply="refused")
ELSEWHERE = filing(at(9), "request", "app_aftersale", state="refused", ended_at=at(10))
REJECTED = filing(at(9), "direct", "courier_cs", state="refused", ended_at=at(10))


@pytest.mark.parametrize(
    ("fields", "now", "wanted"),
    [
        ({}, 20, ["waybill", "courier_named", "courier_asked", "courier_late"]),
        ({"order": PARCEL}, 20, ["courier_asked", "courier_late"]),
        ({"order": PARCEL, "contacts": (said(at(9), channel="merchant_chat"),)}, 20, ["courier_asked", "courier_late"]),
        ({"order": PARCEL, "contacts": (REBUFF,)}, 20, ["courier_asked", "courier_late"]),
        ({"order": PARCEL, "contacts": (ASKED,)}, 9, ["courier_late"]),
        ({"order": PARCEL, "contacts": (ASKED,)}, 16, ["courier_late"]),
        ({"order": PARCEL, "contacts": (ASKED,)}, 17, []),
        ({"order": PARCEL, "contacts": (ASKED, said(at(15), channel="courier_cs"))}, 17, []),
        ({"order": PARCEL, "contacts": (ASKED, heard(at(10), "holding", channel="courier_cs"))}, 11, ["courier_late"]),
        ({"order": PARCEL, "contacts": (ASKED, REBUFF)}, 11, []),
        ({"order": PARCEL, "contacts": (ASKED, AT_ONCE)}, 11, []),
        ({"order": PARCEL, "contacts": (ASKED,), "filings": (ELSEWHERE,)}, 11, ["courier_late"]),
        ({"order": PARCEL, "filings": (filing(at(9), "direct", "courier_cs", reference="8807"),)}, 17, []),
        ({"order": PARCEL, "filings": (filing(at(9), "direct", "courier_cs"),)}, 12, ["courier_late"]),
        ({"order": PARCEL, "filings": (REJECTED,)}, 12, []),
        ({"order": Order(tracking="77331234"), "contacts": (ASKED,)}, 20, ["courier_named"]),
        ({"order": Order(courier="中通"), "contacts": (ASKED,)}, 20, ["waybill"]),
    ],
)  # fmt: skip
def test_12305_asks_for_waybill_courier_ticket_and_its_seven_days(
    fields: dict[str, Any], now: int, wanted: list[str]
) -> None:
    assert missing(case(**fields), "p12305", now) == wanted


def test_a_report_asks_for_facts_and_for_nothing_that_a_complaint_needs() -> None:
    assert missing(case(), "r12315") == ["facts"]
    assert missing(case(description="过期三个月"), "r12315") == []
    photo = Evidence(id="E1", place="App", added_at=at(2))
    assert missing(case(evidence=(photo,)), "r12315") == []
    assert missing(case(evidence=(photo,)), "c12315") == [
        "demand_stated",
        "demand_sum",
        "order_number",
        "operator",
        "identity",
    ]
    assert missing(case(description="过期三个月"), "l12345") == []


def test_a_channel_without_gates_of_its_own_asks_for_those_of_its_rung() -> None:
    for channel in RULES.channels.values():
        for rung in RULES.ladder:
            if channel.id in rung.channels and channel.gates is None:
                assert RULES.gates_of(rung, channel.id) == rung.gates
    assert missing(case(), "heimao") == ["evidence", "masked"]
    assert missing(case(), "app_intervene") == ["demand_stated"]


def test_every_gate_of_the_handbook_is_one_that_can_be_seen() -> None:
    named = {gate for rung in RULES.ladder for gate in rung.gates}
    named |= {gate for channel in RULES.channels.values() for gate in channel.gates or ()}
    assert {gate for gate in named if gate_needs(gate) is None} == set()


def test_a_filing_in_the_past_is_measured_by_its_own_day() -> None:
    parcel = case(ASKED, order=PARCEL)
    early, late = (filing(at(day), "regulator", "p12305") for day in (12, 19))
    with pytest.raises(Refused):
        file(parcel, early, RULES, anyway=False)
    assert file(parcel, late, RULES, anyway=False).filings[-1].passed_gates == ()
