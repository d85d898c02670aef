from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Evidence, Filing
from pddtui.domain.duetime import FixedClock
from pddtui.errors import NotFound, Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.inputs import NewCase
from pddtui.services.playbook import evidence_page, routes, step_of, wanted_evidence
from tests.memory_store import MemoryStore

NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
BOOK = Handbook()


def case(problem: str | None = None, *filings: Filing, **steps: datetime) -> Case:
    ticked = {name.replace("__", "."): at for name, at in steps.items()}
    return Case(
        id="c",
        ref="PDD-2026-0001",
        title="壶",
        problem=problem,
        opened_at=NOW,
        recorded_at=NOW,
        filings=filings,
        steps=ticked,
    )


def filing(rung: str, channel: str) -> Filing:
    return Filing(id=f"{rung}-{channel}", rung=rung, channel=channel, filed_at=NOW)


def ids(made: Case) -> list[str]:
    return [route.playbook.id for route in routes(made, BOOK)]


def test_the_problem_says_with_which_playbooks_to_begin() -> None:
    assert ids(case("food")) == ["pb_report", "pb_merchant_chat", "pb_app_aftersale"]
    assert str(routes(case("food"), BOOK)[0].why) == "first for: food safety"


def test_a_running_filing_comes_first_and_an_ended_one_does_not() -> None:
    open_filing = filing("regulator", "c12315")
    assert ids(case("food", open_filing))[0] == "pb_12315"
    ended = structs.replace(open_filing, state="ended")
    assert ids(case("food", ended))[0] == "pb_report"


def test_the_playbooks_of_the_highest_rung_that_was_reached_fit() -> None:
    made = case(None, structs.replace(filing("direct", "merchant_chat"), state="ended"), filing("settle", "odr12315"))
    assert ids(made) == ["pb_odr", "pb_assoc"]


def test_a_playbook_that_was_begun_stays_in_sight() -> None:
    made = ids(case("food", pb_hotline__s1=NOW))
    assert made == ["pb_hotline", "pb_report", "pb_merchant_chat", "pb_app_aftersale"]


def test_a_case_without_anything_begins_with_the_merchant() -> None:
    assert ids(case()) == ["pb_merchant_chat"]


def test_a_case_with_ids_of_another_handbook_begins_with_the_merchant_too() -> None:
    assert ids(case("martian", filing("moon", "rocket"))) == ["pb_merchant_chat"]


def test_a_route_counts_its_ticked_steps() -> None:
    (route, *_) = routes(case("food", pb_report__s1=NOW, pb_report__s3=NOW), BOOK)
    assert (route.done, [tick.done_at for tick in route.ticks]) == (2, [NOW, None, NOW])


def test_a_step_says_what_to_record() -> None:
    assert str(step_of("pb_12315.s6", BOOK).record) == "their number for it"
    assert step_of("pb_12315.s3", BOOK).record is None


@pytest.mark.parametrize("key", ["pb_12315.s99", "pb_none.s1", "pb_12315", ""])
def test_a_step_that_no_playbook_has_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="There is no playbook step"):
        step_of(key, BOOK)


def test_evidence_is_wanted_for_the_problem_and_from_the_base_set_each_kind_once() -> None:
    wants = wanted_evidence(case("not_shipped"), BOOK)
    assert [want.kind.id for want in wants] == [
        *("order_page", "aftersale_page", "chat_merchant"),
        *("payment", "goods_page"),
    ]
    assert all(want.base for want in wants)
    assert [want.base for want in wanted_evidence(case("quality"), BOOK)] == [False] * 3 + [True] * 5


def test_what_is_missing_comes_first_and_says_what_it_must_show() -> None:
    piece = Evidence(id="e", kind="payment", place="相册", added_at=NOW)
    page = evidence_page(structs.replace(case(), evidence=(piece,)), BOOK)
    told = [str(fact.words) for fact in page.facts]
    assert told[0] == "Missing"
    assert told[1].startswith("✗ order page – number, times of order")
    assert told[-2:] == ["There", "✓ payment proof – transaction number, time, sum"]


def test_with_all_the_evidence_there_nothing_is_said_to_be_missing() -> None:
    pieces = tuple(Evidence(id=kind, kind=kind, place="相册", added_at=NOW) for kind in BOOK.evidence_file.base_set)
    page = evidence_page(structs.replace(case(), evidence=pieces), BOOK)
    assert [str(fact.words) for fact in page.facts if fact.heading] == ["There"]


@pytest.fixture
def casebook() -> Casebook:
    return Casebook(MemoryStore(), FixedClock(NOW), ChinaCalendar(), rulebook(BOOK), UlidSource())


def test_a_tick_is_kept_with_its_time_and_can_be_taken_back(casebook: Casebook) -> None:
    opened = casebook.open_case(NewCase(title="壶"))
    at = NOW - timedelta(hours=1)
    assert casebook.tick(opened.id, "pb_report.s1", at).steps == {"pb_report.s1": at}
    assert casebook.case(opened.id).history[-1].action == "tick"
    undone = casebook.undo()[0].case
    assert undone.steps == {}
    assert casebook.tick(opened.id, "pb_report.s1", None).history == undone.history, "nothing changed, nothing recorded"


def test_a_tick_needs_its_case(casebook: Casebook) -> None:
    with pytest.raises(NotFound):
        casebook.tick("gone", "pb_report.s1", NOW)
