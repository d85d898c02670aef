"""What comes from the terminal: pastes, odd bytes, and its end. What goes to it is made lean by `pddtui.ui.thrift`.

Input that is no UTF-8 or no key is dropped or replaced instead of ending the program (textual#6456, textual#6668); a
paste is taken whole; a line that is lost ends the program at once, with everything acknowledged on disk.
"""

from __future__ import annotations

import io
import os
import selectors
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NoReturn

from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.events import MouseEvent, Paste
from textual.message import Message

from pddtui.ui.thrift import trim_styles

__all__ = ["HUNG_UP", "LegacyMouse", "Pastes", "driver_class"]


class Pastes:
    """Takes the input of a terminal in pieces, as it comes, and cuts the pastes out of it.

    Textual's parser lets go of the brackets around a paste at the first control sequence inside: what stands behind it
    is typed, and on the desk each letter of it acts. Here a paste is whatever stands between the brackets.
    """

    START: Final = "\x1b[200~"
    END: Final = "\x1b[201~"

    def __init__(self) -> None:
        self.inside = False
        """Whether the last piece ended within a paste. Keys handed over before may end in the half of a bracket."""
        self._before = ""
        """The end of what was handed over as keys, if a bracket may begin in it."""
        self._pasted = ""

    def cut(self, text: str) -> Iterator[str | Paste]:
        """Keys as text, and pastes, in the order in which they came."""
        while text:
            if self.inside:
                known = len(self._pasted)
                self._pasted += text
                end = self._pasted.find(self.END, max(0, known - len(self.END) + 1))
                if end < 0:
                    return
                text = self._pasted[end + len(self.END) :]
                pasted, self._pasted, self.inside = self._pasted[:end], "", False
                yield Paste(pasted)
                continue
            joined = self._before + text
            start = joined.find(self.START)
            self.inside = start >= 0
            keys = joined[len(self._before) : start] if self.inside else text
            text = joined[start + len(self.START) :] if self.inside else ""
            self._before = "" if self.inside else _half(joined, self.START)
            yield keys


def _half(text: str, bracket: str) -> str:
    """The longest end of `text` with which `bracket` begins."""
    return next((bracket[:n] for n in range(len(bracket) - 1, 0, -1) if text.endswith(bracket[:n])), "")


HUNG_UP: Final = 129
"""Exit code when the line is lost, as a shell gives it for SIGHUP (128 + 1)."""

RESTORE_TERMINAL: Final = b"\x1b[?2004l\x1b[?1000;1003;1006;1015l\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Paste brackets, mouse, kitty keys, alternate screen off; line wrap and cursor on."""


def driver_class() -> type[Driver] | None:
    """The driver for `App(driver_class=…)`; None where Textual's own choice stands (Windows, a browser)."""
    if constants.DRIVER is not None or sys.platform == "win32":
        return None
    return SteadyDriver


class LegacyMouse:
    """Finds mouse reports in the encoding of 1986: `ESC [ M` and three raw bytes, which are no UTF-8.

    A terminal that was rebuilt under the program (tmux reattached, a window reloaded) forgets the encoding it was
    asked for and sends these. Their three bytes are replaced by harmless ones, so that the parser knows the report
    and drops it; it does not take them for keys. Reports may be split between reads.
    """

    START: Final = b"\x1b[M"

    def __init__(self) -> None:
        self.found = 0
        """Reports seen so far."""
        self._matched = 0
        self._left = 0

    def sift(self, chunk: bytes) -> bytes:
        if not self._left and not self._matched and self.START[:1] not in chunk:
            return chunk
        sifted = bytearray(chunk)
        for place, byte in enumerate(chunk):
            if self._left:
                sifted[place] = 0x21
                self._left -= 1
            elif byte == self.START[self._matched]:
                self._matched += 1
                if self._matched == len(self.START):
                    self._matched, self._left, self.found = 0, 3, self.found + 1
            else:
                self._matched = 1 if byte == self.START[0] else 0
        return bytes(sifted)


