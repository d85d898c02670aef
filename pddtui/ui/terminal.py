"""The terminal: taken for the desk, given back on every way out, and drawn on in a thread of its own.

Whatever ends the program, a key, a signal or a lost line, leaves the terminal as it was found; whatever stops it lets
it come back to a picture that is whole. What comes from the terminal is sorted out by `pddtui.ui.keyboard`, what goes
to it is made lean by `pddtui.ui.thrift`. Nothing here waits for somebody to read the screen.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import selectors
import signal
import sys
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Final

from rich import _wrap as rich_wrap
from textual import _wrap as textual_wrap
from textual import constants, events
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.events import MouseEvent
from textual.geometry import Size
from textual.message import Message

from pddtui.domain.text import pieces
from pddtui.errors import CannotWrite
from pddtui.message import msg
from pddtui.settings import Settings
from pddtui.speech import Speech
from pddtui.ui import themes
from pddtui.ui.keyboard import Keyboard, LegacyMouse, TerminalBackground
from pddtui.ui.notices import NoticeApp
from pddtui.ui.thrift import Outlet

__all__ = ["HUNG_UP", "SteadyApp", "break_lines_as_written", "can_tell", "driver_class", "fatal_signals"]

HUNG_UP: Final = 129
"""Exit code when the line is lost, as a shell gives it for SIGHUP (128 + 1)."""

MOUSE_ON: Final = "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"
MOUSE_OFF: Final = "\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l"
KITTY_KEYS: Final = 0b11001
"""Escape codes that are not ambiguous, for all keys, with the text that they type."""
TAKEN: Final = (
    "\x1b[?1049h"  # a screen of our own
    f"{MOUSE_ON}\x1b[?25l\x1b[?1004h"  # mouse, no cursor, focus
    + ("" if constants.DISABLE_KITTY_KEY else f"\x1b[>{KITTY_KEYS}u")
    + "\x1b[?2004h\x1b[?7l"  # brackets around a paste, no wrapping
)
ASKED: Final = "\x1b[?2026$p"
"""Whether the terminal can show a picture at once. Apple's writes a `p` for it."""
ASKED_BACKGROUND: Final = "\x1b]11;?\x1b\\"
"""What its background is."""
GIVEN_BACK: Final = (
    "\x1b\\\x1b[?2026l\x1b[0m"  # an end to whatever was being written
    f"\x1b[?2004l{MOUSE_OFF}\x1b[<u\x1b[?1004l\x1b[?7h\x1b[?1049l\x1b[?25h"
)

GRACE: Final = 3.0
"""Seconds in which the program closes by itself when it is told to end; then it ends as it is."""
UNREAD: Final = 1.0
"""Seconds that the last picture waits for a reader when the terminal is given back."""
ANSWER: Final = 2.0
"""Seconds in which the terminal may answer what its background is; nothing waits for it, and later it is dropped."""
LAST_WORD: Final = 0.2
"""Seconds that an answer is waited for when the terminal is given back, so that the shell does not get it as keys."""
PORTION, BREATH = 4096, 0.2
"""Bytes of one write, and seconds to wait for room for them: in between the writing can be broken off."""


def fatal_signals() -> list[signal.Signals]:
    """The signals that end a program unless it does something about them, but for faults of its own code."""
    names = "HUP INT QUIT TERM USR1 USR2 ALRM VTALRM PROF XCPU POLL PWR STKFLT TRAP SYS"
    known = [getattr(signal, f"SIG{name}", None) for name in names.split()]
    return [each for each in known if isinstance(each, signal.Signals)]


def driver_class() -> type[Driver] | None:
    """The driver for `App(driver_class=…)`; None where Textual's own choice stands (Windows, a browser)."""
    if constants.DRIVER is not None or sys.platform == "win32":
        return None
    return SteadyDriver


def break_lines_as_written() -> None:
    """Have Textual and Rich end a line anywhere in a run of Han, as `show.wrap` does.

    Both know only blanks: a notice, a question or a text being written left half of a line empty before a Chinese
    sentence, and began lines with a comma. There is no setting for it, so the function that cuts a text into words is
    replaced where both look for it. English is cut as before.
    """

    def words(text: str) -> Iterator[tuple[int, int, str]]:
        return ((start, end, text[start:end]) for start, end in pieces(text))

    for module, name in ((rich_wrap, "words"), (textual_wrap, "chunks")):
        setattr(module, name, words)


