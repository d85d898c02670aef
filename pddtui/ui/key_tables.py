"""The keys that each screen has at one time, for whoever gives them others: no two of one screen may be the same."""

from __future__ import annotations

from pddtui.ui.book_keys import AGENDA, HANDBOOK
from pddtui.ui.desk_keys import ANYWHERE, DESK
from pddtui.ui.keys import Key
from pddtui.ui.letter_keys import CLOSE_PLAIN, LETTER
from pddtui.ui.page_keys import (
    BACK,
    CASE_PAGE,
    CLOSE_HELP,
    COPY,
    EMPTY_TRASH,
    LEAVE,
    OPEN_BACKUP,
    RECOVER,
    RESTORE,
    RETRY,
    shared,
)
from pddtui.ui.screens.case import NUMBERS
from pddtui.ui.screens.forms.keys import FORM, MORE_PROMISES

__all__ = ["SCREENS"]

_HELP = shared("program.help", "program.palette")

SCREENS: tuple[tuple[Key, ...], ...] = (
    (*DESK, *ANYWHERE),
    (*CASE_PAGE, *NUMBERS),
    (BACK, *HANDBOOK, *_HELP),
    (BACK, *AGENDA, *_HELP),
    (BACK, COPY, *_HELP),
    (LEAVE, COPY),
    (CLOSE_HELP, *shared("view.filter")),
    (BACK, RESTORE, EMPTY_TRASH, *shared("program.help")),
    (RETRY, RECOVER, OPEN_BACKUP, *shared("program.quit")),
    (*FORM, MORE_PROMISES),
    LETTER,
    (CLOSE_PLAIN,),
)
"""Desk, case, handbook, agenda, insights, why, help, trash, trouble, the forms, letters and their plain view."""
