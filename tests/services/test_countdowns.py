"""The countdown and the state that the app shows, as they are typed in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from pddtui.domain.case import Case
from pddtui.domain.duetime import FixedClock
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.inputs import FilingNews, NewCase, NewFiling
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
    """The clocks that run, without what only reminds me to look."""
    found = casebook.attention(case).flags
    return {flag.thing.split("@")[0]: flag.kind for flag in found if flag.kind not in ("turn", "look")}


def test_a_countdown_as_the_app_shows_it_takes_the_place_of_the_usual_time(
    casebook: Casebook, asked: Case, now: datetime
) -> None:
    assert clocks(casebook, asked) == {"pdd_merchant_reply": "deadline"}
    counted = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(countdown="1天23时"))
    assert counted.filings[0].countdown_until == now + timedelta(days=1, hours=23)
    assert clocks(casebook, counted) == {"app_countdown": "deadline"}
    assert clocks(casebook, casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(countdown=""))) == {
        "pdd_merchant_reply": "deadline"
    }


def test_a_rejection_in_the_app_is_a_deadline_of_mine(casebook: Casebook, asked: Case) -> None:
    rejected = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(aftersale=6, countdown="23时59分"))
    assert clocks(casebook, rejected) == {"app_countdown": "my_deadline"}
    assert casebook.attention(rejected).turn == "mine"
    assert rejected.history[-1].action == "aftersale"


def test_an_agreed_return_starts_my_time_to_send_it_back(casebook: Casebook, asked: Case, clock: FixedClock) -> None:
    agreed = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(aftersale=7))
    assert clocks(casebook, agreed) == {"pdd_return_ship": "my_deadline"}
    clock.advance(timedelta(days=2))
    sent = casebook.note_milestone(asked.id, "return_shipped", casebook.now())
    assert "pdd_return_ship" not in clocks(casebook, sent)


def test_every_state_of_the_handbook_can_be_noted_and_no_other(casebook: Casebook, asked: Case, book: Handbook) -> None:
    for state in book.aftersale_states:
        noted = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(aftersale=state.code)).filings[0]
        turns = {"me": "mine", "merchant": "theirs", "platform": "theirs", "payment": "theirs"}
        assert noted.aftersale_turn == (turns.get(state.turn) if noted.running else None)
        assert noted.running is (
            state.group in {"none", "waiting_merchant", "waiting_platform", "refunding", "my_turn"}
        )
    with pytest.raises(Refused):
        casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(aftersale=999))


def test_all_that_was_learned_is_one_change_and_one_undo(casebook: Casebook, asked: Case, now: datetime) -> None:
    news = FilingNews(state="accepted", reference="  GD-7 ", countdown="1天23时")
    told = casebook.note_filing(asked.id, asked.filings[0].id, news)
    filing = told.filings[0]
    assert (filing.state, filing.reference) == ("accepted", "GD-7")
    assert filing.countdown_until == now + timedelta(days=1, hours=23)
    assert [change.action for change in told.history[len(asked.history) :]] == ["decide"]
    assert casebook.undo()[0].case.filings == asked.filings


def test_a_number_learned_later_changes_nothing_else(casebook: Casebook, asked: Case) -> None:
    counted = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(countdown="1天23时"))
    numbered = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(reference="GD-8"))
    assert numbered.filings == (replace(counted.filings[0], reference="GD-8"),)
    assert numbered.history[-1].action == "reference"


def test_a_countdown_runs_from_the_moment_it_was_seen(casebook: Casebook, asked: Case, now: datetime) -> None:
    seen = now - timedelta(hours=3)
    counted = casebook.note_filing(asked.id, asked.filings[0].id, FilingNews(countdown="1天23时", at=seen))
    assert counted.filings[0].countdown_until == seen + timedelta(days=1, hours=23)
    news = FilingNews(countdown="1天23时", state="refused", at=seen, seen_at=now)
    noted = casebook.note_filing(asked.id, asked.filings[0].id, news).filings[0]
    assert (noted.ended_at, noted.countdown_until) == (seen, now + timedelta(days=1, hours=23))


@pytest.mark.parametrize(
    ("news", "field"),
    [
        (FilingNews(), "state"),
        (FilingNews(reference=" "), "state"),
        (FilingNews(state="refused", aftersale=6), "state"),
        (FilingNews(aftersale=999), "aftersale"),
        (FilingNews(countdown="尽快"), "countdown"),
        (FilingNews(reference="短信验证码 123456"), "reference"),
    ],
)
def test_news_that_cannot_be_noted_name_their_field(
    casebook: Casebook, asked: Case, news: FilingNews, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        casebook.note_filing(asked.id, asked.filings[0].id, news)
    assert refused.value.field == field
    assert casebook.case(asked.id) == asked


def test_only_a_request_in_the_app_has_a_state_there(casebook: Casebook, asked: Case) -> None:
    filed = casebook.file(asked.id, NewFiling(rung="platform", channel="app_intervene"), anyway=True)
    with pytest.raises(Refused):
        casebook.note_filing(asked.id, filed.filings[-1].id, FilingNews(aftersale=6))