class SteadyApp(NoticeApp[ReturnType]):
    """A program that keeps its fault instead of printing it with all the values that were at hand."""

    def __init__(self, speech: Speech) -> None:
        super().__init__(driver_class=driver_class())
        break_lines_as_written()
        self.speech = speech
        self.fault: Exception | None = None
        """What ended the program, if something did that should not have happened."""
        self.follows_terminal = False
        """Whether the look is light or dark as the terminal is."""

    def _handle_exception(self, error: Exception) -> None:
        self.fault = self.fault or error
        if self._exception is None:  # the test frameworks of Textual raise it
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self._close_messages_no_wait()

    def wear(self, theme: str) -> None:
        """Put on a look; `auto` is the one that fits the terminal, which is asked. Raises `Refused` for an unknown one.

        Until it answers, and where it does not, the environment decides, and else it is the dark one.
        """
        chosen = themes.choose(theme, self.available_themes, themes.by_environment(os.environ))
        self.follows_terminal = theme == "auto" and not self.no_color and can_tell(os.environ)
        self.theme = chosen
        if self.follows_terminal and isinstance(self._driver, AskingDriver):
            self._driver.ask_background()

    def on_terminal_background(self, event: TerminalBackground) -> None:
        if self.follows_terminal:
            self.theme = themes.DARK if event.dark else themes.LIGHT

    async def keep_theme(self, theme: str) -> None:
        """Put on a theme; a program that keeps its settings keeps it too."""
        self.wear(theme)

    left_for = ""
    """Where the person went instead of ending the program, if anywhere."""

    def leave_for(self, where: str) -> None:
        """End, and have whoever ran this go there and come back."""
        self.left_for = where
        self.exit()

    def use_filters(self, filters: Mapping[str, str]) -> None:
        """Other filters are saved now."""

    def use_settings(self, settings: Settings) -> None:
        """Other settings are in force now: apply at once what can be."""

    def leave_mouse(self, left: bool) -> None:
        """Leave the mouse to the terminal, or take it back."""
        if self._driver is not None and not self._driver.is_headless:
            self._driver.write(MOUSE_OFF if left else MOUSE_ON)

    async def lend_terminal(self, command: Sequence[str]) -> int:
        """Give the terminal to another program until it ends, and return how it ended; `CannotWrite` without one.

        The desk goes on meanwhile, only unseen: what was begun is finished, and whatever ends the desk ends the other.
        """
        driver = self._driver
        if driver is None or not driver.can_suspend:
            raise CannotWrite(msg("There is no terminal here that another program could have."))
        with self.suspend():
            process = await asyncio.create_subprocess_exec(*command)
            try:
                return await process.wait()
            finally:
                if process.returncode is None:
                    process.terminate()

    def action_suspend_process(self) -> None:
        """Give the terminal to the shell, as Ctrl+Z does in a program that leaves it the keys."""
        alone = os.getsid(0) == os.getpid() or signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
        if alone or self._driver is None or not self._driver.can_suspend:
            self.decline(self.speech("There is no shell to go back to: the program was started without one."))
        else:
            os.kill(0, signal.SIGTSTP)  # with whatever started it, as the terminal would


