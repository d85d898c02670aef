"""The countdown and the state that the app shows, as they are typed in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pddtui.domain.case import Case
from pddtui.domain.clock import FixedClock
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import Casebook
from pddtui.services.entries import NewCase, NewFiling
from pddtui.services.ids import UlidSource
from tests.memory_store import MemoryStore


@pytest.fixture(scope="module")
def book() -> Handbook:
    return Handbook()


@pytest.fixture
def clock(now: datetime) -> FixedClock:
    return FixedClock(now)


@pytest.fixture
def casebook(book: Handbook, clock: FixedClock) -> Casebook:
    return Casebook(MemoryStore(), clock, ChinaCalendar(), rulebook(book), UlidSource())


@pytest.fixture
def asked(casebook: Casebook) -> Case:
    case = casebook.open_case(NewCase(title="壶"))
    return casebook.file(case.id, NewFiling(rung="request", channel="app_aftersale"), anyway=True)


def clocks(casebook: Casebook, case: Case) -> dict[str, str]:
    return {flag.thing.split("@")[0]: flag.kind for flag in casebook.attention(case).flags}


def test_a_countdown_as_the_app_shows_it_takes_the_place_of_the_usual_time(
    casebook: Casebook, asked: Case, now: datetime
) -> None:
    assert clocks(casebook, asked) == {"pdd_merchant_reply": "deadline"}
    counted = casebook.set_countdown(asked.id, asked.filings[0].id, "1天23时")
    assert counted.filings[0].countdown_until == now + timedelta(days=1, hours=23)
    assert clocks(casebook, counted) == {"app_countdown": "deadline"}
    assert clocks(casebook, casebook.set_countdown(asked.id, asked.filings[0].id, None)) == {
        "pdd_merchant_reply": "deadline"
    }


def test_a_rejection_in_the_app_is_a_deadline_of_mine(casebook: Casebook, asked: Case) -> None:
    rejected = casebook.note_aftersale(asked.id, asked.filings[0].id, 6, countdown="23时59分")
    assert clocks(casebook, rejected) == {"app_countdown": "my_deadline"}
    assert casebook.attention(rejected).silence.standing.turn == "mine"
    assert rejected.history[-1].action == "aftersale"


def test_an_agreed_return_starts_my_time_to_send_it_back(casebook: Casebook, asked: Case, clock: FixedClock) -> None:
    agreed = casebook.note_aftersale(asked.id, asked.filings[0].id, 7)
    assert clocks(casebook, agreed) == {"pdd_return_ship": "my_deadline"}
    clock.advance(timedelta(days=2))
    sent = casebook.note_milestone(asked.id, "return_shipped", casebook.now())
    assert "pdd_return_ship" not in clocks(casebook, sent)


def test_every_state_of_the_handbook_can_be_noted_and_no_other(casebook: Casebook, asked: Case, book: Handbook) -> None:
    for state in book.aftersale_states:
        noted = casebook.note_aftersale(asked.id, asked.filings[0].id, state.code).filings[0]
        turns = {"me": "mine", "merchant": "theirs", "platform": "theirs", "payment": "theirs"}
        assert noted.aftersale_turn == (turns.get(state.turn) if noted.running else None)
        assert noted.running is (
            state.group in {"none", "waiting_merchant", "waiting_platform", "refunding", "my_turn"}
        )
    with pytest.raises(Refused):
        casebook.note_aftersale(asked.id, asked.filings[0].id, 999)
