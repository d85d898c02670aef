"""Asking into which file a letter goes, with a free name in the present folder proposed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.widget import Widget

from pddtui.domain.case import Case
from pddtui.errors import CannotWrite, Refused
from pddtui.message import msg
from pddtui.services.exchange.files import free_path, write_file
from pddtui.services.letters import Letter
from pddtui.ui.context import Context
from pddtui.ui.paths import complete, read_path
from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Field, Suggest

__all__ = ["LetterFile"]


class LetterFile(FormScreen):
    KIND: ClassVar[str] = "letter_file"

    def __init__(self, context: Context, case: Case, letter: Letter) -> None:
        super().__init__(context, case)
        self._of, self._letter = case, letter

    def values(self) -> dict[str, str]:
        """Nothing here is worth a draft, or a question before leaving."""
        return {}

    def heading(self) -> str:
        return self.speech("Letter to a file")

    def fields(self) -> Iterable[Widget]:
        hint = self.speech("In {folder}, if no folder is named.", folder=str(Path.cwd()))
        yield Field(self.speech("Into"), Suggest(complete), required=True, hint=hint, id="file")

    def prepare(self) -> None:
        self.field("file").value = str(free_path(Path(), f"{self._of.ref}-{self._letter.kind.id}", "txt"))

    async def save(self) -> Saved | None:
        typed = self.given("file")
        if typed is None:
            raise Refused(msg("Say into which file."), field="file")
        path = read_path(typed)
        if path.is_dir():
            raise Refused(msg("{file} is a folder: name a file in it.", file=str(path)), field="file")
        overwrite = path.exists()
        if overwrite:
            question = self.speech("{file} is there already. Write over it?", file=str(path))
            sure = Confirm(question, yes=self.speech("Write it"), no=self.speech("Look again"))
            if not await self.app.push_screen_wait(sure):
                return None
        text = self._letter.text.encode()
        try:
            await asyncio.to_thread(write_file, path, text, overwrite=overwrite)
        except CannotWrite as error:
            raise Refused(error.message, field="file") from error
        return Saved(case_id=self._of.id, message=self.speech("The letter was written to {file}.", file=str(path)))
