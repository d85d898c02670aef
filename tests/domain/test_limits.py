"""The clocks of the law in made cases, by the rulebook that is shipped: what starts, interrupts and ends each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Contact, Demand, Order
from pddtui.domain.deadlines import Deadline, deadlines, length_words, limitation_near
from tests.domain.build import CALENDAR, at, case, filing, heard, promise, said
from tests.lives import reference

BOOK, RULES = reference()


def clocks(which: Case, now: datetime) -> dict[str, Deadline]:
    return {clock.rule.id: clock for clock in deadlines(which, now, RULES, CALENDAR)}


def asked(when: datetime, channel: str | None = "merchant_chat", **fields: Any) -> Contact:
    return said(when, channel=channel, **fields)


def told(when: datetime, channel: str = "merchant_chat", **fields: Any) -> Contact:
    return heard(when, fields.pop("substance", "answer"), channel=channel, **fields)


def start(which: Case, name: str = "limit_3y_civil") -> date | None:
    found = clocks(which, at(28)).get(name)
    return found.start.date() if found is not None else None


DEFECT = {"defect_found": at(3)}

# What starts a limitation


@pytest.mark.parametrize(
    ("which", "begun"),
    [
        (case(milestones=DEFECT), 3),
        (case(asked(at(5))), 5),
        (case(filings=(filing(at(6), "request", "app_aftersale"),)), 6),
        (case(filings=(filing(at(6), "regulator", "r12315"),)), 6),
        (case(filings=(filing(at(6), "public", "heimao"),)), 6),
        (case(asked(at(5), "courier_cs")), 5),
        (case(asked(at(5), "courier_cs"), milestones=DEFECT), 3),
        (case(asked(at(2), "courier_cs"), milestones=DEFECT), 2),
        (case(filings=(filing(at(2), "regulator", "r12315"),), milestones=DEFECT), 2),
        (case(asked(at(2), "courier_cs"), milestones={"harm_known": at(9), **DEFECT}), 9),
    ],
)
def test_a_limitation_begins_with_the_defect_the_first_demand_or_the_first_filing(which: Case, begun: int) -> None:
    assert start(which) == at(begun).date()
    assert start(which, "limit_3y_12315") in (at(begun).date(), None)


def test_without_any_of_them_no_limitation_runs() -> None:
    quiet = case(told(at(4)), order=Order(ordered_at=at(1), received_at=at(2)))
    assert start(quiet) is None


# What interrupts it


@pytest.mark.parametrize("channel", ["merchant_chat", "app_aftersale", "odr12315", None, "no_such_channel"])
def test_a_demand_of_the_shop_restarts_it(channel: str | None) -> None:
    assert start(case(asked(at(9), channel), milestones=DEFECT)) == at(9).date()


@pytest.mark.parametrize(
    "channel",
    ["courier_cs", "app_official_cs", "app_intervene", "pdd_hotline_consumer", "l12345", "c12315", "r12315", "police",
     "bank_payment", "weibo", "heimao", "consumer_assoc", "court"],
)  # fmt: skip
def test_what_was_asked_of_anybody_else_does_not(channel: str) -> None:
    assert start(case(asked(at(9), channel), milestones=DEFECT)) == at(3).date()
    assert start(case(told(at(9), channel, promises=(promise(at(12)),)), milestones=DEFECT)) == at(3).date()
    assert start(case(told(at(9), channel, reply="agreed"), milestones=DEFECT)) == at(3).date()


def test_a_call_that_nobody_answered_demands_nothing() -> None:
    assert start(case(asked(at(9), substance="none"), milestones=DEFECT)) == at(3).date()
    unheard = case(asked(at(4), substance="none"), order=GOT, demand=Demand(remedy="return_refund"))
    assert window(unheard) == [("return_7d_no_reason", "running")]


def test_what_names_no_channel_was_said_to_whoever_was_spoken_to_before() -> None:
    courier = case(asked(at(8), "courier_cs"), asked(at(9), None), milestones=DEFECT)
    assert start(courier) == at(3).date()
    assert start(case(asked(at(8)), asked(at(9), None), milestones=DEFECT)) == at(9).date()


def test_a_contact_that_belongs_to_a_filing_was_with_whoever_got_it() -> None:
    lodged = filing(at(4), "direct", "courier_cs")
    tied = asked(at(9), "merchant_chat", filing=lodged.id)
    assert start(case(tied, filings=(lodged,), milestones=DEFECT)) == at(3).date()


@pytest.mark.parametrize(
    ("said_there", "restarts"),
    [
        ({"substance": "holding"}, False),
        ({"reply": "refused"}, False),
        ({"reply": "offered"}, False),
        ({"reply": "asked"}, False),
        ({"reply": "agreed"}, True),
        ({"substance": "holding", "promises": (promise(at(12)),)}, True),
    ],
)
def test_a_consent_or_a_promise_of_the_shop_restarts_it_and_a_holding_reply_does_not(
    said_there: dict[str, Any], restarts: bool
) -> None:
    assert start(case(told(at(9), **said_there), milestones=DEFECT)) == at(9 if restarts else 3).date()


@pytest.mark.parametrize("event", ["return_agreed", "refund_agreed"])
def test_a_consent_that_the_app_shows_restarts_it(event: str) -> None:
    assert start(case(milestones={**DEFECT, event: at(9)})) == at(9).date()


@pytest.mark.parametrize(
    ("rung", "channel", "restarts"),
    [
        ("request", "app_aftersale", True),
        ("settle", "odr12315", True),
        ("settle", "consumer_assoc", True),
        ("regulator", "c12315", True),
        ("platform", "app_intervene", False),
        ("supervisor", "app_official_cs", False),
        ("regulator", "r12315", False),
        ("regulator", "p12305", False),
        ("regulator", "l12345", False),
        ("public", "heimao", False),
        ("direct", "courier_cs", False),
    ],
)
def test_of_filings_those_with_the_shop_an_authority_or_the_association_restart_it(
    rung: str, channel: str, restarts: bool
) -> None:
    lodged = case(filings=(filing(at(9), rung, channel),), milestones=DEFECT)
    assert start(lodged) == at(9 if restarts else 3).date()


@pytest.mark.parametrize("channel", ["court", "arbitration"])
def test_a_suit_ends_it_unless_nobody_took_it_on(channel: str) -> None:
    suit = filing(at(9), "court", channel)
    assert clocks(case(filings=(suit,), milestones=DEFECT), at(28))["limit_3y_civil"].state == "met"
    refused = filing(at(9), "court", channel, state="refused", ended_at=at(12))
    again = clocks(case(filings=(refused,), milestones=DEFECT), at(28))["limit_3y_civil"]
    assert (again.state, again.start) == ("running", at(9))


@pytest.mark.parametrize(
    ("fields", "restarts"),
    [
        ({"demand": Demand(remedy="platform_first_pay")}, True),
        ({"problem": "merchant_gone"}, True),
        ({"problem": "account_pay"}, True),
        ({"problem": "privacy"}, True),
        ({"problem": "quality"}, False),
        ({"problem": "merchant_gone", "demand": Demand(remedy="refund_only")}, True),
        ({"problem": "quality", "demand": Demand(remedy="return_refund")}, False),
    ],
)
def test_a_claim_against_the_platform_is_interrupted_by_what_is_demanded_of_it(
    fields: dict[str, Any], restarts: bool
) -> None:
    assert start(case(asked(at(9), "app_official_cs"), milestones=DEFECT, **fields)) == at(9 if restarts else 3).date()
    other = case(told(at(9), "courier_cs", promises=(promise(at(12)),)), milestones=DEFECT, **fields)
    assert start(other) == at(3).date()


def test_an_injury_has_two_years_and_they_are_interrupted_like_the_three() -> None:
    hurt = case(asked(at(9)), problem="injury", milestones=DEFECT)
    found = clocks(hurt, at(28))
    assert (found["limit_2y_product"].start, found["limit_2y_product"].due.at.year) == (at(9), 2028)


def test_the_bar_of_12315_is_not_interrupted_and_ends_with_a_complaint_that_was_not_refused() -> None:
    asked_again = case(asked(at(9)), milestones=DEFECT)
    assert start(asked_again, "limit_3y_12315") == at(3).date()
    lodged = filing(at(9), "regulator", "c12315")
    assert clocks(case(filings=(lodged,), milestones=DEFECT), at(28))["limit_3y_12315"].state == "met"
    refused = filing(at(9), "regulator", "c12315", state="refused", ended_at=at(12))
    assert clocks(case(filings=(refused,), milestones=DEFECT), at(28))["limit_3y_12315"].state == "running"


def test_every_event_that_interrupts_has_a_name_inside_a_sentence() -> None:
    for rule in RULES.deadlines:
        assert set(rule.restart_on) == set(rule.restart_labels), rule.id


def test_what_interrupted_it_is_said() -> None:
    lodged = case(filings=(filing(at(9), "settle", "consumer_assoc"),), milestones=DEFECT)
    words = str(length_words(clocks(lodged, at(28))["limit_3y_civil"]))
    assert "2026-11-09" in words
    assert "Civil Code art. 195" in words


# It leads everything in its last sixty days


def late(days: int, known: datetime) -> datetime:
    """So many days before three years after `known` are over."""
    return known.replace(year=known.year + 3, hour=12) - timedelta(days=days)


SHOP = {"problem": "quality", "order": Order(number="1", received_at=at(2))}


@pytest.mark.parametrize(
    ("days", "level", "leads"),
    [
        (90, None, False),
        (61, None, False),
        (60, "amber", True),
        (31, "amber", True),
        (30, "red", True),
        (0, "red", True),
    ],
)
def test_in_its_last_sixty_days_a_limitation_leads_everything(days: int, level: str | None, leads: bool) -> None:
    complained = filing(at(5), "regulator", "c12315", state="answered", ended_at=at(20))
    which = case(asked(at(4)), told(at(9), reply="refused"), filings=(complained,), milestones=DEFECT, **SHOP)
    now = late(days, at(5))
    entry = attention(which, now, RULES, CALENDAR)
    flagged = [flag for flag in entry.flags if flag.thing == "limit_3y_civil"]
    assert [flag.level for flag in flagged] == ([level] if days <= 60 else [])
    assert (entry.steps[0].act.id == "sue_in_time") is leads


def test_food_and_injury_come_after_a_limitation_that_is_about_to_end() -> None:
    hurt = case(asked(at(4)), problem="injury")
    now = datetime(2028, 10, 20, 12, tzinfo=at(1).tzinfo)
    assert attention(hurt, now, RULES, CALENDAR).steps[0].act.id == "sue_in_time"


def test_before_the_bar_of_12315_one_complains_and_need_not_sue() -> None:
    which = case(asked(at(4)), asked(at(4, year=2028)), told(at(9, year=2028)), **SHOP)
    entry = attention(which, late(40, at(4)), RULES, CALENDAR)
    assert entry.steps[0].act.id == "complain_in_time"
    assert "sue_in_time" not in {step.act.id for step in entry.steps}


def test_the_duty_to_notify_is_no_limitation_and_ends_when_the_shop_is_told() -> None:
    which = case(asked(at(4), "courier_cs"), **SHOP)
    found = clocks(which, at(5, month=12))
    assert (found["inspect_2y"].state, found["inspect_2y"].rule.limits) == ("running", False)
    soon = datetime(2028, 10, 20, 12, tzinfo=at(1).tzinfo)
    assert not limitation_near(tuple(clocks(which, soon).values()), soon)
    flag = next(flag for flag in attention(which, soon, RULES, CALENDAR).flags if flag.thing == "inspect_2y")
    assert (flag.situation.moment, flag.steps[0].act.id) == ("right_runs", "notify_shop")
    for done in (case(asked(at(4)), **SHOP), case(filings=(filing(at(5), "request", "app_aftersale"),), **SHOP)):
        assert clocks(done, soon)["inspect_2y"].state == "met"


def test_a_demand_of_the_courier_starts_no_clock_of_the_shop() -> None:
    assert "stall_15d_demand" not in clocks(case(asked(at(4), "courier_cs"), **SHOP), at(28))
    both = clocks(case(asked(at(4), "courier_cs"), asked(at(7)), **SHOP), at(28))
    assert both["stall_15d_demand"].start == at(7)
    assert both["courier_7d"].start == at(4)


# The seven days of a return

GOT = Order(number="1", received_at=at(2))
RETURN = ("return_7d_no_reason", "return_7d_quality")


def window(which: Case) -> list[tuple[str, str]]:
    found = clocks(which, at(5))
    return [(name, found[name].state) for name in RETURN if name in found]


@pytest.mark.parametrize(
    ("problem", "name"),
    [
        (None, "return_7d_no_reason"),
        ("quality", "return_7d_quality"),
        ("damaged", "return_7d_quality"),
        ("food", "return_7d_quality"),
        ("injury", "return_7d_quality"),
        ("counterfeit", "return_7d_no_reason"),
        ("not_as_described", "return_7d_no_reason"),
        ("short_missing", "return_7d_no_reason"),
        ("refuse_return", "return_7d_no_reason"),
        ("false_ad", "return_7d_no_reason"),
        ("price", "return_7d_no_reason"),
        ("merchant_gone", "return_7d_no_reason"),
        ("warranty", "return_7d_no_reason"),
        ("refund_only_refused", "return_7d_no_reason"),
    ],
)
def test_for_every_problem_with_goods_in_hand_one_return_window_runs(problem: str | None, name: str) -> None:
    assert window(case(problem=problem, order=GOT)) == [(name, "running")]
    assert clocks(case(problem=problem, order=GOT), at(5))[name].due.at.date() == at(9).date()


@pytest.mark.parametrize(
    "problem",
    ["not_shipped", "fake_shipping", "lost", "fake_sign", "privacy", "account_pay", "refuse_refund", "bad_fruit"],
)
def test_where_nothing_is_in_my_hands_or_it_is_fresh_none_runs(problem: str) -> None:
    assert window(case(problem=problem, order=GOT)) == []


def test_of_every_problem_it_is_known_whether_a_return_window_runs() -> None:
    for problem in BOOK.problems:
        assert len(window(case(problem=problem.id, order=GOT))) <= 1, problem.id
        assert not (problem.undelivered and window(case(problem=problem.id, order=GOT))), problem.id


def test_an_exception_bars_a_return_without_a_reason_and_never_one_for_defects() -> None:
    barred = {"no_return_right": at(2)}
    for problem in ("refuse_return", "short_missing", "price", None):
        assert window(case(problem=problem, order=GOT, milestones=barred)) == []
    for problem in ("quality", "food", "counterfeit", "not_as_described", "false_ad", "damaged"):
        assert window(case(problem=problem, order=GOT, milestones=barred)) == [("return_7d_quality", "running")]


@pytest.mark.parametrize("problem", ["quality", "refuse_return"])
@pytest.mark.parametrize(
    ("fields", "ended"),
    [
        ({"contacts": (asked(at(4)),)}, False),
        ({"contacts": (asked(at(4)),), "demand": Demand(remedy="partial_refund")}, False),
        ({"contacts": (asked(at(4)),), "demand": Demand(remedy="refund_only")}, False),
        ({"contacts": (asked(at(4)),), "demand": Demand(remedy="punitive3")}, False),
        ({"contacts": (asked(at(4)),), "demand": Demand(remedy="return_refund")}, True),
        ({"contacts": (asked(at(4), demand=False),), "demand": Demand(remedy="return_refund")}, False),
        ({"contacts": (asked(at(4), "courier_cs"),), "demand": Demand(remedy="return_refund")}, False),
        ({"contacts": (asked(at(4), "app_official_cs"),), "demand": Demand(remedy="return_refund")}, False),
        ({"contacts": (told(at(4), reply="agreed"),)}, False),
        ({"filings": (filing(at(4), "request", "app_aftersale"),)}, True),
        ({"filings": (filing(at(4), "request", "app_aftersale"),), "demand": Demand(remedy="return_refund")}, True),
        ({"filings": (filing(at(4), "request", "app_aftersale"),), "demand": Demand(remedy="refund_only")}, False),
        ({"filings": (filing(at(4), "request", "app_aftersale"),), "demand": Demand(remedy="repair")}, False),
        (
            {
                "filings": (filing(at(4), "request", "app_aftersale", aftersale_state=3),),
                "demand": Demand(remedy="refund_only"),
            },
            True,
        ),
        (
            {
                "filings": (filing(at(4), "request", "app_aftersale", aftersale_state=2),),
                "demand": Demand(remedy="return_refund"),
            },
            False,
        ),
        (
            {
                "filings": (filing(at(4), "request", "app_aftersale", state="ended", ended_at=at(4, 18)),),
                "demand": Demand(remedy="return_refund"),
            },
            False,
        ),
        ({"filings": (filing(at(4), "platform", "app_intervene"),)}, False),
        ({"filings": (filing(at(4), "regulator", "c12315"),), "demand": Demand(remedy="return_refund")}, False),
        ({"milestones": {"return_notice": at(4)}}, True),
        ({"milestones": {"return_agreed": at(4)}}, True),
        ({"milestones": {"return_shipped": at(4)}}, True),
        ({"milestones": {"merchant_received_return": at(4)}}, True),
        ({"milestones": {"refund_agreed": at(4)}}, False),
        ({"milestones": {"defect_found": at(4)}}, False),
    ],
)
def test_only_a_return_notice_or_a_parcel_ends_the_window(problem: str, fields: dict[str, Any], ended: bool) -> None:
    ((_, state),) = window(case(problem=problem, order=GOT, **fields))
    assert state == ("met" if ended else "running")


def test_a_window_that_is_about_to_close_asks_for_the_return_and_food_for_the_sample_first() -> None:
    for problem, act in (
        ("price", "return_now"),
        ("quality", "return_now"),
        ("food", "keep_food"),
        ("injury", "see_doctor"),
        ("counterfeit", "secure_page"),
        ("damaged", "secure_photos"),
    ):
        entry = attention(case(asked(at(3)), problem=problem, order=GOT), at(8, 13), RULES, CALENDAR)
        flag = next(flag for flag in entry.flags if flag.thing in RETURN)
        assert (flag.level, flag.steps[0].act.id) == ("amber", act), problem


# Fifteen days


@pytest.mark.parametrize(
    "problem",
    [
        "quality",
        "counterfeit",
        "not_as_described",
        "short_missing",
        "damaged",
        "refuse_return",
        "false_ad",
        "food",
        "injury",
        "merchant_gone",
        "warranty",
        "bad_fruit",
        "refund_only_refused",
    ],
)
@pytest.mark.parametrize("remedy", ["repair", "exchange", "return_refund"])
def test_fifteen_days_count_for_what_is_a_matter_of_quality_or_return(problem: str, remedy: str) -> None:
    demanded = case(asked(at(3)), problem=problem, demand=Demand(remedy=remedy))
    clock = clocks(demanded, at(28))["stall_15d_demand"]
    assert (clock.state, clock.start) == ("missed", at(3))


@pytest.mark.parametrize(
    "problem", ["not_shipped", "fake_shipping", "lost", "fake_sign", "price", "privacy", "account_pay", None]
)
def test_and_for_nothing_else(problem: str | None) -> None:
    assert "stall_15d_demand" not in clocks(case(asked(at(3)), problem=problem), at(28))


def test_a_repair_that_was_done_ends_the_fifteen_days() -> None:
    done = case(asked(at(3)), problem="warranty", milestones={"repair_done": at(9)})
    assert clocks(done, at(28))["stall_15d_demand"].state == "met"


# Guarantees and courts


def test_every_stage_of_a_guarantee_is_a_clock_of_its_own() -> None:
    bought = case(problem="warranty", order=GOT)
    found = clocks(bought, at(5))
    stages = ("return_7d_no_reason", "warranty_15d_exchange", "warranty_1y_repair")
    assert [found[name].due.at.date() for name in stages] == [date(2026, 11, 9), date(2026, 11, 17), date(2027, 11, 2)]
    assert "warranty_7_15_1y" not in found
    barred = clocks(case(problem="warranty", order=GOT, milestones={"no_return_right": at(2)}), at(5))
    assert (barred["warranty_7_15_1y"].state, barred["warranty_7_15_1y"].due.at.day) == ("running", 9)
    assert window(case(problem="warranty", order=GOT, milestones={"no_return_right": at(2)})) == []
    asked_in_time = clocks(case(asked(at(12)), problem="warranty", order=GOT), at(20))
    assert asked_in_time["warranty_15d_exchange"].state == "met"
    assert clocks(bought, at(20))["warranty_15d_exchange"].state == "expired"


def test_an_appeal_against_the_courier_is_open_for_a_year_and_that_is_said_before_it_ends() -> None:
    complained = case(asked(at(2), "courier_cs"), asked(at(2)), problem="lost")
    near = at(20, month=10, year=2027)
    year = clocks(complained, near)["appeal_1y_postal"]
    assert (year.state, year.due.at.date(), year.rule.sure) == ("running", date(2027, 11, 2), False)
    flag = next(each for each in attention(complained, near, RULES, CALENDAR).flags if each.kind == "right")
    assert (flag.level, flag.steps[0].act.id) == ("amber", "file_12305")
    appealed = structs.replace(complained, filings=(filing(at(12), "regulator", "p12305"),))
    assert clocks(appealed, near)["appeal_1y_postal"].state == "met"
    assert "appeal_1y_postal" not in clocks(case(asked(at(2)), problem="lost"), near)


TRIAL = ("small_claims_2m", "summary_3m")


@pytest.mark.parametrize(
    ("milestones", "now", "wanted"),
    [
        ({}, at(28), [("small_claims_2m", "running")]),
        ({}, at(28, month=1, year=2027), [("small_claims_2m", "missed")]),
        ({}, at(28, month=5, year=2027), [("small_claims_2m", "missed")]),
        ({"trial_extended": at(20)}, at(28, month=1, year=2027), [("small_claims_2m", "extended")]),
        ({"summary_procedure": at(20)}, at(28, month=1, year=2027), [("summary_3m", "running")]),
        ({"judgment": at(20)}, at(28), [("small_claims_2m", "met")]),
    ],
)
def test_one_suit_has_one_limit_for_its_trial(
    milestones: dict[str, datetime], now: datetime, wanted: list[tuple[str, str]]
) -> None:
    suit = filing(at(2), "court", "court", state="accepted", accepted_at=at(5))
    which = case(filings=(suit,), milestones=milestones)
    found = clocks(which, now)
    assert [(name, found[name].state) for name in TRIAL if name in found] == wanted
    flagged = [flag.thing for flag in attention(which, now, RULES, CALENDAR).flags if flag.thing.startswith(TRIAL)]
    assert len(flagged) <= 1
