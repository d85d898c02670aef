"""Correcting a piece of evidence: what it is, what it proves, where the original is. Its file stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.task import Evidence
from pddtui.message import Message, msg
from pddtui.services.entries import NewEvidence
from pddtui.services.merging import EditedTwice, EvidenceFacts, evidence_merging
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.clash import ask_about
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.saved import Saved

__all__ = ["LABELS", "correct_evidence"]

LABELS: Mapping[str, Message] = {
    "kind": msg("Kind"),
    "proves": msg("It proves"),
    "file": msg("File"),
    "place": msg("The original"),
    "taken_at": msg("Taken on"),
    "vanishes_at": msg("Gone by"),
}
"""Of the fields of a piece of evidence."""


async def correct_evidence(form: FormScreen, case: Case, old: Evidence, new: NewEvidence) -> Saved | None:
    """Save what was changed; None when the person goes back to the form from a question."""
    casebook, speech = form.context.casebook, form.speech
    base = EvidenceFacts.of(old)
    untouched = {name: value for name, value in structs.asdict(base).items() if form.value(name) == form.at_first(name)}
    mine = structs.replace(EvidenceFacts.of(new.build(old.id, old.added_at)), **untouched)
    while True:
        move = evidence_merging(old.id, base, mine)
        try:
            saved = await form.context.clerk.do(partial(casebook.apply, case.id, "edit_evidence", move))
        except EditedTwice as twice:
            reading = partial(_reading, form.context)
            decided = await ask_about(form, twice.clashes, base, mine, labels=LABELS, reading=reading, note="proves")
            if decided is None:
                return None
            base, mine = decided
        else:
            message = speech("The evidence in {ref} is corrected.", ref=saved.ref)
            return Saved(case_id=case.id, thing=old.id, message=message)


def _reading(context: Context, field: str, value: object) -> str | None:
    if field == "kind" and isinstance(value, str):
        kind = context.handbook.evidence_types.get(value)
        return context.speech.say(kind.label) if kind is not None else None
    return None