def can_tell(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can be asked. The Linux console has no answer, and GNU screen none of its own."""
    term = environ.get("TERM", "")
    return term != "linux" and (not term.startswith("screen") or "TMUX" in environ)


class AskingDriver(Driver):
    """A driver that can ask the terminal for its background."""

    def ask_background(self) -> None:
        raise NotImplementedError


if sys.platform != "win32":
    import termios

    Handler = Callable[[int, FrameType | None], object] | signal.Handlers | int

    class _Writer(threading.Thread):
        """Writes to the terminal, so that nobody else has to wait for its reader."""

        def __init__(self, fileno: int, outlet: Outlet, lost: Callable[[], None]) -> None:
            """`lost` says that the terminal is gone."""
            super().__init__(name="terminal-output", daemon=True)
            self._fileno = fileno
            self._outlet = outlet
            self._lost = lost
            self._changed = threading.Condition()
            self._called = self._busy = self._held = self._closed = False

        def call(self) -> None:
            """Come for what the outlet has to give."""
            with self._changed:
                self._called = True
                self._changed.notify_all()

        def run(self) -> None:
            while (text := self._next()) is not None:
                left = memoryview(text.encode("utf-8", "replace"))
                try:
                    while left and not self._held:
                        if select.select((), (self._fileno,), (), BREATH)[1]:
                            left = left[os.write(self._fileno, left[:PORTION]) :]
                except OSError:
                    self.close()
                    self._lost()

        def _next(self) -> str | None:
            """What is to be written; None when that is over."""
            while True:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: (self._called and not self._held) or self._closed)
                    if self._closed:
                        return None
                    self._called, self._busy = False, True
                if text := self._outlet.give():
                    return text

        def idle(self, seconds: float) -> bool:
            """Wait until everything is written, but no longer than that; whether it is."""
            with self._changed:
                return self._changed.wait_for(lambda: not self._busy and (self._held or not self._called), seconds)

        def hold(self) -> None:
            """Write nothing until `go_on`, and leave off in the middle of what is being written."""
            with self._changed:
                self._held = True

        def go_on(self) -> None:
            with self._changed:
                self._held = False
                self._changed.notify_all()

        def close(self) -> None:
            """Write nothing more."""
            with self._changed:
                self._closed = self._held = True
                self._changed.notify_all()

    def never_waiting(terminal: int) -> int:
        """The terminal opened once more, so that a write does not wait for its reader; for nobody else."""
        try:
            return os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # it has no name here, as in a container that was entered from outside
            return os.dup(terminal)

    class SteadyDriver(AskingDriver):
        """Draws on standard output, which is the terminal; standard error may lead anywhere.

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
            self._in = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
            self._terminal = sys.__stdout__.fileno() if sys.__stdout__ is not None else 1
            self._size = size or self._size_now()
            self._out = -1
            self._found: list[int | list[bytes | int]] | None = None
            """How the terminal was set when the program began; None where it is no terminal."""
            self._outlet = Outlet()
            self._writer: _Writer | None = None
            self._reader: threading.Thread | None = None
            self._waker = -1
            self._handlers: dict[signal.Signals, Handler] = {}
            """What signals did before."""
            self._stopped = False
            """Whether the shell has the terminal for now."""
            self._lent = False
            """Whether a program that this one has started has it."""
            self._end: threading.Timer | None = None
            self._keyboard = Keyboard(constants.ESCAPE_DELAY)
            self._mouse_asked = False
            """Whether a terminal that sent a legacy report has been asked again for the modern ones."""

        @property
        def can_suspend(self) -> bool:
            return True

        # The screen

        def write(self, data: str) -> None:
            """Have the writer send it, without waiting for the line."""
            self._outlet.fit(self._app.size)
            if self._outlet.take(data) and self._writer is not None:
                self._writer.call()

        def start_application_mode(self) -> None:
            self._out = never_waiting(self._terminal)
            self._writer = _Writer(self._out, self._outlet, self._hang_up)
            self._writer.start()
            with suppress(termios.error):
                self._found = self._found or termios.tcgetattr(self._in)
            self._catch_signals()
            self._take_terminal()
            if isinstance(self._app, SteadyApp) and self._app.follows_terminal:
                self.ask_background()
            woken, self._waker = os.pipe()
            self._reader = threading.Thread(target=self._listen, args=(woken,), name="terminal-input", daemon=True)
            self._reader.start()
            self._send_size()

        def ask_background(self) -> None:
            self._keyboard.background_until = time.monotonic() + ANSWER
            self.write(ASKED_BACKGROUND)

        def suspend_application_mode(self) -> None:
            """Lend the terminal. Signals still come here, but for the keys that now are the other program's."""
            self._lent = True
            self.disable_input()
            self._leave_terminal()
            self._outlet.leave()
            self.close()

        def resume_application_mode(self) -> None:
            self._lent = False
            self.start_application_mode()

        def stop_application_mode(self) -> None:
            self.disable_input()
            self._leave_terminal()
            self._release_signals()

        def disable_input(self) -> None:
            if self._reader is not None:
                os.close(self._waker)
                if self._reader is not threading.current_thread():
                    self._reader.join()
                self._reader = None
                until = self._keyboard.background_until
                if until is not None and time.monotonic() < until and os.isatty(self._in):
                    select.select((self._in,), (), (), LAST_WORD)
                with suppress(termios.error):
                    termios.tcflush(self._in, termios.TCIFLUSH)

        def close(self) -> None:
            if self._end is not None:
                self._end.cancel()
            if self._writer is not None:
                self._writer.close()
                self._writer.join(UNREAD)
                self._writer = None
                os.close(self._out)
                self._out = -1

        def _take_terminal(self) -> None:
            if self._found is not None:
                raw = [*self._found]
                raw[0] = _bits(raw[0]) & ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
                raw[3] = _bits(raw[3]) & ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
                self._set(raw)
            if self._writer is not None:
                self._writer.go_on()
            self.write(TAKEN + ("" if os.environ.get("TERM_PROGRAM") == "Apple_Terminal" else ASKED))
            if self._writer is not None:
                self._writer.call()  # what was drawn while another had the terminal has called him in vain

        def _leave_terminal(self) -> None:
            """Give the terminal back: written by whoever calls, because the writer may wait for a reader."""
            writer = self._writer
            if writer is not None:
                read = writer.idle(UNREAD)
                writer.hold()
                if not read:
                    with suppress(termios.error):
                        termios.tcflush(self._out, termios.TCOFLUSH)
                    writer.idle(UNREAD)
            if not self._lent or writer is not None:  # else it has been given back already
                with suppress(OSError):
                    os.write(self._out, GIVEN_BACK.encode())
            if self._found is not None:
                self._set(self._found)

        def _set(self, attributes: list[int | list[bytes | int]]) -> None:
            """In the background this stops the program until it is in the foreground again."""
            while True:
                try:
                    termios.tcsetattr(self._in, termios.TCSANOW, attributes)
                except termios.error as error:
                    if error.args[0] == errno.EINTR:
                        continue
                return

        def _send_size(self) -> None:
            size = Size(*self._size_now())
            self.send_message(events.Resize(size, size))

        def _size_now(self) -> tuple[int, int]:
            """Columns and lines, as the terminal itself has them; the environment may be of another one."""
            for fileno in (self._terminal, self._in):
                with suppress(OSError):
                    size = os.get_terminal_size(fileno)
                    if size.columns and size.lines:
                        return size.columns, size.lines
            return 80, 25

        def _from_thread(self, call: Callable[[], object]) -> Callable[[], None]:
            """The call as any thread and any signal may make it."""

            def soon() -> None:
                with suppress(RuntimeError):  # the loop has ended
                    self._loop.call_soon_threadsafe(call)

            return soon

        # Signals

        def _catch_signals(self) -> None:
            handlers: dict[signal.Signals, Handler] = {
                **dict.fromkeys(fatal_signals(), self._told_to_end),
                signal.SIGTSTP: self._told_to_stop,
                signal.SIGCONT: self._continued,
                signal.SIGWINCH: self._resized,
            }
            for number, handler in handlers.items():
                if number in self._handlers:  # they were left in force while the terminal was lent
                    continue
                before = signal.getsignal(number)
                if before is not signal.SIG_IGN:  # whoever started the program wants it so
                    self._handlers[number] = before if before is not None else signal.SIG_DFL
                    signal.signal(number, handler)

        def _release_signals(self) -> None:
            while self._handlers:
                signal.signal(*self._handlers.popitem())

        def _told_to_end(self, number: int, _: FrameType | None) -> None:
            if self._lent and number in (signal.SIGINT, signal.SIGQUIT):
                return  # a key that was pressed in the other program
            self._close_app(128 + number)

        def _hang_up(self) -> None:
            self._close_app(HUNG_UP)

        def _close_app(self, code: int) -> None:
            """End in good order, and if that takes too long, in what order there is."""
            if self._end is None:
                self._end = threading.Timer(GRACE, self._end_now, (code,))
                self._end.daemon = True
                self._end.start()
                self._from_thread(lambda: self._app.exit(return_code=code))()

        def _end_now(self, code: int) -> None:
            self._leave_terminal()
            os._exit(code)

        def _told_to_stop(self, *_: object) -> None:
            """Stop, and come back when the shell says so.

            Where no shell could say so the system does not stop a program.
            """
            ours = self._auto_restart  # else another program has the terminal, which this one started
            if ours:
                self._leave_terminal()
            self._stopped = True
            handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, handler)
            if self._stopped:
                self._continued()

        def _continued(self, *_: object) -> None:
            """The shell may have used the terminal, and its window may be another one."""
            self._stopped = False
            self._from_thread(self._come_back)()

        def _come_back(self) -> None:
            if self._auto_restart and self._writer is not None:
                self._take_terminal()
                self._send_size()
                self._app.refresh(layout=True)

        def _resized(self, *_: object) -> None:
            self._from_thread(self._send_size)()

        # Input

        def _listen(self, woken: int) -> None:
            try:
                self._take_in(woken)
            except Exception as error:  # noqa: BLE001 -- without this thread no key would work: the program ends
                self._from_thread(partial(self._app._handle_exception, error))()
            finally:
                os.close(woken)

        def _take_in(self, woken: int) -> None:
            decode = getincrementaldecoder("utf-8")(errors="replace").decode
            legacy, keyboard = LegacyMouse(), self._keyboard
            with selectors.SelectSelector() as selector:
                selector.register(self._in, selectors.EVENT_READ)
                selector.register(woken, selectors.EVENT_READ)
                while True:
                    due = keyboard.deadline
                    ready = selector.select(None if due is None else max(0.0, due - time.monotonic()))
                    if any(key.fd == woken for key, _ in ready):
                        break
                    if ready:
                        chunk = self._read()
                        if not chunk:
                            self._hang_up()
                            break
                        found = keyboard.feed(decode(legacy.sift(chunk)), time.monotonic())
                    else:
                        found = keyboard.rest(time.monotonic())
                    if legacy.found and not self._mouse_asked:
                        self._mouse_asked = True
                        self.write(MOUSE_ON)
                    legacy.found = 0
                    for message in found:
                        self.process_message(message)

        def _read(self) -> bytes:
            """What has come; empty at the end of the line."""
            try:
                return os.read(self._in, 4096)
            except OSError:
                return b""

        def process_message(self, message: Message) -> None:
            if isinstance(message, MouseEvent):
                self._mouse_asked = False
            super().process_message(message)

    def _bits(value: int | list[bytes | int]) -> int:
        return value if isinstance(value, int) else 0
