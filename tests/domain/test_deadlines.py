from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.deadlines import Deadline, deadline_words, deadlines, limitation_near
from pddtui.domain.rules import DeadlineRule, span
from pddtui.message import Label
from tests.domain.build import CALENDAR, RULES, SHANGHAI, at, case, end_of, filing, rule, said

COUNTDOWN = structs.replace(rule("countdown", "1h", "now", rolls=False, kind="platform"), span=None)
MY_COUNTDOWN = structs.replace(COUNTDOWN, who="me")


def clocks(which: Case, now: datetime, *rules: DeadlineRule) -> tuple[Deadline, ...]:
    known = structs.replace(RULES, deadlines=rules, countdown=COUNTDOWN, my_countdown=MY_COUNTDOWN)
    return deadlines(which, now, known, CALENDAR)


def clock(which: Case, now: datetime, *rules: DeadlineRule) -> Deadline:
    (only,) = clocks(which, now, *rules)
    return only


# Which clocks run


def test_every_filing_has_its_own_clock() -> None:
    accept = rule("accept", "7wd", "complaint_received", met_by=("complaint_accepted",), channels=("c12315",))
    first = filing(at(2), "regulator", "c12315", state="accepted", accepted_at=at(4))
    second = filing(at(16), "regulator", "c12315")
    found = clocks(case(filings=(first, second)), at(20), accept)
    assert [(one.filing, one.start, one.due.at, one.state) for one in found] == [
        (first.id, at(2), end_of(11), "met"),
        (second.id, at(16), end_of(25), "running"),
    ]
    assert len({one.key for one in found}) == 2


def test_a_milestone_entered_by_hand_belongs_to_the_filing_of_its_day() -> None:
    received = rule("accept", "7wd", "complaint_received")
    first, second = filing(at(2), "regulator", "c12315"), filing(at(16, 20), "regulator", "c12315")
    entered = case(filings=(first, second), milestones={"complaint_received": at(16, 12)})
    assert [(one.filing, one.start) for one in clocks(entered, at(20), received)] == [
        (first.id, at(2)),
        (second.id, at(16, 12)),
    ]


def test_a_clock_of_a_channel_starts_with_the_filing_there_and_not_with_the_demand_before() -> None:
    reply = rule("reply", "48h", "demand_made", channels=("heimao",), rolls=False)
    assert clocks(case(said(at(2))), at(3), reply) == ()
    assert clock(case(said(at(2)), filings=(filing(at(9), "public", "heimao"),)), at(9), reply).start == at(9)


def test_of_an_old_and_a_new_rule_the_one_in_force_on_the_first_day_counts() -> None:
    old = rule("admin_45wd_legacy", "45wd", "complaint_accepted", valid_to=date(2026, 4, 14))
    new = rule("admin_60d_mediation", "60d", "complaint_accepted", valid_from=date(2026, 4, 15))
    for day, wanted in ((14, "admin_45wd_legacy"), (15, "admin_60d_mediation")):
        accepted = case(milestones={"complaint_accepted": at(day, month=4)})
        assert clock(accepted, at(20), old, new).rule.id == wanted


def test_a_later_demand_that_can_be_proved_restarts_the_limitation() -> None:
    limit = rule("limit", "3y", "harm_known", who="me", rolls=False, kind="limitation", restart_on=("demand_made",))
    known = {"harm_known": at(1, month=2)}
    assert clock(case(milestones=known), at(9), limit).due.at == datetime(2029, 2, 1, 23, 59, 59, tzinfo=SHANGHAI)
    again = case(said(at(2)), said(at(5)), milestones=known)
    assert clock(again, at(9), limit).due.at == datetime(2029, 11, 5, 23, 59, 59, tzinfo=SHANGHAI)


def test_a_limitation_that_was_begun_anew_says_by_what() -> None:
    facts = {"who": "me", "rolls": False, "kind": "limitation", "restart_on": ("demand_made",), "basis": ("cc195",)}
    facts["restart_labels"] = {"demand_made": Label("我方请求", "my demand")}
    known = {"harm_known": at(1, month=2)}
    for dispute, anew in ((case(said(at(5)), milestones=known), True), (case(milestones=known), False)):
        words = " ".join(map(str, deadline_words(clock(dispute, at(9), rule("limit", "3y", "harm_known", **facts)))))
        assert ("my demand on 2026-11-05" in words, "(Civil Code art. 195)" in words) == (anew, anew)
        assert "“harm_known” on 2026-02-01" in words


def test_a_limitation_is_near_in_its_last_sixty_days() -> None:
    limit = rule("limit", "3y", "harm_known", who="me", rolls=False, kind="limitation")
    old = case(milestones={"harm_known": datetime(2024, 1, 20, 12, tzinfo=SHANGHAI)})
    for near, now in ((False, at(20)), (True, at(25))):
        assert limitation_near(clocks(old, now, limit), now) is near


