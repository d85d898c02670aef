"""Notices: one at a time, where nobody is typing, refusals in their colour; Escape takes a notice away.

What comes of one key press is said one after the other; with the next key only the news of that key counts. A notice
stands over the foot of the screen, or at its head while a field in the lower half is being typed in. A refusal is said
again where the screen has a line for it, and stays there until something else happens.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from textual import events
from textual.app import App, ReturnType, ScreenStackError
from textual.notifications import Notification
from textual.widgets import Input, TextArea

from pddtui.ui.thrift import ShapedScreen

__all__ = ["NoticeApp", "NoticeScreen"]

_Severity = Literal["information", "warning", "error"]

_AT_HEAD = "-notice-at-head"


class _Waiting(Struct, frozen=True):
    """A notice that comes after the one that stands."""

    words: str
    severity: _Severity
    seconds: float | None


class NoticeScreen(ShapedScreen[ReturnType]):
    """A screen whose notices keep out of the way of typing."""

    def repeat(self, refusal: str) -> None:
        """Say a refusal where it stays for a while; "" takes it away."""

    def tell(self, words: str) -> None:
        """Say what was done."""
        self.app.notify(words, markup=False)

    def warn(self, words: str) -> None:
        """Say what should be known."""
        self.app.notify(words, severity="warning", markup=False)

    def decline(self, words: str) -> None:
        """Say why something was not done."""
        self.app.notify(words, severity="error", markup=False)

    def on_screen_suspend(self) -> None:
        """What was refused before another screen is opened is old news when one comes back."""
        self.repeat("")

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self.place_notices)

    def place_notices(self) -> None:
        """Have notices at the head of the screen while somebody types in its lower half, else at its foot."""
        typing = self.focused
        low = isinstance(typing, Input | TextArea) and 2 * typing.region.y + typing.region.height > self.size.height
        self.set_class(low, _AT_HEAD)


class NoticeApp(App[ReturnType]):
    """A program with one notice at a time."""

    _presses = 0
    """How many keys were pressed."""
    _said_at = -1
    """After how many of them the notice that stands was given."""
    _waiting: tuple[_Waiting, ...] = ()
    cleared_one = False
    """Whether the last Escape took a notice away: then it need not say that it did nothing."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: _Severity = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        if len(self._notifications) and self._said_at == self._presses:
            if message not in [
                *(each.message for each in self._notifications),
                *(each.words for each in self._waiting),
            ]:
                self._waiting += (_Waiting(message, severity, timeout),)
            return
        self._waiting = ()
        self._say(message, title, severity, timeout, markup=markup)

    def _say(self, message: str, title: str, severity: _Severity, timeout: float | None, *, markup: bool) -> None:
        self._notifications.clear()
        self._said_at = self._presses
        if (screen := self._notice_screen) is not None:
            screen.place_notices()
            screen.repeat(message if severity == "error" else "")
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def _unnotify(self, notification: Notification, refresh: bool = True) -> None:
        super()._unnotify(notification, refresh)
        self._next()

    def _next(self) -> None:
        if self._waiting and not len(self._notifications):
            first, *rest = self._waiting
            self._waiting = tuple(rest)
            self._say(first.words, "", first.severity, first.seconds, markup=False)

    def tell(self, words: str) -> None:
        """Say what was done."""
        self.notify(words)

    def warn(self, words: str, seconds: float | None = None) -> None:
        """Say what should be known."""
        self.notify(words, severity="warning", timeout=seconds)

    def decline(self, words: str) -> None:
        """Say why something was not done."""
        self.notify(words, severity="error")

    @property
    def _notice_screen(self) -> NoticeScreen[object] | None:
        try:
            screen = self.screen
        except ScreenStackError:
            return None
        return screen if isinstance(screen, NoticeScreen) else None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._presses += 1
            if event.key == "escape":
                self._clear()
        await super().on_event(event)

    def _clear(self) -> None:
        self.cleared_one = bool(len(self._notifications))
        if self.cleared_one:
            self.clear_notifications()
            self._next()
        if not len(self._notifications) and (screen := self._notice_screen) is not None:
            screen.repeat("")
