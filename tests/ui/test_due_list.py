"""What is to be done on the desk: whole, with its key, seen at once; and what becomes of the cursor."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec import structs
from textual.geometry import Size
from textual.pilot import Pilot

from pddtui.domain.todo import ToDo
from pddtui.message import Language
from pddtui.services.board import Board
from pddtui.ui.app import DeskApp
from pddtui.ui.bindings import deed_keys
from pddtui.ui.forms.confirm import Question
from pddtui.ui.forms.filing import FilingForm, FilingStateForm
from pddtui.ui.screens.case import CasePage
from pddtui.ui.screens.letter import LetterScreen
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.due_list import DueList
from pddtui.ui.widgets.fields import Choice
from tests.ui.cases import SHANGHAI, samples
from tests.ui.test_desk import drawn

DAWN, NIGHT = (datetime(2026, 11, 29, hour, 45, tzinfo=SHANGHAI) for hour in (5, 22))


def joined(text: str) -> str:
    """Without the blanks, in which lines are broken."""
    return "".join(text.split())


def acts(due: DueList) -> list[ToDo]:
    return [item for row in due.rows if (item := due.act(row.key)) is not None]


def seen(due: DueList) -> list[str]:
    """The lines of the list that are on the screen, without marker and scroll mark."""
    return ["".join(part.text for part in due.render_line(y))[1:-1] for y in range(due.size.height)]


@pytest.mark.parametrize("now", [DAWN, NIGHT], ids=["dawn", "night"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (45, 30), (40, 12)], ids=str)
async def test_the_acts_of_today_are_whole_and_each_has_its_key(
    size: tuple[int, int], language: Language, now: datetime
) -> None:
    with samples(language, now) as context:
        app = DeskApp(context)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            due, speech = app.screen.query_one(DueList), context.speech
            keys = deed_keys({}, speech)
            shown = seen(due)
            assert due.region.area > 0, "it is the first pane in a small terminal"
            assert "…" not in "".join(shown)
            before = None
            for item in acts(due):
                lines = [line.plain for line in due._lines.of(item.key)]
                number, _, rest = lines[0].partition(keys[item.deed])
                assert number.strip() == ("" if item.case.id == before else item.case.ref[-4:])
                whole = joined(rest + "".join(lines[1:]))
                assert whole.endswith(joined(speech.render(item.words(now))))
                before = item.case.id if item.group == "now" else None
                if item.group == "now" and size[0] >= 80:
                    assert all(any(line.rstrip() == part.rstrip() for part in shown) for line in lines), lines
                if item.group != "now":
                    break


async def pressed(app: DeskApp, pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    await app.context.clerk.do(lambda: None)
    await pilot.pause()


def at(due: DueList, case: str, deed: str) -> ToDo:
    """Put the cursor on that act."""
    item = next(item for item in acts(due) if item.case.ref.endswith(case) and item.deed == deed)
    due.select(item.key)
    return item


async def test_the_key_of_an_act_does_that_act_with_what_it_says_filled_in() -> None:
    with samples("en", NIGHT) as context:
        app = DeskApp(context)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            due = app.screen.query_one(DueList)
            at(due, "0010", "file")
            await pressed(app, pilot, "E")
            form = app.screen
            assert isinstance(form, FilingForm)
            assert (form.value("rung"), form.value("channel")) == ("Regulator", "12315 complaint")
            await pressed(app, pilot, "escape")
            wanted = at(due, "0002", "letter")
            await pressed(app, pilot, "t")
            letter = app.screen
            assert isinstance(letter, LetterScreen)
            assert wanted.step is not None
            assert letter.query_one("#letter-kind", Choice).value == wanted.step.act.letter
            await pressed(app, pilot, "escape")
            at(due, "0002", "letter")
            await pressed(app, pilot, "E")  # another key acts on the case as it does everywhere
            assert isinstance(app.screen, FilingForm)
            await pressed(app, pilot, "escape")
            at(due, "0005", "note")
            await pressed(app, pilot, "S")
            assert isinstance(app.screen, FilingStateForm)


@pytest.mark.parametrize(
    ("case", "deed", "section", "row"),
    [
        ("0004", "settle", "promises", "re-send two bags"),
        ("0004", "file", "facts", "Merchant chat"),
        ("0005", "note", "facts", "In-app request"),
        ("0002", "letter", "clocks", "15 days after my demand"),
    ],
)
async def test_enter_goes_to_the_thing_that_is_meant(case: str, deed: str, section: str, row: str) -> None:
    with samples("en", NIGHT) as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            await pressed(app, pilot, "3")
            at(app.screen.query_one(DueList), case, deed)
            await pressed(app, pilot, "enter")
            page = app.screen
            assert isinstance(page, CasePage)
            assert page._body._section.id == section
            assert row in "".join(line for line in drawn(app).splitlines() if line.startswith("▌"))


async def test_settling_moves_on_in_the_same_case_and_then_rests() -> None:
    """The next Space is never meant for a promise of another case."""
    with samples("en", NIGHT) as context:
        app = DeskApp(context)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            due = app.screen.query_one(DueList)
            made = at(due, "0010", "settle")
            await pressed(app, pilot, "space", "space")
            assert due.cursor_key == made.key, "the safe answer is under the cursor"
            await pressed(app, pilot, "space")
            assert isinstance(app.screen, Question)
            await pressed(app, pilot, "b")
            item = due.act(due.cursor_key)
            assert item is not None
            assert item.case.ref == made.case.ref
            only = at(due, "0009", "settle")
            await pressed(app, pilot, "space")
            following = due.act(due.cursor_key)
            assert following is None or following.case.ref == only.case.ref


async def test_a_case_with_nothing_left_leaves_the_cursor_on_no_row_until_it_is_moved() -> None:
    with samples("en", NIGHT) as context:
        app = DeskApp(context)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            due = app.screen.query_one(DueList)
            made = at(due, "0004", "settle")
            await pressed(app, pilot, "D", "y")
            assert made.case.ref[-4:] not in "".join(seen(due))
            assert due.cursor_key is None
            await pressed(app, pilot, "space")
            assert not isinstance(app.screen, Question)
            await pressed(app, pilot, "j")
            assert due.act(due.cursor_key) is not None


async def test_what_waits_is_folded_until_o_unfolds_it_and_z_zooms() -> None:
    with samples("en", NIGHT) as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            due = app.screen.query_one(DueList)
            folded = len(due.rows)
            assert "Waiting for them" not in seen(due)[0]
            await pressed(app, pilot, "3", "G")
            assert "clocks, next Mon 30 Nov  o unfold" in seen(due)[-1]
            await pressed(app, pilot, "o")
            assert len(due.rows) > folded + 10
            await pressed(app, pilot, "l", "escape", "1", "3", "z")
            assert len(due.rows) > folded + 10, "it stays unfolded"
            assert due.region.size == (119, 33)
            await pressed(app, pilot, "2", "z", "enter", "escape")
            assert app.screen.query_one(CaseList).region.area > 0
            await pressed(app, pilot, "3", "o")
            assert len(due.rows) == folded


def test_of_ten_thousand_cases_only_what_is_seen_is_wrapped() -> None:
    with samples("en", NIGHT) as context:
        board = Board(context.casebook)
        board.begin()
        here = board.todo()["now"]
        many = [
            structs.replace(item, case=structs.replace(item.case, id=f"{item.case.id}-{number}"))
            for number in range(1000)
            for item in here
        ]
        due = DueList(context.speech, deed_keys({}, context.speech), id="due")
        due._lines.set_list_width(50)
        due._view.height = 20
        due.show_groups({"now": many}, NIGHT)
        due._view.to_end(1)
        due.select(many[5000].key)
        assert len(due.rows) == 1000 * len(here) > 10_000
        assert len(due._lines._known) < 200
        assert due.get_content_height(Size(50, 20), Size(50, 20), 50) == 14
        assert len(due._lines._known) < 200
