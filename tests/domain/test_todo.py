"""What is to be done: grouped by when, each act once, and apart what only runs."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec import structs

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Person
from pddtui.domain.rules import Rules
from pddtui.domain.table import Act, NextRow
from pddtui.domain.todo import ToDo, TodoGroup, by_group, day_of, todo
from pddtui.message import Label
from pddtui.speech import Speech
from tests.domain.build import CALENDAR, RULES, SHANGHAI, at, case, end_of, filing, follow_up, heard, promise, said

SPEECH = Speech("en", SHANGHAI, year=2026)


def act(name: str, **fields: object) -> Act:
    facts = {"id": name, "zh": name, "en": name, "reason": Label("", ""), "src": ("design",), "conf": "high"}
    return Act(**{**facts, **fields})  # type: ignore[arg-type]


ACTS = {
    each.id: each
    for each in (
        act("settle", deed="settle"),
        act("plan", deed="settle"),
        act("go up", deed="file", rung="platform", short=Label("up", "up")),
        act("ask {channel}", deed="letter", letter="chaser", short=Label("{channel}?", "{channel}?")),
        act("look", deed="look"),
        act("wait", deed="wait"),
        act("answer", deed="tell"),
        act("doctor", deed="evidence"),
    )
}


def rows(*pairs: tuple[str, str], **fields: object) -> Rules:
    made = tuple(
        NextRow(id=f"{moment}-{name}", zh="", en="", src=("design",), moment=(moment,), acts=(name,), **fields)  # type: ignore[arg-type]
        for moment, name in pairs
    )
    return structs.replace(RULES, acts=ACTS, next_rows=made)


USUAL = (
    ("promise_late", "settle"),
    ("promise_runs", "wait"),
    ("promise_undated", "ask {channel}"),
    ("planned", "plan"),
    ("unanswered", "go up"),
    ("silent", "ask {channel}"),
    ("waiting", "look"),
    ("answered", "answer"),
    ("untold", "answer"),
)


def found(which: Case, now: datetime, rules: Rules | None = None) -> tuple[ToDo, ...]:
    return todo(attention(which, now, rules or rows(*USUAL), CALENDAR))


def shown(items: tuple[ToDo, ...], now: datetime) -> list[tuple[TodoGroup, str, str]]:
    return [(item.group, item.deed, SPEECH.render(item.words(now))) for item in items]


@pytest.mark.parametrize(
    ("due", "now", "group", "words", "day"),
    [
        (end_of(5), at(7), "now", "打电话, Thu 5 Nov", None),
        (end_of(5), at(5), "now", "打电话", None),
        (at(5, 15), at(5), "now", "打电话, 15:00", None),
        (at(5, 9), at(5), "now", "打电话, 09:00", None),
        (end_of(6), at(5), "week", "打电话", date(2026, 11, 6)),
        (end_of(20), at(5), "later", "打电话", date(2026, 11, 20)),
    ],
)
def test_what_i_planned_is_named_with_its_day(
    due: datetime, now: datetime, group: TodoGroup, words: str, day: date | None
) -> None:
    planned = [item for item in found(case(follow_ups=(follow_up(due),)), now) if item.flag and item.flag.thing == "F1"]
    assert shown(tuple(planned), now) == [(group, "settle", words)]
    assert day_of(planned[0], now) == day


def test_a_promise_names_who_gave_it_and_for_when_and_waits_until_then() -> None:
    person = Person(role="客服", name="小王", staff_no="8842")
    given = case(said(at(2)), heard(at(3), "holding", person=person, promises=(promise(end_of(5)),)))
    waiting = found(given, at(4))
    assert [(item.group, item.flag and item.flag.kind) for item in waiting] == [("waiting", "promise")]
    late = [item for item in found(given, at(6)) if item.flag and item.flag.kind == "promise"]
    assert shown(tuple(late), at(6)) == [("now", "settle", "Kept or broken? 客服 小王 8842: 退款89元, Thu 5 Nov")]


def test_a_promise_without_a_date_names_what_it_is_about_once_it_is_asked_for() -> None:
    given = case(said(at(2)), heard(at(3), "holding", promises=(promise(None),)))
    assert [item.group for item in found(given, at(4)) if item.flag and item.flag.kind == "promise"] == ["waiting"]
    asked = [item for item in found(given, at(8)) if item.flag and item.flag.kind == "promise"]
    assert [(item.group, item.deed) for item in asked] == [("now", "letter")]
    assert SPEECH.render(asked[0].words(at(8))).endswith("?: 小王: 退款89元")


def test_flags_that_come_to_one_act_share_it_and_what_is_settled_never_does() -> None:
    lodged = case(
        said(at(1), channel="app"),
        filings=(filing(at(1), "merchant", "app_aftersale"), filing(at(1, 13), "regulator", "c12315")),
        follow_ups=(follow_up(end_of(20)), follow_up(end_of(20), id="F2"), follow_up(end_of(20), id="F2")),
    )
    up = rows(("unanswered", "go up"), ("planned", "plan"), ("waiting", "look"), ("silent", "go up"))
    items = found(lodged, at(28), up)
    ways = [item for item in items if item.deed == "file"]
    assert len(ways) <= 1
    raised = [flag for item in items for flag in item.flags]
    assert len(raised) == len(set(map(id, raised))) == len(attention(lodged, at(28), up, CALENDAR).flags)
    assert sum(item.deed == "settle" for item in items) == 3


def test_what_is_only_looked_at_waits_and_keeps_its_key() -> None:
    items = found(case(said(at(2))), at(3))
    assert {(item.group, item.deed) for item in items} == {("waiting", "look")}


def test_what_goes_before_all_else_leads_though_nothing_flags_it() -> None:
    rules = rows(*USUAL, ("first", "doctor"))
    items = found(case(follow_ups=(follow_up(end_of(3)),)), at(5), rules)
    assert (items[0].deed, items[0].group, items[0].flags) == ("evidence", "now", ())
    assert len({item.key for item in items}) == len(items)


def test_the_groups_keep_a_case_together_and_later_ones_go_by_day() -> None:
    cases = [
        case(id=name, ref=f"PDD-2026-{name}", follow_ups=(follow_up(end_of(first)), follow_up(end_of(second), id="F2")))
        for name, first, second in (("0001", 9, 3), ("0002", 8, 4), ("0003", 25, 26))
    ]
    groups = by_group(
        [item for item in found(which, at(5)) if item.flag and item.flag.kind == "follow_up"] for which in cases
    )
    assert {name: [item.case.id for item in members] for name, members in groups.items()} == {
        "now": ["0001", "0002"],
        "week": ["0002", "0001"],
        "later": ["0003", "0003"],
    }


def test_the_short_name_has_the_fields_of_the_long_one_filled_in() -> None:
    items = found(case(said(at(1)), heard(at(2), "holding", promises=(promise(None),))), at(9))
    asked = next(item for item in items if item.flag and item.flag.kind == "promise")
    assert asked.step is not None
    assert SPEECH.say(asked.step.words).startswith("ask ")
    assert not SPEECH.render(asked.words(at(9))).startswith("ask ")
