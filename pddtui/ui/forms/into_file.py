"""A form that ends in a file: it asks for the path and writes over nothing unasked.

What the program keeps its own data in is refused at the field, as is every place that does not take the file. Nothing
that stands in such a form is worth a draft.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from pddtui.errors import CannotWrite, Refused
from pddtui.message import Message, msg
from pddtui.services.export.files import replaces, writing_new
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.widgets.fields import Field, Suggest
from pddtui.ui.widgets.file_pick import full_path, offered_paths, read_path

__all__ = ["IntoFile", "Write"]

Write = Callable[[BinaryIO], tuple[Message, ...]]
"""Writes the content into an open file, in a thread of its own; gives back what has to be said of it."""


class IntoFile(FormScreen):
    """A subclass says what is written, and puts the file field among its own."""

    def values(self) -> dict[str, str]:
        """Nothing here is worth a draft, or a question before leaving."""
        return {}

    def file_field(self, hint: str = "") -> Field:
        return Field(self.speech("Write to"), Suggest(offered_paths), required=True, hint=hint, id="file")

    async def content(self) -> Write | None:
        """What writes the content, after everything else that has to be asked; None to go back to the form."""
        raise NotImplementedError

    def written(self, path: Path) -> str:
        """The sentence that says so."""
        return self.speech("Written to {file}.", file=full_path(path))

    async def save(self) -> Saved | None:
        path = self._path()
        kept = self.context.places.kept
        try:
            overwrite = replaces(path, kept)
            if overwrite and not await self.sure(self.speech("{file} already exists. Overwrite it?", file=str(path))):
                return None
            write = await self.content()
            if write is None:
                return None
            notes = await asyncio.to_thread(_written, write, path, overwrite=overwrite, kept=kept)
        except CannotWrite as error:
            raise Refused(error.message, field="file") from error
        said = self.speech.sentences((self.written(path), *map(self.speech.say, notes)))
        return Saved(case_id=self.case.id if self.case is not None else "", message=said)

    async def sure(self, question: str, detail: str = "") -> bool:
        """Whether it is to be written after all."""
        answer = Confirm(question, yes=self.speech("Write it"), no=self.speech("Check again"), detail=detail)
        return await self.app.push_screen_wait(answer)

    def _path(self) -> Path:
        typed = self.given("file")
        if typed is None:
            raise Refused(msg("Enter the file to write to."), field="file")
        path = read_path(typed)
        if path.is_dir():
            raise Refused(msg("{file} is a folder: name a file in it.", file=str(path)), field="file")
        return path


def _written(write: Write, path: Path, *, overwrite: bool, kept: Iterable[Path]) -> tuple[Message, ...]:
    with writing_new(path, overwrite=overwrite, kept=kept) as out:
        return write(out)
