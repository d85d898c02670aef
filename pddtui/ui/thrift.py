"""As few bytes to the terminal as a change needs: over SSH that is most of what there is to wait for.

Textual sends whole widgets. Here the last picture is remembered, and only cells that differ from it are sent; where
the line is slower than the program, the pictures in between are left out, and nothing waits for the line. A screen is
not painted before its widgets know their sizes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple, Self

from rich.cells import cell_len, split_graphemes
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import ReturnType
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

__all__ = ["Outlet", "Picture", "ShapedScreen", "ThriftyScreen"]

_RESET = "\x1b[0m"
_SHOWN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Underlined, reversed, struck, twice underlined, overlined."""


class _Look(NamedTuple):
    """How the terminal draws, as parameters of one escape sequence."""

    flags: frozenset[str] = frozenset()
    ink: str = ""
    ground: str = ""


_PLAIN = _Look()


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


_PART = re.compile("\x1b\\[([\\d;]*)([mH])|([^\x00-\x1f\x7f-\x9f]+)|(\r?\n)|(.)", re.DOTALL)
"""What a picture is made of: a look or a place, a text, a new line. The last group is none of them."""

_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003fffd]"
)
"""Signs of two cells about which terminals agree. About emoji and combined signs they do not."""

RIGHT_HALF: Final = ""
"""What stands in the second cell of a wide sign."""

_Cells = list[str | None]
"""The texts of a row, None where it is not known what is there."""


@lru_cache(4096)
def _cells(text: str) -> tuple[str, ...]:
    """What stands in each cell of a text."""
    if text.isascii():
        return tuple(text)
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells += [text[start:end], *[RIGHT_HALF] * (width - 1)]
        elif cells:
            lead = next(place for place in range(len(cells) - 1, -1, -1) if cells[place] != RIGHT_HALF)
            cells[lead] += text[start:end]
    return tuple(cells)


@lru_cache(4096)
def _agreed(text: str) -> bool:
    """Whether every terminal gives the text as many cells as we do."""
    return text.isascii() or all(_WIDE.match(sign) is not None or cell_len(sign) == 1 for sign in text)


@lru_cache(1024)
def _blank(look: _Look) -> _Look:
    """As much of a look as is seen where there is no sign."""
    flags = look.flags & _SHOWN_ON_BLANKS
    return _Look(flags, look.ink if flags else "", look.ground)


