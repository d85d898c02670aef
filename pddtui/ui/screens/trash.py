"""The deleted cases: when each went, the way back, and the way out, which is asked for with their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, ReturnType
from textual.content import Content
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.message import plural
from pddtui.services.casebook import ERASING
from pddtui.ui import show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.show import Tone
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["TrashScreen"]


class TrashScreen(PageScreen):
    """Gives back the id of the case that was restored, or None."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "trash"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._cases: dict[str, Case] = {}
        nothing = context.speech(
            "The trash is empty. Press D on the desk to move a case here; nothing is erased automatically."
        )
        self._list = LineList(self._look, empty=show.plain(nothing, Tone.QUIET), id="trashed")
        self._title = Static(classes="page--title")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._list
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._show()
        self._list.focus()

    def _show(self) -> None:
        newest_first = sorted(self.context.casebook.cases(trash=True), key=_deleted, reverse=True)
        self._cases = distinct((case.id, case) for case in newest_first)
        count = str(len(newest_first)) if newest_first else ""
        self._title.update(show.line((self.context.speech("Trash"), Tone.STRONG), (f"  {count}", Tone.QUIET)))
        self._list.set_rows([Row(key, stamp=case) for key, case in self._cases.items()])
        self.refresh_bindings()

    def show_again(self) -> None:
        self._show()

    def take_in(self, changed: frozenset[str]) -> None:  # noqa: ARG002 -- any of them may be in the trash now
        self._show()

    def met(self, need: Need) -> bool:
        return need is not Need.DELETED_CASE or bool(self._cases)

    @on(LineList.Opened)
    def _opened(self) -> None:
        self.action_restore()

    @work(exclusive=True, group="restore")
    async def action_restore(self) -> None:
        """Take the selected case back and go to where it is."""
        case_id, casebook = self._list.cursor_key, self.context.casebook
        if case_id is not None and await self._saved(lambda: casebook.restore(case_id)) is not None:
            self.dismiss(case_id)

    @work(exclusive=True, group="restore")
    async def action_empty(self) -> None:
        """Erase what is listed, and nothing that was deleted since, after a question with the number."""
        speech, casebook, listed = self.context.speech, self.context.casebook, tuple(self._cases)
        question = plural("Erase {n} case for good?", "Erase {n} cases for good?", len(listed))
        sure = await self.app.push_screen_wait(
            Confirm(
                speech.say(question),
                yes=speech("Erase"),
                no=speech("Keep"),
                detail=speech.say(ERASING),
            )
        )
        if not sure:
            return
        erased = await self._saved(lambda: casebook.empty_trash(listed))
        if erased is not None:
            said = plural("{n} case was erased for good.", "{n} cases were erased for good.", len(erased))
            self.tell(speech.say(said))
            self._show()

    async def _saved(self, work: Callable[[], ReturnType]) -> ReturnType | None:
        """What the work returns; None when it was refused, and the reason was shown."""
        casebook, speech = self.context.casebook, self.context.speech
        if (why := casebook.store.read_only) is not None:
            self.decline(speech.say(why))
            return None
        try:
            return await self.context.clerk.do(work)
        except PddError as error:
            self.decline(speech.say(error.message))
            return None

    def _look(self, key: str, _cells: int) -> Sequence[Content]:
        case, speech = self._cases[key], self.context.speech
        gone = speech("deleted {at}", at=case.trashed_at) if case.trashed_at is not None else ""
        head = show.join("  ", [(case.title, Tone.STRONG), (case.ref, Tone.QUIET)])
        return head, show.join((" · ", Tone.FAINT), [(gone, Tone.QUIET), (case.merchant or "", Tone.QUIET)])


def _deleted(case: Case) -> float:
    return case.trashed_at.timestamp() if case.trashed_at is not None else 0.0
