"""Noting a piece of evidence: what kind, what it proves, where the original is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.handbook.evidence import EvidenceType
from pddtui.services.entries import NewEvidence
from pddtui.services.ids import UlidSource
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import by_when, due_hint, happened, when_hint
from pddtui.ui.screens.forms.picks import Pick, named
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Field, LineField

__all__ = ["EvidenceForm"]


class EvidenceForm(FormScreen):
    KIND: ClassVar[str] = "evidence"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case

    def heading(self) -> str:
        return self.speech("Evidence")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        yield Field(speech("Kind"), Pick(named(speech, self._types())), id="kind")
        yield Field(speech("It proves"), LineField(), id="proves")
        yield Field(
            speech("The original"),
            LineField(placeholder=speech("where it is: in the app's chat, on my phone")),
            required=True,
            id="place",
        )
        yield Field(
            speech("Taken on"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at"
        )
        yield Field(speech("Gone by"), LineField(placeholder=speech("when the page or chat expires")), id="gone")

    def _types(self) -> list[EvidenceType]:
        """All kinds: first what this case still lacks of its checklist."""
        handbook = self.context.handbook
        problem = handbook.problems.get(self._of.problem)
        wanted = [*(problem.evidence if problem else ()), *handbook.evidence_file.base_set]
        have = {record.kind for record in self._of.evidence}
        lacking = [key for key in wanted if key not in have]
        return sorted(handbook.evidence_types, key=lambda kind: kind.key not in lacking)

    def prepare(self) -> None:
        self.changed(self.field("kind"))

    def changed(self, field: Field) -> None:
        now = self.context.casebook.now()
        if field.id == "kind" and isinstance(field.entry, Pick):
            kind = self.context.handbook.evidence_types.get(field.entry.key_of(field.value))
            shows = self.speech("must show: {what}", what=kind.must_show) if kind else None
            field.hint = shows or self.speech("Down shows them all, those still missing first.")
        elif field.id == "at":
            field.hint = when_hint(self.context, field.value, now)
        elif field.id == "gone":
            field.hint = due_hint(self.context, field.value, now)

    async def save(self) -> Saved | None:
        casebook, case_id, now = self.context.casebook, self._of.id, self.context.casebook.now()
        kind, gone = self.given("kind"), self.given("gone")
        new = NewEvidence(
            kind=self.context.handbook.evidence_types.find(kind, field="kind").key if kind else None,
            proves=self.given("proves"),
            place=self.given("place"),
            taken_at=happened(self.value("at"), now, "at"),
            vanishes_at=by_when(self.context, gone, "gone").at if gone else None,
        )
        record = new.build(UlidSource().new(now), now)
        case = await self.context.clerk.do(lambda: casebook.add_evidence(case_id, record))
        message = self.speech("Evidence is noted in {ref}.", ref=case.ref)
        return Saved(case_id=case.id, thing=record.id, message=message)
