from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec import structs

from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case
from pddtui.domain.flags import Flag
from pddtui.domain.rules import DeadlineRule, Rules, span
from pddtui.domain.workdays import Day, PlainCalendar
from tests.domain.build import CALENDAR, RULES, at, case, end_of, filing, heard, promise, rule, rung, said

COUNTDOWN = structs.replace(rule("countdown", "1h", "now", rolls=False, kind="platform"), span=None)
MY_COUNTDOWN = structs.replace(COUNTDOWN, who="me")

REFUND = rule("refund", "7d", "returned", met_by=("refunded",))
STALL = rule("stall", "15d", "demand_made", kind="presumption", met_by=("refunded",))
RETURNED = {"returned": at(2)}


def rulebook(*rules: DeadlineRule) -> Rules:
    return structs.replace(RULES, deadlines=rules, countdown=COUNTDOWN, my_countdown=MY_COUNTDOWN)


def look(which: Case, now: datetime, *rules: DeadlineRule) -> Attention:
    return attention(which, now, rulebook(*rules), CALENDAR)


def clocks(which: Case, now: datetime, *rules: DeadlineRule) -> list[Flag]:
    found = look(which, now, *rules).flags
    return [flag for flag in found if flag.kind in ("deadline", "my_deadline", "right")]


def clock(which: Case, now: datetime, *rules: DeadlineRule) -> Flag:
    (only,) = clocks(which, now, *rules)
    return only


def test_a_clock_of_theirs_is_listed_while_it_runs_and_never_pressed() -> None:
    assert [clock(case(milestones=RETURNED), at(day), REFUND).level for day in (3, 8, 9)] == [None, None, None]


def test_a_duty_they_missed_is_red_until_somebody_does_something_about_it() -> None:
    missed = case(milestones=RETURNED)
    assert (clock(missed, at(10), REFUND).level, clock(missed, at(10), REFUND).overdue) == ("red", True)
    assert clock(missed, at(28), REFUND).level == "red"


@pytest.mark.parametrize(
    "since",
    [
        {"contacts": (said(at(11)),)},
        {"contacts": (heard(at(11)),)},
        {"filings": (filing(at(11)),)},
        {"milestones": {**RETURNED, "refunded": at(11)}},
        {"status": "closed", "closed_at": at(11)},
    ],
)
def test_what_was_said_lodged_or_answered_since_makes_a_missed_duty_a_fact_to_cite(
    since: dict[str, object],
) -> None:
    assert clocks(case(**{"milestones": RETURNED, **since}), at(12), REFUND) == []


@pytest.mark.parametrize("since", [said(at(8)), said(at(11), substance="none"), heard(at(11), "holding")])
def test_nothing_else_does(since: object) -> None:
    assert clock(case(milestones=RETURNED, contacts=(since,)), at(12), REFUND).level == "red"


def test_a_filing_higher_up_that_ran_before_makes_it_milder_and_hides_nothing() -> None:
    running = filing(at(3), "regulator", "c12315")
    assert clock(case(milestones=RETURNED, filings=(running,)), at(12), REFUND).level == "amber"


def test_a_filing_on_the_last_rung_of_that_side_is_none_higher_up() -> None:
    request = structs.replace(
        rulebook(REFUND), ladder=(*RULES.ladder[:1], rung("request", 1, "chat"), *RULES.ladder[1:])
    )
    asked = case(milestones=RETURNED, filings=(filing(at(3), "request", "chat"),))
    found = attention(asked, at(12), request, CALENDAR).flags
    assert [flag.level for flag in found if flag.kind == "deadline"] == ["red"]


def test_a_filing_higher_up_that_has_ended_stops_nothing() -> None:
    over = filing(at(3), "regulator", "c12315", state="refused", ended_at=at(5))
    assert clock(case(milestones=RETURNED, filings=(over,)), at(12), REFUND).level == "red"


def test_while_a_promise_runs_nobody_is_pressed_and_the_moment_it_has_passed_the_flag_is_back() -> None:
    held_off = case(said(at(3)), heard(at(4), "holding", promises=(promise(at(14)),)), milestones=RETURNED)
    assert clocks(held_off, at(12), REFUND) == []
    assert clock(held_off, at(15), REFUND).level == "red"


def test_fifteen_days_after_a_demand_it_may_be_treated_as_deliberate_stalling() -> None:
    asked = case(said(at(1, 9)))
    assert clock(asked, end_of(16), STALL).level is None
    red = clock(asked, at(17, 0), STALL)
    assert (red.level, red.situation.moment) == ("red", "duty_missed")


def test_what_rests_on_a_weak_source_bears_a_question_mark_and_is_never_red() -> None:
    weak = structs.replace(REFUND, sure=False)
    flag = clock(case(milestones=RETURNED), at(20), weak)
    assert flag.level == "amber"
    assert "?" in str(flag.text)


