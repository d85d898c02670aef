"""The keys of a letter. They work while the text is being written, so all of them are Ctrl keys."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding

from pddtui.message import msg
from pddtui.ui.keys import Key, bindings

__all__ = ["CLOSE_PLAIN", "LETTER", "WRITE", "above_typing"]

WRITE = Key(
    id="case.letter",
    keys="t",
    action="do('letter')",
    word=msg("Letter"),
    group="case",
    tip=msg("Write a letter from the log: a chaser, a demand, a complaint to an authority, a masked post."),
)

LETTER: tuple[Key, ...] = (
    Key(
        id="letter.back",
        keys="escape",
        action="back",
        word=msg("Back"),
        group="view",
        shown=True,
        tip=msg("Leave the letter. A changed text is not thrown away without asking."),
    ),
    Key(
        id="letter.copy",
        keys="ctrl+y",
        action="copy",
        word=msg("Copy"),
        group="program",
        shown=True,
        tip=msg("Copy the letter as it may leave the house, also over SSH."),
    ),
    Key(
        id="letter.save",
        keys="ctrl+s",
        action="save",
        word=msg("To a file"),
        group="program",
        shown=True,
        tip=msg("Write the letter into a file; which one is asked first."),
    ),
    Key(
        id="letter.sent",
        keys="ctrl+l",
        action="sent",
        word=msg("Sent: log it"),
        group="log",
        shown=True,
        tip=msg("Log the letter as sent: an outgoing contact with the words that left the house."),
    ),
    Key(
        id="letter.plain",
        keys="ctrl+t",
        action="plain",
        word=msg("Plain text"),
        group="view",
        shown=True,
        tip=msg("Show nothing but the text that leaves the house, to be read or marked with the mouse."),
    ),
    Key(
        id="letter.full",
        keys="ctrl+g",
        action="full",
        word=msg("Full text"),
        group="view",
        shown=True,
        tip=msg("Change between the masked text as it goes out and the full text, which can be edited."),
    ),
    Key(
        id="letter.pieces",
        keys="ctrl+o",
        action="pieces",
        word=msg("Hidden pieces"),
        group="view",
        shown=True,
        tip=msg("Leave a piece readable that was hidden wrongly, or hide it again."),
    ),
)
"""What can be done with a letter."""

CLOSE_PLAIN = Key(
    id="letter.close-plain",
    keys="escape,q,enter,ctrl+t",
    action="back",
    word=msg("Back"),
    group="view",
    tip=msg("Go back to the letter."),
)


def above_typing(keys: tuple[Key, ...]) -> list[Binding]:
    """The bindings of keys that a text box would take for its own."""
    return [replace(made, priority=True) for made in bindings(keys)]
