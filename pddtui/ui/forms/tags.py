"""The tags of a case, in one line, separated by commas; the one being typed is completed from those in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.domain.text import fold, tags_in
from pddtui.services.inputs import typed_tags
from pddtui.services.pinyin import fits
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.forms.hints import Remark
from pddtui.ui.widgets.fields import Field, Suggest, Suggestion

__all__ = ["TagsForm"]

_MOST = 12
"""So many of the tags in use are named under the field, the most frequent first."""


class TagsForm(FormScreen):
    KIND: ClassVar[str] = "tags"

    def __init__(self, context: Context, case: Case, *, marked: Sequence[Case] = ()) -> None:
        """`marked` are tagged together: what they have in common stands there, and the rest of theirs stays."""
        super().__init__(context, marked[0] if marked else case)
        self._cases = tuple(marked) or (case,)
        common = [{fold(tag) for tag in each.tags} for each in self._cases]
        self._had = tuple(tag for tag in self._cases[0].tags if all(fold(tag) in tags for tags in common))
        used = Counter(tag for each in context.casebook.cases() for tag in each.tags)
        self._used = [tag for tag, _ in used.most_common()]

    def heading(self) -> str:
        return self.speech("Tags")

    def fields(self) -> Iterable[Widget]:
        if len(self._cases) > 1:
            yield Remark(lambda: self.speech("{n} marked cases together", n=len(self._cases)))
        hint = self.speech("in use: {tags}", tags=tuple(self._used[:_MOST])) if self._used else ""
        hint = hint or self.speech("Several are separated by commas.")
        standing = "".join(f"{tag}, " for tag in self._had)  # so that another can be typed at once
        line = Suggest(self._matching, standing, sole=True)
        yield Field(self.speech("Tags"), line, hint=hint, id="tags")

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        self.action_save()

    def _matching(self, typed: str) -> list[Suggestion]:
        """The whole line with its last tag completed."""
        *before, last = tags_in(typed) or ("",)
        if not last or typed.rstrip()[-1:] in ",，、;；":
            return []
        there = {fold(tag) for tag in (*before, last)}
        found = [tag for tag in self._used if fold(tag) not in there and fits(fold(last), fold(tag))]
        return [Suggestion(tag, ", ".join((*before, tag)), tag if before else "") for tag in found]

    async def save(self) -> Saved | None:
        wanted, had = typed_tags(self.value("tags")), self._had
        kept, before = {fold(tag) for tag in wanted}, {fold(tag) for tag in had}
        added = [tag for tag in wanted if fold(tag) not in before]
        removed = [tag for tag in had if fold(tag) not in kept]
        if added or removed:
            casebook, case_ids = self.context.casebook, [case.id for case in self._cases]
            await self.context.clerk.do(lambda: casebook.tag_all(case_ids, added, removed))
        case = self._cases[0]
        if len(self._cases) > 1:
            said = self.speech("{n} cases have these tags now: {tags}.", n=len(self._cases), tags=wanted or ("–",))
        elif wanted:
            said = self.speech("{ref} has the tags {tags}.", ref=case.ref, tags=wanted)
        else:
            said = self.speech("{ref} has no tags.", ref=case.ref)
        return Saved(case_id=case.id, message=said)
