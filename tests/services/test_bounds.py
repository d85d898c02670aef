"""One set of bounds: what can be typed here can be imported there, and the doctor has nothing to say of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain.bounds import MOST_MONEY, is_in_time, life_of
from pddtui.domain.case import Complainant, Person
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.phrases.numbers import read_sum
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.services.checkup import check_cases
from pddtui.services.inputs import (
    FilingNews,
    NewCase,
    NewContact,
    NewEvidence,
    NewFiling,
    NewFollowUp,
    NewPromise,
    Readiness,
    typed_tags,
)
from tests.conftest import SHANGHAI
from tests.services.test_exchange import Machine

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)

WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from([
        "退款89元", "验证码 123456", "支付密码：123456", "\x1b[2Jx", "\u202eabc", "a\r\nb", "=1+1", "\ud800",
        "x" * 3000, "e" + "\u0301" * 9, "#妈妈, 急；急", "[b]x[/]",
    ]),
)  # fmt: skip
MAYBE = st.none() | WORDS
PHRASES = st.sampled_from(
    ["3天内", "3个工作日内", "by Friday", "tomorrow 18:00", "2小时内", "11-30", "2030-01-01", "48h"]
)
YEARS = st.integers(1, 9999).map(lambda year: f"{year:04}-07-01")


def typed_moment(text: str) -> datetime | None:
    with suppress(Refused):
        return parse_when(text, NOW)
    return None


MOMENTS = st.none() | YEARS.map(typed_moment) | st.sampled_from(["1900-01-02", "2199-12-31 23:59"]).map(typed_moment)
SUMS = st.none() | st.sampled_from(["0", "89.9", "999,999,999,999.99"]).map(read_sum)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A machine on which somebody typed what came to mind; what was refused is not there."""
    machine = Machine(NOW)
    machine.book.open_case(NewCase(title="kettle"))
    with suppress(Refused):
        texts: dict[str, Any] = {
            name: draw(MAYBE)
            for name in ("description", "merchant", "order", "product", "courier", "tracking", "operator",
                         "operator_address", "bottom_line", "page_promise")
        }  # fmt: skip
        machine.book.open_case(
            NewCase(
                title=draw(WORDS),
                **texts,
                amount=draw(SUMS),
                demand_amount=draw(SUMS),
                ordered_at=draw(MOMENTS),
                received_at=draw(MOMENTS),
                opened_at=draw(MOMENTS),
                deadline=draw(MOMENTS),
                tags=draw(st.lists(WORDS, max_size=2).map(tuple)),
                complainant=Complainant(name=draw(MAYBE), phone=draw(MAYBE), address=draw(MAYBE)),
                claim_within=draw(st.sampled_from([None, "48小时", "2d", "9999 d"])),
                quiet=draw(st.sampled_from([None, "24h 3wd", "9999d 9999d"])),
                mine=draw(st.sampled_from([None, "3d 10d"])),
            )
        )
    case = list(machine.store.cases().values())[-1]
    machine.clock.advance(timedelta(minutes=1))
    with suppress(Refused):
        machine.book.log(
            case.id,
            NewContact(
                direction=draw(st.sampled_from(["in", "out"])),
                said=draw(WORDS),
                at=draw(MOMENTS),
                person=Person(name=draw(MAYBE), role=draw(MAYBE), staff_no=draw(MAYBE)),
                promises=(NewPromise(text=draw(WORDS), due_phrase=draw(PHRASES)),),
            ),
        )
    with suppress(Refused):
        machine.book.follow_up(case.id, NewFollowUp(text=draw(WORDS), due_phrase=draw(PHRASES)))
    with suppress(Refused):
        ready = Readiness(operator=draw(MAYBE), operator_address=draw(MAYBE))
        new = NewFiling(rung="merchant", channel="pdd_chat", reference=draw(MAYBE), filed_at=draw(MOMENTS),
                        reason=draw(MAYBE))  # fmt: skip
        filed = machine.book.file(case.id, new, ready=ready, anyway=True)
        machine.book.note_filing(case.id, filed.filings[-1].id, FilingNews(state="refused", reference=draw(MAYBE)))
    with suppress(Refused):
        record = NewEvidence(proves=draw(MAYBE), place=draw(WORDS), taken_at=draw(MOMENTS), vanishes_at=draw(MOMENTS))
        machine.book.add_evidence(case.id, record.build(machine.ids.new(NOW), NOW))
    with suppress(Refused):
        machine.book.tag(case.id, typed_tags(draw(WORDS)))
    with suppress(Refused):
        machine.book.resolve(case.id, "full", "resolved", draw(SUMS), draw(MOMENTS))
    return machine


@settings(max_examples=150)
@given(machine=machines())
def test_what_can_be_typed_here_can_be_imported_there(machine: Machine) -> None:
    other = Machine(NOW, "server")
    other.take(machine.export())
    assert other.store.cases().keys() == machine.store.cases().keys()
    assert check_cases(machine.store.cases().values(), Handbook()).trouble == ()


@pytest.mark.parametrize("year", [1899, 1900, 1901, 2198, 2199, 2200, 9999])
def test_a_year_that_can_be_typed_is_one_that_fits(year: int) -> None:
    assert (typed_moment(f"{year}-07-01") is not None) == is_in_time(datetime(year, 7, 1, tzinfo=UTC))


def test_a_date_that_was_never_in_bounds_stops_nobody() -> None:
    """An older version took it, and the case it stands in goes on."""
    machine = Machine(NOW)
    case = machine.book.open_case(NewCase(title="kettle"))
    for year in (1, 9999):
        odd = structs.replace(case, opened_at=datetime(year, 1, 1, tzinfo=UTC))
        assert life_of(odd, NOW).holds(NOW)


def test_the_edge_of_time_is_the_same_wherever_it_is_looked_at_from() -> None:
    assert typed_moment("1900-01-01 07:00") is None  # in UTC it is still 1899
    assert typed_moment("1900-01-01 09:00") is not None


@pytest.mark.parametrize("amount", [MOST_MONEY - Decimal("0.01"), Decimal(0)])
def test_the_largest_and_the_smallest_sum_fit(amount: Decimal) -> None:
    machine = Machine(NOW)
    machine.book.open_case(NewCase(title="kettle", amount=amount))
    other = Machine(NOW, "server")
    other.take(machine.export())
    assert other.case.order.amount == amount
