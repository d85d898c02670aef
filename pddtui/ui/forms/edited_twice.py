"""Saving what was changed in a form, and asking about every field that another window has changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from pddtui.domain.case import Case
from pddtui.domain.fields import StoredField, Values
from pddtui.message import Message
from pddtui.services.casebook import Move
from pddtui.services.edit_conflicts import EditedTwice, FieldClash
from pddtui.services.facts import shown
from pddtui.ui.forms.confirm import Question
from pddtui.ui.forms.form import FormScreen
from pddtui.ui.widgets.fields import ChoiceOption

__all__ = ["Codes", "save_edit"]

Codes = Mapping[tuple[str, str], Message]
"""What the words of the program are called in this form, by field and value."""


async def save_edit(
    form: FormScreen,
    case_id: str,
    action: str,
    merging: Callable[[Values, Values], Move],
    *,
    base: Values,
    mine: Values,
    fields: Iterable[StoredField],
    codes: Codes,
    note: str,
) -> Case | None:
    """The case with what was touched in the form saved; None when the person goes back to the form from a question.

    `merging` makes the move from what stood there and what is to stand there. Every field that another window has
    changed too is asked about; `note` is the field that takes their value as well, when both are to stay.
    """
    mine = {name: value if form.touched(name) else base.get(name, value) for name, value in mine.items()}
    casebook, listed = form.context.casebook, tuple(fields)
    while True:
        try:
            return await form.context.clerk.do(partial(casebook.apply, case_id, action, merging(base, mine)))
        except EditedTwice as twice:
            decided = await _ask_about(form, twice.clashes, base, mine, fields=listed, codes=codes, note=note)
            if decided is None:
                return None
            base, mine = decided


async def _ask_about(
    form: FormScreen,
    clashes: tuple[FieldClash, ...],
    base: Values,
    mine: Values,
    *,
    fields: Iterable[StoredField],
    codes: Codes,
    note: str,
) -> tuple[Values, Values] | None:
    """Base and mine after every clash was decided, for the next try; None to go back to the form."""
    speech, known = form.speech, {field.name: field for field in fields}
    for clash in clashes:
        field = known[clash.field]
        label = speech.say(field.label or field.name)
        own, theirs = (_read(form, field, value, codes) for value in (clash.mine, clash.theirs))
        answer = await form.app.push_screen_wait(
            Question(
                speech("“{field}” was changed in another window in the meantime.", field=label),
                (
                    ChoiceOption("back", speech("Back to the form")),
                    ChoiceOption("mine", speech("Keep mine")),
                    ChoiceOption("theirs", speech("Keep theirs")),
                    ChoiceOption("both", speech("Keep mine, and theirs as a note")),
                ),
                letters="fmtb",
                safe="back",
                detail="\n".join(
                    (
                        speech("Mine: {value}", value=own),
                        speech("Theirs: {value}", value=theirs),
                    )
                ),
            )
        )
        if answer == "back":
            return None
        base = {**base, clash.field: clash.theirs}
        if answer == "theirs":
            mine = {**mine, clash.field: clash.theirs}
        elif answer == "both":
            named = speech("{field} (other window): {value}", field=label, value=theirs)
            added = theirs if clash.field == note else named
            mine = {**mine, note: f"{mine[note]}\n{added}" if mine[note] else added}
    return base, mine


def _read(form: FormScreen, field: StoredField, value: object, codes: Codes) -> str:
    """The value as the form shows it."""
    speech = form.speech
    if isinstance(value, bool):
        return speech("stated") if value else speech("not stated")
    if isinstance(value, str) and (word := codes.get((field.name, value))) is not None:
        return speech.say(word)
    currency = form.case.order.currency if form.case is not None else "CNY"
    said = shown(field, value, currency, form.context.handbook.name_of)
    return speech.render(said) if said is not None else "–"
