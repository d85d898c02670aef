from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain.attention import Attention, agenda, attention, is_due, section, urgency
from pddtui.domain.case import Case, Outcome
from pddtui.domain.flags import Flag
from pddtui.domain.subjects import thread_words
from tests.domain.build import CALENDAR, RULES, at, case, end_of, filing, follow_up, heard, promise, rule, said


def look(which: Case, now: datetime, *rules: object) -> Attention:
    return attention(which, now, structs.replace(RULES, deadlines=tuple(rules)), CALENDAR)


def pressing(entry: Attention) -> list[Flag]:
    """What is there beside my turn and looking how it stands, which every open case has."""
    return [flag for flag in entry.flags if flag.kind not in ("turn", "look")]


def flag(which: Case, now: datetime, *rules: object) -> Flag:
    (only,) = pressing(look(which, now, *rules))
    return only


def owing(due: datetime, **fields: object) -> Case:
    return case(heard(at(3), "holding", promises=(promise(due, **fields),)))


def test_a_promise_is_overdue_the_moment_it_passes_unkept() -> None:
    assert flag(owing(end_of(5)), end_of(5)).overdue is False
    passed = flag(owing(end_of(5)), end_of(5) + timedelta(seconds=1))
    assert (passed.overdue, passed.level, passed.kind) == (True, "red", "promise")


def test_a_promise_that_still_runs_is_listed_but_never_nags() -> None:
    running = flag(owing(at(5, 18)), at(5, 9))
    assert (running.level, is_due(running, at(5, 9))) == (None, False)


@pytest.mark.parametrize("state", ["kept", "broken", "replaced", "waived"])
def test_a_settled_promise_is_no_longer_due(state: str) -> None:
    assert pressing(look(owing(at(5), state=state), at(9))) == []


def test_an_overdue_promise_with_an_estimated_date_stays_amber_for_three_days() -> None:
    estimated = owing(end_of(5), estimated=True)
    assert [flag(estimated, at(day)).level for day in (6, 8, 9)] == ["amber", "amber", "red"]


def test_a_follow_up_is_amber_on_its_day_and_red_after_it() -> None:
    task = case(follow_ups=(follow_up(end_of(5)),))
    assert [flag(task, at(day)).level for day in (4, 5, 6)] == [None, "amber", "red"]


def test_among_red_flags_a_missed_duty_comes_last_for_the_others_are_where_it_is_cited() -> None:
    missed = rule("refund", "3d", "returned")
    both = look(case(said(at(2)), milestones={"returned": at(1)}), at(8), missed)
    assert [each.kind for each in both.flags] == ["deadline", "quiet"]
    assert [each.situation.moment for each in sorted(both.flags, key=urgency)] == ["unanswered", "duty_missed"]


def test_a_date_without_a_time_is_due_at_the_end_of_that_day_and_never_at_midnight_before() -> None:
    assert flag(case(follow_ups=(follow_up(end_of(5)),)), at(5, 23, 59)).overdue is False


def test_a_silence_is_heard_when_the_promise_that_hushed_it_has_run_out_and_that_is_settled_first() -> None:
    hushed = case(said(at(2)), heard(at(3), "holding", promises=(promise(end_of(9)),)))
    assert look(hushed, at(9)).flags[0].level is None
    promised, quiet = look(hushed, at(10)).flags
    assert (promised.kind, quiet.kind, promised.due, quiet.due) == ("promise", "quiet", end_of(9), end_of(9))
    assert min((promised, quiet), key=urgency) is promised


def test_a_promise_that_was_settled_early_hushes_no_longer() -> None:
    early = promise(end_of(9), state="broken", settled_at=at(6))
    assert flag(case(said(at(2)), heard(at(3), "holding", promises=(early,))), at(10)).due == at(6)


@pytest.mark.parametrize(
    ("which", "now", "text", "why"),
    [
        (case(said(at(2))), at(3), "their turn since 2026-11-02", "it turns amber after 2026-11-03 12:00"),
        (
            case(said(at(2)), said(at(3, 14))),
            at(3, 15),
            "their turn since",
            "You have asked again; there is nothing to ask before 2026-11-04 12:00",
        ),
        (
            case(said(at(2)), heard(at(3), "holding", promises=(promise(end_of(9)),))),
            at(4),
            "their turn since",
            "Their promise runs until 2026-11-09",
        ),
        (
            case(said(at(2)), milestones={"return_shipped": at(4)}),
            at(5),
            "the goods are on their way back since 2026-11-04",
            "Their time is running",
        ),
    ],
)
def test_what_is_only_to_be_looked_at_says_how_it_stands_and_why_there_is_nothing_to_ask(
    which: Case, now: datetime, text: str, why: str
) -> None:
    (only,) = [each for each in look(which, now).flags if each.kind == "look"]
    assert str(only.text).startswith(text)
    assert why in str(only.why)