class _Unpublished(PlainCalendar):
    def work_out(self, day: date) -> Day:
        plain = super().work_out(day)
        return Day(date=plain.date, works=plain.works, estimated=True)


def test_an_estimated_deadline_of_theirs_is_not_red_until_three_days_later() -> None:
    found = [attention(case(milestones=RETURNED), at(day), rulebook(REFUND), _Unpublished()) for day in (9, 12, 13)]
    levels = [flag.level for entry in found for flag in entry.flags if flag.kind == "deadline"]
    assert levels == [None, "amber", "red"]


def test_a_usual_time_of_the_platform_says_nothing_beside_the_silence_of_the_same_filing() -> None:
    usual = rule("usual", "3wd", "intervention_filed", rolls=False, kind="platform", sure=False)
    asked = case(filings=(filing(at(2), "platform", "app_intervene"),))
    assert [flag.kind for flag in look(asked, at(20), usual).flags] == ["quiet"]


def test_what_is_only_worth_knowing_is_never_flagged() -> None:
    info = rule("records", "7d", "returned", kind="info")
    assert [clocks(case(milestones=RETURNED), at(day), info) for day in (3, 20)] == [[], []]


# Mine


@pytest.mark.parametrize(
    ("length", "left", "level"),
    [("7d", 4, None), ("7d", 3, "amber"), ("7d", 1, "red"), ("60d", 31, None), ("60d", 30, "amber"), ("60d", 7, "red")],
)
def test_a_short_window_of_mine_warns_three_days_before_and_a_long_one_thirty(
    length: str, left: int, level: str | None
) -> None:
    mine = rule("mine", length, "returned", who="me", rolls=False, kind="platform")
    end = clock(case(milestones=RETURNED), at(2), mine).due
    assert clock(case(milestones=RETURNED), end - timedelta(days=left), mine).level == level


def test_a_rule_may_say_itself_when_to_warn() -> None:
    notify = rule("notify", "2y", "received", who="me", rolls=False, kind="limitation", warn_after=span("10d"))
    received = case(milestones={"received": at(2)})
    assert clocks(received, at(12), notify) == []
    assert clock(received, at(13), notify).level == "amber"


def test_a_limitation_is_listed_only_in_its_last_sixty_days() -> None:
    limit = rule("limit", "3m", "harm_known", who="me", rolls=False, kind="limitation")
    known = case(milestones={"harm_known": at(2, month=9)})
    end = at(2, month=12)
    assert clocks(known, end - timedelta(days=61), limit) == []
    assert clock(known, end - timedelta(days=59), limit).kind == "right"
    assert clocks(known, end + timedelta(days=2), limit) == []


def test_what_i_missed_in_the_app_is_red_until_i_do_something() -> None:
    mine = rule("mine", "6d", "returned", who="me", rolls=False, kind="platform")
    assert clock(case(milestones=RETURNED), at(9), mine).overdue
    assert clocks(case(said(at(9)), milestones=RETURNED), at(10), mine) == []


# Countdowns

REJECTED = filing(
    at(2),
    "request",
    "app_aftersale",
    aftersale_state=6,
    aftersale_turn="mine",
    aftersale_at=at(3),
    countdown_until=at(8),
)


def test_a_request_that_waits_for_me_is_a_deadline_of_mine_with_the_countdown_of_the_app() -> None:
    waiting = case(filings=(REJECTED,))
    assert [clock(waiting, at(day)).kind for day in (4, 7)] == ["my_deadline", "my_deadline"]
    assert [clock(waiting, at(day)).level for day in (4, 5, 7, 9)] == [None, "amber", "red", "red"]
    assert clock(waiting, at(4)).due == at(8)


def test_without_a_countdown_it_asks_for_one_until_i_have_acted() -> None:
    untimed = structs.replace(REJECTED, countdown_until=None)
    flag = clock(case(filings=(untimed,)), at(4))
    assert (flag.kind, flag.level, flag.overdue) == ("my_deadline", "amber", False)
    assert flag.situation.moment == "countdown_unknown"
    assert clocks(case(filings=(untimed, filing(at(4), "platform", "app_intervene"))), at(5)) == []


def test_a_refusal_in_the_app_waits_for_me_too() -> None:
    refused = filing(at(2), "request", "app_aftersale", state="refused", ended_at=at(3))
    assert clock(case(filings=(refused,)), at(4)).kind == "my_deadline"


def test_a_countdown_of_theirs_that_is_over_sends_me_to_the_app() -> None:
    shown = case(filings=(filing(at(2), "request", "elsewhere", countdown_until=at(3)),))
    assert clock(shown, at(2, 20)).level is None
    assert clock(shown, at(4)).situation.moment == "duty_missed"