class Picture:
    """What the terminal shows, and what it is to show, cell by cell. Not for two threads at once."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        self._at: tuple[int, int] | None = None
        """Where the cursor of the terminal is, by row and column from 0."""
        self._cursor: tuple[int, int] | None = None
        """Where it is to be."""
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Begin anew with that many columns and rows: nothing is known of what is there."""
        self._width, self._height = width, height
        self._wanted: list[_Cells] = [[None] * width for _ in range(height)]
        self._looks = [[_PLAIN] * width for _ in range(height)]
        self._changed: set[int] = set()
        self.forget()

    def forget(self) -> None:
        """Something else has drawn on the terminal, or it was cleared: all of the picture has to be sent again."""
        self._shown: list[_Cells] = [[None] * self._width for _ in range(self._height)]
        self._shown_looks = [[_PLAIN] * self._width for _ in range(self._height)]
        self._changed.update(range(self._height))
        self._at = None

    def paint(self, output: str) -> bool:
        """Take in what Textual would send; False where it is more than a picture.

        Every output begins and ends with no look.
        """
        look, whole = _PLAIN, True
        row, column = self._cursor or (0, self._width)
        for code, kind, text, line, other in _PART.findall(output):
            if text:
                column = self._put(row, column, _cells(text), look)
            elif kind == "m":
                look = _after(look, code)
            elif kind:
                y, _, x = code.partition(";")
                row, column = int(y or 1) - 1, int(x or 1) - 1
            elif line:
                row, column = row + 1, 0
            elif other:
                whole = False
        self._cursor = row, column
        return whole

    def _put(self, row: int, column: int, cells: Sequence[str], look: _Look) -> int:
        """Put a text there, as far as there is room; gives the column behind it."""
        end = column + len(cells)
        if row >= self._height or column >= self._width:
            return end
        if end > self._width:
            cut = self._width - column
            cells = (*cells[: cut - 1], " ") if cells[cut] == RIGHT_HALF else cells[:cut]
        last = column + len(cells)
        texts, looks = self._wanted[row], self._looks[row]
        blank = _blank(look)
        if blank != look and " " in cells:
            new = [blank if cell == " " else look for cell in cells]
        else:
            new = [look] * len(cells)
        if texts[column] == RIGHT_HALF and column:
            texts[column - 1], looks[column - 1] = " ", _blank(looks[column - 1])
        if last < self._width and texts[last] == RIGHT_HALF:
            texts[last], looks[last] = " ", _blank(looks[last])
        texts[column:last], looks[column:last] = cells, new
        self._changed.add(row)
        return end

    def due(self) -> str:
        """What to send, so that the terminal shows what it is to show. It begins and ends with no look."""
        sending = _Sending(self._at)
        for row in sorted(self._changed):
            self._send_row(row, sending)
        self._changed.clear()
        if sending.look != _PLAIN:
            sending.parts.append(_RESET)
        if self._cursor is not None and sending.at != self._cursor:
            sending.move(*self._cursor)
        self._at = sending.at
        return "".join(sending.parts)

    def _send_row(self, row: int, sending: _Sending) -> None:
        texts, looks = self._wanted[row], self._looks[row]
        shown, shown_looks = self._shown[row], self._shown_looks[row]
        if texts == shown and looks == shown_looks:
            return
        column = anyway = 0
        while column < self._width:
            start = column
            while column < self._width and (text := texts[column]) is not None:
                if column >= anyway and text == shown[column] and looks[column] == shown_looks[column]:
                    break
                column += 1
            if column > start:
                while column < self._width and texts[column] == RIGHT_HALF:
                    column += 1
                self._go_to(row, start, sending)
                anyway = max(anyway, self._send_run(row, start, column, sending))
            else:
                column += 1
        for place, text in enumerate(texts):
            if text is not None:
                shown[place], shown_looks[place] = text, looks[place]

    def _send_run(self, row: int, start: int, end: int, sending: _Sending) -> int:
        """Send these cells; gives the column up to which the terminal may have drawn."""
        texts, looks = self._wanted[row], self._looks[row]
        reach = end
        while start < end:
            look, blank = looks[start], _blank(looks[start])
            behind = start + 1
            while behind < end and (looks[behind] == look or (texts[behind] == " " and looks[behind] == blank)):
                behind += 1
            text = "".join(cell or "" for cell in texts[start:behind])
            sending.dress(look, blank=text.isspace())
            if _agreed(text):
                sending.parts.append(text)
            else:
                reach = max(reach, self._send_doubtful(row, start, behind, sending))
            sending.at = (row, behind) if behind < self._width else None
            start = behind
        return reach

    def _send_doubtful(self, row: int, start: int, end: int, sending: _Sending) -> int:
        """Sign by sign, blanks first, in case one is narrower there, and to its place, in case one is wider."""
        texts, reach = self._wanted[row], end
        while start < end:
            text, behind = texts[start] or "", start + 1
            while behind < end and texts[behind] == RIGHT_HALF:
                behind += 1
            if not _agreed(text):
                sending.parts.append(" " * (behind - start))
                sending.at = None
                sending.move(row, start)
                reach = max(reach, start + 2 * len(text))
            sending.parts.append(text)
            if not _agreed(text):
                sending.at = None
                if behind < self._width:
                    sending.move(row, behind)
            start = behind
        return reach

    def _go_to(self, row: int, column: int, sending: _Sending) -> None:
        """Over a small gap by writing what is there: that is shorter than a move."""
        if sending.at == (row, column):
            return
        if sending.at is not None and sending.at[0] == row and 0 < column - sending.at[1] <= _GAP:
            start = sending.at[1]
            between, looks = self._wanted[row][start:column], self._looks[row][start:column]
            gap = "".join(text or "\0" for text in between)
            if gap.isprintable() and gap.isascii() and all(sending.wears(look) for look in looks):
                sending.parts.append(gap)
                sending.at = row, column
                return
        sending.move(row, column)


_GAP = 3
"""Cells that are written again rather than passed over."""


