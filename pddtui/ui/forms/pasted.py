"""One pasted message in the form for a contact: what was read of it stands in the fields, and is put back corrected.

Nothing is saved by it. The message goes back into the list that it came from, and is logged with the others.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import structs

from pddtui.domain.case import Case, Person
from pddtui.domain.duetime import Due
from pddtui.domain.phrases.due import parse_due
from pddtui.domain.reply import Heard
from pddtui.errors import Refused
from pddtui.services.capture import Captured
from pddtui.services.inputs import NewContact
from pddtui.services.pasting.messages import PastedMeaning, PastedMessage, PastedPromise
from pddtui.services.suggestion import suggest
from pddtui.ui.context import Context
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.form import Saved

__all__ = ["PastedForm"]


class PastedForm(ContactForm):
    """Gives back something when the message was changed; `changed_to` is what it is then."""

    KIND: ClassVar[str] = "pasted"
    KEEPS_DRAFT: ClassVar[bool] = False

    def __init__(self, context: Context, case: Case, message: PastedMessage, meaning: PastedMeaning) -> None:
        self._pasted = message
        self._meant = meaning
        self.changed_to = message
        super().__init__(context, case, captured=_as_captured(context, case, message, meaning), channel=message.channel)

    def heading(self) -> str:
        return self.speech("Change a pasted message")

    def start(self) -> str:
        return "name"

    def prepare(self) -> None:
        super().prepare()
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        """What the fields propose of each other is no change."""
        if self.is_attached:
            self.begin()

    def _fill(self, captured: Captured) -> None:
        super()._fill(captured)
        heard = self._meant.heard
        if self._pasted.meaning is not None and heard.substance is not None:
            values = {"substance": heard.reply or heard.substance}
            self.field("substance").value = values["substance"]
            self._note_overruled(values)

    async def save(self) -> Saved | None:
        new = self._entered(self.context.casebook.now())
        self.changed_to = self._changed(new)
        return Saved(case_id=self._of.id, message="")

    async def after(self) -> None:
        """Nothing was saved: there is nothing to confirm."""

    def _changed(self, new: NewContact) -> PastedMessage:
        """The message as it stands in the fields; its seconds stay where the minute was not touched."""
        before = self._pasted
        at = new.at or before.at
        if f"{at:%Y-%m-%d %H:%M}" == f"{before.at.astimezone(at.tzinfo):%Y-%m-%d %H:%M}":
            at = before.at
        new = structs.replace(new, at=at)
        who = structs.replace(before.who, person=new.person if new.direction == "in" else before.person)
        return structs.replace(
            before,
            at=at,
            direction=new.direction,
            who=who,
            said=new.said.strip(),
            channel=new.channel,
            kept=True,
            meaning=self._meaning_of(new),
            entered=new,
        )

    def _meaning_of(self, new: NewContact) -> PastedMeaning:
        return PastedMeaning(
            heard=Heard(new.substance, new.reply),
            demand=new.demand,
            promises=tuple(
                PastedPromise(text=one.text, phrase=one.due_phrase, due=self._due(one.due_phrase, new))
                for one in new.promises
            ),
        )

    def _due(self, phrase: str | None, new: NewContact) -> Due | None:
        if phrase is None or new.at is None:
            return None
        try:
            return parse_due(phrase, new.at, self.context.casebook.calendar)
        except Refused:
            return None


def _as_captured(context: Context, case: Case, message: PastedMessage, meaning: PastedMeaning) -> Captured:
    """The message as a line that was typed would say it."""
    rules = context.casebook.rules
    channel = context.handbook.channels.get(message.channel)
    direction = message.direction or "in"
    promise = next(iter(meaning.promises), None)
    person = message.person if direction == "in" else Person()
    return Captured(
        direction=direction,
        person=person,
        known=False,
        channel=channel,
        when=f"{message.at.astimezone(context.speech.zone):%Y-%m-%d %H:%M}",
        at=message.at,
        said=message.said,
        promise=promise.text if promise is not None else "",
        due_phrase=(promise.phrase or "") if promise is not None else "",
        due=promise.due if promise is not None else None,
        own_day=None,
        demand=meaning.demand,
        by_phone=False,
        suggestion=suggest(
            case,
            rules,
            direction=direction,
            said=message.said,
            person=person,
            promised=promise is not None,
            demand=meaning.demand,
            channel=channel,
            by_phone=False,
        ),
        faults=(),
        missing=(),
    )
