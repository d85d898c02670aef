from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.phrases.numbers import TOO_MANY, chinese_number, either_of_two, normalise, whole_number


@pytest.mark.parametrize(
    ("run", "number"),
    [
        ("零", 0), ("一", 1), ("两", 2), ("俩", 2), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35),
        ("廿", 20), ("廿五", 25), ("卅一", 31), ("百", 100), ("一百零五", 105), ("一百二", 120), ("一百二十", 120),
        ("三百六十五", 365), ("一千零一", 1001), ("两千", 2000), ("二零二六", 2026),
        ("五三", None), ("十百", None), ("二零二", None), ("十十", None), ("一二十", None),
    ],
)  # fmt: skip
def test_a_chinese_numeral_is_its_number(run: str, number: int | None) -> None:
    assert chinese_number(run) == number


@given(st.integers(0, 99))
def test_every_number_below_a_hundred_is_read_as_it_is_written(n: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    written = digits[n] if n < 10 else (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")
    assert chinese_number(written) == n


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("24h", (24, 2)),
        ("007", (7, 3)),
        ("9999999", (TOO_MANY, 7)),
        ("9" * 5000, (TOO_MANY, 5000)),
        ("twenty-four hours", (24, 11)),
        ("twenty four", (24, 11)),
        ("seventy-two", (72, 11)),
        ("a week", (1, 1)),
        ("an hour", (1, 2)),
        ("a couple of days", (2, 11)),
        ("seven", (7, 5)),
        ("at six", None),
        ("sevenths", None),
        ("后天", None),
    ],
)
def test_a_number_is_taken_whole_or_not_at_all(text: str, found: tuple[int, int] | None) -> None:
    assert whole_number(text, 0) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("两三天", (3, 2)),
        ("三五天", (5, 2)),
        ("三两天", (3, 2)),
        ("七八个", (8, 2)),
        ("五三天", None),
        ("三", None),
        ("十一", None),
    ],
)
def test_two_digits_in_a_row_mean_the_larger(text: str, found: tuple[int, int] | None) -> None:
    assert either_of_two(text, 0) == found


def test_variants_of_a_character_become_the_same() -> None:
    assert normalise("３個工作日內 ＡＢＣ—至〇") == "3个工作日内 abc-到零"


@given(st.text())
def test_normalising_moves_no_character(text: str) -> None:
    assert len(normalise(text)) == len(text)
