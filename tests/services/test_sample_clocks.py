"""The clocks and flags of the samples, made by the ordinary moves, on the day they were written for."""

from __future__ import annotations

from datetime import datetime

import pytest

from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case
from pddtui.domain.deadlines import deadline_words, deadlines
from pddtui.domain.moves import settle_promise
from pddtui.domain.rules import Rules
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.speech import Speech
from tests.conftest import SHANGHAI
from tests.memory_store import MemoryStore

BASE = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
BOOK = Handbook()
IDS = [sample.id for sample in BOOK.samples.cases]

FLAGS: dict[str, list[tuple[str, str, str]]] = {
    "S01": [
        ("look", "", "info"),
        ("deadline", "pdd_intervene_decide", "info"),
        ("follow_up", "", "info"),
        ("promise", "", "info"),
        ("deadline", "stall_15d_demand", "info"),
    ],
    "S02": [
        ("look", "", "info"),
        ("deadline", "stall_15d_demand", "amber"),
        ("look", "", "info"),
        ("follow_up", "", "info"),
        ("deadline", "report_15wd_check", "info"),
        ("deadline", "admin_60d_mediation", "info"),
    ],
    "S03": [],
    "S04": [
        ("promise", "", "red"),
        ("quiet", "q_chat", "red"),
        ("follow_up", "", "amber"),
        ("deadline", "stall_15d_demand", "info"),
    ],
    "S05": [("look", "", "info"), ("deadline", "app_countdown", "info"), ("follow_up", "", "amber")],
    "S06": [("look", "", "info"), ("follow_up", "", "info"), ("deadline", "postal_30d", "info")],
    "S07": [
        ("deadline", "refund_7d_after_return", "red"),
        ("quiet", "q_intervene", "red"),
        ("follow_up", "", "amber"),
        ("deadline", "stall_15d_return", "info"),
    ],
    "S08": [
        ("look", "", "info"),
        ("quiet", "q_12315_accept", "amber"),
        ("deadline", "admin_7wd_accept", "info"),
        ("follow_up", "", "info"),
        ("deadline", "report_15wd_check", "info"),
    ],
    "S09": [
        ("look", "", "info"),
        ("look", "", "info"),
        ("follow_up", "", "amber"),
        ("right", "return_7d_quality", "amber"),
        ("deadline", "admin_7wd_accept", "info"),
        ("deadline", "stall_15d_demand", "info"),
        ("deadline", "report_15wd_check", "info"),
    ],
    "S10": [
        ("promise", "", "red"),
        ("quiet", "q_cs", "red"),
        ("follow_up", "", "info"),
        ("deadline", "stall_15d_demand", "info"),
    ],
}
"""Kind, rule or limit, and level of each flag, soonest first."""

NAMELESS = ("follow_up", "promise", "look")
"""Kinds of flags that no rule or limit raised."""

ACTS = {
    "S01": ["wait_promise", "look"],
    "S03": ["nothing"],
    "S04": ["file_request", "intervene"],
    "S05": ["do_planned"],
    "S07": ["file_12315", "to_supervisor"],
    "S08": ["look"],
    "S10": ["file_12315_gone", "demand_identity"],
}
"""What to do first, and then, once a promise that has passed was noted as broken."""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rulebook(BOOK)


@pytest.fixture(scope="module")
def cases(rules: Rules) -> dict[str, Case]:
    store = MemoryStore()
    fill_with_samples(
        store,
        BOOK,
        rules=rules,
        calendar=ChinaCalendar(),
        ids=UlidSource(),
        now=BASE,
        say=Speech("en", SHANGHAI).render,
    )
    made = sorted(store.cases().values(), key=lambda case: case.ref)
    return dict(zip(IDS, made, strict=True))


def look(case: Case, rules: Rules) -> Attention:
    return attention(case, BASE, rules, ChinaCalendar())


@pytest.mark.parametrize("name", IDS)
def test_the_clocks_of_a_sample_are_where_the_sample_says(name: str, cases: dict[str, Case], rules: Rules) -> None:
    found = {clock.rule.id: clock for clock in deadlines(cases[name], BASE, rules, ChinaCalendar())}
    for wanted in BOOK.samples.cases[IDS.index(name)].deadlines:
        if wanted.rule == "promise_due":
            assert wanted.due in [promise.due for _, promise in cases[name].promises]
            continue
        clock = found[wanted.rule]
        assert (clock.due.at, clock.state) == (wanted.rolled_due or wanted.due, wanted.state)
        if wanted.start is not None:
            assert clock.start == wanted.start
        if wanted.met_on is not None:
            assert clock.ended_at is not None
            assert clock.ended_at.date() == wanted.met_on


@pytest.mark.parametrize("name", IDS)
def test_a_sample_is_flagged_for_what_a_person_would_say(name: str, cases: dict[str, Case], rules: Rules) -> None:
    found = look(cases[name], rules).flags
    ruled = [flag.thing.split("@")[0] if flag.kind not in NAMELESS else "" for flag in found]
    assert [(flag.kind, thing, flag.level or "info") for flag, thing in zip(found, ruled, strict=True)] == FLAGS[name]


@pytest.mark.parametrize(("name", "wanted"), ACTS.items())
def test_the_next_step_of_a_sample_is_the_one_its_story_asks_for(
    name: str, wanted: list[str], cases: dict[str, Case], rules: Rules
) -> None:
    case = cases[name]
    for _, promise in case.promises:
        if promise.state == "open" and promise.due is not None and promise.due < BASE:
            assert look(case, rules).steps[0].act.id == "settle_promise"
            case = settle_promise(case, promise.id, "broken", BASE)
    steps = look(case, rules).steps
    assert [step.act.id for step in steps][: len(wanted)] == wanted
    planned = [str(step.words) for step in steps if step.act.id == "do_planned"]
    assert all(any(task.text in said for task in case.follow_ups) for said in planned)


@pytest.mark.parametrize("name", IDS)
def test_every_clock_of_a_sample_explains_itself(name: str, cases: dict[str, Case], rules: Rules) -> None:
    for clock in deadlines(cases[name], BASE, rules, ChinaCalendar()):
        words = " ".join(map(str, deadline_words(clock)))
        assert clock.rule.sources
        assert all(source in words for source in clock.rule.sources)
        assert ("? The source is weak" in words) is (not clock.rule.sure)
        assert f"{clock.start:%Y-%m-%d}" in words or clock.rule.span is None
        assert f"{clock.due.at:%Y-%m-%d}" in words
