"""Where things are that stand on no screen: half-typed forms, and former data files with the way to get one back."""

from __future__ import annotations

from pathlib import Path

from pddtui.message import Message, Words, msg, pasted
from pddtui.services.drafts import Drafts, draft_name
from pddtui.ui.context import Context

__all__ = ["backup_lines", "draft_lines"]

_MOST = 8
"""So many of the newest backups are named."""


def draft_lines(context: Context) -> tuple[Words, ...]:
    """Every half-typed form that waits, and how to go on with one. Reads the disk."""
    folder = context.places.drafts
    refs = {case.id: case.ref for case in context.casebook.cases()}
    found = Drafts(folder).pending() if folder.is_dir() else []
    if not found:
        return (msg("No form is half typed."), _kept_in(folder))
    how = msg("Open the same form of that case again: it offers the text, and Ctrl+R takes it.")
    return (*(draft_name(draft, refs) for draft in found), _kept_in(folder), how)


def _kept_in(folder: Path) -> Message:
    return msg("What is typed and not saved is kept in {folder}.", folder=str(folder))


def backup_lines(context: Context) -> tuple[Words, ...]:
    """The folder of the former data files, the newest of them, and what to do with one. Reads the disk."""
    folder, file = context.places.backups, context.places.data_file
    try:
        names = sorted((path.name for path in folder.iterdir() if path.suffix == ".json"), key=lambda name: name[-20:])
    except OSError:
        names = []
    if not names:
        return (msg("There is no backup yet: the first is made when the data file is written again."),)
    return (
        msg("Former states of {file} are in {folder}.", file=file.name, folder=str(folder)),
        *reversed(names[-_MOST:]),
        msg(
            "To look at one without changing anything: {command}",
            command=f"`pddtui --file {pasted(str(folder / names[-1]))}`",
        ),
        msg("A damaged file is rebuilt with {command}; it asks first.", command=msg("`pddtui recover`")),
        msg("The latest changes are taken back with u, one by one, without any backup."),
    )
