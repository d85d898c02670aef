from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Order
from pddtui.domain.query import haystack, parse_query
from pddtui.errors import Refused
from tests.domain.build import CALENDAR, RULES, at, case, filing, follow_up, heard, promise, said

CASE = case(
    said(at(2), summary="要求退款，订单在附件"),
    heard(at(3), "holding", promises=(promise(at(5), text="五日内补寄"),)),
    title="电热水壶不通电",
    merchant="某某电器店",
    order=Order(number="261109-ABC", product="Ｋｅｔｔｌｅ 1.7L"),
    tags=("家电",),
    problem="quality",
    filings=(filing(at(4)),),
    follow_ups=(follow_up(at(6), text="打12345"),),
)


def passes(query: str, which: Case = CASE) -> bool:
    return parse_query(query)(attention(which, at(20), RULES, CALENDAR), haystack(which))


@pytest.mark.parametrize(
    "query",
    [
        "", "水壶", "kettle", "KETTLE", "ｋｅｔｔｌｅ", "水壶 某某", '"电热水壶不通电"', '"电热水壶', "小王", "补寄",
        "12345",
        "261109", "turn:theirs", "is:overdue", "is:promise", "is:open", "is:red", "tag:家电", "problem:qual",
        "rung:plat", "status:open", "-status:closed", "-外套", "0001",
    ],
)  # fmt: skip
def test_the_filter_finds_it(query: str) -> None:
    assert passes(query)


@pytest.mark.parametrize(
    "query",
    ["外套", "水壶 外套", '"水壶 电热"', "turn:mine", "is:closed", "tag:家", "-水壶", "rung:court"],
)
def test_the_filter_leaves_it_out(query: str) -> None:
    assert not passes(query)


@pytest.mark.parametrize(("query", "column"), [("水壶 colour:red", 3), ("is:blue", 0), ("a -is:blue", 2)])
def test_a_mistake_is_refused_with_its_column(query: str, column: int) -> None:
    with pytest.raises(Refused) as caught:
        parse_query(query)
    assert caught.value.position == column


@given(st.text(max_size=60))
def test_no_filter_raises_anything_but_a_refusal(query: str) -> None:
    with suppress(Refused):
        passes(query)
