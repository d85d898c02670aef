from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pddtui.domain import events
from pddtui.domain.case import Case, Contact, Order
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from tests.domain.build import at, case, filing, heard, promise, said

RULES = rulebook(Handbook())


def milestones(which: Case) -> dict[str, datetime]:
    return events.milestones(which, RULES)


def told(when: datetime, channel: str, **fields: object) -> Contact:
    return heard(when, "answer", channel=channel, **fields)


LODGED = {
    "app_aftersale": "aftersale_filed",
    "app_intervene": "intervention_filed",
    "odr12315": "odr_filed",
    "consumer_assoc": "assoc_asked",
    "c12315": "complaint_received",
    "r12315": "report_received",
    "courier_cs": "courier_complained",
    "p12305": "postal_appeal_received",
    "court": "suit_filed",
    "arbitration": "arbitration_filed",
}


@pytest.mark.parametrize(("channel", "event"), LODGED.items())
def test_lodging_a_case_is_an_event_of_its_channel(channel: str, event: str) -> None:
    assert milestones(case(filings=(filing(at(3), "x", channel),)))[event] == at(3)


@pytest.mark.parametrize(
    ("channel", "fields", "shown"),
    [
        ("c12315", {"state": "accepted", "accepted_at": at(5)}, {"complaint_accepted"}),
        ("c12315", {"state": "refused", "ended_at": at(5)}, {"complaint_refused"}),
        (
            "c12315",
            {"state": "refused", "accepted_at": at(4), "ended_at": at(5)},
            {"complaint_accepted", "mediation_terminated", "termination_notified"},
        ),
        ("r12315", {"state": "answered", "ended_at": at(5)}, {"report_decided", "report_notified"}),
        (
            "app_aftersale",
            {"state": "refused", "ended_at": at(5)},
            {"aftersale_answered", "aftersale_rejected", "return_notice"},
        ),
        ("app_aftersale", {"state": "answered", "ended_at": at(5)}, {"aftersale_answered", "return_notice"}),
        ("app_aftersale", {"state": "ended", "ended_at": at(5)}, set()),
        ("app_intervene", {"state": "answered", "ended_at": at(5)}, {"intervention_decided"}),
        ("consumer_assoc", {"state": "accepted", "accepted_at": at(5)}, {"assoc_accepted"}),
        ("court", {"state": "accepted", "accepted_at": at(5)}, {"suit_docketed"}),
        ("court", {"state": "ended", "ended_at": at(5)}, {"judgment"}),
        ("odr12315", {"state": "ended", "ended_at": at(5)}, {"odr_ended"}),
    ],
)
def test_what_became_of_a_filing_is_an_event(channel: str, fields: dict[str, object], shown: set[str]) -> None:
    found = milestones(case(filings=(filing(at(3), "x", channel, **fields),)))
    assert set(found) - {LODGED.get(channel), "harm_known"} == shown


def test_the_log_and_the_order_tell_what_happened_first() -> None:
    which = case(
        said(at(4)),
        said(at(6)),
        heard(at(5), "holding", promises=(promise(at(9)),)),
        order=Order(ordered_at=at(1), received_at=at(3)),
    )
    assert milestones(which) == {
        "ordered": at(1),
        "received": at(3),
        "demand_made": at(4),
        "promise_made": at(5),
        "harm_known": at(4),
    }


def test_what_was_entered_by_hand_goes_before_what_was_read() -> None:
    which = case(said(at(4)), order=Order(received_at=at(3)), milestones={"received": at(2), "demand_made": at(5)})
    assert (milestones(which)["received"], milestones(which)["demand_made"]) == (at(2), at(5))


def test_what_the_carrier_shows_is_no_receipt() -> None:
    shown = milestones(case(order=Order(delivered_at=at(3))))
    assert shown == {"delivered": at(3)}
    entered = milestones(case(order=Order(delivered_at=at(3)), milestones={"delivered": at(2)}))
    assert entered["delivered"] == at(2)


def test_an_answer_that_leaves_it_their_turn_does_not_end_what_they_owe() -> None:
    filed = (filing(at(2), "x", "courier_cs"),)
    assert "courier_answered" not in milestones(case(told(at(4), "courier_cs", turn="theirs"), filings=filed))
    assert milestones(case(told(at(4), "courier_cs"), filings=filed))["courier_answered"] == at(4)


@pytest.mark.parametrize(
    ("day", "fields", "became"),
    [
        (5, {"reply": "refused"}, "refused"),
        (5, {}, "answered"),
        (5, {"reply": "other"}, "open"),
        (5, {"turn": "theirs"}, "open"),
        (5, {"substance": "holding"}, "open"),
        (5, {"channel": "consumer_assoc"}, "open"),
        (1, {"reply": "refused"}, "open"),
    ],
)
def test_a_filing_of_which_nothing_was_noted_became_what_the_last_answer_to_it_says(
    day: int, fields: dict[str, Any], became: str
) -> None:
    filed = filing(at(2), "x", "c12315")
    told_there = heard(at(day), **{"channel": "c12315", **fields})
    assert events.state_heard(case(told_there, filings=(filed,)), filed) == became


def test_a_complaint_to_the_courier_in_the_log_counts_where_it_was_not_lodged() -> None:
    asked = said(at(4), channel="courier_cs")
    assert milestones(case(asked))["courier_complained"] == at(4)
    assert milestones(case(asked, filings=(filing(at(2), "x", "courier_cs"),)))["courier_complained"] == at(2)


def test_the_harm_is_known_when_the_defect_was_found_and_at_the_latest_with_the_first_demand() -> None:
    assert milestones(case(said(at(4)), milestones={"defect_found": at(3)}))["harm_known"] == at(3)
