"""Keeping a piece of evidence: a file that is copied, or the place where the original is, and what it proves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.errors import BadInput, Refused
from pddtui.handbook.evidence import EvidenceType
from pddtui.message import Message, msg
from pddtui.services.entries import NewEvidence
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.ids import UlidSource
from pddtui.services.keeping import Kept, note_copy
from pddtui.ui.context import Context
from pddtui.ui.paths import complete, read_path, size_words
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import by_when, due_hint, happened, when_hint
from pddtui.ui.screens.forms.picks import Pick, named
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Field, LineField, Suggest

__all__ = ["EvidenceForm"]


class EvidenceForm(FormScreen):
    KIND: ClassVar[str] = "evidence"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case
        self._percent = -1

    def heading(self) -> str:
        return self.speech("Evidence")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        yield Field(speech("Kind"), Pick(named(speech, self._types())), id="kind")
        yield Field(speech("It proves"), LineField(), id="proves")
        yield Field(
            speech("File"), Suggest(complete, placeholder=speech("~/Pictures/…, copied beside the cases")), id="file"
        )
        yield Field(
            speech("The original"),
            LineField(placeholder=speech("where it is: in the app's chat, on my phone")),
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
        elif field.id == "file":
            field.hint = self._told_of(field.value)
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
        typed = self.given("file")
        if typed is None:
            record = new.build(UlidSource().new(now), now)
            case = await self.context.clerk.do(lambda: casebook.add_evidence(case_id, record))
            message = self.speech("Evidence is noted in {ref}.", ref=case.ref)
            return Saved(case_id=case.id, thing=record.id, message=message)
        kept = await self._keep(read_path(typed), new)
        return Saved(case_id=case_id, thing=kept.record.id, message=self.speech.say(_said(kept)))

    async def _keep(self, source: Path, new: NewEvidence) -> Kept:
        """The copy is made beside the clerk, who goes on serving the desk meanwhile."""
        casebook, case_id = self.context.casebook, self._of.id
        folder = EvidenceFolder(self.context.places.evidence)
        new.build("", casebook.now())  # no copy for words that are refused
        try:
            copied = await asyncio.to_thread(folder.take, source, self._progress)
        except BadInput as error:
            raise Refused(error.message, field="file") from error
        return await self.context.clerk.do(lambda: note_copy(casebook, folder, case_id, copied, new, ids=UlidSource()))

    def _progress(self, done: int, total: int) -> None:
        """Told from the thread that copies."""
        percent = done * 100 // max(1, total)
        if percent != self._percent:
            self._percent = percent
            self.app.call_from_thread(self._show_progress, percent)

    def _show_progress(self, percent: int) -> None:
        self.field("file").hint = self.speech("copied {percent} %", percent=percent)

    def _told_of(self, typed: str) -> str:
        """What stands at that path."""
        if not typed.strip():
            return self.speech("A file is copied and its hash is kept; leave it out where only a place is known.")
        path = read_path(typed)
        try:
            size = path.stat().st_size if path.is_file() else None
        except (OSError, ValueError):
            size = None
        return size_words(size) if size is not None else ""


def _said(kept: Kept) -> Message:
    if kept.already:
        return msg("{ref} has that file already; nothing was added.", ref=kept.case.ref)
    if kept.also_in:
        return msg("Kept in {ref}; it is evidence in {refs} too.", ref=kept.case.ref, refs=kept.also_in)
    return msg("Kept in {ref}: {file}", ref=kept.case.ref, file=kept.record.original_name or "")
