"""As few bytes to the terminal as a change needs: over SSH that is most of what there is to wait for.

Output is trimmed to what differs, and a screen is not painted before its widgets know their sizes.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import lru_cache
from typing import NamedTuple, Self

from textual import events
from textual.app import ReturnType
from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

__all__ = ["ThriftyScreen", "trim_styles"]

_LOOK = re.compile("\x1b\\[([0-9;]*)m")
_MOVE = re.compile("(?:\x1b\\[[0-9;]*H)*")
_RESET = "\x1b[0m"
_SHOWN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Underlined, reversed, struck, twice underlined, overlined."""


class _Look(NamedTuple):
    """How the terminal draws, as parameters of one escape sequence."""

    flags: frozenset[str] = frozenset()
    ink: str = ""
    ground: str = ""


_PLAIN = _Look()


def trim_styles(output: str) -> str:
    """The same picture with shorter looks. It begins and ends with none, as the output does.

    Rich begins every piece of text with all of its colours and ends it with a reset. Here a piece says only in what it
    differs from the one before, and blanks have no colour but that of their ground.
    """
    pieces = _LOOK.split(output)
    if len(pieces) == 1:
        return output
    said = wanted = _PLAIN
    lean = [pieces[0]]
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        wanted = _after(wanted, code)
        if not text:
            continue
        if _MOVE.fullmatch(text) is None:
            looks = wanted
            if text.isspace() and said.flags == wanted.flags and said.flags.isdisjoint(_SHOWN_ON_BLANKS):
                looks = wanted._replace(ink=said.ink)
            lean.append(_change(said, looks))
            said = looks
        lean.append(text)
    if said != _PLAIN:
        lean.append(_RESET)
    return "".join(lean)


@lru_cache(1024)
def _after(look: _Look, code: str) -> _Look:
    """The look after one escape sequence."""
    flags, ink, ground = set(look.flags), look.ink, look.ground
    numbers = iter(code.split(";"))
    for number in numbers:
        if number in ("", "0"):
            flags, ink, ground = set(), "", ""
        elif number in ("38", "48"):
            kind = next(numbers, "")
            values = [next(numbers, "") for _ in range(3 if kind == "2" else 1)]
            colour = ";".join((number, kind, *values))
            ink, ground = (colour, ground) if number == "38" else (ink, colour)
        elif number.startswith(("3", "9")) and len(number) == 2:
            ink = "" if number == "39" else number
        elif number.startswith(("4", "10")) and len(number) > 1:
            ground = "" if number == "49" else number
        else:
            flags.add(number)
    return _Look(frozenset(flags), ink, ground)


@lru_cache(1024)
def _change(old: _Look, new: _Look) -> str:
    """What to send to get from one look to another."""
    if old == new:
        return ""
    if new == _PLAIN:
        return _RESET
    if not old.flags <= new.flags:
        return f"\x1b[{';'.join(filter(None, ('0', *sorted(new.flags), new.ink, new.ground)))}m"
    parts = sorted(new.flags - old.flags)
    if new.ink != old.ink:
        parts.append(new.ink or "39")
    if new.ground != old.ground:
        parts.append(new.ground or "49")
    return f"\x1b[{';'.join(parts)}m"


class ThriftyScreen(Screen[ReturnType]):
    """A screen that its widgets cover, so that it need not be painted under them.

    Textual paints a new screen when it is shown, again when its widgets know their sizes, and whenever the focus moves.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        self._opening: ExitStack | None = ExitStack()
        """Holds the pictures back until there is one to show; None after that."""
        super().__init__()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first time, do what Textual does without working out the styles again and without painting twice."""
        if self._opening is not None:
            event.prevent_default()
            self.stack_updates += 1
            self._opening.enter_context(self.app.batch_update())
            self.post_message(events.Resize(self.app.size, self.app.size))
            self.call_later(self._open)

    def _open(self) -> None:
        """Every widget has its place now, and none has been painted: the next picture is the first."""
        if self._opening is not None:
            opening, self._opening = self._opening, None
            opening.close()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self._opening is None:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if layout or recompose:
            return super().refresh(repaint=False, layout=layout, recompose=recompose)
        return self
