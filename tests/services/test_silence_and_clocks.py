"""Silences beside the clocks of the law, with the real handbook and the real calendar: the two never contradict."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case, Override
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import Flag
from pddtui.domain.rules import Rules
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.json_rows import case_row
from tests.domain.build import SHANGHAI, at, case, filing, heard, promise, said

CALENDAR = ChinaCalendar()


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rulebook(Handbook())


def day(month: int, number: int, hour: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, number, hour, tzinfo=SHANGHAI)


def look(which: Case, now: datetime, rules: Rules) -> Attention:
    return attention(which, now, rules, CALENDAR)


def quiet(which: Case, now: datetime, rules: Rules) -> Flag:
    return next(flag for flag in look(which, now, rules).flags if flag.kind == "quiet")


def flagged(which: Case, now: datetime, rules: Rules) -> dict[str, str | None]:
    """The level of each thing that is due or runs, without what is only to be looked at."""
    found = look(which, now, rules).flags
    return {flag.thing.split("@")[0]: flag.level for flag in found if flag.kind != "look"}


def acts(which: Case, now: datetime, rules: Rules) -> list[str]:
    """What to do, the leading act first."""
    return [step.act.id for step in look(which, now, rules).steps]


def lodged(channel: str, filed: datetime, **fields: Any) -> Case:
    rung = {"courier_cs": "direct", "app_aftersale": "request", "heimao": "public", "weibo": "public"}
    return case(filings=(filing(filed, rung.get(channel, "regulator"), channel, id="L", **fields),), opened_at=filed)


# The unit of the reason (finding: 194 "calendar days" that were hours)


@pytest.mark.parametrize(
    ("channel", "fields", "amber", "red"),
    [
        ("heimao", {}, "72 hours since", "8 days since"),
        ("weibo", {}, "72 hours since", "8 days since"),
        ("app_aftersale", {"quiet": Override(amber="24h", red="3wd")}, "72 hours since", "6 working days since"),
    ],
)
def test_the_reason_of_a_silence_counts_in_the_unit_of_the_limit_that_was_reached(
    channel: str, fields: dict[str, Any], amber: str, red: str, rules: Rules
) -> None:
    which = structs.replace(lodged(channel, day(9, 2)), **fields)
    assert amber in str(quiet(which, day(9, 5), rules).why)
    assert red in str(quiet(which, day(9, 10), rules).why)


def test_scripts_are_told_elapsed_and_limit_in_one_unit(rules: Rules) -> None:
    complained = lodged("heimao", day(9, 2))
    rows = [case_row(look(complained, day(9, n), rules), rules, SHANGHAI, str).silence for n in (5, 10)]
    assert [(row.elapsed, row.limit, row.unit) for row in rows] == [(72, 48, "hour"), (8, 7, "natural_day")]


# Red of a silence waits for the clock of the same filing

NEVER_RED_BEFORE: list[tuple[str, Case, datetime]] = [
    ("a courier's week that ends in the National Day holidays", lodged("courier_cs", day(9, 24)), day(10, 8, 23)),
    (
        "a courier who was only spoken to",
        case(said(day(9, 24), channel="courier_cs"), opened_at=day(9, 24)),
        day(10, 8, 23),
    ),
    ("seven working days until a complaint is accepted", lodged("c12315", day(9, 28)), day(10, 13, 23)),
    (
        "sixty days of mediation that end in a year without a calendar",
        lodged("c12315", day(11, 10), state="accepted", accepted_at=day(11, 18)),
        day(1, 21, 23, year=2027),
    ),
    (
        "mediation under the old rule",
        lodged("c12315", day(3, 2), state="accepted", accepted_at=day(3, 10)),
        day(5, 15, 23),
    ),
    (
        "mediation that stood still for a test",
        structs.replace(
            lodged("c12315", day(6, 1), state="accepted", accepted_at=day(6, 8)),
            milestones={"testing": day(6, 18), "testing_done": day(7, 8)},
        ),
        day(8, 27, 23),
    ),
    (
        "mediation of an association that was prolonged",
        structs.replace(
            lodged("consumer_assoc", day(6, 1), state="accepted", accepted_at=day(6, 8)),
            milestones={"assoc_extended": day(7, 30)},
        ),
        day(9, 7, 23),
    ),
    ("thirty days of the postal authority that end in the holidays", lodged("p12305", day(9, 3)), day(10, 8, 23)),
]


@pytest.mark.parametrize(("which", "last"), [row[1:] for row in NEVER_RED_BEFORE], ids=[r[0] for r in NEVER_RED_BEFORE])
def test_a_silence_is_red_no_sooner_than_the_clock_of_its_filing_has_run_out(
    which: Case, last: datetime, rules: Rules
) -> None:
    assert quiet(which, last, rules).level == "amber"
    assert quiet(which, last + timedelta(hours=2), rules).level == "red"


def test_no_row_says_wait_while_another_of_the_same_filing_is_red(rules: Rules) -> None:
    filed = day(9, 1)
    for channel in ("courier_cs", "c12315", "r12315", "p12305", "odr12315", "court", "heimao", "consumer_assoc"):
        for state in ({}, {"state": "accepted", "accepted_at": filed}):
            which = lodged(channel, filed, **state)
            for days in range(130):
                found = look(which, filed + timedelta(days=days, hours=12), rules).flags
                if any(flag.kind == "quiet" and flag.level == "red" for flag in found):
                    assert [flag.thing for flag in found if flag.kind == "deadline" and not flag.overdue] == []


def test_while_a_clock_stands_still_the_silence_is_not_red(rules: Rules) -> None:
    paused = structs.replace(
        lodged("c12315", day(6, 1), state="accepted", accepted_at=day(6, 8)), milestones={"testing": day(6, 18)}
    )
    assert quiet(paused, day(10, 30), rules).level == "amber"


def test_a_silence_that_waited_for_a_clock_says_which_one_ended_and_when(rules: Rules) -> None:
    why = str(quiet(lodged("courier_cs", day(9, 24)), day(10, 9), rules).why)
    assert "courier answers” ended on 2026-10-08" in why


def test_a_limit_of_my_own_waits_for_no_clock(rules: Rules) -> None:
    mine = structs.replace(lodged("c12315", day(9, 1)), quiet=Override(amber="1wd", red="2wd"))
    assert quiet(mine, day(9, 4), rules).level == "red"


# A promise whose date is an estimate


def test_a_promise_that_passed_by_an_estimate_makes_nothing_red_for_three_days(rules: Rules) -> None:
    guessed = promise(day(1, 8, 18, year=2027), estimated=True)
    put_off = heard(day(12, 29), "holding", channel="merchant_chat", promises=(guessed,))
    case_ = case(said(day(12, 28), channel="merchant_chat"), put_off, opened_at=day(12, 28))
    soon = look(case_, day(1, 9, year=2027), rules)
    assert {flag.kind: flag.level for flag in soon.flags if flag.level} == {"promise": "amber", "quiet": "amber"}
    assert look(case_, day(1, 12, year=2027), rules).silence.level == "red"


def test_a_promise_whose_date_is_certain_gives_no_such_time(rules: Rules) -> None:
    put_off = heard(at(3), "holding", channel="merchant_chat", promises=(promise(at(6)),))
    assert look(case(said(at(2), channel="merchant_chat"), put_off), at(7), rules).silence.level == "red"


# Consent to refund


def consented(rules: Rules, code: int = 4) -> Case:
    asked = lodged("app_aftersale", at(2))
    return moves.note_aftersale(asked, "L", rules.aftersales[code], at(10), rules=rules)


@pytest.mark.parametrize("code", [4, 5])
def test_consent_to_refund_is_an_answer_that_begins_the_silence_anew(code: int, rules: Rules) -> None:
    agreed = consented(rules, code)
    found = look(agreed, at(11), rules)
    assert (found.turn, found.silence.since, found.silence.level) == ("theirs", at(10), None)
    assert flagged(agreed, at(11), rules) == {"pdd_refund_arrive": None}


def test_while_the_money_is_on_its_way_nothing_is_red_and_afterwards_it_is(rules: Rules) -> None:
    agreed = consented(rules)
    levels = [look(agreed, at(day_), rules).silence.level for day_ in (13, 14, 17, 18)]
    assert levels == [None, "amber", "amber", "red"]
    assert [acts(agreed, at(day_), rules)[0] for day_ in (13, 14, 18)] == ["look", "ask_paid", "ask_platform"]


def test_a_consent_that_was_only_noted_by_hand_gives_the_money_its_time_too(rules: Rules) -> None:
    noted = case(said(at(2), channel="merchant_chat"), milestones={"refund_agreed": at(10)})
    levels = [look(noted, at(day_), rules).silence.level for day_ in (11, 13, 14, 17, 18)]
    assert levels == [None, None, "amber", "amber", "red"]


@pytest.mark.parametrize(("reply", "level"), [("agreed", None), ("other", "red"), (None, "red")])
def test_only_who_agreed_has_the_time_that_money_takes(reply: str | None, level: str | None, rules: Rules) -> None:
    answered = heard(at(9), "answer", turn="theirs", reply=reply, channel="merchant_chat")
    spoken = case(said(at(2), channel="merchant_chat"), answered)
    assert look(spoken, at(12), rules).silence.level == level


def test_an_office_that_says_it_has_accepted_has_the_time_of_mediation(rules: Rules) -> None:
    complained = lodged("c12315", at(2), state="accepted", accepted_at=at(9))
    told = structs.replace(complained, contacts=(heard(at(9), "answer", turn="theirs", channel="c12315"),))
    found = look(told, at(20), rules)
    assert (found.silence.level, [flag.level for flag in found.flags if flag.kind == "quiet"]) == (None, [])
    assert quiet(told, at(26), rules).thing == "q_12315_mediate"


def test_an_answer_that_leaves_it_their_turn_begins_the_silence_anew(rules: Rules) -> None:
    promised = case(
        said(at(2), channel="merchant_chat"), heard(at(9), "answer", turn="theirs", channel="merchant_chat")
    )
    assert look(promised, at(9, 20), rules).silence.since == at(9)


# What the merchant has missed stays due


@pytest.mark.parametrize(
    ("problem", "milestones", "clock"),
    [
        ("quality", {}, "stall_15d_demand"),
        ("refuse_refund", {"merchant_received_return": at(2)}, "refund_7d_after_return"),
        ("refuse_refund", {"merchant_received_return": at(2)}, "stall_15d_return"),
    ],
)
def test_a_request_filed_before_does_not_hide_what_the_merchant_has_missed_since(
    problem: str, milestones: dict[str, datetime], clock: str, rules: Rules
) -> None:
    request = filing(at(2), "request", "app_aftersale")
    which = case(said(at(2), channel="merchant_chat"), problem=problem, milestones=milestones, filings=(request,))
    assert flagged(which, at(19), rules)[clock] == "red"


def test_what_the_merchant_missed_is_milder_where_the_regulator_has_the_matter_and_over_once_it_was_cited(
    rules: Rules,
) -> None:
    up = case(said(at(2), channel="merchant_chat"), problem="quality", filings=(filing(at(5), "regulator", "c12315"),))
    assert flagged(up, at(19), rules)["stall_15d_demand"] == "amber"
    cited = structs.replace(up, contacts=(*up.contacts, said(at(18), channel="c12315")))
    assert "stall_15d_demand" not in flagged(cited, at(19), rules)


# My own time-outs


@pytest.mark.parametrize(
    ("code", "step"),
    [
        (9, ["appeal_platform", "file_12315"]),
        (12, ["file_request_again", "intervene"]),
        (13, ["ask_platform", "file_12315"]),
        (17, ["file_request_again", "intervene"]),
    ],
)
def test_a_request_closed_against_me_is_flagged_with_what_to_do_about_it(
    code: int, step: list[str], rules: Rules
) -> None:
    closed = moves.note_aftersale(lodged("app_aftersale", at(2)), "L", rules.aftersales[code], at(10), rules=rules)
    for now, level in ((at(10, 13), "amber"), (at(11), "red")):
        found = look(closed, now, rules)
        (flag,) = found.flags
        assert (flag.kind, flag.level) == ("my_deadline", level)
        assert acts(closed, now, rules)[:2] == step
    again = structs.replace(closed, filings=(*closed.filings, filing(at(11), "platform", "app_intervene")))
    assert "my_deadline" not in [flag.kind for flag in look(again, at(12), rules).flags]


@pytest.mark.parametrize(("code", "step"), [(6, "intervene"), (7, "send_back")])
def test_a_request_that_waits_for_me_says_what_it_waits_for(code: int, step: str, rules: Rules) -> None:
    waiting = moves.note_aftersale(
        lodged("app_aftersale", at(2)), "L", rules.aftersales[code], at(10), at(17), rules=rules
    )
    (leading, *others) = look(waiting, at(11), rules).steps
    assert (leading.act.id, leading.until) == (step, at(17))
    in_app = next(str(other.words) for other in others if other.act.id == "act_in_app")
    hint = rules.aftersales[code].hint
    assert hint is not None
    assert hint.en in in_app


@pytest.mark.parametrize("hour", [0, 18])
@pytest.mark.parametrize("until", [None, at(17)])
def test_once_the_goods_are_sent_back_it_is_the_merchants_turn_and_no_countdown_of_mine_runs(
    until: datetime | None, hour: int, rules: Rules
) -> None:
    asked = lodged("app_aftersale", at(2))
    agreed = moves.note_aftersale(asked, "L", rules.aftersales[7], at(10), until, rules=rules)
    assert [flag.kind for flag in look(agreed, at(10, 20), rules).flags] == ["turn", "my_deadline"]
    sent = structs.replace(agreed, milestones={**agreed.milestones, "return_shipped": at(10, hour)})
    found = look(sent, at(11), rules)
    assert (found.turn, found.silence.filing, [flag.kind for flag in found.flags]) == (
        "theirs",
        sent.filings[0],
        ["look"],
    )
    assert found.silence.since == at(10, max(hour, 12))
    assert "my_deadline" not in [flag.kind for flag in look(sent, at(20), rules).flags]
    levels = [look(sent, at(day_), rules).silence.level for day_ in (17, 20, 26)]
    assert levels == [None, "amber", "red"]
    assert acts(sent, at(11), rules)[0] == "look_return"
    assert acts(sent, at(26), rules)[0] == "note_return_arrived"


def test_what_the_merchant_owes_once_the_goods_are_back_is_measured_by_its_own_clock(rules: Rules) -> None:
    agreed = moves.note_aftersale(lodged("app_aftersale", at(2)), "L", rules.aftersales[7], at(3), rules=rules)
    back = structs.replace(
        agreed, milestones={**agreed.milestones, "return_shipped": at(4), "merchant_received_return": at(7)}
    )
    assert [look(back, at(day_), rules).silence.level for day_ in (5, 13, 16, 17)] == [None, "amber", "amber", "red"]
    assert flagged(back, at(17), rules)["refund_7d_after_return"] == "red"


def test_a_request_that_was_rejected_after_the_goods_were_sent_waits_for_me_all_the_same(rules: Rules) -> None:
    agreed = moves.note_aftersale(lodged("app_aftersale", at(2)), "L", rules.aftersales[7], at(3), rules=rules)
    sent = structs.replace(agreed, milestones={**agreed.milestones, "return_shipped": at(4, 9)})
    rejected = moves.note_aftersale(sent, "L", rules.aftersales[6], at(4, 18), rules=rules)
    assert look(rejected, at(5), rules).turn == "mine"
    assert [flag.kind for flag in look(rejected, at(5), rules).flags] == ["my_deadline"]


def test_a_refund_that_the_app_shows_is_looked_for_in_the_account(rules: Rules) -> None:
    refunded = moves.note_aftersale(lodged("app_aftersale", at(2)), "L", rules.aftersales[10], at(10), rules=rules)
    assert acts(refunded, at(11), rules) == ["check_money"]
    answered = structs.replace(refunded, contacts=(heard(at(11), channel="merchant_chat"),))
    assert acts(answered, at(12), rules)[:2] == ["check_money", "answer_them"]


# Shortcuts are named from the first day on


@pytest.mark.parametrize(
    ("problem", "health", "kept"), [("food", "keep_food", "doctor_food"), ("injury", "see_doctor", "keep_thing")]
)
def test_food_and_injury_go_to_a_doctor_and_a_report_from_the_first_day_on(
    problem: str, health: str, kept: str, rules: Rules
) -> None:
    fresh = case(problem=problem)
    chatted = case(said(at(2), channel="merchant_chat"), problem=problem)
    for which, now in ((fresh, at(1)), (chatted, at(2, 13)), (chatted, at(4)), (chatted, at(9))):
        assert acts(which, now, rules)[:3] == [health, kept, "report_12315"]
    report = next(step for step in look(fresh, at(1), rules).steps if step.act.id == "report_12315")
    assert "Still missing: " in str(report.words)
    reported = structs.replace(fresh, filings=(filing(at(2), "regulator", "r12315"),))
    assert "report_12315" not in acts(reported, at(3), rules)
    # A report brings no money, so the shop has still to be told.
    assert "tell_shop" in acts(reported, at(3), rules)


def test_a_promise_that_has_passed_is_settled_all_the_same(rules: Rules) -> None:
    put_off = heard(at(3), "holding", channel="merchant_chat", promises=(promise(at(5)),))
    waited = case(said(at(2), channel="merchant_chat"), put_off, problem="food")
    assert acts(waited, at(6), rules)[:4] == ["keep_food", "doctor_food", "report_12315", "settle_promise"]


def test_what_was_paid_outside_the_platform_begins_with_the_police(rules: Rules) -> None:
    paid = case(said(at(2), channel="merchant_chat"), problem="account_pay", milestones={"paid_off_platform": at(1)})
    assert acts(paid, at(2, 13), rules) == ["call_police", "dispute_payment", "look"]
    called = structs.replace(paid, contacts=(*paid.contacts, said(at(2, 14), channel="police", demand=False)))
    assert "call_police" not in acts(called, at(2, 15), rules)


def test_the_police_stay_the_first_step_when_it_goes_up(rules: Rules) -> None:
    waited = (said(at(2), channel="merchant_chat"),)
    paid = case(*waited, problem="account_pay", milestones={"paid_off_platform": at(1)})
    assert acts(paid, at(9), rules)[:3] == ["call_police", "dispute_payment", "ask_platform_payment"]
    called = structs.replace(paid, contacts=(*waited, said(at(8, 13), channel="police", demand=False)))
    assert acts(called, at(9), rules)[:2] == ["dispute_payment", "ask_platform_payment"]
    bank = said(at(8, 13, 30), channel="bank_payment", demand=False)
    called = structs.replace(called, contacts=(*called.contacts, bank))
    assert acts(called, at(9), rules)[0] == "ask_platform_payment"
    chased = structs.replace(called, contacts=(*called.contacts, said(at(8, 14), channel="merchant_chat")))
    assert acts(chased, at(9), rules)[0] == "look"


@pytest.mark.parametrize(
    ("problem", "proof"), [("lost", "secure_waybill"), ("fake_sign", "secure_waybill"), ("damaged", "secure_photos")]
)
def test_what_the_courier_did_is_a_way_of_its_own_beside_the_shop(problem: str, proof: str, rules: Rules) -> None:
    fresh = case(problem=problem)
    assert acts(fresh, at(1), rules)[0] == proof
    asked = structs.replace(fresh, filings=(filing(at(2), "direct", "courier_cs"),))
    assert acts(asked, at(3), rules)[0] == proof  # the shop has still to be told, and with what
    told = structs.replace(asked, contacts=(said(at(2), channel="merchant_chat"),))
    assert acts(told, at(2, 13), rules)[0] == "look"
    assert "file_12305" not in acts(asked, at(9), rules)
    assert acts(asked, at(10), rules)[0] == "file_12305"
    # The shop bears the risk of the transport, so it is pursued first; the courier's answer is taken higher beside it.
    assert acts(told, at(10), rules)[0] == ("file_request" if problem == "damaged" else "request_not_received")
    assert "file_12305" in acts(told, at(10), rules)
    appealed = structs.replace(asked, filings=(*asked.filings, filing(at(10), "regulator", "p12305")))
    assert "file_12305" not in acts(appealed, at(11), rules)
    in_court = structs.replace(asked, filings=(*asked.filings, filing(at(10), "court", "court")))
    assert "file_12305" not in acts(in_court, at(11), rules)


def test_a_consent_belongs_to_the_request_that_shows_it(rules: Rules) -> None:
    clocks = deadlines(consented(rules), at(11), rules, CALENDAR)
    assert [clock.filing for clock in clocks if clock.rule.id == "pdd_refund_arrive"] == ["L"]
