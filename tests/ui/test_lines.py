"""The list draws what is seen, moves by keys and mouse, and keeps the cursor on its record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region

from pddtui.ui.show import Tone, line, wrap
from pddtui.ui.widgets import lines as lines_module
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, Viewport, distinct
from tests.ui.apps import Bench


def rows(*keys: str) -> list[Row]:
    """A key in capitals is a heading."""
    return [Row(key, heading=key.isupper()) for key in keys]


class ListApp(App[None]):
    CSS_PATH = Bench.CSS_PATH

    def __init__(self, begin: Sequence[Row], words: dict[str, str] | None = None) -> None:
        super().__init__()
        self.begin = begin
        self.words = words or {}
        self.asked: list[str] = []
        self.seen: list[str | None] = []
        self.opened: list[str] = []

    def look(self, key: str, width: int) -> list[Content]:
        self.asked.append(key)
        return wrap(self.words.get(key, f"row {key}"), width)

    def compose(self) -> ComposeResult:
        yield LineList(self.look, empty=line("nothing here"), id="list")

    def on_mount(self) -> None:
        self.lines.focus()
        self.lines.set_rows(self.begin)

    @property
    def lines(self) -> LineList:
        return self.query_one("#list", LineList)

    @property
    def picture(self) -> list[str]:
        with self._context():
            return [self.lines.render_line(y).text.rstrip() for y in range(self.lines.size.height)]

    @property
    def words_seen(self) -> list[str]:
        """The picture without the scroll sign."""
        return [shown.rstrip("│┃ ") for shown in self.picture]

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.seen.append(message.key)

    def on_line_list_opened(self, message: LineList.Opened) -> None:
        self.opened.append(message.key)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key comes a second after the last: none is held."""
    ticks = count(1)
    monkeypatch.setattr(lines_module, "monotonic", lambda: float(next(ticks)))


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("down", "b"), ("j j", "c"), ("j k", "a"), ("up", "a"), ("G", "j"), ("end", "j"), ("G g", "a"),
        ("end home", "a"), ("pagedown", "e"), ("pagedown pageup", "a"), ("ctrl+d", "c"), ("ctrl+d ctrl+u", "a"),
        ("G down", "j"), ("G pagedown", "j"), ("pagedown pagedown pagedown", "j"),
    ],
)  # fmt: skip
async def test_each_key_moves_the_cursor(keys: str, at: str) -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.press(*keys.split())
        assert app.lines.cursor_key == at
        assert any(shown == f"▌row {at}" or shown.startswith(f"▌row {at} ") for shown in app.picture)
        assert app.seen[-1] == at


async def test_headings_are_stepped_over_and_shown_with_their_first_row() -> None:
    app = ListApp(rows("A", "a", "b", "B", "c", "d", "e"))
    async with app.run_test(size=(20, 3)) as pilot:
        assert app.lines.cursor_key == "a"
        await pilot.press("j", "j")
        assert app.lines.cursor_key == "c"
        await pilot.press("k", "k")
        assert app.picture[0].startswith(" row A")


async def test_enter_and_double_click_open_and_a_click_selects() -> None:
    app = ListApp(rows("A", "a", "b", "c"))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("enter")
        await pilot.click("#list", offset=(3, 3))
        assert app.lines.cursor_key == "c"
        await pilot.click("#list", offset=(3, 0))
        assert app.lines.cursor_key == "c"
        await pilot.click("#list", offset=(3, 2), times=2)
        assert app.opened == ["a", "b"]


def wheel(kind: type[MouseScrollDown | MouseScrollUp], widget: LineList) -> MouseScrollDown | MouseScrollUp:
    return kind(widget, 1, 1, 0, 1, 0, shift=False, meta=False, ctrl=False)


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 4)) as pilot:
        app.lines.post_message(wheel(MouseScrollDown, app.lines))
        await pilot.pause()
        assert app.words_seen == [" row d", " row e", " row f", " row g"]
        assert app.lines.cursor_key == "a"
        app.lines.post_message(wheel(MouseScrollDown, app.lines))
        app.lines.post_message(wheel(MouseScrollDown, app.lines))
        app.lines.post_message(wheel(MouseScrollUp, app.lines))
        await pilot.pause()
        assert app.words_seen[0] == " row d"
        await pilot.press("j")
        assert app.words_seen[0] == "▌row b"


