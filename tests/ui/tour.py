"""A walk through every screen of the program, for whoever wants to look at all that is drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator

from rich.segment import Segment
from textual.pilot import Pilot

from tests.ui.hostile import drawn

__all__ = ["STOPS", "walk"]

STOPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the desk", ()),
    ("the desk, a key that has nothing to act on", ("1", "ctrl+t")),
    ("the desk, in the log", ("2",)),
    ("the desk, in what is due", ("3",)),
    ("the desk, filter empty", ("1", "slash")),
    ("the desk, filter wrong", (*"is:x",)),
    ("the desk, filter finds nothing", (*["backspace"] * 4, *"zzz")),
    ("a form", ("escape", *["backspace"] * 3, "escape", "1", "l")),
    ("a form, typed and chosen", (*"小", "tab", "tab", *"abc", "shift+left", "tab", "tab")),
    ("a form, refused", ("ctrl+s",)),
    ("a form, left with a question", ("escape",)),
    ("a form for filing", ("t", "E")),
    ("the case", ("escape", "enter")),
    ("promises", ("3",)),
    ("evidence", ("4",)),
    ("deadlines", ("5",)),
    ("ladder", ("6",)),
    ("timeline", ("7",)),
    ("history", ("8",)),
    ("a letter", ("t",)),
    ("the agenda", ("escape", "escape", "A")),
    ("the agenda, its day", ("tab",)),
    ("the handbook", ("escape", "H")),
    ("the handbook, its page", ("enter", "enter", "tab")),
    ("insights", ("escape", "I")),
    ("the trash", ("escape", "T")),
    ("export", ("escape", "X")),
    ("the settings", ("escape", "comma")),
    ("a setting", ("j", "e")),
    ("a setting, its options", ("down", "down")),
    ("a setting, refused", ("escape", *"zz", "ctrl+s")),
    ("the settings again", ("escape", "slash")),
    ("why", ("escape", "escape", "w")),
    ("a brief", ("escape", "c")),
    ("a call with its card", ("C",)),
    ("help", ("escape", "question_mark")),
    ("the palette", ("escape", "colon")),
    ("the palette, narrowed", (*"th",)),
    ("a question", ("escape", "D")),
    ("the desk again", ("escape",)),
)
"""The name of each place, and the keys that lead there from the one before."""


async def walk(pilot: Pilot[None]) -> AsyncIterator[tuple[str, list[Segment]]]:
    """Every place, with the pieces of what is drawn there that are not blank."""
    for name, keys in STOPS:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        yield name, [piece for _, piece in drawn(pilot.app.screen) if piece.text.strip()]
