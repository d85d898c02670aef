"""What the terminal shows is the same with fewer bytes, whatever is sent."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from pddtui.ui.thrift import trim_styles

COLUMNS, ROWS = 20, 4

colours = st.sampled_from(
    ["38;2;1;2;3", "38;2;9;9;9", "48;2;1;2;3", "48;2;7;7;7", "31", "97", "44", "105", "39", "49", "38;5;9"]
)
flags = st.sampled_from(["0", "1", "3", "4", "7", "9"])
looks = st.lists(colours | flags, max_size=4).map(lambda parts: f"\x1b[{';'.join(parts)}m")
texts = st.sampled_from(["a", "好", " ", "   ", "x y", "\r\n", ""])
moves = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS)).map(lambda place: f"\x1b[{place[0]};{place[1]}H")
outputs = st.lists(st.tuples(moves | st.just(""), looks, texts), max_size=12).map(
    lambda pieces: "".join(f"{move}{look}{text}\x1b[0m" for move, look, text in pieces)
)


def shown(output: str) -> list[list[object]]:
    """The cells: text, ground and, where there is something to see in it, ink and flags."""
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(output)
    cells: list[list[object]] = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            cell = screen.buffer[row][column]
            lines = (cell.underscore, cell.strikethrough, cell.reverse)
            blank = not cell.data.strip() and not any(lines)
            cells.append([cell.data, cell.bg, lines, None if blank else (cell.fg, cell.bold, cell.italics)])
    return cells


@given(outputs)
def test_the_cells_are_the_same(output: str) -> None:
    lean = trim_styles(output)
    assert shown(lean) == shown(output)
    assert len(lean) <= len(output)
    assert shown(lean + "z") == shown(output + "z")


def test_a_piece_says_only_what_is_new() -> None:
    rich = "\x1b[38;2;1;1;1;48;2;5;5;5mone\x1b[0m\x1b[38;2;2;2;2;48;2;5;5;5mtwo\x1b[0m\x1b[48;2;5;5;5m   \x1b[0m"
    assert trim_styles(rich) == "\x1b[38;2;1;1;1;48;2;5;5;5mone\x1b[38;2;2;2;2mtwo   \x1b[0m"


def test_what_is_no_look_stays_as_it_is() -> None:
    for output in ("", "words", "\x1b[?2026h", "\x1b[?1049h\x1b[?25l"):
        assert trim_styles(output) == output
