from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.case import Case, Contact, Demand, Order, Outcome, Person
from pddtui.handbook.book import Handbook
from pddtui.services.insights import Insights, Promises, insights, insights_rows, lengths, price_back, sparkline
from pddtui.speech import Speech
from tests.domain.build import RULES, SHANGHAI, at, case, end_of, filing, heard, promise, said

NOW = at(22)


def seen(*cases: Case) -> Insights:
    return insights(cases, NOW, RULES, {"hotline"}, price_back(Handbook()))


def promised(state: str, *, due: int | None = 5, channel: str = "chat", role: str | None = None, n: int = 1) -> Case:
    made = promise(end_of(due) if due else None, id=f"P{n}", state=state)
    contact = heard(at(2, n % 24), id=f"K{n}", channel=channel, person=Person(role=role), promises=(made,))
    return case(contact, id=f"C{n}")


def test_without_a_case_nothing_is_made_up() -> None:
    found = seen()
    assert (found.cases, found.resolution.median, found.money, found.rungs) == (0, None, (), ())
    assert insights_rows(found, RULES, Handbook()) == ()


def test_a_case_without_a_word_has_no_medians() -> None:
    found = seen(case())
    assert (found.cases, found.open, found.promises.total, found.resolution.n) == (1, 1, 0, 0)


def test_cases_in_the_trash_do_not_count() -> None:
    assert seen(case(trashed_at=at(3))).cases == 0


@pytest.mark.parametrize(
    ("state", "due", "wanted"),
    [
        ("kept", 5, Promises(kept=1)),
        ("broken", 5, Promises(broken=1)),
        ("replaced", 5, Promises(replaced=1)),
        ("waived", 5, Promises(waived=1)),
        ("open", 5, Promises(overdue=1)),
        ("open", 28, Promises(running=1)),
        ("open", None, Promises(running=1)),
    ],
)
def test_a_promise_counts_as_what_became_of_it(state: str, due: int | None, wanted: Promises) -> None:
    assert seen(promised(state, due=due)).promises == wanted


def test_promises_are_told_by_side_role_and_channel_the_worst_first() -> None:
    found = seen(
        promised("kept", channel="app", role="专员", n=1),
        promised("broken", channel="chat", role="店铺客服", n=2),
        promised("broken", channel="chat", role="店铺客服", n=3),
        promised("kept", channel="elsewhere", n=4),
    )
    assert [(it.of, it.kept, it.broken) for it in found.by_side] == [
        ("merchant", 0, 2),
        ("platform", 1, 0),
        (None, 1, 0),
    ]
    assert [(it.of, it.total) for it in found.by_role] == [("店铺客服", 2), ("专员", 1), (None, 1)]
    assert [it.of for it in found.by_channel] == ["chat", "app", "elsewhere"]


def test_roles_that_read_the_same_are_one() -> None:
    found = seen(promised("kept", role="ＶＩＰ专员", n=1), promised("kept", role="vip专员", n=2))
    assert [it.total for it in found.by_role] == [2]


def test_silence_is_the_median_of_all_waits_and_an_answer_only_of_those_that_ended_with_one() -> None:
    answered = case(said(at(2)), heard(at(4)), id="A")
    waiting = case(said(at(12)), id="B")
    (direct,) = seen(answered, waiting).rungs
    assert (direct.rung, direct.silence.n, direct.silence.median, direct.silence.longest) == ("direct", 2, 6.0, 10.0)
    assert (direct.answer.n, direct.answer.median) == (1, 2.0)


def test_a_wait_is_cut_where_the_case_went_up_a_rung_and_the_rung_below_never_answered() -> None:
    went_up = case(said(at(2)), heard(at(10), channel="app"), filings=(filing(at(5)),))
    direct, platform = seen(went_up).rungs
    assert (direct.silence.each, direct.answer.n) == ((3.0,), 0)
    assert (platform.rung, platform.answer.each) == ("platform", (5.0,))


def test_the_end_of_a_case_is_no_answer() -> None:
    dropped = case(said(at(2)), status="abandoned", closed_at=at(6))
    (direct,) = seen(dropped).rungs
    assert (direct.silence.each, direct.answer.n) == ((4.0,), 0)


def test_only_resolved_cases_have_a_time_to_resolution() -> None:
    resolved = case(id="A", status="resolved", opened_at=at(1), closed_at=at(9))
    dropped = case(id="B", status="abandoned", opened_at=at(1), closed_at=at(3))
    found = seen(resolved, dropped)
    assert (found.ended, found.resolution.each) == (2, (8.0,))