if sys.platform != "win32":
    import termios

    from textual.drivers.linux_driver import LinuxDriver

    class _Tty(io.TextIOWrapper):
        """The terminal to write to; when it is gone the program ends.

        Textual writes in a thread of its own, whose silent death would leave the program waiting on a full queue.
        """

        def __init__(self, fileno: int, lost: Callable[[], None]) -> None:
            buffer = io.BufferedWriter(io.FileIO(fileno, "w", closefd=False))
            super().__init__(buffer, encoding="utf-8", errors="replace")
            self._lost = lost

        def write(self, text: str, /) -> int:
            try:
                return super().write(text)
            except OSError:
                self._lost()
                raise

        def flush(self) -> None:
            try:
                super().flush()
            except OSError:
                self._lost()

    class SteadyDriver(LinuxDriver):
        """Textual's driver with an input loop that nothing typed can end and that ends with its line.

        It wakes for input only, so that an idle program is idle and quitting does not wait for a time-out.
        """

        def __init__(
            self,
            app: App[object],
            *,
            debug: bool = False,
            mouse: bool = True,
            size: tuple[int, int] | None = None,
        ) -> None:
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            if self._file is not None:
                self._file = _Tty(self._file.fileno(), self._hang_up)
            self._woken, self._waker = os.pipe()
            self._parser = XTermParser(debug)
            self._pastes = Pastes()
            self._mouse_asked = False
            """Whether a terminal that sent a legacy report has been asked again for the modern ones."""

        def run_input_thread(self) -> None:
            decode = getincrementaldecoder("utf-8")(errors="replace").decode
            legacy = LegacyMouse()
            self._parser = XTermParser(self._debug)
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    waiting = self._parser._timeout_time is not None
                    for key, _ in selector.select(constants.ESCAPE_DELAY if waiting else None):
                        if key.fd == self._woken:
                            os.read(self._woken, 1)
                        else:
                            self._take(decode(legacy.sift(self._read())), legacy)
                    for message in self._parser.tick():
                        self.process_message(message)

        def write(self, data: str) -> None:
            super().write(trim_styles(data))

        def _read(self) -> bytes:
            """What has been typed; never empty, because the end of the input is the end of the program."""
            try:
                chunk = os.read(self.fileno, 4096)
            except OSError:
                self._hang_up()
            if not chunk:
                self._hang_up()
            return chunk

        def _take(self, text: str, legacy: LegacyMouse) -> None:
            if legacy.found and not self._mouse_asked:
                self._mouse_asked = True
                self._enable_mouse_support()
            legacy.found = 0
            for message in self._messages(text):
                self.process_message(message)

        def _messages(self, text: str) -> Iterator[Message]:
            """What `text` means. A sequence whose numbers are no key and no place breaks the parser, and is dropped."""
            for piece in self._pastes.cut(text):
                if isinstance(piece, Paste):
                    yield piece
                    continue
                for char in piece:
                    try:
                        yield from self._parser.feed(char)
                    except (ValueError, ArithmeticError, LookupError):
                        self._forget_half_sequence()
                if self._pastes.inside:
                    self._forget_half_sequence()

        def _forget_half_sequence(self) -> None:
            fresh = XTermParser(self._debug)
            fresh.mouse_pixels = self._parser.mouse_pixels
            fresh.terminal_size = self._parser.terminal_size
            fresh.terminal_pixel_size = self._parser.terminal_pixel_size
            self._parser = fresh

        def process_message(self, message: Message) -> None:
            if isinstance(message, MouseEvent):
                self._mouse_asked = False
            super().process_message(message)

        def disable_input(self) -> None:
            if self._key_thread is not None and self._key_thread.is_alive() and not self.exit_event.is_set():
                self.exit_event.set()
                os.write(self._waker, b"\0")
                self._key_thread.join()
                self.exit_event.clear()
            super().disable_input()

        def close(self) -> None:
            super().close()
            os.close(self._woken)
            os.close(self._waker)

        def _hang_up(self) -> NoReturn:
            """End here and now, in whichever thread: the loop may already wait for a terminal that is gone."""
            with suppress(OSError):
                os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, RESTORE_TERMINAL)
            if self.attrs_before is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            os._exit(HUNG_UP)
