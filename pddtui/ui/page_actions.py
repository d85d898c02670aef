"""The keys of the forms, in the shape of every other key of the program.

What a page shares with the desk it takes from the desk's table, so that a key given to something else
there is that key here too.
"""

from __future__ import annotations

from collections.abc import Iterable

from pddtui.message import Message, msg
from pddtui.ui.actions import ANYWHERE, DESK, Key

__all__ = [
    "AGENDA",
    "BACK",
    "CASE_PAGE",
    "CLOSE_HELP",
    "COPY",
    "EMPTY_TRASH",
    "FORM",
    "HANDBOOK",
    "LEAVE",
    "MORE_PROMISES",
    "OPEN_BACKUP",
    "RECOVER",
    "RESTORE",
    "RETRY",
    "known",
    "section_key",
    "shared",
]

HANDBOOK: tuple[Key, ...] = (
    Key(
        id="handbook.search",
        keys="slash",
        action="search",
        word=msg("Search"),
        group="view",
        shown=True,
        tip=msg("Search every word of the handbook, in both languages, while you type."),
    ),
    Key(
        id="handbook.pane",
        keys="tab,shift+tab",
        action="other_pane",
        word=msg("Other pane"),
        group="view",
        shown=True,
        tip=msg("Go from the contents to the page and back."),
    ),
    Key(
        id="handbook.tick",
        keys="space",
        action="tick",
        word=msg("Tick"),
        group="case",
        shown=True,
        tip=msg("Tick the selected step of the playbook in the case, or open it again."),
    ),
    Key(
        id="handbook.copy",
        keys="y",
        action="copy",
        word=msg("Copy"),
        group="program",
        shown=True,
        tip=msg("Copy the page with its sources as text, also over SSH."),
    ),
)
"""What the handbook can do, besides what every page can."""

AGENDA: tuple[Key, ...] = (
    Key(
        id="agenda.today",
        keys="t",
        action="today",
        word=msg("Today"),
        group="view",
        shown=True,
        tip=msg("Go to today."),
    ),
    Key(
        id="agenda.next-due",
        keys="n",
        action="due(1)",
        word=msg("Next due"),
        group="view",
        shown=True,
        tip=msg("Go to the next day on which something is due."),
    ),
    Key(
        id="agenda.previous-due",
        keys="p",
        action="due(-1)",
        word=msg("Due before"),
        group="view",
        tip=msg("Go to the day before on which something is due."),
    ),
    Key(
        id="agenda.pane",
        keys="tab,shift+tab",
        action="other_pane",
        word=msg("Other pane"),
        group="view",
        shown=True,
        tip=msg("Go from the month to what is due on the day and back."),
    ),
)
"""What the agenda can do, besides what every page can."""


def shared(*ids: str) -> tuple[Key, ...]:
    """The desk's keys with these ids, in this order."""
    table = {key.id: key for key in (*DESK, *ANYWHERE)}
    return tuple(table[key_id] for key_id in ids)


def section_key(number: int, word: Message) -> Key:
    """The key that goes to a section of the case page."""
    return Key(
        id=f"page.section-{number}",
        keys=str(number),
        action=f"section({number - 1})",
        word=word,
        group="view",
        tip=msg("Go to this section of the case."),
    )


BACK = Key(
    id="page.back",
    keys="escape",
    action="back",
    word=msg("Back"),
    group="view",
    shown=True,
    tip=msg("Go back to where you came from."),
)

LEAVE = Key(
    id="page.close",
    keys="escape,q,enter",
    action="back",
    word=msg("Close"),
    group="view",
    shown=True,
    tip=msg("Close this window."),
)

TURN: tuple[Key, ...] = (
    Key(
        id="page.next-section",
        keys="tab,right,right_square_bracket",
        action="turn(1)",
        word=msg("Next section"),
        group="view",
        shown=True,
        tip=msg("Go to the next section of the case."),
    ),
    Key(
        id="page.previous-section",
        keys="shift+tab,left,left_square_bracket",
        action="turn(-1)",
        word=msg("Previous section"),
        group="view",
        tip=msg("Go to the section before."),
    ),
)