def test_money_is_told_by_currency_and_what_is_still_open_of_it() -> None:
    demand = Demand(amount=Decimal("89.5"))
    found = seen(
        case(id="A", demand=demand),
        case(id="B", demand=demand, status="resolved", closed_at=at(3),
             outcome=Outcome(id="O", kind="partial", recovered=Decimal(50))),
        case(id="C", demand=Demand(amount=Decimal(7)), order=Order(currency="USD")),
    )  # fmt: skip
    told = [(it.currency, str(it.demanded), str(it.still_open), str(it.recovered)) for it in found.money]
    assert told == [("CNY", "179.00", "89.50", "50.00"), ("USD", "7.00", "7.00", "0.00")]
    assert [(it.outcome, it.cases) for it in found.outcomes] == [("partial", 1)]


@pytest.mark.parametrize(
    ("remedy", "named", "demanded"),
    [
        ("refund_only", None, "100.00"),
        ("return_refund", None, "100.00"),
        ("punitive3", None, "100.00"),
        ("refund_only", "70", "70.00"),
        ("partial_refund", None, "0.00"),
        ("apology", None, "0.00"),
        (None, None, "0.00"),
    ],
)
def test_who_wants_a_refund_and_names_no_sum_demands_the_price(
    remedy: str | None, named: str | None, demanded: str
) -> None:
    demand = Demand(remedy=remedy, amount=Decimal(named) if named else None)
    outcome = Outcome(id="O", kind="partial", recovered=Decimal(60))
    order = Order(amount=Decimal(100))
    found = seen(case(order=order, demand=demand, status="resolved", closed_at=at(9), outcome=outcome))
    assert [(str(it.demanded), str(it.recovered)) for it in found.money] == [(demanded, "60.00")]


def test_a_case_began_with_its_first_contact_and_not_when_it_was_typed() -> None:
    found = seen(case(said(at(4)), opened_at=at(12), status="resolved", closed_at=at(14)))
    assert found.resolution.median == 10.0


def test_what_was_said_and_heard_in_one_call_is_one_call() -> None:
    call = at(3, 9)
    found = seen(
        case(
            said(call, channel="hotline", minutes=12),
            heard(call, id="K2", channel="hotline"),
            said(at(4), channel="chat"),
            said(at(5), channel="chat", minutes=3),
        )
    )
    assert (found.effort.calls, found.effort.messages, found.effort.minutes) == (2, 1, 15)


@pytest.mark.parametrize(
    ("talked", "counted"),
    [
        ((said(at(3, 10), channel="hotline"), heard(at(3, 10, 2), channel="hotline")), (1, 0, 0)),
        ((said(at(3, 10), channel="hotline"), heard(at(3, 10, 40), channel="hotline")), (2, 0, 0)),
        ((said(at(3, 10), channel="hotline", minutes=45), heard(at(3, 10, 40), channel="hotline")), (1, 1, 45)),
        ((said(at(3, 10), channel="hotline"), heard(at(3, 10, 5), channel="hotline", minutes=9)), (1, 1, 9)),
        (
            (said(at(3, 10), channel="hotline", minutes=2), heard(at(3, 10, 5), channel="hotline", minutes=9)),
            (2, 2, 11),
        ),
        (
            (said(at(3, 10), channel="hotline", substance="none"), said(at(3, 10, 5), id="K9", channel="hotline")),
            (2, 0, 0),
        ),
        ((said(at(3, 10), channel="hotline"), heard(at(3, 10, 2), channel="chat")), (1, 0, 0)),
    ],
    ids=["minutes apart", "later", "a long one", "length noted at its end", "two lengths", "nobody there", "elsewhere"],
)
def test_words_minutes_apart_in_one_channel_are_one_call(
    talked: tuple[Contact, ...], counted: tuple[int, int, int]
) -> None:
    effort = seen(case(*talked)).effort
    assert (effort.calls, effort.timed, effort.minutes) == counted


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        ((None, None), "2 次，未记录时长"),
        ((7, 5), "2 次，合计 12 分钟"),
        ((7, None), "2 次，合计 7 分钟（其中 1 次未记录时长）"),
        ((), "0"),
    ],
)
def test_a_length_that_was_not_noted_is_not_nought(noted: tuple[int | None, ...], words: str) -> None:
    calls = [said(at(3 + day), channel="hotline", minutes=minutes) for day, minutes in enumerate(noted)]
    sections = {section.id: section.rows for section in insights_rows(seen(case(*calls)), RULES, Handbook())}
    assert Speech("zh", SHANGHAI).say(sections["effort"][0].said) == words


