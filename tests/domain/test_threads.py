from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain import threads
from pddtui.domain.case import Case
from pddtui.domain.threads import Thread, Wait, case_turn, threads_of
from tests.domain.build import RULES, at, case, contact, filing, heard, promise, said


def turn(which: Case) -> str:
    return case_turn(which, threads_of(which, RULES))


def thread(which: Case) -> Thread:
    """The one thread that is live, or that there is."""
    found = threads_of(which, RULES)
    live = [each for each in found if each.live]
    assert len(live or found) == 1
    return (live or list(found))[0]


def waits(which: Case) -> tuple[Wait, ...]:
    return threads.waits(which, RULES)


def test_before_anything_was_said_it_is_my_turn() -> None:
    assert thread(case()).turn == "mine"


def test_what_i_say_makes_it_their_turn() -> None:
    where = thread(case(said(at(2))))
    assert (where.turn, where.since, where.channel) == ("theirs", at(2), "chat")


def test_their_answer_makes_it_my_turn() -> None:
    where = thread(case(said(at(2)), heard(at(3))))
    assert (where.turn, where.since) == ("mine", at(3))


@pytest.mark.parametrize("substance", ["holding", "none", None])
def test_a_holding_reply_or_no_answer_changes_nothing(substance: str | None) -> None:
    where = thread(case(said(at(2)), heard(at(3), substance)))
    assert (where.turn, where.since) == ("theirs", at(2))


def test_chasing_again_does_not_restart_their_silence_but_counts_as_an_attempt() -> None:
    where = thread(case(said(at(2)), said(at(4), demand=False), said(at(6))))
    assert (where.since, where.asked) == (at(2), (at(4), at(6)))


def test_attempts_are_counted_anew_after_an_answer() -> None:
    where = thread(case(said(at(2)), said(at(4)), heard(at(5)), said(at(6))))
    assert (where.turn, where.since, where.asked) == ("theirs", at(6), ())


def test_a_call_nobody_took_does_not_make_it_their_turn_but_counts_as_an_attempt() -> None:
    unheard = thread(case(said(at(2), substance="none", demand=False)))
    assert (unheard.turn, unheard.asked) == ("mine", ())
    assert thread(case(said(at(2)), said(at(4), substance="none"))).asked == (at(4),)


def test_a_filing_makes_it_their_turn() -> None:
    where = thread(case(said(at(2)), heard(at(3)), filings=(filing(at(4)),)))
    assert (where.turn, where.since, where.channel) == ("theirs", at(4), "app")


def test_a_filing_that_was_decided_makes_it_my_turn_but_one_that_was_accepted_does_not() -> None:
    refused = filing(at(4), state="refused", ended_at=at(6))
    assert thread(case(filings=(refused,))).turn == "mine"
    accepted = filing(at(4), state="accepted", accepted_at=at(6))
    assert thread(case(filings=(accepted,))).turn == "theirs"


def test_a_demand_and_its_filing_at_the_same_moment_are_one_attempt_and_not_two() -> None:
    assert thread(case(said(at(2)), filings=(filing(at(2)),))).asked == ()
    assert thread(case(said(at(2), channel="app"), filings=(filing(at(2, 12, 30)),))).asked == (at(2, 12, 30),)


@pytest.mark.parametrize(
    ("ended", "within"),
    [({}, [at(6), at(11)]), ({"state": "refused", "ended_at": at(9)}, [at(6)])],
)
def test_what_is_said_to_the_side_behind_a_filing_belongs_to_it_while_it_runs(
    ended: dict[str, Any], within: list[datetime]
) -> None:
    lodged = filing(at(4), channel="app_intervene", **ended)
    found = threads_of(case(*(said(at(day), channel="app") for day in (2, 6, 11)), filings=(lodged,)), RULES)
    assert [contact.at for each in found if each.filing is lodged for contact in each.contacts] == within


def test_a_filing_that_i_still_chase_is_not_left_behind_by_one_lodged_beside_it_before() -> None:
    first, second = filing(at(2)), filing(at(4), channel="app_intervene")
    for asked, turn in ((), "nobody"), ((said(at(6), channel="app"),), "theirs"):
        found = threads_of(case(*asked, filings=(first, second)), RULES)
        assert [each.turn for each in found if each.filing is first] == [turn]


