"""The keys of the forms, in the shape of every other key of the program."""

from __future__ import annotations

from pddtui.message import msg
from pddtui.ui.keys import Key

__all__ = ["FORM", "MORE_PROMISES"]

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