@pytest.mark.parametrize(
    ("after", "key"),
    [
        ("cba", "b"),
        ("xyabc", "b"),
        ("ac", "c"),
        ("a", "a"),
        ("xyz", "x"),
        ("", None),
        ("aBd", "d"),
    ],
)
async def test_the_cursor_stays_on_its_record_or_goes_to_the_nearest_left(after: str, key: str | None) -> None:
    app = ListApp(rows(*"abcd"))
    async with app.run_test(size=(20, 9)) as pilot:
        await pilot.press("j")
        app.lines.set_rows(rows(*after))
        await pilot.pause()
        assert app.lines.cursor_key == key
        assert app.seen == (["a", "b"] if key == "b" else ["a", "b", key])


async def test_rows_that_come_in_above_do_not_move_what_is_read() -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 4)) as pilot:
        await pilot.press("G", "k")
        before = app.words_seen
        app.lines.set_rows(rows(*"vwxyzabcdefghij"))
        await pilot.pause()
        assert app.words_seen == before


async def test_a_list_can_be_told_where_its_cursor_goes() -> None:
    app = ListApp(rows(*"AabcBde"))
    async with app.run_test(size=(20, 9)):
        assert app.lines.select("d")
        assert app.lines.cursor_key == "d"
        assert not app.lines.select("B")
        assert not app.lines.select("z")
        app.lines.set_rows(rows(*"Aabc"), cursor="c")
        assert app.lines.cursor_key == "c"


async def test_an_empty_list_says_so_is_true_and_keeps_its_keys() -> None:
    app = ListApp([])
    async with app.run_test(size=(20, 3)) as pilot:
        assert bool(app.lines)
        assert app.focused is app.lines
        assert app.words_seen == [" nothing here", "", ""]
        await pilot.press("j", "G", "g", "pagedown", "enter", "k")
        app.lines.set_empty(line("still nothing"))
        assert app.words_seen[0] == " still nothing"
        assert (app.seen, app.opened) == ([], [])
        app.lines.set_rows(rows("a"))
        await pilot.press("enter")
        assert app.opened == ["a"]


async def test_rows_with_one_key_are_all_drawn_and_all_gone_through() -> None:
    app = ListApp(rows("a"))
    async with app.run_test(size=(20, 7)) as pilot:
        app.lines.set_rows(rows("A", "a", "a", "A", "", "b", "a"))
        assert app.words_seen == [" row A", "▌row a", " row a", " row A", " row", " row b", " row a"]
        await pilot.press("j", "j", "j", "j", "enter")
        assert (app.lines.cursor_key, app.opened) == ("a", ["a"])
        app.lines.set_rows(rows("b", "b", "a", "a"))
        assert app.words_seen[:4] == [" row b", " row b", "▌row a", " row a"]
        app.lines.renew()
        app.lines.set_rows(rows("B", "B"))
        assert app.lines.cursor_key is None


def test_things_with_one_key_get_keys_of_their_own() -> None:
    pairs = [("a", 1), ("a", 2), ("a\n2", 3), ("", 4), ("a", 5), ("", 6)]
    found = distinct(pairs)
    assert list(found.values()) == [1, 2, 3, 4, 5, 6]
    assert found["a"] == 1
    assert found[""] == 4
    assert distinct(pairs) == found


async def test_only_rows_that_are_seen_are_asked_for() -> None:
    app = ListApp([Row(str(number)) for number in range(10_000)])
    async with app.run_test(size=(30, 20)) as pilot:
        await pilot.press("G")
        assert app.lines.cursor_key == "9999"
        assert len(set(app.asked)) <= 60
        assert app.asked.count("0") == 1


