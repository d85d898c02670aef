"""The form that opens a case or changes its facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from msgspec import structs
from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.domain.phrases.numbers import read_sum
from pddtui.domain.text import fold
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.edit_conflicts import CaseFacts, EditedTwice, edit_merging
from pddtui.services.inputs import NewCase
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved, ask_about
from pddtui.ui.forms.hints import Pick, happened, named, when_hint
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Field, Suggest, Suggestion, TextBox

__all__ = ["CaseForm"]

LABELS: dict[str, Message] = {
    "title": msg("Title"),
    "problem": msg("Problem"),
    "merchant": msg("Merchant"),
    "order": msg("Order no."),
    "product": msg("Product"),
    "amount": msg("Paid"),
    "remedy": msg("I demand"),
    "demand_amount": msg("Sum demanded"),
    "received_at": msg("Received on"),
    "description": msg("What happened"),
    "bottom_line": msg("The least I accept"),
    "quiet": msg("Quiet after"),
    "operator": msg("Business behind it"),
    "operator_address": msg("Its address"),
}


class CaseForm(FormScreen):
    KIND: ClassVar[str] = "case"

    def __init__(self, context: Context, case: Case | None = None) -> None:
        super().__init__(context, case)
        self._base = CaseFacts.of(case) if case else None
        self._merchants: Sequence[str] = ()

    def heading(self) -> str:
        return self.speech("New case") if self.case is None else self.speech("Edit the case")

    def fields(self) -> Iterable[Widget]:
        speech, handbook, base = self.speech, self.context.handbook, self._base

        def before(name: str) -> str:
            value = getattr(base, name, None)
            return self._reading(name, value) or ("" if value is None else str(value))

        yield self._field("title", LineField(before("title")), required=True)
        yield self._field("problem", Pick(named(speech, handbook.problems), before("problem")))
        yield self._field("merchant", Suggest(self._known_merchants, before("merchant")))
        yield self._field("order", LineField(before("order")))
        yield self._field("product", LineField(before("product")))
        yield self._field("amount", LineField(before("amount"), placeholder="89.00"))
        yield self._field("remedy", Pick(named(speech, handbook.remedies), before("remedy")))
        yield self._field("demand_amount", LineField(before("demand_amount"), placeholder="89.00"))
        yield self._field("received_at", LineField(self._received(), placeholder=speech("11-18, yesterday")))
        if self.case is None:
            began = LineField(placeholder=speech("now, 11-16, yesterday 20:00"))
            yield Field(speech("Began"), began, id="opened_at")
        yield self._field("description", TextBox(before("description")))
        yield self._field("bottom_line", LineField(before("bottom_line")))
        limits = speech("your own limits, amber and red: 24h 3wd")
        yield self._field("quiet", LineField(before("quiet"), placeholder=limits))
        licence = speech("from the shop's licence page; 12315 and a court ask for it")
        yield self._field("operator", LineField(before("operator"), placeholder=licence))
        yield self._field("operator_address", LineField(before("operator_address")))

    def _field(self, name: str, entry: LineField | TextBox | Suggest, *, required: bool = False) -> Field:
        return Field(self.speech.say(LABELS[name]), entry, required=required, id=name)

    def _received(self) -> str:
        at = self._base.received_at if self._base else None
        return f"{at.astimezone(self.speech.zone):%Y-%m-%d %H:%M}" if at else ""

    def prepare(self) -> None:
        self.run_worker(self._look_for_merchants())
        for name in ("received_at", "problem", "remedy"):
            self.changed(self.field(name))

    async def _look_for_merchants(self) -> None:
        casebook = self.context.casebook
        self._merchants = await self.context.clerk.do(lambda: people.merchants(casebook.cases()))

    def _known_merchants(self, typed: str) -> list[Suggestion]:
        wanted = fold(typed).strip()
        found = [name for name in self._merchants if wanted in fold(name) and name != typed]
        return [Suggestion(name, name) for name in found]

    def changed(self, field: Field) -> None:
        if field.id in ("received_at", "opened_at"):
            field.hint = when_hint(self.context, field.value, self.context.casebook.now())
        elif field.id == "problem":
            problem = self._entry(field)
            known = self.context.handbook.problems.get(problem)
            field.hint = self.speech.say(known.definition) if known else self.speech("Down shows them all.")
        elif field.id == "remedy":
            remedy = self.context.handbook.remedies.get(self._entry(field))
            note = (remedy.note or remedy.as_of_right) if remedy else None
            field.hint = self.speech.say(note) if note else ""

    def _entry(self, field: Field) -> str | None:
        return field.entry.key_of(field.value) if isinstance(field.entry, Pick) else None

    async def save(self) -> Saved | None:
        casebook, now = self.context.casebook, self.context.casebook.now()
        new = self._entered(now)
        if self.case is None or self._base is None:
            case = await self.context.clerk.do(lambda: casebook.open_case(new))
            return Saved(case_id=case.id, message=self.speech("{ref} is open: {title}", ref=case.ref, title=case.title))
        mine = CaseFacts.of(new.build(self.case.id, self.case.ref, now))
        untouched = {name: value for name, value in structs.asdict(self._base).items() if not self._touched(name)}
        return await self._change(self.case, self._base, structs.replace(mine, **untouched))

    def _entered(self, now: datetime) -> NewCase:
        """What was typed; what cannot be read is refused at its field. What stands as it was is left out."""
        handbook = self.context.handbook
        typed = {name: self.given(name) if self._touched(name) else None for name in LABELS}
        problem, remedy = typed["problem"], typed["remedy"]
        return NewCase(
            title=typed["title"] or "",
            problem=handbook.problems.find(problem, field="problem").key if problem else None,
            merchant=typed["merchant"],
            order=typed["order"],
            product=typed["product"],
            amount=read_sum(typed["amount"] or "", "amount"),
            remedy=handbook.remedies.find(remedy, field="remedy").key if remedy else None,
            demand_amount=read_sum(typed["demand_amount"] or "", "demand_amount"),
            received_at=happened(typed["received_at"] or "", now, "received_at"),
            opened_at=happened(self.value("opened_at"), now, "opened_at") if self.case is None else None,
            description=typed["description"],
            bottom_line=typed["bottom_line"],
            quiet=typed["quiet"],
            operator=typed["operator"],
            operator_address=typed["operator_address"],
        )

    def _touched(self, name: str) -> bool:
        return self._base is None or self.value(name) != self.at_first(name)

    async def _change(self, case: Case, base: CaseFacts, mine: CaseFacts) -> Saved | None:
        casebook = self.context.casebook
        while True:
            move = edit_merging(base, mine)
            try:
                saved = await self.context.clerk.do(partial(casebook.apply, case.id, "edit", move))
            except EditedTwice as twice:
                decided = await ask_about(
                    self, twice.clashes, base, mine, labels=LABELS, reading=self._reading, note="description"
                )
                if decided is None:
                    return None
                base, mine = decided
            else:
                return Saved(case_id=case.id, message=self.speech("{ref} is changed.", ref=saved.ref))

    def _reading(self, field: str, value: object) -> str | None:
        handbook = self.context.handbook
        known = {"problem": handbook.problems.get, "remedy": handbook.remedies.get}.get(field)
        entry = known(value) if known and isinstance(value, str) else None
        return self.speech.say(entry.label) if entry else None