class _Sending:
    """What is being sent: its parts, where it has got to, and the look it has put on."""

    def __init__(self, at: tuple[int, int] | None) -> None:
        self.parts: list[str] = []
        self.at = at
        self.look = _PLAIN

    def move(self, row: int, column: int) -> None:
        if (row, column) == self.at:
            return
        if self.at is not None and self.at[0] == row and self.at[1] < column:
            self.parts.append(f"\x1b[{column - self.at[1]}C")
        else:
            self.parts.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        self.at = row, column

    def wears(self, look: _Look) -> bool:
        return self.look == look

    def dress(self, look: _Look, *, blank: bool) -> None:
        """Put on a look. A blank needs no ink, so it keeps the one there is."""
        if blank:
            if _blank(self.look) == look:
                return
            if not look.flags and not self.look.flags:
                look = look._replace(ink=self.look.ink)
        if look != self.look:
            self.parts.append(_change(self.look, look))
            self.look = look


_ALTERNATE_ON, _ALTERNATE_OFF = "\x1b[?1049h", "\x1b[?1049l"
_HARMLESS = re.compile("(?:\x1b\\[[?<>=][\\d;$]*[a-zA-Z]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x07)+")
"""Modes, questions, the clipboard, a title, the bell: nothing of it is seen in a cell."""


ONE_GO: Final = 400
"""Characters that a terminal draws at one go, so that no marks need keep them together."""


class Outlet:
    """Stands between Textual, which gives whole widgets to `take`, and the writer, who asks what is to `give`.

    Where the writer comes late, he finds one picture, the newest, so that nobody ever waits for the line.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._picture = Picture()
        self._before: list[str] = []
        """What goes out before the picture, in its order."""
        self._away = False
        """Whether the screen is somebody else's."""
        self._marked = False
        """Whether the terminal knows the marks around a picture that is to be seen as a whole."""
        self._called = False
        self._size: Size | None = None

    def resize(self, width: int, height: int) -> None:
        """The terminal has that size now, and it is not known what is left of the picture."""
        with self._lock:
            self._picture.resize(width, height)

    def fit(self, size: Size) -> None:
        """Be of that size; the very object counts, because each change of size makes one.

        A terminal that had another size in between may have lost the picture.
        """
        if size is not self._size:
            self._size = size
            self.resize(*size)

    def leave(self) -> None:
        """The screen is somebody else's from now on, until one of our own is taken again; nothing old is drawn then."""
        with self._lock:
            self._away = True
            self._before.clear()

    def take(self, output: str) -> bool:
        """Take what Textual sends. Whether the writer has to be called: he has not been since he last came."""
        with self._lock:
            if output in (SYNC_START, SYNC_END):
                self._marked = True
                return False
            if _HARMLESS.fullmatch(output) is not None or not self._picture.paint(output):
                self._pass_on(output)
            called, self._called = self._called, True
            return not called

    def _pass_on(self, output: str) -> None:
        self._before += [self._drawn(), output]
        if _ALTERNATE_OFF in output:
            self._away = True
        elif _ALTERNATE_ON in output:
            self._away = False
            self._picture.forget()
        elif _HARMLESS.fullmatch(output) is None:
            self._picture.forget()  # whatever it has done is drawn over

    def _drawn(self) -> str:
        drawn = "" if self._away else self._picture.due()
        return f"{SYNC_START}{drawn}{SYNC_END}" if len(drawn) > ONE_GO and self._marked else drawn

    def give(self) -> str:
        """All that has to be sent by now."""
        with self._lock:
            self._called = False
            given = "".join([*self._before, self._drawn()])
            self._before.clear()
            return given


class ShapedScreen(Screen[ReturnType]):
    """A screen that is drawn for the size of the terminal from its first picture on.

    Textual sets the classes of the breakpoints only when the first picture has gone out without them.
    """

    def on_compose(self) -> None:
        self.shape(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        self.shape(event.size)

    def shape(self, size: Size) -> None:
        """Set the classes that belong to that many columns and rows."""
        for bounds, room in ((self.HORIZONTAL_BREAKPOINTS, size.width), (self.VERTICAL_BREAKPOINTS, size.height)):
            fitting = max((bound for bound, _ in bounds or () if room >= bound), default=None)
            self.update_classes({name: bound == fitting for bound, name in bounds or ()}, animate=False)


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
