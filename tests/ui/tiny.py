"""The smallest program on our driver, started by the tests in a terminal of its own.

What it sees it writes, a line each, to the file descriptor named by `REPORT`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
from typing import ClassVar
from zoneinfo import ZoneInfo

from pddtui.cli.desk import before_textual

before_textual(os.environ)

from textual import events  # noqa: E402 - the environment comes first
from textual.app import App, ComposeResult  # noqa: E402
from textual.binding import Binding, BindingType  # noqa: E402
from textual.widgets import Input, Static  # noqa: E402

from pddtui.speech import Speech  # noqa: E402
from pddtui.ui import themes  # noqa: E402
from pddtui.ui.terminal import SteadyApp  # noqa: E402
from pddtui.ui.widgets.entries import LineField  # noqa: E402


def report(line: str) -> None:
    os.write(int(os.environ["REPORT"]), line.encode() + b"\n")


class Shown(App[None]):
    """A line to type into."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "suspend_process")]

    def compose(self) -> ComposeResult:
        yield LineField(id="it")
        yield Static("[bold red]coloured[/]")

    def on_mount(self) -> None:
        themes.install(self)
        self.theme = os.environ.get("THEME", themes.DARK)
        self.query_one("#it").focus()
        self.call_after_refresh(self.begun)

    def begun(self) -> None:
        report("ready")
        if os.environ.get("FLOOD"):
            self.copy_to_clipboard("more than a line takes that nobody reads" * 10_000)
            report("flooded")

    def on_input_changed(self, event: Input.Changed) -> None:
        report(f"value {event.value}")

    def on_resize(self, event: events.Resize) -> None:
        report(f"resized {event.size.width}")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        report(f"mouse {event.x} {event.y}")


class Tiny(Shown, SteadyApp[None]):
    """On our driver; the other one is on Textual's."""


if __name__ == "__main__":
    if "STOPPABLE" not in os.environ:
        fcntl.ioctl(1, termios.TIOCSCTTY, 0)
    if os.environ.get("HANGUP_IGNORED"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app = Shown() if os.environ.get("STOCK") else Tiny(Speech("en", ZoneInfo("Asia/Shanghai")))
    app.run()
    sys.exit(app.return_code)
