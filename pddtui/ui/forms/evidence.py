"""The form for a piece of evidence: a file or a place, and what it proves. It keeps a new one or corrects an old."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case, Contact, Evidence
from pddtui.domain.fields import EVIDENCE, edited, value_of, values_of
from pddtui.errors import BadInput, Refused
from pddtui.handbook.model import EvidenceType
from pddtui.message import Message, file_size, msg
from pddtui.services.casebook import UlidSource
from pddtui.services.edit_conflicts import evidence_merging
from pddtui.services.evidence import EvidenceFolder, Kept, note_copy
from pddtui.services.inputs import NewEvidence
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.forms.edited_twice import save_edit
from pddtui.ui.forms.form import Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Pick, Remark, due_hint, suggestions, when_hint
from pddtui.ui.widgets.fields import Field
from pddtui.ui.widgets.file_pick import FilePick, read_path

__all__ = ["EvidenceForm"]


async def correct_evidence(form: FormScreen, case: Case, old: Evidence, new: NewEvidence) -> Saved | None:
    """Save what was changed; None when the person goes back to the form from a question."""
    fields = edited(EVIDENCE)
    saved = await save_edit(
        form,
        case.id,
        "edit_evidence",
        partial(evidence_merging, old.id),
        base=values_of(fields, old),
        mine=values_of(fields, new.build(old.id, old.added_at)),
        fields=fields,
        codes={},
        note="proves",
    )
    if saved is None:
        return None
    return Saved(
        case_id=case.id, thing=old.id, message=form.speech("The evidence in {ref} is corrected.", ref=saved.ref)
    )


CORRECTED_FIELDS = tuple(field for field in EVIDENCE if field.new or field.name == "file")


class EvidenceForm(FormScreen):
    KIND: ClassVar[str] = "evidence"
    DATED: ClassVar[frozenset[str]] = frozenset({"taken_at", "vanishes_at"})

    def __init__(
        self,
        context: Context,
        case: Case,
        *,
        contact: Contact | None = None,
        record: Evidence | None = None,
        kind: str | None = None,
    ) -> None:
        """With `contact` it is what that one is shown by; with `record` that one is corrected. `kind` is chosen."""
        super().__init__(context, case, record.id if record is not None else None)
        self._of = case
        self._contact = contact
        self._old = record
        self._chosen = kind
        self._percent = -1

    def heading(self) -> str:
        return self.speech("Evidence") if self._old is None else self.speech("Correct a piece of evidence")

    def fields(self) -> Iterable[Widget]:
        speech, old = self.speech, self._old
        if self._remark():
            yield Remark(self._remark)
        for stored in CORRECTED_FIELDS:
            if stored.name == "kind":
                yield self.labelled(stored, Pick(suggestions(speech, self._types()), self._kind_of(old)))
            elif stored.name != "file":
                yield self.labelled(stored, self.entry_for(stored, value_of(stored, old) if old is not None else None))
            elif old is None:
                yield self.labelled(stored, FilePick(placeholder=speech("~/Pictures/…, copied beside the cases")))

    def _remark(self) -> str:
        """What the person should know beforehand: which file stays, which contact it goes with."""
        speech = self.speech
        if self._old is not None:
            name = self._old.original_name or self._old.file
            return speech("The file {file} stays as it is.", file=name) if name is not None else ""
        if self._contact is not None:
            said = show.cut(self._contact.summary, 40)
            return speech("Belongs to the contact of {at}: {said}", at=self._contact.at, said=said)
        return ""

    def _kind_of(self, record: Evidence | None) -> str:
        kind = self.context.handbook.evidence_types.get(record.kind if record is not None else self._chosen)
        return self.speech.say(kind.label) if kind is not None else ""

    def _types(self) -> list[EvidenceType]:
        """All kinds: first what this case still lacks of its checklist."""
        handbook = self.context.handbook
        problem = handbook.problems.get(self._of.problem)
        wanted = [*(problem.evidence if problem else ()), *handbook.evidence_file.base_set]
        have = {record.kind for record in self._of.evidence}
        lacking = [key for key in wanted if key not in have]
        return sorted(handbook.evidence_types, key=lambda kind: kind.key not in lacking)

    def prepare(self) -> None:
        for field in self.query(Field):
            self.changed(field)

    def changed(self, field: Field) -> None:
        if field.id == "kind" and isinstance(field.entry, Pick):
            kind = self.context.handbook.evidence_types.get(field.entry.key_of(field.value))
            shows = self.speech("must show: {what}", what=kind.must_show) if kind else None
            field.hint = shows or self.speech("Press Down to see them all, those still missing first.")
        elif field.id == "file":
            field.hint = self._path_hint(field.value)
        elif field.id == "taken_at":
            field.hint = when_hint(self.context, field.value, self.typed_at("taken_at"))
        elif field.id == "vanishes_at":
            field.hint = due_hint(self.context, field.value, self.typed_at("vanishes_at"))

    async def save(self) -> Saved | None:
        casebook, case_id, now = self.context.casebook, self._of.id, self.context.casebook.now()
        new = self._entered()
        if self._old is not None:
            return await correct_evidence(self, self._of, self._old, new)
        typed, shows = self.given("file"), self._contact.id if self._contact is not None else None
        if typed is None:
            record = new.build(UlidSource().new(now), now)
            case = await self.context.clerk.do(lambda: casebook.add_evidence(case_id, record, shows))
            message = self.speech("The evidence was added to {ref}.", ref=case.ref)
            return Saved(case_id=case.id, thing=record.id, message=message)
        kept = await self._keep(read_path(typed), new, shows)
        return Saved(case_id=case_id, thing=kept.record.id, message=self.speech.say(_said(kept)))

    def _entered(self) -> NewEvidence:
        """What was typed; what cannot be read is refused at its field. What stands as it was is left out."""
        left = {it.name for it in CORRECTED_FIELDS if it.new and (self._old is None or self.touched(it.name))}
        gone = "vanishes_at" in left and self.given("vanishes_at") is not None
        faults = Faults()
        asked = [it for it in CORRECTED_FIELDS if it.name in left - {"vanishes_at"}]
        typed = {it.name: faults.of(partial(self.read, it), None) for it in asked}
        until = faults.of(lambda: self.due_in("vanishes_at").at, None) if gone else None
        faults.check()
        return NewEvidence.of({**typed, "vanishes_at": until})

    async def _keep(self, source: Path, new: NewEvidence, shows: str | None) -> Kept:
        """The copy is made beside the clerk, who goes on serving the desk meanwhile."""
        casebook, case_id = self.context.casebook, self._of.id
        folder = EvidenceFolder(self.context.places.evidence)
        new.build("", casebook.now())  # no copy for words that are refused
        try:
            copied = await asyncio.to_thread(folder.take, source, self._progress)
        except BadInput as error:
            raise Refused(error.message, field="file") from error
        return await self.context.clerk.do(
            lambda: note_copy(casebook, folder, case_id, copied, new, ids=UlidSource(), contact_id=shows)
        )

    def _progress(self, done: int, total: int) -> None:
        """Called from the thread that copies."""
        percent = done * 100 // max(1, total)
        if percent != self._percent:
            self._percent = percent
            self.app.call_from_thread(self._show_progress, percent)

    def _show_progress(self, percent: int) -> None:
        self.field("file").hint = self.speech("copied {percent} %", percent=percent)

    def _path_hint(self, typed: str) -> str:
        """What is found at that path, or why nothing is."""
        if not typed.strip():
            return self.speech(
                "Press Down to list your files. The one you choose is copied; leave this empty if only a "
                "place is known."
            )
        path = read_path(typed)
        try:
            if path.is_dir():
                return self.speech("This is a folder: press Down to see what is in it.")
            return file_size(path.stat().st_size) if path.is_file() else ""
        except (OSError, ValueError):
            return ""


def _said(kept: Kept) -> Message:
    if kept.already:
        return msg("{ref} already has this file; nothing was added.", ref=kept.case.ref)
    if kept.also_in:
        return msg("Added to {ref}; it is also evidence of {refs}.", ref=kept.case.ref, refs=kept.also_in)
    return msg("Added to {ref}: {file}", ref=kept.case.ref, file=kept.record.original_name or "")
