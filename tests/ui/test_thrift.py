"""What the terminal shows is what Textual has drawn, with fewer bytes, whatever is sent and however late."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import pyte
from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import SYNC_END, SYNC_START

from pddtui.ui.thrift import ONE_GO, Outlet, Picture

COLUMNS, ROWS = 20, 4

SIGNS = {"a": 1, "好": 2, " ": 1, "e\u0301": 1, "👍": 2, "é": 1, "│": 1}
"""Each with its cells."""

Look = tuple[str, str, bool, bool, bool]
"""Ink and ground as one terminal calls them, bold, underlined, reversed."""

Drawing = list[tuple[int, int, Look, list[str]]]
"""Row, column, look and signs of each piece."""

looks = st.tuples(
    st.sampled_from(["", "31", "38;2;1;2;3"]), st.sampled_from(["", "44", "48;2;7;7;7"]), *[st.booleans()] * 3
)
drawings: st.SearchStrategy[Drawing] = st.lists(
    st.tuples(
        st.integers(0, ROWS - 1),
        st.integers(0, COLUMNS - 1),
        looks,
        st.lists(st.sampled_from(sorted(SIGNS)), max_size=COLUMNS),
    ),
    max_size=8,
)
INKS = {"": "default", "31": "red", "38;2;1;2;3": "010203", "44": "blue", "48;2;7;7;7": "070707"}

BLANKS: Drawing = [(row, 0, ("", "", False, False, False), [" "] * COLUMNS) for row in range(ROWS)]
"""As the first picture, after which every cell is known."""

Cell = tuple[str, Look]


def frame(drawing: Drawing) -> str:
    """What Textual sends for it."""
    parts = []
    for row, column, (ink, ground, *flags), signs in drawing:
        on = [number for number, flag in zip("147", flags, strict=True) if flag]
        codes = ";".join(filter(None, (*on, ink, ground)))
        text = "".join(signs)
        parts.append(f"\x1b[{row + 1};{column + 1}H" + (f"\x1b[{codes}m{text}\x1b[0m" if codes else text))
    return "".join(parts)


def drawn(drawings: Sequence[Drawing]) -> list[list[Cell]]:
    """The cells after that, with nothing in the other half of a sign that has lost one."""
    grid: list[list[Cell]] = [[(" ", ("", "", False, False, False))] * COLUMNS for _ in range(ROWS)]
    for row, column, look, signs in (piece for drawing in drawings for piece in drawing):
        line, at = grid[row], column
        for sign in signs:
            cells = SIGNS[sign]
            if at >= COLUMNS:
                break
            new = [(sign, look), *[("", look)] * (cells - 1)] if at + cells <= COLUMNS else [(" ", look)]
            if line[at][0] == "":
                line[at - 1] = (" ", line[at - 1][1])
            line[at : at + len(new)] = new
            at += len(new)
            if at < COLUMNS and line[at][0] == "":
                line[at] = (" ", line[at][1])
    return [[seen(*cell) for cell in line] for line in grid]


def seen(text: str, look: Look) -> Cell:
    """Of a blank neither ink nor weight is seen unless it is underlined or reversed."""
    ink, ground, bold, under, reverse = look
    if text == " ":
        ink, bold = (ink if under or reverse else ""), False
    return normalize("NFC", text), (INKS[ink], INKS[ground], bold, under, reverse)


class Paper:
    """A terminal without automatic line breaks, as Textual asks for it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.screen.reset_mode(7, private=True)
        self._stream = pyte.Stream(self.screen)

    def feed(self, output: str) -> None:
        self._stream.feed(output)

    def shown(self) -> list[list[Cell]]:
        rows = []
        for row in range(ROWS):
            cells = [self.screen.buffer[row][column] for column in range(COLUMNS)]
            rows.append(
                [
                    (
                        normalize("NFC", cell.data),
                        (
                            "default" if cell.data == " " and not (cell.underscore or cell.reverse) else cell.fg,
                            cell.bg,
                            cell.bold and cell.data != " ",
                            cell.underscore,
                            cell.reverse,
                        ),
                    )
                    for cell in cells
                ]
            )
        return rows


@given(st.lists(drawings, max_size=5))
def test_the_cells_are_the_same(given_drawings: list[Drawing]) -> None:
    picture, paper = Picture(COLUMNS, ROWS), Paper()
    for drawing in (BLANKS, *given_drawings):
        assert picture.paint(frame(drawing))
        paper.feed(picture.due())
    assert paper.shown() == drawn([BLANKS, *given_drawings])


