"""The form that opens a case or changes its facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.domain.fields import CASE, Values, edited, values_of
from pddtui.domain.moves import open_case
from pddtui.domain.text import fold
from pddtui.handbook.model import Problem
from pddtui.services import people
from pddtui.services.edit_conflicts import edit_merging
from pddtui.services.inputs import NewCase
from pddtui.ui.context import Context
from pddtui.ui.forms.edited_twice import save_edit
from pddtui.ui.forms.form import Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Pick, as_typed, due_hint, now_hint, when_hint
from pddtui.ui.widgets.fields import Control, Field, Suggest, Suggestion

__all__ = ["CaseForm"]


class CaseForm(FormScreen):
    KIND: ClassVar[str] = "case"
    DATED: ClassVar[frozenset[str]] = frozenset(field.name for field in CASE if field.new and field.kind == "moment")
    NEEDED: ClassVar[frozenset[str]] = frozenset({"title"})

    def __init__(self, context: Context, case: Case | None = None) -> None:
        super().__init__(context, case)
        self._base: Values | None = values_of(edited(CASE), case) if case else None
        self._asked = tuple(field for field in CASE if field.new and field.asked and (case is None or field.edited))
        self._merchants: Sequence[str] = ()

    def heading(self) -> str:
        return self.speech("New case") if self.case is None else self.speech("Edit the case")

    def fields(self) -> Iterable[Widget]:
        for stored in self._asked:
            value = self._base[stored.name] if self._base is not None else None
            if stored.name == "merchant":
                entry: Control = Suggest(self._known_merchants, as_typed(self.context, stored, value))
            elif stored.kind == "complainant":
                example = self.speech.say(stored.example)
                entry = Suggest(self._known_people, as_typed(self.context, stored, value), placeholder=example)
            else:
                entry = self.entry_for(stored, value)
            yield self.labelled(stored, entry)

    def prepare(self) -> None:
        self.run_worker(self._look_for_merchants())
        for field in self.query(Field):
            if field.id in {"problem", "remedy"} | self.DATED:
                self.changed(field)

    async def _look_for_merchants(self) -> None:
        casebook = self.context.casebook
        self._merchants = await self.context.clerk.do(lambda: people.merchants(casebook.cases()))

    def _known_merchants(self, typed: str) -> list[Suggestion]:
        wanted = fold(typed).strip()
        found = [name for name in self._merchants if wanted in fold(name) and name != typed]
        return [Suggestion(name, name) for name in found]

    def _known_people(self, typed: str) -> list[Suggestion]:
        wanted = fold(typed).strip()
        people = self.context.handbook.own.people.items()
        names = [(one.name or short, short) for short, one in people]
        return [Suggestion(name, name, short) for name, short in names if wanted in fold(f"{name} {short}")]

    def changed(self, field: Field) -> None:
        if field.id == "deadline":
            field.hint = due_hint(self.context, field.value, self.typed_at(field.id))
        elif field.id is not None and field.id in self.DATED:
            begins = field.id == "opened_at" and self.case is None
            empty = now_hint(self.context, self.edits.begun) if begins else ""
            field.hint = when_hint(self.context, field.value, self.typed_at(field.id), empty=empty)
        elif field.id == "problem":
            known = self.context.handbook.problems.get(self._entry(field))
            if known is not None or not field.value:  # while another name is typed nothing moves
                self._ask_what_fits(known)
            field.hint = self.speech.say(known.definition) if known else self.speech("Press Down to see them all.")
        elif field.id == "remedy":
            remedy = self.context.handbook.remedies.get(self._entry(field))
            note = (remedy.note or remedy.as_of_right) if remedy else None
            empty = "" if field.value else self.speech("Press Down to see them all.")
            field.hint = self.speech.say(note) if note else empty

    def _ask_what_fits(self, problem: Problem | None) -> None:
        self._ask("received_at", problem is None or not problem.undelivered)
        self._ask("delivered_at", problem is None or problem.undelivered)
        clocks = self.context.handbook.deadlines
        on_page = problem is not None and any(clocks[it].on_page for it in problem.deadlines if it in clocks)
        self._ask("claim_within", on_page)
        remedies = self.context.handbook.remedies
        more = problem is not None and any(remedies[it].promised for it in problem.remedies if it in remedies)
        self._ask("page_promise", more)

    def _ask(self, name: str, fits: bool) -> None:
        """Show a field only where the problem makes it one, or something stands in it."""
        field = self.field(name)
        field.display = fits or bool(field.value)

    def _entry(self, field: Field) -> str | None:
        return field.entry.key_of(field.value) if isinstance(field.entry, Pick) else None

    async def save(self) -> Saved | None:
        casebook, now = self.context.casebook, self.context.casebook.now()
        new = self._entered()
        if self.case is None or self._base is None:
            case = await self.context.clerk.do(lambda: casebook.open_case(new))
            return Saved(case_id=case.id, message=self.speech("{ref} is open: {title}", ref=case.ref, title=case.title))
        mine = values_of(edited(CASE), new.build(self.case.id, self.case.ref, now))
        saved = await save_edit(
            self,
            self.case.id,
            "edit",
            edit_merging,
            base=self._base,
            mine=mine,
            fields=CASE,
            codes={},
            note="description",
        )
        if saved is None:
            return None
        return Saved(case_id=saved.id, message=self.speech("{ref} is changed.", ref=saved.ref))

    def _entered(self) -> NewCase:
        """What was typed; what cannot be read is refused at its field. What stands as it was is left out."""
        new = self.case is None
        faults = Faults()
        asked = [it for it in self._asked if new or self.touched(it.name)]
        nothing: dict[str, object] = {it.name: () if it.kind == "tags" else None for it in asked}
        typed = {it.name: faults.of(partial(self.read, it), nothing[it.name]) for it in asked}
        began = typed.get("opened_at") or self.edits.begun
        case = NewCase.of({**typed, "title": typed.get("title") or "", "opened_at": began})
        faults.of(lambda: open_case(case.build("", "", self.edits.begun)) if new else None, None)
        faults.check()
        return case