def test_what_nobody_need_look_at_yet_is_left_out_without_being_counted() -> None:
    limit = rule("limit", "3y", "harm_known", who="me", rolls=False, kind="limitation")
    info = rule("info", "3y", "harm_known", kind="info")
    known = structs.replace(RULES, deadlines=(limit, info))
    fresh = case(milestones={"harm_known": at(1)})
    assert len(deadlines(fresh, at(9), known, CALENDAR)) == 2
    assert deadlines(fresh, at(9), known, CALENDAR, near=True) == ()
    later = datetime(2029, 10, 1, tzinfo=SHANGHAI)
    assert [one.rule.id for one in deadlines(fresh, later, known, CALENDAR, near=True)] == ["limit"]


def test_what_a_filing_would_have_started_runs_where_only_its_day_was_noted() -> None:
    accept = rule("accept", "7wd", "complaint_received", channels=("c12315",))
    known = structs.replace(RULES, deadlines=(accept,))
    (found,) = deadlines(case(milestones={"complaint_received": at(16)}), at(20), known, CALENDAR)
    assert (found.filing, found.start) == (None, at(16))


# What becomes of them

DUTY = rule("duty", "7d", "received", met_by=("refunded",))


@pytest.mark.parametrize(
    ("fields", "now", "state"),
    [
        ({}, end_of(9), "running"),
        ({}, at(10, 1), "missed"),
        ({"refunded": at(8)}, at(20), "met"),
        ({"refunded": at(12)}, at(20), "late"),
        ({"refunded": at(1)}, at(5), "running"),
    ],
)
def test_a_duty_runs_and_is_met_in_time_or_late_or_not_at_all(
    fields: dict[str, datetime], now: datetime, state: str
) -> None:
    assert clock(case(milestones={"received": at(2), **fields}), now, DUTY).state == state


def test_a_right_that_was_not_used_has_expired() -> None:
    right = rule("right", "7d", "received", who="me", rolls=False, kind="right_window", met_by=("demand_made",))
    assert clock(case(milestones={"received": at(2)}), at(12), right).state == "expired"
    assert clock(case(said(at(4)), milestones={"received": at(2)}), at(12), right).state == "met"


@pytest.mark.parametrize(("state", "became"), [("answered", "met"), ("refused", "met"), ("ended", "ended")])
def test_the_end_of_its_filing_ends_a_clock_but_one_that_i_ended_was_not_met(state: str, became: str) -> None:
    reply = rule("reply", "7d", "courier_complained")
    asked = case(filings=(filing(at(2), "x", "courier_cs", state=state, ended_at=at(4)),))
    assert clock(asked, at(20), reply).state == became
    slow = case(filings=(filing(at(2), "x", "courier_cs", state=state, ended_at=at(18)),))
    assert clock(slow, at(20), reply).state == ("missed" if became == "ended" else "late")


def test_nobody_waits_for_the_clocks_of_a_case_that_has_ended() -> None:
    ended = case(milestones={"received": at(2)}, status="withdrawn", closed_at=at(5))
    assert clock(ended, at(20), DUTY).state == "ended"


MEDIATION = rule("mediation", "60d", "complaint_accepted", pause_on=("appraisal", "testing"))


def test_an_appraisal_stops_the_clock_and_what_is_left_runs_on_after_it() -> None:
    accepted = {"complaint_accepted": at(2), "appraisal": at(12)}
    still = clock(case(milestones=accepted), at(19), MEDIATION)
    assert still.state == "paused"
    assert still.due.at == end_of(19) + timedelta(days=50)
    resumed = clock(case(milestones={**accepted, "appraisal_done": at(22)}), at(25), MEDIATION)
    assert resumed.state == "running"
    assert resumed.due.at.date() == date(2027, 1, 11)
    assert [(pause.start, pause.end, pause.used) for pause in resumed.pauses] == [(at(12), at(22), 10)]


def test_an_appraisal_after_the_end_comes_too_late_to_stop_anything() -> None:
    accepted = {"complaint_accepted": at(2, month=8), "appraisal": at(12)}
    assert clock(case(milestones=accepted), at(20), MEDIATION).state == "missed"


@pytest.mark.parametrize("again", [at(14), at(16)])
def test_two_pauses_that_overlap_or_touch_are_one(again: datetime) -> None:
    stops = {"appraisal": at(12), "appraisal_done": at(16), "testing": again, "testing_done": at(22)}
    found = clock(case(milestones={"complaint_accepted": at(2), **stops}), at(25), MEDIATION)
    assert [(pause.start, pause.end) for pause in found.pauses] == [(at(12), at(22))]


def test_granted_time_is_counted_from_the_end_it_had_before() -> None:
    check = rule("check", "5wd", "report_received", extend=span("5wd"), extend_on=("report_extended",))
    plain = clock(case(milestones={"report_received": at(2)}), at(5), check)
    longer = clock(case(milestones={"report_received": at(2), "report_extended": at(6)}), at(12), check)
    assert (plain.due.at, plain.state) == (end_of(9), "running")
    assert (longer.due.at, longer.state) == (end_of(16), "extended")
    assert longer.before == plain.due


