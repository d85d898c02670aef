"""Planning what I have to do, and putting it off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case, FollowUp
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.services.inputs import NewFollowUp
from pddtui.ui.context import Context
from pddtui.ui.forms.form import Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Remark, by_when, due_hint
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field

__all__ = ["FollowUpForm", "SnoozeForm"]

QUICK: Mapping[str, tuple[Message, Message]] = {
    "tomorrow": (msg("tomorrow"), msg("tomorrow")),
    "three": (msg("in 3 days"), msg("in 3 days")),
    "working": (msg("next working day"), msg("1 working day")),
}
"""What most people want, as it is offered and as the phrase it stands for."""


class FollowUpForm(FormScreen):
    KIND: ClassVar[str] = "follow_up"
    DATED: ClassVar[frozenset[str]] = frozenset({"due"})

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case

    def heading(self) -> str:
        return self.speech("Follow-up")

    def fields(self) -> Iterable[Widget]:
        yield Field(self.speech("What I will do"), LineField(), required=True, id="text")
        yield Field(
            self.speech("by when"),
            LineField(placeholder=self.speech("tomorrow 18:00, in 3 days, 11-25")),
            required=True,
            id="due",
        )

    def prepare(self) -> None:
        steps = [flag.next_step for flag in self.context.casebook.attention(self._of).flags if flag.level is not None]
        if steps:
            self.field("text").hint = self.speech("To do now: {step}", step=steps[0])

    def changed(self, field: Field) -> None:
        if field.id == "due":
            field.hint = due_hint(self.context, field.value, self.typed_at("due"))

    async def save(self) -> Saved | None:
        casebook, case_id = self.context.casebook, self._of.id
        faults = Faults()
        if self.given("text") is None:
            faults.note(Refused(msg("Enter in a few words what has to be done."), field="text"))
        faults.of(lambda: self.due_in("due"), None)
        faults.check()
        new = NewFollowUp(text=self.value("text"), due_phrase=self.value("due"), planned_at=self.typed_at("due"))
        case, task = await self.context.clerk.do(lambda: casebook.follow_up(case_id, new))
        message = self.speech("Planned for {due} in {ref}.", due=task.due, ref=case.ref)
        return Saved(case_id=case.id, thing=task.id, message=message)


class SnoozeForm(FormScreen):
    KIND: ClassVar[str] = "snooze"
    DATED: ClassVar[frozenset[str]] = frozenset({"due"})

    def __init__(self, context: Context, case: Case, task: FollowUp) -> None:
        super().__init__(context, case, task.id)
        self._of = case
        self._planned = task

    def heading(self) -> str:
        return self.speech("Put off")

    def fields(self) -> Iterable[Widget]:
        yield Remark(self._about)
        options = [ChoiceOption(key, self.speech.say(label)) for key, (label, _) in QUICK.items()]
        yield Field(self.speech("until"), Choice(options), id="quick")
        yield Field(
            self.speech("or by"),
            LineField(placeholder=self.speech("tomorrow 18:00, in 3 days, 11-25")),
            required=True,
            id="due",
        )

    def _about(self) -> str:
        planned = self.speech("“{text}”, planned for {due}.", text=self._planned.text, due=self._planned.due)
        if not self._planned.snoozed:
            return planned
        return f"{planned} {self.speech.say(self._often())}"

    def _often(self) -> Message:
        return msg("Already put off {n} times: is it still worth doing?", n=self._planned.snoozed)

    def changed(self, field: Field) -> None:
        due, quick = self.field("due"), self.field("quick")
        if field is quick and quick.value:
            due.value = self.speech.say(QUICK[quick.value][1])
        elif field is due and quick.value and due.value != self.speech.say(QUICK[quick.value][1]):
            quick.value = ""
        due.hint = due_hint(self.context, due.value, self._decided_at())

    def _decided_at(self) -> datetime:
        """When the phrase was typed, or chosen."""
        return self.typed_at("quick" if self.value("quick") else "due")

    async def save(self) -> Saved | None:
        casebook, case_id, task_id = self.context.casebook, self._of.id, self._planned.id
        phrase = self.value("due").strip()
        decided_at = self._decided_at()
        due = by_when(self.context, phrase, "due", decided_at)
        case = await self.context.clerk.do(lambda: casebook.snooze(case_id, task_id, phrase, decided_at))
        message = self.speech("Put off until {due} in {ref}.", due=due.at, ref=case.ref)
        return Saved(case_id=case.id, thing=task_id, message=message)