@pytest.mark.parametrize("channel", ["app", "app_intervene"])
def test_of_two_filings_with_the_same_day_and_no_hour_the_one_lodged_last_waits_for_them(channel: str) -> None:
    first, second = filing(at(2), id="A"), filing(at(2), id="B", channel=channel)
    both = case(filings=(first, second))
    assert [(each.id, each.turn) for each in threads_of(both, RULES)] == [("A", "nobody"), ("B", "theirs")]
    assert turn(both) == "theirs"


def test_what_was_asked_in_words_was_left_with_the_first_filing_in_its_place() -> None:
    first, second = (filing(at(day), "request", "app_aftersale") for day in (4, 6))
    asked = threads_of(case(said(at(2)), filings=(first, second)), RULES)[0]
    assert (asked.turn, asked.waits) == ("nobody", (Wait(at(2), at(4)),))


@pytest.mark.parametrize(
    ("reply", "turn"),
    [(None, "nobody"), ("refused", "nobody"), ("other", "nobody"), ("asked", "mine"), ("offered", "mine")],
)
def test_only_what_was_asked_or_offered_still_waits_for_me_where_i_went_on_lower_down(
    reply: str | None, turn: str
) -> None:
    heard_there = heard(at(5), channel="app", reply=reply)
    found = threads_of(case(heard_there, said(at(7)), filings=(filing(at(2)),)), RULES)
    assert [each.turn for each in found if each.filing is not None] == [turn]


def test_a_second_answer_is_the_one_to_reply_to_where_it_came() -> None:
    where = thread(case(said(at(2)), heard(at(3)), heard(at(5), channel="app_aftersale")))
    assert (where.turn, where.since, where.channel) == ("mine", at(5), "app_aftersale")


def test_i_may_overrule_whose_turn_it_is_after_a_contact() -> None:
    assert thread(case(said(at(2)), heard(at(3), turn="theirs"))).turn == "theirs"
    assert thread(case(said(at(2), turn="mine"))).turn == "mine"


def test_a_promise_that_was_kept_makes_it_my_turn_to_look() -> None:
    kept = promise(at(5), state="kept", settled_at=at(4))
    where = thread(case(said(at(2)), heard(at(3), "holding", promises=(kept,))))
    assert (where.turn, where.since) == ("mine", at(4))


@pytest.mark.parametrize("state", ["open", "broken", "replaced", "waived"])
def test_no_other_promise_changes_the_turn(state: str) -> None:
    made = promise(at(5), state=state, settled_at=at(4))
    assert thread(case(said(at(2)), heard(at(3), "holding", promises=(made,)))).turn == "theirs"


@pytest.mark.parametrize(
    ("milestone", "turn"),
    [
        ("return_shipped", "theirs"),
        ("merchant_received_return", "theirs"),
        ("refund_agreed", "theirs"),
        ("refunded", "mine"),
        ("received", "mine"),
    ],
)
def test_what_happened_to_the_goods_and_the_money_says_whose_turn_it_is(milestone: str, turn: str) -> None:
    assert thread(case(said(at(2)), heard(at(3)), milestones={milestone: at(4)})).turn == turn


def test_money_that_came_at_the_moment_i_asked_elsewhere_again_is_looked_at_where_it_came() -> None:
    asked = said(at(1), channel="app"), said(at(2)), said(at(6), channel="app")
    found = threads_of(case(*asked, milestones={"refunded": at(6)}), RULES)
    assert [(each.side, each.turn) for each in found] == [("platform", "nobody"), ("merchant", "mine")]


def test_an_answer_that_leaves_it_their_turn_ends_one_wait_and_begins_another() -> None:
    agreed = case(said(at(2)), said(at(4)), milestones={"refund_agreed": at(5)})
    where = thread(agreed)
    assert (where.turn, where.since, where.asked) == ("theirs", at(5), ())
    assert waits(agreed) == (Wait(at(2), at(5)), Wait(at(5), None))
    told = case(said(at(2)), heard(at(5), turn="theirs"))
    assert waits(told) == waits(agreed)