async def test_a_row_is_asked_for_again_only_when_its_stamp_differs() -> None:
    app = ListApp([Row("a", stamp=1), Row("b", stamp=1), Row("c")])
    async with app.run_test(size=(30, 5)):
        app.asked.clear()
        app.lines.set_rows([Row("a", stamp=1), Row("b", stamp=2), Row("c")])
        assert sorted(app.asked) == ["b", "c"]
        app.asked.clear()
        app.lines.renew("a")
        assert app.asked == ["a"]


async def test_a_move_paints_the_two_rows_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp([Row(key, stamp=0) for key in "abcdefghij"])
    async with app.run_test(size=(30, 6)) as pilot:
        painted: list[Region] = []
        refresh = app.lines.refresh

        def spy(*regions: Region, **how: bool) -> LineList:
            painted.extend(regions or [app.lines.size.region])
            return refresh(*regions, **how)

        monkeypatch.setattr(app.lines, "refresh", spy)
        await pilot.press("j")
        assert painted == [Region(0, 0, 30, 1), Region(0, 1, 30, 1)]
        painted.clear()
        app.words["c"] = "otherwise"
        app.lines.set_rows([Row(key, stamp=int(key == "c")) for key in "abcdefghij"])
        assert painted == [Region(0, 2, 30, 1)]
        painted.clear()
        app.set_focus(None)
        await pilot.pause()
        assert painted == [Region(0, 1, 30, 1)]
        app.set_focus(app.lines)
        await pilot.pause()
        painted.clear()
        app.lines.set_rows([Row(key, stamp=int(key == "c")) for key in "abcdefghij"])
        await pilot.press("g", "g")
        assert painted == [Region(0, 0, 30, 1), Region(0, 1, 30, 1)]


async def test_a_tall_row_is_read_to_its_end_before_it_is_left() -> None:
    app = ListApp(rows(*"abc"), {"b": "\n".join(f"b{number}" for number in range(8))})
    async with app.run_test(size=(20, 4)) as pilot:
        await pilot.press("j")
        assert app.words_seen == ["▌b0", "▌b1", "▌b2", "▌b3"]
        await pilot.press("j", "j", "j")
        assert app.lines.cursor_key == "b"
        assert app.words_seen == ["▌b3", "▌b4", "▌b5", "▌b6"]
        await pilot.press("j", "j")
        assert app.lines.cursor_key == "c"
        await pilot.press("k", "k")
        assert app.lines.cursor_key == "b"
        await pilot.press("pageup", "pageup")
        assert app.words_seen[0] == "▌b0"
        await pilot.press("k")
        assert app.words_seen[0] == "▌row a"


async def test_another_width_wraps_anew_and_keeps_the_cursor_in_view() -> None:
    words = {key: f"{key} " + "说好三天内退款" * 3 for key in "abcdefgh"}
    app = ListApp(rows(*"abcdefgh"), words)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.press("G")
        await pilot.resize_terminal(14, 8)
        assert app.lines.cursor_key == "h"
        assert any(shown.startswith("▌h") for shown in app.picture)
        assert all(Content(shown).cell_length <= 14 for shown in app.picture)
        await pilot.resize_terminal(60, 3)
        assert app.words_seen[-1].startswith("▌h")


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 2), (1, 9), (5, 1)])
async def test_a_list_of_any_size_takes_every_key(size: tuple[int, int]) -> None:
    app = ListApp(rows("A", "a", "b", "B", "c"), {"a": "一\n二\n三\n四"})
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"jjjkkGg", "pagedown", "pageup", "ctrl+d", "ctrl+u", "end", "home", "enter")
        assert app.lines.cursor_key == "a"
        assert all(Content(shown).cell_length <= size[0] for shown in app.picture)
        app.lines.set_rows([])
        await pilot.pause()
        assert len(app.picture) == size[1]


