"""Ending a case: how, and what came of it in money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.domain.duetime import period
from pddtui.domain.phrases.numbers import read_sum
from pddtui.domain.rules import span
from pddtui.errors import Refused
from pddtui.message import msg, plural
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.forms.hints import Pick, suggestions
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Field

__all__ = ["ResolveForm"]


class ResolveForm(FormScreen):
    KIND: ClassVar[str] = "resolve"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case

    def heading(self) -> str:
        return self.speech("Close the case")

    def fields(self) -> Iterable[Widget]:
        running = sum(promise.state == "open" for _, promise in self._of.promises)
        if running:
            remark = plural(
                "{n} promise is still open and stays on record.",
                "{n} promises are still open and stay on record.",
                running,
            )
            yield Static(show.plain(self.speech.say(remark)), classes="form--remark")
        outcomes = Pick(suggestions(self.speech, self.context.handbook.outcomes))
        yield Field(self.speech("Outcome"), outcomes, required=True, id="outcome")
        yield Field(self.speech("Recovered"), LineField(placeholder="89.00"), id="recovered")

    def prepare(self) -> None:
        self.changed(self.field("outcome"))
        demanded = self._of.demand.amount
        if demanded is not None:
            self.field("recovered").hint = self.speech(
                "demanded: {amount}", amount=self.speech.money(demanded, self._of.order.currency)
            )

    def changed(self, field: Field) -> None:
        if field.id == "outcome" and isinstance(field.entry, Pick):
            outcome = self.context.handbook.outcomes.get(field.entry.key_of(field.value))
            if outcome is None:
                field.hint = self.speech("Press Down to see them all.")
            elif outcome.verify_after is not None:
                after = span(outcome.verify_after)
                field.hint = self.speech(
                    "You will be asked after {time} whether the money has really arrived.",
                    time=period(after.n, after.unit),
                )
            else:
                field.hint = ""

    async def save(self) -> Saved | None:
        casebook, case_id = self.context.casebook, self._of.id
        typed = self.given("outcome")
        if typed is None:
            raise Refused(msg("Choose the outcome of the case."), field="outcome")
        outcome = self.context.handbook.outcomes.find(typed, field="outcome")
        recovered = read_sum(self.value("recovered"), "recovered")
        case = await self.context.clerk.do(lambda: casebook.resolve(case_id, outcome.key, outcome.status, recovered))
        return Saved(case_id=case.id, message=self.speech("{ref} is closed: {how}.", ref=case.ref, how=outcome.label))