@pytest.mark.parametrize(("reply", "turn"), [("agreed", "theirs"), ("decided", "mine")])
def test_a_filing_that_ended_with_their_consent_is_theirs_to_pay(reply: str, turn: str) -> None:
    ended = filing(at(2), state="answered", ended_at=at(3))
    told = heard(at(3), channel="app", reply=reply, turn=turn)
    assert thread(case(told, filings=(ended,))).turn == turn


def test_a_wait_tells_what_began_it_and_goods_on_their_way_back_are_no_silence() -> None:
    back = case(said(at(2)), milestones={"return_shipped": at(4), "merchant_received_return": at(7)})
    asked, sent, owed = thread(back).waits
    assert (asked, asked.silent) == (Wait(at(2), at(4)), True)
    assert (sent, sent.silent) == (Wait(at(4), at(7), "returning"), False)
    assert (owed, owed.silent) == (Wait(at(7), None, "owed"), True)
    assert waits(back) == (Wait(at(2), at(4)), Wait(at(7), None))
    twice = case(milestones={"return_shipped": at(4), "merchant_received_return": at(4)})
    assert thread(twice).waits == (Wait(at(4), None, "owed"),)


@pytest.mark.parametrize(("decided", "answered"), [(9, 12), (12, 9)])
def test_silences_that_overlap_are_one_and_one_before_them_stays_its_own(decided: int, answered: int) -> None:
    lodged = filing(at(5), state="answered", ended_at=at(decided))
    asked = said(at(6), channel="courier_cs"), heard(at(answered), channel="courier_cs")
    told = case(said(at(2)), heard(at(3)), *asked, filings=(lodged,))
    assert waits(told) == (Wait(at(2), at(3)), Wait(at(5), at(12)))


@pytest.mark.parametrize("status", ["resolved", "closed", "withdrawn", "abandoned"])
def test_an_ended_case_is_nobody_s_turn(status: str) -> None:
    assert thread(case(said(at(2)), status=status, closed_at=at(4))).turn == "nobody"


def test_time_is_the_time_it_happened_and_not_the_time_it_was_typed() -> None:
    typed_late = heard(at(3), recorded_at=at(9))
    typed_first = said(at(4), recorded_at=at(4))
    assert thread(case(typed_first, typed_late)).turn == "theirs"


@given(st.lists(st.tuples(st.sampled_from(["in", "out"]), st.sampled_from(["answer", "holding", "none", None]))))
def test_the_silence_never_begins_before_the_last_answer(log: list[tuple[str, str | None]]) -> None:
    contacts = [
        contact(direction, at(1 + n // 20, n % 20), substance=substance, id=f"K{n}")
        for n, (direction, substance) in enumerate(log[:400])
    ]
    where = thread(case(*contacts))
    answers = [entry.at for entry in contacts if entry.direction == "in" and entry.substance == "answer"]
    if where.turn == "theirs" and answers:
        assert where.since is not None
        assert where.since > max(answers)


@pytest.mark.parametrize(("channel", "sides"), [("app", ["platform"]), ("courier_cs", ["merchant", "courier"])])
def test_the_shop_is_still_to_be_told_where_only_the_courier_was(channel: str, sides: list[str]) -> None:
    apart = {"courier_cs": structs.replace(RULES.channels["courier_cs"], track="courier")}
    rules = structs.replace(RULES, channels={**RULES.channels, **apart})
    assert [each.side for each in threads_of(case(said(at(2), channel=channel)), rules)] == sides


def test_a_side_of_which_nothing_is_awaited_is_left_to_what_was_lodged_with_it() -> None:
    put_off = heard(at(2), "holding", channel="chat")
    asked = case(put_off, said(at(9), channel="chat"), filings=(filing(at(5), "platform", "app"),))
    assert turn(asked) == "theirs"


def test_a_call_nobody_took_leaves_the_turn_with_me_while_nothing_else_was_tried() -> None:
    missed = said(at(2), substance="none", demand=False)
    assert turn(case(missed)) == "mine"
    assert turn(case(missed, filings=(filing(at(5), "platform", "app"),))) == "theirs"
