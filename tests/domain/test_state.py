"""The one state that a case is shown with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest
from msgspec import structs

from pddtui.domain.attention import AGENDA_SECTIONS, STATES, AgendaSection, Attention, attention
from pddtui.domain.case import (
    FILING_STATES,
    FOLLOW_UP_STATES,
    PROMISE_STATES,
    STATUSES,
    SUBSTANCES,
    TURNS,
    WRITTEN,
    Case,
    FilingState,
    FollowUp,
    FollowUpState,
    Promise,
    PromiseState,
    Status,
    Substance,
    Turn,
    Written,
)
from pddtui.domain.deadlines import DEADLINE_STATES, DeadlineState
from pddtui.domain.flags import FLAG_KINDS, FlagKind
from pddtui.domain.silence import Level
from pddtui.services.evidence import CUSTODY, Custody
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


def test_a_clock_that_they_missed_is_said_as_their_silence_where_there_is_one() -> None:
    rules = structs.replace(RULES, deadlines=(rule("duty", "2d", "received"),))
    missed = case(milestones={"received": at(2)})
    assert attention(missed, at(20), rules, CALENDAR).state.id == "overdue"
    silent = structs.replace(missed, contacts=(said(at(2)),))
    assert attention(silent, at(20), rules, CALENDAR).state.id == "quiet"


@pytest.mark.parametrize(
    ("silence", "other", "word", "tone"),
    [
        ("amber", ("my_deadline", "red", False), "due", "red"),
        ("red", ("my_deadline", "red", False), "quiet", "red"),
        ("amber", ("right", "amber", False), "quiet", "amber"),
        ("amber", ("deadline", "red", True), "quiet", "red"),
        ("red", ("my_deadline", "red", True), "overdue", "red"),
        ("red", ("promise", "amber", True), "overdue", "red"),
        ("red", ("follow_up", None, False), "quiet", "red"),
    ],
)
def test_their_silence_gives_way_to_what_is_past_and_to_what_presses_harder(
    silence: Level, other: tuple[FlagKind, Level | None, bool], word: str, tone: str
) -> None:
    entry = look(case(said(at(2))), 8)
    (quiet,) = entry.flags
    kind, level, overdue = other
    both = (structs.replace(quiet, level=silence), structs.replace(quiet, kind=kind, level=level, overdue=overdue))
    state = structs.replace(entry, flags=both).state
    assert (state.id, state.tone) == (word, tone)


def test_an_ended_case_keeps_its_tone_whatever_is_flagged_in_it() -> None:
    ended = case(
        status="resolved", closed_at=at(2), follow_ups=(structs.replace(follow_up(end_of(5)), created_at=at(3)),)
    )
    entry = look(ended, 8)
    assert (entry.level, entry.state) == ("red", STATES["resolved"])


@pytest.mark.parametrize(
    ("made", "day", "word"),
    [
        (promise(end_of(5)), 5, "open"),
        (promise(end_of(5)), 6, "overdue"),
        (promise(None), 30, "open"),
        (promise(end_of(5), state="waived"), 6, "waived"),
        (follow_up(end_of(5)), 5, "open"),
        (follow_up(end_of(5)), 6, "overdue"),
        (follow_up(end_of(5), state="done"), 6, "done"),
    ],
)
def test_what_is_open_after_its_date_is_overdue(made: Promise | FollowUp, day: int, word: str) -> None:
    assert str(made.mark(at(day)).word) == word


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (STATUSES, Status),
        (FILING_STATES, FilingState),
        (PROMISE_STATES, PromiseState),
        (FOLLOW_UP_STATES, FollowUpState),
        (DEADLINE_STATES, DeadlineState),
        (SUBSTANCES, Substance),
        (WRITTEN, Written),
        (TURNS, Turn),
        (FLAG_KINDS, FlagKind),
        (AGENDA_SECTIONS, AgendaSection),
        (CUSTODY, Custody),
    ],
)
def test_every_value_has_its_words(table: Mapping[str, object], values: object) -> None:
    assert set(table) == set(get_args(values))