# Countdowns


def test_a_countdown_is_a_clock_of_theirs_and_goes_before_what_the_platform_usually_grants() -> None:
    usual = rule("usual", "48h", "aftersale_filed", rolls=False, kind="platform")
    asked = filing(at(2), "request", "app_aftersale")
    assert clock(case(filings=(asked,)), at(3), usual).rule.id == "usual"
    shown = structs.replace(asked, countdown_until=at(3, 18))
    found = clock(case(filings=(shown,)), at(3), usual)
    assert (found.rule.id, found.rule.mine, found.due.at, found.state) == ("countdown", False, at(3, 18), "running")
    assert clock(case(filings=(shown,)), at(3, 19), usual).state == "missed"
    other = filing(at(3), "request", "app_aftersale")
    both = clocks(case(filings=(shown, other)), at(3, 13), usual)
    assert {(one.rule.id, one.filing) for one in both} == {("countdown", asked.id), ("usual", other.id)}


def test_a_countdown_beside_a_state_that_waits_for_me_is_mine_until_i_lodge_something_in_the_app() -> None:
    mine = filing(
        at(2),
        "request",
        "app_aftersale",
        aftersale_state=6,
        aftersale_turn="mine",
        aftersale_at=at(3),
        countdown_until=at(5),
    )
    assert clock(case(filings=(mine,)), at(4)).rule.mine
    assert clock(case(filings=(mine,)), at(6)).state == "missed"
    stepped_in = filing(at(4), "platform", "app_intervene")
    found = {one.filing: one.state for one in clocks(case(filings=(mine, stepped_in)), at(6))}
    assert found == {mine.id: "met"}


# Words


def test_a_deadline_explains_itself_with_start_rule_sum_and_what_became_of_it() -> None:
    doubtful = structs.replace(DUTY, sure=False, sources=("law_crpl",))
    words = " ".join(map(str, deadline_words(clock(case(milestones={"received": at(2)}), at(20), doubtful))))
    for part in ("7 days from “received” on 2026-11-02", "law_crpl", "?", "is day 0", "passed without a result"):
        assert part in words


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ({"milestones": {"received": at(2), "refunded": at(8)}}, "It was done in time, on 2026-11-08"),
        ({"milestones": {"received": at(2), "refunded": at(12)}}, "It was late: done only on 2026-11-12"),
        ({"status": "closed", "closed_at": at(5)}, "The case was closed on 2026-11-05"),
        ({}, "The deadline has passed without a result."),
    ],
)
def test_a_deadline_says_what_became_of_it(became: dict[str, object], words: str) -> None:
    found = clock(case(**{"milestones": {"received": at(2)}, **became}), at(20), DUTY)
    assert str(deadline_words(found)[-1]).startswith(words)


def test_a_pause_and_granted_time_are_part_of_the_sum() -> None:
    both = structs.replace(MEDIATION, extend=span("30d"), extend_on=("assoc_extended",))
    stops = {"complaint_accepted": at(2), "appraisal": at(12), "appraisal_done": at(22), "assoc_extended": at(23)}
    words = " ".join(map(str, deadline_words(clock(case(milestones=stops), at(25), both))))
    assert "was paused" in words
    assert "after 10 days" in words
    assert "extended by 30 days" in words


# Properties

_LENGTHS = st.sampled_from(["5wd", "7d", "60d", "2m", "1y"])
_STARTS = st.integers(0, 730 * 24).map(lambda hours: at(1, 0, month=1, year=2025) + timedelta(hours=hours))


@given(_STARTS, _LENGTHS)
def test_a_deadline_of_theirs_never_ends_on_a_day_off_and_one_of_mine_never_moves(start: datetime, length: str) -> None:
    theirs, mine = rule("theirs", length, "received"), rule("mine", length, "received", who="me", rolls=False)
    found = {one.rule.id: one.due.at for one in clocks(case(milestones={"received": start}), start, theirs, mine)}
    assert CALENDAR.day(found["theirs"].date()).works
    assert found["mine"] <= found["theirs"]
    if not CALENDAR.day(found["mine"].date()).works:
        assert found["mine"] < found["theirs"]


_ORDER = {"running": 0, "extended": 0, "paused": 0, "missed": 1, "expired": 1, "met": 1, "late": 1, "ended": 1}


@given(_STARTS, _LENGTHS, st.integers(0, 800), st.integers(0, 200), st.booleans())
def test_what_has_come_to_an_end_stays_so(start: datetime, length: str, days: int, more: int, granted: bool) -> None:
    extended = {"granted": start} if granted else {}
    which = case(milestones={"received": start, **extended})
    clock_rule = rule("theirs", length, "received", extend=span("30d"), extend_on=("granted",))
    early = clock(which, start + timedelta(days=days), clock_rule)
    late = clock(which, start + timedelta(days=days + more), clock_rule)
    assert early.due.at == late.due.at
    assert _ORDER[early.state] <= _ORDER[late.state]
    if not early.runs:
        assert late.state == early.state
