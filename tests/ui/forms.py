"""A form over an empty screen, with the cases of `tests.ui.cases` and drafts in a folder of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import structs
from textual import on
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

from pddtui.domain.case import Case
from pddtui.services.casebook import Casebook
from pddtui.speech import Language
from pddtui.ui import themes
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.widgets.entries import SeveralLines
from pddtui.ui.widgets.fields import Field
from tests.memory_store import MemoryStore
from tests.ui.apps import STYLES
from tests.ui.cases import desk

__all__ = ["Bench", "Make", "bench", "open_form", "second_window"]

Make = Callable[[Context], FormScreen]


class Shell(App[None]):
    """Pushes one form and remembers what it gave back."""

    CSS_PATH = [STYLES / f"{name}.tcss" for name in ("base", "widgets", "forms", "pages", "export")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        themes.install(self)
        self.theme = themes.DARK
        self.result: list[Saved | None] = []
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    @on(SeveralLines)
    def _only_words(self, event: SeveralLines) -> None:
        """What the program does with several lines that are no chat."""
        event.put_in(event.text)


class Bench:
    """An open form and the keys to it."""

    def __init__(self, app: Shell, pilot: Pilot[None], context: Context, form: FormScreen) -> None:
        self.app = app
        self.pilot = pilot
        self.context = context
        self.form = form

    @property
    def casebook(self) -> Casebook:
        return self.context.casebook

    @property
    def result(self) -> list[Saved | None]:
        """What the form gave back; empty while it is open."""
        return self.app.result

    def shows(self, kind: type[Screen[Any]]) -> bool:
        """Whether a question of that kind is in front of the form."""
        return isinstance(self.app.screen, kind)

    def field(self, name: str) -> Field:
        return self.form.field(name)

    def case(self, ref: str) -> Case:
        return self.casebook.find(ref)

    async def settle(self) -> None:
        """Until nothing is under way any more, apart from a question that waits for its answer."""
        await self.pilot.pause()
        await self.app.animator.wait_for_idle()
        for worker in list(self.form.workers):
            mine = worker.node is self.form and worker.group != "leave"
            if mine and not worker.is_finished and self.app.screen is self.form:
                await worker.wait()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def write(self, name: str, text: str) -> None:
        """Paste into a field, which takes one event where letters take many."""
        self.field(name).focus()
        await self.pilot.pause()
        self.app.post_message(Paste(text))
        await self.settle()

    async def save(self) -> None:
        await self.press("ctrl+s")


@asynccontextmanager
async def bench(context: Context, make: Make, *, size: tuple[int, int] = (100, 40)) -> AsyncIterator[Bench]:
    app = Shell()
    async with app.run_test(size=size) as pilot:
        form = make(context)
        app.push_screen(form, app.result.append)
        opened = Bench(app, pilot, context, form)
        await opened.settle()
        yield opened


@asynccontextmanager
async def open_form(
    make: Make, folder: Path, *, language: Language = "en", size: tuple[int, int] = (100, 40)
) -> AsyncIterator[Bench]:
    with desk(language) as context:
        places = structs.replace(context.places, state_folder=folder)
        async with bench(structs.replace(context, places=places), make, size=size) as opened:
            yield opened


def second_window(context: Context) -> tuple[Casebook, MemoryStore]:
    """Another session on the same cases, and the store of the first."""
    ours = context.casebook
    assert isinstance(ours.store, MemoryStore)
    return Casebook(ours.store.open_again(), ours.clock, ours.calendar, ours.rules, ours._ids), ours.store