BROKEN = heard(at(4), "holding", promises=(promise(at(5), state="broken"),))
HIGHER = filing(at(4), "regulator", "c12315")


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (case(), ["my turn since 2026-11-01"]),
        (case(heard(at(2))), ["my turn since 2026-11-02"]),
        (
            case(said(at(2)), said(at(3)), BROKEN),
            ["their turn since 2026-11-02", "96/48 hours", "asked again once", "1 promise broken"],
        ),
        (
            case(said(at(2)), filings=(HIGHER,)),
            ["their turn since 2026-11-02", "rests while it is dealt with higher up"],
        ),
        (case(heard(at(2)), filings=(HIGHER,)), ["left behind"]),
        (case(filings=(HIGHER,)), ["their turn since 2026-11-04", "2/5 working days"]),
    ],
)
def test_a_thread_is_told_with_whose_turn_how_long_and_what_i_tried(which: Case, words: list[str]) -> None:
    scene = look(which, at(6)).scene
    thread = scene.threads[0]
    assert list(map(str, thread_words(thread, scene.silence_in(thread), scene.rules)))[1:] == words


def test_the_reason_of_a_silence_has_its_unit_beside_every_number() -> None:
    why = str(flag(case(filings=(filing(at(2)),)), at(6)).why)
    assert "4 working days" in why
    assert "3 working days" in why


def test_a_resolved_case_asks_seven_days_later_whether_the_money_arrived() -> None:
    outcome = Outcome(id="O1", kind="full", recovered=Decimal("89.00"))
    done = case(status="resolved", outcome=outcome, closed_at=at(10))
    asked = flag(done, at(12))
    assert (asked.kind, asked.due, asked.level) == ("verify", end_of(17), None)
    assert str(asked.text) == "Has the money really arrived?"
    assert flag(done, at(17)).level == "amber"
    verified = structs.replace(done, outcome=structs.replace(outcome, verified_at=at(18)))
    assert look(verified, at(19)).flags == ()


def test_a_case_that_ended_otherwise_asks_nothing_and_one_in_the_trash_neither() -> None:
    assert look(case(status="closed", outcome=Outcome(id="O1", kind="refused"), closed_at=at(10)), at(20)).flags == ()
    assert look(case(said(at(2)), trashed_at=at(3)), at(20)).flags == ()


def test_of_a_case_that_ended_only_what_was_planned_since_is_due() -> None:
    tasks = (follow_up(at(6)), follow_up(at(20), id="F2", created_at=at(11)))
    ended = case(status="closed", closed_at=at(10), follow_ups=tasks)
    assert [each.thing for each in look(ended, at(21)).flags] == ["F2"]


def test_a_deadline_of_theirs_rolls_forward_from_a_weekend_and_is_missed_after_that() -> None:
    received = case(milestones={"received": at(2)})
    clock = rule("week", "6d", "received")
    assert flag(received, at(9), clock).due == end_of(9)
    assert flag(received, at(10), clock).overdue is True


def test_a_deadline_of_mine_never_rolls_and_warns_three_days_before() -> None:
    received = case(milestones={"received": at(2)})
    clock = rule("mine", "6d", "received", who="me", rolls=False, kind="platform")
    assert [flag(received, at(day), clock).level for day in (4, 6, 8)] == [None, "amber", "red"]
    assert [is_due(flag(received, at(day), clock), at(day)) for day in (4, 6, 8)] == [False, False, True]
    assert flag(received, at(8), clock).due == end_of(8)


def test_a_right_is_listed_while_it_can_be_used_and_gone_once_used_or_expired() -> None:
    clock = rule("return", "7d", "received", who="me", rolls=False, kind="right_window", met_by=("demand_made",))
    unused = case(milestones={"received": at(2)})
    assert flag(unused, at(4), clock).kind == "right"
    assert pressing(look(unused, at(12), clock)) == []
    used = case(said(at(4)), milestones={"received": at(2)})
    assert pressing(look(used, at(4, 13), clock)) == []


def test_rules_count_only_while_they_are_in_force_and_for_their_problems() -> None:
    old = rule("old", "45wd", "received", valid_to=at(1).date())
    new = rule("new", "60d", "received", valid_from=at(2).date())
    foods = rule("foods", "5d", "received", problems=("food",))
    found = look(case(milestones={"received": at(2)}), at(3), old, new, foods)
    assert [each.thing for each in pressing(found)] == ["new"]


def test_the_one_next_step_is_that_of_the_worst_and_oldest_flag() -> None:
    both = case(heard(at(3), "holding", promises=(promise(at(5)),)), follow_ups=(follow_up(end_of(9)),))
    assert min(look(both, at(9)).flags, key=urgency).kind == "promise"
    assert look(both, at(9)).level == "red"


def test_the_agenda_is_soonest_first_over_all_cases_and_falls_into_sections() -> None:
    now = at(9)
    tasks = [follow_up(end_of(day), id=f"F{day}") for day in (20, 9, 8, 12, 16)]
    first, second = case(follow_ups=tuple(tasks[:2])), case(id="C2", ref="PDD-2026-0002", follow_ups=tuple(tasks[2:]))
    lines = [line for line in agenda([look(first, now), look(second, now)]) if line.flag.kind == "follow_up"]
    assert [line.flag.thing for line in lines] == ["F8", "F9", "F12", "F16", "F20"]
    assert [section(line.flag, now) for line in lines] == ["overdue", "today", "week", "later", "later"]
    assert [is_due(line.flag, now) for line in lines] == [True, True, False, False, False]
