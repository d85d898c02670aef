"""Settling a promise: kept, broken, waived, replaced by another one, or open after all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Promise, PromiseState
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.entries import NewPromise
from pddtui.services.words import PROMISES
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import by_when, due_hint, happened, when_hint
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Choice, Field, LineField, Option

__all__ = ["PromiseForm"]

REPLACING = frozenset({"promise", "due", "written"})
"""The fields of the new promise."""


class PromiseForm(FormScreen):
    KIND: ClassVar[str] = "promise"

    def __init__(self, context: Context, case: Case, contact: Contact, promise: Promise) -> None:
        super().__init__(context, case, promise.id)
        self._of = case
        self._contact = contact
        self._promise = promise

    def heading(self) -> str:
        return self.speech("Settle a promise")

    def fields(self) -> Iterable[Widget]:
        speech, promise = self.speech, self._promise
        yield Static(show.plain(self._about()), classes="form--remark")
        states = [Option(state, speech.say(word)) for state, word in PROMISES.items() if state != promise.state]
        yield Field(
            speech("It was"), Choice([each for each in states if self._fits(each.key)]), required=True, id="state"
        )
        yield Field(speech("When"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(speech("They promise"), LineField(promise.text), required=True, id="promise")
        yield Field(
            speech("by when"),
            LineField(placeholder=speech("within 3 working days, 11-25 18:00")),
            required=True,
            id="due",
        )
        ways = (Option("no", speech("only oral")), Option("yes", speech("in writing")))
        yield Field(speech("On record"), Choice(ways, "yes" if promise.written else "no"), id="written")

    def _about(self) -> str:
        promise, person = self._promise, self._contact.person
        who = person.name or person.role or person.staff_no or self.speech("they")
        said = self.speech("{who} on {moment}: “{text}”", who=who, moment=self._contact.at, text=promise.text)
        return said if promise.due is None else f"{said} {self.speech('Due {due}.', due=promise.due)}"

    def _fits(self, state: str) -> bool:
        """Only what is still open can be replaced, and only what is settled can be opened again."""
        return state != "replaced" or self._promise.state == "open"

    def prepare(self) -> None:
        for name in REPLACING:
            self.field(name).display = False
        self.changed(self.field("at"))

    def changed(self, field: Field) -> None:
        now = self.context.casebook.now()
        if field.id == "state":
            for name in REPLACING:
                self.field(name).display = field.value == "replaced"
            self.field("at").display = field.value not in ("replaced", "open")
        elif field.id == "at":
            field.hint = when_hint(self.context, field.value, now, empty=self.speech("now: {moment}", moment=now))
        elif field.id == "due":
            field.hint = due_hint(self.context, field.value, now)

    async def save(self) -> Saved | None:
        casebook, case_id, promise = self.context.casebook, self._of.id, self._promise
        state = next((known for known in PROMISES if known == self.value("state")), None)
        if state is None:
            raise Refused(msg("Choose what became of it."), field="state")
        if state == "replaced":
            return await self._replace()
        at = happened(self.value("at"), casebook.now(), "at")
        case = await self.context.clerk.do(lambda: casebook.settle_promise(case_id, promise.id, state, at))
        return self._saved(case, promise.id, state)

    async def _replace(self) -> Saved:
        casebook, case_id, old = self.context.casebook, self._of.id, self._promise.id
        by_when(self.context, self.value("due"), "due")
        new = NewPromise(
            text=self.value("promise"), due_phrase=self.value("due"), written=self.value("written") == "yes"
        )
        case, promise = await self.context.clerk.do(lambda: casebook.replace_promise(case_id, old, new))
        return self._saved(case, promise.id, "replaced")

    def _saved(self, case: Case, thing: str, state: PromiseState) -> Saved:
        message = self.speech("The promise in {ref} is noted as: {state}.", ref=case.ref, state=PROMISES[state])
        return Saved(case_id=case.id, thing=thing, message=message)
