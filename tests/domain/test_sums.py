"""A sum of money is read as it is typed, or refused; never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.phrases.numbers import read_sum
from pddtui.errors import Refused


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("89", "89.00"), ("89.0", "89.00"), ("89.05", "89.05"), ("¥1,299", "1299.00"), ("￥12元", "12.00"),
        ("１２．５", "12.50"), ("49块5", "49.50"), ("49块5毛", "49.50"), ("89 yuan", "89.00"), ("0", "0.00"),
        ("1,234,567.80", "1234567.80"), ("CNY 12", "12.00"), ("rmb12", "12.00"), ("12人民币", "12.00"),
        ("人民币12元", "12.00"), ("999,999,999,999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_a_sum_is_read_to_the_cent(typed: str, amount: str) -> None:
    assert str(read_sum(typed)) == amount


@pytest.mark.parametrize("typed", ["", "  ", "　"])
def test_nothing_typed_is_no_sum(typed: str) -> None:
    assert read_sum(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "-5", "abc", "1,2", "1.234", "1e3", "12.5块5", "1.", "NaN", "8９a", "12 5", "1000000000000",
        "$12", "€12", "12$", "＄12", "US$12", "£5", "12 USD", "12美元", "￡5", "₩12", "JPY 12",
    ],
)  # fmt: skip
def test_what_is_no_sum_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refused) as raised:
        read_sum(typed, "amount")
    assert raised.value.field == "amount"


@given(st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2))
def test_a_sum_is_read_as_it_is_written(amount: Decimal) -> None:
    assert read_sum(f"{amount:f}") == amount
