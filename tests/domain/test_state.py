"""The one word that a case is listed with."""

from __future__ import annotations

import pytest
from msgspec import structs

from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case
from tests.domain.build import CALENDAR, RULES, at, case, end_of, follow_up, heard, promise, rule, said


def look(which: Case, day: int) -> Attention:
    return attention(which, at(day), RULES, CALENDAR)


@pytest.mark.parametrize(
    ("which", "day", "word"),
    [
        (case(), 2, "mine"),
        (case(said(at(2))), 2, "waiting"),
        (case(said(at(2))), 8, "quiet"),
        (case(said(at(2)), heard(at(3), "holding", promises=(promise(end_of(5)),))), 8, "overdue"),
        (case(said(at(2)), follow_ups=(follow_up(end_of(5)),)), 8, "overdue"),
        (case(follow_ups=(follow_up(end_of(8)),)), 8, "due"),
        (case(status="abandoned", closed_at=at(3)), 8, "abandoned"),
    ],
)
def test_what_matters_most_is_the_word(which: Case, day: int, word: str) -> None:
    assert look(which, day).state.id == word


def test_a_clock_that_they_missed_is_told_as_their_silence_where_there_is_one() -> None:
    rules = structs.replace(RULES, deadlines=(rule("duty", "2d", "received"),))
    missed = case(milestones={"received": at(2)})
    assert attention(missed, at(20), rules, CALENDAR).state.id == "overdue"
    silent = structs.replace(missed, contacts=(said(at(2)),))
    assert attention(silent, at(20), rules, CALENDAR).state.id == "quiet"
