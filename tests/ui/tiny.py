"""The smallest program on our driver, started by the tests in a terminal of its own.

What it sees it writes, a line each, to the file descriptor named by `REPORT`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios

from pddtui.cli.desk import before_textual

before_textual(os.environ)

from textual import events  # noqa: E402 - the environment comes first
from textual.app import App, ComposeResult  # noqa: E402
from textual.widgets import Input, Static  # noqa: E402

from pddtui.ui import themes  # noqa: E402
from pddtui.ui.terminal import driver_class  # noqa: E402
from pddtui.ui.widgets.entries import LineField  # noqa: E402


def report(line: str) -> None:
    os.write(int(os.environ["REPORT"]), line.encode() + b"\n")


class Tiny(App[None]):
    def __init__(self) -> None:
        super().__init__(driver_class=None if os.environ.get("STOCK") else driver_class())
        themes.install(self)
        self.theme = os.environ.get("THEME", themes.DARK)

    def compose(self) -> ComposeResult:
        yield LineField(id="it")
        yield Static("[bold red]coloured[/]")

    def on_mount(self) -> None:
        self.query_one("#it").focus()
        self.call_after_refresh(report, "ready")

    def on_input_changed(self, event: Input.Changed) -> None:
        report(f"value {event.value}")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        report(f"mouse {event.x} {event.y}")


if __name__ == "__main__":
    fcntl.ioctl(2, termios.TIOCSCTTY, 0)
    if os.environ.get("HANGUP_IGNORED"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app = Tiny()
    app.run()
    sys.exit(app.return_code)
