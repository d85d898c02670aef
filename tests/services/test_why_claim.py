"""Amounts and gates explain themselves: how a sum comes about with its article, what a filing needs, what is there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pddtui.domain.case import Case, Demand, Evidence, Operator, Order
from pddtui.domain.deadlines import receipt_wanted
from pddtui.domain.ladder import prospect
from pddtui.services.explain import why_amount, why_filing
from tests.domain.build import at, case, filing, said
from tests.lives import reference

BOOK, RULES = reference()


PROMISED = ("counterfeit", "359", {"remedy": "promised_comp", "amount": "3949"})


def amount(problem: str, paid: str | None, demand: Demand) -> str:
    order = Order(amount=Decimal(paid) if paid is not None else None)
    return "\n".join(map(str, why_amount(case(problem=problem, order=order, demand=demand), BOOK)))


@pytest.mark.parametrize(
    ("problem", "paid", "demand", "parts"),
    [
        (
            "counterfeit",
            "100",
            {"remedy": "punitive3"},
            ["¥100.00 x 3 = ¥300.00", "so ¥500.00", "¥600.00", "Article 55"],
        ),
        ("counterfeit", "359", {"remedy": "punitive3"}, ["¥1,077.00", "in all: ¥1,436.00", "if fraud is found"]),
        ("food", "46.80", {"remedy": "food10x"}, ["¥468.00", "so ¥1,000.00", "¥1,046.80", "Article 148"]),
        ("food", "200", {"remedy": "food10x"}, ["¥2,000.00", "in all: ¥2,200.00", "below the safety standards"]),
        (*PROMISED, ["a promise, not a legal amount", "¥3,590.00", "Article 10"]),
        (
            "quality",
            "89",
            {"remedy": "return_refund", "amount": "89"},
            ["¥89.00", "Article 24 of the Consumer Rights Protection Law"],
        ),
        (
            "price",
            "1299",
            {"remedy": "partial_refund", "amount": "300"},
            ["sum of ¥300.00", "¥1,299.00", "Article 582"],
        ),
        ("counterfeit", None, {"remedy": "punitive3"}, ["is not recorded", "Article 55"]),
        ("quality", "89", {"amount": "20"}, ["You named the sum of ¥20.00"]),
    ],
)
def test_a_sum_says_how_it_comes_about_and_by_which_article(
    problem: str, paid: str | None, demand: dict[str, Any], parts: list[str]
) -> None:
    sum_named = Decimal(demand["amount"]) if "amount" in demand else None
    told = amount(problem, paid, Demand(remedy=demand.get("remedy"), amount=sum_named))
    for part in parts:
        assert part in told


def test_a_statutory_extra_is_called_a_claim_and_nothing_is_said_where_nothing_is_demanded() -> None:
    for problem, remedy in (("counterfeit", "punitive3"), ("food", "food10x")):
        assert "It is a claim" in amount(problem, "100", Demand(remedy=remedy))
    assert "It is a claim" not in amount("quality", "100", Demand(remedy="return_refund"))
    assert amount("quality", "100", Demand()) == ""


def gates(which: Case, channel: str) -> list[str]:
    rung = RULES.rung_of(channel)
    assert rung is not None
    return [str(line) for line in why_filing(prospect(which, rung, channel, RULES, now=at(20)))]


def test_each_gate_says_what_it_needs_and_what_is_there() -> None:
    ready = case(
        said(at(3)),
        order=Order(number="261109-0101"),
        demand=Demand(remedy="return_refund"),
        operator=Operator(name="某某公司", address="上海市"),
        evidence=(Evidence(id="E1", place="App", added_at=at(4)),),
        milestones={"identity_ready": at(5)},
    )
    told = gates(ready, "c12315")
    assert len(told) == 6
    assert all(line.startswith("✓") for line in told)
    for part in ("2026-11-03", "return and refund", "261109-0101", "某某公司, 上海市", "1 piece", "2026-11-05"):
        assert any(part in line for line in told), part
    assert all(line.startswith("✗") and line.endswith("missing") for line in gates(case(), "c12315"))
    gone = gates(case(problem="merchant_gone"), "c12315")
    assert any("not needed on this way" in line for line in gone)
    assert gates(case(), "app_aftersale") == ["Nothing has to be there first."]


def test_what_stands_against_it_and_what_it_closes_is_among_them() -> None:
    handled = filing(at(3), "settle", "consumer_assoc", state="ended", accepted_at=at(4), ended_at=at(9))
    assert any(line.startswith("! conflict: ") for line in gates(case(filings=(handled,)), "c12315"))
    assert any(line.startswith("! afterwards: ") for line in gates(case(), "consumer_assoc"))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"problem": "quality"}, True),
        ({}, True),
        ({"problem": "quality", "order": Order(received_at=at(2))}, False),
        ({"problem": "quality", "milestones": {"received": at(2)}}, False),
        ({"problem": "quality", "milestones": {"return_notice": at(2)}}, False),
        ({"problem": "lost"}, False),
        ({"problem": "privacy"}, False),
        ({"problem": "quality", "status": "resolved", "closed_at": at(9)}, False),
    ],
)
def test_the_day_of_receipt_is_missed_where_a_right_counts_from_it(fields: dict[str, Any], wanted: bool) -> None:
    assert receipt_wanted(case(**fields), RULES) is wanted
