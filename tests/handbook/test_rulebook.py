from __future__ import annotations

from datetime import timedelta

import pytest

from pddtui.domain.case import Case, Demand, Filing, Order
from pddtui.domain.deadlines import deadlines
from pddtui.domain.ladder import prospect
from pddtui.domain.rules import Rules, Span
from pddtui.domain.workdays import PlainCalendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook, wrong_limits
from pddtui.handbook.samples import SampleCase

SAMPLES = tuple(Handbook().samples.cases)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rulebook(Handbook())


def _case(sample: SampleCase) -> Case:
    """The part of a sample that its clocks depend on."""
    return Case(
        id=sample.id,
        ref=sample.id,
        title=sample.title.zh,
        problem=sample.problem,
        opened_at=sample.order.ordered_at,
        recorded_at=sample.order.ordered_at,
        order=Order(ordered_at=sample.order.ordered_at, received_at=sample.order.received_at),
        demand=Demand(remedy=sample.demand.remedy, amount=sample.demand.amount),
        filings=tuple(
            Filing(
                id=f"{sample.id}.{index}",
                rung=filing.rung,
                channel=filing.channel,
                state=filing.state,
                filed_at=filing.at,
                accepted_at=filing.accepted_at,
                ended_at=filing.ended_at,
            )
            for index, filing in enumerate(sample.filings)
        ),
        milestones=sample.milestones,
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_the_rules_find_the_clocks_of_a_sample_case_with_their_dates_and_states(
    sample: SampleCase, rules: Rules
) -> None:
    # No sample counts over a feast or a make-up day, so Monday to Friday is exact.
    now = max(filing.at for filing in sample.filings).replace(month=11, day=22, hour=18, minute=0)
    found = {clock.rule.id: clock for clock in deadlines(_case(sample), now, rules, PlainCalendar())}
    for wanted in sample.deadlines:
        if wanted.rule in ("app_countdown", "promise_due"):
            continue  # they end when the app or a person said, not after a span
        clock = found[wanted.rule]
        assert clock.start == wanted.start
        assert clock.due.at == (wanted.rolled_due or wanted.due)
        assert clock.state == wanted.state


def test_lengths_become_spans(rules: Rules) -> None:
    limits = {limit.id: limit for limit in rules.quiet}
    assert (limits["q_chat"].amber, limits["q_chat"].red) == (Span(24, "hour"), Span(48, "hour"))
    assert limits["q_intervene"].red == Span(5, "working_day")
    assert limits["q_aftersale"].amber_before_countdown == Span(6, "hour")
    clocks = {rule.id: rule for rule in rules.deadlines}
    assert clocks["small_claims_2m"].span == Span(2, "month")
    assert clocks["report_15wd_check"].extend == Span(15, "working_day")


def test_what_i_must_do_never_rolls_and_what_they_owe_by_law_does(rules: Rules) -> None:
    assert [rule.id for rule in rules.deadlines if rule.mine and rule.rolls] == []
    assert [rule.id for rule in rules.deadlines if rule.kind == "duty" and not rule.mine and not rule.rolls] == []


def test_a_clock_without_a_length_is_left_to_the_person_and_every_other_is_a_rule(rules: Rules, book: Handbook) -> None:
    written = [*book.deadlines, *book.platform_clocks]
    assert [rule.id for rule in rules.deadlines] == [clock.id for clock in written if clock.span is not None]
    assert {"promise_due", "app_countdown"}.isdisjoint(rule.id for rule in rules.deadlines)


def test_every_clock_that_somebody_must_keep_has_something_that_ends_it(rules: Rules) -> None:
    assert [rule.id for rule in rules.deadlines if not rule.met_by and rule.kind != "info"] == []
    assert [rule.id for rule in rules.deadlines if rule.extend is not None and not rule.extend_on] == []


def test_every_pause_has_the_event_that_ends_it(rules: Rules, book: Handbook) -> None:
    paused = {event for rule in rules.deadlines for event in rule.pause_on}
    assert paused
    assert {f"{event}_done" for event in paused} <= {event.id for event in book.events}


def test_the_countdown_of_the_app_is_a_rule_without_a_length_for_them_and_for_me(rules: Rules) -> None:
    assert rules.countdown is not None
    assert rules.my_countdown is not None
    assert (rules.countdown.span, rules.countdown.mine, rules.my_countdown.mine) == (None, False, True)


def test_every_clock_names_its_sources_and_the_event_that_starts_it(rules: Rules) -> None:
    assert [rule.id for rule in rules.deadlines if not rule.sources or rule.event_label is None] == []


def test_every_gate_of_the_ladder_is_one_the_rules_can_check(rules: Rules) -> None:
    case = _case(SAMPLES[0])
    for rung in rules.ladder:
        assert [gate.id for gate in prospect(case, rung, None, rules).gates] == list(rung.gates)


def test_the_ladder_climbs_from_the_merchant_to_the_court(rules: Rules) -> None:
    assert [rung.level for rung in rules.ladder] == list(range(len(rules.ladder)))
    assert (rules.ladder[0].id, rules.ladder[-1].id) == ("direct", "court")


def test_a_pair_that_does_not_clash_is_no_clash(rules: Rules) -> None:
    assert {(rule.a, rule.b) for rule in rules.clashes} == {
        ("c12315", "consumer_assoc"),
        ("c12315", "court"),
        ("c12315", "arbitration"),
        ("p12305", "court"),
        *((again, again) for again in ("c12315", "r12315", "p12305", "consumer_assoc", "court")),
    }


def test_an_unsure_clock_is_marked(rules: Rules) -> None:
    sure = {rule.id: rule.sure for rule in rules.deadlines}
    assert sure["admin_7wd_accept"]
    assert not sure["report_15wd_check"]
    assert not sure["pdd_merchant_reply"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_sample_case_is_consistent_in_itself(sample: SampleCase, book: Handbook) -> None:
    base = book.samples.base_date
    assert [contact.at for contact in sample.contacts] == sorted(contact.at for contact in sample.contacts)
    assert [filing.at for filing in sample.filings] == sorted(filing.at for filing in sample.filings)
    assert all(contact.at.date() < base for contact in sample.contacts)
    assert all((contact.substance is None) == (contact.direction == "out") for contact in sample.contacts)
    assert all(moment.utcoffset() == timedelta(hours=8) for moment in sample.milestones.values())
    assert sample.milestones["ordered"] == sample.order.ordered_at
    highest = max((book.ladder[filing.rung].level for filing in sample.filings), default=0)
    assert highest == book.ladder[sample.rung].level
    if sample.outcome is not None:
        assert book.outcomes[sample.outcome.kind].status == sample.status
    for contact in sample.contacts:
        if contact.promise is not None and contact.promise.result == "broken":
            assert contact.promise.due.date() < base


def test_the_samples_show_an_overdue_promise_a_silence_a_running_clock_and_a_closed_case(book: Handbook) -> None:
    cases = book.samples.cases
    promises = [contact.promise for case in cases for contact in case.contacts if contact.promise is not None]
    assert sum(promise.result == "broken" and promise.settled_at is None for promise in promises) == 2
    assert sum(case.standing == "gone_quiet" for case in cases) == 1
    assert sum(case.status == "resolved" for case in cases) == 1
    assert any(clock.rule == "admin_60d_mediation" and clock.state == "running" for c in cases for clock in c.deadlines)


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("merchant_chat", ("72h", "36h"), "amber comes after red"),
        ("merchant_chat", ("10wd", "10d"), "amber comes after red"),
        ("merchant_chat", ("1m", "3wd"), "amber comes after red"),
        ("merchant_chat", ("7d", "4wd"), "amber comes after red"),
        ("merchant_chta", ("24h", "36h"), "there is no channel “merchant_chta”"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_said_and_the_shipped_one_stands(
    book: Handbook, name: str, limit: tuple[str, str], said: str
) -> None:
    ((wrong, problem),) = wrong_limits(book, {name: limit, "weibo": ("24h", "5wd")})
    assert wrong == name
    assert str(problem).startswith(said)
    shipped, own = rulebook(book), rulebook(book, {name: limit})
    assert own.quiet == shipped.quiet


@pytest.mark.parametrize(
    "limit", [("24h", "24h"), ("24h", "5wd"), ("5wd", "7d"), ("4wd", "5d"), ("3d", "72h"), ("7d", "5wd")]
)
def test_limits_in_two_units_may_stand_where_amber_can_come_first(book: Handbook, limit: tuple[str, str]) -> None:
    assert list(wrong_limits(book, {"merchant_chat": limit})) == []


def test_a_limit_of_a_channel_for_which_the_handbook_has_none_is_kept(book: Handbook) -> None:
    assert rulebook(book).quiet_limit("wechat_oa", None) == rulebook(book).quiet_limit("nosuch", None)
    own = rulebook(book, {"wechat_oa": ("24h", "2d")}).quiet_limit("wechat_oa", None)
    assert own is not None
    assert (own.amber, own.red, own.source) == (Span(24, "hour"), Span(2, "natural_day"), "mine")