def test_each_stretch_counts_for_who_owed_the_answer() -> None:
    asked = said(at(2)), said(at(4), channel="courier_cs"), heard(at(7), channel="courier_cs")
    on_hotline = said(at(12), channel="app")
    found = seen(case(*asked, on_hotline, filings=(filing(at(3), "direct", "app_aftersale"),)))
    assert {it.side: (it.silence.each, it.answer.each) for it in found.sides} == {
        "merchant": ((1.0, 19.0), ()),
        "courier": ((3.0,), (3.0,)),
        "platform": ((10.0,), ()),
    }
    assert {rung.rung: rung.silence.each for rung in found.rungs}["platform"] == (10.0,)


@pytest.mark.parametrize(
    ("days", "words"),
    [((3,), "3"), ((3, 8), "3、8"), ((2, 3, 8), "中位数 3，最长 8，共 3 段")],
)
def test_a_median_of_two_is_none(days: tuple[int, ...], words: str) -> None:
    cases = [
        case(said(at(2)), heard(at(2 + n)), id=f"C{n}", opened_at=at(2), status="resolved", closed_at=at(2 + n, 13))
        for n in days
    ]
    told, say = insights_rows(seen(*cases), RULES, Handbook()), Speech("zh", SHANGHAI).say
    sections = {section.id: [say(row.said) for row in section.rows] for section in told}
    assert sections["silence"] == [words]
    assert sections["answers"] == [f"{words}；{len(days)} 次中答复 {len(days)} 次"]
    assert sections["resolution"][0] == (words.replace("段", "件") if len(days) > 2 else words)


def test_the_weeks_begin_on_monday_and_end_with_this_one() -> None:
    found = seen(case(said(at(16)), heard(at(22, 11)), said(at(9)), said(at(1, month=6))))
    assert [week.monday for week in found.weeks[-2:]] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert [(week.mine, week.theirs) for week in found.weeks[-2:]] == [(1, 0), (1, 1)]
    assert (len(found.weeks), sum(week.mine for week in found.weeks)) == (12, 2)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    when = NOW + timedelta(hours=draw(st.integers(-3000, 300)))
    make = said if draw(st.booleans()) else heard
    due = draw(st.none() | st.integers(-500, 500).map(lambda hours: NOW + timedelta(hours=hours)))
    states = st.sampled_from(["open", "kept", "broken", "replaced", "waived"])
    made = (promise(due, state=draw(states)),) if draw(st.booleans()) else ()
    return make(
        when, id=str(draw(st.uuids())), promises=made, channel=draw(st.sampled_from(["chat", "app", None, "?"]))
    )


@given(st.lists(contacts(), max_size=8), st.sampled_from(["open", "resolved", "abandoned"]))
def test_every_promise_is_counted_once_however_it_is_told_and_nothing_lasts_less_than_nothing(
    talked: list[Contact], status: str
) -> None:
    one = case(*talked, status=status, closed_at=None if status == "open" else NOW)
    found = seen(one)
    for groups in (found.by_side, found.by_role, found.by_channel):
        assert sum(it.total for it in groups) == found.promises.total == len(one.promises)
    assert all(days >= 0 for rung in found.rungs for days in rung.silence.each)
    assert all(rung.answer.n <= rung.silence.n for rung in found.rungs)
    insights_rows(found, RULES, Handbook())


@given(st.lists(st.floats(0, 1e9), max_size=6), st.floats(0, 1e9), st.integers(-1, 80))
def test_a_bar_never_leaves_its_cells(pieces: list[float], full: float, cells: int) -> None:
    found = lengths(pieces, full, cells)
    assert sum(found) <= max(0, cells)
    assert len(found) == len(pieces)
    assert min(found, default=0) >= 0


def test_what_is_not_nothing_is_seen() -> None:
    assert lengths((1, 999), 1000, 20) == (1, 19)
    assert lengths((0, 5), 10, 20) == (0, 10)
    assert lengths((3,), 0, 20) == (0,)


def test_a_sparkline_has_a_column_for_each_of_the_latest_values() -> None:
    assert sparkline((0, 1, 4, 8), 10) == " ▂▅█"
    assert sparkline((9, 0, 8), 2) == " █"
    assert sparkline((), 5) == ""