@given(st.lists(drawings, min_size=1, max_size=5), st.data())
def test_pictures_in_between_may_be_left_out(given_drawings: list[Drawing], data: st.DataObject) -> None:
    outlet, paper = Outlet(), Paper()
    outlet.resize(COLUMNS, ROWS)
    for drawing in (BLANKS, *given_drawings):
        outlet.take(frame(drawing))
        if data.draw(st.booleans()):
            paper.feed(outlet.give())
    paper.feed(outlet.give())
    assert paper.shown() == drawn([BLANKS, *given_drawings])
    assert outlet.give() == ""


@given(drawings)
def test_what_is_there_already_is_not_sent_again(drawing: Drawing) -> None:
    picture = Picture(COLUMNS, ROWS)
    picture.paint(frame(BLANKS) + frame(drawing))
    picture.due()
    picture.paint(frame(BLANKS) + frame(drawing))
    assert picture.due() == ""
    picture.forget()
    paper = Paper()
    paper.feed(picture.due())
    assert paper.shown() == drawn([BLANKS, drawing])


def outlet_with(*words: str) -> Outlet:
    outlet = Outlet()
    outlet.resize(COLUMNS, ROWS)
    for word in words:
        outlet.take(f"\x1b[1;1H{word}")
    outlet.give()
    return outlet


def test_a_letter_costs_a_letter() -> None:
    outlet = outlet_with("some words")
    outlet.take("\x1b[1;1H\x1b[1mxome\x1b[0m words")
    outlet.take("\x1b[1;1Hxome words\x1b[2;5H")
    assert outlet.give() == "\x1b[1Hx\x1b[2;5H"


def test_the_marks_of_a_whole_picture_are_set_only_around_one() -> None:
    outlet = Outlet()
    outlet.resize(ONE_GO, 1)
    outlet.take("\x1b[1;1Ha")
    outlet.give()
    for again in ("a", "b" * ONE_GO):
        for output in (SYNC_START, f"\x1b[1;1H{again}\x1b[1;1H", SYNC_END):
            outlet.take(output)
    assert outlet.give() == f"{SYNC_START}\x1b[1H{'b' * ONE_GO}\x1b[1H{SYNC_END}"
    outlet.take(SYNC_START)
    outlet.take("\x1b[1;1Ha\x1b[1;1H")
    outlet.take(SYNC_END)
    assert outlet.give() == "a\x1b[1H", "a letter needs none"
    outlet.take(SYNC_START)
    outlet.take("\x1b[1;1Ha\x1b[1;1H")
    outlet.take(SYNC_END)
    assert outlet.give() == ""


def test_what_is_no_picture_goes_out_in_its_place() -> None:
    outlet = outlet_with("a")
    for output in ("\x1b[1;1Hb", "\x1b]52;c;eA==\a", "\x1b[1;1Hc", "\a"):
        outlet.take(output)
    assert outlet.give() == "\x1b[1Hb\x1b]52;c;eA==\a\x1b[1Hc\a"


def test_a_screen_that_was_somebody_elses_is_drawn_again_as_a_whole() -> None:
    outlet = outlet_with("whole")
    outlet.take("\x1b[?1049l")
    outlet.take("\x1b[1;1Hwords")
    assert outlet.give() == "\x1b[?1049l"
    outlet.take("\x1b[?1049h")
    assert outlet.give() == "\x1b[?1049h\x1b[1Hwords"


def test_the_writer_is_called_once_until_he_comes() -> None:
    outlet = Outlet()
    outlet.resize(COLUMNS, ROWS)
    assert [outlet.take(f"\x1b[1;1H{letter}") for letter in "abc"] == [True, False, False]
    outlet.give()
    assert outlet.take("\x1b[1;1Hd")


def test_a_sign_of_doubtful_width_shifts_nothing() -> None:
    """Whether the terminal gives it one cell or four, what stands behind it stands where it is to be."""
    outlet = outlet_with(" " * COLUMNS)
    outlet.take("\x1b[1;1Ha👍🏽b")
    assert outlet.give() == "\x1b[1Ha  \x1b[1;2H👍🏽\x1b[1;4Hb \x1b[1;5H"
