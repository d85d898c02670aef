"""The keys of the desk, and those that work on every screen that is not a form.

The tables (`desk_keys`, `page_keys`, `book_keys`, the forms' own) are where bindings, key line, help,
palette and README come from.

A binding's description is the English template; whoever shows it says it in the language of the
person. Full-width characters, which a Chinese input method sends, act as their ASCII twins wherever
no text is being typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from msgspec import Struct
from textual import events
from textual.binding import Binding

from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = [
    "ANYWHERE",
    "CLOSE_PLAIN",
    "DESK",
    "GROUPS",
    "LETTER",
    "Group",
    "Key",
    "above_typing",
    "bindings",
    "half_width",
    "keymap",
]

Group = Literal["case", "log", "due", "view", "program"]

GROUPS: dict[Group, Message] = {
    "case": msg("Case"),
    "log": msg("Contact log"),
    "due": msg("What is due"),
    "view": msg("View"),
    "program": msg("Program"),
}


class Key(Struct, frozen=True, kw_only=True):
    """One thing a person can do with a key."""

    id: str
    """Stable; the settings name it to give it another key."""
    keys: str
    """Textual's key names, separated by commas; the first one is shown."""
    action: str
    word: Message
    """One word or two, for the footer."""
    tip: Message
    """A sentence, for help and palette."""
    group: Group
    shown: bool = False
    """Whether the footer has room for it."""


FULL_WIDTH = 0xFEE0
"""What lies between an ASCII character and its full-width twin."""

PUNCTUATION = {"/": "slash", ":": "colon", "?": "question_mark", ".": "full_stop"}
"""Textual's names of the punctuation that is bound somewhere."""

SAME_KEY = {"、": "/", "。": "."}
"""What the same physical key sends while a Chinese input method is on, where that is not the twin."""


def bindings(keys: Iterable[Key]) -> list[Binding]:
    """Textual's bindings for these keys, with their full-width twins."""
    return [
        Binding(
            key.keys,
            key.action,
            key.word.template,
            show=key.shown,
            tooltip=key.tip.template,
            id=key.id,
        )
        for key in keys
    ]


def half_width(key: events.Key) -> events.Key | None:
    """The key press that a full-width character stands for in command mode; None for any other key."""
    character = key.character
    if character is None or len(character) != 1:
        return None
    twin = SAME_KEY.get(character) or (chr(ord(character) - FULL_WIDTH) if "！" <= character <= "～" else None)
    return events.Key(twin if twin.isalnum() else PUNCTUATION.get(twin, twin), twin) if twin else None


def keymap(wishes: Mapping[str, str], screens: Iterable[Iterable[Key]]) -> dict[str, str]:
    """The keymap for the keys a person wants instead.

    `screens` has the keys of each screen. Refuses an unknown id, an empty wish, and a wish that gives two things on
    one screen the same key; the same key on two screens is no clash.
    """
    known: set[str] = set()
    for screen in screens:
        table = {key.id: key.keys for key in screen}
        known |= table.keys()
        _refuse_clash({key_id: _names(wishes.get(key_id, keys)) for key_id, keys in table.items()}, wishes)
    for wish, keys in wishes.items():
        if wish not in known:
            raise Refused(msg("There is no key setting “{id}”; the help screen (?) names them all.", id=wish))
        if not all(_names(keys)):
            raise Refused(msg("The key setting “{id}” names no key.", id=wish))
    return {wish: ",".join(_names(keys)) for wish, keys in wishes.items()}


def _names(keys: str) -> list[str]:
    return keys.replace(" ", "").split(",")


