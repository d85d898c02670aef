"""The samples as real cases, whatever day it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pddtui.domain.attention import attention
from pddtui.domain.case import Case
from pddtui.domain.events import milestones
from pddtui.domain.history import broken_link
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import PlainCalendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.services.export.json import to_json
from pddtui.services.import_.read_json import read_export
from pddtui.speech import Language, Speech
from tests.conftest import SHANGHAI
from tests.memory_store import MemoryStore


@pytest.fixture(scope="module")
def book() -> Handbook:
    return Handbook()


@pytest.fixture(scope="module")
def rules(book: Handbook) -> Rules:
    return rulebook(book)


def samples(book: Handbook, rules: Rules, now: datetime, language: Language = "zh") -> list[Case]:
    store = MemoryStore()
    fill_with_samples(
        store,
        book,
        rules=rules,
        calendar=ChinaCalendar(),
        ids=UlidSource(),
        now=now,
        say=Speech(language, SHANGHAI).render,
    )
    return sorted(store.cases().values(), key=lambda case: case.ref)


def test_every_sample_becomes_a_case_with_all_that_happened(book: Handbook, rules: Rules, now: datetime) -> None:
    cases = samples(book, rules, now)
    for case, sample in zip(cases, book.samples.cases, strict=True):
        assert (case.title, case.problem, case.status) == (sample.title.zh, sample.problem, sample.status)
        assert len(case.contacts) == len(sample.contacts)
        assert [filing.state for filing in case.filings] == [
            filing.state for filing in sorted(sample.filings, key=lambda filing: filing.at)
        ]
        assert {record.kind for record in case.evidence} == set(sample.evidence.have)


def test_on_the_base_date_every_promise_is_due_when_the_sample_says(book: Handbook, rules: Rules) -> None:
    base = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
    for case, sample in zip(samples(book, rules, base), book.samples.cases, strict=True):
        promised = [contact.promise for contact in sample.contacts if contact.promise is not None]
        assert [promise.due for _, promise in case.promises] == [promise.due for promise in promised]
        happened = milestones(case, rules)
        assert {event: happened.get(event) for event in sample.milestones} == sample.milestones


@pytest.mark.parametrize("days", [0, 1, 40, 131, 400])
def test_on_any_day_something_is_overdue_quiet_running_and_closed(
    book: Handbook, rules: Rules, now: datetime, days: int
) -> None:
    today = now + timedelta(days=days)
    seen = [attention(case, today, rules, ChinaCalendar()) for case in samples(book, rules, today, "en")]
    flags = [flag for entry in seen for flag in entry.flags]
    assert any(flag.kind == "promise" and flag.overdue for flag in flags)
    assert any(flag.kind == "quiet" and flag.level is not None for flag in flags)
    assert any(flag.kind == "deadline" and not flag.overdue for flag in flags)
    assert any(entry.case.status == "resolved" for entry in seen)


def test_nothing_was_recorded_before_it_happened_or_in_the_future(book: Handbook, rules: Rules, now: datetime) -> None:
    for case in samples(book, rules, now):
        moments = [change.at for change in case.history]
        assert moments == sorted(moments)
        assert moments[-1] <= now
        assert all(contact.at <= contact.recorded_at for contact in case.contacts)
        assert broken_link(case.history) is None


def test_the_evidence_is_there_before_anything_is_filed(book: Handbook, rules: Rules, now: datetime) -> None:
    passed = {gate for case in samples(book, rules, now) for filing in case.filings for gate in filing.passed_gates}
    assert "evidence" not in passed


def test_a_date_that_was_named_moves_with_the_words_around_it(book: Handbook, rules: Rules, now: datetime) -> None:
    nuts = samples(book, rules, now + timedelta(days=40))[3]
    (contact, promise) = nuts.promises[0]
    assert promise.due is not None
    assert f"{promise.due.month}月{promise.due.day}日前" in contact.summary
    assert (promise.due.month, promise.due.day) == (12, 30)


def test_the_export_of_the_samples_can_be_read_again(book: Handbook, rules: Rules, now: datetime) -> None:
    cases = samples(book, rules, now)
    assert list(read_export(to_json(cases, rules, now, calendar=PlainCalendar()), "x")) == cases
