"""The tags of a case, in one line, separated by commas; the one being typed is completed from those in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.domain.text import fold, tags_in
from pddtui.services.pinyin import fits
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.widgets.fields import Field, Suggest, Suggestion

__all__ = ["TagsForm"]

_MOST = 12
"""So many of the tags in use are named under the field, the most frequent first."""


class TagsForm(FormScreen):
    KIND: ClassVar[str] = "tags"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case
        used = Counter(tag for each in context.casebook.cases() for tag in each.tags)
        self._used = [tag for tag, _ in used.most_common()]

    def heading(self) -> str:
        return self.speech("Tags")

    def fields(self) -> Iterable[Widget]:
        hint = self.speech("in use: {tags}", tags=tuple(self._used[:_MOST])) if self._used else ""
        hint = hint or self.speech("Several are separated by commas.")
        standing = "".join(f"{tag}, " for tag in self._of.tags)  # so that another can be typed at once
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
        wanted, had = tags_in(self.value("tags")), self._of.tags
        kept, before = {fold(tag) for tag in wanted}, {fold(tag) for tag in had}
        added = [tag for tag in wanted if fold(tag) not in before]
        removed = [tag for tag in had if fold(tag) not in kept]
        if added or removed:
            casebook, case_id = self.context.casebook, self._of.id
            await self.context.clerk.do(lambda: casebook.tag(case_id, added, removed))
        said = (
            self.speech("{ref} has the tags {tags}.", ref=self._of.ref, tags=wanted)
            if wanted
            else self.speech("{ref} has no tags.", ref=self._of.ref)
        )
        return Saved(case_id=self._of.id, message=said)