def _refuse_clash(table: Mapping[str, Iterable[str]], wishes: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key_id, names in table.items():
        for name in names:
            first = taken.setdefault(name, key_id)
            if first != key_id and not wishes.keys().isdisjoint((first, key_id)):
                raise Refused(
                    msg("The key “{key}” is given to both {first} and {second}.", key=name, first=first, second=key_id)
                )


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


DESK: tuple[Key, ...] = (
    Key(
        id="case.new",
        keys="n",
        action="do('new_case')",
        word=msg("New case"),
        group="case",
        shown=True,
        tip=msg("Open a case: one dispute about one order."),
    ),
    Key(
        id="case.edit",
        keys="e",
        action="do('edit')",
        word=msg("Edit"),
        group="case",
        tip=msg("Change the facts of the case, or correct the selected contact or evidence."),
    ),
    Key(
        id="case.escalate",
        keys="E",
        action="do('escalate')",
        word=msg("Escalate"),
        group="case",
        shown=True,
        tip=msg("File the case at the next rung; says what that rung still needs."),
    ),
    Key(
        id="case.filing",
        keys="S",
        action="do('decide')",
        word=msg("Filing"),
        group="case",
        tip=msg("Note what became of the newest filing: accepted, answered, refused, its number."),
    ),
    Key(
        id="case.evidence",
        keys="v",
        action="do('evidence')",
        word=msg("Evidence"),
        group="case",
        tip=msg("Note a piece of evidence: what it proves and where the original is."),
    ),
    WRITE,
    Key(
        id="case.resolve",
        keys="R",
        action="do('resolve')",
        word=msg("Resolve"),
        group="case",
        tip=msg("End the case with its outcome, or reopen an ended one."),
    ),
    Key(
        id="case.trash",
        keys="D",
        action="do('trash')",
        word=msg("Delete"),
        group="case",
        tip=msg("Put the case into the trash, or take the selected evidence out. It asks first, and can be undone."),
    ),
    Key(
        id="log.contact",
        keys="l",
        action="do('log_contact')",
        word=msg("Log"),
        group="log",
        shown=True,
        tip=msg("Write down a call, chat or message: who, what, and what was promised."),
    ),
    Key(
        id="log.call",
        keys="C",
        action="do('call')",
        word=msg("Call mode"),
        group="log",
        tip=msg("Log a call while it runs: timer, the questions in order, a sentence to confirm it."),
    ),
    Key(
        id="log.promise-broken",
        keys="b",
        action="do('promise_broken')",
        word=msg("Broken"),
        group="log",
        tip=msg("Mark the selected promise as broken."),
    ),
    Key(
        id="due.follow-up",
        keys="f",
        action="do('follow_up')",
        word=msg("Follow-up"),
        group="due",
        shown=True,
        tip=msg("Plan what you have to do, by when."),
    ),
    Key(
        id="due.settle",
        keys="space",
        action="do('settle')",
        word=msg("Settle"),
        group="due",
        shown=True,
        tip=msg("Tick off the selected follow-up, settle the selected promise."),
    ),
    Key(
        id="due.snooze",
        keys="s",
        action="do('snooze')",
        word=msg("Snooze"),
        group="due",
        tip=msg("Put the selected follow-up off."),
    ),
    Key(
        id="view.why",
        keys="w",
        action="why",
        word=msg("Why"),
        group="view",
        shown=True,
        tip=msg("Explain the selected flag or date, day by day."),
    ),
    Key(
        id="view.filter",
        keys="slash",
        action="filter",
        word=msg("Filter"),
        group="view",
        shown=True,
        tip=msg("Narrow the cases down while you type: words, turn:theirs, is:quiet …"),
    ),
    Key(
        id="view.cases", keys="1", action="pane('cases')", word=msg("Cases"), group="view", tip=msg("Go to the cases.")
    ),
    Key(
        id="view.log",
        keys="2",
        action="pane('log')",
        word=msg("Contact log"),
        group="view",
        tip=msg("Go to the contact log of the case."),
    ),
    Key(id="view.due", keys="3", action="pane('due')", word=msg("Due"), group="view", tip=msg("Go to what is due.")),
    Key(
        id="view.agenda",
        keys="A",
        action="agenda",
        word=msg("Agenda"),
        group="view",
        tip=msg("Show the month: working days, days off, and what is due on which day."),
    ),
    Key(
        id="view.handbook",
        keys="H",
        action="handbook",
        word=msg("Handbook"),
        group="view",
        tip=msg("Look up rights, channels, routes, laws and deadlines, with their sources."),
    ),
    Key(
        id="view.insights",
        keys="I",
        action="insights",
        word=msg("Insights"),
        group="view",
        tip=msg("Show what all cases say together: promises, silence, money, effort."),
    ),
    Key(
        id="view.trash",
        keys="T",
        action="show_trash",
        word=msg("Trash"),
        group="view",
        tip=msg("Show deleted cases, and take one back."),
    ),
    Key(
        id="program.copy",
        keys="y",
        action="do('copy')",
        word=msg("Copy"),
        group="program",
        tip=msg("Copy the selected record as text, also over SSH."),
    ),
    Key(
        id="program.export",
        keys="X",
        action="do('export')",
        word=msg("Export"),
        group="program",
        tip=msg("Write all cases, or this one, to a JSON file."),
    ),
    Key(
        id="program.undo",
        keys="u",
        action="do('undo')",
        word=msg("Undo"),
        group="program",
        shown=True,
        tip=msg("Take back the newest change in this file; says which."),
    ),
    Key(
        id="program.redo",
        keys="U",
        action="do('redo')",
        word=msg("Redo"),
        group="program",
        tip=msg("Bring back what was taken back last."),
    ),
)
"""What the desk can do."""

ANYWHERE: tuple[Key, ...] = (
    Key(
        id="program.help",
        keys="question_mark,f1",
        action="help",
        word=msg("Help"),
        group="program",
        shown=True,
        tip=msg("Show every key that works here."),
    ),
    Key(
        id="program.palette",
        keys="colon,ctrl+p",
        action="command_palette",
        word=msg("Commands"),
        group="program",
        shown=True,
        tip=msg("Find any command by its name."),
    ),
    Key(
        id="program.quit",
        keys="q,ctrl+q",
        action="quit",
        word=msg("Quit"),
        group="program",
        shown=True,
        tip=msg("Leave. Everything is saved already."),
    ),
)
"""What works on every screen that is not a form."""