CLOSE_HELP = Key(
    id="help.close",
    keys="escape,question_mark,f1,q",
    action="back",
    word=msg("Close"),
    group="view",
    shown=True,
    tip=msg("Close this window."),
)

COPY = Key(
    id="page.copy",
    keys="y",
    action="copy",
    word=msg("Copy"),
    group="program",
    shown=True,
    tip=msg("Copy all of this as text, also over SSH."),
)

RESTORE = Key(
    id="trash.restore",
    keys="r",
    action="restore",
    word=msg("Restore"),
    group="case",
    shown=True,
    tip=msg("Take the selected case back from the trash."),
)

RETRY = Key(
    id="trouble.retry",
    keys="r",
    action="retry",
    word=msg("Try again"),
    group="program",
    shown=True,
    tip=msg("Try to open the file once more."),
)

RECOVER = Key(
    id="trouble.recover",
    keys="R",
    action="recover",
    word=msg("Recover"),
    group="program",
    shown=True,
    tip=msg("Write a sound file from what is left. It asks first, and keeps the damaged one."),
)

OPEN_BACKUP = Key(
    id="trouble.backup",
    keys="o",
    action="open_backup",
    word=msg("Newest backup"),
    group="program",
    shown=True,
    tip=msg("Look at the newest backup; nothing can be changed in it."),
)

EMPTY_TRASH = Key(
    id="trash.empty",
    keys="X",
    action="empty",
    word=msg("Empty"),
    group="case",
    shown=True,
    tip=msg("Erase all deleted cases for good. It asks first."),
)

_DEEDS: Iterable[str] = (
    "log.contact",
    "due.settle",
    "log.promise-broken",
    "view.why",
    "due.follow-up",
    "due.snooze",
    "case.evidence",
    "case.letter",
    "case.escalate",
    "case.filing",
    "case.edit",
    "log.call",
    "case.resolve",
    "case.trash",
    "view.handbook",
    "program.copy",
    "program.undo",
    "program.redo",
    "program.help",
    "program.palette",
    "program.quit",
)

MILESTONE = Key(
    id="page.milestone",
    keys="m",
    action="do('milestone')",
    word=msg("Milestone"),
    group="due",
    tip=msg("Enter when something happened that starts or stops a clock: return shipped, accepted, notified."),
)

CASE_PAGE: tuple[Key, ...] = (BACK, *TURN, *shared(*_DEEDS), MILESTONE)
"""What the case page can do."""


def known() -> dict[str, Key]:
    """Every key of the desk and of the pages, by its id."""
    windows = (BACK, LEAVE, CLOSE_HELP, COPY, RESTORE, EMPTY_TRASH, RETRY, RECOVER, OPEN_BACKUP)
    return {key.id: key for key in (*DESK, *ANYWHERE, *windows, *TURN, MILESTONE, *HANDBOOK, *AGENDA)}


FORM: tuple[Key, ...] = (
    Key(
        id="form.save",
        keys="ctrl+s",
        action="save",
        word=msg("save"),
        group="program",
        shown=True,
        tip=msg("Save, from any field. If it cannot be saved, every letter stays."),
    ),
    Key(
        id="form.back",
        keys="escape",
        action="back",
        word=msg("back"),
        group="program",
        shown=True,
        tip=msg("Leave the form. What was typed is never thrown away without asking."),
    ),
    Key(
        id="form.next",
        keys="enter",
        action="next_field",
        word=msg("next field"),
        group="program",
        tip=msg("Go to the next field; in a text of several lines Tab does."),
    ),
    Key(
        id="form.take-draft",
        keys="ctrl+r",
        action="take_draft",
        word=msg("take it back"),
        group="program",
        shown=True,
        tip=msg("Go on with the text that was not saved."),
    ),
    Key(
        id="form.throw-draft",
        keys="ctrl+t",
        action="throw_draft",
        word=msg("throw it away"),
        group="program",
        shown=True,
        tip=msg("Throw the text that was not saved away, after asking."),
    ),
)
"""What every form can do."""

MORE_PROMISES = Key(
    id="form.promise",
    keys="ctrl+n",
    action="more_promises",
    word=msg("another promise"),
    group="program",
    shown=True,
    tip=msg("Note one more promise of the same contact."),
)
