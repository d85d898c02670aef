"""Time is drawn to scale, every mark can be told without colour, and nothing is wider than the list."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.case import Contact
from pddtui.domain.deadlines import deadlines
from pddtui.speech import Language
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.screens.case import CasePage
from pddtui.ui.show import Tone
from pddtui.ui.widgets.timeline import SPANS, Canvas, Scale, Timeline
from tests.ui.cases import KETTLE, NOW, NUTS, SUITCASE, case, desk
from tests.ui.page_app import PageApp

FIRST = datetime(2026, 11, 15, 19, 20, tzinfo=NOW.tzinfo)


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def drawn(context: Context, ref: str, cells: int) -> dict[str, str]:
    """The lines of each row, joined, by the key of the row; promises by their words."""
    timeline = Timeline(context.speech, context.casebook.rules, id="timeline")
    shown, casebook = case(context, ref), context.casebook
    clocks = deadlines(shown, casebook.now(), casebook.rules, casebook.calendar)
    timeline.show_case(casebook.attention(shown), clocks, casebook.now())
    names = {promise.id: promise.text for _, promise in shown.promises}
    return {
        names.get(row.key, row.key): "\n".join(line.plain for line in timeline._lines_of(row.key, cells))
        for row in timeline.rows
    }


@given(hours=st.integers(0, 20_000), cells=st.integers(2, 200))
def test_first_and_last_moment_have_cells_of_their_own_time(hours: int, cells: int) -> None:
    last = FIRST + timedelta(hours=hours)
    scale = Scale.between(FIRST, last, cells)
    assert scale.origin <= FIRST
    assert 0 <= scale.cell(FIRST) <= scale.cell(last) < cells
    assert scale.origin + scale.cell(last) * scale.step <= last


@given(hours=st.integers(24, 2000), cells=st.integers(30, 200))
def test_the_scale_is_as_fine_as_the_cells_allow(hours: int, cells: int) -> None:
    last = FIRST + timedelta(hours=hours)
    scale = Scale.between(FIRST, last, cells)
    finer = Scale(scale.origin, scale.step - timedelta(hours=1), 10**9)
    assert scale.step == timedelta(hours=1) or finer.cell(last) >= cells - 1


@given(hours=st.integers(1, 5000), cells=st.integers(20, 200), room=st.integers(6, 12))
def test_dates_on_the_axis_never_touch_each_other(hours: int, cells: int, room: int) -> None:
    ticks = [cell for cell, _ in Scale.between(FIRST, FIRST + timedelta(hours=hours), cells).ticks(room)]
    assert all(after - before >= room for before, after in itertools.pairwise(ticks))


@given(st.lists(st.tuples(st.integers(-3, 45), st.text("a承诺━✗\u0301\x1b\n", max_size=8)), max_size=12))
def test_a_canvas_keeps_its_width_whatever_is_put_on_it(marks: list[tuple[int, str]]) -> None:
    canvas = Canvas(40)
    for cell, text in marks:
        canvas.put(cell, text, Tone.PLAIN)
    assert show.width(canvas.content().plain) == 40


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [38, 43, 78, 118])
@pytest.mark.parametrize("ref", [KETTLE, NUTS, SUITCASE])
def test_no_line_is_wider_than_the_list(language: Language, cells: int, ref: str) -> None:
    with desk(language) as context:
        lines = [line for row in drawn(context, ref, cells).values() for line in row.split("\n")]
    assert lines
    assert max(map(show.width, lines)) <= cells


def test_what_i_said_and_what_they_said_stand_on_two_lanes(context: Context) -> None:
    rows = drawn(context, KETTLE, 118)
    assert rows["me"].count("◆") == 2
    assert rows["me"].count("▲") == 3
    assert rows["them"].count("■") == 1
    assert rows["them"].count("□") == 2


def test_a_broken_promise_ends_broken_and_a_running_one_ends_open_at_its_date(context: Context) -> None:
    rows = drawn(context, KETTLE, 118)
    assert "├" in rows["给处理方案"]
    assert "✗" in rows["给处理方案"]
    axis, running = rows["axis"].split("\n")[0], rows["平台结论"]
    assert axis.index("now") < axis.index("11-25") < running.index("○") < axis.index("11-27")


def test_a_promise_that_has_passed_runs_on_until_today(context: Context) -> None:
    rows = drawn(context, NUTS, 118)
    overdue = rows["补寄两袋并给单号"]
    assert overdue.index("┤") < overdue.index("┄") < overdue.index("!")
    assert overdue.index("!") == rows["me"].index("┊")


def test_a_silence_is_a_bar_with_its_length_that_lasts_until_now(context: Context) -> None:
    rows = drawn(context, SUITCASE, 118)
    assert " 9 d " in rows["silence"]
    assert rows["silence"].rstrip().endswith("━")
    assert len(rows["silence"].rstrip()) - 1 == rows["me"].index("┊")


def test_a_deadline_is_a_post_at_its_date_with_what_became_of_it(context: Context) -> None:
    rows = drawn(context, SUITCASE, 118)
    posts = [row for key, row in rows.items() if key.startswith("clock:")]
    assert sum("┃!" in post for post in posts) == 2
    assert sum("┃○" in post for post in posts) == 1
    assert any("refund after return" in post for post in posts)


def test_a_deadline_years_ahead_does_not_squeeze_the_rest(context: Context) -> None:
    shown = case(context, SUITCASE)
    casebook = context.casebook
    clocks = deadlines(shown, casebook.now(), casebook.rules, casebook.calendar)
    assert any(clock.due.at.year > 2027 for clock in clocks)
    assert "limitation" not in "".join(drawn(context, SUITCASE, 118).values())


def test_every_sign_is_told_in_the_legend(context: Context) -> None:
    rows = drawn(context, KETTLE, 118)
    lanes = "".join(rows[key] for key in ("me", "them", "silence"))
    signs = {sign for sign in lanes if sign in "◆◇▲■□×━┊"}
    assert signs
    assert all(f"{sign} " in rows["legend"] for sign in signs)


@given(hours=st.integers(0, 2000), cells=st.integers(20, 200), span=st.sampled_from([*SPANS.values()]))
def test_a_closer_look_has_the_moment_on_it_and_no_date_touches_another(
    hours: int, cells: int, span: timedelta
) -> None:
    at = FIRST + timedelta(hours=hours)
    scale = Scale.around(at, span, cells)
    assert scale.holds(at)
    assert span <= scale.end - scale.origin <= span + cells * timedelta(minutes=1)
    ticks = [cell for cell, _ in scale.ticks(8)]
    assert all(after - before >= 8 for before, after in itertools.pairwise(ticks))


async def test_sideways_goes_from_mark_to_mark_and_says_what_was_said(context: Context) -> None:
    app = PageApp(CasePage(context, case(context, KETTLE).id))
    async with app.run_test(size=(100, 30)) as pilot:
        timeline = app.screen.query_one(Timeline)
        await pilot.press("7")
        last, first = case(context, KETTLE).contacts[-1], timeline._happened[1].thing
        assert isinstance(first, Contact)
        assert app.reads(last.summary[:12])
        await pilot.press(*["left"] * 20, "right")
        assert app.reads(first.summary[:12])
        assert not app.reads(last.summary[:12])
        whole = timeline._scale(80)
        for span in SPANS.values():
            await pilot.press("plus")
            assert timeline._scale(80).step < whole.step
            assert timeline._scale(80).holds(timeline._happened[1].at)
            assert timeline._scale(80).end - timeline._scale(80).origin <= span + timedelta(hours=2)
        await pilot.press(*["minus"] * 5)
        assert timeline._scale(80) == whole


def test_a_closer_look_leaves_out_what_is_not_in_it(context: Context) -> None:
    timeline = Timeline(context.speech, context.casebook.rules, id="timeline")
    shown, casebook = case(context, KETTLE), context.casebook
    clocks = deadlines(shown, casebook.now(), casebook.rules, casebook.calendar)
    timeline.show_case(casebook.attention(shown), clocks, casebook.now())
    timeline._at, timeline._span = shown.contacts[0].id, timedelta(days=1)
    lanes = "".join(line.plain for row in ("me", "them") for line in timeline._lines_of(row, 100))
    day = shown.contacts[0].at.astimezone(context.speech.zone).date()
    things = [*(made.at for made in shown.contacts), *(filed.filed_at for filed in shown.filings)]
    assert sum(lanes.count(sign) for sign in "◆◇▲■□×") == sum(
        at.astimezone(context.speech.zone).date() == day for at in things
    )
    for row in timeline.rows:
        assert all(show.width(line.plain) <= 100 for line in timeline._lines_of(row.key, 100))
