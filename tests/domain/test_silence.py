from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain.case import Case, Override, Promise
from pddtui.domain.silence import Silence, measure, read_quiet
from pddtui.domain.workdays import Day, PlainCalendar
from pddtui.errors import Refused
from tests.domain.build import CALENDAR, RULES, at, case, filing, heard, promise, said


def silence(which: Case, now: datetime) -> Silence:
    return measure(which, now, RULES, CALENDAR)


def test_no_clock_runs_while_it_is_my_turn() -> None:
    assert silence(case(said(at(2)), heard(at(3))), at(20)).elapsed is None


def test_silence_is_measured_from_my_demand_that_waits_longest_in_the_unit_of_the_limit() -> None:
    found = silence(case(said(at(2)), said(at(3))), at(3, 14))
    assert (found.since, found.elapsed, found.unit) == (at(2), 26, "hour")


@pytest.mark.parametrize(
    ("now", "level"),
    [(at(3, 12), None), (at(3, 12, 1), "amber"), (at(4, 12), "amber"), (at(4, 12, 1), "red")],
)
def test_hours_turn_amber_and_red_when_the_limit_is_used_up(now: datetime, level: str | None) -> None:
    assert silence(case(said(at(2))), now).level == level


@pytest.mark.parametrize(
    ("day", "elapsed", "level"),
    [(20, 1, None), (21, 1, None), (22, 1, None), (24, 3, None), (25, 4, "amber"), (26, 5, "amber"), (27, 6, "red")],
)
def test_working_days_leave_out_the_weekend_and_the_day_of_the_event(day: int, elapsed: int, level: str | None) -> None:
    filed_on_thursday = case(filings=(filing(at(19)),))
    found = silence(filed_on_thursday, at(day, 10))
    assert (found.elapsed, found.level, found.unit) == (elapsed, level, "working_day")


def test_a_running_promise_silences_the_alarm_and_is_named() -> None:
    held_off = case(said(at(2)), heard(at(3), "holding", promises=(promise(at(20)),)))
    found = silence(held_off, at(19))
    assert found.level is None
    assert found.promise is not None
    assert found.promise[1].id == "P1"


def test_the_alarm_is_back_the_moment_the_promise_has_passed_unkept() -> None:
    held_off = case(said(at(2)), heard(at(3), "holding", promises=(promise(at(20)),)))
    assert silence(held_off, at(20)).level is None
    assert silence(held_off, at(20) + timedelta(seconds=1)).level == "red"


@pytest.mark.parametrize("made", [promise(at(20), state="broken"), promise(at(20), state="waived"), promise(None)])
def test_only_an_open_promise_with_a_date_silences_the_alarm(made: Promise) -> None:
    assert silence(case(said(at(2)), heard(at(3), "holding", promises=(made,))), at(19)).level == "red"


def test_a_filing_has_the_limit_of_its_own_channel_and_stage() -> None:
    submitted = case(filings=(filing(at(2), "regulator", "c12315"),))
    accepted = case(filings=(filing(at(2), "regulator", "c12315", state="accepted", accepted_at=at(10)),))
    limits = [silence(which, at(12)).limit for which in (submitted, accepted)]
    assert [limit and limit.id for limit in limits] == ["q_sub", "q_acc"]


def test_a_new_instance_cannot_have_been_silent_before_it_was_asked_or_accepted() -> None:
    asked_before = case(said(at(1)), filings=(filing(at(9)),))
    assert silence(asked_before, at(10)).since == at(9)
    accepted = case(said(at(1)), filings=(filing(at(2), "regulator", "c12315", state="accepted", accepted_at=at(10)),))
    assert silence(accepted, at(12)).since == at(10)


def test_a_filing_that_has_ended_gives_no_limit_any_more() -> None:
    over = case(said(at(5)), filings=(filing(at(2), state="refused", ended_at=at(4)),))
    found = silence(over, at(6))
    assert found.limit is not None
    assert found.limit.id == "q_chat"


def test_an_unknown_channel_has_the_limit_of_any_channel() -> None:
    found = silence(case(said(at(2), channel="pigeon")), at(8))
    assert found.limit is not None
    assert (found.limit.id, found.level) == ("q_any", "amber")


def test_the_case_may_have_its_own_limit() -> None:
    mine = case(said(at(2)), quiet=Override(amber="2d", red="4d"))
    assert [silence(mine, at(day)).level for day in (4, 5, 7)] == [None, "amber", "red"]


