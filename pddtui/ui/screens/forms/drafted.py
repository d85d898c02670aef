"""A screen whose fields are on disk within half a second of a key, and which offers what another one left behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import Words
from pddtui.services.drafts import Draft, Drafts, Subject
from pddtui.ui import sheets, show
from pddtui.ui.context import Context
from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.forms.typed import Typed
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Field

__all__ = ["BETWEEN_WRITES", "Drafted"]

BETWEEN_WRITES = 0.4
"""Seconds from a key to the write of the draft; keys in between are written with it."""

_ON_OFFER = frozenset({"take_draft", "throw_draft"})
"""What can be done only while a draft is offered."""
_LONG, _MOST = 12, 400
"""Characters: a value as long as this tells what a draft was about; as many of all are shown."""


class Drafted(ModalScreen[Saved | None]):
    CSS_PATH = sheets.REST
    KIND: ClassVar[str]
    """The kind of form."""

    def __init__(
        self, context: Context, case: Case | None, thing: str | None = None, *, kind: str | None = None
    ) -> None:
        """`thing` is the id of what the form changes, where that is not the case itself; `kind` overrides `KIND`."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self.case = case
        # A case that is still to be opened belongs to one data file; every other is known by its id wherever it is.
        file = str(context.places.data_file) if case is None else None
        subject = Subject(form=kind or self.KIND, case=case.id if case else None, thing=thing, file=file)
        self.typed = Typed(Drafts(context.places.drafts).open(subject))
        self.offer_line = Static(classes="form--offer")
        self._clean: Mapping[str, str] = {}
        self._standing: Mapping[str, str] = {}
        """The last values seen; when the program ends, the fields are gone before the screen is."""
        self._offer: Draft | None = None
        self._writing: Timer | None = None

    def begin(self) -> None:
        """What stands in the fields now was not typed. To be called when they are filled."""
        self._clean = self._standing = self.values()
        self._show_offer(None)
        self.run_worker(self._look_for_draft(), group="draft")

    def on_unmount(self) -> None:
        dirty = self._standing != self._clean
        self.typed.end_now(self._standing if dirty else None, self.context.casebook.now())

    def tell_trouble(self, words: Words) -> None:
        """Say one sentence in the form."""
        raise NotImplementedError

    # The values.

    def values(self) -> dict[str, str]:
        """What stands in every field, by its name."""
        return {field.id: field.value for field in self.query(Field) if field.id}

    def at_first(self, name: str) -> str:
        """What stood in the field when the form was opened."""
        return self._clean.get(name, "")

    @property
    def dirty(self) -> bool:
        """Whether anything stands there that was not there at the beginning."""
        return self.values() != self._clean

    def restore(self, values: Mapping[str, str]) -> None:
        """Put the values of a draft into the fields."""
        for field in self.query(Field):
            if field.id is not None and field.id in values:
                field.value = values[field.id]

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.changed(event.field)
        self._standing = self.values()
        if self._writing is None:
            self._writing = self.set_timer(BETWEEN_WRITES, self._write_aside)

    def changed(self, field: Field) -> None:
        """Something else stands in a field: say what it means."""

    # The draft.

    def _write_aside(self) -> None:
        """Keys go on being taken while the disk is busy."""
        self._writing = None
        self.run_worker(self.write_draft(), group="draft")

    async def write_draft(self) -> bool:
        """Put what stands in the fields on disk; says so in the form when that fails, and gives False."""
        try:
            if self.dirty:
                await self.typed.keep(self.values(), self.context.casebook.now())
            else:
                await self.typed.drop()
        except PddError as error:
            self.tell_trouble(error.message)
            return False
        return True

    async def _look_for_draft(self) -> None:
        self._show_offer(await self.typed.offered())

    def _show_offer(self, draft: Draft | None) -> None:
        self._offer = draft
        self.offer_line.display = draft is not None
        if draft is not None:
            text = self.speech("Text from {moment} was not saved.", moment=draft.at)
            self.offer_line.update(show.plain(f"✎ {text}", Tone.AMBER))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _ON_OFFER:
            return self._offer is not None
        return super().check_action(action, parameters)

    async def action_take_draft(self) -> None:
        if (draft := self._offer) is None:
            return
        try:
            await self.typed.take(draft)
        except PddError as error:
            self.tell_trouble(error.message)
            return
        self._show_offer(None)
        self.restore(draft.values)

    def action_throw_draft(self) -> None:
        if self._offer is not None:
            self.run_worker(self._ask_to_throw(self._offer), group="leave", exclusive=True)

    async def _ask_to_throw(self, draft: Draft) -> None:
        telling = (value for value in draft.values.values() if " " in value or len(value) > _LONG)
        question = Confirm(
            self.speech("Throw away the text from {moment}?", moment=draft.at),
            yes=self.speech("Throw it away"),
            no=self.speech("Keep it"),
            detail="\n".join(telling)[:_MOST],
        )
        if await self.app.push_screen_wait(question):
            await self.typed.discard(draft)
            self._show_offer(None)
