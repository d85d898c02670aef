"""Entering by hand when something happened that starts or stops a clock; it goes before what the log says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.domain.events import milestones
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import happened, when_hint
from pddtui.ui.screens.forms.picks import Pick
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Field, LineField, Suggestion

__all__ = ["MilestoneForm"]


class MilestoneForm(FormScreen):
    KIND: ClassVar[str] = "milestone"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case
        self._read = milestones(case)
        """By event id, what was entered and what the log and the filings say."""

    def heading(self) -> str:
        return self.speech("When something happened")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        yield Field(speech("What happened"), Pick(self._offers()), required=True, id="event")
        yield Field(
            speech("When"),
            LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")),
            id="at",
        )

    def _offers(self) -> list[Suggestion]:
        """All events, those of this case first."""
        speech, read = self.speech, self._read
        events = sorted(self.context.handbook.events, key=lambda event: event.id not in read)
        dates = {name: speech.moment(at) for name, at in read.items()}
        return [Suggestion(event.id, speech.say(event.label), dates.get(event.id, "")) for event in events]

    def prepare(self) -> None:
        self.changed(self.field("event"))

    def changed(self, field: Field) -> None:  # noqa: ARG002, each field says something about the other
        self.field("event").hint = self._known()
        at, empty = self.field("at"), ""
        if self._event() in self._of.milestones:
            empty = self.speech("Empty takes away what was entered.")
        at.hint = when_hint(self.context, at.value, self.context.casebook.now(), empty=empty)

    def _event(self) -> str | None:
        entry = self.field("event").entry
        return entry.key_of(entry.value) if isinstance(entry, Pick) else None

    def _known(self) -> str:
        """What the case says of the chosen event so far."""
        event = self._event()
        if event is None:
            return self.speech("Down shows them all, those of this case first.")
        if event in self._of.milestones:
            return self.speech("Entered: {moment}.", moment=self._of.milestones[event])
        if event in self._read:
            return self.speech("The log says {moment}; what you enter goes before it.", moment=self._read[event])
        return ""

    async def save(self) -> Saved | None:
        casebook, case_id = self.context.casebook, self._of.id
        events = self.context.handbook.events
        event = events.get(self._event()) or events.find(self.value("event"), field="event")
        at = happened(self.value("at"), casebook.now(), "at")
        if at is None and event.id not in self._of.milestones:
            raise Refused(msg("Say when it happened."), field="at")
        case = await self.context.clerk.do(lambda: casebook.note_milestone(case_id, event.id, at))
        if at is None:
            message = self.speech("{event} is taken away from {ref}.", event=event.label, ref=case.ref)
        else:
            message = self.speech("{event} is noted for {moment} in {ref}.", event=event.label, moment=at, ref=case.ref)
        return Saved(case_id=case.id, message=message)
