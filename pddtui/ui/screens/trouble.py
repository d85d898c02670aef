"""What is shown while the file cannot be opened, as a program of one screen before the desk.

The screen changes nothing itself. It gives back what the person chose, and the one thing that writes is asked for
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct
from textual import events, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from pddtui.errors import Busy, CannotWrite, Damaged, PddError, Refused
from pddtui.message import Message, msg
from pddtui.settings import Settings
from pddtui.speech import Speech
from pddtui.ui import bindings, show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.show import Tone
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.texts import ReadingPane

__all__ = ["Rescue", "TroubleApp", "TroubleScreen"]

WayOut = Literal["retry", "recover", "backup", "quit"]


class Rescue(Struct, frozen=True, kw_only=True):
    """What can be had of a damaged file."""

    plan: tuple[Message, ...] = ()
    """What would be recovered, with its counts; nothing when there is nothing to recover from."""
    backup: Path | None = None
    """The newest former state that can be opened."""


def advice(error: PddError, rescue: Rescue) -> Message:
    """What can be done about it, in one sentence."""
    match error:
        case Damaged() if rescue.plan:
            return msg("Nothing was changed yet. Press B to rebuild the file from this; the damaged file is kept.")
        case Damaged():
            return msg(
                "Nothing was changed, and there is nothing to recover from. Put the right file or a copy of "
                "it there and try again, choose another one with --file, or start with an empty file: "
                "“pddtui recover --empty”."
            )
        case Busy():
            return msg("Another window is saving or not responding. Close it or wait a moment, then try again.")
        case CannotWrite():
            return msg("Free some space, or get permission to write there, then try again.")
    return msg("Fix the problem, then try again.")


class TroubleScreen(ActionScreen[WayOut]):
    """Gives back what the person chose."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "trouble"

    def __init__(self, speech: Speech, error: PddError, file: Path, rescue: Rescue | None = None) -> None:
        super().__init__()
        self.speech = speech
        self._error = error
        self._file = file
        self._rescue = rescue or Rescue()

    def compose(self) -> ComposeResult:
        title = self.speech("The cases cannot be shown")
        yield Static(show.line(("! ", Tone.RED), (title, Tone.STRONG)), classes="page--title")
        yield ReadingPane(self._look)
        yield KeyLine(self.speech)

    def met(self, need: Need) -> bool:
        match need:
            case Need.RECOVERY:
                return bool(self._rescue.plan)
            case Need.BACKUP:
                return self._rescue.backup is not None
        return True

    def action_retry(self) -> None:
        self.dismiss("retry")

    @work
    async def action_recover(self) -> None:
        """Ask with the counts, and recover only on a yes."""
        speech = self.speech
        question = Confirm(
            speech("Rebuild the data file from this?"),
            yes=speech("Recover"),
            no=speech("Leave it unchanged"),
            detail="\n".join(speech.say(sentence) for sentence in self._rescue.plan),
        )
        if await self.app.push_screen_wait(question):
            self.dismiss("recover")

    def action_open_backup(self) -> None:
        self.dismiss("backup")

    def action_quit(self) -> None:
        self.dismiss("quit")

    def _look(self, cells: int) -> list[Content]:
        speech, rescue = self.speech, self._rescue
        lines = [*show.wrap(show.plain(speech.say(self._error.message)), cells), Content("")]
        for sentence in rescue.plan:
            lines += show.wrap(show.plain(speech.say(sentence), Tone.STRONG), cells)
        if rescue.plan:
            lines.append(Content(""))
        lines += show.wrap(show.plain(speech.say(advice(self._error, rescue)), Tone.ACCENT), cells)
        return [*lines, Content(""), *self._files(cells)]

    def _files(self, cells: int) -> Sequence[Content]:
        lines = show.wrap(show.plain(str(self._file), Tone.QUIET), cells)
        if self._rescue.backup is None:
            return lines
        words = self.speech("newest backup: {name}", name=self._rescue.backup.name)
        return [*lines, *show.wrap(show.plain(words, Tone.QUIET), cells)]


class TroubleApp(SteadyApp[WayOut]):
    """Run it; it returns what the person chose, or None when the line was lost."""

    CSS_PATH = themes.FIRST_SHEETS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, screen: TroubleScreen, settings: Settings) -> None:
        super().__init__(screen.speech)
        self._trouble = screen
        self.title = "pddtui"
        themes.install(self)
        try:
            self.wear(settings.theme)
        except Refused:  # the desk says so, if it comes to that
            self.wear("auto")

    def on_mount(self) -> None:
        self.push_screen(self._trouble, self.exit)

    async def on_event(self, event: events.Event) -> None:
        """There is nothing to type here: a full-width character is its ASCII twin."""
        if isinstance(event, events.Key):
            event = bindings.half_width(event) or event
        await super().on_event(event)
