"""Correcting a contact that is in the log: only what was changed changes, and what both windows changed is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Written
from pddtui.domain.moves.log import FREE_CORRECTION
from pddtui.message import Message, msg
from pddtui.services.entries import NewContact
from pddtui.services.merging import ContactFacts, EditedTwice, amend_merging
from pddtui.services.words import SUBSTANCES, TURNS
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.clash import ask_about
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.saved import Saved

__all__ = ["LABELS", "WRITTEN", "correct", "remark"]

LABELS: Mapping[str, Message] = {
    "direction": msg("Who spoke"),
    "at": msg("When"),
    "channel": msg("Channel"),
    "name": msg("Name"),
    "role": msg("Role"),
    "staff_no": msg("Staff no."),
    "ticket": msg("Ticket no."),
    "said": msg("What was said"),
    "substance": msg("This was"),
    "turn": msg("Now it is"),
    "demand": msg("My demand"),
    "written": msg("On record"),
}
"""Of the fields of a contact."""

WRITTEN: Mapping[Written, Message] = {
    "none": msg("only oral"),
    "asked": msg("asked for"),
    "received": msg("in writing"),
}
_WORDS: Mapping[tuple[str, str], Message] = {
    **{("substance", key): word for key, word in SUBSTANCES.items()},
    **{("turn", key): word for key, word in TURNS.items()},
    **{("written", key): word for key, word in WRITTEN.items()},
}


def remark(context: Context, old: Contact) -> str:
    """Whether the correction will leave a trace."""
    if context.casebook.now() - old.recorded_at > FREE_CORRECTION:
        return context.speech("Written down more than ten minutes ago: the old wording stays readable beside the new.")
    return context.speech("Within ten minutes of writing it down a correction leaves no trace.")


async def correct(form: FormScreen, case: Case, old: Contact, new: NewContact, now: datetime) -> Saved | None:
    """Save what was changed; None when the person goes back to the form from a question."""
    casebook, speech = form.context.casebook, form.speech
    base = ContactFacts.of(old)
    entered = ContactFacts.of(new.build(lambda: old.id, now, casebook.due))
    entered = structs.replace(entered, substance=new.substance)
    untouched = {name: value for name, value in structs.asdict(base).items() if form.value(name) == form.at_first(name)}
    mine = structs.replace(entered, **untouched)
    while True:
        move = amend_merging(old.id, base, mine, now)
        try:
            saved = await form.context.clerk.do(partial(casebook.apply, case.id, "amend", move))
        except EditedTwice as twice:
            decided = await ask_about(
                form, twice.clashes, base, mine, labels=LABELS, reading=partial(_reading, form.context), note="said"
            )
            if decided is None:
                return None
            base, mine = decided
        else:
            return Saved(
                case_id=case.id, thing=old.id, message=speech("The contact in {ref} is corrected.", ref=saved.ref)
            )


def _reading(context: Context, field: str, value: object) -> str | None:
    if field == "channel" and isinstance(value, str):
        channel = context.handbook.channels.get(value)
        return context.speech.say(channel.label) if channel else None
    word = _WORDS.get((field, value)) if isinstance(value, str) else None
    return context.speech.say(word) if word else None