async def test_a_held_key_jumps_half_a_page_at_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp([Row(str(number)) for number in range(50)])
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.press(*["j"] * 10)
        assert app.words_seen[0] == " row 1"
        monkeypatch.setattr(lines_module, "monotonic", lambda: 1000.0)
        await pilot.press("j", "j")
        assert app.words_seen[0] == " row 8"
        await pilot.press("j", "j", "j", "j", "j")
        assert app.words_seen[0] == " row 8"


async def test_the_cursor_is_marked_and_tones_and_focus_are_seen() -> None:
    app = Bench(lambda: [LineList(lambda key, _width: [line("x ", (key, Tone.RED))])])
    async with app.run_test(size=(20, 4)) as pilot:
        lines = app.query_one(LineList)
        lines.set_rows(rows("a", "b"))
        looks = []
        for focused in (lines, None):
            app.set_focus(focused)
            await pilot.pause()
            with app._context():
                looks.append(lines.render_line(0))
        assert [look.text.rstrip() for look in looks] == ["▌x a", "▌x a"]
        assert [segment.style for segment in looks[0]] != [segment.style for segment in looks[1]]
        assert all(
            any(segment.text.strip() == "a" and segment.style and segment.style.bold for segment in look)
            for look in looks
        )


plans = st.lists(st.tuples(st.integers(1, 7), st.booleans()), min_size=1, max_size=25)
steps = st.lists(st.tuples(st.sampled_from(["move", "scroll", "page", "within", "replace"]), st.integers(-9, 9)))


@given(plans, st.integers(1, 6), steps)
def test_the_cursor_is_in_view_after_every_move_and_no_space_is_wasted(
    plan: list[tuple[int, bool]], height: int, moves: list[tuple[str, int]]
) -> None:
    heights = [lines for lines, _ in plan]
    view = Viewport(lambda index: heights[int(view.rows[index].key)])
    all_rows = [Row(str(number), heading=heading) for number, (_, heading) in enumerate(plan)]
    view.height = height
    view.replace(all_rows, None)()
    do: dict[str, Callable[[int], object]] = {
        "move": lambda by: _move(view, by),
        "scroll": view.scroll,
        "page": lambda by: _select(view, view.page(by or 1)),
        "within": lambda by: view.scroll_within(by or 1),
        "replace": lambda by: view.replace(all_rows[: by or None] or all_rows, None)(),
    }
    for name, by in moves:
        do[name](by)
        row, skipped = view.top
        assert 0 <= skipped < view.row_height(row)
        below = sum(view.row_height(each) for each in range(row, len(view.rows))) - skipped
        assert view.top == (0, 0) or below >= height
        if view.cursor is not None:
            assert not view.rows[view.cursor].heading
            if name in ("move", "page", "replace"):
                depth = view.depth(view.cursor)
                assert depth is not None
                tall = view.row_height(view.cursor)
                assert tall > height or 0 <= depth <= height - tall


def _move(view: Viewport, by: int) -> None:
    if view.cursor is not None:
        _select(view, view.selectable(view.cursor + by, 1 if by >= 0 else -1))


def _select(view: Viewport, index: int | None) -> None:
    view.cursor = view.cursor if index is None else index
    view.reveal()


async def test_what_follows_the_cursor_does_so_at_once_and_rests_while_a_key_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = ListApp(rows(*"abcdefghij"))
    async with app.run_test(size=(20, 20)) as pilot:
        await pilot.pause()
        followed: list[str | None] = []
        app.lines.follow = followed.append
        app.lines.action_move(1)
        assert followed == ["b"]
        thirds = count(1)
        monkeypatch.setattr(lines_module, "monotonic", lambda: 1000 + next(thirds) / 30)
        for _ in range(6):
            app.lines.action_move(1)
        assert (followed, app.lines.cursor_key) == (["b", "c", "d", "e"], "h")
        while len(followed) == 4:
            await pilot.pause(0)
        assert followed == ["b", "c", "d", "e", "h"]
