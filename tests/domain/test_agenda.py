"""What is due is collected by section, whatever lies between."""

from __future__ import annotations

from datetime import timedelta

from pddtui.domain.acts import Scene
from pddtui.domain.attention import AgendaLine, by_section
from pddtui.domain.flags import Flag
from pddtui.domain.subjects import PlannedSubject
from tests.domain.build import RULES, at, case, follow_up


def due(day: int, *, overdue: bool) -> AgendaLine:
    task = follow_up(at(day))
    scene = Scene(case=case(), now=at(1), rules=RULES, threads=(), silences=(), clocks=())
    flag = Flag(
        kind="follow_up",
        level=None,
        thing=str(day),
        due=at(day),
        overdue=overdue,
        subject=PlannedSubject(task),
        scene=scene,
    )
    return AgendaLine(case(), flag)


def test_a_line_that_is_past_and_not_overdue_does_not_part_those_that_are() -> None:
    lines = [due(1, overdue=True), due(2, overdue=False), due(3, overdue=True), due(9, overdue=False)]
    sections = by_section(lines, at(5))
    assert {name: [line.flag.thing for line in members] for name, members in sections.items()} == {
        "overdue": ["1", "3"],
        "today": ["2"],
        "week": ["9"],
    }


def test_sections_come_as_one_plans_and_only_those_that_have_lines() -> None:
    lines = [due(27, overdue=False), due(9, overdue=False), due(5, overdue=False)]
    assert list(by_section(lines, at(5))) == ["today", "week", "later"]
    assert by_section([], at(5)) == {}
    assert list(by_section(lines, at(5) + timedelta(days=40))) == ["today"]