def test_a_countdown_typed_in_goes_before_the_limit() -> None:
    early = structs.replace(RULES.quiet[1], amber_before_countdown=structs.replace(RULES.quiet[0].amber, n=6))
    rules = structs.replace(RULES, quiet=(early,))
    counted = case(filings=(filing(at(2), countdown_until=at(4, 20)),))
    levels = [measure(counted, now, rules, CALENDAR).level for now in (at(4, 14), at(4, 15), at(4, 21))]
    assert levels == [None, "amber", "red"]


class _Unpublished(PlainCalendar):
    def work_out(self, day: date) -> Day:
        plain = super().work_out(day)
        return Day(date=plain.date, works=plain.works, estimated=True)


def test_an_estimated_limit_never_turns_red_until_three_days_later() -> None:
    guessed = case(filings=(filing(at(19)),))
    calendar = _Unpublished()
    levels = [measure(guessed, at(day, 10), RULES, calendar).level for day in (27, 29, 30)]
    assert levels == ["amber", "amber", "red"]


def test_elapsed_is_counted_in_the_unit_of_the_limit_that_was_reached() -> None:
    mixed = case(said(at(2)), quiet=Override(amber="24h", red="3wd"))
    counted = [(found.elapsed, found.unit) for found in (silence(mixed, at(4)), silence(mixed, at(9)))]
    assert counted == [(48, "hour"), (5, "working_day")]


def test_how_often_i_asked_again_leaves_out_what_came_before_it_began_and_what_belonged_to_the_demand() -> None:
    up = case(
        said(at(2)),
        said(at(3)),
        said(at(9, 12, 30), channel="app"),
        said(at(11), channel="app"),
        filings=(filing(at(9)),),
    )
    assert silence(up, at(12)).asked_again == 1


@given(st.integers(1, 28), st.integers(0, 23), st.integers(0, 60))
def test_the_level_never_falls_while_nothing_happens(day: int, hour: int, days: int) -> None:
    waiting = case(said(at(day, hour)))
    order = [None, "amber", "red"]
    earlier = silence(waiting, at(day, hour) + timedelta(days=days)).level
    later = silence(waiting, at(day, hour) + timedelta(days=days + 1)).level
    assert order.index(later) >= order.index(earlier)


def test_of_filings_side_by_side_the_one_counts_whose_alarm_goes_off_first() -> None:
    both = case(filings=(filing(at(2), "regulator", "c12315"), filing(at(3), "platform", "app")))
    found = silence(both, at(5))
    assert (found.filing, found.limit and found.limit.id) == (both.filings[1], "q_app")


def test_a_filing_left_behind_on_a_lower_rung_raises_no_alarm() -> None:
    up = case(filings=(filing(at(2), "direct", "chat"), filing(at(4), "regulator", "c12315")))
    assert silence(up, at(6)).filing == up.filings[1]


def test_a_request_that_waits_for_me_is_nobody_elses_silence() -> None:
    mine = filing(at(3), "platform", "app", aftersale_state=6, aftersale_turn="mine", aftersale_at=at(4))
    assert silence(case(filings=(mine,)), at(20)).thread is None
    asked_again = case(said(at(5)), filings=(mine,))
    assert silence(asked_again, at(20)).filing is None


def test_a_limit_that_reminds_again_is_amber_anew_after_each_span() -> None:
    again = structs.replace(RULES.quiet[3], repeat=RULES.quiet[3].amber)
    rules = structs.replace(RULES, quiet=(again,))
    accepted = filing(at(1, month=9), "regulator", "c12315", state="accepted", accepted_at=at(1, month=9))
    chased = case(said(at(17, month=9), channel="c12315"), filings=(accepted,))
    october = [measure(chased, at(day, month=10), rules, CALENDAR) for day in (1, 2)]
    assert [found.level for found in october] == [None, "amber"]
    assert october[1].amber_at == at(1, 23, 59, month=10).replace(second=59)
    assert measure(chased, at(1), rules, CALENDAR).level == "red"


@pytest.mark.parametrize(
    ("typed", "limits"), [("24h 3wd", ("24h", "3wd")), (" 2d/4d ", ("2d", "4d")), ("", None), (None, None)]
)
def test_my_own_limits_are_read_as_they_are_typed(typed: str | None, limits: tuple[str, str] | None) -> None:
    read = read_quiet(typed)
    assert (None if read is None else (read.amber, read.red)) == limits


@pytest.mark.parametrize("typed", ["24h", "24h 3wd 5d", "soon later", "0h 1d", "-1d 2d"])
def test_limits_that_are_none_are_refused_at_their_field(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        read_quiet(typed)
    assert caught.value.field == "quiet"
