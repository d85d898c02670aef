"""Asking what stays when another window changed the same field while the form was open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import structs

from pddtui.message import Message
from pddtui.services.merging import Clash, Facts
from pddtui.speech import Speech
from pddtui.ui.screens.confirm import Question
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.widgets.fields import Option

__all__ = ["ask_about"]

Reading = Callable[[str, object], str | None]
"""How the value of a field reads in this form, None where it reads as it stands."""


async def ask_about(
    form: FormScreen,
    clashes: tuple[Clash, ...],
    base: Facts,
    mine: Facts,
    *,
    labels: Mapping[str, Message],
    reading: Reading,
    note: str,
) -> tuple[Facts, Facts] | None:
    """Base and mine after every clash was decided, for the next try; None to go back to the form.

    `note` is the field that takes their value too, when both are to stay.
    """
    speech = form.speech
    for clash in clashes:
        label = speech.say(labels[clash.field])
        theirs = reading(clash.field, clash.theirs) or _read(speech, clash.theirs)
        answer = await form.app.push_screen_wait(
            Question(
                speech("“{field}” was changed in another window meanwhile.", field=label),
                (
                    Option("back", speech("Back to the form")),
                    Option("mine", speech("Keep mine")),
                    Option("theirs", speech("Keep theirs")),
                    Option("both", speech("Keep mine, and theirs as a note")),
                ),
                letters="fmtb",
                safe="back",
                detail="\n".join(
                    (
                        speech("Mine: {value}", value=reading(clash.field, clash.mine) or _read(speech, clash.mine)),
                        speech("Theirs: {value}", value=theirs),
                    )
                ),
            )
        )
        if answer == "back":
            return None
        base = structs.replace(base, **{clash.field: clash.theirs})
        if answer == "theirs":
            mine = structs.replace(mine, **{clash.field: clash.theirs})
        elif answer == "both":
            named = speech("{field} (other window): {value}", field=label, value=theirs)
            added = theirs if clash.field == note else named
            own = structs.asdict(mine)[note]
            mine = structs.replace(mine, **{note: f"{own}\n{added}" if own else added})
    return base, mine


def _read(speech: Speech, value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return speech("stated") if value else speech("not stated")
        case Decimal():
            return speech.money(value)
        case datetime():
            return speech.moment(value)
        case _:
            return str(value)
