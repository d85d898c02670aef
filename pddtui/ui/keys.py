"""Every key of the program in one table, from which bindings, footer, help, palette and README come.

A binding's description is the English template; whoever shows it says it in the language of the
person. Full-width characters, which a Chinese input method sends, act as their ASCII twins wherever
no text is being typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from textual import events
from textual.binding import Binding

from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["ANYWHERE", "DESK", "GROUPS", "Group", "Key", "bindings", "half_width", "keymap"]

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
        tip=msg("Change the facts of the case, or correct the selected contact."),
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
        id="case.evidence",
        keys="v",
        action="do('evidence')",
        word=msg("Evidence"),
        group="case",
        tip=msg("Note a piece of evidence: what it proves and where the original is."),
    ),
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
        tip=msg("Put the case into the trash. It asks first, and can be undone."),
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
    Key(
        id="view.due",
        keys="3",
        action="pane('due')",
        word=msg("Due"),
        group="view",
        tip=msg("Go to what is due in all cases."),
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


def keymap(wishes: Mapping[str, str], tables: Iterable[Iterable[Key]]) -> dict[str, str]:
    """The keymap for the keys a person wants instead. Refuses an unknown id and a key that is taken."""
    known = {key.id: key for table in tables for key in table}
    taken: dict[str, str] = {}
    for key in known.values():
        for name in wishes.get(key.id, key.keys).replace(" ", "").split(","):
            if name in taken:
                raise Refused(
                    msg(
                        "The key “{key}” is given to both {first} and {second}.",
                        key=name,
                        first=taken[name],
                        second=key.id,
                    )
                )
            taken[name] = key.id
    for wish in wishes:
        if wish not in known:
            raise Refused(msg("There is no key setting “{id}”; the help screen (?) names them all.", id=wish))
    return {wish: keys.replace(" ", "") for wish, keys in wishes.items()}
